/* SPDX-License-Identifier: MIT */
/*
 * A hostile peer that changes something at the very step that it hurts most:
 * between a look and the next. In a race with the clock it would seldom win;
 * here the victim calls it at each step (transport/shm/step.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "place.h"
#include "raw.h"
#include "transport/shm/step.h"

#define TEST(name) cmocka_unit_test(name)

#define RING 4096u
/* A test that hangs is killed. */
#define HANGS_S 20

/* The peer of this test; no other calls it. */
static struct raw raw;
static void (*harm)(enum fy_shm_step step);
static uint32_t n_harms;

void
fy_shm_step(enum fy_shm_step step)
{
	if (harm)
		harm(step);
}

static struct ferry_channel *
open_scene(struct place *p, const char *options)
{
	harm = NULL;
	n_harms = 0;
	(void)alarm(HANGS_S);
	place_open(p, options, NULL);
	return raw_meet(&raw, RING, p->path, p->listener);
}

static void
close_scene(struct place *p, struct ferry_channel *ch)
{
	harm = NULL;
	ferry_channel_close(ch, FERRY_NOW, NULL);
	raw_end(&raw);
	place_close(p);
	(void)alarm(0);
}

/* ---- what one waits for ---- */

/* The kernel finds another life word than was to be waited for. */
static void
be_somebody_else(enum fy_shm_step step)
{
	if (step == FY_STEP_RECV_SLEEPS)
		raw_store(&raw, RAW_LIFE, 1 + (++n_harms & 0xffff));
}

static void
a_life_that_is_always_another_holds_up_no_deadline(void **state)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	struct place p;

	(void)state;
	ch = open_scene(&p, "");
	raw_store(&raw, RAW_LIFE, 1);
	harm = be_somebody_else;
	assert_int_equal(ferry_channel_take(ch, &got, ferry_in_ms(20), NULL),
			 FERRY_ETIMEDOUT);
	assert_true(n_harms > 1);
	close_scene(&p, ch);
}

static void
fill(struct ferry_channel *ch)
{
	static const uint8_t text[4096];
	const struct ferry_bytes message = { text, sizeof(text) };
	ferry_err err;

	do
		err = ferry_channel_send(ch, message, FERRY_NOW, NULL);
	while (!err);
	assert_int_equal(err, FERRY_EAGAIN);
}

static void
a_life_that_is_always_another_holds_up_no_sender(void **state)
{
	const struct ferry_bytes message = { (const uint8_t *)"x", 1 };
	struct ferry_channel *ch;
	struct place p;

	(void)state;
	ch = open_scene(&p, "?ring=16k");
	raw_store(&raw, RAW_LIFE, 1);
	fill(ch);
	while (ferry_channel_send(ch, message, FERRY_NOW, NULL) == FERRY_OK)
		continue;
	harm = be_somebody_else;
	assert_int_equal(ferry_channel_send(ch, message, ferry_in_ms(20),
					    NULL),
			 FERRY_ETIMEDOUT);
	assert_true(n_harms > 1);
	close_scene(&p, ch);
}

/* Room for 8 bytes more, whenever one looks. */
static void
drip(enum fy_shm_step step)
{
	if (step == FY_STEP_SEND_WAITS)
		raw_store(&raw, RAW_HEAD, 8 * ++n_harms);
}

static void
room_that_comes_in_drops_holds_up_no_deadline(void **state)
{
	struct ferry_channel *ch;
	struct place p;
	uint8_t *room;

	(void)state;
	ch = open_scene(&p, "?ring=1m");
	raw_store(&raw, RAW_LIFE, 1);
	fill(ch);
	harm = drip;
	assert_int_equal(ferry_channel_loan(ch, 500000, &room, ferry_in_ns(1),
					    NULL),
			 FERRY_ETIMEDOUT);
	/* Those that are on their way when it is late. */
	assert_in_range(n_harms, 1, 100);
	close_scene(&p, ch);
}

/* ---- what one reads ---- */

#define LEN 40u

/* The head of a record that has just been read. */
static void
grow(enum fy_shm_step step)
{
	if (step != FY_STEP_RECV_FOUND)
		return;
	n_harms++;
	raw_put(&raw, 0, 0x7ffffff0);
	raw_put(&raw, 4, RAW_MORE);
}

/* All that has just been copied. */
static void
spoil(enum fy_shm_step step)
{
	if (step != FY_STEP_RECV_COPIED)
		return;
	n_harms++;
	for (uint32_t at = 0; at < RING; at += 4)
		raw_put(&raw, at, UINT32_MAX);
}

/* Behind all that it has said. */
static void
go_back(enum fy_shm_step step)
{
	if (step != FY_STEP_RECV_FOUND)
		return;
	n_harms++;
	raw_store(&raw, RAW_TAIL, 0);
}

static void
receives_as_sent_once(const char *options, void (*act)(enum fy_shm_step step))
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	uint8_t text[LEN];
	struct place p;

	ch = open_scene(&p, options);
	memset(text, 'x', sizeof(text));
	raw_record(&raw, text, sizeof(text), 0);
	raw_publish(&raw);
	harm = act;
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_int_equal(n_harms, 1);
	harm = NULL;
	assert_int_equal(got.len, LEN);
	assert_memory_equal(got.data, text, LEN);
	ferry_channel_release(ch);
	/* The next one begins behind what was read. */
	assert_int_equal(raw.tail, 48);
	raw_record(&raw, text, 8, 0);
	raw_publish(&raw);
	if (act == spoil)
		raw_put(&raw, 48, 8);
	if (act == spoil)
		raw_put(&raw, 52, 0);
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_int_equal(got.len, 8);
	ferry_channel_release(ch);
	close_scene(&p, ch);
}

static void
a_length_is_read_once(void **state)
{
	(void)state;
	receives_as_sent_once("", grow);
	receives_as_sent_once("?trust=peer", grow);
	receives_as_sent_once("", go_back);
}

static void
a_message_is_a_copy(void **state)
{
	(void)state;
	receives_as_sent_once("", spoil);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_life_that_is_always_another_holds_up_no_deadline),
		TEST(a_life_that_is_always_another_holds_up_no_sender),
		TEST(room_that_comes_in_drops_holds_up_no_deadline),
		TEST(a_length_is_read_once),
		TEST(a_message_is_a_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
