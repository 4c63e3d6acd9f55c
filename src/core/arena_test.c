/* SPDX-License-Identifier: MIT */
#include "core/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ferry/str.h>

#include "core/alloc.h"

/* A heap that counts, and has nothing once @left is used up. */
struct heap {
	size_t n_live;
	size_t n_asked;
	size_t left;
};

static void *
counting_resize(void *ctx, void *mem, size_t bytes)
{
	struct heap *heap = ctx;

	if (bytes == 0) {
		heap->n_live -= mem != NULL;
		free(mem);
		return NULL;
	}
	heap->n_asked++;
	if (heap->left == 0)
		return NULL;
	heap->left--;
	heap->n_live += mem == NULL;
	return realloc(mem, bytes);
}

static void
a_zeroed_arena_is_ready(void **state)
{
	struct ferry_arena mem = { 0 };
	char *piece = ferry_arena_alloc(&mem, 100);

	(void)state;
	assert_non_null(piece);
	memset(piece, 1, 100);
	ferry_arena_fini(&mem);
	ferry_arena_fini(&mem);
}

static void
pieces_are_aligned_and_apart(void **state)
{
	struct ferry_arena mem = { 0 };
	uint8_t *pieces[200];

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		pieces[i] = ferry_arena_alloc(&mem, i * 7);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		if (i > 0)
			memset(pieces[i], (int)i, i * 7);
	}
	for (size_t i = 1; i < 200; i++) {
		assert_int_equal(pieces[i][0], i);
		assert_int_equal(pieces[i][i * 7 - 1], i);
	}
	ferry_arena_fini(&mem);
}

static void
a_loop_of_calls_asks_the_heap_for_nothing(void **state)
{
	struct heap heap = { .left = 100 };
	struct ferry_hooks hooks = { .resize = counting_resize, .ctx = &heap };
	struct ferry_arena mem;

	(void)state;
	ferry_arena_init(&mem, &hooks);
	for (int i = 0; i < 20; i++) {
		for (int j = 0; j < 50; j++)
			assert_non_null(ferry_arena_alloc(&mem, 40));
		ferry_arena_reset(&mem);
	}
	assert_int_equal(heap.n_asked, 1);
	assert_int_equal(heap.n_live, 1);
	ferry_arena_fini(&mem);
	assert_int_equal(heap.n_live, 0);
}

static void
reset_keeps_at_most_64_kib(void **state)
{
	struct heap heap = { .left = 100 };
	struct ferry_hooks hooks = { .resize = counting_resize, .ctx = &heap };
	struct ferry_arena mem;

	(void)state;
	ferry_arena_init(&mem, &hooks);
	assert_non_null(ferry_arena_alloc(&mem, 1 << 20));
	assert_non_null(ferry_arena_alloc(&mem, 10));
	assert_int_equal(heap.n_live, 2);
	ferry_arena_reset(&mem);
	assert_int_equal(heap.n_live, 1);
	assert_in_range(mem.end - mem.at, 1, 65536);
	ferry_arena_fini(&mem);
	assert_int_equal(heap.n_live, 0);
}

static void
a_piece_that_no_memory_can_hold_is_refused(void **state)
{
	struct ferry_arena mem = { 0 };

	(void)state;
	assert_null(ferry_arena_alloc(&mem, SIZE_MAX));
	assert_null(ferry_arena_alloc(&mem, SIZE_MAX - 15));
	assert_non_null(ferry_arena_alloc(&mem, 0));
	ferry_arena_fini(&mem);
}

static void
adopted_blocks_are_freed_with_the_arena(void **state)
{
	struct heap heap = { .left = 1000 };
	struct ferry_hooks hooks = { .resize = counting_resize, .ctx = &heap };
	struct ferry_arena mem = { 0 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 200; i++) {
			void *block = fy_alloc(&hooks, 10);

			assert_int_equal(fy_arena_adopt(&mem, &hooks, block),
					 FERRY_OK);
			assert_non_null(ferry_arena_alloc(&mem, 1000));
		}
		assert_int_equal(heap.n_live, 200);
		ferry_arena_reset(&mem);
		assert_int_equal(heap.n_live, 0);
	}
	ferry_arena_fini(&mem);
}

static void
a_block_that_could_not_be_adopted_is_still_the_callers(void **state)
{
	struct heap heap = { .left = 1 };
	struct ferry_hooks hooks = { .resize = counting_resize, .ctx = &heap };
	struct ferry_arena mem;
	void *block = fy_alloc(&hooks, 10);

	(void)state;
	ferry_arena_init(&mem, &hooks);
	assert_int_equal(fy_arena_adopt(&mem, &hooks, block), FERRY_ENOMEM);
	assert_null(ferry_arena_alloc(&mem, 20000));
	ferry_arena_reset(&mem);
	ferry_arena_fini(&mem);
	assert_int_equal(heap.n_live, 1);
	fy_free(&hooks, block);
}

static void
a_copy_of_text_ends_with_nul(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_str s = ferry_str_of("ferry over");

	(void)state;
	s.len = 5;
	assert_string_equal(ferry_str_dup(&mem, s), "ferry");
	assert_string_equal(ferry_str_dup(&mem, (struct ferry_str){ 0 }), "");
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zeroed_arena_is_ready),
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(a_loop_of_calls_asks_the_heap_for_nothing),
		cmocka_unit_test(reset_keeps_at_most_64_kib),
		cmocka_unit_test(a_piece_that_no_memory_can_hold_is_refused),
		cmocka_unit_test(adopted_blocks_are_freed_with_the_arena),
		cmocka_unit_test(
			a_block_that_could_not_be_adopted_is_still_the_callers),
		cmocka_unit_test(a_copy_of_text_ends_with_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
