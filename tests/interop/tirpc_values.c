/* SPDX-License-Identifier: MIT */
/* Walks through the values of types.x as rpcgen declares them. */
#include "tirpc.h"

#include <string.h>

static const int32_t colours[] = { RED, GREEN, BLUE, LAST };

#define NUMBER(member) seq_number(s, &(member), sizeof(member), #member)

/* The items of rpcgen's { name_len, name_val }, each by EACH(pointer). */
#define LIST(member, max, EACH)                                                \
	do {                                                                   \
		uint32_t n_ = seq_count(s, &(member##_len), max, #member);     \
		(member##_val) = seq_items(s, (member##_val), n_,              \
					   sizeof(*(member##_val)));           \
		for (uint32_t i_ = 0; i_ < n_; i_++)                           \
			EACH(s, &(member##_val)[i_]);                          \
	} while (0)

#define EACH(member, WALK)                                                     \
	do {                                                                   \
		for (size_t i_ = 0;                                            \
		     i_ < sizeof(member) / sizeof((member)[0]); i_++)          \
			WALK(s, &(member)[i_]);                                \
	} while (0)

#define WALK_NUMBER(name, type)                                                \
	static void name(struct seq *s, type *v) { NUMBER(*v); }
WALK_NUMBER(walk_int, int)
WALK_NUMBER(walk_uint, u_int)
WALK_NUMBER(walk_hyper, quad_t)
WALK_NUMBER(walk_uhyper, u_quad_t)
WALK_NUMBER(walk_float, float)
WALK_NUMBER(walk_double, double)

/* rpcgen's long is the machine's, four bytes on the wire. */
static void
walk_long(struct seq *s, long *v)
{
	int32_t word = (int32_t)*v;

	NUMBER(word);
	*v = word;
}

static void
walk_ulong(struct seq *s, u_long *v)
{
	uint32_t word = (uint32_t)*v;

	NUMBER(word);
	*v = word;
}

static void
walk_bool(struct seq *s, bool_t *v)
{
	bool_t drawn = seq_bool(s);

	if (s->compare)
		seq_expect(s, *v == drawn, "bool");
	else
		*v = drawn;
}

static void
walk_colour(struct seq *s, colour *v)
{
	seq_pick(s, v, colours, 4, "colour");
}

static void
walk_text(struct seq *s, char **v, uint32_t max)
{
	char *drawn = seq_text(s, max);

	if (s->compare)
		seq_expect(s, *v && strcmp(*v, drawn) == 0, "text");
	else
		*v = drawn;
}

static void
walk_name(struct seq *s, name *v)
{
	walk_text(s, v, 32);
}

static void
walk_bytes(struct seq *s, u_int *len, char **val, uint32_t max)
{
	uint32_t n = seq_count(s, len, max, "length of opaque");

	*val = seq_items(s, *val, n, 1);
	seq_octets(s, *val, n, "opaque");
}

static void
walk_point(struct seq *s, point *v)
{
	NUMBER(v->x);
	NUMBER(v->y);
}

static void
walk_segment(struct seq *s, segment *v)
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
walk_list(struct seq *s, node **v)
{
	for (int i = 0; i < 30 && walk_optional(s, v, sizeof(node)); i++) {
		NUMBER((*v)->value);
		v = &(*v)->next;
	}
}

static void
walk_tree(struct seq *s, tree **v, int depth)
{
	if (depth == 0 || !walk_optional(s, v, sizeof(tree)))
		return;
	walk_name(s, &(*v)->label);
	walk_tree(s, &(*v)->left, depth - 1);
	walk_tree(s, &(*v)->right, depth - 1);
}

static void
walk_by_int(struct seq *s, by_int *v)
{
	static const int32_t kinds[] = { 1, 2, 3, 4, -1, 5, 6, 7, -2147483647 };

	seq_pick(s, &v->kind, kinds, 9, "by_int.kind");
	switch (v->kind) {
	case 1:
		NUMBER(v->by_int_u.number);
		break;
	case 2:
	case 3:
		walk_text(s, &v->by_int_u.text, UINT32_MAX);
		break;
	case 4:
		break;
	case -1:
		walk_point(s, &v->by_int_u.where);
		break;
	case 5:
		EACH(v->by_int_u.three, walk_int);
		break;
	case 6:
		LIST(v->by_int_u.segments.segments, UINT32_MAX, walk_segment);
		break;
	default:
		NUMBER(v->by_int_u.other);
	}
}

static void
walk_by_unsigned(struct seq *s, by_unsigned *v)
{
	static const int32_t kinds[] = { 1, 2, 3, -1 };

	seq_pick(s, &v->kind, kinds, 4, "by_unsigned.kind");
	if (v->kind == 1)
		walk_bytes(s, &v->by_unsigned_u.raw.raw_len,
			   &v->by_unsigned_u.raw.raw_val, 20);
	else if (v->kind == 2)
		seq_octets(s, v->by_unsigned_u.fixed, 6, "fixed");
}

static void
walk_by_enum(struct seq *s, by_enum *v)
{
	static const int32_t kinds[] = { RED, GREEN, BLUE };

	seq_pick(s, &v->kind, kinds, 3, "by_enum.kind");
	if (v->kind == GREEN && walk_optional(s, &v->by_enum_u.maybe,
					      sizeof(*v->by_enum_u.maybe)))
		walk_point(s, v->by_enum_u.maybe);
	else if (v->kind == BLUE)
		NUMBER(v->by_enum_u.number);
}

static void
walk_by_bool(struct seq *s, by_bool *v)
{
	walk_bool(s, &v->ok);
	if (v->ok)
		walk_segment(s, &v->by_bool_u.edge);
	else
		NUMBER(v->by_bool_u.code);
}

static void
walk_dialect(struct seq *s, dialect *v)
{
	NUMBER(v->s);
	NUMBER(v->us);
	NUMBER(v->c);
	NUMBER(v->uc);
	walk_long(s, &v->l);
	walk_ulong(s, &v->ul);
	NUMBER(v->ui);
	NUMBER(v->i32);
	NUMBER(v->u32);
	NUMBER(v->i64);
	NUMBER(v->u64);
	walk_point(s, &v->where);
}

static void
walk_scalars(struct seq *s, everything *v)
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
	seq_octets(s, v->fixed_big, sizeof(v->fixed_big), "fixed_big");
	walk_bytes(s, &v->variable.variable_len, &v->variable.variable_val,
		   UINT32_MAX);
	walk_bytes(s, &v->bounded.bounded_len, &v->bounded.bounded_val, 17);
	walk_text(s, &v->text, UINT32_MAX);
	walk_text(s, &v->bounded_text, 9);
}

static void
walk_arrays(struct seq *s, everything *v)
{
	EACH(v->ints, walk_int);
	EACH(v->big_ints, walk_int);
	LIST(v->uints.uints, 7, walk_uint);
	LIST(v->hypers.hypers, UINT32_MAX, walk_hyper);
	EACH(v->uhypers, walk_uhyper);
	LIST(v->floats.floats, UINT32_MAX, walk_float);
	EACH(v->doubles, walk_double);
	LIST(v->bools.bools, UINT32_MAX, walk_bool);
	EACH(v->flags, walk_bool);
	LIST(v->colours.colours, 3, walk_colour);
	EACH(v->corners, walk_point);
	LIST(v->points.points, N_POINTS, walk_point);
	LIST(v->segments.segments, UINT32_MAX, walk_segment);
}

static void
walk_pointers(struct seq *s, everything *v)
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
walk_typedefs(struct seq *s, everything *v)
{
	EACH(v->small, walk_int);
	walk_bytes(s, &v->file.handle_len, &v->file.handle_val, 64);
	seq_octets(s, v->sum, sizeof(v->sum), "sum");
	walk_name(s, &v->title);
	NUMBER(v->time);
	LIST(v->paint.palette, UINT32_MAX, walk_colour);
	LIST(v->curve.series, UINT32_MAX, walk_double);
	LIST(v->way.path, N_POINTS, walk_point);
	LIST(v->people.names, 5, walk_name);
}

void
walk_everything(struct seq *s, everything *v)
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
