/* SPDX-License-Identifier: MIT */
#include "idl/number.h"

#include <inttypes.h>
#include <stdio.h>

static unsigned int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 99;
}

enum fy_number_fault
fy_number_read(struct ferry_str text, uint64_t *out)
{
	enum fy_number_fault fault = FY_NUMBER_OK;
	unsigned int base = 10;
	uint64_t value = 0;
	uint32_t i = 0;

	if (text.len > 2 && text.data[0] == '0' &&
	    (text.data[1] == 'x' || text.data[1] == 'X')) {
		base = 16;
		i = 2;
	} else if (text.len > 1 && text.data[0] == '0') {
		base = 8;
		i = 1;
	}
	for (; i < text.len; i++) {
		unsigned int digit = digit_value(text.data[i]);

		if (digit >= base)
			return FY_NUMBER_BAD;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			fault = FY_NUMBER_TOO_BIG;
	}
	*out = value;
	return fault;
}

bool
fy_number_negate(uint64_t magnitude, struct fy_number *out)
{
	if (magnitude > (uint64_t)INT64_MAX + 1)
		return false;
	*out = (struct fy_number){ 0 - magnitude, magnitude != 0 };
	return true;
}

bool
fy_number_within(struct fy_number number, int64_t min, uint64_t max)
{
	if (number.negative)
		return min < 0 && (int64_t)number.bits >= min;
	return number.bits <= max && (min <= 0 || number.bits >= (uint64_t)min);
}

struct fy_number
fy_number_s32(struct fy_number number)
{
	int64_t value = (int32_t)(uint32_t)number.bits;

	return (struct fy_number){ (uint64_t)value, value < 0 };
}

struct fy_number
fy_number_u32(struct fy_number number)
{
	return (struct fy_number){ (uint32_t)number.bits, false };
}

void
fy_number_text(struct fy_number number, char out[FY_NUMBER_TEXT])
{
	if (number.negative)
		snprintf(out, FY_NUMBER_TEXT, "%" PRId64, (int64_t)number.bits);
	else
		snprintf(out, FY_NUMBER_TEXT, "%" PRIu64, number.bits);
}
