/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP (SIGTRAP | 0x80)

struct count {
	pid_t pids[2];
	unsigned long calls[2];
	int marks;
};

static bool
seize(pid_t pid)
{
	int status;

	return ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD) == 0 &&
	       ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 &&
	       waitpid(pid, &status, __WALL) == pid &&
	       ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0;
}

static void
note_call(struct count *count, pid_t pid)
{
	struct __ptrace_syscall_info call;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(call), &call) <= 0 ||
	    call.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	if (call.entry.nr == SYS_getppid && pid == count->pids[0])
		count->marks++;
	else if (count->marks == 1)
		count->calls[pid == count->pids[1]]++;
}

/* A signal that is delivered is passed on; the stops of ptrace(2) are none. */
static void
follow(struct count *count)
{
	int status;
	pid_t pid;

	while (count->marks < 2 && (pid = waitpid(-1, &status, __WALL)) > 0) {
		int sig = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;

		if (sig == SYSCALL_STOP)
			note_call(count, pid);
		if (sig == SYSCALL_STOP || sig == SIGTRAP)
			sig = 0;
		ptrace(PTRACE_SYSCALL, pid, NULL, (long)sig);
	}
}

/* Whoever traces ends: both go on without. */
static _Noreturn void
trace(pid_t parent, pid_t peer, int told)
{
	struct count count = { .pids = { parent, peer } };
	bool can = seize(parent) && seize(peer);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(told, &can, sizeof(can)) != sizeof(can) || !can)
		_exit(1);
	follow(&count);
	_exit(write(told, count.calls, sizeof(count.calls)) !=
	      sizeof(count.calls));
}

static void
reap(struct bench_trace *trace)
{
	close(trace->told);
	waitpid(trace->tracer, NULL, 0);
}

bool
bench_trace_start(struct bench_trace *out, pid_t peer)
{
	pid_t self = getpid();
	bool can = false;
	int told[2];

	if (pipe(told) < 0)
		return false;
	/* Where Yama lets only ancestors trace; elsewhere it is unknown. */
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	out->told = told[0];
	out->tracer = fork();
	if (out->tracer == 0)
		trace(self, peer, told[1]);
	close(told[1]);
	if (read(told[0], &can, sizeof(can)) != sizeof(can) || !can) {
		reap(out);
		return false;
	}
	return true;
}

void
bench_trace_mark(void)
{
	syscall(SYS_getppid);
}

void
bench_trace_stop(struct bench_trace *trace, unsigned long out[2])
{
	out[0] = out[1] = 0;
	(void)!read(trace->told, out, 2 * sizeof(*out));
	reap(trace);
}
