/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static const struct ferry_row line_from_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct line_from, x), 2, { NULL } },
};

const struct ferry_codec line_from_codec = {
	sizeof(struct line_from), 8, 1, true, false, { line_from_rows },
};

static const struct ferry_row line_to_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct line_to, x), 2, { NULL } },
};

const struct ferry_codec line_to_codec = {
	sizeof(struct line_to), 8, 1, true, false, { line_to_rows },
};

static const struct ferry_values line_style_values = {
	SOLID, 1, 0, NULL,
};

const struct ferry_codec line_style_codec = {
	sizeof(enum line_style), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &line_style_values } },
	} },
};

static const struct ferry_case line_label_cases[] = {
	{ 0, 1 },
	{ 1, 0 },
};

static const struct ferry_row line_label_rows[] = {
	{ FERRY_KIND_BOOL, offsetof(struct line_label, is_named), 1, { NULL } },
	{ FERRY_KIND_SWITCH, 0, 2, { .cases = line_label_cases } },
	{ FERRY_KIND_STRING, offsetof(struct line_label, u.name), 32,
	 { NULL } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
};

const struct ferry_codec line_label_codec = {
	sizeof(struct line_label), 4, 2, false, false, { line_label_rows },
};

static const struct ferry_row line_rows[] = {
	{ FERRY_KIND_RECORD, offsetof(struct line, from), 0,
	 { &line_from_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct line, to), 0, { &line_to_codec } },
	{ FERRY_KIND_ENUM, offsetof(struct line, style), 1, { .values =
		&line_style_values } },
	{ FERRY_KIND_RECORD, offsetof(struct line, label), 0,
	 { &line_label_codec } },
	{ FERRY_KIND_LIST, offsetof(struct line, marks), 4,
	 { &line_marks_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct line, n_marks), 0, { NULL } },
};

const struct ferry_codec line_codec = {
	sizeof(struct line), 28, 6, false, false, { line_rows },
};

static const struct ferry_row range_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct range, low), 2, { NULL } },
};

const struct ferry_codec range_codec = {
	sizeof(struct range), 8, 1, true, false, { range_rows },
};

static const struct ferry_values order_values = {
	FIRST, 1, 0, NULL,
};

const struct ferry_codec order_codec = {
	sizeof(enum order), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &order_values } },
	} },
};

static const struct ferry_row books_rows[] = {
	{ FERRY_KIND_OPTIONAL, 0, 0, { &book_codec } },
};

const struct ferry_codec books_codec = {
	sizeof(books), 4, 1, false, false, { books_rows },
};

static const struct ferry_row shelf_rows[] = {
	{ FERRY_KIND_OPTIONAL, offsetof(struct shelf, first), 0,
	 { &book_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct shelf, where), 0,
	 { &range_codec } },
};

const struct ferry_codec shelf_codec = {
	sizeof(struct shelf), 12, 2, false, false, { shelf_rows },
};

static size_t
size_book_title(const void *items, size_t n)
{
	const struct book *v = items;
	size_t bytes = n * 8;

	for (; n > 0; n--, v++) {
		bytes += (size_t)ferry_padded(v->title.len);
	}
	return bytes;
}

static void
put_book_title(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct book *v = items;
	struct ferry_str s0;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		s0 = v->title;
		p = ferry_put_run(e, 8 + ferry_padded(s0.len));
		if (!p)
			return;
		p = ferry_store_str(p, s0);
		ferry_store_within(e, p, (uint32_t)v->what, 1, 1);
	}
}

static void
get_book_title(struct ferry_decoder *d, void *items, size_t n)
{
	struct book *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		v->title = ferry_get_str(d, UINT32_MAX);
		p = ferry_get_run(d, 4);
		if (!p)
			return;
		v->what = (enum order)ferry_load_within(d, p, 1, 1);
	}
}

static const struct ferry_code book_title_code = {
	size_book_title, put_book_title, get_book_title,
};

static const struct ferry_row book_rows[] = {
	{ FERRY_KIND_CODE, 0, 0, { .code = &book_title_code } },
	{ FERRY_KIND_NEXT, offsetof(struct book, next), 0, { NULL } },
};

const struct ferry_codec book_codec = {
	sizeof(struct book), 12, 2, false, false, { book_rows },
};

static const struct ferry_row line_marks_inner_rows[] = {
	{ FERRY_KIND_OPAQUE, offsetof(struct line_marks_inner, bits), 3,
	 { NULL } },
};

const struct ferry_codec line_marks_inner_codec = {
	sizeof(struct line_marks_inner), 4, 1, true, false,
		{ line_marks_inner_rows },
};

static void
put_line_marks(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct line_marks *v = items;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_put_run(e, 12);
		if (!p)
			return;
		ferry_store_u64(p, (uint64_t)v->at);
		ferry_store_opaque(p + 8, v->inner.bits, 3);
	}
}

static void
get_line_marks(struct ferry_decoder *d, void *items, size_t n)
{
	struct line_marks *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 8);
		if (!p)
			return;
		v->at = (int64_t)ferry_load_u64(p);
		ferry_get_opaque(d, v->inner.bits, 3);
	}
}

static const struct ferry_code line_marks_code = {
	NULL, put_line_marks, get_line_marks,
};

const struct ferry_codec line_marks_codec = {
	sizeof(struct line_marks), 12, 0, true, false,
		{ .code = &line_marks_code },
};
