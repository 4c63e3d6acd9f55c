/* SPDX-License-Identifier: MIT */
/*
 * A command that runs beside this one, with a pipe to its standard input and
 * one from its standard output.
 */
#pragma once

#include <sys/types.h>

#include <ferry/err.h>

#include "core/compiler.h"

/**
 * struct fy_piped - one, in a process group of its own, of which it is the first
 * @pid:   to be waited for
 * @pidfd: readable once it has ended; the caller's, as the next two
 * @in:    what it reads is written here; does not block
 * @out:   what it prints is read here; does not block
 */
struct fy_piped {
	pid_t pid;
	int pidfd;
	int in;
	int out;
};

/**
 * fy_piped_start() - runs argv[0], found as the shell finds it
 * @env: all of its environment
 *
 * Return: FERRY_OK; FERRY_ESYS: it does not run, and has not but for a moment.
 */
FY_MUST_CHECK ferry_err fy_piped_start(struct fy_piped *out,
				       char *const argv[], char *const env[],
				       struct ferry_error *why);

/**
 * fy_piped_signal() - to it, and to all that it has started and left in its
 * group; not after it was waited for, when the number may be another's
 */
void fy_piped_signal(const struct fy_piped *child, int signal);
