/* SPDX-License-Identifier: MIT */
/*
 * channels [REPETITIONS [EXCHANGES [SCHEME...]]]: what a channel costs beside
 * the bare facility that carries it.
 *
 *	there and back  64 bytes: median, p99 and longest of each exchange
 *	one way         64 bytes and 1 MiB: a million messages, or bytes, a second
 *	the end         from kill(2) of the peer to FERRY_EOF
 *	waiting         CPU time of a process that starts, then waits ten seconds
 *
 * All means of a facility run one after the other inside each repetition, so
 * that a machine that drifts hits all alike; a row is the median over the
 * repetitions, and ratios are to the bare row. "late": each wait has a deadline
 * of 30 s. "cork": messages are gathered. "poll": received by a descriptor.
 * Both ends on processor 0, then on 0 and 1.
 */
#include "channels.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_REPETITIONS 99
#define MOST_MEANS 32
#define SHORT 64
#define KILLS 20
#define START_S 2
#define WAIT_S 10

enum task { BACK, SHORT_WAY, LONG_WAY, END, N_TASKS };

/* What one repetition gave: times in us, rates in millions or GB a second. */
struct result {
	double value;
	double p99;
	double longest;
	bool done;
};

static struct result results[N_TASKS][MOST_MEANS][MOST_REPETITIONS];
static const struct bench_means *means[MOST_MEANS];
static size_t n_means;
static size_t n_exchanges;

_Noreturn void
bench_fatal(const char *what)
{
	fprintf(stderr, "channels: %s\n", what);
	_exit(1);
}

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		bench_fatal("sched_setaffinity");
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* ---- what the two processes do ---- */

static size_t
count_of(enum task task)
{
	return task == LONG_WAY ? 200 : n_exchanges * 4;
}

static size_t
bytes_of(enum task task)
{
	return task == LONG_WAY ? BENCH_LONG : SHORT;
}

static void
leave(const struct bench_means *m, struct bench_pair *pair)
{
	if (m->flush)
		m->flush(pair);
}

static void
answer(const struct bench_means *m, struct bench_pair *pair, enum task task)
{
	if (task == BACK) {
		for (;;) {
			m->take(pair, SHORT);
			m->put(pair, SHORT);
		}
	}
	if (task != END) {
		for (size_t n = count_of(task); n > 0; n--)
			m->take(pair, bytes_of(task));
		m->put(pair, SHORT);
		leave(m, pair);
	}
	if (task == END)
		m->put(pair, SHORT);
	for (;;)
		pause();
}

static void
exchange(const struct bench_means *m, struct bench_pair *pair,
	 struct result *out)
{
	double *took = malloc(n_exchanges * sizeof(*took));

	if (!took)
		bench_fatal("out of memory");
	for (size_t i = 0; i < n_exchanges / 4; i++) {
		m->put(pair, SHORT);
		m->take(pair, SHORT);
	}
	for (size_t i = 0; i < n_exchanges; i++) {
		double start = now_us();

		m->put(pair, SHORT);
		m->take(pair, SHORT);
		took[i] = now_us() - start;
	}
	qsort(took, n_exchanges, sizeof(*took), by_size);
	out->value = took[n_exchanges / 2];
	out->p99 = took[n_exchanges * 99 / 100];
	out->longest = took[n_exchanges - 1];
	free(took);
}

static void
pour(const struct bench_means *m, struct bench_pair *pair, enum task task,
     struct result *out)
{
	double start = now_us();

	for (size_t n = count_of(task); n > 0; n--)
		m->put(pair, bytes_of(task));
	leave(m, pair);
	m->take(pair, SHORT);
	out->value = (double)count_of(task) / (now_us() - start);
	if (task == LONG_WAY)
		out->value *= BENCH_LONG / 1e3;
}

/* ---- a child and what becomes of it ---- */

static pid_t
start(const struct bench_means *m, struct bench_pair *pair, enum task task,
      unsigned int cpu)
{
	pid_t child;

	*pair = (struct bench_pair){ .late = m->late, .cork = m->cork };
	snprintf(pair->dir, sizeof(pair->dir), "/tmp/ferry-bench-XXXXXX");
	if (!mkdtemp(pair->dir) || pipe(pair->ready) < 0 || !m->prepare(pair))
		bench_fatal(m->scheme);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pin(cpu);
		pair->side = 1;
		m->open(pair);
		answer(m, pair, task);
	}
	m->open(pair);
	return child;
}

static void
stop(const struct bench_means *m, struct bench_pair *pair, pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	m->close(pair);
	close(pair->ready[0]);
	close(pair->ready[1]);
	rmdir(pair->dir);
}

static void
await_end(const struct bench_means *m, unsigned int cpu, struct result *out)
{
	double took[KILLS];

	for (size_t i = 0; i < KILLS; i++) {
		struct bench_pair pair;
		pid_t child = start(m, &pair, END, cpu);
		double begin;

		m->take(&pair, SHORT);
		begin = now_us();
		kill(child, SIGKILL);
		m->gone(&pair);
		took[i] = now_us() - begin;
		stop(m, &pair, child);
	}
	qsort(took, KILLS, sizeof(*took), by_size);
	out->value = took[KILLS / 2];
	out->p99 = out->longest = took[KILLS - 1];
}

static void
measure(const struct bench_means *m, enum task task, unsigned int cpu,
	struct result *out)
{
	struct bench_pair pair;
	pid_t child;

	if ((task == END && !m->gone) || (m->cork && task != SHORT_WAY) ||
	    (m->most && bytes_of(task) > m->most))
		return;
	out->done = true;
	if (task == END) {
		await_end(m, cpu, out);
		return;
	}
	child = start(m, &pair, task, cpu);
	if (task == BACK)
		exchange(m, &pair, out);
	else
		pour(m, &pair, task, out);
	stop(m, &pair, child);
}

/* ---- tables ---- */

static double
middle(const struct result *all, size_t n, size_t member)
{
	double sorted[MOST_REPETITIONS];

	for (size_t i = 0; i < n; i++)
		sorted[i] = (&all[i].value)[member];
	qsort(sorted, n, sizeof(*sorted), by_size);
	return sorted[n / 2];
}

static void
print_rate(const struct result *all, size_t n, double bare)
{
	double rate = middle(all, n, 0);

	if (!all[0].done)
		printf(" %8s %6s", "-", "-");
	else if (bare > 0)
		printf(" %8.2f %5.2fx", rate, rate / bare);
	else
		printf(" %8.2f %6s", rate, "-");
}

static double
bare_of(enum task task, size_t i, size_t n)
{
	for (size_t b = 0; b < n_means; b++) {
		if (strcmp(means[b]->scheme, means[i]->scheme) == 0)
			return results[task][b][0].done
				       ? middle(results[task][b], n, 0)
				       : 0;
	}
	return 0;
}

static void
print_row(size_t i, size_t n)
{
	const struct result *back = results[BACK][i];
	const struct result *end = results[END][i];

	printf("%-5s %-7s", means[i]->scheme, means[i]->name);
	if (back[0].done)
		printf(" %8.2f %5.2fx %8.1f %8.1f", middle(back, n, 0),
		       middle(back, n, 0) / bare_of(BACK, i, n),
		       middle(back, n, 1), middle(back, n, 2));
	else
		printf(" %8s %6s %8s %8s", "-", "-", "-", "-");
	print_rate(results[SHORT_WAY][i], n, bare_of(SHORT_WAY, i, n));
	print_rate(results[LONG_WAY][i], n, bare_of(LONG_WAY, i, n));
	if (end[0].done)
		printf(" %8.0f %8.0f", middle(end, n, 0), middle(end, n, 1));
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
	printf("%-13s %8s %6s %8s %8s %8s %6s %8s %6s %8s %8s\n", "",
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
	struct bench_pair pair;
	pid_t child = start(m, &pair, BACK, 0);
	long start_us;

	/* In the queue of the others that start. */
	sleep(START_S);
	start_us = cpu_us(child);
	sleep(WAIT_S);
	printf("%-5s %-7s %8ld us %8ld us\n", m->scheme, m->name, start_us,
	       cpu_us(child) - start_us);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	m->close(&pair);
	rmdir(pair.dir);
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
		if (!means[i]->cork && fork() == 0)
			wait_idle(means[i]);
	}
	while (wait(NULL) > 0)
		continue;
}

static void
add_ferry(const char *scheme)
{
	for (const struct bench_means *m = bench_ferry; m->scheme; m++) {
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

int
main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;

	n_exchanges = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
	if (n == 0 || n > MOST_REPETITIONS || n_exchanges == 0)
		bench_fatal("channels [REPETITIONS [EXCHANGES [SCHEME...]]]");
	for (const struct bench_means *m = bench_bare; m->scheme; m++) {
		if (argc > 3 && !is_among(m->scheme, argv + 3))
			continue;
		means[n_means++] = m;
		add_ferry(m->scheme);
	}
	signal(SIGPIPE, SIG_IGN);
	pin(0);
	place(0, n);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		place(1, n);
	idle();
	return 0;
}
