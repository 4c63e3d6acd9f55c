/* SPDX-License-Identifier: MIT */
/* Over a name service that can be held up. */
#include "transport/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"
#include "core/os.h"
#include "core/time.h"
#include "os_fault.h"

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				       .ai_flags = AI_NUMERICSERV };

static ferry_err
resolve(const char *host, struct ferry_deadline until, struct ferry_error *why)
{
	const struct fy_resolve_query query = { host, "0", &hints };
	struct addrinfo *list = NULL;
	ferry_err err = fy_resolve(&query, until, &list, why);

	assert_int_equal(err == FERRY_OK, list != NULL);
	fy_os_freeaddrinfo(list);
	return err;
}

/* The thread that nobody waits for closes its descriptor last. */
static void
wait_for_fds(size_t n_fds)
{
	struct ferry_deadline until = ferry_in_ms(20000);

	while (fy_audit_fds() != n_fds && !fy_deadline_passed(until))
		sched_yield();
	assert_int_equal(fy_audit_fds(), n_fds);
}

static void
numbers_need_no_time(void **state)
{
	(void)state;
	assert_int_equal(resolve("127.0.0.1", FERRY_NOW, NULL), FERRY_OK);
	assert_int_equal(resolve("::1", FERRY_NOW, NULL), FERRY_OK);
	assert_int_equal(resolve("", FERRY_NOW, NULL), FERRY_OK);
	assert_int_equal(fy_os_fault_count(FY_OS_thread_start), 0);
	assert_int_equal(resolve("localhost", FERRY_NOW, NULL), FERRY_EAGAIN);
}

static void
a_name_is_looked_up_by_its_deadline(void **state)
{
	size_t n_fds = fy_audit_fds();

	(void)state;
	assert_int_equal(resolve("localhost", FERRY_NEVER, NULL), FERRY_OK);
	assert_int_equal(resolve("localhost", ferry_in_ms(20000), NULL),
			 FERRY_OK);
	wait_for_fds(n_fds);
}

static void
a_name_service_that_hangs_is_left_behind(void **state)
{
	size_t n_fds = fy_audit_fds();
	struct ferry_error why;
	struct ferry_channel *ch;
	int gate[2];

	(void)state;
	assert_int_equal(pipe(gate), 0);
	fy_os_fault_set(&(struct fy_os_fault){ .lookup_gate = gate[0] });
	assert_int_equal(resolve("localhost", ferry_in_ms(20), &why),
			 FERRY_ETIMEDOUT);
	assert_non_null(strstr(why.text, "localhost"));
	assert_int_equal(resolve("127.0.0.1", ferry_in_ms(20), NULL), FERRY_OK);
	assert_int_equal(ferry_channel_open("tcp:localhost:1", NULL,
					    ferry_in_ms(20), &ch, NULL),
			 FERRY_ETIMEDOUT);
	/* The threads go on, and end. */
	close(gate[1]);
	wait_for_fds(n_fds + 1);
	fy_os_fault_clear();
	close(gate[0]);
}

/* A child of a fork has none of the threads that were left. */
static void
expect_a_child_looks_up(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		fy_os_fault_clear();
		_exit(resolve("localhost", ferry_in_ms(20000), NULL) !=
		      FERRY_OK);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Threads of a name service that hangs are not started without end. */
static void
so_many_are_left_behind_and_no_more(void **state)
{
	size_t n_fds = fy_audit_fds();
	struct ferry_error why;
	int gate[2];

	(void)state;
	assert_int_equal(pipe(gate), 0);
	fy_os_fault_set(&(struct fy_os_fault){ .lookup_gate = gate[0] });
	for (int i = 0; i < FY_RESOLVE_LEFT_MOST + 10; i++)
		assert_int_equal(resolve("localhost", ferry_in_ms(1), &why),
				 FERRY_ETIMEDOUT);
	assert_non_null(strstr(why.text, "asked before"));
	assert_int_equal(fy_os_fault_count(FY_OS_thread_start),
			 FY_RESOLVE_LEFT_MOST);
	if (!__tsan_init)
		expect_a_child_looks_up();
	close(gate[1]);
	wait_for_fds(n_fds + 1);
	fy_os_fault_clear();
	close(gate[0]);
	assert_int_equal(resolve("localhost", ferry_in_ms(20000), NULL),
			 FERRY_OK);
	wait_for_fds(n_fds);
}

static void
what_fails_leaves_nothing(void **state)
{
	static const enum fy_os_call calls[] = {
		FY_OS_eventfd, FY_OS_thread_start, FY_OS_poll,
	};
	size_t n_fds = fy_audit_fds();

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.call = calls[i], .at = 1, .error = EMFILE });
		assert_int_equal(resolve("localhost", ferry_in_ms(20000), NULL),
				 FERRY_ESYS);
		wait_for_fds(n_fds);
		fy_os_fault_clear();
	}
}

static void
what_is_no_host_is_named(void **state)
{
	struct ferry_error why;

	(void)state;
	assert_int_equal(resolve("no-such-host.invalid", ferry_in_ms(20000),
				 &why),
			 FERRY_ECONNECT);
	assert_non_null(strstr(why.text, "no-such-host.invalid"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_need_no_time),
		cmocka_unit_test(a_name_is_looked_up_by_its_deadline),
		cmocka_unit_test(a_name_service_that_hangs_is_left_behind),
		cmocka_unit_test(so_many_are_left_behind_and_no_more),
		cmocka_unit_test(what_fails_leaves_nothing),
		cmocka_unit_test(what_is_no_host_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
