/* SPDX-License-Identifier: MIT */
/*
 * Kernels that cannot wait for two words at once (futex_waitv, Linux 5.16), or
 * mark no word when a thread ends (no robust futexes).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/ferry.h>

#include "os_fault.h"

#define SOON ferry_in_ms(20000)
/* Of more bytes than a ring, so that who sends waits as well. */
#define LONG 100000u

static uint8_t long_bytes[LONG];

static void
name(char out[64])
{
	(void)snprintf(out, 64, "shm:@ferry-fallback-%d?ring=16k", getpid());
}

static void
without(enum fy_os_call call, int error)
{
	const struct fy_os_fault fault = {
		.call = call,
		.at = 1,
		.for_ever = true,
		.error = error,
	};

	fy_os_fault_set(&fault);
}

/* So that the other end sleeps, and does not just look again and again. */
static void
dawdle(const struct ferry_bytes *m)
{
	if (m->len == LONG)
		(void)poll(NULL, 0, 2);
}

/* Answers each message with itself, until the end. */
static void
echo(const char *addr)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;

	if (ferry_channel_open(addr, NULL, SOON, &ch, NULL))
		_exit(1);
	while (!ferry_channel_take(ch, &got, SOON, NULL)) {
		dawdle(&got);
		if (ferry_channel_send(ch, got, SOON, NULL))
			_exit(2);
		ferry_channel_release(ch);
	}
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	_exit(0);
}

/* With a child at the other end; return: its pid. */
static pid_t
meet(struct ferry_channel **out)
{
	struct ferry_listener *listener;
	char addr[64];
	pid_t pid;

	name(addr);
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL),
			 FERRY_OK);
	pid = fork();
	if (pid == 0)
		echo(addr);
	assert_true(pid > 0);
	assert_int_equal(ferry_listener_accept(listener, SOON, out, NULL),
			 FERRY_OK);
	ferry_listener_close(listener);
	return pid;
}

static void
exchange(struct ferry_channel *ch, uint32_t bytes)
{
	struct ferry_bytes m = { long_bytes, bytes };
	struct ferry_bytes got;

	dawdle(&m);
	assert_int_equal(ferry_channel_send(ch, m, SOON, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_take(ch, &got, SOON, NULL), FERRY_OK);
	assert_int_equal(got.len, bytes);
	ferry_channel_release(ch);
}

/* More is slower than a look now and then would be. */
static void
expect_soon(struct ferry_deadline since, int64_t within_ms)
{
	assert_in_range(ferry_in_ms(0).ns - since.ns, 0, within_ms * 1000000);
}

static void
talk(void)
{
	struct ferry_deadline since = ferry_in_ms(0);
	struct ferry_channel *ch;
	int status;
	pid_t pid = meet(&ch);

	for (int i = 0; i < 200; i++)
		exchange(ch, i % 20 ? 64u : LONG);
	assert_true(fy_os_fault_count(FY_OS_futex_wait_shared) > 0);
	assert_int_equal(ferry_channel_close(ch, SOON, NULL), FERRY_OK);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	expect_soon(since, 10000);
}

static void
keep_deadlines(void)
{
	const int64_t waits_ms[] = { 1, 7, 30, 200 };
	struct ferry_channel *ch;
	struct ferry_bytes got;
	pid_t pid = meet(&ch);

	for (size_t i = 0; i < 4; i++) {
		struct ferry_deadline until = ferry_in_ms(waits_ms[i]);

		assert_int_equal(ferry_channel_take(ch, &got, until, NULL),
				 FERRY_ETIMEDOUT);
		assert_true(ferry_in_ms(0).ns >= until.ns);
		expect_soon(until, 1000);
		exchange(ch, 64);
	}
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void *
kill_later(void *arg)
{
	uint32_t n = fy_os_fault_count(FY_OS_futex_wait_shared);

	/* When the other thread sleeps, again and again. */
	while (fy_os_fault_count(FY_OS_futex_wait_shared) < n + 3)
		sched_yield();
	kill(*(pid_t *)arg, SIGKILL);
	return NULL;
}

static void
see_a_death(void)
{
	struct ferry_bytes m = { long_bytes, LONG };
	struct ferry_deadline since;
	struct ferry_channel *ch;
	struct ferry_bytes got;
	pthread_t killer;
	pid_t pid = meet(&ch);

	exchange(ch, 64);
	since = ferry_in_ms(0);
	pthread_create(&killer, NULL, kill_later, &pid);
	assert_int_equal(ferry_channel_take(ch, &got, SOON, NULL), FERRY_EOF);
	expect_soon(since, 2000);
	pthread_join(killer, NULL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(ferry_channel_send(ch, m, SOON, NULL), FERRY_ELOST);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
}

/* He is told by his descriptor that there is something, and by process() what. */
static void
see_a_death_from_a_loop(void)
{
	struct ferry_bytes m = { long_bytes, LONG };
	struct pollfd p = { .events = POLLIN };
	struct ferry_channel *ch;
	ferry_err err = FERRY_OK;
	pid_t pid = meet(&ch);

	assert_int_equal(ferry_channel_fd(ch, &p.fd, NULL), FERRY_OK);
	kill(pid, SIGSTOP);
	assert_int_equal(ferry_channel_send(ch, m, FERRY_NOW, NULL), FERRY_OK);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	for (int i = 0; i < 10 && !err; i++) {
		assert_int_equal(poll(&p, 1, 20000), 1);
		err = ferry_channel_process(ch, NULL);
	}
	assert_int_equal(err, FERRY_ELOST);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
live(enum fy_os_call call, int error)
{
	without(call, error);
	talk();
	keep_deadlines();
	see_a_death();
	see_a_death_from_a_loop();
	fy_os_fault_clear();
}

static void
one_word_at_a_time_is_enough(void **state)
{
	(void)state;
	live(FY_OS_futex_wait_any, ENOSYS);
	/* A filter that knows no such call. */
	live(FY_OS_futex_wait_any, EPERM);
}

static void
no_life_word_is_enough(void **state)
{
	(void)state;
	live(FY_OS_robust_list, ENOSYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_word_at_a_time_is_enough),
		cmocka_unit_test(no_life_word_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
