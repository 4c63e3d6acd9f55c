/* SPDX-License-Identifier: MIT */
/*
 * Time: absolute deadlines on CLOCK_MONOTONIC, passed by value. An operation
 * that is tried again keeps its deadline; nothing restarts a time-out.
 */
#pragma once

#include <stdint.h>

#include <ferry/visibility.h>

/**
 * struct ferry_deadline - a moment in nanoseconds of CLOCK_MONOTONIC
 *
 * All zero means "not said": the operation takes its documented default.
 */
struct ferry_deadline {
	int64_t ns;
};

/* Do not wait: what cannot be done at once fails with FERRY_EAGAIN. */
static const struct ferry_deadline FERRY_NOW = { 1 };
/* Wait for ever. */
static const struct ferry_deadline FERRY_NEVER = { INT64_MAX };

/** ferry_in_ms() - the moment @ms milliseconds from now; negative is now */
FERRY_API struct ferry_deadline ferry_in_ms(int64_t ms);

/** ferry_in_ns() - the moment @ns nanoseconds from now; negative is now */
FERRY_API struct ferry_deadline ferry_in_ns(int64_t ns);
