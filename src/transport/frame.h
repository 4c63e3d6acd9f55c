/* SPDX-License-Identifier: MIT */
/*
 * Messages in a stream of bytes: ?frame= of an address. It does no I/O and has
 * no memory of its own. A message of a stream stands
 *
 *	record  behind the marks of RFC 5531 section 11, see frame.c
 *	line    before a newline
 *	nul     before a NUL
 *	u32     behind its length in 4 bytes, big-endian
 *	raw     alone: what comes at once is a message
 *
 * The caller receives into a buffer, and the reader works in place: most
 * messages are left where they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/channel.h>
#include <ferry/err.h>

#include "core/compiler.h"

/* Bytes of a length, with or without the bit "last fragment". */
#define FY_FRAME_MARK 4
/* The most bytes before or after a message. */
#define FY_FRAME_AROUND 4
/* A fragment cannot be longer, nor can a message that is sent as one. */
#define FY_FRAME_MOST 0x7fffffffu
/* Empty fragments that another one follows, in one record. */
#define FY_FRAME_EMPTY_MOST 8

struct fy_frame;

/**
 * struct fy_framing - one kind of framing
 * @before: bytes that stand before each message, at most FY_FRAME_AROUND
 * @after:  bytes that stand behind each, likewise
 * @least:  so many bytes may be a whole message with what is around it
 * @cut:    what to say where the stream ends within a message
 * @alien:  what else to say where one is over the limit: the peer may not know
 *          this framing
 * @seal:   writes what stands @before and @after a message of @len bytes.
 *          FERRY_EINVAL: it cannot be carried
 * @feed:   as fy_frame_feed()
 * @need:   as fy_frame_need()
 */
struct fy_framing {
	size_t before;
	size_t after;
	size_t least;
	const char *cut;
	const char *alien;
	ferry_err (*seal)(const uint8_t *message, size_t len, uint8_t *before,
			  uint8_t *after, struct ferry_error *why);
	ferry_err (*feed)(struct fy_frame *f, uint8_t *buf, size_t *tail);
	size_t (*need)(const struct fy_frame *f);
};

extern const struct fy_framing fy_framing_record;
extern const struct fy_framing fy_framing_line;
extern const struct fy_framing fy_framing_nul;
extern const struct fy_framing fy_framing_u32;
extern const struct fy_framing fy_framing_raw;

/** fy_framing_of() - the framing that @kind names */
const struct fy_framing *fy_framing_of(enum ferry_frame kind);

/**
 * struct fy_frame - where a reader is; offsets into the caller's buffer
 * @framing: what it reads
 * @max:     bytes of the longest message
 * @start:   first byte of the message, once it is open
 * @end:     one past its last byte so far
 * @at:      the next byte to look at
 * @left:    bytes of the message, or of its fragment, that are to come
 * @n_empty: empty fragments of the record so far
 * @last:    no fragment follows; where there are none, the message is whole
 * @open:    something of the message was read
 */
struct fy_frame {
	const struct fy_framing *framing;
	size_t max;
	size_t start;
	size_t end;
	size_t at;
	uint32_t left;
	uint32_t n_empty;
	bool last;
	bool open;
};

/** fy_frame_init() - a reader of a buffer without a byte */
void fy_frame_init(struct fy_frame *f, const struct fy_framing *framing,
		   size_t max);

/**
 * fy_frame_feed() - looks at the bytes from @f->at to *@tail
 *
 * Return: FERRY_OK: the message is buf[start..end), and stays so until
 * fy_frame_next(). FERRY_EAGAIN: more bytes are needed; *@tail may have become
 * less, for marks inside the message are gone. FERRY_ETOOBIG: longer than
 * @f->max. FERRY_EPROTO: too many empty fragments. These two are for ever.
 */
FY_MUST_CHECK static inline ferry_err
fy_frame_feed(struct fy_frame *f, uint8_t *buf, size_t *tail)
{
	return f->framing->feed(f, buf, tail);
}

/** fy_frame_next() - the message has been used, on to the one behind it */
static inline void
fy_frame_next(struct fy_frame *f)
{
	f->start = f->end = f->at;
	f->left = 0;
	f->n_empty = 0;
	f->last = false;
	f->open = false;
}

/** fy_frame_base() - the first byte of the buffer that is still needed */
static inline size_t
fy_frame_base(const struct fy_frame *f)
{
	return f->open ? f->start : f->at;
}

/**
 * fy_frame_need() - the offset up to which the buffer must be filled before
 * fy_frame_feed() can come to another end than FERRY_EAGAIN
 *
 * As announced by the peer: not to be believed with memory.
 */
static inline size_t
fy_frame_need(const struct fy_frame *f)
{
	return f->framing->need(f);
}

/** fy_frame_shift() - the buffer's content was moved down by @bytes */
static inline void
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
