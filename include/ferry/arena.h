/* SPDX-License-Identifier: MIT */
/*
 * Arena: memory that is asked for piece by piece and given back at once. What
 * a call decodes lives in one. Not for two threads at a time.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <ferry/hooks.h>
#include <ferry/visibility.h>

struct ferry_chunk;

/**
 * struct ferry_arena - all zero is a valid, empty arena on the C library's heap
 *
 * The members are the library's own.
 */
struct ferry_arena {
	uint8_t *at;
	uint8_t *end;
	struct ferry_chunk *chunks; /* newest first */
	const struct ferry_hooks *hooks;
};

/** ferry_arena_init() - an empty arena; asks for no memory. @hooks: or NULL */
FERRY_API void ferry_arena_init(struct ferry_arena *mem,
				const struct ferry_hooks *hooks);

/**
 * ferry_arena_alloc() - @bytes of memory, aligned to 16, not zeroed
 *
 * Return: the memory, which lives until reset or fini; NULL if there is none.
 * 0 bytes give a valid pointer that must not be read.
 */
FERRY_API void *ferry_arena_alloc(struct ferry_arena *mem, size_t bytes);

/**
 * ferry_arena_reset() - gives everything back that was allocated
 *
 * Keeps one chunk of at most 64 KiB, so that a loop of calls asks the heap for
 * nothing.
 */
FERRY_API void ferry_arena_reset(struct ferry_arena *mem);

/** ferry_arena_fini() - frees all; the arena is empty and valid again */
FERRY_API void ferry_arena_fini(struct ferry_arena *mem);
