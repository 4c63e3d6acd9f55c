/* SPDX-License-Identifier: MIT */
#include "gen/emit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct text {
	struct ferry_arena mem;
	struct fy_emit e;
};

static void
begin(struct text *t)
{
	memset(&t->mem, 0, sizeof(t->mem));
	fy_emit_init(&t->e, &t->mem);
}

static void
end_is(struct text *t, const char *wanted)
{
	const char *text;

	assert_int_equal(fy_emit_text(&t->e, &text), FERRY_OK);
	assert_string_equal(text, wanted);
	ferry_arena_fini(&t->mem);
}

static void
slots_are_filled_by_name(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	fy_emit(&t.e, "$type $name = $type; $$\n", "name", "x", "type", "int");
	end_is(&t, "int x = int; $\n");
}

static void
a_slot_that_was_not_given_shows(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	fy_emit(&t.e, "a $slot b\n", "slo", "x");
	end_is(&t, "a $slot b\n");
}

static void
lines_are_indented_and_blank_ones_are_not(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	t.e.indent = 1;
	fy_emit(&t.e, "a\n\nb\n");
	end_is(&t, "\ta\n\n\tb\n");
}

static void
long_lines_are_broken_behind_commas_and_align(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	fy_emit(&t.e, "ferry_err a_name_of_some_length(struct ferry_call *call,"
		      " struct ferry_str path, struct listing *out);\n");
	end_is(&t, "ferry_err a_name_of_some_length(struct ferry_call *call, "
		   "struct ferry_str path,\n"
		   "\t\t\t\tstruct listing *out);\n");
}

static void
a_bracket_stays_open_over_several_lines(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	fy_emit(&t.e, "x(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
		      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
		      "cccccccccccccccccccccccccccccccccccccccccccccccccc)\n");
	end_is(&t, "x(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\n"
		   "  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,\n"
		   "  cccccccccccccccccccccccccccccccccccccccccccccccccc)\n");
}

static void
what_cannot_be_broken_stays_whole(void **state)
{
	char word[101];
	struct text t;

	(void)state;
	memset(word, 'w', 99);
	memcpy(word + 99, "\n", 2);
	begin(&t);
	fy_emit(&t.e, "$word", "word", word);
	end_is(&t, word);
}

static void
a_comment_ends_where_it_should(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	fy_emit_comment(&t.e, "a */ b /* c \?\?/");
	end_is(&t, "/* a * / b / * c ? ?/ */\n");
}

static void
a_comment_of_several_lines_is_a_block(void **state)
{
	struct text t;

	(void)state;
	begin(&t);
	t.e.indent = 1;
	fy_emit_comment(&t.e, "a \\\n\nb\x01\xe2\x80\xae.");
	end_is(&t, "\t/*\n\t * a\n\t *\n\t * b??.\n\t */\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_are_filled_by_name),
		cmocka_unit_test(a_slot_that_was_not_given_shows),
		cmocka_unit_test(lines_are_indented_and_blank_ones_are_not),
		cmocka_unit_test(long_lines_are_broken_behind_commas_and_align),
		cmocka_unit_test(a_bracket_stays_open_over_several_lines),
		cmocka_unit_test(what_cannot_be_broken_stays_whole),
		cmocka_unit_test(a_comment_ends_where_it_should),
		cmocka_unit_test(a_comment_of_several_lines_is_a_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
