/* SPDX-License-Identifier: MIT */
#include "cli/guest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/os.h"
#include "heard.h"
#include "os_fault.h"

#define WAIT_MS 20000

/* .take is to be a guest's, and .peer is at its other end. */
struct fixture {
	struct fy_poll poll;
	struct fy_guest_config config;
	struct ferry_channel *take;
	struct ferry_channel *peer;
	struct fy_guest *guest;
	struct ferry_error why;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct ferry_channel *ends[2];
	int fd;

	heard_nothing();
	if (!f || fy_poll_open(&f->poll, NULL) ||
	    ferry_channel_pair("fd", NULL, ends, NULL) ||
	    /* What that opens stays open. */
	    ferry_channel_fd(ends[0], &fd, NULL))
		return -1;
	f->config = (struct fy_guest_config){ .addr = "fd:0",
					      .poll = &f->poll };
	f->take = ends[0];
	f->peer = ends[1];
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	fy_os_fault_clear();
	if (f->guest)
		fy_guest_free(f->guest);
	(void)ferry_channel_close(f->take, FERRY_NOW, NULL);
	(void)ferry_channel_close(f->peer, FERRY_NOW, NULL);
	fy_poll_close(&f->poll);
	free(f);
	return 0;
}

static ferry_err
begin(struct fixture *f, char **command)
{
	ferry_err err;

	f->config.command = command;
	err = fy_guest_new(&f->config, f->take, 1, &f->guest, &f->why);
	if (!err)
		f->take = NULL;
	return err;
}

/* The kernel tells of a part, and the guest is not told yet. */
static void
await(int fd)
{
	struct pollfd at = { .fd = fd, .events = POLLIN };

	assert_int_equal(fy_os_poll(&at, 1, ferry_in_ms(WAIT_MS)), 1);
}

static void
tell(struct fixture *f, enum fy_guest_part part)
{
	fy_guest_event(&f->guest->watches[part]);
	assert_int_equal(fy_guest_pump(f->guest), FERRY_OK);
}

/* Turns of the loop that ferry listen has, until the guest is over. */
static void
run(struct fixture *f)
{
	struct fy_poll_event events[8];
	size_t n = 0;

	assert_int_equal(fy_guest_pump(f->guest), FERRY_OK);
	while (!f->guest->over) {
		assert_int_equal(fy_poll_wait(&f->poll, events, 8, &n,
					      f->guest->bridge.busy
						      ? FERRY_NOW
						      : ferry_in_ms(WAIT_MS)),
				 FERRY_OK);
		assert_true(n > 0 || f->guest->bridge.busy);
		for (size_t i = 0; i < n; i++)
			fy_guest_event(events[i].user);
		assert_int_equal(fy_guest_pump(f->guest), FERRY_OK);
	}
}

static void
peer_sends(struct fixture *f, const char *text)
{
	const struct ferry_bytes message = { (const uint8_t *)text,
					     (uint32_t)strlen(text) };

	assert_int_equal(ferry_channel_send(f->peer, message, FERRY_NOW, NULL),
			 FERRY_OK);
}

static void
peer_has(struct fixture *f, const char *text)
{
	struct ferry_bytes message;

	assert_int_equal(ferry_channel_take(f->peer, &message,
					    ferry_in_ms(WAIT_MS), NULL),
			 FERRY_OK);
	assert_int_equal(message.len, strlen(text));
	assert_memory_equal(message.data, text, message.len);
	ferry_channel_release(f->peer);
}

static void
peer_has_the_end(struct fixture *f)
{
	struct ferry_bytes none;

	assert_int_equal(ferry_channel_take(f->peer, &none,
					    ferry_in_ms(WAIT_MS), NULL),
			 FERRY_EOF);
}

static int
count_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* ---- nothing is left for one more ---- */

static void
who_finds_nothing_left_is_begun_again_when_there_is(void **state)
{
	static char cat[] = "cat";
	static char *command[] = { cat, NULL };
	static const struct {
		enum fy_os_call call;
		int error;
	} cases[] = {
		{ FY_OS_pipe, EMFILE },	      { FY_OS_pipe, ENFILE },
		{ FY_OS_spawn_group, EAGAIN }, { FY_OS_spawn_group, ENOMEM },
		{ FY_OS_pidfd_open, EMFILE }, { FY_OS_epoll_ctl, ENOSPC },
	};
	struct fixture *f = *state;
	int before = count_descriptors();

	for (size_t i = 0; i < FY_ARRAY_LEN(cases); i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.call = cases[i].call, .at = 1,
			.error = cases[i].error });
		assert_int_equal(begin(f, command), FERRY_EAGAIN);
		assert_int_equal(f->why.sys_errno, cases[i].error);
		assert_int_equal(count_descriptors(), before);
	}
	fy_os_fault_clear();
	assert_int_equal(heard.n_complaints, 0);
	assert_int_equal(begin(f, command), FERRY_OK);
	peer_sends(f, "late");
	assert_int_equal(ferry_channel_finish(f->peer, FERRY_NOW, NULL),
			 FERRY_OK);
	run(f);
	peer_has(f, "late");
	peer_has_the_end(f);
}

static void
what_does_not_pass_is_no_reason_to_try_again(void **state)
{
	static char nothing[] = "/nothing/there";
	static char *command[] = { nothing, NULL };
	struct fixture *f = *state;
	int before = count_descriptors();

	assert_int_equal(begin(f, command), FERRY_ESYS);
	assert_int_equal(f->why.sys_errno, ENOENT);
	assert_int_equal(count_descriptors(), before);
}

/* It may have done by then what is not to be done twice. */
static void
a_command_that_has_begun_is_not_begun_again(void **state)
{
	static char cat[] = "cat";
	static char *command[] = { cat, NULL };
	struct fixture *f = *state;
	int before = count_descriptors();

	/* The first is for the channel. */
	fy_os_fault_set(&(struct fy_os_fault){
		.call = FY_OS_epoll_ctl, .at = 2, .error = ENOSPC });
	assert_int_equal(begin(f, command), FERRY_ESYS);
	assert_int_equal(fy_os_fault_count(FY_OS_spawn_group), 1);
	assert_int_equal(fy_os_fault_count(FY_OS_waitpid), 1);
	assert_int_equal(count_descriptors(), before);
}

/* ---- peer and command end at once ---- */

/*
 * A command that has printed and ended, and a peer that has: all is there, and
 * the kernel tells of it in any order.
 */
static void
end_both(struct fixture *f)
{
	static char printf_[] = "printf", text[] = "one\ntwo\nlast";
	static char *command[] = { printf_, text, NULL };

	assert_int_equal(begin(f, command), FERRY_OK);
	assert_int_equal(ferry_channel_finish(f->peer, FERRY_NOW, NULL),
			 FERRY_OK);
	await(f->guest->child.pidfd);
}

static void
end_in_order(struct fixture *f, const enum fy_guest_part *parts, size_t n)
{
	end_both(f);
	for (size_t i = 0; i < n; i++) {
		assert_false(f->guest->over);
		tell(f, parts[i]);
	}
	run(f);
	peer_has(f, "one");
	peer_has(f, "two");
	peer_has(f, "last");
	peer_has_the_end(f);
	assert_int_equal(heard.n_complaints, 0);
}

static void
nothing_is_lost_if_the_command_is_told_to_end_first(void **state)
{
	end_in_order(*state, (enum fy_guest_part[]){ FY_GUEST_PIDFD }, 1);
}

static void
nothing_is_lost_if_the_peer_is_told_to_end_first(void **state)
{
	end_in_order(*state, (enum fy_guest_part[]){ FY_GUEST_CHANNEL,
						     FY_GUEST_OUT }, 2);
}

static void
nothing_is_lost_if_the_output_is_told_to_end_first(void **state)
{
	end_in_order(*state, (enum fy_guest_part[]){ FY_GUEST_OUT,
						     FY_GUEST_CHANNEL }, 2);
}

/* An event that was taken with others, and is about what is no more. */
static void
an_event_of_a_command_that_was_waited_for_is_nothing(void **state)
{
	struct fixture *f = *state;

	end_both(f);
	fy_guest_event(&f->guest->watches[FY_GUEST_PIDFD]);
	fy_guest_event(&f->guest->watches[FY_GUEST_PIDFD]);
	assert_int_equal(fy_os_fault_count(FY_OS_waitpid), 1);
	run(f);
	peer_has(f, "one");
}

static void
a_guest_of_whom_both_are_gone_is_over(void **state)
{
	struct fixture *f = *state;

	end_both(f);
	(void)ferry_channel_close(f->peer, FERRY_NOW, NULL);
	f->peer = NULL;
	run(f);
	assert_int_equal(f->guest->child.pidfd, -1);
	assert_int_equal(heard.n_complaints, 0);
}

static void
what_has_not_left_yet_keeps_the_guest(void **state)
{
	struct fixture *f = *state;

	end_both(f);
	fy_guest_event(&f->guest->watches[FY_GUEST_PIDFD]);
	fy_os_fault_set(&(struct fy_os_fault){
		.call = FY_OS_send, .at = 1, .for_ever = true,
		.error = EAGAIN });
	assert_int_equal(fy_guest_pump(f->guest), FERRY_OK);
	assert_true(fy_os_fault_count(FY_OS_send) > 0);
	fy_os_fault_clear();
	assert_false(f->guest->over);
	assert_int_equal(f->guest->child.pidfd, -1);
	run(f);
	peer_has(f, "one");
	peer_has(f, "two");
	peer_has(f, "last");
	peer_has_the_end(f);
}

/* It has the command's output, and ends with what the command was to read. */
static void
a_child_that_stays_behind_keeps_nobody(void **state)
{
	static char sh[] = "sh", c[] = "-c";
	static char script[] = "exec 3<&0; cat <&3 & echo one";
	static char *command[] = { sh, c, script, NULL };
	struct fixture *f = *state;

	assert_int_equal(begin(f, command), FERRY_OK);
	run(f);
	peer_has(f, "one");
	peer_has_the_end(f);
}

static void
the_guest_without_a_command_is_over_with_its_peer(void **state)
{
	struct fixture *f = *state;

	peer_sends(f, "one");
	peer_sends(f, "two");
	assert_int_equal(ferry_channel_finish(f->peer, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_int_equal(begin(f, NULL), FERRY_OK);
	run(f);
	assert_string_equal(heard.printed, "one\ntwo\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_finds_nothing_left_is_begun_again_when_there_is),
		TEST(what_does_not_pass_is_no_reason_to_try_again),
		TEST(a_command_that_has_begun_is_not_begun_again),
		TEST(nothing_is_lost_if_the_command_is_told_to_end_first),
		TEST(nothing_is_lost_if_the_peer_is_told_to_end_first),
		TEST(nothing_is_lost_if_the_output_is_told_to_end_first),
		TEST(an_event_of_a_command_that_was_waited_for_is_nothing),
		TEST(a_guest_of_whom_both_are_gone_is_over),
		TEST(what_has_not_left_yet_keeps_the_guest),
		TEST(a_child_that_stays_behind_keeps_nobody),
		TEST(the_guest_without_a_command_is_over_with_its_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
