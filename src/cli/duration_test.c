/* SPDX-License-Identifier: MIT */
#include "cli/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void
units_are_what_they_say(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{ "0", 0 },
		{ "2", 2000000000 },
		{ "2s", 2000000000 },
		{ "1.5", 1500000000 },
		{ "0.25s", 250000000 },
		{ "250ms", 250000000 },
		{ "10us", 10000 },
		{ "1m", 60000000000 },
		{ "10000h", INT64_C(36000000000000000) },
		{ "1.0000000019", 1000000001 },
	};
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(cases); i++) {
		assert_true(fy_duration_parse(cases[i].text, &ns));
		assert_int_equal(ns, cases[i].ns);
	}
}

static void
anything_else_is_refused(void **state)
{
	static const char *const cases[] = {
		"", "s", "-1", "+1", " 1", "1 s", "1x", "1.", ".5", "1..5",
		"1e3", "0x10", "1.5.5", "10000.1h", "10001h", "inf",
		"99999999999999999999999999", "9223372036854775807",
	};
	int64_t ns = 7;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(cases); i++)
		assert_false(fy_duration_parse(cases[i], &ns));
	assert_int_equal(ns, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_what_they_say),
		cmocka_unit_test(anything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
