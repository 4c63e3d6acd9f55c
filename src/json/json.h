/* SPDX-License-Identifier: MIT */
/*
 * JSON to XDR and back by an interface file's model: nothing is generated,
 * nothing is lost. docs/json.md has the mapping.
 *
 * What comes in is not trusted, from either side: depth, lengths and memory
 * are bounded by the input. No I/O.
 */
#pragma once

#include <jansson.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/xdr.h>

#include "core/compiler.h"
#include "idl/model.h"

/**
 * struct fy_json_fault - where a value and its type part
 * @where:    the way to it, "[0].entries[3].name"; "" is the value itself
 * @text:     what is wrong, one line without a full stop
 * @expected: the type whose declaration tells what would be right, or NULL
 */
struct fy_json_fault {
	char where[200];
	char text[200];
	const struct fy_type *expected;
};

/**
 * fy_json_put() - the XDR of a value
 * @mem: of the bytes
 * @out: all of the value, a multiple of 4 bytes
 *
 * Return: FERRY_OK; FERRY_EENCODE: @fault tells where; FERRY_ETOOBIG: it takes
 * more than 64 MiB; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_json_put(const json_t *value, const struct fy_type *type,
	    struct ferry_arena *mem, struct ferry_bytes *out,
	    struct fy_json_fault *fault);

/**
 * fy_json_get() - takes a value from @from
 * @out: a new reference
 *
 * Return: FERRY_OK; FERRY_EDECODE: @fault tells where; FERRY_ENOMEM.
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
