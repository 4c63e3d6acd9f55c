/* SPDX-License-Identifier: MIT */
/* Types as the wire has them: without names, in one spelling of several. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/compiler.h"
#include "idl/model.h"
#include "idl/names.h"

/*
 * T* is T<1>, so is a union by a bool of a T and nothing, and a string is
 * opaque<>.
 */
struct fy_shape {
	enum fy_kind kind;
	uint32_t bound;
	const struct fy_type *element;
};

/** fy_shape_base() - what a type is when its typedefs are taken away */
const struct fy_type *fy_shape_base(const struct fy_type *type);

/** fy_shape_of() - of a type that is no typedef */
struct fy_shape fy_shape_of(const struct fy_type *type);

/** fy_shape_same_bool() - whether one is bool and one an enum of 0 and 1 */
bool fy_shape_same_bool(const struct fy_type *a, const struct fy_type *b);

/** fy_shape_is_void() - whether a field takes nothing, and has no name */
bool fy_shape_is_void(const struct fy_field *field);

/** fy_shape_value_key() - under which fy_shape_values() has an enumerator */
struct ferry_str fy_shape_value_key(const struct fy_enumerator *one);

/** fy_shape_values() - of an enum, struct fy_enumerator by value */
FY_MUST_CHECK ferry_err fy_shape_values(struct fy_names *names,
					const struct fy_type *type,
					struct ferry_arena *mem);

/** fy_shape_covers() - whether each value of @discriminant is in @labels */
bool fy_shape_covers(const struct fy_names *labels,
		     const struct fy_type *discriminant);

/** fy_shape_labels() - of a union, struct fy_arm by the value of each label */
FY_MUST_CHECK ferry_err fy_shape_labels(struct fy_names *names,
					const struct fy_type *type,
					struct ferry_arena *mem);
