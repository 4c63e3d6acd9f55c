/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "transport/fifo/hello.h"

static const uint8_t id[FY_HELLO_ID] = { 0x01, 0xab, 0xff, 4, 5, 6, 7, 8,
					 9, 10, 11, 12, 13, 14, 15, 0x10 };

/*
 * Feeds @bytes as a listener reads them, at most @step at a time. Return: how
 * many true hellos were found; others were rejected.
 */
static int
feed(struct fy_hello *hello, const uint8_t *bytes, size_t n, size_t step)
{
	uint8_t got[FY_HELLO_ID];
	int n_found = 0;

	for (;;) {
		size_t room;

		while (fy_hello_ready(hello, got)) {
			if (memcmp(got, id, sizeof(id)) == 0) {
				n_found++;
				hello->have = 0;
			} else {
				fy_hello_reject(hello);
			}
		}
		room = FY_HELLO_BYTES - hello->have;
		assert_true(room > 0);
		if (n == 0)
			return n_found;
		room = room < step ? room : step;
		room = room < n ? room : n;
		memcpy(hello->buf + hello->have, bytes, room);
		hello->have += room;
		bytes += room;
		n -= room;
	}
}

static void
a_hello_is_found_however_it_comes(void **state)
{
	struct fy_hello made;

	(void)state;
	fy_hello_make(&made, id);
	assert_int_equal(made.have, FY_HELLO_BYTES);
	for (size_t step = 1; step <= FY_HELLO_BYTES; step++) {
		struct fy_hello hello = { .have = 0 };

		assert_int_equal(feed(&hello, made.buf, FY_HELLO_BYTES, step),
				 1);
		assert_int_equal(hello.n_dropped, 0);
		assert_int_equal(hello.have, 0);
	}
}

static void
what_stands_before_it_is_thrown_away(void **state)
{
	uint8_t bytes[3 * FY_HELLO_BYTES];
	struct fy_hello made;

	(void)state;
	fy_hello_make(&made, id);
	/* Every part of a hello, from either side, and then a whole one. */
	for (size_t n = 1; n < FY_HELLO_BYTES; n++) {
		struct fy_hello hello = { .have = 0 };

		memcpy(bytes, made.buf, n);
		memcpy(bytes + n, made.buf, FY_HELLO_BYTES);
		assert_int_equal(feed(&hello, bytes, n + FY_HELLO_BYTES, 32),
				 1);
		assert_int_equal(hello.n_dropped, n);

		hello = (struct fy_hello){ .have = 0 };
		memcpy(bytes, made.buf + FY_HELLO_BYTES - n, n);
		assert_int_equal(feed(&hello, bytes, n + FY_HELLO_BYTES, 7), 1);
		assert_int_equal(hello.n_dropped, n);
	}
}

static void
a_forged_hello_does_not_swallow_the_next_one(void **state)
{
	const uint8_t other[FY_HELLO_ID] = { 0x66 };
	uint8_t bytes[2 * FY_HELLO_BYTES];
	struct fy_hello forged, made;

	(void)state;
	fy_hello_make(&made, id);
	fy_hello_make(&forged, other);
	/* Its last byte is also the first one of a true hello. */
	for (size_t n = 1; n <= FY_HELLO_BYTES; n++) {
		struct fy_hello hello = { .have = 0 };

		memcpy(bytes, forged.buf, FY_HELLO_BYTES);
		memcpy(bytes + n, made.buf, FY_HELLO_BYTES);
		assert_int_equal(feed(&hello, bytes, n + FY_HELLO_BYTES, 32),
				 1);
	}
}

/* One whose last byte could begin another. */
static void
the_end_of_a_rejected_hello_is_no_junk(void **state)
{
	uint8_t other[FY_HELLO_ID] = { 0x66 };
	struct fy_hello hello = { .have = 0 };
	uint8_t bytes[2 * FY_HELLO_BYTES];
	struct fy_hello rejected, made;

	(void)state;
	do {
		other[1]++;
		other[2] = (uint8_t)(other[2] + (other[1] == 0));
		fy_hello_make(&rejected, other);
	} while (rejected.buf[FY_HELLO_BYTES - 1] != rejected.buf[0]);
	fy_hello_make(&made, id);
	memcpy(bytes, rejected.buf, FY_HELLO_BYTES);
	memcpy(bytes + FY_HELLO_BYTES, made.buf, FY_HELLO_BYTES);
	assert_int_equal(feed(&hello, bytes, sizeof(bytes), 32), 1);
	assert_int_equal(hello.n_dropped, 0);
}

static void
one_changed_bit_makes_it_no_hello(void **state)
{
	struct fy_hello made;

	(void)state;
	for (size_t bit = 0; bit < FY_HELLO_BYTES * 8; bit++) {
		struct fy_hello hello = { .have = 0 };

		fy_hello_make(&made, id);
		made.buf[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(feed(&hello, made.buf, FY_HELLO_BYTES, 32), 0);
		assert_true(hello.n_dropped > 0);
	}
}

static void
names_are_those_of_the_id_and_no_others(void **state)
{
	static const char *const bad[] = {
		"", "a", "01abff0405060708090a0b0c0d0e0f10",
		"01abff0405060708090a0b0c0d0e0f10c",
		"01ABFF0405060708090a0b0c0d0e0f10a",
		"01abff0405060708090a0b0c0d0e0f10aa",
		"01abff0405060708090a0b0c0d0e0f10a.",
		"../ff0405060708090a0b0c0d0e0f10aa",
	};
	const struct fy_hello_name name =
		fy_hello_name(id, FY_HELLO_TO_LISTENER);

	(void)state;
	assert_string_equal(name.text, "01abff0405060708090a0b0c0d0e0f10a");
	assert_true(fy_hello_is_name(name.text));
	assert_true(fy_hello_is_name(
		fy_hello_name(id, FY_HELLO_TO_CLIENT).text));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(fy_hello_is_name(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hello_is_found_however_it_comes),
		cmocka_unit_test(what_stands_before_it_is_thrown_away),
		cmocka_unit_test(a_forged_hello_does_not_swallow_the_next_one),
		cmocka_unit_test(the_end_of_a_rejected_hello_is_no_junk),
		cmocka_unit_test(one_changed_bit_makes_it_no_hello),
		cmocka_unit_test(names_are_those_of_the_id_and_no_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
