/* SPDX-License-Identifier: MIT */
/*
 * Values of every XDR type, written and read by ferry (sample.c) and by
 * libtirpc (tirpc.c). What ferry writes is only ever compared with what
 * libtirpc wrote.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/xdr.h>

#define SAMPLE_MOST 2048 /* bytes of the longest sample */
#define SAMPLE_ITEMS 200 /* items of the longest array */

enum sample_kind {
	SAMPLE_INT,
	SAMPLE_UINT,
	SAMPLE_HYPER,
	SAMPLE_UHYPER,
	SAMPLE_BOOL,
	SAMPLE_ENUM,
	SAMPLE_FLOAT,
	SAMPLE_DOUBLE,
	SAMPLE_QUADRUPLE,
	SAMPLE_OPAQUE,	 /* opaque[n] */
	SAMPLE_BYTES,	 /* opaque<> */
	SAMPLE_STRING,	 /* string<> */
	SAMPLE_INTS,	 /* int<> */
	SAMPLE_INT_ROW,	 /* int[n] */
	SAMPLE_HYPERS,	 /* hyper<> */
	SAMPLE_DOUBLES,	 /* double<> */
	SAMPLE_STRINGS,	 /* string<><>, n times the same text */
	SAMPLE_OPTIONAL, /* int *, absent if n is 0 */
};

/**
 * struct sample - a type and a value of it
 * @bits: the value; of a floating-point number its bits; of an array the first
 *        item, from which sample_item() makes the others
 * @low:  the second half of a quadruple
 * @text: of a string or opaque data
 * @n:    bytes of @text, or items
 */
struct sample {
	const char *name;
	enum sample_kind kind;
	uint64_t bits;
	uint64_t low;
	const char *text;
	uint32_t n;
};

extern const struct sample samples[];
extern const size_t n_samples;

/* Item @i of an array, cut to its size by whoever takes it. */
uint64_t sample_item(const struct sample *s, uint32_t i);

void sample_put(const struct sample *s, struct ferry_encoder *e);

/* Whether the value read is that of @s. */
bool sample_get(const struct sample *s, struct ferry_decoder *d);
