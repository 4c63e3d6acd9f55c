/* SPDX-License-Identifier: MIT */
/*
 * A ring with one writer and one reader, in memory of which each of the two can
 * write only its own part. No system call, no waiting.
 *
 * Records are whole or not there: what is written becomes the reader's by one
 * store, of .tail; and the writer's again by one, of .head. Killed between two
 * such stores a process leaves nothing half done. Each side works with indexes
 * of its own and publishes copies; what it reads of the other's is copied once
 * and checked.
 *
 * A record: a word of its bytes and its flags, then the bytes, up to a multiple
 * of FY_SHM_ALIGN.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "transport/shm/page.h"

/* In front of each record. */
#define FY_RING_HEAD 8u
/* Of a record: the message goes on in the next one. */
#define FY_RING_MORE 1u
/* Such a one has at least so many bytes: nobody is kept busy with less. */
#define FY_RING_MORE_LEAST 256u

/** fy_ring_record_bytes() - what a record of @bytes takes of a ring */
static inline size_t
fy_ring_record_bytes(size_t bytes)
{
	return (FY_RING_HEAD + bytes + FY_SHM_ALIGN - 1) &
	       ~(size_t)(FY_SHM_ALIGN - 1);
}

/* ---- the writer ---- */

/**
 * struct fy_ring_tx - the writer's half; private
 * @own:       its page
 * @peer:      the reader's, for .head
 * @ring:      of @size bytes, mapped twice
 * @tail:      where the next record begins
 * @published: what the reader knows of that
 * @head:      what the writer knows of the reader
 */
struct fy_ring_tx {
	struct fy_shm_page *own;
	const struct fy_shm_page *peer;
	uint8_t *ring;
	uint32_t size;
	uint32_t tail;
	uint32_t published;
	uint32_t head;
};

/**
 * fy_ring_has_room() - whether a record of @bytes, at most half of the ring
 * with its head, can be written now
 *
 * FERRY_EAGAIN: not yet; FERRY_ECLOSED: the reader takes no more; FERRY_EPROTO:
 * it is no reader.
 */
FY_MUST_CHECK ferry_err fy_ring_has_room(struct fy_ring_tx *tx, size_t bytes);

/** fy_ring_room() - where the bytes of the next record go */
static inline uint8_t *
fy_ring_room(const struct fy_ring_tx *tx)
{
	return tx->ring + (tx->tail & (tx->size - 1)) + FY_RING_HEAD;
}

/** fy_ring_put() - the record for which there was room is written */
void fy_ring_put(struct fy_ring_tx *tx, size_t bytes, uint32_t flags);

/** fy_ring_publish() - what was put is the reader's */
void fy_ring_publish(struct fy_ring_tx *tx);

/** fy_ring_finish() - publishes, and that nothing follows */
void fy_ring_finish(struct fy_ring_tx *tx);

/** fy_ring_unpublished() - bytes that were put since */
static inline uint32_t
fy_ring_unpublished(const struct fy_ring_tx *tx)
{
	return tx->tail - tx->published;
}

/* ---- the reader ---- */

/** struct fy_ring_record - one, in the ring */
struct fy_ring_record {
	const uint8_t *data;
	uint32_t bytes;
	uint32_t flags;
};

/**
 * struct fy_ring_rx - the reader's half; private
 * @own:       its page
 * @peer:      the writer's, for .tail
 * @ring:      of @size bytes, mapped twice
 * @head:      where the next record begins
 * @published: what the writer knows of that
 * @tail:      what the reader knows of the writer
 * @last:      nothing follows @tail
 */
struct fy_ring_rx {
	struct fy_shm_page *own;
	const struct fy_shm_page *peer;
	const uint8_t *ring;
	uint32_t size;
	uint32_t head;
	uint32_t published;
	uint32_t tail;
	bool last;
};

/**
 * fy_ring_get() - the next record
 *
 * The same one until fy_ring_next(). FERRY_EAGAIN: none yet; FERRY_EOF: none
 * will come; FERRY_EPROTO: the writer is none.
 */
FY_MUST_CHECK ferry_err fy_ring_get(struct fy_ring_rx *rx,
				    struct fy_ring_record *out);

/** fy_ring_next() - done with the record that fy_ring_get() gave */
void fy_ring_next(struct fy_ring_rx *rx, const struct fy_ring_record *record);

/**
 * fy_ring_give_back() - tells the writer of its room, if that is worth it
 *
 * An eighth of the ring at a time: a writer that needs room needs at most a half
 * of it. Return: whether he was told, and may sleep until he is woken.
 */
bool fy_ring_give_back(struct fy_ring_rx *rx);

/** fy_ring_refuse() - nothing more is received */
void fy_ring_refuse(struct fy_ring_rx *rx);
