/* SPDX-License-Identifier: MIT */
/*
 * A server, as the files that make it up see it: server.c (its life), loop.c
 * (the threads), door.c (who comes), conn.c (one connection's life), read.c
 * (calls come in), reply.c (answers go out), sweep.c (what is late).
 *
 * Sources and who may read them. A port or a connection is a source. Its
 * reading side is a role that one thread at a time plays; the state says who:
 *
 *   CLOSED  nobody may
 *   IDLE    the next event's thread takes it
 *   BUSY    a thread has it, or it waits in the ready queue, or it is parked
 *   AGAIN   as BUSY, and an event came since: look again before leaving
 *
 * Events are edge-triggered, so taking and leaving the role costs two atomic
 * operations and no system call. Who has the role leaves it before he runs a
 * handler, so that other threads, if there are any, can read the connection
 * meanwhile; what they could read without a new event goes to the ready queue.
 *
 * Where a link can be waited for without the event core (linger), who has
 * answered a call does that for a while and keeps, or takes back, the role: a
 * connection in use costs no system call. While nobody else waits for events
 * he looks at them himself now and then.
 *
 * Memory. An event may be told by the kernel to one thread just before another
 * closes the connection. So connections are never given back to the heap while
 * the loops run, but to the server's list of spare ones: a stale event finds a
 * closed source, or makes the next owner look once more. That is harmless.
 *
 * A connection's link is closed by the reading role alone, and under .send. A
 * closed connection lives on until its last call has been answered.
 *
 * Locks: a connection's .send before any of the server's, which are leaves.
 */
#pragma once

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include <ferry/rpc.h>
#include <ferry/stub.h>
#include <ferry/transport.h>

#include "channel/channel.h"
#include "core/poll.h"
#include "rpc/auth.h"
#include "core/lock.h"
#include "rpc/msg.h"
#include "rpc/program.h"
#include "channel/watch.h"

enum fy_source_state {
	FY_SOURCE_CLOSED = 0,
	FY_SOURCE_IDLE = 1,
	FY_SOURCE_BUSY = 2,
	FY_SOURCE_AGAIN = 3,
};

struct fy_source;

struct fy_source_ops {
	/* An event; any thread, without the role. */
	void (*event)(struct fy_source *source, uint32_t events);
	/*
	 * The role is this thread's: read. Return: whether it has taken long:
	 * then it is time to look who else is there.
	 */
	bool (*read)(struct fy_source *source);
};

struct fy_source {
	const struct fy_source_ops *ops;
	struct ferry_server *server;
	struct fy_source *next_ready;
	uint32_t state;
	/*
	 * The role's: events came while it was held, which count as one: one
	 * read is not enough where they were of several descriptors.
	 */
	bool again;
};

/* Where connections come from. */
struct fy_door {
	struct fy_source source;
	struct fy_door *next;
	struct ferry_listener listener; /* .port NULL: a link that was there */
	struct ferry_addr addr;	     /* to dial */
	bool paused; /* no descriptor was left; the role is kept meanwhile */
	bool told;   /* of that, since one was accepted */
};

/* How a served call's reply leaves. */
enum fy_reply_state {
	FY_REPLY_NONE = 0,   /* not begun */
	FY_REPLY_LENT = 1,   /* into the link's room; .send is held */
	FY_REPLY_STORED = 2, /* into the call's memory, the link had no room */
	FY_REPLY_BROKEN = 3, /* the results have no encoding */
	FY_REPLY_GONE = 4,   /* nobody to send it to */
	FY_REPLY_SENT = 5,
};

/* A call that is being answered; .call is what handlers see. */
struct fy_served {
	struct ferry_call call;
	struct ferry_arena arena;
	struct fy_conn *conn;
	struct fy_served *next; /* unsent, or spare */
	const struct fy_service *service;
	const struct ferry_procedure *procedure;
	struct fy_auth_claim claim;
	uint32_t refs; /* the handler until it returns, the reply until sent */
	enum fy_reply_state reply;
};

struct fy_conn {
	struct fy_source source;
	struct fy_conn *next; /* all of the server's, or spare */
	struct fy_conn *before;
	struct ferry_peer peer;
	bool hung_up; /* atomic: the end has come, or is near */
	bool doomed;  /* atomic: to be closed by the reading role */
	bool crowded; /* atomic: too much is being answered, perhaps */
	bool hears_room; /* atomic: an event may tell that more can leave */

	/* The reading role's. */
	bool last; /* the peer has sent its last call */

	/* The sweep's. */
	uint32_t n_messages; /* atomic, written by the reading role */
	uint32_t n_seen;
	bool was_partial;
	int64_t quiet_since_ns; /* 0: not since the last sweep */

	struct fy_lock send;
	struct ferry_link *link; /* NULL: closed */
	struct fy_watch watch;
	uint32_t n_calls;	 /* being answered */
	bool both;		 /* of the link's events */
	bool parked;		 /* not read until calls have been answered */
	bool sending;		 /* something has not left */
	struct fy_served *unsent; /* replies the link has no room for */
	struct fy_served **unsent_end;
};

struct ferry_server {
	struct ferry_server_config config; /* without zeros */
	pid_t pid;
	uint32_t n_threads; /* that run it */
	struct fy_programs programs;
	struct fy_door *doors; /* oldest first */
	uint32_t n_listeners;
	struct fy_poll poll;
	int bell; /* eventfd, edge-triggered, never read: each ring one event */

	uint32_t stopping; /* atomic */
	uint32_t sleeping; /* atomic: threads that wait for events */
	uint32_t n_ready;  /* atomic: roles in the queue */
	uint32_t rung;	   /* atomic: the bell, and nobody has heard it */
	uint32_t busy;	   /* atomic: calls and connections with unsent bytes */
	/* Atomic: ns; FERRY_NEVER while there is no need. */
	alignas(8) int64_t sweep_at;
	/* Atomic: ns; 0 until a loop saw the stop. */
	alignas(8) int64_t drain_until;

	struct fy_lock ready_lock;
	struct fy_source *ready;
	struct fy_source **ready_end;

	struct fy_lock lock;
	struct fy_conn *conns;
	struct fy_conn *spare_conns;
	uint32_t n_conns; /* whose memory is in use */
	bool has_paused;  /* atomic: a door is paused */

	struct fy_lock pool_lock;
	struct fy_served *spare_calls;
	uint32_t n_spare_calls;
};

/* ---- loop.c ---- */

/** fy_source_try() - without an event: whether the reading role is now ours */
bool fy_source_try(struct fy_source *source);

/** fy_source_claim() - after an event: whether the reading role is now ours */
bool fy_source_claim(struct fy_source *source);

/** fy_source_leave() - gives the role up; false: still ours, look again */
bool fy_source_leave(struct fy_source *source);

/** fy_source_ready() - hands the role, ours, to any thread that is free */
void fy_source_ready(struct fy_source *source);

/** fy_server_is_alone() - whether this thread must look at events itself */
static inline bool
fy_server_is_alone(const struct ferry_server *server)
{
	return __atomic_load_n(&server->sleeping, __ATOMIC_RELAXED) == 0;
}

/** fy_server_loop() - what each thread runs until the server stops */
void fy_server_loop(struct ferry_server *server);

/** fy_server_ring() - wakes one thread that waits for events */
void fy_server_ring(struct ferry_server *server);

/** fy_server_unbusy() - one thing less to wait for when stopping */
void fy_server_unbusy(struct ferry_server *server);

/** fy_server_need_sweep() - begins to look at all connections now and then */
void fy_server_need_sweep(struct ferry_server *server);

static inline bool
fy_server_stopping(const struct ferry_server *server)
{
	return __atomic_load_n(&server->stopping, __ATOMIC_RELAXED) != 0;
}

/* ---- sweep.c ---- */

/**
 * fy_server_sweep() - closes what is late, resumes paused doors
 *
 * Return: whether there is reason to sweep again.
 */
bool fy_server_sweep(struct ferry_server *server, int64_t now_ns);

/* ---- door.c ---- */

/** fy_door_open() - as ferry_server_listen() */
FY_MUST_CHECK ferry_err fy_door_open(struct ferry_server *server,
				     const char *text,
				     struct ferry_error *why);

/** fy_door_close() - stops accepting and frees; connections live on */
void fy_door_close(struct fy_door *door);

/** fy_server_resume_doors() - accepts again where there was no descriptor */
void fy_server_resume_doors(struct ferry_server *server);

/* ---- conn.c ---- */

/**
 * fy_conn_open() - a connection over @take_link, watched and read from now
 *
 * Consumed on success alone.
 */
FY_MUST_CHECK ferry_err fy_conn_open(struct ferry_server *server,
				     struct ferry_link *take_link,
				     struct ferry_error *why);

/** fy_conn_close() - by the reading role, which ends */
void fy_conn_close(struct fy_conn *conn);

/** fy_conn_doom() - has it closed by whoever has, or gets, the reading role */
void fy_conn_doom(struct fy_conn *conn);

/** fy_conn_doom_locked() - as fy_conn_doom(); .send is held */
void fy_conn_doom_locked(struct fy_conn *conn);

/**
 * fy_conn_changed() - after a reply, .send held: goes on reading, or ends
 *
 * Where the connection waits for that: more is read, or the last reply has
 * left.
 */
void fy_conn_changed(struct fy_conn *conn);

/** fy_conn_grew() - a call or an unsent reply more, .send held */
void fy_conn_grew(struct fy_conn *conn);

/**
 * fy_conn_park() - by the reading role: leaves the connection unread
 *
 * Return: false: there is no reason to wait. true: the role is nobody's until
 * fy_conn_changed() hands it on.
 */
FY_MUST_CHECK bool fy_conn_park(struct fy_conn *conn);

/** fy_conn_is_over() - .send is held: closed, and no call is left */
bool fy_conn_is_over(const struct fy_conn *conn);

/** fy_conn_recycle() - by the one who saw that it is over */
void fy_conn_recycle(struct fy_conn *conn);

/* ---- read.c ---- */

extern const struct fy_source_ops fy_conn_source;

/* ---- reply.c ---- */

/** fy_served_new() - a call of @conn, by its reading role; NULL: no memory */
struct fy_served *fy_served_new(struct fy_conn *conn);

/** fy_served_unref() - one of its two users has done with it */
void fy_served_unref(struct fy_served *served);

/** fy_served_run() - runs the handler and sees that there is an answer */
void fy_served_run(struct fy_served *served);

/** fy_conn_answer() - sends a reply that is a header alone */
void fy_conn_answer(struct fy_conn *conn, const struct fy_msg_reply *reply);

/** fy_conn_flush() - sends what has not left; closed ones are harmless */
void fy_conn_flush(struct fy_conn *conn);

/** fy_conn_take_unsent() - .send is held: the replies nobody will get */
struct fy_served *fy_conn_take_unsent(struct fy_conn *conn);
