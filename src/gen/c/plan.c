/* SPDX-License-Identifier: MIT */
/*
 * Names: every one that the output declares, decided before any is emitted.
 * First come the interface file's own in its order, then those made of them,
 * so that a name that is added at the end of a file changes none above it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gen/c/c.h"
#include "idl/mem.h"

static const struct {
	const char *spelled;
	const char *codec;
	uint64_t bytes;
} builtins[FY_KIND_VOID] = {
	[FY_KIND_INT] = { "int32_t", "ferry_codec_int", 4 },
	[FY_KIND_UINT] = { "uint32_t", "ferry_codec_uint", 4 },
	[FY_KIND_CHAR] = { "int8_t", "ferry_codec_char", 1 },
	[FY_KIND_UCHAR] = { "uint8_t", "ferry_codec_uchar", 1 },
	[FY_KIND_SHORT] = { "int16_t", "ferry_codec_short", 2 },
	[FY_KIND_USHORT] = { "uint16_t", "ferry_codec_ushort", 2 },
	[FY_KIND_BOOL] = { "bool", "ferry_codec_bool", 1 },
	[FY_KIND_FLOAT] = { "float", "ferry_codec_float", 4 },
	[FY_KIND_HYPER] = { "int64_t", "ferry_codec_hyper", 8 },
	[FY_KIND_UHYPER] = { "uint64_t", "ferry_codec_uhyper", 8 },
	[FY_KIND_DOUBLE] = { "double", "ferry_codec_double", 8 },
	[FY_KIND_QUADRUPLE] = { "struct ferry_quadruple",
				"ferry_codec_quadruple", 16 },
};

/* ---- looking up ---- */

struct fy_c_type *
fy_c_find(struct fy_c *c, const struct fy_type *type)
{
	size_t low = 0, high = c->n_types;

	if (type->kind < FY_KIND_VOID)
		return &c->builtin[type->kind];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fy_type *there = c->by_type[middle]->type;

		if (there == type)
			return c->by_type[middle];
		if ((uintptr_t)there < (uintptr_t)type)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int
by_address(const void *a, const void *b)
{
	const struct fy_c_type *const *x = a, *const *y = b;
	uintptr_t p = (uintptr_t)(*x)->type, q = (uintptr_t)(*y)->type;

	return p < q ? -1 : p > q;
}

static int
by_wanted(const void *a, const void *b)
{
	const struct fy_c_value *const *x = a, *const *y = b;

	return strcmp((*x)->wanted, (*y)->wanted);
}

struct fy_c_value *
fy_c_value(struct fy_c *c, const char *wanted)
{
	size_t low = 0, high = c->n_values;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(wanted, c->by_wanted[middle]->wanted);

		if (order == 0)
			return c->by_wanted[middle];
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- names ---- */

/* As the interface file has it, or made of where it stands. */
static const char *
wanted_name(struct fy_c *c, const struct fy_type *type)
{
	const char *owner;

	if (type->name)
		return type->name;
	if (!type->owner)
		return fy_c_keep(c, fy_c_find(c, type)->wanted);
	owner = wanted_name(c, type->owner);
	if (type->owner->kind == FY_KIND_ALIAS && type->owner->element == type)
		return owner;
	return fy_c_join(c, owner, "_",
			 type->owner_member ? type->owner_member : "item",
			 NULL);
}

/* A name at file level. @ordinary: of no struct, union or enum. */
static const char *
claim(struct fy_c *c, const char *wanted, bool ordinary)
{
	const char *name;

	name = fy_scope_claim(&c->scope,
			      fy_c_join(c, c->prefix, wanted, NULL, NULL),
			      ordinary ? c->reserved : c->reserved_tag);
	if (name && ordinary &&
	    !fy_scope_claim(&c->ordinary, name, c->reserved))
		name = NULL;
	return fy_c_keep(c, name);
}

const char *
fy_c_claim(struct fy_c *c, const char *before, const char *name,
	   const char *after)
{
	return fy_c_keep(c, fy_scope_claim(&c->scope,
					   fy_c_join(c, before, name, after,
						     NULL),
					   c->reserved));
}

static void
name_value(struct fy_c *c, const char *wanted, bool is_int)
{
	struct fy_c_value *value = &c->values[c->n_values];

	*value = (struct fy_c_value){
		.wanted = wanted,
		.name = claim(c, wanted, true),
		.is_int = is_int,
	};
	c->by_wanted[c->n_values++] = value;
}

static void
name_type(struct fy_c *c, struct fy_c_type *t)
{
	const struct fy_type *type = t->type;
	const char *wanted = wanted_name(c, type);
	const struct fy_type *base = fy_c_base(type);

	if (type->kind == FY_KIND_FOREIGN) {
		t->name = type->name;
		t->spelled = type->name;
		t->declared = true;
		return;
	}
	if (type->kind == FY_KIND_ALIAS && !type->element->name &&
	    type->element->owner == type &&
	    fy_c_find(c, type->element)) {
		/* typedef struct { ... } name: the struct has the name. */
		t->same = fy_c_find(c, type->element);
		t->name = t->same->name;
		t->spelled = t->same->spelled;
		return;
	}
	if (base->kind < FY_KIND_VOID && !*c->prefix &&
	    strcmp(c->builtin[base->kind].spelled, wanted) == 0) {
		/* typedef unsigned int uint32_t: C has it. */
		t->same = &c->builtin[base->kind];
		t->name = wanted;
		t->spelled = wanted;
		return;
	}
	if (base->kind == FY_KIND_STRING || base->kind == FY_KIND_BYTES) {
		t->name = claim(c, wanted, false);
		t->spelled = fy_c_spell(c, base);
		return;
	}
	t->name = claim(c, wanted, base != type);
	t->spelled = base != type ? t->name
		     : type->kind == FY_KIND_ENUM
			     ? fy_c_join(c, "enum ", t->name, NULL, NULL)
			     : fy_c_join(c, "struct ", t->name, NULL, NULL);
}

static bool
is_never_reserved(const char *name)
{
	(void)name;
	return false;
}

/*
 * What a %#include brings is called as it is, and so are the hooks that its
 * owner supplies: they come before all names that can give way.
 */
static void
claim_foreign(struct fy_c *c)
{
	static const char *const ends[] = { "", "_size", "_put", "_get" };

	for (size_t i = 0; i < c->model->n_foreign; i++)
		for (size_t j = 0; j < FY_ARRAY_LEN(ends); j++) {
			const char *name =
				fy_c_join(c, c->model->foreign[i]->name,
					  ends[j], NULL, NULL);

			fy_c_keep(c, fy_scope_claim(&c->scope, name,
						    is_never_reserved));
			if (j == 0)
				fy_c_keep(c, fy_scope_claim(&c->ordinary, name,
							    is_never_reserved));
		}
}

static void
name_functions(struct fy_c *c, struct fy_c_type *t)
{
	static const char *const ends[] = { "_size", "_put", "_get" };
	static const char *const starts[] = { "size_", "put_", "get_" };

	if (t->same)
		return;
	for (int i = 0; i < FY_C_N_MODES; i++) {
		/* The hooks of a foreign type's owner have no prefix. */
		if (t->type->kind == FY_KIND_FOREIGN)
			t->function[i] = fy_c_join(c, t->name, ends[i], NULL,
						   NULL);
		else
			t->function[i] = fy_c_claim(c, "", t->name, ends[i]);
	}
	t->codec = fy_c_claim(c, "", t->name, "_codec");
	t->rows = fy_c_claim(c, "", t->name,
			     t->type->kind == FY_KIND_ENUM ? "_values"
							   : "_rows");
	if (t->type->kind == FY_KIND_UNION)
		t->cases = fy_c_claim(c, "", t->name, "_cases");
	if (!t->is_code)
		return;
	for (int i = 0; i < FY_C_N_MODES; i++)
		t->code[i] = fy_c_claim(c, starts[i], t->name, "");
	t->code[FY_C_N_MODES] = fy_c_claim(c, "", t->name, "_code");
}

/* The members of a struct or union: a scope of their own. */
static ferry_err
name_members(struct fy_c *c, struct fy_c_type *t)
{
	const struct fy_type *type = t->type;
	size_t n = type->n_fields + type->n_arms;
	struct fy_scope scope = { .mem = c->mem };

	t->members = fy_new(c->mem, (n + 1) * sizeof(*t->members));
	t->counts = fy_new(c->mem, (n + 1) * sizeof(*t->counts));
	if (!t->members || !t->counts)
		return FERRY_ENOMEM;

	for (size_t i = 0; i < type->n_fields; i++)
		t->members[i] = fy_c_keep(
			c, fy_scope_claim(&scope, type->fields[i].name,
					  fy_c_reserved_member));
	for (size_t i = 0; i < type->n_fields; i++)
		if (type->fields[i].type->kind == FY_KIND_LIST)
			t->counts[i] = fy_c_keep(
				c, fy_scope_claim(&scope,
						  fy_c_join(c, "n_",
							    t->members[i], NULL,
							    NULL),
						  fy_c_reserved_member));
	for (size_t i = 0; i < type->n_arms; i++)
		if (type->arms[i].name)
			t->members[i] = fy_c_keep(
				c, fy_scope_claim(&scope, type->arms[i].name,
						  fy_c_reserved_member));
	if (type->kind == FY_KIND_UNION) {
		scope = (struct fy_scope){ .mem = c->mem };
		fy_c_keep(c, fy_scope_claim(&scope, "u", fy_c_reserved_member));
		t->discriminant = fy_c_keep(
			c, fy_scope_claim(&scope, type->discriminant_name,
					  fy_c_reserved_member));
	}
	return FERRY_OK;
}

static size_t
count_values(const struct fy_model *model)
{
	size_t n = 1;

	for (size_t i = 0; i < model->n_defs; i++)
		n += model->defs[i].kind == FY_DEF_CONST;
	for (size_t i = 0; i < model->n_types; i++)
		n += model->types[i]->n_enumerators;
	return n;
}

static ferry_err
make_tables(struct fy_c *c)
{
	size_t n_values = count_values(c->model);

	c->n_types = c->model->n_types + c->model->n_foreign;
	c->types = fy_new(c->mem, (c->n_types + 1) * sizeof(*c->types));
	c->by_type = fy_new(c->mem, (c->n_types + 1) * sizeof(*c->by_type));
	c->values = fy_new(c->mem, n_values * sizeof(*c->values));
	c->by_wanted = fy_new(c->mem, n_values * sizeof(*c->by_wanted));
	if (!c->types || !c->by_type || !c->values || !c->by_wanted)
		return FERRY_ENOMEM;

	for (size_t i = 0; i < c->n_types; i++) {
		c->types[i].type =
			i < c->model->n_types
				? c->model->types[i]
				: c->model->foreign[i - c->model->n_types];
		c->by_type[i] = &c->types[i];
	}
	qsort(c->by_type, c->n_types, sizeof(*c->by_type), by_address);
	for (size_t i = 0; i < FY_KIND_VOID; i++)
		c->builtin[i] = (struct fy_c_type){
			.spelled = builtins[i].spelled,
			.codec = builtins[i].codec,
			.bytes = builtins[i].bytes,
			.align = builtins[i].bytes < 8 ? builtins[i].bytes : 8,
			.declared = true,
		};
	return FERRY_OK;
}

static void
name_values(struct fy_c *c)
{
	for (size_t i = 0; i < c->model->n_defs; i++) {
		const struct fy_const *constant = c->model->defs[i].constant;

		if (c->model->defs[i].kind == FY_DEF_CONST)
			name_value(c, constant->name,
				   !constant->is_unsigned && !constant->text &&
					   constant->value >= INT32_MIN &&
					   constant->value <= INT32_MAX);
	}
	for (size_t i = 0; i < c->n_types; i++) {
		const struct fy_type *type = c->types[i].type;

		for (size_t j = 0; j < type->n_enumerators; j++)
			name_value(c, type->enumerators[j].name, true);
	}
	qsort(c->by_wanted, c->n_values, sizeof(*c->by_wanted), by_wanted);
}

ferry_err
fy_c_plan(struct fy_c *c)
{
	ferry_err err = make_tables(c);

	if (err)
		return err;
	claim_foreign(c);
	name_values(c);
	fy_c_name_in_place(c);
	for (size_t i = 0; i < c->n_types; i++)
		name_type(c, &c->types[i]);
	for (size_t i = 0; !err && i < c->n_types; i++)
		err = name_members(c, &c->types[i]);
	if (!err)
		err = fy_c_layout(c);
	for (size_t i = 0; i < c->n_types; i++)
		name_functions(c, &c->types[i]);
	if (!err)
		err = fy_c_name_versions(c);
	return err ? err : c->header.err;
}
