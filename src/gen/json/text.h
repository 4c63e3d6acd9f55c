/* SPDX-License-Identifier: MIT */
/* What a model holds as JSON values; memory that runs out latches. */
#pragma once

#include <stdint.h>

#include <jansson.h>

#include <ferry/err.h>

#include "idl/model.h"

/* A number beyond this is a string: not all readers of JSON have 64 bits. */
#define FY_JSON_MAX_NUMBER ((int64_t)1 << 53)

/**
 * fy_member() - sets a member of an object
 * @take_value: a new reference; NULL: there was no memory
 * @err: FERRY_ENOMEM from then on, if it fails
 */
void fy_member(json_t *object, const char *name, json_t *take_value,
	       ferry_err *err);

/** fy_append() - appends to an array, alike */
void fy_append(json_t *array, json_t *take_value, ferry_err *err);

/**
 * fy_model_text() - a text; null for NULL
 *
 * What is not UTF-8 as a whole is taken for Latin-1, as old interface files
 * are.
 */
json_t *fy_model_text(const char *text);

/** fy_model_signed() - a number, or a decimal string */
json_t *fy_model_signed(int64_t value);

/** fy_model_unsigned() - a number, or a decimal string */
json_t *fy_model_unsigned(uint64_t value);

/** fy_model_wire() - a size on the wire; null for no bound */
json_t *fy_model_wire(uint64_t bytes);

/** fy_model_place() - {"file": ..., "line": ..., "column": ...} */
json_t *fy_model_place(const struct fy_place *place, const char *file);
