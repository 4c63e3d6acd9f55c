/* SPDX-License-Identifier: MIT */
/*
 * One end of a sysv: connection: a queue to receive from, which this end has
 * made and removes, and the peer's. Messages that are longer than a part go in parts.
 *
 *	sender    blocked in msgsnd, or waiting for ROOM in its own queue
 *	receiver  blocked in msgrcv of all but ROOM
 *	helper    (service.h) wakes either at its deadline, and both when the
 *	          peer's process has ended, by messages without bytes
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/service.h"
#include "transport/sysv/pump.h"
#include "transport/sysv/queue.h"

/**
 * struct fy_sysv_tx - written by the thread that sends
 * @buf:     the head of the first part, then the message
 * @head:    bytes that have left
 * @tail:    bytes of the message
 * @waiting: committed, and not all has left
 * @asked:   WANT is on its way, or ROOM is
 */
struct fy_sysv_tx {
	uint8_t *buf;
	size_t cap;
	size_t head;
	size_t tail;
	bool lending;
	bool waiting;
	bool finished;
	atomic_bool asked;
};

/**
 * struct fy_sysv_rx - written by the thread that receives
 * @type:    for msgrcv(2), with @flags: which messages are the receiver's
 * @tail:    bytes of the message so far
 * @begun:   a part has come that another one follows
 * @asked:   WANT_TOO is on its way, or ROOM_TOO is
 * @ended:   FERRY_OK, or how the receiving has ended for ever
 */
struct fy_sysv_rx {
	long type;
	int flags;
	uint8_t *buf;
	size_t cap;
	size_t tail;
	bool begun;
	bool asked;
	ferry_err ended;
};

/**
 * struct fy_sysv_link - a link
 * @self:    the process that it belongs to
 * @pidfd:   the peer
 * @part:    bytes of the longest part
 * @dead:    the peer's process has ended
 * @n_wakes: ROOM messages in the own queue that the helper has put there
 * @rx_item, @tx_item: the deadlines of either thread; the first has the pidfd
 * @pump:    once a descriptor was asked for
 * @gate:    eventfd, writable unless something unsent waits for room; -1
 * @counted: its end is in the counters
 */
struct fy_sysv_link {
	struct ferry_link link;
	pid_t self;
	struct fy_sysv_queue in;
	struct fy_sysv_queue out;
	struct ferry_peer peer;
	int pidfd;
	size_t part;
	struct fy_sysv_tx tx;
	struct fy_sysv_rx rx;
	atomic_size_t unsent;
	atomic_bool dead;
	atomic_bool counted;
	atomic_uint n_wakes;
	struct fy_service_item rx_item;
	struct fy_service_item tx_item;
	struct fy_sysv_pump *pump;
	atomic_int gate;
};

/**
 * fy_sysv_link_new() - a link without queues, to be opened or closed
 *
 * NULL: no memory.
 */
struct fy_sysv_link *fy_sysv_link_new(const struct ferry_link_config *config,
				      const struct ferry_transport_ops *ops);

/** fy_sysv_link_watch() - begins to watch the peer's .pidfd; again: another */
FY_MUST_CHECK ferry_err fy_sysv_link_watch(struct fy_sysv_link *l,
					   struct ferry_error *why);

/**
 * fy_sysv_wake() - @type into the own queue
 *
 * Where a peer has made that impossible the queue is removed, which wakes as
 * well.
 */
void fy_sysv_wake(struct fy_sysv_link *l, enum fy_sysv_type type);

/** fy_sysv_open_gate() - what is unsent may leave: the descriptor says so */
void fy_sysv_open_gate(struct fy_sysv_link *l);

/** fy_sysv_count_end() - counts the end of the link once */
FY_COLD void fy_sysv_count_end(struct fy_sysv_link *l, uint64_t *counter);

/**
 * fy_sysv_link_receive() - the next message of the queue, of whatever type
 * @msg: the type, and FY_SYSV_PART bytes behind it
 *
 * FERRY_EAGAIN or FERRY_ETIMEDOUT; FERRY_EOF: the peer's process has ended and
 * there is nothing left of it. Before there is a pump.
 */
FY_MUST_CHECK ferry_err fy_sysv_link_receive(struct fy_sysv_link *l, void *msg,
					     size_t *bytes,
					     struct ferry_deadline until,
					     struct ferry_error *why);

/* The members of the ops table; documented in ferry/transport.h. */
ferry_err fy_sysv_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
		       struct ferry_error *why);
ferry_err fy_sysv_commit(struct ferry_link *link, struct ferry_error *why);
void fy_sysv_cancel(struct ferry_link *link);
ferry_err fy_sysv_flush(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_sysv_flush_until(struct ferry_link *link,
			      struct ferry_deadline until,
			      struct ferry_error *why);
size_t fy_sysv_unsent(const struct ferry_link *link);
ferry_err fy_sysv_finish(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_sysv_take(struct ferry_link *link, struct ferry_bytes *out,
		       struct ferry_error *why);
ferry_err fy_sysv_take_until(struct ferry_link *link, struct ferry_bytes *out,
			     struct ferry_deadline until,
			     struct ferry_error *why);
ferry_err fy_sysv_keep(struct ferry_link *link, struct ferry_block *out);
void fy_sysv_release(struct ferry_link *link);
bool fy_sysv_pending(const struct ferry_link *link);
bool fy_sysv_partial(const struct ferry_link *link);
ferry_err fy_sysv_pollable(struct ferry_link *link, struct ferry_error *why);
void fy_sysv_events(const struct ferry_link *link, struct ferry_events *out);
void fy_sysv_peer(const struct ferry_link *link, struct ferry_peer *out);
void fy_sysv_close(struct ferry_link *link);

#define FY_SYSV_LINK_OPS                                                       \
	.loan = fy_sysv_loan, .commit = fy_sysv_commit,                        \
	.cancel = fy_sysv_cancel, .flush = fy_sysv_flush,                      \
	.flush_until = fy_sysv_flush_until, .unsent = fy_sysv_unsent,          \
	.finish = fy_sysv_finish, .take = fy_sysv_take,                        \
	.take_until = fy_sysv_take_until, .keep = fy_sysv_keep,                \
	.release = fy_sysv_release, .pending = fy_sysv_pending,                \
	.partial = fy_sysv_partial, .pollable = fy_sysv_pollable,              \
	.events = fy_sysv_events, .peer = fy_sysv_peer, .close = fy_sysv_close
