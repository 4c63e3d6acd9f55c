/* SPDX-License-Identifier: MIT */
/*
 * A hostile peer that lets others wait: wakes nobody, sends sleepers to where
 * nothing happens, or wakes and rings without end. What was sent is seen within
 * a second or so, deadlines hold, and other channels are served.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "place.h"
#include "raw.h"

#define TEST(name) cmocka_unit_test(name)

#define RING 4096u
#define FLOOD_MS 20
#define SHARE_MS 300

/* A channel, and what is done to it by another thread until @stop. */
struct scene {
	struct place place;
	struct raw raw;
	struct ferry_channel *ch;
	pthread_t thread;
	atomic_bool stop;
	_Atomic uint64_t n;
};

static void
scene_open(struct scene *s, const char *options)
{
	place_open(&s->place, options, NULL);
	s->ch = raw_meet(&s->raw, RING, s->place.path, s->place.listener);
	atomic_store(&s->stop, false);
	s->n = 0;
}

static void
scene_start(struct scene *s, void *(*run)(void *))
{
	assert_int_equal(pthread_create(&s->thread, NULL, run, s), 0);
}

static void
scene_join(struct scene *s)
{
	atomic_store(&s->stop, true);
	assert_int_equal(pthread_join(s->thread, NULL), 0);
}

static void
scene_close(struct scene *s)
{
	ferry_channel_close(s->ch, FERRY_NOW, NULL);
	raw_end(&s->raw);
	place_close(&s->place);
}

static ferry_err
receive(struct scene *s, struct ferry_deadline until)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(s->ch, &got, until, NULL);

	if (!err)
		ferry_channel_release(s->ch);
	return err;
}

/* Sends until there is no room. */
static ferry_err
fill(struct scene *s, size_t bytes)
{
	static const uint8_t text[4096];
	ferry_err err;

	do
		err = ferry_channel_send(s->ch,
					 (struct ferry_bytes){
						 text, (uint32_t)bytes },
					 FERRY_NOW, NULL);
	while (!err);
	return err;
}

/* The victim has said that it sleeps, and most likely does so by now. */
static void
let_sleep(const struct scene *s, uint32_t word)
{
	while (!(raw_look(&s->raw, word) & 3) && !atomic_load(&s->stop))
		(void)poll(NULL, 0, 1);
	(void)poll(NULL, 0, 5);
}

/* ---- no wake-up ---- */

static void *
publish_silently(void *arg)
{
	struct scene *s = arg;

	let_sleep(s, RAW_AWAIT_DATA);
	raw_record(&s->raw, "x", 1, 0);
	raw_publish(&s->raw);
	return NULL;
}

static void *
swallow_silently(void *arg)
{
	struct scene *s = arg;

	let_sleep(s, RAW_AWAIT_ROOM);
	raw_store(&s->raw, RAW_HEAD, raw_look(&s->raw, RAW_TAIL));
	return NULL;
}

/* Life words: none; one that no kernel knows of. */
static const uint32_t lives[] = { 0, 1 };
#define N_LIVES (sizeof(lives) / sizeof(lives[0]))

static void
what_nobody_wakes_for_is_seen_in_time(void **state)
{
	struct scene s;

	(void)state;
	for (size_t i = 0; i < N_LIVES; i++) {
		int64_t start;

		scene_open(&s, "");
		raw_store(&s.raw, RAW_LIFE, lives[i]);
		start = place_ns();
		scene_start(&s, publish_silently);
		assert_int_equal(receive(&s, FERRY_NEVER), FERRY_OK);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		scene_join(&s);
		scene_close(&s);
	}
}

static void
room_that_nobody_wakes_for_is_seen_in_time(void **state)
{
	const uint8_t text[2000] = { 0 };
	struct scene s;

	(void)state;
	for (size_t i = 0; i < N_LIVES; i++) {
		int64_t start;

		scene_open(&s, "?ring=16k");
		raw_store(&s.raw, RAW_LIFE, lives[i]);
		assert_int_equal(fill(&s, 2000), FERRY_EAGAIN);
		start = place_ns();
		scene_start(&s, swallow_silently);
		assert_int_equal(ferry_channel_send(s.ch,
						    (struct ferry_bytes){
							    text,
							    sizeof(text) },
						    FERRY_NEVER, NULL),
				 FERRY_OK);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		scene_join(&s);
		scene_close(&s);
	}
}

static void *
leave_silently(void *arg)
{
	struct scene *s = arg;

	let_sleep(s, RAW_AWAIT_DATA);
	close(s->raw.socket);
	s->raw.socket = -1;
	return NULL;
}

/* Its life word says that it lives, but no kernel looks after that. */
static void
who_goes_with_a_false_life_word_is_missed_in_time(void **state)
{
	struct scene s;

	(void)state;
	for (size_t i = 0; i < N_LIVES; i++) {
		int64_t start;

		scene_open(&s, "");
		raw_store(&s.raw, RAW_LIFE, lives[i]);
		start = place_ns();
		scene_start(&s, leave_silently);
		assert_int_equal(receive(&s, FERRY_NEVER), FERRY_EOF);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		scene_join(&s);
		scene_close(&s);
	}
}

/* ---- sleepers that are sent elsewhere ---- */

/* Whoever waits for the tail waits for another word now. */
static long
requeue(struct scene *s)
{
	uint32_t *tail = (uint32_t *)(void *)(s->raw.own + RAW_TAIL);
	uint32_t *other = (uint32_t *)(void *)(s->raw.own + 1024);

	return syscall(SYS_futex, tail, FUTEX_CMP_REQUEUE, 0, (void *)INT_MAX,
		       other, s->raw.tail) +
	       syscall(SYS_futex, s->raw.own + RAW_LIFE, FUTEX_REQUEUE, 0,
		       (void *)INT_MAX, other, 0);
}

static void *
requeue_and_publish(void *arg)
{
	struct scene *s = arg;

	let_sleep(s, RAW_AWAIT_DATA);
	for (int i = 0; i < 100; i++) {
		long n = requeue(s);

		s->n += n > 0 ? (uint64_t)n : 0;
	}
	raw_record(&s->raw, "x", 1, 0);
	raw_publish(&s->raw);
	raw_wake(&s->raw, RAW_TAIL);
	return NULL;
}

static void *
requeue_and_leave(void *arg)
{
	struct scene *s = arg;

	let_sleep(s, RAW_AWAIT_DATA);
	for (int i = 0; i < 100; i++)
		(void)requeue(s);
	close(s->raw.socket);
	s->raw.socket = -1;
	return NULL;
}

static void
who_is_sent_to_wait_elsewhere_looks_in_time(void **state)
{
	void *(*const acts[])(void *) = { requeue_and_publish,
					  requeue_and_leave };
	uint64_t n = 0;

	(void)state;
	for (size_t i = 0; i < 2 * N_LIVES; i++) {
		struct scene s;
		int64_t start;

		scene_open(&s, "");
		raw_store(&s.raw, RAW_LIFE, lives[i / 2]);
		start = place_ns();
		scene_start(&s, acts[i % 2]);
		assert_int_equal(receive(&s, FERRY_NEVER),
				 i % 2 ? FERRY_EOF : FERRY_OK);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		scene_join(&s);
		n += s.n;
		scene_close(&s);
	}
	print_message("%llu sleepers were sent elsewhere\n",
		      (unsigned long long)n);
}

/* ---- floods ---- */

static void
do_wake(struct scene *s)
{
	raw_wake(&s->raw, RAW_TAIL);
}

static void
do_wake_life(struct scene *s)
{
	raw_wake(&s->raw, RAW_LIFE);
}

static void
do_live(struct scene *s)
{
	/* Each time somebody else, never nobody, never dead. */
	raw_store(&s->raw, RAW_LIFE, 1 + (uint32_t)(s->n & 0xffff));
}

static void
do_live_and_not(struct scene *s)
{
	raw_store(&s->raw, RAW_LIFE, s->n % 2);
}

static void
do_ring(struct scene *s)
{
	raw_ring(&s->raw);
}

static void
do_move(struct scene *s)
{
	raw_store(&s->raw, RAW_CPU, (uint32_t)(s->n % 2));
}

static void
do_all(struct scene *s)
{
	do_wake(s);
	do_live(s);
	do_ring(s);
	do_move(s);
}

static void (*const floods[])(struct scene *) = {
	do_wake, do_wake_life, do_live, do_live_and_not, do_ring, do_move,
	do_all
};
#define N_FLOODS (sizeof(floods) / sizeof(floods[0]))

struct flood {
	struct scene scene;
	void (*act)(struct scene *);
};

static void *
run_flood(void *arg)
{
	struct flood *f = arg;

	while (!atomic_load(&f->scene.stop)) {
		f->act(&f->scene);
		f->scene.n++;
	}
	return NULL;
}

static void
deadlines_hold_in_a_flood(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N_FLOODS; i++) {
		struct flood f = { .act = floods[i / 2] };
		int fd;

		scene_open(&f.scene, "");
		raw_store(&f.scene.raw, RAW_LIFE, 1);
		if (i % 2)
			assert_int_equal(
				ferry_channel_fd(f.scene.ch, &fd, NULL),
				FERRY_OK);
		scene_start(&f.scene, run_flood);
		for (int j = 0; j < 3; j++) {
			int64_t start = place_ns();

			assert_int_equal(receive(&f.scene,
						 ferry_in_ms(FLOOD_MS)),
					 FERRY_ETIMEDOUT);
			assert_int_equal(receive(&f.scene, FERRY_NOW),
					 FERRY_EAGAIN);
			assert_true(place_ns() - start < PLACE_LATE_NS);
		}
		scene_join(&f.scene);
		/* And it still works. */
		raw_record(&f.scene.raw, "x", 1, 0);
		raw_publish(&f.scene.raw);
		assert_int_equal(receive(&f.scene, ferry_in_ms(PLACE_SOON_MS)),
				 FERRY_OK);
		scene_close(&f.scene);
	}
}

static void
deadlines_of_senders_hold_in_a_flood(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N_FLOODS; i++) {
		static const uint8_t text[1000];
		const struct ferry_bytes message = { text, sizeof(text) };
		struct flood f = { .act = floods[i / 2] };
		int64_t start;
		int fd;

		scene_open(&f.scene, "?ring=16k");
		raw_store(&f.scene.raw, RAW_LIFE, 1);
		if (i % 2)
			assert_int_equal(
				ferry_channel_fd(f.scene.ch, &fd, NULL),
				FERRY_OK);
		assert_int_equal(fill(&f.scene, sizeof(text)), FERRY_EAGAIN);
		scene_start(&f.scene, run_flood);
		start = place_ns();
		assert_int_equal(ferry_channel_send(f.scene.ch, message,
						    ferry_in_ms(FLOOD_MS),
						    NULL),
				 FERRY_ETIMEDOUT);
		assert_int_equal(ferry_channel_send(f.scene.ch, message,
						    FERRY_NOW, NULL),
				 FERRY_EAGAIN);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		scene_join(&f.scene);
		scene_close(&f.scene);
	}
}

/* Room for 8 bytes at a time, each just before the victim would sleep. */
static void *
dribble(void *arg)
{
	struct scene *s = arg;
	uint32_t head = raw_look(&s->raw, RAW_HEAD) & ~7u;
	int64_t next_ns = place_ns();

	while (!atomic_load(&s->stop)) {
		if (place_ns() < next_ns)
			continue;
		next_ns = place_ns() + 60000;
		head += 8;
		raw_store(&s->raw, RAW_HEAD, head);
		s->n++;
	}
	return NULL;
}

static void
deadlines_of_senders_hold_when_room_comes_in_drops(void **state)
{
	(void)state;
	for (int polled = 0; polled < 2; polled++) {
		struct scene s;
		uint8_t *room;
		int64_t start;
		int fd;

		scene_open(&s, "?ring=1m");
		raw_store(&s.raw, RAW_LIFE, 1);
		if (polled)
			assert_int_equal(ferry_channel_fd(s.ch, &fd, NULL),
					 FERRY_OK);
		assert_int_equal(fill(&s, 4096), FERRY_EAGAIN);
		s.raw.head = 0;
		scene_start(&s, dribble);
		start = place_ns();
		assert_int_equal(ferry_channel_loan(s.ch, 500000, &room,
						    ferry_in_ms(FLOOD_MS),
						    NULL),
				 FERRY_ETIMEDOUT);
		assert_int_equal(ferry_channel_loan(s.ch, 500000, &room,
						    FERRY_NOW, NULL),
				 FERRY_EAGAIN);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		scene_join(&s);
		scene_close(&s);
	}
}

/* ---- an event loop ---- */

/* Asks again as soon as it has been answered. */
static void *
ask_on(void *arg)
{
	struct scene *s = arg;
	struct ferry_channel *ch = s->place.good[0];
	const struct ferry_bytes message = { (const uint8_t *)"ask", 3 };
	struct ferry_bytes got;

	while (!atomic_load(&s->stop)) {
		if (ferry_channel_send(ch, message, FERRY_NEVER, NULL) ||
		    ferry_channel_take(ch, &got, FERRY_NEVER, NULL))
			return NULL;
		ferry_channel_release(ch);
		s->n++;
	}
	return NULL;
}

struct loop {
	int epoll;
	struct ferry_channel *chs[2];
	int64_t spent_ns[2];
	uint64_t n_served;
};

static void
loop_add(struct loop *loop, int i, struct ferry_channel *ch)
{
	struct epoll_event event = { .data.u32 = (uint32_t)i };
	int fd;

	assert_int_equal(ferry_channel_fd(ch, &fd, NULL), FERRY_OK);
	event.events = (uint32_t)ferry_channel_events(ch);
	assert_int_equal(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event), 0);
	loop->chs[i] = ch;
}

/* What can be received is answered. */
static void
loop_serve(struct loop *loop, uint32_t i)
{
	struct ferry_channel *ch = loop->chs[i];
	int64_t start = place_ns();
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_process(ch, NULL), FERRY_OK);
	while (ferry_channel_take(ch, &got, FERRY_NOW, NULL) == FERRY_OK) {
		assert_int_equal(ferry_channel_send(ch, got, FERRY_NOW, NULL),
				 FERRY_OK);
		ferry_channel_release(ch);
		loop->n_served++;
	}
	loop->spent_ns[i] += place_ns() - start;
}

static void
loop_run(struct loop *loop, int64_t ns)
{
	int64_t end_ns = place_ns() + ns;

	while (place_ns() < end_ns) {
		struct epoll_event events[2];
		int n = epoll_wait(loop->epoll, events, 2, 10);

		for (int i = 0; i < n; i++)
			loop_serve(loop, events[i].data.u32);
	}
}

/* Each turn it is heard for a moment, and there is as much for the others. */
static void
a_loop_serves_others_while_one_rings_without_end(void **state)
{
	struct loop loop = { .epoll = epoll_create1(EPOLL_CLOEXEC) };
	uint64_t n_before;
	pthread_t asker;
	struct flood f = { .act = do_ring };

	(void)state;
	scene_open(&f.scene, "");
	loop_add(&loop, 0, f.scene.ch);
	loop_add(&loop, 1, f.scene.place.good[1]);
	assert_int_equal(pthread_create(&asker, NULL, ask_on, &f.scene), 0);
	loop_run(&loop, SHARE_MS * 1000000LL / 2);
	n_before = loop.n_served;
	scene_start(&f.scene, run_flood);
	loop_run(&loop, SHARE_MS * 1000000LL / 2);
	print_message("served %llu alone, %llu in a flood that took %lld %% "
		      "of the time\n",
		      (unsigned long long)n_before,
		      (unsigned long long)(loop.n_served - n_before),
		      (long long)(loop.spent_ns[0] * 200 /
				  (SHARE_MS * 1000000LL)));
	assert_true(loop.n_served - n_before > 0);
	atomic_store(&f.scene.stop, true);
	loop_run(&loop, 10000000);
	assert_int_equal(pthread_join(asker, NULL), 0);
	scene_join(&f.scene);
	close(loop.epoll);
	scene_close(&f.scene);
}

static bool
is_readable(int fd)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };

	return poll(&poll_fd, 1, 0) == 1;
}

static void
a_few_rings_are_heard_at_a_time(void **state)
{
	struct scene s;
	int fd, n, n_turns = 0;

	(void)state;
	scene_open(&s, "");
	assert_int_equal(ferry_channel_fd(s.ch, &fd, NULL), FERRY_OK);
	assert_int_equal(receive(&s, FERRY_NOW), FERRY_EAGAIN);
	assert_false(is_readable(fd));
	/* As many as the socket takes. */
	for (n = 0; send(s.raw.socket, "", 1, MSG_DONTWAIT) == 1; n++)
		continue;
	for (; is_readable(fd); n_turns++)
		assert_int_equal(receive(&s, FERRY_NOW), FERRY_EAGAIN);
	assert_true(n_turns > 1 && n_turns >= n / 100);
	scene_close(&s);
}

/* ---- what comes over the socket ---- */

static void
descriptors_on_the_socket_are_not_kept(void **state)
{
	static const size_t sizes[] = { 1, 7, 8, 9, 255, 4096, 65536 };
	static const size_t numbers[] = { 0, 1, 3, 253 };
	static const uint8_t bytes[65536];
	int fds[253];

	(void)state;
	for (size_t i = 0; i < 253; i++)
		fds[i] = STDERR_FILENO;
	for (int polled = 0; polled < 2; polled++) {
		struct scene s;
		size_t n_fds;
		int fd;

		scene_open(&s, "");
		if (polled)
			assert_int_equal(ferry_channel_fd(s.ch, &fd, NULL),
					 FERRY_OK);
		n_fds = fy_audit_fds();
		for (size_t i = 0; i < 4 * 7; i++) {
			assert_true(raw_send(s.raw.socket, bytes, sizes[i / 4],
					     fds, numbers[i % 4]));
			raw_record(&s.raw, "x", 1, 0);
			raw_publish(&s.raw);
			assert_int_equal(receive(&s, FERRY_NOW), FERRY_OK);
			assert_int_equal(receive(&s, ferry_in_ns(1)),
					 FERRY_ETIMEDOUT);
			assert_int_equal(receive(&s, FERRY_NOW), FERRY_EAGAIN);
			assert_int_equal(fy_audit_fds(), n_fds);
			/* An own end of the socket is not to be full. */
			if (!polled)
				break;
		}
		scene_close(&s);
	}
}

static void
a_socket_that_is_half_closed_harms_nobody(void **state)
{
	static const int hows[] = { SHUT_RD, SHUT_WR, SHUT_RDWR };

	(void)state;
	for (int i = 0; i < 6; i++) {
		const struct ferry_bytes message = { (const uint8_t *)"y", 1 };
		struct scene s;
		ferry_err err;
		int fd;

		scene_open(&s, "");
		raw_store(&s.raw, RAW_LIFE, 1);
		if (i % 2)
			assert_int_equal(ferry_channel_fd(s.ch, &fd, NULL),
					 FERRY_OK);
		raw_record(&s.raw, "x", 1, 0);
		raw_publish(&s.raw);
		/* It is to be rung, and cannot be. */
		raw_store(&s.raw, RAW_AWAIT_DATA, 4 | RAW_BELL);
		assert_int_equal(shutdown(s.raw.socket, hows[i / 2]), 0);
		err = ferry_channel_send(s.ch, message, FERRY_NOW, NULL);
		assert_true(err == FERRY_OK || err == FERRY_ELOST);
		assert_int_equal(receive(&s, FERRY_NOW), FERRY_OK);
		err = receive(&s, ferry_in_ms(50));
		assert_true(err == FERRY_ETIMEDOUT || err == FERRY_EOF);
		scene_close(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_nobody_wakes_for_is_seen_in_time),
		TEST(room_that_nobody_wakes_for_is_seen_in_time),
		TEST(who_goes_with_a_false_life_word_is_missed_in_time),
		TEST(who_is_sent_to_wait_elsewhere_looks_in_time),
		TEST(deadlines_hold_in_a_flood),
		TEST(deadlines_of_senders_hold_in_a_flood),
		TEST(deadlines_of_senders_hold_when_room_comes_in_drops),
		TEST(a_loop_serves_others_while_one_rings_without_end),
		TEST(a_few_rings_are_heard_at_a_time),
		TEST(descriptors_on_the_socket_are_not_kept),
		TEST(a_socket_that_is_half_closed_harms_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
