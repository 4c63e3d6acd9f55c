/* SPDX-License-Identifier: MIT */
/* A hash table from names to whatever they stand for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"

struct fy_name_slot {
	struct ferry_str key; /* .data NULL: empty */
	uint32_t hash;
	void *value;
};

/* All zero is valid and empty. */
struct fy_names {
	struct fy_name_slot *slots;
	size_t n;
	size_t cap; /* a power of two */
};

/**
 * fy_names_put() - binds @key, whose bytes are borrowed, to @value
 * @found: what it is bound to already, and stays so; NULL if it was not
 */
FY_MUST_CHECK ferry_err
fy_names_put(struct fy_names *names, struct ferry_arena *mem,
	     struct ferry_str key, void *value, void **found);

/** fy_names_get() - what @key is bound to; NULL if nothing */
void *fy_names_get(const struct fy_names *names, struct ferry_str key);

/**
 * fy_names_nearest() - the name that somebody who wrote @key may have meant
 * @fits: whether a name bound to that value comes into question
 *
 * Return: the nearest, of those that take at most a third of their letters to
 * change; of several as near the first in alphabetical order; .data is NULL if
 * there is none.
 */
struct ferry_str
fy_names_nearest(const struct fy_names *names, struct ferry_str key,
		 bool (*fits)(const void *value));

/** fy_names_like() - the same as a text in @mem; NULL: none, or no memory */
const char *
fy_names_like(const struct fy_names *names, struct ferry_str key,
	      bool (*fits)(const void *value), struct ferry_arena *mem);
