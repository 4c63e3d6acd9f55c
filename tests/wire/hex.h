/* SPDX-License-Identifier: MIT */
/* The types that the files of vectors/ name, by ferry and by libtirpc. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HEX_MOST 256 /* bytes of the longest vector */

/*
 * Reads a value of @type from all of @buf and writes it again to @out, which
 * has room for HEX_MOST bytes. Return: the bytes written; -1 if refused; -2 if
 * there is no such type.
 */
int hex_by_ferry(const char *type, const uint8_t *buf, size_t len,
		 uint8_t *out);
int hex_by_tirpc(const char *type, const uint8_t *buf, size_t len,
		 uint8_t *out);
