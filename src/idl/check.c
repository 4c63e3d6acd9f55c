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

/* What a union may switch on, and the values that this has. */
struct switchable {
	enum fy_kind kind;
	bool is_dialect;
	int64_t min;
	uint64_t max;
	const char *range;
};

static const struct switchable switchables[] = {
	{ FY_KIND_ENUM, false, INT32_MIN, INT32_MAX, NULL },
	{ FY_KIND_BOOL, false, 0, 1, "a bool: TRUE or FALSE" },
	{ FY_KIND_INT, false, INT32_MIN, INT32_MAX, NULL },
	{ FY_KIND_UINT, false, 0, UINT32_MAX, NULL },
	{ FY_KIND_CHAR, true, INT8_MIN, INT8_MAX, "a char: -128 to 127" },
	{ FY_KIND_UCHAR, true, 0, UINT8_MAX, "an unsigned char: 0 to 255" },
	{ FY_KIND_SHORT, true, INT16_MIN, INT16_MAX,
	  "a short: -32768 to 32767" },
	{ FY_KIND_USHORT, true, 0, UINT16_MAX,
	  "an unsigned short: 0 to 65535" },
	{ FY_KIND_HYPER, true, INT64_MIN, INT64_MAX,
	  "a hyper: -9223372036854775808 to 9223372036854775807" },
	{ FY_KIND_UHYPER, true, 0, UINT64_MAX,
	  "an unsigned hyper: 0 to 18446744073709551615" },
};

static const struct switchable *
find_switchable(enum fy_kind kind)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(switchables); i++) {
		if (switchables[i].kind == kind)
			return &switchables[i];
	}
	return NULL;
}

/* The kind of what a declaration comes down to; VOID if it has none. */
static enum fy_kind
kind_of_base(const struct fy_ast_type *base)
{
	if (base->kind == FY_AST_BASIC)
		return base->basic;
	if (base->kind == FY_AST_BODY)
		return base->body->kind;
	return base->def->kind == FY_AST_TYPE ? base->def->body->kind
					      : FY_KIND_VOID;
}

static void
warn_of_discriminant(struct fy_scope *scope, const struct fy_ast_decl *decl,
		     enum fy_kind kind)
{
	bool is_hyper = kind == FY_KIND_HYPER || kind == FY_KIND_UHYPER;

	fy_diag_warn(scope->check->diag, FY_WARN_DISCRIMINANT, &decl->at,
		     "a union of the RFC does not switch on this type: on the "
		     "wire it is %d bytes", is_hyper ? 8 : 4);
}

/* What a union switches on; NULL, reported, if it can be none. */
static const struct switchable *
check_discriminant(struct fy_scope *scope, const struct fy_ast_decl *decl,
		   const struct fy_ast_type **base)
{
	const struct switchable *found = NULL;
	struct fy_message *message;

	*base = &decl->type;
	if (decl->shape == FY_AST_PLAIN) {
		*base = base_of(&decl->type);
		/* What has no meaning was reported. */
		if ((*base)->kind == FY_AST_NAMED &&
		    (!(*base)->def || (*base)->def->kind == FY_AST_BROKEN))
			return NULL;
		found = find_switchable(kind_of_base(*base));
	}
	if (found && found->is_dialect)
		warn_of_discriminant(scope, decl, found->kind);
	if (found)
		return found;
	message = fy_diag_error(scope->check->diag, &decl->at,
				"a union cannot switch on this type");
	fy_diag_hint(scope->check->diag, message,
		     "int, unsigned int, bool or an enum is possible");
	return NULL;
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
		if (one->progress != FY_AST_GOOD) {
			body->lacks_values = true;
			continue;
		}
		err = fy_names_put(&body->values, scope->check->mem,
				   key_of(&one->number), one, &found);
		if (err) {
			scope->err = err;
			return NULL;
		}
	}
	return &body->values;
}

static void
check_member(struct fy_scope *scope, struct fy_ast_body *body,
	     const struct fy_ast_value *label)
{
	const struct fy_names *values = values_of(scope, body);
	struct fy_message *message;

	if (!values || body->lacks_values ||
	    fy_names_get(values, key_of(&label->number)))
		return;
	message = fy_diag_warn(scope->check->diag, FY_WARN_CASE_VALUE,
			       &label->at,
			       "the enum of this union has no value %s",
			       label->spelled);
	if (label->constant)
		fy_diag_note(scope->check->diag, message,
			     &label->constant->name.at, "this is %s",
			     label->spelled);
	fy_diag_note(scope->check->diag, message, &body->at,
		     "the enum is this one");
}

/* As C's switch has it, where both have 32 bits. */
static void
wrap_label(struct fy_scope *scope, const struct switchable *on,
	   struct fy_ast_value *label)
{
	char text[FY_NUMBER_TEXT];

	label->number = on->kind == FY_KIND_UINT
				? fy_number_u32(label->number)
				: fy_number_s32(label->number);
	fy_number_text(label->number, text);
	fy_diag_warn(scope->check->diag, FY_WARN_WRAPPED_NUMBER, &label->at,
		     "%s does not fit the discriminant: the low 32 bits are %s",
		     label->spelled, text);
}

/* A label must be a value that the discriminant can have. */
static void
check_label_value(struct fy_scope *scope, const struct switchable *on,
		  const struct fy_ast_type *base, struct fy_ast_value *label)
{
	bool fits = fy_number_within(label->number, on->min, on->max);

	if (!fits && on->range) {
		fy_diag_error(scope->check->diag, &label->at,
			      "%s is no value of %s", label->spelled,
			      on->range);
		return;
	}
	if (!fits)
		wrap_label(scope, on, label);
	if (on->kind == FY_KIND_ENUM)
		check_member(scope, enum_body(base), label);
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

/* One default, behind the cases and apart from them, is what the RFC has. */
static void
check_default(struct fy_scope *scope, const struct fy_ast_body *body,
	      const struct fy_ast_arm *arm, const struct fy_ast_arm **first)
{
	struct fy_diag *diag = scope->check->diag;
	const char *must = arm->n_labels > 0 ? "has an arm of its own"
			   : arm->next	     ? "is the last arm of a union"
					     : "is not the only arm";

	if (!arm->is_default)
		return;
	if (*first) {
		fy_diag_note(diag,
			     fy_diag_error(diag, &arm->default_at,
					   "there are two defaults"),
			     &(*first)->default_at, "the first is here");
		return;
	}
	*first = arm;
	if (arm->n_labels > 0 || arm->next || body->n_items == 1)
		fy_diag_warn(diag, FY_WARN_DEFAULT_PLACE, &arm->default_at,
			     "default %s in the RFC", must);
}

/* In C the discriminant stands apart from the arms. */
static bool
is_named_like_discriminant(struct fy_scope *scope,
			   const struct fy_ast_body *body,
			   const struct fy_ast_name *name)
{
	const struct fy_ast_name *other = &body->discriminant->name;

	if (!other->text || strcmp(other->text, name->text) != 0)
		return false;
	fy_diag_note(scope->check->diag,
		     fy_diag_warn(scope->check->diag, FY_WARN_ARM_NAME,
				  &name->at,
				  "this arm has the name of the discriminant"),
		     &other->at, "that is here");
	return true;
}

static void
check_labels(struct fy_scope *scope, const struct switchable *on,
	     const struct fy_ast_type *base, struct fy_ast_arm *arm,
	     struct fy_names *seen)
{
	for (struct fy_ast_label *label = arm->labels; label;
	     label = label->next) {
		fy_scope_value(scope, &label->value);
		if (!label->value.known)
			continue;
		if (on)
			check_label_value(scope, on, base, &label->value);
		check_label_once(scope, seen, &label->value);
	}
}

static void
check_union(struct fy_scope *scope, struct fy_ast_body *body)
{
	struct fy_names labels = { NULL, 0, 0 };
	struct fy_names members = { NULL, 0, 0 };
	const struct fy_ast_arm *first = NULL;
	const struct fy_ast_type *base;
	const struct switchable *on;

	check_decl(scope, body->discriminant);
	on = check_discriminant(scope, body->discriminant, &base);
	for (struct fy_ast_arm *arm = body->arms; arm; arm = arm->next) {
		check_labels(scope, on, base, arm, &labels);
		check_default(scope, body, arm, &first);
		check_decl(scope, &arm->decl);
		if (arm->decl.shape != FY_AST_VOID &&
		    !is_named_like_discriminant(scope, body, &arm->decl.name))
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
check_bound(struct fy_scope *scope, struct fy_ast_decl *decl)
{
	bool is_fixed = decl->shape == FY_AST_ARRAY ||
			decl->shape == FY_AST_OPAQUE;

	if (decl->bound.kind == FY_AST_NO_VALUE)
		return;
	if (is_fixed)
		fy_scope_length(scope, &decl->bound);
	else
		fy_scope_u32(scope, &decl->bound, "a length");
}

static void
check_decl(struct fy_scope *scope, struct fy_ast_decl *decl)
{
	check_bound(scope, decl);
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

/* RFC 5531 section 12.2 has the digits of each number stand there. */
static void
check_number(struct fy_scope *scope, struct fy_ast_value *value,
	     const char *what)
{
	fy_scope_u32(scope, value, what);
	if (value->kind == FY_AST_NAME)
		fy_diag_warn(scope->check->diag, FY_WARN_NAMED_NUMBER,
			     &value->at,
			     "%s is a number in the RFC, not the name of one",
			     what);
}

/* Solaris: a call that nobody answers. On the wire it is one without result. */
static void
check_result(struct fy_scope *scope, struct fy_ast_decl *result)
{
	const struct fy_ast_type *type = &result->type;

	if (result->shape != FY_AST_PLAIN || type->kind != FY_AST_NAMED ||
	    type->tag != FY_KIND_VOID ||
	    strcmp(type->name.text, "oneway") != 0 ||
	    fy_scope_find(scope, "oneway")) {
		check_decl(scope, result);
		return;
	}
	result->shape = FY_AST_VOID;
	fy_diag_warn(scope->check->diag, FY_WARN_ONEWAY, &result->at,
		     "'oneway' is a word of Solaris: this procedure is one "
		     "without a result, and is answered");
}

static void
check_version(struct fy_scope *scope, struct fy_ast_version *version)
{
	struct fy_names names = { NULL, 0, 0 };
	struct fy_names numbers = { NULL, 0, 0 };

	if (version->n_procedures == 0 && !version->is_partial)
		fy_diag_warn(scope->check->diag, FY_WARN_EMPTY_VERSION,
			     &version->name.at,
			     "a version has a procedure at least in the RFC");
	for (struct fy_ast_procedure *one = version->procedures; one;
	     one = one->next) {
		fy_scope_unique(scope, &names, &one->name, "procedure");
		check_number(scope, &one->value, "a procedure's number");
		check_number_once(scope, &numbers, &one->value, "procedure");
		check_result(scope, &one->result);
		for (struct fy_ast_decl *arg = one->args; arg; arg = arg->next)
			check_decl(scope, arg);
	}
}

/* RFC 5531 section 8.3: 0, and from 0x60000000 on, is nobody's. */
static void
check_range(struct fy_scope *scope, const struct fy_ast_value *number)
{
	if (number->known && (number->number.bits == 0 ||
			      number->number.bits >= 0x60000000))
		fy_diag_warn(scope->check->diag, FY_WARN_PROGRAM_NUMBER,
			     &number->at,
			     "programs have numbers from 1 to 0x5fffffff");
}

static void
check_program(struct fy_scope *scope, struct fy_ast_def *def)
{
	struct fy_names names = { NULL, 0, 0 };
	struct fy_names numbers = { NULL, 0, 0 };

	check_number(scope, &def->number, "a program's number");
	check_range(scope, &def->number);
	for (struct fy_ast_version *one = def->versions; one;
	     one = one->next) {
		fy_scope_unique(scope, &names, &one->name, "version");
		check_number(scope, &one->value, "a version's number");
		check_number_once(scope, &numbers, &one->value, "version");
		check_version(scope, one);
	}
	if (def->n_versions == 0 && !def->is_partial)
		fy_diag_error(scope->check->diag, &def->name.at,
			      "this program has no version");
}

/* RFC 4506 section 6.3 has the digits stand there. */
static void
check_constant(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	fy_scope_evaluate(scope, constant);
	if (constant->progress == FY_AST_GOOD &&
	    constant->value.kind == FY_AST_NAME)
		fy_diag_warn(scope->check->diag, FY_WARN_NAMED_CONSTANT,
			     &constant->value.at,
			     "a constant of the RFC is a number, not the name "
			     "of one");
}

static void
check_defs(struct fy_scope *scope, const struct fy_ast *ast)
{
	for (struct fy_ast_def *def = ast->defs; def && !scope->err;
	     def = def->next) {
		if (def->kind == FY_AST_CONST)
			check_constant(scope, def->constant);
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

	*check->foreign = (struct fy_ast){ .defs = NULL };
	check->foreign->tail = &check->foreign->defs;
	fy_scope_fill(&scope, check);
	check_circles(&scope, check->ast);
	check_defs(&scope, check->built_in);
	check_defs(&scope, check->ast);
	fy_scope_warn_of_foreign(&scope);
	return scope.err ? scope.err : check->diag->err;
}
