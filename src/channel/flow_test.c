/* SPDX-License-Identifier: MIT */
/* Who waits for whom: full buffers, draining, threads, signals, forks. */
#include "channel/channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than all the buffers between two ends hold. */
#define LARGE (4u * 1024 * 1024)
#define SOON ferry_in_ms(20000)

static const char *const kinds[] = { "pipe", "fd" };

static void
open_pair(const char *kind, struct ferry_channel *ends[2])
{
	assert_int_equal(ferry_channel_pair(kind, NULL, ends, NULL), FERRY_OK);
}

static void
close_pair(struct ferry_channel *ends[2])
{
	(void)ferry_channel_close(ends[0], FERRY_NOW, NULL);
	(void)ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static struct ferry_bytes
text(const char *s)
{
	return (struct ferry_bytes){ (const uint8_t *)s, (uint32_t)strlen(s) };
}

/* Its last byte is 7. */
static uint8_t large_bytes[LARGE];

static struct ferry_bytes
large(void)
{
	return (struct ferry_bytes){ large_bytes, LARGE };
}

/* ---- two that both send before they receive ---- */

static void *
send_and_receive(void *arg)
{
	struct ferry_channel *ch = arg;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { 0 };
	ferry_err err = ferry_channel_send(ch, large(), SOON, NULL);

	if (!err)
		err = ferry_channel_recv(ch, &mem, &got, SOON, NULL);
	if (!err && (got.len != LARGE || got.data[LARGE - 1] != 7))
		err = FERRY_EPROTO;
	ferry_arena_fini(&mem);
	return (void *)(uintptr_t)err;
}

static void
two_that_send_before_they_receive_get_through(void **state)
{
	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(kinds); i++) {
		struct ferry_channel *ends[2];
		pthread_t other;
		void *err;

		open_pair(kinds[i], ends);
		pthread_create(&other, NULL, send_and_receive, ends[1]);
		assert_ptr_equal(send_and_receive(ends[0]), NULL);
		pthread_join(other, &err);
		assert_ptr_equal(err, NULL);
		close_pair(ends);
	}
}

static void
what_was_read_while_sending_wakes_a_foreign_loop(void **state)
{
	struct ferry_channel *ends[2];
	struct pollfd p = { .events = POLLIN };
	struct ferry_bytes got;

	(void)state;
	open_pair("fd", ends);
	assert_int_equal(ferry_channel_fd(ends[0], &p.fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_send(ends[1], text("x"), FERRY_NOW,
					    NULL), FERRY_OK);
	assert_int_equal(ferry_channel_send(ends[0], large(), ferry_in_ms(5),
					    NULL), FERRY_OK);
	assert_true(ends[0]->ahead.held);
	assert_int_equal(poll(&p, 1, 0), 1);
	assert_int_equal(ferry_channel_take(ends[0], &got, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_memory_equal(got.data, "x", 1);
	ferry_channel_release(ends[0]);
	assert_int_equal(poll(&p, 1, 0), 0);
	close_pair(ends);
}

static void
without_a_descriptor_left_the_timeout_tells_a_foreign_loop(void **state)
{
	struct ferry_channel *ends[2];
	struct rlimit files, none;
	struct ferry_bytes got;
	int fd;

	(void)state;
	open_pair("fd", ends);
	assert_int_equal(ferry_channel_fd(ends[0], &fd, NULL), FERRY_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(ferry_channel_send(ends[1], text("x"), SOON,
						    NULL), FERRY_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	none = (struct rlimit){ 0, files.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(ferry_channel_take(ends[0], &got, SOON, NULL),
			 FERRY_OK);
	ferry_channel_release(ends[0]);
	assert_int_equal(ferry_channel_timeout(ends[0]).ns, FERRY_NOW.ns);
	assert_int_equal(ferry_channel_take(ends[0], &got, FERRY_NOW, NULL),
			 FERRY_OK);
	ferry_channel_release(ends[0]);
	assert_int_equal(ferry_channel_timeout(ends[0]).ns, FERRY_NEVER.ns);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	close_pair(ends);
}

/* ---- what has not left ---- */

static void
a_close_says_what_is_lost_with_it(void **state)
{
	struct ferry_channel *ends[2];
	struct ferry_counters counters;
	size_t unsent = 0;

	(void)state;
	open_pair("fd", ends);
	assert_int_equal(ferry_channel_send(ends[0], large(), ferry_in_ms(1),
					    NULL), FERRY_OK);
	ferry_channel_counters(ends[0], &counters);
	assert_int_equal(counters.sent, 1);
	assert_int_equal(counters.late_sends, 1);
	assert_int_equal(ferry_channel_send(ends[0], text("x"), FERRY_NOW,
					    NULL), FERRY_EAGAIN);
	assert_int_equal(ferry_channel_flush(ends[0], ferry_in_ms(1), NULL),
			 FERRY_ETIMEDOUT);
	assert_int_equal(ferry_channel_finish(ends[0], FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(ferry_channel_close(ends[0], FERRY_NOW, &unsent),
			 FERRY_EAGAIN);
	assert_in_range(unsent, LARGE / 2, LARGE);
	assert_int_equal(ferry_channel_close(ends[1], FERRY_NOW, &unsent),
			 FERRY_OK);
	assert_int_equal(unsent, 0);
}

static void *
receive_large(void *arg)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { 0 };
	ferry_err err = ferry_channel_recv(arg, &mem, &got, SOON, NULL);

	if (!err && got.len != LARGE)
		err = FERRY_EPROTO;
	ferry_arena_fini(&mem);
	return (void *)(uintptr_t)err;
}

/* Draws a large message where it was lent. */
static void
loan_large(struct ferry_channel *ch)
{
	uint8_t *room;

	assert_int_equal(ferry_channel_loan(ch, LARGE, &room, SOON, NULL),
			 FERRY_OK);
	memcpy(room, large_bytes, LARGE);
}

static void
a_commit_waits_for_its_message_to_leave_as_a_send_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(kinds); i++) {
		struct ferry_channel *ends[2];
		struct ferry_counters counters;
		pthread_t other;
		void *err;

		open_pair(kinds[i], ends);
		loan_large(ends[0]);
		assert_int_equal(ferry_channel_commit(ends[0], ferry_in_ms(1),
						      NULL), FERRY_OK);
		ferry_channel_counters(ends[0], &counters);
		assert_int_equal(counters.sent, 1);
		assert_int_equal(counters.late_sends, 1);
		pthread_create(&other, NULL, receive_large, ends[1]);
		assert_int_equal(ferry_channel_flush(ends[0], SOON, NULL),
				 FERRY_OK);
		pthread_join(other, &err);
		assert_ptr_equal(err, NULL);
		pthread_create(&other, NULL, receive_large, ends[1]);
		loan_large(ends[0]);
		assert_int_equal(ferry_channel_commit(ends[0], SOON, NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_flush(ends[0], FERRY_NOW, NULL),
				 FERRY_OK);
		pthread_join(other, &err);
		assert_ptr_equal(err, NULL);
		close_pair(ends);
	}
}

/* ---- long messages, which stay where they are as long as that is so ---- */

/* No byte that a framing takes for an end. */
static void
draw(uint8_t *out, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (uint8_t)('a' + (i ^ i >> 8) % 23);
}

static void *
receive_drawn(void *arg)
{
	uint8_t *drawn = malloc(LARGE);
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(arg, &got, SOON, NULL);

	draw(drawn, LARGE);
	if (!err && (got.len != LARGE || memcmp(got.data, drawn, LARGE) != 0))
		err = FERRY_EPROTO;
	ferry_channel_release(arg);
	free(drawn);
	return (void *)(uintptr_t)err;
}

/* Sends to one who receives before the deadline, or after it. */
static void
lend_and_take_back(struct ferry_channel *ends[2], bool in_time)
{
	struct ferry_bytes message = { malloc(LARGE), LARGE };
	uint8_t *mine = (uint8_t *)(uintptr_t)message.data;
	pthread_t other;
	void *err;

	draw(mine, LARGE);
	if (in_time)
		pthread_create(&other, NULL, receive_drawn, ends[1]);
	assert_int_equal(ferry_channel_send(ends[0], message,
					    in_time ? SOON : ferry_in_ms(1),
					    NULL), FERRY_OK);
	memset(mine, 'z', LARGE);
	free(mine);
	if (!in_time)
		pthread_create(&other, NULL, receive_drawn, ends[1]);
	assert_int_equal(ferry_channel_flush(ends[0], SOON, NULL), FERRY_OK);
	pthread_join(other, &err);
	assert_ptr_equal(err, NULL);
}

/* Each message ends with a newline. */
static void
open_lines(struct ferry_channel *ends[2])
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	for (int i = 0; i < 2; i++) {
		char addr[40];

		(void)snprintf(addr, sizeof(addr), "fd:%d?frame=line", fds[i]);
		assert_int_equal(ferry_channel_open(addr, NULL, SOON, &ends[i],
						    NULL), FERRY_OK);
	}
}

static void
a_long_message_is_its_senders_again_when_send_returns(void **state)
{
	(void)state;
	for (size_t i = 0; i <= FY_ARRAY_LEN(kinds); i++) {
		struct ferry_channel *ends[2];

		if (i < FY_ARRAY_LEN(kinds))
			open_pair(kinds[i], ends);
		else
			open_lines(ends);
		lend_and_take_back(ends, true);
		lend_and_take_back(ends, false);
		close_pair(ends);
	}
}

static void
a_long_message_that_is_refused_leaves_nothing_behind(void **state)
{
	struct ferry_channel *ends[2];
	struct ferry_bytes got;

	(void)state;
	open_lines(ends);
	large_bytes[0] = '\n';
	assert_int_equal(ferry_channel_send(ends[0], large(), SOON, NULL),
			 FERRY_EINVAL);
	large_bytes[0] = 0;
	assert_int_equal(ferry_channel_send(ends[0], text("short"), SOON,
					    NULL), FERRY_OK);
	assert_int_equal(ferry_channel_take(ends[1], &got, SOON, NULL),
			 FERRY_OK);
	assert_int_equal(got.len, 5);
	ferry_channel_release(ends[1]);
	close_pair(ends);
}

static void
a_close_knows_that_the_peer_is_gone(void **state)
{
	struct ferry_channel *ends[2];
	size_t unsent = 0;

	(void)state;
	open_pair("fd", ends);
	assert_int_equal(ferry_channel_send(ends[0], large(), FERRY_NOW, NULL),
			 FERRY_OK);
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
	assert_int_equal(ferry_channel_close(ends[0], SOON, &unsent),
			 FERRY_ELOST);
	assert_true(unsent > 0);
}

static void
a_close_that_may_wait_drains(void **state)
{
	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(kinds); i++) {
		struct ferry_channel *ends[2];
		pthread_t other;
		size_t unsent = 1;
		void *err;

		open_pair(kinds[i], ends);
		assert_int_equal(ferry_channel_send(ends[0], large(), FERRY_NOW,
						    NULL), FERRY_OK);
		pthread_create(&other, NULL, receive_large, ends[1]);
		assert_int_equal(ferry_channel_close(ends[0], SOON, &unsent),
				 FERRY_OK);
		assert_int_equal(unsent, 0);
		pthread_join(other, &err);
		assert_ptr_equal(err, NULL);
		ferry_channel_close(ends[1], FERRY_NOW, NULL);
	}
}

static void
after_the_end_nothing_is_sent_and_the_end_is_told_again(void **state)
{
	struct ferry_channel *ends[2];
	struct ferry_bytes got;
	struct pollfd p = { .events = POLLIN };
	uint8_t *room;

	(void)state;
	open_pair("fd", ends);
	assert_int_equal(ferry_channel_finish(ends[0], SOON, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_finish(ends[0], SOON, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_send(ends[0], text("x"), SOON, NULL),
			 FERRY_ECLOSED);
	assert_int_equal(ferry_channel_loan(ends[0], 1, &room, SOON, NULL),
			 FERRY_ECLOSED);
	assert_int_equal(ferry_channel_fd(ends[1], &p.fd, NULL), FERRY_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ferry_channel_take(ends[1], &got, SOON, NULL),
				 FERRY_EOF);
		assert_int_equal(poll(&p, 1, 0), 1);
	}
	assert_int_equal(ferry_channel_send(ends[1], text("y"), SOON, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_take(ends[0], &got, SOON, NULL),
			 FERRY_OK);
	ferry_channel_release(ends[0]);
	close_pair(ends);
}

/* Processor time of this thread, in ns. */
static int64_t
busy_ns(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
who_waits_for_a_peer_that_hears_nothing_sleeps(void **state)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	struct pollfd p = { .events = POLLIN };
	int there[2], back[2];
	char addr[40];
	size_t unsent = 0;
	int64_t before;

	(void)state;
	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	snprintf(addr, sizeof(addr), "pipe:%d,%d", back[0], there[1]);
	assert_int_equal(ferry_channel_open(addr, NULL, SOON, &ch, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(ch, large(), FERRY_NOW, NULL),
			 FERRY_OK);
	close(there[0]);
	assert_int_equal(ferry_channel_fd(ch, &p.fd, NULL), FERRY_OK);
	before = busy_ns();
	assert_int_equal(ferry_channel_take(ch, &got, ferry_in_ms(200), NULL),
			 FERRY_ETIMEDOUT);
	assert_in_range(busy_ns() - before, 0, 50000000);
	assert_int_equal(poll(&p, 1, 0), 0);
	assert_int_equal(write(back[1], "\x80\0\0\1x", 5), 5);
	assert_int_equal(ferry_channel_take(ch, &got, SOON, NULL), FERRY_OK);
	ferry_channel_release(ch);
	assert_int_equal(ferry_channel_close(ch, SOON, &unsent), FERRY_ELOST);
	assert_in_range(unsent, LARGE / 2, LARGE);
	close(back[1]);
}

/* ---- threads ---- */

enum { N_MESSAGES = 3000 };

static void *
send_many(void *arg)
{
	for (uint32_t i = 0; i < N_MESSAGES; i++) {
		uint32_t lengths[64] = { i };
		struct ferry_bytes m = { (const uint8_t *)lengths,
					 4 + i % 250 };

		if (ferry_channel_send(arg, m, SOON, NULL))
			return arg;
	}
	return NULL;
}

/* Each once, in order. */
static bool
receive_many(struct ferry_channel *ch)
{
	for (uint32_t i = 0; i < N_MESSAGES; i++) {
		struct ferry_bytes got;
		uint32_t number;

		if (ferry_channel_take(ch, &got, SOON, NULL))
			return false;
		memcpy(&number, got.data, sizeof(number));
		if (number != i || got.len != 4 + i % 250)
			return false;
		ferry_channel_release(ch);
	}
	return true;
}

static void *
echo_many(void *arg)
{
	for (uint32_t i = 0; i < N_MESSAGES; i++) {
		struct ferry_bytes got;
		ferry_err err = ferry_channel_take(arg, &got, SOON, NULL);

		if (!err)
			err = ferry_channel_send(arg, got, SOON, NULL);
		if (err)
			return arg;
		ferry_channel_release(arg);
	}
	return NULL;
}

/* One thread sends while another receives, both with a foreign loop to tell. */
static void
talk_both_ways(const char *kind)
{
	struct ferry_channel *ends[2];
	struct ferry_counters counters;
	pthread_t sender, other;
	void *failed;
	int fd;

	open_pair(kind, ends);
	assert_int_equal(ferry_channel_fd(ends[0], &fd, NULL), FERRY_OK);
	pthread_create(&sender, NULL, send_many, ends[0]);
	pthread_create(&other, NULL, echo_many, ends[1]);
	assert_true(receive_many(ends[0]));
	ferry_channel_counters(ends[0], &counters);
	assert_int_equal(counters.received, N_MESSAGES);
	pthread_join(sender, &failed);
	assert_null(failed);
	pthread_join(other, &failed);
	assert_null(failed);
	close_pair(ends);
}

static void
one_thread_sends_while_another_receives(void **state)
{
	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(kinds); i++)
		talk_both_ways(kinds[i]);
}

static void
on_signal(int signal)
{
	(void)signal;
}

static void
signals_neither_cut_nor_double_a_message(void **state)
{
	const struct sigaction act = { .sa_handler = on_signal };
	const struct itimerval often = { { 0, 100 }, { 0, 100 } };
	const struct itimerval never = { 0 };

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	for (size_t i = 0; i < FY_ARRAY_LEN(kinds); i++)
		talk_both_ways(kinds[i]);
	/* The last may come later still, to the handler: it stays. */
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
}

static void *
take_one(void *arg)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(arg, &got, SOON, NULL);

	if (!err)
		ferry_channel_release(arg);
	return (void *)(uintptr_t)err;
}

static void
a_second_receiver_waits_for_the_first(void **state)
{
	struct ferry_channel *ends[2];
	struct ferry_bytes got;
	pthread_t other;
	void *err;

	(void)state;
	open_pair("pipe", ends);
	assert_int_equal(ferry_channel_send(ends[0], text("a"), SOON, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(ends[0], text("b"), SOON, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_take(ends[1], &got, SOON, NULL),
			 FERRY_OK);
	assert_memory_equal(got.data, "a", 1);
	pthread_create(&other, NULL, take_one, ends[1]);
	assert_int_equal(ferry_channel_send(ends[1], text("c"), SOON, NULL),
			 FERRY_OK);
	assert_memory_equal(got.data, "a", 1);
	ferry_channel_release(ends[1]);
	pthread_join(other, &err);
	assert_ptr_equal(err, NULL);
	close_pair(ends);
}

/* ---- forks ---- */

/* In a child: 0, or which of the parent's it could use. */
static int
use_parents(struct ferry_channel *ends[2], struct ferry_listener *listener)
{
	struct ferry_channel *ch = ends[0], *accepted;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t *room;
	int fd, status;

	ferry_channel_cork(ch);
	ferry_channel_uncork(ch);
	ferry_channel_cancel(ch);
	ferry_channel_release(ch);
	if (ferry_channel_fds(ch, &fd, 1) != 0)
		return 1;
	if (ferry_channel_send(ch, text("x"), SOON, NULL) != FERRY_EFORK ||
	    ferry_channel_loan(ch, 1, &room, SOON, NULL) != FERRY_EFORK ||
	    ferry_channel_commit(ch, SOON, NULL) != FERRY_EFORK ||
	    ferry_channel_flush(ch, SOON, NULL) != FERRY_EFORK ||
	    ferry_channel_finish(ch, SOON, NULL) != FERRY_EFORK)
		return 2;
	if (ferry_channel_recv(ch, &mem, &got, SOON, NULL) != FERRY_EFORK ||
	    ferry_channel_take(ch, &got, SOON, NULL) != FERRY_EFORK)
		return 3;
	if (ferry_channel_fd(ch, &fd, NULL) != FERRY_EFORK ||
	    ferry_channel_process(ch, NULL) != FERRY_EFORK ||
	    ferry_channel_status(ch, SOON, &status, NULL) != FERRY_EFORK)
		return 4;
	if (ferry_listener_accept(listener, SOON, &accepted, NULL) !=
		    FERRY_EFORK ||
	    ferry_listener_fd(listener, &fd, NULL) != FERRY_EFORK ||
	    ferry_listener_process(listener, NULL) != FERRY_EFORK)
		return 5;
	ferry_listener_close(listener);
	return ferry_channel_close(ch, SOON, NULL) ? 6 : 0;
}

static void
a_child_can_use_nothing_and_harm_nothing_of_its_parents(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *ends[2];
	int fds[2], wrong = -1;
	pid_t child;

	(void)state;
	open_pair("fd", ends);
	assert_int_equal(ferry_listener_open("tcp:127.0.0.1:0", NULL, &listener,
					     NULL), FERRY_OK);
	ferry_channel_cork(ends[0]);
	assert_int_equal(ferry_channel_send(ends[0], text("whole"), FERRY_NOW,
					    NULL), FERRY_OK);
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		wrong = use_parents(ends, listener);
		_exit(write(fds[1], &wrong, sizeof(wrong)) < 0);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &wrong, sizeof(wrong)), sizeof(wrong));
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(fds[0]);
	assert_int_equal(wrong, 0);
	/* Corked before, it leaves once, and by its owner. */
	assert_int_equal(ferry_channel_flush(ends[0], SOON, NULL), FERRY_OK);
	assert_int_equal((intptr_t)take_one(ends[1]), FERRY_OK);
	assert_int_equal((intptr_t)ferry_channel_take(ends[1],
				&(struct ferry_bytes){ 0 }, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	ferry_listener_close(listener);
	close_pair(ends);
}

/* The child echoes through the end that it claims, its loop its own. */
static void
echo_in_child(struct ferry_channel *ends[2])
{
	struct pollfd p = { .events = POLLIN };
	struct ferry_bytes got;

	ferry_channel_close(ends[0], FERRY_NOW, NULL);
	if (ferry_channel_claim(ends[1], NULL) ||
	    ferry_channel_fd(ends[1], &p.fd, NULL))
		_exit(1);
	while (poll(&p, 1, 20000) == 1) {
		ferry_err err = ferry_channel_take(ends[1], &got, FERRY_NOW,
						   NULL);

		if (err == FERRY_EOF)
			break;
		if (err == FERRY_EAGAIN)
			continue;
		if (err || ferry_channel_send(ends[1], got, SOON, NULL))
			_exit(2);
		ferry_channel_release(ends[1]);
	}
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
	_exit(0);
}

static void
parent_and_child_share_a_pair_and_see_each_others_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(kinds); i++) {
		struct ferry_channel *ends[2];
		struct ferry_bytes got;
		pid_t child;
		int fd;

		open_pair(kinds[i], ends);
		/* The child's may not be this one, which is the parent's. */
		assert_int_equal(ferry_channel_fd(ends[1], &fd, NULL),
				 FERRY_OK);
		child = fork();
		if (child == 0)
			echo_in_child(ends);
		ferry_channel_close(ends[1], FERRY_NOW, NULL);
		for (int j = 0; j < 3; j++) {
			assert_int_equal(ferry_channel_send(ends[0], text("?"),
							    SOON, NULL),
					 FERRY_OK);
			assert_int_equal((intptr_t)take_one(ends[0]), FERRY_OK);
		}
		assert_int_equal(ferry_channel_finish(ends[0], SOON, NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_take(ends[0], &got, SOON, NULL),
				 FERRY_EOF);
		assert_int_equal(waitpid(child, NULL, 0), child);
		ferry_channel_close(ends[0], FERRY_NOW, NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_that_send_before_they_receive_get_through),
		cmocka_unit_test(
			what_was_read_while_sending_wakes_a_foreign_loop),
		cmocka_unit_test(
			without_a_descriptor_left_the_timeout_tells_a_foreign_loop),
		cmocka_unit_test(a_close_says_what_is_lost_with_it),
		cmocka_unit_test(
			a_commit_waits_for_its_message_to_leave_as_a_send_does),
		cmocka_unit_test(
			a_long_message_is_its_senders_again_when_send_returns),
		cmocka_unit_test(
			a_long_message_that_is_refused_leaves_nothing_behind),
		cmocka_unit_test(a_close_knows_that_the_peer_is_gone),
		cmocka_unit_test(a_close_that_may_wait_drains),
		cmocka_unit_test(
			after_the_end_nothing_is_sent_and_the_end_is_told_again),
		cmocka_unit_test(
			who_waits_for_a_peer_that_hears_nothing_sleeps),
		cmocka_unit_test(one_thread_sends_while_another_receives),
		cmocka_unit_test(signals_neither_cut_nor_double_a_message),
		cmocka_unit_test(a_second_receiver_waits_for_the_first),
		cmocka_unit_test(
			a_child_can_use_nothing_and_harm_nothing_of_its_parents),
		cmocka_unit_test(
			parent_and_child_share_a_pair_and_see_each_others_end),
	};

	large_bytes[LARGE - 1] = 7;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
