/* SPDX-License-Identifier: MIT */
/*
 * Files of encoded values: a line for each, its number and its bytes in hex.
 * One program writes what its codec makes of the values 0 to SEQ_SAMPLES - 1,
 * the other reads them by its own codec and compares.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define WIRE_MAX 65536 /* bytes of one value, at most */

/* One side's codec for `everything`. */
struct wire_codec {
	/* Encodes value @number into @buf; returns its bytes, 0 on failure. */
	size_t (*encode)(uint32_t number, uint8_t *buf);
	/*
	 * Decodes all @bytes and compares them with value @number. Returns
	 * whether it is the same, else says on stderr why not.
	 */
	bool (*decode)(uint32_t number, const uint8_t *buf, size_t bytes);
};

/* Both return an exit status. */
int wire_make(const struct wire_codec *codec, FILE *out);
int wire_check(const struct wire_codec *codec, FILE *in);
