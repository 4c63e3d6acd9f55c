/* SPDX-License-Identifier: MIT */
/* What the tests of sysv: share. All with cmocka asserts. */
#pragma once

#include <stdbool.h>

#include <ferry/channel.h>

/* No test waits for so long unless it is about to fail. */
#define FAIL_MS 20000
#define SOON_MS 20

/*
 * @a: that dialled. @b: accepted
 */
struct world {
	char folder[64];
	char addr[64];
	int n_queues;
	struct ferry_listener *listener;
	struct ferry_channel *a;
	struct ferry_channel *b;
};

/*
 * First of all: a program that may has the queues of the system for itself
 * from then on. False: there are none of the kind.
 */
bool world_begin(void);
/* Whether it has. */
bool world_is_alone(void);
/* Where the note of @key is. */
void world_note_path(const struct world *w, unsigned int key, char out[160]);
/* How many queues there are; always 0 where others make some as well. */
int world_queues(void);
/* For cmocka: a folder of the test's own, a key, and in the end nothing left.
 */
int world_open(void **state);
int world_close(void **state);
void world_listen(struct world *w);
void world_accept(struct world *w);
/* Both ends, and the listener if there is none. */
void world_connect(struct world *w);
void world_disconnect(struct world *w);

struct ferry_bytes world_bytes(const char *text);
void world_send(struct ferry_channel *ch, const char *text);
void world_expect(struct ferry_channel *ch, const char *text,
		  struct ferry_deadline until);
/* Receives and forgets. */
ferry_err world_error(struct ferry_channel *ch, struct ferry_deadline until);
/* Sends until there is no room; one message is the channel's, and waits. */
void world_fill(struct ferry_channel *ch);

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, world_open, world_close)
