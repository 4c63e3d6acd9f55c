/* SPDX-License-Identifier: MIT */
/*
 * What channels.c and shm.c measure: messages between a process and its child,
 * through a facility of the kernel or a ring by bare means, and through a ferry
 * channel over the same facility.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/* The longest message that is measured. */
#define BENCH_LONG 1048576u

struct bench_means;

/* What each message begins with. */
struct bench_head {
	uint64_t number; /* from 0 */
	uint64_t is_last;
};

/**
 * struct bench_pair - two ends, made before the fork or met after it
 * @means:  what carries their messages
 * @child:  the process at the other end; 0 in the child itself
 * @bytes:  of the longest message
 * @touch:  whoever sends writes all of a message, who receives reads it
 * @dir:    a folder for this pair alone
 * @side:   0 the parent, 1 the child
 * @ready:  a pipe by which the child says that it can be reached
 * @sends_last: the next message is the last one
 * @has_last: it has come
 * @n_sent, @n_received: messages so far
 * @sum:    of what was read, so that reading it is not optimised away
 * @fds:    the bare means': descriptors or queue ids, to use freely
 * @end:    ferry's channels, or the rings by who sends
 */
struct bench_pair {
	const struct bench_means *means;
	pid_t child;
	size_t bytes;
	bool touch;
	char dir[64];
	int side;
	int ready[2];
	bool sends_last;
	bool has_last;
	uint64_t n_sent;
	uint64_t n_received;
	uint64_t sum;
	int fds[4];
	void *end[2];
};

/**
 * struct bench_means - one way to carry messages
 * @scheme:  the facility
 * @name:    "bare", "ferry" ...
 * @waits:   how an end waits for the other
 * @options: of the address, "?ring=4m"; or NULL
 * @spin_ns: a bare ring's, see bench_ring_new()
 * @late:    waits have a deadline
 * @cork:    what the parent sends one way is gathered
 * @each:    and flushed after so many messages; 0: at the end
 * @in_place: a long message is not copied, so that no speed is its own
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
	const char *waits;
	const char *options;
	uint64_t spin_ns;
	bool late;
	bool cork;
	uint32_t each;
	bool in_place;
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

/** bench_fill() - writes the next message of @pair to @room; for put() */
static inline void
bench_fill(struct bench_pair *pair, void *room, size_t bytes)
{
	struct bench_head head = { pair->n_sent++, pair->sends_last };

	memcpy(room, &head, sizeof(head));
	if (pair->touch)
		memset((uint8_t *)room + sizeof(head), (int)head.number,
		       bytes - sizeof(head));
}

/** bench_scan() - reads what came; for take() */
static inline void
bench_scan(struct bench_pair *pair, const void *message, size_t bytes)
{
	const uint64_t *words = message;
	struct bench_head head;

	memcpy(&head, message, sizeof(head));
	if (head.number != pair->n_received++)
		bench_fatal("another message than was sent");
	pair->has_last = head.is_last;
	for (size_t i = 0; pair->touch && i < bytes / sizeof(*words); i++)
		pair->sum += words[i];
}

/* A NULL scheme ends each. */
extern const struct bench_means bench_bare[];
extern const struct bench_means bench_rings[];
extern const struct bench_means bench_ferry[];
