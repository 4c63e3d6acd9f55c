/* SPDX-License-Identifier: MIT */
/* Memory for the compiler: all of it in one arena, zeroed. */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>

/** fy_new() - @bytes of zeroed memory; NULL if there is none */
void *fy_new(struct ferry_arena *mem, size_t bytes);

/** fy_text() - a NUL-terminated copy; NULL if there is no memory */
char *fy_text(struct ferry_arena *mem, const char *text, size_t len);

/**
 * fy_grow() - room for one more item
 * @items: the array, or NULL when *@cap is 0
 * @n:     how many it holds
 * @cap:   for how many it has room; updated
 *
 * Return: @items or a larger copy, whose room is not zeroed; NULL if there is
 * no memory.
 */
void *fy_grow(struct ferry_arena *mem, void *items, size_t n, size_t *cap,
	      size_t item_bytes);
