/* SPDX-License-Identifier: MIT */
#include "idl/mem.h"

#include <stdint.h>
#include <string.h>

void *
fy_new(struct ferry_arena *mem, size_t bytes)
{
	void *at = ferry_arena_alloc(mem, bytes);

	if (at)
		memset(at, 0, bytes);
	return at;
}

char *
fy_text(struct ferry_arena *mem, const char *text, size_t len)
{
	char *copy = ferry_arena_alloc(mem, len + 1);

	if (!copy)
		return NULL;
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void *
fy_grow(struct ferry_arena *mem, void *items, size_t n, size_t *cap,
	size_t item_bytes)
{
	size_t more = *cap ? *cap * 2 : 16;
	void *larger;

	if (n < *cap)
		return items;
	if (more > SIZE_MAX / 2 / item_bytes)
		return NULL;
	larger = ferry_arena_alloc(mem, more * item_bytes);
	if (!larger)
		return NULL;
	if (n > 0)
		memcpy(larger, items, n * item_bytes);
	*cap = more;
	return larger;
}
