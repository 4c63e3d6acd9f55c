/* SPDX-License-Identifier: MIT */
/*
 * exec:CMD ARGS: starts a command, whose standard input and output are the
 * link. The way to a child of one's own, or through ssh to another machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/body.h"
#include "transport/ops.h"
#include "transport/pipe.h"
#include "transport/words.h"

/* A child has so long to end by itself, then after SIGTERM, after SIGKILL. */
#define END_MS 500
#define TERM_MS 200
#define KILL_MS 300

/*
 * @pidfd: readable when the child has ended
 * @owner: the process that waits for it; a fork of that one must not
 */
struct exec_link {
	struct fy_pipe pipe;
	pid_t child;
	int pidfd;
	pid_t owner;
};

/* 1: the child has ended, 0: not within @ms, -1: there is no telling. */
static int
wait_end(int pidfd, int64_t ms)
{
	struct pollfd ended = { pidfd, POLLIN, 0 };

	return fy_os_poll(&ended, 1, ferry_in_ms(ms));
}

/* Its input is closed, by which it should know. At most a second. */
static void
end_child(pid_t child, int pidfd)
{
	int ended = wait_end(pidfd, END_MS);

	if (ended <= 0) {
		(void)fy_os_kill(child, SIGTERM);
		ended = wait_end(pidfd, TERM_MS);
	}
	if (ended <= 0) {
		(void)fy_os_kill(child, SIGKILL);
		ended = wait_end(pidfd, KILL_MS);
	}
	/* What SIGKILL does not end hangs in the kernel: not to be awaited. */
	(void)fy_os_waitpid(child, NULL, ended == 0 ? WNOHANG : 0);
}

static void
exec_close(struct fy_stream *s)
{
	struct exec_link *link = FY_CONTAINER(s, struct exec_link, pipe.stream);

	fy_pipe_close(s);
	if (link->owner == fy_os_getpid())
		end_child(link->child, link->pidfd);
	fy_fd_close(&link->pidfd);
}

static const struct fy_byte_ops exec_bytes = {
	.read = fy_pipe_read,
	.write = fy_pipe_write,
	.finish = fy_pipe_finish,
	.close = exec_close,
};

/*
 * A pipe whose ends are above 2, so that they are not in the way of the
 * child's own 0 and 1. The end that is @ours does not block.
 */
static ferry_err
make_pipe(int fds[2], int ours, struct ferry_error *why)
{
	int flags;

	if (fy_os_pipe(fds, 0) < 0)
		return fy_fail_errno(why, "make a pipe");
	for (int i = 0; i < 2; i++) {
		int high;

		if (fds[i] > STDERR_FILENO)
			continue;
		high = fy_os_dup(fds[i], STDERR_FILENO + 1);
		if (high < 0)
			return fy_fail_errno(why, "copy a descriptor");
		fy_os_close(fds[i]);
		fds[i] = high;
	}
	flags = fy_os_get_flags(fds[ours]);
	if (flags < 0 || fy_os_set_flags(fds[ours], flags | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "set O_NONBLOCK");
	return FERRY_OK;
}

static void
close_pipe(int (*fds)[2])
{
	fy_fd_close(&(*fds)[0]);
	fy_fd_close(&(*fds)[1]);
}

static ferry_err
spawn(const struct ferry_hooks *hooks, const char *command, const int fds[2],
      pid_t *out, struct ferry_error *why)
{
	char **words;
	ferry_err err;

	err = fy_words_split(hooks, command, &words, why);
	if (err)
		return err;
	if (fy_os_spawn(out, words, fds[0], fds[1]) < 0) {
		if (errno == ENOENT || errno == ENOTDIR || errno == ENOEXEC)
			err = fy_fail_errno_as(why, FERRY_ECONNECT,
					       "run \"%.80s\"", words[0]);
		else
			err = fy_fail_errno(why, "run \"%.80s\"", words[0]);
	}
	fy_free(hooks, words);
	return err;
}

/* Starts the child; fills @link, which is zeroed, but for its stream. */
static ferry_err
start(struct exec_link *link, const struct ferry_hooks *hooks,
      const char *command, const int child_fds[2], struct ferry_error *why)
{
	pid_t child;
	ferry_err err;

	err = spawn(hooks, command, child_fds, &child, why);
	if (err)
		return err;
	link->pidfd = fy_os_pidfd_open(child);
	if (link->pidfd < 0) {
		err = fy_fail_errno(why, "watch the process %d", child);
		(void)fy_os_kill(child, SIGKILL);
		(void)fy_os_waitpid(child, NULL, 0);
		return err;
	}
	link->child = child;
	link->owner = fy_os_getpid();
	return FERRY_OK;
}

static void
describe_peer(struct exec_link *link, const char *command)
{
	struct ferry_peer *peer = &link->pipe.stream.peer;

	peer->has_pid = true;
	peer->pid = link->child;
	(void)snprintf(peer->text, sizeof(peer->text), "pid %d, %.60s",
		       link->child, command);
}

static ferry_err
exec_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	FY_CLEANUP(close_pipe) int to[2] = { -1, -1 };
	FY_CLEANUP(close_pipe) int from[2] = { -1, -1 };
	struct exec_link *link;
	ferry_err err;

	(void)until;
	err = fy_body_options(addr, why);
	if (!err)
		err = make_pipe(to, 1, why);
	if (!err)
		err = make_pipe(from, 0, why);
	if (err)
		return err;
	link = fy_zalloc(config->hooks, sizeof(*link));
	if (!link)
		return fy_fail_memory(why, sizeof(*link));
	err = start(link, config->hooks, addr->body,
		    (int[]){ to[0], from[1] }, why);
	if (err) {
		fy_free(config->hooks, link);
		return err;
	}
	fy_stream_init(&link->pipe.stream, &fy_transport_exec, config,
		       &exec_bytes,
		       (int[]){ fy_fd_take(&from[0]), fy_fd_take(&to[1]) });
	describe_peer(link, addr->body);
	*out = &link->pipe.stream.link;
	return FERRY_OK;
}

const struct ferry_transport_ops fy_transport_exec = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LOCAL | FERRY_CAP_STREAM |
		FERRY_CAP_PID | FERRY_CAP_CHILD,
	.scheme = "exec",
	.dial = exec_dial,
	FY_STREAM_OPS,
};
