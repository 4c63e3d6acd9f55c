/* SPDX-License-Identifier: MIT */
/* The client of rpcbind, RFC 1833. */
#include "rpc/rpcbind.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/time.h"
#include "rpc/rpcbind_prot.h"

#define HERE_SOCKET "unix:/run/rpcbind.sock"
#define HERE_TCP "127.0.0.1"

/* ---- opening ---- */

/* Longer lists than this are no rpcbind's. */
static const struct ferry_client_config config = {
	.max_message = FERRY_RECORD_DEFAULT,
};

static bool
is_ip(const char *text)
{
	struct in_addr ip;

	return fy_uaddr_is_ipv6(text) || inet_pton(AF_INET, text, &ip) == 1;
}

/* @place: an IP address and a port, as ferry writes them */
static bool
is_loopback(const char *place)
{
	return strncmp(place, "127.", 4) == 0 ||
	       strncmp(place, "[::1]", 5) == 0 ||
	       strncmp(place, "[::ffff:127.", 12) == 0;
}

static void
name_here(struct fy_rpcbind *rb)
{
	(void)snprintf(rb->host, sizeof(rb->host), "127.0.0.1");
	(void)snprintf(rb->host6, sizeof(rb->host6), "::1");
}

/* @text: the whole of @addr */
static ferry_err
dial(struct fy_rpcbind *rb, const struct ferry_addr *addr, const char *text,
     struct ferry_error *why)
{
	struct ferry_peer peer;
	ferry_err err;

	(void)ferry_addr_format(addr, rb->at, sizeof(rb->at));
	err = ferry_client_open(text, &config, rb->until, &rb->client, why);
	if (err)
		return err;
	ferry_client_peer(rb->client, &peer);
	rb->is_unix = strcmp(addr->scheme, "unix") == 0;
	rb->is_here = rb->is_unix || is_loopback(peer.text);
	/* What is at 0.0.0.0 is not at ::1. */
	if (rb->is_here && is_ip(rb->host))
		name_here(rb);
	return FERRY_OK;
}

/* Who stands in for addresses of all of a machine: its @host, len bytes. */
static ferry_err
name_host(struct fy_rpcbind *rb, const char *host, size_t len,
	  struct ferry_error *why)
{
	if (len >= sizeof(rb->host) || strcspn(host, "/ ") < len)
		return fy_fail(why, FERRY_EADDR,
			       "\"%.80s\" is no host: write its name, its IP "
			       "address, or tcp:HOST:PORT", host);
	memcpy(rb->host, host, len);
	rb->host[len] = '\0';
	memcpy(rb->host6, rb->host, len + 1);
	return FERRY_OK;
}

/* @host is a ferry address; what it has of a host stands in. */
static ferry_err
open_addr(struct fy_rpcbind *rb, const char *host, struct ferry_error *why)
{
	struct ferry_addr addr;
	const char *colon;
	ferry_err err = ferry_addr_parse(host, &addr, why);

	if (err)
		return err;
	name_here(rb);
	colon = strrchr(addr.body, ':');
	if (strcmp(addr.scheme, "tcp") == 0 && colon && addr.body[0] != '*') {
		bool bracket = addr.body[0] == '[' && colon[-1] == ']';
		size_t len = (size_t)(colon - addr.body);

		err = name_host(rb, addr.body + bracket,
				bracket ? len - 2 : len, why);
	}
	return err ? err : dial(rb, &addr, host, why);
}

/* @host is a name or an IP address, the latter with brackets or without. */
static ferry_err
open_host(struct fy_rpcbind *rb, const char *host, struct ferry_error *why)
{
	char text[FERRY_RPCBIND_ADDR];
	struct ferry_addr addr;
	size_t len = strlen(host);
	ferry_err err;

	if (len > 2 && host[0] == '[' && host[len - 1] == ']')
		err = name_host(rb, host + 1, len - 2, why);
	else
		err = name_host(rb, host, len, why);
	if (err)
		return err;
	fy_uaddr_at_port(rb->host, fy_RPCBIND_PORT, &addr);
	(void)ferry_addr_format(&addr, text, sizeof(text));
	return dial(rb, &addr, text, why);
}

/* This machine's: the socket tells rpcbind who asks, so it comes first. */
static ferry_err
open_here(struct fy_rpcbind *rb, struct ferry_error *why)
{
	ferry_err err = open_addr(rb, HERE_SOCKET, NULL);

	if (err && err != FERRY_ENOMEM)
		err = open_addr(rb, "tcp:" HERE_TCP ":111", why);
	return err;
}

static ferry_err
open_any(struct fy_rpcbind *rb, const char *host, struct ferry_error *why)
{
	if (!host || !host[0])
		return open_here(rb, why);
	if (!fy_uaddr_is_ipv6(host) && host[0] != '[' && strchr(host, ':'))
		return open_addr(rb, host, why);
	return open_host(rb, host, why);
}

ferry_err
fy_rpcbind_open(struct fy_rpcbind *rb, const char *host,
		struct ferry_deadline until, struct ferry_arena *mem,
		struct ferry_error *why)
{
	struct ferry_error tried = { .text = "" };
	bool here = !host || !host[0];
	ferry_err err;

	*rb = (struct fy_rpcbind){
		.until = fy_deadline_said(until, FERRY_RPCBIND_DEFAULT_MS),
		.mem = mem,
		.version = FY_RPCBIND_NEWEST,
		.oldest = FY_RPCBIND_OLDEST,
	};
	err = open_any(rb, host, &tried);
	if (err != FERRY_ECONNECT && err != FERRY_ETIMEDOUT) {
		if (err && why)
			*why = tried;
		return err;
	}
	/* Behind the semicolon is advice for another case. */
	fy_fail(why, err, "no rpcbind answers at %s%s: is it running? Programs "
		"at a known address need none (%.*s)",
		here ? HERE_SOCKET " or " : "", rb->at,
		(int)strcspn(tried.text, ";"), tried.text);
	if (why)
		why->sys_errno = tried.sys_errno;
	return err;
}

void
fy_rpcbind_close(struct fy_rpcbind *rb)
{
	ferry_client_free(rb->client);
	rb->client = NULL;
}

/* ---- looking up ---- */

/* Whether @addr means another place on each machine. */
static bool
is_of_one_machine(const struct ferry_addr *addr)
{
	return strcmp(addr->scheme, "unix") == 0 || is_loopback(addr->body);
}

/*
 * As fy_uaddr_read(). What only the other machine can dial is FERRY_ENOTSUP:
 * its 127.0.0.1 is another's here.
 */
static ferry_err
read_addr(const struct fy_rpcbind *rb, struct ferry_str netid,
	  struct ferry_str uaddr, struct ferry_addr *out)
{
	bool is_tcp6 = ferry_str_eq(netid, FY_UADDR_TCP6);
	struct ferry_addr addr;
	ferry_err err = fy_uaddr_read(netid, uaddr,
				      is_tcp6 ? rb->host6 : rb->host, &addr);

	if (err)
		return err;
	if (!rb->is_here && is_of_one_machine(&addr))
		return FERRY_ENOTSUP;
	*out = addr;
	return FERRY_OK;
}

/* Sets the ferry address of @entry, if there is one to dial from here. */
static ferry_err
add_addr(const struct fy_rpcbind *rb, struct ferry_rpcbind_entry *entry)
{
	struct ferry_addr addr;
	char *text;
	size_t len;

	entry->addr = NULL;
	if (read_addr(rb, entry->netid, entry->uaddr, &addr))
		return FERRY_OK;
	len = ferry_addr_format(&addr, NULL, 0);
	text = ferry_arena_alloc(rb->mem, len + 1);
	if (!text)
		return FERRY_ENOMEM;
	(void)ferry_addr_format(&addr, text, len + 1);
	entry->addr = text;
	return FERRY_OK;
}

ferry_err
fy_rpcbind_list(struct fy_rpcbind *rb, struct ferry_rpcbind_list *out,
		struct ferry_error *why)
{
	struct ferry_rpcbind_list list;
	ferry_err err = fy_rpcbind_ask_dump(rb, &list, why);

	if (err)
		return err;
	for (uint32_t i = 0; !err && i < list.n_entries; i++)
		err = add_addr(rb, &list.entries[i]);
	if (err)
		return fy_fail(why, err, "no memory for the list of rpcbind");
	*out = list;
	return FERRY_OK;
}

/*
 * Lower is better: a unix socket knows its peers, IPv4 is what is there. Before
 * all else comes the superuser, for where he has registered no unix socket any
 * user may, and would get his calls.
 */
static int
distance(const struct ferry_rpcbind_entry *entry)
{
	int far = ferry_str_eq(entry->owner, "superuser") ? 0 : 3;

	if (ferry_str_eq(entry->netid, FY_UADDR_LOCAL))
		return far;
	return far + (ferry_str_eq(entry->netid, FY_UADDR_TCP) ? 1 : 2);
}

/* Of all that can be dialled, the best; NULL, with the versions in @why. */
static const struct ferry_rpcbind_entry *
choose(const struct ferry_rpcbind_list *list, uint32_t program,
       uint32_t version, struct ferry_error *why)
{
	const struct ferry_rpcbind_entry *best = NULL;

	why->low = UINT32_MAX;
	why->high = 0;
	for (uint32_t i = 0; i < list->n_entries; i++) {
		const struct ferry_rpcbind_entry *entry = &list->entries[i];

		if (entry->program != program || !entry->addr)
			continue;
		if (entry->version < why->low)
			why->low = entry->version;
		if (entry->version > why->high)
			why->high = entry->version;
		if (entry->version == version &&
		    (!best || distance(entry) < distance(best)))
			best = entry;
	}
	return best;
}

static ferry_err
fail_version(struct ferry_error *why, uint32_t program, uint32_t version,
	     const struct ferry_error *has)
{
	fy_fail(why, FERRY_EVERSION,
		"program %" PRIu32 " is registered with versions %" PRIu32
		" to %" PRIu32 ", not with %" PRIu32,
		program, has->low, has->high, version);
	if (why) {
		why->low = has->low;
		why->high = has->high;
	}
	return FERRY_EVERSION;
}

/* Through the list: exact, and of all transports. */
static ferry_err
look_through(struct fy_rpcbind *rb, uint32_t program, uint32_t version,
	     struct ferry_addr *out, struct ferry_error *why)
{
	struct ferry_rpcbind_list list = { .n_entries = 0 };
	const struct ferry_rpcbind_entry *entry;
	struct ferry_error tried = { .text = "" };
	ferry_err err = fy_rpcbind_list(rb, &list, &tried);

	/* Some keep the list from strangers. */
	if (err && err != FERRY_EPROC && err != FERRY_EAUTH &&
	    err != FERRY_ESERVER) {
		if (why)
			*why = tried;
		return err;
	}
	entry = choose(&list, program, version, &tried);
	if (entry)
		return ferry_addr_parse(entry->addr, out, why);
	if (tried.high >= tried.low)
		return fail_version(why, program, version, &tried);
	return fy_fail(why, FERRY_EPROG,
		       "rpcbind at %s knows no address of program %" PRIu32
		       " version %" PRIu32 " that can be dialled: start its "
		       "server, or say where it is",
		       rb->at, program, version);
}

ferry_err
fy_rpcbind_look_up(struct fy_rpcbind *rb, uint32_t program, uint32_t version,
		   struct ferry_addr *out, struct ferry_error *why)
{
	const struct fy_rpcbind_map map = { .program = program,
					    .version = version };
	struct ferry_str uaddr = ferry_str_of("");
	const char *netid = FY_UADDR_TCP;
	ferry_err err;

	/* What is asked through a unix socket is told of unix sockets alone. */
	if (rb->is_unix)
		return look_through(rb, program, version, out, why);
	err = fy_rpcbind_ask_addr(rb, &map, &uaddr, why);
	if (err)
		return err;
	if (uaddr.len == 0)
		return look_through(rb, program, version, out, why);
	if (memchr(uaddr.data, ':', uaddr.len))
		netid = FY_UADDR_TCP6;
	err = read_addr(rb, ferry_str_of(netid), uaddr, out);
	if (err == FERRY_ENOTSUP)
		return look_through(rb, program, version, out, why);
	if (err)
		return fy_fail(why, FERRY_EPROTO,
			       "rpcbind at %s gives what is no address of TCP",
			       rb->at);
	return FERRY_OK;
}

ferry_err
ferry_rpcbind_find(const char *host, uint32_t program, uint32_t version,
		   struct ferry_deadline until, char *addr, size_t bytes,
		   struct ferry_error *why)
{
	struct ferry_arena mem = { 0 };
	struct ferry_addr found;
	struct fy_rpcbind rb;
	ferry_err err = fy_rpcbind_open(&rb, host, until, &mem, why);

	if (!err)
		err = fy_rpcbind_look_up(&rb, program, version, &found, why);
	fy_rpcbind_close(&rb);
	ferry_arena_fini(&mem);
	if (err)
		return err;
	if (ferry_addr_format(&found, NULL, 0) >= bytes)
		return fy_fail(why, FERRY_ETOOBIG,
			       "the address has %zu bytes, there is room for "
			       "%zu", ferry_addr_format(&found, NULL, 0) + 1,
			       bytes);
	(void)ferry_addr_format(&found, addr, bytes);
	return FERRY_OK;
}

ferry_err
ferry_rpcbind_dump(const char *host, struct ferry_deadline until,
		   struct ferry_arena *mem, struct ferry_rpcbind_list *out,
		   struct ferry_error *why)
{
	struct fy_rpcbind rb;
	ferry_err err = fy_rpcbind_open(&rb, host, until, mem, why);

	if (!err)
		err = fy_rpcbind_list(&rb, out, why);
	fy_rpcbind_close(&rb);
	return err;
}
