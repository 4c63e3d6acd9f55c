/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that travel with bytes over a unix socket.
 *
 * The kernel gives them out with the first byte that they were sent with, and
 * a read ends within what was sent together with them. It may begin before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <ferry/channel.h>
#include <ferry/err.h>

#include "core/compiler.h"

/*
 * What one read can bring. More than a message may have, because the room that
 * credentials (SO_PASSCRED) would take is there for descriptors if none come.
 */
#define FY_FDS_ROOM (FERRY_FDS_MOST + 8)

/**
 * struct fy_fds - open descriptors, its own; zeroed is none
 * @cut: more had come than there was room for
 */
struct fy_fds {
	uint32_t n;
	bool cut;
	int fd[FY_FDS_ROOM];
};

/** fy_fds_close() - closes all. Return: how many */
uint32_t fy_fds_close(struct fy_fds *set);

/** fy_fds_copy() - a copy of each of @fds. FERRY_EINVAL: one is none */
FY_MUST_CHECK ferry_err fy_fds_copy(struct fy_fds *set, const int *fds,
				    uint32_t n, struct ferry_error *why);

/** fy_fds_move() - those of @from, too; there is room in @to */
void fy_fds_move(struct fy_fds *to, struct fy_fds *from);

/** fy_fds_send() - as write(2) to the socket @fd; copies of @set go along */
ssize_t fy_fds_send(int fd, const void *buf, size_t bytes,
		    const struct fy_fds *set);

/** fy_fds_recv() - as read(2) from it; what comes along is put into @set */
ssize_t fy_fds_recv(int fd, void *buf, size_t bytes, struct fy_fds *set);
