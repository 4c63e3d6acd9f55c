/* SPDX-License-Identifier: MIT */
/*
 * Record marking of RFC 5531 section 11: messages in a stream of bytes. It
 * does no I/O and has no memory of its own.
 *
 *	record   = fragment ... last-fragment
 *	fragment = mark payload
 *	mark     = 4 bytes, big-endian: 1 bit "last", 31 bits length of payload
 *
 * The caller receives into a buffer, and the reader works in place. A record
 * of one fragment is left where it is. The payload of a later fragment is
 * moved down to the one before it, so that each byte moves at most once:
 *
 *	start            end       at        tail
 *	|assembled........|marks...|not yet...|free
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>

#include "core/compiler.h"

#define FY_FRAME_MARK 4
/* A fragment cannot be longer, nor can a message that is sent as one. */
#define FY_FRAME_MOST 0x7fffffffu
/* Empty fragments that another one follows, in one record. */
#define FY_FRAME_EMPTY_MOST 8

/**
 * struct fy_frame - where a reader is; offsets into the caller's buffer
 * @max_record: bytes of the longest record, set by the caller
 * @start:      first byte of the record's payload, once a mark was read
 * @end:        one past its last byte so far
 * @at:         the next byte to look at
 * @left:       bytes of the fragment that are to come
 * @n_empty:    empty fragments of the record so far
 * @last:       the fragment is the record's last
 * @open:       a mark of the record was read
 *
 * All zero but for @max_record is a reader of a buffer without a byte.
 */
struct fy_frame {
	size_t max_record;
	size_t start;
	size_t end;
	size_t at;
	uint32_t left;
	uint32_t n_empty;
	bool last;
	bool open;
};

/** fy_frame_mark() - the mark of a record of one fragment of @bytes */
void fy_frame_mark(uint8_t mark[FY_FRAME_MARK], uint32_t bytes);

/**
 * fy_frame_feed() - looks at the bytes from @f->at to *@tail
 *
 * Return: FERRY_OK: the record is buf[start..end), and stays so until
 * fy_frame_next(). FERRY_EAGAIN: more bytes are needed; *@tail may have become
 * less, for marks inside the record are gone. FERRY_ETOOBIG: longer than
 * @max_record. FERRY_EPROTO: too many empty fragments. These two are for ever.
 */
FY_MUST_CHECK ferry_err fy_frame_feed(struct fy_frame *f, uint8_t *buf,
				      size_t *tail);

/** fy_frame_next() - the record has been used, on to the one behind it */
void fy_frame_next(struct fy_frame *f);

/** fy_frame_base() - the first byte of the buffer that is still needed */
size_t fy_frame_base(const struct fy_frame *f);

/**
 * fy_frame_need() - the offset up to which the buffer must be filled before
 * fy_frame_feed() can come to another end than FERRY_EAGAIN
 *
 * As announced by the peer: not to be believed with memory.
 */
size_t fy_frame_need(const struct fy_frame *f);

/** fy_frame_shift() - the buffer's content was moved down by @bytes */
void fy_frame_shift(struct fy_frame *f, size_t bytes);
