/* SPDX-License-Identifier: MIT */
/* What names mean, and what the named constants are worth. */
#pragma once

#include <stdbool.h>

#include "core/compiler.h"
#include "idl/check.h"

/* What stands behind a global name: one of the two. */
struct fy_symbol {
	struct fy_span at;
	struct fy_ast_def *def;		  /* a type or program */
	struct fy_ast_constant *constant; /* a const or enumerator */
};

struct fy_scope {
	const struct fy_check *check;
	struct fy_names globals;  /* struct fy_symbol, all three */
	struct fy_names passed;	  /* sought after them */
	struct fy_names built_in; /* sought last */
	unsigned int n_likes;	  /* hints given: each looks at all names */
	ferry_err err;
};

/* Takes in all global names, and reports those that are there twice. */
void fy_scope_fill(struct fy_scope *scope, const struct fy_check *check);

/*
 * Binds @name, reporting it if it is taken already. @what: "field". @names are
 * of struct fy_span.
 */
void fy_scope_unique(struct fy_scope *scope, struct fy_names *names,
		     const struct fy_ast_name *name, const char *what);

/* What @type names. Reports it if it is no type; .def stays NULL. */
void fy_scope_type(struct fy_scope *scope, struct fy_ast_type *type);

/* Makes sure that the constant has its number, or is FY_AST_BAD. */
void fy_scope_evaluate(struct fy_scope *scope,
		       struct fy_ast_constant *constant);

/* Fills in @value. Reports it if it is no number; .known stays false. */
void fy_scope_value(struct fy_scope *scope, struct fy_ast_value *value);

/* The same, and reports a number out of 0 to 2^32 - 1. @what: "a length" */
void fy_scope_u32(struct fy_scope *scope, struct fy_ast_value *value,
		  const char *what);
