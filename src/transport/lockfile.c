/* SPDX-License-Identifier: MIT */
#include "transport/lockfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>

#include "core/compiler.h"
#include "core/fd.h"
#include "core/os.h"

struct lock_path {
	char text[PATH_MAX];
};

static bool
path_of(const char *path, struct lock_path *out)
{
	int n = snprintf(out->text, sizeof(out->text), "%s" FY_LOCKFILE_SUFFIX, path);

	return n > 0 && (size_t)n < sizeof(out->text);
}

/*
 * Whether @fd is an empty file of this user's, and still the one of that name:
 * whoever held the lock before may have removed it.
 */
static bool
is_ours(int fd, const char *path)
{
	struct stat locked, named = { .st_ino = 0 };

	if (fy_os_fstat(fd, &locked) < 0)
		return false;
	errno = EEXIST;
	if (!S_ISREG(locked.st_mode) || locked.st_size != 0 ||
	    locked.st_uid != fy_os_geteuid())
		return false;
	if (fy_os_lstat(path, &named) < 0 && errno != ENOENT)
		return false;
	errno = EAGAIN;
	return locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

/* Opens it, or makes it. */
static int
open_lock(const char *path)
{
	struct stat st;
	int fd = fy_os_open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK,
			    0600);

	/* It is the folder that refuses, or what another user has put there. */
	if (fd < 0 && errno == EACCES)
		errno = fy_os_lstat(path, &st) == 0 ? EEXIST : EACCES;
	return fd;
}

bool
fy_lockfile_take(struct fy_lockfile *out, const char *path)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct lock_path lock;

	errno = ENAMETOOLONG;
	if (!path_of(path, &lock))
		return false;
	fd = open_lock(lock.text);
	if (fd < 0 || fy_os_flock(fd, LOCK_EX | LOCK_NB) < 0 ||
	    !is_ours(fd, lock.text))
		return false;
	*out = (struct fy_lockfile){ path, fy_fd_take(&fd) };
	return true;
}

void
fy_lockfile_give(struct fy_lockfile *lock)
{
	struct lock_path path;

	/* Removed while it is locked, or it might be another's by then. */
	if (lock->fd >= 0 && path_of(lock->path, &path))
		(void)fy_os_unlink(path.text);
	fy_fd_close(&lock->fd);
}
