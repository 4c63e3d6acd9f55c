/* SPDX-License-Identifier: MIT */
/*
 * shm:PATH, shm:NAME (in the user's own folder), shm:@NAME (abstract): messages
 * in memory that both processes share, the fastest way between two of one
 * machine. They meet through a unix socket of packets, which stays.
 */
#include <errno.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/poll.h"
#include "core/time.h"
#include "transport/access.h"
#include "transport/body.h"
#include "transport/local.h"
#include "transport/ops.h"
#include "transport/shm/half.h"
#include "transport/shm/link.h"
#include "transport/shm/meet.h"
#include "transport/sock.h"

/* Clients that have connected and not said hello: so many, */
#define HALF_MET_MOST 16
/* ... and so long. */
#define HALF_MET_MS 5000

/**
 * struct half_met - a client that has not said hello
 * @l:     with its socket and its peer
 * @until: when he goes
 */
struct half_met {
	struct fy_shm_link *l;
	struct ferry_deadline until;
};

/*
 * @fd:       where clients connect
 * @poll:     holds that and the sockets of those half met
 * @half_met: @n_half_met of them, in the order they came
 */
struct shm_port {
	struct ferry_port port;
	struct ferry_addr addr;
	struct fy_local_file file;
	struct fy_meet_terms terms;
	int fd;
	struct fy_poll poll;
	struct half_met half_met[HALF_MET_MOST];
	size_t n_half_met;
};

static const char *const options[] = { FY_ACCESS_OPTIONS, "ring", "trust",
				       NULL };
static const struct fy_local_kind kind = {
	.scheme = "shm",
	.type = SOCK_SEQPACKET,
	.other = "unix",
	.options = options,
};

/* ---- what an address says ---- */

/* "262144", "256k", "1m", "1g"; 0: it is no size. */
static uint64_t
read_size(const char *text)
{
	static const char units[] = "kmg";
	uint64_t bytes = 0;
	const char *unit;

	while (*text >= '0' && *text <= '9' && bytes <= FY_SHM_RING_MOST)
		bytes = bytes * 10 + (uint64_t)(*text++ - '0');
	if (*text == '\0')
		return bytes;
	unit = strchr(units, *text);
	if (!unit || text[1] != '\0')
		return 0;
	return bytes << 10 * (unit - units + 1);
}

static ferry_err
read_terms(const struct ferry_addr *addr, struct fy_meet_terms *out,
	   struct ferry_error *why)
{
	const char *ring = fy_body_option(addr, "ring");
	const char *trust = fy_body_option(addr, "trust");
	uint64_t bytes = ring ? read_size(ring) : FY_SHM_RING_DEFAULT;

	if (!fy_shm_ring_ok(bytes))
		return fy_fail(why, FERRY_EADDR,
			       "shm: ?ring=%.40s: write a power of two from "
			       "4k to 1g", ring ? ring : "");
	if (trust && strcmp(trust, "peer") != 0)
		return fy_fail(why, FERRY_EADDR,
			       "shm: ?trust=%.40s: write ?trust=peer, or leave "
			       "it out", trust);
	out->ring = (uint32_t)bytes;
	out->trusts = trust;
	return FERRY_OK;
}

/* ---- dialling ---- */

/* Anybody may have an abstract name: who that is, is asked first. */
static ferry_err
check_owner(const struct ferry_link_config *config,
	    const struct fy_local_name *name, const struct ferry_peer *owner,
	    struct ferry_error *why)
{
	if (!fy_local_is_abstract(name) || !config->trusts)
		return FERRY_OK;
	return config->trusts(config->trust, owner, why);
}

static ferry_err
connect_link(struct fy_shm_link *l, const struct fy_local_name *name,
	     struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err = fy_local_connect(name, until, &l->socket, why);

	if (!err)
		err = fy_sock_ask_unix(l->socket, true, &l->peer, why);
	if (!err)
		err = check_owner(&l->link.config, name, &l->peer, why);
	return err;
}

static ferry_err
shm_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	 struct ferry_deadline until, struct ferry_link **out,
	 struct ferry_error *why)
{
	struct fy_meet_terms terms;
	struct fy_local_name name;
	struct fy_shm_link *l;
	ferry_err err;

	err = read_terms(addr, &terms, why);
	if (!err)
		err = fy_local_resolve(&kind, addr, false, &name, why);
	if (err)
		return err;
	l = fy_shm_link_new(config, &fy_transport_shm);
	if (!l)
		return fy_fail_memory(why, sizeof(*l));
	err = connect_link(l, &name, until, why);
	if (!err)
		err = fy_meet_ask(l, &terms, name.text, until, why);
	if (err) {
		fy_shm_close(&l->link);
		return err;
	}
	l->link.unguarded = fy_local_is_abstract(&name);
	*out = &l->link;
	return FERRY_OK;
}

/* ---- listening ---- */

static struct shm_port *
shm_port_of(struct ferry_port *port)
{
	return FY_CONTAINER(port, struct shm_port, port);
}

static const struct shm_port *
const_shm_port_of(const struct ferry_port *port)
{
	return (const struct shm_port *)(const void *)port;
}

static void
shm_unlisten(struct ferry_port *port)
{
	struct shm_port *p;

	if (!port)
		return;
	p = shm_port_of(port);
	/* The name goes first: nobody is to find it refusing. */
	fy_local_remove(&p->file);
	fy_fd_close(&p->fd);
	fy_poll_close(&p->poll);
	for (size_t i = 0; i < p->n_half_met; i++)
		fy_shm_close(&p->half_met[i].l->link);
	fy_free(port->config.hooks, port);
}

static ferry_err
start(struct shm_port *p, const struct fy_local_name *name,
      struct ferry_error *why)
{
	ferry_err err = fy_local_listen(name, &p->file, &p->fd, why);

	if (!err)
		err = fy_poll_open(&p->poll, why);
	if (!err)
		err = fy_poll_add(&p->poll, p->fd, EPOLLIN, NULL, why);
	return err;
}

static ferry_err
shm_listen(const struct ferry_link_config *config,
	   const struct ferry_addr *addr, struct ferry_port **out,
	   struct ferry_error *why)
{
	struct fy_meet_terms terms;
	struct fy_local_name name;
	struct shm_port *p;
	ferry_err err;

	err = read_terms(addr, &terms, why);
	if (!err)
		err = fy_local_resolve(&kind, addr, true, &name, why);
	if (err)
		return err;
	p = fy_zalloc(config->hooks, sizeof(*p));
	if (!p)
		return fy_fail_memory(why, sizeof(*p));
	p->port.ops = &fy_transport_shm;
	p->port.config = *config;
	p->port.counters = &p->port.own;
	p->port.unguarded = fy_local_is_abstract(&name);
	p->addr = *addr;
	/* Those were for this end. */
	p->addr.n_options = 0;
	p->terms = terms;
	p->fd = -1;
	p->poll.fd = -1;
	err = start(p, &name, why);
	if (err)
		shm_unlisten(&p->port);
	else
		*out = &p->port;
	return err;
}

static int
shm_port_fd(const struct ferry_port *port)
{
	return const_shm_port_of(port)->poll.fd;
}

static void
shm_port_addr(const struct ferry_port *port, struct ferry_addr *out)
{
	*out = const_shm_port_of(port)->addr;
}

/* ---- accepting ---- */

FY_COLD static ferry_err
fail_accept(struct ferry_error *why)
{
	return fy_fail_errno_as(why, FERRY_ESYS, "accept a connection");
}

/* Return: FERRY_LATER, as accept() is to say it. */
static ferry_err
send_away(struct shm_port *p, struct fy_shm_link *l)
{
	fy_shm_close(&l->link);
	fy_count_any(&p->port.counters->failed, 1);
	return FERRY_LATER;
}

/* He is half met no more; the link is the caller's. */
static struct fy_shm_link *
take_half_met(struct shm_port *p, size_t at)
{
	struct fy_shm_link *l = p->half_met[at].l;

	p->n_half_met--;
	memmove(&p->half_met[at], &p->half_met[at + 1],
		(p->n_half_met - at) * sizeof(p->half_met[0]));
	fy_poll_remove(&p->poll, l->socket);
	return l;
}

/* Those that say nothing make room for others. Return: FERRY_LATER */
static ferry_err
add_half_met(struct shm_port *p, struct fy_shm_link *take_l)
{
	if (p->n_half_met == HALF_MET_MOST)
		(void)send_away(p, take_half_met(p, 0));
	if (fy_poll_add(&p->poll, take_l->socket, EPOLLIN, take_l, NULL))
		return send_away(p, take_l);
	p->half_met[p->n_half_met++] = (struct half_met){
		.l = take_l,
		.until = ferry_in_ms(HALF_MET_MS),
	};
	return FERRY_LATER;
}

static void
drop_late(struct shm_port *p)
{
	while (p->n_half_met > 0 && fy_deadline_passed(p->half_met[0].until))
		(void)send_away(p, take_half_met(p, 0));
}

/* FERRY_EAGAIN: he has not said hello. Any other: @l is *@out, or gone. */
static ferry_err
answer(struct shm_port *p, struct fy_shm_link *l, struct ferry_link **out,
       struct ferry_error *why)
{
	struct ferry_error reason = { .code = FERRY_OK };
	ferry_err err = fy_meet_answer(l, &p->terms, &reason);

	if (!err)
		*out = &l->link;
	if (!err || err == FERRY_EAGAIN)
		return err;
	(void)send_away(p, l);
	/* What this process is in want of is no fault of his. */
	if (err != FERRY_ENOMEM && !fy_is_starved(reason.sys_errno))
		return FERRY_LATER;
	if (why)
		*why = reason;
	return err;
}

/*
 * A client's memory takes a descriptor as it is received, and is lost where
 * there is none: nobody is listened to before there is.
 */
static int
hold_spare(const struct shm_port *p)
{
	return fy_os_dup(p->fd, 0);
}

/* One of those half met has said hello, or left. */
static ferry_err
answer_half_met(struct shm_port *p, const struct fy_shm_link *who,
		struct ferry_link **out, struct ferry_error *why)
{
	int spare = hold_spare(p);
	struct fy_shm_link *l;
	size_t at = 0;
	ferry_err err;

	if (spare < 0)
		return fail_accept(why);
	fy_fd_close(&spare);
	while (p->half_met[at].l != who)
		at++;
	l = take_half_met(p, at);
	err = answer(p, l, out, why);
	return err == FERRY_EAGAIN ? add_half_met(p, l) : err;
}

static ferry_err
accept_socket(const struct shm_port *p, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int spare = hold_spare(p);
	int fd = -1;

	if (spare >= 0)
		fd = fy_os_accept(p->fd, NULL, NULL, SOCK_NONBLOCK);
	if (fd < 0)
		return errno == EAGAIN ? FERRY_EAGAIN : fail_accept(why);
	*out = fd;
	return FERRY_OK;
}

/* Whoever has connected; he has often said hello by then. */
static ferry_err
let_in(struct shm_port *p, struct ferry_link **out, struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_link_new(&p->port.config,
						&fy_transport_shm);
	ferry_err err;

	if (!l)
		return fy_fail_memory(why, sizeof(*l));
	err = accept_socket(p, &l->socket, why);
	if (!err)
		err = fy_sock_ask_unix(l->socket, true, &l->peer, why);
	if (err) {
		fy_shm_close(&l->link);
		return err;
	}
	err = answer(p, l, out, why);
	return err == FERRY_EAGAIN ? add_half_met(p, l) : err;
}

static ferry_err
shm_accept(struct ferry_port *port, struct ferry_link **out,
	   struct ferry_error *why)
{
	struct fy_poll_event events[HALF_MET_MOST + 1];
	struct shm_port *p = shm_port_of(port);
	size_t n = 0;
	ferry_err err;

	drop_late(p);
	err = fy_poll_wait(&p->poll, events, FY_ARRAY_LEN(events), &n,
			   FERRY_NOW);
	if (err)
		return fy_fail_errno(why, "look who is there");
	if (n == 0)
		return FERRY_EAGAIN;
	/* Those half met first: who connects may push them out. */
	for (size_t i = 0; i < n; i++) {
		if (events[i].user)
			return answer_half_met(p, events[i].user, out, why);
	}
	return let_in(p, out, why);
}

static bool
shm_in_group(const struct ferry_link *link, uint32_t gid)
{
	const struct fy_shm_link *l = fy_const_shm_of(link);

	return fy_sock_has_group(l->socket, link->config.hooks, gid);
}

const struct ferry_transport_ops fy_transport_shm = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_LOCAL |
		FERRY_CAP_IDS | FERRY_CAP_GID | FERRY_CAP_PID |
		FERRY_CAP_WATCH,
	.scheme = "shm",
	.dial = shm_dial,
	.listen = shm_listen,
	.accept = shm_accept,
	.port_fd = shm_port_fd,
	.port_addr = shm_port_addr,
	.unlisten = shm_unlisten,
	.in_group = shm_in_group,
	FY_SHM_LINK_OPS,
};
