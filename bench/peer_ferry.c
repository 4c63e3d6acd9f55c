/* SPDX-License-Identifier: MIT */
/* By the code that ferry makes of bench.x: sizes first, then one buffer. */
#include <ferry/xdr.h>

#include "bench.h"
#include "peer.h"

static void
fill_moment(struct moment *to, const struct plain_moment *from)
{
	to->seconds = from->seconds;
	to->nanoseconds = from->nanoseconds;
}

static size_t
encode_listing(const struct plain *v, uint8_t *buf)
{
	struct entry entries[N_ENTRIES];
	struct listing all = { N_ENTRIES, entries };
	struct ferry_encoder e;
	size_t bytes;

	for (size_t i = 0; i < N_ENTRIES; i++) {
		const struct plain_entry *from = &v->entries[i];

		entries[i].id = from->id;
		entries[i].name = ferry_str_of(from->name);
		entries[i].size = from->size;
		entries[i].mode = from->mode;
		fill_moment(&entries[i].accessed, &from->accessed);
		fill_moment(&entries[i].modified, &from->modified);
		fill_moment(&entries[i].changed, &from->changed);
	}
	bytes = listing_size(&all);
	if (bytes > PEER_BYTES)
		return 0;
	e = ferry_encoder_on(buf, bytes);
	listing_put(&e, &all);
	return e.err ? 0 : bytes;
}

static size_t
encode_numbers(const struct plain *v, uint8_t *buf)
{
	struct numbers all = { N_NUMBERS, (int32_t *)(uintptr_t)v->numbers };
	size_t bytes = numbers_size(&all);
	struct ferry_encoder e;

	if (bytes > PEER_BYTES)
		return 0;
	e = ferry_encoder_on(buf, bytes);
	numbers_put(&e, &all);
	return e.err ? 0 : bytes;
}

static size_t
encode_blob(const struct plain *v, uint8_t *buf)
{
	struct blob all = { { v->blob, N_BLOB } };
	size_t bytes = blob_size(&all);
	struct ferry_encoder e;

	if (bytes > PEER_BYTES)
		return 0;
	e = ferry_encoder_on(buf, bytes);
	blob_put(&e, &all);
	return e.err ? 0 : bytes;
}

static size_t
encode(const struct plain *v, enum subject s, uint8_t *buf)
{
	if (s == LISTING)
		return encode_listing(v, buf);
	if (s >= ATTRIBUTES)
		return shapes_ferry.encode(v, s, buf);
	return s == NUMBERS ? encode_numbers(v, buf) : encode_blob(v, buf);
}

static uint64_t
sum_listing(const struct listing *all)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < all->n_entries; i++) {
		const struct entry *e = &all->entries[i];

		sum += e->id + e->name.len + e->size + e->mode;
		sum += e->accessed.seconds + e->accessed.nanoseconds;
		sum += e->modified.seconds + e->modified.nanoseconds;
		sum += e->changed.seconds + e->changed.nanoseconds;
	}
	return sum;
}

static uint64_t
decode_with(struct ferry_decoder *d, enum subject s)
{
	struct listing listing;
	struct numbers numbers;
	struct blob blob;
	uint32_t sum = 0;

	if (s == LISTING) {
		listing_get(d, &listing);
		return ferry_get_end(d) ? 0 : sum_listing(&listing);
	}
	if (s == BLOB) {
		blob_get(d, &blob);
		return ferry_get_end(d) ? 0 : blob.data.len + blob.data.data[0];
	}
	numbers_get(d, &numbers);
	if (ferry_get_end(d))
		return 0;
	for (uint32_t i = 0; i < numbers.n_values; i++)
		sum += (uint32_t)numbers.values[i];
	return sum;
}

static uint64_t
decode(enum subject s, const uint8_t *buf, size_t len)
{
	/* One arena for all calls, as a client or a server has it. */
	static struct ferry_arena mem;
	struct ferry_decoder d = ferry_decoder_on(buf, len, &mem);
	uint64_t sum;

	if (s >= ATTRIBUTES)
		return shapes_ferry.decode(s, buf, len);
	sum = decode_with(&d, s);
	ferry_arena_reset(&mem);
	return sum;
}

const struct peer peer_ferry = {
	.name = "ferry",
	.encode = encode,
	.decode = decode,
};
