/* SPDX-License-Identifier: MIT */
/* Messages behind their length, and messages with nothing around them. */
#include "core/err.h"
#include "transport/frame.h"
#include "transport/mark.h"

/* ---- u32: start is behind the length, end and at are where it is ---- */

static ferry_err
u32_seal(const uint8_t *message, size_t len, uint8_t *before, uint8_t *after,
	 struct ferry_error *why)
{
	(void)message;
	(void)after;
	(void)why;
	fy_mark_store(before, (uint32_t)len);
	return FERRY_OK;
}

static ferry_err
u32_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	size_t n;

	if (!f->open) {
		if (*tail - f->at < FY_FRAME_MARK)
			return FERRY_EAGAIN;
		f->left = fy_mark_load(buf + f->at);
		if (f->left > f->max) {
			f->left = 0;
			return FERRY_ETOOBIG;
		}
		f->open = true;
		f->at += FY_FRAME_MARK;
		f->start = f->at;
	}
	n = *tail - f->at;
	if (n > f->left)
		n = f->left;
	f->at += n;
	f->end = f->at;
	f->left -= (uint32_t)n;
	return f->left > 0 ? FERRY_EAGAIN : FERRY_OK;
}

static size_t
u32_need(const struct fy_frame *f)
{
	return f->at + f->left + (f->open ? 0 : FY_FRAME_MARK);
}

const struct fy_framing fy_framing_u32 = {
	.before = FY_FRAME_MARK,
	.least = FY_FRAME_MARK,
	.cut = "the peer went in the middle of a message, or sends no lengths: "
	       "see ?frame=",
	.alien = ", or no lengths: see ?frame=",
	.seal = u32_seal,
	.feed = u32_feed,
	.need = u32_need,
};

/* ---- raw ---- */

static ferry_err
raw_seal(const uint8_t *message, size_t len, uint8_t *before, uint8_t *after,
	 struct ferry_error *why)
{
	(void)message;
	(void)before;
	(void)after;
	if (len == 0)
		return fy_fail(why, FERRY_EINVAL,
			       "an empty message is nothing at all with "
			       "?frame=raw: let both ends say ?frame=u32");
	return FERRY_OK;
}

static ferry_err
raw_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	(void)buf;
	if (f->last)
		return FERRY_OK;
	if (f->at == *tail)
		return FERRY_EAGAIN;
	f->open = true;
	f->last = true;
	f->start = f->at;
	f->end = *tail - f->at > f->max ? f->at + f->max : *tail;
	f->at = f->end;
	return FERRY_OK;
}

static size_t
raw_need(const struct fy_frame *f)
{
	return f->at + !f->last;
}

const struct fy_framing fy_framing_raw = {
	.least = 1,
	/* Unless it is cut between messages, where it always is. */
	.cut = "the stream ended",
	.alien = "",
	.seal = raw_seal,
	.feed = raw_feed,
	.need = raw_need,
};
