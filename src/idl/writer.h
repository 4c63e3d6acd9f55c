/* SPDX-License-Identifier: MIT */
/*
 * A text that grows in an arena. The first error latches: nothing is appended
 * after it, and fy_write_end() tells.
 */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"

/* All zero but .mem is valid and empty. There is nothing to free. */
struct fy_writer {
	struct ferry_arena *mem;
	char *text; /* not NUL-terminated; NULL while nothing was appended */
	size_t len; /* bytes of it */
	size_t cap;
	ferry_err err; /* FERRY_ENOMEM; who writes may set one of his own */
};

/** fy_write() - appends @len bytes, all of them or none */
void fy_write(struct fy_writer *w, const char *text, size_t len);

/** fy_write_char() - appends one byte */
void fy_write_char(struct fy_writer *w, char c);

/** fy_write_text() - appends NUL-terminated text */
void fy_write_text(struct fy_writer *w, const char *text);

/** fy_write_tabs() - appends @n tabs */
void fy_write_tabs(struct fy_writer *w, size_t n);

/** fy_write_format() - appends formatted text, however long */
FY_PRINTF(2, 3) void
fy_write_format(struct fy_writer *w, const char *format, ...);

/**
 * fy_write_end() - the whole
 * @out: NUL-terminated, in the arena; good until more is appended, which is
 *       allowed
 *
 * Return: FERRY_OK; the error that latched, FERRY_ENOMEM if any of it was lost.
 */
FY_MUST_CHECK ferry_err fy_write_end(struct fy_writer *w, const char **out);
