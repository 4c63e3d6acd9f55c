/* SPDX-License-Identifier: MIT */
/* Pipes: who waits blocks in them, and an end is told in any case. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <ferry/channel.h>

static struct ferry_error why;

static struct ferry_channel *
open_at(const char *text)
{
	struct ferry_channel *ch;

	assert_int_equal(ferry_channel_open(text, NULL, FERRY_NEVER, &ch, &why),
			 FERRY_OK);
	return ch;
}

static struct ferry_channel *
reader_of(int fd)
{
	char text[64];

	snprintf(text, sizeof(text), "pipe:%d,", fd);
	return open_at(text);
}

static struct ferry_channel *
writer_to(int fd)
{
	char text[64];

	snprintf(text, sizeof(text), "pipe:,%d", fd);
	return open_at(text);
}

static void
open_both(struct ferry_channel *ch[2])
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	ch[0] = writer_to(fds[1]);
	ch[1] = reader_of(fds[0]);
}

static void
close_both(struct ferry_channel *ch[2])
{
	ferry_channel_close(ch[0], FERRY_NOW, NULL);
	ferry_channel_close(ch[1], FERRY_NOW, NULL);
}

static ferry_err
receive(struct ferry_channel *ch, struct ferry_deadline until)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(ch, &got, until, &why);

	if (!err)
		ferry_channel_release(ch);
	return err;
}

static ferry_err
send_one(struct ferry_channel *ch)
{
	const struct ferry_bytes x = { (const uint8_t *)"x", 1 };

	return ferry_channel_send(ch, x, FERRY_NOW, &why);
}

static void
each_way_alone_says_so_of_the_other(void **state)
{
	struct ferry_channel *ch[2];

	(void)state;
	open_both(ch);
	assert_int_equal(receive(ch[0], FERRY_NOW), FERRY_ENOTSUP);
	assert_int_equal(receive(ch[0], FERRY_NEVER), FERRY_ENOTSUP);
	assert_int_equal(send_one(ch[1]), FERRY_ENOTSUP);
	assert_int_equal(ferry_channel_finish(ch[1], FERRY_NOW, &why),
			 FERRY_ENOTSUP);
	assert_int_equal(send_one(ch[0]), FERRY_OK);
	assert_int_equal(receive(ch[1], FERRY_NOW), FERRY_OK);
	close_both(ch);
}

static void *
receive_two(void *arg)
{
	struct ferry_channel *ch = arg;

	if (receive(ch, FERRY_NEVER) || receive(ch, FERRY_NEVER))
		return NULL;
	return arg;
}

static void
who_waits_for_ever_is_woken(void **state)
{
	struct ferry_channel *ch[2];
	pthread_t thread;
	void *result;

	(void)state;
	open_both(ch);
	assert_int_equal(pthread_create(&thread, NULL, receive_two, ch[1]), 0);
	assert_int_equal(send_one(ch[0]), FERRY_OK);
	assert_int_equal(send_one(ch[0]), FERRY_OK);
	pthread_join(thread, &result);
	assert_non_null(result);
	close_both(ch);
}

static void
after_a_wait_for_ever_nothing_blocks(void **state)
{
	struct ferry_channel *ch[2];

	(void)state;
	open_both(ch);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(send_one(ch[0]), FERRY_OK);
		assert_int_equal(receive(ch[1], FERRY_NEVER), FERRY_OK);
		assert_int_equal(receive(ch[1], FERRY_NOW), FERRY_EAGAIN);
		assert_int_equal(receive(ch[1], ferry_in_ms(1)),
				 FERRY_ETIMEDOUT);
	}
	close_both(ch);
}

static void
the_descriptor_that_was_given_blocks_as_before(void **state)
{
	struct ferry_channel *ch[2];
	int fds[2], in, to;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	in = dup(fds[0]);
	to = dup(fds[1]);
	ch[0] = writer_to(fds[1]);
	ch[1] = reader_of(fds[0]);
	assert_int_equal(receive(ch[1], FERRY_NOW), FERRY_EAGAIN);
	assert_int_equal(fcntl(in, F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(fcntl(to, F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(fcntl(in, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(send_one(ch[0]), FERRY_OK);
	assert_int_equal(receive(ch[1], FERRY_NEVER), FERRY_OK);
	assert_int_equal(fcntl(in, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	close(in);
	close(to);
	close_both(ch);
}

/* A FIFO opened to read from, whose only writer has come and gone. */
static struct ferry_channel *
reader_of_a_left_fifo(const char *bytes)
{
	char folder[] = "/tmp/ferry-test-XXXXXX";
	char path[64];
	int in, to;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/fifo", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	in = open(path, O_RDONLY | O_NONBLOCK);
	to = open(path, O_WRONLY);
	assert_true(in >= 0 && to >= 0);
	assert_int_equal(write(to, bytes, strlen(bytes)), strlen(bytes));
	if (*bytes) {
		struct ferry_channel *ch = reader_of(in);

		close(to);
		unlink(path);
		rmdir(folder);
		return ch;
	}
	close(to);
	unlink(path);
	rmdir(folder);
	return reader_of(in);
}

static void
a_fifo_whose_writer_had_gone_has_ended(void **state)
{
	const struct ferry_deadline untils[] = { FERRY_NOW, ferry_in_ms(10000),
						 FERRY_NEVER };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct ferry_channel *ch = reader_of_a_left_fifo("");

		assert_int_equal(receive(ch, untils[i]), FERRY_EOF);
		assert_int_equal(receive(ch, untils[i]), FERRY_EOF);
		ferry_channel_close(ch, FERRY_NOW, NULL);
	}
}

static void
its_end_is_an_event(void **state)
{
	struct ferry_channel *ch = reader_of_a_left_fifo("");
	struct pollfd ready = { .events = POLLIN };

	(void)state;
	assert_int_equal(ferry_channel_fd(ch, &ready.fd, &why), FERRY_OK);
	assert_int_equal(poll(&ready, 1, 10000), 1);
	assert_int_equal(receive(ch, FERRY_NOW), FERRY_EOF);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
a_fifo_cut_within_a_message_is_lost(void **state)
{
	struct ferry_channel *ch = reader_of_a_left_fifo("\x80");
	struct ferry_counters counters;

	(void)state;
	assert_int_equal(receive(ch, FERRY_NEVER), FERRY_ELOST);
	ferry_channel_counters(ch, &counters);
	assert_int_equal(counters.lost, 1);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_alone_says_so_of_the_other),
		cmocka_unit_test(who_waits_for_ever_is_woken),
		cmocka_unit_test(after_a_wait_for_ever_nothing_blocks),
		cmocka_unit_test(
			the_descriptor_that_was_given_blocks_as_before),
		cmocka_unit_test(a_fifo_whose_writer_had_gone_has_ended),
		cmocka_unit_test(its_end_is_an_event),
		cmocka_unit_test(a_fifo_cut_within_a_message_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
