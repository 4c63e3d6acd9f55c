/* SPDX-License-Identifier: MIT */
/* What is tried in every way: tables of sentences, one file for each. */
#pragma once

#include <stdint.h>

#include "world.h"

/*
 * ONCE: the roles do not differ. NAMED: two cannot have one address. PLAIN: not
 * with the fault transport in between. LARGE: nor if few bytes go at a time.
 * LONG: the roles differ by little, and the second is tried if FERRY_THOROUGH
 * is set.
 */
enum fy_case_flags {
	FY_ONCE = 1 << 0,
	FY_NAMED = 1 << 1,
	FY_PLAIN = 1 << 2,
	FY_LARGE = 1 << 3,
	FY_LONG = 1 << 4,
};

/**
 * struct fy_case - one promise; the first without a sentence ends a table
 * @needs:   enum ferry_caps: one; 0: every scheme has to keep it
 * @refused: what there is instead, for those that lack it
 * @flags:   enum fy_case_flags
 */
struct fy_case {
	const char *sentence;
	void (*run)(struct fy_world *w);
	uint32_t needs;
	void (*refused)(struct fy_world *w);
	uint32_t flags;
};

#define FY_MUST(name, flags)                                                   \
	{                                                                      \
#name, name, 0, NULL, flags                                    \
	}
#define FY_CAN(name, cap, otherwise, flags)                                    \
	{                                                                      \
#name, name, FERRY_CAP_##cap, otherwise, flags                 \
	}

extern const struct fy_case fy_message_cases[];
extern const struct fy_case fy_time_cases[];
extern const struct fy_case fy_end_cases[];
extern const struct fy_case fy_cut_cases[];
extern const struct fy_case fy_life_cases[];
extern const struct fy_case fy_listener_cases[];
extern const struct fy_case fy_able_cases[];
/* Of tests/links. */
extern const struct fy_case fy_stream_cases[];

/** fy_scaled() - @n, or less of it where a sanitizer makes all slow, unless
 *  FERRY_THOROUGH is set */
uint32_t fy_scaled(uint32_t n);
