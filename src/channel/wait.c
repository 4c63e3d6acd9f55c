/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>

#include "core/err.h"
#include "core/os.h"

#define PACE_FIRST_NS 1000000
#define PACE_MOST_NS 64000000
#define STALLED_NS 10000000

FY_COLD ferry_err
fy_fail_late(struct ferry_deadline until, struct ferry_error *why)
{
	if (until.ns == FERRY_NOW.ns)
		return fy_fail(why, FERRY_EAGAIN,
			       "nothing can be done without waiting");
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "the deadline passed: the peer is slow, or allow more "
		       "time");
}

struct ferry_deadline
fy_pace_next(struct fy_pace *pace, struct ferry_deadline until)
{
	struct ferry_deadline step;

	pace->ns = pace->ns ? pace->ns * 2 : PACE_FIRST_NS;
	if (pace->ns > PACE_MOST_NS)
		pace->ns = PACE_MOST_NS;
	step = ferry_in_ns(pace->ns);
	return step.ns < until.ns ? step : until;
}

struct ferry_deadline
fy_stalled_until(void)
{
	return ferry_in_ns(STALLED_NS);
}

ferry_err
fy_link_pollable(struct ferry_link *link, struct ferry_error *why)
{
	return link->ops->pollable ? link->ops->pollable(link, why) : FERRY_OK;
}

ferry_err
fy_channel_wait(const struct ferry_channel *ch, short mask, bool sends,
		struct ferry_deadline until, struct ferry_error *why)
{
	struct ferry_deadline step = until;
	struct ferry_events events;
	struct pollfd fds[FERRY_EVENTS_MOST];
	nfds_t n_fds = 0;
	int n;

	ch->link->ops->events(ch->link, &events);
	for (uint32_t i = 0; i < events.n; i++) {
		short wanted = (short)(events.events[i] & mask);

		if (wanted)
			fds[n_fds++] = (struct pollfd){ events.fd[i], wanted,
							0 };
	}
	/* Asked later than the events, which then name what it is to poll. */
	if (sends && ch->link->ops->unsent(ch->link) == 0)
		return FERRY_OK;
	if (n_fds == 0 && until.ns == FERRY_NOW.ns)
		return fy_fail_late(until, why);
	if (events.stalled && until.ns > fy_stalled_until().ns)
		step = fy_stalled_until();
	else if (n_fds == 0)
		return FERRY_OK;
	n = fy_os_poll(fds, n_fds, step);
	if (n < 0)
		return fy_fail_errno(why, "wait for the peer");
	return n > 0 || step.ns != until.ns ? FERRY_OK
					    : fy_fail_late(until, why);
}
