/* SPDX-License-Identifier: MIT */
/*
 * Many at once, over fifo:. For long runs the environment says how many:
 * FERRY_FIFO_FRAMES that each writer sends, FERRY_FIFO_SWAPS of a name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fifo_place.h"

#define WRITERS 8
#define FRAME_MOST 65536u
/* For nothing to happen; less than the test may take. */
#define STORM_MS 30000
/* Of all that is counted here, unless the environment says more. */
#define FRAMES 25
#define SWAPS  100

static unsigned long
from_environment(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : otherwise;
}

/* ---- frames ---- */

/* What a frame is follows from who sends it and its number. */
static uint32_t
mix(uint32_t writer, uint32_t number)
{
	uint32_t x = writer * 0x9e3779b9u + number * 0x85ebca6bu + 1;

	x ^= x >> 15;
	x *= 0x2c1b3c6du;
	return x ^ x >> 12;
}

static uint32_t
make_frame(uint8_t *buf, uint32_t writer, uint32_t number)
{
	uint32_t seed = mix(writer, number);
	const uint32_t len = 1 + seed % FRAME_MOST;

	for (uint32_t i = 0; i < len; i++) {
		buf[i] = (uint8_t)(seed >> 24);
		seed = seed * 1664525u + 1013904223u;
	}
	return len;
}

/* In a child. */
static int
write_frames(const char *addr, uint32_t writer, uint32_t n)
{
	struct ferry_deadline until = ferry_in_ms(STORM_MS);
	struct ferry_channel *ch;
	uint8_t *out;

	if (ferry_channel_open(addr, NULL, until, &ch, NULL))
		return 1;
	/* The first message says who it is. */
	if (ferry_channel_loan(ch, 1, &out, until, NULL))
		return 2;
	out[0] = (uint8_t)writer;
	if (ferry_channel_commit(ch, until, NULL))
		return 3;
	for (uint32_t i = 0; i < n; i++) {
		static uint8_t buf[FRAME_MOST];
		struct ferry_bytes frame = { buf, make_frame(buf, writer, i) };

		if (ferry_channel_send(ch, frame, ferry_in_ms(STORM_MS), NULL))
			return 4;
	}
	return ferry_channel_close(ch, ferry_in_ms(STORM_MS), NULL) ? 5 : 0;
}

struct reader {
	struct ferry_channel *ch;
	int writer; /* -1: has not said */
	uint32_t n_frames;
	bool ended;
};

static void
read_frame(struct reader *r, struct ferry_bytes got)
{
	static uint8_t expected[FRAME_MOST];

	if (r->writer < 0) {
		assert_int_equal(got.len, 1);
		r->writer = got.data[0];
		return;
	}
	assert_int_equal(got.len, make_frame(expected, (uint32_t)r->writer,
					     r->n_frames));
	assert_memory_equal(got.data, expected, got.len);
	r->n_frames++;
}

/* All that is there. */
static void
read_frames(struct reader *r)
{
	struct ferry_bytes got;
	ferry_err err;

	assert_int_equal(ferry_channel_process(r->ch, NULL), FERRY_OK);
	while (!(err = ferry_channel_take(r->ch, &got, FERRY_NOW, NULL))) {
		read_frame(r, got);
		ferry_channel_release(r->ch);
	}
	r->ended = err == FERRY_EOF;
	if (!r->ended)
		assert_int_equal(err, FERRY_EAGAIN);
}

static void
read_all(struct reader readers[WRITERS])
{
	for (int left = WRITERS; left > 0;) {
		struct pollfd fds[WRITERS];

		for (int i = 0; i < WRITERS; i++) {
			struct reader *r = &readers[i];

			assert_int_equal(ferry_channel_fd(r->ch, &fds[i].fd,
							  NULL),
					 FERRY_OK);
			fds[i].events = ferry_channel_events(r->ch);
			if (r->ended)
				fds[i].fd = -1;
		}
		assert_true(poll(fds, WRITERS, STORM_MS) > 0);
		for (int i = 0; i < WRITERS; i++) {
			if (fds[i].fd < 0 || !fds[i].revents)
				continue;
			read_frames(&readers[i]);
			left -= readers[i].ended;
		}
	}
}

static void
frames_of_many_writers_stay_whole(void **state)
{
	const uint32_t n =
		(uint32_t)from_environment("FERRY_FIFO_FRAMES", FRAMES);
	struct reader readers[WRITERS] = { { .writer = -1 } };
	struct place *p = *state;
	int status;

	place_listen(p);
	for (uint32_t i = 0; i < WRITERS; i++) {
		if (fork() == 0)
			_exit(write_frames(p->addr, i, n));
	}
	for (int i = 0; i < WRITERS; i++) {
		readers[i].writer = -1;
		assert_int_equal(ferry_listener_accept(p->listener,
						       ferry_in_ms(STORM_MS),
						       &readers[i].ch, NULL),
				 FERRY_OK);
	}
	read_all(readers);
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(readers[i].n_frames, n);
		ferry_channel_close(readers[i].ch, FERRY_NOW, NULL);
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

/* ---- a name that changes ---- */

/*
 * In a child: puts the file in the place of the FIFO, and back, as long as the
 * test lives.
 */
static void
swap(const char *path, const char *file)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() == 1)
		_exit(1);
	for (;;) {
		if (renameat2(AT_FDCWD, path, AT_FDCWD, file,
			      RENAME_EXCHANGE) < 0)
			_exit(1);
	}
}

static pid_t
start_swapping(const struct place *p, const char *file)
{
	pid_t child;

	place_write(file, "");
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		swap(p->path, file);
	return child;
}

/* The FIFO is at its own name again, and the file as empty as it was. */
static void
stop_swapping(const struct place *p, const char *file, pid_t child)
{
	struct stat st;
	int status;

	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(lstat(p->path, &st), 0);
	if (!S_ISFIFO(st.st_mode))
		assert_int_equal(renameat2(AT_FDCWD, p->path, AT_FDCWD, file,
					   RENAME_EXCHANGE),
				 0);
	place_expect_file(file, "");
	assert_int_equal(unlink(file), 0);
}

static struct ferry_channel *
accept_now(const struct place *p)
{
	struct ferry_channel *ch;
	ferry_err err = ferry_listener_accept(p->listener, FERRY_NOW, &ch,
					      NULL);

	if (err)
		assert_int_equal(err, FERRY_EAGAIN);
	return err ? NULL : ch;
}

static void
a_client_never_writes_into_a_file_that_was_the_fifo(void **state)
{
	unsigned long n = from_environment("FERRY_FIFO_SWAPS", SWAPS);
	struct place *p = *state;
	unsigned long n_found = 0;
	char file[100];
	pid_t child;

	snprintf(file, sizeof(file), "%s/file", p->folder);
	place_listen(p);
	child = start_swapping(p, file);
	for (; n > 0; n--) {
		ferry_err err = place_try_open(p->addr, FERRY_NOW, NULL);

		/* Nobody accepts it at once. */
		if (err != FERRY_EAGAIN)
			assert_int_equal(err, FERRY_ECONNECT);
		n_found += err == FERRY_EAGAIN;
		assert_null(accept_now(p));
	}
	stop_swapping(p, file, child);
	assert_int_equal(place_failed(p), n_found);
	assert_int_equal(place_entries(p->pairs), 0);
}

static void
a_sender_never_writes_into_a_file_that_was_the_pipe(void **state)
{
	static const struct ferry_bytes text = { (const uint8_t *)"x", 1 };
	unsigned long n = from_environment("FERRY_FIFO_SWAPS", SWAPS);
	struct place *p = *state;
	char file[100], addr[120], byte[64];
	pid_t child;
	int fd;

	snprintf(file, sizeof(file), "%s/file", p->folder);
	snprintf(addr, sizeof(addr), "%s?way=out", p->addr);
	assert_int_equal(mkfifo(p->path, 0600), 0);
	fd = open(p->path, O_RDONLY | O_NONBLOCK);
	child = start_swapping(p, file);
	for (; n > 0; n--) {
		struct ferry_channel *ch;

		if (ferry_channel_open(addr, NULL, FERRY_NOW, &ch, NULL))
			continue;
		assert_int_equal(ferry_channel_send(ch, text, FERRY_NOW, NULL),
				 FERRY_OK);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		assert_true(read(fd, byte, sizeof(byte)) > 0);
	}
	stop_swapping(p, file, child);
	close(fd);
	assert_int_equal(unlink(p->path), 0);
}

/* ---- listeners that come and go ---- */

struct comer {
	const struct place *place;
	pthread_barrier_t *begin;
	unsigned long n;
};

static void *
come_and_go(void *arg)
{
	const struct comer *c = arg;

	for (unsigned long i = 0; i < c->n; i++) {
		(void)pthread_barrier_wait(c->begin);
		(void)place_try_listen(c->place, NULL, NULL);
		(void)pthread_barrier_wait(c->begin);
	}
	return NULL;
}

static void
whoever_ends_last_leaves_nothing(void **state)
{
	pthread_barrier_t begin;
	struct comer comer = { *state, &begin,
			       from_environment("FERRY_FIFO_SWAPS", SWAPS) };
	pthread_t rival;

	assert_int_equal(pthread_barrier_init(&begin, NULL, 2), 0);
	assert_int_equal(pthread_create(&rival, NULL, come_and_go, &comer), 0);
	for (unsigned long i = 0; i < comer.n; i++) {
		(void)pthread_barrier_wait(&begin);
		(void)place_try_listen(comer.place, NULL, NULL);
		(void)pthread_barrier_wait(&begin);
		assert_int_equal(place_entries(comer.place->folder), 0);
	}
	pthread_join(rival, NULL);
	pthread_barrier_destroy(&begin);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, place_open, place_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_of_many_writers_stay_whole),
		TEST(a_client_never_writes_into_a_file_that_was_the_fifo),
		TEST(a_sender_never_writes_into_a_file_that_was_the_pipe),
		TEST(whoever_ends_last_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
