/* SPDX-License-Identifier: MIT */
/*
 * JSON to XDR and back by an interface file's model: nothing is generated,
 * nothing is lost. docs/json.md has the mapping.
 *
 * What comes in is not trusted, from either side: depth, lengths and memory
 * are bounded by the input. No I/O.
 */
#pragma once

#include <stdbool.h>

#include <jansson.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/xdr.h>

#include "core/compiler.h"
#include "idl/model.h"

/* How JSON text is to be parsed so that no value is changed by it. */
#define FY_JSON_PARSE                                                          \
	(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL)

/* The most bytes of XDR that are one value. */
#define FY_JSON_MAX_WIRE ((size_t)64 << 20)

/**
 * struct fy_json_fault - where a value and its type part
 * @where:    the path to it, "[0].entries[3].name"; "" is the value itself
 * @at:       of bytes that are none: how many stand before them in the value
 * @text:     what is wrong, one line without a full stop; "" if memory is
 * @expected: the type whose declaration tells what would be right, or NULL
 */
struct fy_json_fault {
	char where[200];
	size_t at;
	char text[200];
	const struct fy_type *expected;
};

/**
 * fy_json_put() - the XDR of a value
 * @mem:   of the bytes
 * @out:   all of the value, a multiple of 4 bytes
 * @fault: or NULL; all zero after success
 *
 * Return: FERRY_OK; FERRY_EENCODE: @fault tells where; FERRY_ETOOBIG: so does
 * it, and the value takes more than FY_JSON_MAX_WIRE, nests too deep or has too
 * many parts: fy_json_get() would refuse it; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_json_put(const json_t *value, const struct fy_type *type,
	    struct ferry_arena *mem, struct ferry_bytes *out,
	    struct fy_json_fault *fault);

/**
 * fy_json_get() - takes a value from @from
 * @from:  its depth is respected, its memory and budget are not needed: the
 *         value is jansson's, on the C library's heap
 * @out:   a new reference
 * @fault: or NULL; all zero after success
 *
 * What follows the value is left in @from: see ferry_get_end().
 *
 * Return: FERRY_OK; FERRY_EDECODE: @fault tells where; FERRY_ETOOBIG: so does
 * it, and the value takes more than FY_JSON_MAX_WIRE, nests too deep, would
 * take a GiB of memory or has too many items without a byte on the wire;
 * FERRY_ENOMEM. The error is latched in @from too.
 */
FY_MUST_CHECK ferry_err
fy_json_get(struct ferry_decoder *from, const struct fy_type *type,
	    json_t **out, struct fy_json_fault *fault);

/**
 * fy_json_put_args() - the XDR of a procedure's arguments
 * @args: none: NULL or null; one: the value; several: an array of them
 */
FY_MUST_CHECK ferry_err
fy_json_put_args(const json_t *args, const struct fy_procedure *procedure,
		 struct ferry_arena *mem, struct ferry_bytes *out,
		 struct fy_json_fault *fault);

/** fy_json_get_args() - takes a procedure's arguments; none give null */
FY_MUST_CHECK ferry_err
fy_json_get_args(struct ferry_decoder *from,
		 const struct fy_procedure *procedure, json_t **out,
		 struct fy_json_fault *fault);

enum fy_json_style {
	FY_JSON_LINES,	 /* what has not room on one line is indented by 2 */
	FY_JSON_COMPACT, /* no space and no newline */
};

/**
 * fy_json_text() - a value as text, without a newline at its end
 * @value: of at most 2048 levels, as the parser takes
 * @out:   UTF-8 in @mem. Numbers have the fewest digits that are read as the
 *         same double, and no byte of it controls a terminal
 *
 * Return: FERRY_OK; FERRY_ETOOBIG: 4 GiB or more; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_json_text(const json_t *value,
				     enum fy_json_style style,
				     struct ferry_arena *mem,
				     struct ferry_str *out);
