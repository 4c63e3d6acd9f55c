/* SPDX-License-Identifier: MIT */
/* How many bytes a value takes on the wire, by the rows of its codec. */
#include "xdr/codec.h"

/* No message has as many, and no value that holds itself has fewer. */
#define TOO_MUCH UINT32_MAX

/* A size that grows up to TOO_MUCH, and the levels of recursion left. */
struct sum {
	uint64_t bytes;
	uint32_t depth;
};

static void add_record(struct sum *sum, const struct ferry_codec *codec,
		       const void *v);

static bool
is_full(const struct sum *sum)
{
	return sum->bytes == TOO_MUCH;
}

static void
fill(struct sum *sum)
{
	sum->bytes = TOO_MUCH;
}

/* @n times @bytes, either of which may be UINT32_MAX. */
static void
add(struct sum *sum, uint64_t n, uint64_t bytes)
{
	if (n * bytes >= TOO_MUCH - sum->bytes)
		fill(sum);
	else
		sum->bytes += n * bytes;
}

static void
add_items(struct sum *sum, const struct ferry_codec *codec, const void *items,
	  uint32_t n)
{
	if (codec->is_fixed) {
		add(sum, n, codec->wire);
	} else if (codec->n_rows == 0) {
		size_t bytes = codec->by.code->size(items, n);

		add(sum, 1, bytes < TOO_MUCH ? bytes : TOO_MUCH);
	} else {
		for (uint32_t i = 0; i < n && !is_full(sum); i++)
			add_record(sum, codec,
				   (const uint8_t *)items +
					   (size_t)i * codec->bytes);
	}
}

/* What must be there for @n items to be encoded. */
static void
add_items_at(struct sum *sum, const struct ferry_row *row, const void *v,
	     uint32_t n)
{
	const void *items = fy_row_pointer(v, row);

	if (items)
		add_items(sum, row->of.codec, items, n);
	else if (n > 0)
		fill(sum);
}

static uint32_t
text_len(const void *v, const struct ferry_row *row)
{
	const struct ferry_bytes *bytes = fy_row_in(v, row);
	const struct ferry_str *str = fy_row_in(v, row);

	return row->kind == FERRY_KIND_BYTES ? bytes->len : str->len;
}

static uint64_t
scalar_bytes(const struct ferry_row *row)
{
	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_HYPER:
	case FERRY_KIND_UHYPER:
	case FERRY_KIND_DOUBLE:
		return 8;
	case FERRY_KIND_QUADRUPLE:
		return 16;
	default:
		return 4;
	}
}

static void
add_optional(struct sum *sum, const struct ferry_row *row, const void *v)
{
	const void *there = fy_row_pointer(v, row);

	add(sum, 1, 4);
	if (there)
		add_items(sum, row->of.codec, there, 1);
}

static void
add_row(struct sum *sum, const struct ferry_row *row, const void *v)
{
	const uint32_t *count;

	switch ((enum ferry_kind)row->kind) {
	case FERRY_KIND_STRING:
	case FERRY_KIND_BYTES:
		add(sum, 1, 4 + ferry_padded(text_len(v, row)));
		break;
	case FERRY_KIND_OPAQUE:
	case FERRY_KIND_OPAQUE_AT:
		add(sum, 1, ferry_padded(row->bound));
		break;
	case FERRY_KIND_RECORD:
		add_items(sum, row->of.codec, fy_row_in(v, row), 1);
		break;
	case FERRY_KIND_RECORD_AT:
		add_items_at(sum, row, v, 1);
		break;
	case FERRY_KIND_OPTIONAL:
		add_optional(sum, row, v);
		break;
	case FERRY_KIND_ARRAY:
		add_items(sum, row->of.codec, fy_row_in(v, row), row->bound);
		break;
	case FERRY_KIND_ARRAY_AT:
		add_items_at(sum, row, v, row->bound);
		break;
	case FERRY_KIND_LIST:
		count = fy_row_in(v, row + 1);
		add(sum, 1, 4);
		add_items_at(sum, row, v, *count);
		break;
	case FERRY_KIND_SWITCH:
	case FERRY_KIND_SWITCH_DEFAULT:
		row = fy_row_arm(row, v);
		if (row)
			add_row(sum, row, v);
		else
			fill(sum);
		break;
	case FERRY_KIND_COUNT: /* was the LIST's */
	case FERRY_KIND_NEXT:  /* is add_record()'s */
	case FERRY_KIND_VOID:
		break;
	default:
		add(sum, row->bound, scalar_bytes(row));
		break;
	}
}

/*
 * One record, and all that follow it in a linked list. A list that comes back
 * to itself meets the node that was marked last: after 1, 2, 4 ... steps one
 * is, and so one in the circle when the circle is shorter than that.
 */
static void
add_chain(struct sum *sum, const struct ferry_codec *codec, const void *v)
{
	const struct ferry_row *last = codec->by.rows + codec->n_rows - 1;
	const void *marked = NULL;
	uint64_t n_steps = 0;

	while (v && !is_full(sum)) {
		for (const struct ferry_row *row = codec->by.rows;
		     row <= last && !is_full(sum); row++)
			add_row(sum, row, v);
		if (last->kind != FERRY_KIND_NEXT)
			return;
		add(sum, 1, 4);
		if ((n_steps & (n_steps + 1)) == 0)
			marked = v;
		n_steps++;
		v = fy_row_pointer(v, last);
		if (v == marked)
			fill(sum);
	}
}

static void
add_record(struct sum *sum, const struct ferry_codec *codec, const void *v)
{
	if (codec->is_deep && sum->depth == 0) {
		fill(sum);
		return;
	}
	sum->depth -= codec->is_deep;
	add_chain(sum, codec, v);
	sum->depth += codec->is_deep;
}

size_t
ferry_codec_size(const void *v, const struct ferry_codec *codec)
{
	struct sum sum = { 0, FERRY_XDR_DEPTH };

	add_items(&sum, codec, v, 1);
	return is_full(&sum) ? SIZE_MAX : (size_t)sum.bytes;
}
