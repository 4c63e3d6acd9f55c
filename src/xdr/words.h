/* SPDX-License-Identifier: MIT */
/*
 * Bulk words: arrays of 4 or 8 bytes each between the host's order and the
 * wire's. The same turning of bytes serves both directions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * struct fy_words - one way to do it
 * @name:   for people
 * @have:   whether this processor can
 * @swap32: copies @n words of 4 bytes, each between the two orders
 * @swap64: the same for 8 bytes
 *
 * At any alignment; @to and @from must not overlap. @n may be 0, and then the
 * pointers may be NULL.
 */
struct fy_words {
	const char *name;
	bool (*have)(void);
	void (*swap32)(void *to, const void *from, size_t n);
	void (*swap64)(void *to, const void *from, size_t n);
};

/* Plain C, for any processor. */
extern const struct fy_words fy_words_portable;

/*
 * What the kind of host has that the library was built for, the fastest first,
 * the portable way last, then NULL: words_x86.c, words_big.c or words_any.c.
 */
extern const struct fy_words *const fy_words_ways[];

/* The fastest way for @n words on this processor. */
const struct fy_words *fy_words_for(size_t n);
