/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static inline int8_t
load_char(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if ((int32_t)value < INT8_MIN || (int32_t)value > INT8_MAX) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	return (int8_t)value;
}

static inline uint8_t
load_uchar(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (value > UINT8_MAX) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	return (uint8_t)value;
}

static inline int16_t
load_short(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if ((int32_t)value < INT16_MIN || (int32_t)value > INT16_MAX) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	return (int16_t)value;
}

static inline uint16_t
load_ushort(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (value > UINT16_MAX) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	return (uint16_t)value;
}

static inline void
put_int(struct ferry_encoder *e, const int32_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)*v);
}

static inline void
get_int(struct ferry_decoder *d, int32_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_uint(struct ferry_encoder *e, const uint32_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

static inline void
get_uint(struct ferry_decoder *d, uint32_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_char(struct ferry_encoder *e, const int8_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)*v);
}

static inline void
get_char(struct ferry_decoder *d, int8_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_char(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_uchar(struct ferry_encoder *e, const uint8_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

static inline void
get_uchar(struct ferry_decoder *d, uint8_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_uchar(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_bool(struct ferry_encoder *e, const bool *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

static inline void
get_bool(struct ferry_decoder *d, bool *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = ferry_load_bool(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_float(struct ferry_encoder *e, const float *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_f32(p, v);
}

static inline void
get_float(struct ferry_decoder *d, float *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	ferry_load_f32(p, v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_double(struct ferry_encoder *e, const double *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_f64(p, v);
}

static inline void
get_double(struct ferry_decoder *d, double *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	ferry_load_f64(p, v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_quadruple(struct ferry_encoder *e, const struct ferry_quadruple *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 16);
	if (!p)
		return;
	ferry_store_quadruple(p, v);
}

static inline void
get_quadruple(struct ferry_decoder *d, struct ferry_quadruple *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 16);
	if (!p)
		goto bad;
	ferry_load_quadruple(p, v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline size_t size_dirs2(const struct dirs2 *v, uint32_t depth);
static inline void put_dirs2(struct ferry_encoder *e, const struct dirs2 *v);
static inline void get_dirs2(struct ferry_decoder *d, struct dirs2 *v);

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

static inline bool
is_color(uint32_t value)
{
	switch ((int32_t)value) {
	case BLUE:
	case RED:
	case GREEN:
		return true;
	default:
		return false;
	}
}

static inline void
store_color(struct ferry_encoder *e, uint8_t *p, enum color value)
{
	if (!is_color((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum color
load_color(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_color(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum color)value;
}

size_t
color_size(const enum color *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
color_put(struct ferry_encoder *e, const enum color *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_color(e, p, *v);
}

FERRY_COLD void
color_get(struct ferry_decoder *d, enum color *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_color(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline bool
is_step(uint32_t value)
{
	return value - (uint32_t)(1) <= 2;
}

static inline void
store_step(struct ferry_encoder *e, uint8_t *p, enum step value)
{
	if (!is_step((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum step
load_step(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_step(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum step)value;
}

size_t
step_size(const enum step *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
step_put(struct ferry_encoder *e, const enum step *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_step(e, p, *v);
}

FERRY_COLD void
step_get(struct ferry_decoder *d, enum step *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_step(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
fhandle_size(const struct fhandle *v)
{
	(void)v;
	return 32;
}

static inline void
put_fhandle(struct ferry_encoder *e, const struct fhandle *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 32);
	if (!p)
		return;
	ferry_store_opaque(p, v->data, 32);
}

void
fhandle_put(struct ferry_encoder *e, const struct fhandle *v)
{
	put_fhandle(e, v);
}

static inline void
get_fhandle(struct ferry_decoder *d, struct fhandle *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 32);
	if (!p)
		goto bad;
	memcpy(v->data, p, 32);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
fhandle_get(struct ferry_decoder *d, struct fhandle *v)
{
	get_fhandle(d, v);
}

size_t
odd_size(const struct odd *v)
{
	(void)v;
	return 8;
}

void
odd_put(struct ferry_encoder *e, const struct odd *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_opaque(p, v->data, 7);
}

void
odd_get(struct ferry_decoder *d, struct odd *v)
{
	ferry_get_opaque(d, v->data, 7);
}

size_t
large_size(const struct large *v)
{
	(void)v;
	return 100;
}

void
large_put(struct ferry_encoder *e, const struct large *v)
{
	if (!v->data)
		goto bad;
	ferry_put_opaque(e, v->data, 100);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
large_get(struct ferry_decoder *d, struct large *v)
{
	v->data = ferry_get_memory(d, 100, sizeof(*v->data));
	if (!v->data)
		goto bad;
	ferry_get_opaque(d, v->data, 100);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline size_t
size_ints(const struct ints *v)
{
	size_t bytes = 4;

	bytes += (size_t)v->n_items * 4;
	return bytes;
}

size_t
ints_size(const struct ints *v)
{
	return size_ints(v);
}

static inline void
put_ints(struct ferry_encoder *e, const struct ints *v)
{
	uint32_t n;

	n = v->n_items;
	if (n > 0 && !v->items)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	ferry_put_u32s(e, v->items, n);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
ints_put(struct ferry_encoder *e, const struct ints *v)
{
	put_ints(e, v);
}

static inline void
get_ints(struct ferry_decoder *d, struct ints *v)
{
	uint32_t n;

	n = ferry_get_count(d, UINT32_MAX, 4);
	v->items = ferry_get_memory(d, n, sizeof(*v->items));
	v->n_items = v->items ? n : 0;
	ferry_get_u32s(d, v->items, v->n_items);
}

void
ints_get(struct ferry_decoder *d, struct ints *v)
{
	get_ints(d, v);
}

size_t
four_size(const struct four *v)
{
	(void)v;
	return 16;
}

void
four_put(struct ferry_encoder *e, const struct four *v)
{
	ferry_put_u32s(e, v->items, SIZE);
}

void
four_get(struct ferry_decoder *d, struct four *v)
{
	ferry_get_u32s(d, v->items, SIZE);
}

size_t
hypers_size(const struct hypers *v)
{
	(void)v;
	return 160;
}

void
hypers_put(struct ferry_encoder *e, const struct hypers *v)
{
	if (!v->items)
		goto bad;
	ferry_put_u64s(e, v->items, 20);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
hypers_get(struct ferry_decoder *d, struct hypers *v)
{
	v->items = ferry_get_memory(d, 20, sizeof(*v->items));
	if (!v->items)
		goto bad;
	ferry_get_u64s(d, v->items, 20);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
shade_size(const shade *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
shade_put(struct ferry_encoder *e, const shade *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_color(e, p, *v);
}

FERRY_COLD void
shade_get(struct ferry_decoder *d, shade *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_color(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
name_size(const struct ferry_str *v)
{
	size_t bytes = ferry_size_var(v->len);

	return bytes;
}

FERRY_COLD void
name_put(struct ferry_encoder *e, const struct ferry_str *v)
{
	struct ferry_str s0;
	uint8_t *p;

	s0 = *v;
	if (s0.len > 255)
		goto bad;
	p = ferry_put_run(e, 4 + ferry_padded(s0.len));
	if (!p)
		return;
	ferry_store_str(p, s0);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

FERRY_COLD void
name_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, 255);
}

FERRY_COLD size_t
blob_size(const struct ferry_bytes *v)
{
	size_t bytes = ferry_size_var(v->len);

	return bytes;
}

FERRY_COLD void
blob_put(struct ferry_encoder *e, const struct ferry_bytes *v)
{
	struct ferry_bytes s0;
	uint8_t *p;

	s0 = *v;
	p = ferry_put_run(e, 4 + ferry_padded(s0.len));
	if (!p)
		return;
	ferry_store_bytes(p, s0);
}

FERRY_COLD void
blob_get(struct ferry_decoder *d, struct ferry_bytes *v)
{
	*v = ferry_get_bytes(d, UINT32_MAX);
}

size_t
count_size(const count *v)
{
	(void)v;
	return 8;
}

FERRY_COLD void
count_put(struct ferry_encoder *e, const count *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u64(p, *v);
}

FERRY_COLD void
count_get(struct ferry_decoder *d, count *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	*v = ferry_load_u64(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
flag_size(const flag *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
flag_put(struct ferry_encoder *e, const flag *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

FERRY_COLD void
flag_get(struct ferry_decoder *d, flag *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = ferry_load_bool(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
celsius_size(const celsius *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
celsius_put(struct ferry_encoder *e, const celsius *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_f32(p, v);
}

FERRY_COLD void
celsius_get(struct ferry_decoder *d, celsius *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	ferry_load_f32(p, v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
point_size(const struct point *v)
{
	(void)v;
	return 8;
}

static inline void
put_point(struct ferry_encoder *e, const struct point *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->x);
	ferry_store_u32(p + 4, (uint32_t)v->y);
}

void
point_put(struct ferry_encoder *e, const struct point *v)
{
	put_point(e, v);
}

static inline void
get_point(struct ferry_decoder *d, struct point *v)
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

void
point_get(struct ferry_decoder *d, struct point *v)
{
	get_point(d, v);
}

size_t
position_size(const position *v)
{
	(void)v;
	return 8;
}

void
position_put(struct ferry_encoder *e, const position *v)
{
	put_point(e, v);
}

void
position_get(struct ferry_decoder *d, position *v)
{
	get_point(d, v);
}

size_t
line_size(const struct line *v)
{
	(void)v;
	return 16;
}

void
line_put(struct ferry_encoder *e, const struct line *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 16);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->from.x);
	ferry_store_u32(p + 4, (uint32_t)v->from.y);
	ferry_store_u32(p + 8, (uint32_t)v->to.x);
	ferry_store_u32(p + 12, (uint32_t)v->to.y);
}

void
line_get(struct ferry_decoder *d, struct line *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 16);
	if (!p)
		goto bad;
	v->from.x = (int32_t)ferry_load_u32(p);
	v->from.y = (int32_t)ferry_load_u32(p + 4);
	v->to.x = (int32_t)ferry_load_u32(p + 8);
	v->to.y = (int32_t)ferry_load_u32(p + 12);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
scalars_size(const struct scalars *v)
{
	(void)v;
	return 100;
}

static inline void
put_scalars(struct ferry_encoder *e, const struct scalars *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 100);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->a);
	ferry_store_u32(p + 4, v->b);
	ferry_store_u64(p + 8, (uint64_t)v->c);
	ferry_store_u64(p + 16, v->d);
	ferry_store_f32(p + 24, &v->e);
	ferry_store_f64(p + 28, &v->f);
	ferry_store_quadruple(p + 36, &v->g);
	ferry_store_u32(p + 52, v->h);
	store_color(e, p + 56, v->i);
	ferry_store_u32(p + 60, (uint32_t)v->j);
	ferry_store_u32(p + 64, v->k);
	ferry_store_u32(p + 68, (uint32_t)v->l);
	ferry_store_u32(p + 72, v->m);
	store_step(e, p + 76, v->n);
	store_color(e, p + 80, v->o);
	ferry_store_u64(p + 84, v->p);
	ferry_store_u32(p + 92, v->q);
	ferry_store_f32(p + 96, &v->r);
}

void
scalars_put(struct ferry_encoder *e, const struct scalars *v)
{
	put_scalars(e, v);
}

static inline void
get_scalars(struct ferry_decoder *d, struct scalars *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 100);
	if (!p)
		goto bad;
	v->a = (int32_t)ferry_load_u32(p);
	v->b = ferry_load_u32(p + 4);
	v->c = (int64_t)ferry_load_u64(p + 8);
	v->d = ferry_load_u64(p + 16);
	ferry_load_f32(p + 24, &v->e);
	ferry_load_f64(p + 28, &v->f);
	ferry_load_quadruple(p + 36, &v->g);
	v->h = ferry_load_bool(d, p + 52);
	v->i = load_color(d, p + 56);
	v->j = load_char(d, p + 60);
	v->k = load_uchar(d, p + 64);
	v->l = load_short(d, p + 68);
	v->m = load_ushort(d, p + 72);
	v->n = load_step(d, p + 76);
	v->o = load_color(d, p + 80);
	v->p = ferry_load_u64(p + 84);
	v->q = ferry_load_bool(d, p + 92);
	ferry_load_f32(p + 96, &v->r);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
scalars_get(struct ferry_decoder *d, struct scalars *v)
{
	get_scalars(d, v);
}

size_t
fixed_size(const struct fixed *v)
{
	size_t bytes = 116;

	bytes += 68;
	bytes += 100;
	bytes += 16;
	bytes += 160;
	bytes += 16;
	bytes += 12;
	bytes += 8;
	bytes += 72;
	bytes += 16;
	bytes += 160;
	for (uint32_t i = 0; i < 2 && bytes < SIZE_MAX / 2; i++) {
		bytes += ferry_size_var(v->p[i].len);
	}
	if (!v->q)
		return SIZE_MAX;
	for (uint32_t i = 0; i < 5 && bytes < SIZE_MAX / 2; i++) {
		bytes += ferry_size_var(v->q[i].len);
	}
	bytes += 32;
	bytes += 16;
	return bytes;
}

void
fixed_put(struct ferry_encoder *e, const struct fixed *v)
{
	struct ferry_str s0;
	struct ferry_str s1;
	uint8_t *p;

	p = ferry_put_run(e, 76);
	if (!p)
		return;
	ferry_store_opaque(p, v->a, 4);
	ferry_store_opaque(p + 4, v->b, 5);
	ferry_store_opaque(p + 12, v->c, 64);
	if (!v->d)
		goto bad;
	ferry_put_opaque(e, v->d, 65);
	p = ferry_put_run(e, 40);
	if (!p)
		return;
	ferry_store_opaque(p, v->e.data, 32);
	ferry_store_opaque(p + 32, v->f.data, 7);
	large_put(e, &v->g);
	four_put(e, &v->h);
	hypers_put(e, &v->i);
	ferry_put_u32s(e, v->j, SIZE);
	for (uint32_t i = 0; i < 3 && !e->err; i++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->k[i]);
	}
	for (uint32_t i = 0; i < 2 && !e->err; i++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		store_color(e, p, v->l[i]);
	}
	if (!v->m)
		goto bad;
	ferry_put_u64s(e, v->m, 9);
	for (uint32_t i = 0; i < 2 && !e->err; i++)
		put_point(e, &v->n[i]);
	if (!v->o)
		goto bad;
	for (uint32_t i = 0; i < 20 && !e->err; i++)
		put_point(e, &v->o[i]);
	for (uint32_t i = 0; i < 2 && !e->err; i++) {
		s0 = v->p[i];
		if (s0.len > 255)
			goto bad;
		p = ferry_put_run(e, 4 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_str(p, s0);
	}
	if (!v->q)
		goto bad;
	for (uint32_t i = 0; i < 5 && !e->err; i++) {
		s1 = v->q[i];
		if (s1.len > 255)
			goto bad;
		p = ferry_put_run(e, 4 + ferry_padded(s1.len));
		if (!p)
			return;
		ferry_store_str(p, s1);
	}
	for (uint32_t i = 0; i < 2 && !e->err; i++) {
		p = ferry_put_run(e, 16);
		if (!p)
			return;
		ferry_store_quadruple(p, &v->r[i]);
	}
	for (uint32_t i = 0; i < 4 && !e->err; i++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->s[i]);
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
fixed_get(struct ferry_decoder *d, struct fixed *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	memcpy(v->a, p, 4);
	ferry_get_opaque(d, v->b, 5);
	p = ferry_get_run(d, 64);
	if (!p)
		goto bad;
	memcpy(v->c, p, 64);
	v->d = ferry_get_memory(d, 65, sizeof(*v->d));
	if (!v->d)
		goto bad;
	ferry_get_opaque(d, v->d, 65);
	p = ferry_get_run(d, 32);
	if (!p)
		goto bad;
	memcpy(v->e.data, p, 32);
	ferry_get_opaque(d, v->f.data, 7);
	large_get(d, &v->g);
	four_get(d, &v->h);
	hypers_get(d, &v->i);
	ferry_get_u32s(d, v->j, SIZE);
	for (uint32_t i = 0; i < 3 && !d->err; i++) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->k[i] = ferry_load_bool(d, p);
	}
	for (uint32_t i = 0; i < 2 && !d->err; i++) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->l[i] = load_color(d, p);
	}
	v->m = ferry_get_memory(d, 9, sizeof(*v->m));
	if (!v->m)
		goto bad;
	ferry_get_u64s(d, v->m, 9);
	for (uint32_t i = 0; i < 2 && !d->err; i++)
		get_point(d, &v->n[i]);
	v->o = ferry_get_memory(d, 20, sizeof(*v->o));
	if (!v->o)
		goto bad;
	for (uint32_t i = 0; i < 20 && !d->err; i++)
		get_point(d, &v->o[i]);
	for (uint32_t i = 0; i < 2 && !d->err; i++) {
		v->p[i] = ferry_get_str(d, 255);
	}
	v->q = ferry_get_memory(d, 5, sizeof(*v->q));
	if (!v->q)
		goto bad;
	for (uint32_t i = 0; i < 5 && !d->err; i++) {
		v->q[i] = ferry_get_str(d, 255);
	}
	for (uint32_t i = 0; i < 2 && !d->err; i++) {
		p = ferry_get_run(d, 16);
		if (!p)
			goto bad;
		ferry_load_quadruple(p, &v->r[i]);
	}
	for (uint32_t i = 0; i < 4 && !d->err; i++) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->s[i] = load_uchar(d, p);
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
variable_size(const struct variable *v)
{
	size_t bytes = ferry_size_var(v->a.len);
	uint32_t n;

	bytes += ferry_size_var(v->b.len);
	bytes += ferry_size_var(v->c.len);
	bytes += ferry_size_var(v->d.len);
	bytes += 4;
	bytes += (size_t)v->n_e * 4;
	bytes += 4;
	bytes += (size_t)v->n_f * 8;
	bytes += 4;
	bytes += (size_t)v->n_g * 4;
	bytes += 4;
	bytes += (size_t)v->n_h * 4;
	bytes += 4;
	bytes += (size_t)v->n_i * 8;
	bytes += 4;
	n = v->j ? v->n_j : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++) {
		bytes += ferry_size_var(v->j[i].len);
	}
	bytes += ints_size(&v->k);
	bytes += 4;
	n = v->l ? v->n_l : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++)
		bytes += size_ints(&v->l[i]);
	bytes += 4;
	bytes += (size_t)v->n_m * 4;
	bytes += 4;
	bytes += (size_t)v->n_n * 100;
	bytes += 4;
	bytes += (size_t)v->n_o * 16;
	bytes += 4;
	bytes += (size_t)v->n_p * 4;
	bytes += 4;
	bytes += (size_t)v->n_q * 8;
	bytes += ferry_size_var(v->r.len);
	bytes += 4;
	bytes += (size_t)v->n_s * 32;
	return bytes;
}

void
variable_put(struct ferry_encoder *e, const struct variable *v)
{
	struct ferry_str s0;
	struct ferry_str s1;
	struct ferry_bytes s2;
	struct ferry_bytes s3;
	struct ferry_str s4;
	struct ferry_bytes s5;
	uint8_t *p;
	uint32_t n;

	s0 = v->a;
	s1 = v->b;
	if (s1.len > 10)
		goto bad;
	s2 = v->c;
	s3 = v->d;
	if (s3.len > 3)
		goto bad;
	p = ferry_put_run(e, 16 + ferry_padded(s0.len) + ferry_padded(s1.len) +
			  ferry_padded(s2.len) + ferry_padded(s3.len));
	if (!p)
		return;
	p = ferry_store_str(p, s0);
	p = ferry_store_str(p, s1);
	p = ferry_store_bytes(p, s2);
	ferry_store_bytes(p, s3);
	n = v->n_e;
	if (n > 0 && !v->e)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	ferry_put_u32s(e, v->e, n);
	n = v->n_f;
	if (n > 0 && !v->f)
		goto bad;
	ferry_put_count(e, n, 4);
	ferry_put_u64s(e, v->f, n);
	n = v->n_g;
	if (n > 0 && !v->g)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->g[i]);
	}
	n = v->n_h;
	if (n > 0 && !v->h)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		store_color(e, p, v->h[i]);
	}
	n = v->n_i;
	if (n > 0 && !v->i)
		goto bad;
	ferry_put_count(e, n, 7);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_point(e, &v->i[i]);
	n = v->n_j;
	if (n > 0 && !v->j)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++) {
		s4 = v->j[i];
		if (s4.len > 255)
			goto bad;
		p = ferry_put_run(e, 4 + ferry_padded(s4.len));
		if (!p)
			return;
		ferry_store_str(p, s4);
	}
	ints_put(e, &v->k);
	n = v->n_l;
	if (n > 0 && !v->l)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_ints(e, &v->l[i]);
	n = v->n_m;
	if (n > 0 && !v->m)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->m[i]);
	}
	n = v->n_n;
	if (n > 0 && !v->n)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_scalars(e, &v->n[i]);
	n = v->n_o;
	if (n > 0 && !v->o)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++) {
		p = ferry_put_run(e, 16);
		if (!p)
			return;
		ferry_store_quadruple(p, &v->o[i]);
	}
	n = v->n_p;
	if (n > 0 && !v->p)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	ferry_put_u32s(e, v->p, n);
	n = v->n_q;
	if (n > 0 && !v->q)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	ferry_put_u64s(e, v->q, n);
	s5 = v->r;
	p = ferry_put_run(e, 4 + ferry_padded(s5.len));
	if (!p)
		return;
	ferry_store_bytes(p, s5);
	n = v->n_s;
	if (n > 0 && !v->s)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_fhandle(e, &v->s[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
variable_get(struct ferry_decoder *d, struct variable *v)
{
	const uint8_t *p;
	uint32_t n;

	v->a = ferry_get_str(d, UINT32_MAX);
	v->b = ferry_get_str(d, 10);
	v->c = ferry_get_bytes(d, UINT32_MAX);
	v->d = ferry_get_bytes(d, 3);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->e = ferry_get_memory(d, n, sizeof(*v->e));
	v->n_e = v->e ? n : 0;
	ferry_get_u32s(d, v->e, v->n_e);
	n = ferry_get_count(d, 4, 8);
	v->f = ferry_get_memory(d, n, sizeof(*v->f));
	v->n_f = v->f ? n : 0;
	ferry_get_u64s(d, v->f, v->n_f);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->g = ferry_get_memory(d, n, sizeof(*v->g));
	v->n_g = v->g ? n : 0;
	for (uint32_t i = 0; i < v->n_g && !d->err; i++) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->g[i] = ferry_load_bool(d, p);
	}
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->h = ferry_get_memory(d, n, sizeof(*v->h));
	v->n_h = v->h ? n : 0;
	for (uint32_t i = 0; i < v->n_h && !d->err; i++) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->h[i] = load_color(d, p);
	}
	n = ferry_get_count(d, 7, 8);
	v->i = ferry_get_memory(d, n, sizeof(*v->i));
	v->n_i = v->i ? n : 0;
	for (uint32_t i = 0; i < v->n_i && !d->err; i++)
		get_point(d, &v->i[i]);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->j = ferry_get_memory(d, n, sizeof(*v->j));
	v->n_j = v->j ? n : 0;
	for (uint32_t i = 0; i < v->n_j && !d->err; i++) {
		v->j[i] = ferry_get_str(d, 255);
	}
	ints_get(d, &v->k);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->l = ferry_get_memory(d, n, sizeof(*v->l));
	v->n_l = v->l ? n : 0;
	for (uint32_t i = 0; i < v->n_l && !d->err; i++)
		get_ints(d, &v->l[i]);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->m = ferry_get_memory(d, n, sizeof(*v->m));
	v->n_m = v->m ? n : 0;
	for (uint32_t i = 0; i < v->n_m && !d->err; i++) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->m[i] = load_short(d, p);
	}
	n = ferry_get_count(d, UINT32_MAX, 100);
	v->n = ferry_get_memory(d, n, sizeof(*v->n));
	v->n_n = v->n ? n : 0;
	for (uint32_t i = 0; i < v->n_n && !d->err; i++)
		get_scalars(d, &v->n[i]);
	n = ferry_get_count(d, UINT32_MAX, 16);
	v->o = ferry_get_memory(d, n, sizeof(*v->o));
	v->n_o = v->o ? n : 0;
	for (uint32_t i = 0; i < v->n_o && !d->err; i++) {
		p = ferry_get_run(d, 16);
		if (!p)
			goto bad;
		ferry_load_quadruple(p, &v->o[i]);
	}
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->p = ferry_get_memory(d, n, sizeof(*v->p));
	v->n_p = v->p ? n : 0;
	ferry_get_u32s(d, v->p, v->n_p);
	n = ferry_get_count(d, UINT32_MAX, 8);
	v->q = ferry_get_memory(d, n, sizeof(*v->q));
	v->n_q = v->q ? n : 0;
	ferry_get_u64s(d, v->q, v->n_q);
	v->r = ferry_get_bytes(d, UINT32_MAX);
	n = ferry_get_count(d, UINT32_MAX, 32);
	v->s = ferry_get_memory(d, n, sizeof(*v->s));
	v->n_s = v->s ? n : 0;
	for (uint32_t i = 0; i < v->n_s && !d->err; i++)
		get_fhandle(d, &v->s[i]);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
maybe_size(const struct maybe *v)
{
	size_t bytes = 36;

	if (v->a) {
		bytes += 4;
	}
	if (v->b)
		bytes += 8;
	if (v->c) {
		bytes += ferry_size_var(v->c->len);
	}
	if (v->d)
		bytes += 100;
	if (v->e) {
		bytes += 4;
	}
	if (v->f) {
		bytes += 4;
	}
	if (v->g)
		bytes += ints_size(v->g);
	if (v->h) {
		bytes += 16;
	}
	if (v->i)
		bytes += 32;
	return bytes;
}

void
maybe_put(struct ferry_encoder *e, const struct maybe *v)
{
	struct ferry_str s0;
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->a != NULL);
	if (v->a) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)*v->a);
	}
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->b != NULL);
	if (v->b)
		point_put(e, v->b);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->c != NULL);
	if (v->c) {
		s0 = *v->c;
		if (s0.len > 255)
			goto bad;
		p = ferry_put_run(e, 4 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_str(p, s0);
	}
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->d != NULL);
	if (v->d)
		scalars_put(e, v->d);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->e != NULL);
	if (v->e) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		store_color(e, p, *v->e);
	}
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->f != NULL);
	if (v->f) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, *v->f);
	}
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->g != NULL);
	if (v->g)
		ints_put(e, v->g);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->h != NULL);
	if (v->h) {
		p = ferry_put_run(e, 16);
		if (!p)
			return;
		ferry_store_quadruple(p, v->h);
	}
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->i != NULL);
	if (v->i)
		fhandle_put(e, v->i);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
maybe_get(struct ferry_decoder *d, struct maybe *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->a = more ? ferry_get_memory(d, 1, sizeof(*v->a)) : NULL;
	if (v->a) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		*v->a = (int32_t)ferry_load_u32(p);
	}
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->b = more ? ferry_get_memory(d, 1, sizeof(*v->b)) : NULL;
	if (v->b)
		point_get(d, v->b);
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->c = more ? ferry_get_memory(d, 1, sizeof(*v->c)) : NULL;
	if (v->c) {
		*v->c = ferry_get_str(d, 255);
	}
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->d = more ? ferry_get_memory(d, 1, sizeof(*v->d)) : NULL;
	if (v->d)
		scalars_get(d, v->d);
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->e = more ? ferry_get_memory(d, 1, sizeof(*v->e)) : NULL;
	if (v->e) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		*v->e = load_color(d, p);
	}
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->f = more ? ferry_get_memory(d, 1, sizeof(*v->f)) : NULL;
	if (v->f) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		*v->f = ferry_load_bool(d, p);
	}
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->g = more ? ferry_get_memory(d, 1, sizeof(*v->g)) : NULL;
	if (v->g)
		ints_get(d, v->g);
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->h = more ? ferry_get_memory(d, 1, sizeof(*v->h)) : NULL;
	if (v->h) {
		p = ferry_get_run(d, 16);
		if (!p)
			goto bad;
		ferry_load_quadruple(p, v->h);
	}
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->i = more ? ferry_get_memory(d, 1, sizeof(*v->i)) : NULL;
	if (v->i)
		fhandle_get(d, v->i);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
result_size(const struct result *v)
{
	size_t bytes = 4;

	switch (v->kind) {
	case RED:
		break;
	case GREEN:
		bytes += 4;
		break;
	case BLUE:
		bytes += 100;
		break;
	default:
		return SIZE_MAX;
	}
	return bytes;
}

void
result_put(struct ferry_encoder *e, const struct result *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_color(e, p, v->kind);
	switch (v->kind) {
	case RED:
		break;
	case GREEN:
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->u.number);
		break;
	case BLUE:
		if (!v->u.all)
			goto bad;
		scalars_put(e, v->u.all);
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
result_get(struct ferry_decoder *d, struct result *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->kind = load_color(d, p);
	memset(&v->u, 0, sizeof(v->u));
	switch (v->kind) {
	case RED:
		break;
	case GREEN:
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->u.number = (int32_t)ferry_load_u32(p);
		break;
	case BLUE:
		v->u.all = ferry_get_memory(d, 1, sizeof(*v->u.all));
		if (!v->u.all)
			goto bad;
		scalars_get(d, v->u.all);
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
idle_size(const struct idle *v)
{
	(void)v;
	return 0;
}

FERRY_COLD void
idle_put(struct ferry_encoder *e, const struct idle *v)
{
	(void)e;
	(void)v;
}

FERRY_COLD void
idle_get(struct ferry_decoder *d, struct idle *v)
{
	(void)d;
	memset(v, 0, sizeof(*v));
}

static inline size_t
size_other(const struct other *v)
{
	size_t bytes = 4;
	uint32_t n;

	switch (v->code) {
	case 0:
		bytes += ferry_size_var(v->u.text.len);
		break;
	case 1:
	case 2:
		bytes += 4;
		bytes += (size_t)v->u.list.n_items * 4;
		break;
	case 3:
		bytes += 8;
		break;
	case 4:
		bytes += 100;
		break;
	case -5:
		bytes += 16;
		break;
	case 6:
		bytes += 4;
		if (v->u.maybe) {
			bytes += 4;
		}
		break;
	case 7:
		bytes += 32;
		break;
	case 8:
		bytes += 4;
		n = v->u.names.items ? v->u.names.n_items : 0;
		for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++) {
			bytes += ferry_size_var(v->u.names.items[i].len);
		}
		break;
	default:
		break;
	}
	return bytes;
}

size_t
other_size(const struct other *v)
{
	return size_other(v);
}

static inline void
put_other(struct ferry_encoder *e, const struct other *v)
{
	struct ferry_str s0;
	struct ferry_str s1;
	uint8_t *p;
	uint32_t n;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->code);
	switch (v->code) {
	case 0:
		s0 = v->u.text;
		if (s0.len > 20)
			goto bad;
		p = ferry_put_run(e, 4 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_str(p, s0);
		break;
	case 1:
	case 2:
		n = v->u.list.n_items;
		if (n > 0 && !v->u.list.items)
			goto bad;
		ferry_put_count(e, n, UINT32_MAX);
		ferry_put_u32s(e, v->u.list.items, n);
		break;
	case 3:
		p = ferry_put_run(e, 8);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->u.where.x);
		ferry_store_u32(p + 4, (uint32_t)v->u.where.y);
		break;
	case 4:
		if (!v->u.bytes)
			goto bad;
		ferry_put_opaque(e, v->u.bytes, 100);
		break;
	case -5:
		ferry_put_u32s(e, v->u.words, 4);
		break;
	case 6:
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->u.maybe != NULL);
		if (v->u.maybe) {
			p = ferry_put_run(e, 4);
			if (!p)
				return;
			ferry_store_u32(p, (uint32_t)*v->u.maybe);
		}
		break;
	case 7:
		p = ferry_put_run(e, 32);
		if (!p)
			return;
		ferry_store_opaque(p, v->u.fh.data, 32);
		break;
	case 8:
		n = v->u.names.n_items;
		if (n > 0 && !v->u.names.items)
			goto bad;
		ferry_put_count(e, n, 3);
		for (uint32_t i = 0; i < n && !e->err; i++) {
			s1 = v->u.names.items[i];
			if (s1.len > 255)
				goto bad;
			p = ferry_put_run(e, 4 + ferry_padded(s1.len));
			if (!p)
				return;
			ferry_store_str(p, s1);
		}
		break;
	default:
		break;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
other_put(struct ferry_encoder *e, const struct other *v)
{
	put_other(e, v);
}

static inline void
get_other(struct ferry_decoder *d, struct other *v)
{
	const uint8_t *p;
	uint32_t n;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->code = (int32_t)ferry_load_u32(p);
	memset(&v->u, 0, sizeof(v->u));
	switch (v->code) {
	case 0:
		v->u.text = ferry_get_str(d, 20);
		break;
	case 1:
	case 2:
		n = ferry_get_count(d, UINT32_MAX, 4);
		v->u.list.items =
			ferry_get_memory(d, n, sizeof(*v->u.list.items));
		v->u.list.n_items = v->u.list.items ? n : 0;
		ferry_get_u32s(d, v->u.list.items, v->u.list.n_items);
		break;
	case 3:
		p = ferry_get_run(d, 8);
		if (!p)
			goto bad;
		v->u.where.x = (int32_t)ferry_load_u32(p);
		v->u.where.y = (int32_t)ferry_load_u32(p + 4);
		break;
	case 4:
		v->u.bytes = ferry_get_memory(d, 100, sizeof(*v->u.bytes));
		if (!v->u.bytes)
			goto bad;
		ferry_get_opaque(d, v->u.bytes, 100);
		break;
	case -5:
		ferry_get_u32s(d, v->u.words, 4);
		break;
	case 6:
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		more = ferry_load_bool(d, p);
		v->u.maybe = more ? ferry_get_memory(d, 1,
						     sizeof(*v->u.maybe)) : NULL;
		if (v->u.maybe) {
			p = ferry_get_run(d, 4);
			if (!p)
				goto bad;
			*v->u.maybe = (int32_t)ferry_load_u32(p);
		}
		break;
	case 7:
		p = ferry_get_run(d, 32);
		if (!p)
			goto bad;
		memcpy(v->u.fh.data, p, 32);
		break;
	case 8:
		n = ferry_get_count(d, 3, 4);
		v->u.names.items =
			ferry_get_memory(d, n, sizeof(*v->u.names.items));
		v->u.names.n_items = v->u.names.items ? n : 0;
		for (uint32_t i = 0; i < v->u.names.n_items && !d->err; i++) {
			v->u.names.items[i] = ferry_get_str(d, 255);
		}
		break;
	default:
		break;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
other_get(struct ferry_decoder *d, struct other *v)
{
	get_other(d, v);
}

size_t
yes_size(const struct yes *v)
{
	size_t bytes = 4;

	switch ((int)v->is) {
	case true:
		bytes += 8;
		break;
	case false:
		break;
	default:
		return SIZE_MAX;
	}
	return bytes;
}

void
yes_put(struct ferry_encoder *e, const struct yes *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->is);
	switch ((int)v->is) {
	case true:
		p = ferry_put_run(e, 8);
		if (!p)
			return;
		ferry_store_u64(p, (uint64_t)v->u.value);
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
yes_get(struct ferry_decoder *d, struct yes *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->is = ferry_load_bool(d, p);
	memset(&v->u, 0, sizeof(v->u));
	switch ((int)v->is) {
	case true:
		p = ferry_get_run(d, 8);
		if (!p)
			goto bad;
		v->u.value = (int64_t)ferry_load_u64(p);
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
un_size(const struct un *v)
{
	size_t bytes = 4;

	switch (v->which) {
	case 1u:
		bytes += 16;
		break;
	case 2147483648u:
		bytes += ferry_size_var(v->u.b.len);
		break;
	default:
		if (!v->u.rest)
			return SIZE_MAX;
		bytes += variable_size(v->u.rest);
		break;
	}
	return bytes;
}

void
un_put(struct ferry_encoder *e, const struct un *v)
{
	struct ferry_bytes s0;
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->which);
	switch (v->which) {
	case 1u:
		p = ferry_put_run(e, 16);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->u.at.from.x);
		ferry_store_u32(p + 4, (uint32_t)v->u.at.from.y);
		ferry_store_u32(p + 8, (uint32_t)v->u.at.to.x);
		ferry_store_u32(p + 12, (uint32_t)v->u.at.to.y);
		break;
	case 2147483648u:
		s0 = v->u.b;
		p = ferry_put_run(e, 4 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_bytes(p, s0);
		break;
	default:
		if (!v->u.rest)
			goto bad;
		variable_put(e, v->u.rest);
		break;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
un_get(struct ferry_decoder *d, struct un *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->which = ferry_load_u32(p);
	memset(&v->u, 0, sizeof(v->u));
	switch (v->which) {
	case 1u:
		p = ferry_get_run(d, 16);
		if (!p)
			goto bad;
		v->u.at.from.x = (int32_t)ferry_load_u32(p);
		v->u.at.from.y = (int32_t)ferry_load_u32(p + 4);
		v->u.at.to.x = (int32_t)ferry_load_u32(p + 8);
		v->u.at.to.y = (int32_t)ferry_load_u32(p + 12);
		break;
	case 2147483648u:
		v->u.b = ferry_get_bytes(d, UINT32_MAX);
		break;
	default:
		v->u.rest = ferry_get_memory(d, 1, sizeof(*v->u.rest));
		if (!v->u.rest)
			goto bad;
		variable_get(d, v->u.rest);
		break;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
nothing_size(const struct nothing *v)
{
	(void)v;
	return 4;
}

void
nothing_put(struct ferry_encoder *e, const struct nothing *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_step(e, p, v->s);
	switch (v->s) {
	case ONE:
		break;
	default:
		break;
	}
}

void
nothing_get(struct ferry_decoder *d, struct nothing *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->s = load_step(d, p);
	switch (v->s) {
	case ONE:
		break;
	default:
		break;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
node_size(const struct node *v)
{
	size_t bytes = 0;

	for (; v; v = v->next) {
		if (!add_size(&bytes, 8))
			return SIZE_MAX;
		if (!add_size(&bytes, ferry_size_var(v->label.len)))
			return SIZE_MAX;
	}
	return bytes;
}

void
node_put(struct ferry_encoder *e, const struct node *v)
{
	struct ferry_str s0;
	uint8_t *p;

	for (;;) {
		s0 = v->label;
		p = ferry_put_run(e, 12 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->value);
		p = ferry_store_str(p + 4, s0);
		ferry_store_u32(p, v->next != NULL);
		if (!v->next)
			break;
		v = v->next;
	}
}

void
node_get(struct ferry_decoder *d, struct node *v)
{
	const uint8_t *p;
	bool more;

	for (;;) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->value = (int32_t)ferry_load_u32(p);
		v->label = ferry_get_str(d, UINT32_MAX);
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		more = ferry_load_bool(d, p);
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

FERRY_COLD size_t
leaves_size(const leaves *v)
{
	size_t bytes = 4;

	if (*v) {
		if (!add_size(&bytes, leaf_size(*v)))
			return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
leaves_put(struct ferry_encoder *e, const leaves *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v != NULL);
	if (*v)
		leaf_put(e, *v);
}

FERRY_COLD void
leaves_get(struct ferry_decoder *d, leaves *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	*v = more ? ferry_get_memory(d, 1, sizeof(**v)) : NULL;
	if (*v)
		leaf_get(d, *v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
leaf_size(const struct leaf *v)
{
	size_t bytes = 0;

	for (; v; v = v->next) {
		if (!add_size(&bytes, 12))
			return SIZE_MAX;
	}
	return bytes;
}

void
leaf_put(struct ferry_encoder *e, const struct leaf *v)
{
	uint8_t *p;

	for (;;) {
		p = ferry_put_run(e, 12);
		if (!p)
			return;
		ferry_store_u64(p, (uint64_t)v->id);
		ferry_store_u32(p + 8, v->next != NULL);
		if (!v->next)
			break;
		v = v->next;
	}
}

void
leaf_get(struct ferry_decoder *d, struct leaf *v)
{
	const uint8_t *p;
	bool more;

	for (;;) {
		p = ferry_get_run(d, 12);
		if (!p)
			goto bad;
		v->id = (int64_t)ferry_load_u64(p);
		more = ferry_load_bool(d, p + 8);
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

static inline size_t
size_tree(const struct tree *v, uint32_t depth)
{
	size_t bytes = 0;

	if (depth == 0)
		return SIZE_MAX;
	for (; v; v = v->right) {
		if (!add_size(&bytes, 12))
			return SIZE_MAX;
		if (v->left) {
			if (!add_size(&bytes, size_tree(v->left, depth - 1)))
				return SIZE_MAX;
		}
	}
	return bytes;
}

size_t
tree_size(const struct tree *v)
{
	return size_tree(v, FERRY_XDR_DEPTH);
}

static inline void
put_tree(struct ferry_encoder *e, const struct tree *v)
{
	uint8_t *p;

	if (!ferry_put_enter(e))
		return;
	for (;;) {
		p = ferry_put_run(e, 8);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->key);
		ferry_store_u32(p + 4, v->left != NULL);
		if (v->left)
			tree_put(e, v->left);
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->right != NULL);
		if (!v->right)
			break;
		v = v->right;
	}
	ferry_put_leave(e);
}

void
tree_put(struct ferry_encoder *e, const struct tree *v)
{
	put_tree(e, v);
}

static inline void
get_tree(struct ferry_decoder *d, struct tree *v)
{
	const uint8_t *p;
	bool more;

	if (!ferry_get_enter(d))
		goto bad;
	for (;;) {
		p = ferry_get_run(d, 8);
		if (!p)
			goto bad;
		v->key = (int32_t)ferry_load_u32(p);
		more = ferry_load_bool(d, p + 4);
		v->left =
			more ? ferry_get_memory(d, 1, sizeof(*v->left)) : NULL;
		if (v->left)
			tree_get(d, v->left);
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		more = ferry_load_bool(d, p);
		v->right =
			more ? ferry_get_memory(d, 1, sizeof(*v->right)) : NULL;
		if (!v->right)
			break;
		v = v->right;
	}
	ferry_get_leave(d);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
tree_get(struct ferry_decoder *d, struct tree *v)
{
	get_tree(d, v);
}

size_t
forest_size(const struct forest *v)
{
	size_t bytes = 4;
	uint32_t n;

	n = v->trees ? v->n_trees : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++) {
		if (!add_size(&bytes, size_tree(&v->trees[i], FERRY_XDR_DEPTH)))
			return SIZE_MAX;
	}
	if (!add_size(&bytes, result_size(&v->r)))
		return SIZE_MAX;
	return bytes;
}

void
forest_put(struct ferry_encoder *e, const struct forest *v)
{
	uint32_t n;

	n = v->n_trees;
	if (n > 0 && !v->trees)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_tree(e, &v->trees[i]);
	result_put(e, &v->r);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
forest_get(struct ferry_decoder *d, struct forest *v)
{
	uint32_t n;

	n = ferry_get_count(d, UINT32_MAX, 12);
	v->trees = ferry_get_memory(d, n, sizeof(*v->trees));
	v->n_trees = v->trees ? n : 0;
	for (uint32_t i = 0; i < v->n_trees && !d->err; i++)
		get_tree(d, &v->trees[i]);
	result_get(d, &v->r);
}

static inline size_t
size_dir(const struct dir *v, uint32_t depth)
{
	size_t bytes = 0;
	uint32_t n;

	if (depth == 0)
		return SIZE_MAX;
	if (!add_size(&bytes, ferry_size_var(v->n.len)))
		return SIZE_MAX;
	if (!add_size(&bytes, 4))
		return SIZE_MAX;
	n = v->kids ? v->n_kids : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++) {
		if (!add_size(&bytes, size_dir(&v->kids[i], depth - 1)))
			return SIZE_MAX;
	}
	return bytes;
}

size_t
dir_size(const struct dir *v)
{
	return size_dir(v, FERRY_XDR_DEPTH);
}

static inline void
put_dir(struct ferry_encoder *e, const struct dir *v)
{
	struct ferry_str s0;
	uint8_t *p;
	uint32_t n;

	if (!ferry_put_enter(e))
		return;
	s0 = v->n;
	if (s0.len > 255)
		goto bad;
	p = ferry_put_run(e, 4 + ferry_padded(s0.len));
	if (!p)
		return;
	ferry_store_str(p, s0);
	n = v->n_kids;
	if (n > 0 && !v->kids)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_dir(e, &v->kids[i]);
	ferry_put_leave(e);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
dir_put(struct ferry_encoder *e, const struct dir *v)
{
	put_dir(e, v);
}

static inline void
get_dir(struct ferry_decoder *d, struct dir *v)
{
	uint32_t n;

	if (!ferry_get_enter(d))
		goto bad;
	v->n = ferry_get_str(d, 255);
	n = ferry_get_count(d, UINT32_MAX, 8);
	v->kids = ferry_get_memory(d, n, sizeof(*v->kids));
	v->n_kids = v->kids ? n : 0;
	for (uint32_t i = 0; i < v->n_kids && !d->err; i++)
		get_dir(d, &v->kids[i]);
	ferry_get_leave(d);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
dir_get(struct ferry_decoder *d, struct dir *v)
{
	get_dir(d, v);
}

static size_t
size_dirlist(const struct dirlist *v, uint32_t depth)
{
	size_t bytes = 4;
	uint32_t n;

	n = v->items ? v->n_items : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++) {
		if (!add_size(&bytes, size_dirs2(&v->items[i], depth)))
			return SIZE_MAX;
	}
	return bytes;
}

size_t
dirlist_size(const struct dirlist *v)
{
	return size_dirlist(v, FERRY_XDR_DEPTH);
}

void
dirlist_put(struct ferry_encoder *e, const struct dirlist *v)
{
	uint32_t n;

	n = v->n_items;
	if (n > 0 && !v->items)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_dirs2(e, &v->items[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
dirlist_get(struct ferry_decoder *d, struct dirlist *v)
{
	uint32_t n;

	n = ferry_get_count(d, UINT32_MAX, 12);
	v->items = ferry_get_memory(d, n, sizeof(*v->items));
	v->n_items = v->items ? n : 0;
	for (uint32_t i = 0; i < v->n_items && !d->err; i++)
		get_dirs2(d, &v->items[i]);
}

static inline size_t
size_dirs2(const struct dirs2 *v, uint32_t depth)
{
	size_t bytes = 0;

	if (depth == 0)
		return SIZE_MAX;
	for (; v; v = v->next) {
		if (!add_size(&bytes, 8))
			return SIZE_MAX;
		if (!add_size(&bytes, size_dirlist(&v->kids, depth - 1)))
			return SIZE_MAX;
	}
	return bytes;
}

size_t
dirs2_size(const struct dirs2 *v)
{
	return size_dirs2(v, FERRY_XDR_DEPTH);
}

static inline void
put_dirs2(struct ferry_encoder *e, const struct dirs2 *v)
{
	uint8_t *p;

	if (!ferry_put_enter(e))
		return;
	for (;;) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->a);
		dirlist_put(e, &v->kids);
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->next != NULL);
		if (!v->next)
			break;
		v = v->next;
	}
	ferry_put_leave(e);
}

void
dirs2_put(struct ferry_encoder *e, const struct dirs2 *v)
{
	put_dirs2(e, v);
}

static inline void
get_dirs2(struct ferry_decoder *d, struct dirs2 *v)
{
	const uint8_t *p;
	bool more;

	if (!ferry_get_enter(d))
		goto bad;
	for (;;) {
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->a = (int32_t)ferry_load_u32(p);
		dirlist_get(d, &v->kids);
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		more = ferry_load_bool(d, p);
		v->next =
			more ? ferry_get_memory(d, 1, sizeof(*v->next)) : NULL;
		if (!v->next)
			break;
		v = v->next;
	}
	ferry_get_leave(d);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
dirs2_get(struct ferry_decoder *d, struct dirs2 *v)
{
	get_dirs2(d, v);
}

size_t
everything_size(const struct everything *v)
{
	size_t bytes = 24;
	uint32_t n;

	if (!add_size(&bytes, 100))
		return SIZE_MAX;
	if (!add_size(&bytes, fixed_size(&v->b)))
		return SIZE_MAX;
	if (!add_size(&bytes, variable_size(&v->c)))
		return SIZE_MAX;
	if (!add_size(&bytes, maybe_size(&v->d)))
		return SIZE_MAX;
	if (!add_size(&bytes, result_size(&v->e)))
		return SIZE_MAX;
	if (!add_size(&bytes, 4))
		return SIZE_MAX;
	n = v->f ? v->n_f : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++) {
		if (!add_size(&bytes, size_other(&v->f[i])))
			return SIZE_MAX;
	}
	if (!add_size(&bytes, yes_size(&v->g)))
		return SIZE_MAX;
	if (!add_size(&bytes, un_size(&v->h)))
		return SIZE_MAX;
	if (!add_size(&bytes, 4))
		return SIZE_MAX;
	if (!add_size(&bytes, node_size(&v->j)))
		return SIZE_MAX;
	if (v->k) {
		if (!add_size(&bytes, leaf_size(v->k)))
			return SIZE_MAX;
	}
	if (v->l) {
		if (!add_size(&bytes, size_tree(v->l, FERRY_XDR_DEPTH)))
			return SIZE_MAX;
	}
	if (!add_size(&bytes, forest_size(&v->m)))
		return SIZE_MAX;
	if (!add_size(&bytes, size_dir(&v->n, FERRY_XDR_DEPTH)))
		return SIZE_MAX;
	return bytes;
}

void
everything_put(struct ferry_encoder *e, const struct everything *v)
{
	uint8_t *p;
	uint32_t n;

	scalars_put(e, &v->a);
	fixed_put(e, &v->b);
	variable_put(e, &v->c);
	maybe_put(e, &v->d);
	result_put(e, &v->e);
	n = v->n_f;
	if (n > 0 && !v->f)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_other(e, &v->f[i]);
	yes_put(e, &v->g);
	un_put(e, &v->h);
	nothing_put(e, &v->i);
	node_put(e, &v->j);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->k != NULL);
	if (v->k)
		leaf_put(e, v->k);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->l != NULL);
	if (v->l)
		tree_put(e, v->l);
	forest_put(e, &v->m);
	dir_put(e, &v->n);
	p = ferry_put_run(e, 16);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->o.from.x);
	ferry_store_u32(p + 4, (uint32_t)v->o.from.y);
	ferry_store_u32(p + 8, (uint32_t)v->o.to.x);
	ferry_store_u32(p + 12, (uint32_t)v->o.to.y);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
everything_get(struct ferry_decoder *d, struct everything *v)
{
	const uint8_t *p;
	uint32_t n;
	bool more;

	scalars_get(d, &v->a);
	fixed_get(d, &v->b);
	variable_get(d, &v->c);
	maybe_get(d, &v->d);
	result_get(d, &v->e);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->f = ferry_get_memory(d, n, sizeof(*v->f));
	v->n_f = v->f ? n : 0;
	for (uint32_t i = 0; i < v->n_f && !d->err; i++)
		get_other(d, &v->f[i]);
	yes_get(d, &v->g);
	un_get(d, &v->h);
	nothing_get(d, &v->i);
	node_get(d, &v->j);
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->k = more ? ferry_get_memory(d, 1, sizeof(*v->k)) : NULL;
	if (v->k)
		leaf_get(d, v->k);
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->l = more ? ferry_get_memory(d, 1, sizeof(*v->l)) : NULL;
	if (v->l)
		tree_get(d, v->l);
	forest_get(d, &v->m);
	dir_get(d, &v->n);
	p = ferry_get_run(d, 16);
	if (!p)
		goto bad;
	v->o.from.x = (int32_t)ferry_load_u32(p);
	v->o.from.y = (int32_t)ferry_load_u32(p + 4);
	v->o.to.x = (int32_t)ferry_load_u32(p + 8);
	v->o.to.y = (int32_t)ferry_load_u32(p + 12);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD ferry_err
nothing_1_reply(struct ferry_call *call)
{
	ferry_reply_begin(call, 0);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_nothing_1(struct ferry_call *call, const void *handlers,
		struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	ferry_err err;

	if (!ops->nothing)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	err = ops->nothing(call);
	return err ? err : nothing_1_reply(call);
}

FERRY_COLD ferry_err
echo_1_reply(struct ferry_call *call, const struct everything *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, everything_size(out));
	everything_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_echo_1(struct ferry_call *call, const void *handlers,
	     struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	struct everything *everything;
	struct everything out;
	ferry_err err;

	if (!ops->echo)
		return FERRY_EPROC;
	everything = ferry_get_memory(d, 1, sizeof(*everything));
	if (everything)
		everything_get(d, everything);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->echo(call, everything, &out);
	return err ? err : echo_1_reply(call, &out);
}

FERRY_COLD ferry_err
add_1_reply(struct ferry_call *call, const int32_t *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_int(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_add_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	int32_t arg1;
	int32_t arg2;
	int32_t out;
	ferry_err err;

	if (!ops->add)
		return FERRY_EPROC;
	get_int(d, &arg1);
	get_int(d, &arg2);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->add(call, arg1, arg2, &out);
	return err ? err : add_1_reply(call, &out);
}

FERRY_COLD ferry_err
not_1_reply(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_not_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	bool arg;
	bool out;
	ferry_err err;

	if (!ops->not_)
		return FERRY_EPROC;
	get_bool(d, &arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->not_(call, arg, &out);
	return err ? err : not_1_reply(call, &out);
}

FERRY_COLD ferry_err
cat_1_reply(struct ferry_call *call, const struct ferry_str *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, ferry_size_var(out->len));
	ferry_put_str(e, *out, UINT32_MAX);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_cat_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	struct ferry_str arg1;
	struct ferry_str name;
	struct ferry_bytes blob;
	struct ferry_str out;
	ferry_err err;

	if (!ops->cat)
		return FERRY_EPROC;
	arg1 = ferry_get_str(d, UINT32_MAX);
	name = ferry_get_str(d, 255);
	blob = ferry_get_bytes(d, UINT32_MAX);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->cat(call, arg1, name, blob, &out);
	return err ? err : cat_1_reply(call, &out);
}

FERRY_COLD ferry_err
q_1_reply(struct ferry_call *call, const struct ferry_quadruple *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 16);
	put_quadruple(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_q_1(struct ferry_call *call, const void *handlers,
	  struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	struct ferry_quadruple arg;
	struct ferry_quadruple out;
	ferry_err err;

	if (!ops->q)
		return FERRY_EPROC;
	get_quadruple(d, &arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->q(call, arg, &out);
	return err ? err : q_1_reply(call, &out);
}

FERRY_COLD ferry_err
l_1_reply(struct ferry_call *call, const leaves *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, leaves_size(out));
	leaves_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_l_1(struct ferry_call *call, const void *handlers,
	  struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	leaves arg1;
	position *arg2;
	shade arg3;
	count arg4;
	uint32_t arg5;
	struct fhandle *fhandle;
	leaves out;
	ferry_err err;

	if (!ops->l)
		return FERRY_EPROC;
	leaves_get(d, &arg1);
	arg2 = ferry_get_memory(d, 1, sizeof(*arg2));
	if (arg2)
		point_get(d, arg2);
	shade_get(d, &arg3);
	count_get(d, &arg4);
	get_uint(d, &arg5);
	fhandle = ferry_get_memory(d, 1, sizeof(*fhandle));
	if (fhandle)
		fhandle_get(d, fhandle);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->l(call, arg1, arg2, arg3, arg4, arg5, fhandle, &out);
	return err ? err : l_1_reply(call, &out);
}

FERRY_COLD ferry_err
c_1_reply(struct ferry_call *call, const int8_t *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_char(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_c_1(struct ferry_call *call, const void *handlers,
	  struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	uint8_t arg;
	int8_t out;
	ferry_err err;

	if (!ops->c)
		return FERRY_EPROC;
	get_uchar(d, &arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->c(call, arg, &out);
	return err ? err : c_1_reply(call, &out);
}

FERRY_COLD ferry_err
f_1_reply(struct ferry_call *call, const float *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_float(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_f_1(struct ferry_call *call, const void *handlers,
	  struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	double arg;
	float out;
	ferry_err err;

	if (!ops->f)
		return FERRY_EPROC;
	get_double(d, &arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->f(call, arg, &out);
	return err ? err : f_1_reply(call, &out);
}

FERRY_COLD ferry_err
r_1_reply(struct ferry_call *call, const struct result *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, result_size(out));
	result_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_r_1(struct ferry_call *call, const void *handlers,
	  struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	enum color color;
	struct result out;
	ferry_err err;

	if (!ops->r)
		return FERRY_EPROC;
	color_get(d, &color);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->r(call, color, &out);
	return err ? err : r_1_reply(call, &out);
}

FERRY_COLD ferry_err
m_1_reply(struct ferry_call *call, const struct maybe *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, maybe_size(out));
	maybe_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_m_1(struct ferry_call *call, const void *handlers,
	  struct ferry_decoder *d)
{
	const struct all_1_ops *ops = handlers;
	struct ints *ints;
	struct maybe out;
	ferry_err err;

	if (!ops->m)
		return FERRY_EPROC;
	ints = ferry_get_memory(d, 1, sizeof(*ints));
	if (ints)
		ints_get(d, ints);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->m(call, ints, &out);
	return err ? err : m_1_reply(call, &out);
}

static const struct ferry_procedure all_1_procedures[] = {
	{ 0, "NOTHING" },
	{ 1, "ADD" },
	{ 2, "ECHO" },
	{ 3, "NOT" },
	{ 4, "CAT" },
	{ 5, "Q" },
	{ 6, "L" },
	{ 7, "C" },
	{ 8, "F" },
	{ 9, "R" },
	{ 10, "M" },
};

FERRY_COLD static ferry_err
serve_all_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	    const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 0:
		return serve_nothing_1(call, handlers, d);
	case 1:
		return serve_add_1(call, handlers, d);
	case 2:
		return serve_echo_1(call, handlers, d);
	case 3:
		return serve_not_1(call, handlers, d);
	case 4:
		return serve_cat_1(call, handlers, d);
	case 5:
		return serve_q_1(call, handlers, d);
	case 6:
		return serve_l_1(call, handlers, d);
	case 7:
		return serve_c_1(call, handlers, d);
	case 8:
		return serve_f_1(call, handlers, d);
	case 9:
		return serve_r_1(call, handlers, d);
	case 10:
		return serve_m_1(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version all_1_version = {
	"ALL", 0x20000002, 1, 11, all_1_procedures, serve_all_1,
};

ferry_err
all_1_serve(struct ferry_server *server, const struct all_1_ops *ops, void *ctx)
{
	return ferry_server_add(server, &all_1_version, ops, ctx);
}

FERRY_COLD ferry_err
nothing_1_start(struct ferry_call *call)
{
	ferry_call_begin(call, &all_1_version, 0, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
nothing_1_finish(struct ferry_call *call)
{
	ferry_call_wait(call);
	return ferry_call_end(call);
}

FERRY_COLD ferry_err
nothing_1(struct ferry_call *call)
{
	ferry_err err = nothing_1_start(call);

	return err ? err : nothing_1_finish(call);
}

FERRY_COLD ferry_err
echo_1_start(struct ferry_call *call, const struct everything *everything)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 2,
			     everything_size(everything));
	everything_put(e, everything);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
echo_1_finish(struct ferry_call *call, struct everything *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct everything got;
	ferry_err err;

	everything_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
echo_1(struct ferry_call *call, const struct everything *everything,
       struct everything *out)
{
	ferry_err err = echo_1_start(call, everything);

	return err ? err : echo_1_finish(call, out);
}

FERRY_COLD ferry_err
add_1_start(struct ferry_call *call, int32_t arg1, int32_t arg2)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 1, 8);
	put_int(e, &arg1);
	put_int(e, &arg2);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
add_1_finish(struct ferry_call *call, int32_t *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	int32_t got;
	ferry_err err;

	get_int(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
add_1(struct ferry_call *call, int32_t arg1, int32_t arg2, int32_t *out)
{
	ferry_err err = add_1_start(call, arg1, arg2);

	return err ? err : add_1_finish(call, out);
}

FERRY_COLD ferry_err
not_1_start(struct ferry_call *call, bool arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 3, 4);
	put_bool(e, &arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
not_1_finish(struct ferry_call *call, bool *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	bool got;
	ferry_err err;

	get_bool(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
not_1(struct ferry_call *call, bool arg, bool *out)
{
	ferry_err err = not_1_start(call, arg);

	return err ? err : not_1_finish(call, out);
}

FERRY_COLD ferry_err
cat_1_start(struct ferry_call *call, struct ferry_str arg1,
	    struct ferry_str name, struct ferry_bytes blob)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 4, ferry_size_var(arg1.len) +
			     ferry_size_var(name.len) +
			     ferry_size_var(blob.len));
	ferry_put_str(e, arg1, UINT32_MAX);
	ferry_put_str(e, name, 255);
	ferry_put_bytes(e, blob, UINT32_MAX);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
cat_1_finish(struct ferry_call *call, struct ferry_str *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct ferry_str got;
	ferry_err err;

	got = ferry_get_str(d, UINT32_MAX);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
cat_1(struct ferry_call *call, struct ferry_str arg1, struct ferry_str name,
      struct ferry_bytes blob, struct ferry_str *out)
{
	ferry_err err = cat_1_start(call, arg1, name, blob);

	return err ? err : cat_1_finish(call, out);
}

FERRY_COLD ferry_err
q_1_start(struct ferry_call *call, struct ferry_quadruple arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 5, 16);
	put_quadruple(e, &arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
q_1_finish(struct ferry_call *call, struct ferry_quadruple *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct ferry_quadruple got;
	ferry_err err;

	get_quadruple(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
q_1(struct ferry_call *call, struct ferry_quadruple arg,
    struct ferry_quadruple *out)
{
	ferry_err err = q_1_start(call, arg);

	return err ? err : q_1_finish(call, out);
}

FERRY_COLD ferry_err
l_1_start(struct ferry_call *call, leaves arg1, const position *arg2,
	  shade arg3, count arg4, uint32_t arg5, const struct fhandle *fhandle)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 6, 56 + leaves_size(&arg1));
	leaves_put(e, &arg1);
	point_put(e, arg2);
	shade_put(e, &arg3);
	count_put(e, &arg4);
	put_uint(e, &arg5);
	fhandle_put(e, fhandle);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
l_1_finish(struct ferry_call *call, leaves *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	leaves got;
	ferry_err err;

	leaves_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
l_1(struct ferry_call *call, leaves arg1, const position *arg2, shade arg3,
    count arg4, uint32_t arg5, const struct fhandle *fhandle, leaves *out)
{
	ferry_err err = l_1_start(call, arg1, arg2, arg3, arg4, arg5, fhandle);

	return err ? err : l_1_finish(call, out);
}

FERRY_COLD ferry_err
c_1_start(struct ferry_call *call, uint8_t arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 7, 4);
	put_uchar(e, &arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
c_1_finish(struct ferry_call *call, int8_t *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	int8_t got;
	ferry_err err;

	get_char(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
c_1(struct ferry_call *call, uint8_t arg, int8_t *out)
{
	ferry_err err = c_1_start(call, arg);

	return err ? err : c_1_finish(call, out);
}

FERRY_COLD ferry_err
f_1_start(struct ferry_call *call, double arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 8, 8);
	put_double(e, &arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
f_1_finish(struct ferry_call *call, float *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	float got;
	ferry_err err;

	get_float(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
f_1(struct ferry_call *call, double arg, float *out)
{
	ferry_err err = f_1_start(call, arg);

	return err ? err : f_1_finish(call, out);
}

FERRY_COLD ferry_err
r_1_start(struct ferry_call *call, enum color color)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 9, 4);
	color_put(e, &color);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
r_1_finish(struct ferry_call *call, struct result *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct result got;
	ferry_err err;

	result_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
r_1(struct ferry_call *call, enum color color, struct result *out)
{
	ferry_err err = r_1_start(call, color);

	return err ? err : r_1_finish(call, out);
}

FERRY_COLD ferry_err
m_1_start(struct ferry_call *call, const struct ints *ints)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &all_1_version, 10, ints_size(ints));
	ints_put(e, ints);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
m_1_finish(struct ferry_call *call, struct maybe *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct maybe got;
	ferry_err err;

	maybe_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
m_1(struct ferry_call *call, const struct ints *ints, struct maybe *out)
{
	ferry_err err = m_1_start(call, ints);

	return err ? err : m_1_finish(call, out);
}
