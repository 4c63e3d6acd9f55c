/* SPDX-License-Identifier: MIT */
/*
 * Eight processes that send as fast as they can, messages of all lengths:
 * each arrives whole, once, in its sender's order.
 *
 *	test-channel-crowd [MESSAGES]	of each sender
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

#include <ferry/channel.h>

#include "meet.h"
#include "mq_alone.h"

#define SENDERS 8
#define BYTES_MOST 65536u
#define SOON ferry_in_ms(60000)

struct sender {
	struct ferry_channel *ch;
	pid_t child;
	uint32_t id;
	uint32_t n_received;
	bool ended;
};

static uint32_t n_messages = 200;

/* All of it follows from who sends it and its number. */
static struct ferry_bytes
message(uint32_t id, uint32_t number)
{
	static uint8_t buf[BYTES_MOST];
	uint32_t seed = (id * 2654435761u) ^ (number * 2246822519u + 1);
	uint32_t len = 8 + (seed >> 7) % (BYTES_MOST - 7);

	/* Short ones are as many as long ones. */
	if (number % 2)
		len = 8 + len % 256;
	memset(buf, (int)(seed >> 24), len);
	memcpy(buf, &id, 4);
	memcpy(buf + 4, &number, 4);
	buf[len - 1] = (uint8_t)number;
	return (struct ferry_bytes){ buf, len };
}

/* In a child. */
static int
send_all(const char *addr, uint32_t id)
{
	struct ferry_channel *ch;

	if (ferry_channel_open(addr, NULL, SOON, &ch, NULL))
		return 1;
	for (uint32_t i = 0; i < n_messages; i++) {
		if (ferry_channel_send(ch, message(id, i), SOON, NULL))
			return 2;
	}
	return ferry_channel_close(ch, SOON, NULL) ? 3 : 0;
}

static void
receive_one(struct sender *s, struct ferry_bytes got)
{
	struct ferry_bytes expected;

	assert_true(got.len >= 8);
	if (s->n_received == 0)
		memcpy(&s->id, got.data, 4);
	expected = message(s->id, s->n_received++);
	assert_int_equal(got.len, expected.len);
	assert_memory_equal(got.data, expected.data, got.len);
}

static void
receive_some(struct sender *s)
{
	struct ferry_bytes got;
	ferry_err err;

	assert_int_equal(ferry_channel_process(s->ch, NULL), FERRY_OK);
	while (!(err = ferry_channel_take(s->ch, &got, FERRY_NOW, NULL))) {
		receive_one(s, got);
		ferry_channel_release(s->ch);
	}
	s->ended = err == FERRY_EOF;
	if (!s->ended)
		assert_int_equal(err, FERRY_EAGAIN);
}

/* Until the end of each. */
static void
receive_all(struct sender senders[SENDERS])
{
	struct pollfd fds[SENDERS];
	int n_open = SENDERS;

	for (int i = 0; i < SENDERS; i++) {
		assert_int_equal(ferry_channel_fd(senders[i].ch, &fds[i].fd,
						  NULL),
				 FERRY_OK);
		fds[i].events = ferry_channel_events(senders[i].ch);
	}
	while (n_open > 0) {
		assert_true(poll(fds, SENDERS, 60000) > 0);
		for (int i = 0; i < SENDERS; i++) {
			if (!fds[i].revents)
				continue;
			receive_some(&senders[i]);
			if (!senders[i].ended)
				continue;
			fds[i].fd = -1;
			n_open--;
		}
	}
}

static void
close_all(struct sender senders[SENDERS])
{
	uint32_t seen = 0;

	for (int i = 0; i < SENDERS; i++) {
		meet_reap(senders[i].child);
		assert_int_equal(senders[i].n_received, n_messages);
		seen |= 1u << senders[i].id;
		(void)!ferry_channel_close(senders[i].ch, FERRY_NOW, NULL);
	}
	assert_int_equal(seen, (1u << SENDERS) - 1);
}

static void
try_scheme(const char *scheme)
{
	struct sender senders[SENDERS] = { 0 };
	int64_t start = ferry_in_ms(0).ns;
	struct meet m;

	meet_begin(&m, scheme);
	for (uint32_t i = 0; i < SENDERS; i++)
		senders[i].child = meet_child(&m, send_all, i);
	meet_listen(&m);
	for (int i = 0; i < SENDERS; i++)
		assert_int_equal(ferry_listener_accept(m.listener, SOON,
						       &senders[i].ch, NULL),
				 FERRY_OK);
	receive_all(senders);
	close_all(senders);
	meet_end(&m);
	printf("%s: %u senders, %u messages each, whole and in order: %.1f s\n",
	       scheme, SENDERS, n_messages,
	       (double)(ferry_in_ms(0).ns - start) / 1e9);
}

static void
what_many_send_at_once_stays_whole(void **state)
{
	(void)state;
	meet_each(try_scheme);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_many_send_at_once_stays_whole),
	};

	mq_alone();
	if (argc > 1)
		n_messages = (uint32_t)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
