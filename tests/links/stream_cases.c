/* SPDX-License-Identifier: MIT */
/*
 * What every byte stream promises in ferry/transport.h besides what can be seen
 * through a channel, which is tests/conformance: what comes in fragments, what
 * memory it takes, what it costs, and what it tells an edge-triggered poll.
 */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>

#include "channel/channel.h"
#include "core/os.h"
#include "core/time.h"
#include "os_fault.h"
#include "transport/stream.h"
#include "words.h"

/* Sends bytes as they are, without a mark. */
static void
send_raw(struct ferry_channel *ch, const void *bytes, size_t n)
{
	struct fy_stream *s = FY_CONTAINER(ch->link, struct fy_stream, link);
	struct ferry_deadline until = ferry_in_ms(FY_TEST_MS);
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

/* As the transport gives it, while what is unsent goes on leaving. */
static void
take_one(struct fy_world *w, struct ferry_bytes *out)
{
	struct ferry_link *link = w->them->link;
	ferry_err err;

	for (;;) {
		assert_true(ferry_channel_flush(w->us, FERRY_NOW, NULL) <=
			    FERRY_EAGAIN);
		err = link->ops->take(link, out, NULL);
		if (err != FERRY_EAGAIN)
			break;
		(void)!fy_channel_wait(w->them, POLLIN, false, ferry_in_ms(1),
				       NULL);
	}
	assert_int_equal(err, FERRY_OK);
}

static void
a_kept_message_outlives_the_link(struct fy_world *w)
{
	static const uint32_t sizes[] = { 0, 10, 40000, 300000 };
	const struct ferry_transport_ops *ops;
	uint8_t *buf = test_malloc(300000);
	struct ferry_block blocks[4];
	struct ferry_bytes got;

	fy_world_connect(w);
	ops = w->them->link->ops;
	for (int i = 0; i < 4; i++) {
		fy_send(w->us, fy_filled(buf, sizes[i], 4));
		/* Bytes behind the message must not be lost with it. */
		fy_send(w->us, fy_filled(buf, 9, 5));
		take_one(w, &got);
		assert_int_equal(ops->keep(w->them->link, &blocks[i]),
				 FERRY_OK);
		fy_expect(w->us, w->them, fy_filled(buf, 9, 5));
	}
	fy_world_disconnect(w);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(blocks[i].data.len, sizes[i]);
		fy_fill(buf, sizes[i], 4);
		if (sizes[i] > 0)
			assert_memory_equal(blocks[i].data.data, buf, sizes[i]);
		w->heap.hooks.resize(&w->heap, blocks[i].mem, 0);
	}
	test_free(buf);
}

static void
two_gib_announced_take_memory_for_what_came(struct fy_world *w)
{
	size_t piece = w->way->tiny ? 100 : 10000;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t some[10000];

	fy_fill(some, sizeof(some), 1);
	w->config.channel.max_message = SIZE_MAX;
	fy_world_connect(w);
	send_raw(w->them, "\xff\xff\xff\xff", 4);
	for (int i = 0; i < 15; i++) {
		send_raw(w->them, some, piece);
		assert_int_equal(
			ferry_channel_recv(w->us, &mem, &got, FERRY_NOW, NULL),
			FERRY_EAGAIN);
	}
	assert_int_equal(
		ferry_channel_recv(w->us, &mem, &got, ferry_in_ms(30), NULL),
		FERRY_ETIMEDOUT);
	assert_true(w->us->link->ops->partial(w->us->link));
	assert_true(w->heap.peak < 4 * 15 * piece + 100000);
}

static void
fragments_of_a_byte_become_one_message(struct fy_world *w)
{
	struct ferry_arena mem = { 0 };
	uint8_t expected[1000];
	struct ferry_bytes got;

	fy_world_connect(w);
	fy_fill(expected, sizeof(expected), 6);
	for (size_t i = 0; i < sizeof(expected); i++) {
		const bool last = i + 1 == sizeof(expected);
		const uint8_t fragment[] = { last ? 0x80 : 0, 0, 0, 1,
					     expected[i] };

		if (i % 50 == 49)
			assert_int_equal(ferry_channel_recv(w->us, &mem, &got,
							    FERRY_NOW, NULL),
					 FERRY_EAGAIN);
		send_raw(w->them, fragment, sizeof(fragment));
	}
	fy_expect(w->them, w->us, (struct ferry_bytes){ expected, 1000 });
}

static void
eight_empty_fragments_are_enough(struct fy_world *w)
{
	static const uint8_t empty[9 * 4] = { 0 };

	fy_world_connect(w);
	send_raw(w->them, empty, 32);
	send_raw(w->them, "\x80\0\0\x01z", 5);
	fy_expect(w->them, w->us,
		  (struct ferry_bytes){ (const uint8_t *)"z", 1 });
	send_raw(w->them, empty, 36);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EPROTO);
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
a_slow_reader_makes_the_sender_wait(struct fy_world *w)
{
	uint8_t *buf = test_malloc(100000);
	struct ferry_bytes m = fy_filled(buf, 100000, 1);
	uint32_t n = 0;
	ferry_err err;

	fy_world_connect(w);
	assert_false(wants_to_write(w->us));
	while ((err = ferry_channel_send(w->us, m, FERRY_NOW, NULL)) ==
	       FERRY_OK)
		assert_true(++n < 1000);
	assert_int_equal(err, FERRY_EAGAIN);
	assert_int_equal(ferry_channel_send(w->us, m, ferry_in_ms(5), NULL),
			 FERRY_ETIMEDOUT);
	assert_true(wants_to_write(w->us));
	/* What has not left is held, and that is not much. */
	assert_true(w->heap.live < 800000);
	for (; n > 0; n--)
		fy_expect(w->us, w->them, m);
	assert_int_equal(ferry_channel_flush(w->us, FERRY_NOW, NULL), FERRY_OK);
	assert_false(wants_to_write(w->us));
	fy_send(w->us, m);
	fy_expect(w->us, w->them, m);
	test_free(buf);
}

static void
a_flush_during_a_loan_leaves_it_alone(struct fy_world *w)
{
	const struct ferry_transport_ops *ops;
	uint8_t *buf = test_malloc(100000);
	struct ferry_bytes m = fy_filled(buf, 100000, 1);
	uint8_t *room;
	uint32_t n = 0;

	fy_world_connect(w);
	ops = w->us->link->ops;
	/* As much as the link keeps for a slow reader, and a loan behind it. */
	do
		assert_int_equal(ferry_channel_send(w->us, m, FERRY_NOW, NULL),
				 FERRY_OK);
	while (++n < 1000 && !wants_to_write(w->us));
	assert_int_equal(ops->loan(w->us->link, 5, &room, NULL), FERRY_OK);
	memcpy(room, "hello", 5);
	for (; n > 0; n--)
		fy_expect(w->us, w->them, m);
	assert_int_equal(ops->flush(w->us->link, NULL), FERRY_OK);
	assert_int_equal(ops->commit(w->us->link, NULL), FERRY_OK);
	fy_expect(w->us, w->them,
		  (struct ferry_bytes){ (const uint8_t *)"hello", 5 });
	test_free(buf);
}

static void
idle_links_give_big_buffers_back(struct fy_world *w)
{
	uint8_t *buf = test_malloc(1000000);
	struct ferry_bytes got;

	fy_world_connect(w);
	fy_send(w->us, fy_filled(buf, 1000000, 1));
	take_one(w, &got);
	assert_int_equal(got.len, 1000000);
	assert_true(w->heap.live > 1000000);
	w->them->link->ops->release(w->them->link);
	assert_true(w->heap.live < 200000);
	test_free(buf);
}

static void
after_eagain_an_edge_tells_of_more(struct fy_world *w)
{
	struct epoll_event event = { .events = EPOLLIN | (uint32_t)EPOLLET };
	int epfd = fy_os_epoll_create();
	struct ferry_events e;
	uint8_t buf[30];

	fy_world_connect(w);
	w->them->link->ops->events(w->them->link, &e);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.events[0], POLLIN);
	assert_int_equal(fy_os_epoll_ctl(epfd, EPOLL_CTL_ADD, e.fd[0], &event),
			 0);
	for (uint32_t i = 0; i < 3; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;

		fy_send(w->us, fy_filled(buf, 30, i));
		assert_int_equal(ferry_channel_flush(
					 w->us, ferry_in_ms(FY_TEST_MS), NULL),
				 FERRY_OK);
		assert_int_equal(fy_os_epoll_wait(epfd, &event, 1,
						  ferry_in_ms(FY_TEST_MS)),
				 1);
		assert_int_equal(ferry_channel_recv(w->them, &mem, &got,
						    ferry_in_ms(FY_TEST_MS),
						    NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_recv(w->them, &mem, &got,
						    FERRY_NOW, NULL),
				 FERRY_EAGAIN);
		ferry_arena_fini(&mem);
	}
	ferry_channel_close(w->us, FERRY_NOW, NULL);
	w->us = NULL;
	assert_int_equal(
		fy_os_epoll_wait(epfd, &event, 1, ferry_in_ms(FY_TEST_MS)), 1);
	assert_int_equal(fy_recv_once(w->them, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
	w->them->link->ops->events(w->them->link, &e);
	assert_int_equal(e.n, 0);
	assert_int_equal(
		fy_channel_wait(w->them, POLLIN | POLLOUT, false, FERRY_NEVER,
				NULL),
		FERRY_OK);
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
a_message_costs_one_write_and_one_read(struct fy_world *w)
{
	uint8_t *buf = test_malloc(60000);
	const uint32_t sizes[] = { 1, 40, 4000, 60000 };

	fy_world_connect(w);
	for (size_t i = 0; i < 4; i++) {
		struct ferry_arena mem = { 0 };
		struct ferry_bytes got;
		struct ferry_bytes m = fy_filled(buf, sizes[i], 1);

		fy_os_fault_clear();
		fy_send(w->us, m);
		assert_int_equal(count_writes(), 1);
		/* For exec the other side of a child: ready, when it is. */
		assert_int_equal(fy_channel_wait(w->them, POLLIN | POLLOUT, false,
						 ferry_in_ms(FY_TEST_MS), NULL),
				 FERRY_OK);
		fy_os_fault_clear();
		assert_int_equal(ferry_channel_recv(w->them, &mem, &got,
						    FERRY_NOW, NULL),
				 FERRY_OK);
		assert_int_equal(fy_os_fault_count(FY_OS_recv) +
					 fy_os_fault_count(FY_OS_recvmsg) +
					 fy_os_fault_count(FY_OS_read),
				 1);
		assert_int_equal(got.len, sizes[i]);
		assert_false(w->them->link->ops->pending(w->them->link));
		ferry_arena_fini(&mem);
	}
	test_free(buf);
}

const struct fy_case fy_stream_cases[] = {
	FY_MUST(a_kept_message_outlives_the_link, FY_PLAIN),
	FY_MUST(two_gib_announced_take_memory_for_what_came, 0),
	FY_MUST(fragments_of_a_byte_become_one_message, 0),
	FY_MUST(eight_empty_fragments_are_enough, 0),
	FY_MUST(a_slow_reader_makes_the_sender_wait, FY_PLAIN),
	FY_MUST(a_flush_during_a_loan_leaves_it_alone, FY_PLAIN),
	FY_MUST(idle_links_give_big_buffers_back, FY_LARGE),
	FY_MUST(after_eagain_an_edge_tells_of_more, FY_PLAIN),
	FY_MUST(a_message_costs_one_write_and_one_read, FY_PLAIN),
	{ .sentence = NULL },
};
