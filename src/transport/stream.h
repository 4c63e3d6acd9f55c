/* SPDX-License-Identifier: MIT */
/*
 * Messages over a stream of bytes: turns a pair of read and write functions
 * into the message half of struct ferry_transport_ops. Framing, buffers
 * and the event contract stand here, once for all that carry a stream.
 *
 * Sending: one buffer [mark|message|terminator], so that a message leaves in
 * one write; what the kernel did not take stays there. A long message may stay
 * the caller's, and is copied to its place in the buffer only if he cannot wait
 * until it has left. Receiving: one large
 * read into a buffer that grows with the bytes that came, never with those
 * announced, but for what the message before took. Grown, it is given back
 * behind its message, but where a thread waits here for one long message after
 * the other: then when none is there.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>
#include <sys/uio.h>

#include <ferry/transport.h>

#include "core/alarm.h"
#include "core/compiler.h"
#include "transport/fds.h"
#include "transport/frame.h"

struct fy_stream;

/**
 * struct fy_byte_ops - what is below a stream
 * @read:  as read(2) of a non-blocking descriptor: 0 is the end
 * @write: as write(2) of one; raises no SIGPIPE
 * @finish: tells the peer that nothing more comes; as shutdown(2)
 * @explain: or NULL: says more of an end that read() found; @why is filled.
 *           May wait until @until for it
 * @close: closes the descriptors and whatever else is below, frees nothing of
 *         the stream's; does not wait longer than ferry_transport_ops.close
 * @read_blocking: as read, and blocks; -1 with EAGAIN: that cannot be, and
 *                 fy_stream_wait() comes before the next read. NULL: read
 * @read_fds:  as read; descriptors that come along go to @set, empty before
 * @write_fds: as write, and copies of @set go along; NULL, as read_fds: none
 *             can be passed
 * @writev: as write, of what lies in several places. NULL: one after another
 * @widen: long messages are sent: what the kernel holds of them may be more,
 *         that the two ends take turns less often. NULL: it sees to that
 */
struct fy_byte_ops {
	ssize_t (*read)(struct fy_stream *s, void *buf, size_t bytes);
	ssize_t (*write)(struct fy_stream *s, const void *buf, size_t bytes);
	int (*finish)(struct fy_stream *s);
	void (*explain)(struct fy_stream *s, struct ferry_deadline until,
			struct ferry_error *why);
	void (*close)(struct fy_stream *s);
	ssize_t (*read_blocking)(struct fy_stream *s, void *buf, size_t bytes);
	ssize_t (*read_fds)(struct fy_stream *s, void *buf, size_t bytes,
			    struct fy_fds *set);
	ssize_t (*write_fds)(struct fy_stream *s, const void *buf, size_t bytes,
			     const struct fy_fds *set);
	ssize_t (*writev)(struct fy_stream *s, struct iovec *iov, int n);
	void (*widen)(struct fy_stream *s);
};

/*
 * Written by the thread that sends. One message that has not left may have
 * descriptors: it stands from .fds_at to .fds_end, and never goes out in one
 * write with the bytes of another. One may be borrowed: its place, from
 * .borrowed_at to .borrowed_end, is empty, and its bytes are the caller's.
 */
struct fy_stream_tx {
	uint8_t *buf;
	size_t cap;
	size_t head; /* the first byte that has not left */
	size_t tail; /* one past the last byte committed */
	size_t lent; /* bytes of the loan, without its mark */
	bool lending;
	struct fy_fds lent_fds; /* of the loan */
	struct fy_fds fds;
	size_t fds_at;
	size_t fds_end;
	const uint8_t *borrowed; /* or NULL */
	size_t borrowed_at;
	size_t borrowed_end;
	bool wide; /* as fy_byte_ops.widen */
};

/*
 * Written by the thread that receives. Descriptors belong to the message with
 * the last byte of the read that brought them: to the one that is read or
 * taken, .fds; or, as long as nobody knows, .last_fds, to that of the last byte
 * in the buffer.
 */
struct fy_stream_rx {
	uint8_t *buf;
	size_t cap;
	size_t tail; /* one past the last byte received */
	size_t usual; /* bytes that the last message took */
	struct fy_frame frame;
	bool taken;
	bool waits; /* the last message was waited for here, and not elsewhere */
	bool drained; /* the last read found the end of what there was */
	struct fy_fds fds;
	struct fy_fds last_fds;
	struct fy_alarm alarm;
};

/**
 * struct fy_stream - a link; a stream transport's own begins so
 * @fd_in:  what to poll for POLLIN; -1: nothing comes this way
 * @fd_out: what to poll for POLLOUT, maybe the same; -1: nothing goes, any
 *          more; read by both threads
 * @fd_watch: also to poll for POLLIN; -1: none
 * @peer:   filled by the transport
 * @unsent: bytes committed that have not left; read by both threads
 * @ended:  nothing can come any more; read by both threads
 * @deaf:   what has not left never will; read by both threads
 * @stalled: what has not left can go when others have received descriptors
 * @counted: the end, by an error or in the middle of a message, was counted
 */
struct fy_stream {
	struct ferry_link link;
	const struct fy_byte_ops *bytes;
	const struct fy_framing *framing;
	int fd_in;
	atomic_int fd_out;
	int fd_watch;
	struct ferry_peer peer;
	struct fy_stream_tx tx;
	struct fy_stream_rx rx;
	atomic_size_t unsent;
	atomic_bool ended;
	atomic_bool deaf;
	atomic_bool stalled;
	atomic_bool counted;
};

/**
 * fy_stream_init() - @s over two descriptors, owned by @bytes->close from now
 *
 * @s is zeroed memory of the allocator of @config->hooks, freed by close. Asks
 * for no memory.
 */
void fy_stream_init(struct fy_stream *s, const struct ferry_transport_ops *ops,
		    const struct ferry_link_config *config,
		    const struct fy_byte_ops *bytes, const int fds[2]);

/* Every struct ferry_link here is the first member of a struct fy_stream. */
static inline struct fy_stream *
fy_stream_of(struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_stream, link);
}

static inline const struct fy_stream *
fy_const_stream_of(const struct ferry_link *link)
{
	return (const struct fy_stream *)(const void *)link;
}

/**
 * fy_stream_count_end() - one more of a counter of ends
 *
 * A link has one end, which either thread may meet first, and both again.
 */
FY_COLD void fy_stream_count_end(struct fy_stream *s, uint64_t *counter);

/** fy_stream_fail_lost() - counts the end, and says that @what failed */
FY_COLD ferry_err fy_stream_fail_lost(struct fy_stream *s,
				      struct ferry_error *why,
				      const char *what);

/**
 * fy_stream_wait() - the receiver waits until there may be something to read
 *
 * Return: positive, or -1 with ETIME when it is @until, or another error.
 */
int fy_stream_wait(struct fy_stream *s, struct ferry_deadline until);

/* The members of the ops table; documented in ferry/transport.h. */
ferry_err fy_stream_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
			 struct ferry_error *why);
ferry_err fy_stream_commit(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_stream_attach(struct ferry_link *link, const int *fds, uint32_t n,
			   struct ferry_error *why);
ferry_err fy_stream_send(struct ferry_link *link, struct ferry_bytes message,
			 struct ferry_error *why);
void fy_stream_settle(struct ferry_link *link);
void fy_stream_cancel(struct ferry_link *link);
ferry_err fy_stream_flush(struct ferry_link *link, struct ferry_error *why);
size_t fy_stream_unsent(const struct ferry_link *link);
ferry_err fy_stream_finish(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_stream_take(struct ferry_link *link, struct ferry_bytes *out,
			 struct ferry_error *why);
ferry_err fy_stream_take_until(struct ferry_link *link, struct ferry_bytes *out,
			       struct ferry_deadline until,
			       struct ferry_error *why);
uint32_t fy_stream_detach(struct ferry_link *link, int *fds, uint32_t max);
ferry_err fy_stream_keep(struct ferry_link *link, struct ferry_block *out);
void fy_stream_release(struct ferry_link *link);
bool fy_stream_pending(struct ferry_link *link);
bool fy_stream_partial(const struct ferry_link *link);
void fy_stream_events(const struct ferry_link *link, struct ferry_events *out);
void fy_stream_peer(const struct ferry_link *link, struct ferry_peer *out);
void fy_stream_close(struct ferry_link *link);

#define FY_STREAM_OPS                                                          \
	.loan = fy_stream_loan, .commit = fy_stream_commit,                    \
	.send = fy_stream_send, .settle = fy_stream_settle,                    \
	.cancel = fy_stream_cancel, .flush = fy_stream_flush,                  \
	.unsent = fy_stream_unsent, .finish = fy_stream_finish,                \
	.take = fy_stream_take, .take_until = fy_stream_take_until,            \
	.keep = fy_stream_keep, .release = fy_stream_release,                  \
	.pending = fy_stream_pending,                                          \
	.partial = fy_stream_partial, .events = fy_stream_events,              \
	.peer = fy_stream_peer, .close = fy_stream_close

/* Of schemes with FERRY_CAP_FDS. */
#define FY_STREAM_FDS_OPS                                                      \
	.attach = fy_stream_attach, .detach = fy_stream_detach
