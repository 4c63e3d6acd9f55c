/* SPDX-License-Identifier: MIT */
/*
 * XDR (RFC 4506): an encoder and a decoder over bytes in memory.
 *
 * Errors latch: after the first one every get gives zero and every put does
 * nothing, so that a codec reads like its declaration and asks once at the
 * end. Bounds are checked once for each run of fixed-size items; a count from
 * the wire is compared with the bytes that remain before memory is asked for.
 * No function here recurses, waits, or does I/O.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>
#include <ferry/visibility.h>

/* How deep a recursive type may nest, unless a program says otherwise. */
#define FERRY_XDR_DEPTH 200

/**
 * struct ferry_encoder - writes XDR into memory of somebody else
 * @at:    the next byte to write
 * @end:   one past the last byte there is room for
 * @depth: levels of recursion that are left
 * @err:   the first error, FERRY_OK so far
 *
 * FERRY_ETOOBIG: there was no room. FERRY_EENCODE: a value outside its
 * declared type (too long, an undeclared enumerator, a union without an arm).
 */
struct ferry_encoder {
	uint8_t *at;
	uint8_t *end;
	uint32_t depth;
	ferry_err err;
};

/**
 * struct ferry_decoder - reads XDR from memory of somebody else
 * @at:     the next byte to read
 * @end:    one past the last byte
 * @mem:    where arrays and optional data go; NULL for a type without any
 * @budget: bytes of @mem that may still be asked for
 * @depth:  levels of recursion that are left
 * @err:    the first error, FERRY_OK so far
 *
 * FERRY_EDECODE: bytes that are not the declared type, an announced length
 * beyond the bytes that are left among them. FERRY_ETOOBIG: the budget or the
 * depth is used up. FERRY_ENOMEM.
 */
struct ferry_decoder {
	const uint8_t *at;
	const uint8_t *end;
	struct ferry_arena *mem;
	size_t budget;
	uint32_t depth;
	ferry_err err;
};

/** struct ferry_quadruple - an IEEE 754 binary128 as its bits (RFC 4506 4.8) */
struct ferry_quadruple {
	uint64_t high; /* sign, exponent, first 48 bits of the fraction */
	uint64_t low;
};

/** ferry_encoder_on() - an encoder that fills @buf from its start */
static inline struct ferry_encoder
ferry_encoder_on(uint8_t *buf, size_t bytes)
{
	struct ferry_encoder e = { buf, buf + bytes, FERRY_XDR_DEPTH,
				   FERRY_OK };

	return e;
}

/**
 * ferry_decoder_on() - a decoder that reads @buf from its start
 *
 * @buf is borrowed and must outlive what is decoded: strings and opaque data
 * are views of it. The budget is 24 bytes of memory for each byte of input and
 * 4 KiB more; no valid value of any type needs as much.
 */
static inline struct ferry_decoder
ferry_decoder_on(const uint8_t *buf, size_t bytes, struct ferry_arena *mem)
{
	struct ferry_decoder d = { buf, buf + bytes, mem,
				   bytes > SIZE_MAX / 32 ? SIZE_MAX
							 : bytes * 24 + 4096,
				   FERRY_XDR_DEPTH, FERRY_OK };

	return d;
}

/** ferry_put_fail() - latches @err unless there is an error already */
FERRY_API void ferry_put_fail(struct ferry_encoder *e, ferry_err err);

/** ferry_get_fail() - latches @err unless there is an error already */
FERRY_API void ferry_get_fail(struct ferry_decoder *d, ferry_err err);

/* Words: big-endian, at any alignment. */

static inline void
ferry_store_u32(uint8_t *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	memcpy(p, &v, sizeof(v));
}

static inline void
ferry_store_u64(uint8_t *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, sizeof(v));
}

static inline uint32_t
ferry_load_u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}

static inline uint64_t
ferry_load_u64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/**
 * ferry_put_run() - room for a run of fixed-size items
 *
 * Return: where to store exactly @bytes, a multiple of 4; NULL once the
 * encoder has failed.
 */
static inline uint8_t *
ferry_put_run(struct ferry_encoder *e, size_t bytes)
{
	uint8_t *p = e->at;

	if (__builtin_expect((size_t)(e->end - p) < bytes, 0)) {
		ferry_put_fail(e, FERRY_ETOOBIG);
		return NULL;
	}
	e->at = p + bytes;
	return p;
}

/**
 * ferry_get_run() - a run of fixed-size items
 *
 * Return: exactly @bytes to load from; NULL once the decoder has failed.
 */
static inline const uint8_t *
ferry_get_run(struct ferry_decoder *d, size_t bytes)
{
	const uint8_t *p = d->at;

	if (__builtin_expect((size_t)(d->end - p) < bytes, 0)) {
		ferry_get_fail(d, FERRY_EDECODE);
		return NULL;
	}
	d->at = p + bytes;
	return p;
}

/* ---- variable items and arrays: encoding ---- */

/**
 * ferry_put_str() - string<max>
 *
 * FERRY_EENCODE if it is longer than @max.
 */
FERRY_API void ferry_put_str(struct ferry_encoder *e, struct ferry_str s,
			     uint32_t max);
/** ferry_put_bytes() - opaque<max> */
FERRY_API void ferry_put_bytes(struct ferry_encoder *e, struct ferry_bytes b,
			       uint32_t max);
/** ferry_put_opaque() - opaque[n], padded with zeros */
FERRY_API void ferry_put_opaque(struct ferry_encoder *e, const uint8_t *data,
				uint32_t n);
/** ferry_put_count() - the length of an array, at most @max */
FERRY_API void ferry_put_count(struct ferry_encoder *e, uint32_t n,
			       uint32_t max);
/** ferry_put_u32s() - @n words without a count: int, unsigned, float */
FERRY_API void ferry_put_u32s(struct ferry_encoder *e, const void *items,
			      size_t n);
/** ferry_put_u64s() - @n double words without a count: hyper, double */
FERRY_API void ferry_put_u64s(struct ferry_encoder *e, const void *items,
			      size_t n);

/* ---- variable items and arrays: decoding ---- */

/** ferry_get_str() - string<max>, a view; {"", 0} after a failure */
FERRY_API struct ferry_str ferry_get_str(struct ferry_decoder *d, uint32_t max);
/** ferry_get_bytes() - opaque<max>, a view */
FERRY_API struct ferry_bytes ferry_get_bytes(struct ferry_decoder *d,
					     uint32_t max);
/** ferry_get_opaque() - opaque[n] into @out; zeros after a failure */
FERRY_API void ferry_get_opaque(struct ferry_decoder *d, uint8_t *out,
				uint32_t n);
/**
 * ferry_get_count() - the length of an array
 * @max:      as declared
 * @min_wire: the least bytes that one item takes on the wire; 0 is legal
 *
 * Return: a count whose items may be in the bytes that are left; 0 after a
 * failure. Where @min_wire is 0, at most 65536.
 */
FERRY_API uint32_t ferry_get_count(struct ferry_decoder *d, uint32_t max,
				   uint32_t min_wire);
/**
 * ferry_get_memory() - memory for @n items of @bytes each, zeroed
 *
 * Counted against the budget. Return: NULL after a failure, and for 0 items.
 */
FERRY_API void *ferry_get_memory(struct ferry_decoder *d, size_t n,
				 size_t bytes);
/** ferry_get_u32s() - @n words into @out (NULL after a failure is legal) */
FERRY_API void ferry_get_u32s(struct ferry_decoder *d, void *out, size_t n);
/** ferry_get_u64s() - @n double words into @out */
FERRY_API void ferry_get_u64s(struct ferry_decoder *d, void *out, size_t n);
/** ferry_get_end() - whether all went well and no byte is left */
FERRY_TRY ferry_err ferry_get_end(struct ferry_decoder *d);
