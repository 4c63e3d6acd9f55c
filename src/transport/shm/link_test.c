/* SPDX-License-Identifier: MIT */
/* Two ends of a link in one process, without the meeting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/time.h"
#include "transport/shm/link.h"

#define RING 4096u
#define LIMIT (1u << 20)

static const struct ferry_transport_ops ops = {
	.version = FERRY_TRANSPORT_VERSION,
	.scheme = "shm",
	FY_SHM_LINK_OPS,
};

/* [0] and [1] are each other's peer; both are this process's. */
struct pair {
	struct fy_shm_link *link[2];
};

static void
open_pair(struct pair *pair)
{
	const struct ferry_link_config config = { .max_message = LIMIT };
	int fd[2], sockets[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    sockets), 0);
	for (int i = 0; i < 2; i++) {
		pair->link[i] = fy_shm_link_new(&config, &ops);
		assert_non_null(pair->link[i]);
		pair->link[i]->socket = sockets[i];
		assert_int_equal(fy_shm_area_make(RING, &pair->link[i]->own,
						  &fd[i], NULL), FERRY_OK);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fy_shm_view_open(fd[!i], RING, RING, getuid(),
						  &pair->link[i]->view, NULL),
				 FERRY_OK);
		fy_shm_link_start(pair->link[i]);
	}
	close(fd[0]);
	close(fd[1]);
}

static void
close_pair(struct pair *pair)
{
	for (int i = 0; i < 2; i++) {
		if (pair->link[i])
			fy_shm_close(&pair->link[i]->link);
	}
}

static struct ferry_link *
end(const struct pair *pair, int i)
{
	return &pair->link[i]->link;
}

static ferry_err
send_bytes(const struct pair *pair, int i, const uint8_t *data, size_t n)
{
	uint8_t *room;
	ferry_err err = fy_shm_loan(end(pair, i), n, &room, NULL);

	if (err)
		return err;
	if (n > 0)
		memcpy(room, data, n);
	return fy_shm_commit(end(pair, i), NULL);
}

static void
take_and_release(const struct pair *pair, int i, size_t n)
{
	struct ferry_bytes got;

	assert_int_equal(fy_shm_take(end(pair, i), &got, NULL), FERRY_OK);
	assert_int_equal(got.len, n);
	fy_shm_release(end(pair, i));
}

static bool
is_readable(const struct pair *pair, int i)
{
	struct pollfd fd = { .fd = pair->link[i]->socket, .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

/* ---- messages ---- */

static uint8_t
byte_of(size_t n, size_t at)
{
	return (uint8_t)(n * 31 + at * 7 + (at >> 8));
}

static void
no_length_needs_more_than_32_bits(void **state)
{
	const struct ferry_link_config config = { .max_message = SIZE_MAX };
	struct fy_shm_link *l = fy_shm_link_new(&config, &ops);

	(void)state;
	assert_non_null(l);
	assert_int_equal(l->link.config.max_message, INT32_MAX);
	assert_int_equal(l->link.config.max_receive, INT32_MAX);
	fy_shm_close(&l->link);
}

static void
messages_of_every_size_arrive_whole(void **state)
{
	static uint8_t data[3 * RING];
	struct ferry_bytes got;
	struct pair pair;

	(void)state;
	open_pair(&pair);
	for (size_t n = 0; n < sizeof(data); n += 1 + n / 9) {
		ferry_err err = FERRY_EAGAIN;

		for (size_t i = 0; i < n; i++)
			data[i] = byte_of(n, i);
		assert_int_equal(send_bytes(&pair, 0, data, n), FERRY_OK);
		for (int i = 0; err == FERRY_EAGAIN && i < 100; i++) {
			(void)!fy_shm_flush(end(&pair, 0), NULL);
			err = fy_shm_take(end(&pair, 1), &got, NULL);
		}
		assert_int_equal(err, FERRY_OK);
		assert_int_equal(got.len, n);
		if (n > 0)
			assert_memory_equal(got.data, data, n);
		fy_shm_release(end(&pair, 1));
		assert_int_equal(fy_shm_unsent(end(&pair, 0)), 0);
	}
	close_pair(&pair);
}

static void
a_borrowed_message_may_change_once_it_is_settled(void **state)
{
	static uint8_t data[3 * RING];
	struct ferry_bytes got;
	struct pair pair;
	ferry_err err;

	(void)state;
	open_pair(&pair);
	memset(data, 'a', sizeof(data));
	assert_int_equal(
		fy_shm_send(end(&pair, 0),
			    (struct ferry_bytes){ data, sizeof(data) }, NULL),
		FERRY_OK);
	assert_true(fy_shm_unsent(end(&pair, 0)) > 0);
	fy_shm_settle(end(&pair, 0));
	memset(data, 'b', sizeof(data));
	do {
		(void)!fy_shm_flush(end(&pair, 0), NULL);
		err = fy_shm_take(end(&pair, 1), &got, NULL);
	} while (err == FERRY_EAGAIN);
	assert_int_equal(got.len, sizeof(data));
	for (size_t i = 0; i < got.len; i++)
		assert_int_equal(got.data[i], 'a');
	fy_shm_release(end(&pair, 1));
	close_pair(&pair);
}

static void
half_of_the_ring_is_lent_in_it_and_more_is_not(void **state)
{
	struct pair pair;
	const uint8_t *ring;
	uint8_t *room;

	(void)state;
	open_pair(&pair);
	ring = pair.link[0]->own.ring;
	assert_int_equal(fy_shm_loan(end(&pair, 0), RING / 2 - FY_RING_HEAD,
				     &room, NULL), FERRY_OK);
	assert_true(room > ring && room < ring + RING);
	fy_shm_cancel(end(&pair, 0));
	assert_int_equal(fy_shm_loan(end(&pair, 0), RING / 2, &room, NULL),
			 FERRY_OK);
	assert_false(room > ring && room < ring + 2 * RING);
	fy_shm_cancel(end(&pair, 0));
	assert_int_equal(fy_shm_loan(end(&pair, 0), LIMIT + 1, &room, NULL),
			 FERRY_ETOOBIG);
	close_pair(&pair);
}

static void
corked_messages_leave_by_eighths_of_the_ring(void **state)
{
	static const uint8_t data[100];
	struct ferry_bytes got;
	struct pair pair;

	(void)state;
	open_pair(&pair);
	end(&pair, 0)->corked = true;
	for (int i = 0; i < 4; i++)
		assert_int_equal(send_bytes(&pair, 0, data, 100), FERRY_OK);
	assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL), FERRY_EAGAIN);
	assert_true(fy_shm_unsent(end(&pair, 0)) > 0);
	assert_int_equal(send_bytes(&pair, 0, data, 100), FERRY_OK);
	assert_int_equal(fy_shm_unsent(end(&pair, 0)), 0);
	take_and_release(&pair, 1, 100);
	assert_int_equal(send_bytes(&pair, 0, data, 7), FERRY_OK);
	assert_int_equal(fy_shm_flush(end(&pair, 0), NULL), FERRY_OK);
	for (int i = 0; i < 4; i++)
		take_and_release(&pair, 1, 100);
	take_and_release(&pair, 1, 7);
	end(&pair, 0)->corked = false;
	assert_int_equal(send_bytes(&pair, 0, data, 7), FERRY_OK);
	assert_int_equal(fy_shm_unsent(end(&pair, 0)), 0);
	close_pair(&pair);
}

/* ---- room ---- */

static size_t
fill(const struct pair *pair, int i)
{
	static const uint8_t data[500];
	size_t n = 0;

	while (send_bytes(pair, i, data, sizeof(data)) == FERRY_OK)
		n++;
	return n;
}

static void
a_loan_that_was_refused_is_waited_for_until_it_is_cancelled(void **state)
{
	struct pair pair;

	(void)state;
	open_pair(&pair);
	assert_true(fill(&pair, 0) > 4);
	assert_int_equal(fy_shm_unsent(end(&pair, 0)), 0);
	assert_int_equal(fy_shm_flush(end(&pair, 0), NULL), FERRY_EAGAIN);
	assert_int_equal(fy_shm_flush_until(end(&pair, 0), ferry_in_ms(1),
					    NULL), FERRY_ETIMEDOUT);
	take_and_release(&pair, 1, 500);
	take_and_release(&pair, 1, 500);
	assert_int_equal(fy_shm_flush_until(end(&pair, 0), ferry_in_ms(1000),
					    NULL), FERRY_OK);
	fill(&pair, 0);
	assert_int_equal(fy_shm_flush(end(&pair, 0), NULL), FERRY_EAGAIN);
	fy_shm_cancel(end(&pair, 0));
	assert_int_equal(fy_shm_flush(end(&pair, 0), NULL), FERRY_OK);
	close_pair(&pair);
}

/*
 * Rings that nobody heard must not fill the socket: a ring that does not fit is
 * no event to who is told of changes alone.
 */
static void
rings_that_nobody_heard_hide_no_later_one(void **state)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct ferry_bytes got;
	struct pair pair;
	int set = epoll_create1(EPOLL_CLOEXEC);

	(void)state;
	open_pair(&pair);
	assert_int_equal(fy_shm_pollable(end(&pair, 1), NULL), FERRY_OK);
	assert_int_equal(epoll_ctl(set, EPOLL_CTL_ADD, pair.link[1]->socket,
				   &event), 0);
	for (int i = 0; i < 2000; i++) {
		assert_false(fy_shm_pending(end(&pair, 1)));
		assert_int_equal(send_bytes(&pair, 0, (uint8_t *)"x", 1),
				 FERRY_OK);
		assert_true(fy_shm_look_a_while(end(&pair, 1)));
		take_and_release(&pair, 1, 1);
	}
	/* Asked either way. */
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			assert_false(fy_shm_pending(end(&pair, 1)));
		else
			assert_int_equal(fy_shm_take(end(&pair, 1), &got,
						     NULL), FERRY_EAGAIN);
		(void)epoll_wait(set, &event, 1, 0);
		assert_int_equal(send_bytes(&pair, 0, (uint8_t *)"x", 1),
				 FERRY_OK);
		assert_int_equal(epoll_wait(set, &event, 1, 0), 1);
		take_and_release(&pair, 1, 1);
	}
	close(set);
	close_pair(&pair);
}

/* Nor those of room, where nothing more is received. */
static void
rings_for_room_behind_the_end_hide_no_later_one(void **state)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct pair pair;
	int set = epoll_create1(EPOLL_CLOEXEC);

	(void)state;
	open_pair(&pair);
	assert_int_equal(fy_shm_pollable(end(&pair, 0), NULL), FERRY_OK);
	assert_int_equal(fy_shm_finish(end(&pair, 1), NULL), FERRY_OK);
	assert_int_equal(fy_shm_take(end(&pair, 0), &(struct ferry_bytes){ 0 },
				     NULL), FERRY_EOF);
	assert_int_equal(epoll_ctl(set, EPOLL_CTL_ADD, pair.link[0]->socket,
				   &event), 0);
	for (int i = 0; i < 1000; i++) {
		fill(&pair, 0);
		assert_int_equal(fy_shm_flush(end(&pair, 0), NULL),
				 FERRY_EAGAIN);
		(void)epoll_wait(set, &event, 1, 0);
		/* An eighth of the ring. */
		take_and_release(&pair, 1, 500);
		take_and_release(&pair, 1, 500);
		assert_int_equal(epoll_wait(set, &event, 1, 0), 1);
		assert_true(fy_shm_pending(end(&pair, 0)));
	}
	close(set);
	close_pair(&pair);
}

static void
who_polls_for_room_is_rung_for(void **state)
{
	struct pair pair;

	(void)state;
	open_pair(&pair);
	assert_int_equal(fy_shm_pollable(end(&pair, 0), NULL), FERRY_OK);
	fill(&pair, 0);
	assert_int_equal(fy_shm_flush(end(&pair, 0), NULL), FERRY_EAGAIN);
	assert_false(is_readable(&pair, 0));
	take_and_release(&pair, 1, 500);
	take_and_release(&pair, 1, 500);
	assert_true(is_readable(&pair, 0));
	assert_int_equal(fy_shm_flush(end(&pair, 0), NULL), FERRY_OK);
	close_pair(&pair);
}

/* ---- polling ---- */

static void
who_polls_is_rung_for_once_until_he_has_looked(void **state)
{
	static const uint8_t data[8];
	struct ferry_bytes got;
	struct pair pair;

	(void)state;
	open_pair(&pair);
	assert_int_equal(fy_shm_pollable(end(&pair, 1), NULL), FERRY_OK);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL),
				 FERRY_EAGAIN);
		assert_false(fy_shm_pending(end(&pair, 1)));
		assert_false(is_readable(&pair, 1));
		for (int k = 0; k < 3; k++)
			assert_int_equal(send_bytes(&pair, 0, data, 8),
					 FERRY_OK);
		assert_true(is_readable(&pair, 1));
		for (int k = 0; k < 3; k++)
			take_and_release(&pair, 1, 8);
	}
	close_pair(&pair);
}

static void
to_ask_whether_there_is_more_is_to_be_told_of_it(void **state)
{
	static const uint8_t data[8];
	struct pair pair;

	(void)state;
	open_pair(&pair);
	assert_int_equal(fy_shm_pollable(end(&pair, 1), NULL), FERRY_OK);
	assert_int_equal(send_bytes(&pair, 0, data, 8), FERRY_OK);
	assert_true(fy_shm_pending(end(&pair, 1)));
	take_and_release(&pair, 1, 8);
	assert_false(is_readable(&pair, 1));
	assert_false(fy_shm_pending(end(&pair, 1)));
	assert_int_equal(send_bytes(&pair, 0, data, 8), FERRY_OK);
	assert_true(is_readable(&pair, 1));
	close_pair(&pair);
}

/* ---- trust ---- */

static void
with_trust_a_message_is_read_where_it_is(void **state)
{
	static const uint8_t data[RING / 4];
	struct ferry_block block;
	struct ferry_bytes got;
	struct pair pair;
	const uint8_t *ring;

	(void)state;
	open_pair(&pair);
	pair.link[1]->trusts = true;
	ring = pair.link[1]->view.ring;
	assert_int_equal(send_bytes(&pair, 0, data, sizeof(data)), FERRY_OK);
	assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL), FERRY_OK);
	assert_true(got.data > ring && got.data < ring + RING);
	assert_int_equal(pair.link[1]->own.page->head, 0);
	fy_shm_release(end(&pair, 1));
	assert_int_not_equal(pair.link[1]->own.page->head, 0);
	assert_int_equal(send_bytes(&pair, 0, data, sizeof(data)), FERRY_OK);
	assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL), FERRY_OK);
	assert_int_equal(fy_shm_keep(end(&pair, 1), &block), FERRY_OK);
	assert_int_equal(block.data.len, sizeof(data));
	assert_false(block.data.data > ring &&
		     block.data.data < ring + 2 * RING);
	fy_free(NULL, block.mem);
	close_pair(&pair);
}

/* ---- the end ---- */

static void
the_end_comes_behind_the_last_message(void **state)
{
	static const uint8_t data[8];
	struct ferry_bytes got;
	struct pair pair;

	(void)state;
	open_pair(&pair);
	assert_int_equal(send_bytes(&pair, 0, data, 8), FERRY_OK);
	assert_int_equal(fy_shm_finish(end(&pair, 0), NULL), FERRY_OK);
	take_and_release(&pair, 1, 8);
	assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL), FERRY_EOF);
	assert_int_equal(send_bytes(&pair, 1, data, 8), FERRY_OK);
	take_and_release(&pair, 0, 8);
	assert_int_equal(send_bytes(&pair, 1, data, 8), FERRY_OK);
	fy_shm_close(end(&pair, 1));
	pair.link[1] = NULL;
	take_and_release(&pair, 0, 8);
	assert_int_equal(fy_shm_take(end(&pair, 0), &got, NULL), FERRY_EOF);
	assert_int_equal(send_bytes(&pair, 0, data, 8), FERRY_ELOST);
	close_pair(&pair);
}

static void
a_message_without_its_last_part_is_lost(void **state)
{
	static const uint8_t data[3 * RING];
	struct ferry_bytes got;
	struct pair pair;

	(void)state;
	open_pair(&pair);
	assert_int_equal(send_bytes(&pair, 0, data, sizeof(data)), FERRY_OK);
	assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL), FERRY_EAGAIN);
	assert_true(fy_shm_partial(end(&pair, 1)));
	fy_shm_close(end(&pair, 0));
	pair.link[0] = NULL;
	assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL), FERRY_ELOST);
	assert_int_equal(pair.link[1]->link.own.lost, 1);
	close_pair(&pair);
}

static void
an_index_that_cannot_be_ends_the_link(void **state)
{
	static const uint32_t tails[] = { 4, 12, 2, RING + 8, 0x80000000u,
					  0xfffffff8u, 3 };
	struct ferry_bytes got;
	struct pair pair;
	uint8_t *room;

	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		open_pair(&pair);
		pair.link[0]->own.page->tail = tails[i];
		assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL),
				 FERRY_EPROTO);
		assert_int_equal(pair.link[1]->link.own.broken, 1);
		close_pair(&pair);
	}
	open_pair(&pair);
	fill(&pair, 0);
	pair.link[1]->own.page->head = RING + 8;
	assert_int_equal(fy_shm_loan(end(&pair, 0), 500, &room, NULL),
			 FERRY_EPROTO);
	close_pair(&pair);
}

static void
a_length_that_cannot_be_ends_the_link(void **state)
{
	static const uint32_t heads[][2] = {
		{ 9, 0 },	{ 0xffffffffu, 0 }, { 8, 2 },
		{ 8, FY_RING_MORE }, { 0, FY_RING_MORE }, { 0xfffffff8u, 0 },
	};
	static const uint8_t data[8];
	struct ferry_bytes got;
	struct pair pair;

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		open_pair(&pair);
		assert_int_equal(send_bytes(&pair, 0, data, 8), FERRY_OK);
		memcpy(pair.link[0]->own.ring, heads[i], sizeof(heads[i]));
		assert_int_equal(fy_shm_take(end(&pair, 1), &got, NULL),
				 FERRY_EPROTO);
		close_pair(&pair);
	}
}

/* ---- sleeping ---- */

static void *
echo(void *arg)
{
	const struct pair *pair = arg;
	struct ferry_bytes got;

	while (fy_shm_take_until(end(pair, 1), &got, ferry_in_ms(20000),
				 NULL) == FERRY_OK) {
		if (send_bytes(pair, 1, got.data, got.len))
			break;
		fy_shm_release(end(pair, 1));
	}
	return NULL;
}

static void
who_sleeps_is_woken(void **state)
{
	uint8_t data[64] = { 0 };
	struct ferry_bytes got;
	struct pair pair;
	pthread_t thread;

	(void)state;
	open_pair(&pair);
	assert_int_equal(pthread_create(&thread, NULL, echo, &pair), 0);
	for (int i = 0; i < 1000; i++) {
		data[0] = (uint8_t)i;
		assert_int_equal(send_bytes(&pair, 0, data, 64), FERRY_OK);
		assert_int_equal(fy_shm_take_until(end(&pair, 0), &got,
						   ferry_in_ms(20000), NULL),
				 FERRY_OK);
		assert_int_equal(got.data[0], (uint8_t)i);
		fy_shm_release(end(&pair, 0));
	}
	assert_int_equal(fy_shm_finish(end(&pair, 0), NULL), FERRY_OK);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(fy_shm_take_until(end(&pair, 0), &got, ferry_in_ms(1),
					   NULL), FERRY_ETIMEDOUT);
	close_pair(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_length_needs_more_than_32_bits),
		cmocka_unit_test(messages_of_every_size_arrive_whole),
		cmocka_unit_test(
			a_borrowed_message_may_change_once_it_is_settled),
		cmocka_unit_test(
			half_of_the_ring_is_lent_in_it_and_more_is_not),
		cmocka_unit_test(corked_messages_leave_by_eighths_of_the_ring),
		cmocka_unit_test(
			a_loan_that_was_refused_is_waited_for_until_it_is_cancelled),
		cmocka_unit_test(rings_that_nobody_heard_hide_no_later_one),
		cmocka_unit_test(
			rings_for_room_behind_the_end_hide_no_later_one),
		cmocka_unit_test(who_polls_for_room_is_rung_for),
		cmocka_unit_test(
			who_polls_is_rung_for_once_until_he_has_looked),
		cmocka_unit_test(
			to_ask_whether_there_is_more_is_to_be_told_of_it),
		cmocka_unit_test(with_trust_a_message_is_read_where_it_is),
		cmocka_unit_test(the_end_comes_behind_the_last_message),
		cmocka_unit_test(a_message_without_its_last_part_is_lost),
		cmocka_unit_test(an_index_that_cannot_be_ends_the_link),
		cmocka_unit_test(a_length_that_cannot_be_ends_the_link),
		cmocka_unit_test(who_sleeps_is_woken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
