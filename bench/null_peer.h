/* SPDX-License-Identifier: MIT */
/*
 * What null_call.c measures: an empty call and its answer between a process
 * and its child, by different means over different ways.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/* Bytes on a stream of an ONC RPC null call and its reply, marks included. */
#define NULL_CALL_BYTES 44
#define NULL_REPLY_BYTES 28

struct bench_ring;
struct null_peer;

/**
 * struct null_way - one child and how it is reached
 * @path:   what a unix socket may be called
 * @to:     a pipe to the child, @from: one back; closed where not used
 * @where:  what the child's serve() said: an address, or a port
 * @client: the peer's own
 * @rings: a bare ring's: there, and back
 */
struct null_way {
	const struct null_peer *peer;
	pid_t pid;
	char path[100];
	int to[2];
	int from[2];
	char where[200];
	void *client;
	int fd_in;
	int fd_out;
	struct bench_ring *rings[2];
};

/**
 * struct null_peer - one means over one transport
 * @is_bare: others over the same transport are compared with it
 * @spins: it never sleeps, and is left out where both ends have one processor
 * @prepare: before the fork; or NULL
 * @serve: in the child: says where by null_ready(), then answers for ever
 * @open:  in the parent: connects
 * @call:  one call; false is fatal
 */
struct null_peer {
	const char *transport;
	const char *name;
	bool is_bare;
	bool spins;
	bool (*prepare)(struct null_way *way);
	void (*serve)(struct null_way *way, int ready);
	bool (*open)(struct null_way *way);
	bool (*call)(struct null_way *way);
};

/** null_ready() - tells the parent where it can connect */
void null_ready(int ready, const char *where);

extern const struct null_peer null_bare_unix;
extern const struct null_peer null_bare_tcp;
extern const struct null_peer null_bare_pipe;
extern const struct null_peer null_bare_spin;
extern const struct null_peer null_bare_futex;
extern const struct null_peer null_tirpc_unix;
extern const struct null_peer null_tirpc_tcp;
