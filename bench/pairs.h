/* SPDX-License-Identifier: MIT */
/* A process and its child that send each other messages, and how fast. */
#pragma once

#include "channels.h"

#define BENCH_SHORT 64u
#define BENCH_MOST_REPETITIONS 99
/* More exchanges than any processor makes in a second. */
#define BENCH_WHOLE_SECOND 8000000u

enum bench_task {
	BENCH_BACK,    /* the child answers each message by one as long */
	BENCH_ONE_WAY, /* it answers the last one */
	BENCH_END,     /* it sends one, and waits to be killed */
};

struct bench_job {
	enum bench_task task;
	size_t bytes;
	bool touch;
	unsigned int cpu; /* of the child */
};

enum bench_figure {
	BENCH_MEDIAN, /* us, as the next three */
	BENCH_MEAN,
	BENCH_P99,
	BENCH_LONGEST,
	BENCH_RATE,	   /* messages a second */
	BENCH_SLEEPS_HERE, /* of the parent, for each message it sent */
	BENCH_SLEEPS_THERE,
	BENCH_N_FIGURES
};

/* What one repetition gave. */
struct bench_result {
	double of[BENCH_N_FIGURES];
	bool done;
};

uint64_t bench_now_ns(void);

/** bench_by_size() - doubles, for qsort(3) */
int bench_by_size(const void *a, const void *b);

/** bench_middle() - the median of one figure of @n results */
double bench_middle(const struct bench_result *all, size_t n,
		    enum bench_figure figure);

/** bench_summarise() - sorts @took, us, for all figures but the sleeps */
void bench_summarise(double *took, size_t n, struct bench_result *out);

/**
 * bench_count_sleeps() - called twice, before what is measured and behind it
 * @n: of 0 the first time, then of messages
 */
void bench_count_sleeps(pid_t child, struct bench_result *out, double n);

/** bench_pin() - the calling process runs on that processor alone */
void bench_pin(unsigned int cpu);

/** bench_burn() - a process that keeps a processor busy until it is killed */
pid_t bench_burn(unsigned int cpu);

void bench_kill(pid_t child);

/** bench_start() - forks the other end, and meets it */
void bench_start(struct bench_pair *pair, const struct bench_means *means,
		 const struct bench_job *job);

/** bench_stop() - kills it */
void bench_stop(struct bench_pair *pair);

/** bench_warm() - some exchanges that do not count */
void bench_warm(struct bench_pair *pair, size_t bytes, size_t n);

/** bench_exchange() - @n times there and back, or as many as a second has */
void bench_exchange(struct bench_pair *pair, size_t bytes, size_t n,
		    struct bench_result *out);

/** bench_pour() - one way, for a fifth of a second */
void bench_pour(struct bench_pair *pair, size_t bytes,
		struct bench_result *out);
