/* SPDX-License-Identifier: MIT */
#include "cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <sys/signalfd.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

ferry_err
fy_process_signals(int *out, struct ferry_error *why)
{
	sigset_t ends, blocked;
	int fd;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	blocked = ends;
	sigaddset(&blocked, SIGPIPE);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return fy_fail_errno(why, "watch signals");
	*out = fd;
	return FERRY_OK;
}

int
fy_process_signal(int signals)
{
	struct signalfd_siginfo got;

	if (fy_os_read(signals, &got, sizeof(got)) != sizeof(got))
		return 0;
	return (int)got.ssi_signo;
}

void
fy_process_end_by(int signal)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, signal);
	(void)raise(signal);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

ferry_err
fy_process_fill_low(bool usable, struct ferry_error *why)
{
	const int wrong_way[] = { O_WRONLY, O_RDONLY, O_RDWR };
	int fd;

	for (int i = 0; i <= STDERR_FILENO; i++) {
		if (fy_os_get_flags(i) >= 0)
			continue;
		fd = fy_os_open("/dev/null", usable ? O_RDWR : wrong_way[i], 0);
		if (fd < 0)
			return fy_fail_errno(why, "open /dev/null");
	}
	return FERRY_OK;
}

bool
fy_process_is_short(ferry_err err, const struct ferry_error *why)
{
	if (err != FERRY_ESYS)
		return err == FERRY_ENOMEM;
	switch (why->sys_errno) {
	case EAGAIN: /* of processes */
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case ENOSPC: /* of what an epoll set may hold */
		return true;
	default:
		return false;
	}
}
