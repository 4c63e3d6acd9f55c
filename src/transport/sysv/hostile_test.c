/* SPDX-License-Identifier: MIT */
/* sysv: what a peer may do to a queue that it shares, and whom that hurts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

#include "channel/channel.h"
#include "core/os.h"
#include "transport/sysv/link.h"
#include "sysv_world.h"

static void
garbage_in_a_private_queue_ends_the_channel(void **state)
{
	struct world *w = *state;

	world_listen(w);
	for (int i = 0; i < 100; i++) {
		struct {
			long type;
			uint8_t bytes[300];
		} msg;
		struct fy_sysv_link *l;
		ferry_err err = FERRY_OK;

		world_connect(w);
		l = FY_CONTAINER(w->b->link, struct fy_sysv_link, link);
		for (int j = 0; j < 20; j++) {
			assert_int_equal(fy_os_random(&msg, sizeof(msg)), 0);
			/* Also keys of no bell, and types of no kind. */
			msg.type = (msg.type & 15) +
				   (i % 2 ? FY_SYSV_DATA : FY_SYSV_WELCOME);
			assert_int_equal(msgsnd(l->in.id, &msg,
						(size_t)msg.bytes[0],
						IPC_NOWAIT),
					 0);
		}
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		w->a = NULL;
		while (!err)
			err = world_error(w->b, ferry_in_ms(FAIL_MS));
		assert_true(err == FERRY_EPROTO || err == FERRY_EOF ||
			    err == FERRY_ELOST);
		assert_int_equal(world_error(w->b, FERRY_NOW), err);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->b = NULL;
	}
}

static void
parts_of_nothing_are_no_message(void **state)
{
	struct world *w = *state;
	struct fy_sysv_link *l;

	world_connect(w);
	l = FY_CONTAINER(w->b->link, struct fy_sysv_link, link);
	for (int i = 0; i < 3; i++)
		assert_true(fy_sysv_post(l->in.id, FY_SYSV_MORE));
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EPROTO);
}

static void
who_does_not_wait_is_not_kept_by_what_is_no_message(void **state)
{
	static const long types[] = { FY_SYSV_WAKE, FY_SYSV_WANT };
	struct world *w = *state;
	int fd;

	world_listen(w);
	for (int i = 0; i < 4; i++) {
		struct pollfd wait = { .events = POLLIN };
		struct fy_sysv_link *l;
		int n = 0;

		world_connect(w);
		l = FY_CONTAINER(w->b->link, struct fy_sysv_link, link);
		for (int j = 0; j < 5000; j++)
			assert_true(fy_sysv_post(l->in.id, types[i % 2]));
		world_send(w->a, "x");
		if (i >= 2)
			assert_int_equal(ferry_channel_fd(w->b, &fd, NULL),
					 FERRY_OK);
		wait.fd = i >= 2 ? fd : -1;
		while (world_error(w->b, FERRY_NOW) == FERRY_EAGAIN) {
			n++;
			/* There is more, and the descriptor says so. */
			assert_int_equal(poll(&wait, 1, 0), i >= 2);
		}
		assert_in_range(n, 2, 10);
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->a = NULL;
		w->b = NULL;
	}
}

static void
a_queue_that_somebody_removes_is_an_end(void **state)
{
	struct world *w = *state;
	struct fy_sysv_link *l;

	world_connect(w);
	l = FY_CONTAINER(w->b->link, struct fy_sysv_link, link);
	assert_int_equal(msgctl(l->in.id, IPC_RMID, NULL), 0);
	assert_int_equal(world_error(w->b, FERRY_NEVER), FERRY_ELOST);
	assert_int_equal(
		ferry_channel_send(w->a, world_bytes("x"), FERRY_NEVER, NULL),
		FERRY_ELOST);
}

/* Whoever may use a queue may also make it take nothing, wake-ups included. */
static void
a_peer_that_spoils_a_queue_holds_up_nobody(void **state)
{
	struct world *w = *state;
	struct fy_sysv_link *l;
	struct msqid_ds ds;
	int fd;

	world_listen(w);
	for (int i = 0; i < 4; i++) {
		struct ferry_channel **ch = i % 2 ? &w->a : &w->b;

		world_connect(w);
		l = FY_CONTAINER((*ch)->link, struct fy_sysv_link, link);
		if (i >= 2)
			assert_int_equal(ferry_channel_fd(*ch, &fd, NULL),
					 FERRY_OK);
		assert_int_equal(msgctl(l->in.id, IPC_STAT, &ds), 0);
		ds.msg_qbytes = 0;
		assert_int_equal(msgctl(l->in.id, IPC_SET, &ds), 0);
		assert_int_not_equal(world_error(*ch, ferry_in_ms(SOON_MS)),
				     FERRY_OK);
		ferry_channel_close(*ch, FERRY_NOW, NULL);
		*ch = NULL;
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->a = NULL;
		w->b = NULL;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(garbage_in_a_private_queue_ends_the_channel),
		TEST(parts_of_nothing_are_no_message),
		TEST(who_does_not_wait_is_not_kept_by_what_is_no_message),
		TEST(a_queue_that_somebody_removes_is_an_end),
		TEST(a_peer_that_spoils_a_queue_holds_up_nobody),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
