/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/count.h"
#include "core/err.h"
#include "core/time.h"

/* From so many bytes on a message is sent from where it is. */
#define LONG 65536u

/* ---- the lock ---- */

/*
 * A locked instruction waits for all stores before it, and those of a message
 * in shared memory take as long as it takes to have that memory from the
 * processor of the peer. So who gathers messages keeps the lock from one to the
 * next. The thread that sends is one at a time, but another one may go on: it
 * takes the lock over, while whoever sent before may receive, and give it back.
 */
static uintptr_t
this_thread(void)
{
	return (uintptr_t)pthread_self();
}

static uintptr_t
gatherer(const struct ferry_channel *ch)
{
	return atomic_load_explicit(&ch->gatherer, memory_order_relaxed);
}

/*
 * Whether this thread keeps the lock. It takes over what another one that sent
 * before it has kept, unless that is just giving it back.
 */
static inline bool
keeps(struct ferry_channel *ch)
{
	uintptr_t who = gatherer(ch);

	if (FY_LIKELY(who == 0 || who == this_thread()))
		return who != 0;
	return atomic_compare_exchange_strong(&ch->gatherer, &who,
					      this_thread());
}

/* As keeps(), of one who may not be the sender: then he keeps it no more. */
static bool
kept(struct ferry_channel *ch)
{
	uintptr_t who = this_thread();

	return gatherer(ch) == who &&
	       atomic_compare_exchange_strong(&ch->gatherer, &who, 0);
}

/* By the thread that sends. FERRY_ETIMEDOUT: another one flushes. */
static inline ferry_err
sender_enter(struct ferry_channel *ch, struct ferry_deadline until)
{
	return keeps(ch) ? FERRY_OK : fy_lock_until(&ch->tx, until);
}

static void
sender_wait(struct ferry_channel *ch)
{
	while (sender_enter(ch, FERRY_NEVER))
		continue;
}

static void
sender_leave(struct ferry_channel *ch)
{
	atomic_store_explicit(&ch->gatherer, 0, memory_order_relaxed);
	fy_unlock(&ch->tx);
}

/* After a message that others follow. */
static inline void
sender_stay(struct ferry_channel *ch)
{
	if (!ch->link->corked)
		sender_leave(ch);
	else if (!gatherer(ch))
		atomic_store_explicit(&ch->gatherer, this_thread(),
				      memory_order_relaxed);
}

ferry_err
fy_channel_try_flush(struct ferry_channel *ch, struct ferry_error *why)
{
	ferry_err err;

	do {
		__atomic_store_n(&ch->missed, true, __ATOMIC_SEQ_CST);
		if (!kept(ch) && !fy_lock_try(&ch->tx))
			return FERRY_EAGAIN;
		__atomic_store_n(&ch->missed, false, __ATOMIC_SEQ_CST);
		err = ch->link->ops->flush(ch->link, why);
		sender_leave(ch);
	} while (err == FERRY_EAGAIN &&
		 __atomic_load_n(&ch->missed, __ATOMIC_SEQ_CST));
	return err;
}

/* ---- leaving ---- */

/* In the facility: waits for room, or a while if it reads as well. */
static ferry_err
flush_a_while(struct ferry_channel *ch, bool reads, struct fy_pace *pace,
	      struct ferry_deadline until, struct ferry_error *why)
{
	struct ferry_deadline step = reads ? fy_pace_next(pace, until) : until;
	ferry_err err;

	if (sender_enter(ch, step))
		err = FERRY_ETIMEDOUT;
	else {
		err = ch->link->ops->flush_until(ch->link, step, why);
		sender_leave(ch);
	}
	if (err != FERRY_ETIMEDOUT && err != FERRY_EAGAIN)
		return err;
	return fy_deadline_passed(until) ? fy_fail_late(until, why)
					 : FERRY_LATER;
}

/*
 * After a flush found no room. FERRY_OK: all has left; FERRY_LATER: more may
 * leave. Two ends that both send before they receive must not wait for each
 * other for ever: so while it waits it reads as well.
 */
static ferry_err
wait_to_push(struct ferry_channel *ch, struct fy_pace *pace,
	     struct ferry_deadline until, struct ferry_error *why)
{
	bool reads;
	ferry_err err;

	if (until.ns == FERRY_NOW.ns)
		return fy_fail_late(until, why);
	reads = fy_channel_read_ahead(ch);
	if (ch->link->ops->flush_until && !(reads && fy_channel_polls(ch)))
		return flush_a_while(ch, reads, pace, until, why);
	err = fy_channel_wait(ch, reads ? POLLIN | POLLOUT : POLLOUT, true,
			      until, why);
	return err ? err : FERRY_LATER;
}

/* A step towards the leaving of what was sent; as wait_to_push(). */
static ferry_err
push(struct ferry_channel *ch, struct fy_pace *pace,
     struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err;

	if (sender_enter(ch, until))
		return fy_fail_late(until, why);
	err = ch->link->ops->flush(ch->link, why);
	sender_leave(ch);
	return err == FERRY_EAGAIN ? wait_to_push(ch, pace, until, why) : err;
}

static ferry_err
push_all(struct ferry_channel *ch, struct fy_pace *pace, ferry_err err,
	 struct ferry_deadline until, struct ferry_error *why)
{
	while (err == FERRY_LATER)
		err = push(ch, pace, until, why);
	return err;
}

ferry_err
ferry_channel_flush(struct ferry_channel *ch, struct ferry_deadline until,
		    struct ferry_error *why)
{
	struct fy_pace pace = { 0 };
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	err = push_all(ch, &pace, FERRY_LATER, until, why);
	fy_loop_flushed(ch);
	return err;
}

/* ---- sending ---- */

/* A message that goes out: its bytes and descriptors. */
struct parcel {
	struct ferry_bytes bytes;
	const int *fds;
	uint32_t n_fds;
};

/* Whether it can leave from the caller's memory. */
static bool
can_stay(const struct ferry_channel *ch, const struct parcel *parcel)
{
	return parcel->n_fds == 0 && ch->link->ops->send;
}

static ferry_err
may_send(const struct ferry_channel *ch, struct ferry_error *why)
{
	if (FY_UNLIKELY(ch->finished))
		return fy_fail(why, FERRY_ECLOSED,
			       "nothing is sent after ferry_channel_finish()");
	return fy_channel_own(ch, why);
}

/* FERRY_EAGAIN of @err: makes room. FERRY_LATER: try again. */
static ferry_err
make_room(struct ferry_channel *ch, struct fy_pace *pace, ferry_err err,
	  struct ferry_deadline until, struct ferry_error *why)
{
	if (err != FERRY_EAGAIN)
		return err;
	err = push(ch, pace, until, why);
	if (err == FERRY_ETIMEDOUT)
		fy_count(&ch->link->counters->late_sends, 1);
	if (err == FERRY_OK || err == FERRY_LATER)
		return FERRY_LATER;
	sender_wait(ch);
	ch->link->ops->cancel(ch->link);
	sender_leave(ch);
	return err;
}

/*
 * Sends without waiting. FERRY_EAGAIN: there is no room. @stays: it leaves from
 * the caller's memory, which costs no copy; it does also if there is no room
 * but that of its own, and then a part of it may have left.
 */
static ferry_err
try_send(struct ferry_channel *ch, const struct parcel *parcel, bool *stays,
	 struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	ferry_err err = FERRY_EAGAIN;
	uint8_t *room;

	if (FY_LIKELY(parcel->bytes.len < LONG || !can_stay(ch, parcel)))
		err = ops->loan(ch->link, parcel->bytes.len, &room, why);
	if (err == FERRY_EAGAIN && can_stay(ch, parcel)) {
		*stays = true;
		return ops->send(ch->link, parcel->bytes, why);
	}
	if (err)
		return err;
	if (parcel->n_fds > 0)
		err = ops->attach(ch->link, parcel->fds, parcel->n_fds, why);
	if (err) {
		ops->cancel(ch->link);
		return err;
	}
	if (parcel->bytes.len > 0)
		memcpy(room, parcel->bytes.data, parcel->bytes.len);
	return ops->commit(ch->link, why);
}

/* The message is the channel's. Who gave it time sees it leave in that. */
static ferry_err
let_leave(struct ferry_channel *ch, struct ferry_deadline until,
	  struct ferry_error *why)
{
	struct fy_pace pace = { 0 };
	ferry_err err;

	if (ch->link->corked ||
	    FY_LIKELY(ch->link->ops->unsent(ch->link) == 0) ||
	    until.ns == FERRY_NOW.ns)
		return FERRY_OK;
	/* The commit has tried. */
	err = wait_to_push(ch, &pace, until, why);
	err = push_all(ch, &pace, err, until, why);
	if (err != FERRY_ETIMEDOUT)
		return err;
	fy_count(&ch->link->counters->late_sends, 1);
	return FERRY_OK;
}

static void
settle(struct ferry_channel *ch)
{
	sender_wait(ch);
	ch->link->ops->settle(ch->link);
	sender_leave(ch);
}

static ferry_err
send_parcel(struct ferry_channel *ch, const struct parcel *parcel,
	    struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_pace pace = { 0 };
	ferry_err err = may_send(ch, why);
	bool stays = false;

	if (err)
		return err;
	do {
		if (sender_enter(ch, until))
			return fy_fail_late(until, why);
		err = try_send(ch, parcel, &stays, why);
		sender_stay(ch);
		err = make_room(ch, &pace, err, until, why);
	} while (err == FERRY_LATER);
	if (!err)
		err = let_leave(ch, until, why);
	if (FY_UNLIKELY(stays))
		settle(ch);
	fy_loop_sent(ch);
	return err;
}

ferry_err
ferry_channel_send(struct ferry_channel *ch, struct ferry_bytes message,
		   struct ferry_deadline until, struct ferry_error *why)
{
	const struct parcel parcel = { .bytes = message };

	return send_parcel(ch, &parcel, until, why);
}

ferry_err
ferry_channel_send_fds(struct ferry_channel *ch, struct ferry_bytes message,
		       const int *fds, uint32_t n, struct ferry_deadline until,
		       struct ferry_error *why)
{
	const struct parcel parcel = { message, fds, n };

	if (!ch->link->ops->attach)
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: carries no descriptors: use unix:",
			       ch->link->ops->scheme);
	if (n > FERRY_FDS_MOST)
		return fy_fail(why, FERRY_EINVAL,
			       "%u descriptors: one message carries at most %u",
			       n, FERRY_FDS_MOST);
	return send_parcel(ch, &parcel, until, why);
}

ferry_err
ferry_channel_loan(struct ferry_channel *ch, size_t bytes, uint8_t **out,
		   struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_pace pace = { 0 };
	ferry_err err = may_send(ch, why);

	if (err)
		return err;
	do {
		if (sender_enter(ch, until))
			return fy_fail_late(until, why);
		err = ch->link->ops->loan(ch->link, bytes, out, why);
		sender_stay(ch);
		err = make_room(ch, &pace, err, until, why);
	} while (err == FERRY_LATER);
	fy_loop_sent(ch);
	return err;
}

ferry_err
ferry_channel_commit(struct ferry_channel *ch, struct ferry_deadline until,
		     struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	sender_wait(ch);
	err = ch->link->ops->commit(ch->link, why);
	sender_stay(ch);
	if (!err)
		err = let_leave(ch, until, why);
	fy_loop_sent(ch);
	return err;
}

void
ferry_channel_cancel(struct ferry_channel *ch)
{
	if (fy_channel_own(ch, NULL))
		return;
	sender_wait(ch);
	ch->link->ops->cancel(ch->link);
	sender_leave(ch);
	fy_loop_sent(ch);
}

void
ferry_channel_cork(struct ferry_channel *ch)
{
	ch->link->corked = true;
}

void
ferry_channel_uncork(struct ferry_channel *ch)
{
	ch->link->corked = false;
	if (keeps(ch))
		sender_leave(ch);
}

ferry_err
ferry_channel_finish(struct ferry_channel *ch, struct ferry_deadline until,
		     struct ferry_error *why)
{
	ferry_err err = ferry_channel_flush(ch, until, why);

	if (err || ch->finished)
		return err;
	sender_wait(ch);
	err = ch->link->ops->finish(ch->link, why);
	sender_leave(ch);
	ch->finished = !err;
	return err;
}
