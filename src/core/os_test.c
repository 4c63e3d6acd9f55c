/* SPDX-License-Identifier: MIT */
#include "core/os.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/time.h"

static void
deadlines_do_not_wrap(void **state)
{
	(void)state;
	assert_true(ferry_in_ms(INT64_MAX).ns == FERRY_NEVER.ns);
	assert_true(ferry_in_ns(INT64_MAX).ns == FERRY_NEVER.ns);
	assert_true(fy_deadline_passed(ferry_in_ms(-5)));
	assert_true(fy_deadline_passed(FERRY_NOW));
	assert_false(fy_deadline_passed(FERRY_NEVER));
	assert_false(fy_deadline_passed(ferry_in_ms(60000)));
}

static void
a_deadline_that_is_not_said_takes_the_default(void **state)
{
	struct ferry_deadline unsaid = { 0 };

	(void)state;
	assert_false(fy_deadline_passed(fy_deadline_said(unsaid, 60000)));
	assert_true(fy_deadline_said(FERRY_NOW, 60000).ns == FERRY_NOW.ns);
}

static void
descriptors_are_close_on_exec(void **state)
{
	int pipe[2], pair[2];
	int event = fy_os_eventfd(0, 0);
	int file = fy_os_open("/dev/null", O_RDONLY, 0);

	(void)state;
	assert_int_equal(fy_os_pipe(pipe, 0), 0);
	assert_int_equal(fy_os_socketpair(AF_UNIX, SOCK_STREAM, pair), 0);
	const int fds[] = { pipe[0], pipe[1], pair[0], pair[1], event, file,
			    fy_os_dup(file, 20) };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		assert_true(fds[i] >= 0);
		assert_int_equal(fcntl(fds[i], F_GETFD), FD_CLOEXEC);
		assert_int_equal(fy_os_close(fds[i]), 0);
	}
}

static volatile sig_atomic_t n_signals;

static void
count_signal(int number)
{
	(void)number;
	n_signals++;
}

static void
a_write_nobody_reads_raises_no_signal(void **state)
{
	struct sigaction count = { .sa_handler = count_signal }, before;
	struct iovec piece = { "x", 1 };
	int fds[2];
	ssize_t n;

	(void)state;
	n_signals = 0;
	assert_int_equal(sigaction(SIGPIPE, &count, &before), 0);
	assert_int_equal(fy_os_pipe(fds, 0), 0);
	fy_os_close(fds[0]);
	assert_int_equal(fy_os_write_masked(fds[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	n = fy_os_write_nosignal(fds[1], "x", 1);
	assert_int_equal(n, -1);
	assert_true(errno == EPIPE || errno == EOPNOTSUPP);
	assert_int_equal(fy_os_writev_nosignal(fds[1], &piece, 1), -1);
	assert_int_equal(n_signals, 0);
	fy_os_close(fds[1]);
	sigaction(SIGPIPE, &before, NULL);
}

static void
a_pipe_is_widened_and_never_narrowed(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(fy_os_pipe(fds, 0), 0);
	assert_int_equal(fcntl(fds[1], F_SETPIPE_SZ, 8192), 8192);
	assert_int_equal(fy_os_pipe_widen(fds[1], 16384), 0);
	assert_int_equal(fcntl(fds[1], F_GETPIPE_SZ), 16384);
	assert_int_equal(fy_os_pipe_widen(fds[1], 8192), 0);
	assert_int_equal(fcntl(fds[1], F_GETPIPE_SZ), 16384);
	fy_os_close(fds[0]);
	fy_os_close(fds[1]);
	assert_int_equal(fy_os_pipe_widen(fds[1], 8192), -1);
}

static void
a_signal_does_not_cut_a_wait_short(void **state)
{
	struct sigaction count = { .sa_handler = count_signal }, before;
	struct itimerval soon = { .it_value = { 0, 5000 } };
	struct ferry_deadline until = ferry_in_ms(30);

	(void)state;
	n_signals = 0;
	assert_int_equal(sigaction(SIGALRM, &count, &before), 0);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(fy_os_poll(NULL, 0, until), 0);
	assert_int_equal(n_signals, 1);
	assert_true(fy_deadline_passed(until));
	sigaction(SIGALRM, &before, NULL);
}

static void
a_futex_wait_ends_at_its_deadline(void **state)
{
	uint32_t word = 7;

	(void)state;
	assert_int_equal(fy_os_futex_wait(&word, 7, ferry_in_ms(5)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_int_equal(fy_os_futex_wait(&word, 7, FERRY_NOW), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_int_equal(fy_os_futex_wait(&word, 8, FERRY_NEVER), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fy_os_futex_wake(&word, 1), 0);
}

static void
a_wait_for_shared_words_ends_at_its_deadline(void **state)
{
	uint32_t words[2] = { 7, 8 };
	struct fy_os_futex both[2] = { { &words[0], 7 }, { &words[1], 8 } };

	(void)state;
	assert_int_equal(fy_os_futex_wait_shared(words, 7, ferry_in_ms(5)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_int_equal(fy_os_futex_wait_shared(words, 8, FERRY_NEVER), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fy_os_futex_wake_shared(words, 1), 0);
	assert_int_equal(fy_os_futex_wait_any(both, 2, ferry_in_ms(5)), -1);
	if (errno == ENOSYS || errno == EPERM)
		skip();
	assert_int_equal(errno, ETIMEDOUT);
	both[1].expected = 7;
	assert_int_equal(fy_os_futex_wait_any(both, 2, FERRY_NEVER), -1);
	assert_int_equal(errno, EAGAIN);
}

static void *
wake_second(void *arg)
{
	while (fy_os_futex_wake_shared(arg, 1) == 0)
		fy_os_yield();
	return NULL;
}

static void
a_wait_for_shared_words_says_which_was_woken(void **state)
{
	uint32_t words[2] = { 7, 8 };
	struct fy_os_futex both[2] = { { &words[0], 7 }, { &words[1], 8 } };
	pthread_t waker;
	int woken;

	(void)state;
	if (fy_os_futex_wait_any(both, 2, FERRY_NOW) < 0 && errno != ETIMEDOUT)
		skip();
	assert_int_equal(fy_os_thread_start(&waker, wake_second, &words[1]), 0);
	woken = fy_os_futex_wait_any(both, 2, ferry_in_ms(20000));
	assert_int_equal(fy_os_thread_join(waker), 0);
	assert_int_equal(woken, 1);
}

static void *
mask_of_this_thread(void *arg)
{
	pthread_sigmask(SIG_SETMASK, NULL, arg);
	return arg;
}

static void
a_thread_starts_with_signals_blocked(void **state)
{
	sigset_t mask, mine;
	pthread_t thread;

	(void)state;
	assert_int_equal(
		fy_os_thread_start(&thread, mask_of_this_thread, &mask), 0);
	assert_int_equal(fy_os_thread_join(thread), 0);
	assert_true(sigismember(&mask, SIGTERM));
	pthread_sigmask(SIG_SETMASK, NULL, &mine);
	assert_false(sigismember(&mine, SIGTERM));
}

static void
a_locked_byte_is_locked_to_other_openings_alone(void **state)
{
	char path[] = "/tmp/os-lock-XXXXXX";
	int ours = mkstemp(path);
	int theirs = fy_os_open(path, O_RDWR, 0);

	(void)state;
	assert_true(ours >= 0 && theirs >= 0);
	assert_int_equal(unlink(path), 0);
	/* The file is empty: the byte need not be there. */
	assert_int_equal(fy_os_is_byte_locked(theirs, 1), 0);
	assert_int_equal(fy_os_lock_byte(ours, 1), 0);
	assert_int_equal(fy_os_lock_byte(ours, 1), 0);
	assert_int_equal(fy_os_is_byte_locked(ours, 1), 0);
	assert_int_equal(fy_os_is_byte_locked(theirs, 1), 1);
	assert_int_equal(fy_os_is_byte_locked(theirs, 0), 0);
	assert_int_equal(fy_os_is_byte_locked(theirs, 2), 0);
	assert_int_equal(fy_os_lock_byte(theirs, 1), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fy_os_lock_byte(theirs, 2), 0);
	assert_int_equal(fy_os_unlock_byte(theirs, 1), 0);
	assert_int_equal(fy_os_is_byte_locked(theirs, 1), 1);
	assert_int_equal(fy_os_unlock_byte(ours, 1), 0);
	assert_int_equal(fy_os_lock_byte(theirs, 1), 0);
	assert_int_equal(fy_os_close(ours), 0);
	assert_int_equal(fy_os_close(theirs), 0);
}

static void
a_byte_is_locked_until_its_last_descriptor_is_closed(void **state)
{
	char path[] = "/tmp/os-lock-XXXXXX";
	int ours = mkstemp(path);
	int again = fy_os_dup(ours, 0);
	int theirs = fy_os_open(path, O_RDWR, 0);

	(void)state;
	assert_true(ours >= 0 && again >= 0 && theirs >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fy_os_lock_byte(ours, 0), 0);
	/* Not so with fcntl(2)'s older locks: they go with any. */
	assert_int_equal(fy_os_close(ours), 0);
	assert_int_equal(fy_os_is_byte_locked(theirs, 0), 1);
	assert_int_equal(fy_os_close(again), 0);
	assert_int_equal(fy_os_is_byte_locked(theirs, 0), 0);
	assert_int_equal(fy_os_close(theirs), 0);
	assert_int_equal(fy_os_is_byte_locked(theirs, 0), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(fy_os_lock_byte(theirs, 0), -1);
	assert_int_equal(fy_os_unlock_byte(theirs, 0), -1);
}

static void
random_bytes_fill_the_whole_buffer(void **state)
{
	uint8_t a[300] = { 0 }, b[300] = { 0 };

	(void)state;
	assert_int_equal(fy_os_random(a, sizeof(a)), 0);
	assert_int_equal(fy_os_random(b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_not_equal(a + 284, b + 284, 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines_do_not_wrap),
		cmocka_unit_test(a_deadline_that_is_not_said_takes_the_default),
		cmocka_unit_test(descriptors_are_close_on_exec),
		cmocka_unit_test(a_write_nobody_reads_raises_no_signal),
		cmocka_unit_test(a_pipe_is_widened_and_never_narrowed),
		cmocka_unit_test(a_signal_does_not_cut_a_wait_short),
		cmocka_unit_test(a_futex_wait_ends_at_its_deadline),
		cmocka_unit_test(a_wait_for_shared_words_ends_at_its_deadline),
		cmocka_unit_test(a_wait_for_shared_words_says_which_was_woken),
		cmocka_unit_test(a_thread_starts_with_signals_blocked),
		cmocka_unit_test(
			a_locked_byte_is_locked_to_other_openings_alone),
		cmocka_unit_test(
			a_byte_is_locked_until_its_last_descriptor_is_closed),
		cmocka_unit_test(random_bytes_fill_the_whole_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
