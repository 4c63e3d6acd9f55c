/* SPDX-License-Identifier: MIT */
#include "cli/piped.h"

#include <fcntl.h>
#include <signal.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

/* The end that is @ours does not block, the other one is the command's. */
static ferry_err
make_pipe(int fds[2], int ours, struct ferry_error *why)
{
	int flags;

	if (fy_os_pipe(fds, 0) < 0)
		return fy_fail_errno(why, "make a pipe");
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

/* The ends of its own are closed, so there is a descriptor for this. */
static ferry_err
watch(struct fy_piped *child, struct ferry_error *why)
{
	child->pidfd = fy_os_pidfd_open(child->pid);
	if (child->pidfd >= 0)
		return FERRY_OK;
	(void)fy_fail_errno(why, "watch the process %d", child->pid);
	(void)fy_os_kill(-child->pid, SIGKILL);
	(void)fy_os_waitpid(child->pid, NULL, 0);
	return FERRY_ESYS;
}

ferry_err
fy_piped_start(struct fy_piped *out, char *const argv[], char *const env[],
	       struct ferry_error *why)
{
	FY_CLEANUP(close_pipe) int to[2] = { -1, -1 };
	FY_CLEANUP(close_pipe) int from[2] = { -1, -1 };
	struct fy_piped child;
	ferry_err err = make_pipe(to, 1, why);

	if (!err)
		err = make_pipe(from, 0, why);
	if (err)
		return err;
	if (fy_os_spawn_group(&child.pid, argv, env,
			      (int[]){ to[0], from[1] }) < 0)
		return fy_fail_errno(why, "run %.100s", argv[0]);
	fy_fd_close(&to[0]);
	fy_fd_close(&from[1]);
	err = watch(&child, why);
	if (err)
		return err;
	child.in = fy_fd_take(&to[1]);
	child.out = fy_fd_take(&from[0]);
	*out = child;
	return FERRY_OK;
}

/* The first of a group can have gone into another one. */
void
fy_piped_signal(const struct fy_piped *child, int signal)
{
	if (fy_os_kill(-child->pid, signal) < 0 || signal == SIGKILL)
		(void)fy_os_pidfd_kill(child->pidfd, signal);
}
