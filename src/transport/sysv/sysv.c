/* SPDX-License-Identifier: MIT */
/*
 * sysv:KEY: System V message queues: one to meet at, and a pair for each
 * client. KEY is a number, 7 or 0x7; ftok(3) makes one of a path.
 */
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/time.h"
#include "transport/access.h"
#include "transport/body.h"
#include "transport/ops.h"
#include "transport/sysv/meet.h"
#include "transport/sysv/pump.h"

/* Clients between two sweeps, at least. */
#define SWEEP_LEAST 16
/* What one sweep removes at most: nobody waits for long, however much there is.
 */
#define SWEEP_FIRST 256
#define SWEEP_MOST  16
/* Messages that wake who waits for clients, at once at most. */
#define WAKES_MOST 64

/**
 * struct sysv_port - where clients come to
 * @meeting: the queue
 * @wait:    in accept_until
 * @item:    wakes who waits there
 * @again_item: sees whether it was heard
 * @pump:    once a descriptor was asked for
 * @n_till_sweep: clients to admit before the next sweep: what the killed leave
 *           while this listener lives is never much more than what is in use
 */
struct sysv_port {
	struct ferry_port port;
	struct ferry_addr addr;
	pid_t self;
	struct fy_sysv_queue meeting;
	struct fy_sysv_wait wait;
	struct fy_service_item item;
	struct fy_service_item again_item;
	struct fy_sysv_pump *pump;
	atomic_size_t n_till_sweep;
};

/* What may be in a meeting queue, cut where it is longer. */
union arrival {
	struct fy_sysv_hello_msg hello;
	uint8_t bytes[FY_SYSV_HEAD + FY_SYSV_PUMP_BYTES];
};

_Static_assert(sizeof(struct fy_sysv_hello) < FY_SYSV_PUMP_BYTES,
	       "what was cut is never of the right length");

static struct sysv_port *
port_of(const struct ferry_port *port)
{
	return FY_CONTAINER(port, struct sysv_port, port);
}

static ferry_err
read_key(const struct ferry_addr *addr, key_t *out, struct ferry_error *why)
{
	const char *text = addr->body;
	int base = strncmp(text, "0x", 2) == 0 ? 16 : 10;
	char *end = NULL;
	unsigned long key = 0;

	if (text[0] >= '0' && text[0] <= '9')
		key = strtoul(text, &end, base);
	if (key == 0 || key > UINT32_MAX || *end)
		return fy_fail(
			why, FERRY_EADDR,
			"\"sysv:%.40s\": a key must follow, a number from "
			"1 to 0xffffffff; ftok(3) makes one of a path",
			text);
	*out = (key_t)key;
	return FERRY_OK;
}

static ferry_err
sysv_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	struct fy_sysv_link *l;
	key_t key = 0;
	ferry_err err = fy_body_options(addr, why);

	if (!err)
		err = read_key(addr, &key, why);
	if (err)
		return err;
	l = fy_sysv_link_new(config, &fy_transport_sysv);
	if (!l)
		return fy_fail_memory(why, sizeof(*l));
	l->link.unguarded = true;
	err = fy_sysv_meet(l, key, until, why);
	if (err)
		fy_sysv_close(&l->link);
	else
		*out = &l->link;
	return err;
}

/* ---- listening ---- */

/*
 * Where that fails memory is short, or the queue is so full that nobody waits
 * at it for long: it is tried again as well.
 */
static void
wake(struct sysv_port *p, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		(void)fy_sysv_post(p->meeting.id, FY_SYSV_WAKE);
	fy_service_until(&p->again_item, ferry_in_ms(FY_SYSV_AGAIN_MS));
}

static void
run_late(struct fy_service_item *item, enum fy_service_reason reason)
{
	(void)reason;
	wake(FY_CONTAINER(item, struct sysv_port, item), 1);
}

/*
 * A guest who takes wake-ups does not end the listener, which is there for
 * others: each time there is one more, until they are more than he can take.
 */
static void
run_again(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct sysv_port *p = FY_CONTAINER(item, struct sysv_port, again_item);
	unsigned int n = 1;

	(void)reason;
	if (!fy_sysv_wait_is_over(&p->wait, false))
		return;
	if (fy_sysv_wait_missed(&p->wait, p->meeting.id, FY_SYSV_WAKE))
		n = p->wait.n_stolen;
	wake(p, n < WAKES_MOST ? n : WAKES_MOST);
}

FY_COLD static ferry_err
fail_in_use(key_t key, struct ferry_error *why)
{
	errno = EADDRINUSE;
	return fy_fail_errno_as(why, FERRY_ESYS,
				"listen at sysv:0x%x: a queue has this key; if "
				"nobody needs it, ipcrm -Q 0x%x",
				(unsigned int)key, (unsigned int)key);
}

FY_COLD static ferry_err
fail_noted(key_t key, struct ferry_error *why)
{
	struct fy_life life = { .pid = 0 };

	(void)fy_sysv_noted(key, &life);
	errno = EADDRINUSE;
	return fy_fail_errno_as(why, FERRY_ESYS,
				"listen at sysv:0x%x: process %d, which lives, "
				"does or is about to; it may be in another IPC "
				"namespace", (unsigned int)key, (int)life.pid);
}

/* How many clients to admit before the next sweep. */
static size_t
sweep(size_t most)
{
	size_t n = fy_sysv_sweep(most);

	return n ? n + SWEEP_LEAST : 1;
}

/*
 * The queue at @key. What a dead listener of this user left there is removed
 * before; a note is made only where no stranger's queue is.
 */
static ferry_err
make_meeting(struct sysv_port *p, key_t key, struct ferry_error *why)
{
	struct fy_life self;
	ferry_err err;
	int id;

	fy_sysv_clear(key);
	p->n_till_sweep = sweep(SWEEP_FIRST);
	if (fy_os_msgget(key, 0) >= 0 || errno != ENOENT)
		return fail_in_use(key, why);
	err = fy_life_self(&self, why);
	if (!err)
		err = fy_sysv_note(key, &self, why);
	if (err)
		return err == FERRY_EAGAIN ? fail_noted(key, why) : err;
	id = fy_os_msgget(key, IPC_CREAT | IPC_EXCL | 0600);
	if (id < 0) {
		err = errno == EEXIST ? fail_in_use(key, why)
				      : fy_sysv_fail_make(why);
		fy_sysv_unnote(key);
		return err;
	}
	p->meeting = (struct fy_sysv_queue){ id, key };
	return FERRY_OK;
}

/* Who may come, at last: clients must find who it is that received before. */
static ferry_err
open_meeting(const struct sysv_port *p, const struct fy_access *access,
	     struct ferry_error *why)
{
	struct msqid_ds ds;

	if (fy_sysv_sign(p->meeting.id) &&
	    fy_os_msgctl(p->meeting.id, IPC_STAT, &ds) == 0) {
		ds.msg_perm.mode = (unsigned short)access->mode;
		if (access->has_gid)
			ds.msg_perm.gid = access->gid;
		if (fy_os_msgctl(p->meeting.id, IPC_SET, &ds) == 0)
			return FERRY_OK;
	}
	return fy_fail_errno(why, "open the message queue sysv:0x%x to others",
			     (unsigned int)p->meeting.key);
}

/*
 * Who waits to be accepted learns that nobody will: first those in the queue,
 * then those that the thread has taken from it.
 */
static void
leave(struct sysv_port *p)
{
	union arrival got;
	ptrdiff_t n;

	/* First: it is to be woken even from a queue that does not go. */
	if (p->pump)
		fy_sysv_pump_end(p->pump);
	(void)fy_sysv_shut(p->meeting.id);
	while ((n = fy_os_msgrcv(p->meeting.id, &got, FY_SYSV_PUMP_BYTES,
				 FY_SYSV_HELLO, IPC_NOWAIT | MSG_NOERROR)) >= 0)
		fy_sysv_refuse(&got.hello, (size_t)n);
	fy_sysv_remove(&p->meeting);
	if (!p->pump)
		return;
	fy_sysv_pump_join(p->pump);
	while ((n = fy_sysv_pump_take(p->pump, &got)) >= 0)
		fy_sysv_refuse(&got.hello, (size_t)n);
}

static void
sysv_unlisten(struct ferry_port *port)
{
	struct sysv_port *p;

	if (!port)
		return;
	p = port_of(port);
	fy_service_cancel(&p->item);
	fy_service_cancel(&p->again_item);
	if (p->self == fy_os_getpid() && p->meeting.id >= 0)
		leave(p);
	if (p->pump)
		fy_sysv_pump_close(p->pump);
	fy_free(port->config.hooks, p);
}

static ferry_err
start(struct sysv_port *p, key_t key, const struct fy_access *access,
      struct ferry_error *why)
{
	ferry_err err = make_meeting(p, key, why);

	if (!err)
		err = open_meeting(p, access, why);
	if (err)
		return err;
	p->item.run = run_late;
	p->again_item.run = run_again;
	p->item.fd = p->again_item.fd = -1;
	p->item.until = p->again_item.until = FERRY_NEVER;
	/* The first needs the other. */
	err = fy_service_add(&p->again_item, why);
	return err ? err : fy_service_add(&p->item, why);
}

static ferry_err
sysv_listen(const struct ferry_link_config *config,
	    const struct ferry_addr *addr, struct ferry_port **out,
	    struct ferry_error *why)
{
	static const char *const keys[] = { FY_ACCESS_OPTIONS, NULL };
	struct fy_access access;
	struct sysv_port *p;
	key_t key = 0;
	ferry_err err = fy_body_options_but(addr, keys, why);

	if (!err)
		err = fy_access_read(addr, 0600, &access, why);
	if (!err)
		err = read_key(addr, &key, why);
	if (err)
		return err;
	p = fy_zalloc(config->hooks, sizeof(*p));
	if (!p)
		return fy_fail_memory(why, sizeof(*p));
	p->port.ops = &fy_transport_sysv;
	p->port.config = *config;
	p->port.counters = &p->port.own;
	p->addr = *addr;
	p->addr.n_options = 0;
	p->self = fy_os_getpid();
	p->meeting.id = -1;
	err = start(p, key, &access, why);
	if (err)
		sysv_unlisten(&p->port);
	else
		*out = &p->port;
	return err;
}

/* ---- accepting ---- */

/* FERRY_EAGAIN: nothing is there. @flags: IPC_NOWAIT or 0 */
static ferry_err
next_arrival(struct sysv_port *p, union arrival *out, size_t *bytes, int flags,
	     struct ferry_error *why)
{
	ptrdiff_t n;

	if (p->pump)
		n = fy_sysv_pump_take(p->pump, out);
	else
		n = fy_os_msgrcv(p->meeting.id, out, FY_SYSV_PUMP_BYTES, 0,
				 flags | MSG_NOERROR);
	if (n >= 0) {
		/* Clients find the listener as who received last. */
		if (!flags && !p->pump)
			(void)fy_sysv_sign(p->meeting.id);
		*bytes = (size_t)n;
		return FERRY_OK;
	}
	if (errno == ENOMSG)
		return FERRY_EAGAIN;
	return fy_fail_errno(why, "receive from sysv:%s", p->addr.body);
}

/* Its cost is spread over as many clients as there are notes. */
static void
sweep_at_times(struct sysv_port *p)
{
	if (atomic_fetch_sub(&p->n_till_sweep, 1) == 1)
		atomic_store(&p->n_till_sweep, sweep(SWEEP_MOST));
}

/* FERRY_LATER: it was not one that a link can be made of. */
static ferry_err
admit(struct sysv_port *p, const union arrival *got, size_t bytes,
      struct ferry_link **out, struct ferry_error *why)
{
	struct fy_sysv_link *l =
		fy_sysv_link_new(&p->port.config, &fy_transport_sysv);
	ferry_err err;

	if (!l) {
		fy_sysv_refuse(&got->hello, bytes);
		return fy_fail_memory(why, sizeof(*l));
	}
	err = fy_sysv_welcome(l, &got->hello, bytes, why);
	if (!err) {
		sweep_at_times(p);
		*out = &l->link;
		return FERRY_OK;
	}
	fy_sysv_close(&l->link);
	if (err == FERRY_LATER)
		fy_count_any(&p->port.counters->failed, 1);
	return err;
}

static ferry_err
sysv_accept(struct ferry_port *port, struct ferry_link **out,
	    struct ferry_error *why)
{
	struct sysv_port *p = port_of(port);
	union arrival got;
	size_t bytes = 0;
	ferry_err err = next_arrival(p, &got, &bytes, IPC_NOWAIT, why);

	if (err)
		return err;
	if (got.hello.type == FY_SYSV_WAKE)
		return FERRY_LATER;
	return admit(p, &got, bytes, out, why);
}

FY_COLD static ferry_err
fail_late(struct ferry_error *why)
{
	return fy_fail(why, FERRY_ETIMEDOUT, "nobody came before the deadline");
}

/* One arrival that is worth a look. */
static ferry_err
await_arrival(struct sysv_port *p, union arrival *out, size_t *bytes,
	      struct ferry_deadline until, struct ferry_error *why)
{
	struct pollfd bell = { .events = POLLIN };
	ferry_err err;

	for (;;) {
		if (!p->pump) {
			fy_sysv_wait_begin(&p->wait, until);
			fy_service_until(&p->item, until);
		}
		err = next_arrival(p, out, bytes, 0, why);
		fy_sysv_wait_end(&p->wait);
		if (!err && out->hello.type != FY_SYSV_WAKE)
			return FERRY_OK;
		if (err && err != FERRY_EAGAIN)
			return err;
		if (p->pump) {
			bell.fd = fy_sysv_pump_fd(p->pump);
			(void)fy_os_poll(&bell, 1, until);
		}
		if (fy_deadline_passed(until))
			return fail_late(why);
	}
}

static ferry_err
sysv_accept_until(struct ferry_port *port, struct ferry_link **out,
		  struct ferry_deadline until, struct ferry_error *why)
{
	struct sysv_port *p = port_of(port);
	union arrival got;
	size_t bytes = 0;
	ferry_err err;

	do {
		err = await_arrival(p, &got, &bytes, until, why);
		if (!err)
			err = admit(p, &got, bytes, out, why);
	} while (err == FERRY_LATER);
	return err;
}

/* On the thread of the pump, while the port may be closing. */
static bool
control(int queue, long type)
{
	(void)fy_sysv_sign(queue);
	return type == FY_SYSV_WAKE;
}

static ferry_err
sysv_port_pollable(struct ferry_port *port, struct ferry_error *why)
{
	struct sysv_port *p = port_of(port);
	const struct fy_sysv_pump_config config = {
		.hooks = port->config.hooks,
		.queue = p->meeting.id,
		.control = control,
	};

	return p->pump ? FERRY_OK : fy_sysv_pump_open(&config, &p->pump, why);
}

static int
sysv_port_fd(const struct ferry_port *port)
{
	const struct sysv_port *p = port_of(port);

	return p->pump ? fy_sysv_pump_fd(p->pump) : -1;
}

static void
sysv_port_addr(const struct ferry_port *port, struct ferry_addr *out)
{
	*out = port_of(port)->addr;
}

const struct ferry_transport_ops fy_transport_sysv = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_LOCAL |
		FERRY_CAP_IDS | FERRY_CAP_GID | FERRY_CAP_PID |
		FERRY_CAP_WATCH,
	.scheme = "sysv",
	.dial = sysv_dial,
	.listen = sysv_listen,
	.accept = sysv_accept,
	.accept_until = sysv_accept_until,
	.port_pollable = sysv_port_pollable,
	.port_fd = sysv_port_fd,
	.port_addr = sysv_port_addr,
	.unlisten = sysv_unlisten,
	FY_SYSV_LINK_OPS,
};
