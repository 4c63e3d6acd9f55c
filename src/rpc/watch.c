/* SPDX-License-Identifier: MIT */
#include "rpc/watch.h"

#include <poll.h>

static int
fd_for(const struct ferry_link *link, short event)
{
	struct ferry_events events;

	link->ops->events(link, &events);
	for (uint32_t i = 0; i < events.n; i++) {
		if (events.events[i] & event)
			return events.fd[i];
	}
	return -1;
}

int
fy_link_wants_out(const struct ferry_link *link)
{
	return fd_for(link, POLLOUT);
}

ferry_err
fy_watch_open(struct fy_watch *watch, const struct fy_poll *poll,
	      const struct ferry_link *link, uint32_t flags, void *user,
	      struct ferry_error *why)
{
	ferry_err err;
	int in = fd_for(link, POLLIN);

	*watch = (struct fy_watch){ -1, -1, false, flags, user };
	if (in < 0)
		return FERRY_OK;
	err = fy_poll_add(poll, in, EPOLLIN | flags, user, why);
	if (!err)
		watch->in = in;
	return err;
}

static ferry_err
want_out(struct fy_watch *watch, const struct fy_poll *poll, int fd,
	 struct ferry_error *why)
{
	uint32_t events = EPOLLOUT | watch->flags;
	ferry_err err;

	if (fd == watch->in)
		err = fy_poll_modify(poll, fd, EPOLLIN | events, watch->user,
				     why);
	else
		err = fy_poll_add(poll, fd, events, watch->user, why);
	if (err)
		return err;
	watch->out = fd;
	watch->out_wanted = true;
	return FERRY_OK;
}

static ferry_err
unwant_out(struct fy_watch *watch, const struct fy_poll *poll,
	   struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	if (watch->out == watch->in)
		err = fy_poll_modify(poll, watch->in, EPOLLIN | watch->flags,
				     watch->user, why);
	else
		fy_poll_remove(poll, watch->out);
	if (err)
		return err;
	watch->out = -1;
	watch->out_wanted = false;
	return FERRY_OK;
}

ferry_err
fy_watch_sync(struct fy_watch *watch, const struct fy_poll *poll,
	      const struct ferry_link *link, struct ferry_error *why)
{
	int fd = fy_link_wants_out(link);

	if ((fd >= 0) == watch->out_wanted)
		return FERRY_OK;
	if (fd >= 0)
		return want_out(watch, poll, fd, why);
	return unwant_out(watch, poll, why);
}

void
fy_watch_close(struct fy_watch *watch, const struct fy_poll *poll)
{
	if (watch->out >= 0 && watch->out != watch->in)
		fy_poll_remove(poll, watch->out);
	if (watch->in >= 0)
		fy_poll_remove(poll, watch->in);
	watch->in = -1;
	watch->out = -1;
	watch->out_wanted = false;
}
