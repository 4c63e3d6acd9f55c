/* SPDX-License-Identifier: MIT */
/*
 * The event core: many descriptors, any number of threads waiting. It knows
 * descriptors and user pointers, nothing of what they belong to.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <sys/epoll.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"

struct fy_poll {
	int fd;
};

/**
 * struct fy_poll_event - what happened
 * @user:   as given for the descriptor
 * @events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR, EPOLLRDHUP
 */
struct fy_poll_event {
	void *user;
	uint32_t events;
};

/** fy_poll_open() - an empty set; to be closed */
FY_MUST_CHECK ferry_err fy_poll_open(struct fy_poll *poll,
				     struct ferry_error *why);

/** fy_poll_close() - harmless on one whose fd is -1. No thread may wait */
void fy_poll_close(struct fy_poll *poll);

/**
 * fy_poll_add() - watches @fd, borrowed until fy_poll_remove()
 * @events: EPOLLIN, EPOLLOUT; with EPOLLET a change is told once, to one
 *          thread; with EPOLLONESHOT once until fy_poll_modify()
 * @user:   told with each event
 *
 * Any thread, also while others wait.
 */
FY_MUST_CHECK ferry_err fy_poll_add(const struct fy_poll *poll, int fd,
				    uint32_t events, void *user,
				    struct ferry_error *why);

/** fy_poll_modify() - other events; what is ready now is told again */
FY_MUST_CHECK ferry_err fy_poll_modify(const struct fy_poll *poll, int fd,
				       uint32_t events, void *user,
				       struct ferry_error *why);

/**
 * fy_poll_remove() - watches @fd no more; before it is closed
 *
 * Another thread may have taken an event of @fd just before, and see its user
 * pointer after this returns: whoever frees that must know.
 */
void fy_poll_remove(const struct fy_poll *poll, int fd);

/**
 * fy_poll_wait() - waits for at least one event
 * @events: room for @max; at most 64 are filled
 * @n:      how many were; 0 when @until has passed, which is no error
 */
FY_MUST_CHECK ferry_err fy_poll_wait(const struct fy_poll *poll,
				     struct fy_poll_event *events, size_t max,
				     size_t *n, struct ferry_deadline until);
