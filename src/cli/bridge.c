/* SPDX-License-Identifier: MIT */
#include "cli/bridge.h"

/* Messages of a pump, each way. */
#define TURN 256

/* ---- inward ---- */

static ferry_err
take(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err;

	if (bridge->has_taken)
		return FERRY_OK;
	err = ferry_channel_take(bridge->ch, &bridge->taken, FERRY_NOW, why);
	/* Who sends over what goes one way only need not receive. */
	if (err == FERRY_ENOTSUP && bridge->feed)
		err = FERRY_EOF;
	bridge->has_taken = err == FERRY_OK;
	bridge->ended = err == FERRY_EOF;
	return err;
}

static bool
has_most(const struct fy_bridge *bridge)
{
	return bridge->most > 0 && bridge->received == bridge->most;
}

static ferry_err
deliver(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err = bridge->deliver(bridge, bridge->taken, why);

	if (err)
		return err;
	ferry_channel_release(bridge->ch);
	bridge->has_taken = false;
	bridge->received++;
	bridge->ended = has_most(bridge);
	return FERRY_OK;
}

static ferry_err
pump_in(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;
	int left = TURN;

	while (!err && !bridge->ended && left-- > 0) {
		err = take(bridge, why);
		if (!err)
			err = deliver(bridge, why);
	}
	bridge->busy |= !err && !bridge->ended;
	return err == FERRY_EAGAIN || err == FERRY_EOF ? FERRY_OK : err;
}

/* ---- outward ---- */

static ferry_err
send_next(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	if (!bridge->has_message)
		err = fy_feed_next(bridge->feed, &bridge->message, why);
	if (err)
		return err;
	bridge->has_message = true;
	err = ferry_channel_send(bridge->ch, bridge->message, FERRY_NOW, why);
	bridge->has_message = err == FERRY_EAGAIN;
	return err;
}

/*
 * The channel tells when something unsent can leave. If all has left since a
 * message found no room, it will tell nothing: the message is tried again.
 */
static ferry_err
flush(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err = ferry_channel_process(bridge->ch, why);

	if (!err)
		err = ferry_channel_flush(bridge->ch, FERRY_NOW, why);
	if (!err)
		bridge->busy |= bridge->has_message;
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

/* Many that are there already leave together, none waits for another. */
static ferry_err
send_all(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;
	int left = TURN;

	ferry_channel_cork(bridge->ch);
	while (!err && left-- > 0)
		err = send_next(bridge, why);
	ferry_channel_uncork(bridge->ch);
	bridge->busy |= !err;
	bridge->drained = err == FERRY_EOF;
	if (err && err != FERRY_EAGAIN && err != FERRY_EOF)
		return err;
	return flush(bridge, why);
}

static ferry_err
send_and_finish(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err;

	/* Either way the channel takes note of what its descriptor told. */
	if (bridge->drained)
		err = ferry_channel_process(bridge->ch, why);
	else
		err = send_all(bridge, why);
	if (err || !bridge->drained)
		return err;
	err = ferry_channel_finish(bridge->ch, FERRY_NOW, why);
	bridge->finished = err == FERRY_OK;
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

/* A peer that takes no more may have answered what it took. */
static ferry_err
pump_out(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err;

	if (!bridge->feed || bridge->finished)
		return ferry_channel_process(bridge->ch, why);
	err = send_and_finish(bridge, why);
	if (err != FERRY_ELOST)
		return err;
	bridge->lost = *why;
	bridge->lost.code = err;
	bridge->has_message = false;
	/* It comes to its end by more pumps, though nothing be left to poll. */
	bridge->busy = true;
	return FERRY_OK;
}

bool
fy_bridge_wants_feed(const struct fy_bridge *bridge)
{
	return bridge->feed && !bridge->feed->words && !bridge->drained &&
	       !bridge->lost.code && !bridge->has_message &&
	       !bridge->feed->readable;
}

/* The peer that broke off, or whoever would not wait for its end. */
static ferry_err
tell_lost(const struct fy_bridge *bridge, struct ferry_error *why)
{
	*why = bridge->lost;
	return why->code;
}

/* What has come is taken first: an answer counts, though its sender is gone. */
ferry_err
fy_bridge_pump(struct fy_bridge *bridge, struct ferry_error *why)
{
	ferry_err err;

	bridge->busy = false;
	err = pump_in(bridge, why);
	if (!bridge->lost.code)
		return err ? err : pump_out(bridge, why);
	if (err || (bridge->ended && !has_most(bridge)))
		return tell_lost(bridge, why);
	return FERRY_OK;
}
