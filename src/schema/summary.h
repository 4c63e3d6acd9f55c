/* SPDX-License-Identifier: MIT */
/* What a file declares, as a table of contents. */
#pragma once

#include <stdbool.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/model.h"

/** fy_summary_text() - programs with their procedures, constants, types */
FY_MUST_CHECK ferry_err fy_summary_text(const struct fy_model *model,
					struct ferry_arena *mem,
					const char **out);

/**
 * fy_summary_names() - what may be completed, one name on a line
 * @types: the types; else the procedures, as fy_schema_procedure() takes them:
 *         with the program before them where several have the name
 */
FY_MUST_CHECK ferry_err fy_summary_names(const struct fy_model *model,
					 bool types, struct ferry_arena *mem,
					 const char **out);
