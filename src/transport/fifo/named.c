/* SPDX-License-Identifier: MIT */
#include "transport/fifo/named.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/ops.h"
#include "transport/pipe.h"

/* How often a sender looks for a reader: doubled from the one to the other. */
#define LOOK_FIRST_MS 1
#define LOOK_MOST_MS  128

/*
 * read(2) says "the end" of a pipe that nobody has opened to write yet;
 * poll(2) says so only once a writer has come and gone.
 */
static ssize_t
named_read(struct fy_stream *s, void *buf, size_t bytes)
{
	for (;;) {
		struct pollfd ended = { s->fd_in, POLLIN, 0 };
		ssize_t n = fy_pipe_read(s, buf, bytes);

		if (n != 0)
			return n;
		if (fy_os_poll(&ended, 1, FERRY_NOW) < 0)
			return -1;
		if (ended.revents & POLLIN)
			continue; /* a writer has come in between */
		if (ended.revents & POLLHUP)
			return 0;
		errno = EAGAIN;
		return -1;
	}
}

static const struct fy_byte_ops named_bytes = {
	.read = named_read,
	.write = fy_pipe_write,
	.writev = fy_pipe_writev,
	.widen = fy_pipe_widen,
	.finish = fy_pipe_finish,
	.close = fy_pipe_close,
};

FY_COLD static ferry_err
fail_open(const char *path, struct ferry_error *why)
{
	switch (errno) {
	case ENOENT:
		return fy_fail_errno_as(why, FERRY_ECONNECT,
					"open the named pipe %.80s, which "
					"mkfifo(1) makes",
					path);
	case ENOTDIR:
	case EISDIR:
		return fy_fail_errno_as(why, FERRY_ECONNECT,
					"open the named pipe %.80s", path);
	case ELOOP:
		return fy_fail_errno_as(why, FERRY_EACCES,
					"open the named pipe %.80s, a symbolic "
					"link, which could lead anywhere",
					path);
	default:
		return fy_fail_errno(why, "open the named pipe %.80s", path);
	}
}

/* Waits a little longer each time; false: the deadline has passed. */
static bool
wait_to_look_again(int64_t *ms, struct ferry_deadline until)
{
	struct ferry_deadline look = ferry_in_ms(*ms);

	if (fy_deadline_passed(until))
		return false;
	(void)fy_os_poll(NULL, 0, look.ns < until.ns ? look : until);
	if (*ms < LOOK_MOST_MS)
		*ms *= 2;
	return true;
}

/*
 * There is no event for "a reader has come" that would not make this process a
 * reader itself, to whom others would write then: it has to be tried.
 */
static ferry_err
open_to_send(const char *path, struct ferry_deadline until, int *out,
	     struct ferry_error *why)
{
	int64_t ms = LOOK_FIRST_MS;
	int fd;

	do {
		fd = fy_os_open(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW, 0);
		if (fd >= 0) {
			*out = fd;
			return FERRY_OK;
		}
		if (errno != ENXIO)
			return fail_open(path, why);
	} while (wait_to_look_again(&ms, until));
	return fy_fail(
		why, until.ns == FERRY_NOW.ns ? FERRY_EAGAIN : FERRY_ETIMEDOUT,
		"nobody came to read from the named pipe %.80s before "
		"the deadline",
		path);
}

static ferry_err
open_to_receive(const char *path, int *out, struct ferry_error *why)
{
	int fd = fy_os_open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0);

	if (fd < 0)
		return fail_open(path, why);
	*out = fd;
	return FERRY_OK;
}

static void
name_peer(struct ferry_peer *peer, const struct stat *st)
{
	peer->has_ids = true;
	peer->uid = st->st_uid;
	peer->gid = FERRY_NO_GID;
	(void)snprintf(peer->text, sizeof(peer->text),
		       "a named pipe of uid %u, pid unknown", st->st_uid);
}

static ferry_err
new_link(const struct ferry_link_config *config, bool is_in, int fd,
	 const struct stat *st, struct ferry_link **out)
{
	struct fy_pipe *pipe = fy_zalloc(config->hooks, sizeof(*pipe));

	if (!pipe)
		return FERRY_ENOMEM;
	fy_stream_init(&pipe->stream, &fy_transport_fifo, config, &named_bytes,
		       (const int[]){ is_in ? fd : -1, is_in ? -1 : fd });
	name_peer(&pipe->stream.peer, st);
	pipe->stream.link.unguarded = true;
	*out = &pipe->stream.link;
	return FERRY_OK;
}

ferry_err
fy_named_open(const struct ferry_link_config *config, const char *path,
	      bool is_in, struct ferry_deadline until, struct ferry_link **out,
	      struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct stat st;
	ferry_err err = is_in ? open_to_receive(path, &fd, why)
			      : open_to_send(path, until, &fd, why);

	if (err)
		return err;
	if (fy_os_fstat(fd, &st) < 0)
		return fy_fail_errno(why, "look at %.80s", path);
	if (!S_ISFIFO(st.st_mode))
		return fy_fail(why, FERRY_ECONNECT,
			       "%.80s is no named pipe: remove it and make one "
			       "with mkfifo(1)",
			       path);
	if (new_link(config, is_in, fd, &st, out))
		return fy_fail_memory(why, sizeof(struct fy_pipe));
	fy_fd_take(&fd);
	return FERRY_OK;
}
