/* SPDX-License-Identifier: MIT */
/* Walks through the values of types.x as ferry declares them. */
#include "values.h"

#include <string.h>

static const int32_t colours[] = { RED, GREEN, BLUE, LAST };

#define NUMBER(member) seq_number(s, &(member), sizeof(member), #member)

/* The items of a list, @n of them at @items, each by WALK(pointer). */
#define LIST(n, items, max, WALK)                                              \
	do {                                                                   \
		uint32_t n_ = seq_count(s, &(n), max, #items);                 \
		(items) = seq_items(s, (items), n_, sizeof(*(items)));         \
		for (uint32_t i_ = 0; i_ < n_; i_++)                           \
			WALK(s, &(items)[i_]);                                 \
	} while (0)

#define EACH(member, WALK)                                                     \
	do {                                                                   \
		for (size_t i_ = 0;                                            \
		     i_ < sizeof(member) / sizeof((member)[0]); i_++)          \
			WALK(s, &(member)[i_]);                                \
	} while (0)

#define WALK_NUMBER(name, type)                                                \
	static void name(struct seq *s, type *v) { NUMBER(*v); }
WALK_NUMBER(walk_int, int32_t)
WALK_NUMBER(walk_uint, uint32_t)
WALK_NUMBER(walk_hyper, int64_t)
WALK_NUMBER(walk_uhyper, uint64_t)
WALK_NUMBER(walk_float, float)
WALK_NUMBER(walk_double, double)

static void
walk_bool(struct seq *s, bool *v)
{
	bool drawn = seq_bool(s);

	if (s->compare)
		seq_expect(s, *v == drawn, "bool");
	else
		*v = drawn;
}

static void
walk_colour(struct seq *s, enum colour *v)
{
	seq_pick(s, v, colours, 4, "colour");
}

static void
walk_text(struct seq *s, struct ferry_str *v, uint32_t max)
{
	char *drawn = seq_text(s, max);

	if (s->compare)
		seq_expect(s, ferry_str_eq(*v, drawn), "text");
	else
		*v = ferry_str_of(drawn);
}

static void
walk_name(struct seq *s, struct ferry_str *v)
{
	walk_text(s, v, 32);
}

static void
walk_bytes(struct seq *s, struct ferry_bytes *v, uint32_t max)
{
	uint32_t n = seq_count(s, &v->len, max, "length of opaque");
	uint8_t *drawn = seq_alloc(s, n);

	if (s->compare && n)
		memcpy(drawn, v->data, n);
	seq_octets(s, drawn, n, "opaque");
	if (!s->compare)
		v->data = drawn;
}

static void
walk_point(struct seq *s, struct point *v)
{
	NUMBER(v->x);
	NUMBER(v->y);
}

static void
walk_segment(struct seq *s, struct segment *v)
{
	walk_point(s, &v->from);
	walk_point(s, &v->to);
	walk_name(s, &v->label);
}

/* Whether there is a value behind the pointer at @v, and room for it. */
static bool
walk_optional(struct seq *s, void *v, size_t bytes)
{
	bool drawn = seq_bool(s);
	void *p = NULL;

	if (s->compare) {
		memcpy(&p, v, sizeof(p));
		seq_expect(s, (p != NULL) == drawn, "optional");
	} else {
		p = drawn ? seq_alloc(s, bytes) : NULL;
		memcpy(v, &p, sizeof(p));
	}
	return drawn && p && !s->differs[0];
}

static void
walk_list(struct seq *s, struct node **v)
{
	for (int i = 0; i < 30 && walk_optional(s, v, sizeof(**v)); i++) {
		NUMBER((*v)->value);
		v = &(*v)->next;
	}
}

static void
walk_tree(struct seq *s, struct tree **v, int depth)
{
	if (depth == 0 || !walk_optional(s, v, sizeof(struct tree)))
		return;
	walk_name(s, &(*v)->label);
	walk_tree(s, &(*v)->left, depth - 1);
	walk_tree(s, &(*v)->right, depth - 1);
}

static void
walk_by_int(struct seq *s, struct by_int *v)
{
	static const int32_t kinds[] = { 1, 2, 3, 4, -1, 5, 6, 7, -2147483647 };

	seq_pick(s, &v->kind, kinds, 9, "by_int.kind");
	switch (v->kind) {
	case 1:
		NUMBER(v->u.number);
		break;
	case 2:
	case 3:
		walk_text(s, &v->u.text, UINT32_MAX);
		break;
	case 4:
		break;
	case -1:
		walk_point(s, &v->u.where);
		break;
	case 5:
		EACH(v->u.three, walk_int);
		break;
	case 6:
		LIST(v->u.segments.n_items, v->u.segments.items, UINT32_MAX,
		     walk_segment);
		break;
	default:
		NUMBER(v->u.other);
	}
}

static void
walk_by_unsigned(struct seq *s, struct by_unsigned *v)
{
	static const int32_t kinds[] = { 1, 2, 3, -1 };

	seq_pick(s, &v->kind, kinds, 4, "by_unsigned.kind");
	if (v->kind == 1)
		walk_bytes(s, &v->u.raw, 20);
	else if (v->kind == 2)
		seq_octets(s, v->u.fixed, 6, "fixed");
}

static void
walk_by_enum(struct seq *s, struct by_enum *v)
{
	static const int32_t kinds[] = { RED, GREEN, BLUE };

	seq_pick(s, &v->kind, kinds, 3, "by_enum.kind");
	if (v->kind == GREEN && walk_optional(s, &v->u.maybe,
					      sizeof(*v->u.maybe)))
		walk_point(s, v->u.maybe);
	else if (v->kind == BLUE)
		NUMBER(v->u.number);
}

static void
walk_by_bool(struct seq *s, struct by_bool *v)
{
	walk_bool(s, &v->ok);
	if (v->ok)
		walk_segment(s, &v->u.edge);
	else
		NUMBER(v->u.code);
}

static void
walk_dialect(struct seq *s, struct dialect *v)
{
	NUMBER(v->s);
	NUMBER(v->us);
	NUMBER(v->c);
	NUMBER(v->uc);
	NUMBER(v->l);
	NUMBER(v->ul);
	NUMBER(v->ui);
	NUMBER(v->i32);
	NUMBER(v->u32);
	NUMBER(v->i64);
	NUMBER(v->u64);
	walk_point(s, &v->where);
}

static void
walk_scalars(struct seq *s, struct everything *v)
{
	NUMBER(v->i);
	NUMBER(v->u);
	NUMBER(v->bare);
	NUMBER(v->h);
	NUMBER(v->uh);
	walk_bool(s, &v->b);
	walk_colour(s, &v->c);
	NUMBER(v->f);
	NUMBER(v->d);
	seq_octets(s, v->fixed, sizeof(v->fixed), "fixed");
	v->fixed_big = seq_items(s, v->fixed_big, 100, 1);
	seq_octets(s, v->fixed_big, 100, "fixed_big");
	walk_bytes(s, &v->variable, UINT32_MAX);
	walk_bytes(s, &v->bounded, 17);
	walk_text(s, &v->text, UINT32_MAX);
	walk_text(s, &v->bounded_text, 9);
}

static void
walk_arrays(struct seq *s, struct everything *v)
{
	EACH(v->ints, walk_int);
	v->big_ints = seq_items(s, v->big_ints, N_BIG, sizeof(*v->big_ints));
	for (int i = 0; i < N_BIG; i++)
		walk_int(s, &v->big_ints[i]);
	LIST(v->n_uints, v->uints, 7, walk_uint);
	LIST(v->n_hypers, v->hypers, UINT32_MAX, walk_hyper);
	EACH(v->uhypers, walk_uhyper);
	LIST(v->n_floats, v->floats, UINT32_MAX, walk_float);
	EACH(v->doubles, walk_double);
	LIST(v->n_bools, v->bools, UINT32_MAX, walk_bool);
	EACH(v->flags, walk_bool);
	LIST(v->n_colours, v->colours, 3, walk_colour);
	EACH(v->corners, walk_point);
	LIST(v->n_points, v->points, N_POINTS, walk_point);
	LIST(v->n_segments, v->segments, UINT32_MAX, walk_segment);
}

static void
walk_pointers(struct seq *s, struct everything *v)
{
	if (walk_optional(s, &v->maybe_int, sizeof(*v->maybe_int)))
		NUMBER(*v->maybe_int);
	if (walk_optional(s, &v->maybe_name, sizeof(*v->maybe_name)))
		walk_name(s, v->maybe_name);
	if (walk_optional(s, &v->maybe_segment, sizeof(*v->maybe_segment)))
		walk_segment(s, v->maybe_segment);
	walk_list(s, &v->list);
	walk_tree(s, &v->root, 4);
}

static void
walk_typedefs(struct seq *s, struct everything *v)
{
	EACH(v->small.items, walk_int);
	walk_bytes(s, &v->file, 64);
	seq_octets(s, v->sum.data, sizeof(v->sum.data), "sum");
	walk_name(s, &v->title);
	NUMBER(v->time);
	LIST(v->paint.n_items, v->paint.items, UINT32_MAX, walk_colour);
	LIST(v->curve.n_items, v->curve.items, UINT32_MAX, walk_double);
	LIST(v->way.n_items, v->way.items, N_POINTS, walk_point);
	LIST(v->people.n_items, v->people.items, 5, walk_name);
}

void
walk_everything(struct seq *s, struct everything *v)
{
	walk_scalars(s, v);
	walk_arrays(s, v);
	walk_pointers(s, v);
	walk_typedefs(s, v);
	walk_by_int(s, &v->ui);
	walk_by_unsigned(s, &v->uu);
	walk_by_enum(s, &v->ue);
	walk_by_bool(s, &v->ub);
	walk_dialect(s, &v->extra);
}
