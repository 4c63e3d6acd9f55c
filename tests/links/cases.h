/* SPDX-License-Identifier: MIT */
/* What is tried in every way: tables of sentences. */
#pragma once

/* DIRECT: nobody in between takes bytes. LARGE: many are moved. */
enum fy_case_ways {
	FY_WAYS_EVERY,
	FY_WAYS_LISTENERS,
	FY_WAYS_PLAIN,
	FY_WAYS_DIRECT,
	FY_WAYS_LARGE,
};

/** struct fy_case - one promise; @run as cmocka has it, a NULL one ends */
struct fy_case {
	const char *sentence;
	void (*run)(void **state);
	enum fy_case_ways ways;
};

#define FY_CASE(name, ways) { #name, name, ways }

extern const struct fy_case fy_message_cases[];
extern const struct fy_case fy_life_cases[];
