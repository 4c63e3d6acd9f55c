/* SPDX-License-Identifier: MIT */
#include "transport/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/os.h"

/* A child that tells its life and then waits to be killed. */
static pid_t
start_child(struct fy_life *out, uid_t uid)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(fy_os_pipe(fds, 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct fy_life life;

		/* Its name is to mislead who reads /proc/PID/stat. */
		if (prctl(PR_SET_NAME, "a) R 1 (b") < 0 ||
		    (uid != 0 && setresuid(uid, uid, uid) < 0) ||
		    fy_life_self(&life, NULL))
			_exit(1);
		(void)!fy_os_write(fds[1], &life, sizeof(life));
		for (;;)
			pause();
	}
	assert_int_equal(fy_os_read(fds[0], out, sizeof(*out)), sizeof(*out));
	fy_os_close(fds[0]);
	fy_os_close(fds[1]);
	return pid;
}

static void
end_child(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
a_process_finds_itself(void **state)
{
	struct fy_life life;
	int fd = -1;

	(void)state;
	assert_int_equal(fy_life_self(&life, NULL), FERRY_OK);
	assert_int_equal(life.pid, getpid());
	assert_int_equal(life.zero, 0);
	assert_false(fy_life_is_dead(&life));
	assert_int_equal(fy_life_open(&life, geteuid(), &fd, NULL), FERRY_OK);
	assert_true(fd >= 0);
	fy_os_close(fd);
}

static void
the_end_of_a_process_is_readable(void **state)
{
	struct pollfd end = { .events = POLLIN };
	struct fy_life life;
	pid_t pid = start_child(&life, 0);

	(void)state;
	assert_int_equal(life.pid, pid);
	assert_int_equal(fy_life_open(&life, geteuid(), &end.fd, NULL),
			 FERRY_OK);
	assert_int_equal(fy_os_poll(&end, 1, FERRY_NOW), 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(fy_os_poll(&end, 1, ferry_in_ms(10000)), 1);
	/* Nobody has waited for it: a zombie is dead. */
	assert_true(fy_life_is_dead(&life));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(fy_life_is_dead(&life));
	fy_os_close(end.fd);
}

static void
a_dead_process_is_not_opened(void **state)
{
	struct ferry_error why;
	struct fy_life life;
	int fd = -7;
	pid_t pid = start_child(&life, 0);

	(void)state;
	end_child(pid);
	assert_int_equal(fy_life_open(&life, geteuid(), &fd, &why),
			 FERRY_ECONNECT);
	assert_int_equal(fd, -7);
}

static void
another_process_of_the_same_number_is_not_it(void **state)
{
	struct fy_life life;
	int fd = -1;

	(void)state;
	assert_int_equal(fy_life_self(&life, NULL), FERRY_OK);
	life.start--;
	assert_true(fy_life_is_dead(&life));
	assert_int_equal(fy_life_open(&life, geteuid(), &fd, NULL),
			 FERRY_ECONNECT);
}

static void
another_namespace_is_neither_dead_nor_opened(void **state)
{
	struct ferry_error why;
	struct fy_life life;
	int fd = -1;

	(void)state;
	assert_int_equal(fy_life_self(&life, NULL), FERRY_OK);
	life.pid_ns++;
	assert_false(fy_life_is_dead(&life));
	assert_int_equal(fy_life_open(&life, geteuid(), &fd, &why),
			 FERRY_ENOTSUP);
	assert_non_null(strstr(why.text, "pid namespace"));
}

static void
what_no_process_can_be_is_refused(void **state)
{
	const int32_t pids[] = { 0, -1, INT32_MIN, INT32_MAX };
	struct fy_life life;
	int fd = -1;

	(void)state;
	assert_int_equal(fy_life_self(&life, NULL), FERRY_OK);
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		life.pid = pids[i];
		assert_int_not_equal(fy_life_open(&life, geteuid(), &fd, NULL),
				     FERRY_OK);
	}
	assert_int_equal(fd, -1);
}

static void
another_users_process_is_refused(void **state)
{
	struct ferry_error why;
	struct fy_life life;
	int fd = -1;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = start_child(&life, 65534);
	assert_int_equal(fy_life_open(&life, 0, &fd, &why), FERRY_EACCES);
	assert_non_null(strstr(why.text, "uid 65534"));
	assert_int_equal(fy_life_open(&life, 65534, &fd, NULL), FERRY_OK);
	fy_os_close(fd);
	end_child(pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_finds_itself),
		cmocka_unit_test(the_end_of_a_process_is_readable),
		cmocka_unit_test(a_dead_process_is_not_opened),
		cmocka_unit_test(another_process_of_the_same_number_is_not_it),
		cmocka_unit_test(another_namespace_is_neither_dead_nor_opened),
		cmocka_unit_test(what_no_process_can_be_is_refused),
		cmocka_unit_test(another_users_process_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
