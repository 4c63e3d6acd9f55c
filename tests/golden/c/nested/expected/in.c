/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static inline void put_line_marks(struct ferry_encoder *e,
				  const struct line_marks *v);
static inline void get_line_marks(struct ferry_decoder *d,
				  struct line_marks *v);

/*
 * Adds to a size. False: 4 GiB, which no message has, and a value
 * that holds itself comes to.
 */
static inline bool
add_size(size_t *bytes, size_t part)
{
	if (part >= UINT32_MAX || *bytes >= UINT32_MAX - part)
		return false;
	*bytes += part;
	return true;
}

size_t
line_from_size(const struct line_from *v)
{
	(void)v;
	return 8;
}

void
line_from_put(struct ferry_encoder *e, const struct line_from *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->x);
	ferry_store_u32(p + 4, (uint32_t)v->y);
}

void
line_from_get(struct ferry_decoder *d, struct line_from *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->x = (int32_t)ferry_load_u32(p);
	v->y = (int32_t)ferry_load_u32(p + 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
line_to_size(const struct line_to *v)
{
	(void)v;
	return 8;
}

void
line_to_put(struct ferry_encoder *e, const struct line_to *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->x);
	ferry_store_u32(p + 4, (uint32_t)v->y);
}

void
line_to_get(struct ferry_decoder *d, struct line_to *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->x = (int32_t)ferry_load_u32(p);
	v->y = (int32_t)ferry_load_u32(p + 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline bool
is_line_style(uint32_t value)
{
	return value <= 1;
}

static inline void
store_line_style(struct ferry_encoder *e, uint8_t *p, enum line_style value)
{
	if (!is_line_style((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum line_style
load_line_style(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_line_style(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum line_style)value;
}

size_t
line_style_size(const enum line_style *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
line_style_put(struct ferry_encoder *e, const enum line_style *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_line_style(e, p, *v);
}

FERRY_COLD void
line_style_get(struct ferry_decoder *d, enum line_style *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_line_style(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
line_label_size(const struct line_label *v)
{
	size_t bytes = 4;

	switch ((int)v->is_named) {
	case true:
		bytes += ferry_size_var(v->u.name.len);
		break;
	case false:
		break;
	default:
		return SIZE_MAX;
	}
	return bytes;
}

void
line_label_put(struct ferry_encoder *e, const struct line_label *v)
{
	struct ferry_str s0;
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->is_named);
	switch ((int)v->is_named) {
	case true:
		s0 = v->u.name;
		if (s0.len > 32)
			goto bad;
		p = ferry_put_run(e, 4 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_str(p, s0);
		break;
	case false:
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
line_label_get(struct ferry_decoder *d, struct line_label *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->is_named = ferry_load_bool(d, p);
	memset(&v->u, 0, sizeof(v->u));
	switch ((int)v->is_named) {
	case true:
		v->u.name = ferry_get_str(d, 32);
		break;
	case false:
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
line_size(const struct line *v)
{
	size_t bytes = 20;

	bytes += line_label_size(&v->label);
	bytes += 4;
	bytes += (size_t)v->n_marks * 12;
	return bytes;
}

void
line_put(struct ferry_encoder *e, const struct line *v)
{
	uint8_t *p;
	uint32_t n;

	p = ferry_put_run(e, 20);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->from.x);
	ferry_store_u32(p + 4, (uint32_t)v->from.y);
	ferry_store_u32(p + 8, (uint32_t)v->to.x);
	ferry_store_u32(p + 12, (uint32_t)v->to.y);
	store_line_style(e, p + 16, v->style);
	line_label_put(e, &v->label);
	n = v->n_marks;
	if (n > 0 && !v->marks)
		goto bad;
	ferry_put_count(e, n, 4);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_line_marks(e, &v->marks[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
line_get(struct ferry_decoder *d, struct line *v)
{
	const uint8_t *p;
	uint32_t n;

	p = ferry_get_run(d, 20);
	if (!p)
		goto bad;
	v->from.x = (int32_t)ferry_load_u32(p);
	v->from.y = (int32_t)ferry_load_u32(p + 4);
	v->to.x = (int32_t)ferry_load_u32(p + 8);
	v->to.y = (int32_t)ferry_load_u32(p + 12);
	v->style = load_line_style(d, p + 16);
	line_label_get(d, &v->label);
	n = ferry_get_count(d, 4, 12);
	v->marks = ferry_get_memory(d, n, sizeof(*v->marks));
	v->n_marks = v->marks ? n : 0;
	for (uint32_t i = 0; i < v->n_marks && !d->err; i++)
		get_line_marks(d, &v->marks[i]);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
range_size(const struct range *v)
{
	(void)v;
	return 8;
}

FERRY_COLD void
range_put(struct ferry_encoder *e, const struct range *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->low);
	ferry_store_u32(p + 4, (uint32_t)v->high);
}

FERRY_COLD void
range_get(struct ferry_decoder *d, struct range *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->low = (int32_t)ferry_load_u32(p);
	v->high = (int32_t)ferry_load_u32(p + 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline bool
is_order(uint32_t value)
{
	return value - (uint32_t)(1) <= 1;
}

static inline void
store_order(struct ferry_encoder *e, uint8_t *p, enum order value)
{
	if (!is_order((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum order
load_order(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_order(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum order)value;
}

size_t
order_size(const enum order *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
order_put(struct ferry_encoder *e, const enum order *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_order(e, p, *v);
}

FERRY_COLD void
order_get(struct ferry_decoder *d, enum order *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_order(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
books_size(const books *v)
{
	size_t bytes = 4;

	if (*v) {
		if (!add_size(&bytes, book_size(*v)))
			return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
books_put(struct ferry_encoder *e, const books *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v != NULL);
	if (*v)
		book_put(e, *v);
}

FERRY_COLD void
books_get(struct ferry_decoder *d, books *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	*v = more ? ferry_get_memory(d, 1, sizeof(**v)) : NULL;
	if (*v)
		book_get(d, *v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
shelf_size(const struct shelf *v)
{
	size_t bytes = 12;

	if (v->first) {
		if (!add_size(&bytes, book_size(v->first)))
			return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
shelf_put(struct ferry_encoder *e, const struct shelf *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->first != NULL);
	if (v->first)
		book_put(e, v->first);
	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->where.low);
	ferry_store_u32(p + 4, (uint32_t)v->where.high);
}

FERRY_COLD void
shelf_get(struct ferry_decoder *d, struct shelf *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->first = more ? ferry_get_memory(d, 1, sizeof(*v->first)) : NULL;
	if (v->first)
		book_get(d, v->first);
	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->where.low = (int32_t)ferry_load_u32(p);
	v->where.high = (int32_t)ferry_load_u32(p + 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
book_size(const struct book *v)
{
	size_t bytes = 0;

	for (; v; v = v->next) {
		if (!add_size(&bytes, 8))
			return SIZE_MAX;
		if (!add_size(&bytes, ferry_size_var(v->title.len)))
			return SIZE_MAX;
	}
	return bytes;
}

void
book_put(struct ferry_encoder *e, const struct book *v)
{
	struct ferry_str s0;
	uint8_t *p;

	for (;;) {
		s0 = v->title;
		p = ferry_put_run(e, 12 + ferry_padded(s0.len));
		if (!p)
			return;
		p = ferry_store_str(p, s0);
		store_order(e, p, v->what);
		ferry_store_u32(p + 4, v->next != NULL);
		if (!v->next)
			break;
		v = v->next;
	}
}

void
book_get(struct ferry_decoder *d, struct book *v)
{
	const uint8_t *p;
	bool more;

	for (;;) {
		v->title = ferry_get_str(d, UINT32_MAX);
		p = ferry_get_run(d, 8);
		if (!p)
			goto bad;
		v->what = load_order(d, p);
		more = ferry_load_bool(d, p + 4);
		v->next =
			more ? ferry_get_memory(d, 1, sizeof(*v->next)) : NULL;
		if (!v->next)
			break;
		v = v->next;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
line_marks_inner_size(const struct line_marks_inner *v)
{
	(void)v;
	return 4;
}

void
line_marks_inner_put(struct ferry_encoder *e, const struct line_marks_inner *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_opaque(p, v->bits, 3);
}

void
line_marks_inner_get(struct ferry_decoder *d, struct line_marks_inner *v)
{
	ferry_get_opaque(d, v->bits, 3);
}

size_t
line_marks_size(const struct line_marks *v)
{
	(void)v;
	return 12;
}

static inline void
put_line_marks(struct ferry_encoder *e, const struct line_marks *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 12);
	if (!p)
		return;
	ferry_store_u64(p, (uint64_t)v->at);
	ferry_store_opaque(p + 8, v->inner.bits, 3);
}

void
line_marks_put(struct ferry_encoder *e, const struct line_marks *v)
{
	put_line_marks(e, v);
}

static inline void
get_line_marks(struct ferry_decoder *d, struct line_marks *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->at = (int64_t)ferry_load_u64(p);
	ferry_get_opaque(d, v->inner.bits, 3);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
line_marks_get(struct ferry_decoder *d, struct line_marks *v)
{
	get_line_marks(d, v);
}
