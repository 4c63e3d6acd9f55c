/* SPDX-License-Identifier: MIT */
/* Definitions of a model as an interface file has them. */
#pragma once

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/model.h"

/**
 * fy_declare_type() - "struct entry {\n\tunsigned hyper id;\n ...};\n"
 *
 * Of a type without a name, what a procedure would have: "opaque<8>",
 * "struct {\n\tint a;\n}"; no newline at the end.
 */
FY_MUST_CHECK ferry_err
fy_declare_type(const struct fy_type *type, struct ferry_arena *mem,
		const char **out);

/** fy_declare_procedure() - "listing LIST(path) = 1;" */
FY_MUST_CHECK ferry_err
fy_declare_procedure(const struct fy_procedure *procedure,
		     struct ferry_arena *mem, const char **out);
