/* SPDX-License-Identifier: MIT */
/*
 * The parser's other half: types and declarations (RFC 4506 section 6.3), with
 * rpcgen's ways to write integers. Types that are declared in place nest, and
 * that is the only recursion; its depth is limited.
 */
#include "idl/parser.h"

#include <string.h>

#include "idl/doc.h"

#define MAX_DEPTH 64

struct basic {
	const char *word;
	enum fy_kind kind;
};

static const struct basic basics[] = {
	{ "int", FY_KIND_INT },	      { "hyper", FY_KIND_HYPER },
	{ "float", FY_KIND_FLOAT },   { "double", FY_KIND_DOUBLE },
	{ "bool", FY_KIND_BOOL },     { "quadruple", FY_KIND_QUADRUPLE },
};

static const struct basic unsigned_basics[] = {
	{ "int", FY_KIND_UINT },     { "hyper", FY_KIND_UHYPER },
	{ "char", FY_KIND_UCHAR },   { "short", FY_KIND_USHORT },
	{ "long", FY_KIND_UINT },
};

static const struct basic tags[] = {
	{ "struct", FY_KIND_STRUCT },
	{ "union", FY_KIND_UNION },
	{ "enum", FY_KIND_ENUM },
};

static const struct basic *
accept_basic(struct fy_parser *p, const struct basic *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fy_parser_accept_word(p, list[i].word))
			return &list[i];
	}
	return NULL;
}

/* "short int" is "short". */
static void
accept_int_after(struct fy_parser *p, const char *word)
{
	if (strcmp(word, "int") != 0)
		fy_parser_accept_word(p, "int");
}

static bool
refuse_long_long(struct fy_parser *p, const struct fy_ast_type *type)
{
	fy_diag_hint(p->diag,
		     fy_diag_error(p->diag, &type->at,
				   "'long long' is a type of C"),
		     "write hyper or unsigned hyper");
	return false;
}

static bool
parse_unsigned(struct fy_parser *p, struct fy_ast_type *out)
{
	const struct basic *basic = accept_basic(
		p, unsigned_basics, FY_ARRAY_LEN(unsigned_basics));

	out->kind = FY_AST_BASIC;
	out->basic = FY_KIND_UINT;
	if (!basic) {
		fy_diag_warn(p->diag, FY_WARN_BARE_UNSIGNED, &out->at,
			     "the RFC writes 'unsigned int'");
		return true;
	}
	out->basic = basic->kind;
	if (!fy_words_has(ferry_str_of(basic->word)))
		fy_diag_warn(p->diag, FY_WARN_C_TYPE, &out->at,
			     "'unsigned %s' is a type of C, not of the RFC",
			     basic->word);
	if (strcmp(basic->word, "long") == 0 && fy_parser_at_word(p, "long"))
		return refuse_long_long(p, out);
	accept_int_after(p, basic->word);
	return true;
}

/* At the margin it is no nested type: the definition before has no end. */
static bool
missing_brace(struct fy_parser *p, const struct fy_ast_type *type)
{
	fy_diag_hint(p->diag,
		     fy_diag_error(p->diag, &type->at,
				   "expected '}' before this definition"),
		     "is it missing at the end of the one above?");
	p->at -= 2;
	p->lost = true;
	return false;
}

/* In C one would write a typedef of it; here it is a type anyway. */
static void
hint_at_named_body(struct fy_parser *p, struct fy_message *message,
		   const struct fy_ast_type *type)
{
	const struct fy_token *list = p->stream->tokens.list;

	if (p->at > 2 && list[p->at - 3].kind == FY_TOKEN_NAME &&
	    ferry_str_eq(list[p->at - 3].text, "typedef"))
		fy_diag_hint(p->diag, message,
			     "leave out typedef: %.*s %s { ... }; names a type",
			     (int)list[p->at - 2].text.len,
			     list[p->at - 2].text.data, type->name.text);
	else
		fy_diag_hint(p->diag, message,
			     "a type that is declared in place has no name: "
			     "leave it out, or define the type on its own");
}

/* "struct foo", "struct { ... }", "union switch ..." */
static bool
parse_tagged(struct fy_parser *p, enum fy_kind tag, struct fy_ast_type *out)
{
	struct fy_message *message;

	if (fy_parser_at(p, '{') || fy_parser_at_word(p, "switch")) {
		out->kind = FY_AST_BODY;
		out->body = fy_parser_body(p, tag);
		return out->body;
	}
	out->kind = FY_AST_NAMED;
	out->tag = tag;
	if (!fy_parser_reference(p, "a type's name or '{'", &out->name))
		return false;
	if (out->at.place.column == 1 && fy_parser_at(p, '{'))
		return missing_brace(p, out);
	if (fy_parser_at(p, '{') || fy_parser_at_word(p, "switch")) {
		message = fy_diag_error(p->diag, &out->name.at,
					"a type with a name cannot be declared "
					"inside another declaration");
		hint_at_named_body(p, message, out);
		return false;
	}
	fy_diag_warn(p->diag, FY_WARN_TAGGED_TYPE, &out->at,
		     "the RFC names a type by its name alone");
	return true;
}

static bool
parse_named(struct fy_parser *p, struct fy_ast_type *out)
{
	out->kind = FY_AST_NAMED;
	out->tag = FY_KIND_VOID;
	if (!fy_parser_reference(p, "a type", &out->name))
		return false;
	if (strcmp(out->name.text, "long") == 0 &&
	    fy_parser_at_word(p, "long"))
		return refuse_long_long(p, out);
	if (strcmp(out->name.text, "short") == 0 ||
	    strcmp(out->name.text, "long") == 0)
		fy_parser_accept_word(p, "int");
	return true;
}

static bool
parse_type(struct fy_parser *p, struct fy_ast_type *out)
{
	const struct basic *basic;

	out->at = fy_parser_peek(p, 0)->at;
	if (fy_parser_accept_word(p, "unsigned"))
		return parse_unsigned(p, out);
	basic = accept_basic(p, basics, FY_ARRAY_LEN(basics));
	if (basic) {
		out->kind = FY_AST_BASIC;
		out->basic = basic->kind;
		accept_int_after(p, basic->word);
		return true;
	}
	basic = accept_basic(p, tags, FY_ARRAY_LEN(tags));
	if (basic)
		return parse_tagged(p, basic->kind, out);
	return parse_named(p, out);
}

/* "<8>", "<>" or "[8]" behind a name, as one of two shapes; none is PLAIN. */
static bool
parse_suffix(struct fy_parser *p, struct fy_ast_decl *out,
	     enum fy_ast_shape fixed, enum fy_ast_shape variable)
{
	bool good;

	if (fy_parser_accept(p, '[')) {
		out->shape = fixed;
		if (fy_parser_at(p, ']')) {
			fy_diag_hint(p->diag,
				     fy_parser_unexpected(
					     p, "the array's length"),
				     "an array of any length is %s<>",
				     out->name.text);
			return false;
		}
		return fy_parser_value(p, "the array's length", &out->bound) &&
		       fy_parser_expect(p, ']', "the array's length");
	}
	if (!fy_parser_accept(p, '<'))
		return true;
	out->shape = variable;
	if (fy_parser_accept(p, '>'))
		return true;
	p->in_bound = true;
	good = fy_parser_value(p, "the greatest length or '>'", &out->bound);
	p->in_bound = false;
	return good && fy_parser_expect(p, '>', "the greatest length");
}

/* "string name;", as if it were string<>. */
static void
warn_of_string(struct fy_parser *p, struct fy_ast_decl *out)
{
	out->shape = FY_AST_STRING;
	fy_diag_warn(p->diag, FY_WARN_STRING_BOUND, &out->name.at,
		     "the RFC writes %s<> for a string of any length",
		     out->name.text);
}

/* string and opaque have no meaning without their length. */
static bool
parse_counted(struct fy_parser *p, struct fy_ast_decl *out, bool is_string)
{
	const char *word = is_string ? "string" : "opaque";

	if (fy_parser_at(p, '*')) {
		fy_diag_error(p->diag, &fy_parser_peek(p, 0)->at,
			      "'*' cannot stand behind %s: name the type by a "
			      "typedef, and point at that", word);
		return false;
	}
	if (!out->name.text && !fy_parser_name(p, "a name", &out->name))
		return false;
	if (!parse_suffix(p, out, FY_AST_OPAQUE, FY_AST_BYTES))
		return false;
	if (out->shape == FY_AST_PLAIN && is_string)
		warn_of_string(p, out);
	if (out->shape == FY_AST_PLAIN) {
		fy_diag_hint(p->diag,
			     fy_diag_error(p->diag, &out->name.at,
					   "opaque needs a length behind its "
					   "name"),
			     "%s<> for any length, %s<8> for at most 8, %s[8] "
			     "for exactly 8", out->name.text, out->name.text,
			     out->name.text);
		return false;
	}
	if (is_string && out->shape == FY_AST_OPAQUE) {
		fy_diag_hint(p->diag,
			     fy_diag_error(p->diag, &out->name.at,
					   "a string has no fixed length"),
			     "use <...> for a greatest length, or opaque");
		return false;
	}
	if (is_string)
		out->shape = FY_AST_STRING;
	return true;
}

static bool
parse_pointer(struct fy_parser *p, struct fy_ast_decl *out)
{
	const struct fy_token *token;

	if (!fy_parser_name(p, "a name after '*'", &out->name))
		return false;
	out->shape = FY_AST_OPTIONAL;
	token = fy_parser_peek(p, 0);
	if (token->kind != '[' && token->kind != '<')
		return true;
	fy_diag_hint(p->diag,
		     fy_diag_error(p->diag, &token->at,
				   "'*' and '%c' cannot stand in one "
				   "declaration", token->kind),
		     "name one of the two by a typedef");
	return false;
}

static bool
refuse_dimension(struct fy_parser *p)
{
	const struct fy_token *token = fy_parser_peek(p, 0);

	if (token->kind != '[' && token->kind != '<')
		return true;
	fy_diag_hint(p->diag,
		     fy_diag_error(p->diag, &token->at,
				   "an array has one dimension"),
		     "name an array by a typedef, and make an array of that");
	return false;
}

/* What stands where a name should may show that the type is misspelt. */
static bool
parse_field_name(struct fy_parser *p, struct fy_ast_decl *out)
{
	const struct fy_token *token = fy_parser_peek(p, 0);
	struct fy_message *message;

	if (out->type.kind != FY_AST_NAMED ||
	    token->kind != FY_TOKEN_NAME || !fy_words_is_type(token->text))
		return fy_parser_name(p, "a name", &out->name);
	message = fy_parser_unexpected(p, "a name");
	fy_diag_hint(p->diag, message,
		     "'%.*s' is a word of the language and cannot be a name",
		     (int)token->text.len, token->text.data);
	fy_words_hint(p->diag, message, token - 1);
	return false;
}

/* @out may have its name already: of a typedef that is written backwards. */
static bool
parse_shape(struct fy_parser *p, struct fy_ast_decl *out)
{
	out->shape = FY_AST_PLAIN;
	if (fy_parser_accept_word(p, "string"))
		return parse_counted(p, out, true);
	if (fy_parser_accept_word(p, "opaque"))
		return parse_counted(p, out, false);
	if (!parse_type(p, &out->type))
		return false;
	if (fy_parser_accept(p, '*'))
		return parse_pointer(p, out);
	if (!out->name.text && !parse_field_name(p, out))
		return false;
	return parse_suffix(p, out, FY_AST_ARRAY, FY_AST_LIST);
}

bool
fy_parser_decl(struct fy_parser *p, struct fy_ast_decl *out)
{
	out->at = fy_parser_peek(p, 0)->at;
	if (fy_parser_accept_word(p, "void")) {
		out->shape = FY_AST_VOID;
		if (fy_parser_peek(p, 0)->kind != FY_TOKEN_NAME &&
		    !fy_parser_at(p, '*'))
			return true;
		fy_diag_error(p->diag, &out->at,
			      "void has no value that could have a name");
		return false;
	}
	return parse_shape(p, out) && refuse_dimension(p);
}

/* "pair int[2]": a name, and behind it a type that is no name. */
static bool
is_backwards(const struct fy_parser *p)
{
	const struct fy_token *name = fy_parser_peek(p, 0);
	const struct fy_token *type = fy_parser_peek(p, 1);

	const struct fy_token *third = fy_parser_peek(p, 2);

	return name->kind == FY_TOKEN_NAME && !fy_words_has(name->text) &&
	       type->kind == FY_TOKEN_NAME && fy_words_is_type(type->text) &&
	       (third->kind != FY_TOKEN_NAME || fy_words_is_type(third->text));
}

bool
fy_parser_typedef(struct fy_parser *p, struct fy_ast_decl *out)
{
	if (!is_backwards(p))
		return fy_parser_decl(p, out);
	if (!fy_parser_name(p, "a name", &out->name))
		return false;
	out->at = fy_parser_peek(p, 0)->at;
	fy_diag_warn(p->diag, FY_WARN_REVERSED_TYPEDEF, &out->name.at,
		     "the RFC has the name of a typedef behind its type");
	return parse_shape(p, out) && refuse_dimension(p);
}

/* "string", with a bound if it is an argument. */
static bool
parse_bare_string(struct fy_parser *p, struct fy_ast_decl *out)
{
	out->shape = FY_AST_STRING;
	fy_diag_warn(p->diag, FY_WARN_STRING_ARGUMENT, &out->at,
		     "the RFC has string in declarations only: name this one "
		     "by a typedef");
	return true;
}

static bool
refuse_opaque(struct fy_parser *p)
{
	fy_diag_hint(p->diag,
		     fy_diag_error(p->diag, &fy_parser_peek(p, 0)->at,
				   "opaque cannot stand here"),
		     "name the type by a typedef: typedef opaque NAME<>;");
	return false;
}

static bool
parse_bare_type(struct fy_parser *p, struct fy_ast_decl *out)
{
	out->at = fy_parser_peek(p, 0)->at;
	if (fy_parser_accept_word(p, "void")) {
		out->shape = FY_AST_VOID;
		return true;
	}
	if (fy_parser_accept_word(p, "string"))
		return parse_bare_string(p, out);
	if (fy_parser_at_word(p, "opaque"))
		return refuse_opaque(p);
	out->shape = FY_AST_PLAIN;
	if (!parse_type(p, &out->type))
		return false;
	if (fy_parser_accept(p, '*'))
		out->shape = FY_AST_OPTIONAL;
	return true;
}

/* @what: "an argument" */
static bool
refuse_length(struct fy_parser *p, const char *what)
{
	const struct fy_token *token = fy_parser_peek(p, 0);

	if (token->kind != '[' && token->kind != '<')
		return true;
	fy_diag_hint(p->diag,
		     fy_diag_error(p->diag, &token->at,
				   "%s cannot have a length", what),
		     "name the type with its length by a typedef");
	return false;
}

bool
fy_parser_argument(struct fy_parser *p, struct fy_ast_decl *out)
{
	bool is_name;

	if (!parse_bare_type(p, out))
		return false;
	is_name = fy_parser_peek(p, 0)->kind == FY_TOKEN_NAME;
	if (is_name && !fy_parser_name(p, "',' or ')'", &out->name))
		return false;
	if (is_name)
		fy_diag_warn(p->diag, FY_WARN_ARGUMENT_NAME, &out->name.at,
			     "arguments have types in the RFC, not names");
	if (out->shape == FY_AST_STRING && fy_parser_at(p, '<'))
		return parse_suffix(p, out, FY_AST_STRING, FY_AST_STRING);
	return refuse_length(p, "an argument");
}

bool
fy_parser_result(struct fy_parser *p, struct fy_ast_decl *out)
{
	if (!parse_bare_type(p, out))
		return false;
	if (out->shape == FY_AST_OPTIONAL)
		fy_diag_warn(p->diag, FY_WARN_POINTER_ARGUMENT, &out->at,
			     "the RFC has no pointer as a result: this is one "
			     "that may be missing");
	return refuse_length(p, "a result");
}

static bool
parse_enumerator(struct fy_parser *p, struct fy_ast_body *body,
		 struct fy_ast_constant *previous,
		 struct fy_ast_constant **out)
{
	struct fy_ast_constant *one = fy_parser_new(p, sizeof(*one));
	size_t from = p->at;
	const char *doc = fy_parser_attributes(p);

	if (!one || !fy_parser_name(p, "an enumerator's name", &one->name))
		return false;
	if (!fy_parser_accept(p, '='))
		fy_diag_warn(p->diag, FY_WARN_IMPLICIT_VALUE, &one->name.at,
			     "each enumerator has a value in the RFC: "
			     "'%s = ...'", one->name.text);
	else if (!fy_parser_value(p, "the enumerator's value", &one->value))
		return false;
	one->previous = previous;
	one->owner = body;
	/* The comma is not looked at twice: its comment is this one's. */
	p->at += fy_parser_at(p, ',');
	one->doc = fy_parser_doc(p, from, doc);
	p->at -= p->stream->tokens.list[p->at - 1].kind == ',';
	*out = one;
	return true;
}

/* Behind a mistake among enumerators: the next one, or the end. */
static bool
recover_enumerator(struct fy_parser *p)
{
	int kind = fy_parser_peek(p, 0)->kind;

	while (kind != ',' && kind != '}' && kind != ';' && kind != '{' &&
	       kind != FY_TOKEN_END) {
		p->at++;
		kind = fy_parser_peek(p, 0)->kind;
	}
	return kind == ',' || kind == '}';
}

static bool
parse_enum_body(struct fy_parser *p, struct fy_ast_body *body)
{
	struct fy_ast_constant **tail = &body->enumerators;
	struct fy_ast_constant *one = NULL;
	bool good = true;

	if (!fy_parser_expect(p, '{', "the enum's name"))
		return false;
	do {
		if (body->n_items > 0 && fy_parser_at(p, '}')) {
			fy_diag_warn(p->diag, FY_WARN_ENUM_COMMA,
				     &fy_parser_peek(p, 0)[-1].at,
				     "there is no enumerator behind this ','");
			break;
		}
		if (parse_enumerator(p, body, one, &one)) {
			*tail = one;
			tail = &one->next;
			body->n_items++;
		} else {
			good = false;
			if (p->err || !recover_enumerator(p))
				return false;
		}
	} while (fy_parser_accept(p, ','));
	return fy_parser_expect(p, '}', "the enumerators") && good;
}

static bool
parse_field(struct fy_parser *p, struct fy_ast_decl *field)
{
	size_t from = p->at;
	const char *doc = fy_parser_attributes(p);

	if (!fy_parser_decl(p, field))
		return false;
	if (fy_parser_at(p, ',')) {
		fy_diag_hint(p->diag, fy_parser_unexpected(p, "';'"),
			     "each field has a declaration of its own");
		return false;
	}
	if (!fy_parser_expect(p, ';', "the field"))
		return false;
	field->doc = fy_parser_doc(p, from, doc);
	return true;
}

static bool
parse_struct_body(struct fy_parser *p, struct fy_ast_body *body)
{
	struct fy_ast_decl **tail = &body->fields;
	bool good = true, any = false;

	if (!fy_parser_expect(p, '{', "the struct's name"))
		return false;
	while (!fy_parser_end(p)) {
		size_t from = p->at;
		struct fy_ast_decl *field = fy_parser_new(p, sizeof(*field));

		if (!field)
			return false;
		any = true;
		if (parse_field(p, field)) {
			/* The grammar has void here; it takes no bytes. */
			if (field->shape == FY_AST_VOID)
				continue;
			*tail = field;
			tail = &field->next;
			body->n_items++;
			continue;
		}
		good = false;
		if (!fy_parser_recover(p, from))
			return false;
	}
	if (!any)
		fy_diag_error(p->diag, &body->at, "this struct has no field");
	return good && any;
}

static bool
parse_label(struct fy_parser *p, struct fy_ast_arm *arm,
	    struct fy_ast_label ***tail)
{
	struct fy_ast_label *label = fy_parser_new(p, sizeof(*label));

	if (!label ||
	    !fy_parser_value(p, "the case's value", &label->value) ||
	    !fy_parser_expect(p, ':', "the case's value"))
		return false;
	**tail = label;
	*tail = &label->next;
	arm->n_labels++;
	return true;
}

static bool
parse_labels(struct fy_parser *p, struct fy_ast_arm *arm)
{
	struct fy_ast_label **tail = &arm->labels;

	for (;;) {
		struct fy_span at = fy_parser_peek(p, 0)->at;

		if (fy_parser_accept_word(p, "case")) {
			if (!parse_label(p, arm, &tail))
				return false;
		} else if (!arm->is_default &&
			   fy_parser_accept_word(p, "default")) {
			arm->is_default = true;
			arm->default_at = at;
			if (!fy_parser_expect(p, ':', "default"))
				return false;
		} else {
			break;
		}
	}
	if (arm->n_labels > 0 || arm->is_default)
		return true;
	fy_parser_unexpected(p, "'case', 'default' or '}'");
	return false;
}

static bool
parse_arm(struct fy_parser *p, struct fy_ast_arm *arm)
{
	const char *doc = fy_parser_attributes(p);
	size_t from;

	arm->at = fy_parser_peek(p, 0)->at;
	if (!parse_labels(p, arm))
		return false;
	from = p->at;
	if (!fy_parser_decl(p, &arm->decl) ||
	    !fy_parser_expect(p, ';', "the arm"))
		return false;
	arm->decl.doc = fy_parser_doc(p, from, doc);
	return true;
}

static bool
parse_arms(struct fy_parser *p, struct fy_ast_body *body)
{
	struct fy_ast_arm **tail = &body->arms;
	bool good = true;

	while (!fy_parser_end(p)) {
		size_t from = p->at;
		struct fy_ast_arm *arm = fy_parser_new(p, sizeof(*arm));

		if (!arm)
			return false;
		if (parse_arm(p, arm)) {
			*tail = arm;
			tail = &arm->next;
			body->n_items++;
			continue;
		}
		good = false;
		if (!fy_parser_recover(p, from))
			return false;
	}
	return good;
}

static bool
parse_union_body(struct fy_parser *p, struct fy_ast_body *body)
{
	struct fy_ast_decl *discriminant =
		fy_parser_new(p, sizeof(*discriminant));

	if (!discriminant)
		return false;
	if (!fy_parser_accept_word(p, "switch")) {
		fy_diag_hint(p->diag,
			     fy_parser_unexpected(p, "'switch'"),
			     "union NAME switch (enum or int DISCRIMINANT) "
			     "{ case ... }");
		return false;
	}
	body->discriminant = discriminant;
	if (!fy_parser_expect(p, '(', "switch") ||
	    !fy_parser_decl(p, discriminant) ||
	    !fy_parser_expect(p, ')', "the discriminant") ||
	    !fy_parser_expect(p, '{', "the discriminant") ||
	    !parse_arms(p, body))
		return false;
	if (body->n_items == 0) {
		fy_diag_error(p->diag, &body->at, "this union has no case");
		return false;
	}
	return true;
}

struct fy_ast_body *
fy_parser_body(struct fy_parser *p, enum fy_kind kind)
{
	struct fy_ast_body *body = fy_parser_new(p, sizeof(*body));
	bool good;

	if (!body)
		return NULL;
	body->kind = kind;
	body->at = fy_parser_peek(p, 0)->at;
	if (p->depth == MAX_DEPTH) {
		fy_diag_error(p->diag, &body->at,
			      "types are declared inside each other more than "
			      "%d deep", MAX_DEPTH);
		return NULL;
	}
	p->depth++;
	if (kind == FY_KIND_ENUM)
		good = parse_enum_body(p, body);
	else if (kind == FY_KIND_STRUCT)
		good = parse_struct_body(p, body);
	else
		good = parse_union_body(p, body);
	p->depth--;
	return good ? body : NULL;
}
