/* SPDX-License-Identifier: MIT */
/*
 * A link's descriptors in an event core: for reading from the beginning to the
 * end, for writing only while something that was sent has not left.
 */
#pragma once

#include <stdint.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "core/poll.h"

/**
 * struct fy_watch - what of a link is watched; one thread at a time
 * @set: the descriptors and their events; all zero: none
 */
struct fy_watch {
	struct ferry_events set;
	uint32_t flags;
	void *user;
};

/**
 * fy_watch_open() - begins to watch @link
 * @flags: EPOLLET, EPOLLRDHUP or 0
 * @user:  told with each event
 */
FY_MUST_CHECK ferry_err fy_watch_open(struct fy_watch *watch,
				      const struct fy_poll *poll,
				      const struct ferry_link *link,
				      uint32_t flags, void *user,
				      struct ferry_error *why);

/** fy_watch_sync() - watches for writing just while the link asks for it */
FY_MUST_CHECK ferry_err fy_watch_sync(struct fy_watch *watch,
				      const struct fy_poll *poll,
				      const struct ferry_link *link,
				      struct ferry_error *why);

/** fy_watch_close() - before the link's close */
void fy_watch_close(struct fy_watch *watch, const struct fy_poll *poll);
