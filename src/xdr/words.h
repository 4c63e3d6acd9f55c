/* SPDX-License-Identifier: MIT */
/*
 * Bulk words: arrays of 4 or 8 bytes each between the host's order and the
 * wire's. The same turning of bytes serves both directions.
 */
#pragma once

#include <stddef.h>

/**
 * struct fy_words - one way to do it
 * @name:   for tests and benchmarks
 * @swap32: copies @n words of 4 bytes, each turned to the other byte order
 * @swap64: the same for 8 bytes
 *
 * At any alignment; @to and @from must not overlap. @n may be 0, and then the
 * pointers may be NULL.
 */
struct fy_words {
	const char *name;
	void (*swap32)(void *to, const void *from, size_t n);
	void (*swap64)(void *to, const void *from, size_t n);
};

/* C without vectors, for any host. */
extern const struct fy_words fy_words_portable;

/* The fastest that this processor has, from words_<kind of host>.c. */
const struct fy_words *fy_words_best(void);
