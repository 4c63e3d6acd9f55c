/* SPDX-License-Identifier: MIT */
/*
 * What channels.c measures: messages between a process and its child, through
 * a facility of the kernel by bare system calls, and through a ferry channel
 * over the same facility.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest message that is measured. */
#define BENCH_LONG 1048576u

/**
 * struct bench_pair - two ends, made before the fork or met after it
 * @dir:    a folder for this pair alone
 * @side:   0 the parent, 1 the child
 * @ready:  a pipe by which the child says that it can be reached
 * @late:   waits have a deadline
 * @cork:   what the parent sends one way is gathered
 * @fds:    the bare means': descriptors or queue ids, to use freely
 * @end:    ferry's
 */
struct bench_pair {
	char dir[64];
	int side;
	int ready[2];
	bool late;
	bool cork;
	int fds[4];
	void *end[2];
};

/**
 * struct bench_means - one way to carry messages
 * @scheme:  the facility
 * @name:    "bare", "ferry" ...
 * @late, @cork: for the pair
 * @most:    bytes of the longest message; 0: any
 * @prepare: before the fork; false: this machine cannot
 * @open:    in each process, after it
 * @put:     sends @bytes; @take receives as many. Errors end the process
 * @flush:   what was put leaves; or NULL
 * @gone:    waits for the end of a peer that was killed; or NULL
 * @close:   in the parent, at the end
 */
struct bench_means {
	const char *scheme;
	const char *name;
	bool late;
	bool cork;
	size_t most;
	bool (*prepare)(struct bench_pair *pair);
	void (*open)(struct bench_pair *pair);
	void (*put)(struct bench_pair *pair, size_t bytes);
	void (*take)(struct bench_pair *pair, size_t bytes);
	void (*flush)(struct bench_pair *pair);
	void (*gone)(struct bench_pair *pair);
	void (*close)(struct bench_pair *pair);
};

/** bench_fatal() - says what did not work, and ends the process */
_Noreturn void bench_fatal(const char *what);

/* A NULL scheme ends each. */
extern const struct bench_means bench_bare[];
extern const struct bench_means bench_ferry[];
