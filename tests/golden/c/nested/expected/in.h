/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/rpc.h>
#include <ferry/xdr.h>

struct book;
struct line_marks;

/* in.x:3 */
struct line_from {
	int32_t x;
	int32_t y;
};

/* in.x:4 */
struct line_to {
	int32_t x;
	int32_t y;
};

/* in.x:5 */
enum line_style {
	SOLID = 0,
	DASHED = 1,
};

/* in.x:6 */
struct line_label {
	bool is_named;
	union {
		/* case TRUE: at most 32 bytes */
		struct ferry_str name;
	} u;
};

/*
 * in.x:2
 *
 * Types that are declared where they are used.
 */
struct line {
	struct line_from from;
	struct line_to to;
	enum line_style style;
	struct line_label label;
	/* at most 4 items */
	uint32_t n_marks;
	struct line_marks *marks;
};

/* in.x:15 */
struct range {
	int32_t low;
	int32_t high;
};

/* in.x:16 */
enum order {
	FIRST = 1,
	SECOND = 2,
};

/* in.x:23 */
typedef struct book *books;

/*
 * in.x:19
 *
 * A forward reference, and recursion through a typedef'd pointer.
 */
struct shelf {
	/* or NULL */
	books first;
	struct range where;
};

/* in.x:24 */
struct book {
	struct ferry_str title;
	enum order what;
	/* or NULL */
	books next;
};

/* in.x:12 */
struct line_marks_inner {
	uint8_t bits[3];
};

/* in.x:12 */
struct line_marks {
	int64_t at;
	struct line_marks_inner inner;
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Codecs. _size: the bytes that _put writes; SIZE_MAX or any other number if *v
 * has no encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error for the most part zeros.
 */
size_t line_from_size(const struct line_from *v);
void line_from_put(struct ferry_encoder *e, const struct line_from *v);
void line_from_get(struct ferry_decoder *d, struct line_from *v);
size_t line_to_size(const struct line_to *v);
void line_to_put(struct ferry_encoder *e, const struct line_to *v);
void line_to_get(struct ferry_decoder *d, struct line_to *v);
size_t line_style_size(const enum line_style *v);
void line_style_put(struct ferry_encoder *e, const enum line_style *v);
void line_style_get(struct ferry_decoder *d, enum line_style *v);
size_t line_label_size(const struct line_label *v);
void line_label_put(struct ferry_encoder *e, const struct line_label *v);
void line_label_get(struct ferry_decoder *d, struct line_label *v);
size_t line_size(const struct line *v);
void line_put(struct ferry_encoder *e, const struct line *v);
void line_get(struct ferry_decoder *d, struct line *v);
size_t range_size(const struct range *v);
void range_put(struct ferry_encoder *e, const struct range *v);
void range_get(struct ferry_decoder *d, struct range *v);
size_t order_size(const enum order *v);
void order_put(struct ferry_encoder *e, const enum order *v);
void order_get(struct ferry_decoder *d, enum order *v);
size_t books_size(const books *v);
void books_put(struct ferry_encoder *e, const books *v);
void books_get(struct ferry_decoder *d, books *v);
size_t shelf_size(const struct shelf *v);
void shelf_put(struct ferry_encoder *e, const struct shelf *v);
void shelf_get(struct ferry_decoder *d, struct shelf *v);
size_t book_size(const struct book *v);
void book_put(struct ferry_encoder *e, const struct book *v);
void book_get(struct ferry_decoder *d, struct book *v);
size_t line_marks_inner_size(const struct line_marks_inner *v);
void line_marks_inner_put(struct ferry_encoder *e,
			  const struct line_marks_inner *v);
void line_marks_inner_get(struct ferry_decoder *d, struct line_marks_inner *v);
size_t line_marks_size(const struct line_marks *v);
void line_marks_put(struct ferry_encoder *e, const struct line_marks *v);
void line_marks_get(struct ferry_decoder *d, struct line_marks *v);

#ifdef __cplusplus
}
#endif
