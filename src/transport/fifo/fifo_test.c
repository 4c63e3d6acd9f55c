/* SPDX-License-Identifier: MIT */
/* What is fifo's own; the rest is in tests/conformance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fifo_place.h"
#include "rivals.h"

/* ---- the two ends ---- */

static void
both_ends_meet_and_no_name_remains(void **state)
{
	struct place *p = *state;
	struct ferry_channel *pair[2];
	struct ferry_peer peer;

	place_listen(p);
	assert_int_equal(place_mode_of(p->path), 0600);
	assert_int_equal(place_mode_of(p->pairs), 02700);
	place_connect(p, pair);
	assert_int_equal(place_entries(p->pairs), 0);
	place_stop(p);
	assert_int_equal(place_entries(p->folder), 0);
	for (int i = 0; i < 2; i++) {
		place_send(pair[i], "there");
		place_expect(pair[1 - i], "there");
		ferry_channel_peer(pair[i], &peer);
		assert_true(peer.has_ids);
		assert_int_equal(peer.uid, geteuid());
		assert_true(peer.gid == FERRY_NO_GID);
		assert_false(peer.has_pid);
		assert_non_null(strstr(peer.text, "pid unknown"));
	}
	place_close_both(pair);
}

static void
each_end_sees_the_other_finish_and_close(void **state)
{
	struct place *p = *state;
	struct ferry_channel *pair[2];

	place_listen(p);
	for (int i = 0; i < 2; i++) {
		place_connect(p, pair);
		place_send(pair[i], "last");
		assert_int_equal(
			ferry_channel_finish(pair[i],
					     ferry_in_ms(PLACE_WAIT_MS), NULL),
			FERRY_OK);
		place_expect(pair[1 - i], "last");
		place_expect_end(pair[1 - i], ferry_in_ms(PLACE_WAIT_MS),
				 FERRY_EOF);
		place_send(pair[1 - i], "back");
		place_expect(pair[i], "back");
		ferry_channel_close(pair[1 - i], FERRY_NOW, NULL);
		place_expect_end(pair[i], ferry_in_ms(PLACE_WAIT_MS),
				 FERRY_EOF);
		ferry_channel_close(pair[i], FERRY_NOW, NULL);
	}
}

static void
a_bare_name_lives_in_the_users_own_folder(void **state)
{
	struct place *p = *state;
	char ferry[80];

	setenv("XDG_RUNTIME_DIR", p->folder, 1);
	assert_int_equal(
		ferry_listener_open("fifo:n", NULL, &p->listener, NULL),
		FERRY_OK);
	snprintf(ferry, sizeof(ferry), "%s/ferry", p->folder);
	assert_int_equal(place_entries(ferry), 2);
	place_stop(p);
	unsetenv("XDG_RUNTIME_DIR");
	assert_int_equal(rmdir(ferry), 0);
}

static void
a_client_gives_up_at_its_deadline_and_cleans_up(void **state)
{
	struct place *p = *state;
	struct ferry_channel *none;
	struct ferry_error why;

	place_listen(p);
	assert_int_equal(place_try_open(p->addr, FERRY_NOW, &why),
			 FERRY_EAGAIN);
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(20), &why),
			 FERRY_ETIMEDOUT);
	assert_non_null(strstr(why.text, p->addr));
	assert_int_equal(place_entries(p->pairs), 0);
	assert_int_equal(
		ferry_listener_accept(p->listener, FERRY_NOW, &none, NULL),
		FERRY_EAGAIN);
	assert_int_equal(place_failed(p), 2);
}

/* ---- processes that die ---- */

static void
the_death_of_the_listener_ends_the_waiting(void **state)
{
	struct place *p = *state;
	pid_t child = place_start(p, false);
	struct place_dialler d;

	place_dial(&d, p->addr);
	place_wait_for_entries(p->pairs, 2);
	place_kill(child);
	pthread_join(d.thread, NULL);
	assert_int_equal(d.err, FERRY_ECONNECT);
	assert_int_equal(place_entries(p->pairs), 0);
	assert_int_equal(
		place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), NULL),
		FERRY_ECONNECT);
	place_listen(p);
}

static void
a_listener_that_closes_sends_away_who_waits(void **state)
{
	struct place *p = *state;
	struct place_dialler d;

	place_listen(p);
	place_dial(&d, p->addr);
	place_wait_for_entries(p->pairs, 2);
	place_stop(p);
	pthread_join(d.thread, NULL);
	assert_int_equal(d.err, FERRY_ECONNECT);
}

static void
a_client_that_was_killed_leaves_nothing(void **state)
{
	struct place *p = *state;
	struct ferry_channel *pair[2];
	struct pollfd waits;
	pid_t child;

	place_listen(p);
	child = fork();
	if (child == 0) {
		(void)place_try_open(p->addr, FERRY_NEVER, NULL);
		_exit(0);
	}
	assert_int_equal(ferry_listener_fd(p->listener, &waits.fd, NULL),
			 FERRY_OK);
	waits.events = POLLIN;
	assert_int_equal(poll(&waits, 1, PLACE_WAIT_MS), 1);
	place_kill(child);
	assert_int_equal(place_entries(p->pairs), 2);
	place_connect(p, pair);
	assert_int_equal(place_failed(p), 1);
	assert_int_equal(place_entries(p->pairs), 0);
	place_close_both(pair);
}

/* A FIFO whose listener is dead, and what its clients left. */
static void
leave_stale(const struct place *p)
{
	const uint8_t id[FY_HELLO_ID] = { 1 };
	char path[200];

	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(mkdir(p->pairs, 0700), 0);
	place_name(p, id, FY_HELLO_TO_CLIENT, path);
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void
what_a_dead_listener_left_is_replaced(void **state)
{
	struct place *p = *state;
	struct ferry_channel *pair[2];
	char foreign[100];

	leave_stale(p);
	snprintf(foreign, sizeof(foreign), "%s/note", p->pairs);
	place_write(foreign, "mine");
	assert_int_equal(place_try_open(p->addr, FERRY_NEVER, NULL),
			 FERRY_ECONNECT);
	place_listen(p);
	place_expect_file(foreign, "mine");
	assert_int_equal(place_entries(p->pairs), 1);
	unlink(foreign);
	place_connect(p, pair);
	place_close_both(pair);
}

static void
one_of_many_replaces_a_dead_listener(void **state)
{
	struct place *p = *state;
	struct fy_rivals rivals;

	leave_stale(p);
	assert_int_equal(fy_rivals_start(&rivals, p->addr), 1);
	assert_true(fy_rivals_stop(&rivals));
}

static void
a_forked_child_removes_nothing(void **state)
{
	struct place *p = *state;
	struct ferry_channel *pair[2];
	int status;

	place_listen(p);
	if (fork() == 0) {
		ferry_listener_close(p->listener);
		_exit(0);
	}
	assert_true(wait(&status) > 0);
	place_connect(p, pair);
	place_close_both(pair);
}

/* ---- limits ---- */

static void
a_client_waits_for_room_to_say_hello(void **state)
{
	const uint8_t byte = 'x';
	struct place *p = *state;
	struct ferry_channel *pair[2];
	int fd;

	place_listen(p);
	fd = place_meeting(p);
	while (write(fd, &byte, 1) == 1)
		continue;
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(20), NULL),
			 FERRY_ETIMEDOUT);
	place_connect(p, pair);
	place_close_both(pair);
	close(fd);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, place_open, place_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_ends_meet_and_no_name_remains),
		TEST(each_end_sees_the_other_finish_and_close),
		TEST(a_bare_name_lives_in_the_users_own_folder),
		TEST(a_client_gives_up_at_its_deadline_and_cleans_up),
		TEST(the_death_of_the_listener_ends_the_waiting),
		TEST(a_listener_that_closes_sends_away_who_waits),
		TEST(a_client_that_was_killed_leaves_nothing),
		TEST(what_a_dead_listener_left_is_replaced),
		TEST(one_of_many_replaces_a_dead_listener),
		TEST(a_forked_child_removes_nothing),
		TEST(a_client_waits_for_room_to_say_hello),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
