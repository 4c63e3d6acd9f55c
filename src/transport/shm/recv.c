/* SPDX-License-Identifier: MIT */
/* The receiver's half of a link. */
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/time.h"
#include "transport/shm/half.h"
#include "transport/shm/step.h"

#define MEM_LEAST 512u
/* More is not kept while there is nothing to receive. */
#define MEM_KEPT 65536u
/* Rings in the socket of who polls, and does not look: it holds 270. */
#define UNHEARD_MOST 64u

/* ---- the end ---- */

/* @err, told by the ring or by this process: receiving is over. */
FY_COLD static ferry_err
fail_over(struct fy_shm_link *l, ferry_err err, struct ferry_error *why)
{
	struct ferry_counters *counters = l->link.counters;

	if (err == FERRY_EPROTO) {
		fy_shm_count_end(l, &counters->broken);
		return fy_fail(why, err,
			       "the peer broke the protocol of shared memory: "
			       "an index or a length that cannot be");
	}
	if (!l->rx.partial)
		return fy_fail(why, FERRY_EOF, "the peer has closed the "
			       "channel, or ended");
	fy_shm_count_end(l, &counters->lost);
	return fy_fail(why, FERRY_ELOST,
		       "the peer ended in the middle of a message");
}

FY_COLD static ferry_err
fail_too_big(struct fy_shm_link *l, size_t bytes, struct ferry_error *why)
{
	fy_count_any(&l->link.counters->too_big, 1);
	return fy_fail(why, FERRY_ETOOBIG,
		       "the peer sent a message of at least %zu bytes, the "
		       "longest has %zu", bytes, l->link.config.max_receive);
}

/* ---- memory ---- */

/* Room for @bytes, of which the first @kept stay. */
static ferry_err
have_room(struct fy_shm_link *l, size_t bytes, size_t kept,
	  struct ferry_error *why)
{
	struct fy_shm_rx *rx = &l->rx;
	size_t most = l->link.config.max_receive;
	size_t wanted = bytes;
	uint8_t *mem;

	if (FY_LIKELY(bytes <= rx->bytes && rx->mem))
		return FERRY_OK;
	if (kept > 0 && bytes < most)
		wanted = bytes < most / 2 ? bytes * 2 : most;
	if (wanted < MEM_LEAST)
		wanted = MEM_LEAST;
	if (kept == 0) {
		fy_free(l->link.config.hooks, rx->mem);
		rx->mem = NULL;
		rx->bytes = 0;
	}
	mem = fy_resize(l->link.config.hooks, rx->mem, wanted);
	if (!mem)
		return fy_fail_memory(why, wanted);
	rx->mem = mem;
	rx->bytes = wanted;
	return FERRY_OK;
}

static void
give_away(struct fy_shm_rx *rx)
{
	rx->mem = NULL;
	rx->bytes = 0;
}

/* ---- records ---- */

/* The record has been read: the peer may write there. */
static inline void
done_with(struct fy_shm_link *l, const struct fy_ring_record *record)
{
	struct fy_shm_rx *rx = &l->rx;

	fy_ring_next(&rx->ring, record);
	if (FY_LIKELY(!fy_ring_give_back(&rx->ring)))
		return;
	fy_shm_tell_cpu(l);
	fy_shm_wake(&rx->bell);
}

static void
count_received(struct fy_shm_link *l, size_t bytes)
{
	fy_count(&l->link.counters->received, 1);
	fy_count(&l->link.counters->received_bytes, bytes);
}

static ferry_err
take_whole(struct fy_shm_link *l, const struct fy_ring_record *record,
	   struct ferry_bytes *out, struct ferry_error *why)
{
	struct fy_shm_rx *rx = &l->rx;
	ferry_err err;

	if (FY_UNLIKELY(record->bytes > l->link.config.max_receive))
		return fail_too_big(l, record->bytes, why);
	rx->have = record->bytes;
	if (l->trusts) {
		rx->record = *record;
		rx->in_place = true;
		*out = (struct ferry_bytes){ record->data, record->bytes };
		return FERRY_OK;
	}
	err = have_room(l, record->bytes, 0, why);
	if (err)
		return err;
	memcpy(rx->mem, record->data, record->bytes);
	FY_SHM_STEP(RECV_COPIED);
	*out = (struct ferry_bytes){ rx->mem, record->bytes };
	done_with(l, record);
	return FERRY_OK;
}

/* FERRY_EAGAIN: the message goes on. */
static ferry_err
take_part(struct fy_shm_link *l, const struct fy_ring_record *record,
	  struct ferry_bytes *out, struct ferry_error *why)
{
	struct fy_shm_rx *rx = &l->rx;
	uint32_t have = rx->partial ? rx->have : 0;
	ferry_err err;

	if (record->bytes > l->link.config.max_receive - have)
		return fail_too_big(l, (size_t)have + record->bytes, why);
	err = have_room(l, have + record->bytes, have, why);
	if (err)
		return err;
	memcpy(rx->mem + have, record->data, record->bytes);
	FY_SHM_STEP(RECV_COPIED);
	rx->have = have + record->bytes;
	rx->partial = record->flags & FY_RING_MORE;
	done_with(l, record);
	if (rx->partial)
		return FERRY_EAGAIN;
	*out = (struct ferry_bytes){ rx->mem, rx->have };
	return FERRY_OK;
}

/* What the ring has. FERRY_EAGAIN: no whole message. */
static inline ferry_err
next_message(struct fy_shm_link *l, struct ferry_bytes *out,
	     struct ferry_error *why)
{
	struct fy_shm_rx *rx = &l->rx;
	struct fy_ring_record record;
	ferry_err err;

	do {
		err = fy_ring_get(&rx->ring, &record);
		if (err == FERRY_EAGAIN)
			return err;
		if (FY_UNLIKELY(err))
			return fail_over(l, err, why);
		if (FY_LIKELY(!rx->partial && !record.flags))
			err = take_whole(l, &record, out, why);
		else
			err = take_part(l, &record, out, why);
	} while (err == FERRY_EAGAIN);
	if (!err)
		count_received(l, out->len);
	return err;
}

/* ---- with the peer's life ---- */

/*
 * How many rings may be in the socket. They are taken out before it is full: a
 * later one would be no event to who is told of changes alone.
 */
static uint32_t
n_unheard(const struct fy_shm_link *l)
{
	return atomic_load_explicit(&l->rx.data.n_unheard,
				    memory_order_relaxed) +
	       atomic_load_explicit(&l->tx.room.n_unheard,
				    memory_order_relaxed);
}

static void
hear(struct fy_shm_link *l)
{
	atomic_store_explicit(&l->tx.room.n_unheard, 0, memory_order_relaxed);
	fy_shm_hear(&l->rx.data);
	atomic_store_explicit(&l->rx.data.n_unheard, 0, memory_order_relaxed);
}

static ferry_err
take_now(struct fy_shm_link *l, struct ferry_bytes *out,
	 struct ferry_error *why)
{
	struct fy_shm_wait *data = &l->rx.data;
	ferry_err err;

	if (FY_UNLIKELY(data->armed))
		hear(l);
	err = next_message(l, out, why);
	if (err == FERRY_EAGAIN && FY_UNLIKELY(fy_shm_is_over(data))) {
		/* Once more: it may have published before it ended. */
		err = next_message(l, out, why);
		if (err == FERRY_EAGAIN)
			return fail_over(l, FERRY_EOF, why);
	}
	if (err != FERRY_EAGAIN)
		fy_shm_disarm(data);
	return err;
}

ferry_err
fy_shm_take(struct ferry_link *link, struct ferry_bytes *out,
	    struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_wait *data = &l->rx.data;
	ferry_err err;

	do {
		err = take_now(l, out, why);
		if (err != FERRY_EAGAIN || FY_LIKELY(!l->polled))
			return err;
		if (FY_UNLIKELY(n_unheard(l) > 0))
			hear(l);
	} while (data->ended || !fy_shm_arm(data, l->rx.ring.tail));
	return err;
}

ferry_err
fy_shm_take_until(struct ferry_link *link, struct ferry_bytes *out,
		  struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_wait *data = &l->rx.data;
	ferry_err err;

	for (;;) {
		err = take_now(l, out, why);
		if (err != FERRY_EAGAIN)
			return err;
		/* Parts of a message may come for ever. */
		if (l->rx.partial && fy_deadline_passed(until))
			return FERRY_ETIMEDOUT;
		if (fy_shm_linger(data, l->rx.ring.tail, until))
			continue;
		err = fy_shm_sleep(data, l->rx.ring.tail, until, why);
		if (err)
			return err;
	}
}

bool
fy_shm_look_a_while(struct ferry_link *link)
{
	struct fy_shm_rx *rx = &fy_shm_of(link)->rx;

	if (rx->ring.tail != rx->ring.head)
		return true;
	fy_shm_disarm(&rx->data);
	return fy_shm_linger(&rx->data, rx->ring.tail, FERRY_NEVER);
}

bool
fy_shm_pending(struct ferry_link *link)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_ring_rx *ring = &l->rx.ring;

	if (FY_UNLIKELY(n_unheard(l) >= UNHEARD_MOST))
		hear(l);
	if (ring->tail != ring->head || ring->last)
		return true;
	if (!l->polled)
		return fy_shm_load(&ring->peer->tail) != ring->tail;
	return !fy_shm_arm(&l->rx.data, ring->tail) ||
	       fy_shm_is_over(&l->rx.data);
}

bool
fy_shm_partial(const struct ferry_link *link)
{
	return fy_const_shm_of(link)->rx.partial;
}

/* ---- the message taken ---- */

void
fy_shm_release(struct ferry_link *link)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_rx *rx = &l->rx;

	if (rx->in_place) {
		rx->in_place = false;
		done_with(l, &rx->record);
	} else if (FY_UNLIKELY(rx->bytes > MEM_KEPT)) {
		fy_free(l->link.config.hooks, rx->mem);
		give_away(rx);
	}
}

ferry_err
fy_shm_keep(struct ferry_link *link, struct ferry_block *out)
{
	struct fy_shm_link *l = fy_shm_of(link);
	struct fy_shm_rx *rx = &l->rx;

	if (rx->in_place) {
		if (have_room(l, rx->have, 0, NULL))
			return FERRY_ENOMEM;
		memcpy(rx->mem, rx->record.data, rx->have);
		fy_shm_release(link);
	}
	out->mem = rx->mem;
	out->data = (struct ferry_bytes){ rx->mem, rx->have };
	give_away(rx);
	return FERRY_OK;
}
