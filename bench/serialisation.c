/* SPDX-License-Identifier: MIT */
/*
 * serialisation [REPETITIONS [MILLISECONDS]]: how long encoding and decoding
 * take, beside libtirpc and memcpy.
 *
 * One thread on one processor. Every cell is warmed up for a third of its time
 * and then measured in rounds of 20 for the whole of it. The peers run one
 * after the other inside each repetition, so that a machine that drifts hits
 * all alike; a row is the median over the repetitions, with the least and the
 * greatest beside it, and ratios are of medians. Before anything is measured
 * each peer must decode what it encoded to the right sum.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "peer.h"

#define ROUND 20
#define MOST_REPETITIONS 99

enum way { ENCODE, DECODE, N_WAYS };

static const char *const subject_names[N_SUBJECTS] = {
	"listing of 32", "int[16384]", "64 KiB opaque",
	"attributes",	 "account",    "lookup",
	"linked 32",	 "records 32", "tree of 31",
};
static const char *const way_names[N_WAYS] = { "encode", "decode" };

enum { FERRY, SSE2, TIRPC, MEMCPY, N_PEERS };

static const struct peer *const peers[N_PEERS] = {
	[FERRY] = &peer_ferry,
	[SSE2] = &peer_sse2,
	[TIRPC] = &peer_tirpc,
	[MEMCPY] = &peer_memcpy,
};

/* What one peer does with one subject, and how long it took, in ns. */
struct cell {
	size_t len;
	double ns[N_WAYS][MOST_REPETITIONS];
};

struct bench {
	struct plain values;
	uint64_t sums[N_SUBJECTS];
	alignas(64) uint8_t buf[PEER_BYTES];
	struct cell cells[N_SUBJECTS][N_PEERS];
	size_t n_repetitions;
	uint64_t cell_ns;
	volatile uint64_t sink;
};

/* ---- the values ---- */

static void
fill_entry(struct plain_entry *e, uint32_t i)
{
	struct plain_moment t = { 1790000000u + i * 3, 123456789u + i };

	e->id = 0x10000000u + i * 4099u;
	snprintf(e->name, sizeof(e->name), "file%05u.dat%s", i * 37,
		 i % 4 == 0 ? ".gz" : "");
	e->size = i * 1234567u + 99;
	e->mode = 0100644;
	e->accessed = t;
	e->modified = t;
	e->changed = t;
}

/* What decoding the shapes must add up to. */
static void
sum_shapes(struct bench *b)
{
	const struct plain_entry *e = b->values.entries;

	b->sums[ATTRIBUTES] = e->mode + e->size + e->changed.nanoseconds;
	b->sums[ACCOUNT] = strlen(e->name) + strlen(e[1].name) + e->size;
	b->sums[LOOKUP] = N_HANDLE + b->sums[ATTRIBUTES];
	for (uint32_t i = 0; i < N_ENTRIES; i++, e++) {
		b->sums[DIRENTS] += e->id + strlen(e->name) + e->size;
		b->sums[RECORDS] += strlen(e->name) + N_GROUPS + i % 3;
	}
	for (uint32_t i = 0; i < N_TREE; i++)
		b->sums[TREE] += i;
}

static void
fill(struct bench *b)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < N_ENTRIES; i++) {
		struct plain_entry *e = &b->values.entries[i];

		fill_entry(e, i);
		b->sums[LISTING] += e->id + strlen(e->name) + e->size +
				    e->mode + 3 * e->accessed.seconds +
				    3 * (uint64_t)e->accessed.nanoseconds;
	}
	for (uint32_t i = 0; i < N_NUMBERS; i++) {
		b->values.numbers[i] = (int32_t)(i * 2654435761u);
		sum += (uint32_t)b->values.numbers[i];
	}
	b->sums[NUMBERS] = sum;
	memset(b->values.blob, 0x5a, sizeof(b->values.blob));
	b->sums[BLOB] = N_BLOB + 0x5a;
	sum_shapes(b);
}

/* ---- measuring ---- */

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Stays on the processor where it is. */
static void
pin(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)(cpu < 0 ? 0 : cpu), &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		fprintf(stderr, "not pinned to a processor\n");
}

static void
round_of(struct bench *b, enum subject s, size_t p, enum way w)
{
	for (size_t i = 0; i < ROUND; i++)
		if (w == ENCODE)
			b->sink += peers[p]->encode(&b->values, s, b->buf);
		else
			b->sink += peers[p]->decode(s, b->buf,
						    b->cells[s][p].len);
}

/* Return: ns of one encoding or decoding. */
static double
measure(struct bench *b, enum subject s, size_t p, enum way w)
{
	uint64_t n = 0, start = now_ns(), now;

	while (now_ns() < start + b->cell_ns / 3)
		round_of(b, s, p, w);
	start = now_ns();
	do {
		round_of(b, s, p, w);
		n += ROUND;
		now = now_ns();
	} while (now < start + b->cell_ns);
	return (double)(now - start) / (double)n;
}

static void
measure_peer(struct bench *b, enum subject s, size_t p, size_t repetition)
{
	struct cell *cell = &b->cells[s][p];

	cell->len = peers[p]->encode(&b->values, s, b->buf);
	if (cell->len == 0)
		return;
	if (peers[p]->decode &&
	    peers[p]->decode(s, b->buf, cell->len) != b->sums[s]) {
		fprintf(stderr, "%s, %s: wrong values\n", peers[p]->name,
			subject_names[s]);
		exit(1);
	}
	cell->ns[ENCODE][repetition] = measure(b, s, p, ENCODE);
	if (peers[p]->decode)
		cell->ns[DECODE][repetition] = measure(b, s, p, DECODE);
}

/* ---- the table ---- */

static int
by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const struct bench *b, enum subject s, size_t p, enum way w)
{
	return b->cells[s][p].ns[w][b->n_repetitions / 2];
}

static void
sort_all(struct bench *b)
{
	for (size_t s = 0; s < N_SUBJECTS; s++)
		for (size_t p = 0; p < N_PEERS; p++)
			for (size_t w = 0; w < N_WAYS; w++)
				qsort(b->cells[s][p].ns[w], b->n_repetitions,
				      sizeof(double), by_value);
}

static void
print_row(const struct bench *b, enum subject s, size_t p, enum way w)
{
	const double *ns = b->cells[s][p].ns[w];
	double ours = median(b, s, p, w);

	if (ours == 0)
		return;
	printf("%-14s %-7s %-12s %9.0f  (%.0f-%.0f)", subject_names[s],
	       way_names[w], peers[p]->name, ours, ns[0],
	       ns[b->n_repetitions - 1]);
	if (p == FERRY || p == SSE2)
		printf("  %.1fx faster than libtirpc",
		       median(b, s, TIRPC, w) / ours);
	if ((p == FERRY || p == SSE2) && median(b, s, MEMCPY, w) > 0)
		printf(", %.2fx memcpy's speed",
		       median(b, s, MEMCPY, w) / ours);
	printf("\n");
}

static void
print_table(const struct bench *b)
{
	printf("serialisation: ns, median (least-greatest) of %zu "
	       "repetitions of %" PRIu64 " ms\n",
	       b->n_repetitions, b->cell_ns / 1000000);
	for (size_t s = 0; s < N_SUBJECTS; s++)
		for (size_t w = 0; w < N_WAYS; w++)
			for (size_t p = 0; p < N_PEERS; p++)
				print_row(b, (enum subject)s, p, (enum way)w);
}

int
main(int argc, char **argv)
{
	static struct bench b;
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 7;
	unsigned long ms = argc > 2 ? strtoul(argv[2], NULL, 10) : 60;

	if (n < 1 || n > MOST_REPETITIONS || ms < 1 || ms > 10000) {
		fprintf(stderr, "usage: %s [REPETITIONS [MILLISECONDS]]\n",
			argv[0]);
		return 2;
	}
	b.n_repetitions = n;
	b.cell_ns = (uint64_t)ms * 1000000;
	pin();
	fill(&b);
	for (size_t r = 0; r < n; r++)
		for (size_t s = 0; s < N_SUBJECTS; s++)
			for (size_t p = 0; p < N_PEERS; p++)
				measure_peer(&b, (enum subject)s, p, r);
	sort_all(&b);
	print_table(&b);
	return 0;
}
