/* SPDX-License-Identifier: MIT */
/* The half of a stream that the receiving thread runs. */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/time.h"
#include "transport/stream.h"

/* A read asks for so much; only the pages that are written to exist. */
#define RX_BYTES (65536u + FY_FRAME_AROUND)
/* A longer buffer is given back behind each message, whoever waits. */
#define RX_KEEP ((1u << 20) + RX_BYTES)

static ferry_err
resize_rx(struct fy_stream *s, size_t cap, struct ferry_error *why)
{
	uint8_t *buf = fy_resize(s->link.config.hooks, s->rx.buf, cap);

	if (!buf)
		return fy_fail_memory(why, cap);
	s->rx.buf = buf;
	s->rx.cap = cap;
	return FERRY_OK;
}

/*
 * Twice to four times what has come, or as much as the message before took; in
 * between as much as is announced.
 */
static ferry_err
grow_rx(struct fy_stream *s, size_t need, struct ferry_error *why)
{
	size_t cap = s->rx.cap;
	size_t most = cap * 4;

	if (cap > SIZE_MAX / 4)
		return fy_fail_memory(why, need);
	if (most < s->rx.usual)
		most = s->rx.usual;
	if (need > most)
		need = most;
	return resize_rx(s, need < cap * 2 ? cap * 2 : need, why);
}

/* Room for at least one byte behind the tail. */
static ferry_err
make_rx_room(struct fy_stream *s, struct ferry_error *why)
{
	struct fy_stream_rx *rx = &s->rx;
	size_t base = fy_frame_base(&rx->frame);

	if (!rx->buf)
		return resize_rx(s, RX_BYTES, why);
	if (base > 0 && (base == rx->tail ||
			 fy_frame_need(&rx->frame) > rx->cap)) {
		memmove(rx->buf, rx->buf + base, rx->tail - base);
		rx->tail -= base;
		fy_frame_shift(&rx->frame, base);
	}
	if (rx->tail < rx->cap)
		return FERRY_OK;
	return grow_rx(s, fy_frame_need(&rx->frame), why);
}

/* Nothing comes for now: what a long message has left behind is given back. */
static void
shrink_rx(struct fy_stream *s)
{
	struct fy_stream_rx *rx = &s->rx;

	/* Where there is no memory for less it stays as it is. */
	if (rx->tail == 0 && rx->cap > RX_BYTES)
		(void)resize_rx(s, RX_BYTES, NULL);
}

static ferry_err
fail_end(struct fy_stream *s, struct ferry_deadline until,
	 struct ferry_error *why)
{
	ferry_err err;

	atomic_store_explicit(&s->ended, true, memory_order_relaxed);
	if (fy_stream_partial(&s->link)) {
		fy_stream_count_end(s, &s->link.counters->lost);
		err = fy_fail(why, FERRY_ELOST, "%s", s->framing->cut);
	} else {
		err = fy_fail(why, FERRY_EOF, "the peer closed the connection");
	}
	if (why && s->bytes->explain)
		s->bytes->explain(s, until, why);
	return err;
}

static void
drop_fds(struct fy_stream *s)
{
	struct fy_stream_rx *rx = &s->rx;

	if (FY_LIKELY(rx->fds.n == 0))
		return;
	fy_count(&s->link.counters->dropped_fds, fy_fds_close(&rx->fds));
}

FY_COLD static ferry_err
fail_fds(struct fy_stream *s, struct ferry_error *why)
{
	struct fy_stream_rx *rx = &s->rx;
	bool full = rx->last_fds.cut && rx->last_fds.n < FERRY_FDS_MOST;

	fy_count(&s->link.counters->dropped_fds, fy_fds_close(&rx->last_fds));
	drop_fds(s);
	if (full) {
		errno = EMFILE;
		return fy_stream_fail_lost(s, why, "take the descriptors that "
						   "the peer sends");
	}
	fy_stream_count_end(s, &s->link.counters->broken);
	return fy_fail(why, FERRY_EPROTO,
		       "the peer sends more descriptors with a message than "
		       "the %u that are allowed", s->link.config.max_fds);
}

/* The descriptors that came last are those of the message that is read. */
static ferry_err
settle_fds(struct fy_stream *s, struct ferry_error *why)
{
	struct fy_stream_rx *rx = &s->rx;

	if (FY_LIKELY(rx->last_fds.n == 0 && !rx->last_fds.cut))
		return FERRY_OK;
	if (rx->last_fds.cut ||
	    rx->fds.n + rx->last_fds.n > s->link.config.max_fds)
		return fail_fds(s, why);
	fy_fds_move(&rx->fds, &rx->last_fds);
	return FERRY_OK;
}

int
fy_stream_wait(struct fy_stream *s, struct ferry_deadline until)
{
	struct pollfd ready[2] = { { s->fd_in, POLLIN, 0 },
				   { s->fd_watch, POLLIN, 0 } };
	nfds_t n_fds = ready[1].fd >= 0 ? 2 : 1;
	int n = fy_alarm_poll(&s->rx.alarm, ready, n_fds, until);

	if (n != 0)
		return n;
	errno = ETIME;
	return -1;
}

static ssize_t
read_now(struct fy_stream *s, size_t room)
{
	struct fy_stream_rx *rx = &s->rx;
	uint8_t *to = rx->buf + rx->tail;

	/* The kernel closes what nobody asks for. */
	if (s->link.config.max_fds == 0 || !s->bytes->read_fds)
		return s->bytes->read(s, to, room);
	return s->bytes->read_fds(s, to, room, &rx->last_fds);
}

/*
 * Blocks where that is cheaper. With a deadline it polls first where the last
 * read found the end: mostly another comes too early. Before the first message
 * it may well be there already.
 */
static ssize_t
read_some(struct fy_stream *s, size_t room, struct ferry_deadline until)
{
	struct fy_stream_rx *rx = &s->rx;
	bool polls = rx->drained && rx->usual > 0;
	ssize_t n;

	if (until.ns == FERRY_NOW.ns)
		return read_now(s, room);
	if (until.ns == FERRY_NEVER.ns) {
		n = s->bytes->read_blocking
			? s->bytes->read_blocking(s, rx->buf + rx->tail, room)
			: read_now(s, room);
		if (n >= 0 || errno != EAGAIN)
			return n;
		polls = true;
	}
	do {
		if (polls && fy_stream_wait(s, until) < 0)
			return -1;
		n = read_now(s, room);
		polls = true;
	} while (n < 0 && errno == EAGAIN);
	return n;
}

FY_COLD static ferry_err
fail_late(struct ferry_error *why)
{
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "nothing came before the deadline, or not all of a "
		       "message: the peer is slow, or allow more time");
}

/* What a read that returned @n, 0 or -1 with errno, means. */
static ferry_err
fail_read(struct fy_stream *s, ssize_t n, struct ferry_deadline until,
	  struct ferry_error *why)
{
	int error = errno;

	s->rx.drained = true;
	if (n == 0)
		return fail_end(s, until, why);
	if (error == EAGAIN || error == ETIME) {
		shrink_rx(s);
		return error == EAGAIN ? FERRY_EAGAIN : fail_late(why);
	}
	atomic_store_explicit(&s->ended, true, memory_order_relaxed);
	return fy_stream_fail_lost(s, why, "receive from the peer");
}

/*
 * A long message is read to its last byte, so that the one behind it begins at
 * the start of the buffer and need not be moved there.
 */
static size_t
read_room(const struct fy_stream_rx *rx)
{
	size_t room = rx->cap - rx->tail;
	size_t need;

	/* Without a length that was announced nobody knows where it ends. */
	if (FY_LIKELY(rx->tail < RX_BYTES / 2 || rx->frame.left == 0))
		return room;
	need = fy_frame_need(&rx->frame);
	return need < rx->cap ? need - rx->tail : room;
}

/* Reads once. FERRY_OK: there are more bytes. */
static inline ferry_err
fill(struct fy_stream *s, struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_stream_rx *rx = &s->rx;
	ferry_err err = settle_fds(s, why);
	size_t room;
	ssize_t n;

	if (!err && FY_UNLIKELY(rx->tail > 0 || !rx->buf))
		err = make_rx_room(s, why);
	if (FY_UNLIKELY(err))
		return err;
	room = read_room(rx);
	n = read_some(s, room, until);
	if (FY_UNLIKELY(n <= 0))
		return fail_read(s, n, until, why);
	rx->tail += (size_t)n;
	rx->drained = (size_t)n < room;
	return FERRY_OK;
}

FY_COLD static ferry_err
fail_frame(struct fy_stream *s, ferry_err err, struct ferry_error *why)
{
	struct ferry_counters *counters = s->link.counters;

	fy_stream_count_end(s, err == FERRY_ETOOBIG ? &counters->too_big
					  : &counters->broken);
	if (err == FERRY_ETOOBIG)
		return fy_fail(why, err,
			       "the peer sends a message over the limit of %zu "
			       "bytes%s", s->link.config.max_receive,
			       s->framing->alien);
	return fy_fail(why, err, "the peer sends empty fragments without end");
}

/* The message that the framing has found. */
static ferry_err
take_found(struct fy_stream *s, struct ferry_bytes *out,
	   struct ferry_error *why)
{
	struct fy_stream_rx *rx = &s->rx;
	struct ferry_counters *counters = s->link.counters;
	const struct fy_frame *f = &rx->frame;

	if (f->at == rx->tail) {
		ferry_err err = settle_fds(s, why);

		if (err)
			return err;
	}
	rx->taken = true;
	out->data = rx->buf + f->start;
	out->len = (uint32_t)(f->end - f->start);
	fy_count(&counters->received, 1);
	fy_count(&counters->received_bytes, out->len);
	if (FY_UNLIKELY(rx->fds.n > 0))
		fy_count(&counters->received_fds, rx->fds.n);
	return FERRY_OK;
}

/*
 * Whether to stop though there are more bytes: a peer who has always some more
 * of a long message does not hold anybody beyond his deadline. FERRY_NOW is
 * until there is nothing.
 */
static bool
is_held_up(struct ferry_deadline until)
{
	return until.ns != FERRY_NOW.ns && until.ns != FERRY_NEVER.ns &&
	       fy_deadline_passed(until);
}

ferry_err
fy_stream_take_until(struct ferry_link *link, struct ferry_bytes *out,
		     struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_rx *rx = &s->rx;
	ferry_err err;

	assert(!rx->taken);
	if (s->fd_in < 0)
		return fy_fail(why, FERRY_ENOTSUP,
			       "nothing can be received: the link is one-way");
	rx->waits = until.ns != FERRY_NOW.ns;
	/* Where the end was read once there is nothing to wait for. */
	if (atomic_load_explicit(&s->ended, memory_order_relaxed))
		until = FERRY_NOW;
	for (bool has_read = false;; has_read = true) {
		/* Before the first byte there is nothing to look at. */
		err = rx->tail > 0 ? fy_frame_feed(&rx->frame, rx->buf,
						   &rx->tail)
				   : FERRY_EAGAIN;
		if (err == FERRY_OK)
			return take_found(s, out, why);
		if (err != FERRY_EAGAIN)
			return fail_frame(s, err, why);
		if (has_read && is_held_up(until))
			return fail_late(why);
		err = fill(s, until, why);
		if (err)
			return err;
	}
}

ferry_err
fy_stream_take(struct ferry_link *link, struct ferry_bytes *out,
	       struct ferry_error *why)
{
	return fy_stream_take_until(link, out, FERRY_NOW, why);
}

uint32_t
fy_stream_detach(struct ferry_link *link, int *fds, uint32_t max)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_fds *set = &s->rx.fds;
	uint32_t n = set->n < max ? set->n : max;

	if (!s->rx.taken)
		return 0;
	memcpy(fds, set->fd, n * sizeof(fds[0]));
	memmove(set->fd, set->fd + n, (set->n - n) * sizeof(set->fd[0]));
	set->n -= n;
	drop_fds(s);
	return n;
}

/* The message has been used or is somebody else's: on to the next. */
static void
end_of_message(struct fy_stream *s)
{
	struct fy_stream_rx *rx = &s->rx;

	drop_fds(s);
	rx->usual = rx->frame.at - rx->frame.start + FY_FRAME_AROUND;
	rx->taken = false;
	fy_frame_next(&rx->frame);
}

static void
drop_rx(struct fy_stream_rx *rx)
{
	fy_frame_shift(&rx->frame, rx->frame.at);
	rx->buf = NULL;
	rx->cap = 0;
	rx->tail = 0;
}

/*
 * Hands the buffer over; the bytes behind the message go to a new one, which
 * is not more than the message is long.
 */
static ferry_err
give_buffer(struct fy_stream *s, struct ferry_block *out)
{
	struct fy_stream_rx *rx = &s->rx;
	size_t rest = rx->tail - rx->frame.at;
	size_t cap = rest > RX_BYTES ? rest : RX_BYTES;
	const uint8_t *from = rx->buf + rx->frame.at;
	uint8_t *next = NULL;

	if (rest > 0) {
		next = fy_alloc(s->link.config.hooks, cap);
		if (!next)
			return FERRY_ENOMEM;
		memcpy(next, from, rest);
	}
	out->mem = rx->buf;
	out->data.data = rx->buf + rx->frame.start;
	out->data.len = (uint32_t)(rx->frame.end - rx->frame.start);
	end_of_message(s);
	drop_rx(rx);
	if (rest > 0) {
		rx->buf = next;
		rx->cap = cap;
		rx->tail = rest;
	}
	return FERRY_OK;
}

ferry_err
fy_stream_keep(struct ferry_link *link, struct ferry_block *out)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_rx *rx = &s->rx;
	size_t len = rx->frame.end - rx->frame.start;
	uint8_t *copy;

	assert(rx->taken);
	if (len >= rx->cap / 2 && rx->tail - rx->frame.at <= len)
		return give_buffer(s, out);
	copy = fy_alloc(link->config.hooks, len > 0 ? len : 1);
	if (!copy)
		return FERRY_ENOMEM;
	memcpy(copy, rx->buf + rx->frame.start, len);
	out->mem = copy;
	out->data.data = copy;
	out->data.len = (uint32_t)len;
	fy_stream_release(link);
	return FERRY_OK;
}

void
fy_stream_release(struct ferry_link *link)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_rx *rx = &s->rx;

	assert(rx->taken);
	end_of_message(s);
	if (rx->frame.at < rx->tail)
		return;
	fy_frame_shift(&rx->frame, rx->frame.at);
	rx->tail = 0;
	if (FY_LIKELY(rx->cap <= RX_BYTES) ||
	    (rx->waits && rx->usual > RX_BYTES && rx->cap <= RX_KEEP))
		return;
	fy_free(link->config.hooks, rx->buf);
	drop_rx(rx);
}

bool
fy_stream_pending(struct ferry_link *link)
{
	const struct fy_stream_rx *rx = &fy_const_stream_of(link)->rx;
	size_t rest = rx->tail - rx->frame.at;

	if (!rx->drained)
		return true;
	/* Bytes of an unfinished message are no reason to read again. */
	return rest >= rx->frame.framing->least &&
	       (rx->taken || !rx->frame.open);
}

bool
fy_stream_partial(const struct ferry_link *link)
{
	const struct fy_stream_rx *rx = &fy_const_stream_of(link)->rx;

	return !rx->taken && (rx->frame.open || rx->tail > rx->frame.at);
}
