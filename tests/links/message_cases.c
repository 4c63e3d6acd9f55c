/* SPDX-License-Identifier: MIT */
/* What is promised of messages: their order, their end, limits and waiting. */
#include "cases.h"

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
#include <pthread.h>
#include <sys/epoll.h>

#include "core/os.h"
#include "core/time.h"
#include "os_fault.h"
#include "talk.h"
#include "ways.h"

/* ---- messages ---- */

static void
a_message_of_any_size_arrives_whole(void **state)
{
	static const uint32_t sizes[] = { 0,	 1,	 2,	 3,	 4,
					  5,	 4091,	 4092,	 4093,	 4096,
					  16383, 16384,	 16385,	 32767,	 65531,
					  65532, 65535,	 65536,	 65537,	 65541,
					  131072, 262143, 262145, 1048576 };
	struct world *w = fy_talk_connected(state);
	uint8_t *buf = test_malloc(1048576);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ferry_bytes m =
			fy_talk_message(buf, sizes[i], (uint32_t)i);

		if (w->way->tiny && sizes[i] > 5000)
			break;
		fy_talk_send(&w->a, m);
		fy_talk_expect(&w->a, &w->b, m);
		fy_talk_send(&w->b, m);
		fy_talk_expect(&w->b, &w->a, m);
	}
	test_free(buf);
}

static void
messages_arrive_in_order(void **state)
{
	struct world *w = fy_talk_connected(state);
	uint8_t sent[300], expected[300];

	for (uint32_t i = 0; i < 500; i++)
		fy_talk_send(&w->a, fy_talk_message(sent, i % 300, i));
	for (uint32_t i = 0; i < 500; i++)
		fy_talk_expect(&w->a, &w->b,
			       fy_talk_message(expected, i % 300, i));
}

static void
both_directions_are_free_at_once(void **state)
{
	struct world *w = fy_talk_connected(state);
	uint8_t *there = test_malloc(700000);
	uint8_t *back = test_malloc(700000);
	struct ferry_bytes to = fy_talk_message(there, 700000, 1);
	struct ferry_bytes fro = fy_talk_message(back, 700000, 2);

	fy_talk_send(&w->a, to);
	fy_talk_send(&w->b, fro);
	fy_talk_expect(&w->a, &w->b, to);
	fy_talk_expect(&w->b, &w->a, fro);
	test_free(there);
	test_free(back);
}

static void
a_cancelled_loan_sends_nothing(void **state)
{
	struct world *w = fy_talk_connected(state);
	const struct ferry_transport_ops *ops = w->a.link->ops;
	uint8_t buf[100];
	uint8_t *room;

	assert_int_equal(ops->loan(w->a.link, 50, &room, NULL), FERRY_OK);
	memset(room, 0xee, 50);
	ops->cancel(w->a.link);
	fy_talk_send(&w->a, fy_talk_message(buf, 100, 3));
	fy_talk_expect(&w->a, &w->b, fy_talk_message(buf, 100, 3));
}

static void
a_kept_message_outlives_the_link(void **state)
{
	static const uint32_t sizes[] = { 0, 10, 40000, 300000 };
	struct world *w = fy_talk_connected(state);
	const struct ferry_transport_ops *ops = w->b.link->ops;
	uint8_t *buf = test_malloc(300000);
	struct ferry_block blocks[4];
	struct ferry_bytes got;

	for (int i = 0; i < 4; i++) {
		ferry_err err;

		fy_talk_send(&w->a, fy_talk_message(buf, sizes[i], 4));
		/* Bytes behind the message must not be lost with it. */
		assert_int_equal(ferry_channel_send(&w->a,
						 fy_talk_message(buf, 9, 5),
						 FERRY_NOW, NULL),
				 FERRY_OK);
		do {
			assert_true(ferry_channel_flush(&w->a, FERRY_NOW, NULL) <=
				    FERRY_EAGAIN);
			err = ops->take(w->b.link, &got, NULL);
			if (err == FERRY_EAGAIN)
				(void)fy_talk_wait(&w->a, &w->b,
						    ferry_in_ms(FY_TALK_MS));
		} while (err == FERRY_EAGAIN);
		assert_int_equal(err, FERRY_OK);
		assert_int_equal(ops->keep(w->b.link, &blocks[i]), FERRY_OK);
		fy_talk_expect(&w->a, &w->b, fy_talk_message(buf, 9, 5));
	}
	fy_world_disconnect(w);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(blocks[i].data.len, sizes[i]);
		fy_talk_fill(buf, sizes[i], 4);
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
	struct world *w = fy_talk_connected(state);
	uint8_t buf[50];

	fy_talk_send(&w->b, fy_talk_message(buf, 50, 1));
	fy_talk_send(&w->b, fy_talk_message(buf, 49, 2));
	assert_int_equal(ferry_channel_flush(&w->b, ferry_in_ms(FY_TALK_MS),
					  NULL),
			 FERRY_OK);
	fy_channel_fini(&w->b);
	for (uint32_t i = 1; i <= 2; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;

		assert_int_equal(ferry_channel_recv(&w->a, &mem, &got,
						 ferry_in_ms(FY_TALK_MS),
						 NULL),
				 FERRY_OK);
		fy_talk_fill(buf, 50, i);
		assert_memory_equal(got.data, buf, 51 - i);
		ferry_arena_fini(&mem);
	}
	assert_int_equal(fy_talk_error(&w->a), FERRY_EOF);
	assert_int_equal(fy_talk_error(&w->a), FERRY_EOF);
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

		fy_talk_connected(state);
		fy_talk_raw(&w->b, two_messages, n);
		fy_channel_fini(&w->b);
		if (n >= 11) {
			assert_int_equal(ferry_channel_recv(&w->a, &mem, &got,
							 FERRY_NEVER, NULL),
					 FERRY_OK);
			assert_int_equal(got.len, 3);
			assert_memory_equal(got.data, "abc", 3);
		}
		if (n == 15)
			assert_int_equal(ferry_channel_recv(&w->a, &mem, &got,
							 FERRY_NEVER, NULL),
					 FERRY_OK);
		assert_int_equal(fy_talk_error(&w->a),
				 n == 0 || n == 11 || n == 15 ? FERRY_EOF
							      : FERRY_ELOST);
		ferry_arena_fini(&mem);
		fy_world_disconnect(w);
	}
}

static void
sending_to_nobody_is_a_loss_and_no_signal(void **state)
{
	struct world *w = fy_talk_connected(state);
	struct ferry_deadline until = ferry_in_ms(FY_TALK_MS);
	struct ferry_error why = { 0 };
	ferry_err err = FERRY_OK;
	uint8_t buf[4096];

	/* SIGPIPE would end this program. */
	fy_channel_fini(&w->b);
	while (err == FERRY_OK || err == FERRY_EAGAIN) {
		assert_false(fy_deadline_passed(until));
		err = ferry_channel_send(&w->a,
				      fy_talk_message(buf, sizeof(buf), 1),
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
	fy_talk_connected(state);
	assert_int_equal(w->a.link->ops->loan(w->a.link, 101, &room, NULL),
			 FERRY_ETOOBIG);
	assert_int_equal(w->a.link->ops->loan(w->a.link, SIZE_MAX, &room, NULL),
			 FERRY_ETOOBIG);
	assert_int_equal(ferry_channel_send(&w->a, fy_talk_message(buf, 101, 0),
					 FERRY_NOW, NULL),
			 FERRY_ETOOBIG);
	fy_talk_send(&w->a, fy_talk_message(buf, 100, 0));
	fy_talk_expect(&w->a, &w->b, fy_talk_message(buf, 100, 0));
	fy_talk_raw(&w->b, "\x80\0\0\x65", 4);
	assert_int_equal(fy_talk_error(&w->a), FERRY_ETOOBIG);
	assert_int_equal(fy_talk_error(&w->a), FERRY_ETOOBIG);
}

static void
a_limit_of_its_own_for_receiving_holds(void **state)
{
	struct world *w = *state;
	uint8_t buf[50];

	w->config.link.max_message = 1000;
	w->config.link.max_receive = 50;
	fy_talk_connected(state);
	fy_talk_send(&w->a, fy_talk_message(buf, 50, 0));
	fy_talk_expect(&w->a, &w->b, fy_talk_message(buf, 50, 0));
	/* In two fragments, neither of them too long. */
	fy_talk_raw(&w->b, "\0\0\0\x01x\x80\0\0\x32", 9);
	assert_int_equal(fy_talk_error(&w->a), FERRY_ETOOBIG);
}

static void
two_gib_announced_take_memory_for_what_came(void **state)
{
	struct world *w = *state;
	size_t piece = w->way->tiny ? 100 : 10000;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t some[10000];

	fy_talk_fill(some, sizeof(some), 1);
	w->config.link.max_message = SIZE_MAX;
	fy_talk_connected(state);
	fy_talk_raw(&w->b, "\xff\xff\xff\xff", 4);
	for (int i = 0; i < 15; i++) {
		fy_talk_raw(&w->b, some, piece);
		assert_int_equal(ferry_channel_recv(&w->a, &mem, &got, FERRY_NOW,
						 NULL),
				 FERRY_EAGAIN);
	}
	assert_int_equal(ferry_channel_recv(&w->a, &mem, &got, ferry_in_ms(30),
					 NULL),
			 FERRY_ETIMEDOUT);
	assert_true(w->a.link->ops->partial(w->a.link));
	assert_true(w->heap.peak < 4 * 15 * piece + 100000);
}

static void
fragments_of_a_byte_become_one_message(void **state)
{
	struct world *w = fy_talk_connected(state);
	struct ferry_arena mem = { 0 };
	uint8_t expected[1000];
	struct ferry_bytes got;

	fy_talk_fill(expected, sizeof(expected), 6);
	for (size_t i = 0; i < sizeof(expected); i++) {
		const bool last = i + 1 == sizeof(expected);
		const uint8_t fragment[] = { last ? 0x80 : 0, 0, 0, 1,
					     expected[i] };

		if (i % 50 == 49)
			assert_int_equal(ferry_channel_recv(&w->a, &mem, &got,
							 FERRY_NOW, NULL),
					 FERRY_EAGAIN);
		fy_talk_raw(&w->b, fragment, sizeof(fragment));
	}
	fy_talk_expect(&w->b, &w->a, (struct ferry_bytes){ expected, 1000 });
}

static void
eight_empty_fragments_are_enough(void **state)
{
	static const uint8_t empty[9 * 4] = { 0 };
	struct world *w = fy_talk_connected(state);

	fy_talk_raw(&w->b, empty, 32);
	fy_talk_raw(&w->b, "\x80\0\0\x01z", 5);
	fy_talk_expect(&w->b, &w->a,
		       (struct ferry_bytes){ (const uint8_t *)"z", 1 });
	fy_talk_raw(&w->b, empty, 36);
	assert_int_equal(fy_talk_error(&w->a), FERRY_EPROTO);
}

/* ---- waiting ---- */

static void
a_deadline_ends_waiting_and_not_the_link(void **state)
{
	struct world *w = fy_talk_connected(state);
	struct ferry_deadline until = ferry_in_ms(10);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t buf[20];

	assert_int_equal(ferry_channel_recv(&w->b, &mem, &got, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(ferry_channel_recv(&w->b, &mem, &got, until, NULL),
			 FERRY_ETIMEDOUT);
	assert_true(fy_deadline_passed(until));
	assert_int_equal(fy_channel_wait(&w->b, POLLIN | POLLOUT, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	fy_talk_send(&w->a, fy_talk_message(buf, 20, 1));
	fy_talk_expect(&w->a, &w->b, fy_talk_message(buf, 20, 1));
}

static bool
wants_to_write(const struct ferry_channel *ch)
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
	struct world *w = fy_talk_connected(state);
	uint8_t *buf = test_malloc(100000);
	struct ferry_bytes m = fy_talk_message(buf, 100000, 1);
	uint32_t n = 0;
	ferry_err err;

	assert_false(wants_to_write(&w->a));
	while ((err = ferry_channel_send(&w->a, m, FERRY_NOW, NULL)) == FERRY_OK)
		assert_true(++n < 1000);
	assert_int_equal(err, FERRY_EAGAIN);
	assert_int_equal(ferry_channel_send(&w->a, m, ferry_in_ms(5), NULL),
			 FERRY_ETIMEDOUT);
	assert_true(wants_to_write(&w->a));
	/* What has not left is held, and that is not much. */
	assert_true(w->heap.live < 800000);
	for (; n > 0; n--)
		fy_talk_expect(&w->a, &w->b, m);
	assert_int_equal(ferry_channel_flush(&w->a, FERRY_NOW, NULL), FERRY_OK);
	assert_false(wants_to_write(&w->a));
	fy_talk_send(&w->a, m);
	fy_talk_expect(&w->a, &w->b, m);
	test_free(buf);
}

static void
a_flush_during_a_loan_leaves_it_alone(void **state)
{
	struct world *w = fy_talk_connected(state);
	const struct ferry_transport_ops *ops = w->a.link->ops;
	uint8_t *buf = test_malloc(100000);
	struct ferry_bytes m = fy_talk_message(buf, 100000, 1);
	uint8_t *room;
	uint32_t n = 0;

	/* As much as the link keeps for a slow reader, and a loan behind it. */
	do
		assert_int_equal(ferry_channel_send(&w->a, m, FERRY_NOW, NULL),
				 FERRY_OK);
	while (++n < 1000 && !wants_to_write(&w->a));
	assert_int_equal(ops->loan(w->a.link, 5, &room, NULL), FERRY_OK);
	memcpy(room, "hello", 5);
	for (; n > 0; n--)
		fy_talk_expect(&w->a, &w->b, m);
	assert_int_equal(ops->flush(w->a.link, NULL), FERRY_OK);
	assert_int_equal(ops->commit(w->a.link, NULL), FERRY_OK);
	fy_talk_expect(&w->a, &w->b,
		       (struct ferry_bytes){ (const uint8_t *)"hello", 5 });
	test_free(buf);
}

static void
idle_links_give_big_buffers_back(void **state)
{
	struct world *w = fy_talk_connected(state);
	uint8_t *buf = test_malloc(1000000);
	struct ferry_bytes got;
	ferry_err err;

	fy_talk_send(&w->a, fy_talk_message(buf, 1000000, 1));
	do {
		assert_true(ferry_channel_flush(&w->a, FERRY_NOW, NULL) <=
			    FERRY_EAGAIN);
		err = w->b.link->ops->take(w->b.link, &got, NULL);
		if (err == FERRY_EAGAIN)
			(void)fy_talk_wait(&w->a, &w->b,
					   ferry_in_ms(FY_TALK_MS));
	} while (err == FERRY_EAGAIN);
	assert_int_equal(err, FERRY_OK);
	assert_int_equal(got.len, 1000000);
	assert_true(w->heap.live > 1000000);
	w->b.link->ops->release(w->b.link);
	assert_true(w->heap.live < 200000);
	test_free(buf);
}

static void
after_eagain_an_edge_tells_of_more(void **state)
{
	struct world *w = fy_talk_connected(state);
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

		fy_talk_send(&w->a, fy_talk_message(buf, 30, i));
		assert_int_equal(ferry_channel_flush(&w->a,
						  ferry_in_ms(FY_TALK_MS),
						  NULL),
				 FERRY_OK);
		assert_int_equal(fy_os_epoll_wait(epfd, &event, 1,
						  ferry_in_ms(FY_TALK_MS)),
				 1);
		assert_int_equal(ferry_channel_recv(&w->b, &mem, &got,
						 ferry_in_ms(FY_TALK_MS),
						 NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_recv(&w->b, &mem, &got, FERRY_NOW,
						 NULL),
				 FERRY_EAGAIN);
		ferry_arena_fini(&mem);
	}
	fy_channel_fini(&w->a);
	assert_int_equal(fy_os_epoll_wait(epfd, &event, 1,
					  ferry_in_ms(FY_TALK_MS)),
			 1);
	assert_int_equal(fy_talk_error(&w->b), FERRY_EOF);
	w->b.link->ops->events(w->b.link, &e);
	assert_int_equal(e.n, 0);
	assert_int_equal(fy_channel_wait(&w->b, POLLIN | POLLOUT, FERRY_NEVER, NULL), FERRY_OK);
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
	struct world *w = fy_talk_connected(state);
	uint8_t *buf = test_malloc(60000);
	const uint32_t sizes[] = { 1, 40, 4000, 60000 };

	for (size_t i = 0; i < 4; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;
		struct ferry_bytes m = fy_talk_message(buf, sizes[i], 1);

		fy_os_fault_clear();
		fy_talk_send(&w->a, m);
		assert_int_equal(count_writes(), 1);
		/* For exec the other side of a child: ready, when it is. */
		assert_int_equal(fy_channel_wait(&w->b, POLLIN | POLLOUT,
						 ferry_in_ms(FY_TALK_MS),
						 NULL),
				 FERRY_OK);
		fy_os_fault_clear();
		assert_int_equal(ferry_channel_recv(&w->b, &mem, &got, FERRY_NOW,
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

#define N_STREAMED 2000

/* The sending half of a link that another thread receives on. */
static void *
send_many(void *arg)
{
	struct ferry_channel *ch = arg;
	struct ferry_deadline until = ferry_in_ms(FY_TALK_MS);
	uint8_t buf[700];

	for (uint32_t i = 0; i < N_STREAMED; i++) {
		struct ferry_bytes m = fy_talk_message(buf, i % 700, i);

		if (ferry_channel_send(ch, m, until, NULL))
			return NULL;
	}
	return ferry_channel_flush(ch, until, NULL) ? NULL : ch;
}

static bool
recv_many(struct ferry_channel *ch, struct ferry_arena *mem)
{
	struct ferry_deadline until = ferry_in_ms(FY_TALK_MS);
	struct ferry_bytes got;
	uint8_t buf[700];

	for (uint32_t i = 0; i < N_STREAMED; i++) {
		fy_talk_fill(buf, i % 700, i);
		if (ferry_channel_recv(ch, mem, &got, until, NULL) ||
		    got.len != i % 700 || memcmp(got.data, buf, got.len) != 0)
			return false;
		ferry_arena_reset(mem);
	}
	return true;
}

static void *
recv_many_apart(void *arg)
{
	struct ferry_arena mem = { 0 };
	bool all = recv_many(arg, &mem);

	ferry_arena_fini(&mem);
	return all ? arg : NULL;
}

static void
one_thread_sends_while_another_receives(void **state)
{
	struct world *w = fy_talk_connected(state);
	struct {
		void *(*run)(void *);
		struct ferry_channel *ch;
		pthread_t thread;
	} parts[] = { { send_many, &w->a, 0 },
		      { send_many, &w->b, 0 },
		      { recv_many_apart, &w->a, 0 },
		      { recv_many_apart, &w->b, 0 } };

	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&parts[i].thread, NULL,
						parts[i].run, parts[i].ch),
				 0);
	for (int i = 0; i < 4; i++) {
		void *result = NULL;

		assert_int_equal(pthread_join(parts[i].thread, &result), 0);
		assert_ptr_equal(result, parts[i].ch);
	}
}

const struct fy_case fy_message_cases[] = {
	FY_CASE(a_message_of_any_size_arrives_whole, FY_WAYS_EVERY),
	FY_CASE(messages_arrive_in_order, FY_WAYS_EVERY),
	FY_CASE(both_directions_are_free_at_once, FY_WAYS_LARGE),
	FY_CASE(a_cancelled_loan_sends_nothing, FY_WAYS_EVERY),
	FY_CASE(a_kept_message_outlives_the_link, FY_WAYS_PLAIN),
	FY_CASE(the_end_comes_after_the_last_message, FY_WAYS_EVERY),
	FY_CASE(a_cut_at_any_byte_is_an_end_or_a_loss, FY_WAYS_EVERY),
	FY_CASE(sending_to_nobody_is_a_loss_and_no_signal, FY_WAYS_EVERY),
	FY_CASE(too_big_a_message_is_refused_and_the_link_goes_on,
		FY_WAYS_EVERY),
	FY_CASE(a_limit_of_its_own_for_receiving_holds, FY_WAYS_EVERY),
	FY_CASE(two_gib_announced_take_memory_for_what_came, FY_WAYS_EVERY),
	FY_CASE(fragments_of_a_byte_become_one_message, FY_WAYS_EVERY),
	FY_CASE(eight_empty_fragments_are_enough, FY_WAYS_EVERY),
	FY_CASE(a_deadline_ends_waiting_and_not_the_link, FY_WAYS_EVERY),
	FY_CASE(a_slow_reader_makes_the_sender_wait, FY_WAYS_DIRECT),
	FY_CASE(a_flush_during_a_loan_leaves_it_alone, FY_WAYS_DIRECT),
	FY_CASE(idle_links_give_big_buffers_back, FY_WAYS_LARGE),
	FY_CASE(after_eagain_an_edge_tells_of_more, FY_WAYS_PLAIN),
	FY_CASE(a_message_costs_one_write_and_one_read, FY_WAYS_PLAIN),
	FY_CASE(one_thread_sends_while_another_receives, FY_WAYS_EVERY),
	{ NULL, NULL, FY_WAYS_EVERY },
};
