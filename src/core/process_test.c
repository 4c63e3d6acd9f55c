/* SPDX-License-Identifier: MIT */
#include "core/process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Whether the child @pid, which is this process where it is 0, knows itself. */
static void
judge(pid_t pid)
{
	int status;

	if (pid == 0) {
		bool knows = fy_process_id() == getpid();
		bool stays = fy_process_id() == getpid();

		_exit(knows && stays ? 0 : 1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
a_process_knows_its_number(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(fy_process_id(), getpid());
}

static void
a_child_has_its_own(void **state)
{
	(void)state;
	assert_int_equal(fy_process_id(), getpid());
	judge(fork());
	assert_int_equal(fy_process_id(), getpid());
}

static void
so_has_one_that_libc_knows_nothing_of(void **state)
{
	(void)state;
	assert_int_equal(fy_process_id(), getpid());
	judge((pid_t)syscall(SYS_clone, SIGCHLD, 0, NULL, NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_knows_its_number),
		cmocka_unit_test(a_child_has_its_own),
		cmocka_unit_test(so_has_one_that_libc_knows_nothing_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
