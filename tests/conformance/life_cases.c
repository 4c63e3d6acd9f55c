/* SPDX-License-Identifier: MIT */
/*
 * What is promised of handles: forks, signals, foreign event loops, and all
 * that can fail underneath.
 */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os_fault.h"
#include "words.h"

/* ---- fork ---- */

/* In a forked child: 0 if handles are refused and closing them is harmless. */
static int
try_in_child(struct fy_world *w)
{
	struct ferry_bytes nothing = { NULL, 0 };
	struct ferry_channel *none;
	struct ferry_error why = { .code = FERRY_OK };
	uint8_t *room;

	if (ferry_channel_send(w->us, nothing, FERRY_NOW, &why) !=
		    FERRY_EFORK ||
	    strlen(why.text) < 15)
		return 1;
	if (fy_recv_once(w->us, FERRY_NEVER) != FERRY_EFORK)
		return 2;
	if (ferry_channel_flush(w->us, FERRY_NOW, NULL) != FERRY_EFORK ||
	    ferry_channel_finish(w->us, FERRY_NOW, NULL) != FERRY_EFORK ||
	    ferry_channel_loan(w->us, 1, &room, FERRY_NOW, NULL) != FERRY_EFORK)
		return 3;
	if (w->listener && ferry_listener_accept(w->listener, FERRY_NOW, &none,
						 NULL) != FERRY_EFORK)
		return 4;
	if (ferry_channel_close(w->them, ferry_in_ms(FY_TEST_MS), NULL) ||
	    ferry_channel_close(w->us, FERRY_NOW, NULL))
		return 5;
	ferry_listener_close(w->listener);
	return 0;
}

static void
a_forked_child_cannot_use_the_channel_nor_harm_it(struct fy_world *w)
{
	int status = -1;
	pid_t child;

	fy_world_connect(w);
	fy_exchange(w->us, w->them);
	child = fork();
	if (child == 0)
		_exit(try_in_child(w));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fy_exchange(w->us, w->them);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(5)), FERRY_ETIMEDOUT);
	if (!w->listener || w->way->fault)
		return;
	/* The listener is found as before. */
	ferry_channel_close(w->us, FERRY_NOW, NULL);
	ferry_channel_close(w->them, FERRY_NOW, NULL);
	w->us = NULL;
	w->them = NULL;
	assert_int_equal(fy_world_join(w, &w->us, &w->them), FERRY_OK);
	fy_exchange(w->us, w->them);
}

/* ---- signals ---- */

/*
 * Ten thousand a second, if it can be: each ends a system call that waits. The
 * next is sent a moment after the last was handled, which a timer does not
 * promise: who needs longer for one than it runs gets nowhere.
 */
struct storm {
	pthread_t victim;
	pthread_t thread;
	atomic_bool over;
};

static atomic_uint n_handled;

static void
on_alarm(int signal)
{
	(void)signal;
	atomic_fetch_add(&n_handled, 1);
}

static void *
send_signals(void *arg)
{
	const struct timespec moment = { .tv_nsec = 100000 };
	struct storm *storm = arg;

	while (!atomic_load(&storm->over)) {
		unsigned int n = atomic_load(&n_handled);

		pthread_kill(storm->victim, SIGALRM);
		while (atomic_load(&n_handled) == n &&
		       !atomic_load(&storm->over))
			sched_yield();
		nanosleep(&moment, NULL);
	}
	return NULL;
}

static void
storm_begin(struct storm *storm)
{
	struct sigaction action = { .sa_handler = on_alarm };

	*storm = (struct storm){ .victim = pthread_self() };
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(
		pthread_create(&storm->thread, NULL, send_signals, storm), 0);
}

static void
storm_end(struct storm *storm)
{
	atomic_store(&storm->over, true);
	assert_int_equal(pthread_join(storm->thread, NULL), 0);
}

static void
a_storm_of_signals_changes_nothing(struct fy_world *w)
{
	uint32_t n = w->way->tiny ? 50 : fy_scaled(2000);
	struct ferry_deadline until;
	struct storm storm;
	uint8_t buf[300];

	fy_world_meet(w);
	fy_peer_tell(&w->peer, "echo %u", n);
	storm_begin(&storm);
	for (uint32_t i = 0; i < n; i++) {
		fy_send_off(w->us, fy_filled(buf, i % 300, i));
		fy_expect(NULL, w->us, fy_filled(buf, i % 300, i));
	}
	until = ferry_in_ms(20);
	assert_int_equal(fy_recv_once(w->us, until), FERRY_ETIMEDOUT);
	storm_end(&storm);
	fy_assert_punctual(until);
	fy_peer_expect(&w->peer, "ok");
}

static void
a_storm_of_signals_breaks_no_large_message(struct fy_world *w)
{
	uint8_t *buf = test_malloc(500000);
	struct storm storm;

	fy_world_meet(w);
	fy_peer_tell(&w->peer, "echo 3");
	storm_begin(&storm);
	for (uint32_t i = 0; i < 3; i++) {
		struct ferry_bytes m = fy_filled(buf, 500000, i);

		fy_send(w->us, m);
		fy_expect(w->us, w->us, m);
	}
	storm_end(&storm);
	fy_peer_expect(&w->peer, "ok");
	test_free(buf);
}

/* ---- foreign event loops ---- */

static bool
is_ready(struct ferry_channel *ch, int fd, int timeout_ms)
{
	struct pollfd p = { fd, ferry_channel_events(ch), 0 };
	bool ready = poll(&p, 1, timeout_ms) == 1;

	assert_int_equal(ferry_channel_process(ch, NULL), FERRY_OK);
	return ready;
}

static void
the_event_descriptor_tells_of_every_message(struct fy_world *w)
{
	uint8_t buf[100];
	int fd;

	fy_world_connect(w);
	/* Asked for in the middle of it, and again. */
	fy_exchange(w->us, w->them);
	assert_int_equal(ferry_channel_fd(w->us, &fd, NULL), FERRY_OK);
	assert_false(is_ready(w->us, fd, 0));
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 3; i++)
			fy_send(w->them, fy_filled(buf, 100, i));
		assert_int_equal(ferry_channel_flush(w->them,
						     ferry_in_ms(FY_TEST_MS),
						     NULL),
				 FERRY_OK);
		for (uint32_t i = 0; i < 3; i++) {
			/* Level-triggered: it says so twice. */
			assert_true(is_ready(w->us, fd, FY_TEST_MS));
			assert_true(is_ready(w->us, fd, FY_TEST_MS));
			fy_expect(w->them, w->us, fy_filled(buf, 100, i));
		}
		assert_int_equal(fy_recv_once(w->us, FERRY_NOW), FERRY_EAGAIN);
		assert_false(is_ready(w->us, fd, 0));
	}
	fy_exchange(w->us, w->them);
}

static void
the_event_descriptor_tells_of_the_end(struct fy_world *w)
{
	struct pollfd p = { .events = POLLIN };

	fy_world_meet(w);
	assert_int_equal(ferry_channel_fd(w->us, &p.fd, NULL), FERRY_OK);
	fy_peer_do(&w->peer, "send 1 10");
	assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_OK);
	fy_peer_signal(&w->peer, SIGKILL);
	assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
	while (fy_recv_once(w->us, FERRY_NOW) == FERRY_EAGAIN) {
		(void)!ferry_channel_process(w->us, NULL);
		assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
	}
	assert_int_equal(fy_recv_once(w->us, FERRY_NOW), FERRY_EOF);
}

static void
the_event_descriptor_lets_what_is_unsent_leave(struct fy_world *w)
{
	uint8_t *buf = test_malloc(300000);
	struct ferry_bytes m = fy_filled(buf, 300000, 0);
	struct pollfd p = { .events = POLLIN };
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);
	ferry_err err;

	fy_world_meet(w);
	assert_int_equal(ferry_channel_fd(w->us, &p.fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_send(w->us, m, FERRY_NOW, NULL),
			 FERRY_OK);
	fy_peer_tell(&w->peer, "recv 1 300000");
	/* Nothing but the descriptor, process() and receiving. */
	while ((err = ferry_channel_flush(w->us, FERRY_NOW, NULL)) ==
	       FERRY_EAGAIN) {
		assert_true(ferry_in_ms(0).ns < end.ns);
		assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
		assert_int_equal(ferry_channel_process(w->us, NULL), FERRY_OK);
		assert_int_equal(fy_recv_once(w->us, FERRY_NOW), FERRY_EAGAIN);
	}
	assert_int_equal(err, FERRY_OK);
	fy_peer_expect(&w->peer, "ok");
	test_free(buf);
}

/* Receives what has come; a loop that is told too often is no harm. */
static bool
has_come(struct fy_world *w, struct ferry_bytes m)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	ferry_err err;

	assert_int_equal(ferry_channel_process(w->them, NULL), FERRY_OK);
	err = ferry_channel_recv(w->them, &mem, &got, FERRY_NOW, NULL);
	if (!err)
		assert_true(fy_is_filled(got, m.len, 0));
	else
		assert_int_equal(err, FERRY_EAGAIN);
	ferry_arena_fini(&mem);
	return !err;
}

/* The two descriptors tell of all: with a flush nobody asks. */
static void
the_event_descriptor_tells_of_room_beside_messages(struct fy_world *w)
{
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);
	uint8_t *buf = test_malloc(300000);
	struct ferry_bytes m = fy_filled(buf, 300000, 0);
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	uint32_t n_back = 0;
	uint8_t back[10];

	fy_world_connect(w);
	assert_int_equal(ferry_channel_fd(w->us, &p[0].fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_fd(w->them, &p[1].fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_send(w->us, m, FERRY_NOW, NULL),
			 FERRY_OK);
	for (;;) {
		assert_true(ferry_in_ms(0).ns < end.ns);
		assert_true(poll(p, 2, FY_TEST_MS) > 0);
		assert_int_equal(ferry_channel_process(w->us, NULL), FERRY_OK);
		if (has_come(w, m))
			break;
		/* Between the one and the other. */
		if (n_back++ < 10)
			fy_send(w->them, fy_filled(back, 10, 1));
		(void)!fy_recv_once(w->us, FERRY_NOW);
	}
	test_free(buf);
}

/* ---- what fails ---- */

/*
 * A whole life: connects, a message there and back, the end. Whatever fails is
 * the end of it, too.
 */
static ferry_err
live(struct fy_world *w)
{
	struct ferry_arena mem;
	struct ferry_bytes got;
	uint8_t buf[20000];
	struct ferry_bytes m = { buf, w->way->tiny ? 60 : sizeof(buf) };
	ferry_err err = fy_world_try(w);

	ferry_arena_init(&mem, &w->heap.hooks);
	fy_fill(buf, sizeof(buf), 1);
	if (!err)
		err = ferry_channel_send(w->us, m, FERRY_NOW, NULL);
	if (!err)
		err = fy_pass(w->us, w->them, &mem, &got);
	if (!err)
		err = ferry_channel_send(w->them, got, FERRY_NOW, NULL);
	if (!err)
		err = fy_pass(w->them, w->us, &mem, &got);
	if (!err && !fy_is_filled(got, m.len, 1))
		err = FERRY_EPROTO;
	ferry_arena_fini(&mem);
	fy_world_disconnect(w);
	return err;
}

static void
expect_clean(struct fy_world *w)
{
	char path[100];

	fy_os_fault_clear();
	/* What was not allowed to be removed. */
	snprintf(path, sizeof(path), "%s/s", w->folder);
	if (w->base < 0)
		unlink(path);
	fy_audit_remove_queues();
	/* Nor may kill or waitpid have worked: a child ends with its input. */
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	assert_int_equal(w->heap.n_live, 0);
	assert_true(fy_audit_fds() <= w->before.fds + (w->base >= 0));
}

static void
memory_may_fail_at_any_time(struct fy_world *w)
{
	size_t n;

	assert_int_equal(live(w), FERRY_OK);
	n = w->heap.n_asked;
	for (size_t i = 1; i <= n; i++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			w->heap.n_asked = 0;
			w->heap.fail_at = i;
			w->heap.for_ever = for_ever;
			if (live(w) == FERRY_OK)
				assert_true(w->heap.n_asked < i);
			expect_clean(w);
		}
	}
	w->heap.fail_at = 0;
	assert_int_equal(live(w), FERRY_OK);
}

static void
every_system_call_may_fail_at_any_time(struct fy_world *w)
{
	static const int errors[] = { EIO, EMFILE, ENOMEM };
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(live(w), FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	for (uint32_t i = 1; i <= n; i++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			fy_os_fault_set(&(struct fy_os_fault){
				.at = i,
				.for_ever = for_ever,
				.error = errors[i % 3] });
			(void)live(w);
			expect_clean(w);
		}
	}
	assert_int_equal(live(w), FERRY_OK);
}

static void
short_reads_and_writes_lose_nothing(struct fy_world *w)
{
	fy_os_fault_set(&(struct fy_os_fault){ .io_most = 3 });
	assert_int_equal(live(w), FERRY_OK);
}

/* There are no bytes that could come short. */
static void
messages_come_whole(struct fy_world *w)
{
	assert_int_equal(live(w), FERRY_OK);
}

const struct fy_case fy_life_cases[] = {
	FY_MUST(a_forked_child_cannot_use_the_channel_nor_harm_it, 0),
	FY_MUST(a_storm_of_signals_changes_nothing, 0),
	FY_MUST(a_storm_of_signals_breaks_no_large_message, FY_LARGE),
	FY_MUST(the_event_descriptor_tells_of_every_message, FY_PLAIN),
	FY_MUST(the_event_descriptor_tells_of_the_end, FY_PLAIN),
	FY_MUST(the_event_descriptor_lets_what_is_unsent_leave, FY_PLAIN),
	FY_MUST(the_event_descriptor_tells_of_room_beside_messages, FY_PLAIN),
	FY_MUST(memory_may_fail_at_any_time, FY_PLAIN | FY_LONG),
	FY_MUST(every_system_call_may_fail_at_any_time, FY_PLAIN | FY_LONG),
	FY_CAN(short_reads_and_writes_lose_nothing, STREAM, messages_come_whole,
	       FY_PLAIN | FY_ONCE),
	{ .sentence = NULL },
};
