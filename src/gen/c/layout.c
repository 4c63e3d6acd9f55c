/* SPDX-License-Identifier: MIT */
/*
 * What types are made of: memory they take in C, whether their codecs recurse.
 * Pointers count as 8 bytes on every machine, so that the output is the same.
 */
#include "gen/c/c.h"
#include "idl/mem.h"

/* More is a bug in an interface file. */
#define MOST_BYTES ((uint64_t)1 << 24)

struct extent {
	uint64_t bytes;
	uint64_t align;
};

const struct fy_type *
fy_c_base(const struct fy_type *type)
{
	for (; type->kind == FY_KIND_ALIAS; type = type->element) {
		enum fy_kind made = type->element->kind;

		if (made == FY_KIND_OPAQUE || made == FY_KIND_ARRAY ||
		    made == FY_KIND_LIST)
			break;
	}
	return type;
}

bool
fy_c_is_scalar(const struct fy_type *base)
{
	return base->kind < FY_KIND_VOID || base->kind == FY_KIND_ENUM;
}

bool
fy_c_is_record(const struct fy_type *base)
{
	return base->kind == FY_KIND_STRUCT || base->kind == FY_KIND_UNION ||
	       base->kind == FY_KIND_ALIAS || base->kind == FY_KIND_FOREIGN;
}

bool
fy_c_is_fixed(const struct fy_type *type)
{
	return type->wire_min == type->wire_max;
}

static struct extent
measure(struct fy_c *c, const struct fy_type *type, bool is_arm)
{
	struct fy_c_type *known;

	switch (type->kind) {
	case FY_KIND_VOID:
		return (struct extent){ 0, 1 };
	case FY_KIND_OPTIONAL:
		return (struct extent){ 8, 8 };
	case FY_KIND_STRING:
	case FY_KIND_BYTES:
	case FY_KIND_LIST:
		return (struct extent){ 16, 8 };
	case FY_KIND_OPAQUE:
		if (fy_c_by_pointer(c, type, is_arm))
			return (struct extent){ 8, 8 };
		return (struct extent){ type->bound, 1 };
	case FY_KIND_ARRAY:
		if (fy_c_by_pointer(c, type, is_arm))
			return (struct extent){ 8, 8 };
		known = fy_c_find(c, type->element);
		return (struct extent){ type->bound * known->bytes,
					known->align };
	default:
		known = fy_c_find(c, type);
		if (is_arm && known->bytes > FY_C_INLINE_BYTES)
			return (struct extent){ 8, 8 };
		return (struct extent){ known->bytes, known->align };
	}
}

bool
fy_c_by_pointer(struct fy_c *c, const struct fy_type *type, bool is_arm)
{
	if (type->kind == FY_KIND_OPAQUE)
		return !type->bound || type->bound > FY_C_INLINE_BYTES;
	if (type->kind == FY_KIND_ARRAY)
		return !type->bound || type->bound > FY_C_INLINE_BYTES ||
		       type->bound * fy_c_find(c, type->element)->bytes >
			       FY_C_INLINE_BYTES;
	return is_arm && fy_c_is_record(fy_c_base(type)) &&
	       fy_c_find(c, type)->bytes > FY_C_INLINE_BYTES;
}

static void
append(struct extent *all, struct extent next)
{
	all->bytes = (all->bytes + next.align - 1) / next.align * next.align +
		     next.bytes;
	if (all->bytes > MOST_BYTES)
		all->bytes = MOST_BYTES + 1;
	if (next.align > all->align)
		all->align = next.align;
}

static struct extent
measure_struct(struct fy_c *c, const struct fy_type *type)
{
	struct extent all = { 0, 1 };

	for (size_t i = 0; i < type->n_fields; i++) {
		const struct fy_type *field = type->fields[i].type;

		/* A list is two members: the count, then the pointer. */
		if (field->kind == FY_KIND_LIST)
			append(&all, (struct extent){ 4, 4 });
		append(&all, field->kind == FY_KIND_LIST
				     ? (struct extent){ 8, 8 }
				     : measure(c, field, false));
	}
	return all;
}

static struct extent
measure_union(struct fy_c *c, const struct fy_type *type)
{
	struct extent all = measure(c, type->discriminant, false);
	struct extent arms = { 0, 1 };

	for (size_t i = 0; i < type->n_arms; i++) {
		struct extent arm = measure(c, type->arms[i].type, true);

		if (arm.bytes > arms.bytes)
			arms.bytes = arm.bytes;
		if (arm.align > arms.align)
			arms.align = arm.align;
	}
	append(&all, arms);
	return all;
}

static void
lay_out(struct fy_c *c, struct fy_c_type *planned)
{
	const struct fy_type *type = planned->type;
	struct extent all = { 4, 4 };

	if (type->kind == FY_KIND_STRUCT)
		all = measure_struct(c, type);
	else if (type->kind == FY_KIND_UNION)
		all = measure_union(c, type);
	else if (type->kind == FY_KIND_ALIAS)
		all = measure(c, type->element, false);
	else if (type->kind == FY_KIND_FOREIGN)
		/* Nobody knows: enough to be pointed at where size matters. */
		all = (struct extent){ FY_C_INLINE_BYTES + 8, 8 };
	append(&all, (struct extent){ 0, all.align });
	planned->bytes = all.bytes ? all.bytes : 1;
	planned->align = all.align;
}

/* ---- recursion ---- */

/* The type with a name that a field's, arm's or typedef's type leads to. */
static const struct fy_type *
reached(const struct fy_type *type)
{
	while (type->kind == FY_KIND_ARRAY || type->kind == FY_KIND_LIST ||
	       type->kind == FY_KIND_OPTIONAL)
		type = type->element;
	return type;
}

/* A walk over all that a type leads to. */
struct walk {
	struct fy_c *c;
	size_t *queue; /* indices of types */
	bool *seen;
	size_t n;
};

static void
visit(struct walk *w, const struct fy_type *type)
{
	size_t i;

	type = reached(type);
	if (type->kind != FY_KIND_STRUCT && type->kind != FY_KIND_UNION &&
	    type->kind != FY_KIND_ALIAS)
		return;
	i = (size_t)(fy_c_find(w->c, type) - w->c->types);
	if (w->seen[i])
		return;
	w->seen[i] = true;
	w->queue[w->n++] = i;
}

static void
visit_all(struct walk *w, const struct fy_type *type, size_t n_fields)
{
	for (size_t i = 0; i < n_fields; i++)
		visit(w, type->fields[i].type);
	for (size_t i = 0; i < type->n_arms; i++)
		visit(w, type->arms[i].type);
	if (type->element)
		visit(w, type->element);
}

static bool
is_next(const struct fy_type *type)
{
	const struct fy_type *last;

	if (type->kind != FY_KIND_STRUCT || !type->n_fields)
		return false;
	last = fy_c_base(type->fields[type->n_fields - 1].type);
	return last->kind == FY_KIND_OPTIONAL &&
	       fy_c_base(last->element) == type;
}

/* Whether the codec of @i comes back to itself, but for the next of a list. */
static bool
is_deep(struct walk *w, size_t i)
{
	const struct fy_c_type *planned = &w->c->types[i];

	w->n = 0;
	for (size_t j = 0; j < w->c->n_types; j++)
		w->seen[j] = false;
	visit_all(w, planned->type, planned->type->n_fields - planned->is_next);
	for (size_t at = 0; at < w->n; at++) {
		const struct fy_type *next = w->c->types[w->queue[at]].type;

		visit_all(w, next, next->n_fields);
	}
	return w->seen[i];
}

/* Notes what is the item of an array or a list. */
static void
note_item(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_type *item;

	if (type->kind != FY_KIND_ARRAY && type->kind != FY_KIND_LIST)
		return;
	item = fy_c_base(type->element);
	if (fy_c_is_record(item))
		fy_c_find(c, item)->is_item = true;
}

static void
note_items(struct fy_c *c, const struct fy_type *type)
{
	for (size_t i = 0; i < type->n_fields; i++)
		note_item(c, type->fields[i].type);
	for (size_t i = 0; i < type->n_arms; i++)
		note_item(c, type->arms[i].type);
	if (type->element)
		note_item(c, type->element);
}

/* Marks structs that the header points at before they are defined. */
static void
mark_early(struct walk *w, size_t i)
{
	w->n = 0;
	for (size_t j = 0; j < w->c->n_types; j++)
		w->seen[j] = false;
	visit_all(w, w->c->types[i].type, w->c->types[i].type->n_fields);
	for (size_t at = 0; at < w->n; at++) {
		const struct fy_type *type = w->c->types[w->queue[at]].type;
		struct fy_c_type *called;

		type = fy_c_base(reached(fy_c_base(type)));
		if (!fy_c_is_record(type) || type->kind == FY_KIND_FOREIGN)
			continue;
		called = fy_c_find(w->c, type);
		if (called > &w->c->types[i])
			called->early = true;
	}
}

/* Whether a codec counts its levels; a typedef between two is none. */
static bool
counts_depth(struct walk *w, size_t i)
{
	const struct fy_type *type = w->c->types[i].type;

	if (!type->recursive || !is_deep(w, i))
		return false;
	return type->kind != FY_KIND_ALIAS ||
	       fy_c_base(type->element->element)->kind == FY_KIND_ALIAS;
}

/* Rows of codecs have 24 bits for the place of a member. */
static ferry_err
refuse_large(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_span at = { .place = t->type->place, .len = 1 };
	struct fy_message *message;

	if (t->bytes <= MOST_BYTES)
		return FERRY_OK;
	message = fy_diag_error(c->gen->diag, &at,
				"this type takes more than 16 MiB of memory");
	fy_diag_hint(c->gen->diag, message,
		     "make a part of it optional, or a list");
	return FERRY_EINVAL;
}

ferry_err
fy_c_layout(struct fy_c *c)
{
	struct walk w = { .c = c };

	w.queue = fy_new(c->mem, (c->n_types + 1) * sizeof(*w.queue));
	w.seen = fy_new(c->mem, (c->n_types + 1) * sizeof(*w.seen));
	if (!w.queue || !w.seen)
		return FERRY_ENOMEM;

	/* Foreign types stand last, and others are made of them. */
	for (size_t i = c->model->n_types; i < c->n_types; i++)
		lay_out(c, &c->types[i]);
	for (size_t i = 0; i < c->model->n_types; i++)
		lay_out(c, &c->types[i]);
	for (size_t i = 0; i < c->n_types; i++) {
		struct fy_c_type *t = &c->types[i];

		note_items(c, t->type);
		mark_early(&w, i);
		if (fy_c_base(t->type) != t->type || !fy_c_is_record(t->type))
			continue;
		t->is_next = is_next(t->type);
		t->deep = counts_depth(&w, i);
	}
	for (size_t i = 0; i < c->n_types; i++) {
		ferry_err err = refuse_large(c, &c->types[i]);

		if (err)
			return err;
		c->types[i].is_code = fy_c_can_be_code(c, &c->types[i]);
	}
	return FERRY_OK;
}
