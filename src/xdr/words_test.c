/* SPDX-License-Identifier: MIT */
/*
 * Every way that this processor has of turning words, against words turned one
 * by one.
 */
#include "xdr/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <ferry/xdr.h>

#define MOST 200  /* words */
#define GUARD 0xee

/* One call at one length and one pair of alignments. */
struct trial {
	size_t n;
	size_t from_shift;
	size_t to_shift;
};

static uint8_t from[MOST * 8 + 64];
static uint8_t to[MOST * 8 + 64];

static void
fill(void)
{
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 151 + i / 256 + 1);
	memset(to, GUARD, sizeof(to));
}

static void
assert_guards(const uint8_t *out, size_t len)
{
	for (size_t i = 1; i <= 16; i++)
		assert_int_equal(out[len + i - 1], GUARD);
	for (const uint8_t *p = to; p < out; p++)
		assert_int_equal(*p, GUARD);
}

static void
try32(const struct fy_words *way, struct trial t)
{
	const uint8_t *in = from + t.from_shift;
	uint8_t *out = to + t.to_shift;

	memset(to, GUARD, sizeof(to));
	way->swap32(out, in, t.n);
	for (size_t i = 0; i < t.n; i++) {
		uint32_t v = ferry_load_u32(in + i * 4);

		assert_memory_equal(out + i * 4, &v, 4);
	}
	assert_guards(out, t.n * 4);
}

static void
try64(const struct fy_words *way, struct trial t)
{
	const uint8_t *in = from + t.from_shift;
	uint8_t *out = to + t.to_shift;

	memset(to, GUARD, sizeof(to));
	way->swap64(out, in, t.n);
	for (size_t i = 0; i < t.n; i++) {
		uint64_t v = ferry_load_u64(in + i * 8);

		assert_memory_equal(out + i * 8, &v, 8);
	}
	assert_guards(out, t.n * 8);
}

static void
try_way(const struct fy_words *way)
{
	for (size_t n = 0; n <= MOST; n++)
		for (size_t shift = 0; shift < 8; shift++) {
			struct trial a = { n, shift, 0 };
			struct trial b = { n, 0, shift };

			try32(way, a);
			try32(way, b);
			try64(way, a);
			try64(way, b);
		}
}

static void
every_way_turns_every_length_at_every_alignment(void **state)
{
	(void)state;
	fill();
	for (const struct fy_words *const *way = fy_words_ways; *way; way++)
		if ((*way)->have())
			try_way(*way);
}

static void
many_words_go_the_first_way_that_the_processor_has(void **state)
{
	const struct fy_words *const *way = fy_words_ways;

	(void)state;
	while (!(*way)->have())
		way++;
	assert_true(fy_words_for(SIZE_MAX) == *way);
	assert_true(fy_words_for(1) == &fy_words_portable);
}

static void
arrays_of_words_survive_a_round_trip(void **state)
{
	uint8_t wire[MOST * 8];
	uint8_t back[MOST * 8];

	(void)state;
	fill();
	for (size_t n = 0; n <= MOST; n++) {
		struct ferry_encoder e = ferry_encoder_on(wire, n * 8);
		struct ferry_decoder d;

		ferry_put_u64s(&e, from, n / 2);
		ferry_put_u32s(&e, from + n / 2 * 8, (n - n / 2) * 2);
		assert_int_equal(e.err, FERRY_OK);
		assert_true(e.at == e.end);
		d = ferry_decoder_on(wire, n * 8, NULL);
		ferry_get_u64s(&d, back, n / 2);
		ferry_get_u32s(&d, back + n / 2 * 8, (n - n / 2) * 2);
		assert_int_equal(ferry_get_end(&d), FERRY_OK);
		assert_memory_equal(back, from, n * 8);
	}
}

static void
no_words_need_no_memory(void **state)
{
	struct ferry_encoder e = ferry_encoder_on(to, 0);
	struct ferry_decoder d = ferry_decoder_on(from, 0, NULL);

	(void)state;
	ferry_put_u32s(&e, NULL, 0);
	ferry_put_u64s(&e, NULL, 0);
	assert_int_equal(e.err, FERRY_OK);
	ferry_get_u32s(&d, NULL, 0);
	ferry_get_u64s(&d, NULL, 0);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_way_turns_every_length_at_every_alignment),
		cmocka_unit_test(
			many_words_go_the_first_way_that_the_processor_has),
		cmocka_unit_test(arrays_of_words_survive_a_round_trip),
		cmocka_unit_test(no_words_need_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
