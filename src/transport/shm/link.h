/* SPDX-License-Identifier: MIT */
/*
 * A channel in shared memory: messages are records of a ring, the long ones in
 * parts. Its two ends: each writes its own area and reads the other's (area.h),
 * waits as wait.h says, and has of the peer a socket, the one that they met
 * through: the bell for who polls, and what hangs up.
 *
 * Its end. Who finishes or closes says so in his words. Who is killed is dead by
 * his life word, or his socket; what he had published is received first.
 *
 * Trust. A message is copied out of the ring before anybody looks at it, since
 * the peer can go on writing there; with ?trust=peer it is read in place.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include <sys/types.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/shm/alive.h"
#include "transport/shm/area.h"
#include "transport/shm/ring.h"
#include "transport/shm/wait.h"

/**
 * struct fy_shm_tx - the sender's half of a link
 * @bell:   of the peer's receiver
 * @room:   how it waits for room in its ring
 * @wanted: bytes of the loan that was refused for want of room; 0: none
 * @lent:   bytes of the loan; @lends: there is one
 * @mem:    of a message that goes in parts, lent or on its way; or NULL
 * @rest:   what of it has not been put into the ring, in @mem or the caller's
 * @unsent: what has not left; read by others
 */
struct fy_shm_tx {
	struct fy_ring_tx ring;
	struct fy_shm_bell bell;
	struct fy_shm_wait room;
	size_t wanted;
	uint32_t lent;
	bool lends;
	uint8_t *mem;
	struct ferry_bytes rest;
	_Atomic size_t unsent;
};

/**
 * struct fy_shm_rx - the receiver's half
 * @bell:   of the peer's sender
 * @data:   how it waits for data
 * @record: taken in place, as long as @in_place
 * @mem:    of @bytes: copies and parts put together
 * @have:   bytes of the message that is being put together, if @partial
 */
struct fy_shm_rx {
	struct fy_ring_rx ring;
	struct fy_shm_bell bell;
	struct fy_shm_wait data;
	struct fy_ring_record record;
	bool in_place;
	uint8_t *mem;
	size_t bytes;
	uint32_t have;
	bool partial;
};

/**
 * struct fy_shm_link - a link
 * @owner:   the process that it belongs to
 * @socket:  see above
 * @pidfd:   of the peer's process, once the link is polled; -1 where the kernel
 *           has none to give
 * @polled:  by fy_shm_pollable()
 * @trusts:  ?trust=peer
 * @counted: the end is among the counters; only once
 */
struct fy_shm_link {
	struct ferry_link link;
	pid_t owner;
	int socket;
	int pidfd;
	struct ferry_peer peer;
	struct fy_shm_area own;
	struct fy_shm_view view;
	struct fy_alive alive;
	struct fy_shm_tx tx;
	struct fy_shm_rx rx;
	bool polled;
	bool trusts;
	atomic_bool counted;
};

/** fy_shm_link_new() - a link without memory or socket; NULL: no memory */
struct fy_shm_link *fy_shm_link_new(const struct ferry_link_config *config,
				    const struct ferry_transport_ops *ops);

/**
 * fy_shm_link_start() - with .socket, .peer, .own and .view in place, begins
 *
 * Before that fy_shm_close() closes and unmaps what there is.
 */
void fy_shm_link_start(struct fy_shm_link *l);

/* The members of the ops table; documented in ferry/transport.h. */
ferry_err fy_shm_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
		      struct ferry_error *why);
ferry_err fy_shm_commit(struct ferry_link *link, struct ferry_error *why);
void fy_shm_cancel(struct ferry_link *link);
ferry_err fy_shm_send(struct ferry_link *link, struct ferry_bytes message,
		      struct ferry_error *why);
void fy_shm_settle(struct ferry_link *link);
ferry_err fy_shm_flush(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_shm_flush_until(struct ferry_link *link,
			     struct ferry_deadline until,
			     struct ferry_error *why);
size_t fy_shm_unsent(const struct ferry_link *link);
ferry_err fy_shm_finish(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_shm_take(struct ferry_link *link, struct ferry_bytes *out,
		      struct ferry_error *why);
ferry_err fy_shm_take_until(struct ferry_link *link, struct ferry_bytes *out,
			    struct ferry_deadline until,
			    struct ferry_error *why);
bool fy_shm_look_a_while(struct ferry_link *link);
ferry_err fy_shm_keep(struct ferry_link *link, struct ferry_block *out);
void fy_shm_release(struct ferry_link *link);
bool fy_shm_pending(struct ferry_link *link);
bool fy_shm_partial(const struct ferry_link *link);
ferry_err fy_shm_pollable(struct ferry_link *link, struct ferry_error *why);
void fy_shm_events(const struct ferry_link *link, struct ferry_events *out);
void fy_shm_peer(const struct ferry_link *link, struct ferry_peer *out);
void fy_shm_close(struct ferry_link *link);

#define FY_SHM_LINK_OPS                                                        \
	.loan = fy_shm_loan, .commit = fy_shm_commit, .cancel = fy_shm_cancel, \
	.send = fy_shm_send, .settle = fy_shm_settle, .flush = fy_shm_flush,   \
	.flush_until = fy_shm_flush_until, .unsent = fy_shm_unsent,            \
	.finish = fy_shm_finish, .take = fy_shm_take,                          \
	.take_until = fy_shm_take_until, .linger = fy_shm_look_a_while,        \
	.keep = fy_shm_keep, .release = fy_shm_release,                        \
	.pending = fy_shm_pending, .partial = fy_shm_partial,                  \
	.pollable = fy_shm_pollable, .events = fy_shm_events,                  \
	.peer = fy_shm_peer, .close = fy_shm_close
