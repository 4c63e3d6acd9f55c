/* SPDX-License-Identifier: MIT */
/* Bare rings in shared memory, in place: no message is copied. */
#include "channels.h"
#include "ring.h"

static bool
prepare(struct bench_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		pair->end[i] =
			bench_ring_new(pair->bytes, pair->means->spin_ns);
		if (!pair->end[i])
			return false;
	}
	return true;
}

static void
open_nothing(struct bench_pair *pair)
{
	(void)pair;
}

static void
put(struct bench_pair *pair, size_t bytes)
{
	struct bench_ring *ring = pair->end[pair->side];

	bench_fill(pair, bench_ring_room(ring), bytes);
	bench_ring_put(ring);
}

static void
take(struct bench_pair *pair, size_t bytes)
{
	struct bench_ring *ring = pair->end[!pair->side];

	bench_scan(pair, bench_ring_next(ring), bytes);
	bench_ring_release(ring);
}

static void
free_both(struct bench_pair *pair)
{
	bench_ring_free(pair->end[0]);
	bench_ring_free(pair->end[1]);
}

#define RING(text, how, ns)                                                    \
	{ .scheme = "shm", .name = text, .waits = how, .spin_ns = ns,          \
	  .in_place = true, .prepare = prepare, .open = open_nothing,          \
	  .put = put, .take = take, .close = free_both }

/* The first that runs in a place is the one to compare with. */
const struct bench_means bench_rings[] = {
	RING("spin", "spins", BENCH_RING_SPINS),
	RING("futex", "futex", BENCH_RING_SLEEPS),
	RING("hybrid", "20 us, futex", BENCH_RING_BOTH),
	{ .scheme = NULL },
};
