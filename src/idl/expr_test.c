/* SPDX-License-Identifier: MIT */
/* Expressions of #if: their values, with gcc's cpp as the judge of some. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "idl/stream_test.h"

static void
assert_true_in_if(struct stream_fixture *f, const char *expression)
{
	char text[500];
	const char *tokens;

	snprintf(text, sizeof(text), "#if %s\nyes\n#else\nno\n#endif\n",
		 expression);
	tokens = stream_of(f, text);
	if (strcmp(stream_said(f), "") != 0 || strcmp(tokens, "yes ") != 0)
		fail_msg("#if %s gives %s", expression, tokens);
}

static void
operators_bind_as_in_c(void **state)
{
	assert_true_in_if(*state, "1 + 2 * 3 == 7 && 7 - 2 - 1 == 4");
	assert_true_in_if(*state, "(1 | 2 ^ 3 & 5) == 3 && 1 << 2 + 1 == 8");
	assert_true_in_if(*state, "1 || 0 && 0");
	assert_true_in_if(*state, "0 ? 0 : 1 ? 1 : 0");
	assert_true_in_if(*state, "1 ? 0 ? 0 : 1 : 0");
	assert_true_in_if(*state, "!0 + !0 == 2 && - -1 == +1 && ~0 == -1");
	assert_true_in_if(*state, "3 > 2 == 1 && 1 != 2 > 3 && 1 <= 1 >= 1");
	assert_true_in_if(*state, "7 / 2 == 3 && -7 / 2 == -3 && -7 % 3 == -1");
}

static void
numbers_have_bases_and_suffixes(void **state)
{
	assert_true_in_if(*state, "0x1F == 31 && 037 == 31 && 0 == 00");
	assert_true_in_if(*state, "1u + 1U + 1l + 1L + 1ul + 1LU == 6");
	assert_true_in_if(*state, "1ll + 1ULL + 1llu == 3");
	assert_true_in_if(*state, "0xffffffffffffffff == -1");
	assert_true_in_if(*state, "18446744073709551615u == 0 - 1u");
}

static void
unsigned_operands_make_it_unsigned(void **state)
{
	assert_true_in_if(*state, "-1 > 0u && -1 < 0");
	assert_true_in_if(*state, "-1 / 2u == 0x7fffffffffffffff");
	assert_true_in_if(*state, "(0 ? 0u : -1) > 0 && (1 ? -1 : 0u) > 0");
	assert_true_in_if(*state, "(-1 >> 1u) < 0 && (-1 << 63) < 0");
	assert_true_in_if(*state, "-1u >> 63 == 1 && (1 == 1u) > -1");
	assert_true_in_if(*state, "0x8000000000000000 > 0");
}

static void
shifts_beyond_the_width_end(void **state)
{
	assert_true_in_if(*state, "1 << 64 == 0 && 1 >> 64 == 0");
	assert_true_in_if(*state, "-1 >> 100 == -1 && -1u >> 64 == 0");
	assert_true_in_if(*state, "8 >> -1 == 16 && 8 << -1 == 4");
}

static void
what_is_not_evaluated_may_divide_by_nothing(void **state)
{
	assert_true_in_if(*state, "1 || 1 / 0");
	assert_true_in_if(*state, "!(0 && 1 % 0)");
	assert_true_in_if(*state, "1 ? 1 : 1 / 0");
	assert_true_in_if(*state, "0 ? 1 / 0 : 1");
	assert_true_in_if(*state, "-9223372036854775807 - 1 < 0 &&"
				  " (-9223372036854775807 - 1) / -1 < 0 &&"
				  " (-9223372036854775807 - 1) % -1 == 0");
}

static void
characters_are_those_of_gcc(void **state)
{
	assert_true_in_if(*state, "'a' == 97 && 'ab' == 24930 && ' ' == 32");
	assert_true_in_if(*state, "'\\n' == 10 && '\\0' == 0 && '\\'' == 39");
	assert_true_in_if(*state, "'\\\\' == 92 && '\"' == 34 && '?' == 63");
	assert_true_in_if(*state, "'\\101' == 65 && '\\x41' == 65");
	assert_true_in_if(*state, "'\\377' < 0 && '\\xff' == -1");
	assert_true_in_if(*state, "'\\a' == 7 && '\\t' == 9 && '\\v' == 11");
}

static void
names_are_zero_unless_they_are_defined(void **state)
{
	assert_true_in_if(*state, "!what && !true && what == 0");
	assert_true_in_if(*state, "defined RPC_HDR && defined(RPC_HDR)");
	assert_true_in_if(*state, "defined ( RPC_HDR ) && RPC_HDR == 1");
	assert_true_in_if(*state, "!defined what && !defined(__GNUC__)");
	stream_assert(*state, "#define H defined(RPC_HDR) && !defined X\n"
			      "#if H\nyes\n#endif\n", "yes");
	stream_assert(*state, "#define H(a) defined(a)\n"
			      "#if H(RPC_TBL) || !H(Y)\nyes\n#endif\n", "yes");
}

static void
what_is_no_expression_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "1 +", "(1", "1 2", "1 / 0", "1 % 0", "defined", "defined(",
		"defined(A", "defined 1", "\"a\"", "1 ? 2", "1 = 1", "08",
		"0x", "1.5", "0xg", "18446744073709551616", "''", "f(1)",
		"1ulu", "1lul", "(2)3", "1 ? : 2", "&& 1", "1, 2",
	};
	struct stream_fixture *f = *state;

	for (size_t i = 0; i < FY_ARRAY_LEN(bad); i++) {
		char text[100];

		snprintf(text, sizeof(text), "#if %s\n#endif\n", bad[i]);
		stream_of(f, text);
		if (!strstr(stream_said(f), "in.x:1:"))
			fail_msg("#if %s is taken", bad[i]);
	}
}

static void
parts_that_are_left_out_may_hold_anything(void **state)
{
	stream_assert(*state,
		"#if 0\n#if 1 /\n#elif (\n#else garbage ' \"\n#endif junk\n"
		"#nonsense\n# 12 x\n#\"\n#\x01\nit's \" /* not */ \n"
		"#elifdef RPC_HDR\n1\n#elif 1 / 0\n2\n#else\n3\n#endif\n"
		"#ifdef A\n#elifndef A\n4\n#endif\n#\n",
		"1 4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(operators_bind_as_in_c),
		STREAM_TEST(numbers_have_bases_and_suffixes),
		STREAM_TEST(unsigned_operands_make_it_unsigned),
		STREAM_TEST(shifts_beyond_the_width_end),
		STREAM_TEST(what_is_not_evaluated_may_divide_by_nothing),
		STREAM_TEST(characters_are_those_of_gcc),
		STREAM_TEST(names_are_zero_unless_they_are_defined),
		STREAM_TEST(what_is_no_expression_is_refused),
		STREAM_TEST(parts_that_are_left_out_may_hold_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
