/* SPDX-License-Identifier: MIT */
/*
 * Advice on interface files that are right: what will hurt whoever writes a
 * program for them. A comment "ferry-lint: allow NAME" on the line of a
 * declaration, or on the line above, silences a rule there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/diag.h"
#include "idl/model.h"

/* X(id, name, whether it is on when nothing is said, one line for people) */
#define FY_LINT_RULES(X)                                                       \
	X(UNBOUNDED, "unbounded", true,                                        \
	  "arguments of a procedure that have no bound")                       \
	X(LARGE_MESSAGE, "large-message", true,                                \
	  "arguments that may be longer than a server takes unasked")          \
	X(PROGRAM_NUMBER, "program-number", true,                              \
	  "program numbers that RFC 5531 keeps for something else")            \
	X(KEYWORD, "keyword", true, "names that some language has taken")      \
	X(NAME_CASE, "name-case", true, "names unlike most of their kind")     \
	X(ENUM_DUPLICATE, "enum-duplicate", true,                              \
	  "enumerators with the same value")                                   \
	X(RECURSION, "recursion", true,                                        \
	  "types that hold themselves, but for lists")                         \
	X(ENUM_ZERO, "enum-zero", false,                                       \
	  "enums without a 0, which fresh memory is")                          \
	X(ENUM_GAP, "enum-gap", false, "enums that leave values out")          \
	X(NO_DEFAULT, "no-default", false,                                     \
	  "unions that cannot get a case more")                                \
	X(NULL_PROCEDURE, "null-procedure", false,                             \
	  "versions that do not declare procedure 0")                          \
	X(UNDOCUMENTED, "undocumented", false,                                 \
	  "types, programs and procedures without a comment")

enum fy_lint_rule {
#define FY_LINT_ID_(id, name, on, text) FY_LINT_##id,
	FY_LINT_RULES(FY_LINT_ID_)
#undef FY_LINT_ID_
	FY_N_LINT_RULES,
};

struct fy_lint_kind {
	const char *name;
	bool on;
	const char *text;
};

/** fy_lint_kind() - what the table says of @rule */
const struct fy_lint_kind *fy_lint_kind(enum fy_lint_rule rule);

/** fy_lint_find() - by its name; FY_N_LINT_RULES if there is none */
enum fy_lint_rule fy_lint_find(const char *name);

/**
 * fy_lint() - adds a remark to @diag for each finding
 * @path: of the file: what it includes is not looked at
 * @on:   which rules
 */
FY_MUST_CHECK ferry_err fy_lint(const struct fy_model *model, const char *path,
				const bool on[FY_N_LINT_RULES],
				struct fy_diag *diag);
