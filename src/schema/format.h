/* SPDX-License-Identifier: MIT */
/*
 * The formatter: interface files in one style. It works on the file as it
 * stands, not on what the preprocessor makes of it.
 */
#pragma once

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"
#include "idl/idl.h"

/**
 * struct fy_reformat - one file
 * @mem:  of all that is made
 * @path: as diagnostics have it; read from nowhere
 * @text: what stands there
 * @idl:  out: its .diag says why the file was refused
 * @out:  out: what should stand there
 */
struct fy_reformat {
	struct ferry_arena *mem;
	const char *path;
	struct ferry_str text;
	struct fy_idl idl;
	struct ferry_str out;
};

/**
 * fy_reformat() - fills @f->out
 *
 * It has the same tokens, comments, % lines and preprocessor lines in the same
 * order, which is looked at before it is handed out, and formatting it once
 * more changes nothing.
 *
 * Return: FERRY_OK; FERRY_EINVAL: the file has errors; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_reformat(struct fy_reformat *f);
