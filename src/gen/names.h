/* SPDX-License-Identifier: MIT */
/*
 * Names: one table for each scope of the output, so that no two things in it
 * are called the same. Decided once, before a line is emitted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/arena.h>

/* The names of one scope. All zero but .mem is valid and empty. */
struct fy_scope {
	struct ferry_arena *mem;
	const char **table; /* open addressing, a power of two */
	size_t room;
	size_t n;
};

/**
 * fy_scope_claim() - takes @wanted, with a "_" behind it for each collision
 * @reserved: whether the language or its library has a name for itself
 *
 * Return: the name, @wanted itself if it was free, else in the arena; NULL if
 * there is no memory.
 */
const char *fy_scope_claim(struct fy_scope *scope, const char *wanted,
			   bool (*reserved)(const char *name));

/** fy_scope_has() - whether @name was claimed */
bool fy_scope_has(const struct fy_scope *scope, const char *name);

/** fy_lower() - a copy with A to Z in lower case; NULL if there is no memory */
char *fy_lower(struct ferry_arena *mem, const char *name);

/** fy_in_sorted() - whether @name is in @sorted, which strcmp() has ordered */
bool fy_in_sorted(const char *name, const char *const *sorted, size_t n);
