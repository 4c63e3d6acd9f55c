/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>
#include <string.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/err.h"

/* A message of so many bytes is handed over, a shorter one is copied. */
#define COPY_MOST 16384u

/* What this end has not sent may be what the peer waits for. */
static void
flush_ours(struct ferry_channel *ch)
{
	if (ch->link->ops->unsent(ch->link) == 0 || !fy_lock_try(&ch->tx))
		return;
	/* An error is the sender's, and shows when something is received. */
	(void)ch->link->ops->flush(ch->link, NULL);
	fy_unlock(&ch->tx);
}

static ferry_err
wait_more(struct ferry_channel *ch, struct ferry_bytes *out,
	  struct ferry_deadline until, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	ferry_err err;

	flush_ours(ch);
	if (ops->take_until && ops->unsent(ch->link) == 0)
		return ops->take_until(ch->link, out, until, why);
	err = fy_channel_wait(ch, POLLIN | POLLOUT, until, why);
	return err ? err : FERRY_EAGAIN;
}

/* The next message taken from the link. */
static ferry_err
take(struct ferry_channel *ch, struct ferry_bytes *out,
     struct ferry_deadline until, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	bool waits = until.ns != FERRY_NOW.ns;
	/* Blocking is cheaper than to try, and then to block. */
	bool blocks = waits && ops->take_until && !ops->pending(ch->link);
	ferry_err err = blocks ? FERRY_EAGAIN : ops->take(ch->link, out, why);

	while (err == FERRY_EAGAIN && waits) {
		err = wait_more(ch, out, until, why);
		if (err == FERRY_EAGAIN)
			err = ops->take(ch->link, out, why);
	}
	if (err == FERRY_EAGAIN) {
		flush_ours(ch);
		err = fy_fail_late(until, why);
	}
	if (err == FERRY_ETIMEDOUT)
		ch->link->counters->late_receives++;
	return err;
}

/*
 * The message taken becomes the arena's: a copy, or its very memory. It is
 * taken no more in any case.
 */
static ferry_err
keep_in(struct ferry_link *link, struct ferry_bytes taken,
	struct ferry_arena *mem, struct ferry_bytes *out)
{
	struct ferry_block block;
	uint8_t *copy;
	ferry_err err;

	if (taken.len <= COPY_MOST) {
		copy = ferry_arena_alloc(mem, taken.len);
		if (copy)
			memcpy(copy, taken.data, taken.len);
		link->ops->release(link);
		if (!copy)
			return FERRY_ENOMEM;
		*out = (struct ferry_bytes){ copy, taken.len };
		return FERRY_OK;
	}
	err = link->ops->keep(link, &block);
	if (err) {
		link->ops->release(link);
		return err;
	}
	err = fy_arena_adopt(mem, link->config.hooks, block.mem);
	if (err)
		fy_free(link->config.hooks, block.mem);
	else
		*out = block.data;
	return err;
}

ferry_err
ferry_channel_recv(struct ferry_channel *ch, struct ferry_arena *mem,
		   struct ferry_bytes *out, struct ferry_deadline until,
		   struct ferry_error *why)
{
	struct ferry_bytes taken;
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	if (fy_lock_until(&ch->rx, until))
		return fy_fail_late(until, why);
	err = take(ch, &taken, until, why);
	if (!err && keep_in(ch->link, taken, mem, out))
		err = fy_fail_memory(why, taken.len);
	fy_unlock(&ch->rx);
	fy_loop_update(ch);
	return err;
}

ferry_err
ferry_channel_take(struct ferry_channel *ch, struct ferry_bytes *out,
		   struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	if (fy_lock_until(&ch->rx, until))
		return fy_fail_late(until, why);
	err = take(ch, out, until, why);
	ch->taken = !err;
	if (err)
		fy_unlock(&ch->rx);
	return err;
}

void
ferry_channel_release(struct ferry_channel *ch)
{
	ch->link->ops->release(ch->link);
	ch->taken = false;
	fy_unlock(&ch->rx);
	fy_loop_update(ch);
}

uint32_t
ferry_channel_fds(struct ferry_channel *ch, int *fds, uint32_t max)
{
	if (!ch->link->ops->detach)
		return 0;
	return ch->link->ops->detach(ch->link, fds, max);
}
