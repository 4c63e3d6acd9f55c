/* SPDX-License-Identifier: MIT */
/* Which process this is, cheaply enough to be asked by every operation. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>

#include <sys/types.h>

#include "core/compiler.h"

/* Where the number stands; process.c alone writes. */
extern _Atomic(pid_t *) fy_process_page;

/** fy_process_ask() - the rest of fy_process_id() */
FY_COLD pid_t fy_process_ask(void);

/**
 * fy_process_id() - as getpid(2), without a system call after the first
 *
 * The number stands in a page that the kernel empties in every child, however
 * it was forked. Where there is no such page it asks each time.
 */
static inline pid_t
fy_process_id(void)
{
	const pid_t *at = atomic_load_explicit(&fy_process_page,
					       memory_order_acquire);
	pid_t pid = at ? __atomic_load_n(at, __ATOMIC_RELAXED) : 0;

	return FY_LIKELY(pid) ? pid : fy_process_ask();
}
