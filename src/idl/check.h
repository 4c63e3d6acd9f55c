/* SPDX-License-Identifier: MIT */
/*
 * The checker: finds what each name means and what each constant is worth, and
 * reports whatever breaks a rule of RFC 4506 section 6.4 or RFC 5531 section
 * 12.3. What a type holds is looked at later, in graph.c.
 */
#pragma once

#include <stdbool.h>

#include "core/compiler.h"
#include "idl/ast.h"
#include "idl/passed.h"
#include "idl/preproc.h"

/**
 * struct fy_check - what is checked, and against what
 * @ast:        the file; resolved in place
 * @built_in:   what every file knows; resolved in place
 * @foreign:    filled with the types that are taken for C's own
 * @passed:     what % lines bring
 * @incomplete: an #include failed: names that are missing are its fault
 */
struct fy_check {
	struct ferry_arena *mem;
	struct fy_diag *diag;
	struct fy_ast *ast;
	struct fy_ast *built_in;
	struct fy_ast *foreign;
	const struct fy_passed *passed;
	bool incomplete;
};

/**
 * fy_check() - checks all of it
 *
 * Return: FERRY_OK, even if diagnostics were made; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_check(struct fy_check *check);
