/* SPDX-License-Identifier: MIT */
/* The life of a link: what wakes it, what it polls, how it ends. */
#include "transport/sysv/link.h"

#include <poll.h>
#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"

static struct fy_sysv_link *
link_of(const struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_sysv_link, link);
}

void
fy_sysv_count_end(struct fy_sysv_link *l, uint64_t *counter)
{
	if (!atomic_exchange(&l->counted, true))
		__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

/* ---- the helper ---- */

void
fy_sysv_wake(struct fy_sysv_link *l, enum fy_sysv_type type)
{
	long head;

	if (fy_sysv_post(l->in.id, type))
		return;
	/* As many as a queue takes at all may be what nobody waited for. */
	while (fy_os_msgrcv(l->in.id, &head, 0, FY_SYSV_ROOM, IPC_NOWAIT) == 0)
		continue;
	/* The peer has spoilt the queue: that is the end, but no hold-up. */
	if (!fy_sysv_post(l->in.id, type))
		(void)fy_os_msgctl(l->in.id, IPC_RMID, NULL);
}

static void
wake_sender(struct fy_sysv_link *l)
{
	atomic_fetch_add(&l->n_wakes, 1);
	fy_sysv_wake(l, FY_SYSV_ROOM);
}

static void
run_rx(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct fy_sysv_link *l =
		FY_CONTAINER(item, struct fy_sysv_link, rx_item);

	if (reason == FY_SERVICE_LATE) {
		fy_sysv_wake(l, FY_SYSV_WAKE);
		return;
	}
	atomic_store(&l->dead, true);
	/* Nobody receives from it any more; this frees who sends. */
	(void)fy_os_msgctl(l->out.id, IPC_RMID, NULL);
	fy_sysv_wake(l, FY_SYSV_DEAD);
	wake_sender(l);
	fy_sysv_open_gate(l);
}

static void
run_tx(struct fy_service_item *item, enum fy_service_reason reason)
{
	(void)reason;
	wake_sender(FY_CONTAINER(item, struct fy_sysv_link, tx_item));
}

/* ---- to begin ---- */

struct fy_sysv_link *
fy_sysv_link_new(const struct ferry_link_config *config,
		 const struct ferry_transport_ops *ops)
{
	struct fy_sysv_link *l = fy_zalloc(config->hooks, sizeof(*l));

	if (!l)
		return NULL;
	l->link.ops = ops;
	l->link.config = *config;
	l->link.counters = &l->link.own;
	l->self = fy_os_getpid();
	l->in.id = -1;
	l->out.id = -1;
	l->pidfd = -1;
	l->rx.type = FY_SYSV_ROOM;
	l->rx.flags = MSG_EXCEPT;
	l->part = fy_sysv_part();
	atomic_store(&l->gate, -1);
	return l;
}

ferry_err
fy_sysv_link_watch(struct fy_sysv_link *l, struct ferry_error *why)
{
	ferry_err err;

	fy_service_cancel(&l->rx_item);
	l->rx_item.run = run_rx;
	l->rx_item.fd = l->pidfd;
	l->rx_item.until = FERRY_NEVER;
	err = fy_service_add(&l->rx_item, why);
	if (err || l->tx_item.generation)
		return err;
	l->tx_item.run = run_tx;
	l->tx_item.fd = -1;
	l->tx_item.until = FERRY_NEVER;
	return fy_service_add(&l->tx_item, why);
}

/* ---- a descriptor ---- */

void
fy_sysv_open_gate(struct fy_sysv_link *l)
{
	int gate = atomic_load(&l->gate);
	uint64_t count;

	if (gate >= 0)
		(void)!fy_os_read(gate, &count, sizeof(count));
}

/*
 * On the thread of the pump: ROOM is the sender's. How who polls waits for it,
 * from the sender's view:
 *
 *	open     the gate is; nothing is asked. A flush that finds no room shuts
 *	         the gate, then asks with WANT
 *	asked    shut, until ROOM: not asked first, then open. A flush between
 *	         the two asks once more, and finds the gate open too early: it
 *	         tries again
 *
 * WANT always fits behind the data, the peer answers as it takes it, and the
 * pump receives ROOM whether or not this end takes what stands before it.
 */
static bool
control(void *ctx, long type)
{
	struct fy_sysv_link *l = ctx;

	if (type != FY_SYSV_ROOM)
		return false;
	atomic_store(&l->tx.asked, false);
	fy_sysv_open_gate(l);
	return true;
}

ferry_err
fy_sysv_pollable(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);
	const struct fy_sysv_pump_config config = {
		.hooks = link->config.hooks,
		.queue = l->in.id,
		.urgent = FY_SYSV_ROOM,
		.control = control,
		.ctx = l,
	};

	if (l->pump)
		return FERRY_OK;
	if (atomic_load(&l->gate) < 0)
		atomic_store(&l->gate, fy_os_eventfd(0, EFD_NONBLOCK));
	if (atomic_load(&l->gate) < 0)
		return fy_fail_errno(why, "make an eventfd");
	return fy_sysv_pump_open(&config, &l->pump, why);
}

void
fy_sysv_events(const struct ferry_link *link, struct ferry_events *out)
{
	const struct fy_sysv_link *l = link_of(link);

	*out = (struct ferry_events){ .n = 0 };
	if (!l->pump)
		return;
	out->fd[0] = fy_sysv_pump_fd(l->pump);
	out->events[0] = POLLIN;
	out->n = 1;
	if (fy_sysv_unsent(link) == 0)
		return;
	out->fd[1] = atomic_load(&l->gate);
	out->events[1] = POLLOUT;
	out->n = 2;
}

void
fy_sysv_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	*out = link_of(link)->peer;
}

/* ---- to end ---- */

/* The queues, in the process that the link belongs to. */
static void
leave(struct fy_sysv_link *l)
{
	fy_service_cancel(&l->rx_item);
	fy_service_cancel(&l->tx_item);
	fy_sysv_remove(&l->in);
	if (l->out.id < 0)
		return;
	if (atomic_load(&l->dead)) {
		/* The helper has, unless it saw the end before the queue. */
		fy_sysv_remove(&l->out);
		return;
	}
	if (!l->tx.finished)
		(void)fy_sysv_post(l->out.id, FY_SYSV_END);
	/* A peer that waits to send has to look again. */
	(void)fy_sysv_post(l->out.id, FY_SYSV_ROOM);
}

void
fy_sysv_close(struct ferry_link *link)
{
	struct fy_sysv_link *l;
	const struct ferry_hooks *hooks;
	bool ours;
	int gate;

	if (!link)
		return;
	l = link_of(link);
	hooks = link->config.hooks;
	ours = l->self == fy_os_getpid();
	if (ours)
		leave(l);
	fy_sysv_pump_close(l->pump, ours);
	gate = atomic_load(&l->gate);
	fy_fd_close(&gate);
	fy_fd_close(&l->pidfd);
	fy_free(hooks, l->tx.buf);
	fy_free(hooks, l->rx.buf);
	fy_free(hooks, l);
}
