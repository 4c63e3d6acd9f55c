/* SPDX-License-Identifier: MIT */
/* The sender's half of a link. */
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/time.h"
#include "transport/shm/half.h"
#include "transport/shm/step.h"

FY_COLD static ferry_err
fail_gone(struct fy_shm_link *l, struct ferry_error *why)
{
	fy_shm_count_end(l, &l->link.counters->lost);
	return fy_fail(why, FERRY_ELOST,
		       "cannot send to the peer: it has closed the channel, "
		       "or ended");
}

/* @err of the ring but FERRY_EAGAIN: the end of sending. */
FY_COLD static ferry_err
fail_ring(struct fy_shm_link *l, ferry_err err, struct ferry_error *why)
{
	if (err != FERRY_EPROTO)
		return fail_gone(l, why);
	fy_shm_count_end(l, &l->link.counters->broken);
	return fy_fail(why, err,
		       "the peer broke the protocol of shared memory: an index "
		       "that cannot be");
}

static bool
is_gone(const struct fy_shm_link *l)
{
	return (fy_shm_load(&l->view.page->head) & FY_SHM_LAST) ||
	       fy_shm_is_over(&l->tx.room);
}

/* ---- leaving ---- */

static void
note_unsent(struct fy_shm_tx *tx)
{
	atomic_store_explicit(&tx->unsent,
			      tx->rest.len + fy_ring_unpublished(&tx->ring),
			      memory_order_relaxed);
}

static inline void
publish(struct fy_shm_link *l)
{
	struct fy_shm_tx *tx = &l->tx;

	if (fy_ring_unpublished(&tx->ring) == 0)
		return;
	fy_shm_tell_cpu(l);
	fy_ring_publish(&tx->ring);
	fy_shm_wake(&tx->bell);
	FY_SHM_STEP(SEND_LOOKED);
}

static void
drop_memory(struct fy_shm_link *l)
{
	fy_free(l->link.config.hooks, l->tx.mem);
	l->tx.mem = NULL;
}

/* Of a long message: a quarter of the ring, so that the peer reads meanwhile. */
static uint32_t
part_bytes(const struct fy_shm_tx *tx)
{
	uint32_t most = tx->ring.size / 4 - FY_RING_HEAD;

	return tx->rest.len < most ? tx->rest.len : most;
}

/* FERRY_EAGAIN: the ring is full. */
static ferry_err
push(struct fy_shm_link *l, struct ferry_error *why)
{
	struct fy_shm_tx *tx = &l->tx;
	ferry_err err;

	while (tx->rest.len > 0) {
		uint32_t n = part_bytes(tx);
		bool last = n == tx->rest.len;

		err = fy_ring_has_room(&tx->ring, n);
		if (err == FERRY_EAGAIN)
			return err;
		if (err)
			return fail_ring(l, err, why);
		memcpy(fy_ring_room(&tx->ring), tx->rest.data,
		       n); /* model: ring.payload */
		fy_ring_put(&tx->ring, n, last ? 0 : FY_RING_MORE);
		tx->rest.data += n;
		tx->rest.len -= n;
		publish(l);
	}
	if (tx->mem && !tx->lends)
		drop_memory(l);
	return FERRY_OK;
}

/* The loan that was refused. */
static ferry_err
has_wanted(struct fy_shm_link *l, struct ferry_error *why)
{
	struct fy_shm_tx *tx = &l->tx;
	ferry_err err;

	if (tx->wanted == 0)
		return FERRY_OK;
	err = fy_ring_has_room(&tx->ring, tx->wanted - FY_RING_HEAD);
	if (err == FERRY_EAGAIN)
		return err;
	if (err)
		return fail_ring(l, err, why);
	tx->wanted = 0;
	return FERRY_OK;
}

static ferry_err
leave(struct fy_shm_link *l, struct ferry_error *why)
{
	ferry_err err;

	publish(l);
	err = push(l, why);
	if (!err)
		err = has_wanted(l, why);
	note_unsent(&l->tx);
	if (err == FERRY_EAGAIN && is_gone(l))
		return fail_gone(l, why);
	return err;
}

/* Who polls hears of room; each time anew, for it may have rung. */
static bool
arm(struct fy_shm_link *l)
{
	if (!l->polled)
		return true;
	fy_shm_look_for_end(&l->tx.room);
	fy_shm_disarm(&l->tx.room);
	return fy_shm_arm(&l->tx.room, l->tx.ring.head);
}

ferry_err
fy_shm_flush(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	ferry_err err;

	do
		err = leave(l, why);
	while (err == FERRY_EAGAIN && !arm(l));
	if (!err)
		fy_shm_disarm(&l->tx.room);
	return err;
}

ferry_err
fy_shm_flush_until(struct ferry_link *link, struct ferry_deadline until,
		   struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_wait *room = &l->tx.room;
	ferry_err err;

	for (;;) {
		err = leave(l, why);
		if (err != FERRY_EAGAIN)
			return err;
		FY_SHM_STEP(SEND_WAITS);
		/* Room may come by eights of bytes, each after a while. */
		if (!fy_deadline_passed(until) &&
		    fy_shm_linger(room, l->tx.ring.head, until))
			continue;
		err = fy_shm_sleep(room, l->tx.ring.head, until, why);
		if (err == FERRY_ETIMEDOUT && !arm(l))
			continue;
		if (err)
			return err;
	}
}

size_t
fy_shm_unsent(const struct ferry_link *link)
{
	return atomic_load_explicit(&fy_const_shm_of(link)->tx.unsent,
				    memory_order_relaxed);
}

ferry_err
fy_shm_finish(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);

	(void)why;
	fy_ring_finish(&l->tx.ring);
	fy_shm_wake(&l->tx.bell);
	return FERRY_OK;
}

/* ---- a message ---- */

/* What has to leave before it has. */
static ferry_err
may_send(struct fy_shm_link *l, size_t bytes, struct ferry_error *why)
{
	if (FY_UNLIKELY(is_gone(l)))
		return fail_gone(l, why);
	if (FY_UNLIKELY(bytes > l->link.config.max_message)) {
		fy_count_any(&l->link.counters->too_big, 1);
		return fy_fail(why, FERRY_ETOOBIG,
			       "the message has %zu bytes, the longest has %zu",
			       bytes, l->link.config.max_message);
	}
	l->tx.wanted = 0;
	return FY_LIKELY(l->tx.rest.len == 0) ? FERRY_OK : leave(l, why);
}

/* Longer ones would keep the peer from reading while they are written. */
static bool
fits(const struct fy_shm_tx *tx, size_t bytes)
{
	return fy_ring_record_bytes(bytes) <= tx->ring.size / 2;
}

static ferry_err
lend_memory(struct fy_shm_link *l, size_t bytes, uint8_t **out,
	    struct ferry_error *why)
{
	l->tx.mem = fy_alloc(l->link.config.hooks, bytes);
	if (!l->tx.mem)
		return fy_fail_memory(why, bytes);
	*out = l->tx.mem;
	return FERRY_OK;
}

/* In the ring itself. What it is full of may not have been published. */
static ferry_err
lend_room(struct fy_shm_link *l, size_t bytes, uint8_t **out,
	  struct ferry_error *why)
{
	struct fy_shm_tx *tx = &l->tx;
	ferry_err err = fy_ring_has_room(&tx->ring, bytes);

	if (FY_UNLIKELY(err == FERRY_EAGAIN)) {
		tx->wanted = fy_ring_record_bytes(bytes);
		err = leave(l, why);
		if (err)
			return err;
	} else if (FY_UNLIKELY(err)) {
		return fail_ring(l, err, why);
	}
	*out = fy_ring_room(&tx->ring);
	FY_SHM_STEP(SEND_ROOM);
	return FERRY_OK;
}

ferry_err
fy_shm_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
	    struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	ferry_err err = may_send(l, bytes, why);

	if (FY_UNLIKELY(err))
		return err;
	if (FY_LIKELY(fits(&l->tx, bytes)))
		err = lend_room(l, bytes, out, why);
	else
		err = lend_memory(l, bytes, out, why);
	l->tx.lent = (uint32_t)bytes;
	l->tx.lends = !err;
	return err;
}

static void
count_sent(struct fy_shm_link *l, size_t bytes)
{
	fy_count(&l->link.counters->sent, 1);
	fy_count(&l->link.counters->sent_bytes, bytes);
}

/* The record that is written leaves, or waits for others. */
static void
put(struct fy_shm_link *l, size_t bytes)
{
	struct fy_shm_tx *tx = &l->tx;

	FY_SHM_STEP(SEND_COPIED);
	fy_ring_put(&tx->ring, bytes, 0);
	count_sent(l, bytes);
	if (FY_LIKELY(!l->link.corked) ||
	    fy_ring_unpublished(&tx->ring) >= tx->ring.size / 8)
		publish(l);
	note_unsent(tx);
}

/* A long one: as much as there is room for. */
static ferry_err
begin_to_push(struct fy_shm_link *l, struct ferry_bytes message,
	      struct ferry_error *why)
{
	ferry_err err;

	l->tx.rest = message;
	count_sent(l, message.len);
	err = leave(l, why);
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

ferry_err
fy_shm_commit(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_tx *tx = &l->tx;

	tx->lends = false;
	if (FY_UNLIKELY(tx->mem))
		return begin_to_push(
			l, (struct ferry_bytes){ tx->mem, tx->lent }, why);
	put(l, tx->lent);
	return FERRY_OK;
}

void
fy_shm_cancel(struct ferry_link *link)
{
	struct fy_shm_link *l = fy_shm_of(link);

	if (l->tx.lends && l->tx.mem)
		drop_memory(l);
	l->tx.lends = false;
	l->tx.wanted = 0;
}

ferry_err
fy_shm_send(struct ferry_link *link, struct ferry_bytes message,
	    struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_tx *tx = &l->tx;
	ferry_err err = may_send(l, message.len, why);
	uint8_t *mem;

	if (err)
		return err;
	/* Without a byte it has no part that could wait for room. */
	if (message.len == 0) {
		tx->wanted = FY_RING_HEAD;
		return FERRY_EAGAIN;
	}
	if (fits(tx, message.len) &&
	    fy_ring_has_room(&tx->ring, message.len) == FERRY_OK) {
		memcpy(fy_ring_room(&tx->ring), message.data,
		       message.len); /* model: ring.payload */
		put(l, message.len);
		return FERRY_OK;
	}
	/* Touched by settle() alone. */
	err = lend_memory(l, message.len, &mem, why);
	return err ? err : begin_to_push(l, message, why);
}

void
fy_shm_settle(struct ferry_link *link)
{
	struct fy_shm_tx *tx = &fy_shm_of(link)->tx;

	if (tx->rest.len == 0)
		return;
	memmove(tx->mem, tx->rest.data, tx->rest.len);
	tx->rest.data = tx->mem;
}
