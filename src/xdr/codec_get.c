/* SPDX-License-Identifier: MIT */
/* Decoding by the rows of a codec. */
#include "xdr/codec.h"

static void get_record(struct ferry_decoder *d, const struct ferry_codec *codec,
		       void *v);

/* ---- scalars ---- */

/* One is loaded here: a member. What many take is a way of its own. */
static inline void
get_words(struct ferry_decoder *d, void *items, uint32_t n)
{
	const uint8_t *p;
	uint32_t word;

	if (n != 1) {
		ferry_get_u32s(d, items, n);
		return;
	}
	p = ferry_get_run(d, 4);
	if (!p)
		return;
	word = ferry_load_u32(p);
	memcpy(items, &word, sizeof(word));
}

static inline void
get_double_words(struct ferry_decoder *d, void *items, uint32_t n)
{
	const uint8_t *p;
	uint64_t word;

	if (n != 1) {
		ferry_get_u64s(d, items, n);
		return;
	}
	p = ferry_get_run(d, 8);
	if (!p)
		return;
	word = ferry_load_u64(p);
	memcpy(items, &word, sizeof(word));
}

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
get_small(struct ferry_decoder *d, const struct ferry_row *row, void *items,
	  uint32_t n)
{
	const uint8_t *p = NULL;

	if (n <= (size_t)(d->end - d->at) / 4)
		p = ferry_get_run(d, (size_t)n * 4);
	else
		ferry_get_fail(d, FERRY_EDECODE);
	for (uint32_t i = 0; p && i < n; i++)
		store_small(d, row, items, i, p + (size_t)i * 4);
}

static void
get_scalars(struct ferry_decoder *d, const struct ferry_row *row, void *items,
	    uint32_t n)
{
	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_INT:
	case FERRY_KIND_UINT:
	case FERRY_KIND_FLOAT:
		get_words(d, items, n);
		break;
	case FERRY_KIND_HYPER:
	case FERRY_KIND_UHYPER:
	case FERRY_KIND_DOUBLE:
		ferry_get_u64s(d, items, n);
		break;
	case FERRY_KIND_QUADRUPLE:
		/* Two halves, the high one first, in memory and on the wire. */
		ferry_get_u64s(d, items, (size_t)n * 2);
		break;
	default:
		get_small(d, row, items, n);
		break;
	}
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

static inline void
get_item(struct ferry_decoder *d, const struct ferry_codec *codec, void *item)
{
	if (codec->n_rows == 0)
		codec->by.code->get(d, item, 1);
	else
		get_record(d, codec, item);
}

static void
get_item_at(struct ferry_decoder *d, const struct ferry_row *row, void *v)
{
	const struct ferry_codec *codec = row->of.codec;
	void *item = ferry_get_memory(d, 1, codec->bytes);

	fy_row_point(v, row, item);
	if (item)
		get_item(d, codec, item);
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

static inline bool
get_presence(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 4);

	return p && ferry_load_bool(d, p);
}

static void
get_optional(struct ferry_decoder *d, const struct ferry_row *row, void *v)
{
	if (get_presence(d))
		get_item_at(d, row, v);
	else
		fy_row_point(v, row, NULL);
}

static const struct ferry_row *
get_arm(struct ferry_decoder *d, const struct ferry_row *row, const void *v)
{
	const struct ferry_row *arm = fy_row_arm(row, v);

	if (!arm)
		ferry_get_fail(d, FERRY_EDECODE);
	return arm;
}

/* ---- records ---- */

/* The next record of a linked list; NULL: that was the last. */
static void *
get_next(struct ferry_decoder *d, const struct ferry_codec *codec,
	 const struct ferry_row *row, void *v)
{
	void *next = NULL;

	if (get_presence(d))
		next = ferry_get_memory(d, 1, codec->bytes);
	fy_row_point(v, row, next);
	return next;
}

/*
 * One record. What most records are made of stands here, for a call of a
 * function costs more than it. A linked list is read in the same loop: a
 * million nodes take no stack.
 */
static void
get_rows(struct ferry_decoder *d, const struct ferry_codec *codec, void *v)
{
	const struct ferry_row *next = codec->by.rows;
	const struct ferry_row *end = next + codec->n_rows;

	while (next < end && !d->err) {
		const struct ferry_row *row = next++;
		void *at = fy_row_out(v, row);

		switch ((enum ferry_kind)row->kind) {
		case FERRY_KIND_INT:
		case FERRY_KIND_UINT:
		case FERRY_KIND_FLOAT:
			get_words(d, at, row->bound);
			break;
		case FERRY_KIND_HYPER:
		case FERRY_KIND_UHYPER:
		case FERRY_KIND_DOUBLE:
			get_double_words(d, at, row->bound);
			break;
		case FERRY_KIND_STRING:
			*(struct ferry_str *)at = ferry_get_str(d, row->bound);
			break;
		case FERRY_KIND_BYTES:
			*(struct ferry_bytes *)at =
				ferry_get_bytes(d, row->bound);
			break;
		case FERRY_KIND_OPAQUE:
			ferry_get_opaque(d, at, row->bound);
			break;
		case FERRY_KIND_OPAQUE_AT:
			get_opaque_at(d, row, v);
			break;
		case FERRY_KIND_CODE:
			row->of.code->get(d, v, 1);
			break;
		case FERRY_KIND_RECORD:
			get_item(d, row->of.codec, at);
			break;
		case FERRY_KIND_RECORD_AT:
			get_item_at(d, row, v);
			break;
		case FERRY_KIND_OPTIONAL:
			get_optional(d, row, v);
			break;
		case FERRY_KIND_ARRAY:
			get_items(d, row->of.codec, at, row->bound);
			break;
		case FERRY_KIND_ARRAY_AT:
			get_items_at(d, row, v, row->bound);
			break;
		case FERRY_KIND_LIST:
			get_list(d, row, v);
			next++; /* the COUNT */
			break;
		case FERRY_KIND_NEXT:
			v = get_next(d, codec, row, v);
			if (!v)
				return;
			next = codec->by.rows;
			break;
		case FERRY_KIND_SWITCH:
		case FERRY_KIND_SWITCH_DEFAULT:
			/* The arm is what is left of the rows. */
			next = get_arm(d, row, v);
			if (!next)
				return;
			end = next + 1;
			break;
		case FERRY_KIND_VOID:
			break;
		default:
			get_scalars(d, row, at, row->bound);
			break;
		}
	}
}

static void
get_record(struct ferry_decoder *d, const struct ferry_codec *codec, void *v)
{
	/* The arms of a union that are not taken are zero. */
	if (codec->by.rows[codec->n_rows - 1].kind >= FERRY_KIND_SWITCH)
		memset(v, 0, codec->bytes);
	if (!codec->is_deep) {
		get_rows(d, codec, v);
	} else if (ferry_get_enter(d)) {
		get_rows(d, codec, v);
		ferry_get_leave(d);
	}
}

void
ferry_codec_get(struct ferry_decoder *d, void *v,
		const struct ferry_codec *codec)
{
	if (!d->err)
		get_item(d, codec, v);
	if (d->err)
		memset(v, 0, codec->bytes);
}
