/* SPDX-License-Identifier: MIT */
#include "transport/frame.h"

#include <string.h>

#define LAST 0x80000000u

void
fy_frame_mark(uint8_t mark[FY_FRAME_MARK], uint32_t bytes)
{
	uint32_t word = bytes | LAST;

	mark[0] = (uint8_t)(word >> 24);
	mark[1] = (uint8_t)(word >> 16);
	mark[2] = (uint8_t)(word >> 8);
	mark[3] = (uint8_t)word;
}

static uint32_t
load_mark(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static ferry_err
take_mark(struct fy_frame *f, uint32_t mark)
{
	uint32_t bytes = mark & ~LAST;
	bool last = mark & LAST;

	if (bytes > f->max_record - (f->end - f->start))
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

ferry_err
fy_frame_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
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
		err = take_mark(f, load_mark(buf + f->at));
		if (err)
			return err;
	}
	close_gap(f, buf, tail);
	return FERRY_EAGAIN;
}

void
fy_frame_next(struct fy_frame *f)
{
	f->start = f->end = f->at;
	f->left = 0;
	f->n_empty = 0;
	f->last = false;
	f->open = false;
}

size_t
fy_frame_base(const struct fy_frame *f)
{
	return f->open ? f->start : f->at;
}

size_t
fy_frame_need(const struct fy_frame *f)
{
	return f->at + f->left + (f->last ? 0 : FY_FRAME_MARK);
}

void
fy_frame_shift(struct fy_frame *f, size_t bytes)
{
	f->at -= bytes;
	if (!f->open) {
		f->start = f->end = f->at;
		return;
	}
	f->start -= bytes;
	f->end -= bytes;
}
