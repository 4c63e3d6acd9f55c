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

ssize_t
fy_pipe_read(struct fy_stream *s, void *buf, size_t bytes)
{
	return fy_os_read(s->fd_in, buf, bytes);
}

ssize_t
fy_pipe_write(struct fy_stream *s, const void *buf, size_t bytes)
{
	struct fy_pipe *pipe = FY_CONTAINER(s, struct fy_pipe, stream);
	ssize_t n;

	if (!pipe->masks) {
		n = fy_os_write_nosignal(s->fd_out, buf, bytes);
		if (n >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS))
			return n;
		pipe->masks = true;
	}
	return fy_os_write_masked(s->fd_out, buf, bytes);
}

int
fy_pipe_finish(struct fy_stream *s)
{
	fy_fd_close(&s->fd_out);
	return 0;
}

void
fy_pipe_close(struct fy_stream *s)
{
	fy_fd_close(&s->fd_in);
	fy_fd_close(&s->fd_out);
}

static const struct fy_byte_ops pipe_bytes = {
	.read = fy_pipe_read,
	.write = fy_pipe_write,
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

/*
 * A description of our own of the pipe at @fd: O_NONBLOCK on the one that was
 * inherited would be felt by every process that shares it. Sockets, and pipes
 * of another user, have but the one.
 */
static ferry_err
make_nonblocking(int *fd, int mode, struct ferry_error *why)
{
	char path[32];
	int own, flags;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", *fd);
	own = fy_os_open(path, mode | O_NONBLOCK, 0);
	if (own >= 0) {
		fy_os_close(*fd);
		*fd = own;
		return FERRY_OK;
	}
	flags = fy_os_get_flags(*fd);
	if (flags < 0 || fy_os_set_flags(*fd, flags | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "set O_NONBLOCK");
	return FERRY_OK;
}

/* A copy of descriptor @number that never blocks. @mode: O_RDONLY, O_WRONLY */
static ferry_err
open_end(int number, int mode, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct stat st;
	int flags;
	ferry_err err;

	err = fy_inherit_dup(number, &fd, why);
	if (err)
		return err;
	flags = fy_os_get_flags(fd);
	if (flags < 0 || fy_os_fstat(fd, &st) < 0)
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
	err = make_nonblocking(&fd, mode, why);
	if (!err)
		*out = fy_fd_take(&fd);
	return err;
}

static ferry_err
new_link(const struct ferry_link_config *config, const int fds[2],
	 struct ferry_link **out, struct ferry_error *why)
{
	struct fy_pipe *pipe = fy_zalloc(config->hooks, sizeof(*pipe));

	if (!pipe)
		return fy_fail_memory(why, sizeof(*pipe));
	fy_stream_init(&pipe->stream, &fy_transport_pipe, config, &pipe_bytes,
		       fds);
	(void)snprintf(pipe->stream.peer.text, sizeof(pipe->stream.peer.text),
		       "the other end of a pipe");
	*out = &pipe->stream.link;
	return FERRY_OK;
}

static ferry_err
pipe_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd_in = -1;
	FY_CLEANUP(fy_fd_close) int fd_out = -1;
	int numbers[2] = { -1, -1 };
	ferry_err err;

	(void)until;
	err = parse(addr, numbers, why);
	if (!err && numbers[0] >= 0)
		err = open_end(numbers[0], O_RDONLY, &fd_in, why);
	if (!err && numbers[1] >= 0)
		err = open_end(numbers[1], O_WRONLY, &fd_out, why);
	if (!err)
		err = new_link(config, (int[]){ fd_in, fd_out }, out, why);
	if (err)
		return err;
	fy_fd_take(&fd_in);
	fy_fd_take(&fd_out);
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
