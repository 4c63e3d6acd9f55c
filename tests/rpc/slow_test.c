/* SPDX-License-Identifier: MIT */
/* Peers that do not read what they asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <poll.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "host.h"
#include "raw.h"

static long
resident_kib(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%*d %ld", &pages), 1);
	fclose(f);
	return pages * 4;
}

/* Sends calls until the server takes no more, or @n. Return: how many. */
static uint32_t
send_until_full(int fd, uint32_t n)
{
	struct raw_record r = raw_call(ECHO_PROGRAM, 1, 4);
	uint32_t i = 0;

	raw_no_auth(&r);
	raw_word(&r, 20000);
	ferry_store_u32(r.bytes, 0x80000000u | (uint32_t)(r.n - 4));
	while (i < n) {
		struct pollfd p = { fd, POLLOUT, 0 };
		ssize_t sent = send(fd, r.bytes, r.n,
				    MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent == (ssize_t)r.n)
			i++;
		else if (sent > 0)
			fail_msg("a call was sent in part");
		else if (poll(&p, 1, 300) == 0)
			break;
	}
	return i;
}

static void
who_does_not_read_costs_little_and_nobody_else(void **state)
{
	struct ferry_server_config config = { .max_calls = 16 };
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	uint8_t *buf = malloc(32768);
	uint32_t n_sent;
	long before;
	int fd;

	(void)state;
	host_init(&host, &config, 2);
	host_listen(&host, "unix");
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(null_1(&call), FERRY_OK);
	before = resident_kib();
	fd = host_connect(&host);
	n_sent = send_until_full(fd, 10000);
	/* Its replies would be 200 MB. */
	assert_true(resident_kib() - before < 8192);
	for (int i = 0; i < 100; i++) {
		call.until = ferry_in_ms(5000);
		assert_int_equal(null_1(&call), FERRY_OK);
	}
	/* And all the replies are there for him who reads after all. */
	for (uint32_t i = 0; i < n_sent; i++)
		assert_int_equal(raw_receive(fd, buf, 32768), 24 + 4 + 20000);
	close(fd);
	free(buf);
	ferry_client_free(client);
	host_fini(&host);
}

/* Receives and drops @most bytes, or what is there; 5 s for each. */
static size_t
drain(int fd, size_t most, bool wait)
{
	static const int patience_ms = 5000;
	size_t got = 0;
	uint8_t buf[65536];

	while (got < most) {
		struct pollfd p = { fd, POLLIN, 0 };
		size_t left = most - got;
		ssize_t n;

		if (poll(&p, 1, wait ? patience_ms : 0) == 0)
			break;
		n = recv(fd, buf, left < sizeof(buf) ? left : sizeof(buf), 0);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

/*
 * What the link holds is less than a socket, and what it has no room for waits
 * beside it. A reply from another thread, which finds the socket empty before
 * the loop has heard of that, must not leave them behind.
 */
static void
a_reply_does_not_overtake_those_that_wait(void **state)
{
	enum { N = 60, BIG = 20000, TOTAL = N * (28 + BIG) + 32 };
	static const int room = 212992;
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	struct ferry_bytes out;
	struct raw_record r;
	size_t got;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &room,
				    sizeof(room)), 0);
	host_init(&host, NULL, 1);
	host_listen(&host, "unix");
	host_serve_fd(&host, fds[0]);
	host_run(&host);
	r = raw_call(ECHO_PROGRAM, 1, 3);
	raw_no_auth(&r);
	raw_word(&r, 7);
	raw_send(fds[1], &r);
	for (int i = 0; i < N; i++) {
		r = raw_call(ECHO_PROGRAM, 1, 4);
		raw_no_auth(&r);
		raw_word(&r, BIG);
		raw_send(fds[1], &r);
	}
	host_wait_late(&host, 1);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(10000), NULL);
	/* The one loop thread answers a call at each of its turns. */
	for (int i = 0; i < 4 * N; i++) {
		call.until = ferry_in_ms(10000);
		assert_int_equal(null_1(&call), FERRY_OK);
	}
	host_close_gate(&host);
	assert_int_equal(echo_1_start(&call, (struct ferry_bytes){ NULL, 0 }),
			 FERRY_OK);
	host_wait_gates(&host, 1);
	got = drain(fds[1], TOTAL, false);
	assert_true(got < TOTAL);
	assert_int_equal(late_1_reply(host_take_late(&host), 8), FERRY_OK);
	host_open_gate(&host);
	assert_int_equal(echo_1_finish(&call, &out), FERRY_OK);
	assert_int_equal(drain(fds[1], TOTAL - got, true), TOTAL - got);
	close(fds[1]);
	ferry_client_free(client);
	host_fini(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			who_does_not_read_costs_little_and_nobody_else),
		cmocka_unit_test(a_reply_does_not_overtake_those_that_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
