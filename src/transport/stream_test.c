/* SPDX-License-Identifier: MIT */
/* What a stream adds to its framing, seen from both sides of a socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <ferry/channel.h>

/* A channel, and the socket at its other end. */
struct fixture {
	struct ferry_channel *ch;
	int fd;
	struct ferry_error why;
};

static struct fixture
open_it(const char *frame, const struct ferry_channel_config *config)
{
	struct fixture f = { .fd = -1 };
	int fds[2];
	char text[64];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	snprintf(text, sizeof(text), "fd:%d?frame=%s", fds[0], frame);
	assert_int_equal(ferry_channel_open(text, config, FERRY_NEVER, &f.ch,
					    &f.why),
			 FERRY_OK);
	f.fd = fds[1];
	return f;
}

static void
close_it(struct fixture *f)
{
	ferry_channel_close(f->ch, FERRY_NOW, NULL);
	close(f->fd);
}

static ferry_err
send_text(struct fixture *f, const char *text)
{
	const struct ferry_bytes bytes = { (const uint8_t *)text,
					   (uint32_t)strlen(text) };

	return ferry_channel_send(f->ch, bytes, FERRY_NOW, &f->why);
}

static void
expect_bytes(struct fixture *f, const char *bytes, size_t n)
{
	char got[256];

	assert_int_equal(recv(f->fd, got, sizeof(got), MSG_DONTWAIT), n);
	assert_memory_equal(got, bytes, n);
}

static void
give(struct fixture *f, const char *bytes, size_t n)
{
	assert_int_equal(write(f->fd, bytes, n), n);
}

static ferry_err
take(struct fixture *f, struct ferry_bytes *out)
{
	return ferry_channel_take(f->ch, out, FERRY_NOW, &f->why);
}

static void
expect(struct fixture *f, const char *text)
{
	struct ferry_bytes got;

	assert_int_equal(take(f, &got), FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
	ferry_channel_release(f->ch);
}

static struct ferry_counters
counters(const struct fixture *f)
{
	struct ferry_counters out;

	ferry_channel_counters(f->ch, &out);
	return out;
}

static void
lines_go_out_with_a_newline_and_come_in_without(void **state)
{
	struct fixture f = open_it("line", NULL);

	(void)state;
	assert_int_equal(send_text(&f, "one"), FERRY_OK);
	assert_int_equal(send_text(&f, ""), FERRY_OK);
	expect_bytes(&f, "one\n\n", 5);
	give(&f, "two\n\nthr", 8);
	expect(&f, "two");
	expect(&f, "");
	assert_int_equal(take(&f, &(struct ferry_bytes){ 0 }), FERRY_EAGAIN);
	give(&f, "ee\n", 3);
	expect(&f, "three");
	close_it(&f);
}

static void
a_line_that_is_refused_leaves_the_channel_good(void **state)
{
	struct fixture f = open_it("line", NULL);

	(void)state;
	assert_int_equal(send_text(&f, "a\nb"), FERRY_EINVAL);
	assert_non_null(strstr(f.why.text, "newline"));
	assert_int_equal(counters(&f).sent, 0);
	assert_int_equal(send_text(&f, "ab"), FERRY_OK);
	expect_bytes(&f, "ab\n", 3);
	close_it(&f);
}

static void
an_end_without_its_terminator_says_what_to_do(void **state)
{
	const char *const frames[] = { "line", "nul" };
	struct ferry_bytes got;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fixture f = open_it(frames[i], NULL);

		give(&f, "rest", 4);
		shutdown(f.fd, SHUT_WR);
		assert_int_equal(take(&f, &got), FERRY_ELOST);
		assert_non_null(strstr(f.why.text, "?frame=raw"));
		assert_int_equal(take(&f, &got), FERRY_ELOST);
		assert_int_equal(counters(&f).lost, 1);
		close_it(&f);
	}
}

/* A foreign loop looks before the program does, and tells nobody why. */
static void
who_receives_after_a_foreign_loop_is_told_why(void **state)
{
	const struct {
		const char *frame;
		const char *bytes;
		ferry_err err;
		const char *words;
	} ends[] = {
		{ "line", "no newline", FERRY_ELOST, "?frame=raw" },
		{ "u32", "\1", FERRY_ELOST, "no lengths" },
		{ "u32", "GET /", FERRY_ETOOBIG, "no lengths" },
		{ "record", "GET /", FERRY_ETOOBIG, "no record marks" },
	};
	struct ferry_bytes got;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct fixture f = open_it(ends[i].frame, NULL);
		int fd;

		give(&f, ends[i].bytes, strlen(ends[i].bytes));
		shutdown(f.fd, SHUT_WR);
		assert_int_equal(ferry_channel_fd(f.ch, &fd, NULL), FERRY_OK);
		for (int j = 0; j < 2; j++) {
			assert_int_equal(take(&f, &got), ends[i].err);
			assert_int_equal(f.why.code, ends[i].err);
			assert_non_null(strstr(f.why.text, ends[i].words));
		}
		close_it(&f);
	}
}

static size_t
read_to_the_end(int fd)
{
	static char room[65536];
	size_t n_read = 0;
	ssize_t n;

	while ((n = read(fd, room, sizeof(room))) > 0)
		n_read += (size_t)n;
	return n_read;
}

/* More than the kernel takes, behind something short. */
static void
what_a_close_leaves_unsent_is_exact_to_the_byte(void **state)
{
	const char *const frames[] = { "record", "line", "raw" };
	const size_t around[] = { 4, 1, 0 };
	static uint8_t large[3000000];
	const struct ferry_bytes bytes = { large, sizeof(large) };

	(void)state;
	memset(large, 'x', sizeof(large));
	for (int i = 0; i < 3; i++) {
		struct fixture f = open_it(frames[i], NULL);
		size_t sent = 3 + sizeof(large) + 2 * around[i];
		size_t unsent = 1;

		ferry_channel_cork(f.ch);
		assert_int_equal(send_text(&f, "abc"), FERRY_OK);
		assert_int_equal(ferry_channel_send(f.ch, bytes, FERRY_NOW,
						    NULL), FERRY_OK);
		assert_int_equal(ferry_channel_close(f.ch, FERRY_NOW, &unsent),
				 FERRY_EAGAIN);
		assert_in_range(unsent, 1, sizeof(large));
		assert_int_equal(read_to_the_end(f.fd), sent - unsent);
		close(f.fd);
	}
}

static void
raw_ends_anywhere(void **state)
{
	struct fixture f = open_it("raw", NULL);
	struct ferry_bytes got;

	(void)state;
	assert_int_equal(send_text(&f, ""), FERRY_EINVAL);
	assert_int_equal(send_text(&f, "bytes"), FERRY_OK);
	expect_bytes(&f, "bytes", 5);
	give(&f, "any\nthing", 9);
	shutdown(f.fd, SHUT_WR);
	expect(&f, "any\nthing");
	assert_int_equal(take(&f, &got), FERRY_EOF);
	assert_int_equal(counters(&f).lost, 0);
	close_it(&f);
}

static void
u32_and_nul_are_what_they_say_on_the_wire(void **state)
{
	struct fixture u32 = open_it("u32", NULL);
	struct fixture nul = open_it("nul", NULL);

	(void)state;
	assert_int_equal(send_text(&u32, "abc"), FERRY_OK);
	expect_bytes(&u32, "\0\0\0\3abc", 7);
	give(&u32, "\0\0\0\0\0\0\0\1x", 9);
	expect(&u32, "");
	expect(&u32, "x");
	close_it(&u32);
	assert_int_equal(send_text(&nul, "a\nb"), FERRY_OK);
	expect_bytes(&nul, "a\nb", 4);
	give(&nul, "\nx", 3);
	expect(&nul, "\nx");
	close_it(&nul);
}

static void
what_is_too_big_is_counted_both_ways(void **state)
{
	const struct ferry_channel_config config = { .max_message = 3 };
	struct fixture f = open_it("line", &config);
	struct ferry_bytes got;

	(void)state;
	assert_int_equal(send_text(&f, "abcd"), FERRY_ETOOBIG);
	assert_int_equal(send_text(&f, "abc"), FERRY_OK);
	assert_int_equal(counters(&f).too_big, 1);
	give(&f, "abcd", 4);
	assert_int_equal(take(&f, &got), FERRY_ETOOBIG);
	assert_int_equal(counters(&f).too_big, 2);
	close_it(&f);
}

static void
empty_fragments_without_end_are_counted_as_broken(void **state)
{
	struct fixture f = open_it("record", NULL);
	struct ferry_bytes got;

	(void)state;
	for (int i = 0; i < 9; i++)
		give(&f, "\0\0\0", 4);
	assert_int_equal(take(&f, &got), FERRY_EPROTO);
	assert_int_equal(counters(&f).broken, 1);
	close_it(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			lines_go_out_with_a_newline_and_come_in_without),
		cmocka_unit_test(
			a_line_that_is_refused_leaves_the_channel_good),
		cmocka_unit_test(an_end_without_its_terminator_says_what_to_do),
		cmocka_unit_test(
			who_receives_after_a_foreign_loop_is_told_why),
		cmocka_unit_test(
			what_a_close_leaves_unsent_is_exact_to_the_byte),
		cmocka_unit_test(raw_ends_anywhere),
		cmocka_unit_test(u32_and_nul_are_what_they_say_on_the_wire),
		cmocka_unit_test(what_is_too_big_is_counted_both_ways),
		cmocka_unit_test(
			empty_fragments_without_end_are_counted_as_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
