/* SPDX-License-Identifier: MIT */
#include "idl/names.h"

#include <string.h>
#include <strings.h>

#include "idl/mem.h"

/* Longer names are not compared letter by letter. */
#define LIKE_MAX_LEN 48

static uint32_t
hash_of(struct ferry_str key)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (uint32_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.data[i]) * 16777619u;
	return hash;
}

static bool
same(struct ferry_str a, struct ferry_str b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* The slot of @key, or the empty one where it belongs. */
static struct fy_name_slot *
slot_of(const struct fy_names *names, struct ferry_str key, uint32_t hash)
{
	size_t i = hash & (names->cap - 1);

	while (names->slots[i].key.data) {
		if (names->slots[i].hash == hash &&
		    same(names->slots[i].key, key))
			break;
		i = (i + 1) & (names->cap - 1);
	}
	return &names->slots[i];
}

static ferry_err
make_room(struct fy_names *names, struct ferry_arena *mem)
{
	struct fy_names larger = { .n = names->n };

	if (names->n < names->cap - names->cap / 4)
		return FERRY_OK;
	larger.cap = names->cap ? names->cap * 2 : 16;
	larger.slots = fy_new(mem, larger.cap * sizeof(*larger.slots));
	if (!larger.slots)
		return FERRY_ENOMEM;
	for (size_t i = 0; i < names->cap; i++) {
		const struct fy_name_slot *old = &names->slots[i];

		if (old->key.data)
			*slot_of(&larger, old->key, old->hash) = *old;
	}
	*names = larger;
	return FERRY_OK;
}

ferry_err
fy_names_put(struct fy_names *names, struct ferry_arena *mem,
	     struct ferry_str key, void *value, void **found)
{
	uint32_t hash = hash_of(key);
	struct fy_name_slot *slot;
	ferry_err err = make_room(names, mem);

	if (err)
		return err;
	slot = slot_of(names, key, hash);
	*found = slot->key.data ? slot->value : NULL;
	if (!slot->key.data) {
		*slot = (struct fy_name_slot){ key, hash, value };
		names->n++;
	}
	return FERRY_OK;
}

void *
fy_names_get(const struct fy_names *names, struct ferry_str key)
{
	const struct fy_name_slot *slot;

	if (names->cap == 0)
		return NULL;
	slot = slot_of(names, key, hash_of(key));
	return slot->key.data ? slot->value : NULL;
}

static unsigned int
least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Whether the two letters before @i and @j are the same, but in turn. */
static bool
swapped(struct ferry_str a, uint32_t i, struct ferry_str b, uint32_t j)
{
	return i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
	       a.data[i - 2] == b.data[j - 1];
}

/* How many letters must be put in, taken out, replaced or swapped. */
static unsigned int
distance(struct ferry_str a, struct ferry_str b)
{
	unsigned int rows[3][LIKE_MAX_LEN + 1]; /* of i, i - 1 and i - 2 */

	for (uint32_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (uint32_t i = 1; i <= a.len; i++) {
		unsigned int *row = rows[i % 3];
		const unsigned int *above = rows[(i + 2) % 3];
		const unsigned int *second = rows[(i + 1) % 3];

		row[0] = i;
		for (uint32_t j = 1; j <= b.len; j++) {
			bool differ = a.data[i - 1] != b.data[j - 1];

			row[j] = least(above[j] + 1, row[j - 1] + 1,
				       above[j - 1] + differ);
			if (swapped(a, i, b, j) && second[j - 2] + 1 < row[j])
				row[j] = second[j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

/* How far @a is from @b; UINT32_MAX if they cannot be mistaken. */
static unsigned int
likeness(struct ferry_str a, struct ferry_str b)
{
	uint32_t longer = a.len > b.len ? a.len : b.len;
	uint32_t shorter = a.len < b.len ? a.len : b.len;
	unsigned int far;

	if (longer > LIKE_MAX_LEN || longer - shorter > longer / 3)
		return UINT32_MAX;
	if (longer == shorter && strncasecmp(a.data, b.data, longer) == 0)
		return 0;
	far = distance(a, b);
	return far <= longer / 3 ? far : UINT32_MAX;
}

static int
compare(struct ferry_str a, struct ferry_str b)
{
	uint32_t shorter = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.data, b.data, shorter);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

struct ferry_str
fy_names_nearest(const struct fy_names *names, struct ferry_str key,
		 bool (*fits)(const void *value))
{
	struct ferry_str best = { NULL, 0 };
	unsigned int nearest = UINT32_MAX;

	for (size_t i = 0; i < names->cap; i++) {
		struct ferry_str name = names->slots[i].key;
		unsigned int far;

		if (!name.data || !fits(names->slots[i].value))
			continue;
		far = likeness(key, name);
		if (far == UINT32_MAX || far > nearest)
			continue;
		if (far < nearest || compare(name, best) < 0)
			best = name;
		nearest = far;
	}
	return best;
}

const char *
fy_names_like(const struct fy_names *names, struct ferry_str key,
	      bool (*fits)(const void *value), struct ferry_arena *mem)
{
	struct ferry_str best = fy_names_nearest(names, key, fits);

	return best.data ? fy_text(mem, best.data, best.len) : NULL;
}
