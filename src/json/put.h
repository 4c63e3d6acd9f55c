/* SPDX-License-Identifier: MIT */
/* From JSON to XDR: what the files of that direction share. */
#pragma once

#include <jansson.h>

#include "core/compiler.h"
#include "json/buf.h"
#include "json/path.h"

struct fy_json_out {
	struct fy_json_path path;
	struct fy_json_buf buf;
	uint32_t depth; /* levels of recursive types that are left */
};

/* Writes @value as @type, which is no typedef. */
typedef ferry_err fy_json_put_fn(struct fy_json_out *o, const json_t *value,
				 const struct fy_type *type);

/* The kinds that hold no others. */
fy_json_put_fn fy_json_put_small; /* int to unsigned short */
fy_json_put_fn fy_json_put_hyper; /* and unsigned hyper */
fy_json_put_fn fy_json_put_bool;
fy_json_put_fn fy_json_put_enum;
fy_json_put_fn fy_json_put_float;
fy_json_put_fn fy_json_put_double;
fy_json_put_fn fy_json_put_quadruple;
fy_json_put_fn fy_json_put_bytes; /* string and both kinds of opaque */

/** fy_json_take() - room for @bytes of a value of @type */
FY_MUST_CHECK ferry_err fy_json_take(struct fy_json_out *o,
				     const struct fy_type *type,
				     uint64_t bytes, uint8_t **out);

/** fy_json_put_word() - 4 bytes of a value of @type */
FY_MUST_CHECK ferry_err fy_json_put_word(struct fy_json_out *o,
					 const struct fy_type *type,
					 uint32_t word);
