/* SPDX-License-Identifier: MIT */
/* Numbers, truth and enumerators, from JSON to XDR. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json/put.h"
#include "json/real.h"
#include "json/shape.h"
#include "json/show.h"

static ferry_err
put_double_word(struct fy_json_out *o, const struct fy_type *type,
		uint64_t word)
{
	uint8_t *p;
	ferry_err err = fy_json_take(o, type, 8, &p);

	if (!err)
		ferry_store_u64(p, word);
	return err;
}

/* ---- whole numbers ---- */

static const struct {
	int64_t min;
	int64_t max;
} ranges[] = {
	[FY_KIND_INT] = { INT32_MIN, INT32_MAX },
	[FY_KIND_UINT] = { 0, UINT32_MAX },
	[FY_KIND_CHAR] = { INT8_MIN, INT8_MAX },
	[FY_KIND_UCHAR] = { 0, UINT8_MAX },
	[FY_KIND_SHORT] = { INT16_MIN, INT16_MAX },
	[FY_KIND_USHORT] = { 0, UINT16_MAX },
};

/* A real may have been rounded when it was parsed, so none is taken. */
static ferry_err
no_whole_number(struct fy_json_out *o, const json_t *value,
		const struct fy_type *type)
{
	char shown[FY_JSON_SHOWN];

	if (json_is_real(value))
		return fy_json_misfit(&o->path, type,
				      "%s takes a number without fraction and "
				      "exponent, not %s",
				      fy_json_kind_name(type->kind),
				      fy_json_show(value, shown));
	return fy_json_misfit(&o->path, type, "%s takes a number, not %s",
			      fy_json_kind_name(type->kind),
			      fy_json_show(value, shown));
}

ferry_err
fy_json_put_small(struct fy_json_out *o, const json_t *value,
		  const struct fy_type *type)
{
	int64_t n = json_integer_value(value);
	int64_t min = ranges[type->kind].min, max = ranges[type->kind].max;

	if (!json_is_integer(value))
		return no_whole_number(o, value, type);
	if (n < min || n > max)
		return fy_json_misfit(&o->path, type,
				      "%" PRId64 " is out of range: %s is from "
				      "%" PRId64 " to %" PRId64,
				      n, fy_json_kind_name(type->kind), min,
				      max);
	return fy_json_put_word(o, type, (uint32_t)n);
}

/* "-12" or "0xff". Return: whether @text is nothing but one, and it fits. */
static bool
read_hyper(const char *text, size_t len, bool is_signed, uint64_t *out)
{
	bool minus = text[0] == '-';
	const char *digits = text + minus;
	bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	const char *set = hex ? "0123456789abcdefABCDEF" : "0123456789";
	uint64_t n;

	digits += hex ? 2 : 0;
	if (digits[0] == '\0' || digits + strspn(digits, set) != text + len)
		return false;
	errno = 0;
	n = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno || (minus && !is_signed))
		return false;
	if (is_signed && n > (uint64_t)INT64_MAX + minus)
		return false;
	*out = minus ? 0 - n : n;
	return true;
}

ferry_err
fy_json_put_hyper(struct fy_json_out *o, const json_t *value,
		  const struct fy_type *type)
{
	bool is_signed = type->kind == FY_KIND_HYPER;
	uint64_t word = (uint64_t)json_integer_value(value);
	char shown[FY_JSON_SHOWN];

	if (json_is_real(value))
		return no_whole_number(o, value, type);
	if (json_is_integer(value) &&
	    (is_signed || json_integer_value(value) >= 0))
		return put_double_word(o, type, word);
	if (json_is_string(value) &&
	    read_hyper(json_string_value(value), json_string_length(value),
		       is_signed, &word))
		return put_double_word(o, type, word);
	return fy_json_misfit(&o->path, type,
			      "%s takes a number or a string of one, from %s, "
			      "not %s", fy_json_kind_name(type->kind),
			      is_signed ? "-2^63 to 2^63 - 1" : "0 to 2^64 - 1",
			      fy_json_show(value, shown));
}

/* ---- bool and enum ---- */

ferry_err
fy_json_put_bool(struct fy_json_out *o, const json_t *value,
		 const struct fy_type *type)
{
	char shown[FY_JSON_SHOWN];

	if (!json_is_boolean(value))
		return fy_json_misfit(&o->path, type,
				      "a bool takes true or false, not %s",
				      fy_json_show(value, shown));
	return fy_json_put_word(o, type, json_is_true(value));
}

static const struct fy_enumerator *
named(const struct fy_type *type, const json_t *name)
{
	for (size_t i = 0; i < type->n_enumerators; i++)
		if (strcmp(type->enumerators[i].name,
			   json_string_value(name)) == 0)
			return &type->enumerators[i];
	return NULL;
}

static ferry_err
put_name(struct fy_json_out *o, const json_t *value,
	 const struct fy_type *type)
{
	const struct fy_enumerator *one = named(type, value);
	char shown[FY_JSON_SHOWN];

	/* A name has no NUL, so one that goes on behind a NUL is none. */
	if (one && strlen(one->name) == json_string_length(value))
		return fy_json_put_word(o, type, (uint32_t)one->value);
	return fy_json_misfit(
		&o->path, type, "the enum has no %s%s",
		fy_json_show(value, shown),
		fy_json_like_value(type, json_string_value(value)).text);
}

ferry_err
fy_json_put_enum(struct fy_json_out *o, const json_t *value,
		 const struct fy_type *type)
{
	char shown[FY_JSON_SHOWN];

	if (json_is_string(value))
		return put_name(o, value, type);
	if (!json_is_integer(value))
		return fy_json_misfit(&o->path, type,
				      "an enum takes a name, not %s",
				      fy_json_show(value, shown));
	for (size_t i = 0; i < type->n_enumerators; i++)
		if (type->enumerators[i].value == json_integer_value(value))
			return fy_json_put_word(
				o, type, (uint32_t)type->enumerators[i].value);
	return fy_json_misfit(&o->path, type, "the enum has no value %s",
			      fy_json_show(value, shown));
}

/* ---- floating point ---- */

/* A string instead of a number. */
static ferry_err
no_real(struct fy_json_out *o, const json_t *value, const struct fy_type *type)
{
	char shown[FY_JSON_SHOWN];

	return fy_json_misfit(&o->path, type,
			      "%s takes a number, \"NaN\", \"NaN(0x%s)\", "
			      "\"Infinity\" or \"-Infinity\", not %s",
			      fy_json_kind_name(type->kind),
			      type->kind == FY_KIND_FLOAT ? "7fc00001"
							  : "7ff8000000000001",
			      fy_json_show(value, shown));
}

ferry_err
fy_json_put_float(struct fy_json_out *o, const json_t *value,
		  const struct fy_type *type)
{
	char shown[FY_JSON_SHOWN];
	uint32_t bits;

	if (json_is_number(value)) {
		if (!fy_real32_round(json_number_value(value), &bits))
			return fy_json_misfit(&o->path, type,
					      "%s is too large for a float",
					      fy_json_show(value, shown));
		return fy_json_put_word(o, type, bits);
	}
	if (!json_is_string(value) ||
	    !fy_real32_parse(json_string_value(value),
			     json_string_length(value), &bits))
		return no_real(o, value, type);
	return fy_json_put_word(o, type, bits);
}

ferry_err
fy_json_put_double(struct fy_json_out *o, const json_t *value,
		   const struct fy_type *type)
{
	uint64_t bits;

	if (json_is_number(value)) {
		double number = json_number_value(value);

		memcpy(&bits, &number, sizeof(bits));
		return put_double_word(o, type, bits);
	}
	if (!json_is_string(value) ||
	    !fy_real64_parse(json_string_value(value),
			     json_string_length(value), &bits))
		return no_real(o, value, type);
	return put_double_word(o, type, bits);
}

ferry_err
fy_json_put_quadruple(struct fy_json_out *o, const json_t *value,
		      const struct fy_type *type)
{
	char shown[FY_JSON_SHOWN];
	struct ferry_quadruple bits;
	ferry_err err;

	if (!json_is_string(value) ||
	    !fy_real128_parse(json_string_value(value),
			      json_string_length(value), &bits))
		return fy_json_misfit(&o->path, type,
				      "a quadruple takes its bits, \"0x\" and "
				      "32 hex digits, not %s",
				      fy_json_show(value, shown));
	err = put_double_word(o, type, bits.high);
	return err ? err : put_double_word(o, type, bits.low);
}
