/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as parts of messages. The first byte says how long a part may be;
 * then, for each part: its length, and so many bytes. The messages are those
 * that a plain reading of the head finds; each goes out and in again as it is.
 */
#include "transport/mq/part.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

#define MAX_MESSAGE 300u

/* The plain reading: what has come of a message. */
struct plain {
	uint8_t message[MAX_MESSAGE];
	size_t n;
	size_t left;
	bool open;
};

static void
check(bool promise)
{
	if (!promise)
		abort();
}

static ferry_err
read_end(const struct plain *p, uint32_t flags, uint32_t left, size_t n)
{
	if (left > 0 || n != FY_PART_HEAD || (flags & ~12u))
		return FERRY_EPROTO;
	return p->open ? FERRY_ELOST : FERRY_EOF;
}

static ferry_err
read_plainly(struct plain *p, const uint8_t *part, size_t n)
{
	uint32_t flags, left;

	if (n == 0)
		return FERRY_EAGAIN;
	if (n < FY_PART_HEAD)
		return FERRY_EPROTO;
	memcpy(&flags, part, 4);
	memcpy(&left, part + 4, 4);
	if (flags & ~15u)
		return FERRY_EPROTO;
	if (flags & FY_PART_END)
		return read_end(p, flags, left, n);
	n -= FY_PART_HEAD;
	if ((flags & FY_PART_GONE) || p->open == (flags & FY_PART_FIRST) ||
	    n > left || (n == 0 && left > 0) || (p->open && left != p->left))
		return FERRY_EPROTO;
	if (left > MAX_MESSAGE)
		return FERRY_ETOOBIG;
	if (n > 0)
		memcpy(p->message + p->n, part + FY_PART_HEAD, n);
	p->n += n;
	p->left = left - n;
	p->open = p->left > 0;
	return p->open ? FERRY_EAGAIN : FERRY_OK;
}

/* One message through a pair of ends of the shape @shape. */
static void
round_trip(struct ferry_bytes message, struct fy_part_shape shape)
{
	struct ferry_bytes got;
	struct fy_part_tx tx;
	struct fy_part_rx rx;
	struct fy_part part;
	uint8_t *room;

	fy_part_tx_init(&tx, NULL, shape, MAX_MESSAGE);
	fy_part_rx_init(&rx, NULL, shape, MAX_MESSAGE);
	check(!fy_part_tx_loan(&tx, message.len, &room, NULL));
	if (message.len > 0)
		memcpy(room, message.data, message.len);
	(void)fy_part_tx_commit(&tx);
	do {
		check(fy_part_tx_next(&tx, 0, &part));
		memcpy(fy_part_rx_room(&rx), part.at,
		       shape.front + part.bytes);
		fy_part_rx_got(&rx, part.bytes);
		fy_part_tx_sent(&tx);
	} while (fy_part_rx_take(&rx, &got, NULL) == FERRY_EAGAIN);
	check(rx.taken && got.len == message.len &&
	      (got.len == 0 || memcmp(got.data, message.data, got.len) == 0));
	check(!fy_part_tx_next(&tx, 0, &part) && fy_part_tx_unsent(&tx) == 0);
	fy_part_tx_fini(&tx);
	fy_part_rx_fini(&rx);
}

/* Return: FERRY_EAGAIN to go on. */
static ferry_err
feed(struct fy_part_rx *rx, struct plain *plain, const uint8_t *part, size_t n)
{
	ferry_err expected = read_plainly(plain, part, n);
	struct ferry_bytes got;
	ferry_err err;

	if (n > 0)
		memcpy(fy_part_rx_room(rx) + rx->shape.front, part, n);
	fy_part_rx_got(rx, n);
	err = fy_part_rx_take(rx, &got, NULL);
	check(err == expected);
	if (err)
		return err;
	check(got.len == plain->n && (got.len == 0 ||
	      memcmp(got.data, plain->message, got.len) == 0));
	round_trip(got, rx->shape);
	fy_part_rx_release(rx);
	*plain = (struct plain){ .n = 0 };
	return FERRY_EAGAIN;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plain plain = { .n = 0 };
	const uint8_t *end = data + size;
	struct fy_part_shape shape;
	struct fy_part_rx rx;

	if (size == 0)
		return 0;
	shape.front = *data & 8;
	shape.bytes = shape.front + FY_PART_HEAD + 1 + *data / 2;
	data++;
	fy_part_rx_init(&rx, NULL, shape, MAX_MESSAGE);
	while (data < end) {
		size_t n = *data++;

		if (n > (size_t)(end - data))
			n = (size_t)(end - data);
		if (n > shape.bytes)
			n = shape.bytes;
		if (feed(&rx, &plain, data, n) != FERRY_EAGAIN)
			break;
		data += n;
	}
	fy_part_rx_fini(&rx);
	return 0;
}
