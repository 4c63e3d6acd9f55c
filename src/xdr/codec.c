/* SPDX-License-Identifier: MIT */
/* Codecs of built-in types, and what tables of values and cases say. */
#include "xdr/codec.h"

#include <assert.h>

/* Enums are moved as words: -fshort-enums makes another language of C. */
static_assert(sizeof(enum ferry_kind) == 4, "an enum has 32 bits");

/* ---- values and cases ---- */

bool
ferry_is_declared(const struct ferry_values *values, uint32_t value)
{
	uint32_t low = 0, high = values->n;

	if (value - (uint32_t)values->low > values->span)
		return false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (values->sorted[middle] == (int32_t)value)
			return true;
		if (values->sorted[middle] < (int32_t)value)
			low = middle + 1;
		else
			high = middle;
	}
	return values->n == 0;
}

/* What a case compares with: of unsigned types the bits. */
static int32_t
load(const struct ferry_row *discriminant, const void *v)
{
	const void *at = fy_row_in(v, discriminant);

	if (discriminant->kind == FERRY_KIND_ENUM)
		return *(const int32_t *)at;
	switch ((enum ferry_kind)discriminant->kind) {
	case FERRY_KIND_BOOL:
		return *(const uint8_t *)at != 0;
	case FERRY_KIND_CHAR:
		return *(const int8_t *)at;
	case FERRY_KIND_UCHAR:
		return *(const uint8_t *)at;
	case FERRY_KIND_SHORT:
		return *(const int16_t *)at;
	case FERRY_KIND_USHORT:
		return *(const uint16_t *)at;
	default:
		return *(const int32_t *)at;
	}
}

/* Return: the number of the arm for @value; @none if there is none. */
static uint32_t
find(const struct ferry_row *row, int32_t value, uint32_t none)
{
	uint32_t low = 0, high = row->bound;
	uint32_t guess;

	if (high == 0)
		return none;
	/* Most cases count up from the first one. */
	guess = (uint32_t)value - (uint32_t)row->of.cases[0].value;
	if (guess < high && row->of.cases[guess].value == value)
		return row->of.cases[guess].arm;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct ferry_case *there = &row->of.cases[middle];

		if (there->value == value)
			return there->arm;
		if (there->value < value)
			low = middle + 1;
		else
			high = middle;
	}
	return none;
}

static uint32_t
find_wide(const struct ferry_row *row, int64_t value, uint32_t none)
{
	uint32_t low = 0, high = row->bound;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct ferry_wide_case *there =
			&row->of.wide_cases[middle];

		if (there->value == value)
			return there->arm;
		if (there->value < value)
			low = middle + 1;
		else
			high = middle;
	}
	return none;
}

const struct ferry_row *
fy_row_arm(const struct ferry_row *row, const void *v)
{
	const struct ferry_row *discriminant = row - 1;
	uint32_t none = row->kind == FERRY_KIND_SWITCH ? UINT32_MAX : 0;
	uint32_t arm;

	if (discriminant->kind == FERRY_KIND_HYPER ||
	    discriminant->kind == FERRY_KIND_UHYPER)
		arm = find_wide(row,
				*(const int64_t *)fy_row_in(v, discriminant),
				none);
	else
		arm = find(row, load(discriminant, v), none);
	return arm != UINT32_MAX ? row + 1 + arm : NULL;
}

/* ---- text, not inlined ---- */

struct ferry_str
ferry_text_get_str(struct ferry_decoder *d, uint32_t max)
{
	return ferry_get_str(d, max);
}

struct ferry_bytes
ferry_text_get_bytes(struct ferry_decoder *d, uint32_t max)
{
	return ferry_get_bytes(d, max);
}

uint8_t *
ferry_text_store_str(uint8_t *p, struct ferry_str s)
{
	return ferry_store_str(p, s);
}

uint8_t *
ferry_text_store_bytes(uint8_t *p, struct ferry_bytes b)
{
	return ferry_store_bytes(p, b);
}

/* ---- built-in types ---- */

static const struct ferry_row scalars[] = {
	[FERRY_KIND_INT] = { FERRY_KIND_INT, 0, 1, { 0 } },
	[FERRY_KIND_UINT] = { FERRY_KIND_UINT, 0, 1, { 0 } },
	[FERRY_KIND_CHAR] = { FERRY_KIND_CHAR, 0, 1, { 0 } },
	[FERRY_KIND_UCHAR] = { FERRY_KIND_UCHAR, 0, 1, { 0 } },
	[FERRY_KIND_SHORT] = { FERRY_KIND_SHORT, 0, 1, { 0 } },
	[FERRY_KIND_USHORT] = { FERRY_KIND_USHORT, 0, 1, { 0 } },
	[FERRY_KIND_BOOL] = { FERRY_KIND_BOOL, 0, 1, { 0 } },
	[FERRY_KIND_FLOAT] = { FERRY_KIND_FLOAT, 0, 1, { 0 } },
	[FERRY_KIND_HYPER] = { FERRY_KIND_HYPER, 0, 1, { 0 } },
	[FERRY_KIND_UHYPER] = { FERRY_KIND_UHYPER, 0, 1, { 0 } },
	[FERRY_KIND_DOUBLE] = { FERRY_KIND_DOUBLE, 0, 1, { 0 } },
	[FERRY_KIND_QUADRUPLE] = { FERRY_KIND_QUADRUPLE, 0, 1, { 0 } },
};
static const struct ferry_row string = { FERRY_KIND_STRING, 0, UINT32_MAX,
					 { 0 } };
static const struct ferry_row bytes = { FERRY_KIND_BYTES, 0, UINT32_MAX,
					{ 0 } };

const struct ferry_codec ferry_codec_int = {
	sizeof(int32_t), 4, 1, true, false, { &scalars[FERRY_KIND_INT] }
};
const struct ferry_codec ferry_codec_uint = {
	sizeof(uint32_t), 4, 1, true, false, { &scalars[FERRY_KIND_UINT] }
};
const struct ferry_codec ferry_codec_char = {
	sizeof(int8_t), 4, 1, true, false, { &scalars[FERRY_KIND_CHAR] }
};
const struct ferry_codec ferry_codec_uchar = {
	sizeof(uint8_t), 4, 1, true, false, { &scalars[FERRY_KIND_UCHAR] }
};
const struct ferry_codec ferry_codec_short = {
	sizeof(int16_t), 4, 1, true, false, { &scalars[FERRY_KIND_SHORT] }
};
const struct ferry_codec ferry_codec_ushort = {
	sizeof(uint16_t), 4, 1, true, false, { &scalars[FERRY_KIND_USHORT] }
};
const struct ferry_codec ferry_codec_bool = {
	sizeof(bool), 4, 1, true, false, { &scalars[FERRY_KIND_BOOL] }
};
const struct ferry_codec ferry_codec_float = {
	sizeof(float), 4, 1, true, false, { &scalars[FERRY_KIND_FLOAT] }
};
const struct ferry_codec ferry_codec_hyper = {
	sizeof(int64_t), 8, 1, true, false, { &scalars[FERRY_KIND_HYPER] }
};
const struct ferry_codec ferry_codec_uhyper = {
	sizeof(uint64_t), 8, 1, true, false, { &scalars[FERRY_KIND_UHYPER] }
};
const struct ferry_codec ferry_codec_double = {
	sizeof(double), 8, 1, true, false, { &scalars[FERRY_KIND_DOUBLE] }
};
const struct ferry_codec ferry_codec_quadruple = {
	sizeof(struct ferry_quadruple), 16, 1, true, false,
	{ &scalars[FERRY_KIND_QUADRUPLE] }
};
const struct ferry_codec ferry_codec_string = {
	sizeof(struct ferry_str), 4, 1, false, false, { &string }
};
const struct ferry_codec ferry_codec_bytes = {
	sizeof(struct ferry_bytes), 4, 1, false, false, { &bytes }
};
