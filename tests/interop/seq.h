/* SPDX-License-Identifier: MIT */
/*
 * Values that two programs agree on without talking: each number gives one
 * sequence of draws. A program walks through its own type of a value in the
 * order of the interface file and either fills it from the sequence or
 * compares it with it. Knows nothing of XDR, of libtirpc or of ferry.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEQ_SAMPLES 200 /* values that the tests exchange */
#define SEQ_REPLY 1000	/* what a reply's number is higher by */
#define SEQ_MANY 20	/* items of an array without a bound, at most */

struct seq_block;

struct seq {
	uint64_t state;
	uint32_t number;
	bool compare;
	char differs[64]; /* the first member that did, or "" */
	struct seq_block *blocks;
};

/* Number 0 is all zero and empty, 1 all ones and full; the rest are mixed. */
void seq_init(struct seq *s, uint32_t number, bool compare);
void seq_fini(struct seq *s);

/* Memory until seq_fini(), zeroed; never NULL. */
void *seq_alloc(struct seq *s, size_t bytes);

/* Notes that @what differs unless @same. */
void seq_expect(struct seq *s, bool same, const char *what);

/* The next 64 bits; boundary values are common. */
uint64_t seq_draw(struct seq *s);

/* The low @bytes (1, 2, 4, 8) of a draw, for a number of that size at @p. */
void seq_number(struct seq *s, void *p, size_t bytes, const char *what);

/* One of @n values for the 4-byte integer at @p. */
void seq_pick(struct seq *s, void *p, const int32_t *from, size_t n,
	      const char *what);

bool seq_bool(struct seq *s);

void seq_octets(struct seq *s, void *p, size_t bytes, const char *what);

/*
 * A count of at most @max for the 4-byte integer at @n. Returns how many items
 * to walk through: 0 once something differs.
 */
uint32_t seq_count(struct seq *s, uint32_t *n, uint32_t max, const char *what);

/* The items of an array: what is there, or when filling zeroed memory. */
void *seq_items(struct seq *s, void *there, size_t n, size_t bytes);

/* Text without NUL of at most @max bytes, NUL-terminated. */
char *seq_text(struct seq *s, uint32_t max);
