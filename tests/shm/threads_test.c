/* SPDX-License-Identifier: MIT */
/*
 * The ring and its waiting between two threads of one process, over one mapping
 * that both use: so ThreadSanitizer sees which access is ordered behind which,
 * as it cannot between processes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/futex.h>

#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/shm/area.h"
#include "transport/shm/ring.h"
#include "transport/shm/wait.h"

#define RING 4096u
#define LONGEST 600u
/* In each test; FERRY_SHM_MESSAGES is another number. */
#define MESSAGES 40000u

enum manner { SPIN, SLEEP, POLL };

/* One thread's end. */
struct end {
	struct fy_shm_area own;
	const struct fy_shm_area *peer;
	int socket;
	enum manner manner;
	uint32_t n_messages;
	uint64_t sum;
};

static uint32_t
number_of_messages(void)
{
	const char *wanted = getenv("FERRY_SHM_MESSAGES");

	return wanted ? (uint32_t)strtoul(wanted, NULL, 10) : MESSAGES;
}

static uint32_t
random_from(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Of private bytes, where a sanitizer would only cost time. */
__attribute__((no_sanitize("thread"))) static uint64_t
add(uint64_t sum, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum = (sum ^ bytes[i]) * 1099511628211u;
	return sum + n;
}

static bool
wait_for(const struct end *e, struct fy_shm_wait *wait, uint32_t seen)
{
	struct pollfd fd = { .fd = e->socket, .events = POLLIN };

	switch (e->manner) {
	case SPIN:
		if (!fy_shm_linger(wait, seen, FERRY_NEVER))
			fy_os_yield();
		return true;
	case SLEEP:
		return fy_shm_sleep(wait, seen, FERRY_NEVER, NULL) == FERRY_OK;
	case POLL:
		fy_shm_hear(wait);
		if (fy_shm_arm(wait, seen) &&
		    fy_os_poll(&fd, 1, FERRY_NEVER) < 0)
			return false;
		fy_shm_hear(wait);
		return true;
	}
	return false;
}

static bool
find_room(const struct end *e, struct fy_ring_tx *tx,
	  struct fy_shm_wait *room, uint32_t bytes)
{
	ferry_err err;

	while ((err = fy_ring_has_room(tx, bytes)) == FERRY_EAGAIN) {
		if (!wait_for(e, room, tx->head))
			return false;
	}
	return err == FERRY_OK;
}

/* Return: NULL if all were written. */
static void *
write_all(void *arg)
{
	struct end *e = arg;
	struct fy_ring_tx tx = { .own = e->own.page, .peer = e->peer->page,
				 .ring = e->own.ring, .size = RING };
	struct fy_shm_bell bell = { &e->peer->page->await_data,
				    &e->own.page->tail, e->socket, 0 };
	struct fy_shm_wait room = { .await = &e->own.page->await_room,
				    .word = &e->peer->page->head,
				    .peer = e->peer->page,
				    .socket = e->socket, .pidfd = -1 };
	uint8_t record[LONGEST];
	uint32_t random = 1;

	for (uint32_t n = 0; n < e->n_messages; n++) {
		uint32_t bytes = random_from(&random) % LONGEST;

		if (!find_room(e, &tx, &room, bytes))
			return e;
		memset(record, (int)(random >> 8), bytes);
		e->sum = add(e->sum, record, bytes);
		memcpy(fy_ring_room(&tx), record, bytes);
		fy_ring_put(&tx, bytes, 0);
		/* Corked or not. */
		if (random & 4096 && fy_ring_unpublished(&tx) < RING / 8)
			continue;
		fy_ring_publish(&tx);
		fy_shm_wake(&bell);
	}
	fy_ring_finish(&tx);
	fy_shm_wake(&bell);
	return NULL;
}

/* Return: whether it came to the end. */
static bool
read_all(struct end *e)
{
	struct fy_ring_rx rx = { .own = e->own.page, .peer = e->peer->page,
				 .ring = e->peer->ring, .size = RING };
	struct fy_shm_bell bell = { &e->peer->page->await_room,
				    &e->own.page->head, e->socket, 0 };
	struct fy_shm_wait data = { .await = &e->own.page->await_data,
				    .word = &e->peer->page->tail,
				    .peer = e->peer->page,
				    .socket = e->socket, .pidfd = -1 };
	struct fy_ring_record record;
	uint8_t copy[LONGEST];
	ferry_err err;

	while ((err = fy_ring_get(&rx, &record)) != FERRY_EOF) {
		if (err == FERRY_EAGAIN && wait_for(e, &data, rx.tail))
			continue;
		if (err)
			return false;
		if (record.bytes > LONGEST)
			return false;
		memcpy(copy, record.data, record.bytes);
		e->sum = add(e->sum, copy, record.bytes);
		e->n_messages++;
		fy_ring_next(&rx, &record);
		if (fy_ring_give_back(&rx))
			fy_shm_wake(&bell);
	}
	return true;
}

static void
open_end(struct end *e, const struct end *peer, int socket, enum manner manner)
{
	int fd;

	*e = (struct end){ .peer = &peer->own, .socket = socket,
			   .manner = manner };
	assert_int_equal(fy_shm_area_make(RING, &e->own, &fd, NULL), FERRY_OK);
	fy_fd_close(&fd);
	/* It lives, does not die, and runs on another processor. */
	e->own.page->life = FUTEX_WAITERS | 1;
	e->own.page->cpu = UINT32_MAX;
}

static void
talk(enum manner writes, enum manner reads)
{
	struct end writer, reader;
	pthread_t thread;
	int sockets[2];
	void *failed;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	open_end(&writer, &reader, sockets[0], writes);
	open_end(&reader, &writer, sockets[1], reads);
	writer.n_messages = number_of_messages();
	assert_int_equal(pthread_create(&thread, NULL, write_all, &writer), 0);
	assert_true(read_all(&reader));
	pthread_join(thread, &failed);
	assert_null(failed);
	assert_int_equal(reader.n_messages, writer.n_messages);
	assert_true(reader.sum == writer.sum);
	fy_shm_area_close(&writer.own);
	fy_shm_area_close(&reader.own);
	fy_fd_close(&sockets[0]);
	fy_fd_close(&sockets[1]);
}

static void
records_pass_between_threads_that_look(void **state)
{
	(void)state;
	talk(SPIN, SPIN);
}

static void
records_pass_between_threads_that_sleep(void **state)
{
	(void)state;
	talk(SLEEP, SLEEP);
}

static void
records_pass_between_threads_that_poll(void **state)
{
	(void)state;
	talk(POLL, POLL);
}

static void
a_writer_that_sleeps_is_woken_by_a_reader_that_looks(void **state)
{
	(void)state;
	talk(SLEEP, SPIN);
}

static void
a_writer_that_looks_wakes_a_reader_that_sleeps(void **state)
{
	(void)state;
	talk(SPIN, SLEEP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_pass_between_threads_that_look),
		cmocka_unit_test(records_pass_between_threads_that_sleep),
		cmocka_unit_test(records_pass_between_threads_that_poll),
		cmocka_unit_test(
			a_writer_that_sleeps_is_woken_by_a_reader_that_looks),
		cmocka_unit_test(
			a_writer_that_looks_wakes_a_reader_that_sleeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
