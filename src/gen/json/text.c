/* SPDX-License-Identifier: MIT */
#include "gen/json/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fy_member(json_t *object, const char *name, json_t *take_value, ferry_err *err)
{
	if (json_object_set_new(object, name, take_value) != 0)
		*err = FERRY_ENOMEM;
}

void
fy_append(json_t *array, json_t *take_value, ferry_err *err)
{
	if (json_array_append_new(array, take_value) != 0)
		*err = FERRY_ENOMEM;
}

static json_t *
from_latin_1(const char *text)
{
	size_t len = strlen(text);
	char *utf8 = malloc(2 * len + 1);
	size_t n = 0;
	json_t *value;

	if (!utf8)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte >= 0x80)
			utf8[n++] = (char)(0xc0 | byte >> 6);
		utf8[n++] = byte >= 0x80 ? (char)(0x80 | (byte & 0x3f))
					 : text[i];
	}
	value = json_stringn(utf8, n);
	free(utf8);
	return value;
}

json_t *
fy_model_text(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();

	return value ? value : from_latin_1(text);
}

json_t *
fy_model_signed(int64_t value)
{
	char text[32];

	if (value >= -FY_JSON_MAX_NUMBER && value <= FY_JSON_MAX_NUMBER)
		return json_integer(value);
	snprintf(text, sizeof(text), "%" PRId64, value);
	return json_string(text);
}

json_t *
fy_model_unsigned(uint64_t value)
{
	char text[32];

	if (value <= (uint64_t)FY_JSON_MAX_NUMBER)
		return json_integer((json_int_t)value);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return json_string(text);
}

json_t *
fy_model_wire(uint64_t bytes)
{
	return bytes == FY_WIRE_UNBOUNDED ? json_null()
					  : fy_model_unsigned(bytes);
}

json_t *
fy_model_place(const struct fy_place *place, const char *file)
{
	return json_pack("{so sI sI}", "file", fy_model_text(file), "line",
			 (json_int_t)place->line, "column",
			 (json_int_t)place->column);
}
