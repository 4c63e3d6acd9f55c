/* SPDX-License-Identifier: MIT */
/* What a server answers to bytes, and what it bears from its clients. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "host.h"
#include "raw.h"

/* ---- raw bytes ---- */

/* Sends @r and expects the @n words behind the xid and REPLY. */
static void
expect(int fd, struct raw_record *r, const uint32_t *words, size_t n)
{
	uint8_t buf[256];

	raw_send(fd, r);
	assert_int_equal(raw_receive(fd, buf, sizeof(buf)), 8 + 4 * n);
	assert_int_equal(ferry_load_u32(buf), 0xabcd0001);
	assert_int_equal(ferry_load_u32(buf + 4), 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ferry_load_u32(buf + 8 + 4 * i), words[i]);
}

#define EXPECT(fd, r, ...)                                                     \
	expect(fd, r, (const uint32_t[]){ __VA_ARGS__ },                       \
	       sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void
every_reply_state_has_the_bytes_of_the_standard(void **state)
{
	struct host host;
	struct raw_record r;
	int fd;

	(void)state;
	host_init(&host, NULL, 1);
	assert_int_equal(ferry_server_add(host.server, &echo_3, &host_ops,
					  &host), FERRY_OK);
	host_listen(&host, "unix");
	host_run(&host);
	fd = host_connect(&host);

	r = raw_call(ECHO_PROGRAM, 1, 0);
	raw_no_auth(&r);
	EXPECT(fd, &r, 0, 0, 0, 0);
	r = raw_call(ECHO_PROGRAM + 1, 1, 0);
	raw_no_auth(&r);
	EXPECT(fd, &r, 0, 0, 0, 1);
	r = raw_call(ECHO_PROGRAM, 2, 0);
	raw_no_auth(&r);
	EXPECT(fd, &r, 0, 0, 0, 2, 1, 3);
	r = raw_call(ECHO_PROGRAM, 1, 77);
	raw_no_auth(&r);
	EXPECT(fd, &r, 0, 0, 0, 3);
	r = raw_call(ECHO_PROGRAM, 1, 1);
	raw_no_auth(&r);
	EXPECT(fd, &r, 0, 0, 0, 4);
	r = raw_call(ECHO_PROGRAM, 1, 2);
	raw_no_auth(&r);
	raw_word(&r, FERRY_ESERVER);
	EXPECT(fd, &r, 0, 0, 0, 5);
	r = raw_call(ECHO_PROGRAM, 1, 2);
	raw_no_auth(&r);
	raw_word(&r, FERRY_EAUTH);
	EXPECT(fd, &r, 1, 1, 5);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	ferry_store_u32(r.bytes + 12, 3);
	raw_no_auth(&r);
	EXPECT(fd, &r, 1, 0, 2, 2);
	/* An unknown flavour, TLS; a verifier where none can be. */
	r = raw_call(ECHO_PROGRAM, 1, 0);
	raw_word(&r, 7);
	raw_word(&r, 0);
	raw_word(&r, 0);
	raw_word(&r, 0);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_REJECTEDCRED);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	raw_word(&r, 0);
	raw_word(&r, 0);
	raw_word(&r, 9);
	raw_word(&r, 0);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_BADVERF);
	close(fd);
	host_fini(&host);
}

static void
sys_cred(struct raw_record *r, uint32_t body, uint32_t n_gids, uint32_t n_words)
{
	raw_word(r, 1);
	raw_word(r, body);
	raw_word(r, 1);
	raw_word(r, 0);
	raw_word(r, 10);
	raw_word(r, 20);
	raw_word(r, n_gids);
	for (uint32_t i = 0; i < n_words; i++)
		raw_word(r, i);
	raw_word(r, 0);
	raw_word(r, 0);
}

static void
a_false_auth_sys_credential_is_refused(void **state)
{
	struct host host;
	struct raw_record r;
	int fd;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, "unix");
	host_run(&host);
	fd = host_connect(&host);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	sys_cred(&r, 20 + 64, 16, 16);
	EXPECT(fd, &r, 0, 0, 0, 0);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	sys_cred(&r, 20 + 68, 17, 17);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_BADCRED);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	sys_cred(&r, 20 + 8, 1u << 30, 2);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_BADCRED);
	/* Bytes behind the last group. */
	r = raw_call(ECHO_PROGRAM, 1, 0);
	sys_cred(&r, 20 + 8, 1, 2);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_BADCRED);
	/* Longer than any credential, whether the bytes are there or not. */
	r = raw_call(ECHO_PROGRAM, 1, 0);
	sys_cred(&r, 404, 1, 96);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_BADCRED);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	sys_cred(&r, 0xffffffff, 0, 0);
	EXPECT(fd, &r, 1, 1, FERRY_AUTH_BADCRED);
	close(fd);
	host_fini(&host);
}

/* Whether the server has closed @fd, within 10 s. */
static void
expect_end(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	uint8_t byte;

	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_true(recv(fd, &byte, 1, 0) <= 0);
	close(fd);
}

static void
what_is_not_a_call_ends_its_connection_alone(void **state)
{
	struct host host;
	struct raw_record r;
	struct ferry_client *client;
	struct ferry_call call;
	int fd;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, "unix");
	host_run(&host);
	client = host_client(&host);
	/* A reply; a header cut short; nothing at all; HTTP. */
	r = raw_call(ECHO_PROGRAM, 1, 0);
	raw_no_auth(&r);
	ferry_store_u32(r.bytes + 8, 1);
	fd = host_connect(&host);
	raw_send(fd, &r);
	expect_end(fd);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	fd = host_connect(&host);
	raw_send(fd, &r);
	expect_end(fd);
	r.n = 4;
	fd = host_connect(&host);
	raw_send(fd, &r);
	expect_end(fd);
	fd = host_connect(&host);
	assert_int_equal(send(fd, "GET / HTTP/1.0\r\n\r\n", 18, 0), 18);
	expect_end(fd);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(null_1(&call), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

static void
a_record_over_the_limit_ends_its_connection(void **state)
{
	struct ferry_server_config config = { .max_record = 4096,
					      .max_reply = 8192 };
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes out;
	uint8_t big[4200] = { 0 };

	(void)state;
	host_init(&host, &config, 1);
	host_listen(&host, "unix");
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), &mem);
	assert_int_equal(echo_1_call(&call, (struct ferry_bytes){ big, 4000 },
				     &out), FERRY_OK);
	/* A reply may be longer than a call, up to its own limit. */
	assert_int_equal(fill_1_call(&call, 8000, &out), FERRY_OK);
	assert_int_equal(fill_1_call(&call, 8200, &out), FERRY_ESERVER);
	assert_int_equal(echo_1_call(&call, (struct ferry_bytes){ big, 4200 },
				     &out), FERRY_ELOST);
	/* The connection is gone; nothing was sent. */
	assert_int_equal(null_1(&call), FERRY_ECONNECT);
	assert_non_null(strstr(call.why.text, "not sent"));
	ferry_client_free(client);
	ferry_arena_fini(&mem);
	host_fini(&host);
}

/* ---- ends ---- */

static void
a_server_that_goes_fails_the_calls_in_flight_once(void **state)
{
	struct ferry_server_config config = { .drain_ms = 1 };
	struct host host;
	struct ferry_client *client;
	struct ferry_call calls[3];
	uint32_t out;

	(void)state;
	host_init(&host, &config, 1);
	host_listen(&host, "unix");
	host_run(&host);
	client = host_client(&host);
	for (int i = 0; i < 3; i++) {
		calls[i] = ferry_call_to(client, ferry_in_ms(10000), NULL);
		assert_int_equal(word_1_start(&calls[i], 3, 5), FERRY_OK);
	}
	host_wait_late(&host, 3);
	host_end(&host, true);
	for (int i = 0; i < 3; i++)
		assert_int_equal(word_1_finish(&calls[i], &out), FERRY_ELOST);
	assert_int_equal(word_1_call(&calls[0], 3, 5, &out), FERRY_ECONNECT);
	/* Who answers now answers nobody. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(late_1_reply(host_take_late(&host), 1),
				 FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

static void
a_client_that_goes_leaves_nothing_behind(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	struct raw_record r;
	int fd;

	(void)state;
	host_init(&host, NULL, 2);
	host_listen(&host, "unix");
	host_run(&host);
	for (uint32_t i = 0; i < 20; i++) {
		r = raw_call(ECHO_PROGRAM, 1, 3);
		raw_no_auth(&r);
		raw_word(&r, i);
		fd = host_connect(&host);
		raw_send(fd, &r);
		host_wait_late(&host, 1);
		close(fd);
		assert_int_equal(late_1_reply(host_take_late(&host), 1),
				 FERRY_OK);
	}
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(null_1(&call), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

static void
half_closed_connections_get_their_replies(void **state)
{
	struct host host;
	struct raw_record r;
	uint8_t buf[64];
	int fd;

	(void)state;
	host_init(&host, NULL, 2);
	host_listen(&host, "unix");
	host_run(&host);
	for (int round = 0; round < 100; round++) {
		fd = host_connect(&host);
		for (uint32_t i = 0; i < 3; i++) {
			r = raw_call(ECHO_PROGRAM, 1, i == 2 ? 3 : 2);
			raw_no_auth(&r);
			raw_word(&r, 0);
			raw_send(fd, &r);
		}
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
		assert_int_equal(raw_receive(fd, buf, sizeof(buf)), 28);
		assert_int_equal(raw_receive(fd, buf, sizeof(buf)), 28);
		host_wait_late(&host, 1);
		assert_int_equal(late_1_reply(host_take_late(&host), 9),
				 FERRY_OK);
		assert_int_equal(raw_receive(fd, buf, sizeof(buf)), 28);
		expect_end(fd);
	}
	host_fini(&host);
}

/* ---- the clock ---- */

static void
a_record_that_never_ends_is_closed_in_time(void **state)
{
	struct ferry_server_config config = { .record_ms = 100 };
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	int idle;
	int slow;

	(void)state;
	host_init(&host, &config, 2);
	host_listen(&host, "unix");
	host_run(&host);
	client = host_client(&host);
	idle = host_connect(&host);
	slow = host_connect(&host);
	assert_int_equal(send(slow, "\x80\x00", 2, 0), 2);
	expect_end(slow);
	/* Who says nothing is not late. */
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(null_1(&call), FERRY_OK);
	assert_int_equal(send(idle, "\x7f", 1, MSG_NOSIGNAL), 1);
	expect_end(idle);
	ferry_client_free(client);
	host_fini(&host);
}

static void
an_idle_connection_is_closed_where_that_is_wanted(void **state)
{
	struct ferry_server_config config = { .idle_ms = 50 };
	struct host host;
	struct raw_record r;
	int fd;
	int busy;

	(void)state;
	host_init(&host, &config, 1);
	host_listen(&host, "unix");
	host_run(&host);
	busy = host_connect(&host);
	r = raw_call(ECHO_PROGRAM, 1, 3);
	raw_no_auth(&r);
	raw_word(&r, 1);
	raw_send(busy, &r);
	host_wait_late(&host, 1);
	fd = host_connect(&host);
	expect_end(fd);
	fd = host_connect(&host);
	expect_end(fd);
	/* One whose call is being answered is not idle. */
	assert_int_equal(late_1_reply(host_take_late(&host), 1), FERRY_OK);
	assert_int_equal(raw_receive(busy, r.bytes, sizeof(r.bytes)), 28);
	expect_end(busy);
	host_fini(&host);
}

/* ---- limits ---- */

static void
the_newest_connection_over_the_limit_is_closed(void **state)
{
	struct ferry_server_config config = { .max_links = 2 };
	struct host host;
	struct raw_record r;
	int a;
	int b;

	(void)state;
	host_init(&host, &config, 1);
	host_listen(&host, "unix");
	host_run(&host);
	a = host_connect(&host);
	b = host_connect(&host);
	expect_end(host_connect(&host));
	r = raw_call(ECHO_PROGRAM, 1, 0);
	raw_no_auth(&r);
	EXPECT(a, &r, 0, 0, 0, 0);
	EXPECT(b, &r, 0, 0, 0, 0);
	close(a);
	close(b);
	host_fini(&host);
}

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void
without_descriptors_it_waits_quietly_and_then_goes_on(void **state)
{
	struct host host;
	struct rlimit old;
	struct rlimit tight;
	struct ferry_client *client;
	struct ferry_call call;
	struct raw_record r;
	struct pollfd p = { .events = POLLIN };
	int64_t before;
	int spare;
	int fd;

	(void)state;
	host_init(&host, NULL, 2);
	host_listen(&host, "unix");
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(null_1(&call), FERRY_OK);
	getrlimit(RLIMIT_NOFILE, &old);
	/* Room for our end of one connection more, not for the server's. */
	spare = dup(0);
	tight = old;
	tight.rlim_cur = (rlim_t)spare + 1;
	close(spare);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	fd = host_connect(&host);
	r = raw_call(ECHO_PROGRAM, 1, 0);
	raw_no_auth(&r);
	raw_send(fd, &r);
	p.fd = fd;
	before = cpu_us();
	assert_int_equal(poll(&p, 1, 400), 0);
	assert_true(cpu_us() - before < 40000);
	/* Those who are there are served meanwhile. */
	call.until = ferry_in_ms(5000);
	assert_int_equal(null_1(&call), FERRY_OK);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(poll(&p, 1, 1000), 1);
	assert_int_equal(raw_receive(fd, r.bytes, sizeof(r.bytes)), 24);
	close(fd);
	ferry_client_free(client);
	host_fini(&host);
}

/* ---- threads, and stopping ---- */

static void
a_stop_does_not_wait_for_a_client_that_has_gone(void **state)
{
	struct ferry_server_config config = { .drain_ms = 100000 };
	struct ferry_client *client;
	struct ferry_call call;
	struct raw_record r;
	struct host host;
	int fd;

	(void)state;
	host_init(&host, &config, 2);
	host_listen(&host, "unix");
	host_run(&host);
	fd = host_connect(&host);
	/* More than the socket holds, and not read; then one that is late. */
	r = raw_call(ECHO_PROGRAM, 1, 4);
	raw_no_auth(&r);
	raw_word(&r, 4000000);
	raw_send(fd, &r);
	r = raw_call(ECHO_PROGRAM, 1, 3);
	raw_no_auth(&r);
	raw_word(&r, 0);
	raw_send(fd, &r);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(10000), NULL);
	assert_int_equal(word_1_start(&call, 3, 5), FERRY_OK);
	host_wait_late(&host, 2);
	ferry_server_stop(host.server);
	assert_int_equal(late_1_reply(host_take_late(&host), 0), FERRY_OK);
	assert_int_equal(late_1_reply(host_take_late(&host), 0), FERRY_OK);
	close(fd);
	host_end(&host, false);
	ferry_call_abandon(&call);
	ferry_client_free(client);
	host_fini(&host);
}

/*
 * Connections that wait for an answer before they are read again get it at
 * once, while all threads sleep: each is read by a thread of its own.
 */
static void
no_thread_sleeps_while_a_connection_can_be_read(void **state)
{
	enum { N = 8 };
	struct ferry_server_config config = { .max_calls = 1 };
	struct ferry_call *late[N];
	struct raw_record r;
	uint8_t buf[64];
	struct host host;
	int fds[N];

	(void)state;
	host_init(&host, &config, N);
	host_listen(&host, "unix");
	host_run(&host);
	for (int i = 0; i < N; i++)
		fds[i] = host_connect(&host);
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < N; i++) {
			r = raw_call(ECHO_PROGRAM, 1, 3);
			raw_no_auth(&r);
			raw_word(&r, 0);
			raw_send(fds[i], &r);
			host_wait_late(&host, 1);
			late[i] = host_take_late(&host);
			r = raw_call(ECHO_PROGRAM, 1, 1);
			raw_no_auth(&r);
			raw_word(&r, 0);
			raw_send(fds[i], &r);
		}
		host_close_gate(&host);
		for (int i = 0; i < N; i++)
			late_1_reply(late[i], 0);
		host_wait_gates(&host, N);
		host_open_gate(&host);
		for (int i = 0; i < 2 * N; i++)
			assert_true(raw_receive(fds[i / 2], buf, sizeof(buf)));
	}
	for (int i = 0; i < N; i++)
		close(fds[i]);
	host_fini(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_reply_state_has_the_bytes_of_the_standard),
		cmocka_unit_test(a_false_auth_sys_credential_is_refused),
		cmocka_unit_test(what_is_not_a_call_ends_its_connection_alone),
		cmocka_unit_test(a_record_over_the_limit_ends_its_connection),
		cmocka_unit_test(
			a_server_that_goes_fails_the_calls_in_flight_once),
		cmocka_unit_test(a_client_that_goes_leaves_nothing_behind),
		cmocka_unit_test(half_closed_connections_get_their_replies),
		cmocka_unit_test(a_record_that_never_ends_is_closed_in_time),
		cmocka_unit_test(
			an_idle_connection_is_closed_where_that_is_wanted),
		cmocka_unit_test(
			the_newest_connection_over_the_limit_is_closed),
		cmocka_unit_test(
			without_descriptors_it_waits_quietly_and_then_goes_on),
		cmocka_unit_test(
			a_stop_does_not_wait_for_a_client_that_has_gone),
		cmocka_unit_test(
			no_thread_sleeps_while_a_connection_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
