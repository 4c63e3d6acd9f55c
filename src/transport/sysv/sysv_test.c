/* SPDX-License-Identifier: MIT */
/* sysv: addresses, messages, deadlines and ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <sys/msg.h>

#include "core/compiler.h"
#include "core/os.h"
#include "core/time.h"
#include "sysv_world.h"

/* ---- addresses ---- */

static void
a_key_is_a_number_that_is_not_0(void **state)
{
	static const char *const wrong[] = {
		"sysv:",      "sysv:0",		  "sysv:x",	   "sysv:-1",
		"sysv:1 2",   "sysv:0x100000000", "sysv:7?mode=8", "sysv:0x",
		"sysv:7?x=1", "sysv:1?mode=1000",
	};
	struct ferry_listener *listener;
	struct ferry_error why;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memset(&why, 0, sizeof(why));
		assert_int_equal(
			ferry_listener_open(wrong[i], NULL, &listener, &why),
			FERRY_EADDR);
		assert_string_not_equal(why.text, "");
	}
}

static void
nobody_listens_is_told_at_once(void **state)
{
	struct world *w = *state;
	struct ferry_error why;

	assert_int_equal(
		ferry_channel_open(w->addr, NULL, FERRY_NEVER, &w->a, &why),
		FERRY_ECONNECT);
	assert_non_null(strstr(why.text, w->addr));
}

static void
a_key_in_use_is_left_to_its_owner(void **state)
{
	struct world *w = *state;
	struct ferry_listener *other;
	struct ferry_error why;
	key_t key = (key_t)strtoul(w->addr + 5, NULL, 16);
	int id = msgget(key, IPC_CREAT | 0600);

	assert_true(id >= 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			ferry_listener_open(w->addr, NULL, &other, &why),
			FERRY_ESYS);
		assert_int_equal(why.sys_errno, EADDRINUSE);
		assert_non_null(strstr(why.text, "ipcrm"));
	}
	/* Nobody has received from it: that is no listener. */
	assert_int_equal(
		ferry_channel_open(w->addr, NULL, FERRY_NEVER, &w->a, &why),
		FERRY_ECONNECT);
	assert_int_equal(msgctl(id, IPC_RMID, NULL), 0);
	world_listen(w);
	assert_int_equal(ferry_listener_open(w->addr, NULL, &other, &why),
			 FERRY_ESYS);
}

static bool
set_most_queues(int n)
{
	FILE *limit = fopen("/proc/sys/kernel/msgmni", "w");
	bool done;

	if (!limit)
		return false;
	done = fprintf(limit, "%d\n", n) > 0;
	return fclose(limit) == 0 && done;
}

static void
too_many_queues_is_told_with_the_way_out(void **state)
{
	struct world *w = *state;
	struct ferry_error why;
	int before = world_queues();

	world_listen(w);
	/* In a world of its own, where only this test can be hurt. */
	if (world_queues() == before || !set_most_queues(before + 1))
		skip();
	assert_int_equal(
		ferry_channel_open(w->addr, NULL, FERRY_NEVER, &w->a, &why),
		FERRY_ESYS);
	assert_int_equal(why.sys_errno, ENOSPC);
	assert_non_null(strstr(why.text, "/proc/sys/kernel/msgmni"));
	assert_int_equal(world_queues(), before + 1);
	assert_true(set_most_queues(32000));
	world_connect(w);
}

/* ---- messages ---- */

static const size_t sizes[] = { 0,    1,     2,	    100,   8191,     8192,
				8193, 16384, 16385, 70000, 1u << 20, 0 };

static uint8_t
byte_at(size_t i, size_t bytes)
{
	return (uint8_t)(i * 31 + i / 251 + bytes);
}

static void *
send_sizes(void *arg)
{
	struct ferry_channel *ch = arg;

	for (size_t i = 0; i < FY_ARRAY_LEN(sizes); i++) {
		uint8_t *room;

		if (ferry_channel_loan(ch, sizes[i], &room,
				       ferry_in_ms(FAIL_MS), NULL))
			return NULL;
		for (size_t j = 0; j < sizes[i]; j++)
			room[j] = byte_at(j, sizes[i]);
		if (ferry_channel_commit(
			    ch, i % 2 ? FERRY_NEVER : ferry_in_ms(FAIL_MS),
			    NULL))
			return NULL;
	}
	return NULL;
}

static void
receive_sizes(struct ferry_channel *ch)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(sizes); i++) {
		struct ferry_bytes got;

		assert_int_equal(ferry_channel_take(ch, &got,
						    ferry_in_ms(FAIL_MS), NULL),
				 FERRY_OK);
		assert_int_equal(got.len, sizes[i]);
		for (size_t j = 0; j < sizes[i]; j++) {
			if (got.data[j] != byte_at(j, sizes[i]))
				fail_msg("byte %zu of %zu", j, sizes[i]);
		}
		ferry_channel_release(ch);
	}
}

static void
pass_sizes(struct ferry_channel *from, struct ferry_channel *to)
{
	pthread_t thread;

	assert_int_equal(fy_os_thread_start(&thread, send_sizes, from), 0);
	receive_sizes(to);
	fy_os_thread_join(thread);
}

static void
messages_of_any_size_pass_both_ways(void **state)
{
	struct world *w = *state;

	world_connect(w);
	pass_sizes(w->a, w->b);
	pass_sizes(w->b, w->a);
}

static void
messages_of_any_size_pass_by_descriptor(void **state)
{
	struct world *w = *state;
	int fd;

	world_connect(w);
	pass_sizes(w->a, w->b);
	world_send(w->a, "before");
	assert_int_equal(ferry_channel_fd(w->b, &fd, NULL), FERRY_OK);
	world_send(w->a, "behind");
	world_expect(w->b, "before", ferry_in_ms(FAIL_MS));
	world_expect(w->b, "behind", ferry_in_ms(FAIL_MS));
	pass_sizes(w->a, w->b);
	pass_sizes(w->b, w->a);
	assert_int_equal(ferry_channel_fd(w->a, &fd, NULL), FERRY_OK);
	pass_sizes(w->b, w->a);
	pass_sizes(w->a, w->b);
}

static void
the_descriptor_is_readable_just_while_something_is_there(void **state)
{
	struct world *w = *state;
	struct pollfd fd = { .events = POLLIN };

	world_connect(w);
	assert_int_equal(ferry_channel_fd(w->b, &fd.fd, NULL), FERRY_OK);
	for (int i = 0; i < 100; i++) {
		world_send(w->a, "one");
		world_send(w->a, "two");
		assert_int_equal(fy_os_poll(&fd, 1, ferry_in_ms(FAIL_MS)), 1);
		world_expect(w->b, "one", ferry_in_ms(FAIL_MS));
		world_expect(w->b, "two", ferry_in_ms(FAIL_MS));
		assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EAGAIN);
		assert_int_equal(fy_os_poll(&fd, 1, FERRY_NOW), 0);
	}
	ferry_channel_close(w->a, FERRY_NOW, NULL);
	w->a = NULL;
	assert_int_equal(fy_os_poll(&fd, 1, ferry_in_ms(FAIL_MS)), 1);
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EOF);
	assert_int_equal(fy_os_poll(&fd, 1, FERRY_NOW), 1);
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EOF);
}

/* ---- deadlines ---- */

static void
a_receive_ends_at_its_deadline(void **state)
{
	struct world *w = *state;

	world_connect(w);
	for (int i = 0; i < 10; i++) {
		struct ferry_deadline until = ferry_in_ms(i);

		assert_int_equal(world_error(w->b, until), FERRY_ETIMEDOUT);
		assert_true(fy_deadline_passed(until));
	}
	world_send(w->a, "x");
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EAGAIN);
}

static void
a_send_into_a_full_queue_ends_at_its_deadline(void **state)
{
	struct world *w = *state;
	struct ferry_deadline until;

	world_connect(w);
	world_fill(w->a);
	for (int i = 0; i < 10; i++) {
		until = ferry_in_ms(i);
		assert_int_equal(
			ferry_channel_send(w->a, world_bytes("x"), until, NULL),
			FERRY_ETIMEDOUT);
		assert_true(fy_deadline_passed(until));
	}
	while (!world_error(w->b, ferry_in_ms(SOON_MS)))
		continue;
	/* One was the channel's already. */
	world_send(w->a, "x");
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_OK);
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
}

static void *
drain_soon(void *arg)
{
	struct world *w = arg;

	(void)fy_os_poll(NULL, 0, ferry_in_ms(SOON_MS));
	while (world_error(w->b, ferry_in_ms(FAIL_MS)) != FERRY_EOF)
		continue;
	return NULL;
}

/* With and without a deadline, and by a descriptor. */
static void
a_send_waits_for_room_and_gets_it(void **state)
{
	struct world *w = *state;
	pthread_t thread;
	int fd;

	world_connect(w);
	world_fill(w->a);
	assert_int_equal(fy_os_thread_start(&thread, drain_soon, w), 0);
	world_send(w->a, "x");
	for (int i = 0; i < 200; i++) {
		static uint8_t bytes[9000];
		const struct ferry_bytes message = { bytes, sizeof(bytes) };

		if (i == 100)
			assert_int_equal(ferry_channel_fd(w->a, &fd, NULL),
					 FERRY_OK);
		assert_int_equal(
			ferry_channel_send(w->a, message,
					   i % 2 ? FERRY_NEVER
						 : ferry_in_ms(FAIL_MS),
					   NULL),
			FERRY_OK);
	}
	assert_int_equal(ferry_channel_finish(w->a, ferry_in_ms(FAIL_MS), NULL),
			 FERRY_OK);
	fy_os_thread_join(thread);
}

static void *
drain_a_soon(void *arg)
{
	struct world *w = arg;

	(void)fy_os_poll(NULL, 0, ferry_in_ms(SOON_MS));
	while (!world_error(w->a, ferry_in_ms(SOON_MS)))
		continue;
	return NULL;
}

/*
 * By a descriptor: what the peer has sent is not taken before this end's own
 * has left, as by who passes it on to a command that answers.
 */
static void
room_is_told_to_who_takes_nothing_before(void **state)
{
	struct world *w = *state;
	pthread_t thread;
	int fd;

	world_connect(w);
	assert_int_equal(ferry_channel_fd(w->b, &fd, NULL), FERRY_OK);
	world_fill(w->a);
	while (!ferry_channel_send(w->a, world_bytes("x"),
				   ferry_in_ms(SOON_MS), NULL))
		continue;
	world_fill(w->b);
	assert_int_equal(fy_os_thread_start(&thread, drain_a_soon, w), 0);
	assert_int_equal(ferry_channel_flush(w->b, ferry_in_ms(FAIL_MS), NULL),
			 FERRY_OK);
	fy_os_thread_join(thread);
	/* All that came is there still, and more comes behind. */
	while (!world_error(w->b, ferry_in_ms(SOON_MS)))
		continue;
	assert_int_equal(ferry_channel_flush(w->a, ferry_in_ms(FAIL_MS), NULL),
			 FERRY_OK);
	while (!world_error(w->b, ferry_in_ms(SOON_MS)))
		continue;
	world_send(w->a, "later");
	world_expect(w->b, "later", ferry_in_ms(FAIL_MS));
}

/* Both have something unsent, and both wait to receive. */
static void *
swap(void *arg)
{
	static uint8_t bytes[100000];
	const struct ferry_bytes message = { bytes, sizeof(bytes) };
	struct ferry_channel *ch = arg;
	ferry_err err = FERRY_OK;

	for (int i = 0; i < 20 && !err; i++) {
		err = ferry_channel_send(ch, message, ferry_in_ms(FAIL_MS),
					 NULL);
		if (!err)
			err = world_error(ch, i % 2 ? FERRY_NEVER
						    : ferry_in_ms(FAIL_MS));
	}
	if (!err)
		err = ferry_channel_flush(ch, FERRY_NEVER, NULL);
	return err ? arg : NULL;
}

static void
what_is_unsent_leaves_while_both_receive(void **state)
{
	struct world *w = *state;
	pthread_t thread;

	world_connect(w);
	assert_int_equal(fy_os_thread_start(&thread, swap, w->a), 0);
	assert_null(swap(w->b));
	fy_os_thread_join(thread);
}

/* ---- ends ---- */

static void
a_half_closed_channel_still_receives(void **state)
{
	struct world *w = *state;

	world_connect(w);
	world_send(w->a, "last");
	assert_int_equal(ferry_channel_finish(w->a, FERRY_NOW, NULL), FERRY_OK);
	world_expect(w->b, "last", FERRY_NEVER);
	assert_int_equal(world_error(w->b, FERRY_NEVER), FERRY_EOF);
	world_send(w->b, "answer");
	world_expect(w->a, "answer", FERRY_NEVER);
}

static void *
close_b_soon(void *arg)
{
	struct world *w = arg;

	(void)fy_os_poll(NULL, 0, ferry_in_ms(SOON_MS));
	ferry_channel_close(w->b, FERRY_NOW, NULL);
	w->b = NULL;
	return NULL;
}

static void
close_frees(struct world *w, struct ferry_deadline until)
{
	pthread_t thread;
	ferry_err err = FERRY_OK;

	world_connect(w);
	world_fill(w->a);
	assert_int_equal(fy_os_thread_start(&thread, close_b_soon, w), 0);
	for (int i = 0; i < 10 && !err; i++)
		err = ferry_channel_send(w->a, world_bytes("x"), until, NULL);
	assert_int_equal(err, FERRY_ELOST);
	fy_os_thread_join(thread);
	ferry_channel_close(w->a, FERRY_NOW, NULL);
	w->a = NULL;
}

static void
a_close_frees_who_waits_to_send(void **state)
{
	close_frees(*state, FERRY_NEVER);
	close_frees(*state, ferry_in_ms(FAIL_MS));
}

static void
the_end_never_blocks_however_full_the_queue_is(void **state)
{
	struct world *w = *state;
	ferry_err err = FERRY_OK;
	unsigned int n;

	world_connect(w);
	for (n = 0; !err; n++)
		err = ferry_channel_send(w->a, world_bytes(n % 2 ? "x" : ""),
					 FERRY_NOW, NULL);
	assert_int_equal(err, FERRY_EAGAIN);
	for (int i = 0; i < 100; i++)
		assert_int_equal(ferry_channel_send(w->a, world_bytes("x"),
						    ferry_in_ns(1000), NULL),
				 FERRY_ETIMEDOUT);
	ferry_channel_close(w->a, FERRY_NOW, NULL);
	w->a = NULL;
	/* One was the channel's, and had not left. */
	for (unsigned int i = 0; i + 2 < n; i++)
		world_expect(w->b, i % 2 ? "x" : "", FERRY_NEVER);
	assert_int_equal(world_error(w->b, FERRY_NEVER), FERRY_EOF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_key_is_a_number_that_is_not_0),
		TEST(nobody_listens_is_told_at_once),
		TEST(a_key_in_use_is_left_to_its_owner),
		TEST(too_many_queues_is_told_with_the_way_out),
		TEST(messages_of_any_size_pass_both_ways),
		TEST(messages_of_any_size_pass_by_descriptor),
		TEST(the_descriptor_is_readable_just_while_something_is_there),
		TEST(a_receive_ends_at_its_deadline),
		TEST(a_send_into_a_full_queue_ends_at_its_deadline),
		TEST(a_send_waits_for_room_and_gets_it),
		TEST(room_is_told_to_who_takes_nothing_before),
		TEST(what_is_unsent_leaves_while_both_receive),
		TEST(a_half_closed_channel_still_receives),
		TEST(a_close_frees_who_waits_to_send),
		TEST(the_end_never_blocks_however_full_the_queue_is),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
