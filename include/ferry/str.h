/* SPDX-License-Identifier: MIT */
/* Counted text and bytes: values that point at memory of somebody else. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <ferry/arena.h>
#include <ferry/visibility.h>

/**
 * struct ferry_str - text as XDR has it: counted, any bytes, no NUL at the end
 *
 * To print one: printf("%.*s", (int)s.len, s.data).
 */
struct ferry_str {
	const char *data;
	uint32_t len; /* bytes */
};

/** struct ferry_bytes - counted opaque data */
struct ferry_bytes {
	const uint8_t *data;
	uint32_t len; /* bytes */
};

/**
 * ferry_str_of() - a view of NUL-terminated text
 *
 * NULL gives the empty text. Text of 4 GiB or more is cut at 2^32 - 1 bytes.
 */
static inline struct ferry_str
ferry_str_of(const char *text)
{
	struct ferry_str s = { text, 0 };
	size_t len = text ? strlen(text) : 0;

	s.len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
	return s;
}

/** ferry_str_eq() - whether @s is byte for byte the NUL-terminated @text */
static inline bool
ferry_str_eq(struct ferry_str s, const char *text)
{
	size_t len = strlen(text);

	return s.len == len && (len == 0 || memcmp(s.data, text, len) == 0);
}

/**
 * ferry_str_dup() - a NUL-terminated copy in @mem
 *
 * Return: the copy; NULL if there is no memory. A NUL inside @s stays inside.
 */
FERRY_API char *ferry_str_dup(struct ferry_arena *mem, struct ferry_str s);
