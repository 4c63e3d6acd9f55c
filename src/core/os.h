/* SPDX-License-Identifier: MIT */
/*
 * The seam to the operating system: every call that can wait or fail. Thin and
 * without state, so that a test build puts another file in the place of os.c
 * (tests/lib/os_fault.c) and makes any of them fail.
 *
 * Return values and errno are the system's, but: EINTR never shows (what was
 * interrupted is tried again with the time that is left); whatever makes a
 * descriptor makes it close-on-exec; what reports its error otherwise in libc
 * (threads, spawn) returns -1 and sets errno here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dirent.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <ferry/time.h>

/* ---- descriptors and files ---- */

int fy_os_open(const char *path, int flags, mode_t mode);
/* Whatever it returns, @fd is closed. */
int fy_os_close(int fd);
ssize_t fy_os_read(int fd, void *buf, size_t bytes);
ssize_t fy_os_write(int fd, const void *buf, size_t bytes);
/* As write, without SIGPIPE; EOPNOTSUPP where the kernel cannot promise it. */
ssize_t fy_os_write_nosignal(int fd, const void *buf, size_t bytes);
ssize_t fy_os_writev_nosignal(int fd, const struct iovec *iov, int n);
/* As write, and a SIGPIPE of its own is blocked and eaten: three calls more. */
ssize_t fy_os_write_masked(int fd, const void *buf, size_t bytes);
ssize_t fy_os_pread(int fd, void *buf, size_t bytes, off_t offset);
int fy_os_fstat(int fd, struct stat *out);
int fy_os_lstat(const char *path, struct stat *out);
int fy_os_mkdir(const char *path, mode_t mode);
int fy_os_rename(const char *from, const char *to);
int fy_os_unlink(const char *path);
int fy_os_symlink(const char *text, const char *path);
/* As readlink(2): no NUL is added. */
ssize_t fy_os_readlink(const char *path, char *out, size_t bytes);
int fy_os_mkfifo(const char *path, mode_t mode);
int fy_os_rmdir(const char *path);
/* @name: in the folder open at @dir, which O_PATH may have opened. */
int fy_os_open_at(int dir, const char *name, int flags);
int fy_os_mkfifo_at(int dir, const char *name, mode_t mode);
int fy_os_unlink_at(int dir, const char *name);
/* What is in the folder open at @fd, which is the list's if it succeeds. */
DIR *fy_os_list_open(int fd);
/* NULL at the end, or on an error, which ends it too. */
struct dirent *fy_os_list_next(DIR *list);
void fy_os_list_close(DIR *list);
/* When it was last written; the owner alone can say so. */
int fy_os_set_mtime(int fd, struct timespec when);
/* When it was made; 0 where that is not known. Takes what O_PATH opened. */
int fy_os_birth(int fd, struct timespec *out);
int fy_os_fchmod(int fd, mode_t mode);
/* Follows links. */
int fy_os_chmod(const char *path, mode_t mode);
/* -1 for an id that stays. Takes what O_PATH opened, too. */
int fy_os_fchown(int fd, uid_t uid, gid_t gid);
/* Does not. -1 for an id that stays. */
int fy_os_lchown(const char *path, uid_t uid, gid_t gid);
int fy_os_ftruncate(int fd, off_t bytes);
int fy_os_fsync(int fd);
/* @operation: LOCK_EX | LOCK_NB ... */
int fy_os_flock(int fd, int operation);
/*
 * Locks the byte at @at, which need not be there, for this opening of the file
 * (F_OFD_SETLK of fcntl(2)): until its last descriptor is closed. EAGAIN:
 * another opening has it.
 */
int fy_os_lock_byte(int fd, off_t at);
int fy_os_unlock_byte(int fd, off_t at);
/* 1: another opening has locked it; 0: none has. */
int fy_os_is_byte_locked(int fd, off_t at);
/* The status flags of open(2): O_ACCMODE, O_NONBLOCK ... */
int fy_os_get_flags(int fd);
int fy_os_set_flags(int fd, int flags);
/* A second descriptor of the same file, not below @lowest. */
int fy_os_dup(int fd, int lowest);
/* Makes @target, which is closed first, a copy of @fd that exec keeps. */
int fy_os_dup_over(int fd, int target);
/* [0] to read from, [1] to write to. @flags: O_NONBLOCK or 0. */
int fy_os_pipe(int fds[2], int flags);
/* The pipe at @fd holds at least @bytes, if the user may have as much. */
int fy_os_pipe_widen(int fd, int bytes);
/* @flags: EFD_NONBLOCK or 0. Rung by fy_os_write of a uint64_t. */
int fy_os_eventfd(unsigned int count, int flags);
/* Rings one with EFD_NONBLOCK. Does not fail: it can only be rung already. */
void fy_os_eventfd_ring(int fd);
/* Of CLOCK_MONOTONIC; never blocks. */
int fy_os_timerfd(void);
/* Readable from @at on, once, in the place of what was set before. */
int fy_os_timerfd_set(int fd, struct ferry_deadline at);

/* ---- waiting ---- */

/* FERRY_NOW looks once and does not wait. */
int fy_os_poll(struct pollfd *fds, nfds_t n, struct ferry_deadline until);
int fy_os_epoll_create(void);
int fy_os_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
int fy_os_epoll_wait(int epfd, struct epoll_event *events, int max,
		     struct ferry_deadline until);
/*
 * Sleeps while *@word is @expected, until woken or @until. Private to the
 * process. 0: woken, or for no reason; -1: EAGAIN (another value), ETIMEDOUT.
 */
int fy_os_futex_wait(const uint32_t *word, uint32_t expected,
		     struct ferry_deadline until);
/* Return: how many of at most @n were woken. */
int fy_os_futex_wake(const uint32_t *word, int n);
/* As the two above, of memory that processes share. */
int fy_os_futex_wait_shared(const uint32_t *word, uint32_t expected,
			    struct ferry_deadline until);
int fy_os_futex_wake_shared(const uint32_t *word, int n);

struct fy_os_futex {
	const uint32_t *word;
	uint32_t expected;
};
#define FY_OS_FUTEX_MOST 4

/*
 * Sleeps while each of @n words, which processes share, is what is expected of
 * it. Return: the index of one that was woken; -1: EAGAIN, ETIMEDOUT as above;
 * ENOSYS: before Linux 5.16; EPERM: a filter that knows no such call.
 */
int fy_os_futex_wait_any(const struct fy_os_futex *words, unsigned int n,
			 struct ferry_deadline until);

/* ---- sockets ---- */

/* @type may hold SOCK_NONBLOCK. */
int fy_os_socket(int domain, int type, int protocol);
int fy_os_socketpair(int domain, int type, int fds[2]);
int fy_os_bind(int fd, const struct sockaddr *addr, socklen_t bytes);
int fy_os_listen(int fd, int backlog);
/* @flags: SOCK_NONBLOCK or 0. @addr may be NULL. */
int fy_os_accept(int fd, struct sockaddr *addr, socklen_t *bytes, int flags);
/* An interrupted connect goes on by itself and shows as EINPROGRESS. */
int fy_os_connect(int fd, const struct sockaddr *addr, socklen_t bytes);
int fy_os_getsockopt(int fd, int level, int name, void *out, socklen_t *bytes);
int fy_os_setsockopt(int fd, int level, int name, const void *value,
		     socklen_t bytes);
int fy_os_getsockname(int fd, struct sockaddr *addr, socklen_t *bytes);
int fy_os_getpeername(int fd, struct sockaddr *addr, socklen_t *bytes);
/* MSG_NOSIGNAL always. */
ssize_t fy_os_sendmsg(int fd, const struct msghdr *msg, int flags);
/* MSG_CMSG_CLOEXEC always. */
ssize_t fy_os_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t fy_os_send(int fd, const void *buf, size_t bytes, int flags);
int fy_os_shutdown(int fd, int how);
ssize_t fy_os_recv(int fd, void *buf, size_t bytes, int flags);
/* Return: 0 or an EAI_ code, as getaddrinfo(3). May ask the network. */
int fy_os_getaddrinfo(const char *host, const char *service,
		      const struct addrinfo *hints, struct addrinfo **out);
void fy_os_freeaddrinfo(struct addrinfo *list);

/* ---- memory that has a descriptor ---- */

/* Takes seals, and no programs where the kernel knows how to refuse those. */
int fy_os_memfd(const char *name);
/* @seals: F_SEAL_SHRINK ... */
int fy_os_add_seals(int fd, int seals);
/* Those that it has; EINVAL: it is of a kind that cannot have any. */
int fy_os_get_seals(int fd);
/* TMPFS_MAGIC of linux/magic.h ... */
int fy_os_fs_magic(int fd, unsigned long *out);
/* To so many bytes, for which there is memory then; never by SIGXFSZ. */
int fy_os_grow(int fd, size_t bytes);
/* Maybe beyond the end; to be used as fy_os_allow() says; NULL on failure. */
void *fy_os_map_shared(int fd, off_t offset, size_t bytes);
/* From now on @bytes of @mem, from its start, are to be read and written. */
int fy_os_allow(void *mem, size_t bytes);
void fy_os_unmap(void *mem, size_t bytes);
/* Addresses alone, for fy_os_allow() and fy_os_map_over(); NULL on failure. */
void *fy_os_reserve(size_t bytes);
/* A part of a file, in the place of what is mapped. @prot: PROT_READ ... */
int fy_os_map_over(void *mem, size_t bytes, int prot, int fd, off_t offset);
/* What is mapped there is looked up now and not as it is used; a hint. */
void fy_os_prefault(void *mem, size_t bytes, int prot);
/* No child of fork(2) has it. */
int fy_os_map_not_inherited(void *mem, size_t bytes);
/* Zeroed memory that is zeroed again in every child; NULL: none to be had. */
void *fy_os_map_wiped(size_t bytes);

/* ---- message queues ---- */

/* @attr: with O_CREAT, or NULL. Whether one blocks is O_NONBLOCK of @flags. */
mqd_t fy_os_mq_open(const char *name, int flags, mode_t mode,
		    struct mq_attr *attr);
int fy_os_mq_unlink(const char *name);
int fy_os_mq_getattr(mqd_t q, struct mq_attr *out);
int fy_os_mq_send(mqd_t q, const void *buf, size_t bytes,
		  unsigned int priority);
/* @priority may be NULL. */
ssize_t fy_os_mq_receive(mqd_t q, void *buf, size_t bytes,
			 unsigned int *priority);
/* As the two above with O_NONBLOCK, of a queue that may block: EAGAIN. */
int fy_os_mq_try_send(mqd_t q, const void *buf, size_t bytes,
		      unsigned int priority);
ssize_t fy_os_mq_try_receive(mqd_t q, void *buf, size_t bytes,
			     unsigned int *priority);
int fy_os_msgget(key_t key, int flags);
/* @msg: a long, the type, and @bytes behind it; as for fy_os_msgrcv. */
int fy_os_msgsnd(int id, const void *msg, size_t bytes, int flags);
ssize_t fy_os_msgrcv(int id, void *msg, size_t bytes, long type, int flags);
int fy_os_msgctl(int id, int command, struct msqid_ds *ds);

/* ---- processes and threads ---- */

pid_t fy_os_getpid(void);
int fy_os_getrlimit(int resource, struct rlimit *out);
uid_t fy_os_geteuid(void);
gid_t fy_os_getegid(void);
/* -1 and ENOENT: there is none of that name. May ask the network. */
int fy_os_user_id(const char *name, uid_t *out);
int fy_os_group_id(const char *name, gid_t *out);
/*
 * Starts argv[0], looked up in PATH, with @fds (above 2, or -1 for the caller's
 * own) as its standard input, output and error output, default signals and an
 * empty signal mask. -1: it does not run, and errno is why: exec's errors are
 * among them.
 */
int fy_os_spawn(pid_t *out, char *const argv[], const int fds[3]);
/*
 * As fy_os_spawn, with the environment @env, in a process group of its own:
 * fy_os_kill(-pid, ...) reaches what it starts as well.
 */
int fy_os_spawn_group(pid_t *out, char *const argv[], char *const env[],
		      const int fds[2]);
pid_t fy_os_waitpid(pid_t pid, int *status, int flags);
int fy_os_kill(pid_t pid, int signal);
/* A descriptor that becomes readable when the process has ended. */
int fy_os_pidfd_open(pid_t pid);
int fy_os_pidfd_kill(int pidfd, int signal);
/*
 * Reaps the child. @flags: WNOHANG: EAGAIN while it runs; WNOWAIT: it is left
 * to be reaped. ECHILD: somebody else has. @status may be NULL.
 */
int fy_os_pidfd_wait(int pidfd, int *status, int flags);
/* The thread starts with every signal blocked: signals are the program's. */
int fy_os_thread_start(pthread_t *out, void *(*run)(void *), void *arg);
int fy_os_thread_join(pthread_t thread);
/* It ends by itself, and nobody joins it. */
void fy_os_thread_detach(pthread_t thread);
/* Of the caller, as its pid namespace has it. */
pid_t fy_os_thread_id(void);
/*
 * What the kernel marks and wakes when the caller ends: set_robust_list(2).
 * @head: a struct robust_list_head of linux/futex.h, which stays where it is.
 */
int fy_os_robust_list(void *head, size_t bytes);
/* Lets others run that wait for this processor. */
void fy_os_yield(void);
/* The processor that the caller ran on just now. */
uint32_t fy_os_cpu(void);
/* Runs @in_child in each child of fork(2), also in its children; for ever. */
int fy_os_at_fork(void (*in_child)(void));

/* ---- clock and random ---- */

/* CLOCK_MONOTONIC. */
int64_t fy_os_now_ns(void);
/* As the above, some milliseconds ago, and cheaper. */
int64_t fy_os_coarse_ns(void);
/* CLOCK_REALTIME: when something was, for people. */
int64_t fy_os_real_ns(void);
/* All of @buf or an error. */
int fy_os_random(void *buf, size_t bytes);
