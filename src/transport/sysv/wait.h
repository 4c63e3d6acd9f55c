/* SPDX-License-Identifier: MIT */
/*
 * Whoever blocks in a queue is woken by a message, and whoever else may receive
 * from the queue may take that: the helper (service.h) looks some time later
 * whether it was heard, and wakes again. Who waits in msgrcv(2) is served in
 * the order of coming, and who has taken a wake-up has to come again: as many
 * wake-ups as there are thieves reach everybody.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <ferry/time.h>

/* Between a wake-up and the look whether it was heard. */
#define FY_SYSV_AGAIN_MS 10

/**
 * struct fy_sysv_wait - one wait; zeroed before the first
 * @until:    its deadline, of the clock of ferry/time.h; 0: nobody waits
 * @seen:     the helper's: the deadline that @n_stolen belongs to
 * @n_stolen: wake-ups that somebody else has got, or who waits just now
 */
struct fy_sysv_wait {
	atomic_llong until;
	long long seen;
	unsigned int n_stolen;
};

/** fy_sysv_wait_begin() - before the helper is told of the deadline */
static inline void
fy_sysv_wait_begin(struct fy_sysv_wait *wait, struct ferry_deadline until)
{
	atomic_store_explicit(&wait->until, until.ns, memory_order_relaxed);
}

static inline void
fy_sysv_wait_end(struct fy_sysv_wait *wait)
{
	atomic_store_explicit(&wait->until, 0, memory_order_relaxed);
}

/**
 * fy_sysv_wait_is_over() - whether somebody waits who should not any more
 * @dead: nobody should
 */
bool fy_sysv_wait_is_over(const struct fy_sysv_wait *wait, bool dead);

/**
 * fy_sysv_wait_missed() - such a one: whether the wake-up was taken from queue
 * @id, which .n_stolen counts then. If not it is there, and is taken out here:
 * the thread was just not scheduled yet.
 */
bool fy_sysv_wait_missed(struct fy_sysv_wait *wait, int id, long type);
