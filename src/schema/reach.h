/* SPDX-License-Identifier: MIT */
/* A walk over what types hold, each type once, in no order. */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "idl/model.h"
#include "idl/names.h"

/* All zero but .mem is valid and empty. */
struct fy_reach {
	struct ferry_arena *mem;
	struct fy_names seen; /* types, by their address */
	const struct fy_type **stack;
	size_t n;
	size_t cap;
	ferry_err err; /* FERRY_ENOMEM; latched */
};

/** fy_reach_add() - @type is to be visited, if it was not yet */
void fy_reach_add(struct fy_reach *reach, const struct fy_type *type);

/** fy_reach_add_parts() - so are the types that @type is made of */
void fy_reach_add_parts(struct fy_reach *reach, const struct fy_type *type);

/** fy_reach_next() - the type that is visited next; NULL when all were */
const struct fy_type *fy_reach_next(struct fy_reach *reach);
