/* SPDX-License-Identifier: MIT */
/* By libtirpc and what rpcgen makes of bench.x. */
#include <rpc/rpc.h>

#include "bench_tirpc.h"
#include "peer.h"

static void
fill_moment(moment *to, const struct plain_moment *from)
{
	to->seconds = from->seconds;
	to->nanoseconds = from->nanoseconds;
}

static bool_t
encode_listing(const struct plain *v, XDR *x)
{
	entry entries[N_ENTRIES];
	listing all = { { N_ENTRIES, entries } };

	for (size_t i = 0; i < N_ENTRIES; i++) {
		const struct plain_entry *from = &v->entries[i];

		entries[i].id = from->id;
		entries[i].name = (char *)(uintptr_t)from->name;
		entries[i].size = from->size;
		entries[i].mode = from->mode;
		fill_moment(&entries[i].accessed, &from->accessed);
		fill_moment(&entries[i].modified, &from->modified);
		fill_moment(&entries[i].changed, &from->changed);
	}
	return xdr_listing(x, &all);
}

static size_t
encode(const struct plain *v, enum subject s, uint8_t *buf)
{
	numbers n = { { N_NUMBERS, (int *)(uintptr_t)v->numbers } };
	blob b = { { N_BLOB, (char *)(uintptr_t)v->blob } };
	bool_t ok;
	XDR x;

	if (s >= ATTRIBUTES)
		return shapes_tirpc.encode(v, s, buf);
	xdrmem_create(&x, (char *)buf, PEER_BYTES, XDR_ENCODE);
	if (s == LISTING)
		ok = encode_listing(v, &x);
	else
		ok = s == NUMBERS ? xdr_numbers(&x, &n) : xdr_blob(&x, &b);
	return ok ? xdr_getpos(&x) : 0;
}

static uint64_t
decode_listing(XDR *x)
{
	listing all = { { 0, NULL } };
	uint64_t sum = 0;

	if (!xdr_listing(x, &all))
		return 0;
	for (u_int i = 0; i < all.entries.entries_len; i++) {
		const entry *e = &all.entries.entries_val[i];

		sum += e->id + strlen(e->name) + e->size + e->mode;
		sum += e->accessed.seconds + e->accessed.nanoseconds;
		sum += e->modified.seconds + e->modified.nanoseconds;
		sum += e->changed.seconds + e->changed.nanoseconds;
	}
	xdr_free((xdrproc_t)xdr_listing, &all);
	return sum;
}

static uint64_t
decode_numbers(XDR *x)
{
	numbers all = { { 0, NULL } };
	uint32_t sum = 0;

	if (!xdr_numbers(x, &all))
		return 0;
	for (u_int i = 0; i < all.values.values_len; i++)
		sum += (uint32_t)all.values.values_val[i];
	xdr_free((xdrproc_t)xdr_numbers, &all);
	return sum;
}

static uint64_t
decode(enum subject s, const uint8_t *buf, size_t len)
{
	blob all = { { 0, NULL } };
	uint64_t sum;
	XDR x;

	if (s >= ATTRIBUTES)
		return shapes_tirpc.decode(s, buf, len);
	xdrmem_create(&x, (char *)(uintptr_t)buf, (u_int)len, XDR_DECODE);
	if (s == LISTING)
		return decode_listing(&x);
	if (s == NUMBERS)
		return decode_numbers(&x);
	if (!xdr_blob(&x, &all))
		return 0;
	sum = all.data.data_len + (uint8_t)all.data.data_val[0];
	xdr_free((xdrproc_t)xdr_blob, &all);
	return sum;
}

const struct peer peer_tirpc = {
	.name = "libtirpc",
	.encode = encode,
	.decode = decode,
};
