/* SPDX-License-Identifier: MIT */
/*
 * The encoder: what is too long, or too rarely called, to stand in xdr.h.
 */
#include <ferry/xdr.h>

#include "xdr/words.h"

void
ferry_put_fail(struct ferry_encoder *e, ferry_err err)
{
	if (e->err)
		return;
	e->err = err;
	/* Without room every later put fails at its own check. */
	e->end = e->at;
}

void
ferry_copy_padded(uint8_t *to, const void *from, size_t len)
{
	/* Nothing to copy is the one case in which @from may be NULL. */
	if (len == 0)
		return;
	memset(to + (len - 1) / 4 * 4, 0, 4);
	memcpy(to, from, len);
}

/* Room for @n items of @bytes each; NULL after a failure. */
static uint8_t *
put_items(struct ferry_encoder *e, size_t n, size_t bytes)
{
	if (n > (size_t)(e->end - e->at) / bytes) {
		ferry_put_fail(e, FERRY_ETOOBIG);
		return NULL;
	}
	return ferry_put_run(e, n * bytes);
}

void
ferry_put_u32s(struct ferry_encoder *e, const void *items, size_t n)
{
	uint8_t *p = put_items(e, n, 4);

	if (p)
		fy_words_for(n)->swap32(p, items, n);
}

void
ferry_put_u64s(struct ferry_encoder *e, const void *items, size_t n)
{
	uint8_t *p = put_items(e, n, 8);

	if (p)
		fy_words_for(n)->swap64(p, items, n);
}
