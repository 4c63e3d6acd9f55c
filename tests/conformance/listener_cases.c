/* SPDX-License-Identifier: MIT */
/* What is promised of listeners, by those that have them. */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "words.h"

#define N_CLIENTS 5

/* An address that is one channel: there is nothing to listen at. */
static void
to_listen_is_refused(struct fy_world *w)
{
	char text[40];

	snprintf(text, sizeof(text), "%s:0,1", w->way->scheme);
	assert_int_equal(ferry_listener_open(text, NULL, &w->listener, &w->why),
			 FERRY_ENOTSUP);
	fy_assert_said(&w->why, FERRY_ENOTSUP);
	assert_non_null(strstr(w->why.text, w->way->scheme));
	assert_null(w->listener);
}

/* One more client, who may be preceded by channels that have ended. */
static void
join_behind_others(struct fy_world *w)
{
	struct fy_caller caller;
	struct ferry_channel *ch;
	ferry_err err;

	fy_caller_start(&caller, w, ferry_in_ms(FY_TEST_MS));
	for (;;) {
		err = ferry_listener_accept(
			w->listener, ferry_in_ms(FY_TEST_MS), &ch, &w->why);
		assert_int_equal(err, FERRY_OK);
		/* Who lives sends nothing. */
		err = fy_recv_once(ch, ferry_in_ms(100));
		if (err == FERRY_ETIMEDOUT)
			break;
		ferry_channel_close(ch, FERRY_NOW, NULL);
		assert_true(err == FERRY_EOF || err == FERRY_ELOST);
	}
	w->them = ch;
	assert_int_equal(fy_caller_join(&caller, &w->us), FERRY_OK);
	fy_exchange(w->us, w->them);
}

static void
join(struct fy_world *w)
{
	if (fy_world_join(w, &w->us, &w->them))
		fail_msg("%s", w->why.text);
	fy_exchange(w->us, w->them);
}

static void
an_accept_ends_by_its_deadline(struct fy_world *w)
{
	struct ferry_channel *none;
	struct ferry_deadline until;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(
		ferry_listener_accept(w->listener, FERRY_NOW, &none, NULL),
		FERRY_EAGAIN);
	until = ferry_in_ms(15);
	assert_int_equal(
		ferry_listener_accept(w->listener, until, &none, &w->why),
		FERRY_ETIMEDOUT);
	fy_assert_said(&w->why, FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	join(w);
}

static void
an_open_ends_by_its_deadline(struct fy_world *w)
{
	struct ferry_channel *opened[N_CLIENTS] = { NULL };
	struct ferry_deadline until;
	char line[FY_PEER_LINE], at[256];

	fy_world_listen_addr(w, at, sizeof(at));
	fy_peer_start(&w->peer);
	fy_peer_tell(&w->peer, "listen %s", at);
	fy_peer_answer(&w->peer, line);
	assert_memory_equal(line, "ok ", 3);
	fy_peer_signal(&w->peer, SIGSTOP);
	/* Who stops lets some in, or none: nobody waits for ever. */
	for (int i = 0; i < N_CLIENTS; i++) {
		ferry_err err;

		until = ferry_in_ms(20);
		err = ferry_channel_open(line + 3, &w->config.channel, until,
					 &opened[i], &w->why);
		assert_true(err == FERRY_OK || err == FERRY_ETIMEDOUT);
		if (err)
			fy_assert_punctual(until);
	}
	fy_peer_signal(&w->peer, SIGCONT);
	for (int i = 0; i < N_CLIENTS; i++)
		ferry_channel_close(opened[i], FERRY_NOW, NULL);
	fy_peer_do(&w->peer, "unlisten");
}

static void
nobody_there_is_told_at_once(struct fy_world *w)
{
	ferry_err err;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	ferry_listener_close(w->listener);
	w->listener = NULL;
	err = fy_world_dial(w, ferry_in_ms(FY_TEST_MS), &w->us);
	assert_int_equal(err, FERRY_ECONNECT);
	fy_assert_said(&w->why, FERRY_ECONNECT);
}

static void
channels_outlive_their_listener(struct fy_world *w)
{
	fy_world_connect(w);
	ferry_listener_close(w->listener);
	w->listener = NULL;
	fy_exchange(w->us, w->them);
}

static void
accept_all(struct fy_world *w, struct ferry_channel *out[N_CLIENTS])
{
	for (int i = 0; i < N_CLIENTS; i++)
		assert_int_equal(ferry_listener_accept(w->listener,
						       ferry_in_ms(FY_TEST_MS),
						       &out[i], &w->why),
				 FERRY_OK);
}

/* Which of the clients @ch belongs to: it sends its number. */
static uint32_t
read_number(struct ferry_channel *ch)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { 0 };
	uint32_t number = N_CLIENTS;

	assert_int_equal(fy_pass(NULL, ch, &mem, &got), FERRY_OK);
	assert_int_equal(got.len, sizeof(number));
	memcpy(&number, got.data, sizeof(number));
	ferry_arena_fini(&mem);
	assert_true(number < N_CLIENTS);
	return number;
}

static void
several_clients_come_at_once(struct fy_world *w)
{
	struct ferry_channel *clients[N_CLIENTS], *servers[N_CLIENTS];
	struct fy_caller callers[N_CLIENTS];
	struct ferry_counters counters;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	for (int i = 0; i < N_CLIENTS; i++)
		fy_caller_start(&callers[i], w, ferry_in_ms(FY_TEST_MS));
	accept_all(w, servers);
	for (uint32_t i = 0; i < N_CLIENTS; i++) {
		assert_int_equal(fy_caller_join(&callers[i], &clients[i]),
				 FERRY_OK);
		fy_send(clients[i], (struct ferry_bytes){ (uint8_t *)&i, 4 });
	}
	for (int i = 0; i < N_CLIENTS; i++)
		fy_exchange(servers[i], clients[read_number(servers[i])]);
	ferry_listener_counters(w->listener, &counters);
	assert_int_equal(counters.accepted, N_CLIENTS);
	for (int i = 0; i < N_CLIENTS; i++)
		ferry_channel_close(clients[i], FERRY_NOW, NULL);
	for (int i = 0; i < N_CLIENTS; i++) {
		fy_expect_end(servers[i]);
		ferry_channel_close(servers[i], FERRY_NOW, NULL);
	}
}

static void
who_went_before_he_was_accepted_does_no_harm(struct fy_world *w)
{
	struct ferry_channel *gone = NULL;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	/* Where both have to be there for it, he gives up. */
	if (fy_world_dial(w, ferry_in_ms(50), &gone))
		assert_int_equal(w->why.code, FERRY_ETIMEDOUT);
	ferry_channel_close(gone, FERRY_NOW, NULL);
	join_behind_others(w);
}

static void
the_listeners_descriptor_tells_who_waits(struct fy_world *w)
{
	struct ferry_channel *none = NULL;
	struct fy_caller caller;
	struct pollfd p = { 0 };

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(ferry_listener_fd(w->listener, &p.fd, NULL), FERRY_OK);
	p.events = ferry_listener_events(w->listener);
	assert_int_equal(poll(&p, 1, 0), 0);
	fy_caller_start(&caller, w, ferry_in_ms(FY_TEST_MS));
	while (!w->them) {
		ferry_err err;

		assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
		assert_int_equal(ferry_listener_process(w->listener, NULL),
				 FERRY_OK);
		err = ferry_listener_accept(w->listener, FERRY_NOW, &w->them,
					    NULL);
		assert_true(err == FERRY_OK || err == FERRY_EAGAIN);
	}
	assert_int_equal(fy_caller_join(&caller, &w->us), FERRY_OK);
	assert_int_equal(
		ferry_listener_accept(w->listener, FERRY_NOW, &none, NULL),
		FERRY_EAGAIN);
	assert_int_equal(poll(&p, 1, 0), 0);
	fy_exchange(w->us, w->them);
}

/* The lowest number that is free is the first that may not be used. */
static void
use_up_descriptors(struct rlimit *before)
{
	struct rlimit none;
	int lowest = open("/", O_RDONLY | O_CLOEXEC);

	assert_true(lowest >= 0);
	close(lowest);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
	none = *before;
	none.rlim_cur = (rlim_t)lowest;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void
who_comes_while_no_descriptor_is_left_is_told_or_waits(struct fy_world *w)
{
	struct pollfd p = { .events = POLLIN };
	char line[FY_PEER_LINE];
	struct rlimit before;
	ferry_err err = FERRY_EAGAIN;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(ferry_listener_fd(w->listener, &p.fd, NULL), FERRY_OK);
	fy_peer_start(&w->peer);
	fy_peer_tell(&w->peer, "open %s", w->at);
	assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
	use_up_descriptors(&before);
	while (err == FERRY_EAGAIN)
		err = ferry_listener_accept(w->listener, FERRY_NOW, &w->us,
					    &w->why);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(err, FERRY_ESYS);
	assert_int_equal(w->why.sys_errno, EMFILE);
	fy_assert_said(&w->why, FERRY_ESYS);
	/* Where he cannot be left waiting he is told, and comes again. */
	if (ferry_listener_accept(w->listener, ferry_in_ms(100), &w->us,
				  NULL)) {
		fy_peer_answer(&w->peer, line);
		assert_memory_equal(line, "FERRY_ECONNECT: ", 16);
		fy_peer_tell(&w->peer, "open %s", w->at);
		assert_int_equal(ferry_listener_accept(w->listener,
						       ferry_in_ms(FY_TEST_MS),
						       &w->us, &w->why),
				 FERRY_OK);
	}
	fy_peer_expect(&w->peer, "ok");
	fy_peer_do(&w->peer, "send 1 70");
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_OK);
}

static void
a_name_in_use_is_refused(struct fy_world *w)
{
	struct ferry_listener *second = NULL;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(
		ferry_listener_open(w->at, &w->config, &second, &w->why),
		FERRY_ESYS);
	fy_assert_said(&w->why, FERRY_ESYS);
	assert_int_equal(w->why.sys_errno, EADDRINUSE);
	assert_null(second);
	join_behind_others(w);
}

/* A listener in another process that is killed; w->at is its address. */
static void
listen_and_be_killed(struct fy_world *w, bool with_a_client)
{
	char line[FY_PEER_LINE], at[256];

	fy_world_listen_addr(w, at, sizeof(at));
	fy_peer_start(&w->peer);
	fy_peer_tell(&w->peer, "listen %s", at);
	fy_peer_answer(&w->peer, line);
	assert_memory_equal(line, "ok ", 3);
	snprintf(w->at, sizeof(w->at), "%.255s", line + 3);
	if (with_a_client) {
		fy_peer_tell(&w->peer, "accept");
		assert_int_equal(
			fy_world_dial(w, ferry_in_ms(FY_TEST_MS), &w->us),
			FERRY_OK);
		fy_peer_expect(&w->peer, "ok");
	}
	fy_peer_signal(&w->peer, SIGKILL);
	fy_peer_end(&w->peer);
}

static void
a_dead_listener_is_noticed_and_replaced(struct fy_world *w)
{
	ferry_err err;

	listen_and_be_killed(w, false);
	assert_int_equal(fy_world_dial(w, ferry_in_ms(FY_TEST_MS), &w->us),
			 FERRY_ECONNECT);
	fy_assert_said(&w->why, FERRY_ECONNECT);
	err = ferry_listener_open(w->at, &w->config, &w->listener, &w->why);
	if (err)
		fail_msg("%s", w->why.text);
	join(w);
}

static void
what_a_killed_server_left_is_cleared_by_the_next(struct fy_world *w)
{
	listen_and_be_killed(w, true);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
	ferry_channel_close(w->us, FERRY_NOW, NULL);
	w->us = NULL;
	/* What is left behind now is counted when the world ends. */
	assert_int_equal(
		ferry_listener_open(w->at, &w->config, &w->listener, &w->why),
		FERRY_OK);
}

static void
what_a_killed_client_left_is_cleared_by_the_next(struct fy_world *w)
{
	struct pollfd p = { .events = POLLIN };

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(ferry_listener_fd(w->listener, &p.fd, NULL), FERRY_OK);
	fy_peer_start(&w->peer);
	fy_peer_tell(&w->peer, "open %s", w->at);
	/* Killed when he is there, before he is accepted. */
	assert_int_equal(poll(&p, 1, FY_TEST_MS), 1);
	fy_peer_signal(&w->peer, SIGKILL);
	fy_peer_end(&w->peer);
	join_behind_others(w);
	ferry_listener_close(w->listener);
	assert_int_equal(
		ferry_listener_open(w->at, &w->config, &w->listener, &w->why),
		FERRY_OK);
}

#define FY_LISTENS(name, flags)                                                \
	FY_CAN(name, LISTEN, to_listen_is_refused, FY_PLAIN | FY_ONCE | flags)

const struct fy_case fy_listener_cases[] = {
	FY_LISTENS(an_accept_ends_by_its_deadline, 0),
	FY_LISTENS(an_open_ends_by_its_deadline, FY_NAMED),
	FY_LISTENS(nobody_there_is_told_at_once, FY_NAMED),
	FY_LISTENS(channels_outlive_their_listener, FY_NAMED),
	FY_LISTENS(several_clients_come_at_once, 0),
	FY_LISTENS(who_went_before_he_was_accepted_does_no_harm, 0),
	FY_LISTENS(the_listeners_descriptor_tells_who_waits, 0),
	FY_LISTENS(who_comes_while_no_descriptor_is_left_is_told_or_waits, 0),
	FY_LISTENS(a_name_in_use_is_refused, FY_NAMED),
	FY_LISTENS(a_dead_listener_is_noticed_and_replaced, FY_NAMED),
	FY_LISTENS(what_a_killed_server_left_is_cleared_by_the_next, FY_NAMED),
	FY_LISTENS(what_a_killed_client_left_is_cleared_by_the_next, FY_NAMED),
	{ .sentence = NULL },
};
