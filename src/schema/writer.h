/* SPDX-License-Identifier: MIT */
/* A text that grows; memory that runs out is remembered to the end. */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"

/* All zero but .mem is valid and empty. There is nothing to free. */
struct fy_writer {
	struct ferry_arena *mem;
	char *text; /* not NUL-terminated */
	size_t len;
	size_t cap;
	ferry_err err;
};

/** fy_write() - appends @len bytes, all of them or none */
void fy_write(struct fy_writer *w, const char *text, size_t len);

/** fy_write_text() - appends NUL-terminated text */
void fy_write_text(struct fy_writer *w, const char *text);

/** fy_write_tabs() - appends @n tabs */
void fy_write_tabs(struct fy_writer *w, size_t n);

/** fy_write_format() - appends formatted text, however long */
FY_PRINTF(2, 3) void
fy_write_format(struct fy_writer *w, const char *format, ...);

/**
 * fy_write_end() - the whole, NUL-terminated; more may still be appended
 *
 * Return: FERRY_OK; FERRY_ENOMEM if any of it was lost.
 */
FY_MUST_CHECK ferry_err fy_write_end(struct fy_writer *w, const char **out);
