/* SPDX-License-Identifier: MIT */
/* The threads of a server: handlers side by side, and how they end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <pthread.h>

#include <cmocka.h>

#include "host.h"

static void
calls_of_one_connection_run_side_by_side(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call calls[4];
	struct ferry_bytes out;

	(void)state;
	host_init(&host, NULL, 4);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	host_close_gate(&host);
	for (int i = 0; i < 4; i++) {
		calls[i] = ferry_call_to(client, ferry_in_ms(10000), NULL);
		assert_int_equal(echo_1_start(&calls[i],
					      (struct ferry_bytes){ NULL, 0 }),
				 FERRY_OK);
	}
	host_wait_gates(&host, 4);
	host_open_gate(&host);
	for (int i = 0; i < 4; i++)
		assert_int_equal(echo_1_finish(&calls[i], &out), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

struct loader {
	pthread_t thread;
	struct ferry_client *client;
	ferry_err err;
};

static void *
load(void *arg)
{
	struct loader *l = arg;

	do {
		struct ferry_call call = ferry_call_to(l->client,
						       ferry_in_ms(10000),
						       NULL);
		uint32_t out;

		l->err = word_1_call(&call, 2, 0, &out);
	} while (!l->err);
	return NULL;
}

static void
a_stop_under_load_is_clean(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		struct loader loaders[3];
		struct ferry_client *probe;
		struct ferry_call call;
		struct host host;

		host_init(&host, NULL, 1 + (uint32_t)round % 4);
		host_listen(&host, host_scheme());
		host_run(&host);
		for (int i = 0; i < 3; i++) {
			loaders[i].client = host_client(&host);
			pthread_create(&loaders[i].thread, NULL, load,
				       &loaders[i]);
		}
		probe = host_client(&host);
		for (int i = 0; i < 50; i++) {
			call = ferry_call_to(probe, ferry_in_ms(5000), NULL);
			assert_int_equal(null_1(&call), FERRY_OK);
		}
		host_end(&host, true);
		for (int i = 0; i < 3; i++) {
			pthread_join(loaders[i].thread, NULL);
			assert_true(loaders[i].err == FERRY_ELOST ||
				    loaders[i].err == FERRY_ECONNECT);
			ferry_client_free(loaders[i].client);
		}
		ferry_client_free(probe);
		host_fini(&host);
	}
}

static void
a_stop_waits_for_answers_that_come_later(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	uint32_t out = 0;

	(void)state;
	host_init(&host, NULL, 2);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(10000), NULL);
	assert_int_equal(word_1_start(&call, 3, 5), FERRY_OK);
	host_wait_late(&host, 1);
	ferry_server_stop(host.server);
	assert_int_equal(late_1_reply(host_take_late(&host), 6), FERRY_OK);
	host_end(&host, false);
	assert_int_equal(word_1_finish(&call, &out), FERRY_OK);
	assert_int_equal(out, 6);
	ferry_client_free(client);
	host_fini(&host);
}

static void
a_server_that_was_stopped_stays_so(void **state)
{
	struct host host;

	(void)state;
	host_init(&host, NULL, 2);
	host_listen(&host, host_scheme());
	ferry_server_stop(host.server);
	ferry_server_stop(host.server);
	assert_int_equal(ferry_server_run(host.server, 2, NULL), FERRY_OK);
	assert_int_equal(ferry_server_run(host.server, 1, NULL), FERRY_OK);
	host_fini(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_one_connection_run_side_by_side),
		cmocka_unit_test(a_stop_under_load_is_clean),
		cmocka_unit_test(a_stop_waits_for_answers_that_come_later),
		cmocka_unit_test(a_server_that_was_stopped_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
