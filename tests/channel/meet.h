/* SPDX-License-Identifier: MIT */
/* A place where nobody else listens, and who comes to it. All with asserts. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <ferry/channel.h>

/**
 * struct meet - a listener at the test's own folder, name or number
 * @told:  a pipe by which children get the address
 * @n_fds: that were open before
 */
struct meet {
	struct ferry_listener *listener;
	char folder[40];
	char at[100];
	char addr[200];
	uint32_t n_children;
	int told[2];
	size_t n_fds;
};

/** meet_each() - calls @run with each scheme at which one can listen */
void meet_each(void (*run)(const char *scheme));

/** meet_begin() - finds a place of @scheme; nobody listens yet */
void meet_begin(struct meet *m, const char *scheme);

/**
 * meet_child() - a process that calls @run as soon as somebody listens
 *
 * Made before that, because a listener may start a thread: ASan's allocator
 * has locks that no fork takes into account. Return: its id, for meet_reap().
 */
pid_t meet_child(struct meet *m, int (*run)(const char *addr, uint32_t id),
		 uint32_t id);

/** meet_listen() - opens @m->listener, and lets the children go */
void meet_listen(struct meet *m);

/** meet_reap() - waits for the child; its run() must have returned 0 */
void meet_reap(pid_t child);

/** meet_end() - closes the listener; nothing may be left behind */
void meet_end(struct meet *m);
