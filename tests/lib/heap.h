/* SPDX-License-Identifier: MIT */
/* An allocator for tests: counts, and has nothing when it is told so. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <ferry/hooks.h>

/**
 * struct fy_test_heap - to be handed in as &heap.hooks
 * @hooks:    borrowed by what is made with it
 * @n_live:   blocks that were given and not given back
 * @live:     their bytes
 * @peak:     the most that @live has been
 * @n_asked:  how often memory was asked for
 * @fail_at:  the how-manieth time it fails, from 1; 0: never
 * @for_ever: that one and all after it
 */
struct fy_test_heap {
	struct ferry_hooks hooks;
	atomic_size_t n_live;
	atomic_size_t live;
	atomic_size_t peak;
	atomic_size_t n_asked;
	size_t fail_at;
	bool for_ever;
};

/** fy_test_heap_init() - an empty heap; nothing fails yet */
void fy_test_heap_init(struct fy_test_heap *heap);
