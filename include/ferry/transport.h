/* SPDX-License-Identifier: MIT */
/*
 * For those who add a transport: the ops table, each member documented.
 *
 * A transport moves whole messages between two processes. It never waits: an
 * operation that cannot go on returns FERRY_EAGAIN, and whoever called it
 * polls what events() names and tries again. Deadlines, threads, retries and
 * RPC live above, once for all transports. A byte stream does not implement
 * this table by itself: src/transport/stream.h turns any pair of read and
 * write functions into it, with record marking (RFC 5531 section 11).
 *
 * Threads: on one link, one thread may be sending (loan, commit, cancel, send,
 * settle, attach, flush, finish) while one other is receiving (take, detach, keep,
 * release); events() and peer() may be called by both; close() by the last user
 * alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/addr.h>
#include <ferry/channel.h>
#include <ferry/err.h>
#include <ferry/hooks.h>
#include <ferry/peer.h>
#include <ferry/str.h>
#include <ferry/time.h>

#define FERRY_TRANSPORT_VERSION 3

/**
 * struct ferry_link_config - what is common to all links; a plain value
 * @hooks:       allocator and log, borrowed for the life of the link; or NULL
 * @max_message: bytes of the longest message, both ways; at least 1
 * @max_receive: of the longest received, where that is another; 0: the same
 * @frame:       how byte streams tell messages apart; the others ignore it
 * @max_fds:     descriptors taken with one message; 0: none, and what comes is
 *               closed; at most FERRY_FDS_MOST
 * @trusts:      for dial() where anybody could have taken the name: whether
 *               @owner, whose the name is, may listen there; asked before
 *               anything is made or sent. NULL: whoever it is
 * @trust:       its argument; valid until dial() returns
 */
struct ferry_link_config {
	const struct ferry_hooks *hooks;
	size_t max_message;
	size_t max_receive;
	enum ferry_frame frame;
	uint32_t max_fds;
	ferry_err (*trusts)(const void *trust, const struct ferry_peer *owner,
			    struct ferry_error *why);
	const void *trust;
};

/**
 * struct ferry_link - one end of a connection; a transport's own begins so
 * @counters: where the transport counts what passes and what it refuses; its
 *            maker points it at @own, the layer above may point it elsewhere
 *            before the first message
 * @corked:   set by the sender: commit() gathers what fits a buffer, flush()
 *            sends
 * @unguarded: set by dial(): anybody could have taken the name that was dialled,
 *            so that without ?uid= only this user and root are trusted
 */
struct ferry_link {
	const struct ferry_transport_ops *ops;
	struct ferry_link_config config;
	struct ferry_counters *counters;
	struct ferry_counters own;
	bool corked;
	bool unguarded;
};

/**
 * struct ferry_port - where links come from; a transport's own begins so
 * @unguarded: set by listen(): no permissions keep anybody from the name, so
 *             that without ?uid= only this user and root are accepted
 */
struct ferry_port {
	const struct ferry_transport_ops *ops;
	struct ferry_link_config config;
	struct ferry_counters *counters;
	struct ferry_counters own;
	bool unguarded;
};

/**
 * struct ferry_block - a message that the receiver owns
 * @mem:  what to give back to the allocator of the link's hooks
 * @data: the message, somewhere inside @mem
 */
struct ferry_block {
	void *mem;
	struct ferry_bytes data;
};

#define FERRY_EVENTS_MOST 4

/**
 * struct ferry_events - what to poll before trying again
 * @n:      entries in use; 0: nothing can come any more
 * @fd:     borrowed descriptors, valid until close; each once
 * @events: poll(2) events to wait for on each: POLLIN, and POLLOUT only while
 *          something committed has not left yet
 * @stalled: something has not left, and nothing will tell when it can: flush()
 *          is to be tried again after a while
 * @both:   POLLIN tells of room as well: flush() after a take() that found
 *          nothing
 *
 * The set is level-triggered, with one exception that edge-triggered epoll
 * users need: after FERRY_EAGAIN a descriptor signals again when there is more.
 */
struct ferry_events {
	uint32_t n;
	int fd[FERRY_EVENTS_MOST];
	short events[FERRY_EVENTS_MOST];
	bool stalled;
	bool both;
};

/**
 * struct ferry_transport_ops - a transport
 *
 * Every @why may be NULL; what fails fills it, FERRY_EAGAIN need not. Every
 * function but dial() and those named _until returns at once.
 */
struct ferry_transport_ops {
	/* FERRY_TRANSPORT_VERSION of the header it was compiled with. */
	uint32_t version;
	/* enum ferry_caps of ferry/channel.h. */
	uint32_t caps;
	/* The scheme of its addresses, lower-case. */
	const char *scheme;

	/*
	 * Makes a link to @addr; may wait until @until. NULL without
	 * FERRY_CAP_DIAL. Errors to expect: FERRY_EADDR (body or option),
	 * FERRY_ECONNECT (nobody there), FERRY_EACCES, FERRY_ETIMEDOUT.
	 * Success gives the caller *out, to be closed.
	 */
	ferry_err (*dial)(const struct ferry_link_config *config,
			  const struct ferry_addr *addr,
			  struct ferry_deadline until, struct ferry_link **out,
			  struct ferry_error *why);

	/*
	 * Starts to accept links at @addr. NULL without FERRY_CAP_LISTEN.
	 * Errors to expect: FERRY_EADDR, FERRY_EACCES, FERRY_ESYS (in use).
	 * The links accepted take @config. Success gives the caller *out.
	 */
	ferry_err (*listen)(const struct ferry_link_config *config,
			    const struct ferry_addr *addr,
			    struct ferry_port **out, struct ferry_error *why);

	/*
	 * The next link; FERRY_EAGAIN if nobody waits, FERRY_ESYS with
	 * sys_errno EMFILE, ENFILE, ENOBUFS or ENOMEM if it must be tried
	 * later. FERRY_LATER: somebody was there who is gone, or was wrong, and
	 * has been counted (failed): ask again. Any thread. NULL without
	 * FERRY_CAP_LISTEN, as the next three.
	 */
	ferry_err (*accept)(struct ferry_port *port, struct ferry_link **out,
			    struct ferry_error *why);
	/*
	 * As accept(), and waits until @until. NULL: the layer above polls
	 * port_fd(). For facilities that have nothing to poll.
	 */
	ferry_err (*accept_until)(struct ferry_port *port,
				  struct ferry_link **out,
				  struct ferry_deadline until,
				  struct ferry_error *why);
	/* As pollable, for port_fd. NULL: it always is. */
	ferry_err (*port_pollable)(struct ferry_port *port,
				   struct ferry_error *why);
	/* A descriptor that is readable (POLLIN) while somebody waits. */
	int (*port_fd)(const struct ferry_port *port);
	/* The address to dial, with the port number or name that it got. */
	void (*port_addr)(const struct ferry_port *port,
			  struct ferry_addr *out);
	/* Stops accepting and frees @port (NULL is legal). Links live on. */
	void (*unlisten)(struct ferry_port *port);

	/*
	 * Room for one message of exactly @bytes, to be filled by the caller:
	 * *out points into the transport's buffer, or into the ring itself.
	 * One loan at a time, ended by commit() or cancel(). FERRY_EAGAIN: the
	 * peer is slow and what was committed before fills the buffers; poll
	 * for POLLOUT and flush(). FERRY_ETOOBIG, FERRY_ENOMEM: the link is
	 * still good. Others are fatal to the link.
	 */
	ferry_err (*loan)(struct ferry_link *link, size_t bytes, uint8_t **out,
			  struct ferry_error *why);
	/*
	 * Descriptors that go with the message that is lent: copies of the @n
	 * at @fds, at most FERRY_FDS_MOST. FERRY_EAGAIN: those of an earlier
	 * message have not left; flush() first. FERRY_EINVAL: one is no
	 * descriptor. NULL without FERRY_CAP_FDS, as detach.
	 */
	ferry_err (*attach)(struct ferry_link *link, const int *fds,
			    uint32_t n, struct ferry_error *why);
	/*
	 * Sends what was lent. The message leaves whole, now or by later
	 * flushes: FERRY_OK says that it is the transport's, not that it has
	 * arrived. FERRY_EINVAL: bytes that the framing cannot carry; the loan
	 * is over, nothing was sent. Any other error is fatal to the link.
	 */
	ferry_err (*commit)(struct ferry_link *link, struct ferry_error *why);
	/*
	 * As loan(), a copy of @message, and commit(), without the copy: what
	 * does not leave at once is taken from @message by later flushes, until
	 * settle(). For long messages, of which most is never copied. NULL as
	 * settle: there is no such way.
	 */
	ferry_err (*send)(struct ferry_link *link, struct ferry_bytes message,
			  struct ferry_error *why);
	/*
	 * Must follow send(), whatever that returned: nobody looks at the
	 * memory of its @message any more.
	 */
	void (*settle)(struct ferry_link *link);
	/*
	 * Takes the loan back; nothing is sent. After a loan() that said
	 * FERRY_EAGAIN: it is not wanted any more, flush() need not wait for
	 * room for it.
	 */
	void (*cancel)(struct ferry_link *link);
	/*
	 * FERRY_OK: all that was committed has left, and there is room for the
	 * loan that was refused last. FERRY_EAGAIN: poll for POLLOUT. Also while
	 * there is a loan, which it leaves alone.
	 */
	ferry_err (*flush)(struct ferry_link *link, struct ferry_error *why);
	/*
	 * As flush(), and waits until @until. NULL: the layer above polls what
	 * events() names. For facilities that have nothing to poll.
	 */
	ferry_err (*flush_until)(struct ferry_link *link,
				 struct ferry_deadline until,
				 struct ferry_error *why);
	/* Bytes that were committed and have not left; any thread may ask. */
	size_t (*unsent)(const struct ferry_link *link);
	/*
	 * Nothing more will be sent: the peer gets FERRY_EOF behind the last
	 * message, and can still send. After flush() only; once.
	 */
	ferry_err (*finish)(struct ferry_link *link, struct ferry_error *why);

	/*
	 * The next message, whole, in place: *out stays valid until keep() or
	 * release(), one of which must follow. FERRY_EAGAIN: none yet.
	 * FERRY_EOF: the peer closed after its last whole message. FERRY_ELOST:
	 * it went in the middle of one. FERRY_ETOOBIG, FERRY_EPROTO: the peer
	 * broke the rules; fatal, as all but FERRY_EAGAIN and FERRY_ENOMEM.
	 */
	ferry_err (*take)(struct ferry_link *link, struct ferry_bytes *out,
			  struct ferry_error *why);
	/*
	 * As take(), and waits until @until: FERRY_ETIMEDOUT. For facilities
	 * that block more cheaply than they are polled, or that have nothing to
	 * poll. NULL: the layer above polls what events() names.
	 */
	ferry_err (*take_until)(struct ferry_link *link,
				struct ferry_bytes *out,
				struct ferry_deadline until,
				struct ferry_error *why);
	/*
	 * Looks for a while, as long as the link thinks that it pays, whether
	 * take() has become worthwhile; makes no system call but sched_yield(2)
	 * and needs no descriptor. Return: whether it has. NULL: never.
	 */
	bool (*linger)(struct ferry_link *link);
	/*
	 * The descriptors of the message taken, the caller's from now; at most
	 * @max, the rest is closed, as all are by release() and keep(). Return:
	 * how many.
	 */
	uint32_t (*detach)(struct ferry_link *link, int *fds, uint32_t max);
	/*
	 * Makes the message taken the caller's own, by handing its memory over
	 * where that is cheaper than a copy. On failure (FERRY_ENOMEM) it is
	 * still taken.
	 */
	ferry_err (*keep)(struct ferry_link *link, struct ferry_block *out);
	/* Done with the message taken. */
	void (*release)(struct ferry_link *link);
	/*
	 * Whether take() may succeed without waiting for a descriptor: false
	 * only if the last read found the end of what the kernel had. The end
	 * of the link may have come together with those last bytes: a level-
	 * triggered poll tells it again, an edge-triggered user goes on until
	 * take() says FERRY_EAGAIN. The receiver alone may ask: where
	 * descriptors do not tell by themselves, it has them tell, and may
	 * hear of room, as take() may: flush() after it, where that is said
	 * to be so (ferry_events.both).
	 */
	bool (*pending)(struct ferry_link *link);
	/*
	 * Whether a message has begun to arrive and is not whole yet: there is
	 * a limit on how long that may last. NULL where messages come whole.
	 * The receiver alone may ask.
	 */
	bool (*partial)(const struct ferry_link *link);

	/*
	 * Makes events() name descriptors, before it is first asked; may start
	 * a thread. NULL: it always does.
	 */
	ferry_err (*pollable)(struct ferry_link *link, struct ferry_error *why);
	/* What to poll before calling again. */
	void (*events)(const struct ferry_link *link, struct ferry_events *out);
	/* Who the peer is. */
	void (*peer)(const struct ferry_link *link, struct ferry_peer *out);
	/*
	 * Whether the kernel counts the peer to the group @gid besides its own
	 * one. NULL: it does not tell.
	 */
	bool (*in_group)(const struct ferry_link *link, uint32_t gid);
	/*
	 * How a child that the link started has ended, as waitpid(2) tells it;
	 * waits until @until. FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): it
	 * runs. NULL: links have no child.
	 */
	ferry_err (*status)(struct ferry_link *link,
			    struct ferry_deadline until, int *out,
			    struct ferry_error *why);
	/*
	 * Ends the link and frees it (NULL is legal). What was committed and
	 * has not left is lost: flush first. Does not wait, but for the end of
	 * a child process that the link started (exec), at most a second.
	 */
	void (*close)(struct ferry_link *link);
};
