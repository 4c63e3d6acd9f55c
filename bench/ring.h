/* SPDX-License-Identifier: MIT */
/*
 * A ring of fixed slots in shared memory, one direction: what two processes
 * that trust each other can have at best. It has no handshake, no end, and no
 * check; it is what ferry's shared memory is measured by.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* How who finds nothing waits: for ever, at once in the kernel, or so long. */
#define BENCH_RING_SPINS UINT64_MAX
#define BENCH_RING_SLEEPS 0u
#define BENCH_RING_BOTH 20000u

struct bench_ring;

/**
 * bench_ring_new() - a ring that this process and those it forks share
 * @bytes:   of the longest message
 * @spin_ns: how long an end spins before it sleeps on the futex
 *
 * Return: NULL if there is no memory.
 */
struct bench_ring *bench_ring_new(size_t bytes, uint64_t spin_ns);

/** bench_ring_free() - unmaps it in this process */
void bench_ring_free(struct bench_ring *ring);

/** bench_ring_room() - waits for a slot to fill; bench_ring_put() follows */
void *bench_ring_room(struct bench_ring *ring);
void bench_ring_put(struct bench_ring *ring);

/** bench_ring_next() - waits for a message; bench_ring_release() follows */
const void *bench_ring_next(struct bench_ring *ring);
void bench_ring_release(struct bench_ring *ring);
