/* SPDX-License-Identifier: MIT */
#include "core/poll.h"

#include <errno.h>

#include "core/err.h"
#include "core/os.h"

#define EVENTS_AT_ONCE 64

ferry_err
fy_poll_open(struct fy_poll *poll, struct ferry_error *why)
{
	int fd = fy_os_epoll_create();

	if (fd < 0)
		return fy_fail_errno(why, "make an epoll descriptor");
	poll->fd = fd;
	return FERRY_OK;
}

void
fy_poll_close(struct fy_poll *poll)
{
	if (poll->fd >= 0)
		fy_os_close(poll->fd);
	poll->fd = -1;
}

static ferry_err
control(const struct fy_poll *poll, int op, int fd, struct epoll_event event,
	struct ferry_error *why)
{
	if (fy_os_epoll_ctl(poll->fd, op, fd, &event) == 0)
		return FERRY_OK;
	return fy_fail_errno(why,
			     errno == ENOSPC
				     ? "watch descriptor %d, raise "
				       "/proc/sys/fs/epoll/max_user_watches"
				     : "watch descriptor %d",
			     fd);
}

ferry_err
fy_poll_add(const struct fy_poll *poll, int fd, uint32_t events, void *user,
	    struct ferry_error *why)
{
	struct epoll_event event = { events, { .ptr = user } };

	return control(poll, EPOLL_CTL_ADD, fd, event, why);
}

ferry_err
fy_poll_modify(const struct fy_poll *poll, int fd, uint32_t events, void *user,
	       struct ferry_error *why)
{
	struct epoll_event event = { events, { .ptr = user } };

	return control(poll, EPOLL_CTL_MOD, fd, event, why);
}

void
fy_poll_remove(const struct fy_poll *poll, int fd)
{
	/* Fails only where it is not watched, and then all is well. */
	(void)fy_os_epoll_ctl(poll->fd, EPOLL_CTL_DEL, fd, NULL);
}

ferry_err
fy_poll_wait(const struct fy_poll *poll, struct fy_poll_event *events,
	     size_t max, size_t *n, struct ferry_deadline until)
{
	struct epoll_event got[EVENTS_AT_ONCE];
	int most = max < EVENTS_AT_ONCE ? (int)max : EVENTS_AT_ONCE;
	int count = fy_os_epoll_wait(poll->fd, got, most, until);

	if (count < 0)
		return FERRY_ESYS;
	for (int i = 0; i < count; i++) {
		events[i].user = got[i].data.ptr;
		events[i].events = got[i].events;
	}
	*n = (size_t)count;
	return FERRY_OK;
}
