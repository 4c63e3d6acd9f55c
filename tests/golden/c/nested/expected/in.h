/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

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

extern const struct ferry_codec line_from_codec;
extern const struct ferry_codec line_to_codec;
extern const struct ferry_codec line_style_codec;
extern const struct ferry_codec line_label_codec;
extern const struct ferry_codec line_codec;
extern const struct ferry_codec range_codec;
extern const struct ferry_codec order_codec;
extern const struct ferry_codec books_codec;
extern const struct ferry_codec shelf_codec;
extern const struct ferry_codec book_codec;
extern const struct ferry_codec line_marks_inner_codec;
extern const struct ferry_codec line_marks_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
line_from_size(const struct line_from *v)
{
	(void)v;
	return 8;
}

static inline void
line_from_put(struct ferry_encoder *e, const struct line_from *v)
{
	ferry_codec_put(e, v, &line_from_codec);
}

static inline void
line_from_get(struct ferry_decoder *d, struct line_from *v)
{
	ferry_codec_get(d, v, &line_from_codec);
}

static inline size_t
line_to_size(const struct line_to *v)
{
	(void)v;
	return 8;
}

static inline void
line_to_put(struct ferry_encoder *e, const struct line_to *v)
{
	ferry_codec_put(e, v, &line_to_codec);
}

static inline void
line_to_get(struct ferry_decoder *d, struct line_to *v)
{
	ferry_codec_get(d, v, &line_to_codec);
}

static inline size_t
line_style_size(const enum line_style *v)
{
	(void)v;
	return 4;
}

static inline void
line_style_put(struct ferry_encoder *e, const enum line_style *v)
{
	ferry_codec_put(e, v, &line_style_codec);
}

static inline void
line_style_get(struct ferry_decoder *d, enum line_style *v)
{
	ferry_codec_get(d, v, &line_style_codec);
}

static inline size_t
line_label_size(const struct line_label *v)
{
	return ferry_codec_size(v, &line_label_codec);
}

static inline void
line_label_put(struct ferry_encoder *e, const struct line_label *v)
{
	ferry_codec_put(e, v, &line_label_codec);
}

static inline void
line_label_get(struct ferry_decoder *d, struct line_label *v)
{
	ferry_codec_get(d, v, &line_label_codec);
}

static inline size_t
line_size(const struct line *v)
{
	return ferry_codec_size(v, &line_codec);
}

static inline void
line_put(struct ferry_encoder *e, const struct line *v)
{
	ferry_codec_put(e, v, &line_codec);
}

static inline void
line_get(struct ferry_decoder *d, struct line *v)
{
	ferry_codec_get(d, v, &line_codec);
}

static inline size_t
range_size(const struct range *v)
{
	(void)v;
	return 8;
}

static inline void
range_put(struct ferry_encoder *e, const struct range *v)
{
	ferry_codec_put(e, v, &range_codec);
}

static inline void
range_get(struct ferry_decoder *d, struct range *v)
{
	ferry_codec_get(d, v, &range_codec);
}

static inline size_t
order_size(const enum order *v)
{
	(void)v;
	return 4;
}

static inline void
order_put(struct ferry_encoder *e, const enum order *v)
{
	ferry_codec_put(e, v, &order_codec);
}

static inline void
order_get(struct ferry_decoder *d, enum order *v)
{
	ferry_codec_get(d, v, &order_codec);
}

static inline size_t
books_size(const books *v)
{
	return ferry_codec_size(v, &books_codec);
}

static inline void
books_put(struct ferry_encoder *e, const books *v)
{
	ferry_codec_put(e, v, &books_codec);
}

static inline void
books_get(struct ferry_decoder *d, books *v)
{
	ferry_codec_get(d, v, &books_codec);
}

static inline size_t
shelf_size(const struct shelf *v)
{
	return ferry_codec_size(v, &shelf_codec);
}

static inline void
shelf_put(struct ferry_encoder *e, const struct shelf *v)
{
	ferry_codec_put(e, v, &shelf_codec);
}

static inline void
shelf_get(struct ferry_decoder *d, struct shelf *v)
{
	ferry_codec_get(d, v, &shelf_codec);
}

static inline size_t
book_size(const struct book *v)
{
	return ferry_codec_size(v, &book_codec);
}

static inline void
book_put(struct ferry_encoder *e, const struct book *v)
{
	ferry_codec_put(e, v, &book_codec);
}

static inline void
book_get(struct ferry_decoder *d, struct book *v)
{
	ferry_codec_get(d, v, &book_codec);
}

static inline size_t
line_marks_inner_size(const struct line_marks_inner *v)
{
	(void)v;
	return 4;
}

static inline void
line_marks_inner_put(struct ferry_encoder *e, const struct line_marks_inner *v)
{
	ferry_codec_put(e, v, &line_marks_inner_codec);
}

static inline void
line_marks_inner_get(struct ferry_decoder *d, struct line_marks_inner *v)
{
	ferry_codec_get(d, v, &line_marks_inner_codec);
}

static inline size_t
line_marks_size(const struct line_marks *v)
{
	(void)v;
	return 12;
}

static inline void
line_marks_put(struct ferry_encoder *e, const struct line_marks *v)
{
	ferry_codec_put(e, v, &line_marks_codec);
}

static inline void
line_marks_get(struct ferry_decoder *d, struct line_marks *v)
{
	ferry_codec_get(d, v, &line_marks_codec);
}

#ifdef __cplusplus
}
#endif
