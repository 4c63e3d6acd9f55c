/* SPDX-License-Identifier: MIT */
/* Bytes as text: hex and base64 (RFC 4648 section 4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct fy_notation - one way to write bytes as text
 * @name:   of the key in JSON
 * @len:    how many bytes the text stands for; false: its length is wrong
 * @decode: writes them; false: another character is in it
 */
struct fy_notation {
	const char *name;
	bool (*len)(const char *text, size_t len, size_t *out);
	bool (*decode)(const char *text, size_t len, uint8_t *out);
};

extern const struct fy_notation fy_notation_text; /* the bytes themselves */
extern const struct fy_notation fy_notation_hex;  /* of either case */
extern const struct fy_notation fy_notation_base64;

/** fy_hex() - writes 2 * @len lower-case digits, without a NUL */
void fy_hex(char *out, const uint8_t *data, size_t len);
