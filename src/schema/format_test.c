/* SPDX-License-Identifier: MIT */
#include "schema/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* NUL-terminated, in @mem. */
static const char *
formatted(struct ferry_arena *mem, struct ferry_str text)
{
	struct fy_reformat f = { .mem = mem, .path = "in.x", .text = text };

	assert_int_equal(fy_reformat(&f), FERRY_OK);
	assert_true(f.out.data[f.out.len] == '\0');
	return f.out.data;
}

/* That @text comes out as @wanted, which is left as it is. */
static void
gives(const char *text, const char *wanted)
{
	struct ferry_arena mem = { 0 };

	assert_string_equal(formatted(&mem, ferry_str_of(text)), wanted);
	assert_string_equal(formatted(&mem, ferry_str_of(wanted)), wanted);
	ferry_arena_fini(&mem);
}

static void
stays(const char *text)
{
	gives(text, text);
}

static void
one_declaration_stands_on_a_line(void **state)
{
	(void)state;
	gives("struct pair{int a;unsigned  int b ;} ;",
	      "struct pair {\n\tint a;\n\tunsigned int b;\n};\n");
	gives("enum e{A=1,B=2};", "enum e {\n\tA = 1,\n\tB = 2\n};\n");
	gives("union u switch(int k){case 1:int *a;default:void;};",
	      "union u switch (int k) {\ncase 1:\n\tint *a;\ndefault:\n"
	      "\tvoid;\n};\n");
	gives("program P{version V{void\nN ( void )=0;}=1;}=2;",
	      "program P {\n\tversion V {\n\t\tvoid N(void) = 0;\n\t} = 1;\n"
	      "} = 2;\n");
}

static void
lines_end_in_a_newline_alone(void **state)
{
	(void)state;
	gives("const A = 1;\r\n// a\r\r\n%b\r", "const A = 1;\n// a\n%b\n");
}

static void
blank_lines_part_declarations_and_never_two(void **state)
{
	(void)state;
	gives("\n\nconst A = 1;\n\n\n\nstruct s {\n\n\tint a;\n\n};\n\n",
	      "const A = 1;\n\nstruct s {\n\tint a;\n};\n");
}

static void
comments_behind_lines_stand_below_each_other(void **state)
{
	(void)state;
	gives("struct s {\nint a; /* one */\n  hyper long_one;/* two */\n"
	      "bool no;\nint b; // three\n};",
	      "struct s {\n\tint a;\t\t/* one */\n\thyper long_one;\t/* two */\n"
	      "\tbool no;\n\tint b;\t\t// three\n};\n");
	gives("enum e { LONG_NAME_OF = 1, /* one */\nB = 2 /* two */ };",
	      "enum e {\n\tLONG_NAME_OF = 1,\t/* one */\n\tB = 2\t\t\t/* two */\n"
	      "};\n");
}

static void
what_a_line_of_its_own_parts_is_aligned_apart(void **state)
{
	(void)state;
	stays("const A = 1;\t/* one */\n\nconst A_LONGER_ONE = 2;\t/* two */\n");
	stays("const A = 1;\t/* one */\n/* and */\n"
	      "const A_LONGER_ONE = 2;\t/* two */\n");
	stays("const A = 1;\t/* one */\n#define X\n"
	      "const A_LONGER_ONE = 2;\t/* two */\n");
	stays("struct s {\t/* one */\n\tunsigned int a_longer_one;\t/* two */\n"
	      "};\t/* three */\n");
}

static void
a_comment_that_would_end_too_late_stands_close(void **state)
{
	(void)state;
	stays("const A = 1;\t/* one */\n"
	      "const B_WITH_A_RATHER_LONG_NAME_OF_ITS_OWN = 12345678; "
	      "/* twenty-five letters */\n"
	      "const C = 1;\t/* three */\n");
	stays("const A_NAME_OF_SOME_LETTERS = 1;\t/* one */\n"
	      "const B = 1; /* this is as long as there is room if it "
	      "stands close, just so */\n");
	stays("const A_NAME_OF_SOME_LETTERS = 1;\t/* one */\n"
	      "const B = 1;\t\t\t\t/* this is longer than there is room, "
	      "wherever it stands, and by far */\n");
}

static void
stars_stand_below_stars(void **state)
{
	(void)state;
	gives("struct s {\n/* one\n* two\n    */\nint a; /* three\n\t* four */\n"
	      "unsigned int bcd; /* five */ /* six */\n};",
	      "struct s {\n\t/* one\n\t * two\n\t */\n\tint a;\t\t\t/* three\n"
	      "\t\t\t\t * four */\n\tunsigned int bcd;\t/* five */ /* six */\n"
	      "};\n");
	stays("const A = 1;\t/* one\n  two */\n");
}

static void
comments_inside_of_a_line_stay_there(void **state)
{
	(void)state;
	stays("const /* one */ A /* two */ = 1;\n");
	stays("typedef int t[/* one */ 2];\n");
}

static void
percent_and_preprocessor_lines_stay_as_they_are(void **state)
{
	(void)state;
	stays("%  #include  <a.h>\n#ifdef  A\nconst B = 1;\n#else\n"
	      "const B = 2;\n#endif\n");
}

static void
carriage_returns_go_and_the_last_line_ends(void **state)
{
	(void)state;
	gives("const A = 1;\r\n// b", "const A = 1;\n// b\n");
}

static void
letters_of_several_bytes_take_one_column(void **state)
{
	(void)state;
	stays("const A = \"\303\244\303\266\303\274\";\t/* one */\n"
	      "const B = 1;\t\t/* two */\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_declaration_stands_on_a_line),
		cmocka_unit_test(lines_end_in_a_newline_alone),
		cmocka_unit_test(blank_lines_part_declarations_and_never_two),
		cmocka_unit_test(comments_behind_lines_stand_below_each_other),
		cmocka_unit_test(what_a_line_of_its_own_parts_is_aligned_apart),
		cmocka_unit_test(a_comment_that_would_end_too_late_stands_close),
		cmocka_unit_test(stars_stand_below_stars),
		cmocka_unit_test(comments_inside_of_a_line_stay_there),
		cmocka_unit_test(percent_and_preprocessor_lines_stay_as_they_are),
		cmocka_unit_test(carriage_returns_go_and_the_last_line_ends),
		cmocka_unit_test(letters_of_several_bytes_take_one_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
