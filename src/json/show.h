/* SPDX-License-Identifier: MIT */
/* Names and values in messages. */
#pragma once

#include <jansson.h>

#include "idl/model.h"

#define FY_JSON_SHOWN 40

/**
 * fy_json_show() - a short form of a value: a scalar as it is written, the
 * first bytes of a string, "an object"
 *
 * Return: @out.
 */
const char *fy_json_show(const json_t *value, char out[FY_JSON_SHOWN]);

/* ": did you mean 'name'?", or nothing. */
struct fy_json_hint {
	char text[100];
};

/** fy_json_like_field() - what @key may have meant among the fields of @type */
struct fy_json_hint fy_json_like_field(const struct fy_type *type,
				       const char *key);

/** fy_json_like_value() - what @name may have meant in an enum */
struct fy_json_hint fy_json_like_value(const struct fy_type *type,
				       const char *name);
