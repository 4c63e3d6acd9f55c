/* SPDX-License-Identifier: MIT */
#include "transport/mq/part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "heap.h"

static const struct fy_part_shape shape = { .front = 8, .bytes = 64 };

#define PAYLOAD (64u - FY_PART_HEAD)

struct line {
	struct fy_part_tx tx;
	struct fy_part_rx rx;
};

static void
line_init(struct line *line, const struct ferry_hooks *hooks, size_t max)
{
	fy_part_tx_init(&line->tx, hooks, shape, max);
	fy_part_rx_init(&line->rx, hooks, shape, max);
}

static void
line_fini(struct line *line)
{
	fy_part_tx_fini(&line->tx);
	fy_part_rx_fini(&line->rx);
}

static void
fill(uint8_t *at, size_t bytes, uint8_t seed)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(seed + i * 7 + i / 251);
}

static void
put(struct line *line, size_t bytes, uint8_t seed)
{
	uint8_t *room;

	assert_int_equal(fy_part_tx_loan(&line->tx, bytes, &room, NULL),
			 FERRY_OK);
	fill(room, bytes, seed);
	assert_int_equal(fy_part_tx_commit(&line->tx), bytes);
}

/* One part goes over, its front as somebody else's. */
static bool
carry(struct line *line)
{
	struct fy_part part;
	uint8_t *room;

	if (!fy_part_tx_next(&line->tx, 0, &part))
		return false;
	assert_in_range(part.bytes, FY_PART_HEAD, shape.bytes);
	memset(part.at, 0xee, shape.front);
	room = fy_part_rx_room(&line->rx);
	memcpy(room, part.at, shape.front + part.bytes);
	fy_part_rx_got(&line->rx, part.bytes);
	fy_part_tx_sent(&line->tx);
	return true;
}

static void
get(struct line *line, size_t bytes, uint8_t seed)
{
	uint8_t *expected = malloc(bytes + 1);
	struct ferry_bytes got;
	ferry_err err;

	while ((err = fy_part_rx_take(&line->rx, &got, NULL)) == FERRY_EAGAIN)
		assert_true(carry(line));
	assert_int_equal(err, FERRY_OK);
	assert_int_equal(got.len, bytes);
	fill(expected, bytes, seed);
	assert_memory_equal(got.data, expected, bytes);
	free(expected);
	fy_part_rx_release(&line->rx);
}

static void
messages_of_every_length_arrive_as_they_were(void **state)
{
	struct line line;

	(void)state;
	line_init(&line, NULL, 1000);
	for (size_t n = 0; n <= 1000; n++) {
		put(&line, n, (uint8_t)n);
		get(&line, n, (uint8_t)n);
	}
	assert_int_equal(fy_part_tx_unsent(&line.tx), 0);
	line_fini(&line);
}

static void
many_messages_keep_their_order_while_few_leave(void **state)
{
	struct line line;
	size_t from = 0;

	(void)state;
	line_init(&line, NULL, 1000);
	for (size_t n = 0; n < 500; n++) {
		put(&line, n, (uint8_t)n);
		if (n % 3 == 0) {
			get(&line, from, (uint8_t)from);
			from++;
		}
	}
	for (; from < 500; from++)
		get(&line, from, (uint8_t)from);
	line_fini(&line);
}

static void
what_leaves_does_not_touch_the_loan(void **state)
{
	struct ferry_bytes got;
	struct line line;
	uint8_t *room;

	(void)state;
	line_init(&line, NULL, 1000);
	put(&line, 300, 1);
	assert_int_equal(fy_part_tx_loan(&line.tx, 200, &room, NULL), FERRY_OK);
	fill(room, 200, 9);
	get(&line, 300, 1);
	assert_false(carry(&line));
	assert_int_equal(fy_part_tx_commit(&line.tx), 200);
	get(&line, 200, 9);
	assert_int_equal(fy_part_tx_loan(&line.tx, 200, &room, NULL), FERRY_OK);
	fy_part_tx_cancel(&line.tx);
	assert_false(carry(&line));
	assert_int_equal(fy_part_rx_take(&line.rx, &got, NULL), FERRY_EAGAIN);
	line_fini(&line);
}

static void
a_part_is_the_same_until_it_was_sent(void **state)
{
	struct fy_part first, again;
	uint8_t copy[128];
	struct line line;

	(void)state;
	line_init(&line, NULL, 1000);
	put(&line, 500, 3);
	assert_true(fy_part_tx_next(&line.tx, FY_PART_LOOK, &first));
	memcpy(copy, first.at + shape.front, first.bytes);
	assert_true(fy_part_tx_next(&line.tx, FY_PART_LOOK, &again));
	assert_int_equal(first.bytes, again.bytes);
	assert_memory_equal(copy, again.at + shape.front, again.bytes);
	get(&line, 500, 3);
	line_fini(&line);
}

static void
a_message_over_the_limit_is_refused_at_both_ends(void **state)
{
	struct ferry_error why;
	struct ferry_bytes got;
	struct line line;
	uint8_t *room;

	(void)state;
	line_init(&line, NULL, 1000);
	assert_int_equal(fy_part_tx_loan(&line.tx, 1001, &room, &why),
			 FERRY_ETOOBIG);
	line.rx.max_message = 999;
	put(&line, 1000, 0);
	assert_true(carry(&line));
	assert_int_equal(fy_part_rx_take(&line.rx, &got, &why), FERRY_ETOOBIG);
	assert_null(line.rx.buf);
	line_fini(&line);
}

static void
memory_follows_what_has_come(void **state)
{
	struct ferry_bytes got;
	struct line line;
	size_t n = 0;

	(void)state;
	line_init(&line, NULL, SIZE_MAX);
	put(&line, 1 << 20, 5);
	while (carry(&line)) {
		ferry_err err = fy_part_rx_take(&line.rx, &got, NULL);

		n += PAYLOAD;
		assert_true(line.rx.cap <= 2 * n);
		if (err == FERRY_OK)
			break;
		assert_int_equal(err, FERRY_EAGAIN);
	}
	assert_int_equal(got.len, 1 << 20);
	fy_part_rx_release(&line.rx);
	assert_null(line.rx.buf);
	assert_null(line.tx.buf);
	line_fini(&line);
}

static void
what_is_kept_is_the_callers(void **state)
{
	const size_t lengths[] = { 0, 1, PAYLOAD, PAYLOAD + 1, 900 };
	struct ferry_block block[5];
	struct ferry_bytes got;
	uint8_t expected[900];
	struct line line;

	(void)state;
	line_init(&line, NULL, 1000);
	for (size_t i = 0; i < 5; i++) {
		put(&line, lengths[i], (uint8_t)i);
		do
			assert_true(carry(&line));
		while (fy_part_rx_take(&line.rx, &got, NULL));
		assert_int_equal(fy_part_rx_keep(&line.rx, &block[i]),
				 FERRY_OK);
	}
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(block[i].data.len, lengths[i]);
		fill(expected, lengths[i], (uint8_t)i);
		assert_memory_equal(block[i].data.data, expected, lengths[i]);
		fy_free(NULL, block[i].mem);
	}
	line_fini(&line);
}

/* ---- what a peer can do wrong ---- */

static ferry_err
feed(struct fy_part_rx *rx, uint32_t flags, uint32_t left, size_t payload)
{
	const uint32_t head[2] = { flags, left };
	struct ferry_bytes got;
	ferry_err err;
	uint8_t *room = fy_part_rx_room(rx);

	memcpy(room + rx->shape.front, head, sizeof(head));
	memset(room + rx->shape.front + FY_PART_HEAD, 0x5a, payload);
	fy_part_rx_got(rx, FY_PART_HEAD + payload);
	err = fy_part_rx_take(rx, &got, NULL);
	if (!err)
		fy_part_rx_release(rx);
	return err;
}

struct wrong {
	const char *what;
	struct {
		uint32_t flags;
		uint32_t left;
		size_t payload;
	} parts[3];
	size_t n;
	ferry_err end;
};

static const struct wrong wrongs[] = {
	{ "no first part", { { 0, 8, 8 } }, 1, FERRY_EPROTO },
	{ "a flag of no meaning", { { 0x100, 8, 8 } }, 1, FERRY_EPROTO },
	{ "more than announced", { { 1, 7, 8 } }, 1, FERRY_EPROTO },
	{ "nothing of something", { { 1, 7, 0 } }, 1, FERRY_EPROTO },
	{ "a second first", { { 1, 70, 8 }, { 1, 62, 8 } }, 2, FERRY_EPROTO },
	{ "a part is missing", { { 1, 70, 8 }, { 0, 54, 8 } }, 2,
	  FERRY_EPROTO },
	{ "a part is twice there", { { 1, 70, 8 }, { 0, 70, 8 } }, 2,
	  FERRY_EPROTO },
	{ "too long", { { 1, 2000, 8 } }, 1, FERRY_ETOOBIG },
	{ "gone without an end", { { 1 | 8, 8, 8 } }, 1, FERRY_EPROTO },
	{ "an end with a payload", { { 4, 0, 8 } }, 1, FERRY_EPROTO },
	{ "an end with a promise", { { 4, 8, 0 } }, 1, FERRY_EPROTO },
	{ "an end that begins", { { 4 | 1, 0, 0 } }, 1, FERRY_EPROTO },
	{ "an end in between", { { 1, 70, 8 }, { 4, 0, 0 } }, 2, FERRY_ELOST },
	{ "an end", { { 1, 8, 8 }, { 4, 0, 0 } }, 2, FERRY_EOF },
};

static void
parts_that_do_not_belong_together_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		const struct wrong *wrong = &wrongs[i];
		ferry_err err = FERRY_OK;
		struct fy_part_rx rx;

		print_message("%s\n", wrong->what);
		fy_part_rx_init(&rx, NULL, shape, 1000);
		for (size_t k = 0; k < wrong->n; k++)
			err = feed(&rx, wrong->parts[k].flags,
				   wrong->parts[k].left,
				   wrong->parts[k].payload);
		assert_int_equal(err, wrong->end);
		fy_part_rx_fini(&rx);
	}
}

static void
a_part_shorter_than_its_head_is_refused(void **state)
{
	struct ferry_bytes got;
	struct fy_part_rx rx;

	(void)state;
	for (size_t n = 1; n < FY_PART_HEAD; n++) {
		fy_part_rx_init(&rx, NULL, shape, 1000);
		memset(fy_part_rx_room(&rx), 0, shape.front + shape.bytes);
		fy_part_rx_got(&rx, n);
		assert_int_equal(fy_part_rx_take(&rx, &got, NULL),
				 FERRY_EPROTO);
		fy_part_rx_fini(&rx);
	}
}

static void
nothing_wakes_and_changes_nothing(void **state)
{
	struct ferry_bytes got;
	struct line line;

	(void)state;
	line_init(&line, NULL, 1000);
	put(&line, 100, 1);
	assert_true(carry(&line));
	assert_int_equal(fy_part_rx_take(&line.rx, &got, NULL), FERRY_EAGAIN);
	assert_true(fy_part_rx_partial(&line.rx));
	fy_part_rx_got(&line.rx, 0);
	assert_int_equal(fy_part_rx_take(&line.rx, &got, NULL), FERRY_EAGAIN);
	get(&line, 100, 1);
	assert_false(fy_part_rx_partial(&line.rx));
	line_fini(&line);
}

static void
an_end_tells_whether_anybody_receives(void **state)
{
	struct fy_part_rx rx;

	(void)state;
	fy_part_rx_init(&rx, NULL, shape, 1000);
	assert_int_equal(feed(&rx, FY_PART_END, 0, 0), FERRY_EOF);
	assert_false(rx.gone);
	assert_int_equal(feed(&rx, FY_PART_END | FY_PART_GONE, 0, 0),
			 FERRY_EOF);
	assert_true(rx.gone);
	fy_part_rx_fini(&rx);
}

static void
a_look_is_asked_for_by_any_part(void **state)
{
	struct fy_part_rx rx;

	(void)state;
	fy_part_rx_init(&rx, NULL, shape, 1000);
	assert_int_equal(feed(&rx, FY_PART_FIRST, 8, 8), FERRY_OK);
	assert_false(rx.looks);
	assert_int_equal(feed(&rx, FY_PART_FIRST | FY_PART_LOOK, 16, 8),
			 FERRY_EAGAIN);
	assert_true(rx.looks);
	fy_part_rx_fini(&rx);
}

static void
nothing_is_lost_for_want_of_memory(void **state)
{
	struct fy_test_heap heap;
	struct line line;

	(void)state;
	for (uint32_t at = 1; at < 20; at++) {
		struct ferry_bytes got;
		uint8_t *room;
		ferry_err err;

		fy_test_heap_init(&heap);
		line_init(&line, &heap.hooks, 1000);
		heap.fail_at = at;
		while (fy_part_tx_loan(&line.tx, 900, &room, NULL))
			continue;
		fill(room, 900, 4);
		(void)fy_part_tx_commit(&line.tx);
		while ((err = fy_part_rx_take(&line.rx, &got, NULL))) {
			if (err == FERRY_ENOMEM || !fy_part_rx_room(&line.rx))
				continue;
			assert_int_equal(err, FERRY_EAGAIN);
			assert_true(carry(&line));
		}
		fill(room = malloc(900), 900, 4);
		assert_memory_equal(got.data, room, 900);
		free(room);
		fy_part_rx_release(&line.rx);
		line_fini(&line);
		assert_int_equal(heap.n_live, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_every_length_arrive_as_they_were),
		cmocka_unit_test(
			many_messages_keep_their_order_while_few_leave),
		cmocka_unit_test(what_leaves_does_not_touch_the_loan),
		cmocka_unit_test(a_part_is_the_same_until_it_was_sent),
		cmocka_unit_test(
			a_message_over_the_limit_is_refused_at_both_ends),
		cmocka_unit_test(memory_follows_what_has_come),
		cmocka_unit_test(what_is_kept_is_the_callers),
		cmocka_unit_test(parts_that_do_not_belong_together_are_refused),
		cmocka_unit_test(a_part_shorter_than_its_head_is_refused),
		cmocka_unit_test(nothing_wakes_and_changes_nothing),
		cmocka_unit_test(an_end_tells_whether_anybody_receives),
		cmocka_unit_test(a_look_is_asked_for_by_any_part),
		cmocka_unit_test(nothing_is_lost_for_want_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
