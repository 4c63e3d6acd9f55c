/* SPDX-License-Identifier: MIT */
#include "core/os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "core/compiler.h"

#define NS_PER_S 1000000000
#define NS_PER_MS 1000000

/* RWF_NOSIGNAL of Linux 6.18; older kernels answer EOPNOTSUPP. */
#define WRITE_NOSIGNAL 0x100

/* Evaluates @call again while a signal interrupts it. */
#define RETRY(call)                                                            \
	__extension__({                                                        \
		__typeof__(call) got_;                                         \
		do                                                             \
			got_ = (call);                                         \
		while (FY_UNLIKELY(got_ < 0) && errno == EINTR);               \
		got_;                                                          \
	})

/* The -1 and errno of a function that returns its error. */
static int
failed(int error)
{
	errno = error;
	return error ? -1 : 0;
}

/* The time until a deadline; NULL for FERRY_NEVER. */
static const struct timespec *
time_left(struct ferry_deadline until, struct timespec *out)
{
	int64_t left = 0;

	if (until.ns == FERRY_NEVER.ns)
		return NULL;
	if (until.ns > FERRY_NOW.ns)
		left = until.ns - fy_os_now_ns();
	if (left < 0)
		left = 0;
	out->tv_sec = (time_t)(left / NS_PER_S);
	out->tv_nsec = (long)(left % NS_PER_S);
	return out;
}

/* ---- descriptors and files ---- */

int
fy_os_open(const char *path, int flags, mode_t mode)
{
	return RETRY(open(path, flags | O_CLOEXEC, mode));
}

int
fy_os_close(int fd)
{
	/* Linux has closed it even where it says EINTR: never again. */
	if (close(fd) < 0 && errno != EINTR)
		return -1;
	return 0;
}

ssize_t
fy_os_read(int fd, void *buf, size_t bytes)
{
	return RETRY(read(fd, buf, bytes));
}

ssize_t
fy_os_pread(int fd, void *buf, size_t bytes, off_t offset)
{
	return RETRY(pread(fd, buf, bytes, offset));
}

ssize_t
fy_os_write(int fd, const void *buf, size_t bytes)
{
	return RETRY(write(fd, buf, bytes));
}

ssize_t
fy_os_write_nosignal(int fd, const void *buf, size_t bytes)
{
	struct iovec iov = { (void *)(uintptr_t)buf, bytes };

	return fy_os_writev_nosignal(fd, &iov, 1);
}

ssize_t
fy_os_writev_nosignal(int fd, const struct iovec *iov, int n)
{
	/* Offset -1 writes where write(2) would. */
	return RETRY(pwritev2(fd, iov, n, -1, WRITE_NOSIGNAL));
}

ssize_t
fy_os_write_masked(int fd, const void *buf, size_t bytes)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t pipe_only, pending, before;
	ssize_t n;
	int error;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigemptyset(&pending);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	n = RETRY(write(fd, buf, bytes));
	error = errno;
	/* One that was pending before is the program's own. */
	if (n < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
		RETRY(sigtimedwait(&pipe_only, NULL, &at_once));
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return n;
}

int
fy_os_fstat(int fd, struct stat *out)
{
	return fstat(fd, out);
}

int
fy_os_lstat(const char *path, struct stat *out)
{
	return lstat(path, out);
}

int
fy_os_mkdir(const char *path, mode_t mode)
{
	return mkdir(path, mode);
}

int
fy_os_rename(const char *from, const char *to)
{
	return rename(from, to);
}

int
fy_os_unlink(const char *path)
{
	return unlink(path);
}

int
fy_os_fsync(int fd)
{
	return RETRY(fsync(fd));
}

int
fy_os_flock(int fd, int operation)
{
	return RETRY(flock(fd, operation));
}

int
fy_os_get_flags(int fd)
{
	return fcntl(fd, F_GETFL);
}

int
fy_os_set_flags(int fd, int flags)
{
	return fcntl(fd, F_SETFL, flags);
}

int
fy_os_dup(int fd, int lowest)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, lowest);
}

int
fy_os_dup_over(int fd, int target)
{
	return RETRY(dup2(fd, target));
}

int
fy_os_pipe(int fds[2], int flags)
{
	return pipe2(fds, flags | O_CLOEXEC);
}

int
fy_os_pipe_widen(int fd, int bytes)
{
	int now = fcntl(fd, F_GETPIPE_SZ);

	if (now < 0 || now >= bytes)
		return now < 0 ? -1 : 0;
	return fcntl(fd, F_SETPIPE_SZ, bytes) < 0 ? -1 : 0;
}

int
fy_os_eventfd(unsigned int count, int flags)
{
	return eventfd(count, flags | EFD_CLOEXEC);
}

void
fy_os_eventfd_ring(int fd)
{
	const uint64_t one = 1;

	(void)!fy_os_write(fd, &one, sizeof(one));
}

int
fy_os_timerfd(void)
{
	return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
}

int
fy_os_timerfd_set(int fd, struct ferry_deadline at)
{
	const struct itimerspec once = {
		.it_value = { (time_t)(at.ns / NS_PER_S),
			      (long)(at.ns % NS_PER_S) },
	};

	return timerfd_settime(fd, TFD_TIMER_ABSTIME, &once, NULL);
}

/* ---- waiting ---- */

int
fy_os_poll(struct pollfd *fds, nfds_t n, struct ferry_deadline until)
{
	struct timespec left;

	return RETRY(ppoll(fds, n, time_left(until, &left), NULL));
}

int
fy_os_epoll_create(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

int
fy_os_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	return epoll_ctl(epfd, op, fd, event);
}

/* epoll_wait(2) counts in milliseconds: rounded up, never early. */
static int
ms_left(struct ferry_deadline until)
{
	struct timespec left;
	int64_t ms;

	if (!time_left(until, &left))
		return -1;
	ms = (int64_t)left.tv_sec * 1000 +
	     (left.tv_nsec + NS_PER_MS - 1) / NS_PER_MS;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

int
fy_os_epoll_wait(int epfd, struct epoll_event *events, int max,
		 struct ferry_deadline until)
{
	/*
	 * Not epoll_pwait2: older kernels lack it, sandboxes refuse it, and
	 * ThreadSanitizer does not know it.
	 */
	return RETRY(epoll_wait(epfd, events, max, ms_left(until)));
}

/* ---- sockets ---- */

int
fy_os_socket(int domain, int type, int protocol)
{
	return socket(domain, type | SOCK_CLOEXEC, protocol);
}

int
fy_os_socketpair(int domain, int type, int fds[2])
{
	return socketpair(domain, type | SOCK_CLOEXEC, 0, fds);
}

int
fy_os_bind(int fd, const struct sockaddr *addr, socklen_t bytes)
{
	return bind(fd, addr, bytes);
}

int
fy_os_listen(int fd, int backlog)
{
	return listen(fd, backlog);
}

int
fy_os_accept(int fd, struct sockaddr *addr, socklen_t *bytes, int flags)
{
	return RETRY(accept4(fd, addr, bytes, flags | SOCK_CLOEXEC));
}

int
fy_os_connect(int fd, const struct sockaddr *addr, socklen_t bytes)
{
	int result = connect(fd, addr, bytes);

	/* POSIX: a second connect would fail with EALREADY. */
	if (result < 0 && errno == EINTR)
		errno = EINPROGRESS;
	return result;
}

int
fy_os_getsockopt(int fd, int level, int name, void *out, socklen_t *bytes)
{
	return getsockopt(fd, level, name, out, bytes);
}

int
fy_os_setsockopt(int fd, int level, int name, const void *value,
		 socklen_t bytes)
{
	return setsockopt(fd, level, name, value, bytes);
}

int
fy_os_getsockname(int fd, struct sockaddr *addr, socklen_t *bytes)
{
	return getsockname(fd, addr, bytes);
}

int
fy_os_getpeername(int fd, struct sockaddr *addr, socklen_t *bytes)
{
	return getpeername(fd, addr, bytes);
}

ssize_t
fy_os_send(int fd, const void *buf, size_t bytes, int flags)
{
	return RETRY(send(fd, buf, bytes, flags | MSG_NOSIGNAL));
}

int
fy_os_shutdown(int fd, int how)
{
	return shutdown(fd, how);
}

ssize_t
fy_os_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return RETRY(sendmsg(fd, msg, flags | MSG_NOSIGNAL));
}

ssize_t
fy_os_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return RETRY(recvmsg(fd, msg, flags | MSG_CMSG_CLOEXEC));
}

ssize_t
fy_os_recv(int fd, void *buf, size_t bytes, int flags)
{
	return RETRY(recv(fd, buf, bytes, flags));
}

int
fy_os_getaddrinfo(const char *host, const char *service,
		  const struct addrinfo *hints, struct addrinfo **out)
{
	int error;

	do
		error = getaddrinfo(host, service, hints, out);
	while (error == EAI_SYSTEM && errno == EINTR);
	return error;
}

void
fy_os_freeaddrinfo(struct addrinfo *list)
{
	if (list)
		freeaddrinfo(list);
}

/* ---- processes and threads ---- */

pid_t
fy_os_getpid(void)
{
	return getpid();
}

uid_t
fy_os_geteuid(void)
{
	return geteuid();
}

gid_t
fy_os_getegid(void)
{
	return getegid();
}

/* What the child is to have: its descriptors, and signals as at a login. */
static int
describe_child(posix_spawn_file_actions_t *files, posix_spawnattr_t *attr,
	       const int fds[3], int more_flags)
{
	sigset_t signals;
	int error = 0;

	for (int i = 0; i < 3 && !error; i++) {
		if (fds[i] >= 0)
			error = posix_spawn_file_actions_adddup2(files, fds[i],
								 i);
	}
	if (error)
		return error;
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(attr, &signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(attr, &signals);
	return posix_spawnattr_setflags(attr,
					(short)(POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF |
						more_flags));
}

static int
spawn(pid_t *out, char *const argv[], char *const env[], const int fds[3],
      int more_flags)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int error;

	error = posix_spawn_file_actions_init(&files);
	if (error)
		return failed(error);
	error = posix_spawnattr_init(&attr);
	if (error) {
		posix_spawn_file_actions_destroy(&files);
		return failed(error);
	}
	error = describe_child(&files, &attr, fds, more_flags);
	if (!error)
		error = posix_spawnp(out, argv[0], &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return failed(error);
}

int
fy_os_spawn(pid_t *out, char *const argv[], const int fds[3])
{
	return spawn(out, argv, environ, fds, 0);
}

int
fy_os_spawn_group(pid_t *out, char *const argv[], char *const env[],
		  const int fds[2])
{
	return spawn(out, argv, env, (int[]){ fds[0], fds[1], -1 },
		     POSIX_SPAWN_SETPGROUP);
}

pid_t
fy_os_waitpid(pid_t pid, int *status, int flags)
{
	return RETRY(waitpid(pid, status, flags));
}

int
fy_os_kill(pid_t pid, int signal)
{
	return kill(pid, signal);
}

int
fy_os_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int
fy_os_pidfd_kill(int pidfd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

/* As waitpid(2) has it. */
static int
status_of(const siginfo_t *ended)
{
	if (ended->si_code == CLD_EXITED)
		return (ended->si_status & 0xff) << 8;
	return ended->si_status | (ended->si_code == CLD_DUMPED ? 0x80 : 0);
}

int
fy_os_pidfd_wait(int pidfd, int *status, int flags)
{
	siginfo_t ended = { .si_pid = 0 };

	if (RETRY(waitid(P_PIDFD, (id_t)pidfd, &ended, flags | WEXITED)) < 0)
		return -1;
	if (ended.si_pid == 0)
		return failed(EAGAIN);
	if (status)
		*status = status_of(&ended);
	return 0;
}

int
fy_os_thread_start(pthread_t *out, void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(out, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed(error);
}

void
fy_os_thread_detach(pthread_t thread)
{
	(void)pthread_detach(thread);
}

int
fy_os_thread_join(pthread_t thread)
{
	return failed(pthread_join(thread, NULL));
}

int
fy_os_at_fork(void (*in_child)(void))
{
	return failed(pthread_atfork(NULL, NULL, in_child));
}

/* ---- clock and random ---- */

int64_t
fy_os_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t
fy_os_coarse_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t
fy_os_real_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int
fy_os_random(void *buf, size_t bytes)
{
	uint8_t *at = buf;

	while (bytes > 0) {
		ssize_t n = RETRY(getrandom(at, bytes, 0));

		if (n < 0)
			return -1;
		at += n;
		bytes -= (size_t)n;
	}
	return 0;
}
