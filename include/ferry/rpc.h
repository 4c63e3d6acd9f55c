/* SPDX-License-Identifier: MIT */
/*
 * ONC RPC version 2 (RFC 5531): clients, servers and calls, over any transport.
 *
 * Generated stubs are the usual way to make and to answer calls; what they are
 * made of is in stub.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/auth.h>
#include <ferry/channel.h>
#include <ferry/err.h>
#include <ferry/hooks.h>
#include <ferry/peer.h>
#include <ferry/time.h>
#include <ferry/visibility.h>
#include <ferry/xdr.h>

struct ferry_client;
struct ferry_server;

/* A call whose deadline is not said ends after this. */
#define FERRY_CALL_DEFAULT_MS 30000
/* The longest RPC message, unless a program says otherwise. */
#define FERRY_RECORD_DEFAULT (1024u * 1024u)

/**
 * struct ferry_call - one procedure in flight
 * @client: whom to ask; NULL in a server's handler
 * @until:  client: when to give up; not said means FERRY_CALL_DEFAULT_MS.
 *          handler: when the caller gives up, FERRY_NEVER if not known
 * @mem:    client: where the results go, must outlive them; NULL is legal for
 *          results without strings, opaque data, arrays and optional data.
 *          handler: memory that lives until the reply has been encoded
 * @why:    after a failure: the reason
 * @ctx:    handler: what the program gave to <program>_<version>_serve()
 *
 * A client makes one by ferry_call_to(), for one call at a time, and may use it
 * again. A server's belongs to the library. Arguments and results that were
 * decoded live in the call's memory: views of a private copy of the message.
 */
struct ferry_call {
	struct ferry_client *client;
	struct ferry_deadline until;
	struct ferry_arena *mem;
	struct ferry_error why;
	void *ctx;

	/* The rest is the library's own. */
	struct ferry_encoder fy_encoder;
	struct ferry_decoder fy_decoder;
	struct ferry_deadline fy_until;
	struct ferry_call *fy_next;
	struct ferry_call *fy_waiters[2];
	const struct ferry_version *fy_version;
	uint8_t *fy_room;
	void *fy_block;
	struct ferry_bytes fy_message;
	uint32_t fy_procedure;
	uint32_t fy_xid;
	uint32_t fy_state;
	ferry_err fy_err;
	uint8_t fy_small[64];
	uint64_t fy_reserved[8];
};

/**
 * ferry_call_to() - a call of @client's server, ready for a stub
 * @client: borrowed
 * @until:  absolute deadline of the whole call
 * @mem:    borrowed, where results go; may be NULL, see struct ferry_call
 */
FERRY_API struct ferry_call ferry_call_to(struct ferry_client *client,
					  struct ferry_deadline until,
					  struct ferry_arena *mem);

/* ---- clients ---- */

/**
 * struct ferry_client_config - all zero, or NULL in its place, is the default
 * @hooks:       allocator and log, borrowed
 * @transports:  NULL-terminated, looked up before the built-in ones; borrowed
 * @max_message: bytes of the longest call and reply; 0: FERRY_MESSAGE_DEFAULT
 * @auth_sys:    a credential for every call, copied; NULL: AUTH_NONE
 */
struct ferry_client_config {
	const struct ferry_hooks *hooks;
	const struct ferry_transport_ops *const *transports;
	size_t max_message;
	const struct ferry_auth_sys *auth_sys;
	uint64_t reserved[8];
};

/**
 * ferry_client_open() - connects to the server at @addr
 * @addr:   "unix:/run/date.sock", "tcp:localhost:4711", "exec:date-server" ...
 * @config: or NULL
 * @until:  absolute deadline of the connecting; not said means 10 s
 * @out:    the client, to be freed by ferry_client_free()
 * @why:    or NULL
 *
 * Any number of threads may use the client for any number of calls at once.
 *
 * Return: FERRY_OK; FERRY_EADDR, FERRY_ECONNECT, FERRY_EACCES, FERRY_ETIMEDOUT.
 */
FERRY_TRY ferry_err ferry_client_open(const char *addr,
				      const struct ferry_client_config *config,
				      struct ferry_deadline until,
				      struct ferry_client **out,
				      struct ferry_error *why);

/**
 * ferry_client_free() - closes the connection
 *
 * No call may be in flight. NULL is legal.
 */
FERRY_API void ferry_client_free(struct ferry_client *client);

/** ferry_client_peer() - who answers at the other end */
FERRY_API void ferry_client_peer(const struct ferry_client *client,
				 struct ferry_peer *out);

/**
 * ferry_client_fd() - a descriptor for a foreign event loop
 *
 * Readable while ferry_client_process() has something to do, or another thread
 * has received a reply. Borrowed, valid until ferry_client_free(). FERRY_ESYS
 * if the kernel has no descriptor left.
 */
FERRY_TRY ferry_err ferry_client_fd(struct ferry_client *client, int *out);

/**
 * ferry_client_process() - sends and receives what can be without waiting
 *
 * For programs that wait in a loop of their own for calls that were started.
 * Deadlines are that program's: ferry_call_abandon() those that are late.
 *
 * Return: FERRY_OK; any other is fatal: all calls in flight have failed.
 */
FERRY_TRY ferry_err ferry_client_process(struct ferry_client *client);

/** ferry_call_done() - whether <procedure>_finish() would not wait */
FERRY_API bool ferry_call_done(const struct ferry_call *call);

/**
 * ferry_call_abandon() - gives up a call that was started and not finished
 *
 * The call's memory is the caller's again at once; a late reply is dropped.
 * Harmless on a call that is not in flight.
 */
FERRY_API void ferry_call_abandon(struct ferry_call *call);

/* ---- servers ---- */

/**
 * struct ferry_server_config - all zero, or NULL in its place, is the default
 * @hooks:       allocator and log, borrowed
 * @transports:  NULL-terminated, looked up before the built-in ones; borrowed
 * @max_record:  bytes of the longest call; 0: FERRY_RECORD_DEFAULT
 * @max_reply:   bytes of the longest reply; 0: FERRY_MESSAGE_DEFAULT
 * @max_links:   connections at a time; 0: 65536
 * @max_calls:   calls of one connection that are being answered at a time,
 *               more are not read; 0: 256
 * @record_ms:   a record that has begun must be whole after this; 0: 30 s.
 *               This and the next are looked at by a thread that is not in a
 *               handler, as soon as there is one
 * @idle_ms:     a connection without a call is closed after this; 0: never
 * @drain_ms:    how long ferry_server_run() waits for replies to leave after
 *               a stop; 0: 10 s
 */
struct ferry_server_config {
	const struct ferry_hooks *hooks;
	const struct ferry_transport_ops *const *transports;
	size_t max_record;
	size_t max_reply;
	uint32_t max_links;
	uint32_t max_calls;
	uint32_t record_ms;
	uint32_t idle_ms;
	uint32_t drain_ms;
	uint64_t reserved[8];
};

/** ferry_server_new() - a server of nothing yet; @config: or NULL */
FERRY_TRY ferry_err ferry_server_new(const struct ferry_server_config *config,
				     struct ferry_server **out,
				     struct ferry_error *why);

/**
 * ferry_server_listen() - serves all who come to @addr
 * @addr: an address to listen at ("unix:/run/date.sock", "tcp:[::1]:0"), or
 *        one link that is there already ("pipe:0,1", "fd:3")
 *
 * May be called several times, before ferry_server_run().
 */
FERRY_TRY ferry_err ferry_server_listen(struct ferry_server *server,
					const char *addr,
					struct ferry_error *why);

/**
 * ferry_server_addr() - the text of the address to dial
 * @index: in the order of ferry_server_listen(), from 0
 * @buf:   NUL-terminated text, cut if need be; "" if there is no such address
 *
 * With the port or name that the listener got. Return: the whole length.
 */
FERRY_API size_t ferry_server_addr(const struct ferry_server *server,
				   size_t index, char *buf, size_t bytes);

/**
 * ferry_server_run() - answers calls until ferry_server_stop()
 * @n_threads: loop threads, the caller's among them; at least 1. All are
 *             equal: the one that reads a call runs its handler
 *
 * A server without listeners returns when its last link has ended. When it
 * returns, handlers have ended, and replies have left or drain_ms has passed.
 * A server that was stopped, before this as well, stays so: it returns at once.
 *
 * Return: FERRY_OK after a clean stop; FERRY_ESYS if threads cannot be made.
 */
FERRY_TRY ferry_err ferry_server_run(struct ferry_server *server,
				     uint32_t n_threads,
				     struct ferry_error *why);

/** ferry_server_stop() - ends ferry_server_run(); also from signal handlers */
FERRY_API void ferry_server_stop(struct ferry_server *server);

/**
 * ferry_server_free() - closes and frees; NULL is legal
 *
 * Not while ferry_server_run() is running. Calls that answered FERRY_LATER must
 * have been replied to.
 */
FERRY_API void ferry_server_free(struct ferry_server *server);

/** ferry_call_peer() - in a handler: who is at the other end of the link */
FERRY_API void ferry_call_peer(const struct ferry_call *call,
			       struct ferry_peer *out);

/**
 * ferry_call_auth_sys() - in a handler: the AUTH_SYS claim of the caller
 *
 * Return: the claim, which lives as long as the call; NULL if there was none.
 * Nobody has verified it: see SECURITY.md.
 */
FERRY_API const struct ferry_auth_sys *
ferry_call_auth_sys(const struct ferry_call *call);

/**
 * ferry_call_fail() - answers a call that returned FERRY_LATER with an error
 * @err: as a handler returns it; see <program>_<version>_ops
 *
 * The call is the library's again: not to be touched after.
 */
FERRY_API void ferry_call_fail(struct ferry_call *call, ferry_err err);
