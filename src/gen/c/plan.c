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
	const char *word; /* in the names of functions */
	uint64_t bytes;
} builtins[FY_KIND_VOID] = {
	[FY_KIND_INT] = { "int32_t", "int", 4 },
	[FY_KIND_UINT] = { "uint32_t", "uint", 4 },
	[FY_KIND_CHAR] = { "int8_t", "char", 1 },
	[FY_KIND_UCHAR] = { "uint8_t", "uchar", 1 },
	[FY_KIND_SHORT] = { "int16_t", "short", 2 },
	[FY_KIND_USHORT] = { "uint16_t", "ushort", 2 },
	[FY_KIND_BOOL] = { "bool", "bool", 1 },
	[FY_KIND_FLOAT] = { "float", "float", 4 },
	[FY_KIND_HYPER] = { "int64_t", "hyper", 8 },
	[FY_KIND_UHYPER] = { "uint64_t", "uhyper", 8 },
	[FY_KIND_DOUBLE] = { "double", "double", 8 },
	[FY_KIND_QUADRUPLE] = { "struct ferry_quadruple", "quadruple", 16 },
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

/* ---- text ---- */

/* Texts are made while planning and emitting; a lost one loses the output. */
static const char *
keep(struct fy_c *c, const char *text)
{
	if (text)
		return text;
	c->header.err = FERRY_ENOMEM;
	return "";
}

const char *
fy_c_u64(struct fy_c *c, uint64_t n)
{
	return keep(c, fy_format(c->mem, "%" PRIu64, n));
}

const char *
fy_c_fixed(struct fy_c *c, uint64_t bytes)
{
	return bytes < UINT32_MAX ? fy_c_u64(c, bytes) : "SIZE_MAX";
}

const char *
fy_c_join(struct fy_c *c, const char *a, const char *b, const char *third,
	  const char *fourth)
{
	return keep(c, fy_format(c->mem, "%s%s%s%s", a, b, third ? third : "",
				 fourth ? fourth : ""));
}

const char *
fy_c_declare(struct fy_c *c, const char *spelled, const char *name)
{
	size_t len = strlen(spelled);
	bool is_pointer = len && spelled[len - 1] == '*';

	return fy_c_join(c, spelled, is_pointer ? "" : " ", name, NULL);
}

const char *
fy_c_bound(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_c_value *value = NULL;

	if (type->bound_name)
		value = fy_c_value(c, type->bound_name);
	if (value && value->is_int && value->declared)
		return value->name;
	if (type->bound == FY_NO_BOUND)
		return "UINT32_MAX";
	return fy_c_u64(c, type->bound);
}

const char *
fy_c_spell(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_c_type *known;

	switch (type->kind) {
	case FY_KIND_STRING:
		return "struct ferry_str";
	case FY_KIND_BYTES:
		return "struct ferry_bytes";
	case FY_KIND_OPAQUE:
		return "uint8_t";
	case FY_KIND_OPTIONAL:
		known = fy_c_find(c, type->element);
		if (known)
			return fy_c_declare(
				c, fy_c_spell(c, type->element), "*");
		return "void *";
	case FY_KIND_ARRAY:
	case FY_KIND_LIST:
		return fy_c_spell(c, type->element);
	default:
		break;
	}
	known = fy_c_find(c, type);
	/* A typedef that stands further down: what it means does as well. */
	if (type->kind == FY_KIND_ALIAS && !known->declared &&
	    fy_c_base(type) != type)
		return fy_c_spell(c, type->element);
	return known->spelled;
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
		return keep(c, fy_c_find(c, type)->wanted);
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
			      ordinary ? fy_c_reserved : fy_c_reserved_tag);
	if (name && ordinary &&
	    !fy_scope_claim(&c->ordinary, name, fy_c_reserved))
		name = NULL;
	return keep(c, name);
}

/* The same without the prefix, which is part of @name already. */
static const char *
claim_with(struct fy_c *c, const char *before, const char *name,
	   const char *after)
{
	return keep(c, fy_scope_claim(&c->scope,
				      fy_c_join(c, before, name, after, NULL),
				      fy_c_reserved));
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

static void
name_functions(struct fy_c *c, struct fy_c_type *t)
{
	if (t->same)
		return;
	t->size = claim_with(c, "", t->name, "_size");
	t->put = claim_with(c, "", t->name, "_put");
	t->get = claim_with(c, "", t->name, "_get");
	if (t->type->kind == FY_KIND_ENUM) {
		t->is = claim_with(c, "is_", t->name, "");
		t->load = claim_with(c, "load_", t->name, "");
		t->store = claim_with(c, "store_", t->name, "");
	} else if (fy_c_base(t->type) == t->type) {
		t->size_in = claim_with(c, "size_", t->name, "");
		t->put_in = claim_with(c, "put_", t->name, "");
		t->get_in = claim_with(c, "get_", t->name, "");
	}
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
		t->members[i] = keep(
			c, fy_scope_claim(&scope, type->fields[i].name,
					  fy_c_reserved_member));
	for (size_t i = 0; i < type->n_fields; i++)
		if (type->fields[i].type->kind == FY_KIND_LIST)
			t->counts[i] = keep(
				c, fy_scope_claim(&scope,
						  fy_c_join(c, "n_",
							    t->members[i], NULL,
							    NULL),
						  fy_c_reserved_member));
	for (size_t i = 0; i < type->n_arms; i++)
		if (type->arms[i].name)
			t->members[i] = keep(
				c, fy_scope_claim(&scope, type->arms[i].name,
						  fy_c_reserved_member));
	if (type->kind == FY_KIND_UNION) {
		scope = (struct fy_scope){ .mem = c->mem };
		keep(c, fy_scope_claim(&scope, "u", fy_c_reserved_member));
		t->discriminant = keep(
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

	c->n_types = c->model->n_types;
	c->types = fy_new(c->mem, (c->n_types + 1) * sizeof(*c->types));
	c->by_type = fy_new(c->mem, (c->n_types + 1) * sizeof(*c->by_type));
	c->values = fy_new(c->mem, n_values * sizeof(*c->values));
	c->by_wanted = fy_new(c->mem, n_values * sizeof(*c->by_wanted));
	if (!c->types || !c->by_type || !c->values || !c->by_wanted)
		return FERRY_ENOMEM;

	for (size_t i = 0; i < c->n_types; i++) {
		c->types[i].type = c->model->types[i];
		c->by_type[i] = &c->types[i];
	}
	qsort(c->by_type, c->n_types, sizeof(*c->by_type), by_address);
	for (size_t i = 0; i < FY_KIND_VOID; i++)
		c->builtin[i] = (struct fy_c_type){
			.spelled = builtins[i].spelled,
			.name = builtins[i].word,
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

static void
name_builtins(struct fy_c *c)
{
	for (size_t i = 0; i < FY_KIND_VOID; i++) {
		struct fy_c_type *t = &c->builtin[i];

		t->put = claim_with(c, "put_", t->name, "");
		t->get = claim_with(c, "get_", t->name, "");
		t->load = claim_with(c, "load_", t->name, "");
	}
}

ferry_err
fy_c_plan(struct fy_c *c)
{
	ferry_err err = make_tables(c);

	if (err)
		return err;
	name_values(c);
	fy_c_name_in_place(c);
	for (size_t i = 0; i < c->n_types; i++)
		name_type(c, &c->types[i]);
	for (size_t i = 0; !err && i < c->n_types; i++)
		err = name_members(c, &c->types[i]);
	for (size_t i = 0; i < c->n_types; i++)
		name_functions(c, &c->types[i]);
	name_builtins(c);
	c->add_size = claim_with(c, "add_size", "", "");
	if (!err)
		err = fy_c_layout(c);
	if (!err)
		err = fy_c_name_versions(c);
	return err ? err : c->header.err;
}
