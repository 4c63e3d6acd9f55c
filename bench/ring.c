/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LINE 128u
#define SHORT_SLOTS 256u
#define LONG_SLOTS 8u
#define LONG_BYTES 65536u
/* Looks between two at the clock. */
#define LOOKS 64u

/* Each of the first two lines has one writer; slots follow the third. */
struct bench_ring {
	_Alignas(LINE) _Atomic uint32_t head; /* messages put */
	_Atomic uint32_t sender_waits;
	_Alignas(LINE) _Atomic uint32_t tail; /* messages released */
	_Atomic uint32_t receiver_waits;
	_Alignas(LINE) uint32_t n_slots;
	size_t slot_bytes;
	size_t mapped_bytes;
	uint64_t spin_ns;
};

struct bench_ring *
bench_ring_new(size_t bytes, uint64_t spin_ns)
{
	uint32_t n_slots = bytes >= LONG_BYTES ? LONG_SLOTS : SHORT_SLOTS;
	size_t slot = (bytes + LINE - 1) & ~(size_t)(LINE - 1);
	size_t mapped = sizeof(struct bench_ring) + n_slots * slot;
	struct bench_ring *ring = mmap(
		NULL, mapped, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (ring == MAP_FAILED)
		return NULL;
	ring->n_slots = n_slots;
	ring->slot_bytes = slot;
	ring->mapped_bytes = mapped;
	ring->spin_ns = spin_ns;
	return ring;
}

void
bench_ring_free(struct bench_ring *ring)
{
	munmap(ring, ring->mapped_bytes);
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool
is_still(_Atomic uint32_t *word, uint32_t value)
{
	return atomic_load_explicit(word, memory_order_acquire) == value;
}

static void
pause_a_little(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

static void
spin(_Atomic uint32_t *word, uint32_t value, uint64_t spin_ns)
{
	uint64_t end_ns = 0;

	for (uint32_t n = 1; is_still(word, value); n++) {
		pause_a_little();
		if (spin_ns == BENCH_RING_SPINS || n % LOOKS != 0)
			continue;
		if (end_ns == 0)
			end_ns = now_ns() + spin_ns;
		else if (now_ns() >= end_ns)
			return;
	}
}

/* Returns as soon as the word has another value. */
static void
await(_Atomic uint32_t *word, uint32_t value, _Atomic uint32_t *waits,
      uint64_t spin_ns)
{
	if (spin_ns > 0)
		spin(word, value, spin_ns);
	while (is_still(word, value)) {
		/* In one order with the load: see publish(). */
		atomic_store(waits, 1);
		if (atomic_load(word) == value)
			syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL,
				0);
		atomic_store(waits, 0);
	}
}

static void
publish(_Atomic uint32_t *word, _Atomic uint32_t *waits, uint64_t spin_ns)
{
	uint32_t value =
		atomic_load_explicit(word, memory_order_relaxed) + 1;

	if (spin_ns == BENCH_RING_SPINS) {
		atomic_store_explicit(word, value, memory_order_release);
		return;
	}
	atomic_store(word, value);
	if (atomic_load(waits))
		syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void *
slot(struct bench_ring *ring, uint32_t number)
{
	return (uint8_t *)(ring + 1) +
	       (size_t)(number % ring->n_slots) * ring->slot_bytes;
}

void *
bench_ring_room(struct bench_ring *ring)
{
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	await(&ring->tail, head - ring->n_slots, &ring->sender_waits,
	      ring->spin_ns);
	return slot(ring, head);
}

void
bench_ring_put(struct bench_ring *ring)
{
	publish(&ring->head, &ring->receiver_waits, ring->spin_ns);
}

const void *
bench_ring_next(struct bench_ring *ring)
{
	uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	await(&ring->head, tail, &ring->receiver_waits, ring->spin_ns);
	return slot(ring, tail);
}

void
bench_ring_release(struct bench_ring *ring)
{
	publish(&ring->tail, &ring->sender_waits, ring->spin_ns);
}
