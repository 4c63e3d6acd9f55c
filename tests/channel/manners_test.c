/* SPDX-License-Identifier: MIT */
/* Peers that say all they have to say and listen on; or that never listen. */
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
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"
#include "heap.h"
#include "meet.h"

#define SOON ferry_in_ms(10000)
#define HALF_CLOSES 1000
#define DUE 10000u
#define MESSAGE_BYTES 1024u
/* 256 KiB that wait, and some. */
#define HEAP_MOST (320u * 1024u)
#define EXCHANGES 2000

/* ch[0] connects, ch[1] is accepted. */
static void
open_both(struct meet *m, const struct ferry_channel_config *config,
	  struct ferry_channel *ch[2])
{
	assert_int_equal(ferry_channel_open(m->addr, config, SOON, &ch[0],
					    NULL),
			 FERRY_OK);
	assert_int_equal(ferry_listener_accept(m->listener, SOON, &ch[1], NULL),
			 FERRY_OK);
}

static void
close_both(struct ferry_channel *ch[2])
{
	assert_int_equal(ferry_channel_close(ch[0], FERRY_NOW, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_close(ch[1], FERRY_NOW, NULL), FERRY_OK);
}

static void
say(struct ferry_channel *from, const char *text)
{
	const struct ferry_bytes m = { (const uint8_t *)text,
				       (uint32_t)strlen(text) };

	assert_int_equal(ferry_channel_send(from, m, SOON, NULL), FERRY_OK);
}

static void
hear(struct ferry_channel *at, const char *text)
{
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_take(at, &got, SOON, NULL), FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
	ferry_channel_release(at);
}

static void
hear_the_end(struct ferry_channel *at)
{
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_take(at, &got, SOON, NULL), FERRY_EOF);
}

static void
finish(struct ferry_channel *ch)
{
	assert_int_equal(ferry_channel_finish(ch, SOON, NULL), FERRY_OK);
}

/* ---- half-close ---- */

static void
finish_behind_the_request(struct meet *m)
{
	struct ferry_channel *ch[2];

	open_both(m, NULL, ch);
	say(ch[0], "request");
	finish(ch[0]);
	hear(ch[1], "request");
	hear_the_end(ch[1]);
	say(ch[1], "reply");
	hear(ch[0], "reply");
	finish(ch[1]);
	hear_the_end(ch[0]);
	close_both(ch);
}

static void
finish_behind_the_reply(struct meet *m)
{
	struct ferry_channel *ch[2];

	open_both(m, NULL, ch);
	say(ch[0], "request");
	hear(ch[1], "request");
	say(ch[1], "reply");
	finish(ch[1]);
	/* On its way already when the client hears of the end. */
	say(ch[0], "more");
	hear(ch[0], "reply");
	hear_the_end(ch[0]);
	hear(ch[1], "more");
	finish(ch[0]);
	hear_the_end(ch[1]);
	close_both(ch);
}

static void
what_follows_a_half_close_arrives(void **state)
{
	/* Who connects there need not wait for who accepts. */
	static const char *const schemes[] = { "unix", "tcp" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct meet m;
		size_t n_fds;

		meet_begin(&m, schemes[i]);
		meet_listen(&m);
		n_fds = fy_audit_fds();
		for (int n = 0; n < HALF_CLOSES / 2; n++) {
			finish_behind_the_request(&m);
			finish_behind_the_reply(&m);
			assert_int_equal(fy_audit_fds(), n_fds);
		}
		meet_end(&m);
	}
}

/* ---- slow readers ---- */

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median of many exchanges, in ns. */
static int64_t
exchange(struct ferry_channel *ch[2])
{
	static int64_t took[EXCHANGES];

	for (size_t i = 0; i < EXCHANGES; i++) {
		int64_t start = ferry_in_ms(0).ns;

		say(ch[0], "how are you");
		hear(ch[1], "how are you");
		say(ch[1], "well");
		hear(ch[0], "well");
		took[i] = ferry_in_ms(0).ns - start;
	}
	qsort(took, EXCHANGES, sizeof(took[0]), by_time);
	return took[EXCHANGES / 2];
}

/* Message @number, until the next. */
static struct ferry_bytes
message(uint32_t number)
{
	static uint8_t buf[MESSAGE_BYTES];

	for (size_t i = 0; i < MESSAGE_BYTES; i++)
		buf[i] = (uint8_t)(number + i * number);
	memcpy(buf, &number, sizeof(number));
	return (struct ferry_bytes){ buf, MESSAGE_BYTES };
}

/* As many of those due, from @number, as there is room for: how many went. */
static uint32_t
send_some(struct ferry_channel *ch, uint32_t number)
{
	uint32_t n = 0;

	while (number + n < DUE) {
		ferry_err err = ferry_channel_send(ch, message(number + n),
						   FERRY_NOW, NULL);

		if (err == FERRY_EAGAIN)
			break;
		assert_int_equal(err, FERRY_OK);
		n++;
	}
	return n;
}

/* The reader wakes: all of them arrive, in order. */
static void
send_the_rest(struct ferry_channel *ch[2], uint32_t sent)
{
	for (uint32_t n = 0; n < DUE; n++) {
		struct ferry_bytes got;

		sent += send_some(ch[0], sent);
		assert_int_equal(ferry_channel_process(ch[0], NULL), FERRY_OK);
		assert_int_equal(ferry_channel_take(ch[1], &got, SOON, NULL),
				 FERRY_OK);
		assert_int_equal(got.len, MESSAGE_BYTES);
		assert_memory_equal(got.data, message(n).data, MESSAGE_BYTES);
		ferry_channel_release(ch[1]);
	}
	assert_int_equal(sent, DUE);
}

static void
who_does_not_read_costs_so_much_and_nobody_else(void **state)
{
	struct ferry_channel *slow[2], *good[2];
	struct fy_test_heap heap;
	const struct ferry_channel_config config = { .hooks = &heap.hooks };
	struct meet m;
	int64_t before, during;
	uint32_t sent;

	(void)state;
	fy_test_heap_init(&heap);
	meet_begin(&m, "unix");
	meet_listen(&m);
	open_both(&m, &config, slow);
	open_both(&m, NULL, good);
	before = exchange(good);
	sent = send_some(slow[0], 0);
	assert_in_range(sent, 1, DUE - 1);
	during = exchange(good);
	assert_int_equal(send_some(slow[0], sent), 0);
	printf("%u of %u left at %zu bytes of memory; others take %.2f us, "
	       "%.2f before\n", sent, DUE, (size_t)heap.peak,
	       (double)during / 1e3, (double)before / 1e3);
	assert_in_range(heap.peak, 1, HEAP_MOST);
	/* Generous: what is meant is 1.2, on a quiet machine. */
	assert_true(during < 2 * before + 100000);
	send_the_rest(slow, sent);
	close_both(slow);
	close_both(good);
	assert_int_equal(heap.n_live, 0);
	meet_end(&m);
}

/* ---- who asks for the descriptor when it is late ---- */

static int
stop_and_receive(const char *addr, uint32_t id)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;

	(void)id;
	if (ferry_channel_open(addr, NULL, SOON, &ch, NULL))
		return 1;
	raise(SIGSTOP);
	while (ferry_channel_take(ch, &got, SOON, NULL) == FERRY_OK)
		ferry_channel_release(ch);
	return ferry_channel_close(ch, FERRY_NOW, NULL) ? 1 : 0;
}

static void
a_descriptor_asked_for_late_tells_of_room(const char *scheme)
{
	struct pollfd p = { .events = POLLIN };
	struct ferry_channel *ch;
	struct meet m;
	pid_t child;

	meet_begin(&m, scheme);
	child = meet_child(&m, stop_and_receive, 0);
	meet_listen(&m);
	assert_int_equal(ferry_listener_accept(m.listener, SOON, &ch, NULL),
			 FERRY_OK);
	assert_int_equal(waitpid(child, NULL, WUNTRACED), child);
	while (ferry_channel_send(ch, message(1), FERRY_NOW, NULL) == FERRY_OK)
		continue;
	assert_int_equal(ferry_channel_fd(ch, &p.fd, NULL), FERRY_OK);
	p.events = ferry_channel_events(ch);
	kill(child, SIGCONT);
	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_int_equal(ferry_channel_process(ch, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_close(ch, SOON, NULL), FERRY_OK);
	meet_reap(child);
	meet_end(&m);
}

static void
descriptors_asked_for_late_tell_of_room(void **state)
{
	(void)state;
	meet_each(a_descriptor_asked_for_late_tells_of_room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_follows_a_half_close_arrives),
		cmocka_unit_test(
			who_does_not_read_costs_so_much_and_nobody_else),
		cmocka_unit_test(descriptors_asked_for_late_tell_of_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
