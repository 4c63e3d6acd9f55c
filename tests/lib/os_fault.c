/* SPDX-License-Identifier: MIT */
/* meson.build compiles core/os.c a second time, with fy_real_ for fy_os_. */
#include "os_fault.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "core/os.h"

/* The one state of a program: the seam has no argument for it. */
static struct fy_os_fault current;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint counts[FY_OS_N_CALLS];

static struct fy_os_fault
what_fails(void)
{
	struct fy_os_fault fault;

	pthread_mutex_lock(&lock);
	fault = current;
	pthread_mutex_unlock(&lock);
	return fault;
}

void
fy_os_fault_set(const struct fy_os_fault *what)
{
	for (int i = 0; i < FY_OS_N_CALLS; i++)
		atomic_store(&counts[i], 0);
	pthread_mutex_lock(&lock);
	current = *what;
	pthread_mutex_unlock(&lock);
}

void
fy_os_fault_clear(void)
{
	fy_os_fault_set(&(struct fy_os_fault){ .at = 0 });
}

uint32_t
fy_os_fault_count(enum fy_os_call call)
{
	return atomic_load(&counts[call]);
}

static bool
fails(enum fy_os_call call)
{
	uint32_t any = atomic_fetch_add(&counts[FY_OS_any], 1) + 1;
	uint32_t own = atomic_fetch_add(&counts[call], 1) + 1;
	const struct fy_os_fault fault = what_fails();
	uint32_t n = fault.call == FY_OS_any ? any : own;

	if (fault.at == 0 || (fault.call != FY_OS_any && fault.call != call))
		return false;
	if (n != fault.at && !(fault.for_ever && n > fault.at))
		return false;
	if (fault.signal) {
		raise(fault.signal);
		return false;
	}
	errno = fault.error;
	return true;
}

static size_t
at_most(size_t bytes)
{
	const struct fy_os_fault fault = what_fails();

	return fault.io_most && bytes > fault.io_most ? fault.io_most : bytes;
}

static bool
is_cut(void)
{
	return what_fails().io_most > 0;
}

/* The first piece alone, in @first, where not all may move. */
static const struct iovec *
cut(const struct iovec *iov, struct iovec *first)
{
	if (!is_cut())
		return iov;
	*first = (struct iovec){ iov->iov_base, at_most(iov->iov_len) };
	return first;
}

#define WRAP(type, name, parameters, arguments)                                \
	extern __typeof__(fy_os_##name) fy_real_##name;                        \
	type fy_os_##name parameters                                           \
	{                                                                      \
		if (fails(FY_OS_##name))                                       \
			return -1;                                             \
		return fy_real_##name arguments;                               \
	}

/* What never fails. */
#define PASS(type, name, parameters, arguments)                                \
	extern __typeof__(fy_os_##name) fy_real_##name;                        \
	type fy_os_##name parameters { return fy_real_##name arguments; }

WRAP(int, open, (const char *path, int flags, mode_t mode),
     (path, flags, mode))
PASS(int, close, (int fd), (fd))
WRAP(ssize_t, read, (int fd, void *buf, size_t bytes),
     (fd, buf, at_most(bytes)))
WRAP(ssize_t, write, (int fd, const void *buf, size_t bytes),
     (fd, buf, at_most(bytes)))
WRAP(ssize_t, write_nosignal, (int fd, const void *buf, size_t bytes),
     (fd, buf, at_most(bytes)))
WRAP(ssize_t, writev_nosignal, (int fd, const struct iovec *iov, int n),
     (fd, cut(iov, &(struct iovec){ NULL, 0 }), is_cut() ? 1 : n))
WRAP(ssize_t, write_masked, (int fd, const void *buf, size_t bytes),
     (fd, buf, at_most(bytes)))
WRAP(ssize_t, pread, (int fd, void *buf, size_t bytes, off_t offset),
     (fd, buf, bytes, offset))
WRAP(int, fstat, (int fd, struct stat *out), (fd, out))
WRAP(int, lstat, (const char *path, struct stat *out), (path, out))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, unlink, (const char *path), (path))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, flock, (int fd, int operation), (fd, operation))
WRAP(int, get_flags, (int fd), (fd))
WRAP(int, set_flags, (int fd, int flags), (fd, flags))
WRAP(int, dup, (int fd, int lowest), (fd, lowest))
WRAP(int, dup_over, (int fd, int target), (fd, target))
WRAP(int, pipe_widen, (int fd, int bytes), (fd, bytes))
WRAP(int, pipe, (int fds[2], int flags), (fds, flags))
WRAP(int, eventfd, (unsigned int count, int flags), (count, flags))
WRAP(int, timerfd, (void), ())
WRAP(int, timerfd_set, (int fd, struct ferry_deadline at), (fd, at))
WRAP(int, poll, (struct pollfd * fds, nfds_t n, struct ferry_deadline until),
     (fds, n, until))
WRAP(int, epoll_create, (void), ())
WRAP(int, epoll_ctl, (int epfd, int op, int fd, struct epoll_event *event),
     (epfd, op, fd, event))
WRAP(int, epoll_wait,
     (int epfd, struct epoll_event *events, int max,
      struct ferry_deadline until),
     (epfd, events, max, until))
WRAP(int, futex_wait,
     (const uint32_t *word, uint32_t expected, struct ferry_deadline until),
     (word, expected, until))
PASS(int, futex_wake, (const uint32_t *word, int n), (word, n))
WRAP(int, futex_wait_shared,
     (const uint32_t *word, uint32_t expected, struct ferry_deadline until),
     (word, expected, until))
PASS(int, futex_wake_shared, (const uint32_t *word, int n), (word, n))
WRAP(int, futex_wait_any,
     (const struct fy_os_futex *words, unsigned int n,
      struct ferry_deadline until),
     (words, n, until))
PASS(pid_t, thread_id, (void), ())
WRAP(int, robust_list, (void *head, size_t bytes), (head, bytes))
PASS(uint32_t, cpu, (void), ())
WRAP(int, socket, (int domain, int type, int protocol),
     (domain, type, protocol))
WRAP(int, socketpair, (int domain, int type, int fds[2]), (domain, type, fds))
WRAP(int, bind, (int fd, const struct sockaddr *addr, socklen_t bytes),
     (fd, addr, bytes))
WRAP(int, listen, (int fd, int backlog), (fd, backlog))
WRAP(int, accept, (int fd, struct sockaddr *addr, socklen_t *bytes, int flags),
     (fd, addr, bytes, flags))
WRAP(int, connect, (int fd, const struct sockaddr *addr, socklen_t bytes),
     (fd, addr, bytes))
WRAP(int, getsockopt,
     (int fd, int level, int name, void *out, socklen_t *bytes),
     (fd, level, name, out, bytes))
WRAP(int, setsockopt,
     (int fd, int level, int name, const void *value, socklen_t bytes),
     (fd, level, name, value, bytes))
WRAP(int, getsockname, (int fd, struct sockaddr *addr, socklen_t *bytes),
     (fd, addr, bytes))
WRAP(int, getpeername, (int fd, struct sockaddr *addr, socklen_t *bytes),
     (fd, addr, bytes))
WRAP(ssize_t, send, (int fd, const void *buf, size_t bytes, int flags),
     (fd, buf, at_most(bytes), flags))
WRAP(ssize_t, recv, (int fd, void *buf, size_t bytes, int flags),
     (fd, buf, at_most(bytes), flags))
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *msg, int flags),
     (fd, msg, flags))
WRAP(ssize_t, recvmsg, (int fd, struct msghdr *msg, int flags),
     (fd, msg, flags))
WRAP(int, shutdown, (int fd, int how), (fd, how))
WRAP(int, symlink, (const char *text, const char *path), (text, path))
WRAP(ssize_t, readlink, (const char *path, char *out, size_t bytes),
     (path, out, bytes))
WRAP(int, mkfifo, (const char *path, mode_t mode), (path, mode))
WRAP(int, rmdir, (const char *path), (path))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, chmod, (const char *path, mode_t mode), (path, mode))
WRAP(int, open_at, (int dir, const char *name, int flags), (dir, name, flags))
WRAP(int, mkfifo_at, (int dir, const char *name, mode_t mode),
     (dir, name, mode))
WRAP(int, unlink_at, (int dir, const char *name), (dir, name))
WRAP(int, set_mtime, (int fd, struct timespec when), (fd, when))
WRAP(int, birth, (int fd, struct timespec *out), (fd, out))
WRAP(int, fchown, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
WRAP(int, group_id, (const char *name, gid_t *out), (name, out))
WRAP(int, lchown, (const char *path, uid_t uid, gid_t gid), (path, uid, gid))
WRAP(int, ftruncate, (int fd, off_t bytes), (fd, bytes))
WRAP(int, grow, (int fd, size_t bytes), (fd, bytes))
WRAP(int, allow, (void *mem, size_t bytes), (mem, bytes))
WRAP(int, memfd, (const char *name), (name))
WRAP(int, add_seals, (int fd, int seals), (fd, seals))
WRAP(int, get_seals, (int fd), (fd))
WRAP(int, fs_magic, (int fd, unsigned long *out), (fd, out))
WRAP(int, map_over, (void *mem, size_t bytes, int prot, int fd, off_t offset),
     (mem, bytes, prot, fd, offset))
WRAP(int, map_not_inherited, (void *mem, size_t bytes), (mem, bytes))
WRAP(mqd_t, mq_open,
     (const char *name, int flags, mode_t mode, struct mq_attr *attr),
     (name, flags, mode, attr))
WRAP(int, mq_unlink, (const char *name), (name))
WRAP(int, mq_getattr, (mqd_t q, struct mq_attr *out), (q, out))
WRAP(int, mq_send,
     (mqd_t q, const void *buf, size_t bytes, unsigned int priority),
     (q, buf, bytes, priority))
WRAP(int, mq_try_send,
     (mqd_t q, const void *buf, size_t bytes, unsigned int priority),
     (q, buf, bytes, priority))
WRAP(ssize_t, mq_try_receive,
     (mqd_t q, void *buf, size_t bytes, unsigned int *priority),
     (q, buf, bytes, priority))
WRAP(int, lock_byte, (int fd, off_t at), (fd, at))
WRAP(int, unlock_byte, (int fd, off_t at), (fd, at))
WRAP(int, is_byte_locked, (int fd, off_t at), (fd, at))
WRAP(int, getrlimit, (int resource, struct rlimit *out), (resource, out))
WRAP(ssize_t, mq_receive,
     (mqd_t q, void *buf, size_t bytes, unsigned int *priority),
     (q, buf, bytes, priority))
WRAP(int, msgget, (key_t key, int flags), (key, flags))
WRAP(int, msgsnd, (int id, const void *msg, size_t bytes, int flags),
     (id, msg, bytes, flags))
WRAP(ssize_t, msgrcv, (int id, void *msg, size_t bytes, long type, int flags),
     (id, msg, bytes, type, flags))
WRAP(int, msgctl, (int id, int command, struct msqid_ds *ds),
     (id, command, ds))
PASS(pid_t, getpid, (void), ())
PASS(uid_t, geteuid, (void), ())
PASS(gid_t, getegid, (void), ())
WRAP(int, user_id, (const char *name, uid_t *out), (name, out))
WRAP(int, spawn, (pid_t * out, char *const argv[], const int fds[3]),
     (out, argv, fds))
WRAP(int, spawn_group,
     (pid_t * out, char *const argv[], char *const env[], const int fds[2]),
     (out, argv, env, fds))
WRAP(pid_t, waitpid, (pid_t pid, int *status, int flags), (pid, status, flags))
WRAP(int, kill, (pid_t pid, int signal), (pid, signal))
WRAP(int, pidfd_open, (pid_t pid), (pid))
WRAP(int, pidfd_kill, (int pidfd, int signal), (pidfd, signal))
WRAP(int, pidfd_wait, (int pidfd, int *status, int flags),
     (pidfd, status, flags))
WRAP(int, thread_start, (pthread_t * out, void *(*run)(void *), void *arg),
     (out, run, arg))
/* Of a thread that was started and not joined it does not fail. */
PASS(int, thread_join, (pthread_t thread), (thread))
WRAP(int, at_fork, (void (*in_child)(void)), (in_child))
PASS(int64_t, now_ns, (void), ())
PASS(int64_t, coarse_ns, (void), ())
WRAP(int, random, (void *buf, size_t bytes), (buf, bytes))

extern __typeof__(fy_os_real_ns) fy_real_real_ns;

int64_t
fy_os_real_ns(void)
{
	return fy_real_real_ns() + what_fails().real_jump_ns;
}

extern __typeof__(fy_os_map_shared) fy_real_map_shared;

void *
fy_os_map_shared(int fd, off_t offset, size_t bytes)
{
	return fails(FY_OS_map_shared) ? NULL
				       : fy_real_map_shared(fd, offset, bytes);
}

extern __typeof__(fy_os_reserve) fy_real_reserve;

void *
fy_os_reserve(size_t bytes)
{
	return fails(FY_OS_reserve) ? NULL : fy_real_reserve(bytes);
}

extern __typeof__(fy_os_list_open) fy_real_list_open;

DIR *
fy_os_list_open(int fd)
{
	return fails(FY_OS_list_open) ? NULL : fy_real_list_open(fd);
}

extern __typeof__(fy_os_list_next) fy_real_list_next;

struct dirent *
fy_os_list_next(DIR *list)
{
	return fy_real_list_next(list);
}

extern __typeof__(fy_os_list_close) fy_real_list_close;

void
fy_os_list_close(DIR *list)
{
	fy_real_list_close(list);
}

extern __typeof__(fy_os_map_wiped) fy_real_map_wiped;

/* Once in a process: a count of calls would differ from run to run. */
void *
fy_os_map_wiped(size_t bytes)
{
	return fy_real_map_wiped(bytes);
}

extern __typeof__(fy_os_eventfd_ring) fy_real_eventfd_ring;

void
fy_os_eventfd_ring(int fd)
{
	fy_real_eventfd_ring(fd);
}

extern __typeof__(fy_os_unmap) fy_real_unmap;

void
fy_os_unmap(void *mem, size_t bytes)
{
	fy_real_unmap(mem, bytes);
}

extern __typeof__(fy_os_prefault) fy_real_prefault;

void
fy_os_prefault(void *mem, size_t bytes, int prot)
{
	fy_real_prefault(mem, bytes, prot);
}

extern __typeof__(fy_os_yield) fy_real_yield;

void
fy_os_yield(void)
{
	fy_real_yield();
}

extern __typeof__(fy_os_thread_detach) fy_real_thread_detach;

void
fy_os_thread_detach(pthread_t thread)
{
	fy_real_thread_detach(thread);
}

extern __typeof__(fy_os_getaddrinfo) fy_real_getaddrinfo;

int
fy_os_getaddrinfo(const char *host, const char *service,
		  const struct addrinfo *hints, struct addrinfo **out)
{
	const struct fy_os_fault fault = what_fails();
	char byte;

	if (fault.lookup_gate > 0 && !(hints->ai_flags & AI_NUMERICHOST))
		(void)!fy_real_read(fault.lookup_gate, &byte, 1);
	if (fails(FY_OS_getaddrinfo))
		return EAI_SYSTEM;
	return fy_real_getaddrinfo(host, service, hints, out);
}

extern __typeof__(fy_os_freeaddrinfo) fy_real_freeaddrinfo;

void
fy_os_freeaddrinfo(struct addrinfo *list)
{
	fy_real_freeaddrinfo(list);
}
