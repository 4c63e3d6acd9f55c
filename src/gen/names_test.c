/* SPDX-License-Identifier: MIT */
#include "gen/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gen/c/c.h"

static bool
is_int(const char *name)
{
	return strcmp(name, "int") == 0;
}

static void
a_name_that_is_taken_gets_an_underscore(void **state)
{
	struct ferry_arena mem = { 0 };
	struct fy_scope scope = { .mem = &mem };

	(void)state;
	assert_string_equal(fy_scope_claim(&scope, "a", is_int), "a");
	assert_string_equal(fy_scope_claim(&scope, "a", is_int), "a_");
	assert_string_equal(fy_scope_claim(&scope, "a", is_int), "a__");
	assert_string_equal(fy_scope_claim(&scope, "int", is_int), "int_");
	assert_true(fy_scope_has(&scope, "a_"));
	assert_false(fy_scope_has(&scope, "int"));
	ferry_arena_fini(&mem);
}

static void
a_scope_holds_any_number_of_names(void **state)
{
	struct ferry_arena mem = { 0 };
	struct fy_scope scope = { .mem = &mem };
	static char names[1000][8];

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu", i);
		assert_ptr_equal(fy_scope_claim(&scope, names[i], is_int),
				 names[i]);
	}
	for (size_t i = 0; i < 1000; i++)
		assert_true(fy_scope_has(&scope, names[i]));
	ferry_arena_fini(&mem);
}

static void
lower_case_is_of_ascii_alone(void **state)
{
	struct ferry_arena mem = { 0 };

	(void)state;
	assert_string_equal(fy_lower(&mem, "NLM_TestZ[9"), "nlm_testz[9");
	ferry_arena_fini(&mem);
}

static void
c_and_its_library_have_their_names(void **state)
{
	(void)state;
	assert_true(fy_c_reserved_member("class"));
	assert_true(fy_c_reserved_member("xor_eq"));
	assert_true(fy_c_reserved_member("_Alignas"));
	assert_true(fy_c_reserved_member("INT_FAST8_MAX"));
	assert_true(fy_c_reserved_member("uint32_t"));
	assert_false(fy_c_reserved_member("memcpy"));
	assert_true(fy_c_reserved_tag("memcpy"));
	assert_true(fy_c_reserved_tag("FERRY_OK"));
	assert_false(fy_c_reserved_tag("ferry_call_"));
	assert_false(fy_c_reserved_tag("call"));
	assert_true(fy_c_reserved("call"));
	assert_true(fy_c_reserved("s12"));
	assert_false(fy_c_reserved("s"));
	assert_false(fy_c_reserved("s1x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_is_taken_gets_an_underscore),
		cmocka_unit_test(a_scope_holds_any_number_of_names),
		cmocka_unit_test(lower_case_is_of_ascii_alone),
		cmocka_unit_test(c_and_its_library_have_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
