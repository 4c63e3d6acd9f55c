/* SPDX-License-Identifier: MIT */
/* Encoding by the rows of a codec. */
#include "xdr/codec.h"

static void put_record(struct ferry_encoder *e, const struct ferry_codec *codec,
		       const void *v);

/* ---- scalars ---- */

/* One is stored here: a member. What many take is a way of its own. */
static inline void
put_words(struct ferry_encoder *e, const void *items, uint32_t n)
{
	uint32_t word;
	uint8_t *p;

	if (n != 1) {
		ferry_put_u32s(e, items, n);
		return;
	}
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	memcpy(&word, items, sizeof(word));
	ferry_store_u32(p, word);
}

static inline void
put_double_words(struct ferry_encoder *e, const void *items, uint32_t n)
{
	uint64_t word;
	uint8_t *p;

	if (n != 1) {
		ferry_put_u64s(e, items, n);
		return;
	}
	p = ferry_put_run(e, 8);
	if (!p)
		return;
	memcpy(&word, items, sizeof(word));
	ferry_store_u64(p, word);
}

/* The word of one that has no 32 bits in memory, or not all values. */
static uint32_t
load_small(struct ferry_encoder *e, const struct ferry_row *row,
	   const void *items, uint32_t i)
{
	uint32_t value;

	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_CHAR:
		return (uint32_t)((const int8_t *)items)[i];
	case FERRY_KIND_UCHAR:
		return ((const uint8_t *)items)[i];
	case FERRY_KIND_SHORT:
		return (uint32_t)((const int16_t *)items)[i];
	case FERRY_KIND_USHORT:
		return ((const uint16_t *)items)[i];
	case FERRY_KIND_BOOL:
		return ((const uint8_t *)items)[i] != 0;
	default:
		value = ((const uint32_t *)items)[i];
		if (!fy_is_declared(row->of.values, value))
			ferry_put_fail(e, FERRY_EENCODE);
		return value;
	}
}

static void
put_small(struct ferry_encoder *e, const struct ferry_row *row,
	  const void *items, uint32_t n)
{
	uint8_t *p = ferry_put_run(e, (uint64_t)n * 4);

	for (uint32_t i = 0; p && i < n; i++)
		ferry_store_u32(p + (size_t)i * 4,
				load_small(e, row, items, i));
}

static void
put_scalars(struct ferry_encoder *e, const struct ferry_row *row,
	    const void *items, uint32_t n)
{
	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_INT:
	case FERRY_KIND_UINT:
	case FERRY_KIND_FLOAT:
		put_words(e, items, n);
		break;
	case FERRY_KIND_HYPER:
	case FERRY_KIND_UHYPER:
	case FERRY_KIND_DOUBLE:
		ferry_put_u64s(e, items, n);
		break;
	case FERRY_KIND_QUADRUPLE:
		/* Two halves, the high one first, in memory and on the wire. */
		ferry_put_u64s(e, items, (size_t)n * 2);
		break;
	default:
		put_small(e, row, items, n);
		break;
	}
}

/* ---- many of one type ---- */

static void
put_items(struct ferry_encoder *e, const struct ferry_codec *codec,
	  const void *items, uint32_t n)
{
	const struct ferry_row *scalar;

	if (codec->n_rows == 0) {
		codec->by.code->put(e, items, n);
		return;
	}
	scalar = fy_codec_scalar(codec);
	if (scalar) {
		put_scalars(e, scalar, items, n);
		return;
	}
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_record(e, codec,
			   (const uint8_t *)items + (size_t)i * codec->bytes);
}

static inline void
put_item(struct ferry_encoder *e, const struct ferry_codec *codec,
	 const void *item)
{
	if (codec->n_rows == 0)
		codec->by.code->put(e, item, 1);
	else
		put_record(e, codec, item);
}

static void
put_items_at(struct ferry_encoder *e, const struct ferry_row *row,
	     const void *v, uint32_t n)
{
	const void *items = fy_row_pointer(v, row);

	if (items)
		put_items(e, row->of.codec, items, n);
	else if (n > 0)
		ferry_put_fail(e, FERRY_EENCODE);
}

static void
put_list(struct ferry_encoder *e, const struct ferry_row *row, const void *v)
{
	const uint32_t *count = fy_row_in(v, row + 1);
	uint32_t n = *count;

	ferry_put_count(e, n, row->bound);
	put_items_at(e, row, v, n);
}

/* ---- one member ---- */

static void
put_opaque_at(struct ferry_encoder *e, const struct ferry_row *row,
	      const void *v)
{
	const void *data = fy_row_pointer(v, row);

	if (data)
		ferry_put_opaque(e, data, row->bound);
	else if (row->bound > 0)
		ferry_put_fail(e, FERRY_EENCODE);
}

/* Whether optional data follows. Return: the data, or NULL. */
static inline const void *
put_presence(struct ferry_encoder *e, const struct ferry_row *row,
	     const void *v)
{
	const void *there = fy_row_pointer(v, row);
	uint8_t *p = ferry_put_run(e, 4);

	if (!p)
		return NULL;
	ferry_store_u32(p, there != NULL);
	return there;
}

static void
put_optional(struct ferry_encoder *e, const struct ferry_row *row,
	     const void *v)
{
	const void *there = put_presence(e, row, v);

	if (there)
		put_item(e, row->of.codec, there);
}

static const struct ferry_row *
put_arm(struct ferry_encoder *e, const struct ferry_row *row, const void *v)
{
	const struct ferry_row *arm = fy_row_arm(row, v);

	if (!arm)
		ferry_put_fail(e, FERRY_EENCODE);
	return arm;
}

/* ---- records ---- */

/*
 * One record. What most records are made of stands here, for a call of a
 * function costs more than it. A linked list is walked in the same loop: a
 * million nodes take no stack.
 */
static void
put_rows(struct ferry_encoder *e, const struct ferry_codec *codec,
	 const void *v)
{
	const struct ferry_row *next = codec->by.rows;
	const struct ferry_row *end = next + codec->n_rows;

	while (next < end && !e->err) {
		const struct ferry_row *row = next++;
		const void *at = fy_row_in(v, row);

		switch ((enum ferry_kind)row->kind) {
		case FERRY_KIND_INT:
		case FERRY_KIND_UINT:
		case FERRY_KIND_FLOAT:
			put_words(e, at, row->bound);
			break;
		case FERRY_KIND_HYPER:
		case FERRY_KIND_UHYPER:
		case FERRY_KIND_DOUBLE:
			put_double_words(e, at, row->bound);
			break;
		case FERRY_KIND_STRING:
			ferry_put_str(e, *(const struct ferry_str *)at,
				      row->bound);
			break;
		case FERRY_KIND_BYTES:
			ferry_put_bytes(e, *(const struct ferry_bytes *)at,
					row->bound);
			break;
		case FERRY_KIND_OPAQUE:
			ferry_put_opaque(e, at, row->bound);
			break;
		case FERRY_KIND_OPAQUE_AT:
			put_opaque_at(e, row, v);
			break;
		case FERRY_KIND_CODE:
			row->of.code->put(e, v, 1);
			break;
		case FERRY_KIND_RECORD:
			put_item(e, row->of.codec, at);
			break;
		case FERRY_KIND_RECORD_AT:
			put_items_at(e, row, v, 1);
			break;
		case FERRY_KIND_OPTIONAL:
			put_optional(e, row, v);
			break;
		case FERRY_KIND_ARRAY:
			put_items(e, row->of.codec, at, row->bound);
			break;
		case FERRY_KIND_ARRAY_AT:
			put_items_at(e, row, v, row->bound);
			break;
		case FERRY_KIND_LIST:
			put_list(e, row, v);
			next++; /* the COUNT */
			break;
		case FERRY_KIND_NEXT:
			v = put_presence(e, row, v);
			if (!v)
				return;
			next = codec->by.rows;
			break;
		case FERRY_KIND_SWITCH:
		case FERRY_KIND_SWITCH_DEFAULT:
			/* The arm is what is left of the rows. */
			next = put_arm(e, row, v);
			if (!next)
				return;
			end = next + 1;
			break;
		case FERRY_KIND_VOID:
			break;
		default:
			put_scalars(e, row, at, row->bound);
			break;
		}
	}
}

static void
put_record(struct ferry_encoder *e, const struct ferry_codec *codec,
	   const void *v)
{
	if (!codec->is_deep) {
		put_rows(e, codec, v);
	} else if (ferry_put_enter(e)) {
		put_rows(e, codec, v);
		ferry_put_leave(e);
	}
}

void
ferry_codec_put(struct ferry_encoder *e, const void *v,
		const struct ferry_codec *codec)
{
	put_item(e, codec, v);
}
