/* SPDX-License-Identifier: MIT */
/*
 * Constants that only C was meant to see: "%#define LM_MAXSTRLEN 1024". Old
 * interface files use them as lengths all the same.
 */
#pragma once

#include "core/compiler.h"
#include "idl/ast.h"
#include "idl/preproc.h"

/**
 * fy_passed_constants() - what the % lines of a stream define
 * @out: a list by .next, of macros whose body comes to a number
 */
FY_MUST_CHECK ferry_err
fy_passed_constants(const struct fy_stream *stream, struct ferry_arena *mem,
		    struct fy_ast_constant **out);
