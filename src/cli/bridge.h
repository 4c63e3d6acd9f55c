/* SPDX-License-Identifier: MIT */
/*
 * A channel with something at each side: messages of a feed go out, what comes
 * in is delivered. Never waits; who has the event loop pumps whenever anything
 * has changed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/channel.h>

#include "cli/feed.h"
#include "core/compiler.h"

/**
 * struct fy_bridge - both directions of a channel
 * @ch:       borrowed
 * @feed:     what is sent, and half-closed behind; NULL: nothing, and not
 * @deliver:  takes a message that came; FERRY_EAGAIN: it is asked again with
 *            the same one by a later pump. Another error ends the bridge
 * @most:     deliver so many messages and no more; 0: any number
 * @received: how many were
 * @lost:     what sending failed with, once it has: nothing more is sent, and
 *            what the peer has sent is delivered until its end all the same
 * @finished: all was sent and has left, and the half-close behind it
 * @ended:    the peer's end has come, or @most messages have
 * @busy:     a pump stopped only to let others have their turn
 *
 * The rest is its own; all zero at first.
 */
struct fy_bridge {
	struct ferry_channel *ch;
	struct fy_feed *feed;
	ferry_err (*deliver)(struct fy_bridge *bridge,
			     struct ferry_bytes message,
			     struct ferry_error *why);
	uint64_t most;
	uint64_t received;
	struct ferry_error lost;
	bool finished;
	bool ended;
	bool busy;

	bool has_message;
	bool has_taken;
	bool drained;
	struct ferry_bytes message; /* to be sent */
	struct ferry_bytes taken;
};

/**
 * fy_bridge_pump() - moves all that can be moved without waiting
 *
 * Return: FERRY_OK; what receiving, the feed or deliver failed with; what
 * sending failed with, once the peer's end has come.
 */
FY_MUST_CHECK ferry_err fy_bridge_pump(struct fy_bridge *bridge,
				       struct ferry_error *why);

/** fy_bridge_wants_feed() - whether the feed should be told when readable */
bool fy_bridge_wants_feed(const struct fy_bridge *bridge);
