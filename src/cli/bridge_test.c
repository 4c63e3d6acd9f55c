/* SPDX-License-Identifier: MIT */
#include "cli/bridge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <cmocka.h>

#include "core/compiler.h"

/* One end of .bridge is .peer; what came is counted and kept. */
struct fixture {
	struct fy_bridge bridge; /* the first member */
	struct fy_feed feed;
	struct ferry_channel *peer;
	struct ferry_error why;
	ferry_err refuse; /* what deliver says in place of FERRY_OK */
	int asked;
	int delivered;
	char last[16];
};

static ferry_err
deliver(struct fy_bridge *bridge, struct ferry_bytes message,
	struct ferry_error *why)
{
	struct fixture *f = FY_CONTAINER(bridge, struct fixture, bridge);

	(void)why;
	f->asked++;
	if (f->refuse)
		return f->refuse;
	assert_true(message.len < sizeof(f->last));
	memcpy(f->last, message.data, message.len);
	f->last[message.len] = '\0';
	f->delivered++;
	return FERRY_OK;
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct ferry_channel *ends[2];

	if (!f || ferry_channel_pair("fd", NULL, ends, NULL))
		return -1;
	f->bridge.ch = ends[0];
	f->bridge.deliver = deliver;
	f->peer = ends[1];
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->bridge.has_taken)
		ferry_channel_release(f->bridge.ch);
	(void)ferry_channel_close(f->bridge.ch, FERRY_NOW, NULL);
	(void)ferry_channel_close(f->peer, FERRY_NOW, NULL);
	free(f);
	return 0;
}

static void
peer_sends(struct fixture *f, const char *text)
{
	const struct ferry_bytes message = { (const uint8_t *)text,
					     (uint32_t)strlen(text) };

	assert_int_equal(ferry_channel_send(f->peer, message, ferry_in_ms(1000),
					    NULL), FERRY_OK);
}

static void
peer_receives(struct fixture *f, const char *text)
{
	struct ferry_bytes message;

	assert_int_equal(ferry_channel_take(f->peer, &message,
					    ferry_in_ms(1000), NULL), FERRY_OK);
	assert_int_equal(message.len, strlen(text));
	assert_memory_equal(message.data, text, message.len);
	ferry_channel_release(f->peer);
}

static void
pump(struct fixture *f)
{
	assert_int_equal(fy_bridge_pump(&f->bridge, &f->why), FERRY_OK);
}

static void
words_leave_with_an_end_behind(void **state)
{
	struct fixture *f = *state;
	char a[] = "a", b[] = "b";
	char *words[] = { a, b, NULL };
	struct ferry_bytes none;

	f->feed.words = words;
	f->bridge.feed = &f->feed;
	pump(f);
	assert_true(f->bridge.finished);
	assert_false(f->bridge.ended);
	peer_receives(f, "a");
	peer_receives(f, "b");
	assert_int_equal(ferry_channel_take(f->peer, &none, FERRY_NOW, NULL),
			 FERRY_EOF);
	/* The other way is open. */
	peer_sends(f, "late");
	pump(f);
	assert_string_equal(f->last, "late");
}

static void
what_cannot_be_delivered_is_offered_again_and_in_order(void **state)
{
	struct fixture *f = *state;

	peer_sends(f, "one");
	peer_sends(f, "two");
	f->refuse = FERRY_EAGAIN;
	pump(f);
	pump(f);
	assert_int_equal(f->asked, 2);
	assert_false(f->bridge.busy);
	f->refuse = FERRY_OK;
	pump(f);
	assert_int_equal(f->delivered, 2);
	assert_string_equal(f->last, "two");
}

static void
no_more_are_delivered_than_asked_for(void **state)
{
	struct fixture *f = *state;

	f->bridge.most = 1;
	peer_sends(f, "one");
	peer_sends(f, "two");
	pump(f);
	pump(f);
	assert_true(f->bridge.ended);
	assert_int_equal(f->bridge.received, 1);
	assert_string_equal(f->last, "one");
}

static void
who_has_much_to_say_lets_others_have_their_turn(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 260; i++)
		peer_sends(f, "x");
	pump(f);
	assert_true(f->bridge.busy);
	assert_true(f->delivered < 260);
	pump(f);
	assert_int_equal(f->delivered, 260);
}

static void
all_that_came_is_delivered_before_the_end(void **state)
{
	struct fixture *f = *state;

	peer_sends(f, "last");
	assert_int_equal(ferry_channel_finish(f->peer, ferry_in_ms(1000), NULL),
			 FERRY_OK);
	pump(f);
	assert_string_equal(f->last, "last");
	assert_true(f->bridge.ended);
}

static void
what_deliver_fails_with_is_told(void **state)
{
	struct fixture *f = *state;

	peer_sends(f, "x");
	f->refuse = FERRY_ESYS;
	assert_int_equal(fy_bridge_pump(&f->bridge, &f->why), FERRY_ESYS);
}

/* Puts a link in the place of the pair, of which one way is missing. */
static int
open_one_way(struct fixture *f, bool sends)
{
	int fds[2];
	char addr[40];

	assert_int_equal(pipe(fds), 0);
	(void)snprintf(addr, sizeof(addr), sends ? "pipe:,%d" : "pipe:%d,",
		       fds[sends]);
	(void)ferry_channel_close(f->bridge.ch, FERRY_NOW, NULL);
	f->bridge.ch = NULL;
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NOW,
					    &f->bridge.ch, NULL), FERRY_OK);
	return fds[!sends];
}

static void
over_what_only_sends_nothing_is_waited_for(void **state)
{
	struct fixture *f = *state;
	char a[] = "a";
	char *words[] = { a, NULL };
	int other = open_one_way(f, true);

	f->feed.words = words;
	f->bridge.feed = &f->feed;
	pump(f);
	assert_true(f->bridge.finished);
	assert_true(f->bridge.ended);
	close(other);
}

static void
a_way_that_is_needed_and_missing_is_told(void **state)
{
	struct fixture *f = *state;
	char a[] = "a";
	char *words[] = { a, NULL };
	int other = open_one_way(f, false);

	f->feed.words = words;
	f->bridge.feed = &f->feed;
	assert_int_equal(fy_bridge_pump(&f->bridge, &f->why), FERRY_ENOTSUP);
	close(other);
	/* To receive over what only sends, with nothing to be sent. */
	f->bridge.feed = NULL;
	other = open_one_way(f, true);
	assert_int_equal(fy_bridge_pump(&f->bridge, &f->why), FERRY_ENOTSUP);
	close(other);
}

/* Puts a connection in the place of the pair whose other end is bare. */
static int
open_bare(struct fixture *f)
{
	int fds[2];
	char addr[40];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	(void)snprintf(addr, sizeof(addr), "fd:%d?frame=line", fds[0]);
	(void)ferry_channel_close(f->bridge.ch, FERRY_NOW, NULL);
	f->bridge.ch = NULL;
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NOW,
					    &f->bridge.ch, NULL), FERRY_OK);
	return fds[1];
}

/* It answers @text, and takes nothing. */
static int
open_to_one_who_takes_nothing(struct fixture *f, char **words,
			      const char *text)
{
	int other = open_bare(f);

	f->feed.words = words;
	f->bridge.feed = &f->feed;
	assert_int_equal(write(other, text, strlen(text)), strlen(text));
	assert_int_equal(shutdown(other, SHUT_RD), 0);
	return other;
}

static void
answers_are_delivered_though_sending_fails(void **state)
{
	struct fixture *f = *state;
	char a[] = "a", b[] = "b";
	char *words[] = { a, b, NULL };
	int other = open_to_one_who_takes_nothing(f, words, "one\n");

	pump(f);
	assert_string_equal(f->last, "one");
	assert_int_equal(f->bridge.lost.code, FERRY_ELOST);
	assert_false(fy_bridge_wants_feed(&f->bridge));
	/* What comes later is an answer, too. */
	assert_int_equal(write(other, "two\n", 4), 4);
	pump(f);
	assert_string_equal(f->last, "two");
	close(other);
	assert_int_equal(fy_bridge_pump(&f->bridge, &f->why), FERRY_ELOST);
	assert_non_null(strstr(f->why.text, "send to the peer"));
	assert_int_equal(f->delivered, 2);
}

static void
who_has_the_answers_asked_for_misses_nothing(void **state)
{
	struct fixture *f = *state;
	char a[] = "a";
	char *words[] = { a, NULL };
	int other = open_to_one_who_takes_nothing(f, words, "one\ntwo\n");

	f->bridge.most = 1;
	pump(f);
	pump(f);
	assert_string_equal(f->last, "one");
	assert_true(f->bridge.ended);
	close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_leave_with_an_end_behind),
		TEST(what_cannot_be_delivered_is_offered_again_and_in_order),
		TEST(no_more_are_delivered_than_asked_for),
		TEST(who_has_much_to_say_lets_others_have_their_turn),
		TEST(all_that_came_is_delivered_before_the_end),
		TEST(what_deliver_fails_with_is_told),
		TEST(over_what_only_sends_nothing_is_waited_for),
		TEST(a_way_that_is_needed_and_missing_is_told),
		TEST(answers_are_delivered_though_sending_fails),
		TEST(who_has_the_answers_asked_for_misses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
