/* SPDX-License-Identifier: MIT */
/*
 * Sends back whatever thousands of channels bring, in one thread, over epoll:
 * each channel is one descriptor.
 */
#include <stdio.h>
#include <stdlib.h>

#include <sys/epoll.h>

#include "echo.h"

static void
watch(int set, int fd, void *what)
{
	struct epoll_event event = { EPOLLIN, { .ptr = what } };

	if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0)
		return;
	perror("epoll_ctl");
	exit(1);
}

static void
accept_all(int set, struct ferry_listener *listener)
{
	struct ferry_channel *ch;

	while ((ch = echo_accept(listener))) {
		int fd = echo_fd(ch);

		if (fd >= 0)
			watch(set, fd, ch);
		else
			ferry_channel_close(ch, FERRY_NOW, NULL);
	}
}

int
main(int argc, char **argv)
{
	struct ferry_listener *listener = echo_listen(argc, argv);
	struct epoll_event events[64];
	int set = epoll_create1(EPOLL_CLOEXEC);
	int fd;

	if (set < 0 || ferry_listener_fd(listener, &fd, NULL))
		return 1;
	watch(set, fd, NULL);
	for (;;) {
		int n = epoll_wait(set, events, 64, -1);

		for (int i = 0; i < n; i++) {
			struct ferry_channel *ch = events[i].data.ptr;

			if (!ch)
				accept_all(set, listener);
			else if (!echo_serve(ch))
				ferry_channel_close(ch, FERRY_NOW, NULL);
		}
	}
}
