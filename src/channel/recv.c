/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/count.h"
#include "core/err.h"
#include "core/time.h"

/* A message of so many bytes is handed over, a shorter one is copied. */
#define COPY_MOST 16384u

/* ---- one act, .rx held ---- */

bool
fy_channel_has_more(const struct ferry_channel *ch)
{
	/* Asked always: it takes note of what descriptors told the sender. */
	bool pending = ch->link->ops->pending(ch->link);

	return pending || ch->ahead.held || ch->over.code;
}

/* Whether @err is the end of receiving: who asks again is told it again. */
static void
note_end(struct ferry_channel *ch, ferry_err err, const struct ferry_error *why)
{
	switch (err) {
	case FERRY_OK:
	case FERRY_EAGAIN:
	case FERRY_ETIMEDOUT:
	case FERRY_ENOMEM:
	case FERRY_ENOTSUP:
		return;
	default:
		ch->over = *why;
	}
}

/* The next message, if it is there. */
static ferry_err
try_take(struct ferry_channel *ch, struct ferry_bytes *out,
	 struct ferry_error *why)
{
	struct ferry_error unwanted;
	ferry_err err;

	if (!why)
		why = &unwanted;
	if (FY_UNLIKELY(ch->ahead.held)) {
		*out = ch->ahead.message;
		ch->ahead.held = false;
		return FERRY_OK;
	}
	if (FY_UNLIKELY(ch->over.code)) {
		*why = ch->over;
		return ch->over.code;
	}
	err = ch->link->ops->take(ch->link, out, why);
	if (FY_UNLIKELY(err))
		note_end(ch, err, why);
	return err;
}

/*
 * Who has taken a message may go on sending for as long as he likes: what his
 * descriptor tells of room is noted all the same. A full bell rings no more.
 */
static void
hear_as_taker(struct ferry_channel *ch)
{
	if (atomic_load_explicit(&ch->taker, memory_order_relaxed) ==
	    (uintptr_t)pthread_self())
		(void)ch->link->ops->pending(ch->link);
}

bool
fy_channel_read_ahead(struct ferry_channel *ch)
{
	struct ferry_bytes message;
	bool more;

	if (!fy_lock_try(&ch->rx)) {
		hear_as_taker(ch);
		return false;
	}
	if (!ch->ahead.held && !ch->over.code &&
	    try_take(ch, &message, NULL) == FERRY_OK) {
		ch->ahead.message = message;
		ch->ahead.held = true;
	}
	more = !ch->ahead.held && !ch->over.code;
	fy_loop_received(ch);
	fy_unlock(&ch->rx);
	return more;
}

/* ---- waiting ---- */

/* What this end has not sent may be what the peer waits for. */
static void
flush_ours(struct ferry_channel *ch)
{
	if (ch->link->ops->unsent(ch->link) == 0)
		return;
	/* An error is the sender's, and shows when something is received. */
	(void)!fy_channel_try_flush(ch, NULL);
}

/*
 * Blocks in the facility, which is cheaper than to poll, or all that it can; a
 * while only, if there is something to send as well.
 */
static ferry_err
block(struct ferry_channel *ch, struct ferry_bytes *out, struct fy_pace *pace,
      struct ferry_deadline until, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	bool sends = ops->unsent(ch->link) > 0;
	struct ferry_deadline step = sends ? fy_pace_next(pace, until) : until;
	struct ferry_error unwanted;
	ferry_err err;

	if (!why)
		why = &unwanted;
	err = ops->take_until(ch->link, out, step, why);
	if (sends && (err == FERRY_ETIMEDOUT || err == FERRY_EAGAIN))
		return fy_deadline_passed(until) ? FERRY_ETIMEDOUT
						 : FERRY_EAGAIN;
	note_end(ch, err, why);
	return err;
}

static bool
can_block(const struct ferry_channel *ch)
{
	const struct ferry_transport_ops *ops = ch->link->ops;

	/* With something to send, only where there is nothing to poll. */
	return ops->take_until &&
	       (!fy_channel_polls(ch) || ops->unsent(ch->link) == 0);
}

/* FERRY_OK: a message; FERRY_EAGAIN: there may be one. */
static ferry_err
wait_more(struct ferry_channel *ch, struct ferry_bytes *out,
	  struct fy_pace *pace, struct ferry_deadline until,
	  struct ferry_error *why)
{
	ferry_err err;

	flush_ours(ch);
	if (can_block(ch))
		return block(ch, out, pace, until, why);
	err = fy_channel_wait(ch, POLLIN | POLLOUT, false, until, why);
	return err ? err : FERRY_EAGAIN;
}

/*
 * What most acts of receiving are: nothing waits to be sent, and the facility
 * blocks by itself. To try first would cost a system call; where it does not,
 * one tries.
 */
static bool
can_block_at_once(const struct ferry_channel *ch)
{
	const struct ferry_transport_ops *ops = ch->link->ops;

	return ops->take_until && !ops->linger && !ch->ahead.held &&
	       !ch->over.code && ops->unsent(ch->link) == 0;
}

/* Goes on after what was tried first gave @err. */
static ferry_err
take_later(struct ferry_channel *ch, struct ferry_bytes *out, ferry_err err,
	   struct ferry_deadline until, struct ferry_error *why)
{
	const bool waits = until.ns != FERRY_NOW.ns;
	struct fy_pace pace = { 0 };

	while (err == FERRY_EAGAIN && waits) {
		err = wait_more(ch, out, &pace, until, why);
		if (err == FERRY_EAGAIN)
			err = try_take(ch, out, why);
		/* Woken in vain, as it may be again and again. */
		if (err == FERRY_EAGAIN && fy_deadline_passed(until))
			err = fy_fail_late(until, why);
	}
	if (err == FERRY_EAGAIN) {
		flush_ours(ch);
		err = fy_fail_late(until, why);
	}
	if (err == FERRY_ETIMEDOUT)
		fy_count(&ch->link->counters->late_receives, 1);
	if (err == FERRY_ETIMEDOUT || err == FERRY_EAGAIN)
		fy_loop_emptied(ch);
	return err;
}

/* The next message by @until, taken from the link. */
static inline ferry_err
take(struct ferry_channel *ch, struct ferry_bytes *out,
     struct ferry_deadline until, struct ferry_error *why)
{
	struct ferry_error unwanted;
	ferry_err err;

	if (!why)
		why = &unwanted;
	if (until.ns != FERRY_NOW.ns && can_block_at_once(ch)) {
		err = ch->link->ops->take_until(ch->link, out, until, why);
		note_end(ch, err, why);
	} else {
		err = try_take(ch, out, why);
	}
	return FY_LIKELY(!err) ? FERRY_OK
			       : take_later(ch, out, err, until, why);
}

/* ---- descriptors ---- */

/* Those of the message taken, which the link is asked for once. */
static void
fetch_fds(struct ferry_channel *ch)
{
	const struct ferry_transport_ops *ops = ch->link->ops;

	if (ch->link->config.max_fds > 0 && ops->detach && ch->fds.n == 0)
		ch->fds.n = ops->detach(ch->link, ch->fds.fd, FERRY_FDS_MOST);
}

/* Those that nobody has fetched. */
static void
drop_fds(struct ferry_channel *ch)
{
	if (FY_LIKELY(ch->fds.n == 0))
		return;
	fy_count(&ch->link->counters->dropped_fds, fy_fds_close(&ch->fds));
}

/* ---- the public face ---- */

/*
 * The message taken becomes the arena's: a copy, or its very memory. It is
 * taken no more in any case.
 */
static ferry_err
keep_in(struct ferry_link *link, struct ferry_bytes taken,
	struct ferry_arena *mem, struct ferry_bytes *out)
{
	struct ferry_block block;
	uint8_t *copy;
	ferry_err err;

	if (taken.len <= COPY_MOST) {
		copy = ferry_arena_alloc(mem, taken.len);
		if (copy)
			memcpy(copy, taken.data, taken.len);
		link->ops->release(link);
		if (!copy)
			return FERRY_ENOMEM;
		*out = (struct ferry_bytes){ copy, taken.len };
		return FERRY_OK;
	}
	err = link->ops->keep(link, &block);
	if (err) {
		link->ops->release(link);
		return err;
	}
	err = fy_arena_adopt(mem, link->config.hooks, block.mem);
	if (err)
		fy_free(link->config.hooks, block.mem);
	else
		*out = block.data;
	return err;
}

ferry_err
ferry_channel_recv(struct ferry_channel *ch, struct ferry_arena *mem,
		   struct ferry_bytes *out, struct ferry_deadline until,
		   struct ferry_error *why)
{
	struct ferry_bytes taken;
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	if (fy_lock_until(&ch->rx, until))
		return fy_fail_late(until, why);
	drop_fds(ch);
	err = take(ch, &taken, until, why);
	if (!err) {
		fetch_fds(ch);
		if (keep_in(ch->link, taken, mem, out)) {
			drop_fds(ch);
			err = fy_fail_memory(why, taken.len);
		}
	}
	fy_loop_received(ch);
	fy_unlock(&ch->rx);
	return err;
}

static void
set_taker(struct ferry_channel *ch, uintptr_t thread)
{
	atomic_store_explicit(&ch->taker, thread, memory_order_relaxed);
}

ferry_err
ferry_channel_take(struct ferry_channel *ch, struct ferry_bytes *out,
		   struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	if (fy_lock_until(&ch->rx, until))
		return fy_fail_late(until, why);
	drop_fds(ch);
	err = take(ch, out, until, why);
	ch->taken = !err;
	if (ch->loop.poll.fd >= 0)
		set_taker(ch, err ? 0 : (uintptr_t)pthread_self());
	if (err) {
		fy_loop_received(ch);
		fy_unlock(&ch->rx);
	}
	return err;
}

void
ferry_channel_release(struct ferry_channel *ch)
{
	if (!ch->taken || fy_channel_own(ch, NULL))
		return;
	drop_fds(ch);
	ch->link->ops->release(ch->link);
	ch->taken = false;
	set_taker(ch, 0);
	fy_loop_received(ch);
	fy_unlock(&ch->rx);
}

uint32_t
ferry_channel_fds(struct ferry_channel *ch, int *fds, uint32_t max)
{
	struct fy_fds *set = &ch->fds;
	uint32_t n;

	if (fy_channel_own(ch, NULL))
		return 0;
	if (ch->taken)
		fetch_fds(ch);
	n = set->n < max ? set->n : max;
	for (uint32_t i = 0; i < n; i++)
		fds[i] = set->fd[i];
	set->n -= n;
	memmove(set->fd, set->fd + n, set->n * sizeof(set->fd[0]));
	return n;
}
