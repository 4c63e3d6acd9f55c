/* SPDX-License-Identifier: MIT */
/*
 * Which process the peer is, for facilities that neither tell nor notice when
 * it goes: message queues. Each end says who it is, the other has the kernel
 * confirm it and watches a pidfd.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>

#include "core/compiler.h"

/**
 * struct fy_life - one process and no later one of the same number
 * @start:  when it started, in clock ticks after boot (/proc/PID/stat)
 * @pid_ns: inode of the pid namespace that @pid belongs to
 * @zero:   0
 *
 * A plain value without padding: it may stand in messages as it is.
 */
struct fy_life {
	uint64_t start;
	uint64_t pid_ns;
	int32_t pid;
	uint32_t zero;
};

/** fy_life_self() - the calling process; needs /proc */
FY_MUST_CHECK ferry_err fy_life_self(struct fy_life *out,
				     struct ferry_error *why);

/**
 * fy_life_open() - a pidfd of the process that @life says
 * @life: as a peer sent it: believed in nothing
 * @uid:  who must own the process
 * @out:  readable (POLLIN) once the process has ended; the caller's to close
 *
 * Return: FERRY_OK; FERRY_ECONNECT: it has ended; FERRY_EACCES: it is another
 * user's, or hidden; FERRY_ENOTSUP: another pid namespace, or no /proc.
 */
FY_MUST_CHECK ferry_err fy_life_open(const struct fy_life *life, uint32_t uid,
				     int *out, struct ferry_error *why);

/**
 * fy_life_is_dead() - whether the process has certainly ended
 *
 * false where nothing can be known: another pid namespace, no /proc.
 */
bool fy_life_is_dead(const struct fy_life *life);
