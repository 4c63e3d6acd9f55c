/* SPDX-License-Identifier: MIT */
/* Bytes that grow up to a limit, and end as an arena's. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/hooks.h>
#include <ferry/str.h>

#include "core/compiler.h"

/* All zero but .max is valid and empty. */
struct fy_json_buf {
	const struct ferry_hooks *hooks; /* of the arena it will end in */
	uint8_t *data;
	size_t len;
	size_t cap;
	size_t max; /* bytes, at most UINT32_MAX */
};

/**
 * fy_json_buf_room() - @bytes more at the end, to be written by the caller
 *
 * Return: FERRY_OK; FERRY_ETOOBIG beyond the limit; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_json_buf_room(struct fy_json_buf *buf,
					 uint64_t bytes, uint8_t **out);

/** fy_json_buf_end() - makes all of it @mem's; the buffer is empty after */
FY_MUST_CHECK ferry_err fy_json_buf_end(struct fy_json_buf *buf,
					struct ferry_arena *mem,
					struct ferry_bytes *out);

/** fy_json_buf_fini() - frees what did not end in an arena */
void fy_json_buf_fini(struct fy_json_buf *buf);
