/* SPDX-License-Identifier: MIT */
/*
 * Messages over a queue of short ones, as mq: has: a longer message goes in
 * parts. It does no I/O. The queue keeps order and the parts whole, so that a
 * part needs to say little; both ends are on one machine, so that it says it in
 * the machine's own words:
 *
 *	front           for the facility, whatever it wants before a part
 *	uint32_t flags  enum fy_part_flags
 *	uint32_t left   bytes of the message from this part on; the first part's
 *	                are all
 *	payload         not empty, but for the one part of an empty message
 *
 * Sending: the messages lie one behind the other in one buffer, each behind
 * room for a front and a head. Those of its later parts are written over the
 * end of the part before, which has left by then. Receiving: a message of one
 * part stays where it was received; longer ones grow with what has come, never
 * with what is announced.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/hooks.h>
#include <ferry/str.h>
#include <ferry/transport.h>

#include "core/compiler.h"

#define FY_PART_HEAD 8u

enum fy_part_flags {
	FY_PART_FIRST = 1 << 0, /* of a message */
	FY_PART_LOOK = 1 << 1,	/* whether the sender is there, before you
				   sleep: there may be no room for an end */
	FY_PART_END = 1 << 2,	/* nothing comes behind; no payload */
	FY_PART_GONE = 1 << 3,	/* with that: nor is anything received */
};

/**
 * struct fy_part_shape - what a facility carries; a plain value
 * @front: bytes before each part that are the facility's
 * @bytes: of the longest part with its head, without the front; more than
 *         FY_PART_HEAD + @front
 */
struct fy_part_shape {
	size_t front;
	size_t bytes;
};

/**
 * struct fy_part - one to send; valid until the next call
 * @at:    its front; the part is behind that
 * @bytes: of head and payload
 */
struct fy_part {
	uint8_t *at;
	size_t bytes;
};

/* ---- sending ---- */

/**
 * struct fy_part_tx - messages on their way out
 * @unsent: bytes in the buffer that have not left; any thread may read it
 */
struct fy_part_tx {
	const struct ferry_hooks *hooks;
	struct fy_part_shape shape;
	size_t max_message;
	uint8_t *buf;
	size_t cap;
	size_t head; /* the front of the next part */
	size_t tail; /* one past the last byte committed */
	size_t lent;
	bool lending;
	atomic_size_t unsent;
};

/** fy_part_tx_init() - empty; asks for no memory */
void fy_part_tx_init(struct fy_part_tx *tx, const struct ferry_hooks *hooks,
		     struct fy_part_shape shape, size_t max_message);

/** fy_part_tx_fini() - frees what has not left, too */
void fy_part_tx_fini(struct fy_part_tx *tx);

/** fy_part_tx_full() - so much has not left that the next loan has to wait */
bool fy_part_tx_full(const struct fy_part_tx *tx);

/**
 * fy_part_tx_loan() - room for a message of @bytes, until commit or cancel
 *
 * Return: FERRY_OK, FERRY_ETOOBIG, FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_part_tx_loan(struct fy_part_tx *tx, size_t bytes,
					uint8_t **out, struct ferry_error *why);

/** fy_part_tx_commit() - what was lent is behind all others; Return: bytes */
size_t fy_part_tx_commit(struct fy_part_tx *tx);

void fy_part_tx_cancel(struct fy_part_tx *tx);

/**
 * fy_part_tx_next() - the part to send now; false: all have left
 * @flags: to go with it: FY_PART_LOOK or 0
 *
 * The same again until fy_part_tx_sent(). Leaves a loan alone.
 */
bool fy_part_tx_next(struct fy_part_tx *tx, uint32_t flags,
		     struct fy_part *out);

/** fy_part_tx_sent() - the part that next() gave has left */
void fy_part_tx_sent(struct fy_part_tx *tx);

/** fy_part_tx_unsent() - any thread */
static inline size_t
fy_part_tx_unsent(const struct fy_part_tx *tx)
{
	return atomic_load_explicit(&tx->unsent, memory_order_relaxed);
}

/** fy_part_end() - writes the head of the part that is an end */
void fy_part_end(uint8_t head[FY_PART_HEAD], uint32_t flags);

/* ---- receiving ---- */

/**
 * struct fy_part_rx - messages on their way in
 * @looks: a part asked for a look; whoever looks makes it false
 * @gone:  the end said that the peer receives nothing any more, either
 */
struct fy_part_rx {
	const struct ferry_hooks *hooks;
	struct fy_part_shape shape;
	size_t max_message;
	uint8_t *room; /* for one part and its front */
	size_t n;      /* bytes of the part in it */
	bool holds;    /* ... that was not used yet */
	uint8_t *buf;  /* a message of several parts */
	size_t cap;
	size_t len;
	size_t left; /* bytes of it that are to come */
	struct ferry_bytes message;
	bool open; /* a first part came, the message is not done with */
	bool taken;
	bool looks;
	bool gone;
};

/** fy_part_rx_init() - empty; asks for no memory */
void fy_part_rx_init(struct fy_part_rx *rx, const struct ferry_hooks *hooks,
		     struct fy_part_shape shape, size_t max_message);

void fy_part_rx_fini(struct fy_part_rx *rx);

/**
 * fy_part_rx_room() - where to receive the next part, its front first
 *
 * shape.front + shape.bytes long; NULL if there is no memory. Not while a
 * message is taken or a part is held.
 */
uint8_t *fy_part_rx_room(struct fy_part_rx *rx);

/**
 * fy_part_rx_got() - a part of @bytes, without its front, is in the room
 *
 * 0: none; somebody wanted the receiver to wake up.
 */
void fy_part_rx_got(struct fy_part_rx *rx, size_t bytes);

/**
 * fy_part_rx_take() - the next message, if it is whole
 * @out: until fy_part_rx_keep() or _release(), one of which must follow
 *
 * Return: FERRY_OK; FERRY_EAGAIN: receive another part; FERRY_EOF: the end;
 * FERRY_ELOST: the end, in the middle of a message; FERRY_ENOMEM: the part is
 * held, take again; FERRY_ETOOBIG; FERRY_EPROTO.
 */
FY_MUST_CHECK ferry_err fy_part_rx_take(struct fy_part_rx *rx,
					struct ferry_bytes *out,
					struct ferry_error *why);

/** fy_part_rx_keep() - as ferry_transport_ops.keep */
FY_MUST_CHECK ferry_err fy_part_rx_keep(struct fy_part_rx *rx,
					struct ferry_block *out);

/** fy_part_rx_release() - done with the message taken */
void fy_part_rx_release(struct fy_part_rx *rx);

/** fy_part_rx_partial() - a message has begun and is not whole */
static inline bool
fy_part_rx_partial(const struct fy_part_rx *rx)
{
	return rx->open && !rx->taken;
}
