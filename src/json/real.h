/* SPDX-License-Identifier: MIT */
/* Floating point as bits, as numbers and as the text that JSON has for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/xdr.h>

/* Room for any text that the functions here make. */
#define FY_REAL_TEXT 40

/**
 * fy_real32_round() - the bits of the single nearest to @number
 *
 * Return: false, if that would be an infinity.
 */
bool fy_real32_round(double number, uint32_t *bits);

/** fy_real32_parse() - "NaN", "NaN(0x7fc00001)", "Infinity", "-Infinity" */
bool fy_real32_parse(const char *text, size_t len, uint32_t *bits);

/** fy_real64_parse() - the same, with 16 digits of a NaN */
bool fy_real64_parse(const char *text, size_t len, uint64_t *bits);

/** fy_real128_parse() - "0x" and 32 hex digits: all its bits */
bool fy_real128_parse(const char *text, size_t len,
		      struct ferry_quadruple *bits);

/**
 * fy_real32_number() - a double that is printed with the fewest digits that
 * name the single, and is rounded to the same again
 *
 * Return: false, and the text of fy_real32_parse(), if it is no finite number.
 */
bool fy_real32_number(uint32_t bits, double *number, char out[FY_REAL_TEXT]);

/** fy_real64_number() - the same */
bool fy_real64_number(uint64_t bits, double *number, char out[FY_REAL_TEXT]);

/** fy_real128_text() - what fy_real128_parse() reads */
void fy_real128_text(const struct ferry_quadruple *bits,
		     char out[FY_REAL_TEXT]);

/**
 * fy_real_text() - the fewest digits that are read as the same double, with a
 * point or an exponent, so that they are read as no integer
 */
void fy_real_text(double number, char out[FY_REAL_TEXT]);
