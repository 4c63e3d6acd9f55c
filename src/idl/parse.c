/* SPDX-License-Identifier: MIT */
/*
 * The parser: definitions and programs by recursive descent (declarations are
 * in declaration.c). After a mistake it goes on behind the next ';', so that a
 * file shows all of them in one run.
 */
#include "idl/parser.h"

#include <stdio.h>
#include <string.h>

#include "idl/doc.h"
#include "idl/mem.h"

const struct fy_token *
fy_parser_peek(const struct fy_parser *p, size_t ahead)
{
	size_t last = p->stream->tokens.n - 1;

	return &p->stream->tokens.list[ahead > last - p->at ? last
							    : p->at + ahead];
}

bool
fy_parser_at_word(const struct fy_parser *p, const char *word)
{
	const struct fy_token *token = fy_parser_peek(p, 0);

	return token->kind == FY_TOKEN_NAME && ferry_str_eq(token->text, word);
}

bool
fy_parser_at(const struct fy_parser *p, char c)
{
	return fy_parser_peek(p, 0)->kind == c;
}

bool
fy_parser_accept_word(struct fy_parser *p, const char *word)
{
	bool there = fy_parser_at_word(p, word);

	p->at += there;
	return there;
}

bool
fy_parser_accept(struct fy_parser *p, char c)
{
	bool there = fy_parser_at(p, c);

	p->at += there;
	return there;
}

struct fy_message *
fy_parser_unexpected(struct fy_parser *p, const char *what)
{
	const struct fy_token *token = fy_parser_peek(p, 0);
	struct fy_message *message;

	if (token->kind == FY_TOKEN_END)
		return fy_diag_error(p->diag, &token->at,
				     "expected %s, but the file ends here",
				     what);
	message = fy_diag_error(p->diag, &token->at,
				"expected %s, not '%.*s'", what,
				(int)token->text.len, token->text.data);
	fy_words_hint(p->diag, message, token);
	return message;
}

static struct fy_message *
missing(struct fy_parser *p, char c, const char *after)
{
	const struct fy_token *token = fy_parser_peek(p, 0);
	const struct fy_token *before = p->at > 0 ? token - 1 : token;
	struct fy_span at = before->at;
	char what[100];

	snprintf(what, sizeof(what), "'%c' after %s", c, after);
	if (token->kind != FY_TOKEN_END &&
	    token->at.place.line == at.place.line)
		return fy_parser_unexpected(p, what);
	/* What is missing at the end of a line is missing there. */
	at.place.column += at.len;
	at.len = 1;
	return fy_diag_error(p->diag, &at, "expected %s", what);
}

bool
fy_parser_expect(struct fy_parser *p, char c, const char *after)
{
	if (fy_parser_accept(p, c))
		return true;
	missing(p, c, after);
	return false;
}

void *
fy_parser_new(struct fy_parser *p, size_t bytes)
{
	void *at = fy_new(p->mem, bytes);

	if (!at)
		p->err = FERRY_ENOMEM;
	return at;
}

static const char *
copy_text(struct fy_parser *p, struct ferry_str text)
{
	const char *copy = fy_text(p->mem, text.data, text.len);

	if (!copy)
		p->err = FERRY_ENOMEM;
	return copy;
}

bool
fy_parser_name(struct fy_parser *p, const char *what, struct fy_ast_name *out)
{
	const struct fy_token *token = fy_parser_peek(p, 0);

	if (token->kind != FY_TOKEN_NAME) {
		fy_parser_unexpected(p, what);
		return false;
	}
	if (fy_words_has(token->text)) {
		fy_diag_hint(p->diag, fy_parser_unexpected(p, what),
			     "'%.*s' is a word of the language and cannot be "
			     "a name", (int)token->text.len, token->text.data);
		return false;
	}
	out->text = copy_text(p, token->text);
	out->at = token->at;
	p->at++;
	return out->text;
}

/* A word at the margin, with a name behind it: no type declared in place. */
static bool
begins_definition(const struct fy_parser *p)
{
	const struct fy_token *token = fy_parser_peek(p, 0);

	return token->kind == FY_TOKEN_NAME && token->at.place.column == 1 &&
	       fy_words_begin(token->text) &&
	       fy_parser_peek(p, 1)->kind == FY_TOKEN_NAME;
}

/* How many braces were opened since token @from. */
static size_t
open_braces(const struct fy_parser *p, size_t from)
{
	size_t n = 0;

	for (size_t i = from; i < p->at; i++) {
		int kind = p->stream->tokens.list[i].kind;

		if (kind == '{')
			n++;
		else if (kind == '}' && n > 0)
			n--;
	}
	return n;
}

/* Nothing begins with it: so the ';' before it was no end. */
static bool
goes_on(const struct fy_token *token)
{
	return token->kind > 0 && token->kind < FY_TOKEN_NAME &&
	       strchr("])>,=", token->kind);
}

/* p->lost: there was no end of what began at token @from to be found. */
static void
skip_broken(struct fy_parser *p, size_t from)
{
	size_t n_open = open_braces(p, from);

	while (!p->lost) {
		const struct fy_token *token = fy_parser_peek(p, 0);

		if (token->kind == FY_TOKEN_END ||
		    (begins_definition(p) && p->at > from)) {
			p->lost = true;
			return;
		}
		if (token->kind == '}' && n_open == 0)
			return;
		p->at++;
		if (token->kind == '{')
			n_open++;
		else if (token->kind == '}')
			n_open--;
		else if (token->kind == ';' && n_open == 0 &&
			 !goes_on(token + 1))
			return;
	}
}

bool
fy_parser_recover(struct fy_parser *p, size_t from)
{
	if (!p->err)
		skip_broken(p, from);
	return !p->err && !p->lost;
}

const char *
fy_parser_doc(struct fy_parser *p, size_t from, const char *otherwise)
{
	size_t last = p->at > from ? p->at - 1 : from;
	const char *doc;
	ferry_err err = fy_doc_of(p->stream, from, last, p->mem, &doc);

	if (err)
		p->err = err;
	return doc ? doc : otherwise;
}

/* ';' where something could stand is an empty something. */
static void
skip_semicolons(struct fy_parser *p)
{
	while (fy_parser_at(p, ';')) {
		fy_diag_warn(p->diag, FY_WARN_EXTRA_SEMICOLON,
			     &fy_parser_peek(p, 0)->at,
			     "there is nothing before this ';'");
		p->at++;
	}
}

bool
fy_parser_end(struct fy_parser *p)
{
	skip_semicolons(p);
	return fy_parser_accept(p, '}');
}

/* A text that ends with its line was reported. */
static bool
is_closed(const struct fy_token *token)
{
	return token->text.len > 1 &&
	       token->text.data[token->text.len - 1] == '"';
}

static bool
parse_const(struct fy_parser *p, struct fy_ast_def *def)
{
	struct fy_ast_constant *constant = fy_parser_new(p, sizeof(*constant));
	const struct fy_token *token;

	def->kind = FY_AST_CONST;
	if (!constant || !fy_parser_name(p, "the constant's name", &def->name))
		return false;
	def->constant = constant;
	constant->name = def->name;
	constant->def = def;
	if (!fy_parser_expect(p, '=', "the constant's name"))
		return false;
	token = fy_parser_peek(p, 0);
	if (token->kind == FY_TOKEN_TEXT && !is_closed(token))
		return false;
	if (token->kind == FY_TOKEN_TEXT) {
		fy_diag_warn(p->diag, FY_WARN_TEXT_CONSTANT, &token->at,
			     "a constant of the RFC is a number, not a text");
		constant->value.kind = FY_AST_TEXT;
		constant->value.at = token->at;
		constant->value.spelled = copy_text(p, token->text);
		p->at++;
		return constant->value.spelled;
	}
	return fy_parser_value(p, "a number, a constant's name or a text",
			       &constant->value);
}

static bool
parse_named_body(struct fy_parser *p, struct fy_ast_def *def, enum fy_kind kind)
{
	const char *what = kind == FY_KIND_ENUM	    ? "the enum's name"
			   : kind == FY_KIND_STRUCT ? "the struct's name"
						    : "the union's name";

	def->kind = FY_AST_TYPE;
	if (!fy_parser_name(p, what, &def->name))
		return false;
	def->body = fy_parser_body(p, kind);
	return def->body;
}

static bool
parse_struct(struct fy_parser *p, struct fy_ast_def *def)
{
	return parse_named_body(p, def, FY_KIND_STRUCT);
}

static bool
parse_union(struct fy_parser *p, struct fy_ast_def *def)
{
	return parse_named_body(p, def, FY_KIND_UNION);
}

static bool
parse_enum(struct fy_parser *p, struct fy_ast_def *def)
{
	return parse_named_body(p, def, FY_KIND_ENUM);
}

/* RFC 4506 section 4.18: typedef of a body is another way to name it. */
static bool
parse_typedef(struct fy_parser *p, struct fy_ast_def *def)
{
	struct fy_ast_decl *decl = fy_parser_new(p, sizeof(*decl));

	def->kind = FY_AST_TYPEDEF;
	if (!decl)
		return false;
	if (!fy_parser_typedef(p, decl)) {
		/* typedef struct x { ... } x: others will want an x. */
		def->name = decl->name.text ? decl->name : decl->type.name;
		return false;
	}
	if (decl->shape == FY_AST_VOID) {
		fy_diag_error(p->diag, &decl->at,
			      "void is no type that could be named");
		return false;
	}
	def->name = decl->name;
	def->decl = decl;
	if (decl->shape == FY_AST_PLAIN && decl->type.kind == FY_AST_BODY) {
		def->kind = FY_AST_TYPE;
		def->body = decl->type.body;
	}
	return true;
}

/*
 * Of several arguments rpcgen's C sends a pointer as the RFC's optional data,
 * of a single one what it points at.
 */
static void
warn_of_pointers(struct fy_parser *p, struct fy_ast_procedure *procedure)
{
	struct fy_ast_decl *arg = procedure->args;

	if (procedure->n_args == 1 && arg->shape == FY_AST_OPTIONAL) {
		arg->shape = FY_AST_PLAIN;
		fy_diag_warn(p->diag, FY_WARN_POINTER_ARGUMENT, &arg->at,
			     "the RFC has no pointer as an argument: rpcgen "
			     "sends what this one points at");
		return;
	}
	for (; arg; arg = arg->next) {
		if (arg->shape == FY_AST_OPTIONAL)
			fy_diag_warn(p->diag, FY_WARN_POINTER_ARGUMENT,
				     &arg->at,
				     "the RFC has no pointer as an argument: "
				     "this is one that may be missing");
	}
}

static bool
parse_args(struct fy_parser *p, struct fy_ast_procedure *procedure)
{
	struct fy_ast_decl **tail = &procedure->args;

	if (fy_parser_at(p, ')')) {
		fy_diag_warn(p->diag, FY_WARN_EMPTY_ARGUMENTS,
			     &fy_parser_peek(p, 0)[-1].at,
			     "the RFC writes (void) where there are no "
			     "arguments");
		return true;
	}
	if (fy_parser_at_word(p, "void") && fy_parser_peek(p, 1)->kind == ')') {
		p->at++;
		return true;
	}
	do {
		struct fy_ast_decl *arg = fy_parser_new(p, sizeof(*arg));

		if (!arg || !fy_parser_argument(p, arg))
			return false;
		if (arg->shape == FY_AST_VOID && arg->name.text &&
		    procedure->n_args == 0 && fy_parser_at(p, ')'))
			return true;
		if (arg->shape == FY_AST_VOID) {
			fy_diag_error(p->diag, &arg->at,
				      "void stands alone or not at all");
			return false;
		}
		*tail = arg;
		tail = &arg->next;
		procedure->n_args++;
	} while (fy_parser_accept(p, ','));
	warn_of_pointers(p, procedure);
	return true;
}

/* "= 1". @what: "procedure"; @after: behind what it stands */
static bool
parse_number(struct fy_parser *p, const char *what, const char *after,
	     struct fy_ast_value *out)
{
	char number[40];

	if (!fy_parser_accept(p, '=')) {
		fy_diag_hint(p->diag, missing(p, '=', after),
			     "each %s has a number of its own: = 1;", what);
		return false;
	}
	snprintf(number, sizeof(number), "the %s's number", what);
	return fy_parser_value(p, number, out);
}

static bool
parse_procedure(struct fy_parser *p, struct fy_ast_procedure *procedure)
{
	size_t from = p->at;
	const char *doc = fy_parser_attributes(p);

	if (!fy_parser_result(p, &procedure->result) ||
	    !fy_parser_name(p, "the procedure's name", &procedure->name) ||
	    !fy_parser_expect(p, '(', "the procedure's name") ||
	    !parse_args(p, procedure) ||
	    !fy_parser_expect(p, ')', "the arguments") ||
	    !parse_number(p, "procedure", "the arguments",
			  &procedure->value) ||
	    !fy_parser_expect(p, ';', "the procedure's number"))
		return false;
	procedure->doc = fy_parser_doc(p, from, doc);
	return true;
}

/* @version is complete but for what was reported. */
static bool
parse_procedures(struct fy_parser *p, struct fy_ast_version *version)
{
	struct fy_ast_procedure **tail = &version->procedures;

	while (!fy_parser_end(p)) {
		size_t from = p->at;
		struct fy_ast_procedure *one = fy_parser_new(p, sizeof(*one));

		if (!one)
			return false;
		if (parse_procedure(p, one)) {
			*tail = one;
			tail = &one->next;
			version->n_procedures++;
			continue;
		}
		version->is_partial = true;
		if (!fy_parser_recover(p, from))
			return false;
	}
	return true;
}

static void
not_a_version(struct fy_parser *p)
{
	struct fy_message *message = fy_parser_unexpected(p,
							  "'version' or '}'");

	if (message && !message->hint)
		fy_diag_hint(p->diag, message,
			     "procedures stand in a version: version NAME { "
			     "... } = 1;");
}

static bool
parse_version(struct fy_parser *p, struct fy_ast_version *version)
{
	size_t from = p->at;
	const char *doc = fy_parser_attributes(p);

	if (!fy_parser_accept_word(p, "version")) {
		not_a_version(p);
		return false;
	}
	if (!fy_parser_name(p, "the version's name", &version->name) ||
	    !fy_parser_expect(p, '{', "the version's name") ||
	    !parse_procedures(p, version) ||
	    !parse_number(p, "version", "the version", &version->value) ||
	    !fy_parser_expect(p, ';', "the version's number"))
		return false;
	version->doc = fy_parser_doc(p, from, doc);
	return true;
}

static bool
parse_program(struct fy_parser *p, struct fy_ast_def *def)
{
	struct fy_ast_version **tail = &def->versions;

	def->kind = FY_AST_PROGRAM;
	if (!fy_parser_name(p, "the program's name", &def->name) ||
	    !fy_parser_expect(p, '{', "the program's name"))
		return false;
	while (!fy_parser_end(p)) {
		size_t from = p->at;
		struct fy_ast_version *one = fy_parser_new(p, sizeof(*one));

		if (!one)
			return false;
		if (parse_version(p, one)) {
			*tail = one;
			tail = &one->next;
			def->n_versions++;
			continue;
		}
		def->is_partial = true;
		if (!fy_parser_recover(p, from))
			return false;
	}
	return parse_number(p, "program", "the program", &def->number);
}

struct definition {
	const char *word;
	bool (*parse)(struct fy_parser *p, struct fy_ast_def *def);
	const char *what;
};

static const struct definition definitions[] = {
	{ "const", parse_const, "the constant" },
	{ "enum", parse_enum, "the enum" },
	{ "program", parse_program, "the program's number" },
	{ "struct", parse_struct, "the struct" },
	{ "typedef", parse_typedef, "the typedef" },
	{ "union", parse_union, "the union" },
};

static const struct definition *
find_definition(const struct fy_parser *p)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(definitions); i++) {
		if (fy_parser_at_word(p, definitions[i].word))
			return &definitions[i];
	}
	return NULL;
}

static void
not_a_definition(struct fy_parser *p)
{
	struct fy_message *message = fy_parser_unexpected(p, "a definition");

	if (message && !message->hint)
		fy_diag_hint(p->diag, message,
			     "a definition begins with const, enum, struct, "
			     "union, typedef or program");
}

/* "strcut name": others will want the name. */
static void
name_misspelt(struct fy_parser *p, struct fy_ast_def *def)
{
	const struct fy_token *word = fy_parser_peek(p, 0);
	const struct fy_token *name = fy_parser_peek(p, 1);

	if (word->kind != FY_TOKEN_NAME || name->kind != FY_TOKEN_NAME ||
	    !fy_words_like(word->text, fy_words_begin))
		return;
	def->name.text = copy_text(p, name->text);
	def->name.at = name->at;
}

/* What is left of a broken definition, and each '}' too many behind it. */
static void
skip_definition(struct fy_parser *p, size_t from)
{
	skip_broken(p, from);
	while (!p->open && p->at > from && fy_parser_accept(p, '}')) {
		if (fy_parser_at(p, '=') || fy_parser_at(p, ';'))
			skip_broken(p, p->at);
	}
}

/* One definition; a broken one is kept for its name. */
static void
parse_definition(struct fy_parser *p, struct fy_ast *ast)
{
	size_t from = p->at;
	const char *doc = fy_parser_attributes(p);
	const struct definition *definition = find_definition(p);
	struct fy_ast_def *def = fy_parser_new(p, sizeof(*def));
	bool good = false;

	if (!def)
		return;
	def->included = fy_parser_peek(p, 0)->included;
	if (definition) {
		p->at++;
		good = definition->parse(p, def) &&
		       fy_parser_expect(p, ';', definition->what);
	} else {
		not_a_definition(p);
		name_misspelt(p, def);
	}
	if (good) {
		def->doc = fy_parser_doc(p, from, doc);
	} else {
		def->kind = FY_AST_BROKEN;
		skip_definition(p, from);
	}
	def->last = p->at > 0 ? p->at - 1 : 0;
	if (def->name.text) {
		*ast->tail = def;
		ast->tail = &def->next;
	}
	/* A '}' too many stops recovery where it began. */
	if (p->at == from) {
		p->at++;
		fy_parser_accept(p, ';');
	}
	p->lost = false;
}

ferry_err
fy_parse(const struct fy_stream *stream, struct ferry_arena *mem,
	 struct fy_diag *diag, struct fy_ast *out)
{
	struct fy_parser p = { .mem = mem, .diag = diag, .stream = stream };

	*out = (struct fy_ast){ .defs = NULL };
	out->tail = &out->defs;
	for (;;) {
		skip_semicolons(&p);
		if (p.err || fy_parser_peek(&p, 0)->kind == FY_TOKEN_END)
			break;
		if (!fy_parser_dialect(&p))
			parse_definition(&p, out);
	}
	fy_parser_end_dialect(&p);
	return p.err ? p.err : diag->err;
}
