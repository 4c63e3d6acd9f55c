/* SPDX-License-Identifier: MIT */
/*
 * Waiting with deadlines, many times and for the same descriptors, for what
 * mostly comes before them. What poll(2) sets up and takes down each time costs
 * a good part of a round trip: a place in the queue of each descriptor, and
 * above all a timer. Here both stay, in an epoll set, and the timer is let run:
 * while it fires before the deadline in hand it need not be touched, and where
 * it fires early it is started again.
 */
#pragma once

#include <poll.h>

#include <ferry/time.h>

#include "core/poll.h"

/**
 * struct fy_alarm - of one thread at a time
 * @set:   of what is waited for, and the timer; .fd -1 until one is needed
 * @timer: likewise
 * @at:    when it fires; 0: it does not run
 */
struct fy_alarm {
	struct fy_poll set;
	int timer;
	int64_t at;
};

/** fy_alarm_init() - asks for nothing */
void fy_alarm_init(struct fy_alarm *alarm);

/** fy_alarm_close() - gives back what it took; harmless where that is nothing */
void fy_alarm_close(struct fy_alarm *alarm);

/**
 * fy_alarm_poll() - waits as fy_os_poll() of @fds
 * @fds: the same each time, open until fy_alarm_close(); .revents say nothing
 *
 * Return: positive: one is ready; 0: it is @until; -1: see errno.
 */
int fy_alarm_poll(struct fy_alarm *alarm, struct pollfd *fds, nfds_t n,
		  struct ferry_deadline until);
