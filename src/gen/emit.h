/* SPDX-License-Identifier: MIT */
/*
 * Emit: text with named slots, indentation and lines that keep to 80 columns,
 * for back-ends whose target looks like C. Not a template language: what
 * depends on the model is decided in C.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"

/**
 * struct fy_emit - a text that grows
 * @text:   the lines that are whole; not NUL-terminated
 * @line:   the line being made, without its indentation
 * @indent: tabs before each line that is not empty
 * @err:    FERRY_ENOMEM once there was no memory; emitting goes on, into void
 *
 * Its memory is @mem's: there is nothing to free.
 */
struct fy_emit {
	struct ferry_arena *mem;
	char *text;
	size_t len;
	size_t room;
	char *line;
	size_t line_len;
	size_t line_room;
	unsigned int indent;
	ferry_err err;
};

/** fy_emit_init() - an empty text */
void fy_emit_init(struct fy_emit *e, struct ferry_arena *mem);

/**
 * fy_emit() - appends @format with its slots filled
 * @format: "$name" is a slot, lower-case letters; "$$" a dollar; a line that
 *          is longer than 80 columns is broken at commas and operators
 *
 * The rest are pairs of a slot's name and its text: emit(e, "struct $tag {\n",
 * "tag", tag). A slot that is not given is a bug, and shows as itself.
 */
#define fy_emit(e, ...) fy_emit_slots((e), __VA_ARGS__, (const char *)NULL)
__attribute__((sentinel)) void fy_emit_slots(struct fy_emit *e,
					     const char *format, ...);

/** fy_emit_raw() - appends one line as it is: no slots, indent or breaking */
void fy_emit_raw(struct fy_emit *e, const char *line);

/**
 * fy_emit_comment() - a block comment of @text's lines
 *
 * Whatever stands in @text, the comment ends where it should.
 */
void fy_emit_comment(struct fy_emit *e, const char *text);

/** fy_emit_append() - all of @from, which was indented for itself */
void fy_emit_append(struct fy_emit *e, const struct fy_emit *from);

/**
 * fy_emit_text() - the whole, NUL-terminated
 *
 * FERRY_ENOMEM if any of it was lost.
 */
FY_MUST_CHECK ferry_err fy_emit_text(struct fy_emit *e, const char **out);

/** fy_format() - formatted text in @mem; NULL if there is no memory */
FY_PRINTF(2, 3)
char *fy_format(struct ferry_arena *mem, const char *format, ...);
