/* SPDX-License-Identifier: MIT */
/* From XDR to JSON: what the files of that direction share. */
#pragma once

#include <jansson.h>

#include "core/compiler.h"
#include "json/path.h"

struct fy_json_in {
	struct fy_json_path path;
	struct ferry_decoder *from;
	const uint8_t *start; /* of the value */
};

/* Takes a value of @type, which is no typedef. @out: a new reference */
typedef ferry_err fy_json_get_fn(struct fy_json_in *in,
				 const struct fy_type *type, json_t **out);

/* The kinds that hold no others. */
fy_json_get_fn fy_json_get_small; /* int to unsigned short */
fy_json_get_fn fy_json_get_hyper; /* and unsigned hyper */
fy_json_get_fn fy_json_get_bool;
fy_json_get_fn fy_json_get_enum;
fy_json_get_fn fy_json_get_float;
fy_json_get_fn fy_json_get_double;
fy_json_get_fn fy_json_get_quadruple;
fy_json_get_fn fy_json_get_bytes; /* string and both kinds of opaque */

/** fy_json_get_run() - @bytes of a value of @type; FERRY_EDECODE if less */
FY_MUST_CHECK ferry_err fy_json_get_run(struct fy_json_in *in,
					const struct fy_type *type,
					uint64_t bytes, const uint8_t **out);

/** fy_json_get_word() - 4 bytes of a value of @type */
FY_MUST_CHECK ferry_err fy_json_get_word(struct fy_json_in *in,
					 const struct fy_type *type,
					 uint32_t *out);

/** fy_json_get_mark() - whether an optional is there */
FY_MUST_CHECK ferry_err fy_json_get_mark(struct fy_json_in *in,
					 const struct fy_type *type,
					 bool *out);

/** fy_json_left() - bytes that are left */
size_t fy_json_left(const struct fy_json_in *in);

/** fy_json_made() - @out is @take_value, or FERRY_ENOMEM if that is NULL */
FY_MUST_CHECK ferry_err fy_json_made(json_t *take_value, json_t **out);
