/* SPDX-License-Identifier: MIT */
/* What is promised of deadlines, in every state that a channel can be in. */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>

#include "os_fault.h"
#include "words.h"

/* How late it may be when a child has to be ended, too. */
#define CHILD_MS 3000
#define HOUR_NS	 (INT64_C(3600) * 1000000000)

static uint32_t
large(const struct fy_world *w)
{
	return w->way->tiny ? 100 : 60000;
}

/* Fills the channel with messages of fy_filled(buf, large(), 1). */
static uint32_t
fill_up(struct fy_world *w, uint8_t *buf)
{
	return fy_fill_up(w, w->us, fy_filled(buf, large(w), 1));
}

static void
empty(struct fy_world *w, const uint8_t *buf, uint32_t n)
{
	while (n-- > 0)
		fy_expect(w->us, w->them,
			  (struct ferry_bytes){ buf, large(w) });
}

static void
a_receive_ends_by_its_deadline(struct fy_world *w)
{
	struct ferry_deadline until;

	fy_world_connect(w);
	assert_int_equal(fy_recv_once(w->us, FERRY_NOW), FERRY_EAGAIN);
	until = ferry_in_ms(15);
	assert_int_equal(fy_recv_once(w->us, until), FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	/* It has passed before it begins. */
	assert_int_equal(fy_recv_once(w->us, until), FERRY_ETIMEDOUT);
	fy_exchange(w->us, w->them);
	until = ferry_in_ms(3);
	assert_int_equal(fy_recv_once(w->us, until), FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
}

static void
what_is_there_is_received_whatever_the_deadline(struct fy_world *w)
{
	struct ferry_deadline past = ferry_in_ms(0);
	uint8_t buf[100];

	fy_world_meet(w);
	fy_peer_tell(&w->peer, "send 3 100");
	/* Whoever is between the two may be slow. */
	assert_int_equal(fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)),
			 FERRY_OK);
	while (fy_recv_once(w->us, FERRY_NOW) == FERRY_EAGAIN)
		continue;
	while (fy_recv_once(w->us, past) == FERRY_ETIMEDOUT)
		continue;
	fy_peer_expect(&w->peer, "ok");
	fy_send_off(w->us, fy_filled(buf, 100, 0));
	fy_peer_do(&w->peer, "recv 1 100");
}

/*
 * Sends the message that fills the channel until that fails. TCP takes more now
 * and then though nobody reads.
 */
static ferry_err
send_more(struct fy_world *w, struct ferry_deadline until, uint32_t *n)
{
	uint8_t *buf = test_malloc(large(w));
	struct ferry_bytes m = fy_filled(buf, large(w), 1);
	ferry_err err;

	while ((err = ferry_channel_send(w->us, m, until, &w->why)) == FERRY_OK)
		(*n)++;
	test_free(buf);
	return err;
}

static void
a_send_ends_by_its_deadline(struct fy_world *w)
{
	uint8_t *buf = test_malloc(large(w));
	struct ferry_counters before, after;
	struct ferry_deadline until;
	uint32_t n;

	fy_world_connect(w);
	n = fill_up(w, buf);
	ferry_channel_counters(w->us, &before);
	assert_int_equal(send_more(w, FERRY_NOW, &n), FERRY_EAGAIN);
	fy_assert_said(&w->why, FERRY_EAGAIN);
	until = ferry_in_ms(15);
	assert_int_equal(send_more(w, until, &n), FERRY_ETIMEDOUT);
	fy_assert_said(&w->why, FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	ferry_channel_counters(w->us, &after);
	assert_int_equal(after.late_sends, before.late_sends + 1);
	assert_int_equal(after.sent, n);
	/* What was not sent is not there; what was sent is. */
	empty(w, buf, n);
	fy_exchange(w->us, w->them);
	test_free(buf);
}

/* As send_more(), by loans. */
static ferry_err
lend_more(struct fy_world *w, struct ferry_deadline until, uint32_t *n)
{
	uint8_t *room;
	ferry_err err;

	for (;; (*n)++) {
		err = ferry_channel_loan(w->us, large(w), &room, until, NULL);
		if (err)
			return err;
		fy_fill(room, large(w), 1);
		assert_int_equal(ferry_channel_commit(w->us, FERRY_NOW, NULL),
				 FERRY_OK);
	}
}

static void
a_loan_ends_by_its_deadline(struct fy_world *w)
{
	uint8_t *buf = test_malloc(large(w));
	struct ferry_deadline until;
	uint32_t n;

	fy_world_connect(w);
	n = fill_up(w, buf);
	assert_int_equal(lend_more(w, FERRY_NOW, &n), FERRY_EAGAIN);
	until = ferry_in_ms(15);
	assert_int_equal(lend_more(w, until, &n), FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	empty(w, buf, n);
	fy_exchange(w->us, w->them);
	test_free(buf);
}

static void
a_flush_and_a_half_close_end_by_their_deadlines(struct fy_world *w)
{
	uint8_t *buf = test_malloc(large(w));
	struct ferry_deadline until;
	uint32_t n;

	fy_world_connect(w);
	n = fill_up(w, buf);
	assert_int_equal(ferry_channel_flush(w->us, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(ferry_channel_finish(w->us, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	until = ferry_in_ms(10);
	assert_int_equal(ferry_channel_flush(w->us, until, NULL),
			 FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	until = ferry_in_ms(10);
	assert_int_equal(ferry_channel_finish(w->us, until, NULL),
			 FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	empty(w, buf, n);
	assert_int_equal(
		ferry_channel_finish(w->us, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	assert_int_equal(fy_recv_once(w->them, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
	test_free(buf);
}

/* Receives what @w->us has sent whole, up to @most, and the end of it. */
static void
expect_some_and_the_end(struct fy_world *w, const uint8_t *buf, uint32_t most)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint32_t n = 0;
	ferry_err err;

	while ((err = ferry_channel_recv(w->them, &mem, &got,
					 ferry_in_ms(FY_TEST_MS), NULL)) ==
	       FERRY_OK) {
		assert_int_equal(got.len, large(w));
		assert_memory_equal(got.data, buf, got.len);
		ferry_arena_reset(&mem);
		n++;
	}
	ferry_arena_fini(&mem);
	assert_true(n <= most);
	assert_true(err == FERRY_EOF || err == FERRY_ELOST);
}

static void
close_late(struct fy_world *w, struct ferry_deadline drain, ferry_err expected)
{
	uint8_t *buf = test_malloc(large(w));
	struct ferry_deadline late;
	size_t unsent = 0;
	ferry_err err;
	uint32_t n;

	fy_world_connect(w);
	n = fill_up(w, buf);
	late = ferry_in_ms(15 + CHILD_MS);
	err = ferry_channel_close(w->us, drain, &unsent);
	w->us = NULL;
	assert_int_equal(err, expected);
	assert_true(ferry_in_ms(0).ns < late.ns);
	assert_true(unsent > 0 && unsent <= (size_t)n * (large(w) + 8));
	expect_some_and_the_end(w, buf, n);
	test_free(buf);
}

static void
a_close_that_drains_ends_by_its_deadline(struct fy_world *w)
{
	close_late(w, ferry_in_ms(50), FERRY_ETIMEDOUT);
}

static void
a_close_at_once_tells_what_is_unsent(struct fy_world *w)
{
	close_late(w, FERRY_NOW, FERRY_EAGAIN);
}

static void
a_close_that_drains_loses_nothing(struct fy_world *w)
{
	size_t unsent = 1;
	uint32_t n = 20;
	ferry_err err;

	fy_world_meet(w);
	fy_peer_tell(&w->peer, "recv %u %u", n, large(w));
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *buf = test_malloc(large(w));

		fy_send_off(w->us, fy_filled(buf, large(w), i));
		test_free(buf);
	}
	/* Told before: a child of the channel may not outlive it for long. */
	fy_peer_tell(&w->peer, "end");
	err = ferry_channel_close(w->us, ferry_in_ms(FY_TEST_MS), &unsent);
	w->us = NULL;
	assert_int_equal(err, FERRY_OK);
	assert_int_equal(unsent, 0);
	fy_peer_expect(&w->peer, "ok");
	fy_peer_expect(&w->peer, "EOF");
}

/* An hour forth, an hour back: who waits does so by another clock. */
static void
a_jump_of_the_clock_moves_no_deadline(struct fy_world *w)
{
	static const int64_t hours[] = { 1, -1, 0 };

	fy_world_connect(w);
	for (size_t i = 0; i < 3; i++) {
		struct ferry_deadline until = ferry_in_ms(15);

		fy_os_fault_set(&(struct fy_os_fault){
			.real_jump_ns = hours[i] * HOUR_NS });
		assert_int_equal(fy_recv_once(w->us, until), FERRY_ETIMEDOUT);
		fy_assert_punctual(until);
		fy_exchange(w->us, w->them);
	}
}

const struct fy_case fy_time_cases[] = {
	FY_MUST(a_receive_ends_by_its_deadline, 0),
	FY_MUST(what_is_there_is_received_whatever_the_deadline, 0),
	FY_MUST(a_jump_of_the_clock_moves_no_deadline, FY_PLAIN),
	FY_MUST(a_send_ends_by_its_deadline, 0),
	FY_MUST(a_loan_ends_by_its_deadline, 0),
	FY_MUST(a_flush_and_a_half_close_end_by_their_deadlines, FY_PLAIN),
	FY_MUST(a_close_that_drains_ends_by_its_deadline, FY_PLAIN),
	FY_MUST(a_close_at_once_tells_what_is_unsent, FY_PLAIN),
	FY_MUST(a_close_that_drains_loses_nothing, FY_PLAIN),
	{ .sentence = NULL },
};
