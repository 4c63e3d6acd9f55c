/* SPDX-License-Identifier: MIT */
#include "transport/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"

/* A child has so long to end by itself, then after SIGTERM, after SIGKILL. */
#define END_MS 500
#define TERM_MS 200
#define KILL_MS 300
/* Between two calls of idle(). */
#define IDLE_MS 10

/*
 * ESRCH: it has ended, and as the program ignores SIGCHLD or waits for all,
 * nothing is left of it. What stands for it is readable at once.
 */
static int
open_pidfd(pid_t pid)
{
	int pidfd = fy_os_pidfd_open(pid);

	if (pidfd < 0 && errno == ESRCH)
		return fy_os_eventfd(1, EFD_NONBLOCK);
	return pidfd;
}

FY_COLD static ferry_err
fail_start(const char *command, struct ferry_error *why)
{
	if (errno == ENOENT || errno == ENOTDIR || errno == ENOEXEC)
		return fy_fail_errno_as(why, FERRY_ECONNECT, "run \"%.80s\"",
					command);
	return fy_fail_errno(why, "run \"%.80s\"", command);
}

ferry_err
fy_child_start(char *const argv[], const int fds[3], struct fy_child *out,
	       struct ferry_error *why)
{
	struct fy_child child = { .owner = fy_os_getpid() };
	ferry_err err;

	if (fy_os_spawn(&child.pid, argv, fds) < 0)
		return fail_start(argv[0], why);
	child.pidfd = open_pidfd(child.pid);
	if (child.pidfd >= 0) {
		*out = child;
		return FERRY_OK;
	}
	err = fy_fail_errno(why, "watch the process %d", child.pid);
	/* It has not been seen to end, so that the number is its own still. */
	(void)fy_os_kill(child.pid, SIGKILL);
	(void)fy_os_waitpid(child.pid, NULL, 0);
	return err;
}

/* 1: it has ended, 0: not by @until, -1: there is no telling. */
static int
wait_end(const struct fy_child *child, struct ferry_deadline until)
{
	struct pollfd ended = { child->pidfd, POLLIN, 0 };

	return fy_os_poll(&ended, 1, until);
}

bool
fy_child_wait(const struct fy_child *child, struct ferry_deadline until)
{
	return wait_end(child, until) > 0;
}

ferry_err
fy_child_status(const struct fy_child *child, int *out, struct ferry_error *why)
{
	if (!fy_child_wait(child, FERRY_NOW))
		return fy_fail(why, FERRY_EAGAIN, "process %d runs",
			       child->pid);
	if (fy_os_pidfd_wait(child->pidfd, out, WNOHANG | WNOWAIT) == 0)
		return FERRY_OK;
	/* EBADF: of what stands for one that had ended before. */
	if (errno == EBADF || errno == EINVAL)
		errno = ECHILD;
	if (errno == ECHILD)
		return fy_fail_errno_as(why, FERRY_ESYS,
					"tell how process %d ended, as the "
					"program ignores SIGCHLD or waits for "
					"all its children", child->pid);
	return fy_fail_errno(why, "ask how process %d ended", child->pid);
}

void
fy_child_describe(const struct fy_child *child, char *out, size_t bytes)
{
	int status;
	ferry_err err = fy_child_status(child, &status, NULL);

	if (err == FERRY_EAGAIN)
		(void)snprintf(out, bytes, "closed its output");
	else if (err)
		(void)snprintf(out, bytes, "ended");
	else if (WIFSIGNALED(status))
		(void)snprintf(out, bytes, "was killed by signal %d",
			       WTERMSIG(status));
	else
		(void)snprintf(out, bytes, "ended with status %d",
			       WEXITSTATUS(status));
}

/* As wait_end(). */
static int
wait_idly(const struct fy_child *child, int64_t ms, void (*idle)(void *ctx),
	  void *ctx)
{
	struct ferry_deadline until = ferry_in_ms(ms);
	int ended;

	if (!idle)
		return wait_end(child, until);
	do {
		idle(ctx);
		ended = wait_end(child, ferry_in_ms(IDLE_MS));
	} while (ended == 0 && !fy_deadline_passed(until));
	idle(ctx);
	return ended;
}

void
fy_child_end(struct fy_child *child, void (*idle)(void *ctx), void *ctx)
{
	int ended;

	if (child->owner != fy_os_getpid()) {
		fy_fd_close(&child->pidfd);
		return;
	}
	ended = wait_idly(child, END_MS, idle, ctx);
	if (ended <= 0) {
		(void)fy_os_pidfd_kill(child->pidfd, SIGTERM);
		ended = wait_idly(child, TERM_MS, idle, ctx);
	}
	if (ended <= 0) {
		(void)fy_os_pidfd_kill(child->pidfd, SIGKILL);
		ended = wait_idly(child, KILL_MS, idle, ctx);
	}
	/* What SIGKILL does not end hangs in the kernel: not to be awaited. */
	(void)fy_os_pidfd_wait(child->pidfd, NULL, ended == 0 ? WNOHANG : 0);
	fy_fd_close(&child->pidfd);
}
