/* SPDX-License-Identifier: MIT */
/* What the library does with arenas beyond the public header. */
#pragma once

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"

/**
 * fy_arena_adopt() - makes @take_block the arena's, freed at reset or fini
 * @take_block: memory of the allocator of @hooks, the arena's or any other
 * @hooks:      or NULL; borrowed until reset or fini
 *
 * FERRY_ENOMEM: the block is still the caller's.
 */
FY_MUST_CHECK ferry_err fy_arena_adopt(struct ferry_arena *mem,
				       const struct ferry_hooks *hooks,
				       void *take_block);
