/* SPDX-License-Identifier: MIT */
#include "idl/utf8.h"

#include <stdbool.h>

/* What the first byte says of the length. */
static size_t
need_of(unsigned char first)
{
	return first < 0x80   ? 1
	       : first < 0xc2 ? 0
	       : first < 0xe0 ? 2
	       : first < 0xf0 ? 3
	       : first < 0xf5 ? 4
			      : 0;
}

/* The second byte tells longer forms and surrogates. */
static bool
second_fits(unsigned char first, unsigned char second)
{
	unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= least && second <= most;
}

size_t
fy_utf8_len(const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t need = need_of(bytes[0]);

	if (need > len || (need > 1 && !second_fits(bytes[0], bytes[1])))
		return 0;
	for (size_t i = 2; i < need; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	return need;
}

size_t
fy_utf8_shown_len(const char *text, size_t len)
{
	unsigned char first = (unsigned char)text[0];
	size_t n = fy_utf8_len(text, len);

	if (first < 0x20 || first == 0x7f)
		return 0;
	if (n == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0)
		return 0;
	return n;
}
