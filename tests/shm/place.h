/* SPDX-License-Identifier: MIT */
/* A listener of shm: in a folder of the test's own, and whether it is well. */
#pragma once

#include <stdint.h>

#include <ferry/channel.h>

#include "audit.h"

/* What is to be soon is given so long under a sanitizer on a busy machine. */
#define PLACE_SOON_MS 10000
/* Half of it is what an assertion about time allows. */
#define PLACE_LATE_NS 3000000000

/**
 * struct place - the listener; and a channel between two of good will
 * @good: its client, and the end that was accepted
 */
struct place {
	struct ferry_listener *listener;
	struct ferry_channel *good[2];
	char folder[40];
	char path[60];
	struct fy_audit before;
};

/** place_open() - @options of the listener's address: "" or "?..." */
void place_open(struct place *p, const char *options,
		const struct ferry_channel_config *config);

/** place_check() - that the two of good will are served, old and new */
void place_check(struct place *p);

/** place_close() - and nothing is left behind */
void place_close(struct place *p);

/** place_size() - of a test: the variable @name, or @otherwise */
uint32_t place_size(const char *name, uint32_t otherwise);

/** place_ns() - the time */
int64_t place_ns(void);

/** place_roll() - the next of the random numbers that begin with @seed */
uint32_t place_roll(uint64_t *seed);
