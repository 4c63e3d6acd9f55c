/* SPDX-License-Identifier: MIT */
/* From the checked tree to the model. */
#pragma once

#include "core/compiler.h"
#include "idl/ast.h"
#include "idl/idl.h"
#include "idl/preproc.h"

/**
 * struct fy_tree - all that a model is made of
 * @stream:   for its % lines
 * @built_in: definitions that come into the model if they are used
 * @file:     the checked tree
 * @foreign:  types that %#include lines bring, made by check
 */
struct fy_tree {
	const struct fy_stream *stream;
	struct fy_ast built_in;
	struct fy_ast file;
	struct fy_ast foreign;
};

/**
 * fy_model_build() - the model of a checked tree
 *
 * Reports types that contain themselves. What check reported is filled with
 * something harmless, so that those are found in the same run.
 *
 * Return: FERRY_OK, even if diagnostics were made; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_model_build(struct fy_idl *idl, const struct fy_source *file,
	       const struct fy_tree *tree, const struct fy_model **out);
