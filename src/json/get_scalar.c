/* SPDX-License-Identifier: MIT */
/* What holds no other values, from XDR to JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/notation.h"
#include "json/get.h"
#include "json/real.h"
#include "json/shape.h"

static ferry_err
get_double_word(struct fy_json_in *in, const struct fy_type *type,
		uint64_t *out)
{
	const uint8_t *p = NULL;
	ferry_err err = fy_json_get_run(in, type, 8, &p);

	if (!err)
		*out = ferry_load_u64(p);
	return err;
}

/* ---- whole numbers, bool and enum ---- */

/* Whether @word is what a narrower type was widened to. */
static bool
fits(enum fy_kind kind, uint32_t word)
{
	int32_t n = (int32_t)word;

	switch (kind) {
	case FY_KIND_CHAR:
		return n >= INT8_MIN && n <= INT8_MAX;
	case FY_KIND_UCHAR:
		return word <= UINT8_MAX;
	case FY_KIND_SHORT:
		return n >= INT16_MIN && n <= INT16_MAX;
	case FY_KIND_USHORT:
		return word <= UINT16_MAX;
	default:
		return true;
	}
}

ferry_err
fy_json_get_small(struct fy_json_in *in, const struct fy_type *type,
		  json_t **out)
{
	uint32_t word = 0;
	ferry_err err = fy_json_get_word(in, type, &word);

	if (err)
		return err;
	if (!fits(type->kind, word))
		return fy_json_misfit(&in->path, type, "0x%08" PRIx32
				      " is out of the range of %s", word,
				      fy_json_kind_name(type->kind));
	return fy_json_made(json_integer(type->kind == FY_KIND_UINT
						 ? (json_int_t)word
						 : (json_int_t)(int32_t)word),
			    out);
}

ferry_err
fy_json_get_hyper(struct fy_json_in *in, const struct fy_type *type,
		  json_t **out)
{
	char text[24];
	uint64_t word = 0;
	ferry_err err = get_double_word(in, type, &word);

	if (err)
		return err;
	if (type->kind == FY_KIND_HYPER)
		snprintf(text, sizeof(text), "%" PRId64, (int64_t)word);
	else
		snprintf(text, sizeof(text), "%" PRIu64, word);
	return fy_json_made(json_string_nocheck(text), out);
}

ferry_err
fy_json_get_bool(struct fy_json_in *in, const struct fy_type *type,
		 json_t **out)
{
	bool value = false;
	ferry_err err = fy_json_get_mark(in, type, &value);

	return err ? err : fy_json_made(json_boolean(value), out);
}

ferry_err
fy_json_get_enum(struct fy_json_in *in, const struct fy_type *type,
		 json_t **out)
{
	uint32_t word = 0;
	ferry_err err = fy_json_get_word(in, type, &word);

	if (err)
		return err;
	for (size_t i = 0; i < type->n_enumerators; i++)
		if (type->enumerators[i].value == (int32_t)word)
			return fy_json_made(json_string_nocheck(
						type->enumerators[i].name),
					    out);
	return fy_json_misfit(&in->path, type, "the enum has no value %" PRId32,
			      (int32_t)word);
}

/* ---- floating point ---- */

ferry_err
fy_json_get_float(struct fy_json_in *in, const struct fy_type *type,
		  json_t **out)
{
	char text[FY_REAL_TEXT];
	double number;
	uint32_t bits;
	ferry_err err = fy_json_get_word(in, type, &bits);

	if (err)
		return err;
	if (fy_real32_number(bits, &number, text))
		return fy_json_made(json_real(number), out);
	return fy_json_made(json_string_nocheck(text), out);
}

ferry_err
fy_json_get_double(struct fy_json_in *in, const struct fy_type *type,
		   json_t **out)
{
	char text[FY_REAL_TEXT];
	double number;
	uint64_t bits;
	ferry_err err = get_double_word(in, type, &bits);

	if (err)
		return err;
	if (fy_real64_number(bits, &number, text))
		return fy_json_made(json_real(number), out);
	return fy_json_made(json_string_nocheck(text), out);
}

ferry_err
fy_json_get_quadruple(struct fy_json_in *in, const struct fy_type *type,
		      json_t **out)
{
	struct ferry_quadruple bits;
	char text[FY_REAL_TEXT];
	const uint8_t *p = NULL;
	ferry_err err = fy_json_get_run(in, type, 16, &p);

	if (err)
		return err;
	ferry_load_quadruple(p, &bits);
	fy_real128_text(&bits, text);
	return fy_json_made(json_string_nocheck(text), out);
}

/* ---- strings and opaque data ---- */

static ferry_err
check_len(struct fy_json_in *in, const struct fy_type *type, uint32_t len)
{
	if (len > type->bound)
		return fy_json_misfit(&in->path, type, "%" PRIu32
				      " bytes are more than %" PRIu32,
				      len, type->bound);
	if (ferry_padded(len) > fy_json_left(in))
		return fy_json_misfit(&in->path, type, "%" PRIu32
				      " bytes are announced, %zu are left",
				      len, fy_json_left(in));
	return FERRY_OK;
}

static ferry_err
check_padding(struct fy_json_in *in, const struct fy_type *type,
	      const uint8_t *data, uint32_t len)
{
	for (uint64_t i = len; i < ferry_padded(len); i++)
		if (data[i] != 0)
			return fy_json_misfit(&in->path, type,
					      "the padding is not zero");
	return FERRY_OK;
}

static json_t *
hex_string(const uint8_t *data, size_t len)
{
	char *text = malloc(2 * len + 1);
	json_t *value = NULL;

	if (text) {
		fy_hex(text, data, len);
		value = json_stringn_nocheck(text, 2 * len);
	}
	free(text);
	return value;
}

/* What is no UTF-8 is no JSON string either. */
static json_t *
text_string(const uint8_t *data, size_t len)
{
	json_t *value = json_stringn((const char *)data, len);
	json_t *hex;

	if (value)
		return value;
	value = json_object();
	hex = hex_string(data, len);
	if (json_object_set_new_nocheck(value, fy_notation_hex.name, hex) == 0)
		return value;
	json_decref(value);
	return NULL;
}

ferry_err
fy_json_get_bytes(struct fy_json_in *in, const struct fy_type *type,
		  json_t **out)
{
	uint32_t len = type->bound;
	const uint8_t *data = NULL;
	ferry_err err = FERRY_OK;

	if (type->kind != FY_KIND_OPAQUE)
		err = fy_json_get_word(in, type, &len);
	if (!err && type->kind != FY_KIND_OPAQUE)
		err = check_len(in, type, len);
	if (!err)
		err = fy_json_get_run(in, type, ferry_padded(len), &data);
	if (!err)
		err = check_padding(in, type, data, len);
	if (err)
		return err;
	return fy_json_made(type->kind == FY_KIND_STRING
				    ? text_string(data, len)
				    : hex_string(data, len), out);
}
