/* SPDX-License-Identifier: MIT */
/*
 * A lock that waits until a deadline, in one word: zeroed is unlocked. Not for
 * the thread that holds it already. Nobody sleeps while he holds one, but for
 * a sender who waits for room on a link, which is why others have a deadline.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"

struct fy_lock {
	uint32_t word; /* 0 free, 1 held, 2 held and somebody may sleep */
};

/** fy_lock_slow() - the rest of fy_lock_until() */
FY_MUST_CHECK ferry_err fy_lock_slow(struct fy_lock *lock,
				     struct ferry_deadline until);

/** fy_unlock_slow() - wakes one who sleeps */
void fy_unlock_slow(struct fy_lock *lock);

/** fy_lock_try() - whether it is now the caller's */
static inline bool
fy_lock_try(struct fy_lock *lock)
{
	uint32_t expected = 0;

	return __atomic_compare_exchange_n(&lock->word, &expected, 1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/** fy_lock_until() - FERRY_OK or FERRY_ETIMEDOUT */
FY_MUST_CHECK static inline ferry_err
fy_lock_until(struct fy_lock *lock, struct ferry_deadline until)
{
	return FY_LIKELY(fy_lock_try(lock)) ? FERRY_OK
					    : fy_lock_slow(lock, until);
}

static inline void
fy_lock(struct fy_lock *lock)
{
	while (fy_lock_until(lock, FERRY_NEVER))
		continue;
}

static inline void
fy_unlock(struct fy_lock *lock)
{
	if (FY_UNLIKELY(__atomic_exchange_n(&lock->word, 0,
					    __ATOMIC_RELEASE) == 2))
		fy_unlock_slow(lock);
}
