/* SPDX-License-Identifier: MIT */
#include <ferry/xdr.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define MOST 64 /* bytes of the longest buffer that is tried */

/* Bytes in memory of exactly their length, so that reading past them shows. */
struct exact {
	uint8_t *mem;
	size_t len;
};

static struct exact
exact_of(const void *bytes, size_t len)
{
	struct exact x = { malloc(len > 0 ? len : 1), len };

	assert_non_null(x.mem);
	if (len > 0)
		memcpy(x.mem, bytes, len);
	return x;
}

static void
assert_failed(const struct ferry_decoder *d, ferry_err err)
{
	assert_int_equal(d->err, err);
	assert_true(d->at == d->end);
}

/* ---- each type: its bytes, and how they are read ---- */

static struct ferry_arena arena_of_test;

static void
read_int(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 4);

	if (p)
		assert_int_equal((int32_t)ferry_load_u32(p), -2);
}

static void
read_hyper(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 8);

	if (p)
		assert_true(ferry_load_u64(p) == 0x0102030405060708u);
}

static void
read_bool(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 4);

	if (p)
		assert_true(ferry_load_bool(d, p));
}

static void
read_float(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 4);
	float v;

	if (!p)
		return;
	ferry_load_f32(p, &v);
	assert_true(v == -0.75f);
}

static void
read_double(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 8);
	double v;

	if (!p)
		return;
	ferry_load_f64(p, &v);
	assert_true(v == -0.75);
}

static void
read_quadruple(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 16);
	struct ferry_quadruple v;

	if (!p)
		return;
	ferry_load_quadruple(p, &v);
	assert_true(v.high == 0x3fff000000000000u && v.low == 7);
}

static void
read_opaque(struct ferry_decoder *d)
{
	uint8_t v[5] = "-----";

	ferry_get_opaque(d, v, 5);
	assert_memory_equal(v, d->err ? "\0\0\0\0\0" : "hello", 5);
}

static void
read_bytes(struct ferry_decoder *d)
{
	struct ferry_bytes b = ferry_get_bytes(d, 255);

	assert_int_equal(b.len, d->err ? 0 : 6);
	assert_non_null(b.data);
	assert_memory_equal(b.data, "ferry!", b.len);
}

static void
read_str(struct ferry_decoder *d)
{
	struct ferry_str s = ferry_get_str(d, 255);

	assert_true(ferry_str_eq(s, d->err ? "" : "file00037.dat"));
}

static void
read_ints(struct ferry_decoder *d)
{
	uint32_t n = ferry_get_count(d, 255, 4);
	int32_t *v = ferry_get_memory(d, n, sizeof(*v));

	ferry_get_u32s(d, v, n);
	if (d->err)
		return;
	assert_int_equal(n, 2);
	assert_int_equal(v[0], 1);
	assert_int_equal(v[1], -1);
}

static void
read_hypers(struct ferry_decoder *d)
{
	uint32_t n = ferry_get_count(d, 255, 8);
	int64_t *v = ferry_get_memory(d, n, sizeof(*v));

	ferry_get_u64s(d, v, n);
	if (d->err)
		return;
	assert_int_equal(n, 1);
	assert_true(v[0] == -3);
}

static const struct type {
	const char *name;
	size_t len;
	const char *wire;
	void (*read)(struct ferry_decoder *d);
} types[] = {
	{ "int", 4, "\xff\xff\xff\xfe", read_int },
	{ "hyper", 8, "\1\2\3\4\5\6\7\10", read_hyper },
	{ "bool", 4, "\0\0\0\1", read_bool },
	{ "float", 4, "\xbf\x40\0\0", read_float },
	{ "double", 8, "\xbf\xe8\0\0\0\0\0\0", read_double },
	{ "quadruple", 16, "\x3f\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\7",
	  read_quadruple },
	{ "opaque[5]", 8, "hello\0\0\0", read_opaque },
	{ "opaque<>", 12, "\0\0\0\6ferry!\0\0", read_bytes },
	{ "string<>", 20, "\0\0\0\15file00037.dat\0\0\0", read_str },
	{ "int<>", 12, "\0\0\0\2\0\0\0\1\xff\xff\xff\xff", read_ints },
	{ "hyper<>", 12, "\0\0\0\1\xff\xff\xff\xff\xff\xff\xff\xfd",
	  read_hypers },
};

static const size_t n_types = sizeof(types) / sizeof(types[0]);

static void
every_type_is_read_at_any_alignment(void **state)
{
	uint8_t room[32 + 8];

	(void)state;
	for (size_t t = 0; t < n_types; t++)
		for (size_t shift = 0; shift < 8; shift++) {
			struct ferry_decoder d;

			memcpy(room + shift, types[t].wire, types[t].len);
			d = ferry_decoder_on(room + shift, types[t].len,
					     &arena_of_test);
			types[t].read(&d);
			assert_int_equal(ferry_get_end(&d), FERRY_OK);
		}
	ferry_arena_fini(&arena_of_test);
}

static void
every_truncation_of_every_type_is_an_error(void **state)
{
	(void)state;
	for (size_t t = 0; t < n_types; t++)
		for (size_t len = 0; len < types[t].len; len++) {
			struct exact x = exact_of(types[t].wire, len);
			struct ferry_decoder d =
				ferry_decoder_on(x.mem, len, &arena_of_test);

			types[t].read(&d);
			assert_failed(&d, FERRY_EDECODE);
			assert_int_equal(ferry_get_end(&d), FERRY_EDECODE);
			free(x.mem);
		}
	assert_null(arena_of_test.chunks);
}

static void
bytes_behind_the_value_are_an_error(void **state)
{
	(void)state;
	for (size_t t = 0; t < n_types; t++) {
		uint8_t room[MOST] = { 0 };
		struct ferry_decoder d = ferry_decoder_on(
			room, types[t].len + 1, &arena_of_test);

		memcpy(room, types[t].wire, types[t].len);
		types[t].read(&d);
		assert_int_equal(d.err, FERRY_OK);
		assert_int_equal(ferry_get_end(&d), FERRY_EDECODE);
	}
	ferry_arena_fini(&arena_of_test);
}

/* ---- lengths that lie ---- */

static const uint32_t lies[] = { 0x7fffffff, 0x80000000, 0xfffffffc,
				 0xfffffffd, 0xffffffff };

static void
lie(uint32_t length, size_t len, void (*read)(struct ferry_decoder *d))
{
	uint8_t wire[MOST] = { 0 };
	struct ferry_decoder d;
	struct exact x;

	ferry_store_u32(wire, length);
	x = exact_of(wire, len);
	d = ferry_decoder_on(x.mem, len, &arena_of_test);
	read(&d);
	assert_failed(&d, FERRY_EDECODE);
	free(x.mem);
}

static void
read_any_str(struct ferry_decoder *d)
{
	assert_int_equal(ferry_get_str(d, UINT32_MAX).len, 0);
}

static void
read_any_bytes(struct ferry_decoder *d)
{
	assert_int_equal(ferry_get_bytes(d, UINT32_MAX).len, 0);
}

static void
read_any_ints(struct ferry_decoder *d)
{
	assert_int_equal(ferry_get_count(d, UINT32_MAX, 4), 0);
}

static void
read_any_structs(struct ferry_decoder *d)
{
	assert_int_equal(ferry_get_count(d, UINT32_MAX, 0xffffffff), 0);
}

static void
a_length_beyond_the_bytes_left_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		for (size_t len = 0; len <= MOST; len++) {
			lie(lies[i], len, read_any_str);
			lie(lies[i], len, read_any_bytes);
			lie(lies[i], len, read_any_ints);
			lie(lies[i], len, read_any_structs);
		}
	assert_null(arena_of_test.chunks);
}

static void
a_length_of_one_too_many_is_refused(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 15; n++) {
		lie(n + 1, 3 + (size_t)ferry_padded(n + 1),
		    read_any_bytes);
		lie(n + 1, 4 + n * 4 + 3, read_any_ints);
	}
}

static void
a_length_beyond_the_declared_one_is_refused(void **state)
{
	static const char wire[] = "\0\0\0\4abcd";
	struct ferry_decoder d =
		ferry_decoder_on((const uint8_t *)wire, 8, NULL);

	(void)state;
	assert_int_equal(ferry_get_bytes(&d, 3).len, 0);
	assert_failed(&d, FERRY_EDECODE);

	d = ferry_decoder_on((const uint8_t *)wire, 8, NULL);
	assert_int_equal(ferry_get_count(&d, 3, 1), 0);
	assert_failed(&d, FERRY_EDECODE);

	d = ferry_decoder_on((const uint8_t *)wire, 8, NULL);
	assert_int_equal(ferry_get_bytes(&d, 4).len, 4);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
}

static void
read_empty_items(uint32_t n, uint32_t want, ferry_err err)
{
	uint8_t wire[4] = { 0 };
	struct ferry_decoder d = ferry_decoder_on(wire, sizeof(wire), NULL);

	ferry_store_u32(wire, n);
	assert_int_equal(ferry_get_count(&d, UINT32_MAX, 0), want);
	assert_int_equal(d.err, err);
}

static void
items_that_take_no_bytes_are_few(void **state)
{
	(void)state;
	read_empty_items(0, 0, FERRY_OK);
	read_empty_items(65536, 65536, FERRY_OK);
	read_empty_items(65537, 0, FERRY_ETOOBIG);
	read_empty_items(UINT32_MAX, 0, FERRY_ETOOBIG);
}

/* ---- strictness ---- */

static void
any_padding_but_zeros_is_refused(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 17; n++)
		for (uint32_t i = n; i < ferry_padded(n); i++) {
			uint8_t wire[MOST] = { 0 };
			uint8_t out[20];
			struct ferry_decoder d = ferry_decoder_on(
				wire, 4 + (size_t)ferry_padded(n), NULL);

			ferry_store_u32(wire, n);
			wire[4 + i] = 0x80;
			assert_int_equal(ferry_get_bytes(&d, 99).len, 0);
			assert_failed(&d, FERRY_EDECODE);

			d = ferry_decoder_on(wire + 4,
					     (size_t)ferry_padded(n), NULL);
			ferry_get_opaque(&d, out, n);
			assert_failed(&d, FERRY_EDECODE);
		}
}

static void
bytes_that_need_no_padding_may_have_any_value(void **state)
{
	uint8_t wire[MOST];

	(void)state;
	memset(wire, 0xff, sizeof(wire));
	for (uint32_t n = 0; n <= 16; n += 4) {
		struct ferry_decoder d = ferry_decoder_on(wire, 4 + n, NULL);

		ferry_store_u32(wire, n);
		assert_int_equal(ferry_get_bytes(&d, 99).len, n);
		assert_int_equal(ferry_get_end(&d), FERRY_OK);
		memset(wire, 0xff, 4);
	}
}

static void
a_bool_is_0_or_1(void **state)
{
	(void)state;
	for (uint32_t shift = 0; shift < 32; shift++) {
		uint8_t wire[4];
		struct ferry_decoder d = ferry_decoder_on(wire, 4, NULL);

		ferry_store_u32(wire, (uint32_t)1 << shift);
		assert_int_equal(ferry_load_bool(&d, wire), shift == 0);
		assert_int_equal(d.err,
				 shift == 0 ? FERRY_OK : FERRY_EDECODE);
	}
}

static void
after_a_failure_every_get_gives_zero(void **state)
{
	uint8_t wire[MOST] = { 0 };
	uint8_t out[4] = "....";
	struct ferry_decoder d =
		ferry_decoder_on(wire, sizeof(wire), &arena_of_test);

	(void)state;
	ferry_get_fail(&d, FERRY_ETOOBIG);
	ferry_get_fail(&d, FERRY_EDECODE);
	assert_null(ferry_get_run(&d, 4));
	assert_int_equal(ferry_get_str(&d, 9).len, 0);
	assert_int_equal(ferry_get_count(&d, 9, 1), 0);
	assert_null(ferry_get_memory(&d, 1, 1));
	ferry_get_u32s(&d, NULL, 1);
	ferry_get_u64s(&d, NULL, 1);
	ferry_get_opaque(&d, out, 4);
	assert_memory_equal(out, "\0\0\0\0", 4);
	assert_int_equal(ferry_get_end(&d), FERRY_ETOOBIG);
}

/* ---- budget, memory, depth ---- */

static void
memory_is_zeroed_and_counted_against_the_budget(void **state)
{
	static const uint8_t zeros[64];
	struct ferry_decoder d = ferry_decoder_on(zeros, 0, &arena_of_test);
	uint8_t *mem;

	(void)state;
	d.budget = 128;
	memset(ferry_arena_alloc(&arena_of_test, 1024), 0xff, 1024);
	ferry_arena_reset(&arena_of_test);
	mem = ferry_get_memory(&d, 4, 16);
	assert_memory_equal(mem, zeros, 64);
	/* 17 bytes take 32 of the arena. */
	assert_non_null(ferry_get_memory(&d, 17, 1));
	assert_int_equal(d.budget, 32);
	assert_null(ferry_get_memory(&d, 33, 1));
	assert_failed(&d, FERRY_ETOOBIG);
	assert_int_equal(d.budget, 32);
	ferry_arena_fini(&arena_of_test);
}

static void
the_last_byte_of_the_budget_can_be_spent(void **state)
{
	struct ferry_decoder d = ferry_decoder_on(NULL, 0, &arena_of_test);

	(void)state;
	assert_int_equal(d.budget, 4096);
	assert_non_null(ferry_get_memory(&d, 256, 16));
	assert_int_equal(d.budget, 0);
	assert_null(ferry_get_memory(&d, 1, 1));
	assert_failed(&d, FERRY_ETOOBIG);
	ferry_arena_fini(&arena_of_test);
}

static void
sizes_that_overflow_are_beyond_any_budget(void **state)
{
	static const size_t sizes[][2] = {
		{ SIZE_MAX, 1 },
		{ SIZE_MAX / 2, 3 },
		{ SIZE_MAX / 16 + 1, 16 },
		{ SIZE_MAX - 15, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ferry_decoder d =
			ferry_decoder_on(NULL, 0, &arena_of_test);

		d.budget = SIZE_MAX / 2;
		assert_null(ferry_get_memory(&d, sizes[i][0], sizes[i][1]));
		assert_failed(&d, FERRY_ETOOBIG);
		assert_null(arena_of_test.chunks);
	}
}

static void
no_items_need_no_memory_and_no_arena(void **state)
{
	struct ferry_decoder d = ferry_decoder_on(NULL, 0, NULL);

	(void)state;
	assert_null(ferry_get_memory(&d, 0, 16));
	assert_int_equal(d.err, FERRY_OK);
	assert_null(ferry_get_memory(&d, 1, 16));
	assert_failed(&d, FERRY_EINVAL);
}

static void *
no_memory(void *ctx, void *mem, size_t bytes)
{
	(void)ctx;
	(void)mem;
	(void)bytes;
	return NULL;
}

static void
an_empty_heap_is_reported(void **state)
{
	static const struct ferry_hooks hooks = { .resize = no_memory };
	struct ferry_arena mem;
	struct ferry_decoder d = ferry_decoder_on(NULL, 0, &mem);

	(void)state;
	ferry_arena_init(&mem, &hooks);
	assert_null(ferry_get_memory(&d, 1, 1));
	assert_failed(&d, FERRY_ENOMEM);
	ferry_arena_fini(&mem);
}

static void
depth_runs_out_at_its_limit(void **state)
{
	static const uint8_t wire[4];
	struct ferry_decoder d = ferry_decoder_on(wire, sizeof(wire), NULL);

	(void)state;
	for (uint32_t i = 0; i < FERRY_XDR_DEPTH; i++)
		assert_true(ferry_get_enter(&d));
	ferry_get_leave(&d);
	assert_true(ferry_get_enter(&d));
	assert_false(ferry_get_enter(&d));
	assert_failed(&d, FERRY_ETOOBIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_read_at_any_alignment),
		cmocka_unit_test(every_truncation_of_every_type_is_an_error),
		cmocka_unit_test(bytes_behind_the_value_are_an_error),
		cmocka_unit_test(a_length_beyond_the_bytes_left_is_refused),
		cmocka_unit_test(a_length_of_one_too_many_is_refused),
		cmocka_unit_test(a_length_beyond_the_declared_one_is_refused),
		cmocka_unit_test(items_that_take_no_bytes_are_few),
		cmocka_unit_test(any_padding_but_zeros_is_refused),
		cmocka_unit_test(bytes_that_need_no_padding_may_have_any_value),
		cmocka_unit_test(a_bool_is_0_or_1),
		cmocka_unit_test(after_a_failure_every_get_gives_zero),
		cmocka_unit_test(
			memory_is_zeroed_and_counted_against_the_budget),
		cmocka_unit_test(the_last_byte_of_the_budget_can_be_spent),
		cmocka_unit_test(sizes_that_overflow_are_beyond_any_budget),
		cmocka_unit_test(no_items_need_no_memory_and_no_arena),
		cmocka_unit_test(an_empty_heap_is_reported),
		cmocka_unit_test(depth_runs_out_at_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
