/* SPDX-License-Identifier: MIT */
/* What make is to know: which files were read for those that were made. */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "gen/gen.h"
#include "idl/source.h"

/**
 * fy_depfile_make() - a rule for make(1), as gcc -MD -MP writes it
 * @dir:     where @targets go
 * @targets: what was made
 * @sources: what was read for it; the first is the interface file
 * @out:     its .text and .len; in @mem
 *
 * Each file that was included is a target of its own too, without a rule: that
 * it is deleted is no error.
 *
 * Return: FERRY_OK; FERRY_EINVAL: the name of a file has a newline, which no
 * makefile can have; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_depfile_make(const char *dir, const struct fy_gen *targets,
		const struct fy_sources *sources, struct ferry_arena *mem,
		struct fy_gen_file *out);
