/* SPDX-License-Identifier: MIT */
/* One conversation with an rpcbind; <ferry/rpcbind.h> is made of these. */
#pragma once

#include <stdbool.h>

#include <ferry/rpcbind.h>
#include <ferry/rpc.h>

#include "core/compiler.h"
#include "rpc/uaddr.h"

#define FY_RPCBIND_OLDEST 2
#define FY_RPCBIND_NEWEST 4

/**
 * struct fy_rpcbind - an open one
 * @client:  the connection
 * @until:   of all that is asked
 * @mem:     borrowed, where answers go
 * @version: is spoken; falls where the other end does not have it
 * @oldest:  but not below this; tests make both the same
 * @is_unix: it is reached through a unix socket
 * @is_here: it is this machine's
 * @at:      its address, for messages
 * @host:    stands in for 0.0.0.0
 * @host6:   stands in for ::
 */
struct fy_rpcbind {
	struct ferry_client *client;
	struct ferry_deadline until;
	struct ferry_arena *mem;
	uint32_t version;
	uint32_t oldest;
	bool is_unix;
	bool is_here;
	char at[120];
	char host[256];
	char host6[256];
};

/**
 * struct fy_rpcbind_map - a mapping that is asked for, set or unset
 * @uaddr: all zero where it is not known
 */
struct fy_rpcbind_map {
	uint32_t program;
	uint32_t version;
	struct fy_uaddr uaddr;
};

/**
 * fy_rpcbind_open() - connects; @host, @until: as ferry_rpcbind_find() has them
 *
 * Return: FERRY_OK, to be closed by fy_rpcbind_close(); FERRY_ECONNECT,
 * FERRY_ETIMEDOUT, FERRY_EADDR.
 */
FY_MUST_CHECK ferry_err fy_rpcbind_open(struct fy_rpcbind *rb,
					const char *host,
					struct ferry_deadline until,
					struct ferry_arena *mem,
					struct ferry_error *why);

/** fy_rpcbind_close() - all zero is legal */
void fy_rpcbind_close(struct fy_rpcbind *rb);

/** fy_rpcbind_look_up() - as ferry_rpcbind_find() */
FY_MUST_CHECK ferry_err fy_rpcbind_look_up(struct fy_rpcbind *rb,
					   uint32_t program, uint32_t version,
					   struct ferry_addr *out,
					   struct ferry_error *why);

/** fy_rpcbind_list() - as ferry_rpcbind_dump() */
FY_MUST_CHECK ferry_err fy_rpcbind_list(struct fy_rpcbind *rb,
					struct ferry_rpcbind_list *out,
					struct ferry_error *why);

/** fy_rpcbind_set() - as ferry_rpcbind_register(), of one transport */
FY_MUST_CHECK ferry_err fy_rpcbind_set(struct fy_rpcbind *rb,
				       const struct fy_rpcbind_map *map,
				       struct ferry_error *why);

/** fy_rpcbind_unset() - as ferry_rpcbind_unregister(); no netid: all of them */
FY_MUST_CHECK ferry_err fy_rpcbind_unset(struct fy_rpcbind *rb,
					 const struct fy_rpcbind_map *map,
					 struct ferry_error *why);

/* ---- single calls, in the version that both ends have: rpcbind_ask.c ---- */

/** fy_rpcbind_ask_set() - SET; @out: whether it was done */
FY_MUST_CHECK ferry_err fy_rpcbind_ask_set(struct fy_rpcbind *rb,
					   const struct fy_rpcbind_map *map,
					   bool *out, struct ferry_error *why);

/** fy_rpcbind_ask_unset() - UNSET; @out: whether it was done */
FY_MUST_CHECK ferry_err fy_rpcbind_ask_unset(struct fy_rpcbind *rb,
					     const struct fy_rpcbind_map *map,
					     bool *out,
					     struct ferry_error *why);

/**
 * fy_rpcbind_ask_addr() - GETVERSADDR, GETADDR or GETPORT
 * @out: universal address in the arena, "" if there is none
 */
FY_MUST_CHECK ferry_err fy_rpcbind_ask_addr(struct fy_rpcbind *rb,
					    const struct fy_rpcbind_map *map,
					    struct ferry_str *out,
					    struct ferry_error *why);

/** fy_rpcbind_ask_dump() - DUMP; @out: all but the addr of each entry */
FY_MUST_CHECK ferry_err fy_rpcbind_ask_dump(struct fy_rpcbind *rb,
					    struct ferry_rpcbind_list *out,
					    struct ferry_error *why);
