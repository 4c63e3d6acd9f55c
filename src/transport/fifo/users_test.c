/* SPDX-License-Identifier: MIT */
/* fifo: between users. Needs root, to become others: else it is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fifo_place.h"

#define SKIPPED 77

/* Ids that nobody has. */
enum { LISTENER = 54301, MEMBER = 54302, STRANGER = 54303, GROUP = 54310 };

struct user {
	uid_t uid;
	gid_t gid;
	bool is_member; /* of GROUP */
};

static const struct user root = { 0, 0, false };
static const struct user listener = { LISTENER, LISTENER, true };
static const struct user member = { MEMBER, MEMBER, true };
static const struct user stranger = { STRANGER, STRANGER, false };

static void
become(const struct user *user)
{
	const gid_t group = GROUP;

	if (setgroups(user->is_member ? 1 : 0, &group) < 0 ||
	    setresgid(user->gid, user->gid, user->gid) < 0 ||
	    setresuid(user->uid, user->uid, user->uid) < 0)
		_exit(100);
}

/* In a child, as @user: what ferry_channel_open() says. */
static pid_t
start_client(const struct user *user, const char *addr)
{
	pid_t child = fork();
	struct ferry_channel *ch;
	ferry_err err;

	assert_true(child >= 0);
	if (child != 0)
		return child;
	become(user);
	err = ferry_channel_open(addr, NULL, ferry_in_ms(PLACE_WAIT_MS), &ch,
				 NULL);
	if (!err) {
		struct ferry_peer peer;
		struct ferry_bytes got;

		ferry_channel_peer(ch, &peer);
		if (!peer.has_ids || peer.uid != LISTENER)
			_exit(101);
		if (ferry_channel_take(ch, &got, ferry_in_ms(PLACE_WAIT_MS),
				       NULL))
			_exit(102);
	}
	_exit((int)err);
}

/* In a child, as LISTENER: 0 if exactly one came, and it was @expected. */
static int
serve_one(const char *addr, uid_t expected, int told, int go)
{
	static const struct ferry_bytes nothing;
	struct ferry_listener *port;
	struct ferry_channel *ch;
	struct ferry_peer peer;
	char byte;

	become(&listener);
	if (ferry_listener_open(addr, NULL, &port, NULL) ||
	    write(told, "y", 1) != 1)
		return 1;
	if (expected == (uid_t)-1) {
		if (read(go, &byte, 1) != 0)
			return 2;
		ferry_listener_close(port);
		return 0;
	}
	if (ferry_listener_accept(port, ferry_in_ms(PLACE_WAIT_MS), &ch, NULL))
		return 3;
	ferry_channel_peer(ch, &peer);
	if (!peer.has_ids || peer.uid != expected || peer.has_pid)
		return 4;
	/* The client takes it, and leaves. */
	if (ferry_channel_send(ch, nothing, FERRY_NOW, NULL) == FERRY_ENOTSUP)
		return 5;
	ferry_channel_close(ch, ferry_in_ms(PLACE_WAIT_MS), NULL);
	ferry_listener_close(port);
	return 0;
}

static int
status_of(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/*
 * A listener at the place with @options, and a client that opens with
 * @client_options.
 */
static void
expect(const struct place *p, const char *options, const struct user *client,
       const char *client_options, ferry_err expected)
{
	int told[2], go[2];
	char addr[200], byte;
	pid_t serves, opens;

	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(go), 0);
	snprintf(addr, sizeof(addr), "%s%s", p->addr, options);
	serves = fork();
	if (serves == 0) {
		close(go[1]);
		_exit(serve_one(addr, expected ? (uid_t)-1 : client->uid,
				told[1], go[0]));
	}
	close(told[1]);
	close(go[0]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	snprintf(addr, sizeof(addr), "%s%s", p->addr, client_options);
	opens = start_client(client, addr);
	assert_int_equal(status_of(opens), expected);
	close(go[1]);
	close(told[0]);
	assert_int_equal(status_of(serves), 0);
	assert_int_equal(place_entries(p->folder), 0);
}

#define TRUST "?uid=54301"

static void
alone_the_same_user_and_root_come_in(void **state)
{
	const struct place *p = *state;

	expect(p, "", &listener, "", FERRY_OK);
	expect(p, "", &root, TRUST, FERRY_OK);
	expect(p, "", &member, TRUST, FERRY_EACCES);
	expect(p, "", &stranger, TRUST, FERRY_EACCES);
}

static void
with_a_group_its_members_come_in_too(void **state)
{
	const struct place *p = *state;

	expect(p, "?group=54310", &listener, "", FERRY_OK);
	expect(p, "?group=54310", &member, TRUST, FERRY_OK);
	expect(p, "?group=54310", &root, TRUST, FERRY_OK);
	expect(p, "?group=54310", &stranger, TRUST, FERRY_EACCES);
}

static void
with_a_mode_everybody_does(void **state)
{
	expect(*state, "?mode=0622", &stranger, TRUST, FERRY_OK);
}

/*
 * The owner of the name is not known to be trusted: nothing is made or said
 * there, and nobody is waited for.
 */
static void
a_client_trusts_itself_and_root_alone_unless_told(void **state)
{
	const struct place *p = *state;
	struct ferry_error why;
	struct pollfd said = { .events = POLLIN };
	char addr[200];

	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(mkdir(p->pairs, 0700), 0);
	assert_int_equal(chown(p->path, STRANGER, STRANGER), 0);
	assert_int_equal(chown(p->pairs, STRANGER, STRANGER), 0);
	said.fd = open(p->path, O_RDWR | O_NONBLOCK);
	assert_true(said.fd >= 0);
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(50), &why),
			 FERRY_EACCES);
	assert_non_null(strstr(why.text, "?uid=54303"));
	snprintf(addr, sizeof(addr), "%s?uid=54302", p->addr);
	assert_int_equal(place_try_open(addr, ferry_in_ms(50), &why),
			 FERRY_EACCES);
	assert_non_null(strstr(why.text, "uid 54302"));
	assert_int_equal(poll(&said, 1, 0), 0);
	/* Whoever is told to trust it waits for what never comes. */
	snprintf(addr, sizeof(addr), "%s?uid=54303", p->addr);
	assert_int_equal(place_try_open(addr, ferry_in_ms(50), &why),
			 FERRY_ETIMEDOUT);
	assert_int_equal(poll(&said, 1, 0), 1);
	close(said.fd);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(rmdir(p->pairs), 0);
}

static void
nobody_listens_in_the_place_of_another(void **state)
{
	struct place *p = *state;
	struct ferry_error why;

	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(chown(p->path, STRANGER, STRANGER), 0);
	assert_int_equal(place_try_listen(p, NULL, &why), FERRY_EACCES);
	assert_non_null(strstr(why.text, "54303"));
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkdir(p->pairs, 0700), 0);
	assert_int_equal(chown(p->pairs, STRANGER, STRANGER), 0);
	assert_int_equal(place_try_listen(p, NULL, &why), FERRY_EACCES);
	assert_non_null(strstr(why.text, "54303"));
	assert_int_equal(rmdir(p->pairs), 0);
}

static void
a_group_of_which_it_is_no_member_is_refused(void **state)
{
	const struct place *p = *state;
	pid_t child = fork();

	if (child == 0) {
		char addr[200];

		become(&listener);
		snprintf(addr, sizeof(addr), "%s?group=0", p->addr);
		_exit((int)place_try_listen(p, addr, NULL));
	}
	assert_int_equal(status_of(child), FERRY_EACCES);
	assert_int_equal(place_entries(p->folder), 0);
}

/* Killed before he let the listener's group use what he had made. */
static void
what_a_client_of_another_user_left_is_removed(void **state)
{
	const uint8_t id[FY_HELLO_ID] = { 5 };
	struct place *p = *state;
	char path[200];
	int n_left;

	assert_int_equal(seteuid(LISTENER), 0);
	place_listen(p);
	assert_int_equal(seteuid(0), 0);
	place_name(p, id, FY_HELLO_TO_LISTENER, path);
	assert_int_equal(mkfifo(path, 0600), 0);
	place_age(path);
	assert_int_equal(chown(path, MEMBER, MEMBER), 0);
	assert_int_equal(seteuid(LISTENER), 0);
	place_sweep(p);
	n_left = place_entries(p->pairs);
	place_stop(p);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(n_left, 0);
}

/* The listener may make names in the folder of the place. */
static int
open_shared_place(void **state)
{
	const struct place *p;

	if (place_open(state) < 0)
		return -1;
	p = *state;
	return chmod(p->folder, 01777);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_shared_place, place_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(alone_the_same_user_and_root_come_in),
		TEST(with_a_group_its_members_come_in_too),
		TEST(with_a_mode_everybody_does),
		TEST(a_client_trusts_itself_and_root_alone_unless_told),
		TEST(nobody_listens_in_the_place_of_another),
		TEST(a_group_of_which_it_is_no_member_is_refused),
		TEST(what_a_client_of_another_user_left_is_removed),
	};

	if (geteuid() != 0)
		return SKIPPED;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
