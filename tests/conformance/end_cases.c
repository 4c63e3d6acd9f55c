/* SPDX-License-Identifier: MIT */
/* What is promised of the end: closed, half closed, killed, stopped, held. */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

static void
the_end_comes_behind_the_last_message(struct fy_world *w)
{
	uint8_t buf[50];

	fy_world_connect(w);
	fy_send(w->them, fy_filled(buf, 50, 1));
	fy_send(w->them, fy_filled(buf, 0, 0));
	assert_int_equal(
		ferry_channel_close(w->them, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	w->them = NULL;
	fy_expect(NULL, w->us, fy_filled(buf, 50, 1));
	fy_expect(NULL, w->us, fy_filled(buf, 0, 0));
	fy_expect_end(w->us);
}

static void
a_half_close_ends_one_direction(struct fy_world *w)
{
	uint8_t buf[50];

	fy_world_connect(w);
	fy_send(w->us, fy_filled(buf, 50, 1));
	assert_int_equal(
		ferry_channel_finish(w->us, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	fy_expect(NULL, w->them, fy_filled(buf, 50, 1));
	assert_int_equal(fy_recv_once(w->them, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
	/* The other one is as good as before. */
	for (uint32_t i = 0; i < 3; i++) {
		fy_send(w->them, fy_filled(buf, 50, i));
		fy_expect(w->them, w->us, fy_filled(buf, 50, i));
	}
	assert_int_equal(
		ferry_channel_finish(w->them, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
}

static void
what_is_sent_after_a_half_close_is_refused(struct fy_world *w)
{
	ferry_err err;

	fy_world_connect(w);
	assert_int_equal(
		ferry_channel_finish(w->us, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	err = ferry_channel_send(w->us, (struct ferry_bytes){ NULL, 0 },
				 FERRY_NOW, &w->why);
	assert_true(err == FERRY_EINVAL || err == FERRY_ENOTSUP ||
		    err == FERRY_ECLOSED);
	fy_assert_said(&w->why, err);
	fy_send(w->them, (struct ferry_bytes){ NULL, 0 });
	fy_expect(w->them, w->us, (struct ferry_bytes){ NULL, 0 });
}

static void
a_process_gets_the_answer_behind_its_half_close(struct fy_world *w)
{
	uint8_t buf[100];

	fy_world_meet(w);
	fy_peer_do(&w->peer, "send 1 100");
	fy_peer_do(&w->peer, "finish");
	fy_expect(NULL, w->us, fy_filled(buf, 100, 0));
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
	fy_send_off(w->us, fy_filled(buf, 100, 0));
	fy_peer_do(&w->peer, "recv 1 100");
	fy_peer_tell(&w->peer, "end");
	ferry_channel_close(w->us, FERRY_NOW, NULL);
	w->us = NULL;
	fy_peer_expect(&w->peer, "EOF");
}

static void
to_send_to_nobody_is_a_loss_and_no_signal(struct fy_world *w)
{
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);
	ferry_err err = FERRY_OK;
	uint8_t buf[4096];

	fy_world_connect(w);
	ferry_channel_close(w->them, FERRY_NOW, NULL);
	w->them = NULL;
	/* SIGPIPE would end this program. */
	while (err == FERRY_OK || err == FERRY_EAGAIN) {
		assert_true(ferry_in_ms(0).ns < end.ns);
		err = ferry_channel_send(w->us, fy_filled(buf, sizeof(buf), 1),
					 FERRY_NOW, &w->why);
	}
	assert_int_equal(err, FERRY_ELOST);
	fy_assert_said(&w->why, FERRY_ELOST);
}

/* ---- killed ---- */

static void
the_end_is_seen_when_an_idle_peer_is_killed(struct fy_world *w)
{
	fy_world_meet(w);
	fy_peer_signal(&w->peer, SIGKILL);
	fy_expect_end(w->us);
}

static void
what_was_sent_before_the_kill_is_received(struct fy_world *w)
{
	uint8_t buf[500];

	fy_world_meet(w);
	/* It fits every facility at once: see docs/transports.md. */
	fy_peer_do(&w->peer, "send 8 500");
	fy_peer_signal(&w->peer, SIGKILL);
	for (uint32_t i = 0; i < 8; i++)
		fy_expect(NULL, w->us, fy_filled(buf, 500, i));
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
}

/* Receives messages of the peer's flood, whole and in order: how it ends. */
static ferry_err
receive_flood(struct fy_world *w, uint32_t bytes, uint32_t kill_after)
{
	struct ferry_counters counters;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	bool whole = true;
	ferry_err err;

	for (uint32_t i = 0;; i++) {
		if (i == kill_after)
			fy_peer_signal(&w->peer, SIGKILL);
		err = ferry_channel_recv(w->us, &mem, &got,
					 ferry_in_ms(FY_TEST_MS), NULL);
		if (err)
			break;
		whole = whole && fy_is_filled(got, bytes, i);
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
	assert_true(whole);
	ferry_channel_counters(w->us, &counters);
	assert_int_equal(counters.lost, err == FERRY_ELOST);
	return err;
}

static void
a_peer_killed_while_it_sends_leaves_whole_messages(struct fy_world *w)
{
	static const uint32_t sizes[] = { 10, 3000, 100000 };

	for (size_t i = 0; i < (w->way->tiny ? 1 : 3); i++) {
		ferry_err err;

		fy_world_meet(w);
		fy_peer_do(&w->peer, "flood 0 %u", sizes[i]);
		err = receive_flood(w, sizes[i], 20);
		assert_true(err == FERRY_EOF || err == FERRY_ELOST);
		fy_world_disconnect(w);
		fy_peer_end(&w->peer);
	}
}

/* Kills the peer of a thread when that sleeps in a system call. */
struct killer {
	struct fy_peer *peer;
	pid_t victim;
	int signal;
	pthread_t thread;
};

static bool
is_asleep(pid_t tid)
{
	char path[64], line[200] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	(void)!fgets(line, sizeof(line), f);
	fclose(f);
	return strstr(line, ") S ") != NULL;
}

static void *
kill_when_asleep(void *arg)
{
	struct killer *killer = arg;
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);

	while (!is_asleep(killer->victim) && ferry_in_ms(0).ns < end.ns)
		sched_yield();
	(void)kill(killer->peer->pid, killer->signal);
	return NULL;
}

static void
start_killer(struct killer *killer, struct fy_peer *peer, int signal)
{
	*killer = (struct killer){ .peer = peer,
				   .victim = gettid(),
				   .signal = signal };
	assert_int_equal(
		pthread_create(&killer->thread, NULL, kill_when_asleep, killer),
		0);
}

static void
a_kill_ends_a_receive_that_blocks(struct fy_world *w)
{
	/* With a deadline, and without one. */
	for (int i = 0; i < 2; i++) {
		struct killer killer;
		ferry_err err;

		fy_world_meet(w);
		start_killer(&killer, &w->peer, SIGKILL);
		err = fy_recv_once(w->us,
				   i ? FERRY_NEVER : ferry_in_ms(FY_TEST_MS));
		pthread_join(killer.thread, NULL);
		assert_int_equal(err, FERRY_EOF);
		fy_world_disconnect(w);
		fy_peer_end(&w->peer);
	}
}

static void
a_kill_ends_a_send_that_blocks(struct fy_world *w)
{
	uint8_t *buf = test_malloc(60000);
	struct ferry_bytes m = fy_filled(buf, w->way->tiny ? 500 : 60000, 1);

	for (int i = 0; i < 2; i++) {
		struct killer killer;
		ferry_err err = FERRY_OK;

		fy_world_meet(w);
		(void)fy_fill_up(w, w->us, m);
		start_killer(&killer, &w->peer, SIGKILL);
		while (!err)
			err = ferry_channel_send(w->us, m,
						 i ? FERRY_NEVER
						   : ferry_in_ms(FY_TEST_MS),
						 &w->why);
		pthread_join(killer.thread, NULL);
		assert_int_equal(err, FERRY_ELOST);
		fy_world_disconnect(w);
		fy_peer_end(&w->peer);
	}
	test_free(buf);
}

static void
a_kill_ends_a_flush_that_blocks(struct fy_world *w)
{
	uint8_t *buf = test_malloc(60000);
	struct killer killer;
	size_t unsent = 0;
	ferry_err err;

	fy_world_meet(w);
	(void)fy_fill_up(w, w->us,
			 fy_filled(buf, w->way->tiny ? 500 : 60000, 1));
	start_killer(&killer, &w->peer, SIGKILL);
	err = ferry_channel_flush(w->us, FERRY_NEVER, NULL);
	pthread_join(killer.thread, NULL);
	assert_int_equal(err, FERRY_ELOST);
	assert_int_equal(
		ferry_channel_close(w->us, ferry_in_ms(FY_TEST_MS), &unsent),
		FERRY_ELOST);
	w->us = NULL;
	assert_true(unsent > 0);
	test_free(buf);
}

/* ---- stopped ---- */

static void
a_stopped_peer_is_late_and_loses_nothing(struct fy_world *w)
{
	uint32_t n = w->way->tiny ? 30 : 3000;
	struct ferry_deadline until;
	uint8_t buf[200];
	uint32_t i = 0;
	ferry_err err = FERRY_OK;

	fy_world_meet(w);
	fy_peer_tell(&w->peer, "send %u 200", n);
	fy_expect(NULL, w->us, fy_filled(buf, 200, i++));
	fy_peer_signal(&w->peer, SIGSTOP);
	while (i < n && !err) {
		until = ferry_in_ms(50);
		err = fy_recv_once(w->us, until);
		i += !err;
	}
	if (i < n) {
		assert_int_equal(err, FERRY_ETIMEDOUT);
		fy_assert_punctual(until);
	}
	fy_peer_signal(&w->peer, SIGCONT);
	while (i < n)
		fy_expect(NULL, w->us, fy_filled(buf, 200, i++));
	fy_peer_expect(&w->peer, "ok");
	fy_send_off(w->us, fy_filled(buf, 200, 0));
	fy_peer_do(&w->peer, "recv 1 200");
}

static void
a_stop_is_not_the_end(struct fy_world *w)
{
	uint8_t buf[100];

	fy_world_meet(w);
	fy_peer_signal(&w->peer, SIGSTOP);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(100)),
			 FERRY_ETIMEDOUT);
	fy_send(w->us, fy_filled(buf, 100, 0));
	fy_peer_tell(&w->peer, "echo 1");
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(20)), FERRY_ETIMEDOUT);
	fy_peer_signal(&w->peer, SIGCONT);
	fy_expect(w->us, w->us, fy_filled(buf, 100, 0));
	fy_peer_expect(&w->peer, "ok");
}

/* ---- held ---- */

/* Its child has all that it had, and lives on. */
static void
kill_with_a_child_left(struct fy_world *w)
{
	char line[FY_PEER_LINE];

	fy_world_meet(w);
	fy_peer_tell(&w->peer, "hold");
	fy_peer_answer(&w->peer, line);
	assert_int_equal(sscanf(line, "ok %d", &w->peer.held), 1);
	fy_peer_do(&w->peer, "send 1 10");
	fy_peer_signal(&w->peer, SIGKILL);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_OK);
}

static void
the_end_is_seen_though_a_child_holds_descriptors(struct fy_world *w)
{
	snprintf(w->options, sizeof(w->options), "%s",
		 w->way->watch ? w->way->watch : "");
	kill_with_a_child_left(w);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
}

/* docs/transports.md: the end comes when the last of them ends. */
static void
the_end_comes_with_the_last_holder(struct fy_world *w)
{
	kill_with_a_child_left(w);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(100)),
			 FERRY_ETIMEDOUT);
	assert_int_equal(kill(w->peer.held, SIGKILL), 0);
	w->peer.held = 0;
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
}

const struct fy_case fy_end_cases[] = {
	FY_MUST(the_end_comes_behind_the_last_message, 0),
	FY_MUST(a_half_close_ends_one_direction, 0),
	FY_MUST(what_is_sent_after_a_half_close_is_refused, FY_PLAIN),
	FY_MUST(a_process_gets_the_answer_behind_its_half_close, FY_PLAIN),
	FY_MUST(to_send_to_nobody_is_a_loss_and_no_signal, 0),
	FY_MUST(the_end_is_seen_when_an_idle_peer_is_killed, 0),
	FY_MUST(what_was_sent_before_the_kill_is_received, FY_PLAIN),
	FY_MUST(a_peer_killed_while_it_sends_leaves_whole_messages, 0),
	FY_MUST(a_kill_ends_a_receive_that_blocks, 0),
	FY_MUST(a_kill_ends_a_send_that_blocks, 0),
	FY_MUST(a_kill_ends_a_flush_that_blocks, FY_PLAIN),
	FY_MUST(a_stopped_peer_is_late_and_loses_nothing, 0),
	FY_MUST(a_stop_is_not_the_end, 0),
	FY_CAN(the_end_is_seen_though_a_child_holds_descriptors, WATCH,
	       the_end_comes_with_the_last_holder, FY_PLAIN),
	{ .sentence = NULL },
};
