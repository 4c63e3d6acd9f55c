/* SPDX-License-Identifier: MIT */
/*
 * Each system call of fifo: fails once, and then all that follow. The other end
 * is in a child, where nothing fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "fifo_place.h"
#include "os_fault.h"

static const int errors[] = { EIO, EMFILE, ENOSPC, EACCES };

/* What unlink and rmdir were not allowed to remove. */
static void
remove_leftovers(const struct place *p)
{
	char path[100];

	snprintf(path, sizeof(path), "%s.takeover", p->path);
	unlink(path);
	unlink(p->path);
	if (rmdir(p->pairs) < 0)
		assert_int_equal(errno, ENOENT);
}

static void
kill_child(pid_t child)
{
	int status;

	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
}

/* ---- the listener ---- */

static pid_t
start_client(const struct place *p)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		fy_os_fault_clear();
		(void)place_try_open(p->addr, FERRY_NEVER, NULL);
		_exit(0);
	}
	return child;
}

/*
 * Listens, and accepts a client of whom something is there. FERRY_OK: he was.
 */
static ferry_err
serve(struct place *p)
{
	struct ferry_listener *port;
	struct ferry_channel *ch = NULL;
	struct pollfd waits = { .events = POLLIN };
	ferry_err err = ferry_listener_open(p->addr, NULL, &port, NULL);
	pid_t child;

	if (err)
		return err;
	err = ferry_listener_fd(port, &waits.fd, NULL);
	child = start_client(p);
	if (!err && poll(&waits, 1, PLACE_WAIT_MS) != 1)
		err = FERRY_ETIMEDOUT;
	if (!err)
		err = ferry_listener_accept(port, FERRY_NOW, &ch, NULL);
	if (!err)
		ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_listener_close(port);
	kill_child(child);
	return err;
}

static void
a_listener_survives_what_fails(void **state)
{
	struct place *p = *state;
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(serve(p), FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	assert_true(n > 20);
	for (uint32_t i = 1; i <= 2 * n; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.at = (i + 1) / 2,
			.for_ever = i % 2,
			.error = errors[i / 2 % 4] });
		(void)serve(p);
		fy_os_fault_clear();
		assert_int_equal(fy_audit_fds(), p->n_fds);
		/* The next listener clears what could not be removed. */
		assert_int_equal(place_try_listen(p, NULL, NULL), FERRY_OK);
		remove_leftovers(p);
		assert_int_equal(place_entries(p->folder), 0);
	}
}

/* ---- the client ---- */

/* Accepts whoever comes, for ever. */
static pid_t
start_listener(const struct place *p)
{
	int told[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct ferry_listener *port;
		struct ferry_channel *ch;

		if (ferry_listener_open(p->addr, NULL, &port, NULL) ||
		    write(told[1], "y", 1) != 1)
			_exit(1);
		while (!ferry_listener_accept(port, FERRY_NEVER, &ch, NULL))
			ferry_channel_close(ch, FERRY_NOW, NULL);
		_exit(2);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	close(told[0]);
	return child;
}

static void
a_client_leaves_nothing_whatever_fails(void **state)
{
	struct place *p = *state;
	pid_t child = start_listener(p);
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS),
					NULL),
			 FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	assert_true(n > 10);
	for (uint32_t i = 1; i <= n; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.at = i, .error = errors[i % 4] });
		(void)place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), NULL);
		fy_os_fault_clear();
		assert_int_equal(fy_audit_fds(), p->n_fds);
	}
	/* He is behind all that were said hello to when he has answered. */
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS),
					NULL),
			 FERRY_OK);
	assert_int_equal(place_entries(p->pairs), 0);
	kill_child(child);
	remove_leftovers(p);
}

/* ---- a full file system ---- */

static void
without_room_for_names_the_error_says_so(void **state)
{
	static const enum fy_os_call calls[] = { FY_OS_mkdir, FY_OS_mkfifo };
	struct place *p = *state;
	struct ferry_error why;

	for (int i = 0; i < 2; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.call = calls[i], .at = 1, .error = ENOSPC });
		assert_int_equal(place_try_listen(p, NULL, &why), FERRY_ESYS);
		fy_os_fault_clear();
		assert_int_equal(why.sys_errno, ENOSPC);
		assert_non_null(strstr(why.text, p->path));
		assert_int_equal(place_entries(p->folder), 0);
	}
	place_listen(p);
	fy_os_fault_set(&(struct fy_os_fault){
		.call = FY_OS_mkfifo_at, .at = 2, .error = ENOSPC });
	assert_int_equal(place_try_open(p->addr, FERRY_NOW, &why), FERRY_ESYS);
	fy_os_fault_clear();
	assert_int_equal(why.sys_errno, ENOSPC);
	assert_int_equal(place_entries(p->pairs), 0);
}

/* Its folder is removed, or emptied, between two steps of the client. */
static void
a_client_of_a_listener_that_just_ended_learns_that(void **state)
{
	static const struct {
		enum fy_os_call call;
		uint32_t at;
	} steps[] = { { FY_OS_mkfifo_at, 1 },
		      { FY_OS_open_at, 1 },
		      { FY_OS_mkfifo_at, 2 },
		      { FY_OS_open_at, 3 } };
	struct place *p = *state;
	struct ferry_error why;

	place_listen(p);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fy_os_fault_set(&(struct fy_os_fault){ .call = steps[i].call,
						       .at = steps[i].at,
						       .error = ENOENT });
		assert_int_equal(place_try_open(p->addr, FERRY_NOW, &why),
				 FERRY_ECONNECT);
		fy_os_fault_clear();
		assert_non_null(strstr(why.text, "ended"));
		assert_int_equal(place_entries(p->pairs), 0);
	}
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, place_open, place_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_survives_what_fails),
		TEST(a_client_leaves_nothing_whatever_fails),
		TEST(without_room_for_names_the_error_says_so),
		TEST(a_client_of_a_listener_that_just_ended_learns_that),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
