/* SPDX-License-Identifier: MIT */
#include "core/alarm.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/fd.h"
#include "core/os.h"

/* What comes sooner than that is worth no descriptor. */
#define SOON_NS 10000000

void
fy_alarm_init(struct fy_alarm *alarm)
{
	*alarm = (struct fy_alarm){ .fd = -1 };
}

void
fy_alarm_close(struct fy_alarm *alarm)
{
	fy_fd_close(&alarm->fd);
	alarm->at = 0;
}

/* Whether the timer fires at @until or before. */
static bool
runs_until(struct fy_alarm *alarm, struct ferry_deadline until)
{
	if (alarm->at != 0 && alarm->at <= until.ns)
		return true;
	if (until.ns - fy_os_now_ns() < SOON_NS)
		return false;
	if (alarm->fd < 0)
		alarm->fd = fy_os_timerfd();
	if (alarm->fd < 0 || fy_os_timerfd_set(alarm->fd, until) < 0)
		return false;
	alarm->at = until.ns;
	return true;
}

static void
quiet(struct fy_alarm *alarm)
{
	uint64_t n_fired;

	(void)!fy_os_read(alarm->fd, &n_fired, sizeof(n_fired));
	alarm->at = 0;
}

int
fy_alarm_poll(struct fy_alarm *alarm, struct pollfd *fds, nfds_t n,
	      struct ferry_deadline until)
{
	struct pollfd *last = &fds[n];
	int n_ready;

	while (until.ns != FERRY_NEVER.ns && until.ns != FERRY_NOW.ns &&
	       runs_until(alarm, until)) {
		*last = (struct pollfd){ alarm->fd, POLLIN, 0 };
		n_ready = fy_os_poll(fds, n + 1, FERRY_NEVER);
		if (n_ready <= 0 || !last->revents)
			return n_ready;
		quiet(alarm);
		if (n_ready > 1)
			return n_ready - 1;
	}
	return fy_os_poll(fds, n, until);
}
