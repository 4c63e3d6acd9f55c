/* SPDX-License-Identifier: MIT */
/* What the files that make up a link share: link.c, send.c, recv.c. */
#pragma once

#include "core/count.h"
#include "core/os.h"
#include "transport/shm/link.h"

static inline struct fy_shm_link *
fy_shm_of(struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_shm_link, link);
}

static inline const struct fy_shm_link *
fy_const_shm_of(const struct ferry_link *link)
{
	return (const struct fy_shm_link *)(const void *)link;
}

/** fy_shm_tell_cpu() - where this end runs, before it publishes something */
static inline void
fy_shm_tell_cpu(struct fy_shm_link *l)
{
	uint32_t cpu = fy_os_cpu();

	/* Both threads of an end say so, and either may be the last. */
	if (FY_LIKELY(cpu == fy_shm_load(&l->own.page->cpu)))
		return;
	fy_shm_store(&l->own.page->cpu, cpu); /* model: none, only a hint */
}

/** fy_shm_count_end() - once for each link */
static inline void
fy_shm_count_end(struct fy_shm_link *l, uint64_t *counter)
{
	if (!atomic_exchange_explicit(&l->counted, true, memory_order_relaxed))
		fy_count_any(counter, 1);
}
