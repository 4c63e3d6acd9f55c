/* SPDX-License-Identifier: MIT */
/*
 * kill -9 before each system call of sysv:. A listener and a client, each a
 * process of its own, meet, talk and part; one of them is killed on the way,
 * the other one as well or left to find out. The next listener leaves no queue
 * and no note.
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
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os_fault.h"
#include "sysv_world.h"

/* No process makes so many calls here. */
#define CALLS_MOST 1000
/*
 * What nobody answers is given up after this time; who came later than that, on
 * a busy machine, tries again.
 */
#define PATIENCE_MS 30
#define MISSED_MOST 100

enum { MET, FAILED, MISSED };

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

static void
listen_and_part(struct world *w, int ready)
{
	if (ferry_listener_open(w->addr, NULL, &w->listener, NULL) ||
	    write(ready, "x", 1) != 1)
		_exit(FAILED);
	close(ready);
	if (ferry_listener_accept(w->listener, ferry_in_ms(PATIENCE_MS), &w->b,
				  NULL)) {
		world_disconnect(w);
		_exit(MISSED);
	}
	(void)world_error(w->b, ferry_in_ms(FAIL_MS));
	(void)!ferry_channel_send(w->b, world_bytes("y"), ferry_in_ms(FAIL_MS),
				  NULL);
	world_disconnect(w);
}

static void
dial_and_part(struct world *w, int ready)
{
	char byte;
	int fd;

	if (read(ready, &byte, 1) != 1)
		_exit(FAILED);
	if (ferry_channel_open(w->addr, NULL, ferry_in_ms(FAIL_MS), &w->a,
			       NULL))
		_exit(MISSED);
	(void)!ferry_channel_fd(w->a, &fd, NULL);
	(void)!ferry_channel_send(w->a, world_bytes("x"), ferry_in_ms(FAIL_MS),
				  NULL);
	(void)world_error(w->a, ferry_in_ms(FAIL_MS));
	world_disconnect(w);
}

/* A child that is killed before its call number @at, unless that is 0. */
static pid_t
start(struct world *w, void (*act)(struct world *w, int ready),
      const int ready[2], int side, uint32_t at)
{
	pid_t pid = fork();

	if (pid == 0) {
		alarm(FAIL_MS / 1000 * 2);
		close(ready[!side]);
		if (at > 0)
			fy_os_fault_set(&(struct fy_os_fault){
				.call = FY_OS_any, .at = at,
				.signal = SIGKILL });
		act(w, ready[side]);
		_exit(MET);
	}
	assert_true(pid > 0);
	return pid;
}

static int
end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* Nobody waits for ever. */
	assert_false(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
	return status;
}

static int
count_notes(const struct world *w)
{
	char inner[80];
	struct dirent *entry;
	DIR *folder;
	int n = 0;

	snprintf(inner, sizeof(inner), "%s/ferry", w->folder);
	folder = opendir(inner);
	while (folder && (entry = readdir(folder)))
		n += strncmp(entry->d_name, "sysv.", 5) == 0;
	if (folder)
		closedir(folder);
	return n;
}

/* Return: how the one ended that was to be killed. */
static int
try_to_kill(struct world *w, bool client, uint32_t at, bool both)
{
	int ready[2];
	pid_t pids[2];
	int status;

	assert_int_equal(pipe(ready), 0);
	pids[0] = start(w, listen_and_part, ready, 1, client ? 0 : at);
	pids[1] = start(w, dial_and_part, ready, 0, client ? at : 0);
	close(ready[0]);
	close(ready[1]);
	status = end_of(pids[client]);
	if (both)
		kill(pids[!client], SIGKILL);
	end_of(pids[!client]);
	world_listen(w);
	world_disconnect(w);
	assert_int_equal(world_queues(), w->n_queues);
	assert_int_equal(count_notes(w), 0);
	return status;
}

/* Return: whether there was a call number @at. */
static bool
kill_at(struct world *w, bool client, uint32_t at, bool both)
{
	int missed = 0;
	int status;

	do
		status = try_to_kill(w, client, at, both);
	while (WIFEXITED(status) && WEXITSTATUS(status) == MISSED &&
	       missed++ < MISSED_MOST);
	return WIFSIGNALED(status);
}

static void
kill_at_each(struct world *w, bool client)
{
	for (int both = 0; both < 2; both++) {
		uint32_t at = 1;

		if (__tsan_init)
			skip();
		while (at < CALLS_MOST && kill_at(w, client, at, both))
			at++;
		assert_in_range(at, 60, CALLS_MOST - 1);
	}
}

static void
a_listener_killed_at_any_call_leaves_nothing_for_long(void **state)
{
	kill_at_each(*state, false);
}

static void
a_client_killed_at_any_call_leaves_nothing_for_long(void **state)
{
	kill_at_each(*state, true);
}

/* Who sweeps may be killed as well, whatever he sweeps. */
static void
who_clears_may_be_killed_at_any_call(void **state)
{
	struct world *w = *state;
	uint32_t at = 1;
	int status = SIGKILL;

	if (__tsan_init)
		skip();
	for (; at < CALLS_MOST && WIFSIGNALED(status); at++) {
		int ready[2];

		assert_int_equal(pipe(ready), 0);
		/* One that is killed in the middle of its life. */
		end_of(start(w, listen_and_part, ready, 1, 24));
		status = end_of(start(w, listen_and_part, ready, 1, at));
		close(ready[0]);
		close(ready[1]);
		world_listen(w);
		world_disconnect(w);
		assert_int_equal(world_queues(), w->n_queues);
		assert_int_equal(count_notes(w), 0);
	}
	assert_in_range(at, 30, CALLS_MOST - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_killed_at_any_call_leaves_nothing_for_long),
		TEST(a_client_killed_at_any_call_leaves_nothing_for_long),
		TEST(who_clears_may_be_killed_at_any_call),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
