/* SPDX-License-Identifier: MIT */
/*
 * Addresses: scheme:body[?key=value&...], with percent escapes. One grammar
 * for the library, the command and the documentation; docs/addresses.md has
 * it on one page.
 */
#pragma once

#include <stddef.h>

#include <ferry/err.h>
#include <ferry/visibility.h>

#define FERRY_ADDR_SCHEME 16
#define FERRY_ADDR_BODY 1024
#define FERRY_ADDR_OPTIONS 8

/**
 * struct ferry_addr_option - one key=value behind the question mark
 * @key:   lower-case letters, NUL-terminated
 * @value: percent escapes undone, NUL-terminated
 */
struct ferry_addr_option {
	char key[16];
	char value[112];
};

/**
 * struct ferry_addr - a parsed address; a plain value, nothing to free
 * @scheme:    lower-case letters, NUL-terminated
 * @body:      percent escapes undone, NUL-terminated, without NUL inside
 * @n_options: how many of @options are in use
 */
struct ferry_addr {
	char scheme[FERRY_ADDR_SCHEME];
	char body[FERRY_ADDR_BODY];
	size_t n_options;
	struct ferry_addr_option options[FERRY_ADDR_OPTIONS];
};

/**
 * ferry_addr_parse() - reads an address
 *
 * Return: FERRY_OK; FERRY_EADDR with the place and the reason in @why (which
 * may be NULL). Whether the scheme exists is not asked here.
 */
FERRY_TRY ferry_err ferry_addr_parse(const char *text, struct ferry_addr *out,
				     struct ferry_error *why);

/**
 * ferry_addr_format() - the text of an address, escaped so that it parses back
 *
 * Return: the length without the NUL, as snprintf(3) counts it; @buf holds the
 * NUL-terminated text, cut if @bytes is not more than that.
 */
FERRY_API size_t ferry_addr_format(const struct ferry_addr *addr, char *buf,
				   size_t bytes);
