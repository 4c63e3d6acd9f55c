/* SPDX-License-Identifier: MIT */
#include "core/poll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/eventfd.h>

#include "core/os.h"

static void
ring(int fd)
{
	const uint64_t one = 1;

	assert_int_equal(fy_os_write(fd, &one, sizeof(one)), sizeof(one));
}

static void
what_is_ready_is_told_with_its_user(void **state)
{
	int bell = fy_os_eventfd(0, EFD_NONBLOCK);
	struct fy_poll_event got[4];
	struct fy_poll poll;
	size_t n = 9;

	(void)state;
	assert_int_equal(fy_poll_open(&poll, NULL), FERRY_OK);
	assert_int_equal(fy_poll_add(&poll, bell, EPOLLIN, &bell, NULL),
			 FERRY_OK);
	assert_int_equal(fy_poll_wait(&poll, got, 4, &n, FERRY_NOW), FERRY_OK);
	assert_int_equal(n, 0);
	ring(bell);
	assert_int_equal(fy_poll_wait(&poll, got, 4, &n, FERRY_NEVER),
			 FERRY_OK);
	assert_int_equal(n, 1);
	assert_ptr_equal(got[0].user, &bell);
	assert_int_equal(got[0].events, EPOLLIN);
	fy_poll_remove(&poll, bell);
	fy_poll_remove(&poll, bell);
	assert_int_equal(fy_poll_wait(&poll, got, 4, &n, FERRY_NOW), FERRY_OK);
	assert_int_equal(n, 0);
	fy_os_close(bell);
	fy_poll_close(&poll);
	fy_poll_close(&poll);
}

static void
an_edge_is_told_once_and_again_after_modify(void **state)
{
	const uint32_t edge = EPOLLIN | (uint32_t)EPOLLET;
	int bell = fy_os_eventfd(0, EFD_NONBLOCK);
	struct fy_poll_event got[4];
	struct fy_poll poll;
	size_t n;

	(void)state;
	assert_int_equal(fy_poll_open(&poll, NULL), FERRY_OK);
	assert_int_equal(fy_poll_add(&poll, bell, edge, NULL, NULL), FERRY_OK);
	ring(bell);
	assert_int_equal(fy_poll_wait(&poll, got, 4, &n, FERRY_NOW), FERRY_OK);
	assert_int_equal(n, 1);
	assert_int_equal(fy_poll_wait(&poll, got, 4, &n, FERRY_NOW), FERRY_OK);
	assert_int_equal(n, 0);
	assert_int_equal(fy_poll_modify(&poll, bell, edge, &n, NULL), FERRY_OK);
	assert_int_equal(fy_poll_wait(&poll, got, 4, &n, FERRY_NOW), FERRY_OK);
	assert_int_equal(n, 1);
	assert_ptr_equal(got[0].user, &n);
	fy_os_close(bell);
	fy_poll_close(&poll);
}

static void
waiting_ends_at_the_deadline(void **state)
{
	struct ferry_deadline until = ferry_in_ns(3000000);
	struct fy_poll_event got[1];
	struct fy_poll poll;
	size_t n = 1;

	(void)state;
	assert_int_equal(fy_poll_open(&poll, NULL), FERRY_OK);
	assert_int_equal(fy_poll_wait(&poll, got, 1, &n, until), FERRY_OK);
	assert_int_equal(n, 0);
	assert_true(fy_os_now_ns() >= until.ns);
	fy_poll_close(&poll);
}

static void
a_descriptor_that_is_not_open_is_refused(void **state)
{
	struct ferry_error why = { 0 };
	struct fy_poll poll;

	(void)state;
	assert_int_equal(fy_poll_open(&poll, NULL), FERRY_OK);
	assert_int_equal(fy_poll_add(&poll, 987654, EPOLLIN, NULL, &why),
			 FERRY_ESYS);
	assert_string_equal(why.text,
			    "cannot watch descriptor 987654: "
			    "Bad file descriptor");
	fy_poll_close(&poll);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_ready_is_told_with_its_user),
		cmocka_unit_test(an_edge_is_told_once_and_again_after_modify),
		cmocka_unit_test(waiting_ends_at_the_deadline),
		cmocka_unit_test(a_descriptor_that_is_not_open_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
