/* SPDX-License-Identifier: MIT */
/*
 * A channel of two POSIX message queues: messages in parts (part.h).
 *
 * Its ends. Who closes or finishes says so in a last part. There may be no room
 * for that; then the queue was full when it was tried, so that the part that
 * took the last place has not been received. That part asked its receiver to
 * look, once the queue is empty, whether the sender is still there, and the
 * sender gave up his lock before he tried. Who is killed ends with his process,
 * which a pidfd tells: whoever sleeps in poll(2) polls that too, whoever sleeps
 * in mq_receive(3) is woken by an empty message, which the helper thread puts
 * into his own queue. What was sent before is received in any case.
 *
 * Deadlines. The helper wakes likewise who sleeps in mq_receive(3) when it is
 * time: the deadlines of mq_timedreceive(3) jump with the clock on the wall. An
 * empty message may take a place that the sender has counted as free, even the
 * last one: so it asks to look as well.
 *
 * Thieves. Whoever may open a queue may take the empty message out of it, and
 * the one it was for would sleep on. So mq_receive(3) is for queues that only
 * this user, who could as well stop the process, and root can open. For others
 * there is poll(2), which takes two calls a message, and ends by itself.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include <sys/types.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/mq/part.h"
#include "transport/service.h"

/**
 * struct fy_mq_link - a link
 * @in:     to receive from; it blocks, and is open to send as well
 * @out:    to send to; O_NONBLOCK
 * @pidfd:  of the peer
 * @owner:  the process that it belongs to
 * @places: so many messages go out before the queue can be full
 * @close:  so many more are taken for the last that fit, after one did not
 * @stuck:  nothing has gone out since the queue was full
 * @shared: others can take messages out of @in: it is not blocked in
 * @helped: the service watches @pidfd and the time; the receiver's alone
 * @died:   the service saw the end of the peer's process
 * @late:   the service saw the deadline of a wait pass
 * @ended:  nothing can come any more; read by both threads
 * @gone:   the peer receives nothing any more; read by both threads
 * @counted: the end is among the counters; only once
 * @drained: the last look found the queue empty
 */
struct fy_mq_link {
	struct ferry_link link;
	int in;
	int out;
	int pidfd;
	pid_t owner;
	struct ferry_peer peer;
	struct fy_part_tx tx;
	long places;
	long close;
	bool stuck;
	struct fy_part_rx rx;
	bool drained;
	bool shared;
	bool helped;
	struct fy_service_item item;
	atomic_bool died;
	atomic_bool late;
	atomic_bool ended;
	atomic_bool gone;
	atomic_bool counted;
};

/** fy_mq_link_new() - a link without descriptors; NULL: no memory */
struct fy_mq_link *fy_mq_link_new(const struct ferry_link_config *config,
				  const struct ferry_transport_ops *ops);

/* The members of the ops table; documented in ferry/transport.h. */
ferry_err fy_mq_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
		     struct ferry_error *why);
ferry_err fy_mq_commit(struct ferry_link *link, struct ferry_error *why);
void fy_mq_cancel(struct ferry_link *link);
ferry_err fy_mq_flush(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_mq_flush_until(struct ferry_link *link,
			    struct ferry_deadline until,
			    struct ferry_error *why);
size_t fy_mq_unsent(const struct ferry_link *link);
ferry_err fy_mq_finish(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_mq_take(struct ferry_link *link, struct ferry_bytes *out,
		     struct ferry_error *why);
ferry_err fy_mq_take_until(struct ferry_link *link, struct ferry_bytes *out,
			   struct ferry_deadline until,
			   struct ferry_error *why);
ferry_err fy_mq_keep(struct ferry_link *link, struct ferry_block *out);
void fy_mq_release(struct ferry_link *link);
bool fy_mq_pending(struct ferry_link *link);
bool fy_mq_partial(const struct ferry_link *link);
void fy_mq_events(const struct ferry_link *link, struct ferry_events *out);
void fy_mq_peer(const struct ferry_link *link, struct ferry_peer *out);
void fy_mq_close(struct ferry_link *link);

#define FY_MQ_LINK_OPS                                                         \
	.loan = fy_mq_loan, .commit = fy_mq_commit, .cancel = fy_mq_cancel,    \
	.flush = fy_mq_flush, .flush_until = fy_mq_flush_until,                \
	.unsent = fy_mq_unsent, .finish = fy_mq_finish, .take = fy_mq_take,    \
	.take_until = fy_mq_take_until, .keep = fy_mq_keep,                    \
	.release = fy_mq_release, .pending = fy_mq_pending,                    \
	.partial = fy_mq_partial, .events = fy_mq_events, .peer = fy_mq_peer,  \
	.close = fy_mq_close
