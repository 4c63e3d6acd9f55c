/* SPDX-License-Identifier: MIT */
/* Macros without arguments, and what they expand to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/compiler.h"
#include "idl/names.h"
#include "idl/preproc.h"

struct fy_macro {
	bool defined;
	bool takes_arguments; /* known to #ifdef, not expanded */
	bool busy;	      /* being expanded: not again inside itself */
	struct fy_tokens body;
};

struct fy_macros {
	struct ferry_arena *mem;
	struct fy_names names; /* struct fy_macro */
	size_t n_steps;	       /* of all expansions together */
};

/** fy_tokens_add() - appends @token */
FY_MUST_CHECK ferry_err
fy_tokens_add(struct fy_tokens *tokens, struct ferry_arena *mem,
	      const struct fy_token *token);

/** fy_macros_find() - the macro @name; NULL if it is not defined */
struct fy_macro *
fy_macros_find(const struct fy_macros *macros, struct ferry_str name);

/** fy_macros_define() - a macro without a body yet, in place of any other */
FY_MUST_CHECK ferry_err
fy_macros_define(struct fy_macros *macros, struct ferry_str name,
		 struct fy_macro **out);

/**
 * fy_macros_expand() - appends to @out what the name @use stands for
 *
 * Every token gets the place of @use.
 * Return: FERRY_OK; FERRY_ETOOBIG: the macros of this file give more tokens
 * than any interface needs, and @out has a part; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_macros_expand(struct fy_macros *macros, const struct fy_token *use,
		 struct fy_tokens *out);
