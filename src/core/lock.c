/* SPDX-License-Identifier: MIT */
#include "core/lock.h"

#include <errno.h>

#include "core/os.h"

ferry_err
fy_lock_slow(struct fy_lock *lock, struct ferry_deadline until)
{
	bool late = false;

	/*
	 * Who comes this way takes the lock as "somebody may sleep", because
	 * he cannot know that he was the last: one needless wake at most.
	 */
	while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0) {
		if (late)
			return FERRY_ETIMEDOUT;
		late = fy_os_futex_wait(&lock->word, 2, until) < 0 &&
		       errno == ETIMEDOUT;
	}
	return FERRY_OK;
}

void
fy_unlock_slow(struct fy_lock *lock)
{
	fy_os_futex_wake(&lock->word, 1);
}
