/* SPDX-License-Identifier: MIT */
/* Counters that any thread may read while they are written. */
#pragma once

#include <stdint.h>

/** fy_count() - adds @n; the one writer alone */
static inline void
fy_count(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

/** fy_count_any() - adds @n; any thread */
static inline void
fy_count_any(uint64_t *counter, uint64_t n)
{
	__atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

/** fy_counted() - the value, which may be another at once */
static inline uint64_t
fy_counted(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}
