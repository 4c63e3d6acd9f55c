/* SPDX-License-Identifier: MIT */
/* Streams over a system that gives a byte at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "os_fault.h"

/* So many calls take longer than the deadline, on any machine. */
#define BYTES 100000
#define SHORT_NS 1000000

static void
what_keeps_coming_holds_nobody_beyond_his_deadline(void **state)
{
	static char line[BYTES];
	struct ferry_channel *ch;
	struct ferry_bytes got;
	char addr[40];
	int fds[2];

	(void)state;
	memset(line, 'x', sizeof(line));
	line[BYTES - 1] = '\n';
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(write(fds[1], line, BYTES), BYTES);
	snprintf(addr, sizeof(addr), "fd:%d?frame=line", fds[0]);
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NEVER, &ch, NULL),
			 FERRY_OK);
	fy_os_fault_set(&(struct fy_os_fault){ .io_most = 1 });
	assert_int_equal(ferry_channel_take(ch, &got, ferry_in_ns(SHORT_NS),
					    NULL), FERRY_ETIMEDOUT);
	fy_os_fault_clear();
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(got.len, BYTES - 1);
	assert_memory_equal(got.data, line, got.len);
	ferry_channel_release(ch);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_keeps_coming_holds_nobody_beyond_his_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
