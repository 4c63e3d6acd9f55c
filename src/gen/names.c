/* SPDX-License-Identifier: MIT */
#include "gen/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gen/emit.h"

/* FNV-1a: the same on every machine. */
static size_t
hash(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

/* Where @name is or would be. The table is never full. */
static size_t
find(const char *const *table, size_t room, const char *name)
{
	size_t at = hash(name) & (room - 1);

	while (table[at] && strcmp(table[at], name) != 0)
		at = (at + 1) & (room - 1);
	return at;
}

static bool
grow(struct fy_scope *scope)
{
	size_t room = scope->room ? scope->room * 2 : 64;
	const char **table;

	if (scope->room && scope->n < scope->room / 2)
		return true;
	table = ferry_arena_alloc(scope->mem, room * sizeof(*table));
	if (!table)
		return false;
	memset(table, 0, room * sizeof(*table));
	for (size_t i = 0; i < scope->room; i++)
		if (scope->table[i])
			table[find(table, room, scope->table[i])] =
				scope->table[i];
	scope->table = table;
	scope->room = room;
	return true;
}

bool
fy_scope_has(const struct fy_scope *scope, const char *name)
{
	return scope->room &&
	       scope->table[find(scope->table, scope->room, name)];
}

const char *
fy_scope_claim(struct fy_scope *scope, const char *wanted,
	       bool (*reserved)(const char *name))
{
	const char *name = wanted;

	while (reserved(name) || fy_scope_has(scope, name)) {
		name = fy_format(scope->mem, "%s_", name);
		if (!name)
			return NULL;
	}
	if (!grow(scope))
		return NULL;
	scope->table[find(scope->table, scope->room, name)] = name;
	scope->n++;
	return name;
}

char *
fy_lower(struct ferry_arena *mem, const char *name)
{
	size_t bytes = strlen(name) + 1;
	char *lower = ferry_arena_alloc(mem, bytes);

	if (!lower)
		return NULL;
	for (size_t i = 0; i < bytes; i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z'
				   ? (char)(name[i] - 'A' + 'a')
				   : name[i];
	return lower;
}

static int
compare(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

bool
fy_in_sorted(const char *name, const char *const *sorted, size_t n)
{
	return bsearch(name, sorted, n, sizeof(*sorted), compare) != NULL;
}
