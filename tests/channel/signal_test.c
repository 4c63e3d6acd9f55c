/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand signals a second, at either end or both, that interrupt what
 * blocks: no message is cut or doubled, and half of the speed stays, which is
 * asked of those at one end where the test runs for a minute.
 *
 *	test-channel-signal [SECONDS]	for each scheme; prints the share at the
 *					sender, at the receiver, at both
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>

#include <ferry/channel.h>

#include "meet.h"
#include "mq_alone.h"

#define SOON ferry_in_ms(20000)
#define PERIOD_US 100
#define CAMPAIGN_MS 60000
#define WINDOW_MS 50
#define BYTES_MOST 264
#define FULL_EACH 4096
#define FULL_MS 3

/* Where there are signals. */
enum weather { CALM, AT_SENDER, AT_RECEIVER, AT_BOTH, N_WEATHERS };

struct message {
	uint32_t number;
	uint32_t weather;
	uint8_t bytes[BYTES_MOST - 8];
};

/* What went in windows of time. */
struct rate {
	uint64_t n;
	uint32_t n_windows;
};

static unsigned long n_windows = 16;

static void
on_signal(int signal)
{
	(void)signal;
}

static void
storm(bool on)
{
	const struct sigaction act = { .sa_handler = on_signal };
	const struct timeval period = { 0, on ? PERIOD_US : 0 };
	const struct itimerval timer = { period, period };

	(void)sigaction(SIGALRM, &act, NULL);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

static uint32_t
length_of(uint32_t number)
{
	return 8 + number % (BYTES_MOST - 7);
}

static bool
is_right(struct ferry_bytes got, uint32_t number, struct message *out)
{
	if (got.len != length_of(number))
		return false;
	memcpy(out, got.data, got.len);
	for (uint32_t i = 8; i < got.len; i++) {
		if (got.data[i] != (uint8_t)number)
			return false;
	}
	return out->number == number;
}

/* In a child: 0, or where it went wrong. Its sender tells it the weather. */
static int
receive(const char *addr, uint32_t unused)
{
	struct ferry_channel *ch;
	struct message m = { 0 };
	bool is_storm = false;

	(void)unused;
	if (ferry_channel_open(addr, NULL, SOON, &ch, NULL))
		return 1;
	for (uint32_t number = 0;; number++) {
		struct ferry_bytes got;
		ferry_err err = ferry_channel_take(
			ch, &got, number & 1 ? SOON : FERRY_NEVER, NULL);

		if (err == FERRY_EOF)
			break;
		if (err)
			return 2;
		if (!is_right(got, number, &m))
			return 3;
		ferry_channel_release(ch);
		/* Now and then the sender has to wait for room. */
		if (number % FULL_EACH == 0)
			(void)poll(NULL, 0, FULL_MS);
		if (is_storm != (m.weather >= AT_RECEIVER))
			storm(is_storm = !is_storm);
	}
	storm(false);
	return ferry_channel_close(ch, FERRY_NOW, NULL) ? 4 : 0;
}

static void
send_for_a_window(struct ferry_channel *ch, uint32_t *number,
		  enum weather weather, struct rate *rate)
{
	struct ferry_deadline end = ferry_in_ms(WINDOW_MS);
	struct message m = { .weather = weather };
	uint32_t start = *number;

	storm(weather == AT_SENDER || weather == AT_BOTH);
	do {
		struct ferry_bytes bytes = { (uint8_t *)&m,
					     length_of(*number) };

		m.number = *number;
		memset(m.bytes, (int)(*number & 0xff), sizeof(m.bytes));
		assert_int_equal(ferry_channel_send(ch, bytes,
						    *number & 1 ? SOON :
								  FERRY_NEVER,
						    NULL),
				 FERRY_OK);
		++*number;
	} while (ferry_in_ms(0).ns < end.ns);
	storm(false);
	rate->n += *number - start;
	rate->n_windows++;
}

static double
per_second(const struct rate *rate)
{
	return (double)rate->n * 1000 / WINDOW_MS / rate->n_windows;
}

/* A campaign has the machine for itself, and the time to be fair. */
static uint64_t
least_percent(void)
{
	return n_windows * WINDOW_MS < CAMPAIGN_MS ? 1 : 50;
}

/* One after the other, so that other work of the machine hits all. */
static void
send_through_storms(struct ferry_channel *ch, const char *scheme)
{
	struct rate rates[N_WEATHERS] = { 0 };
	uint32_t number = 0;

	for (unsigned long i = 0; i < n_windows; i++)
		send_for_a_window(ch, &number, i % N_WEATHERS,
				  &rates[i % N_WEATHERS]);
	assert_int_equal(ferry_channel_finish(ch, SOON, NULL), FERRY_OK);
	printf("%s: %.0f messages a second; with signals", scheme,
	       per_second(&rates[CALM]));
	for (int i = AT_SENDER; i < N_WEATHERS; i++)
		printf("%s %.0f %%", i == AT_SENDER ? "" : ",",
		       100 * per_second(&rates[i]) / per_second(&rates[CALM]));
	printf(" of it\n");
	for (int i = AT_SENDER; i <= AT_RECEIVER; i++)
		assert_true(rates[i].n * 100 >=
			    rates[CALM].n * least_percent());
}

static void
try_scheme(const char *scheme)
{
	struct ferry_channel *ch;
	struct meet m;
	pid_t child;

	meet_begin(&m, scheme);
	child = meet_child(&m, receive, 0);
	meet_listen(&m);
	assert_int_equal(ferry_listener_accept(m.listener, SOON, &ch, NULL),
			 FERRY_OK);
	send_through_storms(ch, scheme);
	meet_reap(child);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	meet_end(&m);
}

static void
signals_cut_nothing_and_cost_little(void **state)
{
	(void)state;
	meet_each(try_scheme);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_cut_nothing_and_cost_little),
	};

	mq_alone();
	if (argc > 1)
		n_windows = strtoul(argv[1], NULL, 10) * 1000 / WINDOW_MS;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
