/* SPDX-License-Identifier: MIT */
/*
 * The floor: the memory of the plain values copied as it is; and beside it the
 * SSE2 way of turning words, which ferry takes where there is no AVX2.
 */
#include <string.h>

#include <ferry/xdr.h>

#include "peer.h"
#include "xdr/words.h"

/* The copy must happen, though nobody reads it. */
#define USE_MEMORY() __asm__ volatile("" ::: "memory")

static size_t
encode(const struct plain *v, enum subject s, uint8_t *buf)
{
	size_t len = s == LISTING ? sizeof(v->entries)
		     : s == NUMBERS ? sizeof(v->numbers)
				    : sizeof(v->blob);
	const void *from = s == LISTING ? (const void *)v->entries
			   : s == NUMBERS ? (const void *)v->numbers
					  : (const void *)v->blob;

	if (s >= ATTRIBUTES)
		return 0;
	memcpy(buf, from, len);
	USE_MEMORY();
	return len;
}

static uint64_t
sum_entries(const struct plain_entry *entries)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < N_ENTRIES; i++) {
		const struct plain_entry *e = &entries[i];

		sum += e->id + strlen(e->name) + e->size + e->mode;
		sum += e->accessed.seconds + e->accessed.nanoseconds;
		sum += e->modified.seconds + e->modified.nanoseconds;
		sum += e->changed.seconds + e->changed.nanoseconds;
	}
	return sum;
}

static uint64_t
decode(enum subject s, const uint8_t *buf, size_t len)
{
	static struct plain copy;
	uint32_t sum = 0;

	if (s == LISTING) {
		memcpy(copy.entries, buf, len);
		USE_MEMORY();
		return sum_entries(copy.entries);
	}
	if (s == BLOB) {
		memcpy(copy.blob, buf, len);
		USE_MEMORY();
		return len + copy.blob[0];
	}
	memcpy(copy.numbers, buf, len);
	USE_MEMORY();
	for (size_t i = 0; i < N_NUMBERS; i++)
		sum += (uint32_t)copy.numbers[i];
	return sum;
}

const struct peer peer_memcpy = {
	.name = "memcpy",
	.encode = encode,
	.decode = decode,
};

static size_t
encode_by_sse2(const struct plain *v, enum subject s, uint8_t *buf)
{
	const struct fy_words *const *way = fy_words_ways;

	while (*way && strcmp((*way)->name, "SSE2") != 0)
		way++;
	if (s != NUMBERS || !*way)
		return 0;
	ferry_store_u32(buf, N_NUMBERS);
	(*way)->swap32(buf + 4, v->numbers, N_NUMBERS);
	USE_MEMORY();
	return 4 + sizeof(v->numbers);
}

const struct peer peer_sse2 = {
	.name = "ferry, SSE2",
	.encode = encode_by_sse2,
};
