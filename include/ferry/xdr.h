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

/**
 * ferry_encoder_on() - an encoder that fills @buf from its start
 *
 * @buf may be NULL where @bytes is 0.
 */
static inline struct ferry_encoder
ferry_encoder_on(uint8_t *buf, size_t bytes)
{
	struct ferry_encoder e = { buf, bytes > 0 ? buf + bytes : buf,
				   FERRY_XDR_DEPTH, FERRY_OK };

	return e;
}

/**
 * ferry_decoder_on() - a decoder that reads @buf from its start
 *
 * @buf is borrowed and must outlive what is decoded: strings and opaque data
 * are views of it; it may be NULL where @bytes is 0. The budget is 24 bytes of
 * memory for each byte of input and 4 KiB more; no valid value needs as much,
 * but for an array of more than 500 items that take no bytes on the wire.
 */
static inline struct ferry_decoder
ferry_decoder_on(const uint8_t *buf, size_t bytes, struct ferry_arena *mem)
{
	struct ferry_decoder d = { buf, bytes > 0 ? buf + bytes : buf, mem,
				   bytes > SIZE_MAX / 32 ? SIZE_MAX
							 : bytes * 24 + 4096,
				   FERRY_XDR_DEPTH, FERRY_OK };

	return d;
}

/** ferry_put_fail() - latches @err unless there is an error already */
FERRY_API void ferry_put_fail(struct ferry_encoder *e, ferry_err err);

/** ferry_get_fail() - latches @err unless there is an error already */
FERRY_API void ferry_get_fail(struct ferry_decoder *d, ferry_err err);

/* ---- fixed items: big-endian, at any alignment ---- */

/** ferry_store_u32() - big-endian, at any alignment */
static inline void
ferry_store_u32(uint8_t *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	memcpy(p, &v, sizeof(v));
}

/** ferry_store_u64() - big-endian, at any alignment */
static inline void
ferry_store_u64(uint8_t *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, sizeof(v));
}

/** ferry_load_u32() - big-endian, from any alignment */
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

/** ferry_load_u64() - big-endian, from any alignment */
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

/* Floating point is moved as bits: a register of x87 would change some NaNs. */

/** ferry_store_f32() - IEEE 754 single, bit for bit */
static inline void
ferry_store_f32(uint8_t *p, const float *v)
{
	uint32_t bits;

	memcpy(&bits, v, sizeof(bits));
	ferry_store_u32(p, bits);
}

/** ferry_store_f64() - IEEE 754 double, bit for bit */
static inline void
ferry_store_f64(uint8_t *p, const double *v)
{
	uint64_t bits;

	memcpy(&bits, v, sizeof(bits));
	ferry_store_u64(p, bits);
}

/** ferry_store_quadruple() - 16 bytes */
static inline void
ferry_store_quadruple(uint8_t *p, const struct ferry_quadruple *v)
{
	ferry_store_u64(p, v->high);
	ferry_store_u64(p + 8, v->low);
}

/** ferry_load_f32() - IEEE 754 single, bit for bit */
static inline void
ferry_load_f32(const uint8_t *p, float *out)
{
	uint32_t bits = ferry_load_u32(p);

	memcpy(out, &bits, sizeof(bits));
}

/** ferry_load_f64() - IEEE 754 double, bit for bit */
static inline void
ferry_load_f64(const uint8_t *p, double *out)
{
	uint64_t bits = ferry_load_u64(p);

	memcpy(out, &bits, sizeof(bits));
}

/** ferry_load_quadruple() - 16 bytes */
static inline void
ferry_load_quadruple(const uint8_t *p, struct ferry_quadruple *out)
{
	out->high = ferry_load_u64(p);
	out->low = ferry_load_u64(p + 8);
}

/** ferry_load_bool() - FERRY_EDECODE, and false, if it is neither 0 nor 1 */
static inline bool
ferry_load_bool(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t v = ferry_load_u32(p);

	if (__builtin_expect(v > 1, 0))
		ferry_get_fail(d, FERRY_EDECODE);
	return v == 1;
}

/* ---- sizes on the wire ---- */

/**
 * ferry_padded() - what @len bytes of opaque data take, without a count
 *
 * 64 bits wide on every host, because 2^32 - 1 bytes take 2^32.
 */
static inline uint64_t
ferry_padded(uint32_t len)
{
	return ((uint64_t)len + 3) & ~(uint64_t)3;
}

/**
 * ferry_size_var() - what string<> and opaque<> of @len bytes take
 *
 * SIZE_MAX where the host's memory cannot hold as much. A sum of sizes that
 * wraps is harmless: every put is checked against the room that there is.
 */
static inline size_t
ferry_size_var(uint32_t len)
{
	uint64_t bytes = 4 + ferry_padded(len);

	return bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX;
}

/* ---- runs: one check for many items ---- */

/**
 * ferry_put_run() - room for a run of items whose sizes are known
 *
 * 64 bits wide on every host, so that a sum of ferry_padded() cannot wrap.
 *
 * Return: where to store exactly @bytes, a multiple of 4; NULL if there is no
 * room, and once the encoder has failed for all but 0 bytes.
 */
static inline uint8_t *
ferry_put_run(struct ferry_encoder *e, uint64_t bytes)
{
	uint8_t *p = e->at;

	if (__builtin_expect((size_t)(e->end - p) < bytes, 0)) {
		ferry_put_fail(e, FERRY_ETOOBIG);
		return NULL;
	}
	e->at = p + (size_t)bytes;
	return p;
}

/**
 * ferry_get_run() - a run of items of fixed size
 *
 * Return: exactly @bytes to load from; NULL if there are less, and once the
 * decoder has failed for all but 0 bytes.
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

/* ---- opaque data and strings: encoding ---- */

/** ferry_copy_padded() - copies @len bytes, and zeros up to a multiple of 4 */
FERRY_API void ferry_copy_padded(uint8_t *to, const void *from, size_t len);

/**
 * ferry_store_opaque() - opaque[n] into a run
 *
 * Two moves that overlap cost less than a call of memcpy(3) for the lengths
 * that names have.
 *
 * Return: behind the padding, ferry_padded(@n) bytes after @p.
 */
static inline uint8_t *
ferry_store_opaque(uint8_t *p, const uint8_t *data, uint32_t n)
{
	size_t len = n;
	uint64_t first, last;

	if (len < 8 || len > 16) {
		ferry_copy_padded(p, data, len);
		return p + (size_t)ferry_padded(n);
	}
	memcpy(&first, data, 8);
	memcpy(&last, data + len - 8, 8);
	memset(p + (len - 1) / 4 * 4, 0, 4);
	memcpy(p, &first, 8);
	memcpy(p + len - 8, &last, 8);
	return p + (size_t)ferry_padded(n);
}

/** ferry_store_bytes() - opaque<> into a run, 4 + ferry_padded(b.len) bytes */
static inline uint8_t *
ferry_store_bytes(uint8_t *p, struct ferry_bytes b)
{
	ferry_store_u32(p, b.len);
	return ferry_store_opaque(p + 4, b.data, b.len);
}

/** ferry_store_str() - string<> into a run, 4 + ferry_padded(s.len) bytes */
static inline uint8_t *
ferry_store_str(uint8_t *p, struct ferry_str s)
{
	ferry_store_u32(p, s.len);
	return ferry_store_opaque(p + 4, (const uint8_t *)s.data, s.len);
}

/**
 * ferry_put_bytes() - opaque<max>
 *
 * FERRY_EENCODE if it is longer than @max.
 */
static inline void
ferry_put_bytes(struct ferry_encoder *e, struct ferry_bytes b, uint32_t max)
{
	uint8_t *p;

	if (__builtin_expect(b.len > max, 0)) {
		ferry_put_fail(e, FERRY_EENCODE);
		return;
	}
	p = ferry_put_run(e, 4 + ferry_padded(b.len));
	if (p)
		ferry_store_bytes(p, b);
}

/** ferry_put_str() - string<max>, as ferry_put_bytes() */
static inline void
ferry_put_str(struct ferry_encoder *e, struct ferry_str s, uint32_t max)
{
	struct ferry_bytes b = { (const uint8_t *)s.data, s.len };

	ferry_put_bytes(e, b, max);
}

/** ferry_put_opaque() - opaque[n], padded with zeros */
static inline void
ferry_put_opaque(struct ferry_encoder *e, const uint8_t *data, uint32_t n)
{
	uint8_t *p = ferry_put_run(e, ferry_padded(n));

	if (p)
		ferry_store_opaque(p, data, n);
}

/* ---- opaque data and strings: decoding ---- */

/**
 * ferry_get_bytes() - opaque<max>, a view
 *
 * FERRY_EDECODE if it is longer than @max or than what is left, or is padded
 * with anything but zeros. Return: the view; {"", 0} after a failure.
 */
static inline struct ferry_bytes
ferry_get_bytes(struct ferry_decoder *d, uint32_t max)
{
	struct ferry_bytes b = { (const uint8_t *)"", 0 };
	const uint8_t *p = ferry_get_run(d, 4);
	uint32_t len, last;
	uint64_t bytes;

	if (!p)
		return b;
	len = ferry_load_u32(p);
	bytes = ferry_padded(len);
	if (__builtin_expect(len > max || (size_t)(d->end - d->at) < bytes,
			     0)) {
		ferry_get_fail(d, FERRY_EDECODE);
		return b;
	}
	/* The word that ends the data; without data the count, which is 0. */
	last = ferry_load_u32(p + (size_t)bytes);
	if (__builtin_expect((last & ((1u << (bytes - len) * 8) - 1)) != 0,
			     0)) {
		ferry_get_fail(d, FERRY_EDECODE);
		return b;
	}
	d->at += (size_t)bytes;
	b.data = p + 4;
	b.len = len;
	return b;
}

/** ferry_get_str() - string<max>, as ferry_get_bytes() */
static inline struct ferry_str
ferry_get_str(struct ferry_decoder *d, uint32_t max)
{
	struct ferry_bytes b = ferry_get_bytes(d, max);
	struct ferry_str s = { (const char *)b.data, b.len };

	return s;
}

/** ferry_get_opaque() - opaque[n] into @out; zeros after a failure */
FERRY_API void ferry_get_opaque(struct ferry_decoder *d, uint8_t *out,
				uint32_t n);

/* ---- arrays ---- */

/**
 * ferry_put_count() - the length of an array
 *
 * FERRY_EENCODE if it is more than @max.
 */
static inline void
ferry_put_count(struct ferry_encoder *e, uint32_t n, uint32_t max)
{
	uint8_t *p;

	if (__builtin_expect(n > max, 0))
		ferry_put_fail(e, FERRY_EENCODE);
	p = ferry_put_run(e, 4);
	if (p)
		ferry_store_u32(p, n);
}

/** ferry_put_u32s() - @n words without a count: int, unsigned, float */
FERRY_API void ferry_put_u32s(struct ferry_encoder *e, const void *items,
			      size_t n);
/** ferry_put_u64s() - @n double words without a count: hyper, double */
FERRY_API void ferry_put_u64s(struct ferry_encoder *e, const void *items,
			      size_t n);

/**
 * ferry_get_count() - the length of an array
 * @max:      as declared
 * @min_wire: the least bytes that one item takes on the wire; 0 is legal
 *
 * Return: a count whose items may be in the bytes that are left; 0 after a
 * failure. Where @min_wire is 0, at most 65536: more is FERRY_ETOOBIG.
 */
FERRY_API uint32_t ferry_get_count(struct ferry_decoder *d, uint32_t max,
				   uint32_t min_wire);
/**
 * ferry_get_memory() - memory for @n items of @bytes each, zeroed
 *
 * Counted against the budget. Return: NULL after a failure, and for 0 items.
 * FERRY_EINVAL if the decoder was given no arena.
 */
FERRY_API void *ferry_get_memory(struct ferry_decoder *d, size_t n,
				 size_t bytes);
/** ferry_get_u32s() - @n words into @out (NULL after a failure is legal) */
FERRY_API void ferry_get_u32s(struct ferry_decoder *d, void *out, size_t n);
/** ferry_get_u64s() - @n double words into @out */
FERRY_API void ferry_get_u64s(struct ferry_decoder *d, void *out, size_t n);

/* ---- recursive types, and the end ---- */

/**
 * ferry_put_enter() - one level deeper into a recursive type
 *
 * Return: false, and FERRY_ETOOBIG, if it is one too many.
 */
static inline bool
ferry_put_enter(struct ferry_encoder *e)
{
	if (e->depth == 0) {
		ferry_put_fail(e, FERRY_ETOOBIG);
		return false;
	}
	e->depth--;
	return true;
}

/** ferry_put_leave() - out of it again; not needed after a failure */
static inline void
ferry_put_leave(struct ferry_encoder *e)
{
	e->depth++;
}

/** ferry_get_enter() - as ferry_put_enter() */
static inline bool
ferry_get_enter(struct ferry_decoder *d)
{
	if (d->depth == 0) {
		ferry_get_fail(d, FERRY_ETOOBIG);
		return false;
	}
	d->depth--;
	return true;
}

/** ferry_get_leave() - as ferry_put_leave() */
static inline void
ferry_get_leave(struct ferry_decoder *d)
{
	d->depth++;
}

/** ferry_get_end() - whether all went well and no byte is left */
FERRY_TRY ferry_err ferry_get_end(struct ferry_decoder *d);
