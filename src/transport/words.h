/* SPDX-License-Identifier: MIT */
/* A command line as words. */
#pragma once

#include <ferry/err.h>
#include <ferry/hooks.h>

#include "core/compiler.h"

/**
 * fy_words_split() - splits @line as a POSIX shell does (XCU 2.2 and 2.3)
 * @line: blanks part words; '...', "..." and \ quote. Nothing is expanded:
 *        $, *, ~ and ` are letters as any other, but for what \ quotes in "..."
 * @out:  NULL-terminated; one piece of memory, to be given to fy_free()
 *
 * FERRY_EADDR: no word, or a quote that is not closed.
 */
FY_MUST_CHECK ferry_err fy_words_split(const struct ferry_hooks *hooks,
				       const char *line, char ***out,
				       struct ferry_error *why);
