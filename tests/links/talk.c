/* SPDX-License-Identifier: MIT */
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <errno.h>

#include "core/os.h"
#include "core/time.h"
#include "transport/stream.h"
#include "ways.h"

/* Bytes that tell their place. */
void
fy_talk_fill(uint8_t *buf, size_t bytes, uint32_t seed)
{
	for (size_t i = 0; i < bytes; i++)
		buf[i] = (uint8_t)(i * 7 + (i >> 8) + seed);
}

struct ferry_bytes
fy_talk_message(uint8_t *buf, size_t bytes, uint32_t seed)
{
	fy_talk_fill(buf, bytes, seed);
	return (struct ferry_bytes){ buf, (uint32_t)bytes };
}

/* Sends bytes as they are, without a mark. */
void
fy_talk_raw(struct ferry_channel *ch, const void *bytes, size_t n)
{
	struct fy_stream *s = FY_CONTAINER(ch->link, struct fy_stream, link);
	struct ferry_deadline until = ferry_in_ms(FY_TALK_MS);
	const uint8_t *at = bytes;

	while (n > 0) {
		ssize_t sent = s->bytes->write(s, at, n);

		if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
			continue;
		}
		assert_true(sent < 0 && errno == EAGAIN);
		assert_false(fy_deadline_passed(until));
	}
}

/* Waits for what either of two channels waits for. */
bool
fy_talk_wait(struct ferry_channel *x, struct ferry_channel *y,
	      struct ferry_deadline until)
{
	struct ferry_channel *both[2] = { x, y };
	struct pollfd fds[4];
	nfds_t n = 0;

	for (int i = 0; i < 2; i++) {
		struct ferry_events e;

		both[i]->link->ops->events(both[i]->link, &e);
		for (uint32_t j = 0; j < e.n; j++)
			fds[n++] = (struct pollfd){ e.fd[j], e.events[j], 0 };
	}
	return fy_os_poll(fds, n, until) > 0;
}

/* The next message at @to, while what @from has not sent goes on leaving. */
ferry_err
fy_talk_pass(struct ferry_channel *from, struct ferry_channel *to,
	     struct ferry_arena *mem, struct ferry_bytes *out)
{
	struct ferry_deadline until = ferry_in_ms(FY_TALK_MS);
	ferry_err err;

	for (;;) {
		err = ferry_channel_flush(from, FERRY_NOW, NULL);
		if (err && err != FERRY_EAGAIN)
			return err;
		err = ferry_channel_recv(to, mem, out, FERRY_NOW, NULL);
		if (err != FERRY_EAGAIN)
			return err;
		if (!fy_talk_wait(from, to, until))
			return FERRY_ETIMEDOUT;
	}
}

void
fy_talk_send(struct ferry_channel *ch, struct ferry_bytes message)
{
	assert_int_equal(ferry_channel_send(ch, message, FERRY_NOW, NULL),
			 FERRY_OK);
}

void
fy_talk_expect(struct ferry_channel *from, struct ferry_channel *to,
	       struct ferry_bytes sent)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	assert_int_equal(fy_talk_pass(from, to, &mem, &got), FERRY_OK);
	assert_int_equal(got.len, sent.len);
	if (sent.len > 0)
		assert_memory_equal(got.data, sent.data, sent.len);
	ferry_arena_fini(&mem);
}

ferry_err
fy_talk_error(struct ferry_channel *ch)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	ferry_err err = ferry_channel_recv(ch, &mem, &got,
					ferry_in_ms(FY_TALK_MS), NULL);

	ferry_arena_fini(&mem);
	return err;
}

struct world *
fy_talk_connected(void **state)
{
	struct world *w = *state;
	ferry_err err = fy_world_connect(w);

	if (err)
		print_error("%s\n", w->why.text);
	assert_int_equal(err, FERRY_OK);
	return w;
}
