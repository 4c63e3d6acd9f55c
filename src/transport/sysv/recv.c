/* SPDX-License-Identifier: MIT */
/* The receiving half of a link. */
#include <errno.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/time.h"
#include "transport/sysv/link.h"

/* A buffer that became longer is given back with its message. */
#define KEPT_BYTES 65536u
/*
 * Who does not wait takes so much that is no end of a message, and goes on to
 * what else he serves: the peer may send such as fast as it is taken.
 */
#define IDLE_MOST 1024

static struct fy_sysv_link *
link_of(const struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_sysv_link, link);
}

FY_COLD static ferry_err
fail_late(struct ferry_deadline until, struct ferry_error *why)
{
	if (until.ns == FERRY_NOW.ns)
		return FERRY_EAGAIN;
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "the deadline passed before a message came");
}

/* msgrcv(2) has failed with @errno. */
FY_COLD static ferry_err
fail_receive(struct fy_sysv_link *l, struct ferry_error *why)
{
	if (errno == ENOMEM)
		return fy_fail_errno(why, "receive from a message queue");
	if (atomic_load(&l->robbed))
		return fy_sysv_fail_robbed(l, why);
	if (errno == E2BIG) {
		fy_sysv_count_end(l, &l->link.counters->broken);
		return fy_fail(why, FERRY_EPROTO,
			       "the peer sent a part of more than %u bytes",
			       FY_SYSV_PART);
	}
	fy_sysv_count_end(l, &l->link.counters->lost);
	return fy_fail_errno_as(why, FERRY_ELOST,
				"receive from a message queue");
}

/* ---- one message of the queue ---- */

/*
 * What is for no receiver but wakes one. ROOM reaches a receiver only before
 * there is anything to send.
 */
static bool
only_wakes(struct fy_sysv_link *l, const void *msg)
{
	long type;

	memcpy(&type, msg, sizeof(type));
	if (FY_LIKELY(type >= FY_SYSV_DATA && type <= FY_SYSV_END))
		return false;
	if (type >= FY_SYSV_BELL && type < FY_SYSV_DATA) {
		fy_sysv_hear(l, type);
		return true;
	}
	return type == FY_SYSV_WAKE || type == FY_SYSV_DEAD ||
	       type == FY_SYSV_ROOM;
}

/*
 * What comes next, but ROOM. Who finds the peer dead does not wait: all that it
 * has sent is there by then.
 */
static ferry_err
receive_once(struct fy_sysv_link *l, void *msg, size_t *bytes, bool waits,
	     struct ferry_error *why)
{
	bool dead = atomic_load_explicit(&l->dead, memory_order_acquire);
	int flags = l->rx.flags | (waits && !dead ? 0 : IPC_NOWAIT);
	ssize_t n = fy_os_msgrcv(l->in.id, msg, FY_SYSV_PART, l->rx.type,
				 flags);

	if (FY_UNLIKELY(n < 0)) {
		if (errno != ENOMSG)
			return fail_receive(l, why);
		return dead ? FERRY_EOF : FERRY_EAGAIN;
	}
	*bytes = (size_t)n;
	return FERRY_OK;
}

/* The same for who does not wait: the descriptor tells what is there. */
static ferry_err
look_once(struct fy_sysv_link *l, void *msg, size_t *bytes,
	  struct ferry_error *why)
{
	ferry_err err = receive_once(l, msg, bytes, false, why);

	if (FY_LIKELY(!fy_sysv_is_polled(l)) || err != FERRY_EAGAIN ||
	    !fy_sysv_bell_rest(&l->bell))
		return err;
	err = receive_once(l, msg, bytes, false, why);
	if (err != FERRY_EAGAIN)
		fy_sysv_bell_ring(&l->bell);
	return err;
}

ferry_err
fy_sysv_link_receive(struct fy_sysv_link *l, void *msg, size_t *bytes,
		     struct ferry_deadline until, struct ferry_error *why)
{
	bool waits = until.ns != FERRY_NOW.ns;
	bool has_end = waits && until.ns != FERRY_NEVER.ns;
	ferry_err err = FERRY_LATER;

	if (waits)
		fy_sysv_wait_begin(&l->rx_wait, until);
	/* Never taken back: a message that it costs is eaten by the next. */
	if (has_end)
		fy_service_until(&l->rx_item, until);
	for (int n = 0; err == FERRY_LATER && (waits || n < IDLE_MOST); n++) {
		err = waits ? receive_once(l, msg, bytes, true, why)
			    : look_once(l, msg, bytes, why);
		if (err || FY_LIKELY(!only_wakes(l, msg)))
			break;
		if (!has_end || !fy_deadline_passed(until))
			err = FERRY_LATER;
		else
			err = fail_late(until, why);
	}
	if (waits)
		fy_sysv_wait_end(&l->rx_wait);
	return err == FERRY_LATER ? fail_late(until, why) : err;
}

/* ---- parts become messages ---- */

/* Room for a part behind what has come of the message. */
static ferry_err
make_room(struct fy_sysv_link *l, struct ferry_error *why)
{
	struct fy_sysv_rx *rx = &l->rx;
	size_t need = FY_SYSV_HEAD + rx->tail + FY_SYSV_PART;
	uint8_t *buf;

	if (FY_LIKELY(need <= rx->cap))
		return FERRY_OK;
	if (need < 2 * rx->cap)
		need = 2 * rx->cap;
	buf = fy_resize(l->link.config.hooks, rx->buf, need);
	if (!buf)
		return fy_fail_memory(why, need);
	rx->buf = buf;
	rx->cap = need;
	return FERRY_OK;
}

/* The next part, with its head over the bytes before it, which come back. */
static ferry_err
next_part(struct fy_sysv_link *l, long *type, size_t *bytes,
	  struct ferry_deadline until, struct ferry_error *why)
{
	uint8_t *at = l->rx.buf + l->rx.tail;
	uint8_t saved[FY_SYSV_HEAD];
	ferry_err err;

	memcpy(saved, at, sizeof(saved));
	err = fy_sysv_link_receive(l, at, bytes, until, why);
	memcpy(type, at, sizeof(*type));
	memcpy(at, saved, sizeof(saved));
	return err;
}

/* Receiving is over, for ever. */
FY_COLD static ferry_err
end(struct fy_sysv_link *l, ferry_err err, struct ferry_error *why)
{
	struct ferry_counters *counters = l->link.counters;

	if (err == FERRY_EOF && l->rx.begun)
		err = FERRY_ELOST;
	l->rx.ended = err;
	switch (err) {
	case FERRY_EOF:
		return fy_fail(why, err, "the peer closed the channel");
	case FERRY_ELOST:
		fy_sysv_count_end(l, &counters->lost);
		return fy_fail(why, err,
			       "the peer went in the middle of a message");
	case FERRY_ETOOBIG:
		fy_sysv_count_end(l, &counters->too_big);
		return fy_fail(why, err,
			       "the peer sent a message over the limit");
	default:
		fy_sysv_count_end(l, &counters->broken);
		return fy_fail(why, err,
			       "the peer sent what is no part of a message");
	}
}

/* A part of @bytes has come. FERRY_LATER: more must. */
static ferry_err
add_data(struct fy_sysv_link *l, long type, size_t bytes,
	 struct ferry_error *why)
{
	const struct ferry_link_config *config = &l->link.config;
	size_t limit =
		config->max_receive ? config->max_receive : config->max_message;
	struct fy_sysv_rx *rx = &l->rx;

	if (FY_UNLIKELY(type == FY_SYSV_ONE || type == FY_SYSV_EMPTY)) {
		if (bytes != FY_SYSV_LEAST || rx->begun)
			return end(l, FERRY_EPROTO, why);
		bytes = type == FY_SYSV_ONE ? 1 : 0;
	}
	/* Without end they would hold up even who does not wait. */
	if (FY_UNLIKELY(type == FY_SYSV_MORE && bytes == 0))
		return end(l, FERRY_EPROTO, why);
	rx->tail += bytes;
	rx->begun = type == FY_SYSV_MORE;
	if (rx->tail > limit || rx->tail > UINT32_MAX)
		return end(l, FERRY_ETOOBIG, why);
	return rx->begun ? FERRY_LATER : FERRY_OK;
}

/* What is no data. */
static ferry_err
obey(struct fy_sysv_link *l, long type, struct ferry_error *why)
{
	switch (type) {
	case FY_SYSV_WANT:
		(void)fy_sysv_tell(l, FY_SYSV_ROOM);
		return FERRY_LATER;
	case FY_SYSV_WANT_TOO:
		(void)fy_sysv_tell(l, FY_SYSV_ROOM_TOO);
		return FERRY_LATER;
	case FY_SYSV_ROOM_TOO:
		l->rx.asked = false;
		return FERRY_EAGAIN;
	case FY_SYSV_END:
		return end(l, FERRY_EOF, why);
	default:
		return end(l, FERRY_EPROTO, why);
	}
}

/* One step. FERRY_LATER: another one. */
static ferry_err
step(struct fy_sysv_link *l, struct ferry_deadline until,
     struct ferry_error *why)
{
	ferry_err err = make_room(l, why);
	size_t bytes = 0;
	long type;

	if (!err)
		err = next_part(l, &type, &bytes, until, why);
	if (FY_UNLIKELY(err))
		return err == FERRY_EOF ? end(l, err, why) : err;
	if (FY_LIKELY(type >= FY_SYSV_DATA && type <= FY_SYSV_EMPTY))
		return add_data(l, type, bytes, why);
	err = obey(l, type, why);
	/* Who does not wait goes on as long as there is something. */
	return err == FERRY_EAGAIN && until.ns == FERRY_NOW.ns ? FERRY_LATER
							       : err;
}

static ferry_err
take(struct fy_sysv_link *l, struct ferry_bytes *out,
     struct ferry_deadline until, struct ferry_error *why)
{
	const bool waits = until.ns != FERRY_NOW.ns;
	struct fy_sysv_rx *rx = &l->rx;
	ferry_err err = FERRY_LATER;

	if (FY_UNLIKELY(rx->ended))
		return fy_fail(why, rx->ended, "the channel has ended");
	for (int n = 0; err == FERRY_LATER && (waits || n < IDLE_MOST); n++)
		err = step(l, until, why);
	if (err == FERRY_LATER)
		return fail_late(until, why);
	if (FY_UNLIKELY(err)) {
		if (err == FERRY_ELOST || err == FERRY_EPROTO)
			rx->ended = err;
		if (rx->ended && fy_sysv_is_polled(l))
			fy_sysv_bell_end(&l->bell);
		return err;
	}
	out->data = rx->buf + FY_SYSV_HEAD;
	out->len = (uint32_t)rx->tail;
	fy_count(&l->link.counters->received, 1);
	fy_count(&l->link.counters->received_bytes, rx->tail);
	return FERRY_OK;
}

ferry_err
fy_sysv_take(struct ferry_link *link, struct ferry_bytes *out,
	     struct ferry_error *why)
{
	return take(link_of(link), out, FERRY_NOW, why);
}

/*
 * FERRY_EAGAIN: what this end has not sent may leave now. Nothing but the peer
 * can tell that here, so it is asked.
 */
ferry_err
fy_sysv_take_until(struct ferry_link *link, struct ferry_bytes *out,
		   struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_sysv_link *l = link_of(link);

	if (FY_UNLIKELY(fy_sysv_unsent(link) > 0 && !l->rx.asked))
		l->rx.asked = fy_sysv_tell(l, FY_SYSV_WANT_TOO);
	return take(l, out, until, why);
}

void
fy_sysv_release(struct ferry_link *link)
{
	struct fy_sysv_rx *rx = &link_of(link)->rx;

	rx->tail = 0;
	if (FY_LIKELY(rx->cap <= KEPT_BYTES))
		return;
	fy_free(link->config.hooks, rx->buf);
	rx->buf = NULL;
	rx->cap = 0;
}

ferry_err
fy_sysv_keep(struct ferry_link *link, struct ferry_block *out)
{
	struct fy_sysv_rx *rx = &link_of(link)->rx;

	out->mem = rx->buf;
	out->data.data = rx->buf + FY_SYSV_HEAD;
	out->data.len = (uint32_t)rx->tail;
	rx->buf = NULL;
	rx->cap = 0;
	rx->tail = 0;
	return FERRY_OK;
}

bool
fy_sysv_pending(struct ferry_link *link)
{
	const struct fy_sysv_link *l = link_of(link);

	return atomic_load(&l->bell.rung);
}

bool
fy_sysv_partial(const struct ferry_link *link)
{
	return link_of(link)->rx.begun;
}
