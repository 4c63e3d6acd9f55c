/* SPDX-License-Identifier: MIT */
#include "wire/sample.h"

#include <string.h>

#define WORD(k, b) { #k " " #b, SAMPLE_##k, b, 0, NULL, 0 }
#define TEXT(k, t) { #k " " #t, SAMPLE_##k, 0, 0, t, sizeof(t) - 1 }
#define LIST(k, b, n) { #k " of " #n " from " #b, SAMPLE_##k, b, 0, "item", n }

const struct sample samples[] = {
	WORD(INT, 0), WORD(INT, 1), WORD(INT, 0x7fffffff),
	WORD(INT, 0x80000000), WORD(INT, 0xffffffff), WORD(INT, 0x01020304),
	WORD(UINT, 0), WORD(UINT, 0x80000000), WORD(UINT, 0xfffffffe),
	WORD(HYPER, 0), WORD(HYPER, 0x0102030405060708),
	WORD(HYPER, 0x7fffffffffffffff), WORD(HYPER, 0x8000000000000000),
	WORD(HYPER, 0xffffffffffffffff), WORD(HYPER, 0x00000000ffffffff),
	WORD(UHYPER, 0x895844520d0a1a0a), WORD(UHYPER, 0xffffffff00000000),
	WORD(BOOL, 0), WORD(BOOL, 1),
	WORD(ENUM, 0), WORD(ENUM, 2), WORD(ENUM, 0xfffffff9),
	/* 1, -0, the least subnormal, the greatest, infinities, NaNs: quiet,
	 * signalling, negative with a payload. */
	WORD(FLOAT, 0x3f800000), WORD(FLOAT, 0x80000000),
	WORD(FLOAT, 0x00000001), WORD(FLOAT, 0x007fffff),
	WORD(FLOAT, 0x7f800000), WORD(FLOAT, 0xff800000),
	WORD(FLOAT, 0x7fc00000), WORD(FLOAT, 0x7f800001),
	WORD(FLOAT, 0xffabcdef),
	WORD(DOUBLE, 0x3ff0000000000000), WORD(DOUBLE, 0x8000000000000000),
	WORD(DOUBLE, 0x0000000000000001), WORD(DOUBLE, 0x000fffffffffffff),
	WORD(DOUBLE, 0x7ff0000000000000), WORD(DOUBLE, 0xfff0000000000000),
	WORD(DOUBLE, 0x7ff8000000000000), WORD(DOUBLE, 0x7ff0000000000001),
	WORD(DOUBLE, 0xfffabcdef0123456),
	{ "QUADRUPLE 1 and a bit", SAMPLE_QUADRUPLE, 0x3fff000000000000, 7,
	  NULL, 0 },
	TEXT(OPAQUE, "a"), TEXT(OPAQUE, "ab"), TEXT(OPAQUE, "abc"),
	TEXT(OPAQUE, "abcd"), TEXT(OPAQUE, "abcdefghi"),
	TEXT(OPAQUE, "abcdefghijklmnopqrs"),
	TEXT(BYTES, ""), TEXT(BYTES, "\0"), TEXT(BYTES, "\xff\xfe"),
	TEXT(BYTES, "abc"), TEXT(BYTES, "0123456789abcdef0"),
	TEXT(STRING, ""), TEXT(STRING, "a"), TEXT(STRING, "four"),
	TEXT(STRING, "seven77"), TEXT(STRING, "eight888"),
	TEXT(STRING, "file00037.dat"), TEXT(STRING, "sixteen 16 bytes"),
	TEXT(STRING, "seventeen 17 byte"), TEXT(STRING, "gr\xc3\xbc\xc3\x9f"),
	LIST(INTS, 0, 0), LIST(INTS, 0x80000000, 1), LIST(INTS, 0x01020304, 7),
	LIST(INTS, 0x01020304, 8), LIST(INTS, 0x11223344, 33),
	LIST(INTS, 0x11223344, 200),
	LIST(INT_ROW, 0x01020304, 1), LIST(INT_ROW, 0x01020304, 19),
	LIST(HYPERS, 0, 0), LIST(HYPERS, 0x0102030405060708, 1),
	LIST(HYPERS, 0x0102030405060708, 9),
	LIST(HYPERS, 0x8877665544332211, 100),
	LIST(DOUBLES, 0x7ff0000000000001, 3), LIST(DOUBLES, 0, 17),
	LIST(STRINGS, 0, 0), LIST(STRINGS, 0, 5),
	LIST(OPTIONAL, 0, 0), LIST(OPTIONAL, 0xfffffffe, 1),
};

const size_t n_samples = sizeof(samples) / sizeof(samples[0]);

uint64_t
sample_item(const struct sample *s, uint32_t i)
{
	return s->bits + i * 0x0101010101010101u * 3;
}

static void
fill(const struct sample *s, uint32_t *words, uint64_t *hypers)
{
	for (uint32_t i = 0; i < s->n; i++) {
		words[i] = (uint32_t)sample_item(s, i);
		hypers[i] = sample_item(s, i);
	}
}

/* ---- writing ---- */

static void
put_floating(const struct sample *s, struct ferry_encoder *e)
{
	uint32_t word = (uint32_t)s->bits;
	uint8_t *p = ferry_put_run(e, s->kind == SAMPLE_FLOAT ? 4 : 8);
	float f;
	double d;

	if (!p)
		return;
	if (s->kind == SAMPLE_FLOAT) {
		memcpy(&f, &word, sizeof(f));
		ferry_store_f32(p, &f);
	} else {
		memcpy(&d, &s->bits, sizeof(d));
		ferry_store_f64(p, &d);
	}
}

static void
put_word(const struct sample *s, struct ferry_encoder *e)
{
	bool wide = s->kind == SAMPLE_HYPER || s->kind == SAMPLE_UHYPER;
	uint8_t *p = ferry_put_run(e, wide ? 8 : 4);

	if (p && wide)
		ferry_store_u64(p, s->bits);
	else if (p)
		ferry_store_u32(p, (uint32_t)s->bits);
}

static void
put_list(const struct sample *s, struct ferry_encoder *e)
{
	uint32_t words[SAMPLE_ITEMS];
	uint64_t hypers[SAMPLE_ITEMS];

	fill(s, words, hypers);
	/* Optional data is a list of at most one: RFC 4506 section 4.19. */
	if (s->kind != SAMPLE_INT_ROW)
		ferry_put_count(e, s->n, SAMPLE_ITEMS);
	if (s->kind == SAMPLE_HYPERS || s->kind == SAMPLE_DOUBLES)
		ferry_put_u64s(e, hypers, s->n);
	else if (s->kind != SAMPLE_STRINGS)
		ferry_put_u32s(e, words, s->n);
	else
		for (uint32_t i = 0; i < s->n; i++)
			ferry_put_str(e, ferry_str_of(s->text), 99);
}

static void
put_quadruple(const struct sample *s, struct ferry_encoder *e)
{
	const struct ferry_quadruple v = { s->bits, s->low };
	uint8_t *p = ferry_put_run(e, 16);

	if (p)
		ferry_store_quadruple(p, &v);
}

void
sample_put(const struct sample *s, struct ferry_encoder *e)
{
	const uint8_t *data = (const uint8_t *)s->text;
	struct ferry_bytes bytes = { data, s->n };
	struct ferry_str str = { s->text, s->n };

	if (s->kind <= SAMPLE_ENUM)
		put_word(s, e);
	else if (s->kind <= SAMPLE_DOUBLE)
		put_floating(s, e);
	else if (s->kind == SAMPLE_QUADRUPLE)
		put_quadruple(s, e);
	else if (s->kind == SAMPLE_OPAQUE)
		ferry_put_opaque(e, data, s->n);
	else if (s->kind == SAMPLE_BYTES)
		ferry_put_bytes(e, bytes, 99);
	else if (s->kind == SAMPLE_STRING)
		ferry_put_str(e, str, 99);
	else
		put_list(s, e);
}

/* ---- reading ---- */

static bool
get_word(const struct sample *s, struct ferry_decoder *d)
{
	bool wide = s->kind == SAMPLE_HYPER || s->kind == SAMPLE_UHYPER;
	const uint8_t *p = ferry_get_run(d, wide ? 8 : 4);

	if (!p)
		return false;
	if (s->kind == SAMPLE_BOOL)
		return ferry_load_bool(d, p) == (s->bits != 0);
	if (wide)
		return ferry_load_u64(p) == s->bits;
	return ferry_load_u32(p) == s->bits;
}

static bool
get_floating(const struct sample *s, struct ferry_decoder *d)
{
	bool narrow = s->kind == SAMPLE_FLOAT;
	const uint8_t *p = ferry_get_run(d, narrow ? 4 : 8);
	uint32_t word = (uint32_t)s->bits;
	float f;
	double g;

	if (!p)
		return false;
	if (narrow) {
		ferry_load_f32(p, &f);
		return memcmp(&f, &word, sizeof(f)) == 0;
	}
	ferry_load_f64(p, &g);
	return memcmp(&g, &s->bits, sizeof(g)) == 0;
}

static bool
get_text(const struct sample *s, struct ferry_decoder *d)
{
	uint8_t fixed[99];
	struct ferry_bytes b = { fixed, s->n };

	if (s->kind == SAMPLE_OPAQUE)
		ferry_get_opaque(d, fixed, s->n);
	else if (s->kind == SAMPLE_BYTES)
		b = ferry_get_bytes(d, 99);
	else
		b.data = (const uint8_t *)ferry_get_str(d, 99).data;
	return !d->err && b.len == s->n && memcmp(b.data, s->text, s->n) == 0;
}

static bool
get_strings(const struct sample *s, struct ferry_decoder *d)
{
	bool same = true;

	for (uint32_t i = 0; i < s->n; i++)
		same = ferry_str_eq(ferry_get_str(d, 99), s->text) && same;
	return same;
}

static bool
get_list(const struct sample *s, struct ferry_decoder *d)
{
	uint32_t want32[SAMPLE_ITEMS], words[SAMPLE_ITEMS];
	uint64_t want64[SAMPLE_ITEMS], hypers[SAMPLE_ITEMS];
	bool wide = s->kind == SAMPLE_HYPERS || s->kind == SAMPLE_DOUBLES;

	fill(s, want32, want64);
	if (s->kind != SAMPLE_INT_ROW &&
	    ferry_get_count(d, SAMPLE_ITEMS, wide ? 8 : 4) != s->n)
		return false;
	if (s->kind == SAMPLE_STRINGS)
		return get_strings(s, d);
	if (wide) {
		ferry_get_u64s(d, hypers, s->n);
		return !d->err && memcmp(hypers, want64, s->n * 8) == 0;
	}
	ferry_get_u32s(d, words, s->n);
	return !d->err && memcmp(words, want32, s->n * 4) == 0;
}

static bool
get_quadruple(const struct sample *s, struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 16);
	struct ferry_quadruple v;

	if (!p)
		return false;
	ferry_load_quadruple(p, &v);
	return v.high == s->bits && v.low == s->low;
}

bool
sample_get(const struct sample *s, struct ferry_decoder *d)
{
	if (s->kind <= SAMPLE_ENUM)
		return get_word(s, d);
	if (s->kind <= SAMPLE_DOUBLE)
		return get_floating(s, d);
	if (s->kind == SAMPLE_QUADRUPLE)
		return get_quadruple(s, d);
	if (s->kind <= SAMPLE_STRING)
		return get_text(s, d);
	return get_list(s, d);
}
