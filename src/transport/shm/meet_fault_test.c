/* SPDX-License-Identifier: MIT */
/*
 * Each system call of listening, accepting and opening fails once: an error is
 * said, the peer has an end of it, and nothing is left.
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

#include <ferry/channel.h>

#include "audit.h"
#include "os_fault.h"
#include "shm_raw.h"

/* More than any of them makes. */
#define CALLS_MOST 200

static const int errors[] = { EIO, EMFILE, ENOMEM, EACCES };

struct place {
	char folder[40];
	char path[60];
	char lock[80];
	char addr[70];
};

static int
open_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	*state = place;
	strcpy(place->folder, "/tmp/ferry-test-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/s", place->folder);
	snprintf(place->lock, sizeof(place->lock), "%s.takeover", place->path);
	snprintf(place->addr, sizeof(place->addr), "shm:%s", place->path);
	return 0;
}

static int
close_place(void **state)
{
	struct place *place = *state;
	int result = rmdir(place->folder);

	free(place);
	return result;
}

/* ---- listening ---- */

/* Return: whether it got as far as the call @at. */
static bool
listen_with(const struct place *place, uint32_t at, int error)
{
	struct ferry_listener *listener = NULL;
	struct ferry_error why = { .code = FERRY_OK };
	bool reached;
	ferry_err err;

	fy_os_fault_set(&(struct fy_os_fault){ .at = at, .error = error });
	err = ferry_listener_open(place->addr, NULL, &listener, &why);
	reached = fy_os_fault_count(FY_OS_any) >= at;
	fy_os_fault_clear();
	assert_int_equal(err, why.code);
	assert_true(!err || strlen(why.text) > 10);
	ferry_listener_close(listener);
	/* One that could not be removed, or looked at, holds nobody up. */
	unlink(place->lock);
	assert_int_equal(access(place->path, F_OK), -1);
	return reached;
}

static void
sweep(const struct place *place,
      bool (*with)(const struct place *, uint32_t, int), uint32_t least)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		uint32_t at = 0;
		bool reached;

		do {
			struct fy_audit before;

			fy_audit_take(&before);
			reached = with(place, ++at, errors[i]);
			assert_true(fy_audit_same(&before));
		} while (reached);
		assert_in_range(at, least, CALLS_MOST);
	}
}

static void
a_listener_that_fails_leaves_nothing(void **state)
{
	sweep(*state, listen_with, 10);
}

/* ---- accepting ---- */

static struct ferry_listener *the_listener;

static bool
accept_with(const struct place *place, uint32_t at, int error)
{
	int peer = fy_raw_hello(place->path);
	struct pollfd answer = { peer, POLLIN, 0 };
	struct ferry_channel *ch = NULL;
	bool reached;
	ferry_err err;

	fy_os_fault_set(&(struct fy_os_fault){ .at = at, .error = error });
	err = ferry_listener_accept(the_listener, FERRY_NOW, &ch, NULL);
	reached = fy_os_fault_count(FY_OS_any) >= at;
	fy_os_fault_clear();
	/* He was refused, or is met now. */
	if (err)
		err = ferry_listener_accept(the_listener, FERRY_NOW, &ch, NULL);
	assert_int_equal(poll(&answer, 1, 0), 1);
	assert_true(err == FERRY_OK || err == FERRY_EAGAIN);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(peer);
	return reached;
}

static void
a_link_that_cannot_be_accepted_leaves_nothing(void **state)
{
	const struct place *place = *state;
	struct ferry_counters counters;

	assert_int_equal(ferry_listener_open(place->addr, NULL, &the_listener,
					     NULL),
			 FERRY_OK);
	sweep(place, accept_with, 20);
	/* What this side is in want of is not put down to the peer. */
	ferry_listener_counters(the_listener, &counters);
	assert_true(counters.starved > 35);
	assert_true(counters.failed > 10);
	ferry_listener_close(the_listener);
}

/* ---- opening ---- */

static bool
open_with(const struct place *place, uint32_t at, int error)
{
	struct ferry_channel *ch = NULL;
	struct ferry_error why = { .code = FERRY_OK };
	bool reached;
	ferry_err err;

	fy_os_fault_set(&(struct fy_os_fault){ .at = at, .error = error });
	err = ferry_channel_open(place->addr, NULL, ferry_in_ms(10000), &ch,
				 &why);
	reached = fy_os_fault_count(FY_OS_any) >= at;
	fy_os_fault_clear();
	assert_int_equal(err, why.code);
	assert_true(!err || strlen(why.text) > 10);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	return reached;
}

/* Accepts until it is killed. */
static pid_t
serve(const struct place *place)
{
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		struct ferry_listener *listener;
		struct ferry_channel *ch;

		if (ferry_listener_open(place->addr, NULL, &listener, NULL) ||
		    write(ready[1], "r", 1) != 1)
			_exit(1);
		for (;;) {
			if (ferry_listener_accept(listener, FERRY_NEVER, &ch,
						  NULL) == FERRY_OK)
				ferry_channel_close(ch, FERRY_NOW, NULL);
		}
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void
a_link_that_cannot_be_opened_leaves_nothing(void **state)
{
	const struct place *place = *state;
	pid_t child = serve(place);

	sweep(place, open_with, 15);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(unlink(place->path), 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_place, close_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_that_fails_leaves_nothing),
		TEST(a_link_that_cannot_be_accepted_leaves_nothing),
		TEST(a_link_that_cannot_be_opened_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
