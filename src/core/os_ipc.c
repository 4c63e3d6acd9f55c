/* SPDX-License-Identifier: MIT */
/* The part of the seam to the system that is about names and queues. */
#include "core/os.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Evaluates @call again while a signal interrupts it. */
#define RETRY(call)                                                            \
	__extension__({                                                        \
		__typeof__(call) got_;                                         \
		do                                                             \
			got_ = (call);                                         \
		while (got_ < 0 && errno == EINTR);                            \
		got_;                                                          \
	})

/* ---- files by name ---- */

int
fy_os_symlink(const char *text, const char *path)
{
	return symlink(text, path);
}

ssize_t
fy_os_readlink(const char *path, char *out, size_t bytes)
{
	return readlink(path, out, bytes);
}

int
fy_os_mkfifo(const char *path, mode_t mode)
{
	return mkfifo(path, mode);
}

int
fy_os_rmdir(const char *path)
{
	return rmdir(path);
}

int
fy_os_open_at(int dir, const char *name, int flags)
{
	return RETRY(openat(dir, name, flags | O_CLOEXEC));
}

int
fy_os_mkfifo_at(int dir, const char *name, mode_t mode)
{
	return mkfifoat(dir, name, mode);
}

int
fy_os_unlink_at(int dir, const char *name)
{
	return unlinkat(dir, name, 0);
}

DIR *
fy_os_list_open(int fd)
{
	return fdopendir(fd);
}

struct dirent *
fy_os_list_next(DIR *list)
{
	return readdir(list);
}

void
fy_os_list_close(DIR *list)
{
	(void)closedir(list);
}

int
fy_os_set_mtime(int fd, struct timespec when)
{
	const struct timespec times[2] = { { 0, UTIME_OMIT }, when };

	return futimens(fd, times);
}

int
fy_os_birth(int fd, struct timespec *out)
{
	struct statx st = { 0 };

	/* A filter that knows no statx says EPERM. */
	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) < 0 &&
	    errno != ENOSYS && errno != EPERM)
		return -1;
	out->tv_sec = 0;
	out->tv_nsec = 0;
	if (st.stx_mask & STATX_BTIME) {
		out->tv_sec = (time_t)st.stx_btime.tv_sec;
		out->tv_nsec = (long)st.stx_btime.tv_nsec;
	}
	return 0;
}

int
fy_os_fchmod(int fd, mode_t mode)
{
	return fchmod(fd, mode);
}

int
fy_os_chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

int
fy_os_fchown(int fd, uid_t uid, gid_t gid)
{
	return fchownat(fd, "", uid, gid, AT_EMPTY_PATH);
}

int
fy_os_lchown(const char *path, uid_t uid, gid_t gid)
{
	return lchown(path, uid, gid);
}

int
fy_os_ftruncate(int fd, off_t bytes)
{
	return RETRY(ftruncate(fd, bytes));
}

static struct flock
one_byte(short type, off_t at)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = at,
		.l_len = 1,
	};
}

int
fy_os_lock_byte(int fd, off_t at)
{
	struct flock lock = one_byte(F_WRLCK, at);

	return fcntl(fd, F_OFD_SETLK, &lock);
}

int
fy_os_unlock_byte(int fd, off_t at)
{
	struct flock lock = one_byte(F_UNLCK, at);

	return fcntl(fd, F_OFD_SETLK, &lock);
}

int
fy_os_is_byte_locked(int fd, off_t at)
{
	struct flock lock = one_byte(F_WRLCK, at);

	if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}

int
fy_os_getrlimit(int resource, struct rlimit *out)
{
	return getrlimit((__rlimit_resource_t)resource, out);
}

/* ---- memory that has a descriptor ---- */

/* MFD_NOEXEC_SEAL of Linux 6.3, which older headers lack. */
#define FY_MFD_NOEXEC_SEAL 8u

int
fy_os_memfd(const char *name)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | FY_MFD_NOEXEC_SEAL);

	return fd < 0 && errno == EINVAL ? memfd_create(name, flags) : fd;
}

int
fy_os_add_seals(int fd, int seals)
{
	return fcntl(fd, F_ADD_SEALS, seals);
}

int
fy_os_get_seals(int fd)
{
	return fcntl(fd, F_GET_SEALS);
}

int
fy_os_fs_magic(int fd, unsigned long *out)
{
	struct statfs fs;
	int result = RETRY(fstatfs(fd, &fs));

	if (result == 0)
		*out = (unsigned long)fs.f_type;
	return result;
}

int
fy_os_grow(int fd, size_t bytes)
{
	struct rlimit most;

	/* Past it the kernel would send the signal as well. */
	if (getrlimit(RLIMIT_FSIZE, &most) == 0 && bytes > most.rlim_cur) {
		errno = EFBIG;
		return -1;
	}
	return RETRY(fallocate(fd, 0, 0, (off_t)bytes));
}

void *
fy_os_map_shared(int fd, off_t offset, size_t bytes)
{
	void *mem = mmap(NULL, bytes, PROT_NONE, MAP_SHARED, fd, offset);

	return mem == MAP_FAILED ? NULL : mem;
}

int
fy_os_allow(void *mem, size_t bytes)
{
	return mprotect(mem, bytes, PROT_READ | PROT_WRITE);
}

void
fy_os_unmap(void *mem, size_t bytes)
{
	(void)munmap(mem, bytes);
}

void *
fy_os_reserve(size_t bytes)
{
	void *mem = mmap(NULL, bytes, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

int
fy_os_map_over(void *mem, size_t bytes, int prot, int fd, off_t offset)
{
	void *got = mmap(mem, bytes, prot, MAP_SHARED | MAP_FIXED, fd, offset);

	return got == MAP_FAILED ? -1 : 0;
}

/* Of Linux 5.14, which older headers lack. */
#define POPULATE_READ 22
#define POPULATE_WRITE 23

void
fy_os_prefault(void *mem, size_t bytes, int prot)
{
	(void)madvise(mem, bytes,
		      prot & PROT_WRITE ? POPULATE_WRITE : POPULATE_READ);
}

int
fy_os_map_not_inherited(void *mem, size_t bytes)
{
	return madvise(mem, bytes, MADV_DONTFORK);
}

void *
fy_os_map_wiped(size_t bytes)
{
	void *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return NULL;
	if (madvise(mem, bytes, MADV_WIPEONFORK) == 0)
		return mem;
	(void)munmap(mem, bytes);
	return NULL;
}

/* ---- POSIX message queues ---- */

mqd_t
fy_os_mq_open(const char *name, int flags, mode_t mode, struct mq_attr *attr)
{
	return mq_open(name, flags | O_CLOEXEC, mode, attr);
}

int
fy_os_mq_unlink(const char *name)
{
	return mq_unlink(name);
}

int
fy_os_mq_getattr(mqd_t q, struct mq_attr *out)
{
	return mq_getattr(q, out);
}

int
fy_os_mq_send(mqd_t q, const void *buf, size_t bytes, unsigned int priority)
{
	return RETRY(mq_send(q, buf, bytes, priority));
}

ssize_t
fy_os_mq_receive(mqd_t q, void *buf, size_t bytes, unsigned int *priority)
{
	return RETRY(mq_receive(q, buf, bytes, priority));
}

/*
 * The one time that has passed by any clock: no jump of CLOCK_REALTIME can make
 * these wait.
 */
static const struct timespec long_ago = { 0, 0 };

static int
as_eagain(int result)
{
	if (result < 0 && errno == ETIMEDOUT)
		errno = EAGAIN;
	return result;
}

int
fy_os_mq_try_send(mqd_t q, const void *buf, size_t bytes, unsigned int priority)
{
	return as_eagain(
		RETRY(mq_timedsend(q, buf, bytes, priority, &long_ago)));
}

ssize_t
fy_os_mq_try_receive(mqd_t q, void *buf, size_t bytes, unsigned int *priority)
{
	return as_eagain((int)RETRY(
		mq_timedreceive(q, buf, bytes, priority, &long_ago)));
}

/* ---- System V message queues ---- */

int
fy_os_msgget(key_t key, int flags)
{
	return msgget(key, flags);
}

int
fy_os_msgsnd(int id, const void *msg, size_t bytes, int flags)
{
	return RETRY(msgsnd(id, msg, bytes, flags));
}

ssize_t
fy_os_msgrcv(int id, void *msg, size_t bytes, long type, int flags)
{
	return RETRY(msgrcv(id, msg, bytes, type, flags));
}

int
fy_os_msgctl(int id, int command, struct msqid_ds *ds)
{
	return msgctl(id, command, ds);
}

/* ---- users and groups ---- */

/* More than any entry that a name service was seen to give. */
#define ENTRY_MOST (1 << 20)

/* As getpwnam_r and getgrnam_r: @found, 0 with none, or an error. */
typedef int find_entry(const char *name, char *buf, size_t bytes, bool *found,
		       uint32_t *id);

static int
find_user(const char *name, char *buf, size_t bytes, bool *found, uint32_t *id)
{
	struct passwd room, *entry = NULL;
	int error = getpwnam_r(name, &room, buf, bytes, &entry);

	*found = entry;
	if (entry)
		*id = entry->pw_uid;
	return error;
}

static int
find_group(const char *name, char *buf, size_t bytes, bool *found, uint32_t *id)
{
	struct group room, *entry = NULL;
	int error = getgrnam_r(name, &room, buf, bytes, &entry);

	*found = entry;
	if (entry)
		*id = entry->gr_gid;
	return error;
}

/* The libraries do not agree on how they say that there is none. */
static bool
means_none(int error)
{
	return error == 0 || error == ENOENT || error == ESRCH ||
	       error == EBADF || error == EPERM;
}

/* The entries go to pages of their own: the library's memory has hooks. */
static int
find(find_entry *look, const char *name, uint32_t *out)
{
	bool found = false;
	int error = ERANGE;

	for (size_t bytes = 1024; error == ERANGE && bytes <= ENTRY_MOST;
	     bytes *= 4) {
		char *buf = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (buf == MAP_FAILED)
			return -1;
		do
			error = look(name, buf, bytes, &found, out);
		while (error == EINTR);
		(void)munmap(buf, bytes);
	}
	if (found)
		return 0;
	errno = means_none(error) ? ENOENT : error;
	return -1;
}

int
fy_os_user_id(const char *name, uint32_t *out)
{
	return find(find_user, name, out);
}

int
fy_os_group_id(const char *name, uint32_t *out)
{
	return find(find_group, name, out);
}
