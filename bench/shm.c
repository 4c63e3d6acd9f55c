/* SPDX-License-Identifier: MIT */
/*
 * shm [REPETITIONS [EXCHANGES]]: shared memory beside bare rings in shared
 * memory, in the places where two processes can be.
 *
 *	there and back  64 bytes, also where a third process keeps busy the
 *			processor of both, or that of the peer
 *	after an idle second, the first thousand of these
 *	one way         64 bytes, and how many are flushed together
 *	long messages   in place and copied; touched: the sender writes and the
 *			receiver reads every byte
 *	system calls    of each process for each message
 *
 * Rows say how an end waits; "adaptive": spins while that pays and the peer has
 * another processor, yields where it has the same, then sleeps. "late": each
 * wait has a deadline. "cork N": flushed after N messages. "ring 4m", "trust":
 * a ring of 4 MiB, and received in place. "sleeps": how often an end slept for
 * each message that the parent sent, the parent, then its peer; a ratio of a
 * row that does to one that does not compares two ways to wait.
 *
 * Ratios are to the bare ring that spins; where a third process or the peer
 * needs the processor, to the one that sleeps. A row is the median over the
 * repetitions, inside each of which all rows take turns. What spins without an
 * end is left out where both ends have one processor.
 */
#include "pairs.h"
#include "ring.h"
#include "trace.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_MEANS 24
#define MOST_PARTS 4
#define MIDDLING 65536u
#define FIRST 1000u
#define TRACED 10000u

/* Where the peer is, and the burden: a processor that is kept busy, or none. */
struct place {
	const char *text;
	unsigned int cpu;
	int burden;
	size_t bare; /* which ring to compare with */
};

enum { SPIN, FUTEX };

static const struct place two = { "two processors", 1, -1, SPIN };
static const struct place one = { "one processor", 0, -1, FUTEX };
static const struct place one_busy = {
	"one processor, which a third process keeps busy", 0, 0, FUTEX
};
static const struct place two_busy = {
	"two processors, the peer's kept busy by a third process", 1, 1, FUTEX
};

/**
 * struct table - rows of all means that it takes
 * @measure: one row of one repetition; @out: by parts, as many as it needs
 * @print:   the row of @index, of @n repetitions
 */
struct table {
	const char *title;
	const char *headings;
	bool (*takes)(const struct bench_means *m);
	void (*measure)(const struct bench_means *m, const struct place *place,
			struct bench_result *const out[MOST_PARTS]);
	void (*print)(size_t index, size_t n, const struct place *place);
};

static struct bench_result results[MOST_PARTS][MOST_MEANS]
				  [BENCH_MOST_REPETITIONS];
static const struct bench_means *means[MOST_MEANS];
static size_t n_means;
static size_t n_exchanges;

static double
middle(size_t part, size_t index, size_t n, enum bench_figure figure)
{
	return bench_middle(results[part][index], n, figure);
}

/* A figure, and what multiple it is of the bare one. */
static void
print_figure(double value, double bare, double unit)
{
	printf(" %8.3f %5.2fx", value / unit, value / bare);
}

static void
print_sleeps(size_t part, size_t index, size_t n)
{
	printf(" %6.3f %6.3f", middle(part, index, n, BENCH_SLEEPS_HERE),
	       middle(part, index, n, BENCH_SLEEPS_THERE));
}

/* ---- there and back ---- */

static bool
is_not_corked(const struct bench_means *m)
{
	return !m->cork;
}

/* Beside a third process for many time slices, fast as an exchange may be. */
static void
measure_back(const struct bench_means *m, const struct place *place,
	     struct bench_result *const out[MOST_PARTS])
{
	const struct bench_job job = { .task = BENCH_BACK,
				       .bytes = BENCH_SHORT,
				       .cpu = place->cpu };
	struct bench_pair pair;

	bench_start(&pair, m, &job);
	bench_warm(&pair, job.bytes, n_exchanges / 4);
	bench_exchange(&pair, job.bytes,
		       place->burden < 0 ? n_exchanges : BENCH_WHOLE_SECOND,
		       out[0]);
	bench_stop(&pair);
}

static void
print_back(size_t index, size_t n, const struct place *place)
{
	print_figure(middle(0, index, n, BENCH_MEDIAN),
		     middle(0, place->bare, n, BENCH_MEDIAN), 1);
	print_figure(middle(0, index, n, BENCH_MEAN),
		     middle(0, place->bare, n, BENCH_MEAN), 1);
	printf(" %8.2f %9.1f", middle(0, index, n, BENCH_P99),
	       middle(0, index, n, BENCH_LONGEST));
	print_sleeps(0, index, n);
}

static const struct table there_and_back = {
	.title = "64 bytes there and back, us",
	.headings = "   median   bare     mean   bare      p99   longest"
		    " sleeps peer's",
	.takes = is_not_corked,
	.measure = measure_back,
	.print = print_back,
};

/* ---- after an idle second ---- */

static void
measure_first(const struct bench_means *m, const struct place *place,
	      struct bench_result *const out[MOST_PARTS])
{
	const struct bench_job job = { .task = BENCH_BACK,
				       .bytes = BENCH_SHORT,
				       .cpu = place->cpu };
	struct bench_pair pair;

	bench_start(&pair, m, &job);
	bench_warm(&pair, job.bytes, n_exchanges / 4);
	bench_exchange(&pair, job.bytes, n_exchanges, out[0]);
	sleep(1);
	bench_exchange(&pair, job.bytes, FIRST, out[1]);
	bench_stop(&pair);
}

static void
print_first(size_t index, size_t n, const struct place *place)
{
	double first = middle(1, index, n, BENCH_MEAN);

	print_figure(middle(0, index, n, BENCH_MEAN),
		     middle(0, place->bare, n, BENCH_MEAN), 1);
	print_figure(first, middle(1, place->bare, n, BENCH_MEAN), 1);
	printf(" %8.2fx", first / middle(0, place->bare, n, BENCH_MEAN));
	print_sleeps(1, index, n);
}

static const struct table after_idle = {
	.title = "64 bytes there and back, us, means: the first thousand after"
		 " an idle second",
	.headings = "   steady   bare    first   bare bare steady"
		    " sleeps peer's",
	.takes = is_not_corked,
	.measure = measure_first,
	.print = print_first,
};

/* ---- one way ---- */

static bool
is_any(const struct bench_means *m)
{
	(void)m;
	return true;
}

static void
pour(const struct bench_means *m, const struct place *place, size_t bytes,
     bool touch, struct bench_result *out)
{
	const struct bench_job job = { .task = BENCH_ONE_WAY,
				       .bytes = bytes,
				       .touch = touch,
				       .cpu = place->cpu };
	struct bench_pair pair;

	bench_start(&pair, m, &job);
	bench_pour(&pair, job.bytes, out);
	bench_stop(&pair);
}

static void
measure_short(const struct bench_means *m, const struct place *place,
	      struct bench_result *const out[MOST_PARTS])
{
	pour(m, place, BENCH_SHORT, false, out[0]);
}

static void
print_short(size_t index, size_t n, const struct place *place)
{
	print_figure(middle(0, index, n, BENCH_RATE),
		     middle(0, place->bare, n, BENCH_RATE), 1e6);
	print_sleeps(0, index, n);
}

static const struct table one_way = {
	.title = "64 bytes one way, millions a second",
	.headings = "   each/s   bare sleeps peer's",
	.takes = is_any,
	.measure = measure_short,
	.print = print_short,
};

static void
measure_long(const struct bench_means *m, const struct place *place,
	     struct bench_result *const out[MOST_PARTS])
{
	pour(m, place, BENCH_SHORT, false, out[0]);
	pour(m, place, MIDDLING, false, out[1]);
	pour(m, place, BENCH_LONG, false, out[2]);
	pour(m, place, BENCH_LONG, true, out[3]);
}

static void
print_long(size_t index, size_t n, const struct place *place)
{
	for (size_t part = 0; part < 3; part++)
		printf(" %8.3f", 1e6 / middle(part, index, n, BENCH_RATE));
	print_figure(middle(3, index, n, BENCH_RATE),
		     middle(3, place->bare, n, BENCH_RATE), 1e9 / BENCH_LONG);
	print_sleeps(3, index, n);
}

static const struct table long_messages = {
	.title = "one way: us a message that nobody touches, and GB/s of those"
		 " that both touch",
	.headings = "     64 B   64 KiB    1 MiB  touched   bare"
		    " sleeps peer's",
	.takes = is_not_corked,
	.measure = measure_long,
	.print = print_long,
};

/* ---- system calls ---- */

static void
measure_calls(const struct bench_means *m, const struct place *place,
	      struct bench_result *const out[MOST_PARTS])
{
	const struct bench_job job = { .task = BENCH_BACK,
				       .bytes = BENCH_SHORT,
				       .cpu = place->cpu };
	unsigned long calls[2] = { 0, 0 };
	struct bench_trace trace;
	struct bench_pair pair;

	bench_start(&pair, m, &job);
	out[0]->done = bench_trace_start(&trace, pair.child);
	if (out[0]->done) {
		bench_warm(&pair, job.bytes, n_exchanges / 4);
		bench_trace_mark();
		for (size_t i = 0; i < TRACED; i++) {
			m->put(&pair, job.bytes);
			m->take(&pair, job.bytes);
		}
		bench_trace_mark();
		bench_trace_stop(&trace, calls);
	}
	out[0]->of[BENCH_SLEEPS_HERE] = (double)calls[0] / TRACED;
	out[0]->of[BENCH_SLEEPS_THERE] = (double)calls[1] / TRACED;
	bench_stop(&pair);
}

static void
print_calls(size_t index, size_t n, const struct place *place)
{
	(void)place;
	if (results[0][index][0].done)
		printf(" %9.4f %9.4f",
		       middle(0, index, n, BENCH_SLEEPS_HERE),
		       middle(0, index, n, BENCH_SLEEPS_THERE));
	else
		printf(" %9s %9s", "-", "-");
}

static const struct table system_calls = {
	.title = "64 bytes there and back, system calls of each end",
	.headings = "     calls    peer's",
	.takes = is_not_corked,
	.measure = measure_calls,
	.print = print_calls,
};

/* ---- all of it ---- */

static bool
is_in(const struct table *table, const struct bench_means *m,
      const struct place *place)
{
	return table->takes(m) &&
	       !(place->cpu == 0 && m->spin_ns == BENCH_RING_SPINS);
}

static void
repeat(const struct table *table, const struct place *place, size_t r)
{
	for (size_t i = 0; i < n_means; i++) {
		struct bench_result *const out[MOST_PARTS] = {
			&results[0][i][r], &results[1][i][r],
			&results[2][i][r], &results[3][i][r]
		};

		if (is_in(table, means[i], place))
			table->measure(means[i], place, out);
	}
}

static void
show(const struct table *table, const struct place *place, size_t n)
{
	pid_t burden = 0;

	memset(results, 0, sizeof(results));
	if (place->burden >= 0)
		burden = bench_burn((unsigned int)place->burden);
	for (size_t r = 0; r < n; r++)
		repeat(table, place, r);
	if (burden)
		bench_kill(burden);
	printf("\n%s; %s\n%-9s %-12s%s\n", table->title, place->text, "",
	       "waits", table->headings);
	for (size_t i = 0; i < n_means; i++) {
		if (!is_in(table, means[i], place))
			continue;
		printf("%-9s %-12s", means[i]->name, means[i]->waits);
		table->print(i, n, place);
		printf("\n");
	}
	fflush(stdout);
}

static void
choose(const struct bench_means *table)
{
	for (const struct bench_means *m = table; m->scheme; m++) {
		if (strcmp(m->scheme, "shm") == 0 && n_means < MOST_MEANS)
			means[n_means++] = m;
	}
}

int
main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;
	bool has_two = sysconf(_SC_NPROCESSORS_ONLN) > 1;

	n_exchanges = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
	if (n == 0 || n > BENCH_MOST_REPETITIONS || n_exchanges == 0)
		bench_fatal("shm [REPETITIONS [EXCHANGES]]");
	choose(bench_rings);
	choose(bench_ferry);
	signal(SIGPIPE, SIG_IGN);
	bench_pin(0);
	if (has_two) {
		show(&there_and_back, &two, n);
		show(&there_and_back, &two_busy, n);
		show(&after_idle, &two, n);
		show(&one_way, &two, n);
		show(&long_messages, &two, n);
		show(&system_calls, &two, n);
	}
	show(&there_and_back, &one, n);
	show(&there_and_back, &one_busy, n);
	show(&one_way, &one, n);
	show(&long_messages, &one, n);
	return 0;
}
