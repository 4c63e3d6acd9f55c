/* SPDX-License-Identifier: MIT */
#include "kill_single.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* There in builds with sanitizers, whose checks are not what is to be stepped
 * through. */
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

bool
kill_can_single(void)
{
	int status = 0;
	pid_t child;

	if (__asan_init || __tsan_init)
		return false;
	child = fork();
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
			raise(SIGSTOP);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child ||
	    !WIFSTOPPED(status))
		return false;
	kill(child, SIGKILL);
	return waitpid(child, &status, 0) == child;
}

void
kill_mark(void)
{
	static bool is_traced;

	if (is_traced)
		return;
	is_traced = true;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(6);
	__asm__ volatile("int3");
}

/* Return: whether the victim stands still, one instruction further. */
static bool
step_on(pid_t victim, int *status)
{
	return ptrace(PTRACE_SINGLESTEP, victim, NULL, NULL) == 0 &&
	       waitpid(victim, status, 0) == victim && WIFSTOPPED(*status);
}

int
kill_singly(struct kill_page *page, pid_t victim)
{
	int status;
	uint32_t marks;

	if (waitpid(victim, &status, 0) != victim || !WIFSTOPPED(status))
		return status;
	marks = page->marks;
	for (uint32_t i = 0; i < page->plan.at && page->marks == marks; i++) {
		if (!step_on(victim, &status))
			return status;
		page->passed[0]++;
	}
	page->ended_ns = kill_now_ns();
	kill(victim, SIGKILL);
	do
		(void)waitpid(victim, &status, 0);
	while (WIFSTOPPED(status));
	return status;
}
