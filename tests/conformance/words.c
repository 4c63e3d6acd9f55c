/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/time.h"
#include "world.h"

/* Nobody is full with so many messages unless it never will be. */
#define FULL_MOST 200000
/* Of a sender in the same thread, few bytes go at a time: often is soon. */
#define PASS_AT_ONCE 64

void
fy_fill(uint8_t *buf, size_t bytes, uint32_t seed)
{
	for (size_t i = 0; i < bytes; i++)
		buf[i] = (uint8_t)(i * 7 + (i >> 8) + seed);
}

struct ferry_bytes
fy_filled(uint8_t *buf, size_t bytes, uint32_t seed)
{
	fy_fill(buf, bytes, seed);
	return (struct ferry_bytes){ buf, (uint32_t)bytes };
}

bool
fy_is_filled(struct ferry_bytes got, size_t bytes, uint32_t seed)
{
	if (got.len != bytes)
		return false;
	for (size_t i = 0; i < bytes; i++) {
		if (got.data[i] != (uint8_t)(i * 7 + (i >> 8) + seed))
			return false;
	}
	return true;
}

ferry_err
fy_pass(struct ferry_channel *from, struct ferry_channel *to,
	struct ferry_arena *mem, struct ferry_bytes *out)
{
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);
	ferry_err err;
	bool wait;

	for (uint32_t i = 1;; i++) {
		wait = !from || i % PASS_AT_ONCE == 0;
		err = from ? ferry_channel_process(from, NULL) : FERRY_OK;
		if (!err)
			err = ferry_channel_recv(
				to, mem, out,
				wait ? ferry_in_ms(5) : FERRY_NOW, NULL);
		if (err != FERRY_ETIMEDOUT && err != FERRY_EAGAIN)
			return err;
		if (fy_deadline_passed(end))
			return FERRY_ETIMEDOUT;
	}
}

void
fy_send(struct ferry_channel *ch, struct ferry_bytes message)
{
	struct ferry_error why = { .code = FERRY_OK };
	ferry_err err = ferry_channel_send(ch, message, FERRY_NOW, &why);

	if (err)
		fail_msg("send of %u bytes: %s: %s", message.len,
			 ferry_err_name(err), why.text);
}

void
fy_send_off(struct ferry_channel *ch, struct ferry_bytes message)
{
	struct ferry_deadline until = ferry_in_ms(FY_TEST_MS);

	assert_int_equal(ferry_channel_send(ch, message, until, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_flush(ch, until, NULL), FERRY_OK);
}

void
fy_expect(struct ferry_channel *from, struct ferry_channel *to,
	  struct ferry_bytes sent)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { 0 };
	ferry_err err = fy_pass(from, to, &mem, &got);
	bool same =
		!err && got.len == sent.len &&
		(sent.len == 0 || memcmp(got.data, sent.data, got.len) == 0);

	ferry_arena_fini(&mem);
	if (err)
		fail_msg("receive of %u bytes: %s", sent.len,
			 ferry_err_name(err));
	assert_true(same);
}

void
fy_exchange(struct ferry_channel *x, struct ferry_channel *y)
{
	uint8_t buf[70];

	fy_send(x, fy_filled(buf, 70, 1));
	fy_expect(x, y, fy_filled(buf, 70, 1));
	fy_send(y, fy_filled(buf, 60, 2));
	fy_expect(y, x, fy_filled(buf, 60, 2));
}

ferry_err
fy_recv_once(struct ferry_channel *ch, struct ferry_deadline until)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	ferry_err err = ferry_channel_recv(ch, &mem, &got, until, NULL);

	ferry_arena_fini(&mem);
	return err;
}

ferry_err
fy_recv_end(struct ferry_channel *ch, uint32_t *n_messages)
{
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);
	uint32_t n = 0;
	ferry_err err;

	while ((err = fy_recv_once(ch, end)) == FERRY_OK)
		n++;
	if (n_messages)
		*n_messages = n;
	return err;
}

void
fy_expect_end(struct ferry_channel *ch)
{
	for (int i = 0; i < 2; i++)
		assert_int_equal(fy_recv_once(ch, ferry_in_ms(FY_TEST_MS)),
				 FERRY_EOF);
}

uint32_t
fy_fill_up(const struct fy_world *w, struct ferry_channel *ch,
	   struct ferry_bytes message)
{
	int n_late = 0;
	uint32_t n = 0;
	ferry_err err;

	/* TCP takes more after a while: twice nothing is full. */
	while (n_late < 2) {
		while ((err = ferry_channel_send(ch, message, FERRY_NOW,
						 NULL)) == FERRY_OK) {
			assert_true(++n < FULL_MOST);
			n_late = 0;
		}
		assert_int_equal(err, FERRY_EAGAIN);
		err = ferry_channel_send(ch, message,
					 ferry_in_ms(w->way->full_ms), NULL);
		assert_true(err == FERRY_OK || err == FERRY_ETIMEDOUT);
		n += !err;
		n_late = err ? n_late + 1 : 0;
	}
	return n;
}

void
fy_assert_punctual(struct ferry_deadline until)
{
	assert_true(fy_deadline_passed(until));
	until.ns += FY_LATE_MS * INT64_C(1000000);
	assert_false(fy_deadline_passed(until));
}

void
fy_assert_said(const struct ferry_error *why, ferry_err code)
{
	assert_int_equal(why->code, code);
	assert_true(strlen(why->text) > 15);
}
