/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POUR_NS 200000000u
#define EXCHANGE_NS 1000000000u
/* Short messages between two looks at the clock. */
#define BATCH 64u

_Noreturn void
bench_fatal(const char *what)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
	_exit(1);
}

uint64_t
bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int
bench_by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_middle(const struct bench_result *all, size_t n,
	     enum bench_figure figure)
{
	double sorted[BENCH_MOST_REPETITIONS];

	for (size_t i = 0; i < n; i++)
		sorted[i] = all[i].of[figure];
	qsort(sorted, n, sizeof(*sorted), bench_by_size);
	return sorted[n / 2];
}

void
bench_pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		bench_fatal("sched_setaffinity");
}

/* ---- the child ---- */

static void
flush(struct bench_pair *pair)
{
	if (pair->means->flush)
		pair->means->flush(pair);
}

static _Noreturn void
answer(struct bench_pair *pair, const struct bench_job *job)
{
	const struct bench_means *m = pair->means;

	while (job->task != BENCH_END) {
		do {
			m->take(pair, job->bytes);
		} while (job->task == BENCH_ONE_WAY && !pair->has_last);
		m->put(pair, job->bytes);
		flush(pair);
	}
	m->put(pair, job->bytes);
	flush(pair);
	for (;;)
		pause();
}

/* Return: in the child 0, which dies with its parent. */
static pid_t
fork_child(unsigned int cpu)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		bench_fatal("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		bench_pin(cpu);
	}
	return child;
}

pid_t
bench_burn(unsigned int cpu)
{
	pid_t child = fork_child(cpu);

	while (child == 0)
		(void)bench_now_ns();
	return child;
}

void
bench_kill(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

void
bench_start(struct bench_pair *pair, const struct bench_means *means,
	    const struct bench_job *job)
{
	*pair = (struct bench_pair){ .means = means,
				     .bytes = job->bytes,
				     .touch = job->touch };
	snprintf(pair->dir, sizeof(pair->dir), "/tmp/ferry-bench-XXXXXX");
	if (!mkdtemp(pair->dir) || pipe(pair->ready) < 0 ||
	    !means->prepare(pair))
		bench_fatal(means->scheme);
	pair->child = fork_child(job->cpu);
	if (pair->child == 0) {
		pair->side = 1;
		means->open(pair);
		answer(pair, job);
	}
	means->open(pair);
}

void
bench_stop(struct bench_pair *pair)
{
	bench_kill(pair->child);
	pair->means->close(pair);
	close(pair->ready[0]);
	close(pair->ready[1]);
	rmdir(pair->dir);
}

/* ---- measuring ---- */

/* How often the first thread of a process has slept. */
static double
sleeps_of(pid_t pid)
{
	static const char name[] = "voluntary_ctxt_switches:";
	unsigned long long n = 0;
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, sizeof(name) - 1) == 0)
			n = strtoull(line + sizeof(name) - 1, NULL, 10);
	}
	if (file)
		fclose(file);
	return (double)n;
}

void
bench_count_sleeps(pid_t child, struct bench_result *out, double n)
{
	double here = sleeps_of(getpid()), there = sleeps_of(child);

	if (n > 0) {
		here = (here - out->of[BENCH_SLEEPS_HERE]) / n;
		there = (there - out->of[BENCH_SLEEPS_THERE]) / n;
	}
	out->of[BENCH_SLEEPS_HERE] = here;
	out->of[BENCH_SLEEPS_THERE] = there;
}

static void
go_and_come(struct bench_pair *pair, size_t bytes)
{
	pair->means->put(pair, bytes);
	pair->means->take(pair, bytes);
}

void
bench_warm(struct bench_pair *pair, size_t bytes, size_t n)
{
	uint64_t end_ns = bench_now_ns() + EXCHANGE_NS / 4;

	while (n-- > 0 && bench_now_ns() < end_ns)
		go_and_come(pair, bytes);
}

void
bench_summarise(double *took, size_t n, struct bench_result *out)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += took[i];
	qsort(took, n, sizeof(*took), bench_by_size);
	out->of[BENCH_MEDIAN] = took[n / 2];
	out->of[BENCH_MEAN] = sum / (double)n;
	out->of[BENCH_P99] = took[n * 99 / 100];
	out->of[BENCH_LONGEST] = took[n - 1];
	out->of[BENCH_RATE] = 1e6 * (double)n / sum;
	out->done = true;
}

void
bench_exchange(struct bench_pair *pair, size_t bytes, size_t n,
	       struct bench_result *out)
{
	double *took = malloc(n * sizeof(*took));
	uint64_t end_ns, now_ns;
	size_t i = 0;

	if (!took)
		bench_fatal("out of memory");
	bench_count_sleeps(pair->child, out, 0);
	now_ns = bench_now_ns();
	end_ns = now_ns + EXCHANGE_NS;
	do {
		uint64_t start_ns = now_ns;

		go_and_come(pair, bytes);
		now_ns = bench_now_ns();
		took[i++] = (double)(now_ns - start_ns) / 1e3;
	} while (i < n && now_ns < end_ns);
	bench_count_sleeps(pair->child, out, (double)i);
	bench_summarise(took, i, out);
	free(took);
}

/* Return: messages sent, by which the means' count of them goes on. */
static uint64_t
pour_until(struct bench_pair *pair, size_t bytes, uint64_t end_ns)
{
	const struct bench_means *m = pair->means;
	uint32_t batch = bytes > BENCH_SHORT ? 1 : BATCH, since = 0;
	uint64_t start = pair->n_sent;

	do {
		for (uint32_t i = 0; i < batch; i++) {
			m->put(pair, bytes);
			if (m->each > 0 && ++since == m->each) {
				m->flush(pair);
				since = 0;
			}
		}
	} while (bench_now_ns() < end_ns);
	pair->sends_last = true;
	m->put(pair, bytes);
	flush(pair);
	m->take(pair, bytes);
	pair->sends_last = false;
	return pair->n_sent - start;
}

void
bench_pour(struct bench_pair *pair, size_t bytes, struct bench_result *out)
{
	uint64_t start_ns, n;

	pour_until(pair, bytes, bench_now_ns() + POUR_NS / 4);
	bench_count_sleeps(pair->child, out, 0);
	start_ns = bench_now_ns();
	n = pour_until(pair, bytes, start_ns + POUR_NS);
	out->of[BENCH_RATE] =
		1e9 * (double)n / (double)(bench_now_ns() - start_ns);
	bench_count_sleeps(pair->child, out, (double)n);
	out->done = true;
}
