/* SPDX-License-Identifier: MIT */
/* The part of the seam to the system that is about threads and their words. */
#include "core/os.h"

#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/compiler.h"

#define NS_PER_S 1000000000

/* Of Linux 5.16, which older headers lack; the number is that of all machines. */
#define FY_SYS_FUTEX_WAITV 449
#define FY_FUTEX_U32 2u

struct fy_futex_waitv {
	uint64_t expected;
	uint64_t word;
	uint32_t flags;
	uint32_t reserved;
};

/* The time of the old call, whatever time_t is. */
struct fy_long_time {
	long s;
	long ns;
};

/* That of the new one, which has 64 bits everywhere. */
struct fy_kernel_time {
	int64_t s;
	int64_t ns;
};

/* Evaluates @call again while a signal interrupts it. */
#define RETRY(call)                                                            \
	__extension__({                                                        \
		__typeof__(call) got_;                                         \
		do                                                             \
			got_ = (call);                                         \
		while (FY_UNLIKELY(got_ < 0) && errno == EINTR);               \
		got_;                                                          \
	})

/* ---- one word ---- */

/* The bitset form alone takes an absolute, monotonic time. */
static int
futex_wait(const uint32_t *word, uint32_t expected, struct ferry_deadline until,
	   int flags)
{
	const struct fy_long_time at = { (long)(until.ns / NS_PER_S),
					 (long)(until.ns % NS_PER_S) };

	return (int)RETRY(syscall(SYS_futex, word, FUTEX_WAIT_BITSET | flags,
				  expected,
				  until.ns == FERRY_NEVER.ns ? NULL : &at, NULL,
				  FUTEX_BITSET_MATCH_ANY));
}

int
fy_os_futex_wait(const uint32_t *word, uint32_t expected,
		 struct ferry_deadline until)
{
	return futex_wait(word, expected, until, FUTEX_PRIVATE_FLAG);
}

int
fy_os_futex_wake(const uint32_t *word, int n)
{
	return (int)syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, n,
			    NULL, NULL, 0);
}

int
fy_os_futex_wait_shared(const uint32_t *word, uint32_t expected,
			struct ferry_deadline until)
{
	return futex_wait(word, expected, until, 0);
}

int
fy_os_futex_wake_shared(const uint32_t *word, int n)
{
	return (int)syscall(SYS_futex, word, FUTEX_WAKE, n, NULL, NULL, 0);
}

/* ---- several words ---- */

int
fy_os_futex_wait_any(const struct fy_os_futex *words, unsigned int n,
		     struct ferry_deadline until)
{
	struct fy_futex_waitv all[FY_OS_FUTEX_MOST] = { { .flags = 0 } };
	const struct fy_kernel_time at = { until.ns / NS_PER_S,
					   until.ns % NS_PER_S };

	assert(n <= FY_OS_FUTEX_MOST);
	for (unsigned int i = 0; i < n; i++) {
		all[i].word = (uintptr_t)words[i].word;
		all[i].expected = words[i].expected;
		all[i].flags = FY_FUTEX_U32;
	}
	return (int)RETRY(syscall(FY_SYS_FUTEX_WAITV, all, n, 0,
				  until.ns == FERRY_NEVER.ns ? NULL : &at,
				  CLOCK_MONOTONIC));
}

/* ---- the thread that asks ---- */

void
fy_os_yield(void)
{
	(void)sched_yield();
}

uint32_t
fy_os_cpu(void)
{
	return (uint32_t)sched_getcpu();
}

pid_t
fy_os_thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

int
fy_os_robust_list(void *head, size_t bytes)
{
	return (int)syscall(SYS_set_robust_list, head, bytes);
}
