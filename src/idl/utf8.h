/* SPDX-License-Identifier: MIT */
/* Characters of UTF-8 (RFC 3629) among bytes that may be anything. */
#pragma once

#include <stddef.h>

/**
 * fy_utf8_len() - how many bytes the character at @text takes
 * @len: bytes that there are, at least 1
 *
 * Return: 1 to 4; 0 if no character begins here: a byte of another encoding, a
 * longer form than needed, a surrogate.
 */
size_t fy_utf8_len(const char *text, size_t len);

/**
 * fy_utf8_shown_len() - the same of a character that can be shown
 *
 * Return: 0 too for control characters, also those of Latin-1, which would
 * move the cursor of whoever reads them.
 */
size_t fy_utf8_shown_len(const char *text, size_t len);
