/* SPDX-License-Identifier: MIT */
/* The part of core/os.h that starts programs. */
#include "core/os.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>

static void
a_program_that_does_not_exist_is_not_started(void **state)
{
	char *argv[] = { "no-such-program-of-ferry", NULL };
	pid_t pid = -7;
	int fds[2];

	(void)state;
	assert_int_equal(fy_os_pipe(fds, 0), 0);
	assert_int_equal(fy_os_spawn(&pid, argv, (int[]){ fds[0], fds[1], -1 }), -1);
	assert_int_equal(errno, ENOENT);
	fy_os_close(fds[0]);
	fy_os_close(fds[1]);
}

static void
a_started_program_reads_and_writes_what_it_was_given(void **state)
{
	char *argv[] = { "cat", NULL };
	struct pollfd end;
	int in[2], out[2];
	int status = -1;
	char got[8];
	pid_t pid;

	(void)state;
	assert_int_equal(fy_os_pipe(in, 0), 0);
	assert_int_equal(fy_os_pipe(out, 0), 0);
	assert_int_equal(fy_os_spawn(&pid, argv, (int[]){ in[0], out[1], -1 }), 0);
	fy_os_close(in[0]);
	fy_os_close(out[1]);
	assert_int_equal(fy_os_write(in[1], "meow", 4), 4);
	assert_int_equal(fy_os_read(out[0], got, sizeof(got)), 4);
	assert_memory_equal(got, "meow", 4);
	end = (struct pollfd){ fy_os_pidfd_open(pid), POLLIN, 0 };
	assert_int_equal(fy_os_poll(&end, 1, FERRY_NOW), 0);
	fy_os_close(in[1]);
	assert_int_equal(fy_os_poll(&end, 1, ferry_in_ms(10000)), 1);
	assert_int_equal(fy_os_waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	fy_os_close(end.fd);
	fy_os_close(out[0]);
}

static void
a_group_ends_whole_and_knows_its_own_environment(void **state)
{
	/* The shell's child has the pipe, too: it closes when both are gone. */
	char *argv[] = { "sh", "-c", "tail -f /dev/null & echo $WORD; wait",
			 NULL };
	char *env[] = { "WORD=miaow", NULL };
	struct pollfd end = { .events = POLLIN };
	int in[2], out[2];
	char got[16];
	pid_t pid;

	(void)state;
	assert_int_equal(fy_os_pipe(in, 0), 0);
	assert_int_equal(fy_os_pipe(out, 0), 0);
	assert_int_equal(fy_os_spawn_group(&pid, argv, env,
					   (int[]){ in[0], out[1] }), 0);
	fy_os_close(in[0]);
	fy_os_close(out[1]);
	fy_os_close(in[1]);
	assert_int_equal(fy_os_read(out[0], got, sizeof(got)), 6);
	assert_memory_equal(got, "miaow\n", 6);
	end.fd = out[0];
	assert_int_equal(fy_os_kill(-pid, SIGKILL), 0);
	assert_int_equal(fy_os_poll(&end, 1, ferry_in_ms(10000)), 1);
	assert_int_equal(fy_os_waitpid(pid, NULL, 0), pid);
	fy_os_close(out[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_does_not_exist_is_not_started),
		cmocka_unit_test(
			a_started_program_reads_and_writes_what_it_was_given),
		cmocka_unit_test(
			a_group_ends_whole_and_knows_its_own_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
