/* SPDX-License-Identifier: MIT */
/*
 * One list of what is to be freed, newest first: chunks that the arena cuts
 * its pieces from, and notes of adopted blocks. A note lies in a chunk that is
 * older than it, so that the list can be freed from its head.
 */
#include "core/arena.h"

#include <stdalign.h>

#include "core/alloc.h"

#define ALIGN 16u
#define CHUNK_FIRST 4096u
#define CHUNK_MOST 65536u
/* A longer piece has a chunk of its own, and the rest of the open one stays. */
#define PIECE_MOST (CHUNK_MOST / 4)

/*
 * @bytes:   of this chunk with its head; 0 for a note
 * @adopted: note: the block that it stands for
 * @hooks:   note: the block's allocator
 */
struct ferry_chunk {
	alignas(ALIGN) struct ferry_chunk *next;
	size_t bytes;
	void *adopted;
	const struct ferry_hooks *hooks;
};

void
ferry_arena_init(struct ferry_arena *mem, const struct ferry_hooks *hooks)
{
	*mem = (struct ferry_arena){ .hooks = hooks };
}

static struct ferry_chunk *
add_chunk(struct ferry_arena *mem, size_t bytes)
{
	struct ferry_chunk *chunk = fy_alloc(mem->hooks, bytes);

	if (!chunk)
		return NULL;
	*chunk = (struct ferry_chunk){ .next = mem->chunks, .bytes = bytes };
	mem->chunks = chunk;
	return chunk;
}

/* Twice the youngest chunk of the usual sizes. */
static size_t
next_chunk_bytes(const struct ferry_arena *mem)
{
	const struct ferry_chunk *c = mem->chunks;

	while (c && (c->bytes == 0 || c->bytes > CHUNK_MOST))
		c = c->next;
	if (!c)
		return CHUNK_FIRST;
	return c->bytes < CHUNK_MOST / 2 ? c->bytes * 2 : CHUNK_MOST;
}

static void
open_chunk(struct ferry_arena *mem, struct ferry_chunk *chunk)
{
	mem->at = (uint8_t *)(chunk + 1);
	mem->end = (uint8_t *)chunk + chunk->bytes;
}

/* The open chunk has no room for @bytes, a multiple of ALIGN. */
static void *
alloc_elsewhere(struct ferry_arena *mem, size_t bytes)
{
	struct ferry_chunk *chunk;
	void *piece;
	size_t want;

	if (bytes > PIECE_MOST) {
		chunk = add_chunk(mem, sizeof(*chunk) + bytes);
		return chunk ? chunk + 1 : NULL;
	}
	want = next_chunk_bytes(mem);
	if (want < sizeof(*chunk) + bytes)
		want = CHUNK_MOST;
	chunk = add_chunk(mem, want);
	if (!chunk)
		return NULL;
	open_chunk(mem, chunk);
	piece = mem->at;
	mem->at += bytes;
	return piece;
}

void *
ferry_arena_alloc(struct ferry_arena *mem, size_t bytes)
{
	void *piece = mem->at;

	if (bytes > SIZE_MAX - sizeof(struct ferry_chunk) - ALIGN)
		return NULL;
	bytes = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!piece || (size_t)(mem->end - mem->at) < bytes)
		return alloc_elsewhere(mem, bytes);
	mem->at += bytes;
	return piece;
}

ferry_err
fy_arena_adopt(struct ferry_arena *mem, const struct ferry_hooks *hooks,
	       void *take_block)
{
	struct ferry_chunk *note = ferry_arena_alloc(mem, sizeof(*note));

	if (!note)
		return FERRY_ENOMEM;
	*note = (struct ferry_chunk){ .next = mem->chunks,
				      .adopted = take_block,
				      .hooks = hooks };
	mem->chunks = note;
	return FERRY_OK;
}

/* Frees all but the largest chunk of the usual sizes, which is returned. */
static struct ferry_chunk *
free_most(struct ferry_arena *mem)
{
	struct ferry_chunk *kept = NULL;
	struct ferry_chunk *next;

	for (struct ferry_chunk *c = mem->chunks; c; c = next) {
		struct ferry_chunk *goes = c;

		next = c->next;
		if (c->bytes == 0) {
			fy_free(c->hooks, c->adopted);
			continue;
		}
		if (c->bytes <= CHUNK_MOST &&
		    (!kept || kept->bytes < c->bytes)) {
			goes = kept;
			kept = c;
		}
		fy_free(mem->hooks, goes);
	}
	return kept;
}

void
ferry_arena_reset(struct ferry_arena *mem)
{
	struct ferry_chunk *kept = free_most(mem);

	ferry_arena_init(mem, mem->hooks);
	if (!kept)
		return;
	kept->next = NULL;
	mem->chunks = kept;
	open_chunk(mem, kept);
}

void
ferry_arena_fini(struct ferry_arena *mem)
{
	fy_free(mem->hooks, free_most(mem));
	ferry_arena_init(mem, mem->hooks);
}
