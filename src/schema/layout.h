/* SPDX-License-Identifier: MIT */
/* Where the pieces of an interface file stand. */
#pragma once

#include "schema/items.h"

/**
 * fy_layout() - the style of ferry fmt
 * @out: in @mem
 */
FY_MUST_CHECK ferry_err fy_layout(const struct fy_items *items,
				  struct ferry_arena *mem,
				  struct ferry_str *out);
