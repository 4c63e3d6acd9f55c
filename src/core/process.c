/* SPDX-License-Identifier: MIT */
#include "core/process.h"

#include "core/os.h"

/*
 * One of the few things that are a process's and no object's, made on first
 * need and never given back.
 */
_Atomic(pid_t *) fy_process_page;

/* NULL: there is none to be had. */
static pid_t *
make_page(void)
{
	pid_t *made = fy_os_map_wiped(sizeof(*made));
	pid_t *expected = NULL;

	if (!made ||
	    atomic_compare_exchange_strong(&fy_process_page, &expected, made))
		return made;
	/* Another thread was first. */
	fy_os_unmap(made, sizeof(*made));
	return expected;
}

pid_t
fy_process_ask(void)
{
	pid_t *at = atomic_load(&fy_process_page);
	pid_t pid = fy_os_getpid();

	if (!at)
		at = make_page();
	if (at)
		__atomic_store_n(at, pid, __ATOMIC_RELAXED);
	return pid;
}
