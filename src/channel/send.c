/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>
#include <string.h>

#include "core/err.h"

/* One step of flushing, which waits only where there is nothing to poll. */
static ferry_err
flush_step(struct ferry_channel *ch, struct ferry_deadline until,
	   struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	ferry_err err = fy_lock_until(&ch->tx, until);

	if (err)
		return fy_fail_late(until, why);
	if (ops->flush_until && until.ns != FERRY_NOW.ns)
		err = ops->flush_until(ch->link, until, why);
	else
		err = ops->flush(ch->link, why);
	fy_unlock(&ch->tx);
	return err;
}

ferry_err
ferry_channel_flush(struct ferry_channel *ch, struct ferry_deadline until,
		    struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	while (!err) {
		err = flush_step(ch, until, why);
		if (err != FERRY_EAGAIN)
			break;
		err = fy_channel_wait(ch, POLLOUT, until, why);
	}
	fy_loop_update(ch);
	return err;
}

/* FERRY_EAGAIN of @err: waits for room. FERRY_OK: try again. */
static ferry_err
wait_for_room(struct ferry_channel *ch, ferry_err err,
	      struct ferry_deadline until, struct ferry_error *why)
{
	if (err != FERRY_EAGAIN)
		return err;
	if (ch->link->ops->flush_until && until.ns != FERRY_NOW.ns) {
		err = flush_step(ch, until, why);
	} else {
		err = fy_channel_wait(ch, POLLOUT, until, why);
	}
	if (err == FERRY_ETIMEDOUT || err == FERRY_EAGAIN)
		ch->link->counters->late_sends++;
	return err;
}

/* A message that goes out: its bytes and descriptors. */
struct parcel {
	struct ferry_bytes bytes;
	const int *fds;
	uint32_t n_fds;
};

/* Sends without waiting. FERRY_EAGAIN: there is no room. */
static ferry_err
try_send(struct ferry_channel *ch, const struct parcel *parcel,
	 struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	uint8_t *room;
	ferry_err err = ops->loan(ch->link, parcel->bytes.len, &room, why);

	if (err)
		return err;
	if (parcel->n_fds > 0)
		err = ops->attach(ch->link, parcel->fds, parcel->n_fds, why);
	if (err) {
		ops->cancel(ch->link);
		return err;
	}
	if (parcel->bytes.len > 0)
		memcpy(room, parcel->bytes.data, parcel->bytes.len);
	return ops->commit(ch->link, why);
}

static ferry_err
send_parcel(struct ferry_channel *ch, const struct parcel *parcel,
	    struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	while (!err) {
		if (fy_lock_until(&ch->tx, until))
			return fy_fail_late(until, why);
		err = try_send(ch, parcel, why);
		fy_unlock(&ch->tx);
		if (!err)
			break;
		err = wait_for_room(ch, err, until, why);
	}
	fy_loop_update(ch);
	return err;
}

ferry_err
ferry_channel_send(struct ferry_channel *ch, struct ferry_bytes message,
		   struct ferry_deadline until, struct ferry_error *why)
{
	const struct parcel parcel = { .bytes = message };

	return send_parcel(ch, &parcel, until, why);
}

ferry_err
ferry_channel_send_fds(struct ferry_channel *ch, struct ferry_bytes message,
		       const int *fds, uint32_t n, struct ferry_deadline until,
		       struct ferry_error *why)
{
	const struct parcel parcel = { message, fds, n };

	if (!ch->link->ops->attach)
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: carries no descriptors: use unix:",
			       ch->link->ops->scheme);
	if (n > FERRY_FDS_MOST)
		return fy_fail(why, FERRY_EINVAL,
			       "%u descriptors: one message carries at most %u",
			       n, FERRY_FDS_MOST);
	return send_parcel(ch, &parcel, until, why);
}

ferry_err
ferry_channel_loan(struct ferry_channel *ch, size_t bytes, uint8_t **out,
		   struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	while (!err) {
		if (fy_lock_until(&ch->tx, until))
			return fy_fail_late(until, why);
		err = ch->link->ops->loan(ch->link, bytes, out, why);
		fy_unlock(&ch->tx);
		if (!err)
			return FERRY_OK;
		err = wait_for_room(ch, err, until, why);
	}
	return err;
}

ferry_err
ferry_channel_commit(struct ferry_channel *ch, struct ferry_error *why)
{
	ferry_err err;

	fy_lock(&ch->tx);
	err = ch->link->ops->commit(ch->link, why);
	fy_unlock(&ch->tx);
	fy_loop_update(ch);
	return err;
}

void
ferry_channel_cancel(struct ferry_channel *ch)
{
	fy_lock(&ch->tx);
	ch->link->ops->cancel(ch->link);
	fy_unlock(&ch->tx);
}

void
ferry_channel_cork(struct ferry_channel *ch)
{
	ch->link->corked = true;
}

void
ferry_channel_uncork(struct ferry_channel *ch)
{
	ch->link->corked = false;
}

ferry_err
ferry_channel_finish(struct ferry_channel *ch, struct ferry_deadline until,
		     struct ferry_error *why)
{
	ferry_err err = ferry_channel_flush(ch, until, why);

	if (err)
		return err;
	fy_lock(&ch->tx);
	err = ch->link->ops->finish(ch->link, why);
	fy_unlock(&ch->tx);
	return err;
}
