/* SPDX-License-Identifier: MIT */
/*
 * What every transport promises in ferry/transport.h, tried in every way of
 * ways.c by the same functions.
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
#include <poll.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "core/os.h"
#include "core/time.h"
#include "os_fault.h"
#include "transport/stream.h"
#include "ways.h"

/* No test waits for so long unless it is about to fail. */
#define PATIENCE_MS 20000

static int
open_world(void **state)
{
	struct world *w = fy_world_open(*state);

	fy_os_fault_clear();
	*state = w;
	return w ? 0 : -1;
}

static int
close_world(void **state)
{
	fy_os_fault_clear();
	return fy_world_close(*state) ? 0 : -1;
}

static struct world *
connected(void **state)
{
	struct world *w = *state;
	ferry_err err = fy_world_connect(w);

	if (err)
		print_error("%s\n", w->why.text);
	assert_int_equal(err, FERRY_OK);
	return w;
}

/* Bytes that tell their place. */
static void
fill(uint8_t *buf, size_t bytes, uint32_t seed)
{
	for (size_t i = 0; i < bytes; i++)
		buf[i] = (uint8_t)(i * 7 + (i >> 8) + seed);
}

static struct ferry_bytes
message_of(uint8_t *buf, size_t bytes, uint32_t seed)
{
	fill(buf, bytes, seed);
	return (struct ferry_bytes){ buf, (uint32_t)bytes };
}

/* Sends bytes as they are, without a mark. */
static void
send_raw(struct fy_channel *ch, const void *bytes, size_t n)
{
	struct fy_stream *s = FY_CONTAINER(ch->link, struct fy_stream, link);
	struct ferry_deadline until = ferry_in_ms(PATIENCE_MS);
	const uint8_t *at = bytes;

	while (n > 0) {
		ssize_t sent = s->bytes->write(s, at, n);

		if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
			continue;
		}
		assert_true(sent < 0 && errno == EAGAIN);
		assert_false(fy_deadline_passed(until));
	}
}

/* Waits for what either of two channels waits for. */
static bool
wait_for_both(struct fy_channel *x, struct fy_channel *y,
	      struct ferry_deadline until)
{
	struct fy_channel *both[2] = { x, y };
	struct pollfd fds[4];
	nfds_t n = 0;

	for (int i = 0; i < 2; i++) {
		struct ferry_events e;

		both[i]->link->ops->events(both[i]->link, &e);
		for (uint32_t j = 0; j < e.n; j++)
			fds[n++] = (struct pollfd){ e.fd[j], e.events[j], 0 };
	}
	return fy_os_poll(fds, n, until) > 0;
}

/* The next message at @to, while what @from has not sent goes on leaving. */
static ferry_err
pass_on(struct fy_channel *from, struct fy_channel *to, struct ferry_arena *mem,
	struct ferry_bytes *out)
{
	struct ferry_deadline until = ferry_in_ms(PATIENCE_MS);
	ferry_err err;

	for (;;) {
		err = fy_channel_flush(from, FERRY_NOW, NULL);
		if (err && err != FERRY_EAGAIN)
			return err;
		err = fy_channel_recv(to, mem, out, FERRY_NOW, NULL);
		if (err != FERRY_EAGAIN)
			return err;
		if (!wait_for_both(from, to, until))
			return FERRY_ETIMEDOUT;
	}
}

static void
send_now(struct fy_channel *ch, struct ferry_bytes message)
{
	assert_int_equal(fy_channel_send(ch, message, FERRY_NOW, NULL),
			 FERRY_OK);
}

static void
expect_message(struct fy_channel *from, struct fy_channel *to,
	       struct ferry_bytes sent)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	assert_int_equal(pass_on(from, to, &mem, &got), FERRY_OK);
	assert_int_equal(got.len, sent.len);
	if (sent.len > 0)
		assert_memory_equal(got.data, sent.data, sent.len);
	ferry_arena_fini(&mem);
}

static ferry_err
recv_error(struct fy_channel *ch)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	ferry_err err = fy_channel_recv(ch, &mem, &got,
					ferry_in_ms(PATIENCE_MS), NULL);

	ferry_arena_fini(&mem);
	return err;
}

/* ---- messages ---- */

static void
a_message_of_any_size_arrives_whole(void **state)
{
	static const uint32_t sizes[] = { 0,	 1,	 2,	 3,	 4,
					  5,	 4091,	 4092,	 4093,	 4096,
					  16383, 16384,	 16385,	 32767,	 65531,
					  65532, 65535,	 65536,	 65537,	 65541,
					  131072, 262143, 262145, 1048576 };
	struct world *w = connected(state);
	uint8_t *buf = test_malloc(1048576);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ferry_bytes m = message_of(buf, sizes[i], (uint32_t)i);

		if (w->way->tiny && sizes[i] > 5000)
			break;
		send_now(&w->a, m);
		expect_message(&w->a, &w->b, m);
		send_now(&w->b, m);
		expect_message(&w->b, &w->a, m);
	}
	test_free(buf);
}

static void
messages_arrive_in_order(void **state)
{
	struct world *w = connected(state);
	uint8_t sent[300], expected[300];

	for (uint32_t i = 0; i < 500; i++)
		send_now(&w->a, message_of(sent, i % 300, i));
	for (uint32_t i = 0; i < 500; i++)
		expect_message(&w->a, &w->b, message_of(expected, i % 300, i));
}

static void
both_directions_are_free_at_once(void **state)
{
	struct world *w = connected(state);
	uint8_t *there = test_malloc(700000);
	uint8_t *back = test_malloc(700000);
	struct ferry_bytes to = message_of(there, 700000, 1);
	struct ferry_bytes fro = message_of(back, 700000, 2);

	send_now(&w->a, to);
	send_now(&w->b, fro);
	expect_message(&w->a, &w->b, to);
	expect_message(&w->b, &w->a, fro);
	test_free(there);
	test_free(back);
}

static void
a_cancelled_loan_sends_nothing(void **state)
{
	struct world *w = connected(state);
	const struct ferry_transport_ops *ops = w->a.link->ops;
	uint8_t buf[100];
	uint8_t *room;

	assert_int_equal(ops->loan(w->a.link, 50, &room, NULL), FERRY_OK);
	memset(room, 0xee, 50);
	ops->cancel(w->a.link);
	send_now(&w->a, message_of(buf, 100, 3));
	expect_message(&w->a, &w->b, message_of(buf, 100, 3));
}

static void
a_kept_message_outlives_the_link(void **state)
{
	static const uint32_t sizes[] = { 0, 10, 40000, 300000 };
	struct world *w = connected(state);
	const struct ferry_transport_ops *ops = w->b.link->ops;
	uint8_t *buf = test_malloc(300000);
	struct ferry_block blocks[4];
	struct ferry_bytes got;

	for (int i = 0; i < 4; i++) {
		ferry_err err;

		send_now(&w->a, message_of(buf, sizes[i], 4));
		/* Bytes behind the message must not be lost with it. */
		assert_int_equal(fy_channel_send(&w->a, message_of(buf, 9, 5),
						 ferry_in_ms(PATIENCE_MS),
						 NULL),
				 FERRY_OK);
		do {
			assert_true(fy_channel_flush(&w->a, FERRY_NOW, NULL) <=
				    FERRY_EAGAIN);
			err = ops->take(w->b.link, &got, NULL);
			if (err == FERRY_EAGAIN)
				(void)wait_for_both(&w->a, &w->b,
						    ferry_in_ms(PATIENCE_MS));
		} while (err == FERRY_EAGAIN);
		assert_int_equal(err, FERRY_OK);
		assert_int_equal(ops->keep(w->b.link, &blocks[i]), FERRY_OK);
		expect_message(&w->a, &w->b, message_of(buf, 9, 5));
	}
	fy_world_disconnect(w);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(blocks[i].data.len, sizes[i]);
		fill(buf, sizes[i], 4);
		if (sizes[i] > 0)
			assert_memory_equal(blocks[i].data.data, buf, sizes[i]);
		w->heap.hooks.resize(&w->heap, blocks[i].mem, 0);
	}
	test_free(buf);
}

/* ---- the end ---- */

static void
the_end_comes_after_the_last_message(void **state)
{
	struct world *w = connected(state);
	uint8_t buf[50];

	send_now(&w->b, message_of(buf, 50, 1));
	send_now(&w->b, message_of(buf, 49, 2));
	assert_int_equal(fy_channel_flush(&w->b, ferry_in_ms(PATIENCE_MS),
					  NULL),
			 FERRY_OK);
	fy_channel_close(&w->b);
	for (uint32_t i = 1; i <= 2; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;

		assert_int_equal(fy_channel_recv(&w->a, &mem, &got,
						 ferry_in_ms(PATIENCE_MS),
						 NULL),
				 FERRY_OK);
		fill(buf, 50, i);
		assert_memory_equal(got.data, buf, 51 - i);
		ferry_arena_fini(&mem);
	}
	assert_int_equal(recv_error(&w->a), FERRY_EOF);
	assert_int_equal(recv_error(&w->a), FERRY_EOF);
}

/* Two messages: 3 bytes in fragments of 2 and 1, and an empty one. */
static const uint8_t two_messages[] = { 0x00, 0, 0, 2, 'a',  'b', 0x80, 0,
					0,    1, 'c', 0x80, 0,	  0,   0 };

static void
a_cut_at_any_byte_is_an_end_or_a_loss(void **state)
{
	struct world *w = *state;
	size_t step = w->way->slow ? 5 : 1;

	for (size_t n = 0; n <= sizeof(two_messages); n += step) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;

		connected(state);
		send_raw(&w->b, two_messages, n);
		fy_channel_close(&w->b);
		if (n >= 11) {
			assert_int_equal(fy_channel_recv(&w->a, &mem, &got,
							 FERRY_NEVER, NULL),
					 FERRY_OK);
			assert_int_equal(got.len, 3);
			assert_memory_equal(got.data, "abc", 3);
		}
		if (n == 15)
			assert_int_equal(fy_channel_recv(&w->a, &mem, &got,
							 FERRY_NEVER, NULL),
					 FERRY_OK);
		assert_int_equal(recv_error(&w->a), n == 0 || n == 11 || n == 15
							    ? FERRY_EOF
							    : FERRY_ELOST);
		ferry_arena_fini(&mem);
		fy_world_disconnect(w);
	}
}

static void
sending_to_nobody_is_a_loss_and_no_signal(void **state)
{
	struct world *w = connected(state);
	struct ferry_deadline until = ferry_in_ms(PATIENCE_MS);
	struct ferry_error why = { 0 };
	ferry_err err = FERRY_OK;
	uint8_t buf[4096];

	/* SIGPIPE would end this program. */
	fy_channel_close(&w->b);
	while (err == FERRY_OK || err == FERRY_EAGAIN) {
		assert_false(fy_deadline_passed(until));
		err = fy_channel_send(&w->a, message_of(buf, sizeof(buf), 1),
				      FERRY_NOW, &why);
	}
	assert_int_equal(err, FERRY_ELOST);
	assert_int_equal(why.code, FERRY_ELOST);
	assert_true(why.sys_errno == EPIPE || why.sys_errno == ECONNRESET);
}

/* ---- limits ---- */

static void
too_big_a_message_is_refused_and_the_link_goes_on(void **state)
{
	struct world *w = *state;
	uint8_t buf[101];
	uint8_t *room;

	w->config.link.max_message = 100;
	connected(state);
	assert_int_equal(w->a.link->ops->loan(w->a.link, 101, &room, NULL),
			 FERRY_ETOOBIG);
	assert_int_equal(w->a.link->ops->loan(w->a.link, SIZE_MAX, &room, NULL),
			 FERRY_ETOOBIG);
	assert_int_equal(fy_channel_send(&w->a, message_of(buf, 101, 0),
					 FERRY_NOW, NULL),
			 FERRY_ETOOBIG);
	send_now(&w->a, message_of(buf, 100, 0));
	expect_message(&w->a, &w->b, message_of(buf, 100, 0));
	send_raw(&w->b, "\x80\0\0\x65", 4);
	assert_int_equal(recv_error(&w->a), FERRY_ETOOBIG);
	assert_int_equal(recv_error(&w->a), FERRY_ETOOBIG);
}

static void
a_limit_of_its_own_for_receiving_holds(void **state)
{
	struct world *w = *state;
	uint8_t buf[50];

	w->config.link.max_message = 1000;
	w->config.link.max_receive = 50;
	connected(state);
	send_now(&w->a, message_of(buf, 50, 0));
	expect_message(&w->a, &w->b, message_of(buf, 50, 0));
	/* In two fragments, neither of them too long. */
	send_raw(&w->b, "\0\0\0\x01x\x80\0\0\x32", 9);
	assert_int_equal(recv_error(&w->a), FERRY_ETOOBIG);
}

static void
two_gib_announced_take_no_memory(void **state)
{
	struct world *w = *state;
	uint8_t some[1000] = { 0 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	w->config.link.max_message = SIZE_MAX;
	connected(state);
	send_raw(&w->b, "\xff\xff\xff\xff", 4);
	send_raw(&w->b, some, sizeof(some));
	assert_int_equal(fy_channel_recv(&w->a, &mem, &got, ferry_in_ms(30),
					 NULL),
			 FERRY_ETIMEDOUT);
	assert_true(w->a.link->ops->partial(w->a.link));
	assert_true(w->heap.peak < 100000);
}

static void
fragments_of_a_byte_become_one_message(void **state)
{
	struct world *w = connected(state);
	struct ferry_arena mem = { 0 };
	uint8_t expected[1000];
	struct ferry_bytes got;

	fill(expected, sizeof(expected), 6);
	for (size_t i = 0; i < sizeof(expected); i++) {
		const bool last = i + 1 == sizeof(expected);
		const uint8_t fragment[] = { last ? 0x80 : 0, 0, 0, 1,
					     expected[i] };

		if (i % 50 == 49)
			assert_int_equal(fy_channel_recv(&w->a, &mem, &got,
							 FERRY_NOW, NULL),
					 FERRY_EAGAIN);
		send_raw(&w->b, fragment, sizeof(fragment));
	}
	expect_message(&w->b, &w->a, (struct ferry_bytes){ expected, 1000 });
}

static void
eight_empty_fragments_are_enough(void **state)
{
	static const uint8_t empty[9 * 4] = { 0 };
	struct world *w = connected(state);

	send_raw(&w->b, empty, 32);
	send_raw(&w->b, "\x80\0\0\x01z", 5);
	expect_message(&w->b, &w->a,
		       (struct ferry_bytes){ (const uint8_t *)"z", 1 });
	send_raw(&w->b, empty, 36);
	assert_int_equal(recv_error(&w->a), FERRY_EPROTO);
}

/* ---- waiting ---- */

static void
a_deadline_ends_waiting_and_not_the_link(void **state)
{
	struct world *w = connected(state);
	struct ferry_deadline until = ferry_in_ms(10);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t buf[20];

	assert_int_equal(fy_channel_recv(&w->b, &mem, &got, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(fy_channel_recv(&w->b, &mem, &got, until, NULL),
			 FERRY_ETIMEDOUT);
	assert_true(fy_deadline_passed(until));
	assert_int_equal(fy_channel_wait(&w->b, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	send_now(&w->a, message_of(buf, 20, 1));
	expect_message(&w->a, &w->b, message_of(buf, 20, 1));
}

static bool
wants_to_write(const struct fy_channel *ch)
{
	struct ferry_events e;
	short all = 0;

	ch->link->ops->events(ch->link, &e);
	for (uint32_t i = 0; i < e.n; i++)
		all |= e.events[i];
	return all & POLLOUT;
}

static void
a_slow_reader_makes_the_sender_wait(void **state)
{
	struct world *w = connected(state);
	uint8_t *buf = test_malloc(100000);
	struct ferry_bytes m = message_of(buf, 100000, 1);
	uint32_t n = 0;
	ferry_err err;

	assert_false(wants_to_write(&w->a));
	while ((err = fy_channel_send(&w->a, m, FERRY_NOW, NULL)) == FERRY_OK)
		assert_true(++n < 1000);
	assert_int_equal(err, FERRY_EAGAIN);
	assert_int_equal(fy_channel_send(&w->a, m, ferry_in_ms(5), NULL),
			 FERRY_ETIMEDOUT);
	assert_true(wants_to_write(&w->a));
	/* What has not left is held, and that is not much. */
	assert_true(w->heap.live < 800000);
	for (; n > 0; n--)
		expect_message(&w->a, &w->b, m);
	assert_int_equal(fy_channel_flush(&w->a, FERRY_NOW, NULL), FERRY_OK);
	assert_false(wants_to_write(&w->a));
	send_now(&w->a, m);
	expect_message(&w->a, &w->b, m);
	test_free(buf);
}

static void
idle_links_give_big_buffers_back(void **state)
{
	struct world *w = connected(state);
	uint8_t *buf = test_malloc(1000000);
	struct ferry_bytes m = message_of(buf, 1000000, 1);

	send_now(&w->a, m);
	expect_message(&w->a, &w->b, m);
	assert_int_equal(fy_channel_flush(&w->a, FERRY_NOW, NULL), FERRY_OK);
	assert_true(w->heap.peak > 1000000);
	assert_true(w->heap.live < 200000);
	test_free(buf);
}

static void
after_eagain_an_edge_tells_of_more(void **state)
{
	struct world *w = connected(state);
	struct epoll_event event = { .events = EPOLLIN | (uint32_t)EPOLLET };
	int epfd = fy_os_epoll_create();
	struct ferry_events e;
	uint8_t buf[30];

	w->b.link->ops->events(w->b.link, &e);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.events[0], POLLIN);
	assert_int_equal(fy_os_epoll_ctl(epfd, EPOLL_CTL_ADD, e.fd[0], &event),
			 0);
	for (uint32_t i = 0; i < 3; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;

		send_now(&w->a, message_of(buf, 30, i));
		assert_int_equal(fy_channel_flush(&w->a,
						  ferry_in_ms(PATIENCE_MS),
						  NULL),
				 FERRY_OK);
		assert_int_equal(fy_os_epoll_wait(epfd, &event, 1,
						  ferry_in_ms(PATIENCE_MS)),
				 1);
		assert_int_equal(fy_channel_recv(&w->b, &mem, &got,
						 ferry_in_ms(PATIENCE_MS),
						 NULL),
				 FERRY_OK);
		assert_int_equal(fy_channel_recv(&w->b, &mem, &got, FERRY_NOW,
						 NULL),
				 FERRY_EAGAIN);
		ferry_arena_fini(&mem);
	}
	fy_channel_close(&w->a);
	assert_int_equal(fy_os_epoll_wait(epfd, &event, 1,
					  ferry_in_ms(PATIENCE_MS)),
			 1);
	assert_int_equal(recv_error(&w->b), FERRY_EOF);
	w->b.link->ops->events(w->b.link, &e);
	assert_int_equal(e.n, 0);
	assert_int_equal(fy_channel_wait(&w->b, FERRY_NEVER, NULL), FERRY_OK);
	fy_os_close(epfd);
}

/* An older kernel is asked in vain for a write without SIGPIPE, once. */
static uint32_t
count_writes(void)
{
	uint32_t masked = fy_os_fault_count(FY_OS_write_masked);

	return fy_os_fault_count(FY_OS_send) +
	       (masked ? masked : fy_os_fault_count(FY_OS_write_nosignal));
}

static void
a_message_costs_one_write_and_one_read(void **state)
{
	struct world *w = connected(state);
	uint8_t *buf = test_malloc(60000);
	const uint32_t sizes[] = { 1, 40, 4000, 60000 };

	for (size_t i = 0; i < 4; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;
		struct ferry_bytes m = message_of(buf, sizes[i], 1);

		fy_os_fault_clear();
		send_now(&w->a, m);
		assert_int_equal(count_writes(), 1);
		/* For exec the other side of a child: ready, when it is. */
		assert_int_equal(fy_channel_wait(&w->b,
						 ferry_in_ms(PATIENCE_MS),
						 NULL),
				 FERRY_OK);
		fy_os_fault_clear();
		assert_int_equal(fy_channel_recv(&w->b, &mem, &got, FERRY_NOW,
						 NULL),
				 FERRY_OK);
		assert_int_equal(fy_os_fault_count(FY_OS_recv) +
					 fy_os_fault_count(FY_OS_read),
				 1);
		assert_int_equal(got.len, sizes[i]);
		assert_false(w->b.link->ops->pending(w->b.link));
		ferry_arena_fini(&mem);
	}
	test_free(buf);
}

/* ---- who and whose ---- */

static void
the_kernel_names_the_peer(void **state)
{
	struct world *w = connected(state);
	struct ferry_peer a, b;

	w->a.link->ops->peer(w->a.link, &a);
	w->b.link->ops->peer(w->b.link, &b);
	assert_true(a.text[0] != '\0' && b.text[0] != '\0');
	assert_int_equal(a.has_ids, w->way->ids);
	assert_int_equal(b.has_ids, w->way->ids);
	if (w->way->ids) {
		assert_int_equal(a.uid, geteuid());
		assert_int_equal(b.gid, getegid());
		assert_int_equal(b.pid, getpid());
	}
	assert_int_equal(a.has_pid, w->way->ids || w->way->slow);
}

/* In a forked child: 0 if handles are refused and closing them is harmless. */
static int
try_in_child(struct world *w)
{
	struct fy_channel accepted;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t byte = 0;

	if (fy_channel_own(&w->a, NULL) != FERRY_EFORK)
		return 1;
	if (fy_channel_send(&w->a, (struct ferry_bytes){ &byte, 1 }, FERRY_NOW,
			    NULL) != FERRY_EFORK)
		return 2;
	if (fy_channel_recv(&w->b, &mem, &got, FERRY_NEVER, NULL) !=
	    FERRY_EFORK)
		return 3;
	if (fy_channel_flush(&w->a, FERRY_NOW, NULL) != FERRY_EFORK)
		return 4;
	if (w->listener.port && fy_listener_accept(&w->listener, &accepted,
						   NULL) != FERRY_EFORK)
		return 5;
	fy_world_disconnect(w);
	return 0;
}

static void
a_forked_child_cannot_use_the_link_nor_harm_it(void **state)
{
	struct world *w = connected(state);
	uint8_t buf[20];
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(try_in_child(w));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	send_now(&w->a, message_of(buf, 20, 1));
	expect_message(&w->a, &w->b, message_of(buf, 20, 1));
	if (!w->listener.port)
		return;
	fy_channel_close(&w->a);
	assert_int_equal(fy_world_dial(w), FERRY_OK);
}

/* ---- listeners ---- */

static void
nobody_waits_at_first(void **state)
{
	struct world *w = *state;
	struct fy_channel none;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(fy_listener_accept(&w->listener, &none, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(fy_world_dial(w), FERRY_OK);
	struct pollfd ready = { w->listener.port->ops->port_fd(
					w->listener.port),
				POLLIN, 0 };

	assert_int_equal(fy_os_poll(&ready, 1, ferry_in_ms(PATIENCE_MS)), 1);
}

static void
a_closed_listener_is_not_found_and_its_links_live(void **state)
{
	struct world *w = connected(state);
	struct fy_channel first = w->a;
	struct ferry_addr addr;
	char text[2048];
	uint8_t buf[10];

	w->listener.port->ops->port_addr(w->listener.port, &addr);
	ferry_addr_format(&addr, text, sizeof(text));
	fy_listener_close(&w->listener);
	assert_int_equal(fy_channel_open(&w->a, &w->config, text,
					 ferry_in_ms(PATIENCE_MS), &w->why),
			 FERRY_ECONNECT);
	assert_true(strlen(w->why.text) > 20);
	send_now(&first, message_of(buf, 10, 1));
	expect_message(&first, &w->b, message_of(buf, 10, 1));
}

static void
a_second_listener_is_refused(void **state)
{
	struct world *w = *state;
	struct fy_listener second = { 0 };
	struct ferry_addr addr;
	char text[2048];

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	w->listener.port->ops->port_addr(w->listener.port, &addr);
	ferry_addr_format(&addr, text, sizeof(text));
	assert_int_equal(fy_listener_open(&second, &w->config, text, &w->why),
			 FERRY_ESYS);
	assert_int_equal(w->why.sys_errno, EADDRINUSE);
	assert_int_equal(fy_world_dial(w), FERRY_OK);
}

/* ---- what fails ---- */

/*
 * A whole life: connects, a message there and back, the end. Whatever fails is
 * the end of it, too.
 */
static ferry_err
live(struct world *w)
{
	struct ferry_deadline until = ferry_in_ms(PATIENCE_MS);
	struct ferry_arena mem;
	struct ferry_bytes got;
	uint8_t buf[20000];
	struct ferry_bytes m = { buf, w->way->tiny ? 60 : sizeof(buf) };
	ferry_err err = fy_world_connect(w);

	ferry_arena_init(&mem, &w->heap.hooks);
	fill(buf, sizeof(buf), 1);
	if (!err)
		err = fy_channel_send(&w->a, m, until, NULL);
	if (!err)
		err = pass_on(&w->a, &w->b, &mem, &got);
	if (!err)
		err = fy_channel_send(&w->b, got, until, NULL);
	if (!err)
		err = pass_on(&w->b, &w->a, &mem, &got);
	if (!err && (got.len != m.len || memcmp(got.data, buf, m.len) != 0))
		err = FERRY_EPROTO;
	ferry_arena_fini(&mem);
	fy_world_disconnect(w);
	return err;
}

static void
expect_clean(struct world *w)
{
	fy_os_fault_clear();
	/* What unlink was not allowed to remove. */
	char path[100];

	snprintf(path, sizeof(path), "%s/s", w->folder);
	unlink(path);
	(void)fy_audit_children();
	assert_int_equal(w->heap.n_live, 0);
	assert_int_equal(fy_audit_fds(), w->n_fds);
}

static void
memory_may_fail_at_any_time(void **state)
{
	struct world *w = *state;
	size_t n;

	assert_int_equal(live(w), FERRY_OK);
	n = w->heap.n_asked;
	for (size_t i = 1; i <= n; i++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			w->heap.n_asked = 0;
			w->heap.fail_at = i;
			w->heap.for_ever = for_ever;
			if (live(w) == FERRY_OK)
				assert_true(w->heap.n_asked < i);
			expect_clean(w);
		}
	}
	w->heap.fail_at = 0;
	assert_int_equal(live(w), FERRY_OK);
}

static void
every_system_call_may_fail_at_any_time(void **state)
{
	static const int errors[] = { EIO, EMFILE, ENOMEM };
	struct world *w = *state;
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(live(w), FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	for (uint32_t i = 1; i <= n; i++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			fy_os_fault_set(&(struct fy_os_fault){
				.at = i,
				.for_ever = for_ever,
				.error = errors[i % 3] });
			(void)live(w);
			expect_clean(w);
		}
	}
	assert_int_equal(live(w), FERRY_OK);
}

static void
short_reads_and_writes_lose_nothing(void **state)
{
	struct world *w = *state;

	fy_os_fault_set(&(struct fy_os_fault){ .io_most = 3 });
	assert_int_equal(live(w), FERRY_OK);
}

/* ---- the table ---- */

/* DIRECT: nobody in between takes bytes. LARGE: many are moved. */
enum which { EVERY, LISTENERS, PLAIN, DIRECT, LARGE };

static const struct {
	const char *sentence;
	CMUnitTestFunction run;
	enum which which;
} cases[] = {
#define CASE(name, which) { #name, name, which }
	CASE(a_message_of_any_size_arrives_whole, EVERY),
	CASE(messages_arrive_in_order, EVERY),
	CASE(both_directions_are_free_at_once, LARGE),
	CASE(a_cancelled_loan_sends_nothing, EVERY),
	CASE(a_kept_message_outlives_the_link, PLAIN),
	CASE(the_end_comes_after_the_last_message, EVERY),
	CASE(a_cut_at_any_byte_is_an_end_or_a_loss, EVERY),
	CASE(sending_to_nobody_is_a_loss_and_no_signal, EVERY),
	CASE(too_big_a_message_is_refused_and_the_link_goes_on, EVERY),
	CASE(a_limit_of_its_own_for_receiving_holds, EVERY),
	CASE(two_gib_announced_take_no_memory, EVERY),
	CASE(fragments_of_a_byte_become_one_message, EVERY),
	CASE(eight_empty_fragments_are_enough, EVERY),
	CASE(a_deadline_ends_waiting_and_not_the_link, EVERY),
	CASE(a_slow_reader_makes_the_sender_wait, DIRECT),
	CASE(idle_links_give_big_buffers_back, LARGE),
	CASE(after_eagain_an_edge_tells_of_more, PLAIN),
	CASE(a_message_costs_one_write_and_one_read, PLAIN),
	CASE(the_kernel_names_the_peer, EVERY),
	CASE(a_forked_child_cannot_use_the_link_nor_harm_it, EVERY),
	CASE(nobody_waits_at_first, LISTENERS),
	CASE(a_closed_listener_is_not_found_and_its_links_live, LISTENERS),
	CASE(a_second_listener_is_refused, LISTENERS),
	CASE(memory_may_fail_at_any_time, EVERY),
	CASE(every_system_call_may_fail_at_any_time, EVERY),
	CASE(short_reads_and_writes_lose_nothing, PLAIN),
};
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static bool
applies(enum which which, const struct way *way)
{
	if (which == LISTENERS)
		return way->listen && !way->fault;
	if (which == DIRECT)
		return !way->slow && !way->fault;
	if (which == LARGE)
		return !way->tiny;
	return which == EVERY || !way->fault;
}

int
main(void)
{
	struct CMUnitTest tests[N_CASES * 16] = { 0 };
	char names[N_CASES * 16][100];
	size_t n = 0;

	for (size_t i = 0; i < fy_test_n_ways * N_CASES; i++) {
		const struct way *way = &fy_test_ways[i / N_CASES];
		size_t at = i % N_CASES;

		if (!applies(cases[at].which, way))
			continue;
		snprintf(names[n], sizeof(names[n]), "%s: %s", way->name,
			 cases[at].sentence);
		tests[n] = (struct CMUnitTest){ names[n], cases[at].run,
						open_world, close_world,
						(void *)(uintptr_t)way };
		n++;
	}
	return _cmocka_run_group_tests("transports", tests, n, NULL, NULL);
}
