/* SPDX-License-Identifier: MIT */
/* An rpcbind that answers as a test likes, byte for byte. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>

/* One reply, with room for its record mark. */
struct fake_reply {
	uint8_t bytes[4096];
	size_t n;
};

struct fake;

/**
 * typedef fake_answer - answers one call
 * @reply: has the header of a success; what is put behind it is the result
 */
typedef void fake_answer(struct fake *fake, struct fake_reply *reply,
			 uint32_t version, uint32_t procedure);

/**
 * struct fake - its members are set between fake_start() and the first call
 * @addr:    where it is
 * @answer:  NULL: never answers
 * @ctx:     for @answer
 * @most:    bytes of each reply that it sends, then it closes; 0: all
 * @announced: the length in each record mark; 0: that of the reply
 * @n_links: connections that have come
 * @n_calls: calls that have come
 */
struct fake {
	char addr[40];
	fake_answer *answer;
	const void *ctx;
	atomic_size_t most;
	atomic_uint announced;
	atomic_uint n_links;
	atomic_uint n_calls;

	int listener;
	pthread_t thread;
};

/* By cmocka asserts. */
void fake_start(struct fake *fake, fake_answer *answer, const void *ctx);
void fake_stop(struct fake *fake);

void fake_word(struct fake_reply *reply, uint32_t word);
/* Counted bytes, padded. */
void fake_text(struct fake_reply *reply, const char *text, size_t len);
/* The place of the result is taken by an accept_stat of RFC 5531. */
void fake_refuse(struct fake_reply *reply, uint32_t accept_stat);
/* PROG_MISMATCH */
void fake_mismatch(struct fake_reply *reply, uint32_t low, uint32_t high);
