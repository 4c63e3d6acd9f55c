/* SPDX-License-Identifier: MIT */
/* What deadlines are asked inside the library. */
#pragma once

#include <stdbool.h>

#include <ferry/time.h>

/**
 * fy_deadline_said() - @until, or @ms, some seconds, from now where it is not
 * said: to a few milliseconds
 */
struct ferry_deadline fy_deadline_said(struct ferry_deadline until, int64_t ms);

/** fy_deadline_passed() - whether it is too late to wait; true for FERRY_NOW */
bool fy_deadline_passed(struct ferry_deadline until);
