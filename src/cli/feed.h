/* SPDX-License-Identifier: MIT */
/* Messages to send: words, or bytes of a descriptor that are cut into them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"

/* Where one message ends; what is printed behind one, likewise. */
enum fy_cut {
	FY_CUT_LINES,  /* at a newline, which is no part of it */
	FY_CUT_NULS,   /* at a NUL, likewise */
	FY_CUT_WHOLE,  /* at the end of all */
	FY_CUT_PIECES, /* wherever a read ended */
};

/**
 * struct fy_feed - where they come from
 * @words:    NULL-terminated, borrowed, one message each; NULL: from @fd
 * @fd:       borrowed
 * @cut:      how what is read from @fd is cut
 * @readable: a read of @fd does not wait; its owner sets it, next() clears it
 * @steady:   it never does: @fd is a file on a disk
 * @last:     nobody writes to @fd any more: what a read does not find will not
 *            come. @fd does not block
 *
 * The rest is its own; all zero at first.
 */
struct fy_feed {
	char **words;
	int fd;
	enum fy_cut cut;
	bool readable;
	bool steady;
	bool last;

	bool ended;
	bool told; /* of FY_CUT_WHOLE: the one message */
	uint8_t *room;
	size_t cap;
	size_t at;	/* where the next message begins */
	size_t scanned; /* up to where no end of it was found */
	size_t len;
};

/** fy_feed_fini() - harmless on one that is all zero */
void fy_feed_fini(struct fy_feed *feed);

/**
 * fy_feed_next() - the next message
 * @out: valid until the next call
 *
 * Return: FERRY_OK; FERRY_EAGAIN: not until it is readable; FERRY_EOF: no more;
 * FERRY_ETOOBIG; FERRY_ENOMEM; FERRY_ESYS: it cannot be read.
 */
FY_MUST_CHECK ferry_err fy_feed_next(struct fy_feed *feed,
				     struct ferry_bytes *out,
				     struct ferry_error *why);
