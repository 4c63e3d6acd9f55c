/* SPDX-License-Identifier: MIT */
/* Decoding by the rows of a codec. */
#include "xdr/codec.h"

static void get_record(struct ferry_decoder *d, const struct ferry_codec *codec,
		       void *v);

/* ---- scalars ---- */

/* Stores the word of one that has no 32 bits in memory, or not all values. */
static void
store_small(struct ferry_decoder *d, const struct ferry_row *row, void *items,
	    uint32_t i, const uint8_t *p)
{
	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_CHAR:
		((int8_t *)items)[i] = (int8_t)ferry_load_within(
			d, p, INT8_MIN, UINT8_MAX);
		return;
	case FERRY_KIND_UCHAR:
		((uint8_t *)items)[i] =
			(uint8_t)ferry_load_within(d, p, 0, UINT8_MAX);
		return;
	case FERRY_KIND_SHORT:
		((int16_t *)items)[i] = (int16_t)ferry_load_within(
			d, p, INT16_MIN, UINT16_MAX);
		return;
	case FERRY_KIND_USHORT:
		((uint16_t *)items)[i] =
			(uint16_t)ferry_load_within(d, p, 0, UINT16_MAX);
		return;
	case FERRY_KIND_BOOL:
		((bool *)items)[i] = ferry_load_bool(d, p);
		return;
	default:
		((uint32_t *)items)[i] =
			ferry_load_enum(d, p, row->of.values);
		return;
	}
}

static void
get_scalars(struct ferry_decoder *d, const struct ferry_row *row, void *items,
	    uint32_t n)
{
	const uint8_t *p = NULL;

	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_INT:
	case FERRY_KIND_UINT:
	case FERRY_KIND_FLOAT:
		ferry_get_u32s(d, items, n);
		return;
	case FERRY_KIND_HYPER:
	case FERRY_KIND_UHYPER:
	case FERRY_KIND_DOUBLE:
		ferry_get_u64s(d, items, n);
		return;
	case FERRY_KIND_QUADRUPLE:
		/* Two halves, the high one first, in memory and on the wire. */
		ferry_get_u64s(d, items, (size_t)n * 2);
		return;
	default:
		break;
	}
	if (n <= (size_t)(d->end - d->at) / 4)
		p = ferry_get_run(d, (size_t)n * 4);
	else
		ferry_get_fail(d, FERRY_EDECODE);
	for (uint32_t i = 0; p && i < n; i++)
		store_small(d, row, items, i, p + (size_t)i * 4);
}

/* ---- many of one type ---- */

static void
get_items(struct ferry_decoder *d, const struct ferry_codec *codec,
	  void *items, uint32_t n)
{
	const struct ferry_row *scalar;

	if (codec->n_rows == 0) {
		codec->by.code->get(d, items, n);
		return;
	}
	scalar = fy_codec_scalar(codec);
	if (scalar) {
		get_scalars(d, scalar, items, n);
		return;
	}
	for (uint32_t i = 0; i < n && !d->err; i++)
		get_record(d, codec,
			   (uint8_t *)items + (size_t)i * codec->bytes);
}

/* Memory for @n items, to which the member of @row points from now on. */
static void *
get_items_at(struct ferry_decoder *d, const struct ferry_row *row, void *v,
	     uint32_t n)
{
	const struct ferry_codec *codec = row->of.codec;
	void *items = ferry_get_memory(d, n, codec->bytes);

	fy_row_point(v, row, items);
	if (items)
		get_items(d, codec, items, n);
	return items;
}

static void
get_list(struct ferry_decoder *d, const struct ferry_row *row, void *v)
{
	uint32_t n = ferry_get_count(d, row->bound, row->of.codec->wire);
	uint32_t *count = fy_row_out(v, row + 1);

	*count = get_items_at(d, row, v, n) ? n : 0;
}

/* ---- one member ---- */

static void
get_opaque_at(struct ferry_decoder *d, const struct ferry_row *row, void *v)
{
	void *data = ferry_get_memory(d, row->bound, 1);

	fy_row_point(v, row, data);
	if (data)
		ferry_get_opaque(d, data, row->bound);
}

static bool
get_presence(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 4);

	return p && ferry_load_bool(d, p);
}

static void
get_text(struct ferry_decoder *d, const struct ferry_row *row, void *v)
{
	struct ferry_bytes *bytes = fy_row_out(v, row);
	struct ferry_str *str = fy_row_out(v, row);

	if (row->kind == FERRY_KIND_BYTES)
		*bytes = ferry_get_bytes(d, row->bound);
	else
		*str = ferry_get_str(d, row->bound);
}

static void
get_row(struct ferry_decoder *d, const struct ferry_row *row, void *v)
{
	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_STRING:
	case FERRY_KIND_BYTES:
		get_text(d, row, v);
		break;
	case FERRY_KIND_OPAQUE:
		ferry_get_opaque(d, fy_row_out(v, row), row->bound);
		break;
	case FERRY_KIND_OPAQUE_AT:
		get_opaque_at(d, row, v);
		break;
	case FERRY_KIND_RECORD:
		get_items(d, row->of.codec, fy_row_out(v, row), 1);
		break;
	case FERRY_KIND_RECORD_AT:
		get_items_at(d, row, v, 1);
		break;
	case FERRY_KIND_OPTIONAL:
		get_items_at(d, row, v, get_presence(d));
		break;
	case FERRY_KIND_ARRAY:
		get_items(d, row->of.codec, fy_row_out(v, row), row->bound);
		break;
	case FERRY_KIND_ARRAY_AT:
		get_items_at(d, row, v, row->bound);
		break;
	case FERRY_KIND_LIST:
		get_list(d, row, v);
		break;
	case FERRY_KIND_SWITCH:
	case FERRY_KIND_SWITCH_DEFAULT:
		row = fy_row_arm(row, v);
		if (row)
			get_row(d, row, v);
		else
			ferry_get_fail(d, FERRY_EDECODE);
		break;
	case FERRY_KIND_COUNT: /* was the LIST's */
	case FERRY_KIND_NEXT:  /* is get_chain()'s */
	case FERRY_KIND_VOID:
		break;
	default:
		get_scalars(d, row, fy_row_out(v, row), row->bound);
		break;
	}
}

/* ---- records ---- */

/* The next record of a linked list; NULL: that was the last. */
static void *
get_next(struct ferry_decoder *d, const struct ferry_codec *codec,
	 const struct ferry_row *row, void *v)
{
	void *next = NULL;

	if (row->kind != FERRY_KIND_NEXT)
		return NULL;
	if (get_presence(d))
		next = ferry_get_memory(d, 1, codec->bytes);
	fy_row_point(v, row, next);
	return next;
}

/* A linked list is read in a loop: a million nodes take no stack. */
static void
get_chain(struct ferry_decoder *d, const struct ferry_codec *codec, void *v)
{
	const struct ferry_row *last = codec->by.rows + codec->n_rows - 1;

	for (; v; v = get_next(d, codec, last, v)) {
		/* The arms of a union that are not taken are zero. */
		if (codec->n_rows == 2 && last->kind >= FERRY_KIND_SWITCH)
			memset(v, 0, codec->bytes);
		for (const struct ferry_row *row = codec->by.rows;
		     row <= last && !d->err; row++)
			get_row(d, row, v);
	}
}

static void
get_record(struct ferry_decoder *d, const struct ferry_codec *codec, void *v)
{
	if (!codec->is_deep) {
		get_chain(d, codec, v);
	} else if (ferry_get_enter(d)) {
		get_chain(d, codec, v);
		ferry_get_leave(d);
	}
}

void
ferry_codec_get(struct ferry_decoder *d, void *v,
		const struct ferry_codec *codec)
{
	if (!d->err)
		get_items(d, codec, v, 1);
	if (d->err)
		memset(v, 0, codec->bytes);
}
