/* SPDX-License-Identifier: MIT */
/* The public functions once each; tests/conformance has what they promise. */
#include <ferry/ferry.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <unistd.h>

static struct ferry_bytes
text(const char *s)
{
	return (struct ferry_bytes){ (const uint8_t *)s, (uint32_t)strlen(s) };
}

static void
assert_next(struct ferry_channel *ch, const char *expected)
{
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_take(ch, &got, ferry_in_ms(10000), NULL),
			 FERRY_OK);
	assert_int_equal(got.len, strlen(expected));
	assert_memory_equal(got.data, expected, got.len);
	ferry_channel_release(ch);
}

static void
a_pair_carries_messages_both_ways(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_channel *ends[2];
	struct ferry_counters counters;
	struct ferry_bytes got;
	struct ferry_peer peer;
	uint8_t *room;
	size_t unsent = 1;

	(void)state;
	assert_int_equal(ferry_channel_pair("pipe", NULL, ends, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(ends[0], text("there"), FERRY_NEVER,
					    NULL), FERRY_OK);
	assert_next(ends[1], "there");
	assert_int_equal(ferry_channel_loan(ends[1], 4, &room, FERRY_NEVER,
					    NULL), FERRY_OK);
	memcpy(room, "lost", 4);
	ferry_channel_cancel(ends[1]);
	assert_int_equal(ferry_channel_loan(ends[1], 4, &room, FERRY_NEVER,
					    NULL), FERRY_OK);
	memcpy(room, "back", 4);
	assert_int_equal(ferry_channel_commit(ends[1], FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(ends[0], &mem, &got, FERRY_NEVER,
					    NULL), FERRY_OK);
	assert_memory_equal(got.data, "back", 4);
	ferry_channel_counters(ends[0], &counters);
	assert_int_equal(counters.sent, 1);
	assert_int_equal(counters.received_bytes, 4);
	ferry_channel_peer(ends[0], &peer);
	assert_false(peer.has_ids);
	assert_true(ferry_channel_caps(ends[0]) & FERRY_CAP_ONE_WAY);
	assert_int_equal(ferry_channel_fds(ends[0], NULL, 0), 0);
	assert_int_equal(ferry_channel_claim(ends[0], NULL), FERRY_OK);
	assert_int_equal(ferry_channel_close(ends[0], FERRY_NOW, &unsent),
			 FERRY_OK);
	assert_int_equal(unsent, 0);
	ferry_arena_fini(&mem);
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static void
what_is_gathered_leaves_together_and_then_the_end(void **state)
{
	struct ferry_channel *ends[2];
	struct ferry_bytes got;

	(void)state;
	assert_int_equal(ferry_channel_pair("fd", NULL, ends, NULL), FERRY_OK);
	ferry_channel_cork(ends[0]);
	assert_int_equal(ferry_channel_send(ends[0], text("a"), FERRY_NEVER,
					    NULL), FERRY_OK);
	assert_int_equal(ferry_channel_take(ends[1], &got, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	ferry_channel_uncork(ends[0]);
	assert_int_equal(ferry_channel_flush(ends[0], FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_next(ends[1], "a");
	assert_int_equal(ferry_channel_finish(ends[0], FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_take(ends[1], &got, FERRY_NEVER, NULL),
			 FERRY_EOF);
	ferry_channel_close(ends[0], FERRY_NOW, NULL);
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static void
what_a_facility_cannot_do_is_said(void **state)
{
	struct ferry_channel *ends[2];
	int status, fd = 0;

	(void)state;
	assert_int_equal(ferry_channel_pair("tcp", NULL, ends, NULL),
			 FERRY_EINVAL);
	assert_int_equal(ferry_channel_pair("pipe", NULL, ends, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_status(ends[0], FERRY_NOW, &status,
					      NULL), FERRY_ENOTSUP);
	assert_int_equal(ferry_channel_send_fds(ends[0], text(""), &fd, 1,
						FERRY_NOW, NULL),
			 FERRY_ENOTSUP);
	ferry_channel_close(ends[0], FERRY_NOW, NULL);
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static bool
is_readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

static void
a_foreign_loop_is_told_while_there_is_more(void **state)
{
	struct ferry_channel *ends[2];
	int fd;

	(void)state;
	assert_int_equal(ferry_channel_pair("pipe", NULL, ends, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_fd(ends[1], &fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_events(ends[1]), POLLIN);
	assert_int_equal(ferry_channel_timeout(ends[1]).ns, FERRY_NEVER.ns);
	assert_false(is_readable(fd));
	for (int i = 0; i < 3; i++)
		assert_int_equal(ferry_channel_send(ends[0], text("x"),
						    FERRY_NEVER, NULL),
				 FERRY_OK);
	for (int i = 0; i < 3; i++) {
		assert_true(is_readable(fd));
		assert_int_equal(ferry_channel_process(ends[1], NULL),
				 FERRY_OK);
		assert_next(ends[1], "x");
	}
	assert_false(is_readable(fd));
	ferry_channel_close(ends[0], FERRY_NOW, NULL);
	assert_true(is_readable(fd));
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static void
a_listener_accepts_those_who_come(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *a, *b;
	struct ferry_counters counters;
	char addr[100];
	int fd;

	(void)state;
	assert_int_equal(ferry_listener_open("tcp:127.0.0.1:0", NULL, &listener,
					     NULL), FERRY_OK);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &b, NULL),
			 FERRY_EAGAIN);
	assert_in_range(ferry_listener_addr(listener, addr, sizeof(addr)), 1,
			sizeof(addr) - 1);
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NEVER, &a, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_listener_fd(listener, &fd, NULL), FERRY_OK);
	assert_int_equal(ferry_listener_events(listener), POLLIN);
	assert_int_equal(ferry_listener_timeout(listener).ns, FERRY_NEVER.ns);
	assert_int_equal(ferry_listener_process(listener, NULL), FERRY_OK);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NEVER, &b, NULL),
			 FERRY_OK);
	ferry_listener_counters(listener, &counters);
	assert_int_equal(counters.accepted, 1);
	ferry_listener_close(listener);
	ferry_channel_close(a, FERRY_NOW, NULL);
	ferry_channel_close(b, FERRY_NOW, NULL);
}

static void
the_address_of_a_listener_can_be_opened_as_it_is(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *a, *b;
	char addr[100], short_addr[8];
	size_t n;

	(void)state;
	assert_int_equal(ferry_listener_open("tcp:127.0.0.1:0?frame=line", NULL,
					     &listener, NULL), FERRY_OK);
	n = ferry_listener_addr(listener, addr, sizeof(addr));
	assert_int_equal(n, strlen(addr));
	assert_non_null(strstr(addr, "?frame=line"));
	assert_int_equal(ferry_listener_addr(listener, short_addr,
					     sizeof(short_addr)), n);
	assert_string_equal(short_addr, "tcp:127");
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NEVER, &a, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NEVER, &b, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(a, text("a line"), FERRY_NEVER,
					    NULL), FERRY_OK);
	assert_next(b, "a line");
	ferry_listener_close(listener);
	ferry_channel_close(a, FERRY_NOW, NULL);
	ferry_channel_close(b, FERRY_NOW, NULL);
}

/* Which of the @n_listeners the loop is told of; -1: of none. */
static int
who_is_called(struct ferry_listener *const *listeners, int n_listeners)
{
	struct pollfd fds[4];
	int called = -1;

	for (int i = 0; i < n_listeners; i++) {
		fds[i] = (struct pollfd){ .events = ferry_listener_events(
						  listeners[i]) };
		assert_int_equal(ferry_listener_fd(listeners[i], &fds[i].fd,
						   NULL), FERRY_OK);
	}
	assert_in_range(poll(fds, (nfds_t)n_listeners, 0), 0, 1);
	for (int i = 0; i < n_listeners; i++)
		if (fds[i].revents)
			called = i;
	return called;
}

static void
several_listeners_share_a_loop(void **state)
{
	struct ferry_listener *listeners[3];
	struct ferry_channel *a, *b;
	char addr[100];

	(void)state;
	for (int i = 0; i < 3; i++) {
		(void)snprintf(addr, sizeof(addr), "unix:@ferry-test-%d-%d",
			       (int)getpid(), i);
		assert_int_equal(ferry_listener_open(
					 i ? addr : "tcp:127.0.0.1:0", NULL,
					 &listeners[i], NULL), FERRY_OK);
	}
	assert_int_equal(who_is_called(listeners, 3), -1);
	for (int i = 0; i < 3; i++) {
		(void)ferry_listener_addr(listeners[i], addr, sizeof(addr));
		assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NEVER, &a,
						    NULL), FERRY_OK);
		assert_int_equal(who_is_called(listeners, 3), i);
		assert_int_equal(ferry_listener_process(listeners[i], NULL),
				 FERRY_OK);
		assert_int_equal(ferry_listener_accept(listeners[i], FERRY_NOW,
						       &b, NULL), FERRY_OK);
		assert_int_equal(who_is_called(listeners, 3), -1);
		ferry_channel_close(a, FERRY_NOW, NULL);
		ferry_channel_close(b, FERRY_NOW, NULL);
	}
	for (int i = 0; i < 3; i++)
		ferry_listener_close(listeners[i]);
}

static void
calls_travel_in_records_alone(void **state)
{
	const char *const addrs[] = { "tcp:127.0.0.1:1?frame=line",
				      "fd:0?frame=u32" };
	struct ferry_server *server;
	struct ferry_client *client;
	struct ferry_error why;

	(void)state;
	assert_int_equal(ferry_server_new(NULL, &server, NULL), FERRY_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ferry_server_listen(server, addrs[i], &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, "frame="));
		assert_int_equal(ferry_client_open(addrs[i], NULL, FERRY_NOW,
						   &client, &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, "leave ?frame= out"));
	}
	ferry_server_free(server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_carries_messages_both_ways),
		cmocka_unit_test(
			what_is_gathered_leaves_together_and_then_the_end),
		cmocka_unit_test(what_a_facility_cannot_do_is_said),
		cmocka_unit_test(a_foreign_loop_is_told_while_there_is_more),
		cmocka_unit_test(a_listener_accepts_those_who_come),
		cmocka_unit_test(
			the_address_of_a_listener_can_be_opened_as_it_is),
		cmocka_unit_test(several_listeners_share_a_loop),
		cmocka_unit_test(calls_travel_in_records_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
