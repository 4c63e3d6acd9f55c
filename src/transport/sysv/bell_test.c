/* SPDX-License-Identifier: MIT */
/* sysv: descriptors: who is told, by whom, and by how many threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <poll.h>
#include <sys/msg.h>
#include <unistd.h>

#include "channel/channel.h"
#include "core/compiler.h"
#include "core/os.h"
#include "transport/sysv/link.h"
#include "sysv_world.h"

static struct fy_sysv_link *
link_of(const struct ferry_channel *ch)
{
	return FY_CONTAINER(ch->link, struct fy_sysv_link, link);
}

static int
fd_of(struct ferry_channel *ch)
{
	int fd;

	assert_int_equal(ferry_channel_fd(ch, &fd, NULL), FERRY_OK);
	return fd;
}

static bool
is_told(int fd, struct ferry_deadline until)
{
	struct pollfd poll = { fd, POLLIN, 0 };

	return fy_os_poll(&poll, 1, until) == 1;
}

/* ---- by how many ---- */

#define N_CHANNELS 50

static size_t
count_threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	size_t n = 0;

	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void
one_thread_tells_for_any_number_of_channels(void **state)
{
	struct world *w = *state;
	struct ferry_channel *a[N_CHANNELS], *b[N_CHANNELS];
	size_t n_threads = 0;

	for (size_t i = 0; i < N_CHANNELS; i++) {
		world_connect(w);
		a[i] = w->a;
		b[i] = w->b;
		(void)fd_of(a[i]);
		(void)fd_of(b[i]);
		if (i == 0)
			n_threads = count_threads();
	}
	assert_int_equal(count_threads(), n_threads);
	for (size_t i = 0; i < N_CHANNELS; i++) {
		world_send(a[i], "there");
		assert_true(is_told(fd_of(b[i]), ferry_in_ms(FAIL_MS)));
		world_expect(b[i], "there", FERRY_NOW);
		world_send(b[i], "back");
	}
	for (size_t i = 0; i < N_CHANNELS; i++) {
		assert_true(is_told(fd_of(a[i]), ferry_in_ms(FAIL_MS)));
		world_expect(a[i], "back", FERRY_NOW);
		ferry_channel_close(a[i], FERRY_NOW, NULL);
		assert_true(is_told(fd_of(b[i]), ferry_in_ms(FAIL_MS)));
		assert_int_equal(world_error(b[i], FERRY_NOW), FERRY_EOF);
		ferry_channel_close(b[i], FERRY_NOW, NULL);
	}
	w->a = NULL;
	w->b = NULL;
	assert_true(count_threads() < n_threads);
}

/* ---- who never receives ---- */

#define N_ONE_WAY 60

/* Sends one by one, each when it is asked for, and does nothing else. */
static void *
send_on_demand(void *arg)
{
	struct world *w = arg;

	for (int i = 0; i < N_ONE_WAY; i++) {
		(void)fy_os_poll(NULL, 0, ferry_in_ns(i % 7 * 300000));
		if (ferry_channel_send(w->a, world_bytes("x"), FERRY_NEVER,
				       NULL))
			return arg;
	}
	return NULL;
}

/* The first of them may be sent before the descriptor is there, or as it is. */
static void
who_never_receives_tells_as_well(void **state)
{
	struct world *w = *state;
	void *failed;

	for (int round = 0; round < 10; round++) {
		pthread_t thread;
		int fd;

		world_connect(w);
		assert_int_equal(
			fy_os_thread_start(&thread, send_on_demand, w), 0);
		(void)fy_os_poll(NULL, 0, ferry_in_ns(round * 400000));
		fd = fd_of(w->b);
		for (int i = 0; i < N_ONE_WAY;) {
			ferry_err err = world_error(w->b, FERRY_NOW);

			if (err == FERRY_EAGAIN)
				assert_true(
					is_told(fd, ferry_in_ms(FAIL_MS)));
			else
				assert_int_equal(err, FERRY_OK);
			i += err == FERRY_OK;
		}
		assert_int_equal(pthread_join(thread, &failed), 0);
		assert_null(failed);
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->a = NULL;
		w->b = NULL;
	}
}

/* A look that comes too late for the sender is made by who polls. */
static void
what_a_sender_did_not_look_for_is_found(void **state)
{
	struct world *w = *state;
	int fd;

	world_connect(w);
	fd = fd_of(w->b);
	/* As if it had looked just before. */
	link_of(w->a)->tx.looked_ns = fy_os_now_ns() + FY_SYSV_LOOK_NS;
	world_send(w->a, "x");
	assert_int_equal(atomic_load(&link_of(w->a)->peer_bell), -1);
	assert_true(is_told(fd, ferry_in_ms(FAIL_MS)));
	world_expect(w->b, "x", FERRY_NOW);
	link_of(w->a)->tx.looked_ns = 0;
	world_send(w->a, "y");
	assert_int_not_equal(atomic_load(&link_of(w->a)->peer_bell), -1);
	assert_true(is_told(fd, ferry_in_ms(FAIL_MS)));
	world_expect(w->b, "y", FERRY_NOW);
}

/* ---- those who do not keep to the rules ---- */

static int
bell_queue_of(const struct ferry_channel *ch)
{
	return msgget(link_of(ch)->bell_key, 0);
}

static void
set_room(int id, msglen_t bytes)
{
	struct msqid_ds ds;

	assert_int_equal(msgctl(id, IPC_STAT, &ds), 0);
	ds.msg_qbytes = bytes;
	assert_int_equal(msgctl(id, IPC_SET, &ds), 0);
}

static void
a_full_bell_queue_loses_nothing(void **state)
{
	struct world *w = *state;
	struct msqid_ds ds;
	int fd, id;

	world_connect(w);
	fd = fd_of(w->b);
	world_send(w->a, "x");
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
	/* That is told of at times yet. */
	(void)fy_os_poll(NULL, 0, ferry_in_ms(2 * SOON_MS));
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EAGAIN);
	id = bell_queue_of(w->b);
	assert_int_equal(msgctl(id, IPC_STAT, &ds), 0);
	set_room(id, 0);
	world_send(w->a, "y");
	assert_false(is_told(fd, ferry_in_ms(SOON_MS)));
	set_room(id, ds.msg_qbytes);
	/* As many as it was full of, of a queue that is not. */
	for (msglen_t i = 0; i < ds.msg_qbytes;)
		i += fy_sysv_post(id, 0x7fffffff);
	assert_true(is_told(fd, ferry_in_ms(FAIL_MS)));
	world_expect(w->b, "y", FERRY_NOW);
}

static void
a_bell_queue_that_somebody_removes_is_an_end(void **state)
{
	struct world *w = *state;
	int fd;

	world_connect(w);
	fd = fd_of(w->b);
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EAGAIN);
	assert_int_equal(msgctl(bell_queue_of(w->b), IPC_RMID, NULL), 0);
	assert_true(is_told(fd, ferry_in_ms(FAIL_MS)));
	assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_ELOST);
	ferry_channel_close(w->a, FERRY_NOW, NULL);
	w->a = NULL;
	ferry_channel_close(w->b, FERRY_NOW, NULL);
	w->b = NULL;
	/* The next has another one. */
	world_connect(w);
	fd = fd_of(w->b);
	world_send(w->a, "x");
	assert_true(is_told(fd, ferry_in_ms(FAIL_MS)));
	world_expect(w->b, "x", FERRY_NOW);
}

#define SOMEBODY 65534

/* Of a queue that is another user's, which root could ring in. */
static void
nobody_has_another_ring_elsewhere(void **state)
{
	struct world *w = *state;
	struct msqid_ds ds;
	key_t key = (key_t)(getpid() | 0x0a000000);
	int id;

	if (geteuid() != 0)
		skip();
	assert_int_equal(seteuid(SOMEBODY), 0);
	id = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
	assert_int_equal(seteuid(0), 0);
	assert_true(id >= 0);
	world_connect(w);
	assert_true(fy_sysv_post(link_of(w->a)->in.id, key));
	world_send(w->a, "x");
	assert_int_equal(world_error(w->a, FERRY_NOW), FERRY_EAGAIN);
	world_expect(w->b, "x", FERRY_NEVER);
	assert_int_equal(atomic_load(&link_of(w->a)->peer_bell), -1);
	assert_int_equal(msgctl(id, IPC_STAT, &ds), 0);
	assert_int_equal(ds.msg_qnum, 0);
	assert_int_equal(msgctl(id, IPC_RMID, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_thread_tells_for_any_number_of_channels),
		TEST(who_never_receives_tells_as_well),
		TEST(what_a_sender_did_not_look_for_is_found),
		TEST(a_full_bell_queue_loses_nothing),
		TEST(a_bell_queue_that_somebody_removes_is_an_end),
		TEST(nobody_has_another_ring_elsewhere),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
