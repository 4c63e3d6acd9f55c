/* SPDX-License-Identifier: MIT */
#include "transport/shm/wait.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>

#include "core/err.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/shm/alive.h"
#include "transport/shm/step.h"

/*
 * So long is looked for: longer than a wake-up takes on a virtual machine (60
 * us), or two ends that once slept would go on waking each other for ever.
 */
#define LINGER_NS 100000
/* Between two looks at the clock. */
#define SPINS_A_LOOK 16
/* A yield that took longer than this ran somebody else. */
#define YIELD_NS 40000
#define YIELDS 4
/* What is lost by sleeping in its place: it is left out until that is as much. */
#define GAIN_NS 4000
/* Doubled each time so often, and no longer than so many waits. */
#define SETBACKS 6u
#define SETBACK_MOST 2048
/* So many that ran the peer, in a row, make up for one that did not. */
#define GOOD 32u
/* It does not pay if it has not so often in a row; then it is tried rarely. */
#define LOST_MOST 4u
#define REST 64u

/* Nobody sleeps longer without a look. */
#define LOOK_NS 1000000000
/* Who cannot be woken by the peer's death looks for it so often, at first. */
#define BLIND_FIRST_NS 5000000
#define BLIND_MOST_NS 80000000
/* Rings that are taken out of the socket at a stretch. */
#define RINGS 128

#if defined(__x86_64__) || defined(__i386__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield")
#else
#define PAUSE() ((void)0)
#endif

/* ---- looking ---- */

static bool
has_changed(const struct fy_shm_wait *wait, uint32_t seen)
{
	return fy_shm_load(wait->word) != seen;
}

static bool
spin(const struct fy_shm_wait *wait, uint32_t seen, struct ferry_deadline until)
{
	int64_t end_ns = 0;
	int64_t now_ns;

	for (;;) {
		for (int i = 0; i < SPINS_A_LOOK; i++) {
			if (has_changed(wait, seen))
				return true;
			PAUSE();
		}
		now_ns = fy_os_now_ns();
		if (end_ns == 0)
			end_ns = now_ns + LINGER_NS;
		if (now_ns >= end_ns || now_ns >= until.ns)
			return has_changed(wait, seen);
	}
}

/* Others than the peer want this processor, and have had it so long. */
static void
set_back(struct fy_shm_pace *pace, int64_t ns)
{
	int64_t waits = (ns / GAIN_NS) << pace->setbacks;

	pace->no_yield = (uint32_t)(waits < SETBACK_MOST ? waits
							 : SETBACK_MOST);
	if (pace->setbacks < SETBACKS)
		pace->setbacks++;
	pace->good = 0;
}

/* Or they do not any more. */
static void
go_forward(struct fy_shm_pace *pace)
{
	if (++pace->good < GOOD)
		return;
	pace->good = 0;
	if (pace->setbacks > 0)
		pace->setbacks--;
}

static bool
give_way(struct fy_shm_wait *wait, uint32_t seen)
{
	int64_t before_ns = fy_os_now_ns();
	int64_t after_ns;
	bool changed = false;

	for (int i = 0; i < YIELDS && !changed; i++) {
		fy_os_yield();
		changed = has_changed(wait, seen);
		after_ns = fy_os_now_ns();
		if (after_ns - before_ns > YIELD_NS) {
			set_back(&wait->pace, after_ns - before_ns);
			return changed;
		}
		before_ns = after_ns;
	}
	if (changed)
		go_forward(&wait->pace);
	return changed;
}

static bool
is_here(const struct fy_shm_wait *wait)
{
	return fy_shm_load(&wait->peer->cpu) == fy_os_cpu();
}

/* Whether it has paid of late, or is to be tried again. */
static bool
pays(struct fy_shm_pace *pace)
{
	if (FY_LIKELY(pace->lost < LOST_MOST))
		return true;
	if (pace->rest-- > 0)
		return false;
	pace->rest = REST;
	return true;
}

bool
fy_shm_linger(struct fy_shm_wait *wait, uint32_t seen,
	      struct ferry_deadline until)
{
	struct fy_shm_pace *pace = &wait->pace;
	bool here, changed;

	if (has_changed(wait, seen))
		return true;
	here = is_here(wait);
	if (here && pace->no_yield > 0) {
		pace->no_yield--;
		return false;
	}
	if (!pays(pace))
		return false;
	changed = here ? give_way(wait, seen) : spin(wait, seen, until);
	if (changed)
		pace->lost = 0;
	else
		pace->lost++;
	return changed;
}

/* ---- sleeping ---- */

static void
announce(struct fy_shm_wait *wait, enum fy_shm_mode mode)
{
	wait->number++;
	fy_shm_announce(wait->await, wait->number << FY_SHM_MODE_BITS |
					     mode); /* model: wait.announce */
	FY_SHM_STEP(RECV_ANNOUNCED);
}

static void
awake(struct fy_shm_wait *wait)
{
	fy_shm_store(wait->await, FY_SHM_AWAKE); /* model: wait.awake */
	FY_SHM_STEP(RECV_WOKE);
}

static struct ferry_deadline
sooner(struct ferry_deadline until, int64_t ns)
{
	struct ferry_deadline look = ferry_in_ns(ns);

	return look.ns < until.ns ? look : until;
}

static bool
is_blind(const struct fy_shm_wait *wait, uint32_t life)
{
	return life == 0 || wait->slice > 0;
}

/* POLLHUP and POLLERR are told unasked. */
static bool
has_hung_up(const struct fy_shm_wait *wait)
{
	struct pollfd end = { .fd = wait->socket };

	return fy_os_poll(&end, 1, FERRY_NOW) > 0;
}

void
fy_shm_look_for_end(struct fy_shm_wait *wait)
{
	if (fy_shm_load(&wait->peer->life) == 0)
		wait->ended = has_hung_up(wait);
}

/* Nothing tells of the peer's end but its socket, which is not slept on. */
static ferry_err
sleep_blindly(struct fy_shm_wait *wait, uint32_t seen,
	      struct ferry_deadline until)
{
	if (wait->slice == 0)
		wait->slice = BLIND_FIRST_NS;
	if (fy_os_futex_wait_shared(wait->word, seen,
				    sooner(until, wait->slice)) == 0)
		return FERRY_OK;
	if (errno != ETIMEDOUT)
		return errno == EAGAIN ? FERRY_OK : FERRY_ESYS;
	wait->ended = has_hung_up(wait);
	if (wait->slice < BLIND_MOST_NS)
		wait->slice *= 2;
	return FERRY_ETIMEDOUT;
}

/* FERRY_ENOTSUP: the kernel cannot. */
static ferry_err
sleep_on_both(const struct fy_shm_wait *wait, uint32_t seen, uint32_t life,
	      struct ferry_deadline until)
{
	const struct fy_os_futex words[2] = {
		{ wait->word, seen },
		{ &wait->peer->life, life },
	};

	if (fy_os_futex_wait_any(words, 2, sooner(until, LOOK_NS)) >= 0)
		return FERRY_OK;
	switch (errno) {
	case EAGAIN:
		return FERRY_OK;
	case ETIMEDOUT:
		return FERRY_ETIMEDOUT;
	case ENOSYS:
	case EPERM:
		return FERRY_ENOTSUP;
	default:
		return FERRY_ESYS;
	}
}

static ferry_err
sleep_announced(struct fy_shm_wait *wait, uint32_t seen,
		struct ferry_deadline until)
{
	uint32_t life = fy_shm_look(&wait->peer->life);
	ferry_err err;

	if (fy_shm_look(wait->word) != seen || fy_alive_is_dead(life))
		return FERRY_OK;
	FY_SHM_STEP(RECV_SLEEPS);
	if (is_blind(wait, life))
		return sleep_blindly(wait, seen, until);
	err = sleep_on_both(wait, seen, life, until);
	/* A peer can write into its life word what no kernel will mark. */
	if (err == FERRY_ETIMEDOUT)
		wait->ended = has_hung_up(wait);
	return err == FERRY_ENOTSUP ? sleep_blindly(wait, seen, until) : err;
}

ferry_err
fy_shm_sleep(struct fy_shm_wait *wait, uint32_t seen,
	     struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err;

	/* A life word that never stays the same would not let it sleep. */
	if (fy_deadline_passed(until))
		return FERRY_ETIMEDOUT;
	fy_shm_disarm(wait);
	announce(wait, FY_SHM_FUTEX);
	err = sleep_announced(wait, seen, until);
	awake(wait);
	if (err == FERRY_ESYS)
		return fy_fail_errno(why, "sleep until the peer writes");
	if (err == FERRY_ETIMEDOUT && !fy_deadline_passed(until))
		return FERRY_OK;
	/* A later wait begins with short looks again. */
	if (wait->slice > 0 && !err)
		wait->slice = BLIND_FIRST_NS;
	return err;
}

/* ---- the bell ---- */

bool
fy_shm_arm(struct fy_shm_wait *wait, uint32_t seen)
{
	if (!wait->armed)
		announce(wait, FY_SHM_BELL);
	wait->armed = true;
	if (FY_LIKELY(fy_shm_look(wait->word) == seen))
		return true;
	fy_shm_disarm(wait);
	return false;
}

void
fy_shm_disarm(struct fy_shm_wait *wait)
{
	if (!wait->armed)
		return;
	wait->armed = false;
	atomic_store_explicit(&wait->n_unheard,
			      atomic_load_explicit(&wait->n_unheard,
						   memory_order_relaxed) + 1,
			      memory_order_relaxed);
	awake(wait);
}

/* Who rings without end is heard again later: the socket stays readable. */
static void
take_rings(struct fy_shm_wait *wait)
{
	uint8_t rings[8];
	ssize_t n;

	for (int i = 0; i < RINGS; i++) {
		n = fy_os_recv(wait->socket, rings, sizeof(rings),
			       MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			wait->ended = true;
			return;
		}
		fy_shm_disarm(wait);
	}
}

void
fy_shm_hear(struct fy_shm_wait *wait)
{
	struct pollfd fds[2] = {
		{ .fd = wait->socket, .events = POLLIN },
		{ .fd = wait->pidfd, .events = POLLIN },
	};

	if (wait->ended || fy_os_poll(fds, 2, FERRY_NOW) <= 0)
		return;
	if (fds[0].revents)
		take_rings(wait);
	if (fds[1].revents)
		wait->ended = true;
}

bool
fy_shm_tell_death(const struct fy_shm_wait *wait)
{
	/* The kernel has woken one. */
	(void)fy_os_futex_wake_shared(&wait->peer->life, INT_MAX);
	return true;
}

/* ---- waking ---- */

static bool
has_rung(const struct fy_shm_bell *bell)
{
	const uint8_t ring = 0;

	/* A full socket has one in it. */
	return fy_os_send(bell->socket, &ring, sizeof(ring),
			  MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
	       errno == EAGAIN;
}

void
fy_shm_wake_slow(struct fy_shm_bell *bell, uint32_t await)
{
	bool woken;

	if (await == bell->rung)
		return;
	/*
	 * A sleeper that has announced itself and does not sleep yet sees the
	 * new word; but one whom a wake-up missed needs that of the next word,
	 * too. A ring stays until it is heard.
	 */
	if (fy_shm_mode(await) == FY_SHM_BELL)
		woken = has_rung(bell);
	else
		woken = fy_os_futex_wake_shared(bell->word, 1) > 0;
	if (!woken)
		return;
	bell->rung = await;
	FY_SHM_STEP(SEND_WOKEN);
}
