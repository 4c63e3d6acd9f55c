/* SPDX-License-Identifier: MIT */
/*
 * One end of a sysv: connection: a queue to receive from, which this end has
 * made and removes, and the peer's. Messages that are longer than a part go in
 * parts, told apart by the type that a message of the queue has anyway: a part
 * is nothing but payload. The head that mq:'s parts have (mq/part.h) would be 8
 * bytes and a check more, and its buffer of many messages has no use where each
 * part leaves by a call of its own. What is left to share, the growth of a
 * buffer, is less than what would tell the two apart.
 *
 *	sender    blocked in msgsnd, or waiting for ROOM in its own queue
 *	receiver  blocked in msgrcv of all but ROOM
 *	helper    (service.h) wakes either at its deadline, and both when the
 *	          peer's process has ended, by messages without bytes; again and
 *	          again where the peer takes these, and by the end of the link
 *	          at last
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/service.h"
#include "transport/sysv/bell.h"
#include "transport/sysv/queue.h"
#include "transport/sysv/wait.h"

/* A sender looks whether the peer polls after so much time, at the latest. */
#define FY_SYSV_LOOK_NS 5000000

/**
 * struct fy_sysv_tx - written by the thread that sends
 * @buf:     the head of the first part, then the message
 * @head:    bytes that have left
 * @tail:    bytes of the message
 * @waiting: committed, and not all has left
 * @asked:   WANT is on its way, or ROOM is
 * @polls:   ROOM is for who hears the bell
 * @looked_ns: when it was looked whether the peer polls
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
	atomic_bool polls;
	int64_t looked_ns;
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
 * @robbed:  the own queue was removed because wake-ups are taken from it
 * @n_wakes: ROOM messages in the own queue that the helper has put there
 * @rx_wait, @tx_wait: the waits of either thread in the own queue
 * @rx_item, @tx_item: the deadlines of either thread; the first has the pidfd
 * @due_item, @due: what is to be done at another time, FY_SYSV_DUE_
 * @peer_bell: id of the queue where the peer's bell is rung; -1: it has none
 * @bell:    once a descriptor was asked for
 * @bell_key: where it is to be rung
 * @gate:    eventfd, writable unless something unsent waits for room; -1
 *           before a descriptor was asked for
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
	atomic_bool robbed;
	atomic_bool counted;
	atomic_uint n_wakes;
	struct fy_sysv_wait rx_wait;
	struct fy_sysv_wait tx_wait;
	struct fy_service_item rx_item;
	struct fy_service_item tx_item;
	struct fy_service_item due_item;
	atomic_uint due;
	atomic_int peer_bell;
	struct fy_sysv_bell bell;
	key_t bell_key;
	atomic_int gate;
};

/* Bits of .due: the first and the last two are in time, others lack memory. */
enum fy_sysv_due {
	FY_SYSV_DUE_LOOK = 1,	     /* into the own queue */
	FY_SYSV_DUE_KEY = 2,	     /* to tell of the bell */
	FY_SYSV_DUE_RING = 4,	     /* the peer's bell */
	FY_SYSV_DUE_WAKE = 8,	     /* these three into the own queue */
	FY_SYSV_DUE_WAKE_DEAD = 16,
	FY_SYSV_DUE_WAKE_SENDER = 32,
	FY_SYSV_DUE_SEE = 64, /* whether the receiver is awake */
	FY_SYSV_DUE_SEE_SENDER = 128,
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

/** fy_sysv_is_polled() - whether a descriptor was asked for */
static inline bool
fy_sysv_is_polled(const struct fy_sysv_link *l)
{
	return FY_UNLIKELY(atomic_load(&l->gate) >= 0);
}

/*
 * A peer that polls says so by FY_SYSV_BELL and is told of what comes from then
 * on. To look for that costs a system call, so that a sender does it just at
 * times. What was sent in between unseen was sent within FY_SYSV_LOOK_NS of
 * when the peer said so: after that the peer looks by itself, once.
 */

/** fy_sysv_look() - whether the peer polls, without regard to time */
void fy_sysv_look(struct fy_sysv_link *l);

/** fy_sysv_hear() - it does: a message of @type, in place of FY_SYSV_BELL */
void fy_sysv_hear(struct fy_sysv_link *l, long type);

/** fy_sysv_ring() - rings the peer's bell, if it has one */
void fy_sysv_ring(struct fy_sysv_link *l);

/**
 * fy_sysv_tell() - a message without bytes to the peer
 *
 * Return: whether it is there; or errno.
 */
bool fy_sysv_tell(struct fy_sysv_link *l, enum fy_sysv_type type);

/** fy_sysv_open_gate() - what is unsent may leave: the descriptor says so */
void fy_sysv_open_gate(struct fy_sysv_link *l);

/** fy_sysv_fail_robbed() - of a link that is .robbed */
FY_COLD ferry_err fy_sysv_fail_robbed(struct fy_sysv_link *l,
				      struct ferry_error *why);

/** fy_sysv_count_end() - counts the end of the link once */
FY_COLD void fy_sysv_count_end(struct fy_sysv_link *l, uint64_t *counter);

/**
 * fy_sysv_link_receive() - the next message of the queue, of whatever type
 * @msg: the type, and FY_SYSV_PART bytes behind it
 *
 * FERRY_EAGAIN or FERRY_ETIMEDOUT; FERRY_EOF: the peer's process has ended and
 * there is nothing left of it.
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
bool fy_sysv_pending(struct ferry_link *link);
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
