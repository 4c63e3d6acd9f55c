/* SPDX-License-Identifier: MIT */
/* What transports over a pair of pipes share: pipe, exec. */
#pragma once

#include "transport/stream.h"

/**
 * struct fy_pipe - a link over two descriptors; a transport's own begins so
 * @masks:  the kernel cannot write without SIGPIPE, which is blocked for it
 * @own_in: .fd_in is a description of our own, so that nobody else feels
 *          whether it blocks; set by the transport
 * @blocks: it does; of the thread that receives
 */
struct fy_pipe {
	struct fy_stream stream;
	bool masks;
	bool own_in;
	bool blocks;
};

/* Members of struct fy_byte_ops. */
ssize_t fy_pipe_read(struct fy_stream *s, void *buf, size_t bytes);
ssize_t fy_pipe_read_blocking(struct fy_stream *s, void *buf, size_t bytes);
ssize_t fy_pipe_write(struct fy_stream *s, const void *buf, size_t bytes);
ssize_t fy_pipe_writev(struct fy_stream *s, struct iovec *iov, int n_iov);
void fy_pipe_widen(struct fy_stream *s);
int fy_pipe_finish(struct fy_stream *s);
void fy_pipe_close(struct fy_stream *s);
