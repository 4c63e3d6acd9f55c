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
	return sum->bytes >= TOO_MUCH;
}

static void
fill(struct sum *sum)
{
	sum->bytes = TOO_MUCH;
}

/* Less than 2^40; nothing is added to a sum that is full. */
static inline void
add(struct sum *sum, uint64_t bytes)
{
	sum->bytes += bytes;
}

/* @n times @bytes, either of which may be UINT32_MAX. */
static void
add_many(struct sum *sum, uint64_t n, uint64_t bytes)
{
	if (n * bytes >= TOO_MUCH)
		fill(sum);
	else
		add(sum, n * bytes);
}

static void
add_items(struct sum *sum, const struct ferry_codec *codec, const void *items,
	  uint32_t n)
{
	if (codec->is_fixed) {
		add_many(sum, n, codec->wire);
	} else if (codec->n_rows == 0) {
		/* Foreign code may return anything. */
		size_t bytes = codec->by.code->size(items, n);

		add(sum, bytes < TOO_MUCH ? bytes : TOO_MUCH);
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

static void
add_optional(struct sum *sum, const struct ferry_row *row, const void *v)
{
	const void *there = fy_row_pointer(v, row);

	add(sum, 4);
	if (there)
		add_items(sum, row->of.codec, there, 1);
}

static void
add_list(struct sum *sum, const struct ferry_row *row, const void *v)
{
	const uint32_t *count = fy_row_in(v, row + 1);

	add(sum, 4);
	add_items_at(sum, row, v, *count);
}

static void
add_code(struct sum *sum, const struct ferry_row *row, const void *v)
{
	const struct ferry_code *code = row->of.code;

	/* A few members of at most 4 GiB each. */
	add(sum, code->size ? code->size(v, 1) : row->bound);
}

/*
 * A linked list on its way. One that comes back to itself meets the node that
 * was marked last: after 1, 2, 4 ... steps one is, and so one in the circle
 * when the circle is shorter than that.
 */
struct chain {
	const void *marked;
	uint64_t n_steps;
};

/* Return: the record after @v; NULL: none. */
static const void *
add_next(struct sum *sum, struct chain *chain, const struct ferry_row *row,
	 const void *v)
{
	add(sum, 4);
	if ((chain->n_steps & (chain->n_steps + 1)) == 0)
		chain->marked = v;
	chain->n_steps++;
	v = fy_row_pointer(v, row);
	if (v == chain->marked)
		fill(sum);
	return v;
}

/* One record, and all that follow it in a linked list. */
static void
add_rows(struct sum *sum, const struct ferry_codec *codec, const void *v)
{
	const struct ferry_row *next = codec->by.rows;
	const struct ferry_row *end = next + codec->n_rows;
	struct chain chain = { NULL, 0 };

	while (next < end && !is_full(sum)) {
		const struct ferry_row *row = next++;
		const void *at = fy_row_in(v, row);

		switch ((enum ferry_kind)row->kind) {
		case FERRY_KIND_STRING:
		case FERRY_KIND_BYTES:
			add(sum, 4 + ferry_padded(text_len(v, row)));
			break;
		case FERRY_KIND_OPAQUE:
		case FERRY_KIND_OPAQUE_AT:
			add(sum, ferry_padded(row->bound));
			break;
		case FERRY_KIND_CODE:
			add_code(sum, row, v);
			break;
		case FERRY_KIND_RECORD:
			add_items(sum, row->of.codec, at, 1);
			break;
		case FERRY_KIND_RECORD_AT:
			add_items_at(sum, row, v, 1);
			break;
		case FERRY_KIND_OPTIONAL:
			add_optional(sum, row, v);
			break;
		case FERRY_KIND_ARRAY:
			add_items(sum, row->of.codec, at, row->bound);
			break;
		case FERRY_KIND_ARRAY_AT:
			add_items_at(sum, row, v, row->bound);
			break;
		case FERRY_KIND_LIST:
			add_list(sum, row, v);
			next++; /* the COUNT */
			break;
		case FERRY_KIND_NEXT:
			v = add_next(sum, &chain, row, v);
			if (!v)
				return;
			next = codec->by.rows;
			break;
		case FERRY_KIND_SWITCH:
		case FERRY_KIND_SWITCH_DEFAULT:
			/* The arm is what is left of the rows. */
			next = fy_row_arm(row, v);
			if (!next) {
				fill(sum);
				return;
			}
			end = next + 1;
			break;
		case FERRY_KIND_VOID:
			break;
		case FERRY_KIND_HYPER:
		case FERRY_KIND_UHYPER:
		case FERRY_KIND_DOUBLE:
			add_many(sum, row->bound, 8);
			break;
		case FERRY_KIND_QUADRUPLE:
			add_many(sum, row->bound, 16);
			break;
		default:
			add_many(sum, row->bound, 4);
			break;
		}
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
	add_rows(sum, codec, v);
	sum->depth += codec->is_deep;
}

size_t
ferry_codec_size(const void *v, const struct ferry_codec *codec)
{
	struct sum sum = { 0, FERRY_XDR_DEPTH };

	add_items(&sum, codec, v, 1);
	return is_full(&sum) ? SIZE_MAX : (size_t)sum.bytes;
}
