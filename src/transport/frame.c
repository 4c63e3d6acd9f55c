/* SPDX-License-Identifier: MIT */
/*
 * What all framings share, and record marking of RFC 5531 section 11:
 *
 *	record   = fragment ... last-fragment
 *	fragment = mark payload
 *	mark     = 4 bytes, big-endian: 1 bit "last", 31 bits length of payload
 *
 * A record of one fragment is left where it is. The payload of a later
 * fragment is moved down to the one before it, so that each byte moves at most
 * once:
 *
 *	start            end       at        tail
 *	|assembled........|marks...|not yet...|free
 */
#include "transport/frame.h"

#include <string.h>

#include "transport/mark.h"

#define LAST 0x80000000u

static ferry_err
record_seal(const uint8_t *message, size_t len, uint8_t *before, uint8_t *after,
	    struct ferry_error *why)
{
	(void)message;
	(void)after;
	(void)why;
	fy_mark_store(before, (uint32_t)len | LAST);
	return FERRY_OK;
}

static ferry_err
take_mark(struct fy_frame *f, uint32_t mark)
{
	uint32_t bytes = mark & ~LAST;
	bool last = mark & LAST;

	if (bytes > f->max - (f->end - f->start))
		return FERRY_ETOOBIG;
	if (bytes == 0 && !last && f->n_empty == FY_FRAME_EMPTY_MOST)
		return FERRY_EPROTO;
	f->n_empty += bytes == 0;
	f->left = bytes;
	f->last = last;
	f->at += FY_FRAME_MARK;
	if (!f->open) {
		f->open = true;
		f->start = f->end = f->at;
	}
	return FERRY_OK;
}

static void
take_payload(struct fy_frame *f, uint8_t *buf, size_t tail)
{
	size_t n = tail - f->at;

	if (n > f->left)
		n = f->left;
	if (n > 0 && f->end != f->at)
		memmove(buf + f->end, buf + f->at, n);
	f->end += n;
	f->at += n;
	f->left -= (uint32_t)n;
}

/* The bytes of an unfinished mark, 3 at most, follow what is assembled. */
static void
close_gap(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	size_t rest = *tail - f->at;

	if (!f->open || f->at == f->end)
		return;
	memmove(buf + f->end, buf + f->at, rest);
	f->at = f->end;
	*tail = f->end + rest;
}

static ferry_err
record_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	ferry_err err;

	for (;;) {
		take_payload(f, buf, *tail);
		if (f->left > 0)
			break;
		if (f->last)
			return FERRY_OK;
		if (*tail - f->at < FY_FRAME_MARK)
			break;
		err = take_mark(f, fy_mark_load(buf + f->at));
		if (err)
			return err;
	}
	close_gap(f, buf, tail);
	return FERRY_EAGAIN;
}

static size_t
record_need(const struct fy_frame *f)
{
	return f->at + f->left + (f->last ? 0 : FY_FRAME_MARK);
}

const struct fy_framing fy_framing_record = {
	.before = FY_FRAME_MARK,
	.least = FY_FRAME_MARK,
	.cut = "the peer went in the middle of a message",
	.alien = ", or no record marks: see ?frame=",
	.seal = record_seal,
	.feed = record_feed,
	.need = record_need,
};

/* ---- what all share ---- */

const struct fy_framing *
fy_framing_of(enum ferry_frame kind)
{
	static const struct fy_framing *const framings[] = {
		[FERRY_FRAME_RECORD] = &fy_framing_record,
		[FERRY_FRAME_LINE] = &fy_framing_line,
		[FERRY_FRAME_NUL] = &fy_framing_nul,
		[FERRY_FRAME_U32] = &fy_framing_u32,
		[FERRY_FRAME_RAW] = &fy_framing_raw,
	};

	return framings[kind];
}

void
fy_frame_init(struct fy_frame *f, const struct fy_framing *framing, size_t max)
{
	*f = (struct fy_frame){ .framing = framing, .max = max };
}
