/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heap.h"
#include "idl/writer.h"

static void
nothing_written_is_an_empty_text(void **state)
{
	struct ferry_arena mem = { .at = NULL };
	struct fy_writer w = { .mem = &mem };
	const char *text;

	(void)state;
	fy_write(&w, "not this", 0);
	fy_write_text(&w, "");
	fy_write_tabs(&w, 0);
	assert_null(w.text);
	assert_int_equal(fy_write_end(&w, &text), FERRY_OK);
	assert_string_equal(text, "");
	assert_int_equal(w.len, 0);
	ferry_arena_fini(&mem);
}

static void
what_is_written_stands_in_order(void **state)
{
	struct ferry_arena mem = { .at = NULL };
	struct fy_writer w = { .mem = &mem };
	const char *text;

	(void)state;
	fy_write(&w, "struct x", 6);
	fy_write_char(&w, '\n');
	fy_write_tabs(&w, 2);
	fy_write_format(&w, "%s<%d>", "name", 20);
	fy_write_text(&w, ";");
	assert_int_equal(fy_write_end(&w, &text), FERRY_OK);
	assert_string_equal(text, "struct\n\t\tname<20>;");
	assert_int_equal(w.len, strlen(text));
	ferry_arena_fini(&mem);
}

static void
a_text_may_go_on_behind_its_end(void **state)
{
	struct ferry_arena mem = { .at = NULL };
	struct fy_writer w = { .mem = &mem };
	const char *text;

	(void)state;
	fy_write_text(&w, "one");
	assert_int_equal(fy_write_end(&w, &text), FERRY_OK);
	fy_write_text(&w, ", two");
	assert_int_equal(fy_write_end(&w, &text), FERRY_OK);
	assert_string_equal(text, "one, two");
	ferry_arena_fini(&mem);
}

/* By one, by many, and by a format: at each length there is room for a NUL. */
static void
a_text_of_any_length_grows(void **state)
{
	struct ferry_arena mem = { .at = NULL };
	char piece[301];

	(void)state;
	memset(piece, 'x', 300);
	piece[300] = '\0';
	for (size_t len = 1; len < 300; len++) {
		struct fy_writer w = { .mem = &mem };
		const char *text;

		fy_write(&w, piece, len);
		fy_write_format(&w, "%.*s", (int)len, piece);
		for (size_t i = 0; i < len; i++)
			fy_write_char(&w, 'x');
		assert_int_equal(fy_write_end(&w, &text), FERRY_OK);
		assert_int_equal(w.len, 3 * len);
		assert_int_equal(strlen(text), 3 * len);
		assert_int_equal(strspn(text, "x"), 3 * len);
	}
	ferry_arena_fini(&mem);
}

static void
memory_that_runs_out_once_is_remembered(void **state)
{
	struct fy_test_heap heap;
	struct ferry_arena mem;
	struct fy_writer w = { .mem = &mem };
	const char *text = "untouched";
	uint8_t block[128] __attribute__((aligned(16)));

	(void)state;
	fy_test_heap_init(&heap);
	heap.fail_at = 1;
	ferry_arena_init(&mem, &heap.hooks);
	mem.at = block;
	mem.end = block + sizeof(block);
	fy_write_text(&w, "kept");
	fy_write_format(&w, "%1000d", 1);
	assert_int_equal(w.err, FERRY_ENOMEM);
	fy_write_text(&w, "lost");
	assert_int_equal(w.len, 4);
	assert_int_equal(fy_write_end(&w, &text), FERRY_ENOMEM);
	assert_string_equal(text, "untouched");
	ferry_arena_fini(&mem);
}

static void
an_error_of_who_writes_comes_out_at_the_end(void **state)
{
	struct ferry_arena mem = { .at = NULL };
	struct fy_writer w = { .mem = &mem };
	const char *text = "untouched";

	(void)state;
	fy_write_text(&w, "some");
	w.err = FERRY_EINVAL;
	fy_write_text(&w, "more");
	assert_int_equal(fy_write_end(&w, &text), FERRY_EINVAL);
	assert_string_equal(text, "untouched");
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_written_is_an_empty_text),
		cmocka_unit_test(what_is_written_stands_in_order),
		cmocka_unit_test(a_text_may_go_on_behind_its_end),
		cmocka_unit_test(a_text_of_any_length_grows),
		cmocka_unit_test(memory_that_runs_out_once_is_remembered),
		cmocka_unit_test(an_error_of_who_writes_comes_out_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
