/* SPDX-License-Identifier: MIT */
/*
 * As much of cmocka's interface as the tests use that run here, in plain C: for
 * processors that Debian has a compiler for, but no cmocka. The first failure
 * ends the program.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};

#define cmocka_unit_test(test) { #test, test }
#define cmocka_run_group_tests(tests, setup, teardown)                         \
	cross_run(tests, sizeof(tests) / sizeof((tests)[0]))

#define assert_true(c) cross_assert((c) ? 1 : 0, #c, __FILE__, __LINE__)
#define assert_false(c) assert_true(!(c))
#define assert_null(p) assert_true((p) == NULL)
#define assert_non_null(p) assert_true((p) != NULL)
#define assert_int_equal(a, b)                                                 \
	assert_true((unsigned long long)(a) == (unsigned long long)(b))
#define assert_int_not_equal(a, b)                                             \
	assert_true((unsigned long long)(a) != (unsigned long long)(b))
#define assert_ptr_equal(a, b)                                                 \
	assert_true((const void *)(a) == (const void *)(b))
#define assert_memory_equal(a, b, len) assert_true(memcmp(a, b, len) == 0)

static inline void
cross_assert(int holds, const char *what, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	exit(1);
}

static inline int
cross_run(const struct CMUnitTest *tests, size_t n)
{
	void *state = NULL;

	for (size_t i = 0; i < n; i++) {
		printf("%s\n", tests[i].name);
		fflush(stdout);
		tests[i].run(&state);
	}
	return 0;
}
