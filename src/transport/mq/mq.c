/* SPDX-License-Identifier: MIT */
/*
 * mq:/NAME, mq:NAME: POSIX message queues. The listener has a queue /NAME,
 * where clients say hello; each brings a pair of queues of his own (mq/slot.h).
 * The listener opens them, finds out from the kernel whose they are and whether
 * the process of the hello is that user's, and answers in one with a welcome.
 * Then the client removes their names, and mq/link.h has the rest.
 *
 * The listener has the receiver's lock of /NAME for as long as it lives. A
 * queue without it is what a dead one left: the next takes it over, and finds
 * in it the clients that wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/access.h"
#include "transport/body.h"
#include "transport/life.h"
#include "transport/mq/link.h"
#include "transport/mq/queue.h"
#include "transport/mq/slot.h"
#include "transport/ops.h"

/* Who waits for a listener looks so often whether it is still there. */
#define LOOK_MS 100
/* So much that is no hello is thrown away before others are served. */
#define BAD_HELLOS 32
/* Others that want the name come and go so often while it is taken. */
#define LISTEN_TRIES 8

static const uint8_t hello_magic[8] = { 'F', 'Y', 'm', 'q',
					'h', 'e', '0', '1' };
static const uint8_t welcome_magic[8] = { 'F', 'Y', 'm', 'q',
					  'w', 'e', '0', '1' };

/*
 * What a client says. Both ends are on one machine: in its own byte order.
 * @ino_from, @ino_to: of his queues: those of the slot may by now be another's
 */
struct hello {
	uint8_t magic[8];
	uint32_t slot;
	uint32_t zero;
	uint64_t ino_from;
	uint64_t ino_to;
	struct fy_life life;
};

struct welcome {
	uint8_t magic[8];
	struct fy_life life;
};

static const struct fy_mq_shape meeting_shape = { 10, sizeof(struct hello) };

/**
 * struct mq_port - a listener
 * @q:     the meeting's queue, with the receiver's lock
 * @owner: the process that removes it
 * @keeps: @kept is a hello for which there was no room in @q
 */
struct mq_port {
	struct ferry_port port;
	struct fy_mq_name name;
	int q;
	pid_t owner;
	struct fy_life life;
	bool keeps;
	struct hello kept;
};

/* ---- common to both ---- */

static ferry_err
name_of(const struct ferry_addr *addr, struct fy_mq_name *out,
	struct ferry_error *why)
{
	const char *body = addr->body + (addr->body[0] == '/');
	size_t len = strlen(body);

	if (len == 0 || strcmp(body, ".") == 0 || strcmp(body, "..") == 0)
		return fy_fail(why, FERRY_EADDR,
			       "\"mq:%.80s\": a name must follow, as in "
			       "mq:/date", addr->body);
	if (strchr(body, '/'))
		return fy_fail(why, FERRY_EADDR,
			       "\"mq:%.80s\": the name of a message queue has "
			       "one slash, in front: mq_overview(7)",
			       addr->body);
	if (len > FY_MQ_NAME_MOST)
		return fy_fail(why, FERRY_EADDR,
			       "\"mq:%.80s...\": a name has at most %d bytes: "
			       "choose a shorter one",
			       addr->body, FY_MQ_NAME_MOST);
	out->text[0] = '/';
	memcpy(out->text + 1, body, len + 1);
	return FERRY_OK;
}

/* A queue's group is whichever its owner chose of those that he is in. */
static void
set_peer(struct ferry_peer *peer, const struct stat *st, int32_t pid)
{
	*peer = (struct ferry_peer){
		.has_ids = true,
		.has_pid = true,
		.uid = st->st_uid,
		.gid = FERRY_NO_GID,
		.pid = pid,
	};
	(void)snprintf(peer->text, sizeof(peer->text), "uid %u, pid %d",
		       peer->uid, pid);
}

/* ---- the client ---- */

/* @q: the meeting's queue, to send to; @at: of it */
struct dial {
	struct fy_mq_name name;
	int q;
	struct stat at;
	struct fy_mq_pair pair;
	struct fy_life server;
};

static ferry_err
find_meeting(struct dial *d, struct ferry_error *why)
{
	ferry_err err = fy_mq_open(&d->name, O_WRONLY | O_NONBLOCK, &d->q, why);

	if (err == FERRY_ECONNECT)
		return fy_fail(why, err, "nobody listens at mq:%.100s: start the "
			       "listener, or check the spelling",
			       d->name.text);
	if (err)
		return err;
	if (fy_os_fstat(d->q, &d->at) < 0)
		return fy_fail_errno(why, "look at the message queue %.100s",
				     d->name.text);
	if (!fy_mq_has_shape(d->q, meeting_shape))
		return fy_fail(why, FERRY_ECONNECT,
			       "the message queue %.100s is no listener's of "
			       "ferry: choose another name", d->name.text);
	if (!fy_mq_is_held(d->q, FY_MQ_RECEIVER))
		return fy_fail(why, FERRY_ECONNECT,
			       "nobody listens at mq:%.100s: the one who did "
			       "was killed, start another", d->name.text);
	return FERRY_OK;
}

static struct ferry_deadline
next_look(struct ferry_deadline until)
{
	struct ferry_deadline look = ferry_in_ms(LOOK_MS);

	return until.ns < look.ns ? until : look;
}

/*
 * Until @fd is ready for @events, or it is time to look for the listener; who
 * asks tries again.
 */
static ferry_err
wait_at(const struct dial *d, int fd, short events, struct ferry_deadline until,
	struct ferry_error *why)
{
	struct pollfd wanted = { .fd = fd, .events = events };
	int n = 0;

	if (!fy_deadline_passed(until)) {
		n = fy_os_poll(&wanted, 1, next_look(until));
		if (n < 0)
			return fy_fail_errno(why, "wait for mq:%.100s",
					     d->name.text);
		if (n > 0 || !fy_deadline_passed(until))
			return FERRY_OK;
	}
	return fy_fail(why,
		       until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
						: FERRY_ETIMEDOUT,
		       "mq:%.80s did not accept the connection before the "
		       "deadline: does its listener run?", d->name.text);
}

FY_COLD static ferry_err
fail_left(const struct dial *d, struct ferry_error *why)
{
	return fy_fail(why, FERRY_ECONNECT,
		       "cannot connect to mq:%.80s: its listener ended before "
		       "it accepted", d->name.text);
}

static ferry_err
fill_hello(const struct dial *d, struct hello *out, struct ferry_error *why)
{
	struct stat from, to;

	*out = (struct hello){ .slot = d->pair.slot };
	memcpy(out->magic, hello_magic, sizeof(hello_magic));
	if (fy_os_fstat(d->pair.in, &from) < 0 ||
	    fy_os_fstat(d->pair.out, &to) < 0)
		return fy_fail_errno(why, "look at a message queue");
	out->ino_from = from.st_ino;
	out->ino_to = to.st_ino;
	return fy_life_self(&out->life, why);
}

static ferry_err
say_hello(const struct dial *d, struct ferry_deadline until,
	  struct ferry_error *why)
{
	struct hello hello;
	ferry_err err = fill_hello(d, &hello, why);

	while (!err) {
		if (fy_os_mq_send(d->q, &hello, sizeof(hello), 0) == 0)
			return FERRY_OK;
		if (errno != EAGAIN)
			return fy_fail_errno(why, "connect to mq:%.80s",
					     d->name.text);
		if (!fy_mq_is_held(d->q, FY_MQ_RECEIVER))
			return fail_left(d, why);
		err = wait_at(d, d->q, POLLOUT, until, why);
	}
	return err;
}

/* FERRY_EAGAIN: none has come. */
static ferry_err
read_welcome(struct dial *d, struct ferry_error *why)
{
	uint8_t got[FY_MQ_BYTES];
	struct welcome welcome;
	ssize_t n = fy_os_mq_try_receive(d->pair.in, got, sizeof(got), NULL);

	if (n < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (n < 0)
		return fy_fail_errno(why, "receive the welcome of mq:%.80s",
				     d->name.text);
	if ((size_t)n == FY_PART_HEAD)
		return fy_fail(why, FERRY_ECONNECT,
			       "mq:%.80s refuses the connection: its listener "
			       "cannot verify this process", d->name.text);
	memcpy(&welcome, got, sizeof(welcome));
	if ((size_t)n != sizeof(welcome) ||
	    memcmp(welcome.magic, welcome_magic, sizeof(welcome_magic)) != 0)
		return fy_fail(why, FERRY_EPROTO,
			       "what answered at mq:%.80s is no listener of "
			       "ferry", d->name.text);
	d->server = welcome.life;
	return FERRY_OK;
}

static ferry_err
await_welcome(struct dial *d, struct ferry_deadline until,
	      struct ferry_error *why)
{
	ferry_err err = FERRY_EAGAIN;

	while (err == FERRY_EAGAIN) {
		bool listens = fy_mq_is_held(d->q, FY_MQ_RECEIVER);

		/* It may have ended just behind its welcome. */
		err = read_welcome(d, why);
		if (err == FERRY_EAGAIN && !listens)
			return fail_left(d, why);
		if (err != FERRY_EAGAIN)
			return err;
		err = wait_at(d, d->pair.in, POLLIN, until, why);
		if (!err)
			err = FERRY_EAGAIN;
		else if (err == FERRY_EAGAIN)
			return err;
	}
	return err;
}

/* The pair is the link's from here, closed with it. */
static ferry_err
meet(struct dial *d, struct fy_mq_link *l, struct ferry_deadline until,
     struct ferry_error *why)
{
	ferry_err err;

	l->in = d->pair.in;
	l->out = d->pair.out;
	err = say_hello(d, until, why);
	if (!err)
		err = await_welcome(d, until, why);
	fy_mq_slot_leave(&d->name, &d->pair);
	if (!err)
		err = fy_life_open(&d->server, d->at.st_uid, &l->pidfd, why);
	if (err)
		return err;
	set_peer(&l->peer, &d->at, d->server.pid);
	l->shared = !fy_mq_is_private(l->in);
	l->link.unguarded = true;
	return FERRY_OK;
}

static ferry_err
connect_to(struct dial *d, const struct ferry_link_config *config,
	   struct ferry_deadline until, struct ferry_link **out,
	   struct ferry_error *why)
{
	struct fy_mq_link *l;
	ferry_err err = find_meeting(d, why);

	if (err)
		return err;
	l = fy_mq_link_new(config, &fy_transport_mq);
	if (!l)
		return fy_fail_memory(why, sizeof(*l));
	err = fy_mq_slot_take(&d->name, &d->at, &d->pair, why);
	if (!err)
		err = meet(d, l, until, why);
	if (err)
		fy_mq_close(&l->link);
	else
		*out = &l->link;
	return err;
}

static ferry_err
mq_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	struct ferry_deadline until, struct ferry_link **out,
	struct ferry_error *why)
{
	struct dial d = { .q = -1 };
	ferry_err err = fy_body_options(addr, why);

	if (!err)
		err = name_of(addr, &d.name, why);
	if (!err)
		err = connect_to(&d, config, until, out, why);
	fy_fd_close(&d.q);
	return err;
}

/* ---- the listener: its queue ---- */

static struct mq_port *
mq_port_of(struct ferry_port *port)
{
	return FY_CONTAINER(port, struct mq_port, port);
}

static const struct mq_port *
const_mq_port_of(const struct ferry_port *port)
{
	return (const struct mq_port *)(const void *)port;
}

FY_COLD static ferry_err
fail_in_use(const struct fy_mq_name *name, const char *reason,
	    struct ferry_error *why)
{
	ferry_err err = fy_fail(why, FERRY_ESYS,
				"cannot listen at mq:%.80s: %s", name->text,
				reason);

	if (why)
		why->sys_errno = EADDRINUSE;
	return err;
}

/*
 * The queue that is there. FERRY_EAGAIN: it went away. It is a dead listener's
 * only if its lock can be had.
 */
static ferry_err
open_dead(const struct fy_mq_name *name, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int q = -1;
	ferry_err err = fy_mq_open(name, O_RDWR, &q, why);
	struct stat st;

	if (err)
		return err == FERRY_ECONNECT ? FERRY_EAGAIN : err;
	if (fy_os_fstat(q, &st) < 0)
		return fy_fail_errno(why, "look at the message queue %.100s",
				     name->text);
	if (st.st_uid != fy_os_geteuid())
		return fail_in_use(name, "the queue is another user's: "
				   "choose another name", why);
	if (!fy_mq_has_shape(q, meeting_shape))
		return fail_in_use(name, "the queue is no listener's of ferry: "
				   "choose another name, or mq_unlink(3) it",
				   why);
	if (fy_mq_is_held(q, FY_MQ_RECEIVER))
		return fail_in_use(name, "somebody listens there: stop "
				   "who does, or choose another name", why);
	*out = fy_fd_take(&q);
	return FERRY_OK;
}

/*
 * FERRY_EAGAIN: somebody else was at it just now. A queue that was made and
 * could not be locked stays, as a dead listener's: it may be another's by now.
 */
static ferry_err
take_name(const struct fy_mq_name *name, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int q = -1;
	ferry_err err = fy_mq_make(name, meeting_shape, &q, why);

	if (err == FERRY_EAGAIN)
		err = open_dead(name, &q, why);
	if (err)
		return err;
	err = fy_mq_claim(q, name, why);
	if (!err)
		*out = fy_fd_take(&q);
	return err;
}

/* Nobody but the listener is to read what clients say. */
static ferry_err
open_to_clients(int q, const struct fy_mq_name *name, struct fy_access access,
		struct ferry_error *why)
{
	access.mode &= ~(mode_t)(S_IRGRP | S_IROTH);
	return fy_access_set(q, &access, name->text, why);
}

static ferry_err
start(struct mq_port *port, const struct fy_access *access,
      struct ferry_error *why)
{
	ferry_err err = fy_life_self(&port->life, why);

	if (err)
		return err;
	err = FERRY_EAGAIN;
	for (int i = 0; i < LISTEN_TRIES && err == FERRY_EAGAIN; i++)
		err = take_name(&port->name, &port->q, why);
	if (err == FERRY_EAGAIN)
		return fail_in_use(&port->name, "others want it, too", why);
	if (err)
		return err;
	err = open_to_clients(port->q, &port->name, *access, why);
	if (err) {
		(void)fy_os_mq_unlink(port->name.text);
		fy_fd_close(&port->q);
		return err;
	}
	fy_mq_slot_sweep(&port->name);
	return FERRY_OK;
}

static ferry_err
mq_listen(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_port **out, struct ferry_error *why)
{
	static const char *const keys[] = { FY_ACCESS_OPTIONS, NULL };
	struct fy_access access;
	struct mq_port *port;
	ferry_err err = fy_body_options_but(addr, keys, why);

	if (!err)
		err = fy_access_read(addr, 0600, &access, why);
	if (err)
		return err;
	port = fy_zalloc(config->hooks, sizeof(*port));
	if (!port)
		return fy_fail_memory(why, sizeof(*port));
	port->port.ops = &fy_transport_mq;
	port->port.config = *config;
	port->port.counters = &port->port.own;
	port->owner = fy_os_getpid();
	err = name_of(addr, &port->name, why);
	if (!err)
		err = start(port, &access, why);
	if (err)
		fy_free(config->hooks, port);
	else
		*out = &port->port;
	return err;
}

static void
mq_unlisten(struct ferry_port *port)
{
	struct mq_port *p;

	if (!port)
		return;
	p = mq_port_of(port);
	if (p->owner == fy_os_getpid()) {
		fy_mq_slot_sweep(&p->name);
		if (fy_mq_is_named(p->q))
			(void)fy_os_mq_unlink(p->name.text);
		(void)fy_os_unlock_byte(p->q, FY_MQ_RECEIVER);
	}
	fy_fd_close(&p->q);
	fy_free(port->config.hooks, p);
}

static int
mq_port_fd(const struct ferry_port *port)
{
	return const_mq_port_of(port)->q;
}

static void
mq_port_addr(const struct ferry_port *port, struct ferry_addr *out)
{
	*out = (struct ferry_addr){ .scheme = "mq" };
	(void)snprintf(out->body, sizeof(out->body), "%s",
		       const_mq_port_of(port)->name.text);
}

/* ---- the listener: its clients ---- */

/*
 * Opens a client's queue. It must be the one of his hello, and nobody but he
 * and a group may have been able to open it.
 */
static ferry_err
open_queue(const struct fy_mq_name *name, int flags, uint64_t ino, int *out,
	   struct stat *st, struct ferry_error *why)
{
	static const struct fy_mq_shape shape = { FY_MQ_DEPTH, FY_MQ_BYTES };
	FY_CLEANUP(fy_fd_close) int q = -1;
	ferry_err err = fy_mq_open(name, flags, &q, why);

	if (err)
		return err;
	if (fy_os_fstat(q, st) < 0 || st->st_ino != ino ||
	    (st->st_mode & S_IRWXO) || !fy_mq_has_shape(q, shape))
		return fy_fail(why, FERRY_EPROTO,
			       "%.100s is not the queue of the hello",
			       name->text);
	*out = fy_fd_take(&q);
	return FERRY_OK;
}

/* Both queues and the process, each as the kernel knows it. */
static ferry_err
open_pair(const struct mq_port *port, const struct hello *hello,
	  struct fy_mq_link *l, struct ferry_error *why)
{
	const struct fy_mq_name to = fy_mq_slot_to(&port->name, hello->slot);
	const struct fy_mq_name from = fy_mq_slot_from(&port->name,
						       hello->slot);
	struct stat in, out;
	ferry_err err;

	err = open_queue(&to, O_RDWR, hello->ino_to, &l->in, &in, why);
	if (!err)
		err = open_queue(&from, O_RDWR | O_NONBLOCK, hello->ino_from,
				 &l->out, &out, why);
	if (err)
		return err;
	if (in.st_uid != out.st_uid || !fy_mq_is_held(l->in, FY_MQ_SENDER) ||
	    !fy_mq_is_held(l->out, FY_MQ_RECEIVER))
		return fy_fail(why, FERRY_ECONNECT, "the client has left");
	set_peer(&l->peer, &in, hello->life.pid);
	l->shared = !fy_mq_is_private(l->in);
	return fy_life_open(&hello->life, in.st_uid, &l->pidfd, why);
}

static ferry_err
say_welcome(const struct mq_port *port, const struct fy_mq_link *l,
	    struct ferry_error *why)
{
	struct welcome welcome = { .life = port->life };

	memcpy(welcome.magic, welcome_magic, sizeof(welcome_magic));
	if (fy_os_lock_byte(l->in, FY_MQ_RECEIVER) < 0 ||
	    fy_os_lock_byte(l->out, FY_MQ_SENDER) < 0 ||
	    fy_os_mq_send(l->out, &welcome, sizeof(welcome), 0) < 0)
		return fy_fail_errno(why, "welcome a client");
	return FERRY_OK;
}

/* What this process, not the client, is in want of; 0: it is not that. */
static int
want_of(const struct ferry_error *reason)
{
	if (fy_is_starved(reason->sys_errno))
		return reason->sys_errno;
	return reason->code == FERRY_ENOMEM ? ENOMEM : 0;
}

/* To one whose queues could not be opened before: he need not wait for it. */
FY_COLD static void
refuse(const struct mq_port *port, const struct hello *hello)
{
	const struct fy_mq_name from = fy_mq_slot_from(&port->name,
						       hello->slot);
	FY_CLEANUP(fy_fd_close) int q = -1;
	uint8_t end[FY_PART_HEAD];
	struct stat st;

	fy_part_end(end, FY_PART_GONE);
	if (!open_queue(&from, O_RDWR | O_NONBLOCK, hello->ino_from, &q, &st,
			NULL))
		(void)fy_os_mq_send(q, end, sizeof(end), 0);
}

static ferry_err
meet_client(const struct mq_port *port, const struct hello *hello,
	    struct ferry_link **out, struct ferry_error *why)
{
	struct fy_mq_link *l;
	ferry_err err;

	if (memcmp(hello->magic, hello_magic, sizeof(hello_magic)) != 0 ||
	    hello->zero || hello->slot >= FY_MQ_SLOTS)
		return fy_fail(why, FERRY_EPROTO, "that was no hello");
	l = fy_mq_link_new(&port->port.config, &fy_transport_mq);
	if (!l)
		return fy_fail_memory(why, sizeof(*l));
	err = open_pair(port, hello, l, why);
	if (err && l->out < 0 && !want_of(why))
		refuse(port, hello);
	if (!err)
		err = say_welcome(port, l, why);
	if (err)
		fy_mq_close(&l->link);
	else
		*out = &l->link;
	return err;
}

/*
 * The hello goes back: whoever has descriptors later meets the client then. A
 * queue without room for it is readable all the same.
 */
static ferry_err
fail_want(struct mq_port *port, const struct hello *hello, int want,
	  struct ferry_error *why)
{
	port->keeps = fy_os_mq_try_send(port->q, hello, sizeof(*hello), 0) < 0;
	port->kept = *hello;
	errno = want;
	return fy_fail_errno_as(why, FERRY_ESYS, "accept at mq:%.80s",
				port->name.text);
}

/* Return: its bytes, of which a true one has all; -1 with errno. */
static ssize_t
next_hello(struct mq_port *port, struct hello *out)
{
	if (FY_LIKELY(!port->keeps))
		return fy_os_mq_try_receive(port->q, out, sizeof(*out), NULL);
	port->keeps = false;
	*out = port->kept;
	return sizeof(*out);
}

static ferry_err
mq_accept(struct ferry_port *port, struct ferry_link **out,
	  struct ferry_error *why)
{
	struct mq_port *p = mq_port_of(port);
	struct ferry_error reason;
	struct hello hello;

	for (int i = 0; i < BAD_HELLOS; i++) {
		ssize_t n = next_hello(p, &hello);

		if (n < 0 && errno == EAGAIN)
			return FERRY_EAGAIN;
		if (n < 0)
			return fy_fail_errno(why, "accept at mq:%.80s",
					     p->name.text);
		reason = (struct ferry_error){ .code = FERRY_EPROTO };
		if ((size_t)n == sizeof(hello) &&
		    !meet_client(p, &hello, out, &reason))
			return FERRY_OK;
		if (want_of(&reason))
			return fail_want(p, &hello, want_of(&reason), why);
		fy_count_any(&port->counters->failed, 1);
	}
	return FERRY_EAGAIN;
}

const struct ferry_transport_ops fy_transport_mq = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_LOCAL |
		FERRY_CAP_IDS | FERRY_CAP_PID | FERRY_CAP_WATCH,
	.scheme = "mq",
	.dial = mq_dial,
	.listen = mq_listen,
	.accept = mq_accept,
	.port_fd = mq_port_fd,
	.port_addr = mq_port_addr,
	.unlisten = mq_unlisten,
	FY_MQ_LINK_OPS,
};
