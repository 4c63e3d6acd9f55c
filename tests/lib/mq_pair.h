/* SPDX-License-Identifier: MIT */
/* What the tests of mq: share: a listener of a name of its own, and a pair. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include <sys/types.h>

#include <ferry/channel.h>

/**
 * struct mq_pair - @a dialled, @b was accepted
 * @addr: of the listener, with its name alone in @name
 */
struct mq_pair {
	char addr[128];
	char name[64];
	struct ferry_listener *listener;
	struct ferry_channel *a;
	struct ferry_channel *b;
};

/** struct mq_dialler - a thread that dials */
struct mq_dialler {
	pthread_t thread;
	const char *addr;
	struct ferry_channel *ch;
	struct ferry_error why;
	ferry_err err;
};

/**
 * mq_begin() - first of all: see mq_alone()
 *
 * Leaves with 77 where there are no message queues.
 */
void mq_begin(void);

/** mq_name() - a name that nobody has; listens not yet */
void mq_name(struct mq_pair *pair);

/** mq_listen() - also opens the listener, with @options ("?mode=...") */
void mq_listen(struct mq_pair *pair, const char *options);

/** mq_dial_start(), mq_dial_end() - dials in a thread of its own */
void mq_dial_start(struct mq_dialler *d, const char *addr);
ferry_err mq_dial_end(struct mq_dialler *d);

/**
 * mq_accept_starved() - accepts without a descriptor who dials just now, which
 * fails with EMFILE
 */
void mq_accept_starved(struct mq_pair *pair);

/**
 * mq_become_stranger() - another user, with the default limits; 0 or -1
 *
 * One of no other test's. Where there is no right to it: who it is.
 */
int mq_become_stranger(void);

/** mq_stranger() - the user that the process @pid became so */
uid_t mq_stranger(pid_t pid);

/** mq_accept() - .a and .b, of the listener that there is */
void mq_accept(struct mq_pair *pair);

/** mq_connect() - the same, and the listener before */
void mq_connect(struct mq_pair *pair);

/** mq_close() - all; fails if a queue of that name is left */
void mq_close_all(struct mq_pair *pair);

/** mq_n_left() - queues that are there by the names of @pair */
int mq_n_left(const struct mq_pair *pair);
