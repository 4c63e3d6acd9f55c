/* SPDX-License-Identifier: MIT */
/* A foreign loop and a link whose one descriptor tells of data and of room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <ferry/ferry.h>

#include "channel/channel.h"

/* More than all the buffers between two ends hold. */
#define LARGE (4u * 1024 * 1024)
#define SOON ferry_in_ms(20000)

static uint8_t large_bytes[LARGE];

/* Meets whoever listens at @arg. */
static void *
dial(void *arg)
{
	struct ferry_channel *ch = NULL;

	(void)!ferry_channel_open(arg, NULL, SOON, &ch, NULL);
	return ch;
}

static void
open_shm(struct ferry_channel *ends[2])
{
	struct ferry_listener *listener;
	char addr[80];
	pthread_t thread;
	void *dialled;

	snprintf(addr, sizeof(addr), "shm:@ferry-loop-%d", getpid());
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL), 0);
	pthread_create(&thread, NULL, dial, addr);
	assert_int_equal(ferry_listener_accept(listener, SOON, &ends[1],
					       NULL), 0);
	pthread_join(thread, &dialled);
	assert_non_null(dialled);
	ends[0] = dialled;
	ferry_listener_close(listener);
}

static void *
receive_large(void *arg)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { 0 };
	ferry_err err = ferry_channel_recv(arg, &mem, &got, SOON, NULL);

	if (!err && got.len != LARGE)
		err = FERRY_EPROTO;
	ferry_arena_fini(&mem);
	return (void *)(uintptr_t)err;
}

/* One who sends and then does what his descriptor says, and nothing else. */
static void
a_foreign_loop_hears_of_room_that_nobody_asked_for(void **state)
{
	struct pollfd p = { .events = POLLIN };
	struct ferry_channel *ends[2];
	struct ferry_bytes large = { large_bytes, LARGE };
	struct ferry_bytes got;
	pthread_t thread;
	void *err;

	(void)state;
	open_shm(ends);
	assert_int_equal(ferry_channel_fd(ends[0], &p.fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_send(ends[0], large, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_true(ends[0]->link->ops->unsent(ends[0]->link) > 0);
	pthread_create(&thread, NULL, receive_large, ends[1]);
	while (ends[0]->link->ops->unsent(ends[0]->link) > 0) {
		assert_int_equal(poll(&p, 1, 20000), 1);
		assert_int_equal(ferry_channel_process(ends[0], NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_take(ends[0], &got, FERRY_NOW,
						    NULL), FERRY_EAGAIN);
	}
	pthread_join(thread, &err);
	assert_null(err);
	for (int i = 0; i < 2; i++)
		(void)ferry_channel_close(ends[i], FERRY_NOW, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_foreign_loop_hears_of_room_that_nobody_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
