/* SPDX-License-Identifier: MIT */
/* How listener and clients of mq: meet, and what is left when they are gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/os.h"
#include "mq_pair.h"
#include "transport/mq/slot.h"

#define SECOND ferry_in_ms(10000)
#define N_CLIENTS 16

/* A child that runs @run, whose result is its status. */
static pid_t
start(int (*run)(const struct mq_pair *pair), const struct mq_pair *pair)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(run(pair));
	}
	return pid;
}

static int
status_of(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
kill_child(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	(void)status_of(pid);
}

/* ---- names ---- */

static void
a_name_has_one_slash_in_front_or_none(void **state)
{
	static const char *const wrong[] = { "mq:", "mq:/", "mq:/a/b", "mq:a/b",
					     "mq:..", "mq://a",
					     "mq:/a?color=red" };
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	struct ferry_error why;
	struct mq_dialler d;
	struct mq_pair pair;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(ferry_listener_open(wrong[i], NULL, &listener,
						     &why), FERRY_EADDR);
		assert_int_equal(ferry_channel_open(wrong[i], NULL, SECOND, &ch,
						    &why), FERRY_EADDR);
	}
	snprintf(text, sizeof(text), "mq:/%0300d", 7);
	assert_int_equal(ferry_listener_open(text, NULL, &listener, &why),
			 FERRY_EADDR);
	mq_listen(&pair, "?mode=0600");
	ferry_listener_addr(pair.listener, text, sizeof(text));
	assert_string_equal(text, pair.addr);
	snprintf(text, sizeof(text), "mq:%s", pair.name + 1);
	mq_dial_start(&d, text);
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	assert_int_equal(mq_dial_end(&d), FERRY_OK);
	pair.a = d.ch;
	mq_close_all(&pair);
}

static void
nobody_there_is_told_at_once(void **state)
{
	struct ferry_channel *ch;
	struct mq_pair pair;

	(void)state;
	mq_name(&pair);
	assert_int_equal(ferry_channel_open(pair.addr, NULL, SECOND, &ch, NULL),
			 FERRY_ECONNECT);
}

static void
a_listener_that_does_not_accept_is_late(void **state)
{
	struct ferry_channel *ch;
	struct mq_pair pair;

	(void)state;
	mq_listen(&pair, "");
	assert_int_equal(ferry_channel_open(pair.addr, NULL, FERRY_NOW, &ch,
					    NULL), FERRY_EAGAIN);
	for (int i = 0; i < 12; i++)
		assert_int_equal(ferry_channel_open(pair.addr, NULL,
						    ferry_in_ms(5), &ch, NULL),
				 FERRY_ETIMEDOUT);
	/* None of those is there any more. */
	assert_int_equal(ferry_listener_accept(pair.listener, FERRY_NOW,
					       &pair.b, NULL), FERRY_EAGAIN);
	mq_close_all(&pair);
}

static void
a_name_in_use_is_not_taken(void **state)
{
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 100 };
	struct ferry_listener *listener;
	struct ferry_error why;
	struct mq_pair pair;
	mqd_t q;

	(void)state;
	mq_listen(&pair, "");
	assert_int_equal(ferry_listener_open(pair.addr, NULL, &listener, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	mq_close_all(&pair);
	/* Another program's queue. */
	mq_name(&pair);
	q = mq_open(pair.name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	assert_true(q >= 0);
	assert_int_equal(ferry_listener_open(pair.addr, NULL, &listener, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	assert_non_null(strstr(why.text, "no listener's of ferry"));
	assert_int_equal(mq_n_left(&pair), 1);
	mq_unlink(pair.name);
	mq_close(q);
}

/* ---- what the dead leave ---- */

static int
listen_and_wait(const struct mq_pair *pair)
{
	struct ferry_listener *listener;

	if (ferry_listener_open(pair->addr, NULL, &listener, NULL))
		return 1;
	for (;;)
		pause();
}

static void
the_next_listener_replaces_a_killed_one(void **state)
{
	struct mq_dialler d;
	struct mq_pair pair;
	struct ferry_channel *ch;
	pid_t pid;

	(void)state;
	mq_name(&pair);
	pid = start(listen_and_wait, &pair);
	while (ferry_channel_open(pair.addr, NULL, FERRY_NOW, &ch, NULL) ==
	       FERRY_ECONNECT)
		continue;
	kill_child(pid);
	assert_int_equal(mq_n_left(&pair), 1);
	assert_int_equal(ferry_channel_open(pair.addr, NULL, SECOND, &ch, NULL),
			 FERRY_ECONNECT);
	assert_int_equal(ferry_listener_open(pair.addr, NULL, &pair.listener,
					     NULL), FERRY_OK);
	mq_dial_start(&d, pair.addr);
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	assert_int_equal(mq_dial_end(&d), FERRY_OK);
	pair.a = d.ch;
	mq_close_all(&pair);
}

static int
dial_and_wait(const struct mq_pair *pair)
{
	struct ferry_channel *ch;

	return ferry_channel_open(pair->addr, NULL, SECOND, &ch, NULL) ? 1 : 0;
}

static void
the_next_listener_clears_what_killed_clients_left(void **state)
{
	struct mq_pair pair;
	pid_t pid[3];

	(void)state;
	mq_listen(&pair, "");
	for (int i = 0; i < 3; i++)
		pid[i] = start(dial_and_wait, &pair);
	/* Each has made its pair: 1 + 6. */
	while (mq_n_left(&pair) < 7)
		continue;
	for (int i = 0; i < 3; i++)
		kill_child(pid[i]);
	assert_int_equal(mq_n_left(&pair), 7);
	assert_int_equal(ferry_listener_accept(pair.listener, FERRY_NOW,
					       &pair.b, NULL), FERRY_EAGAIN);
	ferry_listener_close(pair.listener);
	assert_int_equal(mq_n_left(&pair), 0);
}

static void
half_a_pair_is_cleared_too(void **state)
{
	struct mq_attr attr = { .mq_maxmsg = FY_MQ_DEPTH,
				.mq_msgsize = FY_MQ_BYTES };
	struct fy_mq_name meeting;
	struct mq_pair pair;

	(void)state;
	mq_name(&pair);
	snprintf(meeting.text, sizeof(meeting.text), "%s", pair.name);
	for (uint32_t slot = 0; slot < 3; slot++)
		mq_close(mq_open(fy_mq_slot_from(&meeting, slot).text,
				 O_RDWR | O_CREAT | O_EXCL, 0600, &attr));
	assert_int_equal(mq_n_left(&pair), 3);
	assert_int_equal(ferry_listener_open(pair.addr, NULL, &pair.listener,
					     NULL), FERRY_OK);
	assert_int_equal(mq_n_left(&pair), 1);
	mq_close_all(&pair);
}

static void
a_living_clients_pair_is_left_alone(void **state)
{
	struct fy_mq_name meeting;
	struct fy_mq_pair queues;
	struct mq_pair pair;
	struct stat at = { .st_uid = geteuid() };

	(void)state;
	mq_name(&pair);
	snprintf(meeting.text, sizeof(meeting.text), "%s", pair.name);
	assert_int_equal(fy_mq_slot_take(&meeting, &at, &queues, NULL),
			 FERRY_OK);
	fy_mq_slot_sweep(&meeting);
	assert_int_equal(mq_n_left(&pair), 2);
	fy_mq_slot_leave(&meeting, &queues);
	fy_mq_pair_close(&queues);
	assert_int_equal(mq_n_left(&pair), 0);
}

/* ---- limits ---- */

static int
serve_16(const struct mq_pair *unused)
{
	struct ferry_channel *a[N_CLIENTS], *b[N_CLIENTS];
	struct mq_pair pair;

	(void)unused;
	if (mq_become_stranger() < 0)
		return 2;
	mq_listen(&pair, "");
	for (int i = 0; i < N_CLIENTS; i++) {
		struct mq_dialler d;

		mq_dial_start(&d, pair.addr);
		if (ferry_listener_accept(pair.listener, SECOND, &b[i], NULL))
			return 3;
		if (mq_dial_end(&d))
			return 4;
		a[i] = d.ch;
	}
	for (int i = 0; i < N_CLIENTS; i++) {
		(void)!ferry_channel_close(a[i], FERRY_NOW, NULL);
		(void)!ferry_channel_close(b[i], FERRY_NOW, NULL);
	}
	mq_close_all(&pair);
	return 0;
}

static void
sixteen_clients_fit_the_default_limits(void **state)
{
	(void)state;
	assert_int_equal(status_of(start(serve_16, NULL)), 0);
}

/* 0 if the text names the limit, its value, and the way to raise it. */
static int
lack_bytes(const struct mq_pair *unused)
{
	const struct rlimit limit = { 12345, 12345 };
	struct ferry_error why;
	struct ferry_channel *ch;
	struct mq_pair pair;

	(void)unused;
	if (mq_become_stranger() < 0 || setrlimit(RLIMIT_MSGQUEUE, &limit) < 0)
		return 2;
	mq_listen(&pair, "");
	if (ferry_channel_open(pair.addr, NULL, SECOND, &ch, &why) !=
	    FERRY_ESYS || why.sys_errno != EMFILE)
		return 3;
	mq_close_all(&pair);
	return strstr(why.text, "RLIMIT_MSGQUEUE") &&
	       strstr(why.text, "ulimit -q") && strstr(why.text, "12345")
		       ? 0 : 4;
}

static void
the_limit_of_bytes_is_named(void **state)
{
	(void)state;
	assert_int_equal(status_of(start(lack_bytes, NULL)), 0);
}

static void
without_a_descriptor_the_client_waits_for_later(void **state)
{
	struct ferry_counters counters;
	struct mq_dialler d;
	struct mq_pair pair;

	(void)state;
	mq_listen(&pair, "");
	mq_dial_start(&d, pair.addr);
	mq_accept_starved(&pair);
	ferry_listener_counters(pair.listener, &counters);
	assert_true(counters.starved >= 1);
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	(void)mq_dial_end(&d);
	pair.a = d.ch;
	mq_close_all(&pair);
}

static void
a_client_without_descriptors_leaves_nothing(void **state)
{
	struct rlimit before, low;
	struct mq_pair pair;
	int lowest;

	(void)state;
	mq_listen(&pair, "");
	lowest = fy_os_open("/dev/null", O_RDONLY, 0);
	assert_int_equal(close(lowest), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (int more = 0; more < 8; more++) {
		struct ferry_error why = { .sys_errno = 0 };
		struct ferry_channel *ch;
		ferry_err err;

		low = before;
		low.rlim_cur = (rlim_t)(lowest + more);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
		err = ferry_channel_open(pair.addr, NULL, FERRY_NOW, &ch, &why);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		if (err != FERRY_EAGAIN)
			assert_int_equal(why.sys_errno, EMFILE);
		assert_int_equal(mq_n_left(&pair), 1);
	}
	mq_close_all(&pair);
}

/* ---- others ---- */

static int
dial_as_stranger(const struct mq_pair *pair)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	struct ferry_error why;
	struct ferry_peer peer;

	if (mq_become_stranger() < 0)
		return 1;
	if (ferry_channel_open(pair->addr, NULL, SECOND, &ch, &why))
		return why.code == FERRY_EACCES ? 7 : 2;
	ferry_channel_peer(ch, &peer);
	if (peer.uid != 0 || peer.pid != getppid())
		return 3;
	return ferry_channel_take(ch, &got, SECOND, NULL) == FERRY_EOF ? 0 : 4;
}

static void
another_user_comes_where_the_mode_lets_him(void **state)
{
	struct ferry_peer peer;
	struct mq_pair pair;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	mq_listen(&pair, "");
	assert_int_equal(status_of(start(dial_as_stranger, &pair)), 7 << 8);
	mq_close_all(&pair);
	mq_listen(&pair, "?mode=0666");
	pid = start(dial_as_stranger, &pair);
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	ferry_channel_peer(pair.b, &peer);
	assert_int_equal(peer.uid, mq_stranger(pid));
	assert_int_equal(peer.pid, pid);
	assert_true(peer.gid == FERRY_NO_GID);
	assert_int_equal(ferry_channel_close(pair.b, FERRY_NOW, NULL),
			 FERRY_OK);
	pair.b = NULL;
	assert_int_equal(status_of(pid), 0);
	mq_close_all(&pair);
}

/* His queue's group may be another of those that he is in. */
static void
no_rule_judges_by_the_group_of_a_queue(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	struct ferry_error why;
	struct mq_pair pair;
	char text[160];

	(void)state;
	mq_name(&pair);
	snprintf(text, sizeof(text), "%s?gid=%u", pair.addr, getegid());
	assert_int_equal(ferry_listener_open(text, NULL, &listener, &why),
			 FERRY_ENOTSUP);
	assert_non_null(strstr(why.text, "group"));
	assert_int_equal(ferry_channel_open(text, NULL, SECOND, &ch, &why),
			 FERRY_ENOTSUP);
	assert_int_equal(mq_n_left(&pair), 0);
}

static void
garbage_among_the_hellos_harms_nobody(void **state)
{
	uint8_t bytes[56];
	struct ferry_counters counters;
	struct mq_pair pair;
	struct mq_dialler d;
	uint64_t n = 100000;
	mqd_t q;

	(void)state;
	mq_listen(&pair, "");
	q = mq_open(pair.name, O_WRONLY | O_NONBLOCK);
	assert_true(q >= 0);
	srand(1);
	for (uint64_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof(bytes); k++)
			bytes[k] = (uint8_t)rand();
		/* Every other one is almost a hello. */
		if (i % 2 == 0)
			memcpy(bytes, "FYmqhe01\0\0\0\0\0\0\0\0", 16);
		bytes[8] = (uint8_t)(i % 64);
		assert_int_equal(mq_send(q, (char *)bytes,
					 i % 3 ? sizeof(bytes) : i % 57, 0), 0);
		if (i % 10 == 9)
			assert_int_equal(ferry_listener_accept(
				pair.listener, FERRY_NOW, &pair.b, NULL),
				FERRY_EAGAIN);
	}
	mq_close(q);
	ferry_listener_counters(pair.listener, &counters);
	assert_int_equal(counters.failed, n);
	mq_dial_start(&d, pair.addr);
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	assert_int_equal(mq_dial_end(&d), FERRY_OK);
	pair.a = d.ch;
	mq_close_all(&pair);
}

#define STORMERS 8
#define STORM 300

static void *
storm(void *arg)
{
	const struct mq_pair *pair = arg;

	for (int i = 0; i < STORM; i++) {
		struct ferry_channel *ch;
		struct ferry_bytes got;

		if (ferry_channel_open(pair->addr, NULL, SECOND, &ch, NULL))
			return arg;
		if (ferry_channel_take(ch, &got, SECOND, NULL) != FERRY_EOF)
			return arg;
		(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	}
	return NULL;
}

static void
a_storm_of_clients_is_served(void **state)
{
	pthread_t threads[STORMERS];
	struct mq_pair pair;
	void *failed;

	(void)state;
	mq_listen(&pair, "");
	for (int i = 0; i < STORMERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, storm,
						&pair), 0);
	for (int i = 0; i < STORMERS * STORM; i++) {
		assert_int_equal(ferry_listener_accept(pair.listener, SECOND,
						       &pair.b, NULL),
				 FERRY_OK);
		(void)!ferry_channel_close(pair.b, FERRY_NOW, NULL);
	}
	pair.b = NULL;
	for (int i = 0; i < STORMERS; i++) {
		pthread_join(threads[i], &failed);
		assert_null(failed);
	}
	mq_close_all(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_one_slash_in_front_or_none),
		cmocka_unit_test(nobody_there_is_told_at_once),
		cmocka_unit_test(a_listener_that_does_not_accept_is_late),
		cmocka_unit_test(a_name_in_use_is_not_taken),
		cmocka_unit_test(the_next_listener_replaces_a_killed_one),
		cmocka_unit_test(
			the_next_listener_clears_what_killed_clients_left),
		cmocka_unit_test(half_a_pair_is_cleared_too),
		cmocka_unit_test(a_living_clients_pair_is_left_alone),
		cmocka_unit_test(sixteen_clients_fit_the_default_limits),
		cmocka_unit_test(the_limit_of_bytes_is_named),
		cmocka_unit_test(
			without_a_descriptor_the_client_waits_for_later),
		cmocka_unit_test(a_client_without_descriptors_leaves_nothing),
		cmocka_unit_test(another_user_comes_where_the_mode_lets_him),
		cmocka_unit_test(no_rule_judges_by_the_group_of_a_queue),
		cmocka_unit_test(garbage_among_the_hellos_harms_nobody),
		cmocka_unit_test(a_storm_of_clients_is_served),
	};

	mq_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
