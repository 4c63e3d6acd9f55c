/* SPDX-License-Identifier: MIT */
#include "transport/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A buffer that bytes are given to, as a stream does. */
struct input {
	struct fy_frame f;
	uint8_t buf[4096];
	size_t tail;
};

static struct input
input_of(enum ferry_frame kind, size_t max)
{
	struct input in = { .tail = 0 };

	fy_frame_init(&in.f, fy_framing_of(kind), max);
	return in;
}

static void
give(struct input *in, const void *bytes, size_t n)
{
	memcpy(in->buf + in->tail, bytes, n);
	in->tail += n;
}

static ferry_err
feed(struct input *in)
{
	return fy_frame_feed(&in->f, in->buf, &in->tail);
}

static void
expect_record(struct input *in, const char *text)
{
	size_t n = strlen(text);

	assert_int_equal(feed(in), FERRY_OK);
	assert_int_equal(in->f.end - in->f.start, n);
	assert_memory_equal(in->buf + in->f.start, text, n);
	fy_frame_next(&in->f);
}

static void
a_mark_is_the_last_bit_and_31_bits_of_length(void **state)
{
	uint8_t mark[4];

	(void)state;
	assert_int_equal(fy_framing_record.seal(NULL, 0x01020304, mark, NULL,
						NULL), FERRY_OK);
	assert_memory_equal(mark, "\x81\x02\x03\x04", 4);
	assert_int_equal(fy_framing_record.seal(NULL, FY_FRAME_MOST, mark,
						NULL, NULL), FERRY_OK);
	assert_memory_equal(mark, "\xff\xff\xff\xff", 4);
}

static void
a_record_of_one_fragment_stays_where_it_is(void **state)
{
	struct input in = input_of(FERRY_FRAME_RECORD, 10);

	(void)state;
	give(&in, "\x80\0\0\3abc\x80\0\0\0\x80\0\0\1d", 16);
	assert_int_equal(feed(&in), FERRY_OK);
	assert_int_equal(in.f.start, 4);
	assert_int_equal(in.f.end, 7);
	/* Again, until it has been used. */
	expect_record(&in, "abc");
	expect_record(&in, "");
	expect_record(&in, "d");
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	assert_int_equal(fy_frame_base(&in.f), in.tail);
}

/* @stream holds "abcde", "f" and "" and nothing more. */
static void
cut_in_every_way(enum ferry_frame kind, const char *stream, size_t len)
{
	for (size_t step = 1; step <= len; step++) {
		struct input in = input_of(kind, 5);
		const char *expected[] = { "abcde", "f", "" };
		size_t n = 0;

		for (size_t at = 0; at < len; at += step) {
			size_t bytes = len - at < step ? len - at : step;

			give(&in, stream + at, bytes);
			while (n < 3) {
				ferry_err err = feed(&in);

				if (err == FERRY_EAGAIN)
					break;
				expect_record(&in, expected[n++]);
			}
		}
		assert_int_equal(n, 3);
		assert_false(in.f.open);
		assert_int_equal(in.f.at, in.tail);
	}
}

static void
any_way_to_cut_a_stream_gives_the_same_records(void **state)
{
	static const char record[] =
		"\0\0\0\2ab\0\0\0\0\0\0\0\1c\x80\0\0\2de"
		"\x80\0\0\1f\0\0\0\0\x80\0\0\0";
	static const char nul[] = "abcde\0f\0";
	static const char u32[] = "\0\0\0\5abcde\0\0\0\1f\0\0\0\0";

	(void)state;
	cut_in_every_way(FERRY_FRAME_RECORD, record, sizeof(record) - 1);
	cut_in_every_way(FERRY_FRAME_LINE, "abcde\nf\n\n", 9);
	/* The last NUL is the string's own. */
	cut_in_every_way(FERRY_FRAME_NUL, nul, sizeof(nul));
	cut_in_every_way(FERRY_FRAME_U32, u32, sizeof(u32) - 1);
}

static void
need_is_what_has_been_announced(void **state)
{
	struct input in = input_of(FERRY_FRAME_RECORD, 1000);

	(void)state;
	assert_int_equal(fy_frame_need(&in.f), 4);
	give(&in, "\0\0\0\144ab", 6);
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	/* 100 bytes, and the mark of the fragment that must follow. */
	assert_int_equal(fy_frame_need(&in.f), 4 + 100 + 4);
	give(&in, "\x80", 1);
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	assert_int_equal(fy_frame_need(&in.f), 4 + 100 + 4);
}

static void
marks_inside_a_record_do_not_take_room(void **state)
{
	struct input in = input_of(FERRY_FRAME_RECORD, 4000);

	(void)state;
	for (int i = 0; i < 500; i++) {
		give(&in, "\0\0\0\1x", 5);
		assert_int_equal(feed(&in), FERRY_EAGAIN);
	}
	assert_int_equal(in.tail, 4 + 500);
	assert_int_equal(in.f.end - in.f.start, 500);
}

static void
a_shifted_buffer_goes_on(void **state)
{
	struct input in = input_of(FERRY_FRAME_RECORD, 100);
	size_t base;

	(void)state;
	give(&in, "\x80\0\0\1a\0\0\0\2bc\x80", 12);
	expect_record(&in, "a");
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	base = fy_frame_base(&in.f);
	assert_int_equal(base, 9);
	memmove(in.buf, in.buf + base, in.tail - base);
	in.tail -= base;
	fy_frame_shift(&in.f, base);
	give(&in, "\0\0\1d", 4);
	expect_record(&in, "bcd");
}

static void
too_long_is_seen_in_the_mark(void **state)
{
	struct input one = input_of(FERRY_FRAME_RECORD, 100);
	struct input two = input_of(FERRY_FRAME_RECORD, 100);

	(void)state;
	give(&one, "\x80\0\0\x65", 4);
	assert_int_equal(feed(&one), FERRY_ETOOBIG);
	assert_int_equal(feed(&one), FERRY_ETOOBIG);
	give(&two, "\0\0\0\1a\xff\xff\xff\xff", 9);
	assert_int_equal(feed(&two), FERRY_ETOOBIG);
}

static void
empty_fragments_are_counted_for_each_record(void **state)
{
	static const uint8_t empty[4] = { 0 };
	struct input in = input_of(FERRY_FRAME_RECORD, 100);

	(void)state;
	for (int record = 0; record < 3; record++) {
		for (int i = 0; i < FY_FRAME_EMPTY_MOST; i++)
			give(&in, empty, 4);
		give(&in, "\x80\0\0\1a", 5);
		expect_record(&in, "a");
	}
	for (int i = 0; i <= FY_FRAME_EMPTY_MOST; i++)
		give(&in, empty, 4);
	assert_int_equal(feed(&in), FERRY_EPROTO);
}

static void
u32_is_four_bytes_of_length(void **state)
{
	uint8_t mark[4];
	struct input in = input_of(FERRY_FRAME_U32, 1000);

	(void)state;
	assert_int_equal(fy_framing_u32.seal(NULL, 0x01020304, mark, NULL,
					     NULL), FERRY_OK);
	assert_memory_equal(mark, "\1\2\3\4", 4);
	assert_int_equal(fy_frame_need(&in.f), 4);
	give(&in, "\0\0\0\144ab", 6);
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	assert_int_equal(fy_frame_need(&in.f), 4 + 100);
}

static void
what_is_in_a_message_cannot_end_it(void **state)
{
	const uint8_t text[] = { 'a', 'b', '\n', 'c', '\0' };
	struct ferry_error why = { .code = FERRY_OK };
	uint8_t after[1] = { 'x' };

	(void)state;
	assert_int_equal(fy_framing_line.seal(text, 5, NULL, after, &why),
			 FERRY_EINVAL);
	assert_non_null(strstr(why.text, "newline at byte 2"));
	assert_int_equal(fy_framing_nul.seal(text, 5, NULL, after, &why),
			 FERRY_EINVAL);
	assert_non_null(strstr(why.text, "NUL at byte 4"));
	assert_int_equal(after[0], 'x');
	assert_int_equal(fy_framing_line.seal(text, 2, NULL, after, &why),
			 FERRY_OK);
	assert_int_equal(after[0], '\n');
	assert_int_equal(fy_framing_nul.seal(text, 4, NULL, after, &why),
			 FERRY_OK);
	assert_int_equal(after[0], '\0');
}

static void
a_line_keeps_all_but_its_newline(void **state)
{
	struct input in = input_of(FERRY_FRAME_LINE, 10);

	(void)state;
	give(&in, "a\r\n\n b", 6);
	expect_record(&in, "a\r");
	expect_record(&in, "");
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	assert_int_equal(fy_frame_base(&in.f), 4);
	assert_true(in.f.open);
	give(&in, "\n", 1);
	expect_record(&in, " b");
	assert_false(in.f.open);
}

static void
each_byte_of_a_line_is_looked_at_once(void **state)
{
	struct input in = input_of(FERRY_FRAME_LINE, 4000);

	(void)state;
	for (size_t n = 1; n <= 4000; n++) {
		give(&in, "x", 1);
		assert_int_equal(feed(&in), FERRY_EAGAIN);
		assert_int_equal(in.f.at, n);
		/* What has been looked at may change unseen. */
		in.buf[n - 1] = '\n';
	}
	give(&in, "\n", 1);
	assert_int_equal(feed(&in), FERRY_OK);
	assert_int_equal(in.f.end - in.f.start, 4000);
}

static void
a_line_over_the_limit_is_seen_before_it_ends(void **state)
{
	struct input fits = input_of(FERRY_FRAME_LINE, 3);
	struct input cut = input_of(FERRY_FRAME_LINE, 3);
	struct input whole = input_of(FERRY_FRAME_NUL, 3);

	(void)state;
	give(&fits, "abc\n", 4);
	expect_record(&fits, "abc");
	give(&cut, "abc", 3);
	assert_int_equal(feed(&cut), FERRY_EAGAIN);
	give(&cut, "d", 1);
	assert_int_equal(feed(&cut), FERRY_ETOOBIG);
	assert_int_equal(feed(&cut), FERRY_ETOOBIG);
	give(&whole, "abcd", 5);
	assert_int_equal(feed(&whole), FERRY_ETOOBIG);
}

static void
a_length_over_the_limit_is_seen_at_once(void **state)
{
	struct input in = input_of(FERRY_FRAME_U32, 100);

	(void)state;
	give(&in, "\0\0\0\x65", 4);
	assert_int_equal(feed(&in), FERRY_ETOOBIG);
	assert_int_equal(feed(&in), FERRY_ETOOBIG);
}

static void
raw_takes_what_came_at_once(void **state)
{
	struct input in = input_of(FERRY_FRAME_RAW, 4);
	struct ferry_error why = { .code = FERRY_OK };

	(void)state;
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	give(&in, "ab\nc", 4);
	expect_record(&in, "ab\nc");
	assert_int_equal(feed(&in), FERRY_EAGAIN);
	assert_false(in.f.open);
	/* More than a message may have becomes several. */
	give(&in, "defghi", 6);
	expect_record(&in, "defg");
	expect_record(&in, "hi");
	assert_int_equal(fy_framing_raw.seal(NULL, 0, NULL, NULL, &why),
			 FERRY_EINVAL);
	assert_int_equal(fy_framing_raw.seal(NULL, 1, NULL, NULL, &why),
			 FERRY_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mark_is_the_last_bit_and_31_bits_of_length),
		cmocka_unit_test(a_record_of_one_fragment_stays_where_it_is),
		cmocka_unit_test(
			any_way_to_cut_a_stream_gives_the_same_records),
		cmocka_unit_test(need_is_what_has_been_announced),
		cmocka_unit_test(marks_inside_a_record_do_not_take_room),
		cmocka_unit_test(a_shifted_buffer_goes_on),
		cmocka_unit_test(too_long_is_seen_in_the_mark),
		cmocka_unit_test(empty_fragments_are_counted_for_each_record),
		cmocka_unit_test(u32_is_four_bytes_of_length),
		cmocka_unit_test(what_is_in_a_message_cannot_end_it),
		cmocka_unit_test(a_line_keeps_all_but_its_newline),
		cmocka_unit_test(each_byte_of_a_line_is_looked_at_once),
		cmocka_unit_test(a_line_over_the_limit_is_seen_before_it_ends),
		cmocka_unit_test(a_length_over_the_limit_is_seen_at_once),
		cmocka_unit_test(raw_takes_what_came_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
