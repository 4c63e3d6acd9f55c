/* SPDX-License-Identifier: MIT */
/*
 * Channels: two processes, whole messages, both ways. The address says what
 * carries them; docs/addresses.md has the grammar, docs/transports.md what each
 * facility can do.
 *
 * Threads: on one channel one thread may send (send, loan, commit, cancel,
 * cork, flush, finish) while one other receives (recv, take, release, fds); a
 * second receiver waits for the first. Both may ask (peer, caps, counters,
 * events) and process. All others, and those of a listener, while no
 * other thread uses the object.
 *
 * Fork: what a process opened is its own. In a child everything says
 * FERRY_EFORK, or does nothing where it returns no error; close frees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/hooks.h>
#include <ferry/peer.h>
#include <ferry/str.h>
#include <ferry/time.h>
#include <ferry/visibility.h>

struct ferry_channel;
struct ferry_listener;
struct ferry_transport_ops;

/* The longest message, unless a program says otherwise. */
#define FERRY_MESSAGE_DEFAULT (64u * 1024u * 1024u)
/* Descriptors that one message can carry. */
#define FERRY_FDS_MOST 16

/* What a facility can do: data, asked once. */
enum ferry_caps {
	FERRY_CAP_DIAL = 1 << 0,   /* addresses can be opened */
	FERRY_CAP_LISTEN = 1 << 1, /* addresses can be listened at */
	FERRY_CAP_LOCAL = 1 << 2,  /* the peer is on this machine */
	/* The kernel names the peer's uid; fd: that of unix sockets. */
	FERRY_CAP_IDS = 1 << 3,
	FERRY_CAP_PID = 1 << 4,	   /* ... and its pid */
	FERRY_CAP_STREAM = 1 << 5, /* bytes underneath: takes ?frame= */
	FERRY_CAP_FDS = 1 << 6,	   /* descriptors can be passed */
	/*
	 * The end of the peer's process is the end of the channel, though a
	 * child of it holds its descriptors; where marked, with an option.
	 */
	FERRY_CAP_WATCH = 1 << 7,
	FERRY_CAP_ONE_WAY = 1 << 8, /* one direction may be missing */
	FERRY_CAP_CHILD = 1 << 9,   /* the peer is a child: it has a status */
	FERRY_CAP_CLAIM = 1 << 10,  /* ferry_channel_claim() after a fork */
	FERRY_CAP_GID = 1 << 11,    /* with FERRY_CAP_IDS: its gid, too */
};

/* How a stream of bytes tells one message from the next: ?frame= */
enum ferry_frame {
	FERRY_FRAME_RECORD = 0, /* RFC 5531 section 11 */
	FERRY_FRAME_LINE = 1,	/* text up to a newline, which is cut off */
	FERRY_FRAME_NUL = 2,	/* bytes up to a NUL, which is cut off */
	FERRY_FRAME_U32 = 3,	/* 4 bytes of length, big-endian, then those */
	FERRY_FRAME_RAW = 4,	/* none: what a read returns is a message */
};

/* X(name, what is counted) */
#define FERRY_COUNTERS(X)                                                      \
	X(sent, "messages sent")                                               \
	X(sent_bytes, "bytes of messages sent")                                \
	X(sent_fds, "descriptors sent")                                        \
	X(received, "messages received")                                       \
	X(received_bytes, "bytes of messages received")                        \
	X(received_fds, "descriptors received")                                \
	X(late_sends, "sends that passed their deadline")                      \
	X(late_receives, "receives that passed their deadline")                \
	X(too_big, "messages over the limit, ours and the peer's")             \
	X(broken, "ends because the peer broke the protocol")                  \
	X(lost, "ends in the middle of a message or by an error")              \
	X(dropped_fds, "descriptors that nobody wanted, closed")               \
	X(accepted, "channels accepted")                                       \
	X(refused, "peers refused by a rule")                                  \
	X(failed, "peers that went, or were wrong, before they were accepted") \
	X(starved, "accepts that found no descriptor or memory left")

/** struct ferry_counters - what happened, from 0 */
struct ferry_counters {
#define FERRY_COUNTER_MEMBER_(name, text) uint64_t name;
	FERRY_COUNTERS(FERRY_COUNTER_MEMBER_)
#undef FERRY_COUNTER_MEMBER_
};

/**
 * struct ferry_channel_config - all zero, or NULL in its place, is the default
 * @hooks:       allocator and log, borrowed
 * @transports:  NULL-terminated, looked up before the built-in ones; borrowed
 * @max_message: bytes of the longest message, both ways; 0:
 *               FERRY_MESSAGE_DEFAULT
 * @max_fds:     descriptors that one message may bring, at most
 *               FERRY_FDS_MOST; 0: none
 */
struct ferry_channel_config {
	const struct ferry_hooks *hooks;
	const struct ferry_transport_ops *const *transports;
	size_t max_message;
	uint32_t max_fds;
	uint64_t reserved[8];
};

/* ---- the life of a channel ---- */

/**
 * ferry_channel_open() - connects to whoever listens at @addr
 * @addr:   "unix:/run/x.sock", "fifo:/run/x", "exec:sort", "pipe:0,1" ...
 * @config: or NULL
 * @until:  absolute deadline of the connecting; not said means 10 s
 * @out:    the channel, to be closed
 * @why:    or NULL
 *
 * Return: FERRY_OK; FERRY_EADDR, FERRY_ECONNECT, FERRY_EACCES, FERRY_ETIMEDOUT
 * (FERRY_EAGAIN for FERRY_NOW).
 */
FERRY_TRY ferry_err
ferry_channel_open(const char *addr, const struct ferry_channel_config *config,
		   struct ferry_deadline until, struct ferry_channel **out,
		   struct ferry_error *why);

/**
 * ferry_channel_pair() - both ends of a channel
 * @scheme: "pipe", the fastest; or "fd", a pair of sockets, which can pass
 *          descriptors
 * @out:    the two ends, to be closed each
 *
 * For two threads, or for a parent and the child it is about to fork: see
 * ferry_channel_claim().
 */
FERRY_TRY ferry_err
ferry_channel_pair(const char *scheme,
		   const struct ferry_channel_config *config,
		   struct ferry_channel *out[2], struct ferry_error *why);

/**
 * ferry_channel_claim() - makes the channel the calling process's own
 *
 * After fork(2) a child claims the one end and closes the other, its parent
 * closes the one; only then does each notice the other's end. What had not left
 * before the fork would leave twice: flush first. The child has to ask for
 * ferry_channel_fd() anew. FERRY_ENOTSUP: this facility does not survive a
 * fork; it works for ferry_channel_pair().
 */
FERRY_TRY ferry_err ferry_channel_claim(struct ferry_channel *ch,
					struct ferry_error *why);

/**
 * ferry_channel_close() - ends the channel and frees it; NULL is legal
 * @drain:  FERRY_NOW never waits; else waits until then for what was sent to
 *          leave
 * @unsent: or NULL: bytes of messages, with their framing, that have not left
 *          and never will
 *
 * In a child of the process that opened it, it closes quietly: the parent's
 * channel lives on.
 *
 * Return: FERRY_OK; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW) if something
 * was pending; FERRY_ELOST if the peer was gone before all had left. The
 * channel is closed and freed in any case.
 */
FERRY_API ferry_err ferry_channel_close(struct ferry_channel *ch,
					struct ferry_deadline drain,
					size_t *unsent);

/** ferry_channel_peer() - who is at the other end */
FERRY_API void ferry_channel_peer(const struct ferry_channel *ch,
				  struct ferry_peer *out);

/** ferry_channel_caps() - enum ferry_caps of the facility */
FERRY_API uint32_t ferry_channel_caps(const struct ferry_channel *ch);

/** ferry_channel_counters() - what has happened since it was opened */
FERRY_API void ferry_channel_counters(const struct ferry_channel *ch,
				      struct ferry_counters *out);

/**
 * ferry_channel_status() - how the child of exec: ended, as waitpid(2) says it
 *
 * FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): it runs still. FERRY_ENOTSUP:
 * no child belongs to the channel.
 */
FERRY_TRY ferry_err ferry_channel_status(struct ferry_channel *ch,
					 struct ferry_deadline until, int *out,
					 struct ferry_error *why);

/* ---- sending ---- */

/**
 * ferry_channel_send() - sends one whole message
 * @message: copied; any bytes, up to the limit
 *
 * Returns when the message has left the process, which does not say that it has
 * arrived; or at @until. If it has a place in the channel then, as it has with
 * FERRY_NOW until some hundred KiB wait, that is FERRY_OK as well: it leaves
 * with the next call on the channel, by either thread, or with
 * ferry_channel_process().
 *
 * While it waits it reads one message ahead, unless another thread receives:
 * two ends that each send one large message before they receive get through.
 * With more than one, both wait until a deadline: receive in between, or in
 * another thread.
 *
 * Return: FERRY_OK; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): not sent, for
 * want of room; FERRY_ETOOBIG; FERRY_EINVAL: bytes that ?frame= cannot carry;
 * FERRY_ENOTSUP: nothing goes this way; FERRY_ECLOSED after
 * ferry_channel_finish(). The channel is as good as before. Any other is fatal
 * to it: FERRY_ELOST.
 */
FERRY_TRY ferry_err ferry_channel_send(struct ferry_channel *ch,
				       struct ferry_bytes message,
				       struct ferry_deadline until,
				       struct ferry_error *why);

/**
 * ferry_channel_send_fds() - as ferry_channel_send(), with descriptors
 * @fds: @n of them, at most FERRY_FDS_MOST; copied, so the caller closes his
 *
 * FERRY_ENOTSUP without FERRY_CAP_FDS. FERRY_EINVAL: one is no descriptor.
 * FERRY_ESYS with ETOOMANYREFS in why->sys_errno: too many of this user's are on
 * their way: nothing was sent, try again later.
 */
FERRY_TRY ferry_err ferry_channel_send_fds(struct ferry_channel *ch,
					   struct ferry_bytes message,
					   const int *fds, uint32_t n,
					   struct ferry_deadline until,
					   struct ferry_error *why);

/**
 * ferry_channel_loan() - room to fill for a message of exactly @bytes
 * @out: room in the channel's own buffer, until commit or cancel, one of which
 *       must follow. One loan at a time
 *
 * Return: as ferry_channel_send().
 */
FERRY_TRY ferry_err ferry_channel_loan(struct ferry_channel *ch, size_t bytes,
				       uint8_t **out,
				       struct ferry_deadline until,
				       struct ferry_error *why);

/**
 * ferry_channel_commit() - sends what was lent
 * @until: for the leaving, as of ferry_channel_send(): the message has a place
 *         in the channel
 *
 * Return: FERRY_OK, also where @until passes first; FERRY_EINVAL: bytes that
 * ?frame= cannot carry; nothing was sent. The loan is over in any case. Any
 * other is fatal to the channel.
 */
FERRY_TRY ferry_err ferry_channel_commit(struct ferry_channel *ch,
					 struct ferry_deadline until,
					 struct ferry_error *why);

/** ferry_channel_cancel() - gives the room back; nothing is sent */
FERRY_API void ferry_channel_cancel(struct ferry_channel *ch);

/**
 * ferry_channel_cork() - gathers messages from now, to send many at once
 *
 * They leave when a buffer is full, by ferry_channel_flush(), and before this
 * thread waits for anything on the channel. Until ferry_channel_uncork().
 */
FERRY_API void ferry_channel_cork(struct ferry_channel *ch);

/** ferry_channel_uncork() - each message leaves at once; does not flush */
FERRY_API void ferry_channel_uncork(struct ferry_channel *ch);

/**
 * ferry_channel_flush() - waits until all that was sent has left the process
 *
 * Return: FERRY_OK; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): some has not.
 */
FERRY_TRY ferry_err ferry_channel_flush(struct ferry_channel *ch,
					struct ferry_deadline until,
					struct ferry_error *why);

/**
 * ferry_channel_finish() - half-close: sends what is pending, then the end
 *
 * The peer receives FERRY_EOF behind the last message, and can still send.
 * FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): something is pending, try
 * again. What is finished may be finished again.
 */
FERRY_TRY ferry_err ferry_channel_finish(struct ferry_channel *ch,
					 struct ferry_deadline until,
					 struct ferry_error *why);

/* ---- receiving ---- */

/**
 * ferry_channel_recv() - receives one whole message
 * @mem: where the message goes, must outlive it
 *
 * Return: FERRY_OK; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): none came,
 * and the channel is as good as before; FERRY_ENOMEM likewise, but the message
 * is lost. FERRY_EOF: the peer closed or died behind its last whole message.
 * FERRY_ENOTSUP: nothing comes this way. Any other is the end of receiving,
 * told again to who asks again: FERRY_ELOST in the middle of a message,
 * FERRY_ETOOBIG, FERRY_EPROTO.
 */
FERRY_TRY ferry_err ferry_channel_recv(struct ferry_channel *ch,
				       struct ferry_arena *mem,
				       struct ferry_bytes *out,
				       struct ferry_deadline until,
				       struct ferry_error *why);

/**
 * ferry_channel_take() - receives one message in place
 * @out: in the channel's own buffer, until ferry_channel_release(), which must
 *       follow
 *
 * Return: as ferry_channel_recv(); after FERRY_ENOMEM nothing is lost.
 */
FERRY_TRY ferry_err ferry_channel_take(struct ferry_channel *ch,
				       struct ferry_bytes *out,
				       struct ferry_deadline until,
				       struct ferry_error *why);

/** ferry_channel_release() - done with the message taken */
FERRY_API void ferry_channel_release(struct ferry_channel *ch);

/**
 * ferry_channel_fds() - the descriptors that came with the last message
 * @fds: at most @max; the caller's from now, close-on-exec
 *
 * The receiver alone may ask, again for more. Those that are not fetched are
 * closed by the next recv, take, or close; those of a message taken by its
 * release. Return: how many.
 */
FERRY_API uint32_t ferry_channel_fds(struct ferry_channel *ch, int *fds,
				     uint32_t max);

/* ---- foreign event loops ---- */

/**
 * ferry_channel_fd() - one descriptor that tells all, level-triggered
 *
 * It is readable while a message can be received, the end has come, or
 * something unsent can leave. Poll it for ferry_channel_events(), until
 * ferry_channel_timeout() at the latest, then call ferry_channel_process(), and
 * receive with FERRY_NOW as much as you like. Borrowed, valid until close.
 */
FERRY_TRY ferry_err ferry_channel_fd(struct ferry_channel *ch, int *out,
				     struct ferry_error *why);

/** ferry_channel_events() - what to poll(2) the descriptor for */
FERRY_API short ferry_channel_events(const struct ferry_channel *ch);

/**
 * ferry_channel_timeout() - when to call process at the latest
 *
 * FERRY_NEVER, but where this process has no descriptor left that could tell,
 * and while descriptors sent may not go: too many of this user's are on their
 * way. By the thread that receives.
 */
FERRY_API struct ferry_deadline
ferry_channel_timeout(const struct ferry_channel *ch);

/** ferry_channel_process() - sends what can leave without waiting */
FERRY_TRY ferry_err ferry_channel_process(struct ferry_channel *ch,
					  struct ferry_error *why);

/* ---- listeners ---- */

/**
 * struct ferry_listener_config - all zero, or NULL in its place, is the default
 * @channel: of the channels accepted
 * @uids:    user ids that may come, @n_uids of them; borrowed until close
 * @gids:    group ids that may come, @n_gids of them; borrowed until close
 *
 * Who is in neither list is refused before a byte of his is read, and counted.
 * Both empty: whoever the facility lets in, see docs/transports.md. The options
 * ?uid= and ?gid= of an address add to these. FERRY_CAP_IDS is needed, and
 * FERRY_CAP_GID for groups.
 */
struct ferry_listener_config {
	struct ferry_channel_config channel;
	const uint32_t *uids;
	size_t n_uids;
	const uint32_t *gids;
	size_t n_gids;
	uint64_t reserved[8];
};

/**
 * ferry_listener_open() - a place to come to
 * @addr: "unix:/run/x.sock", "tcp:[::1]:0", "fifo:x", "mq:/x", "sysv:7" ...
 *
 * Return: FERRY_OK; FERRY_EADDR, FERRY_EACCES, FERRY_ESYS (EADDRINUSE: somebody
 * has the name); FERRY_ENOTSUP: an address that is one channel, to be opened.
 */
FERRY_TRY ferry_err
ferry_listener_open(const char *addr,
		    const struct ferry_listener_config *config,
		    struct ferry_listener **out, struct ferry_error *why);

/**
 * ferry_listener_accept() - the next channel
 *
 * Return: FERRY_OK; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): nobody came;
 * FERRY_ESYS with EMFILE, ENFILE, ENOBUFS or ENOMEM in why->sys_errno: try
 * again later. The listener is as good as before.
 */
FERRY_TRY ferry_err ferry_listener_accept(struct ferry_listener *listener,
					  struct ferry_deadline until,
					  struct ferry_channel **out,
					  struct ferry_error *why);

/**
 * ferry_listener_addr() - the text of the address to open, with the port or
 * name that it got and the ?frame= that it was given
 *
 * Return: the whole length; @buf holds NUL-terminated text, cut if need be.
 */
FERRY_API size_t ferry_listener_addr(const struct ferry_listener *listener,
				     char *buf, size_t bytes);

/** ferry_listener_counters() - what has happened since it was opened */
FERRY_API void ferry_listener_counters(const struct ferry_listener *listener,
				       struct ferry_counters *out);

/**
 * ferry_listener_fd() - as ferry_channel_fd(): readable while somebody waits
 *
 * Process, then accept with FERRY_NOW as long as somebody comes.
 */
FERRY_TRY ferry_err ferry_listener_fd(struct ferry_listener *listener, int *out,
				      struct ferry_error *why);

/** ferry_listener_events() - what to poll(2) the descriptor for */
FERRY_API short ferry_listener_events(const struct ferry_listener *listener);

/** ferry_listener_timeout() - when to call process at the latest */
FERRY_API struct ferry_deadline
ferry_listener_timeout(const struct ferry_listener *listener);

/** ferry_listener_process() - goes on with peers that are half accepted */
FERRY_TRY ferry_err ferry_listener_process(struct ferry_listener *listener,
					   struct ferry_error *why);

/** ferry_listener_close() - stops and frees; channels live on. NULL is legal */
FERRY_API void ferry_listener_close(struct ferry_listener *listener);
