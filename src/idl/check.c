/* SPDX-License-Identifier: MIT */
#include "idl/check.h"

#include <string.h>

#include "idl/mem.h"
#include "idl/scope.h"

static void check_decl(struct fy_scope *scope, struct fy_ast_decl *decl);

/* ---- what typedefs come down to ---- */

/* The next link of a chain of typedefs that are only other names. */
static struct fy_ast_def *
other_name(const struct fy_ast_type *type)
{
	struct fy_ast_def *def = type->kind == FY_AST_NAMED ? type->def : NULL;

	if (!def || def->kind != FY_AST_TYPEDEF ||
	    def->decl->shape != FY_AST_PLAIN)
		return NULL;
	return def;
}

/*
 * What @type comes down to when typedefs that are only other names are taken
 * away. Each definition on the way remembers it, so that long chains are
 * walked once. A chain that leads back to itself ends at a definition without
 * .base; check_circles() has reported it and broken it.
 */
static const struct fy_ast_type *
base_of(const struct fy_ast_type *type)
{
	const struct fy_ast_type *base = type;
	struct fy_ast_def *def;

	while ((def = other_name(base)))
		base = def->base ? def->base : &def->decl->type;
	while ((def = other_name(type)) && !def->base) {
		type = &def->decl->type;
		def->base = base;
	}
	return base;
}

/* typedef a b; typedef b a; */
static void
check_circles(struct fy_scope *scope, const struct fy_ast *ast)
{
	struct fy_ast_def *next;

	for (struct fy_ast_def *def = ast->defs; def; def = def->next) {
		if (def->kind == FY_AST_TYPEDEF)
			fy_scope_type(scope, &def->decl->type);
	}
	for (struct fy_ast_def *def = ast->defs; def; def = def->next) {
		if (def->walked || def->kind != FY_AST_TYPEDEF ||
		    def->decl->shape != FY_AST_PLAIN)
			continue;
		for (next = def; next && !next->walked;
		     next = other_name(&next->decl->type))
			next->walked = def;
		if (!next || next->walked != def)
			continue;
		fy_diag_error(scope->check->diag, &next->name.at,
			      "typedef '%s' leads back to itself",
			      next->name.text);
		next->kind = FY_AST_BROKEN;
	}
}

/* ---- unions ---- */

/* A value as a key of struct fy_names. */
static struct ferry_str
key_of(const struct fy_number *number)
{
	return (struct ferry_str){ (const char *)&number->bits,
				   sizeof(number->bits) };
}

/* The kind of a discriminant; VOID, reported, if it can be none. */
static enum fy_kind
check_discriminant(struct fy_scope *scope, const struct fy_ast_decl *decl,
		   const struct fy_ast_type **base)
{
	enum fy_kind kind = FY_KIND_VOID;
	struct fy_message *message;

	*base = &decl->type;
	if (decl->shape == FY_AST_PLAIN) {
		*base = base_of(&decl->type);
		/* What has no meaning was reported. */
		if ((*base)->kind == FY_AST_NAMED &&
		    (!(*base)->def || (*base)->def->kind == FY_AST_BROKEN))
			return FY_KIND_VOID;
		kind = (*base)->kind == FY_AST_BASIC ? (*base)->basic
		       : (*base)->kind == FY_AST_BODY
			       ? (*base)->body->kind
		       : (*base)->def->kind == FY_AST_TYPE
			       ? (*base)->def->body->kind
			       : FY_KIND_VOID;
	}
	if (kind == FY_KIND_INT || kind == FY_KIND_UINT ||
	    kind == FY_KIND_BOOL || kind == FY_KIND_ENUM)
		return kind;
	message = fy_diag_error(scope->check->diag, &decl->at,
				"a union cannot switch on this type");
	fy_diag_hint(scope->check->diag, message,
		     "int, unsigned int, bool or an enum is possible");
	return FY_KIND_VOID;
}

static struct fy_ast_body *
enum_body(const struct fy_ast_type *base)
{
	return base->kind == FY_AST_BODY ? base->body : base->def->body;
}

/* The values of an enum, collected the first time; NULL: no memory. */
static const struct fy_names *
values_of(struct fy_scope *scope, struct fy_ast_body *body)
{
	if (body->values.n > 0)
		return &body->values;
	for (struct fy_ast_constant *one = body->enumerators; one;
	     one = one->next) {
		void *found;
		ferry_err err;

		fy_scope_evaluate(scope, one);
		if (one->progress != FY_AST_GOOD)
			continue;
		err = fy_names_put(&body->values, scope->check->mem,
				   key_of(&one->number), one, &found);
		if (err) {
			scope->err = err;
			return NULL;
		}
	}
	return &body->values;
}

/* Whether all enumerators of an enum have a value. */
static bool
is_whole(const struct fy_ast_body *body)
{
	for (const struct fy_ast_constant *one = body->enumerators; one;
	     one = one->next) {
		if (one->progress != FY_AST_GOOD)
			return false;
	}
	return true;
}

static void
check_member(struct fy_scope *scope, struct fy_ast_body *body,
	     const struct fy_ast_value *label)
{
	const struct fy_names *values = values_of(scope, body);
	struct fy_message *message;

	if (!values || !is_whole(body) ||
	    fy_names_get(values, key_of(&label->number)))
		return;
	message = fy_diag_error(scope->check->diag, &label->at,
				"the enum of this union has no value %s",
				label->spelled);
	if (label->constant)
		fy_diag_note(scope->check->diag, message,
			     &label->constant->name.at, "this is %s",
			     label->spelled);
	fy_diag_note(scope->check->diag, message, &body->at,
		     "the enum is this one");
}

/* A label must be a value that the discriminant can have. */
static void
check_label_value(struct fy_scope *scope, enum fy_kind kind,
		  const struct fy_ast_type *base,
		  const struct fy_ast_value *label)
{
	bool fits = true;
	const char *range = "";

	if (kind == FY_KIND_ENUM) {
		check_member(scope, enum_body(base), label);
	} else if (kind == FY_KIND_BOOL) {
		fits = fy_number_within(label->number, 0, 1);
		range = "a bool: TRUE or FALSE";
	} else if (kind == FY_KIND_INT) {
		fits = fy_number_within(label->number, INT32_MIN, INT32_MAX);
		range = "an int: -2147483648 to 2147483647";
	} else if (kind == FY_KIND_UINT) {
		fits = fy_number_within(label->number, 0, UINT32_MAX);
		range = "an unsigned int: 0 to 4294967295";
	}
	if (!fits)
		fy_diag_error(scope->check->diag, &label->at,
			      "%s is no value of %s", label->spelled, range);
}

static void
check_label_once(struct fy_scope *scope, struct fy_names *seen,
		 struct fy_ast_value *label)
{
	struct fy_ast_value *first;
	struct fy_message *message;
	void *found;
	ferry_err err = fy_names_put(seen, scope->check->mem,
				     key_of(&label->number), label, &found);

	if (err)
		scope->err = err;
	if (err || !found)
		return;
	first = found;
	message = fy_diag_error(scope->check->diag, &label->at,
				"there are two cases for %s", label->spelled);
	fy_diag_note(scope->check->diag, message, &first->at,
		     strcmp(first->spelled, label->spelled) == 0
			     ? "the first is here"
			     : "this is the same number");
}

static void
check_default(struct fy_scope *scope, const struct fy_ast_arm *arm)
{
	struct fy_message *message;

	if (arm->n_labels > 0 || !arm->next)
		return;
	message = fy_diag_error(scope->check->diag, &arm->at,
				"default must be the last arm of a union");
	fy_diag_note(scope->check->diag, message, &arm->next->at,
		     "here is another behind it");
}

static void
check_union(struct fy_scope *scope, struct fy_ast_body *body)
{
	struct fy_names labels = { NULL, 0, 0 };
	struct fy_names members = { NULL, 0, 0 };
	const struct fy_ast_type *base;
	enum fy_kind kind;

	check_decl(scope, body->discriminant);
	kind = check_discriminant(scope, body->discriminant, &base);
	if (body->discriminant->name.text)
		fy_scope_unique(scope, &members, &body->discriminant->name,
				"member");
	for (struct fy_ast_arm *arm = body->arms; arm; arm = arm->next) {
		for (struct fy_ast_label *label = arm->labels; label;
		     label = label->next) {
			fy_scope_value(scope, &label->value);
			if (!label->value.known)
				continue;
			check_label_value(scope, kind, base, &label->value);
			check_label_once(scope, &labels, &label->value);
		}
		check_default(scope, arm);
		check_decl(scope, &arm->decl);
		if (arm->decl.shape != FY_AST_VOID)
			fy_scope_unique(scope, &members, &arm->decl.name,
					"member");
	}
}

/* ---- declarations ---- */

static void
check_struct(struct fy_scope *scope, struct fy_ast_body *body)
{
	struct fy_names fields = { NULL, 0, 0 };

	for (struct fy_ast_decl *field = body->fields; field;
	     field = field->next) {
		fy_scope_unique(scope, &fields, &field->name, "field");
		check_decl(scope, field);
	}
}

/* Recursion ends at the depth to which the parser lets types nest. */
static void
check_body(struct fy_scope *scope, struct fy_ast_body *body)
{
	for (struct fy_ast_constant *one = body->enumerators; one;
	     one = one->next)
		fy_scope_evaluate(scope, one);
	if (body->kind == FY_KIND_STRUCT)
		check_struct(scope, body);
	else if (body->kind == FY_KIND_UNION)
		check_union(scope, body);
}

static void
check_decl(struct fy_scope *scope, struct fy_ast_decl *decl)
{
	if (decl->bound.kind != FY_AST_NO_VALUE)
		fy_scope_u32(scope, &decl->bound, "a length");
	if (decl->shape < FY_AST_PLAIN || decl->shape > FY_AST_LIST)
		return;
	if (decl->type.kind == FY_AST_BODY)
		check_body(scope, decl->type.body);
	else
		fy_scope_type(scope, &decl->type);
}

/* ---- programs ---- */

/* Two with the same number cannot be told apart on the wire. */
static void
check_number_once(struct fy_scope *scope, struct fy_names *seen,
		  struct fy_ast_value *value, const char *what)
{
	struct fy_ast_value *first;
	struct fy_message *message;
	void *found;
	ferry_err err;

	if (!value->known)
		return;
	err = fy_names_put(seen, scope->check->mem, key_of(&value->number),
			   value, &found);
	if (err)
		scope->err = err;
	if (err || !found)
		return;
	first = found;
	message = fy_diag_error(scope->check->diag, &value->at,
				"there are two %ss with number %s", what,
				value->spelled);
	fy_diag_note(scope->check->diag, message, &first->at,
		     "the first is here");
}

static void
check_version(struct fy_scope *scope, struct fy_ast_version *version)
{
	struct fy_names names = { NULL, 0, 0 };
	struct fy_names numbers = { NULL, 0, 0 };

	for (struct fy_ast_procedure *one = version->procedures; one;
	     one = one->next) {
		fy_scope_unique(scope, &names, &one->name, "procedure");
		fy_scope_u32(scope, &one->value, "a procedure's number");
		check_number_once(scope, &numbers, &one->value, "procedure");
		check_decl(scope, &one->result);
		for (struct fy_ast_decl *arg = one->args; arg; arg = arg->next)
			check_decl(scope, arg);
	}
}

static void
check_program(struct fy_scope *scope, struct fy_ast_def *def)
{
	struct fy_names names = { NULL, 0, 0 };
	struct fy_names numbers = { NULL, 0, 0 };

	fy_scope_u32(scope, &def->number, "a program's number");
	for (struct fy_ast_version *one = def->versions; one;
	     one = one->next) {
		fy_scope_unique(scope, &names, &one->name, "version");
		fy_scope_u32(scope, &one->value, "a version's number");
		check_number_once(scope, &numbers, &one->value, "version");
		check_version(scope, one);
	}
	if (def->n_versions == 0)
		fy_diag_error(scope->check->diag, &def->name.at,
			      "this program has no version");
}

static void
check_defs(struct fy_scope *scope, const struct fy_ast *ast)
{
	for (struct fy_ast_def *def = ast->defs; def && !scope->err;
	     def = def->next) {
		if (def->kind == FY_AST_CONST)
			fy_scope_evaluate(scope, def->constant);
		else if (def->kind == FY_AST_TYPE)
			check_body(scope, def->body);
		else if (def->kind == FY_AST_TYPEDEF)
			check_decl(scope, def->decl);
		else if (def->kind == FY_AST_PROGRAM)
			check_program(scope, def);
	}
}

ferry_err
fy_check(struct fy_check *check)
{
	struct fy_scope scope;

	fy_scope_fill(&scope, check);
	check_circles(&scope, check->ast);
	check_defs(&scope, check->built_in);
	check_defs(&scope, check->ast);
	return scope.err ? scope.err : check->diag->err;
}
