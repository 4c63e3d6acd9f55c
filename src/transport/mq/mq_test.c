/* SPDX-License-Identifier: MIT */
/* Channels of mq: their messages, their ends, their deadlines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/os.h"
#include "mq_pair.h"
#include "transport/mq/queue.h"

#define SECOND ferry_in_ms(10000)

static struct ferry_bytes
text(const char *s)
{
	return (struct ferry_bytes){ (const uint8_t *)s, (uint32_t)strlen(s) };
}

static void
send_text(struct ferry_channel *ch, const char *s)
{
	assert_int_equal(ferry_channel_send(ch, text(s), SECOND, NULL),
			 FERRY_OK);
}

static ferry_err
take_text(struct ferry_channel *ch, const char *s, struct ferry_deadline until)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(ch, &got, until, NULL);

	if (err)
		return err;
	assert_int_equal(got.len, strlen(s));
	assert_memory_equal(got.data, s, got.len);
	ferry_channel_release(ch);
	return FERRY_OK;
}

/* The ways to wait: each takes another path to the end of a channel. */
static struct ferry_deadline
way(int i)
{
	return i == 0 ? FERRY_NEVER : SECOND;
}

/* ---- messages ---- */

static void
messages_go_both_ways_in_order(void **state)
{
	struct mq_pair pair;

	(void)state;
	mq_connect(&pair);
	for (int i = 0; i < 1000; i++) {
		char s[32];

		snprintf(s, sizeof(s), "%d", i);
		send_text(pair.a, s);
		assert_int_equal(take_text(pair.b, s, way(i % 2)), FERRY_OK);
		send_text(pair.b, "");
		assert_int_equal(take_text(pair.a, "", way(i % 2)), FERRY_OK);
	}
	mq_close_all(&pair);
}

struct bulk {
	struct ferry_channel *ch;
	size_t n;
	ferry_err err;
};

static void *
send_bulk(void *arg)
{
	struct bulk *bulk = arg;
	uint8_t *data = malloc(bulk->n + 1);

	for (size_t i = 0; i < bulk->n; i++)
		data[i] = (uint8_t)(i * 7 + i / 251);
	bulk->err = ferry_channel_send(
		bulk->ch, (struct ferry_bytes){ data, (uint32_t)bulk->n },
		SECOND, NULL);
	if (!bulk->err)
		bulk->err = ferry_channel_flush(bulk->ch, SECOND, NULL);
	free(data);
	return NULL;
}

static void
long_messages_arrive_whole(void **state)
{
	const size_t lengths[] = { 2039, 2040, 2041, 4080, 20481, 1 << 20 };
	struct mq_pair pair;

	(void)state;
	mq_connect(&pair);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct bulk bulk = { pair.a, lengths[i], FERRY_OK };
		struct ferry_bytes got;
		pthread_t thread;

		assert_int_equal(
			pthread_create(&thread, NULL, send_bulk, &bulk), 0);
		assert_int_equal(ferry_channel_take(pair.b, &got,
						    way((int)i % 2), NULL),
				 FERRY_OK);
		assert_int_equal(got.len, lengths[i]);
		for (size_t k = 0; k < got.len; k++) {
			if (got.data[k] != (uint8_t)(k * 7 + k / 251))
				fail_msg("byte %zu of %zu", k, lengths[i]);
		}
		ferry_channel_release(pair.b);
		pthread_join(thread, NULL);
		assert_int_equal(bulk.err, FERRY_OK);
	}
	mq_close_all(&pair);
}

static void
each_end_knows_the_other(void **state)
{
	struct ferry_peer peer;
	struct mq_pair pair;

	(void)state;
	mq_connect(&pair);
	for (int i = 0; i < 2; i++) {
		ferry_channel_peer(i == 0 ? pair.a : pair.b, &peer);
		assert_true(peer.has_ids && peer.has_pid);
		assert_int_equal(peer.uid, geteuid());
		assert_int_equal(peer.pid, getpid());
	}
	mq_close_all(&pair);
}

/* ---- ends ---- */

static void
what_was_sent_before_the_close_is_received(void **state)
{
	(void)state;
	/* 10 fill the queue: there is no room for an end. */
	for (int n = 0; n <= FY_MQ_DEPTH; n++) {
		for (int i = 0; i < 2; i++) {
			struct mq_pair pair;

			mq_connect(&pair);
			for (int k = 0; k < n; k++)
				send_text(pair.a, "x");
			assert_int_equal(ferry_channel_close(pair.a, FERRY_NOW,
							     NULL),
					 FERRY_OK);
			pair.a = NULL;
			for (int k = 0; k < n; k++)
				assert_int_equal(take_text(pair.b, "x", way(i)),
						 FERRY_OK);
			assert_int_equal(take_text(pair.b, "", way(i)),
					 FERRY_EOF);
			assert_int_equal(take_text(pair.b, "", FERRY_NOW),
					 FERRY_EOF);
			mq_close_all(&pair);
		}
	}
}

static void
a_half_close_leaves_the_other_half(void **state)
{
	(void)state;
	for (int n = 0; n <= FY_MQ_DEPTH; n += FY_MQ_DEPTH) {
		struct mq_pair pair;

		mq_connect(&pair);
		for (int k = 0; k < n; k++)
			send_text(pair.a, "x");
		assert_int_equal(ferry_channel_finish(pair.a, SECOND, NULL),
				 FERRY_OK);
		for (int k = 0; k < n; k++)
			assert_int_equal(take_text(pair.b, "x", SECOND),
					 FERRY_OK);
		assert_int_equal(take_text(pair.b, "", SECOND), FERRY_EOF);
		for (int k = 0; k < 30; k++) {
			send_text(pair.b, "still here");
			assert_int_equal(take_text(pair.a, "still here",
						   SECOND), FERRY_OK);
		}
		mq_close_all(&pair);
	}
}

static void
who_closed_receives_nothing_more(void **state)
{
	struct mq_pair pair;
	ferry_err err = FERRY_OK;

	(void)state;
	mq_connect(&pair);
	(void)!ferry_channel_close(pair.a, FERRY_NOW, NULL);
	pair.a = NULL;
	for (int i = 0; i < 2 * FY_MQ_DEPTH && !err; i++)
		err = ferry_channel_send(pair.b, text("x"), SECOND, NULL);
	assert_int_equal(err, FERRY_ELOST);
	mq_close_all(&pair);
}

static void
the_end_of_the_receiver_ends_a_wait_for_room(void **state)
{
	struct mq_pair pair;
	struct bulk bulk;
	pthread_t thread;

	(void)state;
	mq_connect(&pair);
	bulk = (struct bulk){ pair.a, 1 << 20, FERRY_OK };
	assert_int_equal(pthread_create(&thread, NULL, send_bulk, &bulk), 0);
	/* Something has come: the sender is at it. */
	while (ferry_channel_take(pair.b, &(struct ferry_bytes){ NULL, 0 },
				  FERRY_NOW, NULL) != FERRY_EAGAIN)
		continue;
	(void)!ferry_channel_close(pair.b, FERRY_NOW, NULL);
	pair.b = NULL;
	pthread_join(thread, NULL);
	assert_int_equal(bulk.err, FERRY_ELOST);
	mq_close_all(&pair);
}

/* ---- a peer that is killed ---- */

/* The child dials, sends @n messages, @half: what fits of one more, waits */
static pid_t
start_peer(struct mq_pair *pair, int n, bool half)
{
	static uint8_t large[100000];
	pid_t pid;

	mq_listen(pair, "");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct ferry_channel *ch;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (ferry_channel_open(pair->addr, NULL, SECOND, &ch, NULL))
			_exit(1);
		for (int i = 0; i < n; i++)
			(void)!ferry_channel_send(ch, text("x"), SECOND, NULL);
		if (half) {
			(void)!ferry_channel_send(
				ch,
				(struct ferry_bytes){ large, sizeof(large) },
				FERRY_NOW, NULL);
			raise(SIGSTOP);
		}
		for (;;)
			pause();
	}
	assert_int_equal(ferry_listener_accept(pair->listener, SECOND, &pair->b,
					       NULL), FERRY_OK);
	return pid;
}

static void
end_peer(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void *
kill_peer(void *arg)
{
	kill(*(pid_t *)arg, SIGKILL);
	return NULL;
}

static void
a_killed_peer_ends_the_channel_behind_what_it_sent(void **state)
{
	(void)state;
	for (int n = 0; n <= FY_MQ_DEPTH; n += 5) {
		for (int i = 0; i < 2; i++) {
			struct mq_pair pair;
			pthread_t thread;
			pid_t pid = start_peer(&pair, n, false);

			for (int k = 0; k < n; k++)
				assert_int_equal(take_text(pair.b, "x", way(i)),
						 FERRY_OK);
			assert_int_equal(pthread_create(&thread, NULL,
							kill_peer, &pid), 0);
			assert_int_equal(take_text(pair.b, "", way(i)),
					 FERRY_EOF);
			pthread_join(thread, NULL);
			assert_int_equal(waitpid(pid, NULL, 0), pid);
			mq_close_all(&pair);
		}
	}
}

static void
a_message_that_a_killed_peer_began_is_lost(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct mq_pair pair;
		pid_t pid = start_peer(&pair, 1, true);

		/* Who receives before makes room for the rest. */
		assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
		assert_int_equal(take_text(pair.b, "x", way(i)), FERRY_OK);
		end_peer(pid);
		assert_int_equal(take_text(pair.b, "", way(i)), FERRY_ELOST);
		mq_close_all(&pair);
	}
}

static void
a_killed_receiver_ends_a_wait_for_room(void **state)
{
	struct mq_pair pair;
	pthread_t thread;
	ferry_err err = FERRY_OK;
	pid_t pid = start_peer(&pair, 0, false);

	(void)state;
	for (int i = 0; i < FY_MQ_DEPTH; i++)
		send_text(pair.b, "x");
	/* With time it would wait to see that leave. */
	assert_int_equal(ferry_channel_send(pair.b, text("that waits"),
					    FERRY_NOW, NULL), FERRY_OK);
	assert_int_equal(pthread_create(&thread, NULL, kill_peer, &pid), 0);
	err = ferry_channel_flush(pair.b, FERRY_NEVER, NULL);
	assert_int_equal(err, FERRY_ELOST);
	pthread_join(thread, NULL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	mq_close_all(&pair);
}

/* ---- deadlines, events, fork ---- */

static int64_t
ms_since(int64_t ns)
{
	return (fy_os_now_ns() - ns) / 1000000;
}

static void
nothing_takes_longer_than_its_deadline(void **state)
{
	static uint8_t large[1 << 19];
	const struct ferry_bytes message = { large, sizeof(large) };
	struct mq_pair pair;
	int64_t start;

	(void)state;
	mq_connect(&pair);
	start = fy_os_now_ns();
	assert_int_equal(take_text(pair.b, "", FERRY_NOW), FERRY_EAGAIN);
	assert_int_equal(take_text(pair.b, "", ferry_in_ms(30)),
			 FERRY_ETIMEDOUT);
	assert_in_range(ms_since(start), 30, 1000);
	/* Accepted; what does not fit is ours. */
	assert_int_equal(ferry_channel_send(pair.a, message, FERRY_NOW, NULL),
			 FERRY_OK);
	start = fy_os_now_ns();
	assert_int_equal(ferry_channel_send(pair.a, message, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(ferry_channel_send(pair.a, message, ferry_in_ms(30),
					    NULL), FERRY_ETIMEDOUT);
	assert_int_equal(ferry_channel_flush(pair.a, ferry_in_ms(30), NULL),
			 FERRY_ETIMEDOUT);
	assert_int_equal(ferry_channel_finish(pair.a, ferry_in_ms(30), NULL),
			 FERRY_ETIMEDOUT);
	assert_in_range(ms_since(start), 90, 1000);
	mq_close_all(&pair);
}

/*
 * A wake that nobody needed takes a place that the sender counts as free: when
 * he has counted, and before he has filled the queue.
 */
static void
a_deadline_that_was_kept_hides_no_end(void **state)
{
	struct mq_pair pair;

	(void)state;
	mq_connect(&pair);
	for (int i = 0; i < FY_MQ_DEPTH - 1; i++) {
		send_text(pair.a, "in time");
		assert_int_equal(take_text(pair.b, "in time", ferry_in_ms(50)),
				 FERRY_OK);
	}
	send_text(pair.a, "one");
	assert_int_equal(take_text(pair.a, "", ferry_in_ms(100)),
			 FERRY_ETIMEDOUT);
	for (int i = 0; i < FY_MQ_DEPTH - 2; i++)
		send_text(pair.a, "full");
	assert_int_equal(ferry_channel_finish(pair.a, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_int_equal(take_text(pair.b, "one", FERRY_NEVER), FERRY_OK);
	for (int i = 0; i < FY_MQ_DEPTH - 2; i++)
		assert_int_equal(take_text(pair.b, "full", FERRY_NEVER),
				 FERRY_OK);
	assert_int_equal(take_text(pair.b, "", SECOND), FERRY_EOF);
	mq_close_all(&pair);
}

static void
one_descriptor_tells_of_messages_and_of_the_end(void **state)
{
	struct mq_pair pair;
	struct pollfd fd = { .events = POLLIN };
	pid_t pid = start_peer(&pair, 3, false);

	(void)state;
	assert_int_equal(ferry_channel_fd(pair.b, &fd.fd, NULL), FERRY_OK);
	for (int i = 0; i < 3; i++) {
		/* It may tell that there could be something to receive. */
		do
			assert_int_equal(fy_os_poll(&fd, 1, SECOND), 1);
		while (take_text(pair.b, "x", FERRY_NOW) == FERRY_EAGAIN);
	}
	assert_int_equal(take_text(pair.b, "", FERRY_NOW), FERRY_EAGAIN);
	assert_int_equal(fy_os_poll(&fd, 1, FERRY_NOW), 0);
	end_peer(pid);
	assert_int_equal(fy_os_poll(&fd, 1, SECOND), 1);
	assert_int_equal(take_text(pair.b, "", FERRY_NOW), FERRY_EOF);
	mq_close_all(&pair);
}

static void
a_child_leaves_its_parents_channel_alone(void **state)
{
	struct mq_pair pair;
	int status = -1;
	pid_t pid;

	(void)state;
	mq_connect(&pair);
	send_text(pair.a, "kept");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		ferry_err err = ferry_channel_send(pair.a, text("x"), SECOND,
						   NULL);

		(void)!ferry_channel_close(pair.a, FERRY_NOW, NULL);
		(void)!ferry_channel_close(pair.b, FERRY_NOW, NULL);
		ferry_listener_close(pair.listener);
		_exit(err == FERRY_EFORK ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(take_text(pair.b, "kept", SECOND), FERRY_OK);
	for (int i = 0; i < 30; i++) {
		send_text(pair.b, "y");
		assert_int_equal(take_text(pair.a, "y", FERRY_NEVER), FERRY_OK);
	}
	mq_close_all(&pair);
}

static void
empty_messages_of_others_harm_nothing(void **state)
{
	struct mq_pair pair;

	(void)state;
	mq_connect(&pair);
	for (int i = 0; i < 100; i++) {
		send_text(pair.a, "");
		assert_int_equal(take_text(pair.b, "", way(i % 2)), FERRY_OK);
	}
	mq_close_all(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_go_both_ways_in_order),
		cmocka_unit_test(long_messages_arrive_whole),
		cmocka_unit_test(each_end_knows_the_other),
		cmocka_unit_test(what_was_sent_before_the_close_is_received),
		cmocka_unit_test(a_half_close_leaves_the_other_half),
		cmocka_unit_test(who_closed_receives_nothing_more),
		cmocka_unit_test(the_end_of_the_receiver_ends_a_wait_for_room),
		cmocka_unit_test(
			a_killed_peer_ends_the_channel_behind_what_it_sent),
		cmocka_unit_test(a_message_that_a_killed_peer_began_is_lost),
		cmocka_unit_test(a_killed_receiver_ends_a_wait_for_room),
		cmocka_unit_test(nothing_takes_longer_than_its_deadline),
		cmocka_unit_test(a_deadline_that_was_kept_hides_no_end),
		cmocka_unit_test(
			one_descriptor_tells_of_messages_and_of_the_end),
		cmocka_unit_test(a_child_leaves_its_parents_channel_alone),
		cmocka_unit_test(empty_messages_of_others_harm_nothing),
	};

	mq_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
