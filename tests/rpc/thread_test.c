/* SPDX-License-Identifier: MIT */
/* Many threads, many calls in flight, answers in any order, deadlines. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <poll.h>
#include <sys/socket.h>

#include <cmocka.h>

#include <ferry/transport.h>

#include "host.h"

enum { N_THREADS = 8, N_FLIGHT = 32, N_ROUNDS = 40 };

struct worker {
	pthread_t thread;
	struct ferry_client *client;
	uint32_t id;
	uint32_t n_wrong;
};

static void
fill(uint8_t *data, uint32_t len, uint32_t seed)
{
	for (uint32_t i = 0; i < len; i++)
		data[i] = (uint8_t)(seed + i * 13);
}

static void
one_round(struct worker *w, struct ferry_call *calls, uint8_t (*data)[512],
	  uint32_t round)
{
	for (uint32_t i = 0; i < N_FLIGHT; i++) {
		uint32_t len = (i * 37 + round) % 512;

		fill(data[i], len, w->id * 1000 + round + i);
		calls[i].until = ferry_in_ms(60000);
		if (echo_1_start(&calls[i],
				 (struct ferry_bytes){ data[i], len }))
			w->n_wrong++;
	}
	for (uint32_t i = N_FLIGHT; i-- > 0;) {
		uint32_t len = (i * 37 + round) % 512;
		struct ferry_bytes out = { NULL, 0 };

		if (echo_1_finish(&calls[i], &out) || out.len != len ||
		    memcmp(out.data, data[i], len) != 0)
			w->n_wrong++;
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct ferry_call calls[N_FLIGHT];
	uint8_t (*data)[512] = malloc(N_FLIGHT * sizeof(*data));
	struct ferry_arena mem = { 0 };

	for (uint32_t i = 0; i < N_FLIGHT; i++)
		calls[i] = ferry_call_to(w->client, FERRY_NEVER, &mem);
	for (uint32_t round = 0; round < N_ROUNDS; round++) {
		one_round(w, calls, data, round);
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
	free(data);
	return NULL;
}

static void
crowd(const char *scheme, uint32_t n_loops)
{
	struct worker workers[N_THREADS];
	struct host host;
	struct ferry_client *client;
	uint32_t n_wrong = 0;

	host_init(&host, NULL, n_loops);
	host_listen(&host, scheme);
	host_run(&host);
	client = host_client(&host);
	for (uint32_t i = 0; i < N_THREADS; i++) {
		workers[i] = (struct worker){ .client = client, .id = i };
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	for (uint32_t i = 0; i < N_THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		n_wrong += workers[i].n_wrong;
	}
	assert_int_equal(n_wrong, 0);
	ferry_client_free(client);
	host_fini(&host);
}

static void
eight_threads_share_one_link_and_get_their_own_replies(void **state)
{
	(void)state;
	crowd(host_scheme(), 1);
	crowd(host_scheme(), 2);
	crowd(host_scheme(), 4);
	crowd("tcp", 2);
}

struct answerer {
	pthread_t thread;
	struct host *host;
	uint32_t n;
};

static void *
answer_late(void *arg)
{
	struct answerer *a = arg;

	for (uint32_t i = 0; i < a->n; i++) {
		struct ferry_call *call = host_take_late(a->host);

		if (late_1_reply(call, (uint32_t)call->fy_reserved[0] + 1))
			return a;
	}
	return NULL;
}

static void
late_answers_find_their_calls_in_any_order(void **state)
{
	enum { N = 200 };
	struct answerer answerers[4];
	static struct ferry_call calls[N];
	struct host host;
	struct ferry_client *client;
	uint32_t out;

	(void)state;
	host_init(&host, NULL, 2);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	for (uint32_t i = 0; i < N; i++) {
		calls[i] = ferry_call_to(client, ferry_in_ms(20000), NULL);
		assert_int_equal(word_1_start(&calls[i], 3, i), FERRY_OK);
	}
	host_wait_late(&host, N);
	for (int i = 0; i < 4; i++) {
		answerers[i] = (struct answerer){ .host = &host, .n = N / 4 };
		pthread_create(&answerers[i].thread, NULL, answer_late,
			       &answerers[i]);
	}
	for (uint32_t i = 0; i < N; i++) {
		assert_int_equal(word_1_finish(&calls[i], &out), FERRY_OK);
		assert_int_equal(out, i + 1);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(answerers[i].thread, NULL);
	ferry_client_free(client);
	host_fini(&host);
}

static void
a_late_call_leaves_the_client_usable(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	uint32_t out = 77;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(20), NULL);
	assert_int_equal(word_1_call(&call, 3, 5, &out), FERRY_ETIMEDOUT);
	assert_int_equal(call.why.code, FERRY_ETIMEDOUT);
	host_wait_late(&host, 1);
	/* Its reply comes now, and belongs to nobody. */
	assert_int_equal(late_1_reply(host_take_late(&host), 6), FERRY_OK);
	call.until = ferry_in_ms(10000);
	assert_int_equal(word_1_call(&call, 2, 0, &out), FERRY_OK);
	assert_int_equal(out, 0);
	call.until = FERRY_NOW;
	assert_int_equal(word_1_call(&call, 3, 5, &out), FERRY_ETIMEDOUT);
	host_wait_late(&host, 1);
	ferry_call_fail(host_take_late(&host), FERRY_ESERVER);
	ferry_client_free(client);
	host_fini(&host);
}

static void
an_abandoned_call_is_forgotten(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	uint32_t out = 0;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(10000), NULL);
	ferry_call_abandon(&call);
	assert_int_equal(word_1_start(&call, 3, 5), FERRY_OK);
	assert_false(ferry_call_done(&call));
	ferry_call_abandon(&call);
	assert_true(ferry_call_done(&call));
	host_wait_late(&host, 1);
	assert_int_equal(late_1_reply(host_take_late(&host), 6), FERRY_OK);
	/* Begun and not sent: the link is free for others again. */
	ferry_call_begin(&call, &echo_1, 1, 4);
	ferry_call_abandon(&call);
	assert_int_equal(word_1_call(&call, 2, 0, &out), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

static void
a_foreign_loop_is_told_when_there_is_something_to_do(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	struct pollfd p = { .events = POLLIN };
	uint32_t out = 0;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	assert_int_equal(ferry_client_fd(client, &p.fd), FERRY_OK);
	call = ferry_call_to(client, ferry_in_ms(10000), NULL);
	assert_int_equal(word_1_start(&call, 3, 5), FERRY_OK);
	host_wait_late(&host, 1);
	assert_int_equal(ferry_client_process(client), FERRY_OK);
	assert_int_equal(poll(&p, 1, 0), 0);
	assert_int_equal(late_1_reply(host_take_late(&host), 6), FERRY_OK);
	while (!ferry_call_done(&call)) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_int_equal(ferry_client_process(client), FERRY_OK);
	}
	assert_int_equal(word_1_finish(&call, &out), FERRY_OK);
	assert_int_equal(out, 6);
	ferry_client_free(client);
	host_fini(&host);
}

/* A thread of the same program whose call waits, and reads for all. */
static void *
wait_long(void *arg)
{
	struct worker *w = arg;
	struct ferry_call call = ferry_call_to(w->client, ferry_in_ms(20000),
					       NULL);
	uint32_t out;

	w->n_wrong = word_1_call(&call, 3, 7, &out) != FERRY_OK;
	return NULL;
}

static void
a_foreign_loop_is_told_of_what_another_thread_read(void **state)
{
	struct host host;
	struct worker other = { .id = 0 };
	struct ferry_call call;
	struct pollfd p = { .events = POLLIN };
	uint32_t out;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	other.client = host_client(&host);
	assert_int_equal(ferry_client_fd(other.client, &p.fd), FERRY_OK);
	for (uint32_t i = 0; i < 50; i++) {
		struct ferry_call *first;
		struct ferry_call *second;

		pthread_create(&other.thread, NULL, wait_long, &other);
		host_wait_late(&host, 1);
		first = host_take_late(&host);
		call = ferry_call_to(other.client, ferry_in_ms(20000), NULL);
		assert_int_equal(word_1_start(&call, 3, i), FERRY_OK);
		host_wait_late(&host, 1);
		second = host_take_late(&host);
		assert_int_equal(late_1_reply(second, i), FERRY_OK);
		/* The other thread reads; not this one, until it is told. */
		while (!ferry_call_done(&call))
			sched_yield();
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_int_equal(ferry_client_process(other.client), FERRY_OK);
		assert_int_equal(word_1_finish(&call, &out), FERRY_OK);
		assert_int_equal(out, i);
		assert_int_equal(late_1_reply(first, 7), FERRY_OK);
		pthread_join(other.thread, NULL);
		assert_int_equal(other.n_wrong, 0);
	}
	ferry_client_free(other.client);
	host_fini(&host);
}

/* ---- a server that sends what nobody asked for, without end ---- */

static uint8_t babble_room[256];

static ferry_err
babble_dial(const struct ferry_link_config *config,
	    const struct ferry_addr *addr, struct ferry_deadline until,
	    struct ferry_link **out, struct ferry_error *why);

static ferry_err
babble_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
	    struct ferry_error *why)
{
	(void)link;
	(void)why;
	assert_true(bytes <= sizeof(babble_room));
	*out = babble_room;
	return FERRY_OK;
}

static ferry_err
babble_done(struct ferry_link *link, struct ferry_error *why)
{
	(void)link;
	(void)why;
	return FERRY_OK;
}

static void
babble_nothing(struct ferry_link *link)
{
	(void)link;
}

static ferry_err
babble_take(struct ferry_link *link, struct ferry_bytes *out,
	    struct ferry_error *why)
{
	(void)link;
	(void)why;
	*out = (struct ferry_bytes){ (const uint8_t *)"none", 4 };
	return FERRY_OK;
}

static bool
babble_pending(struct ferry_link *link)
{
	(void)link;
	return true;
}

static void
babble_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	(void)link;
	*out = (struct ferry_peer){ .text = "nobody" };
}

static size_t
babble_unsent(const struct ferry_link *link)
{
	(void)link;
	return 0;
}

static void
babble_events(const struct ferry_link *link, struct ferry_events *out)
{
	(void)link;
	*out = (struct ferry_events){ .n = 0 };
}

static const struct ferry_transport_ops babble = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL,
	.scheme = "babble",
	.dial = babble_dial,
	.loan = babble_loan,
	.commit = babble_done,
	.cancel = babble_nothing,
	.flush = babble_done,
	.unsent = babble_unsent,
	.peer = babble_peer,
	.take = babble_take,
	.release = babble_nothing,
	.pending = babble_pending,
	.events = babble_events,
	.close = babble_nothing,
};

static ferry_err
babble_dial(const struct ferry_link_config *config,
	    const struct ferry_addr *addr, struct ferry_deadline until,
	    struct ferry_link **out, struct ferry_error *why)
{
	static struct ferry_link link = { .ops = &babble };

	(void)addr;
	(void)until;
	(void)why;
	link.config = *config;
	*out = &link;
	return FERRY_OK;
}

static void
endless_replies_keep_no_call_beyond_its_deadline(void **state)
{
	const struct ferry_transport_ops *transports[] = { &babble, NULL };
	struct ferry_client_config config = { .transports = transports };
	struct ferry_client *client;
	struct ferry_call call;
	struct pollfd p = { .events = POLLIN };
	uint32_t out;

	(void)state;
	assert_int_equal(ferry_client_open("babble:x", &config, FERRY_NOW,
					   &client, NULL), FERRY_OK);
	call = ferry_call_to(client, ferry_in_ms(20), NULL);
	assert_int_equal(word_1_call(&call, 2, 0, &out), FERRY_ETIMEDOUT);
	/* Nor does it keep a foreign loop, which is told that there is more. */
	assert_int_equal(ferry_client_fd(client, &p.fd), FERRY_OK);
	assert_int_equal(ferry_client_process(client), FERRY_OK);
	assert_int_equal(poll(&p, 1, 0), 1);
	ferry_client_free(client);
}

/* ---- a server that blocks while it sends ---- */

struct flooder {
	struct ferry_client *client;
	pthread_t thread;
	uint32_t n_wrong;
};

/* More in both directions than all the buffers between them hold. */
static void *
flood(void *arg)
{
	enum { N = 48, LEN = 65536 };
	struct flooder *f = arg;
	struct ferry_call *calls = calloc(N, sizeof(*calls));
	uint8_t *data = calloc(1, LEN);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes out;

	for (uint32_t i = 0; i < N; i++) {
		calls[i] = ferry_call_to(f->client, ferry_in_ms(60000), &mem);
		if (echo_1_start(&calls[i], (struct ferry_bytes){ data, LEN }))
			f->n_wrong++;
	}
	for (uint32_t i = 0; i < N; i++) {
		if (echo_1_finish(&calls[i], &out) || out.len != LEN)
			f->n_wrong++;
	}
	ferry_arena_fini(&mem);
	free(data);
	free(calls);
	return NULL;
}

static void
more_than_the_buffers_hold_goes_both_ways(void **state)
{
	struct ferry_server_config config = { .max_calls = 4 };
	struct flooder flooders[3];
	struct host host;
	struct ferry_client *client;

	(void)state;
	host_init(&host, &config, 2);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	for (int i = 0; i < 3; i++) {
		flooders[i] = (struct flooder){ .client = client };
		pthread_create(&flooders[i].thread, NULL, flood, &flooders[i]);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(flooders[i].thread, NULL);
		assert_int_equal(flooders[i].n_wrong, 0);
	}
	ferry_client_free(client);
	host_fini(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			eight_threads_share_one_link_and_get_their_own_replies),
		cmocka_unit_test(late_answers_find_their_calls_in_any_order),
		cmocka_unit_test(a_late_call_leaves_the_client_usable),
		cmocka_unit_test(an_abandoned_call_is_forgotten),
		cmocka_unit_test(
			a_foreign_loop_is_told_when_there_is_something_to_do),
		cmocka_unit_test(
			a_foreign_loop_is_told_of_what_another_thread_read),
		cmocka_unit_test(
			endless_replies_keep_no_call_beyond_its_deadline),
		cmocka_unit_test(
			more_than_the_buffers_hold_goes_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
