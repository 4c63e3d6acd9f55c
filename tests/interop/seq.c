/* SPDX-License-Identifier: MIT */
#include "seq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seq_block {
	struct seq_block *next;
	_Alignas(16) char data[];
};

void
seq_init(struct seq *s, uint32_t number, bool compare)
{
	memset(s, 0, sizeof(*s));
	s->state = number * 0x9e3779b97f4a7c15;
	s->number = number;
	s->compare = compare;
}

void
seq_fini(struct seq *s)
{
	while (s->blocks) {
		struct seq_block *block = s->blocks;

		s->blocks = block->next;
		free(block);
	}
}

void *
seq_alloc(struct seq *s, size_t bytes)
{
	struct seq_block *block = calloc(1, sizeof(*block) + bytes);

	if (!block)
		abort();
	block->next = s->blocks;
	s->blocks = block;
	return block->data;
}

void
seq_expect(struct seq *s, bool same, const char *what)
{
	if (!same && !s->differs[0])
		snprintf(s->differs, sizeof(s->differs), "%s", what);
}

/* splitmix64, in the public domain. */
static uint64_t
mixed(struct seq *s)
{
	uint64_t z = s->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint64_t
seq_draw(struct seq *s)
{
	static const uint64_t edges[] = {
		0,
		1,
		UINT64_MAX,
		0x7f,
		0x80,
		0x7fff,
		0x8000,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000,
		INT64_MAX,
		(uint64_t)INT64_MAX + 1,
		0x3ff0000000000000,
		0x7f800000,
		0x7ff0000000000000,
		0x0102030405060708,
	};
	uint64_t z = mixed(s);

	if (s->number == 0)
		return 0;
	if (s->number == 1)
		return UINT64_MAX;
	if (z % 3 == 0)
		return edges[(z >> 8) % (sizeof(edges) / sizeof(edges[0]))];
	return mixed(s);
}

static void
put(struct seq *s, void *p, const void *drawn, size_t bytes, const char *what)
{
	if (s->compare)
		seq_expect(s, memcmp(p, drawn, bytes) == 0, what);
	else
		memcpy(p, drawn, bytes);
}

void
seq_number(struct seq *s, void *p, size_t bytes, const char *what)
{
	uint64_t v = seq_draw(s);
	uint32_t word = (uint32_t)v;
	uint16_t half = (uint16_t)v;
	uint8_t octet = (uint8_t)v;
	const void *drawn = bytes == 8	 ? (const void *)&v
			    : bytes == 4 ? (const void *)&word
			    : bytes == 2 ? (const void *)&half
					 : (const void *)&octet;

	put(s, p, drawn, bytes, what);
}

void
seq_pick(struct seq *s, void *p, const int32_t *from, size_t n,
	 const char *what)
{
	uint64_t v = mixed(s);

	v = s->number == 0 ? 0 : s->number == 1 ? n - 1 : v % n;
	put(s, p, &from[v], sizeof(*from), what);
}

bool
seq_bool(struct seq *s)
{
	uint64_t v = mixed(s);

	return s->number == 0 ? false : s->number == 1 ? true : v & 1;
}

void
seq_octets(struct seq *s, void *p, size_t bytes, const char *what)
{
	uint8_t *at = p;

	for (size_t i = 0; i < bytes; i++) {
		uint8_t octet = (uint8_t)seq_draw(s);

		put(s, at + i, &octet, 1, what);
	}
}

uint32_t
seq_count(struct seq *s, uint32_t *n, uint32_t max, const char *what)
{
	uint32_t most = max < SEQ_MANY ? max : SEQ_MANY;
	uint32_t v = (uint32_t)(mixed(s) % (most + 1));

	v = s->number == 0 ? 0 : s->number == 1 ? most : v;
	put(s, n, &v, sizeof(v), what);
	return s->differs[0] ? 0 : v;
}

void *
seq_items(struct seq *s, void *there, size_t n, size_t bytes)
{
	if (s->compare)
		return there;
	return n ? seq_alloc(s, n * bytes) : NULL;
}

char *
seq_text(struct seq *s, uint32_t max)
{
	uint32_t n = (uint32_t)(mixed(s) % ((max < 50 ? max : 50) + 1));
	char *text;

	n = s->number == 0 ? 0 : s->number == 1 ? max : n;
	if (n > 1000)
		n = 1000;
	text = seq_alloc(s, (size_t)n + 1);
	for (uint32_t i = 0; i < n; i++)
		text[i] = (char)(1 + mixed(s) % 255);
	return text;
}
