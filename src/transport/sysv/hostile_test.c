/* SPDX-License-Identifier: MIT */
/* sysv: what a peer may do to a queue that it shares, and whom that hurts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "core/os.h"
#include "transport/sysv/link.h"
#include "sysv_world.h"

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

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

/* ---- a peer that takes wake-ups ---- */

/* More than there are tries to wake. */
#define THIEVES_MOST 64

/*
 * As processes of the peer's would: threads that receive @type from queue @id
 * until that has gone.
 */
struct thieves {
	int id;
	long type;
	atomic_int n_taken;
	int n;
	pthread_t threads[THIEVES_MOST];
};

static void *
steal(void *arg)
{
	struct thieves *t = arg;
	long msg;

	while (msgrcv(t->id, &msg, 0, t->type, MSG_NOERROR) >= 0)
		atomic_fetch_add(&t->n_taken, 1);
	return NULL;
}

/* Each has most likely come to the queue before this returns. */
static void
start_thieves(struct thieves *t, int n, int id, long type)
{
	t->id = id;
	t->type = type;
	t->n = n;
	atomic_store(&t->n_taken, 0);
	alarm(FAIL_MS / 1000);
	for (int i = 0; i < n; i++)
		assert_int_equal(fy_os_thread_start(&t->threads[i], steal, t),
				 0);
	for (int i = 0; i < n; i++)
		assert_true(fy_sysv_post(id, type));
	while (atomic_load(&t->n_taken) < n)
		(void)poll(NULL, 0, 1);
}

/* After the queue has gone. */
static void
join_thieves(struct thieves *t)
{
	for (int i = 0; i < t->n; i++)
		fy_os_thread_join(t->threads[i]);
	alarm(0);
}

static int
own_queue(struct ferry_channel *ch)
{
	return FY_CONTAINER(ch->link, struct fy_sysv_link, link)->in.id;
}

static ferry_err
flush_soon(struct ferry_channel *ch, struct ferry_error *why)
{
	return ch->link->ops->flush_until(ch->link, ferry_in_ms(SOON_MS), why);
}

static void
a_deadline_comes_though_a_peer_takes_what_wakes(void **state)
{
	struct world *w = *state;
	struct thieves t;

	world_connect(w);
	start_thieves(&t, 1, own_queue(w->b), FY_SYSV_WAKE);
	for (int i = 0; i < 5; i++)
		assert_int_equal(world_error(w->b, ferry_in_ms(SOON_MS)),
				 FERRY_ETIMEDOUT);
	world_send(w->a, "x");
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
	ferry_channel_close(w->b, FERRY_NOW, NULL);
	w->b = NULL;
	join_thieves(&t);
}

static void
a_senders_deadline_comes_though_a_peer_takes_what_wakes(void **state)
{
	struct world *w = *state;
	struct thieves t;

	world_connect(w);
	world_fill(w->a);
	start_thieves(&t, 1, own_queue(w->a), FY_SYSV_ROOM);
	for (int i = 0; i < 5; i++)
		assert_int_equal(flush_soon(w->a, NULL), FERRY_ETIMEDOUT);
	ferry_channel_close(w->a, FERRY_NOW, NULL);
	w->a = NULL;
	join_thieves(&t);
}

static void
a_peer_that_takes_all_that_wakes_ends_the_channel(void **state)
{
	struct world *w = *state;
	struct ferry_error why = { .text = "" };
	struct ferry_bytes got;
	struct thieves t;
	ferry_err err;

	world_connect(w);
	start_thieves(&t, THIEVES_MOST, own_queue(w->b), FY_SYSV_WAKE);
	do {
		err = ferry_channel_take(w->b, &got, ferry_in_ms(SOON_MS),
					 &why);
	} while (err == FERRY_ETIMEDOUT);
	assert_int_equal(err, FERRY_EPROTO);
	assert_non_null(strstr(why.text, "takes what is not his"));
	join_thieves(&t);
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EPROTO);
	world_disconnect(w);

	world_connect(w);
	world_fill(w->a);
	start_thieves(&t, THIEVES_MOST, own_queue(w->a), FY_SYSV_ROOM);
	do {
		err = flush_soon(w->a, &why);
	} while (err == FERRY_ETIMEDOUT);
	assert_int_equal(err, FERRY_EPROTO);
	join_thieves(&t);
}

/* Whoever receives most likely sleeps by then; it ends as well if not. */
static void *
kill_later(void *pid)
{
	(void)poll(NULL, 0, SOON_MS);
	kill(*(pid_t *)pid, SIGKILL);
	return NULL;
}

static void
a_death_is_told_though_somebody_takes_what_wakes(void **state)
{
	struct world *w = *state;
	struct thieves t;
	pthread_t killer;
	pid_t pid;

	if (__tsan_init)
		skip();
	world_listen(w);
	pid = fork();
	if (pid == 0) {
		alarm(FAIL_MS / 1000);
		if (ferry_channel_open(w->addr, NULL, FERRY_NEVER, &w->a,
				       NULL))
			_exit(1);
		(void)world_error(w->a, FERRY_NEVER);
		_exit(1);
	}
	world_accept(w);
	start_thieves(&t, 3, own_queue(w->b), FY_SYSV_DEAD);
	assert_int_equal(fy_os_thread_start(&killer, kill_later, &pid), 0);
	assert_int_equal(world_error(w->b, FERRY_NEVER), FERRY_EOF);
	fy_os_thread_join(killer);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	ferry_channel_close(w->b, FERRY_NOW, NULL);
	w->b = NULL;
	join_thieves(&t);
	assert_true(fy_sysv_sweep(SIZE_MAX) > 0);
}

/* The listener is there for others, and goes on. */
static void
a_listeners_deadline_comes_though_guests_take_what_wakes(void **state)
{
	static const int crowds[] = { 1, THIEVES_MOST };
	struct world *w = *state;
	struct thieves t;

	for (int i = 0; i < 2; i++) {
		unsigned int key;
		int id;

		world_listen(w);
		assert_int_equal(sscanf(w->addr, "sysv:%x", &key), 1);
		id = msgget((key_t)key, 0);
		assert_true(id >= 0);
		start_thieves(&t, crowds[i], id, FY_SYSV_WAKE);
		for (int j = 0; j < 3; j++) {
			struct ferry_channel *ch;

			assert_int_equal(
				ferry_listener_accept(w->listener,
						      ferry_in_ms(SOON_MS),
						      &ch, NULL),
				FERRY_ETIMEDOUT);
		}
		world_disconnect(w);
		join_thieves(&t);
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
		TEST(a_deadline_comes_though_a_peer_takes_what_wakes),
		TEST(a_senders_deadline_comes_though_a_peer_takes_what_wakes),
		TEST(a_peer_that_takes_all_that_wakes_ends_the_channel),
		TEST(a_death_is_told_though_somebody_takes_what_wakes),
		TEST(a_listeners_deadline_comes_though_guests_take_what_wakes),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
