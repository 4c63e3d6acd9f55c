/* SPDX-License-Identifier: MIT */
/* Descriptors that go with messages: to whom they belong, and none is left. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netinet/in.h>

#include <cmocka.h>

#include <ferry/channel.h>

#include "audit.h"

#define SCM_MOST 253

static struct ferry_error why;

/* A channel over @fd that takes @max_fds with a message. */
static struct ferry_channel *
channel_on(int fd, uint32_t max_fds)
{
	const struct ferry_channel_config config = { .max_fds = max_fds };
	struct ferry_channel *ch;
	char text[64];

	snprintf(text, sizeof(text), "fd:%d", fd);
	assert_int_equal(ferry_channel_open(text, &config, FERRY_NEVER, &ch,
					    &why),
			 FERRY_OK);
	return ch;
}

static void
make_sockets(int fds[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
}

static void
open_both(struct ferry_channel *ch[2], uint32_t max_fds)
{
	int fds[2];

	make_sockets(fds);
	ch[0] = channel_on(fds[0], max_fds);
	ch[1] = channel_on(fds[1], max_fds);
}

static void
close_both(struct ferry_channel *ch[2])
{
	ferry_channel_close(ch[0], FERRY_NOW, NULL);
	ferry_channel_close(ch[1], FERRY_NOW, NULL);
}

static struct ferry_counters
counters(const struct ferry_channel *ch)
{
	struct ferry_counters out;

	ferry_channel_counters(ch, &out);
	return out;
}

static struct ferry_bytes
bytes_of(const char *text)
{
	return (struct ferry_bytes){ (const uint8_t *)text,
				     (uint32_t)strlen(text) };
}

static void
send_plain(struct ferry_channel *ch, const char *text)
{
	assert_int_equal(ferry_channel_send(ch, bytes_of(text), FERRY_NOW,
					    &why),
			 FERRY_OK);
}

/* With @n copies of a fresh pipe's end to read from; returns the other. */
static int
send_pipe(struct ferry_channel *ch, const char *text, uint32_t n)
{
	int fds[FERRY_FDS_MOST];
	int pipe_fds[2];

	assert_int_equal(pipe(pipe_fds), 0);
	for (uint32_t i = 0; i < n; i++)
		fds[i] = pipe_fds[0];
	assert_int_equal(ferry_channel_send_fds(ch, bytes_of(text), fds, n,
						FERRY_NOW, &why),
			 FERRY_OK);
	close(pipe_fds[0]);
	return pipe_fds[1];
}

/* Takes the message @text, which brings @n descriptors. */
static void
expect(struct ferry_channel *ch, const char *text, uint32_t n, int *fds)
{
	struct ferry_bytes got;
	int room[FERRY_FDS_MOST];

	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, &why),
			 FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
	assert_int_equal(ferry_channel_fds(ch, fds ? fds : room,
					   FERRY_FDS_MOST),
			 n);
	for (uint32_t i = 0; !fds && i < n; i++)
		close(room[i]);
	ferry_channel_release(ch);
}

static void
a_descriptor_comes_with_its_message(void **state)
{
	size_t before = fy_audit_fds();
	struct ferry_channel *ch[2];
	char letter = 0;
	int fds[FERRY_FDS_MOST];
	int to;

	(void)state;
	open_both(ch, 2);
	to = send_pipe(ch[0], "take this", 2);
	expect(ch[1], "take this", 2, fds);
	assert_int_equal(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(write(to, "x", 1), 1);
	assert_int_equal(read(fds[1], &letter, 1), 1);
	assert_int_equal(letter, 'x');
	close(fds[0]);
	close(fds[1]);
	close(to);
	assert_int_equal(counters(ch[0]).sent_fds, 2);
	assert_int_equal(counters(ch[1]).received_fds, 2);
	assert_int_equal(counters(ch[1]).dropped_fds, 0);
	close_both(ch);
	assert_int_equal(fy_audit_fds(), before);
}

static void
messages_that_leave_together_keep_their_own(void **state)
{
	size_t before = fy_audit_fds();
	struct ferry_channel *ch[2];
	int to[3];

	(void)state;
	open_both(ch, 3);
	ferry_channel_cork(ch[0]);
	send_plain(ch[0], "none");
	to[0] = send_pipe(ch[0], "one", 1);
	send_plain(ch[0], "none again");
	to[1] = send_pipe(ch[0], "two", 2);
	to[2] = send_pipe(ch[0], "three", 3);
	send_plain(ch[0], "the last");
	assert_int_equal(ferry_channel_flush(ch[0], FERRY_NOW, &why), FERRY_OK);
	expect(ch[1], "none", 0, NULL);
	expect(ch[1], "one", 1, NULL);
	expect(ch[1], "none again", 0, NULL);
	expect(ch[1], "two", 2, NULL);
	expect(ch[1], "three", 3, NULL);
	expect(ch[1], "the last", 0, NULL);
	for (int i = 0; i < 3; i++)
		close(to[i]);
	close_both(ch);
	assert_int_equal(fy_audit_fds(), before);
}

/* Sends all of @bytes when it can, while the other end reads. */
static void
exchange_large(struct ferry_channel *ch[2], struct ferry_bytes large)
{
	struct ferry_bytes got;
	ferry_err err;

	do {
		assert_int_equal(ferry_channel_process(ch[0], &why), FERRY_OK);
		err = ferry_channel_take(ch[1], &got, FERRY_NOW, &why);
	} while (err == FERRY_EAGAIN);
	assert_int_equal(err, FERRY_OK);
	assert_int_equal(got.len, large.len);
	assert_memory_equal(got.data, large.data, got.len);
}

static void
a_large_message_brings_them_with_its_first_byte(void **state)
{
	size_t before = fy_audit_fds();
	struct ferry_bytes large = { calloc(1, 3000000), 3000000 };
	struct ferry_channel *ch[2];
	int fds[2];

	(void)state;
	open_both(ch, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ferry_channel_send_fds(ch[0], large,
							&(int){ 0 }, 1,
							FERRY_NOW, &why),
				 FERRY_OK);
		exchange_large(ch, large);
		assert_int_equal(ferry_channel_fds(ch[1], &fds[i], 1), 1);
		ferry_channel_release(ch[1]);
		close(fds[i]);
	}
	free((void *)(uintptr_t)large.data);
	close_both(ch);
	assert_int_equal(fy_audit_fds(), before);
}

/* Receives @bytes, and fetches the descriptors one after the other. */
static void
receive_with(struct ferry_channel *ch, size_t bytes, uint32_t n)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	int fd;

	assert_int_equal(ferry_channel_recv(ch, &mem, &got, FERRY_NOW, &why),
			 FERRY_OK);
	assert_int_equal(got.len, bytes);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(ferry_channel_fds(ch, &fd, 1), 1);
		assert_int_equal(close(fd), 0);
	}
	ferry_arena_fini(&mem);
}

static void
what_is_received_brings_them_as_what_is_taken(void **state)
{
	size_t before = fy_audit_fds();
	/* Copied; and handed over. */
	const uint32_t sizes[] = { 0, 1, 100000 };
	static const uint8_t bytes[100000];
	struct ferry_channel *ch[2];
	int fd;

	(void)state;
	open_both(ch, 3);
	for (int i = 0; i < 3; i++) {
		const struct ferry_bytes m = { bytes, sizes[i] };

		assert_int_equal(ferry_channel_send_fds(ch[0], m,
							(int[]){ 0, 1, 2 }, 3,
							FERRY_NOW, &why),
				 FERRY_OK);
		receive_with(ch[1], m.len, 3);
		assert_int_equal(ferry_channel_fds(ch[1], &fd, 1), 0);
	}
	/* What is not fetched goes with the next, and with the channel. */
	for (int i = 0; i < 2; i++) {
		close(send_pipe(ch[0], "x", 3));
		receive_with(ch[1], 1, 1);
	}
	assert_int_equal(counters(ch[1]).dropped_fds, 2);
	close_both(ch);
	assert_int_equal(fy_audit_fds(), before);
}

static void
reading_ahead_mixes_up_nobodys(void **state)
{
	size_t before = fy_audit_fds();
	struct ferry_bytes large = { calloc(1, 3000000), 3000000 };
	struct ferry_channel *ch[2];
	int fds[2];

	(void)state;
	open_both(ch, 2);
	close(send_pipe(ch[1], "a", 1));
	receive_with(ch[0], 1, 0);
	close(send_pipe(ch[1], "bc", 2));
	/* It has to wait, and reads the second. */
	assert_int_equal(ferry_channel_send(ch[0], large, ferry_in_ms(1), &why),
			 FERRY_OK);
	assert_int_equal(counters(ch[0]).received, 2);
	assert_int_equal(ferry_channel_fds(ch[0], fds, 2), 1);
	close(fds[0]);
	receive_with(ch[0], 2, 2);
	assert_int_equal(counters(ch[0]).dropped_fds, 0);
	free((void *)(uintptr_t)large.data);
	close_both(ch);
	assert_int_equal(fy_audit_fds(), before);
}

static void
more_than_a_message_may_bring_are_not_to_be_allowed(void **state)
{
	const struct ferry_channel_config config = {
		.max_fds = FERRY_FDS_MOST + 1
	};
	struct ferry_channel *ch[2];

	(void)state;
	assert_int_equal(ferry_channel_pair("fd", &config, ch, &why),
			 FERRY_EINVAL);
	assert_non_null(strstr(why.text, "16"));
}

static void
what_nobody_fetches_is_closed(void **state)
{
	size_t before = fy_audit_fds();
	struct ferry_channel *ch[2];
	struct ferry_bytes got;
	int to[2];
	int fd;

	(void)state;
	open_both(ch, 3);
	to[0] = send_pipe(ch[0], "a", 3);
	to[1] = send_pipe(ch[0], "b", 1);
	assert_int_equal(ferry_channel_take(ch[1], &got, FERRY_NOW, &why),
			 FERRY_OK);
	assert_int_equal(ferry_channel_fds(ch[1], &fd, 1), 1);
	close(fd);
	ferry_channel_release(ch[1]);
	assert_int_equal(counters(ch[1]).dropped_fds, 2);
	assert_int_equal(ferry_channel_take(ch[1], &got, FERRY_NOW, &why),
			 FERRY_OK);
	ferry_channel_release(ch[1]);
	assert_int_equal(counters(ch[1]).dropped_fds, 3);
	close(to[0]);
	close(to[1]);
	/* One set nobody has received, one nobody has sent. */
	to[0] = send_pipe(ch[0], "c", 3);
	ferry_channel_cork(ch[0]);
	to[1] = send_pipe(ch[0], "d", 3);
	close_both(ch);
	close(to[0]);
	close(to[1]);
	assert_int_equal(fy_audit_fds(), before);
}

static void
what_cannot_be_passed_is_refused(void **state)
{
	size_t before = fy_audit_fds();
	struct ferry_channel *ch[2];

	(void)state;
	open_both(ch, 1);
	assert_int_equal(ferry_channel_send_fds(ch[0], bytes_of("x"),
						(int[]){ 0, 9999 }, 2,
						FERRY_NOW, &why),
			 FERRY_EINVAL);
	assert_non_null(strstr(why.text, "9999"));
	send_plain(ch[0], "as good as before");
	expect(ch[1], "as good as before", 0, NULL);
	close_both(ch);
	assert_int_equal(fy_audit_fds(), before);
}

static struct ferry_channel *
try_fd(struct ferry_channel *ch, ferry_err *err)
{
	*err = ferry_channel_send_fds(ch, bytes_of("x"), &(int){ 0 }, 1,
				      FERRY_NOW, &why);
	return ch;
}

/* In a child without rights: 0, or where it went wrong. */
static int
pass_too_many(void)
{
	const struct rlimit few = { 64, 64 };
	struct ferry_channel *ch[2];
	uint32_t n = 0;
	ferry_err err;

	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		return 1;
	if (setrlimit(RLIMIT_NOFILE, &few) < 0)
		return 2;
	open_both(ch, 1);
	while (try_fd(ch[0], &err) && !err && n < 200)
		n++;
	if (err != FERRY_ESYS || why.sys_errno != ETOOMANYREFS)
		return 3;
	if (counters(ch[0]).sent != n)
		return 4;
	/* The channel is as good as before, and so is what was sent. */
	send_plain(ch[0], "plain");
	for (uint32_t i = 0; i < n; i++)
		receive_with(ch[1], 1, 1);
	receive_with(ch[1], 5, 0);
	try_fd(ch[0], &err);
	if (err)
		return 5;
	receive_with(ch[1], 1, 1);
	close_both(ch);
	return 0;
}

static void
too_many_on_their_way_are_refused_for_a_while(void **state)
{
	int wrong = -1, fds[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		wrong = pass_too_many();
		_exit(write(fds[1], &wrong, sizeof(wrong)) < 0);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &wrong, sizeof(wrong)), sizeof(wrong));
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(fds[0]);
	assert_int_equal(wrong, 0);
}

static void
a_tcp_socket_passes_none(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof(at);
	int port = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct ferry_channel *ch;

	(void)state;
	assert_int_equal(bind(port, (struct sockaddr *)&at, bytes), 0);
	assert_int_equal(listen(port, 1), 0);
	assert_int_equal(getsockname(port, (struct sockaddr *)&at, &bytes), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, bytes), 0);
	ch = channel_on(fd, 1);
	assert_int_equal(ferry_channel_send_fds(ch, bytes_of("x"), &port, 1,
						FERRY_NOW, &why),
			 FERRY_ENOTSUP);
	send_plain(ch, "as good as before");
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(port);
}

/* One message "x" with @n descriptors, from a peer that knows no limit. */
static void
flood(int fd, int n)
{
	char record[] = "\x80\0\0\1x";
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(SCM_MOST * sizeof(int))];
	} control = { .header.cmsg_len = CMSG_LEN((size_t)n * sizeof(int)) };
	struct iovec iov = { record, 5 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen =
				      CMSG_SPACE((size_t)n * sizeof(int)) };
	int *fds = (int *)(void *)CMSG_DATA(&control.header);

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	for (int i = 0; i < n; i++)
		fds[i] = fd;
	assert_int_equal(sendmsg(fd, &msg, MSG_NOSIGNAL), 5);
}

static void
a_flood_leaves_nothing_where_none_are_expected(void **state)
{
	struct ferry_channel *ch;
	int fds[2];
	size_t before;

	(void)state;
	make_sockets(fds);
	ch = channel_on(fds[0], 0);
	before = fy_audit_fds();
	for (int i = 0; i < 1000; i++) {
		flood(fds[1], SCM_MOST);
		expect(ch, "x", 0, NULL);
		assert_int_equal(fy_audit_fds(), before);
	}
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(fds[1]);
}

static void
a_flood_ends_the_link_where_one_is_expected(void **state)
{
	/* Two fit where one was asked for, 24 where the kernel gives 24. */
	const int floods[] = { 2, 3, 16, 17, 24, 25, SCM_MOST };
	size_t before = fy_audit_fds();
	struct ferry_bytes got;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct ferry_channel *ch;
		int fds[2];

		make_sockets(fds);
		ch = channel_on(fds[0], 1);
		flood(fds[1], 1);
		flood(fds[1], floods[i % 7]);
		expect(ch, "x", 1, NULL);
		assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, &why),
				 FERRY_EPROTO);
		assert_int_equal(counters(ch).broken, 1);
		close(fds[1]);
		assert_int_equal(fy_audit_fds(), before + 1);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		assert_int_equal(fy_audit_fds(), before);
	}
}

static void
pieces_of_one_message_share_the_limit(void **state)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	int fds[2];

	(void)state;
	make_sockets(fds);
	ch = channel_on(fds[0], 1);
	/* 10 bytes of a message of 100, each 5 with a descriptor. */
	assert_int_equal(write(fds[1], "\x80\0\0\x64", 4), 4);
	flood(fds[1], 1);
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, &why),
			 FERRY_EAGAIN);
	flood(fds[1], 1);
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, &why),
			 FERRY_EPROTO);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_comes_with_its_message),
		cmocka_unit_test(messages_that_leave_together_keep_their_own),
		cmocka_unit_test(
			a_large_message_brings_them_with_its_first_byte),
		cmocka_unit_test(what_is_received_brings_them_as_what_is_taken),
		cmocka_unit_test(reading_ahead_mixes_up_nobodys),
		cmocka_unit_test(
			more_than_a_message_may_bring_are_not_to_be_allowed),
		cmocka_unit_test(what_nobody_fetches_is_closed),
		cmocka_unit_test(what_cannot_be_passed_is_refused),
		cmocka_unit_test(too_many_on_their_way_are_refused_for_a_while),
		cmocka_unit_test(a_tcp_socket_passes_none),
		cmocka_unit_test(
			a_flood_leaves_nothing_where_none_are_expected),
		cmocka_unit_test(a_flood_ends_the_link_where_one_is_expected),
		cmocka_unit_test(pieces_of_one_message_share_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
