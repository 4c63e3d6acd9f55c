/* SPDX-License-Identifier: MIT */
/*
 * How a process learns within a millisecond that its peer has died, by whatever
 * cause: a word in the peer's page that the kernel marks when the peer's helper
 * thread (transport/service.h) ends, and wakes who sleeps on it: a robust futex
 * (set_robust_list(2)). Sockets and pidfds tell it only after the kernel has
 * torn down the memory of the dead, which takes a tenth of a second for a
 * gigabyte; so does a core dump, which the word comes behind as well.
 *
 * The word only says so. What the dead had published before stays readable.
 *
 * The kernel walks the list of a thread when that thread ends, and others of
 * the process may still run for a moment then. So the helper alone changes the
 * list, and who begins or ends a word waits until it has.
 */
#pragma once

#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "transport/service.h"
#include "transport/shm/area.h"

/**
 * struct fy_alive - this side's life word; all zero: none
 * @hold:  has the helper do it, and keeps it
 * @area:  whose .page has the word, and whose .node the kernel's list entry
 * @state: of enum fy_alive_state; a futex word
 */
struct fy_alive {
	struct fy_service_item hold;
	const struct fy_shm_area *area;
	uint32_t state;
};

enum fy_alive_state {
	FY_ALIVE_NONE,
	FY_ALIVE_BEGINS,
	FY_ALIVE_HELD,
	FY_ALIVE_ENDS,
};

/**
 * fy_alive_begin() - from now the kernel marks @area->page->life
 *
 * The kernel looks at 2,048 words of a thread: with FY_ALIVE_MOST in use a
 * further link gets none, .life stays 0, and that is FERRY_OK; so it is where
 * the kernel has no such words at all. FERRY_ESYS: no helper thread could be
 * started. Waits for the helper, not for the peer. Not to be moved until it is
 * ended, nor @area.
 */
FY_MUST_CHECK ferry_err fy_alive_begin(struct fy_alive *alive,
				       const struct fy_shm_area *area,
				       struct ferry_error *why);
#define FY_ALIVE_MOST 2000

/**
 * fy_alive_end() - clears the word; harmless where none was begun, or forked
 *
 * Waits for the helper. @area can be unmapped then.
 */
void fy_alive_end(struct fy_alive *alive);

/** fy_alive_is_dead() - whether @life, read from a page, says so */
static inline bool
fy_alive_is_dead(uint32_t life)
{
	return life & FUTEX_OWNER_DIED;
}
