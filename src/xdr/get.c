/* SPDX-License-Identifier: MIT */
/*
 * The decoder: what is too long, or too rarely called, to stand in xdr.h.
 */
#include <ferry/xdr.h>

#include "xdr/words.h"

/* A list of items that take nothing on the wire costs time, though no bytes. */
#define MAX_EMPTY_ITEMS 65536
/* What ferry_arena_alloc() rounds up to, and so what a piece costs. */
#define ARENA_ALIGN 16

void
ferry_get_fail(struct ferry_decoder *d, ferry_err err)
{
	if (d->err)
		return;
	d->err = err;
	/* With nothing left every later get fails at its own check. */
	d->end = d->at;
}

void
ferry_get_opaque(struct ferry_decoder *d, uint8_t *out, uint32_t n)
{
	uint64_t bytes = ferry_padded(n);
	const uint8_t *p = NULL;

	if (bytes <= SIZE_MAX)
		p = ferry_get_run(d, (size_t)bytes);
	else
		ferry_get_fail(d, FERRY_EDECODE);
	for (size_t i = n; p && i < bytes; i++)
		if (p[i] != 0) {
			ferry_get_fail(d, FERRY_EDECODE);
			p = NULL;
		}
	if (p)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

uint32_t
ferry_get_count(struct ferry_decoder *d, uint32_t max, uint32_t min_wire)
{
	const uint8_t *p = ferry_get_run(d, 4);
	uint32_t n;

	if (!p)
		return 0;
	n = ferry_load_u32(p);
	if (n > max || (uint64_t)n * min_wire > (size_t)(d->end - d->at)) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	if (min_wire == 0 && n > MAX_EMPTY_ITEMS) {
		ferry_get_fail(d, FERRY_ETOOBIG);
		return 0;
	}
	return n;
}

/* Takes the cost of @n items out of the budget, if it is there. */
static bool
spend(struct ferry_decoder *d, size_t n, size_t bytes)
{
	size_t cost;

	if (__builtin_mul_overflow(n, bytes, &cost) ||
	    __builtin_add_overflow(cost, ARENA_ALIGN - 1, &cost))
		return false;
	cost &= ~(size_t)(ARENA_ALIGN - 1);
	if (cost > d->budget)
		return false;
	d->budget -= cost;
	return true;
}

void *
ferry_get_memory(struct ferry_decoder *d, size_t n, size_t bytes)
{
	void *mem;

	if (d->err || n == 0)
		return NULL;
	if (!d->mem) {
		ferry_get_fail(d, FERRY_EINVAL);
		return NULL;
	}
	if (!spend(d, n, bytes)) {
		ferry_get_fail(d, FERRY_ETOOBIG);
		return NULL;
	}
	mem = ferry_arena_alloc(d->mem, n * bytes);
	if (!mem) {
		ferry_get_fail(d, FERRY_ENOMEM);
		return NULL;
	}
	return memset(mem, 0, n * bytes);
}

/* @n items of @bytes each; NULL after a failure. */
static const uint8_t *
get_items(struct ferry_decoder *d, size_t n, size_t bytes)
{
	if (n > (size_t)(d->end - d->at) / bytes) {
		ferry_get_fail(d, FERRY_EDECODE);
		return NULL;
	}
	return ferry_get_run(d, n * bytes);
}

void
ferry_get_u32s(struct ferry_decoder *d, void *out, size_t n)
{
	const uint8_t *p = get_items(d, n, 4);

	if (p && out)
		fy_words_for(n)->swap32(out, p, n);
}

void
ferry_get_u64s(struct ferry_decoder *d, void *out, size_t n)
{
	const uint8_t *p = get_items(d, n, 8);

	if (p && out)
		fy_words_for(n)->swap64(out, p, n);
}

ferry_err
ferry_get_end(struct ferry_decoder *d)
{
	if (!d->err && d->at != d->end)
		ferry_get_fail(d, FERRY_EDECODE);
	return d->err;
}
