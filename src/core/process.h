/* SPDX-License-Identifier: MIT */
/* Which process this is, cheaply enough to be asked by every operation. */
#pragma once

#include <sys/types.h>

/**
 * fy_process_id() - as getpid(2), without a system call after the first
 *
 * The number stands in a page that the kernel empties in every child, however
 * it was forked. Where there is no such page it asks each time.
 */
pid_t fy_process_id(void);
