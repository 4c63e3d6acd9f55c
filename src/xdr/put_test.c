/* SPDX-License-Identifier: MIT */
#include <ferry/xdr.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define MOST 64

static void
assert_failed(const struct ferry_encoder *e, ferry_err err)
{
	assert_int_equal(e->err, err);
	assert_true(e->at == e->end);
}

/* ---- each type, into exactly the room that it takes, and into less ---- */

static void
write_int(struct ferry_encoder *e)
{
	uint8_t *p = ferry_put_run(e, 4);

	if (p)
		ferry_store_u32(p, (uint32_t)-2);
}

static void
write_hyper(struct ferry_encoder *e)
{
	uint8_t *p = ferry_put_run(e, 8);

	if (p)
		ferry_store_u64(p, 0x0102030405060708u);
}

static void
write_float(struct ferry_encoder *e)
{
	static const float v = -0.75f;
	uint8_t *p = ferry_put_run(e, 4);

	if (p)
		ferry_store_f32(p, &v);
}

static void
write_double(struct ferry_encoder *e)
{
	static const double v = -0.75;
	uint8_t *p = ferry_put_run(e, 8);

	if (p)
		ferry_store_f64(p, &v);
}

static void
write_quadruple(struct ferry_encoder *e)
{
	static const struct ferry_quadruple v = { 0x3fff000000000000u, 7 };
	uint8_t *p = ferry_put_run(e, 16);

	if (p)
		ferry_store_quadruple(p, &v);
}

static void
write_opaque(struct ferry_encoder *e)
{
	ferry_put_opaque(e, (const uint8_t *)"hello", 5);
}

static void
write_bytes(struct ferry_encoder *e)
{
	struct ferry_bytes b = { (const uint8_t *)"ferry!", 6 };

	ferry_put_bytes(e, b, 6);
}

static void
write_str(struct ferry_encoder *e)
{
	ferry_put_str(e, ferry_str_of("file00037.dat"), 13);
}

static void
write_ints(struct ferry_encoder *e)
{
	static const int32_t v[] = { 1, -1 };

	ferry_put_count(e, 2, 2);
	ferry_put_u32s(e, v, 2);
}

static void
write_hypers(struct ferry_encoder *e)
{
	static const int64_t v[] = { -3 };

	ferry_put_count(e, 1, 1);
	ferry_put_u64s(e, v, 1);
}

static void
write_two_in_one_run(struct ferry_encoder *e)
{
	struct ferry_bytes b = { NULL, 0 };
	struct ferry_str s = ferry_str_of("abc");
	uint8_t *p = ferry_put_run(e, 4 + 4 + ferry_padded(s.len));

	if (!p)
		return;
	p = ferry_store_bytes(p, b);
	p = ferry_store_str(p, s);
	assert_true(p == e->at);
}

static const struct type {
	const char *name;
	size_t len;
	const char *wire;
	void (*write)(struct ferry_encoder *e);
} types[] = {
	{ "int", 4, "\xff\xff\xff\xfe", write_int },
	{ "hyper", 8, "\1\2\3\4\5\6\7\10", write_hyper },
	{ "float", 4, "\xbf\x40\0\0", write_float },
	{ "double", 8, "\xbf\xe8\0\0\0\0\0\0", write_double },
	{ "quadruple", 16, "\x3f\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\7",
	  write_quadruple },
	{ "opaque[5]", 8, "hello\0\0\0", write_opaque },
	{ "opaque<>", 12, "\0\0\0\6ferry!\0\0", write_bytes },
	{ "string<>", 20, "\0\0\0\15file00037.dat\0\0\0", write_str },
	{ "int<>", 12, "\0\0\0\2\0\0\0\1\xff\xff\xff\xff", write_ints },
	{ "hyper<>", 12, "\0\0\0\1\xff\xff\xff\xff\xff\xff\xff\xfd",
	  write_hypers },
	{ "two", 12, "\0\0\0\0\0\0\0\3abc\0", write_two_in_one_run },
};

static const size_t n_types = sizeof(types) / sizeof(types[0]);

static void
every_type_fills_exactly_its_room_at_any_alignment(void **state)
{
	(void)state;
	for (size_t t = 0; t < n_types; t++)
		for (size_t shift = 0; shift < 8; shift++) {
			uint8_t *room = malloc(shift + types[t].len);
			struct ferry_encoder e;

			assert_non_null(room);
			memset(room, 0xee, shift + types[t].len);
			e = ferry_encoder_on(room + shift, types[t].len);
			types[t].write(&e);
			assert_int_equal(e.err, FERRY_OK);
			assert_true(e.at == e.end);
			assert_memory_equal(room + shift, types[t].wire,
					    types[t].len);
			free(room);
		}
}

static void
every_type_is_refused_by_less_room(void **state)
{
	(void)state;
	for (size_t t = 0; t < n_types; t++)
		for (size_t len = 0; len < types[t].len; len++) {
			uint8_t *room = malloc(len > 0 ? len : 1);
			struct ferry_encoder e;

			assert_non_null(room);
			e = ferry_encoder_on(room, len);
			types[t].write(&e);
			assert_failed(&e, FERRY_ETOOBIG);
			free(room);
		}
}

/* ---- opaque data of every length ---- */

static void
data_of_every_length_is_copied_and_padded_with_zeros(void **state)
{
	uint8_t data[MOST];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i + 1);
	for (uint32_t n = 0; n < MOST; n++) {
		size_t bytes = (size_t)ferry_padded(n);
		uint8_t *from = malloc(n > 0 ? n : 1);
		uint8_t *room = malloc(bytes + 4);
		struct ferry_encoder e = ferry_encoder_on(room, bytes + 4);
		struct ferry_bytes b = { from, n };

		assert_true(from && room);
		memcpy(from, data, n);
		memset(room, 0xee, bytes + 4);
		ferry_put_bytes(&e, b, n);
		assert_int_equal(e.err, FERRY_OK);
		assert_true(e.at == e.end);
		assert_int_equal(ferry_load_u32(room), n);
		assert_memory_equal(room + 4, data, n);
		assert_memory_equal(room + 4 + n, "\0\0\0", bytes - n);
		free(from);
		free(room);
	}
}

static void
sizes_are_what_is_written(void **state)
{
	static const char text[MOST];

	(void)state;
	for (uint32_t n = 0; n < MOST; n++) {
		uint8_t room[MOST + 8];
		struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));
		struct ferry_str s = { text, n };

		ferry_put_str(&e, s, UINT32_MAX);
		assert_int_equal((size_t)(e.at - room), ferry_size_var(n));
	}
	assert_true(ferry_padded(UINT32_MAX) == 0x100000000u);
	assert_true(ferry_size_var(UINT32_MAX) ==
		    (SIZE_MAX > UINT32_MAX
			     ? (size_t)ferry_padded(UINT32_MAX) + 4
			     : SIZE_MAX));
}

/* ---- refusals ---- */

static void
more_than_declared_has_no_encoding(void **state)
{
	uint8_t room[MOST];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	(void)state;
	ferry_put_str(&e, ferry_str_of("four"), 3);
	assert_failed(&e, FERRY_EENCODE);
	assert_true(e.at == room);

	e = ferry_encoder_on(room, sizeof(room));
	ferry_put_count(&e, 4, 3);
	assert_failed(&e, FERRY_EENCODE);
	assert_true(e.at == room);
}

static void
lengths_that_no_memory_has_are_refused(void **state)
{
	static const uint32_t lengths[] = { 0x7fffffff, 0x80000000,
					    0xfffffffc, 0xfffffffd,
					    0xffffffff };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (size_t len = 0; len <= MOST; len++) {
			uint8_t room[MOST];
			struct ferry_encoder e = ferry_encoder_on(room, len);
			struct ferry_bytes b = { room, lengths[i] };

			ferry_put_bytes(&e, b, UINT32_MAX);
			assert_failed(&e, FERRY_ETOOBIG);
			e = ferry_encoder_on(room, len);
			ferry_put_opaque(&e, room, lengths[i]);
			assert_failed(&e, FERRY_ETOOBIG);
		}
}

static void
counts_of_words_that_overflow_are_refused(void **state)
{
	static const size_t counts[] = { 17, SIZE_MAX / 4 + 1,
					 SIZE_MAX / 8 + 1, SIZE_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint8_t room[MOST];
		struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

		ferry_put_u32s(&e, room, counts[i]);
		assert_failed(&e, FERRY_ETOOBIG);
		e = ferry_encoder_on(room, sizeof(room));
		ferry_put_u64s(&e, room, counts[i]);
		assert_failed(&e, FERRY_ETOOBIG);
	}
}

static void
after_a_failure_every_put_does_nothing(void **state)
{
	uint8_t room[MOST];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	(void)state;
	memset(room, 0xee, sizeof(room));
	ferry_put_fail(&e, FERRY_EENCODE);
	ferry_put_fail(&e, FERRY_ETOOBIG);
	for (size_t t = 0; t < n_types; t++)
		types[t].write(&e);
	assert_failed(&e, FERRY_EENCODE);
	for (size_t i = 0; i < sizeof(room); i++)
		assert_int_equal(room[i], 0xee);
}

static void
depth_runs_out_at_its_limit(void **state)
{
	uint8_t room[MOST];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	(void)state;
	for (uint32_t i = 0; i < FERRY_XDR_DEPTH; i++)
		assert_true(ferry_put_enter(&e));
	ferry_put_leave(&e);
	assert_true(ferry_put_enter(&e));
	assert_false(ferry_put_enter(&e));
	assert_failed(&e, FERRY_ETOOBIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_type_fills_exactly_its_room_at_any_alignment),
		cmocka_unit_test(every_type_is_refused_by_less_room),
		cmocka_unit_test(
			data_of_every_length_is_copied_and_padded_with_zeros),
		cmocka_unit_test(sizes_are_what_is_written),
		cmocka_unit_test(more_than_declared_has_no_encoding),
		cmocka_unit_test(lengths_that_no_memory_has_are_refused),
		cmocka_unit_test(counts_of_words_that_overflow_are_refused),
		cmocka_unit_test(after_a_failure_every_put_does_nothing),
		cmocka_unit_test(depth_runs_out_at_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
