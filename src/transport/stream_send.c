/* SPDX-License-Identifier: MIT */
/* The half of a stream that the sending thread runs. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/compiler.h"
#include "core/err.h"
#include "transport/stream.h"

#define TX_FIRST 4096u
/* A longer buffer is given back as soon as it is empty. */
#define TX_KEEP (65536u + FY_FRAME_AROUND)
/* So much is gathered while corked. */
#define CORK_MOST 65536u
/* With so much unsent the next loan has to wait. */
#define TX_BACKLOG 262144u
/* From such a message on more than a few go into the kernel at once. */
#define WIDE_FROM 131072u

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

	/* An empty message with nothing around it has a place, too. */
	if (tx->buf && tx->cap - tx->tail >= bytes)
		return FERRY_OK;
	if (tx->head > 0) {
		memmove(tx->buf, tx->buf + tx->head, tx->tail - tx->head);
		tx->tail -= tx->head;
		tx->fds_at -= tx->head;
		tx->fds_end -= tx->head;
		tx->head = 0;
	}
	want = tx->tail + bytes;
	if (tx->buf && want <= tx->cap)
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

/*
 * Also a long message waits, which would have to be placed behind what has not
 * left: nothing is gained by moving that.
 */
static bool
has_backlog(const struct fy_stream *s, size_t bytes)
{
	size_t unsent = s->tx.tail - s->tx.head;

	return unsent >= TX_BACKLOG || (unsent > 0 && bytes >= TX_BACKLOG);
}

/* FERRY_EAGAIN: the peer is slow, and too much has not left. */
static ferry_err
thin_backlog(struct fy_stream *s, size_t bytes, struct ferry_error *why)
{
	ferry_err err;

	if (!has_backlog(s, bytes))
		return FERRY_OK;
	err = fy_stream_flush(&s->link, why);
	return err == FERRY_EAGAIN && !has_backlog(s, bytes) ? FERRY_OK : err;
}

ferry_err
fy_stream_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
	       struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_tx *tx = &s->tx;
	ferry_err err;

	assert(!tx->lending);
	if (s->fd_out < 0)
		return fy_fail(why, FERRY_ENOTSUP,
			       "nothing can be sent: the link is one-way");
	if (bytes > link->config.max_message || bytes > FY_FRAME_MOST) {
		fy_count_any(&link->counters->too_big, 1);
		return fy_fail(
			why, FERRY_ETOOBIG,
			"a message of %zu bytes is over the limit of %zu",
			bytes, link->config.max_message);
	}
	err = thin_backlog(s, bytes, why);
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

ferry_err
fy_stream_attach(struct ferry_link *link, const int *fds, uint32_t n,
		 struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_tx *tx = &s->tx;
	ferry_err err = FERRY_OK;

	assert(tx->lending && n <= FERRY_FDS_MOST);
	if (!s->bytes->write_fds)
		return fy_fail(why, FERRY_ENOTSUP,
			       "descriptors go over unix sockets only");
	if (tx->fds.n > 0)
		err = fy_stream_flush(link, why);
	if (err && (err != FERRY_EAGAIN || tx->fds.n > 0))
		return err;
	err = fy_fds_copy(&tx->lent_fds, fds, n, why);
	if (err)
		fy_fds_close(&tx->lent_fds);
	return err;
}

void
fy_stream_cancel(struct ferry_link *link)
{
	struct fy_stream_tx *tx = &fy_stream_of(link)->tx;

	tx->lending = false;
	fy_fds_close(&tx->lent_fds);
}

static void
tx_is_empty(struct fy_stream *s)
{
	struct fy_stream_tx *tx = &s->tx;

	set_unsent(s, 0);
	tx->borrowed = NULL;
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

static void
set_stalled(struct fy_stream *s, bool stalled)
{
	atomic_store_explicit(&s->stalled, stalled, memory_order_relaxed);
}

/* Descriptors go with the first byte of their message. */
FY_COLD static ssize_t
write_with_fds(struct fy_stream *s)
{
	struct fy_stream_tx *tx = &s->tx;
	const uint8_t *from = tx->buf + tx->head;
	ssize_t n;

	if (tx->head < tx->fds_at)
		return s->bytes->write(s, from, tx->fds_at - tx->head);
	n = s->bytes->write_fds(s, from, tx->fds_end - tx->head, &tx->fds);
	if (n > 0) {
		fy_fds_close(&tx->fds);
		set_stalled(s, false);
	}
	return n;
}

/* What lies before the message that is borrowed, itself, what lies behind. */
FY_COLD static ssize_t
write_borrowed(struct fy_stream *s)
{
	const struct fy_stream_tx *tx = &s->tx;
	const size_t ends[] = { tx->borrowed_at, tx->borrowed_end, tx->tail };
	struct iovec iov[FY_ARRAY_LEN(ends)];
	size_t at = tx->head;
	int n = 0;

	for (size_t i = 0; i < FY_ARRAY_LEN(ends); i++) {
		const uint8_t *from = tx->buf + at;

		if (at >= ends[i])
			continue;
		if (i == 1)
			from = tx->borrowed + (at - tx->borrowed_at);
		iov[n++] = (struct iovec){ (void *)(uintptr_t)from,
					   ends[i] - at };
		at = ends[i];
	}
	if (n == 1 || !s->bytes->writev)
		return s->bytes->write(s, iov[0].iov_base, iov[0].iov_len);
	return s->bytes->writev(s, iov, n);
}

/* One write of what one write may hold; as write(2). */
static inline ssize_t
write_some(struct fy_stream *s)
{
	struct fy_stream_tx *tx = &s->tx;

	if (FY_UNLIKELY(tx->fds.n > 0))
		return write_with_fds(s);
	if (FY_UNLIKELY(tx->borrowed != NULL))
		return write_borrowed(s);
	return s->bytes->write(s, tx->buf + tx->head, tx->tail - tx->head);
}

/*
 * 0: nothing is left; -1: errno says why. It stands in its callers: a return
 * that follows a switch of processes is none that the processor foresees.
 */
static inline int
write_all(struct fy_stream *s)
{
	struct fy_stream_tx *tx = &s->tx;

	while (tx->head < tx->tail) {
		ssize_t n = write_some(s);

		if (n < 0)
			return -1;
		tx->head += (size_t)n;
	}
	if (tx->tail > 0)
		tx_is_empty(s);
	return 0;
}

/* By errno. FERRY_EAGAIN: some has not left. */
static ferry_err
fail_write(struct fy_stream *s, struct ferry_error *why)
{
	set_unsent(s, s->tx.tail - s->tx.head);
	if (errno == EAGAIN)
		return FERRY_EAGAIN;
	/* Of the message with descriptors no byte has left: it can wait. */
	if (errno == ETOOMANYREFS) {
		set_stalled(s, true);
		return FERRY_EAGAIN;
	}
	atomic_store_explicit(&s->deaf, true, memory_order_relaxed);
	return fy_stream_fail_lost(s, why, "send to the peer");
}

ferry_err
fy_stream_flush(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);

	return FY_LIKELY(write_all(s) == 0) ? FERRY_OK : fail_write(s, why);
}

/* What was lent stands behind what was committed before, sealed. */
static void
append_lent(struct fy_stream *s)
{
	struct fy_stream_tx *tx = &s->tx;
	size_t at = tx->tail;

	tx->tail += s->framing->before + tx->lent + s->framing->after;
	if (FY_LIKELY(tx->lent_fds.n == 0))
		return;
	fy_fds_move(&tx->fds, &tx->lent_fds);
	tx->fds_at = at;
	tx->fds_end = tx->tail;
}

/* The message with descriptors that was appended last has never been there. */
FY_COLD static ferry_err
take_back(struct fy_stream *s, struct ferry_error *why)
{
	struct fy_stream_tx *tx = &s->tx;

	tx->tail = tx->fds_at;
	fy_fds_close(&tx->fds);
	set_unsent(s, tx->tail - tx->head);
	errno = ETOOMANYREFS;
	return fy_fail_errno_as(why, FERRY_ESYS,
				"pass descriptors: too many of this user's "
				"have not been received yet: try again later");
}

/* What has just been appended leaves, as far as it can. */
static inline ferry_err
send_appended(struct fy_stream *s, struct ferry_error *why)
{
	const struct fy_stream_tx *tx = &s->tx;

	if (s->link.corked && tx->tail - tx->head < CORK_MOST) {
		set_unsent(s, tx->tail - tx->head);
		return FERRY_OK;
	}
	if (FY_LIKELY(write_all(s) == 0))
		return FERRY_OK;
	/* Of a message whose descriptors are here still no byte has left. */
	if (errno == ETOOMANYREFS && tx->fds_end == tx->tail)
		return take_back(s, why);
	return fail_write(s, why) == FERRY_EAGAIN ? FERRY_OK : FERRY_ELOST;
}

FY_COLD static void
widen(struct fy_stream *s)
{
	s->tx.wide = true;
	if (s->bytes->widen)
		s->bytes->widen(s);
}

ferry_err
fy_stream_commit(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_tx *tx = &s->tx;
	struct ferry_counters *counters = link->counters;
	const uint32_t n_fds = tx->lent_fds.n;
	uint8_t *before = tx->buf + tx->tail;
	uint8_t *room = before + s->framing->before;
	ferry_err err;

	assert(tx->lending);
	tx->lending = false;
	err = s->framing->seal(tx->borrowed ? tx->borrowed : room, tx->lent,
			       before, room + tx->lent, why);
	if (err) {
		tx->borrowed = NULL;
		fy_fds_close(&tx->lent_fds);
		return err;
	}
	if (FY_UNLIKELY(tx->lent >= WIDE_FROM && !tx->wide))
		widen(s);
	append_lent(s);
	err = send_appended(s, why);
	if (err)
		return err;
	fy_count(&counters->sent, 1);
	fy_count(&counters->sent_bytes, tx->lent);
	if (FY_UNLIKELY(n_fds > 0))
		fy_count(&counters->sent_fds, n_fds);
	return FERRY_OK;
}

ferry_err
fy_stream_send(struct ferry_link *link, struct ferry_bytes message,
	       struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);
	struct fy_stream_tx *tx = &s->tx;
	uint8_t *room;
	ferry_err err = fy_stream_loan(link, message.len, &room, why);

	if (err)
		return err;
	tx->borrowed = message.data;
	tx->borrowed_at = tx->tail + s->framing->before;
	tx->borrowed_end = tx->borrowed_at + message.len;
	return fy_stream_commit(link, why);
}

void
fy_stream_settle(struct ferry_link *link)
{
	struct fy_stream_tx *tx = &fy_stream_of(link)->tx;
	size_t from = tx->borrowed_at;

	if (!tx->borrowed)
		return;
	if (from < tx->head)
		from = tx->head;
	if (from < tx->borrowed_end)
		memcpy(tx->buf + from, tx->borrowed + (from - tx->borrowed_at),
		       tx->borrowed_end - from);
	tx->borrowed = NULL;
}

size_t
fy_stream_unsent(const struct ferry_link *link)
{
	return atomic_load_explicit(&fy_const_stream_of(link)->unsent,
				    memory_order_relaxed);
}

ferry_err
fy_stream_finish(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = fy_stream_of(link);

	if (s->fd_out < 0)
		return fy_fail(why, FERRY_ENOTSUP,
			       "nothing can be sent: the link is one-way");
	if (s->bytes->finish(s) < 0)
		return fy_stream_fail_lost(s, why, "tell the peer that nothing "
						   "more comes");
	return FERRY_OK;
}
