/* SPDX-License-Identifier: MIT */
/*
 * What only C was meant to see: "%#define LM_MAXSTRLEN 1024". Old interface
 * files use it as a length all the same, and types that come from there.
 */
#pragma once

#include "core/compiler.h"
#include "idl/ast.h"
#include "idl/preproc.h"

/**
 * struct fy_passed - what the % lines of a file bring
 * @constants: macros whose body comes to a number; a list by .next
 * @words:     all names in those lines, any of which may be a type
 * @includes:  there is a %#include, which brings nobody knows what
 */
struct fy_passed {
	struct fy_ast_constant *constants;
	struct fy_names words;
	bool includes;
};

/** fy_passed_read() - looks at the % lines of a stream */
FY_MUST_CHECK ferry_err
fy_passed_read(const struct fy_stream *stream, struct ferry_arena *mem,
	       struct fy_passed *out);
