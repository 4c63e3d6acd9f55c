/* SPDX-License-Identifier: MIT */
#include "core/time.h"

#include "core/os.h"

#define NS_PER_MS 1000000

struct ferry_deadline
ferry_in_ns(int64_t ns)
{
	struct ferry_deadline until = { fy_os_now_ns() };

	if (ns <= 0)
		return until;
	if (ns >= FERRY_NEVER.ns - until.ns)
		return FERRY_NEVER;
	until.ns += ns;
	return until;
}

struct ferry_deadline
ferry_in_ms(int64_t ms)
{
	if (ms >= INT64_MAX / NS_PER_MS)
		return FERRY_NEVER;
	return ferry_in_ns(ms > 0 ? ms * NS_PER_MS : 0);
}

struct ferry_deadline
fy_deadline_said(struct ferry_deadline until, int64_t ms)
{
	if (until.ns == 0)
		until.ns = fy_os_coarse_ns() + ms * NS_PER_MS;
	return until;
}

bool
fy_deadline_passed(struct ferry_deadline until)
{
	if (until.ns == FERRY_NEVER.ns)
		return false;
	return until.ns <= FERRY_NOW.ns || until.ns <= fy_os_now_ns();
}
