/* SPDX-License-Identifier: MIT */
/*
 * Crowds: connects and closes without end (argv[1] of them), and neither end
 * with a descriptor left to take one more, nor one that a message brings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"
#include "meet.h"

#define SOON_MS 20000
/* TCP keeps the port of each for a minute. */
#define TCP_MOST 2000

/* How many; the one argument of the program. */
static uint32_t n_connects = 20000;

/* In a child: its status. */
static int
connect_and_close(const char *addr, uint32_t n)
{
	size_t n_fds = fy_audit_fds();

	for (uint32_t i = 0; i < n; i++) {
		struct ferry_channel *ch;

		if (ferry_channel_open(addr, NULL, ferry_in_ms(SOON_MS), &ch,
				       NULL))
			return 1;
		if (ferry_channel_close(ch, FERRY_NOW, NULL))
			return 2;
	}
	return fy_audit_fds() == n_fds ? 0 : 3;
}

static void
bear(const char *scheme, uint32_t n)
{
	struct ferry_counters counters;
	struct meet m;
	size_t n_fds;
	pid_t child;

	meet_begin(&m, scheme);
	child = meet_child(&m, connect_and_close, n);
	meet_listen(&m);
	n_fds = fy_audit_fds();
	do {
		struct ferry_channel *ch;

		assert_int_equal(ferry_listener_accept(m.listener,
						       ferry_in_ms(SOON_MS),
						       &ch, NULL),
				 FERRY_OK);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		ferry_listener_counters(m.listener, &counters);
	} while (counters.accepted + counters.failed < n);
	meet_reap(child);
	assert_int_equal(counters.refused, 0);
	assert_int_equal(fy_audit_fds(), n_fds);
	meet_end(&m);
}

static void
connects_and_closes_leave_nothing(void **state)
{
	(void)state;
	bear("unix", n_connects);
}

static void
nor_do_those_over_tcp(void **state)
{
	(void)state;
	bear("tcp", n_connects < TCP_MOST ? n_connects : TCP_MOST);
}

/* From now this process can make @n descriptors more. */
static struct rlimit
leave_room_for(uint32_t n)
{
	struct rlimit old, tight;
	int fds[8];

	for (uint32_t i = 0; i <= n; i++)
		fds[i] = dup(0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	tight = old;
	tight.rlim_cur = (rlim_t)fds[n];
	for (uint32_t i = 0; i <= n; i++)
		close(fds[i]);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	return old;
}

static void
who_has_no_descriptor_left_can_try_again(void **state)
{
	struct ferry_counters counters;
	struct ferry_channel *ch = NULL, *other = NULL;
	struct ferry_error why;
	struct rlimit old;
	struct meet m;
	size_t n_fds;

	(void)state;
	meet_begin(&m, "unix");
	meet_listen(&m);
	n_fds = fy_audit_fds();
	/* A client, */
	old = leave_room_for(0);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(ferry_channel_open(m.addr, NULL,
						    FERRY_NEVER, &ch, &why),
				 FERRY_ESYS);
		assert_int_equal(why.sys_errno, EMFILE);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(ferry_channel_open(m.addr, NULL, FERRY_NEVER, &ch,
					    NULL),
			 FERRY_OK);
	/* then a listener. */
	old = leave_room_for(0);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(ferry_listener_accept(m.listener,
						       FERRY_NOW, &other, &why),
				 FERRY_ESYS);
		assert_int_equal(why.sys_errno, EMFILE);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	ferry_listener_counters(m.listener, &counters);
	assert_int_equal(counters.starved, 100);
	assert_int_equal(ferry_listener_accept(m.listener, FERRY_NOW,
					       &other, NULL),
			 FERRY_OK);
	ferry_channel_close(other, FERRY_NOW, NULL);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	assert_int_equal(fy_audit_fds(), n_fds);
	meet_end(&m);
}

/* Two ends that take three descriptors with a message. */
static void
open_pair(struct ferry_channel *ch[2])
{
	const struct ferry_channel_config config = { .max_fds = 3 };

	assert_int_equal(ferry_channel_pair("fd", &config, ch, NULL), FERRY_OK);
}

static void
close_pair(struct ferry_channel *ch[2])
{
	ferry_channel_close(ch[0], FERRY_NOW, NULL);
	ferry_channel_close(ch[1], FERRY_NOW, NULL);
}

static ferry_err
send_three(struct ferry_channel *ch, struct ferry_error *why)
{
	const struct ferry_bytes text = { (const uint8_t *)"three", 5 };
	const int fds[3] = { 0, 1, 2 };

	return ferry_channel_send_fds(ch, text, fds, 3, FERRY_NOW, why);
}

/* The kernel takes those that have no number out of a message, for good. */
static void
descriptors_that_find_no_number_are_missed(void **state)
{
	size_t n_fds = fy_audit_fds();

	(void)state;
	for (uint32_t room = 0; room <= 3; room++) {
		struct ferry_error why = { .code = FERRY_OK };
		struct ferry_channel *ch[2];
		struct ferry_bytes got;
		struct rlimit old;
		ferry_err err;

		open_pair(ch);
		assert_int_equal(send_three(ch[0], &why), FERRY_OK);
		old = leave_room_for(room);
		err = ferry_channel_take(ch[1], &got, FERRY_NOW, &why);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
		assert_int_equal(err, room < 3 ? FERRY_ELOST : FERRY_OK);
		if (err) {
			assert_int_equal(why.sys_errno, EMFILE);
			assert_non_null(strstr(why.text, "descriptors"));
		} else {
			ferry_channel_release(ch[1]);
		}
		close_pair(ch);
		assert_int_equal(fy_audit_fds(), n_fds);
	}
}

static void
who_cannot_copy_descriptors_can_send_them_again(void **state)
{
	size_t n_fds = fy_audit_fds();
	struct ferry_channel *ch[2];
	struct ferry_bytes got;
	struct ferry_error why;
	struct rlimit old;
	ferry_err err;
	int fds[3];

	(void)state;
	open_pair(ch);
	old = leave_room_for(2);
	err = send_three(ch[0], &why);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(err, FERRY_ESYS);
	assert_int_equal(why.sys_errno, EMFILE);
	assert_int_equal(send_three(ch[0], &why), FERRY_OK);
	assert_int_equal(ferry_channel_take(ch[1], &got, FERRY_NOW, &why),
			 FERRY_OK);
	assert_int_equal(ferry_channel_fds(ch[1], fds, 3), 3);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	ferry_channel_release(ch[1]);
	close_pair(ch);
	assert_int_equal(fy_audit_fds(), n_fds);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connects_and_closes_leave_nothing),
		cmocka_unit_test(nor_do_those_over_tcp),
		cmocka_unit_test(who_has_no_descriptor_left_can_try_again),
		cmocka_unit_test(descriptors_that_find_no_number_are_missed),
		cmocka_unit_test(
			who_cannot_copy_descriptors_can_send_them_again),
	};

	if (argc > 1)
		n_connects = (uint32_t)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
