/* SPDX-License-Identifier: MIT */
/* Comments at the ends of lines, which stand below each other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"
#include "idl/writer.h"

/* The comment behind what a line says. */
struct fy_tail {
	size_t at;    /* of the text: the blank before the comment */
	uint32_t len; /* of the comment, in bytes */
	size_t block; /* those of one number stand below each other */
	bool stars;   /* so do the stars of its lines */
};

/* All zero is valid and empty. */
struct fy_tails {
	struct fy_tail *list;
	size_t n;
	size_t cap;
};

/** fy_tails_add() - one more, behind all that are there */
FY_MUST_CHECK ferry_err fy_tails_add(struct fy_tails *tails,
				     struct ferry_arena *mem,
				     struct fy_tail tail);

/**
 * fy_tails_align() - writes @text with its tails moved to tab stops
 *
 * Those of a block stand at the first stop behind the code of them all. What
 * would end behind column 80 there stands one blank from its own code, if it
 * ends in time that way; and does not move the others.
 */
void fy_tails_align(const struct fy_tails *tails, struct ferry_str text,
		    struct fy_writer *out);

/** fy_stars_are_there() - whether each further line begins with a star */
bool fy_stars_are_there(struct ferry_str comment);

/** fy_stars_put() - writes @comment, at @column already, star below star */
void fy_stars_put(struct fy_writer *w, struct ferry_str comment,
		  size_t column);
