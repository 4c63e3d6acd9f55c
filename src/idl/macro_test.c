/* SPDX-License-Identifier: MIT */
/* Macros: the examples of C99 6.10.3.5, and what it says besides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "idl/stream_test.h"

static void
example_3_of_c99_gives_what_it_says(void **state)
{
	stream_assert(*state,
		"#define x 3\n"
		"#define f(a) f(x * (a))\n"
		"#undef x\n"
		"#define x 2\n"
		"#define g f\n"
		"#define z z[0]\n"
		"#define h g(~\n"
		"#define m(a) a(w)\n"
		"#define w 0,1\n"
		"#define t(a) a\n"
		"#define p() int\n"
		"#define q(x) x\n"
		"#define r(x,y) x ## y\n"
		"#define str(x) # x\n"
		"f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);\n"
		"g(x+(3,4)-w) | h 5) & m\n"
		"\t(f)^m(m);\n"
		"p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };\n"
		"char c[2][6] = { str(hello), str() };\n",

		"f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1);\n"
		"f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);\n"
		"int i[] = { 1, 23, 4, 5, };\n"
		"char c[2][6] = { \"hello\", \"\" };\n");
}

static void
example_4_of_c99_gives_what_it_says(void **state)
{
	struct stream_fixture *f = *state;

	f->files[1] = (struct stream_file){ "vers2.h", "included\n" };
	stream_assert(f,
		"#define str(s) # s\n"
		"#define xstr(s) str(s)\n"
		"#define debug(s, t) printf(\"x\" # s \"= %d, x\" # t \"= %s\","
		" x ## s, x ## t)\n"
		"#define INCFILE(n) vers ## n\n"
		"#define glue(a, b) a ## b\n"
		"#define xglue(a, b) glue(a, b)\n"
		"#define HIGHLOW \"hello\"\n"
		"#define LOW LOW \", world\"\n"
		"debug(1, 2);\n"
		"fputs(str(strncmp(\"abc\\0d\", \"abc\", '\\4') /* goes */"
		"\n== 0) str(: @\\n), s);\n"
		"#include xstr(INCFILE(2).h)\n"
		"glue(HIGH, LOW);\n"
		"xglue(HIGH, LOW)\n",

		"printf(\"x\" \"1\" \"= %d, x\" \"2\" \"= %s\", x1, x2);\n"
		"fputs(\"strncmp(\\\"abc\\\\0d\\\", \\\"abc\\\", '\\\\4') == 0\""
		" \": @\\n\", s);\n"
		"included\n"
		"\"hello\";\n"
		"\"hello\" \", world\"\n");
}

static void
example_5_of_c99_gives_what_it_says(void **state)
{
	stream_assert(*state,
		"#define t(x,y,z) x ## y ## z\n"
		"int j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,),\n"
		"\tt(10,,), t(,11,), t(,,12), t(,,) };\n",
		"int j[] = { 123, 45, 67, 89,\n\t10, 11, 12, };\n");
}

static void
example_6_of_c99_is_a_redefinition_where_it_says(void **state)
{
	struct stream_fixture *f = *state;

	stream_of(f, "#define OBJ_LIKE (1-1)\n"
		     "#define OBJ_LIKE /* white space */ (1-1) /* other */\n"
		     "#define FUNC_LIKE(a) ( a )\n"
		     "#define FUNC_LIKE( a )( /* note */ \\\n"
		     " a /* other stuff on this line\n */ )\n");
	assert_string_equal(stream_said(f), "");
	stream_of(f, "#define OBJ_LIKE (1-1)\n#define OBJ_LIKE (0)\n");
	assert_non_null(strstr(stream_said(f), "-Wmacro-redefined"));
	stream_of(f, "#define OBJ_LIKE (1-1)\n#define OBJ_LIKE (1 - 1)\n");
	assert_non_null(strstr(stream_said(f), "-Wmacro-redefined"));
	stream_of(f, "#define F(a) ( a )\n#define F(b) ( b )\n");
	assert_non_null(strstr(stream_said(f), "-Wmacro-redefined"));
	stream_of(f, "#define F(a) ( a )\n#undef F\n#define F(b) ( b )\n");
	assert_string_equal(stream_said(f), "");
}

static void
example_7_of_c99_gives_what_it_says(void **state)
{
	stream_assert(*state,
		"#define debug(...) fprintf(stderr, __VA_ARGS__)\n"
		"#define showlist(...) puts(#__VA_ARGS__)\n"
		"#define report(test, ...) ((test)?puts(#test):\\\n"
		"\tprintf(__VA_ARGS__))\n"
		"debug(\"Flag\");\n"
		"debug(\"X = %d\\n\", x);\n"
		"showlist(The first, second, and third items.);\n"
		"report(x>y, \"x is %d but y is %d\", x, y);\n",

		"fprintf(stderr, \"Flag\" );\n"
		"fprintf(stderr, \"X = %d\\n\", x );\n"
		"puts( \"The first, second, and third items.\" );\n"
		"((x>y)?puts(\"x>y\"):\n"
		"\tprintf(\"x is %d but y is %d\", x, y));\n");
}

static void
variadic_macros_of_gcc_lose_their_comma(void **state)
{
	stream_assert(*state,
		"#define e(f, ...) p(f, ## __VA_ARGS__)\n"
		"#define n(f, a...) p(f, ## a)\n"
		"#define o(...) p(f, ## __VA_ARGS__)\n"
		"#define A 7\n"
		"e(1); e(1,); e(1, 2, A); n(1); n(1,); n(1, A, 3); o();\n",
		"p(1); p(1,); p(1, 2, 7); p(1); p(1,); p(1, 7, 3); p(f);\n");
}

static void
calls_go_over_lines_directives_and_pass_lines(void **state)
{
	struct stream_fixture *f = *state;

	stream_assert(f,
		"#define f(a, b) [a b]\n"
		"f\n(1 /* , */,\n#ifdef A\n2\n#else\n3\n#endif\n%x\n)\n",
		"[1 3]\n");
	stream_of(f, "#define f(a, b) [a b]\nf(1,\n%x\n2)\n");
	assert_non_null(f->stream.passes);
}

static void
names_without_arguments_stay_names(void **state)
{
	stream_assert(*state,
		"#define f(a) [a]\n#define g f\nf; g; f\n#if 1\n(1) f\n#endif",
		"f; f; f (1) f");
}

static void
a_space_before_the_parenthesis_makes_it_the_body(void **state)
{
	stream_assert(*state, "#define f (a)\n#define g(a)a\nf g(1)\n",
		      "(a) 1");
}

static void
blanks_in_texts_are_single_ones(void **state)
{
	stream_assert(*state,
		"#define s(x) #x\n#define x(y) s(y)\n#define E\n#define o 1\n"
		"s(  a +\tb/* */c\n d  ) x(o o) x(a E b) s('\"' \"\\\" '\")\n",
		"\"a + b c d\" \"1 1\" \"a b\" "
		"\"'\\\"' \\\"\\\\\\\" '\\\"\"");
}

static void
operators_are_made_of_their_characters(void **state)
{
	stream_assert(*state,
		"#define cat(a, b) a ## b\n"
		"#if (1 cat(<,<) 3) == 8 && 5 cat(>,=) 5 cat(|,|) 0\n"
		"cat(a, 1) cat(1, e) cat(0x, ff)\n#endif\n",
		"a1 1e 0xff");
}

static void
lines_and_files_are_those_of_the_use(void **state)
{
	stream_assert(*state,
		"#define l(x) x __LINE__\n#define k __LINE__\n"
		"l(\n1) k\n__FILE__\n"
		"#line 70 \"a\\\\b\\\"c\"\n__LINE__ __FILE__\n",
		"1 3 4 \"in.x\" 70 \"a\\\\b\\\"c\"");
}

static void
assert_refused(struct stream_fixture *f, const char *text, const char *why)
{
	const char *said;

	stream_of(f, text);
	said = stream_said(f);
	if (!strstr(said, why))
		fail_msg("'%s' gives '%s', without '%s'", text, said, why);
}

static void
what_is_no_macro_is_refused(void **state)
{
	assert_refused(*state, "#define defined 1\n", "cannot be defined");
	assert_refused(*state, "#define f(a\n", "expected ')'");
	assert_refused(*state, "#define f(a b) a\n", "expected ')'");
	assert_refused(*state, "#define f(1) a\n", "parameter's name");
	assert_refused(*state, "#define f(a,) a\n", "parameter's name");
	assert_refused(*state, "#define f(a,a) a\n", "stands twice");
	assert_refused(*state, "#define f(..) a\n", "expected ...");
	assert_refused(*state, "#define f(..., a) a\n", "expected ')'");
	assert_refused(*state, "#define f(a) #b\n", "behind #");
	assert_refused(*state, "#define f(a) a #\n", "behind #");
	assert_refused(*state, "#define f(a) ## a\n", "## stands first");
	assert_refused(*state, "#define f(a) a ##\n", "## stands last");
	assert_refused(*state, "#define o a ##\n", "## stands last");
}

static void
calls_that_do_not_fit_are_refused(void **state)
{
	assert_refused(*state, "#define f(a) a\nf(1, 2)\n", "takes fewer");
	assert_refused(*state, "#define f() a\nf(1)\n", "takes fewer");
	assert_refused(*state, "#define f(a, b) a\nf(1)\n", "takes more");
	assert_refused(*state, "#define f(a,b,...) a\nf(1)\n", "takes more");
	assert_refused(*state, "#define f(a) a\nf(1", "has no ')'");
	assert_refused(*state, "#define f(a) a\n#if f(1\n#endif\n)",
		       "has no ')'");
	assert_refused(*state, "#define c(a, b) a ## b\nc(+, 1)\n",
		       "## makes no token of '+' and '1'");
	assert_refused(*state, "#define c(a, b) a ## b\nc(/, /)\n",
		       "## makes no token");
	assert_refused(*state, "#define c(a, b) a ## b\nc(/, *) a */\n",
		       "## makes no token");
}

static void
macros_redefined_in_their_own_arguments_do_no_harm(void **state)
{
	struct stream_fixture *f = *state;

	stream_assert(f, "#define f(a, b) [a b]\n"
			 "f(1,\n#undef f\n#define f(x) x\n2) f(3)\n",
		      "[1 2] 3");
}

static void
bombs_end_early(void **state)
{
	struct stream_fixture *f = *state;
	char text[4000];
	int at = 0;

	for (int i = 0; i < 30; i++)
		at += snprintf(text + at, sizeof(text) - (size_t)at,
			       "#define A%d(x) A%d(x x) A%d(x)\n", i, i + 1,
			       i + 1);
	snprintf(text + at, sizeof(text) - (size_t)at, "A0(1)\n");
	assert_refused(f, text, "more tokens up to here");
	assert_true(f->stream.tokens.n < 200000);
	assert_true(f->stream.incomplete);
}

/* Each # doubles the backslashes of the one inside it. */
static void
texts_that_double_end_early(void **state)
{
	char text[1000] = "#define s(x) #x\n#define t(x) s(x)\n";
	size_t len = strlen(text);

	for (size_t i = 0; i < 60; i++)
		memcpy(text + len + 2 * i, "t(", 2);
	len += 120;
	memcpy(text + len, "\"\\\"\"", 4);
	memset(text + len + 4, ')', 60);
	assert_refused(*state, text, "more tokens up to here");
}

static void
calls_are_nested_to_a_depth_that_is_bounded(void **state)
{
	struct stream_fixture *f = *state;
	static char text[20000] = "#define f(x) x\n";
	size_t len = strlen(text);

	for (size_t i = 0; i < 5000; i++)
		memcpy(text + len + 2 * i, "f(", 2);
	memset(text + len + 10000, ')', 5000);
	stream_of(f, text);
	assert_string_not_equal(stream_said(f), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(example_3_of_c99_gives_what_it_says),
		STREAM_TEST(example_4_of_c99_gives_what_it_says),
		STREAM_TEST(example_5_of_c99_gives_what_it_says),
		STREAM_TEST(example_6_of_c99_is_a_redefinition_where_it_says),
		STREAM_TEST(example_7_of_c99_gives_what_it_says),
		STREAM_TEST(variadic_macros_of_gcc_lose_their_comma),
		STREAM_TEST(calls_go_over_lines_directives_and_pass_lines),
		STREAM_TEST(names_without_arguments_stay_names),
		STREAM_TEST(a_space_before_the_parenthesis_makes_it_the_body),
		STREAM_TEST(blanks_in_texts_are_single_ones),
		STREAM_TEST(operators_are_made_of_their_characters),
		STREAM_TEST(lines_and_files_are_those_of_the_use),
		STREAM_TEST(what_is_no_macro_is_refused),
		STREAM_TEST(calls_that_do_not_fit_are_refused),
		STREAM_TEST(macros_redefined_in_their_own_arguments_do_no_harm),
		STREAM_TEST(bombs_end_early),
		STREAM_TEST(texts_that_double_end_early),
		STREAM_TEST(calls_are_nested_to_a_depth_that_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
