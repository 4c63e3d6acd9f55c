/* SPDX-License-Identifier: MIT */
/* Writes what a back-end made: all of its files or none. */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "gen/gen.h"

/* What a back-end makes, and a file that tells make about it. */
#define FY_OUTPUT_FILES (FY_GEN_FILES + 1)

/**
 * fy_output_write() - puts files into the folder @dir
 * @files: at most FY_OUTPUT_FILES; one whose name has a / in it is a path, and
 *	   goes there
 *
 * Each is written beside its place and renamed when all of them are complete.
 * One that is there already with the same bytes is left alone, so that make
 * sees no change. After an error @dir has none of the new files, but if a
 * rename itself failed: then it may have the first of them. A signal that ends
 * the program waits until nothing temporary is left.
 *
 * What is there and is a link or a device, not a plain file, stays what it is:
 * it is written to when all others are there.
 *
 * Return: FERRY_OK; else @why has a sentence.
 */
FY_MUST_CHECK ferry_err
fy_output_write(const char *dir, const struct fy_gen_file *files, size_t n,
		struct ferry_arena *mem, struct ferry_error *why);
