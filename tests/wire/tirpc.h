/* SPDX-License-Identifier: MIT */
/* The samples by libtirpc: the bytes that ferry is compared with. */
#pragma once

#include "wire/sample.h"

/* Return: the bytes written; 0 if libtirpc refused. */
size_t tirpc_put(const struct sample *s, uint8_t *buf, size_t bytes);

/* Whether libtirpc reads the value of @s from all of @buf. */
bool tirpc_get(const struct sample *s, const uint8_t *buf, size_t bytes);
