/* SPDX-License-Identifier: MIT */
/*
 * pipe:R,W: two descriptors that this process was given, to read from and to
 * write to. pipe:R, and pipe:,W are one-way.
 */
#include "transport/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/body.h"
#include "transport/inherit.h"
#include "transport/ops.h"

/* Bytes that a pipe holds of long messages. */
#define WIDE 262144

/* As fcntl(2). */
static int
set_blocking(struct fy_pipe *pipe, bool blocks)
{
	if (FY_LIKELY(pipe->blocks == blocks))
		return 0;
	if (fy_os_set_flags(pipe->stream.fd_in, blocks ? 0 : O_NONBLOCK) < 0)
		return -1;
	pipe->blocks = blocks;
	return 0;
}

ssize_t
fy_pipe_read(struct fy_stream *s, void *buf, size_t bytes)
{
	if (set_blocking(FY_CONTAINER(s, struct fy_pipe, stream), false) < 0)
		return -1;
	return fy_os_read(s->fd_in, buf, bytes);
}

/* One call that sleeps in the kernel, where two would. */
ssize_t
fy_pipe_read_blocking(struct fy_stream *s, void *buf, size_t bytes)
{
	struct fy_pipe *pipe = FY_CONTAINER(s, struct fy_pipe, stream);

	if (pipe->own_in && set_blocking(pipe, true) == 0)
		return fy_os_read(s->fd_in, buf, bytes);
	errno = EAGAIN;
	return -1;
}

/* Whether a write failed for a kernel that cannot do without SIGPIPE. */
static bool
must_mask(struct fy_pipe *pipe, ssize_t n)
{
	if (FY_LIKELY(n >= 0) || (errno != EOPNOTSUPP && errno != ENOSYS))
		return false;
	pipe->masks = true;
	return true;
}

ssize_t
fy_pipe_write(struct fy_stream *s, const void *buf, size_t bytes)
{
	struct fy_pipe *pipe = FY_CONTAINER(s, struct fy_pipe, stream);
	ssize_t n;

	if (!pipe->masks) {
		n = fy_os_write_nosignal(s->fd_out, buf, bytes);
		if (!must_mask(pipe, n))
			return n;
	}
	return fy_os_write_masked(s->fd_out, buf, bytes);
}

ssize_t
fy_pipe_writev(struct fy_stream *s, struct iovec *iov, int n_iov)
{
	struct fy_pipe *pipe = FY_CONTAINER(s, struct fy_pipe, stream);
	ssize_t n;

	if (!pipe->masks) {
		n = fy_os_writev_nosignal(s->fd_out, iov, n_iov);
		if (!must_mask(pipe, n))
			return n;
	}
	return fy_os_write_masked(s->fd_out, iov->iov_base, iov->iov_len);
}

void
fy_pipe_widen(struct fy_stream *s)
{
	/* Where the user may not have so much it goes on more slowly. */
	(void)fy_os_pipe_widen(s->fd_out, WIDE);
}

int
fy_pipe_finish(struct fy_stream *s)
{
	/* The receiver may ask at the same time what to poll. */
	fy_os_close(atomic_exchange(&s->fd_out, -1));
	return 0;
}

void
fy_pipe_close(struct fy_stream *s)
{
	fy_fd_close(&s->fd_in);
	if (s->fd_out >= 0)
		fy_os_close(s->fd_out);
}

static const struct fy_byte_ops pipe_bytes = {
	.read = fy_pipe_read,
	.read_blocking = fy_pipe_read_blocking,
	.write = fy_pipe_write,
	.writev = fy_pipe_writev,
	.widen = fy_pipe_widen,
	.finish = fy_pipe_finish,
	.close = fy_pipe_close,
};

FY_COLD static ferry_err
refuse(const struct ferry_addr *addr, struct ferry_error *why)
{
	return fy_fail(why, FERRY_EADDR,
		       "\"pipe:%.80s\": write pipe:R,W with the numbers of the "
		       "descriptors to read from and to write to; one may be "
		       "left out", addr->body);
}

/* -1 for the one that is left out. */
static ferry_err
parse(const struct ferry_addr *addr, int numbers[2], struct ferry_error *why)
{
	const char *at = addr->body;
	ferry_err err = fy_body_options(addr, why);

	if (err)
		return err;
	numbers[0] = fy_body_fd(&at);
	if (*at != ',')
		return refuse(addr, why);
	at++;
	numbers[1] = fy_body_fd(&at);
	if (*at != '\0' || (numbers[0] < 0 && numbers[1] < 0))
		return refuse(addr, why);
	return FERRY_OK;
}

/* One of the two descriptors; -1 where none was named. */
struct end {
	int fd;
	bool is_own;
};

static void
close_end(struct end *end)
{
	fy_fd_close(&end->fd);
}

/*
 * A description of our own of the pipe at @fd: O_NONBLOCK on the one that was
 * inherited would be felt by every process that shares it. Sockets, and pipes
 * of another user, have but the one.
 */
static ferry_err
make_nonblocking(struct end *end, int mode, struct ferry_error *why)
{
	char path[32];
	int own, flags;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", end->fd);
	own = fy_os_open(path, mode | O_NONBLOCK, 0);
	if (own >= 0) {
		fy_os_close(end->fd);
		end->fd = own;
		end->is_own = true;
		return FERRY_OK;
	}
	flags = fy_os_get_flags(end->fd);
	if (flags < 0 || fy_os_set_flags(end->fd, flags | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "set O_NONBLOCK");
	return FERRY_OK;
}

/* A copy of descriptor @number that never blocks. @mode: O_RDONLY, O_WRONLY */
static ferry_err
open_end(int number, int mode, struct end *out, struct ferry_error *why)
{
	struct stat st;
	int flags;
	ferry_err err;

	err = fy_inherit_dup(number, &out->fd, why);
	if (err)
		return err;
	flags = fy_os_get_flags(out->fd);
	if (flags < 0 || fy_os_fstat(out->fd, &st) < 0)
		return fy_fail_errno(why, "ask what descriptor %d is", number);
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		return fy_fail(why, FERRY_EADDR,
			       "descriptor %d is neither a pipe nor a socket",
			       number);
	if ((flags & O_ACCMODE) != mode && (flags & O_ACCMODE) != O_RDWR)
		return fy_fail(why, FERRY_EADDR,
			       "descriptor %d is the wrong end of its pipe: "
			       "write pipe:R,W, the end to read from first",
			       number);
	return make_nonblocking(out, mode, why);
}

static ferry_err
new_link(const struct ferry_link_config *config, const struct end *in,
	 const struct end *to, struct ferry_link **out, struct ferry_error *why)
{
	struct fy_pipe *pipe = fy_zalloc(config->hooks, sizeof(*pipe));
	struct fy_stream *s;

	if (!pipe)
		return fy_fail_memory(why, sizeof(*pipe));
	s = &pipe->stream;
	fy_stream_init(s, &fy_transport_pipe, config, &pipe_bytes,
		       (int[]){ in->fd, to->fd });
	pipe->own_in = in->is_own;
	/*
	 * To poll(2), a FIFO whose writers had gone before it was opened here
	 * waits for its first one: only a read tells the end.
	 */
	s->rx.drained = in->fd < 0;
	(void)snprintf(s->peer.text, sizeof(s->peer.text),
		       "the other end of a pipe");
	*out = &s->link;
	return FERRY_OK;
}

static ferry_err
pipe_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	FY_CLEANUP(close_end) struct end in = { .fd = -1 };
	FY_CLEANUP(close_end) struct end to = { .fd = -1 };
	int numbers[2] = { -1, -1 };
	ferry_err err;

	(void)until;
	err = parse(addr, numbers, why);
	if (!err && numbers[0] >= 0)
		err = open_end(numbers[0], O_RDONLY, &in, why);
	if (!err && numbers[1] >= 0)
		err = open_end(numbers[1], O_WRONLY, &to, why);
	if (!err)
		err = new_link(config, &in, &to, out, why);
	if (err)
		return err;
	fy_fd_take(&in.fd);
	fy_fd_take(&to.fd);
	if (numbers[0] >= 0)
		fy_inherit_retire(numbers[0]);
	/* A socket may be both. */
	if (numbers[1] >= 0 && numbers[1] != numbers[0])
		fy_inherit_retire(numbers[1]);
	return FERRY_OK;
}

const struct ferry_transport_ops fy_transport_pipe = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LOCAL | FERRY_CAP_STREAM |
		FERRY_CAP_ONE_WAY | FERRY_CAP_CLAIM,
	.scheme = "pipe",
	.dial = pipe_dial,
	FY_STREAM_OPS,
};
