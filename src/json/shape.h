/* SPDX-License-Identifier: MIT */
/* What shape a type has in JSON, where its kind alone does not tell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/model.h"

/** fy_json_base() - @type without typedefs */
const struct fy_type *fy_json_base(const struct fy_type *type);

/**
 * fy_json_is_chain() - whether it is a linked list, an array in JSON
 *
 * A struct whose last field, and no other one, is an optional of itself.
 */
bool fy_json_is_chain(const struct fy_type *type);

/**
 * fy_json_is_level() - whether it holds others of its type, and is no linked
 * list: each such value in another counts against the depth
 */
bool fy_json_is_level(const struct fy_type *type);

/** fy_json_is_wrapped() - whether a value of this optional stands in [ ] */
bool fy_json_is_wrapped(const struct fy_type *optional);

/** fy_json_kind_name() - "an int", "a struct" ... */
const char *fy_json_kind_name(enum fy_kind kind);

/** fy_json_arm() - the arm that a value of the discriminant has, or NULL */
const struct fy_arm *fy_json_arm(const struct fy_type *type, int64_t value);

/** fy_json_switch_bytes() - what a union's discriminant takes: 4 or 8 */
size_t fy_json_switch_bytes(const struct fy_type *type);

/** fy_json_switch() - what a discriminant's bytes say, as labels have it */
int64_t fy_json_switch(const struct fy_type *type, const uint8_t *wire);

/**
 * fy_json_is_stray() - whether a union on an enum has a case for @value, which
 * the enum does not declare
 */
bool fy_json_is_stray(const struct fy_type *type, int64_t value);

/**
 * fy_json_arm_key() - under what key an arm that is not void stands: its name,
 * or "value" (else "arm") where the discriminant has that
 */
const char *fy_json_arm_key(const struct fy_type *type,
			    const struct fy_arm *arm);
