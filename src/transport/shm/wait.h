/* SPDX-License-Identifier: MIT */
/*
 * How one end waits for a word of the other's, and wakes the other.
 *
 * Awake it looks again and again, which costs no system call and answers within
 * a tenth of a microsecond; asleep it costs nothing, and to be woken takes up to
 * sixty. So it looks for a while first, if that has paid of late: on another
 * processor than the peer's by spinning, on the same one by giving way
 * (sched_yield), since a peer that cannot run does not answer. A yield that a
 * third process used for its own work is noticed, and none is tried for a while.
 *
 * To sleep it announces that, looks once more, and waits for the word and for
 * the peer's life word at once (futex_waitv). Who stores to the word stores
 * first and looks for a sleeper then: one of the two sees the other. Every
 * second it looks by itself: a peer that does not wake, or sends the sleeper to
 * wait elsewhere (FUTEX_REQUEUE needs no permission to write) wastes only that.
 * A kernel without futex_waitv, or a peer without life word: it looks for the
 * end of the socket every 5 ms, then less often.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"
#include "transport/shm/alive.h"
#include "transport/shm/page.h"

/**
 * struct fy_shm_pace - whether it pays to look before one sleeps; all zero at
 * the beginning
 * @lost:     waits in a row in which it did not
 * @rest:     waits until it is tried again
 * @no_yield: waits until a yield is tried again
 * @setbacks: so often in a row has that been other than good
 * @good:     yields in a row that ran the peer
 */
struct fy_shm_pace {
	uint32_t lost;
	uint32_t rest;
	uint32_t no_yield;
	uint32_t setbacks;
	uint32_t good;
};

/**
 * struct fy_shm_wait - one of the two threads of an end that wait; private
 * @await:  the own word that says how it waits
 * @word:   the peer's, that it waits for
 * @peer:   its page
 * @socket: the bell, which hangs up when the peer has ended; borrowed
 * @pidfd:  of the peer, or -1; borrowed
 * @number: of the wait: another one each time
 * @slice:  ns that it sleeps without a look, where the end does not wake it
 * @armed:  @await says FY_SHM_BELL
 * @n_unheard: how often it did since rings were heard, at most one for each;
 *          roughly, as the receiver clears that of the sender
 * @ended:  socket or process of the peer have been seen to end
 */
struct fy_shm_wait {
	uint32_t *await;
	const uint32_t *word;
	const struct fy_shm_page *peer;
	int socket;
	int pidfd;
	uint32_t number;
	int32_t slice;
	bool armed;
	_Atomic uint32_t n_unheard;
	bool ended;
	struct fy_shm_pace pace;
};

/**
 * fy_shm_linger() - looks for a while, as it pays, but not beyond @until,
 * whether the word is still @seen
 *
 * Return: whether it is another one. No system call but sched_yield(2).
 */
bool fy_shm_linger(struct fy_shm_wait *wait, uint32_t seen,
		   struct ferry_deadline until);

/**
 * fy_shm_sleep() - until the word is not @seen, the peer is dead, or for no
 * reason
 *
 * FERRY_OK: look; FERRY_ETIMEDOUT: and it is late; FERRY_ESYS.
 */
FY_MUST_CHECK ferry_err fy_shm_sleep(struct fy_shm_wait *wait, uint32_t seen,
				     struct ferry_deadline until,
				     struct ferry_error *why);

/**
 * fy_shm_arm() - has the socket become readable when the word is not @seen
 *
 * Return: false: it is another one already.
 */
bool fy_shm_arm(struct fy_shm_wait *wait, uint32_t seen);

/** fy_shm_disarm() - no longer */
void fy_shm_disarm(struct fy_shm_wait *wait);

/**
 * fy_shm_hear() - takes what rang out of the socket
 *
 * By the receiver. It is no longer armed if it rang: the peer does so once for
 * each arming.
 */
void fy_shm_hear(struct fy_shm_wait *wait);

/** fy_shm_look_for_end() - asks the socket, where no life word will tell it */
void fy_shm_look_for_end(struct fy_shm_wait *wait);

/** fy_shm_tell_death() - the rest of fy_shm_is_over(); true */
FY_COLD bool fy_shm_tell_death(const struct fy_shm_wait *wait);

/**
 * fy_shm_is_over() - whether the peer has ended, by whatever cause
 *
 * All who wait for that hear it. What it published is there still.
 */
static inline bool
fy_shm_is_over(const struct fy_shm_wait *wait)
{
	if (FY_LIKELY(!wait->ended &&
		      !fy_alive_is_dead(fy_shm_load(&wait->peer->life))))
		return false;
	return fy_shm_tell_death(wait);
}

/**
 * struct fy_shm_bell - how to wake the peer's thread; private
 * @await:  the peer's word that says how it waits
 * @word:   the own one that it waits for
 * @socket: the bell; borrowed
 * @rung:   the wait that has been ended: once is enough
 */
struct fy_shm_bell {
	const uint32_t *await;
	uint32_t *word;
	int socket;
	uint32_t rung;
};

/** fy_shm_wake_slow() - the rest of fy_shm_wake() */
void fy_shm_wake_slow(struct fy_shm_bell *bell, uint32_t await);

/** fy_shm_wake() - after an announcement: wakes the peer if it waits for that */
static inline void
fy_shm_wake(struct fy_shm_bell *bell)
{
	uint32_t await = fy_shm_look(bell->await);

	if (FY_UNLIKELY(fy_shm_mode(await) != FY_SHM_AWAKE))
		fy_shm_wake_slow(bell, await);
}
