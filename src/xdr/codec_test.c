/* SPDX-License-Identifier: MIT */
/*
 * Rows by hand: what tables say that few interface files make the compiler
 * write, and bytes and values that are not as they should be.
 */
#include "xdr/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define MOST 256

/* Memory of exactly as many bytes, so that a step beyond them shows. */
static struct ferry_bytes
exact_of(const void *bytes, size_t len)
{
	uint8_t *mem = malloc(len + !len);

	assert_non_null(mem);
	if (len)
		memcpy(mem, bytes, len);
	return (struct ferry_bytes){ mem, (uint32_t)len };
}

static void
drop(struct ferry_bytes bytes)
{
	free((void *)(uintptr_t)bytes.data);
}

/* Encodes into exactly the room that _size() asks for. */
static struct ferry_bytes
encode(const void *v, const struct ferry_codec *codec)
{
	size_t len = ferry_codec_size(v, codec);
	uint8_t *room;
	struct ferry_encoder e;

	assert_true(len < MOST);
	room = malloc(len + !len);
	assert_non_null(room);
	e = ferry_encoder_on(room, len);
	ferry_codec_put(&e, v, codec);
	assert_int_equal(e.err, FERRY_OK);
	assert_ptr_equal(e.at, room + len);
	return (struct ferry_bytes){ room, (uint32_t)len };
}

static ferry_err
encode_error(const void *v, const struct ferry_codec *codec)
{
	uint8_t room[MOST];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	ferry_codec_put(&e, v, codec);
	return e.err;
}

static ferry_err
decode(void *v, const struct ferry_codec *codec, struct ferry_bytes wire,
       struct ferry_arena *mem)
{
	struct ferry_decoder d = ferry_decoder_on(wire.data, wire.len, mem);

	ferry_codec_get(&d, v, codec);
	return ferry_get_end(&d);
}

static bool
is_zero(const void *v, size_t n)
{
	const uint8_t *p = v;

	while (n > 0 && p[n - 1] == 0)
		n--;
	return n == 0;
}

/* ---- all kinds of scalars, one and several ---- */

struct scalars {
	int32_t i;
	uint32_t u[3];
	int8_t c[2];
	uint8_t uc;
	int16_t s;
	uint16_t us;
	bool b[2];
	float f;
	int64_t h;
	uint64_t uh[2];
	double d;
	struct ferry_quadruple q;
	uint32_t many[9]; /* are moved at once */
};

static const struct ferry_row scalars_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct scalars, i), 1, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct scalars, u), 3, { NULL } },
	{ FERRY_KIND_CHAR, offsetof(struct scalars, c), 2, { NULL } },
	{ FERRY_KIND_UCHAR, offsetof(struct scalars, uc), 1, { NULL } },
	{ FERRY_KIND_SHORT, offsetof(struct scalars, s), 1, { NULL } },
	{ FERRY_KIND_USHORT, offsetof(struct scalars, us), 1, { NULL } },
	{ FERRY_KIND_BOOL, offsetof(struct scalars, b), 2, { NULL } },
	{ FERRY_KIND_FLOAT, offsetof(struct scalars, f), 1, { NULL } },
	{ FERRY_KIND_HYPER, offsetof(struct scalars, h), 1, { NULL } },
	{ FERRY_KIND_UHYPER, offsetof(struct scalars, uh), 2, { NULL } },
	{ FERRY_KIND_DOUBLE, offsetof(struct scalars, d), 1, { NULL } },
	{ FERRY_KIND_QUADRUPLE, offsetof(struct scalars, q), 1, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct scalars, many), 9, { NULL } },
};
static const struct ferry_codec scalars_codec = {
	sizeof(struct scalars), 132, 13, true, false, { scalars_rows }
};

static const struct scalars sample = {
	.i = -2, .u = { 1, 2, 0xffffffff }, .c = { -128, 127 }, .uc = 255,
	.s = -32768, .us = 65535, .b = { true, false }, .f = 1.5f,
	.h = INT64_MIN, .uh = { UINT64_MAX, 3 }, .d = -0.25,
	.q = { 0x3fff000000000000, 1 }, .many = { 1, 2, 3, 4, 5, 6, 7, 8, 9 },
};

static void
scalars_survive_a_round_trip(void **state)
{
	struct ferry_bytes wire = encode(&sample, &scalars_codec);
	struct scalars got;

	(void)state;
	assert_int_equal(wire.len, 132);
	memset(&got, 0, sizeof(got));
	assert_int_equal(decode(&got, &scalars_codec, wire, NULL), FERRY_OK);
	assert_memory_equal(&got, &sample, sizeof(got));
	/* Big-endian, whatever the host is. */
	assert_int_equal(wire.data[3], 0xfe);
	assert_int_equal(wire.data[40 + 3], 0); /* false */
	assert_int_equal(wire.data[48], 0x80);	/* the hyper */
	drop(wire);
}

static void
scalars_of_less_bytes_are_refused_and_zero(void **state)
{
	struct ferry_bytes wire = encode(&sample, &scalars_codec);

	(void)state;
	for (uint32_t n = 0; n < wire.len; n++) {
		struct ferry_bytes cut = exact_of(wire.data, n);
		struct scalars got;

		memset(&got, 0xa5, sizeof(got));
		assert_int_equal(decode(&got, &scalars_codec, cut, NULL),
				 FERRY_EDECODE);
		assert_true(is_zero(&got, sizeof(got)));
		drop(cut);
	}
	drop(wire);
}

static void
scalars_are_not_put_beyond_the_room(void **state)
{
	(void)state;
	for (size_t n = 0; n < 132; n++) {
		uint8_t *room = malloc(n + !n);
		struct ferry_encoder e;

		assert_non_null(room);
		e = ferry_encoder_on(room, n);
		ferry_codec_put(&e, &sample, &scalars_codec);
		assert_int_equal(e.err, FERRY_ETOOBIG);
		free(room);
	}
}

static void
words_outside_a_small_type_are_refused(void **state)
{
	/* Where in the wire, and what is too much there. */
	static const uint32_t bad[][2] = {
		{ 16, 128 }, { 20, 0xffffff7f }, { 24, 256 }, { 28, 0x8000 },
		{ 32, 65536 }, { 36, 2 }, { 40, 0xffffffff },
	};
	struct ferry_bytes wire = encode(&sample, &scalars_codec);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint8_t bytes[MOST];
		struct ferry_bytes lie;
		struct scalars got;

		memcpy(bytes, wire.data, wire.len);
		ferry_store_u32(bytes + bad[i][0], bad[i][1]);
		lie = exact_of(bytes, wire.len);
		assert_int_equal(decode(&got, &scalars_codec, lie, NULL),
				 FERRY_EDECODE);
		drop(lie);
	}
	drop(wire);
}

/* ---- enums ---- */

static const int32_t gaps[] = { INT32_MIN, -1, 7, INT32_MAX };
static const struct ferry_values with_gaps = { INT32_MIN, UINT32_MAX, 4, gaps };
static const struct ferry_values without = { -1, 2, 0, NULL };
static const struct ferry_row enum_rows[] = {
	{ FERRY_KIND_ENUM, 0, 1, { .values = &with_gaps } },
	{ FERRY_KIND_ENUM, 4, 1, { .values = &without } },
};
static const struct ferry_codec enum_codec = {
	8, 8, 2, true, false, { enum_rows }
};

static void
an_enum_has_its_values_and_no_other(void **state)
{
	static const struct {
		int32_t values[2];
		ferry_err err;
	} cases[] = {
		{ { INT32_MIN, -1 }, FERRY_OK }, { { -1, 1 }, FERRY_OK },
		{ { INT32_MAX, 0 }, FERRY_OK },	 { { 7, 0 }, FERRY_OK },
		{ { 0, 0 }, FERRY_EENCODE },	 { { 8, 0 }, FERRY_EENCODE },
		{ { 7, 2 }, FERRY_EENCODE },	 { { 7, -2 }, FERRY_EENCODE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t bytes[8];
		int32_t got[2];

		assert_int_equal(encode_error(cases[i].values, &enum_codec),
				 cases[i].err);
		ferry_store_u32(bytes, (uint32_t)cases[i].values[0]);
		ferry_store_u32(bytes + 4, (uint32_t)cases[i].values[1]);
		assert_int_equal(decode(got, &enum_codec,
					(struct ferry_bytes){ bytes, 8 },
					NULL),
				 cases[i].err ? FERRY_EDECODE : FERRY_OK);
	}
}

/* ---- unions ---- */

struct choice {
	int32_t kind;
	union {
		uint32_t number;
		struct ferry_str text;
	} u;
};

/* Cases side by side at first, and one far away, are all found. */
static const struct ferry_case cases[] = {
	{ -1, 1 }, { 0, 2 }, { 1, 1 }, { 900, 2 }, { INT32_MAX, 1 },
};
static const struct ferry_row choice_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct choice, kind), 1, { NULL } },
	{ FERRY_KIND_SWITCH_DEFAULT, 0, 5, { .cases = cases } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct choice, u.number), 1, { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct choice, u.text), 4, { NULL } },
};
static const struct ferry_codec choice_codec = {
	sizeof(struct choice), 4, 2, false, false, { choice_rows }
};

static void
each_case_has_its_arm(void **state)
{
	static const struct {
		int32_t kind;
		uint32_t bytes;
	} arms[] = {
		{ -1, 8 }, { 0, 12 }, { 1, 8 }, { 900, 12 },
		{ INT32_MAX, 8 }, { -2, 4 }, { 2, 4 }, { 899, 4 },
		{ INT32_MIN, 4 }, { INT32_MAX - 1, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(arms) / sizeof(*arms); i++) {
		struct choice v = { .kind = arms[i].kind }, got;
		struct ferry_bytes wire;

		if (arms[i].bytes == 12)
			v.u.text = ferry_str_of("four");
		if (arms[i].bytes == 8)
			v.u.number = 5;
		wire = encode(&v, &choice_codec);
		assert_int_equal(wire.len, arms[i].bytes);
		memset(&got, 0xa5, sizeof(got));
		assert_int_equal(decode(&got, &choice_codec, wire, NULL),
				 FERRY_OK);
		assert_int_equal(got.kind, v.kind);
		if (arms[i].bytes == 4)
			assert_true(is_zero(&got.u, sizeof(got.u)));
		drop(wire);
	}
}

struct wide {
	uint64_t kind;
	uint32_t number;
};

static const struct ferry_wide_case wide_cases[] = {
	{ INT64_MIN, 0 }, { 1, 1 },
};
static const struct ferry_row wide_rows[] = {
	{ FERRY_KIND_UHYPER, offsetof(struct wide, kind), 1, { NULL } },
	{ FERRY_KIND_SWITCH, 0, 2, { .wide_cases = wide_cases } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct wide, number), 1, { NULL } },
};
static const struct ferry_codec wide_codec = {
	sizeof(struct wide), 8, 2, false, false, { wide_rows }
};

static void
a_wide_discriminant_compares_all_its_bits(void **state)
{
	static const uint8_t far_away[12] = { 0, 0, 0, 1, 0, 0, 0, 1 };
	struct wide v = { (uint64_t)1 << 63, 0 };

	(void)state;
	assert_int_equal(ferry_codec_size(&v, &wide_codec), 8);
	v.kind = 1;
	assert_int_equal(ferry_codec_size(&v, &wide_codec), 12);
	/* The low word alone would be a case. */
	v.kind = ((uint64_t)1 << 32) + 1;
	assert_int_equal(ferry_codec_size(&v, &wide_codec), SIZE_MAX);
	assert_int_equal(encode_error(&v, &wide_codec), FERRY_EENCODE);
	assert_int_equal(decode(&v, &wide_codec,
				(struct ferry_bytes){ far_away, 12 }, NULL),
			 FERRY_EDECODE);
	assert_true(is_zero(&v, sizeof(v)));
}

/* ---- pointers and lists ---- */

struct many {
	uint32_t *at;	 /* 3 of them */
	uint8_t *opaque; /* 5 of them */
	uint32_t n_items;
	struct choice *items;
	struct many *next;
};

static const struct ferry_row many_rows[] = {
	{ FERRY_KIND_ARRAY_AT, offsetof(struct many, at), 3,
	  { &ferry_codec_uint } },
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct many, opaque), 5, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct many, items), 2,
	  { &choice_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct many, n_items), 0, { NULL } },
	{ FERRY_KIND_NEXT, offsetof(struct many, next), 0, { NULL } },
};
static const struct ferry_codec many_codec = {
	sizeof(struct many), 28, 5, false, false, { many_rows }
};

struct graph {
	uint32_t words[3];
	uint8_t opaque[5];
	struct choice items[2];
	struct many nodes[2];
};

static const struct many *
fill(struct graph *g)
{
	*g = (struct graph){ { 1, 2, 3 }, "abcd", { { 1, { 9 } }, { 2, { 0 } } },
			     { { 0 } } };
	g->nodes[0] = (struct many){ g->words, g->opaque, 2, g->items,
				     &g->nodes[1] };
	g->nodes[1] = (struct many){ g->words, g->opaque, 0, NULL, NULL };
	return g->nodes;
}

static void
what_is_pointed_at_survives_a_round_trip(void **state)
{
	struct ferry_arena mem = { 0 };
	struct graph g;
	struct ferry_bytes wire = encode(fill(&g), &many_codec);
	struct many got;

	(void)state;
	assert_int_equal(decode(&got, &many_codec, wire, &mem), FERRY_OK);
	assert_int_equal(got.n_items, 2);
	assert_int_equal(got.items[0].u.number, 9);
	assert_memory_equal(got.opaque, "abcd", 5);
	assert_int_equal(got.next->at[2], 3);
	assert_int_equal(got.next->n_items, 0);
	assert_null(got.next->items);
	assert_null(got.next->next);
	ferry_arena_fini(&mem);
	drop(wire);
}

static void
no_cut_and_no_lack_of_memory_leaves_a_pointer_behind(void **state)
{
	struct ferry_arena mem = { 0 };
	struct graph g;
	struct ferry_bytes wire = encode(fill(&g), &many_codec);
	struct many got;

	(void)state;
	for (uint32_t n = 0; n < wire.len; n++) {
		struct ferry_bytes cut = exact_of(wire.data, n);

		assert_int_equal(decode(&got, &many_codec, cut, &mem),
				 FERRY_EDECODE);
		assert_true(is_zero(&got, sizeof(got)));
		drop(cut);
	}
	for (size_t budget = 0; budget < 160; budget += 16) {
		struct ferry_decoder d =
			ferry_decoder_on(wire.data, wire.len, &mem);

		d.budget = budget;
		ferry_codec_get(&d, &got, &many_codec);
		assert_int_equal(d.err, FERRY_ETOOBIG);
		assert_true(is_zero(&got, sizeof(got)));
	}
	ferry_arena_fini(&mem);
	drop(wire);
}

static void
pointers_to_nothing_have_no_encoding(void **state)
{
	struct graph g;

	(void)state;
	fill(&g);
	g.nodes[1].at = NULL;
	assert_int_equal(encode_error(g.nodes, &many_codec), FERRY_EENCODE);
	assert_int_equal(ferry_codec_size(g.nodes, &many_codec), SIZE_MAX);
	fill(&g);
	g.nodes[0].opaque = NULL;
	assert_int_equal(encode_error(g.nodes, &many_codec), FERRY_EENCODE);
	fill(&g);
	g.nodes[0].items = NULL;
	assert_int_equal(encode_error(g.nodes, &many_codec), FERRY_EENCODE);
	fill(&g);
	g.nodes[0].n_items = 3; /* over the bound: none is looked at */
	assert_int_equal(encode_error(g.nodes, &many_codec), FERRY_EENCODE);
}

static void
a_circle_of_any_length_has_no_size(void **state)
{
	enum { N = 9 };
	struct graph g;
	struct many nodes[N];

	(void)state;
	fill(&g);
	for (size_t tail = 0; tail < N; tail++) {
		for (size_t i = 0; i < N; i++) {
			nodes[i] = g.nodes[1];
			nodes[i].next = &nodes[i + 1 < N ? i + 1 : tail];
		}
		assert_int_equal(ferry_codec_size(nodes, &many_codec),
				 SIZE_MAX);
		assert_int_equal(encode_error(nodes, &many_codec),
				 FERRY_ETOOBIG);
	}
}

/* ---- sizes that no message has ---- */

static void
a_size_beyond_4_gib_is_none(void **state)
{
	static const struct ferry_row row = { FERRY_KIND_ARRAY_AT, 0,
					      UINT32_MAX,
					      { &ferry_codec_quadruple } };
	static const struct ferry_codec codec = { sizeof(void *), UINT32_MAX,
						  1, false, false, { &row } };
	struct ferry_quadruple one = { 0, 0 };
	const void *v = &one;
	struct ferry_str text = { "", UINT32_MAX };

	(void)state;
	assert_int_equal(ferry_codec_size(&v, &codec), SIZE_MAX);
	assert_int_equal(encode_error(&v, &codec), FERRY_ETOOBIG);
	assert_int_equal(ferry_codec_size(&text, &ferry_codec_string),
			 SIZE_MAX);
	assert_int_equal(encode_error(&text, &ferry_codec_string),
			 FERRY_ETOOBIG);
}

static void
items_that_take_nothing_take_no_memory_without_end(void **state)
{
	static const struct ferry_row nothing = { FERRY_KIND_VOID, 0, 0,
						  { NULL } };
	static const struct ferry_codec empty = { 1, 0, 1, true, false,
						  { &nothing } };
	static const struct ferry_row rows[] = {
		{ FERRY_KIND_LIST, 0, UINT32_MAX, { &empty } },
		{ FERRY_KIND_COUNT, sizeof(void *), 0, { NULL } },
	};
	static const struct ferry_codec codec = { 2 * sizeof(void *), 4, 2,
						  false, false, { rows } };
	static const uint8_t wire[2][4] = { { 0, 0, 0x7f, 0xff },
					    { 0xff, 0xff, 0xff, 0xff } };
	struct ferry_arena mem = { 0 };
	void *v[2];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(decode(v, &codec,
					(struct ferry_bytes){ wire[i], 4 },
					&mem),
				 FERRY_ETOOBIG);
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_survive_a_round_trip),
		cmocka_unit_test(scalars_of_less_bytes_are_refused_and_zero),
		cmocka_unit_test(scalars_are_not_put_beyond_the_room),
		cmocka_unit_test(words_outside_a_small_type_are_refused),
		cmocka_unit_test(an_enum_has_its_values_and_no_other),
		cmocka_unit_test(each_case_has_its_arm),
		cmocka_unit_test(a_wide_discriminant_compares_all_its_bits),
		cmocka_unit_test(what_is_pointed_at_survives_a_round_trip),
		cmocka_unit_test(
			no_cut_and_no_lack_of_memory_leaves_a_pointer_behind),
		cmocka_unit_test(pointers_to_nothing_have_no_encoding),
		cmocka_unit_test(a_circle_of_any_length_has_no_size),
		cmocka_unit_test(a_size_beyond_4_gib_is_none),
		cmocka_unit_test(
			items_that_take_nothing_take_no_memory_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
