/* SPDX-License-Identifier: MIT */
/*
 * What is promised of a channel that is cut at any place: by a transport that
 * ends it behind each byte, and by the end of the peer's process in each call
 * of the system.
 */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os_fault.h"
#include "words.h"

/* ---- at each byte ---- */

/* On the wire by record marking: a message of 3 bytes, and one of none. */
#define FIRST 7
#define BOTH  11

static void
send_both(struct ferry_channel *ch)
{
	const struct ferry_bytes messages[] = { { (const uint8_t *)"abc", 3 },
						{ NULL, 0 } };

	for (int i = 0; i < 2; i++) {
		ferry_err err =
			ferry_channel_send(ch, messages[i], FERRY_NOW, NULL);

		assert_true(err == FERRY_OK || err == FERRY_ELOST);
	}
}

/* Of those two the first @n, and then an end: @lost in the middle of one. */
static void
expect_some_of_both(struct ferry_channel *ch, uint32_t n, bool lost)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(fy_pass(NULL, ch, &mem, &got), FERRY_OK);
		assert_int_equal(got.len, i == 0 ? 3 : 0);
	}
	for (int i = 0; i < 2; i++)
		assert_int_equal(fy_recv_once(ch, ferry_in_ms(FY_TEST_MS)),
				 lost ? FERRY_ELOST : FERRY_EOF);
	ferry_arena_fini(&mem);
}

static uint32_t
whole_messages(uint32_t bytes)
{
	return bytes >= BOTH ? 2 : bytes >= FIRST ? 1 : 0;
}

static bool
is_between(uint32_t bytes)
{
	return bytes == 0 || bytes == FIRST || bytes == BOTH;
}

static void
a_cut_at_any_byte_that_comes_is_an_end_or_a_loss(struct fy_world *w)
{
	for (uint32_t n = 0; n <= BOTH; n++) {
		snprintf(w->fault, sizeof(w->fault), "cutin=%u", n);
		fy_world_connect(w);
		send_both(w->them);
		expect_some_of_both(w->us, whole_messages(n), !is_between(n));
		fy_world_disconnect(w);
	}
}

static void
a_cut_at_any_byte_that_goes_is_an_end_or_a_loss(struct fy_world *w)
{
	for (uint32_t n = 0; n <= BOTH; n++) {
		snprintf(w->fault, sizeof(w->fault), "cutout=%u", n);
		fy_world_connect(w);
		send_both(w->us);
		if (n < BOTH)
			assert_int_equal(
				ferry_channel_flush(w->us, FERRY_NOW, &w->why),
				FERRY_ELOST);
		/* A child in between ends when both have nothing more. */
		(void)!ferry_channel_finish(w->them, FERRY_NOW, NULL);
		ferry_channel_close(w->us, ferry_in_ms(FY_TEST_MS), NULL);
		w->us = NULL;
		expect_some_of_both(w->them, whole_messages(n), !is_between(n));
		fy_world_disconnect(w);
	}
}

/* There are none: messages are cut in parts, which the next ones try. */
static void
there_are_no_bytes_to_cut_at(struct fy_world *w)
{
	fy_world_connect(w);
	fy_exchange(w->us, w->them);
}

/* ---- in each call of the system ---- */

/* Whole messages of a peer that sends some, and an end. */
static void
expect_whole_messages(struct fy_world *w, uint32_t bytes)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	bool whole = true;
	uint32_t n = 0;
	ferry_err err;

	while ((err = ferry_channel_recv(w->us, &mem, &got,
					 ferry_in_ms(FY_TEST_MS), NULL)) ==
	       FERRY_OK) {
		whole = whole && fy_is_filled(got, bytes, n++);
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
	assert_true(whole);
	assert_true(err == FERRY_EOF || err == FERRY_ELOST);
}

/* Kills the peer in its @i-th call while it does @line; whether that was. */
static bool
is_killed_in(struct fy_world *w, uint32_t i, const char *line, uint32_t bytes)
{
	bool killed;

	fy_world_meet(w);
	fy_peer_do(&w->peer, "die %u", i);
	fy_peer_tell(&w->peer, "%s", line);
	expect_whole_messages(w, bytes);
	killed = !fy_peer_lives(&w->peer);
	if (!killed)
		fy_peer_do(&w->peer, "die 0");
	fy_world_disconnect(w);
	fy_peer_end(&w->peer);
	return killed;
}

static void
a_peer_killed_in_any_call_of_a_send_leaves_whole_messages(struct fy_world *w)
{
	uint32_t step = fy_scaled(10) == 10 ? 1 : 7;
	uint32_t i = 1;

	while (is_killed_in(w, i, "last 2 30000", 30000))
		i += step;
	assert_true(i > 1);
}

static void
a_peer_killed_in_any_call_of_its_half_close_is_an_end(struct fy_world *w)
{
	uint32_t i = 1;

	/* Where there is none but close(2) it is killed in none. */
	while (is_killed_in(w, i, "finish", 0))
		i++;
}

const struct fy_case fy_cut_cases[] = {
	FY_CAN(a_cut_at_any_byte_that_comes_is_an_end_or_a_loss, STREAM,
	       there_are_no_bytes_to_cut_at, FY_PLAIN | FY_ONCE),
	FY_CAN(a_cut_at_any_byte_that_goes_is_an_end_or_a_loss, STREAM,
	       there_are_no_bytes_to_cut_at, FY_PLAIN | FY_ONCE),
	FY_MUST(a_peer_killed_in_any_call_of_a_send_leaves_whole_messages,
		FY_PLAIN),
	FY_MUST(a_peer_killed_in_any_call_of_its_half_close_is_an_end,
		FY_PLAIN),
	{ .sentence = NULL },
};
