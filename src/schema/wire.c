/* SPDX-License-Identifier: MIT */
/*
 * Two types are the same on the wire unless something tells them apart: pairs
 * are taken for the same while they are compared, so that cycles end.
 */
#include "idl/mem.h"
#include "schema/differ.h"
#include "schema/shape.h"

/* Of pairs: whoever has more is compared by hand. */
#define MAX_STEPS 10000

struct match {
	struct fy_differ *d;
	struct fy_names met;
	struct fy_type_pair *queue;
	struct fy_type_pair **tail;
	size_t n_steps;
};

static bool
push(struct match *m, const struct fy_type *old, const struct fy_type *new)
{
	struct fy_type_pair *pair;
	struct ferry_str key;
	void *found = NULL;

	old = fy_shape_base(old);
	new = fy_shape_base(new);
	if (old->kind <= FY_KIND_VOID || new->kind <= FY_KIND_VOID)
		return fy_shape_of(old).kind == fy_shape_of(new).kind ||
		       fy_shape_same_bool(old, new);
	pair = fy_new(m->d->mem, sizeof(*pair));
	if (!pair || m->n_steps++ == MAX_STEPS)
		return false;
	pair->types[0] = old;
	pair->types[1] = new;
	key = (struct ferry_str){ (const char *)pair->types,
				  sizeof(pair->types) };
	if (fy_names_put(&m->met, m->d->mem, key, pair, &found) != FERRY_OK)
		return false;
	if (!found) {
		*m->tail = pair;
		m->tail = &pair->next;
	}
	return true;
}

static bool
same_fields(struct match *m, const struct fy_type *old,
	    const struct fy_type *new)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < old->n_fields && fy_shape_is_void(&old->fields[i]))
			i++;
		while (j < new->n_fields && fy_shape_is_void(&new->fields[j]))
			j++;
		if (i == old->n_fields || j == new->n_fields)
			return i == old->n_fields && j == new->n_fields;
		if (!push(m, old->fields[i++].type, new->fields[j++].type))
			return false;
	}
}

static bool
same_enumerators(struct match *m, const struct fy_type *old,
		 const struct fy_type *new)
{
	struct fy_names before = { .n = 0 };
	struct fy_names after = { .n = 0 };

	if (fy_shape_values(&before, old, m->d->mem) != FERRY_OK ||
	    fy_shape_values(&after, new, m->d->mem) != FERRY_OK ||
	    before.n != after.n)
		return false;
	for (size_t i = 0; i < old->n_enumerators; i++) {
		if (!fy_names_get(&after, fy_shape_value_key(
						  &old->enumerators[i])))
			return false;
	}
	return true;
}

static bool
same_arms(struct match *m, const struct fy_type *old,
	  const struct fy_type *new)
{
	struct fy_names before = { .n = 0 };
	struct fy_names after = { .n = 0 };

	if (fy_shape_labels(&before, old, m->d->mem) != FERRY_OK ||
	    fy_shape_labels(&after, new, m->d->mem) != FERRY_OK ||
	    before.n != after.n || old->has_default != new->has_default ||
	    !push(m, old->discriminant, new->discriminant))
		return false;
	for (size_t i = 0; i < before.cap; i++) {
		const struct fy_arm *a = before.slots[i].value;
		const struct fy_arm *b;

		if (!before.slots[i].key.data)
			continue;
		b = fy_names_get(&after, before.slots[i].key);
		if (!b || !push(m, a->type, b->type))
			return false;
	}
	return !old->has_default ||
	       push(m, old->arms[old->n_arms - 1].type,
		    new->arms[new->n_arms - 1].type);
}

static bool
same_pair(struct match *m, const struct fy_type *old,
	  const struct fy_type *new)
{
	struct fy_shape a = fy_shape_of(old);
	struct fy_shape b = fy_shape_of(new);

	if (a.kind != b.kind)
		return fy_shape_same_bool(old, new);
	switch (a.kind) {
	case FY_KIND_ENUM:
		return same_enumerators(m, old, new);
	case FY_KIND_STRUCT:
		return same_fields(m, old, new);
	case FY_KIND_UNION:
		return same_arms(m, old, new);
	case FY_KIND_FOREIGN:
		return strcmp(old->name, new->name) == 0;
	default:
		return a.bound == b.bound &&
		       (!a.element || push(m, a.element, b.element));
	}
}

bool
fy_same_wire(struct fy_differ *d, const struct fy_type *old,
	     const struct fy_type *new)
{
	struct match m = { .d = d };

	m.tail = &m.queue;
	if (!push(&m, old, new))
		return false;
	for (const struct fy_type_pair *p = m.queue; p; p = p->next) {
		if (!same_pair(&m, p->types[0], p->types[1]))
			return false;
	}
	return true;
}
