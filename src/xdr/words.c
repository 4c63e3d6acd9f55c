/* SPDX-License-Identifier: MIT */
/* Bulk words: the choice, and the way in plain C, right on any host. */
#include "xdr/words.h"

#include <stdint.h>
#include <string.h>

#include <ferry/xdr.h>

/* Fewer words are turned before a faster way has been looked up. */
#define FEW 8

static bool
have(void)
{
	return true;
}

static void
swap32(void *to, const void *from, size_t n)
{
	uint8_t *out = to;
	const uint8_t *in = from;

	for (size_t i = 0; i < n; i++) {
		uint32_t v = ferry_load_u32(in + 4 * i);

		memcpy(out + 4 * i, &v, sizeof(v));
	}
}

static void
swap64(void *to, const void *from, size_t n)
{
	uint8_t *out = to;
	const uint8_t *in = from;

	for (size_t i = 0; i < n; i++) {
		uint64_t v = ferry_load_u64(in + 8 * i);

		memcpy(out + 8 * i, &v, sizeof(v));
	}
}

const struct fy_words fy_words_portable = {
	.name = "portable",
	.have = have,
	.swap32 = swap32,
	.swap64 = swap64,
};

const struct fy_words *
fy_words_for(size_t n)
{
	const struct fy_words *const *way = fy_words_ways;

	if (n < FEW)
		return &fy_words_portable;
	while (!(*way)->have())
		way++;
	return *way;
}
