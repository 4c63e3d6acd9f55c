/* SPDX-License-Identifier: MIT */
#include "idl/scope.h"

#include <string.h>

#include "idl/mem.h"
#include "idl/words.h"

/* More names than this that are not there are not misspelled. */
#define MAX_LIKES 40

struct dialect {
	const char *word;
	enum fy_kind kind;
};

/* What rpcgen's C has from <rpc/types.h>: a file may define them itself. */
static const struct dialect dialect[] = {
	{ "char", FY_KIND_CHAR },	{ "short", FY_KIND_SHORT },
	{ "long", FY_KIND_INT },	{ "u_char", FY_KIND_UCHAR },
	{ "u_short", FY_KIND_USHORT },	{ "u_int", FY_KIND_UINT },
	{ "u_long", FY_KIND_UINT },	{ "int8_t", FY_KIND_CHAR },
	{ "int16_t", FY_KIND_SHORT },	{ "int32_t", FY_KIND_INT },
	{ "int64_t", FY_KIND_HYPER },	{ "uint8_t", FY_KIND_UCHAR },
	{ "uint16_t", FY_KIND_USHORT }, { "uint32_t", FY_KIND_UINT },
	{ "uint64_t", FY_KIND_UHYPER }, { "u_int8_t", FY_KIND_UCHAR },
	{ "u_int16_t", FY_KIND_USHORT }, { "u_int32_t", FY_KIND_UINT },
	{ "u_int64_t", FY_KIND_UHYPER }, { "quad_t", FY_KIND_HYPER },
	{ "u_quad_t", FY_KIND_UHYPER }, { "longlong_t", FY_KIND_HYPER },
	{ "u_longlong_t", FY_KIND_UHYPER }, { "rpcprog_t", FY_KIND_UINT },
	{ "rpcvers_t", FY_KIND_UINT },	{ "rpcproc_t", FY_KIND_UINT },
	{ "rpcprot_t", FY_KIND_UINT },	{ "rpcport_t", FY_KIND_UINT },
};

static void
latch(struct fy_scope *scope, ferry_err err)
{
	if (!scope->err)
		scope->err = err;
}

const char *
fy_scope_kind(const struct fy_symbol *symbol)
{
	if (symbol->constant)
		return symbol->constant->owner ? "an enumerator" : "a constant";
	return symbol->def->kind == FY_AST_PROGRAM ? "a program" : "a type";
}

static bool
is_type(const void *value)
{
	const struct fy_symbol *symbol = value;

	return symbol->def && symbol->def->kind != FY_AST_PROGRAM &&
	       symbol->def->kind != FY_AST_CONST;
}

/* ---- names ---- */

static void
bind(struct fy_scope *scope, struct fy_names *names,
     const struct fy_ast_name *name, struct fy_symbol symbol)
{
	struct fy_symbol *copy = fy_new(scope->check->mem, sizeof(*copy));
	const struct fy_symbol *first;
	struct fy_message *message;
	void *found = NULL;

	if (!copy) {
		latch(scope, FERRY_ENOMEM);
		return;
	}
	*copy = symbol;
	copy->at = name->at;
	latch(scope, fy_names_put(names, scope->check->mem,
				  ferry_str_of(name->text), copy, &found));
	if (!found)
		return;
	first = found;
	message = fy_diag_error(scope->check->diag, &name->at,
				"'%s' is defined twice", name->text);
	fy_diag_note(scope->check->diag, message, &first->at,
		     "it is %s since here", fy_scope_kind(first));
}

static void
bind_enumerators(struct fy_scope *scope, struct fy_names *names,
		 struct fy_ast_body *body);

static void
bind_enumerators_of(struct fy_scope *scope, struct fy_names *names,
		    const struct fy_ast_decl *decl)
{
	if (decl->shape != FY_AST_VOID && decl->type.kind == FY_AST_BODY)
		bind_enumerators(scope, names, decl->type.body);
}

/* Enumerators are global, however deep their enum stands. */
static void
bind_enumerators(struct fy_scope *scope, struct fy_names *names,
		 struct fy_ast_body *body)
{
	for (struct fy_ast_constant *one = body->enumerators; one;
	     one = one->next)
		bind(scope, names, &one->name,
		     (struct fy_symbol){ .constant = one });
	for (const struct fy_ast_decl *field = body->fields; field;
	     field = field->next)
		bind_enumerators_of(scope, names, field);
	if (body->discriminant)
		bind_enumerators_of(scope, names, body->discriminant);
	for (const struct fy_ast_arm *arm = body->arms; arm; arm = arm->next)
		bind_enumerators_of(scope, names, &arm->decl);
}

/* rpcgen's C has a macro for each number that a program is made of. */
static void
bind_number(struct fy_scope *scope, const struct fy_ast_name *name,
	    const struct fy_ast_value *value)
{
	struct fy_mark *mark = fy_new(scope->check->mem, sizeof(*mark));
	struct fy_mark *first;
	void *found = NULL;

	if (!mark) {
		latch(scope, FERRY_ENOMEM);
		return;
	}
	mark->constant.name = *name;
	mark->constant.value = *value;
	mark->constant.is_mark = true;
	latch(scope, fy_names_put(&scope->marks, scope->check->mem,
				  ferry_str_of(name->text), mark, &found));
	if (!found)
		return;
	first = found;
	if (!value->spelled || !first->constant.value.spelled ||
	    strcmp(value->spelled, first->constant.value.spelled) != 0)
		first->other = mark;
}

/* RFC 5531 section 12.2: a procedure's types may be declared in place too. */
static void
bind_program(struct fy_scope *scope, struct fy_names *names,
	     const struct fy_ast_def *def)
{
	const struct fy_ast_version *version = def->versions;

	bind_number(scope, &def->name, &def->number);
	for (; version; version = version->next) {
		const struct fy_ast_procedure *one = version->procedures;

		bind_number(scope, &version->name, &version->value);
		for (; one; one = one->next) {
			bind_number(scope, &one->name, &one->value);
			bind_enumerators_of(scope, names, &one->result);
			for (const struct fy_ast_decl *arg = one->args; arg;
			     arg = arg->next)
				bind_enumerators_of(scope, names, arg);
		}
	}
}

/* typedef struct x x; says in C what is so in an interface file anyway. */
static bool
says_nothing(const struct fy_ast_def *def)
{
	return def->kind == FY_AST_TYPEDEF &&
	       def->decl->shape == FY_AST_PLAIN &&
	       def->decl->type.kind == FY_AST_NAMED &&
	       def->decl->type.tag != FY_KIND_VOID &&
	       strcmp(def->decl->type.name.text, def->name.text) == 0;
}

static void
bind_all(struct fy_scope *scope, struct fy_names *names, struct fy_ast *ast)
{
	for (struct fy_ast_def *def = ast->defs; def; def = def->next) {
		struct fy_symbol symbol = { .def = def };

		if (says_nothing(def)) {
			def->kind = FY_AST_NOTHING;
			continue;
		}
		if (def->kind == FY_AST_CONST)
			symbol = (struct fy_symbol){
				.constant = def->constant
			};
		bind(scope, names, &def->name, symbol);
		if (def->kind == FY_AST_TYPE)
			bind_enumerators(scope, names, def->body);
		else if (def->kind == FY_AST_TYPEDEF)
			bind_enumerators_of(scope, names, def->decl);
		else if (def->kind == FY_AST_PROGRAM)
			bind_program(scope, names, def);
	}
}

void
fy_scope_fill(struct fy_scope *scope, const struct fy_check *check)
{
	*scope = (struct fy_scope){ .check = check };
	bind_all(scope, &scope->built_in, check->built_in);
	bind_all(scope, &scope->globals, check->ast);
	for (struct fy_ast_constant *one = check->passed->constants; one;
	     one = one->next) {
		struct fy_symbol *symbol = fy_new(check->mem, sizeof(*symbol));
		void *found;

		if (!symbol) {
			latch(scope, FERRY_ENOMEM);
			return;
		}
		symbol->at = one->name.at;
		symbol->constant = one;
		latch(scope, fy_names_put(&scope->passed, check->mem,
					  ferry_str_of(one->name.text), symbol,
					  &found));
	}
}

void
fy_scope_unique(struct fy_scope *scope, struct fy_names *names,
		const struct fy_ast_name *name, const char *what)
{
	struct fy_span *at = fy_new(scope->check->mem, sizeof(*at));
	struct fy_message *message;
	void *found = NULL;

	if (!at) {
		latch(scope, FERRY_ENOMEM);
		return;
	}
	*at = name->at;
	latch(scope, fy_names_put(names, scope->check->mem,
				  ferry_str_of(name->text), at, &found));
	if (!found)
		return;
	message = fy_diag_error(scope->check->diag, &name->at,
				"there are two %ss '%s'", what, name->text);
	fy_diag_note(scope->check->diag, message, found, "the first is here");
}

struct fy_symbol *
fy_scope_find(const struct fy_scope *scope, const char *name)
{
	struct ferry_str key = ferry_str_of(name);
	struct fy_symbol *symbol = fy_names_get(&scope->globals, key);

	if (!symbol)
		symbol = fy_names_get(&scope->passed, key);
	if (!symbol)
		symbol = fy_names_get(&scope->built_in, key);
	return symbol;
}

/* ---- types ---- */

void
fy_scope_hint(struct fy_scope *scope, struct fy_message *message,
	      const char *name, bool (*fits)(const void *value))
{
	struct ferry_str like;

	if (!message || ++scope->n_likes > MAX_LIKES)
		return;
	like = fy_names_nearest(&scope->globals, ferry_str_of(name), fits);
	if (!like.data)
		like = fy_names_nearest(&scope->built_in, ferry_str_of(name),
					fits);
	if (like.data)
		fy_diag_hint(scope->check->diag, message,
			     "did you mean '%.*s'?", (int)like.len, like.data);
}

static void
hint_at_word(struct fy_scope *scope, struct fy_message *message,
	     const char *name)
{
	const char *word;

	if (!message || message->hint)
		return;
	word = fy_words_like(ferry_str_of(name), fy_words_is_type);
	if (word)
		fy_diag_hint(scope->check->diag, message,
			     "did you mean '%s'?", word);
}

/* What is like @name, and what is meant without being like it. */
static void
hint_at_type(struct fy_scope *scope, struct fy_message *message,
	     const char *name)
{
	const char *meant = fy_words_meant(ferry_str_of(name));

	if (meant)
		fy_diag_hint(scope->check->diag, message, "write %s", meant);
	else
		fy_scope_hint(scope, message, name, is_type);
}

/* Whether C has the type from a % line, as far as one can tell. */
static bool
may_be_foreign(const struct fy_scope *scope, const char *name)
{
	const struct fy_passed *passed = scope->check->passed;

	return passed->includes ||
	       fy_names_get(&passed->words, ferry_str_of(name));
}

static const char *
tag_word(enum fy_kind tag)
{
	return tag == FY_KIND_STRUCT  ? "struct"
	       : tag == FY_KIND_UNION ? "union"
	       : tag == FY_KIND_ENUM  ? "enum"
				      : NULL;
}

/* The earlier of two places, if they are in one file. */
static bool
stands_before(const struct fy_span *a, const struct fy_span *b)
{
	return a->place.file == b->place.file &&
	       (a->place.line < b->place.line ||
		(a->place.line == b->place.line &&
		 a->place.column < b->place.column));
}

/* Typedefs are looked at first: so this may not be its first place. */
static void
meet_foreign(struct fy_scope *scope, struct fy_ast_type *type)
{
	struct fy_ast *list = scope->check->foreign;
	struct fy_ast_def *def;
	void *found = NULL;

	type->def = fy_names_get(&scope->foreign,
				 ferry_str_of(type->name.text));
	if (type->def) {
		if (stands_before(&type->name.at, &type->def->name.at))
			type->def->name.at = type->name.at;
		return;
	}
	def = fy_new(scope->check->mem, sizeof(*def));
	if (!def) {
		latch(scope, FERRY_ENOMEM);
		return;
	}
	def->kind = FY_AST_FOREIGN;
	def->name = type->name;
	def->tag = tag_word(type->tag);
	latch(scope, fy_names_put(&scope->foreign, scope->check->mem,
				  ferry_str_of(def->name.text), def, &found));
	*list->tail = def;
	list->tail = &def->next;
	type->def = def;
}

void
fy_scope_warn_of_foreign(struct fy_scope *scope)
{
	const struct fy_ast_def *def = scope->check->foreign->defs;

	for (; def; def = def->next) {
		struct fy_message *message = fy_diag_warn(
			scope->check->diag, FY_WARN_FOREIGN_TYPE,
			&def->name.at,
			"'%s' is not defined here: it is taken for a type of "
			"the %% lines, whose owner brings its codec",
			def->name.text);

		if (!message)
			continue;
		message->each = true;
		hint_at_type(scope, message, def->name.text);
	}
}

static void
no_such_type(struct fy_scope *scope, struct fy_ast_type *type)
{
	const char *name = type->name.text;
	struct fy_message *message;

	if (may_be_foreign(scope, name)) {
		meet_foreign(scope, type);
		return;
	}
	if (scope->check->incomplete)
		return;
	message = fy_diag_error(scope->check->diag, &type->name.at,
				"there is no type '%s'", name);
	hint_at_type(scope, message, name);
	hint_at_word(scope, message, name);
}

static bool
find_dialect(struct fy_scope *scope, struct fy_ast_type *type)
{
	if (type->tag != FY_KIND_VOID)
		return false;
	for (size_t i = 0; i < FY_ARRAY_LEN(dialect); i++) {
		if (strcmp(type->name.text, dialect[i].word) == 0) {
			type->kind = FY_AST_BASIC;
			type->basic = dialect[i].kind;
			fy_diag_warn(scope->check->diag, FY_WARN_C_TYPE,
				     &type->at,
				     "'%s' is a type of C, not of the RFC",
				     dialect[i].word);
			return true;
		}
	}
	return false;
}

static const char *
tag_name(enum fy_kind tag)
{
	return tag == FY_KIND_STRUCT  ? "a struct"
	       : tag == FY_KIND_UNION ? "a union"
				      : "an enum";
}

/* rpcgen's C makes a struct of a union. */
static bool
is_tagged_so(enum fy_kind tag, enum fy_kind kind)
{
	return tag == kind ||
	       (tag == FY_KIND_STRUCT && kind == FY_KIND_UNION);
}

/* "struct x" must be one. */
static void
check_tag(struct fy_scope *scope, const struct fy_ast_type *type,
	  const struct fy_symbol *symbol)
{
	const struct fy_ast_def *def = symbol->def;
	const char *is = "a typedef";
	struct fy_message *message;

	if (type->tag == FY_KIND_VOID || def->kind == FY_AST_BROKEN)
		return;
	if (def->kind == FY_AST_TYPE) {
		if (is_tagged_so(type->tag, def->body->kind))
			return;
		is = tag_name(def->body->kind);
	}
	message = fy_diag_error(scope->check->diag, &type->name.at,
				"'%s' is %s, not %s", type->name.text, is,
				tag_name(type->tag));
	fy_diag_hint(scope->check->diag, message,
		     "the name alone is enough: %s", type->name.text);
	fy_diag_note(scope->check->diag, message, &symbol->at,
		     "it is defined here");
}

void
fy_scope_warn_of_built_in(struct fy_scope *scope, const struct fy_span *at,
			  const struct fy_ast_def *def)
{
	if (def->built_in && !def->standard)
		fy_diag_warn(scope->check->diag, FY_WARN_BUILT_IN, at,
			     "'%s' is not defined here: rpcgen's C has it from "
			     "<rpc/rpc.h>", def->name.text);
}

void
fy_scope_type(struct fy_scope *scope, struct fy_ast_type *type)
{
	struct fy_symbol *symbol;
	struct fy_message *message;

	if (type->kind != FY_AST_NAMED || type->def)
		return;
	symbol = fy_names_get(&scope->globals, ferry_str_of(type->name.text));
	if (!symbol && find_dialect(scope, type))
		return;
	if (!symbol)
		symbol = fy_scope_find(scope, type->name.text);
	if (!symbol) {
		no_such_type(scope, type);
		return;
	}
	if (!is_type(symbol)) {
		message = fy_diag_error(scope->check->diag, &type->name.at,
					"'%s' is %s, not a type",
					type->name.text, fy_scope_kind(symbol));
		fy_diag_note(scope->check->diag, message, &symbol->at,
			     "it is defined here");
		return;
	}
	check_tag(scope, type, symbol);
	fy_scope_warn_of_built_in(scope, &type->name.at, symbol->def);
	type->def = symbol->def;
	symbol->def->used = true;
}
