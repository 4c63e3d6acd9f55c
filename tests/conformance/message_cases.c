/* SPDX-License-Identifier: MIT */
/* What is promised of messages: whole, in order, both ways, up to a limit. */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "core/time.h"
#include "words.h"

static void
a_message_of_any_size_arrives_whole(struct fy_world *w)
{
	/* Around what headers, packets, queues, pages and pipes can hold. */
	static const uint32_t sizes[] = {
		0,     1,     2,     3,	    4,	    5,	    127,     128,
		4079,  4080,  4091,  4092,  4093,   4095,   4096,    4097,
		8147,  8148,  8183,  8184,  8185,   8191,   8192,    8193,
		16379, 16383, 16384, 16385, 32767,  32768,  65531,   65532,
		65535, 65536, 65537, 65541, 131072, 262145, 1048576,
	};
	uint8_t *buf = test_malloc(1048576);

	fy_world_connect(w);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ferry_bytes m = fy_filled(buf, sizes[i], (uint32_t)i);

		if (w->way->tiny && sizes[i] > 5000)
			break;
		/* Not to be flushed by now: who receives is this thread. */
		assert_int_equal(ferry_channel_send(w->us, m, FERRY_NOW, NULL),
				 FERRY_OK);
		fy_expect(w->us, w->them, m);
	}
	test_free(buf);
}

static void
the_longest_message_allowed_arrives(struct fy_world *w)
{
	uint8_t *buf = test_malloc(FY_LIMIT);
	struct ferry_bytes m = fy_filled(buf, FY_LIMIT, 3);

	fy_world_connect(w);
	assert_int_equal(ferry_channel_send(w->us, m, FERRY_NOW, NULL),
			 FERRY_OK);
	fy_expect(w->us, w->them, m);
	fy_exchange(w->us, w->them);
	test_free(buf);
}

static void
too_long_a_message_is_refused_before_it_is_sent(struct fy_world *w)
{
	struct ferry_counters counters;
	uint8_t *buf = test_malloc(1001);
	uint8_t *room;

	w->config.channel.max_message = 1000;
	fy_world_connect(w);
	assert_int_equal(ferry_channel_send(w->us, fy_filled(buf, 1001, 1),
					    FERRY_NEVER, &w->why),
			 FERRY_ETOOBIG);
	fy_assert_said(&w->why, FERRY_ETOOBIG);
	assert_int_equal(
		ferry_channel_loan(w->us, SIZE_MAX, &room, FERRY_NEVER, NULL),
		FERRY_ETOOBIG);
	ferry_channel_counters(w->us, &counters);
	assert_int_equal(counters.too_big, 2);
	assert_int_equal(counters.sent, 0);
	fy_send(w->us, fy_filled(buf, 1000, 1));
	fy_expect(w->us, w->them, fy_filled(buf, 1000, 1));
	fy_exchange(w->us, w->them);
	test_free(buf);
}

static void
too_long_a_message_received_ends_the_channel(struct fy_world *w)
{
	struct ferry_counters counters;

	w->config.channel.max_message = 1000;
	fy_world_meet(w);
	/* The peer's own limit is another. */
	fy_peer_do(&w->peer, "send 1 1000");
	fy_peer_tell(&w->peer, "send 1 1001");
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_OK);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_ETOOBIG);
	ferry_channel_counters(w->us, &counters);
	assert_int_equal(counters.too_big, 1);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_ETOOBIG);
}

/* One half of a channel, for a thread. */
struct half {
	struct ferry_channel *ch;
	uint32_t n;
	uint32_t bytes; /* 0: of different lengths */
	ferry_err err;
};

static uint32_t
length_of(const struct half *half, uint32_t i)
{
	return half->bytes ? half->bytes : i % 700;
}

static void *
send_half(void *arg)
{
	struct half *half = arg;
	struct ferry_deadline until = ferry_in_ms(3 * FY_TEST_MS);
	uint8_t *buf = malloc(half->bytes + 700);

	for (uint32_t i = 0; i < half->n && !half->err; i++)
		half->err = ferry_channel_send(
			half->ch, fy_filled(buf, length_of(half, i), i), until,
			NULL);
	if (!half->err)
		half->err = ferry_channel_flush(half->ch, until, NULL);
	free(buf);
	return NULL;
}

static void *
recv_half(void *arg)
{
	struct half *half = arg;
	struct ferry_deadline until = ferry_in_ms(3 * FY_TEST_MS);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	for (uint32_t i = 0; i < half->n && !half->err; i++) {
		half->err =
			ferry_channel_recv(half->ch, &mem, &got, until, NULL);
		if (!half->err && !fy_is_filled(got, length_of(half, i), i))
			half->err = FERRY_EPROTO;
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
	return NULL;
}

/* Each end sends and receives, in four threads; or one sends, in two. */
static void
run_halves(struct fy_world *w, uint32_t n, uint32_t bytes, bool both)
{
	struct half halves[] = { { w->us, n, bytes, FERRY_OK },
				 { w->them, n, bytes, FERRY_OK },
				 { w->them, n, bytes, FERRY_OK },
				 { w->us, n, bytes, FERRY_OK } };
	int n_threads = both ? 4 : 2;
	pthread_t threads[4];

	for (int i = 0; i < n_threads; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						i % 2 ? recv_half : send_half,
						&halves[i]),
				 0);
	for (int i = 0; i < n_threads; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < n_threads; i++)
		assert_int_equal(halves[i].err, FERRY_OK);
}

static void
a_hundred_thousand_small_messages_arrive_in_order(struct fy_world *w)
{
	struct ferry_counters sent, received;
	uint32_t n = fy_scaled(w->way->tiny ? 5000 : 100000);

	fy_world_connect(w);
	run_halves(w, n, 16, false);
	ferry_channel_counters(w->us, &sent);
	ferry_channel_counters(w->them, &received);
	assert_int_equal(sent.sent, n);
	assert_int_equal(sent.sent_bytes, n * 16);
	assert_int_equal(received.received, n);
	assert_int_equal(received.received_bytes, n * 16);
	assert_int_equal(received.sent + sent.received, 0);
}

static void
one_thread_sends_while_another_receives(struct fy_world *w)
{
	fy_world_connect(w);
	run_halves(w, w->way->tiny ? 300 : fy_scaled(4000), 0, true);
}

static void
large_messages_both_ways_at_once_do_not_lock_up(struct fy_world *w)
{
	fy_world_connect(w);
	run_halves(w, 3, 700000, true);
}

/* One thread at each end, which sends and receives in turn. */
static void *
converse(void *arg)
{
	struct half *half = arg;
	struct ferry_deadline until = ferry_in_ms(3 * FY_TEST_MS);
	struct half in = *half;
	uint8_t *buf = malloc(half->bytes);

	in.n = 1;
	for (uint32_t i = 0; i < half->n && !half->err; i++) {
		half->err = ferry_channel_send(
			half->ch, fy_filled(buf, half->bytes, 0), until, NULL);
		if (!half->err)
			recv_half(&in);
		if (!half->err)
			half->err = in.err;
	}
	if (!half->err)
		half->err = ferry_channel_flush(half->ch, until, NULL);
	free(buf);
	return NULL;
}

static void
two_that_send_before_they_receive_do_not_lock_up(struct fy_world *w)
{
	struct half ends[] = { { NULL, 3, 700000, FERRY_OK },
			       { NULL, 3, 700000, FERRY_OK } };
	pthread_t other;

	fy_world_connect(w);
	ends[0].ch = w->us;
	ends[1].ch = w->them;
	assert_int_equal(pthread_create(&other, NULL, converse, &ends[1]), 0);
	converse(&ends[0]);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_int_equal(ends[0].err, FERRY_OK);
	assert_int_equal(ends[1].err, FERRY_OK);
}

static void
room_that_is_lent_is_sent_or_given_back(struct fy_world *w)
{
	static const uint32_t sizes[] = { 0, 1, 50, 5000 };
	uint8_t expected[5000];
	uint8_t *room;

	fy_world_connect(w);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(ferry_channel_loan(w->us, sizes[i], &room,
						    FERRY_NEVER, NULL),
				 FERRY_OK);
		memset(room, 0xee, sizes[i]);
		ferry_channel_cancel(w->us);
		assert_int_equal(ferry_channel_loan(w->us, sizes[i], &room,
						    FERRY_NEVER, NULL),
				 FERRY_OK);
		fy_fill(room, sizes[i], (uint32_t)i);
		assert_int_equal(ferry_channel_commit(w->us, FERRY_NOW, NULL),
				 FERRY_OK);
		fy_expect(w->us, w->them,
			  fy_filled(expected, sizes[i], (uint32_t)i));
	}
}

static void
what_is_taken_stays_until_it_is_released(struct fy_world *w)
{
	static const uint32_t sizes[] = { 0, 10, 5000, 300000 };
	uint8_t *buf = test_malloc(300000);
	struct ferry_bytes got;

	fy_world_connect(w);
	for (uint32_t i = 0; i < (w->way->tiny ? 3 : 4); i++) {
		ferry_err err = FERRY_ETIMEDOUT;

		assert_int_equal(ferry_channel_send(w->them,
						    fy_filled(buf, sizes[i], i),
						    FERRY_NOW, NULL),
				 FERRY_OK);
		for (int n = 0; err == FERRY_ETIMEDOUT && n < 100000; n++) {
			assert_int_equal(ferry_channel_process(w->them, NULL),
					 FERRY_OK);
			err = ferry_channel_take(
				w->us, &got, ferry_in_ms(n % 64 == 63), NULL);
		}
		assert_int_equal(err, FERRY_OK);
		/* What comes behind it does not disturb it. */
		fy_send(w->them, (struct ferry_bytes){ buf, 9 });
		assert_true(fy_is_filled(got, sizes[i], i));
		ferry_channel_release(w->us);
		fy_expect(w->them, w->us, (struct ferry_bytes){ buf, 9 });
	}
	test_free(buf);
}

static void
messages_that_are_gathered_leave_with_a_flush(struct fy_world *w)
{
	uint8_t buf[100];

	fy_world_connect(w);
	ferry_channel_cork(w->us);
	/* So many fit every facility at once: who receives is this thread. */
	for (uint32_t i = 0; i < 8; i++)
		fy_send(w->us, fy_filled(buf, 100, i));
	assert_int_equal(
		ferry_channel_flush(w->us, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	for (uint32_t i = 0; i < 8; i++)
		fy_expect(NULL, w->them, fy_filled(buf, 100, i));
	/* Before it waits for an answer, the question leaves. */
	fy_send(w->us, fy_filled(buf, 100, 50));
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(1)), FERRY_ETIMEDOUT);
	fy_expect(NULL, w->them, fy_filled(buf, 100, 50));
	ferry_channel_uncork(w->us);
	fy_send(w->us, fy_filled(buf, 100, 51));
	fy_expect(w->us, w->them, fy_filled(buf, 100, 51));
	fy_exchange(w->us, w->them);
}

static void
what_happens_is_counted(struct fy_world *w)
{
	struct ferry_counters before, c;
	uint8_t buf[70];

	fy_world_connect(w);
	fy_exchange(w->us, w->them);
	/* Who is between the two may have let us wait. */
	ferry_channel_counters(w->us, &before);
	assert_int_equal(fy_recv_once(w->us, FERRY_NOW), FERRY_EAGAIN);
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(1)), FERRY_ETIMEDOUT);
	fy_send(w->us, fy_filled(buf, 1, 0));
	ferry_channel_counters(w->us, &c);
	assert_int_equal(c.sent, 2);
	assert_int_equal(c.sent_bytes, 71);
	assert_int_equal(c.received, 1);
	assert_int_equal(c.received_bytes, 60);
	assert_int_equal(c.late_receives, before.late_receives + 1);
	assert_int_equal(c.late_sends + c.too_big + c.broken + c.lost, 0);
	assert_int_equal(ferry_channel_caps(w->us) & w->caps, w->caps);
}

const struct fy_case fy_message_cases[] = {
	FY_MUST(a_message_of_any_size_arrives_whole, 0),
	FY_MUST(the_longest_message_allowed_arrives, FY_LARGE),
	FY_MUST(too_long_a_message_is_refused_before_it_is_sent, 0),
	FY_MUST(too_long_a_message_received_ends_the_channel, FY_PLAIN),
	FY_MUST(a_hundred_thousand_small_messages_arrive_in_order, FY_LONG),
	FY_MUST(one_thread_sends_while_another_receives, FY_ONCE),
	FY_MUST(large_messages_both_ways_at_once_do_not_lock_up,
		FY_LARGE | FY_ONCE),
	FY_MUST(two_that_send_before_they_receive_do_not_lock_up,
		FY_LARGE | FY_ONCE),
	FY_MUST(room_that_is_lent_is_sent_or_given_back, 0),
	FY_MUST(what_is_taken_stays_until_it_is_released, 0),
	FY_MUST(messages_that_are_gathered_leave_with_a_flush, FY_PLAIN),
	FY_MUST(what_happens_is_counted, FY_PLAIN),
	{ .sentence = NULL },
};
