/* SPDX-License-Identifier: MIT */
/*
 * What two processes share: for each a page of words and the ring behind it.
 *
 * Each word has one writing process, which maps the page for writing; the other
 * can only read it, and believes nothing. Words that are written together by
 * one thread share a cache line pair (128 bytes: processors fetch two at a
 * time), others do not.
 *
 * Every store to shared memory is named: "model: NAME" behind it is the name of
 * the step in models/ that stands for it; tools/check-model compares the two.
 */
#pragma once

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

/* In .tail: nothing follows. In .head: nothing more is received. */
#define FY_SHM_LAST 1u
/* Records begin at multiples of so many bytes. */
#define FY_SHM_ALIGN 8u

/* How an end waits: the low bits of .await_data and .await_room. */
enum fy_shm_mode {
	FY_SHM_AWAKE = 0, /* it looks by itself */
	FY_SHM_FUTEX = 1, /* it sleeps on the word that it waits for */
	FY_SHM_BELL = 2,  /* it polls the socket */
};
#define FY_SHM_MODE_BITS 2

/**
 * struct fy_shm_page - the words of one side
 * @tail:       bytes published in this side's ring, modulo 2^32; multiples of
 *              FY_SHM_ALIGN, and FY_SHM_LAST. A futex word
 * @cpu:        the processor that the sender of this side last ran on
 * @head:       bytes that this side has consumed of the other's ring; as @tail
 * @await_data: how the receiver of this side waits: enum fy_shm_mode, and above
 *              it a number that is another for each wait
 * @await_room: likewise its sender
 * @life:       the life word (alive.h); 0: there is none
 */
struct fy_shm_page {
	alignas(128) uint32_t tail;
	uint32_t cpu;
	alignas(128) uint32_t head;
	alignas(128) uint32_t await_data;
	uint32_t await_room;
	uint32_t life;
};

/* ---- stores to shared memory; each takes a "model:" behind it ---- */

static inline void
fy_shm_store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* What was stored before is seen by who sees this. */
static inline void
fy_shm_publish(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/*
 * Stores, and looks at nothing before that is seen: one half of the pair by
 * which one who goes to sleep and one who has something for him see each other.
 * An exchange and not a fence: ThreadSanitizer does not know fences, and no
 * fence is cheaper than a locked instruction.
 */
static inline void
fy_shm_announce(uint32_t *word, uint32_t value)
{
	(void)__atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}

/* ---- loads of the other side's words: each is another one next time ---- */

static inline uint32_t
fy_shm_load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* The other half: ordered behind an announcement. */
static inline uint32_t
fy_shm_look(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline enum fy_shm_mode
fy_shm_mode(uint32_t await)
{
	return (enum fy_shm_mode)(await & ((1u << FY_SHM_MODE_BITS) - 1));
}
