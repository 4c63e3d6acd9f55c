/* SPDX-License-Identifier: MIT */
/*
 * What a peer that means harm can write into a queue: it is this user, and no
 * library is between. For long runs the environment says how many parts,
 * FERRY_MQ_FRAMES.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <time.h>

#include "channel/channel.h"
#include "core/os.h"
#include "mq_pair.h"
#include "transport/mq/link.h"
#include "transport/mq/queue.h"

#define PARTS 20000u
#define SECOND ferry_in_ms(10000)
/* Of a message; more is not in any part. */
#define MESSAGE_MOST (3 * FY_MQ_BYTES)

/* The parts follow from it. */
static uint32_t seed;

static uint32_t
pick(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* What comes of a part: FERRY_EAGAIN: nothing yet. */
struct outcome {
	ferry_err err;
	uint32_t len;
};

/**
 * struct storm - an end of a channel, and what its peer has said to it
 * @left: bytes of the message that are to come, if it were true
 * @open, @len: a message has begun, and so much of it was sent
 * @due: what is to come of the parts that are in the queue
 * @n_parts, @n_messages, @n_ends: so far
 */
struct storm {
	struct mq_pair pair;
	uint32_t left;
	bool open;
	uint32_t len;
	struct outcome due[FY_MQ_DEPTH];
	uint32_t n_due;
	uint32_t n_parts;
	uint32_t n_messages;
	uint32_t n_ends;
};

static const struct fy_mq_link *
link_of(const struct ferry_channel *ch)
{
	return (const struct fy_mq_link *)(const void *)ch->link;
}

/* Most parts are good, or nearly so: else none would come far. */
static size_t
make_part(const struct storm *storm, uint8_t out[FY_MQ_BYTES])
{
	uint32_t most = FY_MQ_BYTES - FY_PART_HEAD;
	uint32_t head[2] = { storm->open ? 0 : FY_PART_FIRST,
			     storm->open ? storm->left : pick(MESSAGE_MOST) };
	uint32_t payload = head[1] < most ? head[1] : most;

	if (pick(4) == 0)
		head[0] |= FY_PART_LOOK;
	switch (pick(100)) {
	case 0:
		head[0] ^= 1u << pick(pick(2) ? 4 : 32);
		break;
	case 1:
		head[1] ^= 1u << pick(32);
		break;
	case 2:
		payload = pick(most + 1);
		break;
	case 3:
		head[0] = FY_PART_END | (pick(2) ? FY_PART_GONE : 0);
		head[1] = 0;
		payload = 0;
		break;
	case 4:
		memset(out, (int)pick(256), FY_PART_HEAD);
		return pick(FY_PART_HEAD + 1);
	default:
		break;
	}
	memcpy(out, head, FY_PART_HEAD);
	memset(out + FY_PART_HEAD, (int)pick(256), payload);
	return FY_PART_HEAD + payload;
}

/* By the rules of mq/part.h. */
static ferry_err
judge(struct storm *storm, const uint8_t *part, size_t bytes)
{
	const size_t payload = bytes - FY_PART_HEAD;
	uint32_t head[2];
	bool first;

	if (bytes == 0)
		return FERRY_EAGAIN;
	if (bytes < FY_PART_HEAD)
		return FERRY_EPROTO;
	memcpy(head, part, FY_PART_HEAD);
	first = head[0] & FY_PART_FIRST;
	if (head[0] == FY_PART_END || head[0] == (FY_PART_END | FY_PART_GONE)) {
		if (payload > 0 || head[1] > 0)
			return FERRY_EPROTO;
		return storm->open ? FERRY_ELOST : FERRY_EOF;
	}
	if (head[0] & ~(uint32_t)(FY_PART_FIRST | FY_PART_LOOK) ||
	    first == storm->open || payload > head[1] ||
	    (payload == 0 && head[1] > 0) ||
	    (storm->open && head[1] != storm->left))
		return FERRY_EPROTO;
	if (head[1] > link_of(storm->pair.b)->rx.max_message)
		return FERRY_ETOOBIG;
	storm->len = (first ? 0 : storm->len) + (uint32_t)payload;
	storm->left = head[1] - (uint32_t)payload;
	storm->open = storm->left > 0;
	return storm->open ? FERRY_EAGAIN : FERRY_OK;
}

static void
send_part(struct storm *storm)
{
	uint8_t part[FY_MQ_BYTES];
	/* One in sixty is a wake that nobody asked for. */
	size_t bytes = pick(60) ? make_part(storm, part) : 0;
	ferry_err err = judge(storm, part, bytes);

	assert_int_equal(fy_os_mq_send(link_of(storm->pair.a)->out, part, bytes,
				       0), 0);
	storm->n_parts++;
	if (err != FERRY_EAGAIN)
		storm->due[storm->n_due++] = (struct outcome){ err,
							       storm->len };
}

/* Whatever there was, one who keeps to the rules is served. */
static void
meet_anew(struct storm *storm)
{
	(void)!ferry_channel_close(storm->pair.a, FERRY_NOW, NULL);
	(void)!ferry_channel_close(storm->pair.b, FERRY_NOW, NULL);
	mq_accept(&storm->pair);
	storm->open = false;
	storm->n_due = 0;
}

/* Return: whether more is due. */
static bool
receive_one(struct storm *storm, struct outcome due)
{
	struct ferry_deadline until = pick(200) ? SECOND : FERRY_NOW;
	struct ferry_channel *ch = storm->pair.b;
	struct ferry_bytes got = { NULL, 0 };
	struct ferry_error why;

	assert_int_equal(ferry_channel_take(ch, &got, until, &why), due.err);
	if (due.err) {
		assert_string_not_equal(why.text, "");
		assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL),
				 due.err);
		storm->n_ends++;
		meet_anew(storm);
		return false;
	}
	assert_int_equal(got.len, due.len);
	for (uint32_t i = 1; i < got.len; i++)
		(void)((const volatile uint8_t *)got.data)[i];
	ferry_channel_release(ch);
	storm->n_messages++;
	return true;
}

/* All that is due, and nothing else. */
static void
receive(struct storm *storm)
{
	struct ferry_deadline until = pick(200) ? FERRY_NOW : ferry_in_ms(1);
	struct ferry_bytes got;

	for (uint32_t i = 0; i < storm->n_due; i++) {
		if (!receive_one(storm, storm->due[i]))
			return;
	}
	storm->n_due = 0;
	assert_int_equal(ferry_channel_take(storm->pair.b, &got, until, NULL),
			 until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
						  : FERRY_ETIMEDOUT);
}

static void
parts_of_any_kind_harm_nobody(void **state)
{
	const char *wanted = getenv("FERRY_MQ_FRAMES");
	const uint32_t n = wanted ? (uint32_t)strtoul(wanted, NULL, 10) : PARTS;
	struct storm storm = { .n_parts = 0 };

	(void)state;
	/* A long run looks elsewhere each time. */
	seed = wanted ? (uint32_t)time(NULL) : 1;
	printf("the storm of %u\n", seed);
	mq_connect(&storm.pair);
	while (storm.n_parts < n) {
		send_part(&storm);
		/* A wake of the library's own needs a place, too. */
		if (pick(4) == 0 || storm.n_parts % (FY_MQ_DEPTH / 2) == 0)
			receive(&storm);
	}
	printf("%u parts: %u messages, %u ends\n", storm.n_parts,
	       storm.n_messages, storm.n_ends);
	meet_anew(&storm);
	mq_close_all(&storm.pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_any_kind_harm_nobody),
	};

	mq_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
