/* SPDX-License-Identifier: MIT */
#include <ferry/str.h>

char *
ferry_str_dup(struct ferry_arena *mem, struct ferry_str s)
{
	char *copy = ferry_arena_alloc(mem, (size_t)s.len + 1);

	if (!copy)
		return NULL;
	if (s.len > 0)
		memcpy(copy, s.data, s.len);
	copy[s.len] = '\0';
	return copy;
}
