/* SPDX-License-Identifier: MIT */
/* What stands behind #if and #elif: integer expressions, as C has them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/diag.h"
#include "idl/lex.h"

/**
 * fy_expr_value() - what an expression comes to, wrapped to 64 bits
 * @list: its tokens, macros expanded and defined() replaced; a name left is 0
 * @at:   the directive, for an error where nothing is left to point at
 *
 * Return: false if it is no expression, which is reported.
 */
bool fy_expr_value(const struct fy_token *list, size_t n,
		   const struct fy_span *at, struct fy_diag *diag,
		   int64_t *out);
