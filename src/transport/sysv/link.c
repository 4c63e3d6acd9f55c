/* SPDX-License-Identifier: MIT */
/* The life of a link: what wakes it, what it polls, how it ends. */
#include "transport/sysv/link.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"

/* Wake-ups that are taken by another before that is the end. */
#define STOLEN_MOST 20
/* How often the end is told while there is no memory for it; between two. */
#define LEAVE_TRIES 20
#define LEAVE_MS    1

/* What is due is done after this time; a look must not come too early. */
_Static_assert(FY_SYSV_AGAIN_MS * 1000000 > FY_SYSV_LOOK_NS,
	       "the peer has looked by then");

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

FY_COLD ferry_err
fy_sysv_fail_robbed(struct fy_sysv_link *l, struct ferry_error *why)
{
	fy_sysv_count_end(l, &l->link.counters->broken);
	return fy_fail(why, FERRY_EPROTO,
		       "the peer takes what is not his from the queue of this "
		       "end");
}

/* ---- the bell of the peer ---- */

/* What is due already is not put off, unless by a look, which comes once. */
static void
owe(struct fy_sysv_link *l, unsigned int due)
{
	if (atomic_fetch_or(&l->due, due) == 0 || due == FY_SYSV_DUE_LOOK)
		fy_service_until(&l->due_item, ferry_in_ms(FY_SYSV_AGAIN_MS));
}

void
fy_sysv_ring(struct fy_sysv_link *l)
{
	/* The full barrier is for what hear() says. */
	int bell = atomic_fetch_or(&l->peer_bell, 0);

	if (FY_LIKELY(bell < 0))
		return;
	if (!fy_sysv_post(bell, (long)l->out.id + 1) && errno == ENOMEM)
		owe(l, FY_SYSV_DUE_RING);
}

/* Nobody has this process ring in a queue that is not the peer's own. */
void
fy_sysv_hear(struct fy_sysv_link *l, long type)
{
	int id = fy_os_msgget((key_t)type, 0);
	struct msqid_ds ds;

	if (id < 0 || fy_os_msgctl(id, IPC_STAT, &ds) < 0 ||
	    ds.msg_perm.cuid != l->peer.uid)
		return;
	atomic_store(&l->peer_bell, id);
	/* A thread that sends just now may not have seen that. */
	fy_sysv_ring(l);
}

void
fy_sysv_look(struct fy_sysv_link *l)
{
	long type;

	if (fy_os_msgrcv(l->in.id, &type, 0, 1 - FY_SYSV_DATA,
			 IPC_NOWAIT | MSG_NOERROR) == 0)
		fy_sysv_hear(l, type);
}

bool
fy_sysv_tell(struct fy_sysv_link *l, enum fy_sysv_type type)
{
	if (!fy_sysv_post(l->out.id, type))
		return false;
	fy_sysv_look(l);
	fy_sysv_ring(l);
	return true;
}

/* ---- the helper ---- */

static unsigned int
due_of(enum fy_sysv_type type)
{
	return type == FY_SYSV_WAKE   ? FY_SYSV_DUE_WAKE
	       : type == FY_SYSV_DEAD ? FY_SYSV_DUE_WAKE_DEAD
				      : FY_SYSV_DUE_WAKE_SENDER;
}

/*
 * @type into the own queue, now or as soon as there is memory for it; then it
 * is seen whether it was heard.
 */
static bool
put_own(struct fy_sysv_link *l, enum fy_sysv_type type)
{
	if (fy_sysv_post(l->in.id, type)) {
		owe(l, type == FY_SYSV_ROOM ? FY_SYSV_DUE_SEE_SENDER
					    : FY_SYSV_DUE_SEE);
		return true;
	}
	if (errno != ENOMEM)
		return false;
	owe(l, due_of(type));
	return true;
}

/*
 * As many of ROOM as a queue takes at all may be what nobody waited for. Where
 * a peer has made it impossible to wake, the queue is removed, which wakes as
 * well: that is the end, but no hold-up.
 */
static void
wake(struct fy_sysv_link *l, enum fy_sysv_type type)
{
	long head;

	if (put_own(l, type))
		return;
	while (fy_os_msgrcv(l->in.id, &head, 0, FY_SYSV_ROOM, IPC_NOWAIT) == 0)
		continue;
	if (!put_own(l, type))
		(void)fy_os_msgctl(l->in.id, IPC_RMID, NULL);
}

static void
wake_sender(struct fy_sysv_link *l)
{
	atomic_fetch_add(&l->n_wakes, 1);
	wake(l, FY_SYSV_ROOM);
}

/*
 * Some time after @type was put into the own queue. A link whose peer takes
 * that again and again ends: no wait may last for ever.
 */
static void
see(struct fy_sysv_link *l, struct fy_sysv_wait *wait, enum fy_sysv_type type)
{
	bool dead = atomic_load(&l->dead);

	if (!fy_sysv_wait_is_over(wait, dead))
		return;
	if (!fy_sysv_wait_missed(wait, l->in.id, type)) {
		wake(l, type);
	} else if (wait->n_stolen > STOLEN_MOST) {
		atomic_store(&l->robbed, true);
		(void)fy_os_msgctl(l->in.id, IPC_RMID, NULL);
	} else if (type == FY_SYSV_ROOM) {
		wake_sender(l);
	} else {
		wake(l, type);
	}
}

static void
run_rx(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct fy_sysv_link *l =
		FY_CONTAINER(item, struct fy_sysv_link, rx_item);

	if (reason == FY_SERVICE_LATE) {
		wake(l, FY_SYSV_WAKE);
		return;
	}
	atomic_store(&l->dead, true);
	/* Nobody receives from it any more; this frees who sends. */
	(void)fy_os_msgctl(l->out.id, IPC_RMID, NULL);
	wake(l, FY_SYSV_DEAD);
	wake_sender(l);
	if (!fy_sysv_is_polled(l))
		return;
	fy_sysv_open_gate(l);
	fy_sysv_bell_ring(&l->bell);
}

static void
run_tx(struct fy_service_item *item, enum fy_service_reason reason)
{
	(void)reason;
	wake_sender(FY_CONTAINER(item, struct fy_sysv_link, tx_item));
}

/* Tells the peer of the bell. One that has closed needs not to know. */
static void
tell_key(struct fy_sysv_link *l)
{
	if (!fy_sysv_post(l->out.id, l->bell_key) && errno == ENOMEM)
		owe(l, FY_SYSV_DUE_KEY);
}

static void
do_wakes(struct fy_sysv_link *l, unsigned int due)
{
	if (due & FY_SYSV_DUE_WAKE)
		wake(l, FY_SYSV_WAKE);
	if (due & FY_SYSV_DUE_WAKE_DEAD)
		wake(l, FY_SYSV_DEAD);
	if (due & FY_SYSV_DUE_WAKE_SENDER)
		wake(l, FY_SYSV_ROOM);
	if (due & FY_SYSV_DUE_SEE)
		see(l, &l->rx_wait,
		    atomic_load(&l->dead) ? FY_SYSV_DEAD : FY_SYSV_WAKE);
	if (due & FY_SYSV_DUE_SEE_SENDER)
		see(l, &l->tx_wait, FY_SYSV_ROOM);
}

static void
run_due(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct fy_sysv_link *l =
		FY_CONTAINER(item, struct fy_sysv_link, due_item);
	unsigned int due = atomic_exchange(&l->due, 0);

	(void)reason;
	if (due & FY_SYSV_DUE_KEY)
		tell_key(l);
	if (due & FY_SYSV_DUE_RING)
		fy_sysv_ring(l);
	do_wakes(l, due);
	if (!fy_sysv_is_polled(l) ||
	    !(due & (FY_SYSV_DUE_KEY | FY_SYSV_DUE_LOOK)))
		return;
	/* It was told of late, or now. */
	if (due & FY_SYSV_DUE_KEY)
		owe(l, FY_SYSV_DUE_LOOK);
	fy_sysv_bell_ring(&l->bell);
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
	atomic_store(&l->peer_bell, -1);
	return l;
}

static ferry_err
add(struct fy_service_item *item,
    void (*run)(struct fy_service_item *item, enum fy_service_reason reason),
    int fd, struct ferry_error *why)
{
	item->run = run;
	item->fd = fd;
	item->until = FERRY_NEVER;
	return fy_service_add(item, why);
}

ferry_err
fy_sysv_link_watch(struct fy_sysv_link *l, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	fy_service_cancel(&l->rx_item);
	/* The first may run as soon as it is there, and need the others. */
	if (!l->due_item.generation)
		err = add(&l->due_item, run_due, -1, why);
	if (!err && !l->tx_item.generation)
		err = add(&l->tx_item, run_tx, -1, why);
	return err ? err : add(&l->rx_item, run_rx, l->pidfd, why);
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
 * By the bell: ROOM is the sender's. How who polls waits for it, from the
 * sender's view:
 *
 *	open     the gate is; nothing is asked. A flush that finds no room shuts
 *	         the gate, then asks with WANT
 *	asked    shut, until ROOM: not asked first, then open. A flush between
 *	         the two asks once more, and finds the gate open too early: it
 *	         tries again
 *
 * WANT always fits behind the data, the peer answers as it takes it, and ROOM
 * is found whether or not this end takes what stands before it.
 */
static void
heard(struct fy_sysv_bell *bell)
{
	struct fy_sysv_link *l = FY_CONTAINER(bell, struct fy_sysv_link, bell);
	long head;

	if (!atomic_load(&l->tx.polls) ||
	    fy_os_msgrcv(l->in.id, &head, 0, FY_SYSV_ROOM,
			 IPC_NOWAIT | MSG_NOERROR) < 0)
		return;
	atomic_store(&l->tx.polls, false);
	atomic_store(&l->tx.asked, false);
	fy_sysv_open_gate(l);
}

/*
 * What was sent before the peer is told is looked for at once, and what it has
 * sent since without a look in time.
 */
static void
begin_to_poll(struct fy_sysv_link *l, int gate)
{
	atomic_store(&l->gate, gate);
	tell_key(l);
	fy_sysv_bell_ring(&l->bell);
	owe(l, FY_SYSV_DUE_LOOK);
}

ferry_err
fy_sysv_pollable(struct ferry_link *link, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int gate = -1;
	struct fy_sysv_link *l = link_of(link);
	ferry_err err;

	if (fy_sysv_is_polled(l))
		return FERRY_OK;
	gate = fy_os_eventfd(0, EFD_NONBLOCK);
	if (gate < 0)
		return fy_fail_errno(why, "make an eventfd");
	l->bell.queue = l->in.id;
	l->bell.uid = l->peer.uid;
	l->bell.heard = heard;
	err = fy_sysv_bell_open(&l->bell, &l->bell_key, why);
	if (!err)
		begin_to_poll(l, fy_fd_take(&gate));
	return err;
}

void
fy_sysv_events(const struct ferry_link *link, struct ferry_events *out)
{
	const struct fy_sysv_link *l = link_of(link);

	*out = (struct ferry_events){ .n = 0 };
	if (!fy_sysv_is_polled(l))
		return;
	out->fd[0] = l->bell.fd;
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

/*
 * The peer may begin to poll at any time. It finds an END that is there before
 * it says so; what it has said is seen here, because it says nothing any more
 * to a queue that takes nothing.
 */
static void
remove_own(struct fy_sysv_link *l)
{
	if (l->in.id >= 0) {
		(void)fy_sysv_shut(l->in.id);
		fy_sysv_look(l);
	}
	fy_sysv_bell_close(&l->bell, true);
	fy_sysv_remove(&l->in);
}

/*
 * To a queue of the peer's. Return: whether it is there, or cannot be for
 * another reason than want of memory.
 */
static bool
post_at_last(int id, long type)
{
	for (int i = 0; i < LEAVE_TRIES; i++) {
		if (fy_sysv_post(id, type) || errno != ENOMEM)
			return true;
		(void)fy_os_poll(NULL, 0, ferry_in_ms(LEAVE_MS));
	}
	return false;
}

/*
 * What nobody else would tell the peer while this process lives: where there is
 * no memory for so long its queue is removed, with all that is in it.
 */
static void
tell_at_last(struct fy_sysv_link *l, enum fy_sysv_type type)
{
	if (!post_at_last(l->out.id, type))
		(void)fy_os_msgctl(l->out.id, IPC_RMID, NULL);
}

/* The queues, in the process that the link belongs to. */
static void
leave(struct fy_sysv_link *l)
{
	bool dead = atomic_load(&l->dead);
	int bell;

	fy_service_cancel(&l->rx_item);
	fy_service_cancel(&l->tx_item);
	fy_service_cancel(&l->due_item);
	if (l->out.id >= 0 && !dead && !l->tx.finished)
		tell_at_last(l, FY_SYSV_END);
	remove_own(l);
	if (l->out.id < 0)
		return;
	if (dead) {
		/* The helper has, unless it saw the end before the queue. */
		fy_sysv_remove(&l->out);
		return;
	}
	/* A peer that waits to send has to look again. */
	tell_at_last(l, FY_SYSV_ROOM);
	bell = atomic_load(&l->peer_bell);
	if (bell >= 0)
		(void)post_at_last(bell, (long)l->out.id + 1);
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
	else
		fy_sysv_bell_close(&l->bell, false);
	gate = atomic_load(&l->gate);
	fy_fd_close(&gate);
	fy_fd_close(&l->pidfd);
	fy_free(hooks, l->tx.buf);
	fy_free(hooks, l->rx.buf);
	fy_free(hooks, l);
}
