/* SPDX-License-Identifier: MIT */
/* exec: beyond what tests/conformance asks of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/wait.h>

#include "channel/channel.h"
#include "core/time.h"

static const struct fy_channel_config config = { .link.max_message = 1000 };

static void
a_command_that_is_not_there_is_named(void **state)
{
	struct ferry_channel ch = { 0 };
	struct ferry_error why;

	(void)state;
	assert_int_equal(fy_channel_open(&ch, &config,
					 "exec:no-such-ferry-program x",
					 FERRY_NEVER, &why),
			 FERRY_ECONNECT);
	assert_non_null(strstr(why.text, "no-such-ferry-program"));
	assert_int_equal(fy_channel_open(&ch, &config, "exec:/etc/passwd",
					 FERRY_NEVER, &why),
			 FERRY_EACCES);
	assert_int_equal(fy_channel_open(&ch, &config, "exec:'", FERRY_NEVER,
					 &why),
			 FERRY_EADDR);
}

static void
a_child_that_does_not_end_is_ended_within_a_second(void **state)
{
	struct ferry_channel ch = { 0 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	struct ferry_deadline until;

	(void)state;
	/* It writes an empty message when it ignores SIGTERM. */
	assert_int_equal(fy_channel_open(&ch, &config,
					 "exec:sh -c 'trap \"\" TERM; "
					 "printf \"\\\\200\\\\0\\\\0\\\\0\"; "
					 "exec sleep 100'",
					 FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(&ch, &mem, &got, ferry_in_ms(20000),
					 NULL),
			 FERRY_OK);
	until = ferry_in_ms(1900);
	fy_channel_fini(&ch);
	assert_false(fy_deadline_passed(until));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_that_is_not_there_is_named),
		cmocka_unit_test(
			a_child_that_does_not_end_is_ended_within_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
