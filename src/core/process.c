/* SPDX-License-Identifier: MIT */
#include "core/process.h"

#include <stdatomic.h>
#include <stdint.h>

#include "core/compiler.h"
#include "core/os.h"

/*
 * One of the few things that are a process's and no object's, made on first
 * need and never given back.
 */
static _Atomic(pid_t *) page;

/* NULL: there is none to be had. */
static pid_t *
make_page(void)
{
	pid_t *made = fy_os_map_wiped(sizeof(*made));
	pid_t *expected = NULL;

	if (!made || atomic_compare_exchange_strong(&page, &expected, made))
		return made;
	/* Another thread was first. */
	fy_os_unmap(made, sizeof(*made));
	return expected;
}

static FY_COLD pid_t
ask(void)
{
	pid_t *at = atomic_load(&page);
	pid_t pid = fy_os_getpid();

	if (!at)
		at = make_page();
	if (at)
		__atomic_store_n(at, pid, __ATOMIC_RELAXED);
	return pid;
}

pid_t
fy_process_id(void)
{
	const pid_t *at = atomic_load_explicit(&page, memory_order_acquire);
	pid_t pid = at ? __atomic_load_n(at, __ATOMIC_RELAXED) : 0;

	return FY_LIKELY(pid) ? pid : ask();
}
