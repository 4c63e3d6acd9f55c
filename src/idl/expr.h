/* SPDX-License-Identifier: MIT */
/* Integer expressions as C's #if has them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/diag.h"
#include "idl/lex.h"
#include "idl/number.h"

/**
 * fy_expr_number() - what an expression comes to, in 64 bits
 * @list: its tokens, macros expanded and defined() replaced; a name left is 0
 * @at:   the directive, for an error where nothing is left to point at
 *
 * As C99 6.10.1: all is intmax_t, or uintmax_t where an operand is, by its
 * suffix or its size. What overflows wraps.
 *
 * Return: false if it is no expression, which is reported.
 */
bool fy_expr_number(const struct fy_token *list, size_t n,
		    const struct fy_span *at, struct fy_diag *diag,
		    struct fy_number *out);
