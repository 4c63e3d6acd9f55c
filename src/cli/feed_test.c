/* SPDX-License-Identifier: MIT */
#include "cli/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <fcntl.h>

#include <ferry/channel.h>

#include "core/compiler.h"

/* A feed of what is written to .to; .from does not block. */
struct fixture {
	struct fy_feed feed;
	int to;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int fds[2];

	if (!f || pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0)
		return -1;
	f->feed.fd = fds[0];
	f->to = fds[1];
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	close(f->feed.fd);
	if (f->to >= 0)
		close(f->to);
	fy_feed_fini(&f->feed);
	free(f);
	return 0;
}

static void
put(struct fixture *f, const void *bytes, size_t len)
{
	assert_int_equal(write(f->to, bytes, len), (ssize_t)len);
	f->feed.readable = true;
}

static void
end(struct fixture *f)
{
	close(f->to);
	f->to = -1;
	f->feed.readable = true;
}

static void
expect(struct fixture *f, const char *text)
{
	struct ferry_bytes got;

	assert_int_equal(fy_feed_next(&f->feed, &got, NULL), FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	if (got.len > 0)
		assert_memory_equal(got.data, text, got.len);
}

static void
expect_error(struct fixture *f, ferry_err err)
{
	struct ferry_bytes got;
	struct ferry_error why = { .text = "" };

	assert_int_equal(fy_feed_next(&f->feed, &got, &why), err);
}

static void
a_line_is_a_message_without_its_newline(void **state)
{
	struct fixture *f = *state;

	put(f, "one\n\ntwo\nhal", 12);
	expect(f, "one");
	expect(f, "");
	expect(f, "two");
	expect_error(f, FERRY_EAGAIN);
	put(f, "f\n", 2);
	expect(f, "half");
	end(f);
	expect_error(f, FERRY_EOF);
	expect_error(f, FERRY_EOF);
}

static void
what_is_left_at_the_end_is_a_message(void **state)
{
	struct fixture *f = *state;

	put(f, "one\nlast", 8);
	expect(f, "one");
	expect_error(f, FERRY_EAGAIN);
	end(f);
	expect(f, "last");
	expect_error(f, FERRY_EOF);
}

static void
a_nul_parts_what_has_newlines(void **state)
{
	struct fixture *f = *state;

	f->feed.cut = FY_CUT_NULS;
	put(f, "a\nb\0c", 6);
	expect(f, "a\nb");
	expect(f, "c");
	expect_error(f, FERRY_EAGAIN);
}

static void
the_whole_is_one_message_also_if_it_is_nothing(void **state)
{
	struct fixture *f = *state;

	f->feed.cut = FY_CUT_WHOLE;
	expect_error(f, FERRY_EAGAIN);
	end(f);
	expect(f, "");
	expect_error(f, FERRY_EOF);
}

static void
the_whole_waits_for_its_end(void **state)
{
	struct fixture *f = *state;

	f->feed.cut = FY_CUT_WHOLE;
	put(f, "a\n", 2);
	expect_error(f, FERRY_EAGAIN);
	put(f, "b\n", 2);
	expect_error(f, FERRY_EAGAIN);
	end(f);
	expect(f, "a\nb\n");
	expect_error(f, FERRY_EOF);
}

static void
pieces_are_what_reads_return(void **state)
{
	struct fixture *f = *state;

	f->feed.cut = FY_CUT_PIECES;
	put(f, "a\nb", 3);
	expect(f, "a\nb");
	expect_error(f, FERRY_EAGAIN);
	put(f, "c", 1);
	expect(f, "c");
	end(f);
	expect_error(f, FERRY_EOF);
}

static void
after_the_last_byte_a_pipe_that_is_held_open_has_ended(void **state)
{
	struct fixture *f = *state;

	put(f, "one\ntwo", 7);
	f->feed.last = true;
	expect(f, "one");
	expect(f, "two");
	expect_error(f, FERRY_EOF);
}

static void
words_are_messages(void **state)
{
	struct fixture *f = *state;
	char one[] = "one\n";
	char none[] = "";
	char *words[] = { one, none, NULL };

	f->feed.words = words;
	expect(f, "one\n");
	expect(f, "");
	expect_error(f, FERRY_EOF);
}

static void
a_line_over_the_limit_is_refused(void **state)
{
	struct fixture *f = *state;
	int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	int fd = f->feed.fd;

	assert_true(zeros >= 0);
	f->feed.fd = zeros;
	f->feed.steady = f->feed.readable = true;
	expect_error(f, FERRY_ETOOBIG);
	f->feed.fd = fd;
	close(zeros);
}

static void
what_cannot_be_read_is_an_error(void **state)
{
	struct fixture *f = *state;
	int fd = f->feed.fd;

	f->feed.fd = -1;
	f->feed.readable = true;
	expect_error(f, FERRY_ESYS);
	f->feed.fd = fd;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_a_message_without_its_newline),
		TEST(what_is_left_at_the_end_is_a_message),
		TEST(a_nul_parts_what_has_newlines),
		TEST(the_whole_is_one_message_also_if_it_is_nothing),
		TEST(the_whole_waits_for_its_end),
		TEST(pieces_are_what_reads_return),
		TEST(after_the_last_byte_a_pipe_that_is_held_open_has_ended),
		TEST(words_are_messages),
		TEST(a_line_over_the_limit_is_refused),
		TEST(what_cannot_be_read_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
