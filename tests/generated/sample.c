/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void *
take(struct ferry_arena *mem, size_t bytes)
{
	void *p = ferry_arena_alloc(mem, bytes);

	assert_non_null(p);
	memset(p, 0, bytes);
	return p;
}

static void
make_scalars(struct scalars *v)
{
	*v = (struct scalars){
		.a = INT32_MIN, .b = UINT32_MAX, .c = INT64_MIN,
		.d = UINT64_MAX, .e = -0.0f, .f = 1e308,
		.g = { UINT64_C(0x3fff000000000000), 1 }, .h = true,
		.i = BLUE, .j = INT8_MIN, .k = UINT8_MAX, .l = INT16_MIN,
		.m = UINT16_MAX, .n = THREE, .o = GREEN, .p = 1, .q = true,
		.r = 36.6f,
	};
}

static void
make_fixed(struct fixed *v, struct ferry_arena *mem)
{
	memset(v, 0, sizeof(*v));
	memset(v->c, 0xff, sizeof(v->c));
	memcpy(v->b, "12345", 5);
	v->d = take(mem, 65);
	v->d[64] = 0x80;
	memset(v->e.data, 0x7f, sizeof(v->e.data));
	v->f.data[6] = 9;
	v->g.data = take(mem, 100);
	v->i.items = take(mem, 20 * sizeof(*v->i.items));
	v->i.items[19] = -2;
	v->k[2] = true;
	v->l[1] = GREEN;
	v->m = take(mem, 9 * sizeof(*v->m));
	v->o = take(mem, 20 * sizeof(*v->o));
	v->o[19].y = 77;
	v->q = take(mem, 5 * sizeof(*v->q));
	v->q[4] = ferry_str_of("fifth");
	v->s[3] = 200;
}

static void
make_variable(struct variable *v, struct ferry_arena *mem)
{
	static const uint8_t three[] = { 1, 2, 3 };

	memset(v, 0, sizeof(*v));
	v->a = ferry_str_of("of no bound at all");
	v->b = ferry_str_of("just ten..");
	v->d = (struct ferry_bytes){ three, 3 };
	v->n_e = 1000;
	v->e = take(mem, v->n_e * sizeof(*v->e));
	v->e[999] = -1;
	v->n_f = 4;
	v->f = take(mem, v->n_f * sizeof(*v->f));
	v->n_g = 2;
	v->g = take(mem, v->n_g * sizeof(*v->g));
	v->g[1] = true;
	v->n_h = 1;
	v->h = take(mem, sizeof(*v->h));
	v->h[0] = GREEN;
	v->n_j = 2;
	v->j = take(mem, v->n_j * sizeof(*v->j));
	v->j[1] = ferry_str_of("second");
	v->n_l = 1;
	v->l = take(mem, sizeof(*v->l));
	v->l->n_items = 2;
	v->l->items = take(mem, 2 * sizeof(int32_t));
	v->n_m = 2;
	v->m = take(mem, 2 * sizeof(*v->m));
	v->m[0] = INT16_MAX;
	v->n_n = 2;
	v->n = take(mem, 2 * sizeof(*v->n));
	make_scalars(&v->n[0]);
	v->n[1].n = ONE;
	v->n_s = 1;
	v->s = take(mem, sizeof(*v->s));
}

static void
make_maybe(struct maybe *v, struct ferry_arena *mem)
{
	v->a = take(mem, sizeof(*v->a));
	*v->a = 5;
	v->c = take(mem, sizeof(*v->c));
	*v->c = ferry_str_of("there");
	v->d = take(mem, sizeof(*v->d));
	make_scalars(v->d);
	v->g = take(mem, sizeof(*v->g));
	v->i = take(mem, sizeof(*v->i));
}

static void
make_unions(struct everything *v, struct ferry_arena *mem)
{
	static int32_t two[] = { 7, 8 };

	v->e.kind = BLUE;
	v->e.u.all = take(mem, sizeof(*v->e.u.all));
	make_scalars(v->e.u.all);
	v->n_f = 8;
	v->f = take(mem, v->n_f * sizeof(*v->f));
	v->f[0].u.text = ferry_str_of("arm");
	v->f[1].code = 2;
	v->f[1].u.list.n_items = 2;
	v->f[1].u.list.items = two;
	v->f[2].code = 3;
	v->f[3].code = 4;
	v->f[3].u.bytes = take(mem, 100);
	v->f[4].code = -5;
	v->f[5].code = 6;
	v->f[6].code = 7;
	v->f[7].code = 1000;
	v->g.is = true;
	v->g.u.value = -9;
	v->h.which = 0x80000000u;
	v->i.s = TWO;
}

static void
make_recursive(struct everything *v, struct ferry_arena *mem)
{
	v->j.value = 1;
	v->j.next = take(mem, sizeof(*v->j.next));
	v->j.next->label = ferry_str_of("last");
	v->k = take(mem, sizeof(*v->k));
	v->k->id = INT64_MAX;
	v->l = take(mem, sizeof(*v->l));
	v->l->left = take(mem, sizeof(*v->l->left));
	v->l->left->right = take(mem, sizeof(*v->l->left->right));
	v->m.n_trees = 1;
	v->m.trees = take(mem, sizeof(*v->m.trees));
	v->n.n_kids = 2;
	v->n.kids = take(mem, 2 * sizeof(*v->n.kids));
	v->n.kids[1].n = ferry_str_of("kid");
	v->o.to.y = INT32_MAX;
}

void
sample_make(struct everything *out, struct ferry_arena *mem)
{
	memset(out, 0, sizeof(*out));
	make_scalars(&out->a);
	make_fixed(&out->b, mem);
	make_variable(&out->c, mem);
	make_maybe(&out->d, mem);
	make_unions(out, mem);
	make_recursive(out, mem);
}

struct ferry_bytes
sample_encode(struct ferry_arena *mem)
{
	struct everything v;
	struct ferry_encoder e;
	uint8_t *wire;
	size_t bytes;

	sample_make(&v, mem);
	bytes = everything_size(&v);
	assert_true(bytes < 1000000);
	wire = take(mem, bytes);
	e = ferry_encoder_on(wire, bytes);
	everything_put(&e, &v);
	assert_int_equal(e.err, FERRY_OK);
	assert_ptr_equal(e.at, e.end);
	return (struct ferry_bytes){ wire, (uint32_t)bytes };
}
