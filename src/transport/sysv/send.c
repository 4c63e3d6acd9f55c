/* SPDX-License-Identifier: MIT */
/* The sending half of a link. */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/time.h"
#include "transport/sysv/link.h"

/* A buffer that became longer is given back when its message has left. */
#define KEPT_BYTES 65536u

static struct fy_sysv_link *
link_of(const struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_sysv_link, link);
}

static void
set_unsent(struct fy_sysv_link *l)
{
	const struct fy_sysv_tx *tx = &l->tx;
	size_t left = tx->tail - tx->head;

	/* An empty message is something, too. */
	atomic_store_explicit(&l->unsent,
			      !tx->waiting ? 0
			      : left	   ? left
					   : 1,
			      memory_order_relaxed);
}

size_t
fy_sysv_unsent(const struct ferry_link *link)
{
	return atomic_load_explicit(&link_of(link)->unsent,
				    memory_order_relaxed);
}

FY_COLD static ferry_err
fail_lost(struct fy_sysv_link *l, struct ferry_error *why)
{
	if (atomic_load(&l->robbed))
		return fy_sysv_fail_robbed(l, why);
	fy_sysv_count_end(l, &l->link.counters->lost);
	return fy_fail(why, FERRY_ELOST,
		       atomic_load(&l->dead)
			       ? "the peer's process has ended"
			       : "the peer has closed the channel");
}

/* ---- a loan ---- */

static ferry_err
make_room(struct fy_sysv_link *l, size_t bytes, struct ferry_error *why)
{
	struct fy_sysv_tx *tx = &l->tx;
	size_t need =
		FY_SYSV_HEAD + (bytes < FY_SYSV_LEAST ? FY_SYSV_LEAST : bytes);
	uint8_t *buf;

	if (FY_LIKELY(need <= tx->cap))
		return FERRY_OK;
	if (need < FY_SYSV_HEAD + FY_SYSV_PART)
		need = FY_SYSV_HEAD + FY_SYSV_PART;
	buf = fy_alloc(l->link.config.hooks, need);
	if (!buf)
		return fy_fail_memory(why, need);
	fy_free(l->link.config.hooks, tx->buf);
	tx->buf = buf;
	tx->cap = need;
	return FERRY_OK;
}

ferry_err
fy_sysv_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
	     struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);
	ferry_err err;

	assert(!l->tx.lending);
	if (l->tx.finished)
		return fy_fail(why, FERRY_ELOST,
			       "the end of what is sent has been told");
	if (bytes > link->config.max_message || bytes > UINT32_MAX) {
		__atomic_fetch_add(&link->counters->too_big, 1,
				   __ATOMIC_RELAXED);
		return fy_fail(
			why, FERRY_ETOOBIG,
			"a message of %zu bytes is over the limit of %zu",
			bytes, link->config.max_message);
	}
	err = fy_sysv_flush(link, why);
	if (!err)
		err = make_room(l, bytes, why);
	if (err)
		return err;
	l->tx.lending = true;
	l->tx.head = 0;
	l->tx.tail = bytes;
	*out = l->tx.buf + FY_SYSV_HEAD;
	return FERRY_OK;
}

void
fy_sysv_cancel(struct ferry_link *link)
{
	link_of(link)->tx.lending = false;
}

/* ---- out of the buffer ---- */

/* The next part: its bytes in the queue. @type: as it is to be sent */
static size_t
next_part(const struct fy_sysv_link *l, long *type)
{
	const struct fy_sysv_tx *tx = &l->tx;
	size_t left = tx->tail - tx->head;

	if (FY_UNLIKELY(tx->tail < FY_SYSV_LEAST)) {
		*type = tx->tail ? FY_SYSV_ONE : FY_SYSV_EMPTY;
		return FY_SYSV_LEAST;
	}
	*type = left > l->part ? FY_SYSV_MORE : FY_SYSV_DATA;
	return left > l->part ? l->part : left;
}

static void
all_sent(struct fy_sysv_link *l)
{
	struct fy_sysv_tx *tx = &l->tx;

	tx->waiting = false;
	if (tx->cap <= KEPT_BYTES)
		return;
	fy_free(l->link.config.hooks, tx->buf);
	tx->buf = NULL;
	tx->cap = 0;
}

/* After each part: who waits for room next may wait for a peer that polls. */
static void
sent(struct fy_sysv_link *l)
{
	int64_t now_ns = fy_os_now_ns();

	if (FY_UNLIKELY(now_ns - l->tx.looked_ns >= FY_SYSV_LOOK_NS)) {
		l->tx.looked_ns = now_ns;
		fy_sysv_look(l);
	}
	fy_sysv_ring(l);
}

/*
 * As many parts as the queue takes. The head of each stands in the bytes before
 * it, which have left already. @flags: IPC_NOWAIT, or 0 to wait for room
 */
static ferry_err
push(struct fy_sysv_link *l, int flags, struct ferry_error *why)
{
	struct fy_sysv_tx *tx = &l->tx;
	ferry_err err = FERRY_OK;

	while (tx->waiting && !err) {
		long type;
		size_t bytes = next_part(l, &type);

		memcpy(tx->buf + tx->head, &type, sizeof(type));
		if (FY_UNLIKELY(fy_os_msgsnd(l->out.id, tx->buf + tx->head,
					     bytes, flags) < 0)) {
			err = errno == EAGAIN	? FERRY_EAGAIN
			      : errno == ENOMEM ? FERRY_ENOMEM
						: fail_lost(l, why);
			continue;
		}
		tx->head += bytes;
		if (type != FY_SYSV_MORE)
			all_sent(l);
		sent(l);
	}
	set_unsent(l);
	return err;
}

/*
 * What waits for room tells the peer so, once until that has answered. Return:
 * whether an answer comes: the peer, or the helper for it, removes the queue
 * first and tells then.
 */
static bool
ask_for_room(struct fy_sysv_link *l)
{
	bool asked = atomic_exchange(&l->tx.asked, true) ||
		     fy_sysv_tell(l, FY_SYSV_WANT);

	if (!asked)
		atomic_store(&l->tx.asked, false);
	return asked && !atomic_load(&l->dead);
}

/* The same for who polls: shut first, because the answer opens the gate. */
static void
shut_gate(struct fy_sysv_link *l)
{
	const uint64_t shut = UINT64_MAX - 1;

	(void)!fy_os_write(atomic_load(&l->gate), &shut, sizeof(shut));
	atomic_store(&l->tx.polls, true);
	if (!ask_for_room(l))
		fy_sysv_open_gate(l);
}

ferry_err
fy_sysv_flush(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);
	ferry_err err;

	if (FY_LIKELY(!l->tx.waiting))
		return FERRY_OK;
	err = push(l, IPC_NOWAIT, why);
	if (err == FERRY_EAGAIN && fy_sysv_is_polled(l))
		shut_gate(l);
	return err;
}

ferry_err
fy_sysv_commit(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);
	ferry_err err;

	assert(l->tx.lending);
	l->tx.lending = false;
	l->tx.waiting = true;
	fy_count(&link->counters->sent, 1);
	fy_count(&link->counters->sent_bytes, l->tx.tail);
	err = fy_sysv_flush(link, why);
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

/* ---- to wait for room ---- */

FY_COLD static ferry_err
fail_late(struct ferry_error *why)
{
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "the deadline passed before the peer had room");
}

/* Until there is ROOM, or the helper says so. FERRY_OK: try again. */
static ferry_err
wait_direct(struct fy_sysv_link *l, struct ferry_deadline until,
	    struct ferry_error *why)
{
	long head;
	ssize_t n;

	if (!ask_for_room(l))
		return FERRY_OK;
	fy_sysv_wait_begin(&l->tx_wait, until);
	fy_service_until(&l->tx_item, until);
	n = fy_os_msgrcv(l->in.id, &head, 0, FY_SYSV_ROOM, MSG_NOERROR);
	fy_sysv_wait_end(&l->tx_wait);
	if (n < 0)
		return fail_lost(l, why);
	if (atomic_load(&l->n_wakes) == 0)
		atomic_store(&l->tx.asked, false);
	else
		atomic_fetch_sub(&l->n_wakes, 1);
	if (!atomic_load(&l->dead) && fy_deadline_passed(until))
		return fail_late(why);
	return FERRY_OK;
}

static ferry_err
wait_polling(struct fy_sysv_link *l, struct ferry_deadline until,
	     struct ferry_error *why)
{
	struct pollfd gate = { atomic_load(&l->gate), POLLOUT, 0 };
	int n = fy_os_poll(&gate, 1, until);

	if (n < 0)
		return fy_fail_errno(why, "wait for room");
	return n > 0 ? FERRY_OK : fail_late(why);
}

ferry_err
fy_sysv_flush_until(struct ferry_link *link, struct ferry_deadline until,
		    struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);
	ferry_err err = fy_sysv_flush(link, why);

	while (err == FERRY_EAGAIN) {
		if (fy_sysv_is_polled(l))
			err = wait_polling(l, until, why);
		else if (until.ns == FERRY_NEVER.ns)
			return push(l, 0, why);
		else
			err = wait_direct(l, until, why);
		if (!err)
			err = fy_sysv_flush(link, why);
	}
	return err;
}

ferry_err
fy_sysv_finish(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);

	l->tx.finished = fy_sysv_tell(l, FY_SYSV_END);
	if (l->tx.finished)
		return FERRY_OK;
	/* That passes: it may be tried again. */
	if (errno == ENOMEM)
		return fy_fail_errno(why, "tell the peer the end");
	return fail_lost(l, why);
}
