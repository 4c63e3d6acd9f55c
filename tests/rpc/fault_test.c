/* SPDX-License-Identifier: MIT */
/*
 * A server, a client and their calls, again and again: each time another
 * system call, or another allocation, fails, once or for ever. Nothing may
 * hang, leak, or crash; what is reported may be anything but a wrong result.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pthread.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "audit.h"
#include "heap.h"
#include "os_fault.h"

#include "host.h"

struct act {
	struct fy_test_heap heap;
	struct ferry_server *server;
	struct ferry_client *client;
	pthread_t thread;
	bool running;
	int64_t call_ms; /* short where a call may wait in vain */
	uint32_t n_good; /* calls that succeeded */
	uint32_t n_wrong;
};

static void *
run(void *arg)
{
	struct act *act = arg;

	if (ferry_server_run(act->server, 2, NULL))
		return act;
	return NULL;
}

static ferry_err
on_echo(struct ferry_call *call, struct ferry_bytes in, struct ferry_bytes *out)
{
	(void)call;
	*out = in;
	return FERRY_OK;
}

static const struct echo_1_ops ops = { .echo = on_echo };

/* Whether both sides came to be. */
static bool
open_both(struct act *act, const int fds[2])
{
	const struct ferry_server_config server = {
		.hooks = &act->heap.hooks,
		.drain_ms = 50,
	};
	const struct ferry_client_config client = { .hooks = &act->heap.hooks };
	char addr[32];

	if (ferry_server_new(&server, &act->server, NULL) ||
	    ferry_server_add(act->server, &echo_1, &ops, NULL))
		return false;
	snprintf(addr, sizeof(addr), "fd:%d", fds[0]);
	if (ferry_server_listen(act->server, addr, NULL))
		return false;
	snprintf(addr, sizeof(addr), "fd:%d", fds[1]);
	if (ferry_client_open(addr, &client, ferry_in_ms(1000), &act->client,
			      NULL))
		return false;
	act->running = pthread_create(&act->thread, NULL, run, act) == 0;
	return act->running;
}

static void
call_echo(struct act *act, struct ferry_arena *mem, const uint8_t *data,
	  uint32_t len)
{
	struct ferry_call call = ferry_call_to(
		act->client, ferry_in_ms(act->call_ms), mem);
	struct ferry_bytes out = { NULL, 0 };

	if (echo_1_call(&call, (struct ferry_bytes){ data, len }, &out))
		return;
	act->n_good++;
	if (out.len != len || memcmp(out.data, data, len) != 0)
		act->n_wrong++;
}

static void
call_all(struct act *act)
{
	static const uint32_t sizes[] = { 0, 40, 3000, 70000 };
	uint8_t *data = calloc(1, 70000);
	struct ferry_arena mem;

	ferry_arena_init(&mem, &act->heap.hooks);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		call_echo(act, &mem, data, sizes[i]);
	ferry_arena_fini(&mem);
	free(data);
}

/* @fault NULL: only the heap fails, at @fail_at. Return: what was asked for. */
static uint32_t
play(const struct fy_os_fault *fault, size_t fail_at, bool for_ever,
     uint32_t *n_good)
{
	size_t n_fds = fy_audit_fds();
	bool healthy = fail_at == 0 && (!fault || fault->at == 0);
	struct act act = { .call_ms = healthy ? 10000 : 50 };
	uint32_t count;
	int fds[2];

	fy_test_heap_init(&act.heap);
	act.heap.fail_at = fail_at;
	act.heap.for_ever = for_ever;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				    fds), 0);
	if (fault)
		fy_os_fault_set(fault);
	else
		fy_os_fault_clear();
	if (open_both(&act, fds))
		call_all(&act);
	ferry_client_free(act.client);
	if (act.running) {
		ferry_server_stop(act.server);
		pthread_join(act.thread, NULL);
	}
	ferry_server_free(act.server);
	count = fault ? fy_os_fault_count(FY_OS_any)
		      : (uint32_t)act.heap.n_asked;
	fy_os_fault_clear();
	/* Those that nobody took over are still the test's. */
	for (int i = 0; i < 2; i++) {
		if (fy_audit_fds() > n_fds)
			close(fds[i]);
	}
	assert_int_equal(fy_audit_fds(), n_fds);
	assert_int_equal(act.heap.n_live, 0);
	assert_int_equal(act.n_wrong, 0);
	*n_good = act.n_good;
	return count;
}

static void
every_system_call_can_fail_once(void **state)
{
	struct fy_os_fault fault = { .call = FY_OS_any, .error = EIO };
	uint32_t n_good = 0;
	uint32_t n = play(&fault, 0, false, &n_good);

	(void)state;
	assert_int_equal(n_good, 4);
	assert_true(n > 20);
	for (uint32_t at = 1; at <= n; at++) {
		fault.at = at;
		play(&fault, 0, false, &n_good);
	}
}

static void
every_system_call_can_fail_for_ever(void **state)
{
	struct fy_os_fault fault = { .error = EIO, .for_ever = true };
	uint32_t n_good = 0;

	(void)state;
	for (int call = FY_OS_any + 1; call < FY_OS_N_CALLS; call++) {
		/*
		 * The one write here rings an eventfd, and that cannot fail,
		 * nor can joining a thread of one's own. Without them a thread
		 * that sleeps is told of nothing, one that ends never ends.
		 */
		if (call == FY_OS_write || call == FY_OS_thread_join)
			continue;
		fault.call = (enum fy_os_call)call;
		for (fault.at = 1; fault.at <= 6; fault.at++)
			play(&fault, 0, false, &n_good);
	}
}

static void
short_reads_and_writes_change_nothing(void **state)
{
	struct fy_os_fault fault = { .call = FY_OS_any, .io_most = 1000 };
	uint32_t n_good = 0;

	(void)state;
	play(&fault, 0, false, &n_good);
	assert_int_equal(n_good, 4);
}

static void
every_allocation_can_fail(void **state)
{
	uint32_t n_good = 0;
	uint32_t n = play(NULL, 0, false, &n_good);

	(void)state;
	assert_int_equal(n_good, 4);
	assert_true(n > 5);
	for (uint32_t at = 1; at <= n; at++) {
		play(NULL, at, false, &n_good);
		play(NULL, at, true, &n_good);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_can_fail),
		cmocka_unit_test(short_reads_and_writes_change_nothing),
		cmocka_unit_test(every_system_call_can_fail_once),
		cmocka_unit_test(every_system_call_can_fail_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
