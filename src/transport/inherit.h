/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that the process was given by number. A link takes them over:
 * what it uses is close-on-exec and above 2, and once it exists the number is
 * closed, so that no second copy keeps the other end waiting for its end.
 */
#pragma once

#include <ferry/err.h>

#include "core/compiler.h"

/** fy_inherit_dup() - a copy of @number, to be closed. FERRY_EADDR: not open */
FY_MUST_CHECK ferry_err fy_inherit_dup(int number, int *out,
				       struct ferry_error *why);

/**
 * fy_inherit_retire() - closes @number
 *
 * 0, 1 and 2 become /dev/null: what the program prints goes nowhere then, and
 * not into the next file that it opens.
 */
void fy_inherit_retire(int number);
