/* SPDX-License-Identifier: MIT */
/*
 * Waiting with deadlines, many times, for what mostly comes before them. A
 * timer that each poll(2) starts and stops costs a good part of a round trip;
 * here one is started and then let run: while it fires before the deadline in
 * hand it need not be touched, and where it fires early it is started again.
 */
#pragma once

#include <poll.h>

#include <ferry/time.h>

/**
 * struct fy_alarm - of one thread at a time
 * @fd: a timer's, -1 until one is needed
 * @at: when it fires; 0: it does not run
 */
struct fy_alarm {
	int fd;
	int64_t at;
};

/** fy_alarm_init() - asks for nothing */
void fy_alarm_init(struct fy_alarm *alarm);

/** fy_alarm_close() - gives the timer back; harmless where there is none */
void fy_alarm_close(struct fy_alarm *alarm);

/**
 * fy_alarm_poll() - as fy_os_poll() of @fds
 * @n: of them; there is room behind the last for one more
 */
int fy_alarm_poll(struct fy_alarm *alarm, struct pollfd *fds, nfds_t n,
		  struct ferry_deadline until);
