/* SPDX-License-Identifier: MIT */
/*
 * The right to replace what a dead process left under a name: one process at a
 * time has it. It is an empty file beside the name, locked while it is held
 * and gone afterwards; what a holder that was killed leaves of it is no hold.
 */
#pragma once

#include <stdbool.h>

/* What the name of the empty file ends with. */
#define FY_LOCKFILE_SUFFIX ".takeover"

/**
 * struct fy_lockfile - a right that is held, or none; a plain value
 * @path: the name, borrowed while it is held
 * @fd:   the locked file; -1: not held
 */
struct fy_lockfile {
	const char *path;
	int fd;
};

/**
 * fy_lockfile_take() - the right to replace @path, without waiting
 * @out: not held before; true gives it to the caller, for fy_lockfile_give()
 *
 * Return: false, and errno: EAGAIN if another has or had it just now; EEXIST if
 * a file is in the way; else why there can be none.
 */
bool fy_lockfile_take(struct fy_lockfile *out, const char *path);

/** fy_lockfile_give() - gives the right back; harmless if it is not held */
void fy_lockfile_give(struct fy_lockfile *lock);
