/* SPDX-License-Identifier: MIT */
/*
 * Streams whose bytes come as they like: one at a time, in odd fragments, or
 * not all of them, because the peer went at any byte.
 *
 *	test-channel-rough [MESSAGES]	so many go one byte at a time
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ferry/channel.h>
#include <ferry/transport.h>

#include "audit.h"
#include "fault.h"
#include "heap.h"
#include "transport/frame.h"

#define SHORT_MOST 40
#define ONE_BYTE_FRAGMENTS 100000u
#define LARGE_MESSAGES 100
#define LARGE_BYTES (1u << 20)
#define EMPTY_FRAGMENTS 1000000u
/* Of a channel that has received 8 empty fragments. */
#define SMALL_HEAP 131072u
#define SLOW_NS 1000000000

static const char *const frames[] = { "record", "line", "nul", "u32", "raw" };
#define N_FRAMES (sizeof(frames) / sizeof(frames[0]))

/* In each framing, both ways: ten thousand in all. */
static size_t n_messages = 1000;

static uint64_t
ns_now(void)
{
	/* A deadline of now is the time. */
	return (uint64_t)ferry_in_ms(0).ns;
}

/* ---- one byte at a time ---- */

/* An end at @fd whose reads and writes move a byte, or nothing. */
static struct ferry_channel *
open_slow(int fd, const char *frame)
{
	/* As long as the channel; it refuses frames, being no scheme. */
	static struct ferry_transport_ops slow;
	static const struct ferry_transport_ops *const list[] = { &slow, NULL };
	const struct ferry_channel_config config = { .transports = list };
	struct ferry_channel *ch;
	char addr[80];

	slow = fy_transport_fault;
	slow.caps |= FERRY_CAP_STREAM;
	snprintf(addr, sizeof(addr), "fault:fd%%3A%d?step=1&again=2&frame=%s",
		 fd, frame);
	assert_int_equal(ferry_channel_open(addr, &config, FERRY_NEVER, &ch,
					    NULL),
			 FERRY_OK);
	return ch;
}

/* Receives as much as @sent; in one message, but where there are none. */
static void
expect_slowly(struct ferry_channel *from, struct ferry_channel *to,
	      struct ferry_bytes sent, bool is_raw)
{
	size_t at = 0;

	do {
		struct ferry_bytes got;
		ferry_err err;

		assert_int_equal(ferry_channel_process(from, NULL), FERRY_OK);
		err = ferry_channel_take(to, &got, FERRY_NOW, NULL);
		if (err == FERRY_EAGAIN)
			continue;
		assert_int_equal(err, FERRY_OK);
		assert_in_range(got.len, is_raw ? 1 : sent.len, sent.len - at);
		assert_memory_equal(got.data, sent.data + at, got.len);
		ferry_channel_release(to);
		at += got.len;
		if (!is_raw)
			break;
	} while (at < sent.len);
}

static int
by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Prints @took, and expects that all but one in a hundred are quick. */
static void
judge(const char *what, uint64_t *took, size_t n)
{
	uint64_t p99;

	qsort(took, n, sizeof(*took), by_time);
	p99 = took[n * 99 / 100];
	printf("%s: %zu there and back, p99 %.3f ms, longest %.3f ms\n", what,
	       n, (double)p99 / 1e6, (double)took[n - 1] / 1e6);
	assert_true(p99 < SLOW_NS);
}

/* Text, which every framing can carry; raw knows no empty message. */
static struct ferry_bytes
text_of(uint8_t buf[SHORT_MOST], size_t number)
{
	for (size_t i = 0; i < SHORT_MOST; i++)
		buf[i] = (uint8_t)('!' + (number * 7 + i) % 90);
	return (struct ferry_bytes){ buf, (uint32_t)(1 + number % SHORT_MOST) };
}

static void
talk_slowly(const char *frame)
{
	bool is_raw = strcmp(frame, "raw") == 0;
	uint64_t *took = calloc(n_messages, sizeof(*took));
	struct ferry_channel *ch[2];
	int fds[2];

	assert_non_null(took);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ch[0] = open_slow(fds[0], frame);
	ch[1] = open_slow(fds[1], frame);
	for (size_t i = 0; i < n_messages; i++) {
		uint64_t start = ns_now();
		uint8_t buf[SHORT_MOST];
		struct ferry_bytes m = text_of(buf, i);

		for (int way = 0; way < 2; way++) {
			assert_int_equal(ferry_channel_send(ch[way], m,
							    FERRY_NOW, NULL),
					 FERRY_OK);
			expect_slowly(ch[way], ch[!way], m, is_raw);
		}
		took[i] = ns_now() - start;
	}
	ferry_channel_close(ch[0], FERRY_NOW, NULL);
	ferry_channel_close(ch[1], FERRY_NOW, NULL);
	judge(frame, took, n_messages);
	free(took);
}

static void
bytes_may_come_one_at_a_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FRAMES; i++)
		talk_slowly(frames[i]);
}

/* ---- fragments ---- */

/* A channel with a peer that writes what it likes. */
struct raw {
	struct fy_test_heap heap;
	struct ferry_channel *ch;
	int fd;
	size_t n_fds;
};

static void
open_on(struct raw *r, int fds[2], const char *frame)
{
	const struct ferry_channel_config config = {
		.hooks = &r->heap.hooks, .max_message = LARGE_BYTES
	};
	char addr[60];

	snprintf(addr, sizeof(addr), "fd:%d?frame=%s", fds[0], frame);
	assert_int_equal(ferry_channel_open(addr, &config, FERRY_NEVER, &r->ch,
					    NULL),
			 FERRY_OK);
	r->fd = fds[1];
}

static void
open_raw(struct raw *r)
{
	int fds[2];

	fy_test_heap_init(&r->heap);
	r->n_fds = fy_audit_fds();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	open_on(r, fds, "record");
}

static void
close_raw(struct raw *r)
{
	ferry_channel_close(r->ch, FERRY_NOW, NULL);
	close(r->fd);
	assert_int_equal(fy_audit_fds(), r->n_fds);
	assert_int_equal(r->heap.n_live, 0);
}

static ferry_err
take(struct raw *r, struct ferry_bytes *got)
{
	return ferry_channel_take(r->ch, got, FERRY_NOW, NULL);
}

/* Lets the channel read what was written; it must be no message yet. */
static void
put(struct raw *r, const void *bytes, size_t n)
{
	struct ferry_bytes got;

	assert_int_equal(take(r, &got), FERRY_EAGAIN);
	assert_int_equal(send(r->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT), n);
}

static void
a_message_may_come_in_fragments_of_one_byte(void **state)
{
	struct ferry_bytes got;
	struct raw r;

	(void)state;
	open_raw(&r);
	for (uint32_t i = 0; i < ONE_BYTE_FRAGMENTS; i++) {
		bool is_last = i + 1 == ONE_BYTE_FRAGMENTS;

		put(&r, (uint8_t[]){ is_last ? 0x80 : 0, 0, 0, 1, (uint8_t)i },
		    5);
	}
	assert_int_equal(take(&r, &got), FERRY_OK);
	assert_int_equal(got.len, ONE_BYTE_FRAGMENTS);
	for (uint32_t i = 0; i < ONE_BYTE_FRAGMENTS; i++)
		assert_int_equal(got.data[i], (uint8_t)i);
	ferry_channel_release(r.ch);
	/* The marks, four times as long as what they divide, are not kept. */
	assert_in_range(r.heap.peak, 1, 2 * ONE_BYTE_FRAGMENTS);
	close_raw(&r);
}

/* A message of two fragments is refused as soon as the last is announced. */
static void
expect_too_big(uint8_t first, uint32_t last)
{
	const uint8_t bytes[5] = { 0, 0, 0, first, 0 };
	const uint32_t mark = htonl(0x80000000u | last);
	struct ferry_bytes got;
	struct raw r;

	open_raw(&r);
	put(&r, bytes, 4u + first);
	put(&r, &mark, 4);
	assert_int_equal(take(&r, &got), FERRY_ETOOBIG);
	close_raw(&r);
}

static void
fragments_may_be_as_long_as_a_message_and_no_longer(void **state)
{
	uint32_t mark = htonl(0x80000000u | LARGE_BYTES);
	uint8_t *large = malloc(LARGE_BYTES);
	struct ferry_bytes got;
	struct raw r;

	(void)state;
	assert_non_null(large);
	open_raw(&r);
	for (int i = 0; i < LARGE_MESSAGES; i++) {
		memset(large, i, LARGE_BYTES);
		put(&r, &mark, 4);
		for (size_t at = 0; at < LARGE_BYTES; at += 32768)
			put(&r, large + at, 32768);
		assert_int_equal(take(&r, &got), FERRY_OK);
		assert_int_equal(got.len, LARGE_BYTES);
		assert_memory_equal(got.data, large, LARGE_BYTES);
		ferry_channel_release(r.ch);
	}
	close_raw(&r);
	free(large);
	expect_too_big(0, LARGE_BYTES + 1);
	expect_too_big(1, LARGE_BYTES);
}

static void
empty_fragments_without_end_are_the_end_at_the_limit(void **state)
{
	static const uint8_t empty[4000];
	struct ferry_counters counters;
	struct ferry_bytes got;
	size_t sent = 0;
	struct raw r;

	(void)state;
	open_raw(&r);
	for (int i = 0; i < FY_FRAME_EMPTY_MOST; i++)
		put(&r, empty, 4);
	put(&r, empty, 4);
	assert_int_equal(take(&r, &got), FERRY_EPROTO);
	/* Who does not stop gets no more than the kernel's room. */
	while (sent < 4 * (size_t)EMPTY_FRAGMENTS) {
		ssize_t n = send(r.fd, empty, sizeof(empty),
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		assert_int_equal(take(&r, &got), FERRY_EPROTO);
		if (n < 0)
			break;
		sent += (size_t)n;
	}
	assert_true(sent < 4 * (size_t)EMPTY_FRAGMENTS);
	assert_in_range(r.heap.peak, 1, SMALL_HEAP);
	ferry_channel_counters(r.ch, &counters);
	assert_int_equal(counters.broken, 1);
	ferry_channel_close(r.ch, FERRY_NOW, NULL);
	r.ch = NULL;
	assert_int_equal(send(r.fd, empty, 4, MSG_NOSIGNAL), -1);
	close_raw(&r);
}

/* ---- a peer that goes at any byte ---- */

/* "message" in each framing but raw, in their order. */
static const struct {
	const char *bytes;
	size_t len;
} framed[] = {
	{ "\0\0\0\3mes\x80\0\0\4sage", 15 },
	{ "message\n", 8 },
	{ "message", 8 },
	{ "\0\0\0\7message", 11 },
};

static void
make_tcp(int fds[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof(at);
	int port = socket(AF_INET, SOCK_STREAM, 0);

	fds[1] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(port, (struct sockaddr *)&at, bytes), 0);
	assert_int_equal(listen(port, 1), 0);
	assert_int_equal(getsockname(port, (struct sockaddr *)&at, &bytes), 0);
	assert_int_equal(connect(fds[1], (struct sockaddr *)&at, bytes), 0);
	fds[0] = accept(port, NULL, NULL);
	assert_true(fds[0] >= 0);
	close(port);
}

/* With an error, where @is_reset: what has not left is thrown away. */
static void
leave(struct raw *r, bool is_reset)
{
	const struct linger at_once = { .l_onoff = 1 };

	if (is_reset)
		assert_int_equal(setsockopt(r->fd, SOL_SOCKET, SO_LINGER,
					    &at_once, sizeof(at_once)),
				 0);
	close(r->fd);
}

/* How receiving ends, which is told again to who asks again. */
static ferry_err
end_of(struct raw *r)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(r->ch, &got, ferry_in_ms(10000),
					   NULL);

	for (int i = 0; i < 3; i++)
		assert_int_equal(take(r, &got), err);
	return err;
}

/* The peer goes behind @at bytes of a message of @kind. */
static void
cut(size_t kind, size_t at, bool is_reset)
{
	const struct ferry_bytes word = { (const uint8_t *)"word", 4 };
	struct ferry_counters counters;
	struct ferry_bytes got;
	struct raw r = { .n_fds = fy_audit_fds() };
	bool is_clean = !is_reset && (at == 0 || at == framed[kind].len);
	int fds[2];

	fy_test_heap_init(&r.heap);
	make_tcp(fds);
	open_on(&r, fds, frames[kind]);
	assert_int_equal(send(r.fd, framed[kind].bytes, at, 0), at);
	if (at == framed[kind].len) {
		assert_int_equal(ferry_channel_take(r.ch, &got,
						    ferry_in_ms(10000), NULL),
				 FERRY_OK);
		assert_int_equal(got.len, 7);
		assert_memory_equal(got.data, "message", 7);
		ferry_channel_release(r.ch);
	}
	leave(&r, is_reset);
	assert_int_equal(end_of(&r), is_clean ? FERRY_EOF : FERRY_ELOST);
	/* The way back has gone with it, which is the same end. */
	if (is_reset)
		assert_int_equal(ferry_channel_send(r.ch, word, FERRY_NOW,
						    NULL),
				 FERRY_ELOST);
	ferry_channel_counters(r.ch, &counters);
	assert_int_equal(counters.received, at == framed[kind].len);
	assert_int_equal(counters.lost, !is_clean);
	ferry_channel_close(r.ch, FERRY_NOW, NULL);
	assert_int_equal(fy_audit_fds(), r.n_fds);
	assert_int_equal(r.heap.n_live, 0);
}

static void
a_peer_that_goes_at_any_byte_is_told_of_once(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < N_FRAMES - 1; kind++) {
		for (size_t at = 0; at <= framed[kind].len; at++) {
			cut(kind, at, false);
			cut(kind, at, true);
		}
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_may_come_one_at_a_time),
		cmocka_unit_test(a_message_may_come_in_fragments_of_one_byte),
		cmocka_unit_test(
			fragments_may_be_as_long_as_a_message_and_no_longer),
		cmocka_unit_test(
			empty_fragments_without_end_are_the_end_at_the_limit),
		cmocka_unit_test(
			a_peer_that_goes_at_any_byte_is_told_of_once),
	};

	if (argc > 1)
		n_messages = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
