/* SPDX-License-Identifier: MIT */
/*
 * channels [REPETITIONS [EXCHANGES [SCHEME...]]]: what a channel costs beside
 * the bare facility that carries it.
 *
 *	there and back  64 bytes: median, p99 and longest of each exchange
 *	one way         64 bytes, millions a second; 1 MiB, GB a second
 *	the end         from kill(2) of the peer to FERRY_EOF
 *	waiting         CPU time of a process that starts, then waits 10 s
 *
 * All means of a facility run one after the other inside each repetition, so
 * that a machine that drifts hits all alike; a row is the median over the
 * repetitions, and ratios are to the bare row: of shared memory, to the ring
 * that spins, or where both ends have one processor, that sleeps. "late": each
 * wait has a deadline of 30 s. "cork": messages are gathered. "poll": received
 * by a descriptor. Both ends on processor 0, then on 0 and 1.
 */
#include "pairs.h"
#include "ring.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_MEANS 48
#define KILLS 20
#define START_S 2
#define WAIT_S 10

enum task { BACK, SHORT_WAY, LONG_WAY, END, N_TASKS };

static const struct bench_job jobs[N_TASKS] = {
	[BACK] = { .task = BENCH_BACK, .bytes = BENCH_SHORT },
	[SHORT_WAY] = { .task = BENCH_ONE_WAY, .bytes = BENCH_SHORT },
	[LONG_WAY] = { .task = BENCH_ONE_WAY, .bytes = BENCH_LONG },
	[END] = { .task = BENCH_END, .bytes = BENCH_SHORT },
};

static struct bench_result results[N_TASKS][MOST_MEANS][BENCH_MOST_REPETITIONS];
static const struct bench_means *means[MOST_MEANS];
static size_t n_means;
static size_t n_exchanges;

static void
await_end(const struct bench_means *m, const struct bench_job *job,
	  struct bench_result *out)
{
	double took[KILLS];

	for (size_t i = 0; i < KILLS; i++) {
		struct bench_pair pair;
		uint64_t start_ns;

		bench_start(&pair, m, job);
		m->take(&pair, job->bytes);
		start_ns = bench_now_ns();
		kill(pair.child, SIGKILL);
		m->gone(&pair);
		took[i] = (double)(bench_now_ns() - start_ns) / 1e3;
		bench_stop(&pair);
	}
	qsort(took, KILLS, sizeof(*took), bench_by_size);
	out->of[BENCH_MEDIAN] = took[KILLS / 2];
	out->of[BENCH_LONGEST] = took[KILLS - 1];
	out->done = true;
}

/* Where both ends share a processor, who spins waits for a time slice. */
static bool
can(const struct bench_means *m, enum task task, unsigned int cpu)
{
	if (cpu == 0 && m->spin_ns == BENCH_RING_SPINS)
		return false;
	return !(task == END && !m->gone) &&
	       !(m->cork && task != SHORT_WAY) &&
	       !(m->in_place && task == LONG_WAY) &&
	       !(m->most && jobs[task].bytes > m->most);
}

static void
measure(const struct bench_means *m, enum task task, unsigned int cpu,
	struct bench_result *out)
{
	struct bench_job job = jobs[task];
	struct bench_pair pair;

	job.cpu = cpu;
	if (!can(m, task, cpu))
		return;
	if (task == END) {
		await_end(m, &job, out);
		return;
	}
	bench_start(&pair, m, &job);
	if (task == BACK) {
		bench_warm(&pair, job.bytes, n_exchanges / 4);
		bench_exchange(&pair, job.bytes, n_exchanges, out);
	} else {
		bench_pour(&pair, job.bytes, out);
	}
	bench_stop(&pair);
}

/* ---- tables ---- */

static void
print_rate(const struct bench_result *all, size_t n, double bare, double unit)
{
	double rate = bench_middle(all, n, BENCH_RATE);

	if (!all[0].done)
		printf(" %8s %6s", "-", "-");
	else if (bare > 0)
		printf(" %8.2f %5.2fx", rate / unit, rate / bare);
	else
		printf(" %8.2f %6s", rate / unit, "-");
}

static double
bare_of(enum task task, size_t i, size_t n, enum bench_figure figure)
{
	for (size_t b = 0; b < n_means; b++) {
		if (strcmp(means[b]->scheme, means[i]->scheme) == 0 &&
		    (results[task][b][0].done || !means[b]->spin_ns))
			return bench_middle(results[task][b], n, figure);
	}
	return 0;
}

static void
print_row(size_t i, size_t n)
{
	const struct bench_result *back = results[BACK][i];
	const struct bench_result *end = results[END][i];
	double median = bench_middle(back, n, BENCH_MEDIAN);

	printf("%-5s %-9s", means[i]->scheme, means[i]->name);
	if (back[0].done)
		printf(" %8.2f %5.2fx %8.1f %8.1f", median,
		       median / bare_of(BACK, i, n, BENCH_MEDIAN),
		       bench_middle(back, n, BENCH_P99),
		       bench_middle(back, n, BENCH_LONGEST));
	else
		printf(" %8s %6s %8s %8s", "-", "-", "-", "-");
	print_rate(results[SHORT_WAY][i], n,
		   bare_of(SHORT_WAY, i, n, BENCH_RATE), 1e6);
	print_rate(results[LONG_WAY][i], n,
		   bare_of(LONG_WAY, i, n, BENCH_RATE), 1e9 / BENCH_LONG);
	if (end[0].done)
		printf(" %8.0f %8.0f", bench_middle(end, n, BENCH_MEDIAN),
		       bench_middle(end, n, BENCH_LONGEST));
	printf("\n");
}

static void
place(unsigned int cpu, size_t n)
{
	memset(results, 0, sizeof(results));
	for (size_t r = 0; r < n; r++) {
		for (size_t task = 0; task < N_TASKS; task++) {
			for (size_t i = 0; i < n_means; i++)
				measure(means[i], (enum task)task, cpu,
					&results[task][i][r]);
		}
	}
	printf("\nchannels; one end on processor 0, the other on %u\n", cpu);
	printf("%-15s %8s %6s %8s %8s %8s %6s %8s %6s %8s %8s\n", "",
	       "64 B, us", "bare", "p99", "longest", "M msg/s", "bare",
	       "1M: GB/s", "bare", "end, us", "longest");
	for (size_t i = 0; i < n_means; i++)
		print_row(i, n);
}

/* ---- waiting ---- */

/* Of all its threads. */
static long
cpu_us(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		bench_fatal("the child was not to be had");
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
wait_idle(const struct bench_means *m)
{
	const struct bench_job *job = &jobs[BACK];
	struct bench_pair pair;
	long start_us;

	bench_start(&pair, m, job);
	/* In the queue of the others that start. */
	sleep(START_S);
	start_us = cpu_us(pair.child);
	sleep(WAIT_S);
	printf("%-5s %-9s %8ld us %8ld us\n", m->scheme, m->name, start_us,
	       cpu_us(pair.child) - start_us);
	bench_stop(&pair);
	fflush(stdout);
	_exit(0);
}

/* All at once, each in a process of its own. */
static void
idle(void)
{
	printf("\nCPU time of a process that starts, and waits %d s\n", WAIT_S);
	fflush(stdout);
	for (size_t i = 0; i < n_means; i++) {
		if (can(means[i], BACK, 0) && fork() == 0)
			wait_idle(means[i]);
	}
	while (wait(NULL) > 0)
		continue;
}

static void
add(const struct bench_means *table, const char *scheme)
{
	for (const struct bench_means *m = table; m->scheme; m++) {
		if (strcmp(m->scheme, scheme) == 0 && n_means < MOST_MEANS)
			means[n_means++] = m;
	}
}

static bool
is_among(const char *scheme, char *const *names)
{
	while (*names && strcmp(*names, scheme) != 0)
		names++;
	return *names;
}

static void
choose(int argc, char **argv)
{
	for (const struct bench_means *m = bench_bare; m->scheme; m++) {
		if (argc > 3 && !is_among(m->scheme, argv + 3))
			continue;
		means[n_means++] = m;
		add(bench_ferry, m->scheme);
	}
	if (argc <= 3 || is_among("shm", argv + 3)) {
		add(bench_rings, "shm");
		add(bench_ferry, "shm");
	}
}

int
main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;

	n_exchanges = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
	if (n == 0 || n > BENCH_MOST_REPETITIONS || n_exchanges == 0)
		bench_fatal("channels [REPETITIONS [EXCHANGES [SCHEME...]]]");
	choose(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	bench_pin(0);
	place(0, n);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		place(1, n);
	idle();
	return 0;
}
