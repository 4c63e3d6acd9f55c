/* SPDX-License-Identifier: MIT */
/* Bulk words on big-endian hosts: memory has the order of the wire. */
#include "xdr/words.h"

#include <string.h>

static bool
have(void)
{
	return true;
}

static void
copy32(void *to, const void *from, size_t n)
{
	if (n > 0)
		memcpy(to, from, n * 4);
}

static void
copy64(void *to, const void *from, size_t n)
{
	if (n > 0)
		memcpy(to, from, n * 8);
}

static const struct fy_words words_big = {
	.name = "big-endian",
	.have = have,
	.swap32 = copy32,
	.swap64 = copy64,
};

const struct fy_words *const fy_words_ways[] = {
	&words_big,
	&fy_words_portable,
	NULL,
};
