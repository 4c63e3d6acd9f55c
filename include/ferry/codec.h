/* SPDX-License-Identifier: MIT */
/*
 * Codecs: what a type looks like in memory, and so on the wire. Made by the
 * compiler, one for each type of an interface file, and read by the library:
 * a row for each member costs a fraction of the code that would move it. What
 * there are many of is code all the same (struct ferry_code).
 *
 * A format for generated code, like the rest of stub.h: what is compiled
 * against one version works with every later one of the same major version
 * (new kinds are added at the end). Nobody checks a table: one that is not as
 * it is said here is undefined behaviour. Its limits: an offset is less than
 * 16 MiB, which the compiler sees to; a SWITCH is the second row of its union
 * and a NEXT the last of its struct; the types of a table nest no deeper than
 * their declarations, but for those that are deep, which the encoder's and the
 * decoder's depth bounds.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <ferry/visibility.h>
#include <ferry/xdr.h>

/**
 * enum ferry_kind - what stands at a row's offset in C
 *
 * "bound" and "of" are those of struct ferry_row; 0 and NULL where nothing is
 * said. An array of scalars is a row with the number of them as its bound.
 */
enum ferry_kind {
	/* Scalars, bound of them side by side. */
	FERRY_KIND_INT,	      /* int32_t */
	FERRY_KIND_UINT,      /* uint32_t */
	FERRY_KIND_CHAR,      /* int8_t, 4 bytes on the wire as the next three */
	FERRY_KIND_UCHAR,     /* uint8_t */
	FERRY_KIND_SHORT,     /* int16_t */
	FERRY_KIND_USHORT,    /* uint16_t */
	FERRY_KIND_BOOL,      /* bool */
	FERRY_KIND_FLOAT,     /* float */
	FERRY_KIND_HYPER,     /* int64_t */
	FERRY_KIND_UHYPER,    /* uint64_t */
	FERRY_KIND_DOUBLE,    /* double */
	FERRY_KIND_QUADRUPLE, /* struct ferry_quadruple */
	FERRY_KIND_ENUM,      /* an enum whose values are of.values */
	/* Text. */
	FERRY_KIND_STRING,    /* struct ferry_str of at most bound bytes */
	FERRY_KIND_BYTES,     /* struct ferry_bytes of at most bound bytes */
	FERRY_KIND_OPAQUE,    /* uint8_t[bound] */
	FERRY_KIND_OPAQUE_AT, /* uint8_t *, bound of them */
	/* What has a codec of its own: of.codec. */
	FERRY_KIND_RECORD,    /* T */
	FERRY_KIND_RECORD_AT, /* T *, not NULL */
	FERRY_KIND_OPTIONAL,  /* T *, or NULL */
	FERRY_KIND_ARRAY,     /* T[bound] */
	FERRY_KIND_ARRAY_AT,  /* T *, bound of them */
	FERRY_KIND_LIST,      /* T *, at most bound of them ... */
	FERRY_KIND_COUNT,     /* ... and how many: the row behind a LIST */
	/* Several members as one run: by of.code, and the struct itself. */
	FERRY_KIND_CODE, /* bound bytes on the wire if all of fixed size */
	/* The last member of a struct: T *, of the struct itself, or NULL. */
	FERRY_KIND_NEXT,
	/*
	 * The second row of a union: bound many of.cases, or for a hyper
	 * discriminant of.wide_cases, sorted, lead from the discriminant, which
	 * is the first row, to the arms, which follow. With a DEFAULT the first
	 * arm is that of all other values.
	 */
	FERRY_KIND_SWITCH,
	FERRY_KIND_SWITCH_DEFAULT,
	FERRY_KIND_VOID, /* an arm without anything */
};

/**
 * struct ferry_values - the declared values of an enum
 * @low:  the least of them
 * @span: the greatest is so much more
 * @n:    of @sorted; 0: all between the two are declared
 */
struct ferry_values {
	int32_t low;
	uint32_t span;
	uint32_t n;
	const int32_t *sorted;
};

/** struct ferry_case - of a union: @arm, from 0, is the arm of @value */
struct ferry_case {
	int32_t value; /* of an unsigned one the same bits */
	uint32_t arm;
};

/** struct ferry_wide_case - the same where the discriminant is a hyper */
struct ferry_wide_case {
	int64_t value;
	uint32_t arm;
};

/** struct ferry_row - one member: its kind, where it is, and what else */
struct ferry_row {
	uint32_t kind : 8;
	uint32_t offset : 24;
	uint32_t bound;
	union {
		const struct ferry_codec *codec;
		const struct ferry_values *values;
		const struct ferry_case *cases;
		const struct ferry_wide_case *wide_cases;
		const struct ferry_code *code;
	} of;
};

/**
 * struct ferry_code - a codec as code, for @n items side by side
 * @size: the bytes that @put writes; NULL for a type of fixed size
 * @put:  as <type>_put() does with each of the items, up to the first error
 * @get:  as <type>_get()
 */
struct ferry_code {
	size_t (*size)(const void *items, size_t n);
	void (*put)(struct ferry_encoder *e, const void *items, size_t n);
	void (*get)(struct ferry_decoder *d, void *items, size_t n);
};

/**
 * struct ferry_codec - a type
 * @bytes:    in memory
 * @wire:     the least on the wire; UINT32_MAX stands for more as well
 * @n_rows:   0: it is code
 * @is_fixed: @wire is the most as well
 * @is_deep:  each of it is one level of a recursive type
 */
struct ferry_codec {
	uint32_t bytes;
	uint32_t wire;
	uint32_t n_rows;
	bool is_fixed;
	bool is_deep;
	union {
		const struct ferry_row *rows;
		const struct ferry_code *code;
	} by;
};

/* Codecs of what an interface file need not declare. */

/** ferry_codec_int - int32_t */
FERRY_DATA const struct ferry_codec ferry_codec_int;
/** ferry_codec_uint - uint32_t */
FERRY_DATA const struct ferry_codec ferry_codec_uint;
/** ferry_codec_char - int8_t */
FERRY_DATA const struct ferry_codec ferry_codec_char;
/** ferry_codec_uchar - uint8_t */
FERRY_DATA const struct ferry_codec ferry_codec_uchar;
/** ferry_codec_short - int16_t */
FERRY_DATA const struct ferry_codec ferry_codec_short;
/** ferry_codec_ushort - uint16_t */
FERRY_DATA const struct ferry_codec ferry_codec_ushort;
/** ferry_codec_bool - bool */
FERRY_DATA const struct ferry_codec ferry_codec_bool;
/** ferry_codec_float - float */
FERRY_DATA const struct ferry_codec ferry_codec_float;
/** ferry_codec_hyper - int64_t */
FERRY_DATA const struct ferry_codec ferry_codec_hyper;
/** ferry_codec_uhyper - uint64_t */
FERRY_DATA const struct ferry_codec ferry_codec_uhyper;
/** ferry_codec_double - double */
FERRY_DATA const struct ferry_codec ferry_codec_double;
/** ferry_codec_quadruple - struct ferry_quadruple */
FERRY_DATA const struct ferry_codec ferry_codec_quadruple;
/** ferry_codec_string - struct ferry_str, of any length */
FERRY_DATA const struct ferry_codec ferry_codec_string;
/** ferry_codec_bytes - struct ferry_bytes, of any length */
FERRY_DATA const struct ferry_codec ferry_codec_bytes;

/**
 * ferry_codec_size() - the bytes that ferry_codec_put() writes
 *
 * Return: SIZE_MAX, or any other number, if *@v has no encoding. From 4 GiB on
 * it is SIZE_MAX, which ends a value that holds itself.
 */
FERRY_API size_t ferry_codec_size(const void *v,
				  const struct ferry_codec *codec);

/** ferry_codec_put() - *@v may be anything; FERRY_EENCODE: no encoding */
FERRY_API void ferry_codec_put(struct ferry_encoder *e, const void *v,
			       const struct ferry_codec *codec);

/** ferry_codec_get() - *@v is always made valid; all zero after an error */
FERRY_API void ferry_codec_get(struct ferry_decoder *d, void *v,
			       const struct ferry_codec *codec);

/* ---- what codecs that are code need beyond xdr.h ---- */

/** ferry_text_get_str() - ferry_get_str(), not inlined: for types with many */
FERRY_API struct ferry_str ferry_text_get_str(struct ferry_decoder *d,
					      uint32_t max);
/** ferry_text_get_bytes() - ferry_get_bytes(), not inlined */
FERRY_API struct ferry_bytes ferry_text_get_bytes(struct ferry_decoder *d,
						  uint32_t max);
/** ferry_text_store_str() - ferry_store_str(), not inlined */
FERRY_API uint8_t *ferry_text_store_str(uint8_t *p, struct ferry_str s);
/** ferry_text_store_bytes() - ferry_store_bytes(), not inlined */
FERRY_API uint8_t *ferry_text_store_bytes(uint8_t *p, struct ferry_bytes b);

/** ferry_is_declared() - whether @value, as on the wire, is one of @values */
FERRY_API bool ferry_is_declared(const struct ferry_values *values,
				 uint32_t value);

/** ferry_load_within() - FERRY_EDECODE, and @low, if not @low to @low + @span */
static inline uint32_t
ferry_load_within(struct ferry_decoder *d, const uint8_t *p, int32_t low,
		  uint32_t span)
{
	uint32_t value = ferry_load_u32(p);

	if (__builtin_expect(value - (uint32_t)low > span, 0)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = (uint32_t)low;
	}
	return value;
}

/** ferry_store_within() - FERRY_EENCODE if not @low to @low + @span */
static inline void
ferry_store_within(struct ferry_encoder *e, uint8_t *p, uint32_t value,
		   int32_t low, uint32_t span)
{
	if (__builtin_expect(value - (uint32_t)low > span, 0))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, value);
}

/** ferry_load_enum() - FERRY_EDECODE, and 0, if it is not declared */
static inline uint32_t
ferry_load_enum(struct ferry_decoder *d, const uint8_t *p,
		const struct ferry_values *values)
{
	uint32_t value = ferry_load_u32(p);

	if (__builtin_expect(!ferry_is_declared(values, value), 0)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return value;
}

/** ferry_store_enum() - FERRY_EENCODE if it is not declared */
static inline void
ferry_store_enum(struct ferry_encoder *e, uint8_t *p, uint32_t value,
		 const struct ferry_values *values)
{
	if (__builtin_expect(!ferry_is_declared(values, value), 0))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, value);
}
