/* SPDX-License-Identifier: MIT */
#include "transport/life.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

/* The fields of /proc/PID/stat that lie between its state and its start. */
#define FIELDS_TO_START 19

/* What /proc says of a process. */
struct seen {
	long pid;
	uint64_t start;
};

/* proc(5): "pid (name) state ...", where the name may hold anything. */
static bool
parse_stat(const char *text, struct seen *out)
{
	const char *at = strrchr(text, ')');
	char *end;

	out->pid = strtol(text, NULL, 10);
	for (int i = 0; at && i <= FIELDS_TO_START; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	out->start = strtoull(at, &end, 10);
	return end != at && *end == ' ';
}

/* -1 with errno, of the file @path in /proc. */
static int
read_stat(const char *path, struct seen *out)
{
	FY_CLEANUP(fy_fd_close) int fd = fy_os_open(path, O_RDONLY, 0);
	char text[1024];
	ssize_t n;

	if (fd < 0)
		return -1;
	n = fy_os_read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -1;
	text[n] = '\0';
	if (parse_stat(text, out))
		return 0;
	errno = EPROTO;
	return -1;
}

/* Without /proc peers cannot tell each other's end. */
FY_COLD static ferry_err
fail_proc(const char *path, struct ferry_error *why)
{
	if (errno == ENOENT)
		return fy_fail_errno_as(why, FERRY_ENOTSUP,
					"read %s: mount /proc", path);
	return fy_fail_errno(why, "read %s", path);
}

static ferry_err
own_pid_ns(uint64_t *out, struct ferry_error *why)
{
	static const char path[] = "/proc/self/ns/pid";
	FY_CLEANUP(fy_fd_close) int fd = fy_os_open(path, O_RDONLY, 0);
	struct stat st;

	if (fd < 0 || fy_os_fstat(fd, &st) < 0)
		return fail_proc(path, why);
	*out = st.st_ino;
	return FERRY_OK;
}

ferry_err
fy_life_self(struct fy_life *out, struct ferry_error *why)
{
	struct fy_life life = { .pid = fy_os_getpid() };
	ferry_err err = own_pid_ns(&life.pid_ns, why);
	struct seen seen;

	if (err)
		return err;
	if (read_stat("/proc/self/stat", &seen) < 0)
		return fail_proc("/proc/self/stat", why);
	/* A container can see the /proc of another pid namespace. */
	if (seen.pid != life.pid)
		return fy_fail(why, FERRY_ENOTSUP,
			       "/proc is not that of this process's pid "
			       "namespace: mount its own there");
	life.start = seen.start;
	*out = life;
	return FERRY_OK;
}

FY_COLD static ferry_err
fail_gone(const struct fy_life *life, struct ferry_error *why)
{
	return fy_fail(why, FERRY_ECONNECT, "the peer, process %d, has ended",
		       life->pid);
}

/* ESRCH: no such process. EINVAL: only a thread has the number by now. */
static bool
says_gone(int error)
{
	return error == ESRCH || error == EINVAL || error == ENOENT;
}

static bool
has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return fy_os_poll(&end, 1, FERRY_NOW) == 1;
}

/*
 * That the process behind @pidfd is the one of @life. Its number was the same
 * when the pidfd was opened and is so now; if it started when @life says, it
 * has had the number all the time.
 */
static ferry_err
compare_start(const struct fy_life *life, int pidfd, struct ferry_error *why)
{
	char path[32];
	struct seen seen;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", life->pid);
	if (read_stat(path, &seen) < 0) {
		int error = errno;

		if (has_ended(pidfd))
			return fail_gone(life, why);
		errno = error;
		/* Whose processes a mount of /proc hides, there is none. */
		if (error == ENOENT)
			return fy_fail_errno_as(why, FERRY_EACCES,
						"look at the peer in %s, which "
						"must not be hidden", path);
		return fy_fail_errno(why, "look at the peer in %s", path);
	}
	if (seen.start != life->start || has_ended(pidfd))
		return fail_gone(life, why);
	return FERRY_OK;
}

/* FERRY_ECONNECT: it has ended. */
static ferry_err
find(const struct fy_life *life, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int pidfd = -1;
	uint64_t pid_ns = 0;
	ferry_err err = own_pid_ns(&pid_ns, why);

	if (err)
		return err;
	if (life->pid <= 0 || life->pid_ns != pid_ns)
		return fy_fail(why, FERRY_ENOTSUP,
			       "the peer runs in another pid namespace: use a "
			       "unix: address");
	pidfd = fy_os_pidfd_open(life->pid);
	if (pidfd < 0) {
		if (says_gone(errno))
			return fail_gone(life, why);
		return fy_fail_errno(why, "watch process %d", life->pid);
	}
	err = compare_start(life, pidfd, why);
	if (!err)
		*out = fy_fd_take(&pidfd);
	return err;
}

static ferry_err
check_owner(const struct fy_life *life, uint32_t uid, struct ferry_error *why)
{
	char path[32];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/proc/%d", life->pid);
	if (fy_os_lstat(path, &st) < 0)
		return fail_gone(life, why);
	if (st.st_uid != uid)
		return fy_fail(why, FERRY_EACCES,
			       "the peer says that it is process %d, which is "
			       "uid %u's, not uid %u's", life->pid,
			       (unsigned int)st.st_uid, uid);
	return FERRY_OK;
}

ferry_err
fy_life_open(const struct fy_life *life, uint32_t uid, int *out,
	     struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int pidfd = -1;
	ferry_err err = find(life, &pidfd, why);

	if (!err)
		err = check_owner(life, uid, why);
	if (!err)
		*out = fy_fd_take(&pidfd);
	return err;
}

bool
fy_life_is_dead(const struct fy_life *life)
{
	FY_CLEANUP(fy_fd_close) int pidfd = -1;

	return find(life, &pidfd, NULL) == FERRY_ECONNECT;
}
