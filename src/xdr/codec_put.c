/* SPDX-License-Identifier: MIT */
/* Encoding by the rows of a codec. */
#include "xdr/codec.h"

static void put_record(struct ferry_encoder *e, const struct ferry_codec *codec,
		       const void *v);

/* ---- scalars ---- */

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
		if (!ferry_is_declared(row->of.values, value))
			ferry_put_fail(e, FERRY_EENCODE);
		return value;
	}
}

static void
put_scalars(struct ferry_encoder *e, const struct ferry_row *row,
	    const void *items, uint32_t n)
{
	uint8_t *p;

	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_INT:
	case FERRY_KIND_UINT:
	case FERRY_KIND_FLOAT:
		ferry_put_u32s(e, items, n);
		return;
	case FERRY_KIND_HYPER:
	case FERRY_KIND_UHYPER:
	case FERRY_KIND_DOUBLE:
		ferry_put_u64s(e, items, n);
		return;
	case FERRY_KIND_QUADRUPLE:
		/* Two halves, the high one first, in memory and on the wire. */
		ferry_put_u64s(e, items, (size_t)n * 2);
		return;
	default:
		break;
	}
	p = ferry_put_run(e, (uint64_t)n * 4);
	for (uint32_t i = 0; p && i < n; i++)
		ferry_store_u32(p + (size_t)i * 4,
				load_small(e, row, items, i));
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
static const void *
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
put_text(struct ferry_encoder *e, const struct ferry_row *row, const void *v)
{
	const struct ferry_bytes *bytes = fy_row_in(v, row);
	const struct ferry_str *str = fy_row_in(v, row);

	if (row->kind == FERRY_KIND_BYTES)
		ferry_put_bytes(e, *bytes, row->bound);
	else
		ferry_put_str(e, *str, row->bound);
}

static void
put_row(struct ferry_encoder *e, const struct ferry_row *row, const void *v)
{
	const void *there;

	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_STRING:
	case FERRY_KIND_BYTES:
		put_text(e, row, v);
		break;
	case FERRY_KIND_OPAQUE:
		ferry_put_opaque(e, fy_row_in(v, row), row->bound);
		break;
	case FERRY_KIND_OPAQUE_AT:
		put_opaque_at(e, row, v);
		break;
	case FERRY_KIND_RECORD:
		put_items(e, row->of.codec, fy_row_in(v, row), 1);
		break;
	case FERRY_KIND_RECORD_AT:
		put_items_at(e, row, v, 1);
		break;
	case FERRY_KIND_OPTIONAL:
		there = put_presence(e, row, v);
		if (there)
			put_items(e, row->of.codec, there, 1);
		break;
	case FERRY_KIND_ARRAY:
		put_items(e, row->of.codec, fy_row_in(v, row), row->bound);
		break;
	case FERRY_KIND_ARRAY_AT:
		put_items_at(e, row, v, row->bound);
		break;
	case FERRY_KIND_LIST:
		put_list(e, row, v);
		break;
	case FERRY_KIND_SWITCH:
	case FERRY_KIND_SWITCH_DEFAULT:
		row = fy_row_arm(row, v);
		if (row)
			put_row(e, row, v);
		else
			ferry_put_fail(e, FERRY_EENCODE);
		break;
	case FERRY_KIND_COUNT: /* was the LIST's */
	case FERRY_KIND_NEXT:  /* is put_chain()'s */
	case FERRY_KIND_VOID:
		break;
	default:
		put_scalars(e, row, fy_row_in(v, row), row->bound);
		break;
	}
}

/* ---- records ---- */

/* A linked list is walked in a loop: a million nodes take no stack. */
static void
put_chain(struct ferry_encoder *e, const struct ferry_codec *codec,
	  const void *v)
{
	const struct ferry_row *last = codec->by.rows + codec->n_rows - 1;

	do {
		for (const struct ferry_row *row = codec->by.rows;
		     row <= last && !e->err; row++)
			put_row(e, row, v);
		v = last->kind == FERRY_KIND_NEXT ? put_presence(e, last, v)
						  : NULL;
	} while (v);
}

static void
put_record(struct ferry_encoder *e, const struct ferry_codec *codec,
	   const void *v)
{
	if (!codec->is_deep) {
		put_chain(e, codec, v);
	} else if (ferry_put_enter(e)) {
		put_chain(e, codec, v);
		ferry_put_leave(e);
	}
}

void
ferry_codec_put(struct ferry_encoder *e, const void *v,
		const struct ferry_codec *codec)
{
	put_items(e, codec, v, 1);
}
