/* SPDX-License-Identifier: MIT */
/*
 * The descriptor for a foreign event loop: an epoll set of what the link wants
 * to be polled, and a bell for what no descriptor tells of, that the channel
 * itself holds more.
 */
#include "channel/channel.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

/* Most channels are empty whenever one looks, and never need one. */
static bool
make_bell(struct fy_loop *loop)
{
	FY_CLEANUP(fy_fd_close) int fd = fy_os_eventfd(0, EFD_NONBLOCK);

	if (fd < 0 || fy_poll_add(&loop->poll, fd, EPOLLIN, NULL, NULL))
		return false;
	loop->bell = fy_fd_take(&fd);
	return true;
}

/* .rx is held. One call of the system for each change. */
static void
ring(struct fy_loop *loop, bool on)
{
	uint64_t count = 1;

	if (on == loop->rung)
		return;
	loop->rung = on;
	if (loop->bell < 0 && (!on || !make_bell(loop))) {
		/* For want of a descriptor ferry_channel_timeout() tells it. */
		__atomic_store_n(&loop->mute, on, __ATOMIC_RELAXED);
		return;
	}
	if (on)
		(void)!fy_os_write(loop->bell, &count, sizeof(count));
	else
		(void)!fy_os_read(loop->bell, &count, sizeof(count));
}

/* What the link wants to be polled for, which either thread has changed. */
static ferry_err
sync_events(struct ferry_channel *ch, struct ferry_error *why)
{
	struct fy_loop *loop = &ch->loop;
	ferry_err err;

	fy_lock(&loop->lock);
	err = fy_watch_sync(&loop->watch, &loop->poll, ch->link, why);
	fy_unlock(&loop->lock);
	return err;
}

/*
 * Where one descriptor tells of data and room, flush() has it tell of room; and
 * again after whoever looked for data may have heard of that. Not what is being
 * gathered: that leaves by a flush, which comes here afterwards.
 */
static void
ask_for_room(struct ferry_channel *ch)
{
	struct ferry_link *link = ch->link;
	struct ferry_events events;

	if (FY_LIKELY(link->ops->unsent(link) == 0) || fy_channel_gathers(ch))
		return;
	link->ops->events(link, &events);
	/* An error is told to who sends next. */
	if (events.both)
		(void)!fy_channel_try_flush(ch, NULL);
}

/* Both are tried again by whoever acts next, process() at the latest. */

void
fy_loop_sent(struct ferry_channel *ch)
{
	if (FY_LIKELY(ch->loop.poll.fd < 0))
		return;
	ask_for_room(ch);
	(void)sync_events(ch, NULL);
}

/* Who was told that there is no room would not hear that another flush had. */
void
fy_loop_flushed(struct ferry_channel *ch)
{
	if (FY_UNLIKELY(ch->loop.poll.fd >= 0))
		(void)sync_events(ch, NULL);
}

/* What comes now is a change, also to who is told of changes alone. */
void
fy_loop_emptied(struct ferry_channel *ch)
{
	if (FY_UNLIKELY(ch->loop.poll.fd >= 0))
		ring(&ch->loop, false);
}

void
fy_loop_received(struct ferry_channel *ch)
{
	if (FY_LIKELY(ch->loop.poll.fd < 0))
		return;
	ring(&ch->loop, fy_channel_has_more(ch));
	ask_for_room(ch);
	(void)sync_events(ch, NULL);
}

void
fy_loop_close(struct fy_loop *loop)
{
	fy_poll_close(&loop->poll);
	fy_fd_close(&loop->bell);
	loop->rung = false;
	loop->mute = false;
}

static ferry_err
open_loop(struct ferry_channel *ch, struct ferry_error *why)
{
	struct fy_loop *loop = &ch->loop;
	ferry_err err = fy_link_pollable(ch->link, why);

	if (!err)
		err = fy_poll_open(&loop->poll, why);
	if (err)
		return err;
	err = fy_watch_open(&loop->watch, &loop->poll, ch->link, 0, NULL, why);
	/* What has come is known for certain when one has looked. */
	if (!err)
		(void)fy_channel_read_ahead(ch);
	return err;
}

ferry_err
ferry_channel_fd(struct ferry_channel *ch, int *out, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	if (!err && ch->loop.poll.fd < 0) {
		err = open_loop(ch, why);
		if (err)
			fy_loop_close(&ch->loop);
	}
	if (!err)
		*out = ch->loop.poll.fd;
	return err;
}

short
ferry_channel_events(const struct ferry_channel *ch)
{
	(void)ch;
	return POLLIN;
}

struct ferry_deadline
ferry_channel_timeout(const struct ferry_channel *ch)
{
	const struct fy_loop *loop = &ch->loop;
	struct ferry_events events;

	if (__atomic_load_n(&loop->mute, __ATOMIC_RELAXED))
		return FERRY_NOW;
	ch->link->ops->events(ch->link, &events);
	return events.stalled ? fy_stalled_until() : FERRY_NEVER;
}

/*
 * Where one descriptor tells of messages and of room, it goes on telling until
 * somebody has looked for messages; who only sends never does.
 */
static void
listen_for_room(struct ferry_channel *ch)
{
	struct ferry_events events;

	ch->link->ops->events(ch->link, &events);
	if (events.both)
		(void)fy_channel_read_ahead(ch);
}

ferry_err
ferry_channel_process(struct ferry_channel *ch, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	if (!err)
		err = fy_channel_try_flush(ch, why);
	if (err && err != FERRY_EAGAIN)
		return err;
	if (ch->loop.poll.fd < 0)
		return FERRY_OK;
	listen_for_room(ch);
	return sync_events(ch, why);
}
