/* SPDX-License-Identifier: MIT */
/* Four bytes of a stream that hold a number, big-endian. */
#pragma once

#include <stdint.h>

static inline void
fy_mark_store(uint8_t mark[4], uint32_t word)
{
	mark[0] = (uint8_t)(word >> 24);
	mark[1] = (uint8_t)(word >> 16);
	mark[2] = (uint8_t)(word >> 8);
	mark[3] = (uint8_t)word;
}

static inline uint32_t
fy_mark_load(const uint8_t mark[4])
{
	return (uint32_t)mark[0] << 24 | (uint32_t)mark[1] << 16 |
	       (uint32_t)mark[2] << 8 | mark[3];
}
