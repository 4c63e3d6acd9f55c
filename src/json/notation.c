/* SPDX-License-Identifier: MIT */
#include "json/notation.h"

#include <string.h>

static bool
text_len(const char *text, size_t len, size_t *out)
{
	(void)text;
	*out = len;
	return true;
}

static bool
text_decode(const char *text, size_t len, uint8_t *out)
{
	if (len > 0)
		memcpy(out, text, len);
	return true;
}

/* ---- hex ---- */

static bool
hex_len(const char *text, size_t len, size_t *out)
{
	(void)text;
	*out = len / 2;
	return len % 2 == 0;
}

/* Return: the value of a digit, -1 if it is none. */
static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
hex_decode(const char *text, size_t len, uint8_t *out)
{
	for (size_t i = 0; i < len; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0)
			return false;
		*out++ = (uint8_t)(high * 16 + low);
	}
	return true;
}

void
fy_hex(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
}

/* ---- base64 ---- */

static size_t
padding(const char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '=')
		return 0;
	return len >= 2 && text[len - 2] == '=' ? 2 : 1;
}

static bool
base64_len(const char *text, size_t len, size_t *out)
{
	*out = len / 4 * 3 - padding(text, len);
	return len % 4 == 0;
}

/* Return: the value of a digit, -1 if it is none. */
static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Bits that stand for no byte must be zero: each value has one text. */
static bool
base64_decode(const char *text, size_t len, uint8_t *out)
{
	size_t n_digits = len - padding(text, len);
	uint32_t bits = 0;
	unsigned int n = 0;

	for (size_t i = 0; i < n_digits; i++) {
		int digit = base64_digit(text[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		n += 6;
		if (n >= 8) {
			n -= 8;
			*out++ = (uint8_t)(bits >> n);
			bits &= (1u << n) - 1;
		}
	}
	return bits == 0;
}

const struct fy_notation fy_notation_text = { "text", text_len, text_decode };
const struct fy_notation fy_notation_hex = { "hex", hex_len, hex_decode };
const struct fy_notation fy_notation_base64 = {
	"base64", base64_len, base64_decode
};
