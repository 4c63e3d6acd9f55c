/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fifo_place.h"

/* A plain named pipe is there. */
static int
open_pipe(void **state)
{
	struct place *p;

	if (place_open(state) < 0)
		return -1;
	p = *state;
	return mkfifo(p->path, 0600);
}

static int
close_pipe(void **state)
{
	struct place *p = *state;

	return unlink(p->path) < 0 ? -1 : place_close(state);
}

static ferry_err
open_way(const struct place *p, const char *way, struct ferry_deadline until,
	 struct ferry_channel **out, struct ferry_error *why)
{
	char addr[200];

	snprintf(addr, sizeof(addr), "%s?way=%s&frame=line", p->addr, way);
	return ferry_channel_open(addr, NULL, until, out, why);
}

static struct ferry_channel *
open_in(const struct place *p)
{
	struct ferry_channel *ch;

	assert_int_equal(open_way(p, "in", FERRY_NOW, &ch, NULL), FERRY_OK);
	return ch;
}

static void
write_plain(const struct place *p, const char *text)
{
	int fd = open(p->path, O_WRONLY | O_NONBLOCK);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
a_receiver_waits_for_a_writer_and_ends_with_him(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch = open_in(p);

	place_expect_end(ch, FERRY_NOW, FERRY_EAGAIN);
	place_expect_end(ch, ferry_in_ms(20), FERRY_ETIMEDOUT);
	write_plain(p, "one\ntwo\n");
	place_expect(ch, "one");
	place_expect(ch, "two");
	place_expect_end(ch, FERRY_NEVER, FERRY_EOF);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void *
write_later(void *arg)
{
	write_plain(arg, "late\n");
	return NULL;
}

static void
a_receiver_sleeps_until_a_writer_comes(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch = open_in(p);
	pthread_t writer;

	assert_int_equal(pthread_create(&writer, NULL, write_later, p), 0);
	place_expect(ch, "late");
	pthread_join(writer, NULL);
	place_expect_end(ch, ferry_in_ms(PLACE_WAIT_MS), FERRY_EOF);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
the_descriptor_of_a_receiver_is_quiet_without_a_writer(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch = open_in(p);
	struct pollfd ready = { .fd = -1 };

	assert_int_equal(ferry_channel_fd(ch, &ready.fd, NULL), FERRY_OK);
	ready.events = ferry_channel_events(ch);
	assert_int_equal(poll(&ready, 1, 20), 0);
	write_plain(p, "now\n");
	assert_int_equal(poll(&ready, 1, PLACE_WAIT_MS), 1);
	place_expect(ch, "now");
	place_expect_end(ch, FERRY_NOW, FERRY_EOF);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
a_sender_waits_for_a_reader_until_the_deadline(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch;
	struct ferry_error why;

	assert_int_equal(open_way(p, "out", FERRY_NOW, &ch, &why),
			 FERRY_EAGAIN);
	assert_int_equal(open_way(p, "out", ferry_in_ms(30), &ch, &why),
			 FERRY_ETIMEDOUT);
	assert_non_null(strstr(why.text, p->path));
}

static void *
read_later(void *arg)
{
	static const char text[] = "hello\n";
	const struct place *p = arg;
	char got[20] = { 0 };
	FILE *file = fopen(p->path, "r");

	if (!file || !fgets(got, sizeof(got), file) || strcmp(got, text) != 0)
		return NULL;
	fclose(file);
	return arg;
}

/* As cat(1), which waits in open(2) for a writer. */
static void
a_sender_finds_a_reader_that_blocks(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch;
	pthread_t reader;
	void *ok;

	assert_int_equal(pthread_create(&reader, NULL, read_later, p), 0);
	assert_int_equal(
		open_way(p, "out", ferry_in_ms(PLACE_WAIT_MS), &ch, NULL),
		FERRY_OK);
	place_send(ch, "hello");
	pthread_join(reader, &ok);
	assert_ptr_equal(ok, p);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
a_sender_whose_reader_goes_gets_an_error_and_no_signal(void **state)
{
	const struct ferry_bytes message = { (const uint8_t *)"x", 1 };
	struct place *p = *state;
	struct ferry_channel *ch;
	int fd = open(p->path, O_RDONLY | O_NONBLOCK);

	assert_int_equal(open_way(p, "out", FERRY_NOW, &ch, NULL), FERRY_OK);
	close(fd);
	assert_int_equal(ferry_channel_send(ch, message, FERRY_NOW, NULL),
			 FERRY_ELOST);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
the_other_way_does_not_exist(void **state)
{
	const struct ferry_bytes message = { (const uint8_t *)"x", 1 };
	struct place *p = *state;
	struct ferry_channel *in = open_in(p), *out;

	assert_int_equal(ferry_channel_send(in, message, FERRY_NOW, NULL),
			 FERRY_ENOTSUP);
	assert_int_equal(open_way(p, "out", FERRY_NOW, &out, NULL), FERRY_OK);
	place_send(out, "x");
	place_expect(in, "x");
	place_expect_end(out, FERRY_NOW, FERRY_ENOTSUP);
	ferry_channel_close(out, FERRY_NOW, NULL);
	place_expect_end(in, FERRY_NOW, FERRY_EOF);
	ferry_channel_close(in, FERRY_NOW, NULL);
}

static void
what_is_no_pipe_is_refused_and_left_alone(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch;
	struct ferry_error why;
	const char *const ways[] = { "in", "out" };

	for (int i = 0; i < 2; i++) {
		assert_int_equal(unlink(p->path), 0);
		assert_int_equal(open_way(p, ways[i], FERRY_NOW, &ch, &why),
				 FERRY_ECONNECT);
		assert_non_null(strstr(why.text, "mkfifo"));
		place_write(p->path, "precious");
		assert_int_equal(open_way(p, ways[i], FERRY_NOW, &ch, &why),
				 FERRY_ECONNECT);
		assert_non_null(strstr(why.text, "mkfifo"));
		place_expect_file(p->path, "precious");
		assert_int_equal(unlink(p->path), 0);
		assert_int_equal(symlink("/dev/null", p->path), 0);
		assert_int_equal(open_way(p, ways[i], FERRY_NOW, &ch, &why),
				 FERRY_EACCES);
		assert_non_null(strstr(why.text, "symbolic link"));
	}
}

/* Of this process, in microseconds. */
static long
cpu_us(void)
{
	struct rusage used;

	assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* A loop that is busy would take all of the time. */
static void
a_sender_that_waits_sleeps(void **state)
{
	struct place *p = *state;
	struct ferry_channel *ch;
	long before = cpu_us();

	assert_int_equal(open_way(p, "out", ferry_in_ms(500), &ch, NULL),
			 FERRY_ETIMEDOUT);
	assert_true(cpu_us() - before < 100000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pipe, close_pipe)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_receiver_waits_for_a_writer_and_ends_with_him),
		TEST(a_receiver_sleeps_until_a_writer_comes),
		TEST(the_descriptor_of_a_receiver_is_quiet_without_a_writer),
		TEST(a_sender_waits_for_a_reader_until_the_deadline),
		TEST(a_sender_finds_a_reader_that_blocks),
		TEST(a_sender_whose_reader_goes_gets_an_error_and_no_signal),
		TEST(the_other_way_does_not_exist),
		TEST(what_is_no_pipe_is_refused_and_left_alone),
		TEST(a_sender_that_waits_sleeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
