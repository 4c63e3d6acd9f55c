/* SPDX-License-Identifier: MIT */
/*
 * A child process, by a descriptor of it: its number may be another's by the
 * time that it is used, in a program that ignores SIGCHLD or that waits for
 * all children by itself. Then the child's status is not known, and no harm is
 * done.
 */
#pragma once

#include <stdbool.h>

#include <sys/types.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"

/**
 * struct fy_child - a plain value
 * @pidfd: readable when it has ended; owned
 * @owner: the process that waits for it; a fork of that one must not
 */
struct fy_child {
	pid_t pid;
	int pidfd;
	pid_t owner;
};

/**
 * fy_child_start() - runs argv[0], to be ended by fy_child_end()
 * @fds: as of fy_os_spawn()
 *
 * FERRY_ECONNECT: there is no such command.
 */
FY_MUST_CHECK ferry_err fy_child_start(char *const argv[], const int fds[3],
				       struct fy_child *out,
				       struct ferry_error *why);

/** fy_child_wait() - whether it has ended by @until */
bool fy_child_wait(const struct fy_child *child, struct ferry_deadline until);

/**
 * fy_child_status() - how it ended, as waitpid(2) tells it
 *
 * It stays to be asked again. FERRY_EAGAIN: it runs. FERRY_ESYS, ECHILD: the
 * program has taken the answer.
 */
FY_MUST_CHECK ferry_err fy_child_status(const struct fy_child *child, int *out,
					struct ferry_error *why);

/** fy_child_describe() - "ended with status 1", "was killed by signal 9" */
void fy_child_describe(const struct fy_child *child, char *out, size_t bytes);

/**
 * fy_child_end() - sees to its end, within a second, and leaves no zombie
 * @idle: called with @ctx every few milliseconds until then, and once after it;
 *        or NULL
 *
 * Its standard input should be closed by then. In another process than the
 * owner it only closes the descriptor.
 */
void fy_child_end(struct fy_child *child, void (*idle)(void *ctx), void *ctx);
