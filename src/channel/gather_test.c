/* SPDX-License-Identifier: MIT */
/* Messages that are gathered, by threads that take turns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include <ferry/ferry.h>

#define SOON ferry_in_ms(20000)
#define N_MESSAGES 20000u

static void
open_pair(struct ferry_channel *ends[2])
{
	assert_int_equal(ferry_channel_pair("fd", NULL, ends, NULL), FERRY_OK);
}

static void
close_pair(struct ferry_channel *ends[2])
{
	(void)ferry_channel_close(ends[0], FERRY_NOW, NULL);
	(void)ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static ferry_err
send_number(struct ferry_channel *ch, uint32_t number)
{
	struct ferry_bytes m = { (const uint8_t *)&number, sizeof(number) };

	return ferry_channel_send(ch, m, SOON, NULL);
}

static bool
is_next(struct ferry_channel *ch, uint32_t number, struct ferry_deadline until)
{
	struct ferry_bytes got;
	uint32_t what;

	if (ferry_channel_take(ch, &got, until, NULL))
		return false;
	memcpy(&what, got.data, sizeof(what));
	ferry_channel_release(ch);
	return what == number;
}

static void *
send_one_and_wait(void *arg)
{
	struct ferry_bytes got;

	if (send_number(arg, 1) ||
	    ferry_channel_take(arg, &got, ferry_in_ms(1), NULL) !=
		    FERRY_ETIMEDOUT)
		return arg;
	return NULL;
}

static void
who_went_on_to_gather_flushes_before_he_waits(void **state)
{
	struct ferry_channel *ends[2];
	pthread_t other;
	void *failed;

	(void)state;
	open_pair(ends);
	ferry_channel_cork(ends[0]);
	assert_int_equal(send_number(ends[0], 0), FERRY_OK);
	assert_false(is_next(ends[1], 0, FERRY_NOW));
	pthread_create(&other, NULL, send_one_and_wait, ends[0]);
	pthread_join(other, &failed);
	assert_null(failed);
	assert_true(is_next(ends[1], 0, FERRY_NOW));
	assert_true(is_next(ends[1], 1, FERRY_NOW));
	close_pair(ends);
}

static void *
send_the_rest(void *arg)
{
	for (uint32_t i = 1; i < N_MESSAGES; i++) {
		if (send_number(arg, i))
			return arg;
	}
	return ferry_channel_flush(arg, SOON, NULL) ? arg : NULL;
}

static void *
receive_all(void *arg)
{
	for (uint32_t i = 0; i < N_MESSAGES; i++) {
		if (!is_next(arg, i, SOON))
			return arg;
	}
	return NULL;
}

/* Where he receives from now on; what he began to gather is not his. */
static void
who_has_sent_before_flushes_nothing_of_who_sends(void **state)
{
	struct ferry_channel *ends[2];
	pthread_t sender, receiver;
	void *failed;

	(void)state;
	open_pair(ends);
	ferry_channel_cork(ends[0]);
	assert_int_equal(send_number(ends[0], 0), FERRY_OK);
	pthread_create(&receiver, NULL, receive_all, ends[1]);
	pthread_create(&sender, NULL, send_the_rest, ends[0]);
	for (uint32_t i = 0; i < N_MESSAGES; i++)
		assert_false(is_next(ends[0], 0, FERRY_NOW));
	pthread_join(sender, &failed);
	assert_null(failed);
	pthread_join(receiver, &failed);
	assert_null(failed);
	close_pair(ends);
}

static void *
gather_one(void *arg)
{
	ferry_channel_cork(arg);
	return send_number(arg, 0) ? arg : NULL;
}

static void
another_thread_ends_the_gathering(void **state)
{
	struct ferry_channel *ends[2];
	pthread_t other;
	void *failed;

	(void)state;
	open_pair(ends);
	pthread_create(&other, NULL, gather_one, ends[0]);
	pthread_join(other, &failed);
	assert_null(failed);
	ferry_channel_uncork(ends[0]);
	assert_int_equal(send_number(ends[0], 1), FERRY_OK);
	assert_true(is_next(ends[1], 0, FERRY_NOW));
	assert_true(is_next(ends[1], 1, FERRY_NOW));
	close_pair(ends);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_went_on_to_gather_flushes_before_he_waits),
		cmocka_unit_test(
			who_has_sent_before_flushes_nothing_of_who_sends),
		cmocka_unit_test(another_thread_ends_the_gathering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
