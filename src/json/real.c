/* SPDX-License-Identifier: MIT */
#include "json/real.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Half a unit above the greatest single: from here on it rounds to infinity. */
#define SINGLE_LIMIT 0x1.ffffffp127

/* The parts of a format, as bits. */
struct format {
	uint64_t infinity; /* the exponent */
	uint64_t sign;
	uint64_t nan; /* the quiet one without anything else */
	int n_digits; /* hex digits of all */
};

static const struct format single = {
	0x7f800000, 0x80000000, 0x7fc00000, 8
};
static const struct format doubled = {
	0x7ff0000000000000, 0x8000000000000000, 0x7ff8000000000000, 16
};

/* ---- from text ---- */

/* "0x" and exactly @n hex digits. */
static bool
parse_bits(const char *text, size_t len, int n, uint64_t *out)
{
	uint64_t bits = 0;

	if (len != (size_t)n + 2 || text[0] != '0' || text[1] != 'x')
		return false;
	for (size_t i = 2; i < len; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

		if (!digit)
			return false;
		bits = bits << 4 | (uint64_t)(digit - digits);
	}
	*out = bits;
	return true;
}

static bool
is_text(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool
parse_special(const struct format *format, const char *text, size_t len,
	      uint64_t *out)
{
	uint64_t bits;

	if (is_text(text, len, "NaN"))
		bits = format->nan;
	else if (is_text(text, len, "Infinity"))
		bits = format->infinity;
	else if (is_text(text, len, "-Infinity"))
		bits = format->infinity | format->sign;
	else if (len < 5 || memcmp(text, "NaN(", 4) != 0 ||
		 text[len - 1] != ')' ||
		 !parse_bits(text + 4, len - 5, format->n_digits, &bits) ||
		 (bits & ~format->sign) <= format->infinity)
		return false;
	*out = bits;
	return true;
}

bool
fy_real32_parse(const char *text, size_t len, uint32_t *bits)
{
	uint64_t wide;

	if (!parse_special(&single, text, len, &wide))
		return false;
	*bits = (uint32_t)wide;
	return true;
}

bool
fy_real64_parse(const char *text, size_t len, uint64_t *bits)
{
	return parse_special(&doubled, text, len, bits);
}

bool
fy_real128_parse(const char *text, size_t len, struct ferry_quadruple *bits)
{
	char low[18] = "0x";

	if (len != 34)
		return false;
	memcpy(low + 2, text + 18, 16);
	return parse_bits(text, 18, 16, &bits->high) &&
	       parse_bits(low, 18, 16, &bits->low);
}

bool
fy_real32_round(double number, uint32_t *bits)
{
	float rounded;

	if (fabs(number) >= SINGLE_LIMIT)
		return false;
	rounded = (float)number;
	memcpy(bits, &rounded, sizeof(*bits));
	return true;
}

/* ---- to numbers and text ---- */

/* Return: whether the bits are no number, and @out says what they are. */
static bool
special_text(const struct format *format, uint64_t bits,
	     char out[FY_REAL_TEXT])
{
	if ((bits & ~format->sign) < format->infinity)
		return false;
	if (bits == format->infinity)
		strcpy(out, "Infinity");
	else if (bits == (format->infinity | format->sign))
		strcpy(out, "-Infinity");
	else if (bits == format->nan)
		strcpy(out, "NaN");
	else
		snprintf(out, FY_REAL_TEXT, "NaN(0x%0*" PRIx64 ")",
			 format->n_digits, bits);
	return true;
}

/*
 * With 9 digits the text is nearer to the single than to half the way to its
 * neighbours, so that the double between them does no harm.
 */
bool
fy_real32_number(uint32_t bits, double *number, char out[FY_REAL_TEXT])
{
	uint32_t again = ~bits;
	float value;
	int digits;

	if (special_text(&single, bits, out))
		return false;
	memcpy(&value, &bits, sizeof(value));
	digits = fabsf(value) < FLT_MIN ? 1 : FLT_DIG;
	for (; again != bits && digits <= FLT_DECIMAL_DIG; digits++) {
		snprintf(out, FY_REAL_TEXT, "%.*g", digits, (double)value);
		*number = strtod(out, NULL);
		if (!fy_real32_round(*number, &again))
			again = ~bits;
	}
	return true;
}

bool
fy_real64_number(uint64_t bits, double *number, char out[FY_REAL_TEXT])
{
	if (special_text(&doubled, bits, out))
		return false;
	memcpy(number, &bits, sizeof(*number));
	return true;
}

void
fy_real128_text(const struct ferry_quadruple *bits, char out[FY_REAL_TEXT])
{
	snprintf(out, FY_REAL_TEXT, "0x%016" PRIx64 "%016" PRIx64, bits->high,
		 bits->low);
}

void
fy_real_text(double number, char out[FY_REAL_TEXT])
{
	/* What has all its bits keeps as many digits as are surely its own. */
	int digits = fabs(number) < DBL_MIN ? 1 : DBL_DIG;
	uint64_t bits, again;
	double value;

	memcpy(&bits, &number, sizeof(bits));
	again = ~bits;
	for (; again != bits && digits <= DBL_DECIMAL_DIG; digits++) {
		snprintf(out, FY_REAL_TEXT, "%.*g", digits, number);
		value = strtod(out, NULL);
		memcpy(&again, &value, sizeof(again));
	}
	if (!strpbrk(out, ".e"))
		strcat(out, ".0");
}
