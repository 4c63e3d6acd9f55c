/* SPDX-License-Identifier: MIT */
#include "idl/scope.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "idl/mem.h"

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
	{ "u_longlong_t", FY_KIND_UHYPER },
};

struct meant {
	const char *written;
	const char *meant;
};

static const struct meant meant[] = {
	{ "bool_t", "bool" },	      { "boolean", "bool" },
	{ "byte", "opaque NAME[...]" },
	{ "int64", "hyper" },	   { "uint", "unsigned int" },
	{ "uint32", "unsigned int" }, { "uint64", "unsigned hyper" },
	{ "signed", "int" },	   { "size_t", "unsigned hyper" },
};

static void
latch(struct fy_scope *scope, ferry_err err)
{
	if (!scope->err)
		scope->err = err;
}

static const char *
kind_of(const struct fy_symbol *symbol)
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

static bool
is_constant(const void *value)
{
	const struct fy_symbol *symbol = value;

	return symbol->constant;
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
		     "it is %s since here", kind_of(first));
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

/* RFC 5531 section 12.2: a procedure's types may be declared in place too. */
static void
bind_program(struct fy_scope *scope, struct fy_names *names,
	     const struct fy_ast_def *def)
{
	const struct fy_ast_version *version = def->versions;

	for (; version; version = version->next) {
		const struct fy_ast_procedure *one = version->procedures;

		for (; one; one = one->next) {
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
	for (struct fy_ast_constant *one = check->passed; one;
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

static struct fy_symbol *
find(const struct fy_scope *scope, const char *name)
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

static void
hint_at_like(struct fy_scope *scope, struct fy_message *message,
	     const char *name, bool (*fits)(const void *value))
{
	const char *like;

	if (!message || ++scope->n_likes > MAX_LIKES)
		return;
	like = fy_names_like(&scope->globals, ferry_str_of(name), fits,
			     scope->check->mem);
	if (!like)
		like = fy_names_like(&scope->built_in, ferry_str_of(name),
				     fits, scope->check->mem);
	if (like)
		fy_diag_hint(scope->check->diag, message,
			     "did you mean '%s'?", like);
}

static void
no_such_type(struct fy_scope *scope, const struct fy_ast_type *type)
{
	const char *name = type->name.text;
	struct fy_message *message;

	if (scope->check->incomplete)
		return;
	message = fy_diag_error(scope->check->diag, &type->name.at,
				"there is no type '%s'", name);
	hint_at_like(scope, message, name, is_type);
	for (size_t i = 0; i < FY_ARRAY_LEN(meant); i++) {
		if (strcmp(name, meant[i].written) == 0)
			fy_diag_hint(scope->check->diag, message,
				     "write %s", meant[i].meant);
	}
}

static bool
find_dialect(struct fy_ast_type *type)
{
	if (type->tag != FY_KIND_VOID)
		return false;
	for (size_t i = 0; i < FY_ARRAY_LEN(dialect); i++) {
		if (strcmp(type->name.text, dialect[i].word) == 0) {
			type->kind = FY_AST_BASIC;
			type->basic = dialect[i].kind;
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
		if (def->body->kind == type->tag)
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
fy_scope_type(struct fy_scope *scope, struct fy_ast_type *type)
{
	struct fy_symbol *symbol;
	struct fy_message *message;

	if (type->kind != FY_AST_NAMED || type->def)
		return;
	symbol = fy_names_get(&scope->globals, ferry_str_of(type->name.text));
	if (!symbol && find_dialect(type))
		return;
	if (!symbol)
		symbol = find(scope, type->name.text);
	if (!symbol) {
		no_such_type(scope, type);
		return;
	}
	if (!is_type(symbol)) {
		message = fy_diag_error(scope->check->diag, &type->name.at,
					"'%s' is %s, not a type",
					type->name.text, kind_of(symbol));
		fy_diag_note(scope->check->diag, message, &symbol->at,
			     "it is defined here");
		return;
	}
	check_tag(scope, type, symbol);
	type->def = symbol->def;
	symbol->def->used = true;
}

/* ---- constants ---- */

static void
no_such_constant(struct fy_scope *scope, const struct fy_ast_value *value)
{
	struct fy_message *message;

	if (scope->check->incomplete)
		return;
	message = fy_diag_error(scope->check->diag, &value->at,
				"there is no constant '%s'", value->spelled);
	hint_at_like(scope, message, value->spelled, is_constant);
}

/* Finds what a value by name means. Return: NULL, reported, if nothing. */
static struct fy_ast_constant *
find_constant(struct fy_scope *scope, struct fy_ast_value *value)
{
	const struct fy_symbol *symbol = find(scope, value->spelled);
	struct fy_message *message;

	if (!symbol) {
		no_such_constant(scope, value);
		return NULL;
	}
	if (!symbol->constant && symbol->def->kind == FY_AST_BROKEN)
		return NULL;
	if (!symbol->constant) {
		message = fy_diag_error(scope->check->diag, &value->at,
					"'%s' is %s, not a constant",
					value->spelled, kind_of(symbol));
		fy_diag_note(scope->check->diag, message, &symbol->at,
			     "it is defined here");
		return NULL;
	}
	value->constant = symbol->constant;
	return symbol->constant;
}

/* What must be known before @constant. Return: false if that is not there. */
static bool
needs(struct fy_scope *scope, struct fy_ast_constant *constant,
      struct fy_ast_constant **out)
{
	*out = NULL;
	if (constant->value.kind == FY_AST_NO_VALUE)
		*out = constant->previous;
	if (constant->value.kind != FY_AST_NAME)
		return true;
	*out = find_constant(scope, &constant->value);
	return *out;
}

static bool
is_text(const struct fy_ast_constant *constant)
{
	return constant->value.kind == FY_AST_TEXT;
}

static bool
refuse_text(struct fy_scope *scope, const struct fy_ast_value *value,
	    const struct fy_ast_constant *constant)
{
	struct fy_message *message;

	if (!is_text(constant))
		return false;
	message = fy_diag_error(scope->check->diag, &value->at,
				"'%s' is a text, not a number",
				constant->name.text);
	fy_diag_note(scope->check->diag, message, &constant->name.at,
		     "it is defined here");
	return true;
}

/* RFC 4506 section 4.3: an enum is a signed int on the wire. */
static bool
check_enumerator(struct fy_scope *scope,
		 const struct fy_ast_constant *constant)
{
	const struct fy_span *at = constant->value.kind == FY_AST_NO_VALUE
					   ? &constant->name.at
					   : &constant->value.at;
	struct fy_message *message;

	if (fy_number_within(constant->number, INT32_MIN, INT32_MAX))
		return true;
	message = fy_diag_error(scope->check->diag, at,
				"an enumerator must fit 32 bits with sign: "
				"-2147483648 to 2147483647");
	if (constant->value.kind != FY_AST_NO_VALUE &&
	    fy_number_within(constant->number, 0, UINT32_MAX))
		fy_diag_hint(scope->check->diag, message,
			     "the same 32 bits with sign are %" PRId64,
			     (int64_t)constant->number.bits -
				     ((int64_t)1 << 32));
	return false;
}

/* Gives @constant its number; @from is what needs() found. */
static void
settle(struct fy_scope *scope, struct fy_ast_constant *constant,
       const struct fy_ast_constant *from)
{
	constant->progress = FY_AST_BAD;
	if (from && from->progress != FY_AST_GOOD)
		return;
	if (from && constant->value.kind == FY_AST_NAME &&
	    refuse_text(scope, &constant->value, from))
		return;
	constant->number = from ? from->number : constant->value.number;
	if (from && constant->value.kind == FY_AST_NO_VALUE) {
		constant->number.bits++;
		constant->number.negative &= constant->number.bits != 0;
	}
	if (constant->owner && !check_enumerator(scope, constant))
		return;
	constant->progress = FY_AST_GOOD;
}

static void
report_circle(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	fy_diag_error(scope->check->diag, &constant->name.at,
		      "the value of '%s' depends on itself",
		      constant->name.text);
	constant->progress = FY_AST_BAD;
}

/*
 * Each value needs at most one other, so that a chain of a million constants
 * is followed in a loop: down by needs(), back by .waits.
 */
void
fy_scope_evaluate(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	struct fy_ast_constant *from = NULL;

	if (constant->progress != FY_AST_FRESH)
		return;
	constant->waits = NULL;
	for (;;) {
		constant->progress = FY_AST_BUSY;
		if (!needs(scope, constant, &from))
			constant->progress = FY_AST_BAD;
		else if (from && from->progress == FY_AST_BUSY)
			report_circle(scope, constant);
		if (constant->progress == FY_AST_BAD || !from ||
		    from->progress != FY_AST_FRESH)
			break;
		from->waits = constant;
		constant = from;
	}
	if (constant->progress != FY_AST_BAD)
		settle(scope, constant, from);
	while (constant->waits) {
		from = constant;
		constant = constant->waits;
		settle(scope, constant, from);
	}
}

void
fy_scope_value(struct fy_scope *scope, struct fy_ast_value *value)
{
	struct fy_ast_constant *constant;

	if (value->kind != FY_AST_NAME || value->known)
		return;
	constant = find_constant(scope, value);
	if (!constant)
		return;
	fy_scope_evaluate(scope, constant);
	if (constant->progress != FY_AST_GOOD ||
	    refuse_text(scope, value, constant))
		return;
	value->number = constant->number;
	value->known = true;
}

void
fy_scope_u32(struct fy_scope *scope, struct fy_ast_value *value,
	     const char *what)
{
	struct fy_message *message;

	fy_scope_value(scope, value);
	if (!value->known || fy_number_within(value->number, 0, UINT32_MAX))
		return;
	message = fy_diag_error(scope->check->diag, &value->at,
				"%s must be from 0 to 4294967295", what);
	if (value->constant)
		fy_diag_note(scope->check->diag, message,
			     &value->constant->name.at,
			     "its value comes from here");
	value->known = false;
}
