/* SPDX-License-Identifier: MIT */
/*
 * A folder with a FIFO to meet at, and what tests of fifo: do there. All fail
 * the test when something is not as expected.
 */
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <ferry/ferry.h>

#include "transport/fifo/hello.h"

#define PLACE_WAIT_MS 10000

struct place {
	char folder[64];
	char path[80];	/* of the FIFO */
	char pairs[84]; /* of the folder beside it */
	char addr[96];
	struct ferry_listener *listener;
	size_t n_fds;
};

/* A client that dials in a thread, as it waits until it is accepted. */
struct place_dialler {
	pthread_t thread;
	const char *addr;
	struct ferry_channel *ch;
	struct ferry_error why;
	ferry_err err;
};

int place_open(void **state);
int place_close(void **state);
void place_listen(struct place *p);
void place_stop(struct place *p);
ferry_err place_try_listen(const struct place *p, const char *addr,
			   struct ferry_error *why);
ferry_err place_try_open(const char *addr, struct ferry_deadline until,
			 struct ferry_error *why);
int place_entries(const char *folder);
mode_t place_mode_of(const char *path);
void place_write(const char *path, const char *text);
void place_expect_file(const char *path, const char *text);
void place_dial(struct place_dialler *d, const char *addr);
void place_connect(struct place *p, struct ferry_channel *out[2]);
void place_close_both(struct ferry_channel *pair[2]);
void place_send(struct ferry_channel *ch, const char *text);
void place_expect(struct ferry_channel *ch, const char *text);
void place_expect_end(struct ferry_channel *ch, struct ferry_deadline until,
		      ferry_err expected);
uint64_t place_failed(const struct place *p);
/* The FIFO, to write to. */
int place_meeting(const struct place *p);
/* Until so many names are there. */
void place_wait_for_entries(const char *folder, int n);
/* The path of one FIFO of the client @id. */
void place_name(const struct place *p, const uint8_t id[FY_HELLO_ID],
		char which, char out[200]);
void place_say_hello(const struct place *p, const uint8_t id[FY_HELLO_ID]);
/* Nobody is there to be accepted. */
void place_expect_nobody(const struct place *p);
/* The listener hears of so many clients that it looks for dead ones. */
void place_sweep(const struct place *p);
/* As if it had been made a minute ago. */
void place_age(const char *path);
/* A child that listens, and accepts whoever comes or nobody. */
pid_t place_start(const struct place *p, bool accepts);
void place_kill(pid_t child);
