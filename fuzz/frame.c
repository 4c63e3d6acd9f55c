/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a stream of messages. The first byte of the input says in pieces
 * of what size the rest arrives, the second which framing it is. Whatever the
 * size, the messages are those that a plain reading finds, and what is sealed
 * again is read again.
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
	uint8_t bytes[INPUT_MOST * 3]; /* each message takes a byte at least */
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

/* By RFC 5531 section 11. Return: FERRY_OK, or how the input ends. */
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

static ferry_err
read_text(const uint8_t **at, const uint8_t *end, uint8_t terminator,
	  struct records *out)
{
	const uint8_t *from = *at;

	for (; *at < end; (*at)++) {
		if (**at == terminator) {
			add(out, from, (size_t)(*at - from));
			(*at)++;
			return FERRY_OK;
		}
		if (*at - from == MAX_RECORD)
			return FERRY_ETOOBIG;
	}
	return FERRY_EAGAIN;
}

static ferry_err
read_line(const uint8_t **at, const uint8_t *end, struct records *out)
{
	return read_text(at, end, '\n', out);
}

static ferry_err
read_nul(const uint8_t **at, const uint8_t *end, struct records *out)
{
	return read_text(at, end, '\0', out);
}

static ferry_err
read_u32(const uint8_t **at, const uint8_t *end, struct records *out)
{
	uint32_t len;

	if (end - *at < 4)
		return FERRY_EAGAIN;
	len = (uint32_t)(*at)[0] << 24 | (uint32_t)(*at)[1] << 16 |
	      (uint32_t)(*at)[2] << 8 | (*at)[3];
	if (len > MAX_RECORD)
		return FERRY_ETOOBIG;
	if (len > (size_t)(end - *at) - 4)
		return FERRY_EAGAIN;
	add(out, *at + 4, len);
	*at += 4 + len;
	return FERRY_OK;
}

typedef ferry_err (*reader)(const uint8_t **at, const uint8_t *end,
			    struct records *out);

/* By enum ferry_frame. Raw has no book: messages are as the pieces are. */
static const reader readers[] = { read_record, read_line, read_nul, read_u32 };

static void
read_by_the_book(reader read, const uint8_t *data, size_t size,
		 struct records *out)
{
	const uint8_t *at = data;

	do
		out->end = read(&at, data + size, out);
	while (out->end == FERRY_OK);
}

/* A message that was read can be sent, and is read again. */
static void
send_again(const struct fy_framing *framing, const uint8_t *message, size_t len)
{
	uint8_t stream[INPUT_MOST + 2 * FY_FRAME_AROUND];
	size_t tail = framing->before + len + framing->after;
	struct fy_frame f;

	if (len > 0)
		memcpy(stream + framing->before, message, len);
	if (framing->seal(stream + framing->before, len, stream,
			  stream + framing->before + len, NULL))
		abort();
	fy_frame_init(&f, framing, MAX_RECORD);
	if (fy_frame_feed(&f, stream, &tail) || f.at != tail ||
	    f.end - f.start != len)
		abort();
	if (len > 0 && memcmp(stream + f.start, message, len) != 0)
		abort();
}

static ferry_err
take_all(struct fy_frame *f, uint8_t *buf, size_t *tail, struct records *out)
{
	ferry_err err;

	while ((err = fy_frame_feed(f, buf, tail)) == FERRY_OK) {
		add(out, buf + f->start, f->end - f->start);
		send_again(f->framing, buf + f->start, f->end - f->start);
		fy_frame_next(f);
	}
	if (fy_frame_base(f) > *tail || f->at > *tail)
		abort();
	return err;
}

static void
read_in_pieces(struct fy_frame f, const uint8_t *data, size_t size,
	       size_t piece, struct records *out)
{
	uint8_t buf[INPUT_MOST];
	size_t tail = 0;

	out->end = FERRY_EAGAIN;
	while (size > 0 && out->end == FERRY_EAGAIN) {
		size_t n = size < piece ? size : piece;
		size_t base = fy_frame_base(&f);

		if (piece & 4) {
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

/* Each piece is a message, or several of the longest and what is left. */
static void
read_raw(const uint8_t *data, size_t size, size_t piece, struct records *out)
{
	out->end = FERRY_EAGAIN;
	for (size_t at = 0; at < size; at += piece) {
		size_t end = size - at < piece ? size : at + piece;

		for (size_t n = at; n < end; n += MAX_RECORD)
			add(out, data + n,
			    end - n < MAX_RECORD ? end - n : MAX_RECORD);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct records expected = { .n = 0 };
	struct records got = { .n = 0 };
	struct fy_frame f;
	enum ferry_frame kind;
	size_t piece;

	if (size < 2 || size > INPUT_MOST)
		return 0;
	piece = (size_t)data[0] * 4 + 1;
	kind = (enum ferry_frame)(data[1] % (FERRY_FRAME_RAW + 1));
	if (kind == FERRY_FRAME_RAW)
		read_raw(data + 2, size - 2, piece, &expected);
	else
		read_by_the_book(readers[kind], data + 2, size - 2, &expected);
	fy_frame_init(&f, fy_framing_of(kind), MAX_RECORD);
	read_in_pieces(f, data + 2, size - 2, piece, &got);
	if (got.end != expected.end || got.n != expected.n ||
	    memcmp(got.bytes, expected.bytes, got.n) != 0)
		abort();
	return 0;
}
