/* SPDX-License-Identifier: MIT */
#include "channel/watch.h"

#include <poll.h>

/* The place of @fd in @set; set->n if it is not there. */
static uint32_t
find(const struct ferry_events *set, int fd)
{
	uint32_t i = 0;

	while (i < set->n && set->fd[i] != fd)
		i++;
	return i;
}

/* What poll(2) and epoll(7) call the same has the same value on Linux. */
static uint32_t
epoll_events(const struct fy_watch *watch, short events)
{
	return (uint32_t)(unsigned short)events | watch->flags;
}

/* From @before to @events on @fd; 0 is not at all. */
static ferry_err
change(const struct fy_watch *watch, const struct fy_poll *poll, int fd,
       const short from_to[2], struct ferry_error *why)
{
	uint32_t wanted = epoll_events(watch, from_to[1]);

	if (from_to[0] == from_to[1])
		return FERRY_OK;
	if (!from_to[0])
		return fy_poll_add(poll, fd, wanted, watch->user, why);
	if (from_to[1])
		return fy_poll_modify(poll, fd, wanted, watch->user, why);
	fy_poll_remove(poll, fd);
	return FERRY_OK;
}

static void
drop(struct ferry_events *set, uint32_t i)
{
	set->n--;
	set->fd[i] = set->fd[set->n];
	set->events[i] = set->events[set->n];
}

/* Entry @i gets @events; it is gone if these are none. */
static ferry_err
set_entry(struct fy_watch *watch, const struct fy_poll *poll, uint32_t i,
	  short events, struct ferry_error *why)
{
	struct ferry_events *set = &watch->set;
	const short from_to[2] = { set->events[i], events };
	ferry_err err = change(watch, poll, set->fd[i], from_to, why);

	if (err)
		return err;
	set->events[i] = events;
	if (!events)
		drop(set, i);
	return FERRY_OK;
}

/* What is watched for reading stays so: the end of a link has to be seen. */
static ferry_err
unwatch_out(struct fy_watch *watch, const struct fy_poll *poll,
	    const struct ferry_events *now, struct ferry_error *why)
{
	struct ferry_events *set = &watch->set;
	ferry_err err = FERRY_OK;

	for (uint32_t i = set->n; i-- > 0 && !err;) {
		uint32_t at = find(now, set->fd[i]);
		short events = (short)(set->events[i] & POLLIN);

		if (at == now->n && set->events[i] != events)
			err = set_entry(watch, poll, i, events, why);
	}
	return err;
}

ferry_err
fy_watch_sync(struct fy_watch *watch, const struct fy_poll *poll,
	      const struct ferry_link *link, struct ferry_error *why)
{
	struct ferry_events *set = &watch->set;
	struct ferry_events now;
	ferry_err err;

	link->ops->events(link, &now);
	err = unwatch_out(watch, poll, &now, why);
	for (uint32_t i = 0; i < now.n && !err; i++) {
		uint32_t at = find(set, now.fd[i]);
		short kept;

		if (at == FERRY_EVENTS_MOST)
			break;
		if (at == set->n) {
			set->fd[at] = now.fd[i];
			set->events[at] = 0;
			set->n++;
		}
		kept = (short)(set->events[at] & POLLIN);
		err = set_entry(watch, poll, at,
				(short)(now.events[i] | kept), why);
		if (err && !set->events[at])
			drop(set, at);
	}
	return err;
}

ferry_err
fy_watch_open(struct fy_watch *watch, const struct fy_poll *poll,
	      const struct ferry_link *link, uint32_t flags, void *user,
	      struct ferry_error *why)
{
	ferry_err err;

	*watch = (struct fy_watch){ .flags = flags, .user = user };
	err = fy_watch_sync(watch, poll, link, why);
	if (err)
		fy_watch_close(watch, poll);
	return err;
}

void
fy_watch_close(struct fy_watch *watch, const struct fy_poll *poll)
{
	for (uint32_t i = 0; i < watch->set.n; i++)
		fy_poll_remove(poll, watch->set.fd[i]);
	watch->set.n = 0;
}
