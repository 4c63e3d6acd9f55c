/* SPDX-License-Identifier: MIT */
/* Integers as written in an interface file: 31, 0x1f, 037. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/str.h>

/* -2^63 to 2^64 - 1: what a constant can be. */
struct fy_number {
	uint64_t bits; /* two's complement, if negative */
	bool negative;
};

enum fy_number_fault {
	FY_NUMBER_OK,
	FY_NUMBER_BAD,	   /* not an integer of any base */
	FY_NUMBER_TOO_BIG, /* 2^64 or more */
};

/** fy_number_read() - @text, which begins with a digit, as a number */
enum fy_number_fault fy_number_read(struct ferry_str text, uint64_t *out);

/** fy_number_negate() - minus @magnitude; false if below -2^63 */
bool fy_number_negate(uint64_t magnitude, struct fy_number *out);

/** fy_number_within() - whether @min <= @number <= @max */
bool fy_number_within(struct fy_number number, int64_t min, uint64_t max);
