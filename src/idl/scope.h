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

/* The name of a program, version or procedure, for its number. */
struct fy_mark {
	struct fy_ast_constant constant;
	const struct fy_mark *other; /* the same name for another number */
};

struct fy_scope {
	const struct fy_check *check;
	struct fy_names globals;  /* struct fy_symbol, all three */
	struct fy_names passed;	  /* sought after them */
	struct fy_names built_in; /* sought last */
	struct fy_names marks;	  /* struct fy_mark; sought for constants */
	struct fy_names foreign;  /* struct fy_ast_def, made as they are met */
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

/* What @name means, a constant, a type or a program; NULL if nothing. */
struct fy_symbol *fy_scope_find(const struct fy_scope *scope, const char *name);

/* "a type", "a constant" ... */
const char *fy_scope_kind(const struct fy_symbol *symbol);

/* Hangs the name on @message that @name may have meant. */
void fy_scope_hint(struct fy_scope *scope, struct fy_message *message,
		   const char *name, bool (*fits)(const void *value));

/* Warns where @def is one that only rpcgen's C has. */
void fy_scope_warn_of_built_in(struct fy_scope *scope, const struct fy_span *at,
			       const struct fy_ast_def *def);

/* Names all types that %#include lines must bring, each at its first place. */
void fy_scope_warn_of_foreign(struct fy_scope *scope);

/* What @type names. Reports it if it is no type; .def stays NULL. */
void fy_scope_type(struct fy_scope *scope, struct fy_ast_type *type);

/* Makes sure that the constant has its number, or is FY_AST_BAD. */
void fy_scope_evaluate(struct fy_scope *scope,
		       struct fy_ast_constant *constant);

/* Fills in @value. Reports it if it is no number; .known stays false. */
void fy_scope_value(struct fy_scope *scope, struct fy_ast_value *value);

/*
 * The same, and makes a number out of 0 to 2^32 - 1 its low 32 bits, as
 * rpcgen's C does. @what: "a length"
 */
void fy_scope_u32(struct fy_scope *scope, struct fy_ast_value *value,
		  const char *what);

/* The same, and reports it: there is no such array, not in C either. */
void fy_scope_length(struct fy_scope *scope, struct fy_ast_value *value);
