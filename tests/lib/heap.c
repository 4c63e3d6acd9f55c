/* SPDX-License-Identifier: MIT */
#include "heap.h"

#include <malloc.h>
#include <stdlib.h>

static bool
fails(struct fy_test_heap *heap)
{
	size_t n = atomic_fetch_add(&heap->n_asked, 1) + 1;

	return heap->fail_at > 0 &&
	       (n == heap->fail_at || (heap->for_ever && n > heap->fail_at));
}

static void
count(struct fy_test_heap *heap, size_t less, size_t more)
{
	size_t live = atomic_fetch_add(&heap->live, more - less) + more - less;
	size_t peak = atomic_load(&heap->peak);

	while (live > peak &&
	       !atomic_compare_exchange_weak(&heap->peak, &peak, live))
		continue;
}

static void *
heap_resize(void *ctx, void *mem, size_t bytes)
{
	struct fy_test_heap *heap = ctx;
	size_t before = mem ? malloc_usable_size(mem) : 0;
	void *got;

	if (bytes == 0) {
		atomic_fetch_sub(&heap->n_live, mem != NULL);
		count(heap, before, 0);
		free(mem);
		return NULL;
	}
	if (fails(heap))
		return NULL;
	got = realloc(mem, bytes);
	if (!got)
		return NULL;
	atomic_fetch_add(&heap->n_live, mem == NULL);
	count(heap, before, malloc_usable_size(got));
	return got;
}

void
fy_test_heap_init(struct fy_test_heap *heap)
{
	heap->hooks = (struct ferry_hooks){ .resize = heap_resize,
					    .ctx = heap };
	atomic_init(&heap->n_live, 0);
	atomic_init(&heap->live, 0);
	atomic_init(&heap->peak, 0);
	atomic_init(&heap->n_asked, 0);
	heap->fail_at = 0;
	heap->for_ever = false;
}
