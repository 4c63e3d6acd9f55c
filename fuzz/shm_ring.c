/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a peer of shm: does to the memory that it shares: each step
 * is a letter and what it needs. A plain reading of the ring says what comes of
 * it; a link over the same memory takes and sends. Whatever it finds, it is
 * done after as many records as a ring can hold.
 */
#include "transport/shm/link.h"

#include <stdlib.h>
#include <string.h>

#include "target.h"

#define SIZE 4096u
#define LONGEST 2000u
/* Each has a head. */
#define RECORDS_MOST (SIZE / FY_RING_HEAD + 1)

/*
 * @ring: what the peer writes, twice: a read beyond it is one beyond the block
 * @own:  of the link; @reader: of the reader
 * @tail, @head, @known, @last: of the plain reading
 */
struct world {
	const uint8_t *at, *end;
	uint8_t *ring, *own_ring;
	struct fy_shm_page peer, own, reader;
	struct fy_ring_rx rx;
	struct fy_shm_link *link;
	uint32_t tail;
	uint32_t head, known;
	bool last;
};

static void
check(bool promise)
{
	if (!promise)
		abort();
}

static uint32_t
next(struct world *w, size_t bytes)
{
	uint32_t n = 0;

	for (size_t i = 0; i < bytes && w->at < w->end; i++)
		n |= (uint32_t)*w->at++ << 8 * i;
	return n;
}

/* As the two maps of one memory have it. */
static void
put(struct world *w, uint32_t at, uint32_t value)
{
	at &= (SIZE - 1) & ~3u;
	memcpy(w->ring + at, &value, 4);
	memcpy(w->ring + SIZE + at, &value, 4);
}

/* ---- the plain reading ---- */

static ferry_err
look_plainly(struct world *w)
{
	uint32_t tail = w->peer.tail;
	uint32_t index = tail & ~FY_SHM_LAST;

	if (index % FY_SHM_ALIGN || index - w->known > SIZE)
		return FERRY_EPROTO;
	if (w->last && (index != w->known || index == tail))
		return FERRY_EPROTO;
	w->known = index;
	w->last = tail & FY_SHM_LAST;
	if (w->known != w->head)
		return FERRY_OK;
	return w->last ? FERRY_EOF : FERRY_EAGAIN;
}

/* The record at the head, if there is one. */
static ferry_err
read_plainly(struct world *w, uint32_t record[2])
{
	ferry_err err = w->known == w->head ? look_plainly(w) : FERRY_OK;

	if (err)
		return err;
	memcpy(record, w->ring + w->head % SIZE, 8);
	if ((uint64_t)record[0] + 8 > w->known - w->head || record[1] > 1 ||
	    (record[1] == 1 && record[0] < 256))
		return FERRY_EPROTO;
	return FERRY_OK;
}

static void
read_both_ways(struct world *w)
{
	struct fy_ring_record got;
	uint32_t record[2] = { 0, 0 };
	ferry_err err;

	for (uint32_t n = 0;; n++) {
		check(n <= RECORDS_MOST);
		err = read_plainly(w, record);
		check(fy_ring_get(&w->rx, &got) == err);
		if (err)
			return;
		check(got.bytes == record[0] && got.flags == record[1]);
		check(got.data == w->ring + w->head % SIZE + 8);
		w->head += 8 + (record[0] + 7) / 8 * 8;
		fy_ring_next(&w->rx, &got);
		(void)fy_ring_give_back(&w->rx);
		check(w->rx.head - w->rx.published < SIZE / 8);
	}
}

/* ---- the link ---- */

static void
take(struct world *w)
{
	struct ferry_link *link = &w->link->link;
	struct ferry_bytes got;
	volatile uint32_t sum = 0;
	uint32_t n = 0;

	while (fy_shm_take(link, &got, NULL) == FERRY_OK) {
		check(n++ <= RECORDS_MOST && got.len <= LONGEST);
		for (uint32_t i = 0; i < got.len; i++)
			sum += got.data[i];
		fy_shm_release(link);
	}
	(void)sum;
}

static void
send(struct world *w, uint32_t bytes)
{
	struct ferry_link *link = &w->link->link;
	uint8_t *room;

	if (fy_shm_loan(link, bytes, &room, NULL))
		return;
	memset(room, 1, bytes);
	check(!fy_shm_commit(link, NULL) || bytes > SIZE / 2 - 8);
	fy_shm_settle(link);
	(void)fy_shm_flush(link, NULL);
	/* What the peer may believe: all that is there, and no more. */
	check(w->own.tail - w->link->tx.ring.head <= SIZE);
}

/* ---- the steps ---- */

static void
put_record(struct world *w, uint32_t bytes, uint32_t flags)
{
	put(w, w->tail, bytes);
	put(w, w->tail + 4, flags);
	w->tail += (8 + bytes + 7) & ~7u;
}

static void
step(struct world *w)
{
	uint32_t n;

	switch (next(w, 1) % 10) {
	case 0: w->peer.tail = next(w, 4); break;
	case 1: w->peer.tail = w->tail; break;
	case 2: w->peer.tail = w->tail | FY_SHM_LAST; break;
	case 3: n = next(w, 2); put_record(w, n & 4095, n >> 15); break;
	case 4: n = next(w, 2); put(w, n, next(w, 4)); break;
	case 5: w->peer.head = next(w, 4); break;
	case 6: w->peer.head = w->own.tail - next(w, 1) * 8; break;
	case 7: w->peer.await_data = next(w, 1) & 0xfd; break;
	case 8: send(w, next(w, 2) % (LONGEST + 500)); break;
	default: read_both_ways(w); take(w); break;
	}
}

static bool
begin(struct world *w, bool trusts)
{
	static const struct ferry_link_config config = {
		.max_message = LONGEST,
	};

	w->ring = calloc(2, SIZE);
	w->own_ring = calloc(2, SIZE);
	w->link = fy_shm_link_new(&config, NULL);
	if (!w->ring || !w->own_ring || !w->link)
		return false;
	w->rx = (struct fy_ring_rx){ .own = &w->reader, .peer = &w->peer,
				     .ring = w->ring, .size = SIZE };
	w->link->trusts = trusts;
	w->link->own = (struct fy_shm_area){ .page = &w->own,
					     .ring = w->own_ring,
					     .size = SIZE };
	w->link->view = (struct fy_shm_view){ &w->peer, w->ring, SIZE };
	fy_shm_link_start(w->link);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .at = data + 1, .end = data + size };

	if (size == 0 || size > 4096)
		return 0;
	if (begin(&w, data[0] & 1)) {
		while (w.at < w.end)
			step(&w);
	}
	if (w.link) {
		/* It is none of a memfd's. */
		w.link->view = (struct fy_shm_view){ NULL, NULL, 0 };
		fy_shm_close(&w.link->link);
	}
	free(w.ring);
	free(w.own_ring);
	return 0;
}
