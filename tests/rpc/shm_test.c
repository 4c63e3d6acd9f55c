/* SPDX-License-Identifier: MIT */
/*
 * Calls over shared memory: no system call while both ends are awake, nobody
 * else waits for those who are, and what is longer than the ring gets through.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <poll.h>
#include <pthread.h>

#include <cmocka.h>

#include "host.h"
#include "os_fault.h"

#define SOON_MS 20000

/* ---- a server, and clients with rings of their own size ---- */

static void
serve(struct host *host, uint32_t n_threads, const char *options)
{
	struct ferry_error why = { .code = FERRY_OK };
	char addr[128];

	host_init(host, NULL, n_threads);
	snprintf(host->dir, sizeof(host->dir), "/tmp/rpc-XXXXXX");
	assert_non_null(mkdtemp(host->dir));
	snprintf(addr, sizeof(addr), "shm:%s/s%s", host->dir, options);
	if (ferry_server_listen(host->server, addr, &why))
		fail_msg("%s", why.text);
	snprintf(host->addr, sizeof(host->addr), "%s", addr);
	host_run(host);
}

/* ---- system calls ---- */

/* Of both ends, whose threads are this process's; the best of many times. */
static uint32_t
count_system_calls(uint32_t n_threads, uint32_t n_calls)
{
	uint32_t least = UINT32_MAX;
	struct ferry_client *client;
	struct host host;

	serve(&host, n_threads, "");
	client = host_client(&host);
	/* Others use the processors as well. */
	for (int i = 0; i < 3000 && least > n_calls / 16; i++) {
		uint32_t n;

		fy_os_fault_clear();
		for (uint32_t k = 0; k < n_calls; k++) {
			struct ferry_call call = ferry_call_to(
				client, ferry_in_ms(SOON_MS), NULL);

			assert_int_equal(null_1(&call), FERRY_OK);
		}
		n = fy_os_fault_count(FY_OS_any);
		if (n < least)
			least = n;
	}
	ferry_client_free(client);
	host_fini(&host);
	return least;
}

static void
who_is_awake_makes_no_system_call_for_a_call(void **state)
{
	enum { CALLS = 256 };

	(void)state;
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		skip();
	/* One alone looks for others now and then. */
	assert_true(count_system_calls(1, CALLS) <= CALLS / 16);
	assert_true(count_system_calls(2, CALLS) <= CALLS / 16);
}

static int64_t
cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
}

static void
who_has_nothing_to_do_sleeps(void **state)
{
	struct pollfd none = { .fd = -1 };
	struct ferry_client *client;
	struct ferry_call call;
	struct host host;
	int64_t before_ns;
	uint32_t out;

	(void)state;
	serve(&host, 2, "");
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(SOON_MS), NULL);
	assert_int_equal(word_1_call(&call, 2, 0, &out), FERRY_OK);
	before_ns = cpu_ns();
	/* Its time is what is measured. */
	poll(&none, 1, 500);
	assert_true(cpu_ns() - before_ns < 50000000);
	assert_int_equal(word_1_call(&call, 2, 0, &out), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

/* ---- others ---- */

struct caller {
	pthread_t thread;
	struct ferry_client *client;
	const bool *stop;
	uint32_t n_calls;
	uint32_t n_wrong;
};

static void *
call_on(void *arg)
{
	struct caller *c = arg;

	while (!__atomic_load_n(c->stop, __ATOMIC_RELAXED)) {
		struct ferry_call call = ferry_call_to(
			c->client, ferry_in_ms(SOON_MS), NULL);

		c->n_wrong += null_1(&call) != FERRY_OK;
		__atomic_store_n(&c->n_calls, c->n_calls + 1,
				 __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Until each has had so many more calls answered. */
static void
await_calls(const struct caller *callers, uint32_t n, uint32_t more)
{
	struct ferry_deadline until = ferry_in_ms(SOON_MS);
	struct pollfd none = { .fd = -1 };

	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *count = &callers[i].n_calls;
		uint32_t first = __atomic_load_n(count, __ATOMIC_RELAXED);

		while (__atomic_load_n(count, __ATOMIC_RELAXED) <
		       first + more) {
			assert_true(ferry_in_ns(0).ns < until.ns);
			poll(&none, 1, 1);
		}
	}
}

static void
no_connection_waits_for_those_that_are_busy(void **state)
{
	enum { N = 5, NEW = 20 };
	struct caller callers[N];
	struct host host;
	bool stop = false;

	(void)state;
	serve(&host, 1, "");
	for (int i = 0; i < N; i++) {
		callers[i] = (struct caller){ .client = host_client(&host),
					      .stop = &stop };
		pthread_create(&callers[i].thread, NULL, call_on, &callers[i]);
		await_calls(callers, (uint32_t)i + 1, 100);
	}
	for (int i = 0; i < NEW; i++) {
		struct ferry_client *client = host_client(&host);
		struct ferry_call call =
			ferry_call_to(client, ferry_in_ms(SOON_MS), NULL);

		assert_int_equal(null_1(&call), FERRY_OK);
		ferry_client_free(client);
	}
	await_calls(callers, N, 100);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < N; i++) {
		pthread_join(callers[i].thread, NULL);
		assert_int_equal(callers[i].n_wrong, 0);
		ferry_client_free(callers[i].client);
	}
	host_fini(&host);
}

/* ---- more than the ring holds ---- */

/* Each makes a connection that is parked ring for room a few hundred times. */
static void
replies_longer_than_the_ring_wait_for_who_reads(void **state)
{
	enum { N = 16, BYTES = 100000 };
	static struct ferry_call calls[N];
	struct ferry_arena mem = { 0 };
	struct ferry_client *client;
	struct ferry_bytes out;
	struct host host;

	(void)state;
	for (uint32_t n_threads = 1; n_threads <= 3; n_threads++) {
		serve(&host, n_threads, "?ring=4k");
		client = host_client(&host);
		for (int i = 0; i < N; i++) {
			calls[i] = ferry_call_to(client, ferry_in_ms(SOON_MS),
						 &mem);
			assert_int_equal(word_1_start(&calls[i], 4, BYTES),
					 FERRY_OK);
		}
		for (int i = 0; i < N; i++) {
			assert_int_equal(echo_1_finish(&calls[i], &out),
					 FERRY_OK);
			assert_int_equal(out.len, BYTES);
		}
		ferry_client_free(client);
		host_fini(&host);
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
}

static void
all_done(struct ferry_client *client, const struct ferry_call *calls, int n)
{
	struct ferry_deadline until = ferry_in_ms(SOON_MS);
	struct pollfd p = { .events = POLLIN };

	assert_int_equal(ferry_client_fd(client, &p.fd), FERRY_OK);
	for (int i = 0; i < n;) {
		assert_true(ferry_in_ns(0).ns < until.ns);
		if (ferry_call_done(&calls[i])) {
			i++;
			continue;
		}
		assert_int_equal(poll(&p, 1, SOON_MS), 1);
		assert_int_equal(ferry_client_process(client), FERRY_OK);
	}
}

static void
a_foreign_loop_sends_and_gets_more_than_the_rings_hold(void **state)
{
	enum { N = 16, BYTES = 20000 };
	static struct ferry_call calls[N];
	static uint8_t data[BYTES];
	struct ferry_arena mem = { 0 };
	struct ferry_client *client;
	struct ferry_bytes out;
	struct host host;

	(void)state;
	serve(&host, 2, "?ring=4k");
	client = host_client(&host);
	for (int round = 0; round < 20; round++) {
		int fd;

		assert_int_equal(ferry_client_fd(client, &fd), FERRY_OK);
		for (int i = 0; i < N; i++) {
			calls[i] = ferry_call_to(client, ferry_in_ms(SOON_MS),
						 &mem);
			assert_int_equal(
				echo_1_start(&calls[i],
					     (struct ferry_bytes){ data,
								   BYTES }),
				FERRY_OK);
		}
		all_done(client, calls, N);
		for (int i = 0; i < N; i++) {
			assert_int_equal(echo_1_finish(&calls[i], &out),
					 FERRY_OK);
			assert_int_equal(out.len, BYTES);
		}
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
	ferry_client_free(client);
	host_fini(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_awake_makes_no_system_call_for_a_call),
		cmocka_unit_test(who_has_nothing_to_do_sleeps),
		cmocka_unit_test(no_connection_waits_for_those_that_are_busy),
		cmocka_unit_test(
			replies_longer_than_the_ring_wait_for_who_reads),
		cmocka_unit_test(
			a_foreign_loop_sends_and_gets_more_than_the_rings_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
