/* SPDX-License-Identifier: MIT */
/*
 * rpcbind (RFC 1833): who tells where the programs of a machine are. To look
 * programs up, to list them, and for servers to be found.
 *
 * Nothing in ferry needs an rpcbind: a program whose address is known is called
 * at it. Versions 4, 3 and 2 are spoken, the highest that the other end has.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>
#include <ferry/time.h>
#include <ferry/visibility.h>

/* What the operations of an rpcbind take in all when no deadline is said. */
#define FERRY_RPCBIND_DEFAULT_MS 10000

/**
 * ferry_rpcbind_find() - the address of a program
 * @host:  whose rpcbind to ask: a name, an IPv4 or IPv6 address, also with a
 *         scope ("fe80::1%eth0"); the ferry address of an rpcbind
 *         ("tcp:server:1111"); NULL or "" is this machine: the socket
 *         /run/rpcbind.sock, then port 111 of 127.0.0.1
 * @until: absolute deadline; not said means FERRY_RPCBIND_DEFAULT_MS
 * @addr:  the ferry address, NUL-terminated: "tcp:127.0.0.1:12049",
 *         "unix:/run/date.sock"
 * @bytes: room at @addr; FERRY_RPCBIND_ADDR is enough for all
 * @why:   or NULL
 *
 * An address that stands for all of a machine's, 0.0.0.0 or ::, is replaced by
 * @host. What another machine has at its own loopback or at a unix socket
 * cannot be dialled from here. Through a list, what the superuser registered
 * comes first, for where he has not any user may; then unix sockets, then IPv4.
 * An rpcbind of version 2 or 3 may give the address of another version of the
 * program, which then answers FERRY_EVERSION when it is called.
 *
 * Return: FERRY_OK; FERRY_EPROG: it knows nothing of the program, or no address
 * that ferry can dial; FERRY_EVERSION: only of the versions from @why->low to
 * @why->high; FERRY_ECONNECT: no rpcbind answers there; FERRY_EPROTO,
 * FERRY_EDECODE: what answers is none; FERRY_ETIMEDOUT; FERRY_ETOOBIG: @bytes
 * are too few.
 */
FERRY_TRY ferry_err ferry_rpcbind_find(const char *host, uint32_t program,
				       uint32_t version,
				       struct ferry_deadline until, char *addr,
				       size_t bytes, struct ferry_error *why);

/* Bytes that hold any address of ferry_rpcbind_find(), its NUL included. */
#define FERRY_RPCBIND_ADDR 1040

/**
 * struct ferry_rpcbind_entry - one way to one version of a program
 * @netid: the transport, as RFC 5665 names it: "tcp", "udp6", "local"
 * @uaddr: the universal address as it was registered: "0.0.0.0.47.17"
 * @owner: who registered it, in the words of rpcbind: "superuser", "1000";
 *         empty where version 2 answered, which does not tell
 * @addr:  the ferry address to dial, NUL-terminated, by the same rules as
 *         ferry_rpcbind_find() has; NULL if ferry has no such transport
 *
 * The texts are a peer's: any bytes may be in them.
 */
struct ferry_rpcbind_entry {
	uint32_t program;
	uint32_t version;
	struct ferry_str netid;
	struct ferry_str uaddr;
	struct ferry_str owner;
	const char *addr;
};

/**
 * struct ferry_rpcbind_list - what an rpcbind knows
 * @spoken: the version of rpcbind that was spoken: 4, 3 or 2
 */
struct ferry_rpcbind_list {
	uint32_t spoken;
	uint32_t n_entries;
	struct ferry_rpcbind_entry *entries;
};

/**
 * ferry_rpcbind_dump() - all that an rpcbind knows, in its order
 * @host: as for ferry_rpcbind_find()
 * @mem:  where the list goes, must outlive it
 *
 * Return: FERRY_OK; FERRY_ECONNECT: no rpcbind answers there; FERRY_ETIMEDOUT;
 * FERRY_EPROTO, FERRY_EDECODE: what answers is none; FERRY_ELOST, also of a
 * list longer than FERRY_RECORD_DEFAULT bytes.
 */
FERRY_TRY ferry_err ferry_rpcbind_dump(const char *host,
				       struct ferry_deadline until,
				       struct ferry_arena *mem,
				       struct ferry_rpcbind_list *out,
				       struct ferry_error *why);

/**
 * ferry_rpcbind_register() - tells this machine's rpcbind where a program is
 * @addr: "tcp:HOST:PORT" with HOST an IP address or *, or "unix:/PATH", as
 *        ferry_server_addr() gives it. * and [::] are registered for IPv4 and
 *        for IPv6, or for none
 *
 * A server that can do without looks at the result and goes on. Where a server
 * was killed its registration stays: ferry_rpcbind_unregister() first.
 *
 * Return: FERRY_OK, also if it was registered just so; FERRY_EACCES: somebody
 * is registered there, or rpcbind refuses; FERRY_EADDR: @addr has no universal
 * address; FERRY_ENOTSUP: this rpcbind speaks version 2, which has ports of
 * IPv4 alone; FERRY_ECONNECT: no rpcbind answers; FERRY_ETIMEDOUT.
 */
FERRY_TRY ferry_err ferry_rpcbind_register(uint32_t program, uint32_t version,
					   const char *addr,
					   struct ferry_deadline until,
					   struct ferry_error *why);

/**
 * ferry_rpcbind_unregister() - takes all addresses of a program's version back
 *
 * Return: FERRY_OK, from many an rpcbind also if it was not registered;
 * FERRY_EPROG: it was not; FERRY_EACCES: somebody else registered it;
 * FERRY_ECONNECT: no rpcbind answers; FERRY_ETIMEDOUT.
 */
FERRY_TRY ferry_err ferry_rpcbind_unregister(uint32_t program,
					     uint32_t version,
					     struct ferry_deadline until,
					     struct ferry_error *why);
