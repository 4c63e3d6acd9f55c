/* SPDX-License-Identifier: MIT */
#include "transport/stream.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"

/* A read asks for so much; only the pages that are written to exist. */
#define RX_BYTES (65536u + FY_FRAME_AROUND)
#define TX_FIRST 4096u
/* A longer buffer is given back as soon as it is empty. */
#define TX_KEEP (65536u + FY_FRAME_AROUND)
/* So much is gathered while corked. */
#define CORK_MOST 65536u
/* With so much unsent the next loan has to wait. */
#define TX_BACKLOG 262144u

/* Every struct ferry_link here is the first member of a struct fy_stream. */
static struct fy_stream *
stream_of(struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_stream, link);
}

static const struct fy_stream *
const_stream_of(const struct ferry_link *link)
{
	return (const struct fy_stream *)(const void *)link;
}

static size_t
max_received(const struct ferry_link_config *config)
{
	size_t max = config->max_receive ? config->max_receive
					 : config->max_message;

	/* What struct ferry_bytes can say. */
	return max < UINT32_MAX ? max : UINT32_MAX;
}

void
fy_stream_init(struct fy_stream *s, const struct ferry_transport_ops *ops,
	       const struct ferry_link_config *config,
	       const struct fy_byte_ops *bytes, const int fds[2])
{
	s->link.ops = ops;
	s->link.config = *config;
	s->link.counters = &s->link.own;
	if (config->max_receive == 0)
		s->link.config.max_receive = config->max_message;
	s->bytes = bytes;
	s->fd_in = fds[0];
	s->fd_out = fds[1];
	s->fd_watch = -1;
	s->framing = fy_framing_of(config->frame);
	fy_frame_init(&s->rx.frame, s->framing, max_received(config));
	s->rx.drained = true;
	atomic_init(&s->unsent, 0);
	atomic_init(&s->ended, false);
	atomic_init(&s->counted, false);
}

/* What both threads count. */
FY_COLD static void
count_one(uint64_t *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

/* A link has one end, which either thread may meet first, and both again. */
FY_COLD static void
count_end(struct fy_stream *s, uint64_t *counter)
{
	if (!atomic_exchange_explicit(&s->counted, true, memory_order_relaxed))
		count_one(counter);
}

/* ---- sending ---- */

static void
set_unsent(struct fy_stream *s, size_t bytes)
{
	if (atomic_load_explicit(&s->unsent, memory_order_relaxed) != bytes)
		atomic_store_explicit(&s->unsent, bytes, memory_order_relaxed);
}

/* Room for @bytes more behind the tail. */
static ferry_err
make_tx_room(struct fy_stream *s, size_t bytes, struct ferry_error *why)
{
	struct fy_stream_tx *tx = &s->tx;
	uint8_t *grown;
	size_t want;

	if (tx->cap - tx->tail >= bytes)
		return FERRY_OK;
	if (tx->head > 0) {
		memmove(tx->buf, tx->buf + tx->head, tx->tail - tx->head);
		tx->tail -= tx->head;
		tx->head = 0;
	}
	want = tx->tail + bytes;
	if (want <= tx->cap)
		return FERRY_OK;
	if (want < TX_FIRST)
		want = TX_FIRST;
	grown = fy_resize(s->link.config.hooks, tx->buf, want);
	if (!grown)
		return fy_fail_memory(why, want);
	tx->buf = grown;
	tx->cap = want;
	return FERRY_OK;
}

static bool
has_backlog(const struct fy_stream *s)
{
	return s->tx.tail - s->tx.head >= TX_BACKLOG;
}

/* FERRY_EAGAIN: the peer is slow, and too much has not left. */
static ferry_err
thin_backlog(struct fy_stream *s, struct ferry_error *why)
{
	ferry_err err;

	if (!has_backlog(s))
		return FERRY_OK;
	err = fy_stream_flush(&s->link, why);
	return err == FERRY_EAGAIN && !has_backlog(s) ? FERRY_OK : err;
}

ferry_err
fy_stream_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
	       struct ferry_error *why)
{
	struct fy_stream *s = stream_of(link);
	struct fy_stream_tx *tx = &s->tx;
	ferry_err err;

	assert(!tx->lending);
	if (s->fd_out < 0)
		return fy_fail(why, FERRY_ENOTSUP,
			       "nothing can be sent: the link is one-way");
	if (bytes > link->config.max_message || bytes > FY_FRAME_MOST) {
		count_one(&link->counters->too_big);
		return fy_fail(
			why, FERRY_ETOOBIG,
			"a message of %zu bytes is over the limit of %zu",
			bytes, link->config.max_message);
	}
	err = thin_backlog(s, why);
	if (err)
		return err;
	err = make_tx_room(s, s->framing->before + bytes + s->framing->after,
			   why);
	if (err)
		return err;
	tx->lending = true;
	tx->lent = bytes;
	*out = tx->buf + tx->tail + s->framing->before;
	return FERRY_OK;
}

void
fy_stream_cancel(struct ferry_link *link)
{
	stream_of(link)->tx.lending = false;
}

ferry_err
fy_stream_commit(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = stream_of(link);
	struct fy_stream_tx *tx = &s->tx;
	uint8_t *message = tx->buf + tx->tail + s->framing->before;
	ferry_err err;

	assert(tx->lending);
	tx->lending = false;
	err = s->framing->seal(message, tx->lent, tx->buf + tx->tail,
			       message + tx->lent, why);
	if (err)
		return err;
	tx->tail += s->framing->before + tx->lent + s->framing->after;
	link->counters->sent++;
	link->counters->sent_bytes += tx->lent;
	if (link->corked && tx->tail - tx->head < CORK_MOST) {
		set_unsent(s, tx->tail - tx->head);
		return FERRY_OK;
	}
	err = fy_stream_flush(link, why);
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

FY_COLD static ferry_err
fail_lost(struct fy_stream *s, struct ferry_error *why, const char *what)
{
	int error = errno;

	count_end(s, &s->link.counters->lost);
	errno = error;
	return fy_fail_errno_as(why, FERRY_ELOST, "%s", what);
}

static void
tx_is_empty(struct fy_stream *s)
{
	struct fy_stream_tx *tx = &s->tx;

	set_unsent(s, 0);
	/* A loan lies behind the tail, which stays where it is for that. */
	if (tx->lending)
		return;
	tx->head = 0;
	tx->tail = 0;
	if (tx->cap <= TX_KEEP)
		return;
	fy_free(s->link.config.hooks, tx->buf);
	tx->buf = NULL;
	tx->cap = 0;
}

ferry_err
fy_stream_flush(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = stream_of(link);
	struct fy_stream_tx *tx = &s->tx;

	while (tx->head < tx->tail) {
		ssize_t n = s->bytes->write(s, tx->buf + tx->head,
					    tx->tail - tx->head);

		if (n >= 0) {
			tx->head += (size_t)n;
			continue;
		}
		if (errno != EAGAIN)
			return fail_lost(s, why, "send to the peer");
		set_unsent(s, tx->tail - tx->head);
		return FERRY_EAGAIN;
	}
	if (tx->tail > 0)
		tx_is_empty(s);
	return FERRY_OK;
}

size_t
fy_stream_unsent(const struct ferry_link *link)
{
	return atomic_load_explicit(&const_stream_of(link)->unsent,
				    memory_order_relaxed);
}

ferry_err
fy_stream_finish(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = stream_of(link);

	if (s->fd_out < 0)
		return fy_fail(why, FERRY_ENOTSUP,
			       "nothing can be sent: the link is one-way");
	if (s->bytes->finish(s) < 0)
		return fail_lost(s, why, "tell the peer that nothing more comes");
	return FERRY_OK;
}

/* ---- receiving ---- */

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

/* Twice to four times what has come, as much as is announced in between. */
static ferry_err
grow_rx(struct fy_stream *s, size_t need, struct ferry_error *why)
{
	size_t cap = s->rx.cap;

	if (cap > SIZE_MAX / 4)
		return fy_fail_memory(why, need);
	if (need > cap * 4)
		need = cap * 4;
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

static ferry_err
fail_end(struct fy_stream *s, struct ferry_error *why)
{
	atomic_store_explicit(&s->ended, true, memory_order_relaxed);
	if (fy_stream_partial(&s->link)) {
		count_end(s, &s->link.counters->lost);
		return fy_fail(why, FERRY_ELOST, "%s", s->framing->cut);
	}
	return fy_fail(why, FERRY_EOF, "the peer closed the connection");
}

/* Reads once. FERRY_OK: there are more bytes. */
static ferry_err
fill(struct fy_stream *s, struct ferry_error *why)
{
	struct fy_stream_rx *rx = &s->rx;
	ferry_err err = make_rx_room(s, why);
	size_t room = rx->cap - rx->tail;
	ssize_t n;

	if (err)
		return err;
	n = s->bytes->read(s, rx->buf + rx->tail, room);
	if (n > 0) {
		rx->tail += (size_t)n;
		rx->drained = (size_t)n < room;
		return FERRY_OK;
	}
	rx->drained = true;
	if (n == 0)
		return fail_end(s, why);
	if (errno == EAGAIN)
		return FERRY_EAGAIN;
	atomic_store_explicit(&s->ended, true, memory_order_relaxed);
	return fail_lost(s, why, "receive from the peer");
}

FY_COLD static ferry_err
fail_frame(struct fy_stream *s, ferry_err err, struct ferry_error *why)
{
	struct ferry_counters *counters = s->link.counters;

	count_end(s, err == FERRY_ETOOBIG ? &counters->too_big
					  : &counters->broken);
	if (err == FERRY_ETOOBIG)
		return fy_fail(why, err,
			       "the peer sends a message over the limit of %zu "
			       "bytes", s->link.config.max_receive);
	return fy_fail(why, err, "the peer sends empty fragments without end");
}

ferry_err
fy_stream_take(struct ferry_link *link, struct ferry_bytes *out,
	       struct ferry_error *why)
{
	struct fy_stream *s = stream_of(link);
	struct fy_stream_rx *rx = &s->rx;
	ferry_err err;

	assert(!rx->taken);
	if (s->fd_in < 0)
		return fy_fail(why, FERRY_ENOTSUP,
			       "nothing can be received: the link is one-way");
	do {
		err = fy_frame_feed(&rx->frame, rx->buf, &rx->tail);
		if (err == FERRY_OK) {
			rx->taken = true;
			link->counters->received++;
			link->counters->received_bytes +=
				rx->frame.end - rx->frame.start;
			out->data = rx->buf + rx->frame.start;
			out->len = (uint32_t)(rx->frame.end - rx->frame.start);
			return FERRY_OK;
		}
		if (err != FERRY_EAGAIN)
			return fail_frame(s, err, why);
		err = fill(s, why);
	} while (!err);
	return err;
}

/* The message has been used or is somebody else's: on to the next. */
static void
end_of_message(struct fy_stream_rx *rx)
{
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
	end_of_message(rx);
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
	struct fy_stream *s = stream_of(link);
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
	struct fy_stream *s = stream_of(link);
	struct fy_stream_rx *rx = &s->rx;

	assert(rx->taken);
	end_of_message(rx);
	if (rx->frame.at < rx->tail || rx->cap <= RX_BYTES)
		return;
	fy_free(link->config.hooks, rx->buf);
	drop_rx(rx);
}

bool
fy_stream_pending(const struct ferry_link *link)
{
	const struct fy_stream_rx *rx = &const_stream_of(link)->rx;
	size_t rest = rx->tail - rx->frame.at;

	if (!rx->drained)
		return true;
	/* Bytes of an unfinished message are no reason to read again. */
	return rest >= rx->frame.framing->least && (rx->taken || !rx->frame.open);
}

bool
fy_stream_partial(const struct ferry_link *link)
{
	const struct fy_stream_rx *rx = &const_stream_of(link)->rx;

	return !rx->taken && (rx->frame.open || rx->tail > rx->frame.at);
}

/* ---- the rest ---- */

static void
add_event(struct ferry_events *out, int fd, short events)
{
	if (out->n > 0 && out->fd[0] == fd) {
		out->events[0] |= events;
		return;
	}
	out->fd[out->n] = fd;
	out->events[out->n] = events;
	out->n++;
}

void
fy_stream_events(const struct ferry_link *link, struct ferry_events *out)
{
	const struct fy_stream *s = const_stream_of(link);

	*out = (struct ferry_events){ .n = 0 };
	if (s->fd_in >= 0 &&
	    !atomic_load_explicit(&s->ended, memory_order_relaxed)) {
		add_event(out, s->fd_in, POLLIN);
		if (s->fd_watch >= 0)
			add_event(out, s->fd_watch, POLLIN);
	}
	if (fy_stream_unsent(link) > 0)
		add_event(out, s->fd_out, POLLOUT);
}

void
fy_stream_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	*out = const_stream_of(link)->peer;
}

void
fy_stream_close(struct ferry_link *link)
{
	const struct ferry_hooks *hooks;
	struct fy_stream *s;

	if (!link)
		return;
	s = stream_of(link);
	hooks = link->config.hooks;
	s->bytes->close(s);
	fy_free(hooks, s->tx.buf);
	fy_free(hooks, s->rx.buf);
	fy_free(hooks, s);
}
