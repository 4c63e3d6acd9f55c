/* SPDX-License-Identifier: MIT */
/*
 * Messages that a byte ends which none of them has: a newline, a NUL. What
 * programs that know nothing of ferry speak. Each byte is looked at once:
 *
 *	start           at, end       tail
 *	|no terminator...|not yet......|free
 */
#include <string.h>

#include "core/err.h"
#include "transport/frame.h"

static ferry_err
find_end(struct fy_frame *f, const uint8_t *buf, size_t tail, char terminator)
{
	const uint8_t *found;

	if (f->last)
		return FERRY_OK;
	if (f->at == tail)
		return FERRY_EAGAIN;
	if (!f->open) {
		f->open = true;
		f->start = f->at;
	}
	found = memchr(buf + f->at, terminator, tail - f->at);
	f->end = found ? (size_t)(found - buf) : tail;
	if (f->end - f->start > f->max) {
		f->end = f->at;
		return FERRY_ETOOBIG;
	}
	f->at = f->end + (found != NULL);
	f->last = found != NULL;
	return found ? FERRY_OK : FERRY_EAGAIN;
}

static ferry_err
line_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	return find_end(f, buf, *tail, '\n');
}

static ferry_err
nul_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	return find_end(f, buf, *tail, '\0');
}

/* Any byte may be the last. */
static size_t
text_need(const struct fy_frame *f)
{
	return f->at + !f->last;
}

static ferry_err
line_seal(const uint8_t *message, size_t len, uint8_t *before, uint8_t *after,
	  struct ferry_error *why)
{
	const uint8_t *found = memchr(message, '\n', len);

	(void)before;
	if (found)
		return fy_fail(why, FERRY_EINVAL,
			       "the message has a newline at byte %zu, which "
			       "would end it there: send each line by itself, "
			       "or let both ends say ?frame=u32",
			       (size_t)(found - message));
	after[0] = '\n';
	return FERRY_OK;
}

static ferry_err
nul_seal(const uint8_t *message, size_t len, uint8_t *before, uint8_t *after,
	 struct ferry_error *why)
{
	const uint8_t *found = memchr(message, '\0', len);

	(void)before;
	if (found)
		return fy_fail(why, FERRY_EINVAL,
			       "the message has a NUL at byte %zu, which would "
			       "end it there: let both ends say ?frame=u32",
			       (size_t)(found - message));
	after[0] = '\0';
	return FERRY_OK;
}

const struct fy_framing fy_framing_line = {
	.after = 1,
	.least = 1,
	.cut = "the stream ended in a line without its newline: the peer went, "
	       "or it sends no lines: try ?frame=raw",
	.alien = "",
	.seal = line_seal,
	.feed = line_feed,
	.need = text_need,
};

const struct fy_framing fy_framing_nul = {
	.after = 1,
	.least = 1,
	.cut = "the stream ended in a message without its NUL: the peer went, "
	       "or it sends none: try ?frame=raw",
	.alien = "",
	.seal = nul_seal,
	.feed = nul_feed,
	.need = text_need,
};
