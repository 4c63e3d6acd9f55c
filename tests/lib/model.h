/* SPDX-License-Identifier: MIT */
/* A model of an interface file that stands in the test itself. */
#pragma once

#include <ferry/arena.h>

#include "idl/model.h"

/**
 * test_model() - the model of @text; ends the program if that has errors
 * @mem: holds it
 */
const struct fy_model *test_model(const char *text, struct ferry_arena *mem);

/** test_type() - the type of that name; ends the program if there is none */
const struct fy_type *test_type(const struct fy_model *model,
				const char *name);
