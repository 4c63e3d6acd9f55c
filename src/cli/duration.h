/* SPDX-License-Identifier: MIT */
/* Lengths of time as users write them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/compiler.h"

/**
 * fy_duration_parse() - "250ms", "2s", "1.5", "1m": a plain number is seconds
 * @ns: nanoseconds, not negative
 *
 * Units are us, ms, s, m and h. Return: whether it was one, of at most 10^4
 * hours.
 */
FY_MUST_CHECK bool fy_duration_parse(const char *text, int64_t *ns);
