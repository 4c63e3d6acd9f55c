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

/** fy_number_s32() - the low 32 bits of @number, with their sign */
struct fy_number fy_number_s32(struct fy_number number);

/** fy_number_u32() - the low 32 bits of @number, without a sign */
struct fy_number fy_number_u32(struct fy_number number);

/* Room for any number as a text. */
#define FY_NUMBER_TEXT 24

/** fy_number_text() - @number in decimal, with its sign */
void fy_number_text(struct fy_number number, char out[FY_NUMBER_TEXT]);

/** fy_number_within() - whether @min <= @number <= @max */
bool fy_number_within(struct fy_number number, int64_t min, uint64_t max);
