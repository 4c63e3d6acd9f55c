/* SPDX-License-Identifier: MIT */
#include "transport/shm/ring.h"

#include <string.h>

#include "transport/shm/step.h"

/* Whether @word, of the other side, is an index and not more than @most ahead
 * of @from. */
static bool
is_index(uint32_t word, uint32_t from, uint32_t most)
{
	return (word & (FY_SHM_ALIGN - 1) & ~FY_SHM_LAST) == 0 &&
	       (word & ~FY_SHM_LAST) - from <= most;
}

/* ---- the writer ---- */

/* The reader's index, copied in. It never goes back. */
static ferry_err
look_for_room(struct fy_ring_tx *tx)
{
	uint32_t head = fy_shm_load(&tx->peer->head);

	if (!is_index(head, tx->head, tx->published - tx->head))
		return FERRY_EPROTO;
	if (head & FY_SHM_LAST)
		return FERRY_ECLOSED;
	tx->head = head;
	return FERRY_OK;
}

ferry_err
fy_ring_has_room(struct fy_ring_tx *tx, size_t bytes)
{
	size_t wanted = fy_ring_record_bytes(bytes);
	ferry_err err;

	if (FY_LIKELY(tx->size - (tx->tail - tx->head) >= wanted))
		return FERRY_OK;
	err = look_for_room(tx);
	if (err)
		return err;
	return tx->size - (tx->tail - tx->head) >= wanted ? FERRY_OK
							   : FERRY_EAGAIN;
}

void
fy_ring_put(struct fy_ring_tx *tx, size_t bytes, uint32_t flags)
{
	const uint32_t head[2] = { (uint32_t)bytes, flags };

	memcpy(tx->ring + (tx->tail & (tx->size - 1)), head,
	       sizeof(head)); /* model: ring.record */
	tx->tail += (uint32_t)fy_ring_record_bytes(bytes);
	FY_SHM_STEP(SEND_HEADER);
}

void
fy_ring_publish(struct fy_ring_tx *tx)
{
	tx->published = tx->tail;
	fy_shm_announce(&tx->own->tail, tx->tail); /* model: ring.tail */
	FY_SHM_STEP(SEND_PUBLISHED);
}

void
fy_ring_finish(struct fy_ring_tx *tx)
{
	tx->published = tx->tail;
	fy_shm_announce(&tx->own->tail,
			tx->tail | FY_SHM_LAST); /* model: ring.last */
	FY_SHM_STEP(CLOSE_TAIL);
}

/* ---- the reader ---- */

static ferry_err
look_for_data(struct fy_ring_rx *rx)
{
	uint32_t tail = fy_shm_load(&rx->peer->tail);

	/* It never goes back, is never a ring ahead, and ends once. */
	if (!is_index(tail, rx->tail, rx->size - (rx->tail - rx->head)) ||
	    (rx->last && tail != (rx->tail | FY_SHM_LAST)))
		return FERRY_EPROTO;
	rx->tail = tail & ~FY_SHM_LAST;
	rx->last = tail & FY_SHM_LAST;
	return FERRY_OK;
}

ferry_err
fy_ring_get(struct fy_ring_rx *rx, struct fy_ring_record *out)
{
	const uint32_t *at = (const uint32_t *)(const void *)(
		rx->ring + (rx->head & (rx->size - 1)));
	ferry_err err;

	if (rx->tail == rx->head) {
		err = look_for_data(rx);
		if (FY_UNLIKELY(err))
			return err;
		if (rx->tail == rx->head)
			return rx->last ? FERRY_EOF : FERRY_EAGAIN;
	}
	/* Each once, whatever the writer does to it now. */
	out->bytes = __atomic_load_n(at, __ATOMIC_RELAXED);
	out->flags = __atomic_load_n(at + 1, __ATOMIC_RELAXED);
	if (FY_UNLIKELY(out->bytes > rx->tail - rx->head - FY_RING_HEAD ||
			out->flags > FY_RING_MORE ||
			(out->flags && out->bytes < FY_RING_MORE_LEAST)))
		return FERRY_EPROTO;
	out->data = (const uint8_t *)at + FY_RING_HEAD;
	FY_SHM_STEP(RECV_FOUND);
	return FERRY_OK;
}

void
fy_ring_next(struct fy_ring_rx *rx, const struct fy_ring_record *record)
{
	rx->head += (uint32_t)fy_ring_record_bytes(record->bytes);
}

bool
fy_ring_give_back(struct fy_ring_rx *rx)
{
	if (FY_LIKELY(rx->head - rx->published < rx->size / 8))
		return false;
	rx->published = rx->head;
	fy_shm_announce(&rx->own->head, rx->head); /* model: ring.head */
	FY_SHM_STEP(RECV_GIVEN_BACK);
	return true;
}

void
fy_ring_refuse(struct fy_ring_rx *rx)
{
	fy_shm_announce(&rx->own->head,
			rx->published | FY_SHM_LAST); /* model: ring.refuse */
	FY_SHM_STEP(CLOSE_HEAD);
}
