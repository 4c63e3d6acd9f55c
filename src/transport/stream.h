/* SPDX-License-Identifier: MIT */
/*
 * Messages over a stream of bytes: turns a pair of read and write functions
 * into the message half of struct ferry_transport_ops. Framing, buffers
 * and the event contract stand here, once for all that carry a stream.
 *
 * Sending: one buffer [mark|message|terminator], so that a message leaves in one write;
 * what the kernel did not take stays there. Receiving: one large read into a
 * buffer that grows with the bytes that came, never with those announced.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/frame.h"

struct fy_stream;

/**
 * struct fy_byte_ops - what is below a stream
 * @read:  as read(2) of a non-blocking descriptor: 0 is the end
 * @write: as write(2) of one; raises no SIGPIPE
 * @finish: tells the peer that nothing more comes; as shutdown(2)
 * @close: closes the descriptors and whatever else is below, frees nothing of
 *         the stream's; does not wait longer than ferry_transport_ops.close
 */
struct fy_byte_ops {
	ssize_t (*read)(struct fy_stream *s, void *buf, size_t bytes);
	ssize_t (*write)(struct fy_stream *s, const void *buf, size_t bytes);
	int (*finish)(struct fy_stream *s);
	void (*close)(struct fy_stream *s);
};

/* Written by the thread that sends. */
struct fy_stream_tx {
	uint8_t *buf;
	size_t cap;
	size_t head; /* the first byte that has not left */
	size_t tail; /* one past the last byte committed */
	size_t lent; /* bytes of the loan, without its mark */
	bool lending;
};

/* Written by the thread that receives. */
struct fy_stream_rx {
	uint8_t *buf;
	size_t cap;
	size_t tail; /* one past the last byte received */
	struct fy_frame frame;
	bool taken;
	bool drained; /* the last read found the end of what there was */
};

/**
 * struct fy_stream - a link; a stream transport's own begins so
 * @fd_in:  what to poll for POLLIN; -1: nothing comes this way
 * @fd_out: what to poll for POLLOUT, maybe the same; -1: nothing goes
 * @fd_watch: also to poll for POLLIN; -1: none
 * @peer:   filled by the transport
 * @unsent: bytes committed that have not left; read by both threads
 * @ended:  nothing can come any more; read by both threads
 * @counted: the end, by an error or in the middle of a message, was counted
 */
struct fy_stream {
	struct ferry_link link;
	const struct fy_byte_ops *bytes;
	const struct fy_framing *framing;
	int fd_in;
	int fd_out;
	int fd_watch;
	struct ferry_peer peer;
	struct fy_stream_tx tx;
	struct fy_stream_rx rx;
	atomic_size_t unsent;
	atomic_bool ended;
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

/* The members of the ops table; documented in ferry/transport.h. */
ferry_err fy_stream_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
			 struct ferry_error *why);
ferry_err fy_stream_commit(struct ferry_link *link, struct ferry_error *why);
void fy_stream_cancel(struct ferry_link *link);
ferry_err fy_stream_flush(struct ferry_link *link, struct ferry_error *why);
size_t fy_stream_unsent(const struct ferry_link *link);
ferry_err fy_stream_finish(struct ferry_link *link, struct ferry_error *why);
ferry_err fy_stream_take(struct ferry_link *link, struct ferry_bytes *out,
			 struct ferry_error *why);
ferry_err fy_stream_keep(struct ferry_link *link, struct ferry_block *out);
void fy_stream_release(struct ferry_link *link);
bool fy_stream_pending(const struct ferry_link *link);
bool fy_stream_partial(const struct ferry_link *link);
void fy_stream_events(const struct ferry_link *link, struct ferry_events *out);
void fy_stream_peer(const struct ferry_link *link, struct ferry_peer *out);
void fy_stream_close(struct ferry_link *link);

#define FY_STREAM_OPS                                                          \
	.loan = fy_stream_loan, .commit = fy_stream_commit,                    \
	.cancel = fy_stream_cancel, .flush = fy_stream_flush,                  \
	.unsent = fy_stream_unsent, .finish = fy_stream_finish,                \
	.take = fy_stream_take, .keep = fy_stream_keep,                        \
	.release = fy_stream_release, .pending = fy_stream_pending,            \
	.partial = fy_stream_partial, .events = fy_stream_events,              \
	.peer = fy_stream_peer, .close = fy_stream_close
