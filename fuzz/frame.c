/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a stream of records. The first byte of the input says in pieces
 * of what size the rest arrives. Whatever the size, the records are those that
 * a plain reading of RFC 5531 section 11 finds.
 */
#include "transport/frame.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

#define MAX_RECORD 300u
#define INPUT_MOST 4096u

/* The records so far, one after the other, each behind its length. */
struct records {
	uint8_t bytes[INPUT_MOST * 2];
	size_t n;
	ferry_err end; /* FERRY_EAGAIN where the input ends */
};

static void
add(struct records *r, const uint8_t *data, size_t n)
{
	r->bytes[r->n++] = (uint8_t)(n >> 8);
	r->bytes[r->n++] = (uint8_t)n;
	if (n > 0)
		memcpy(r->bytes + r->n, data, n);
	r->n += n;
}

/* One record by the book. Return: FERRY_OK, or how the input ends. */
static ferry_err
read_record(const uint8_t **at, const uint8_t *end, struct records *out)
{
	uint8_t record[MAX_RECORD];
	size_t len = 0;
	unsigned int n_empty = 0;
	bool last = false;

	while (!last) {
		uint32_t mark;

		if (end - *at < 4)
			return FERRY_EAGAIN;
		mark = (uint32_t)(*at)[0] << 24 | (uint32_t)(*at)[1] << 16 |
		       (uint32_t)(*at)[2] << 8 | (*at)[3];
		last = mark >> 31;
		mark &= 0x7fffffff;
		if (mark > MAX_RECORD - len)
			return FERRY_ETOOBIG;
		if (mark == 0 && !last && ++n_empty > FY_FRAME_EMPTY_MOST)
			return FERRY_EPROTO;
		*at += 4;
		if (mark > (size_t)(end - *at))
			return FERRY_EAGAIN;
		memcpy(record + len, *at, mark);
		len += mark;
		*at += mark;
	}
	add(out, record, len);
	return FERRY_OK;
}

static void
read_by_the_book(const uint8_t *data, size_t size, struct records *out)
{
	const uint8_t *at = data;

	do
		out->end = read_record(&at, data + size, out);
	while (out->end == FERRY_OK);
}

static ferry_err
take_all(struct fy_frame *f, uint8_t *buf, size_t *tail, struct records *out)
{
	ferry_err err;

	while ((err = fy_frame_feed(f, buf, tail)) == FERRY_OK) {
		add(out, buf + f->start, f->end - f->start);
		fy_frame_next(f);
	}
	if (fy_frame_base(f) > *tail || f->at > *tail)
		abort();
	return err;
}

static void
read_in_pieces(const uint8_t *data, size_t size, size_t piece,
	       struct records *out)
{
	struct fy_frame f = { .max_record = MAX_RECORD };
	uint8_t buf[INPUT_MOST];
	size_t tail = 0;

	out->end = FERRY_EAGAIN;
	while (size > 0 && out->end == FERRY_EAGAIN) {
		size_t n = size < piece ? size : piece;
		size_t base = fy_frame_base(&f);

		if (piece & 1) {
			memmove(buf, buf + base, tail - base);
			fy_frame_shift(&f, base);
			tail -= base;
		}
		memcpy(buf + tail, data, n);
		tail += n;
		data += n;
		size -= n;
		out->end = take_all(&f, buf, &tail, out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct records expected = { .n = 0 };
	struct records got = { .n = 0 };

	if (size < 1 || size > INPUT_MOST)
		return 0;
	read_by_the_book(data + 1, size - 1, &expected);
	read_in_pieces(data + 1, size - 1, (size_t)data[0] + 1, &got);
	if (got.end != expected.end || got.n != expected.n ||
	    memcmp(got.bytes, expected.bytes, got.n) != 0)
		abort();
	return 0;
}
