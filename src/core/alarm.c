/* SPDX-License-Identifier: MIT */
#include "core/alarm.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/fd.h"
#include "core/os.h"

/* What comes sooner than that is worth no descriptors. */
#define SOON_NS 10000000

void
fy_alarm_init(struct fy_alarm *alarm)
{
	*alarm = (struct fy_alarm){ .set.fd = -1, .timer = -1 };
}

void
fy_alarm_close(struct fy_alarm *alarm)
{
	fy_poll_close(&alarm->set);
	fy_fd_close(&alarm->timer);
	alarm->at = 0;
}

/* All or nothing. The timer is known by its user pointer, the alarm. */
static bool
open_set(struct fy_alarm *alarm, const struct pollfd *fds, nfds_t n)
{
	ferry_err err;

	alarm->timer = fy_os_timerfd();
	if (alarm->timer < 0 || fy_poll_open(&alarm->set, NULL))
		goto fail;
	err = fy_poll_add(&alarm->set, alarm->timer, EPOLLIN, alarm, NULL);
	for (nfds_t i = 0; i < n && !err; i++)
		err = fy_poll_add(&alarm->set, fds[i].fd,
				  (uint32_t)fds[i].events, NULL, NULL);
	if (!err)
		return true;
fail:
	fy_alarm_close(alarm);
	return false;
}

/* Whether the timer fires at @until or before. */
static bool
runs_until(struct fy_alarm *alarm, const struct pollfd *fds, nfds_t n,
	   struct ferry_deadline until)
{
	if (alarm->at != 0 && alarm->at <= until.ns)
		return true;
	if (until.ns - fy_os_now_ns() < SOON_NS)
		return false;
	if (alarm->timer < 0 && !open_set(alarm, fds, n))
		return false;
	if (fy_os_timerfd_set(alarm->timer, until) < 0)
		return false;
	alarm->at = until.ns;
	return true;
}

static void
quiet(struct fy_alarm *alarm)
{
	uint64_t n_fired;

	(void)!fy_os_read(alarm->timer, &n_fired, sizeof(n_fired));
	alarm->at = 0;
}

int
fy_alarm_poll(struct fy_alarm *alarm, struct pollfd *fds, nfds_t n,
	      struct ferry_deadline until)
{
	struct epoll_event event;
	int n_ready;

	while (until.ns != FERRY_NEVER.ns && until.ns != FERRY_NOW.ns &&
	       runs_until(alarm, fds, n, until)) {
		n_ready = fy_os_epoll_wait(alarm->set.fd, &event, 1,
					   FERRY_NEVER);
		if (n_ready <= 0 || event.data.ptr != alarm)
			return n_ready;
		quiet(alarm);
	}
	return fy_os_poll(fds, n, until);
}
