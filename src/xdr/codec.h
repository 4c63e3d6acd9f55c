/* SPDX-License-Identifier: MIT */
/* What the three walks over a codec's rows share: sizes, put and get. */
#pragma once

#include <ferry/codec.h>

/** fy_row_is_scalar() - whether its bound counts scalars side by side */
static inline bool
fy_row_is_scalar(const struct ferry_row *row)
{
	return row->kind <= FERRY_KIND_ENUM;
}

/** fy_codec_scalar() - its only row, a scalar's; NULL: it is another type */
static inline const struct ferry_row *
fy_codec_scalar(const struct ferry_codec *codec)
{
	const struct ferry_row *row = codec->by.rows;

	if (codec->n_rows != 1 || !fy_row_is_scalar(row) || row->bound != 1)
		return NULL;
	return row;
}

/** fy_row_in() - where the member of @row is in *@v */
static inline const void *
fy_row_in(const void *v, const struct ferry_row *row)
{
	return (const uint8_t *)v + row->offset;
}

/** fy_row_out() - the same, to be written */
static inline void *
fy_row_out(void *v, const struct ferry_row *row)
{
	return (uint8_t *)v + row->offset;
}

/*
 * Pointers to records of any type are moved as bytes: void * is no name for
 * them that C would let one read them by.
 */

/** fy_row_pointer() - the pointer that is the member of @row */
static inline const void *
fy_row_pointer(const void *v, const struct ferry_row *row)
{
	const void *pointer;

	memcpy(&pointer, fy_row_in(v, row), sizeof(pointer));
	return pointer;
}

/** fy_row_point() - makes it @pointer */
static inline void
fy_row_point(void *v, const struct ferry_row *row, const void *pointer)
{
	memcpy(fy_row_out(v, row), &pointer, sizeof(pointer));
}

/** fy_is_declared() - ferry_is_declared(), quick for enums without gaps */
static inline bool
fy_is_declared(const struct ferry_values *values, uint32_t value)
{
	if (values->n == 0)
		return value - (uint32_t)values->low <= values->span;
	return ferry_is_declared(values, value);
}

/*
 * fy_row_arm() - the arm that a union has; @row: its SWITCH; NULL: none
 *
 * The discriminant, the row before, is valid.
 */
const struct ferry_row *fy_row_arm(const struct ferry_row *row, const void *v);
