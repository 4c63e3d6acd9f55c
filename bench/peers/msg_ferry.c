/* SPDX-License-Identifier: MIT */
/*
 * ferry's channels as a peer of a suite that measures messaging libraries: its
 * msg.h calls these seven functions, its msg_main.c keeps the time.
 *
 * Variants: ferry-SCHEME, SCHEME one of pipe, fd, unix, tcp, fifo, mq, sysv,
 * shm;
 *	ferry-SCHEME-late   each wait has a deadline of 30 s
 *	ferry-SCHEME-cork   one way, messages are gathered
 *	ferry-SCHEME-poll   received by a descriptor
 *	ferry-shm-trust     received in place, and a ring of 4 MiB, so that long
 *			    messages are sent in place, too
 *
 * On two processors shm spins while that pays, and -poll sleeps: to be compared
 * with peers that spin, and with those that sleep.
 */
/*
 * ferry's channels as a peer of a suite that measures messaging libraries: its
 * msg.h calls these seven functions, its msg_main.c keeps the time.
 *
 * Variants: ferry-SCHEME, SCHEME one of pipe, fd, unix, tcp, fifo, mq, sysv,
 * shm;
 *	ferry-SCHEME-late   each wait has a deadline of 30 s
 *	ferry-SCHEME-cork   one way, messages are gathered
 *	ferry-shm-trust     received in place, and a ring of 4 MiB, so that long
 *			    messages are sent in place, too
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ferry/ferry.h>

#include "msg.h"

#define SKIP 77
#define DEADLINE_MS 30000

static struct ferry_channel *pair[2];
static struct ferry_channel *channel;
static char scheme[16];
static bool has_deadline;
static bool gathers; /* this side */
static bool polls;
static const char *options = "";
static struct ferry_deadline by; /* of the message that is lent */

static void
must(ferry_err err, const struct ferry_error *why)
{
	if (!err)
		return;
	fprintf(stderr, "ferry: %s\n", why->text);
	_exit(1);
}

static struct ferry_deadline
until(void)
{
	return has_deadline ? ferry_in_ms(DEADLINE_MS) : FERRY_NEVER;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static bool
is_pair(void)
{
	return strcmp(scheme, "pipe") == 0 || strcmp(scheme, "fd") == 0;
}

int
msg_setup(msg_cfg *c)
{
	struct ferry_error why;

	if (sscanf(c->variant, "ferry-%15[a-z]", scheme) != 1)
		return 2;
	has_deadline = ends_with(c->variant, "-late");
	gathers = ends_with(c->variant, "-cork");
	polls = ends_with(c->variant, "-poll");
	if (gathers && !c->tput)
		return SKIP;
	if (ends_with(c->variant, "-trust"))
		options = "?ring=4m&trust=peer";
	if (is_pair())
		must(ferry_channel_pair(scheme, NULL, pair, &why), &why);
	return 0;
}

/* Where the server listens; tcp asks for a free port. */
static void
address(const msg_cfg *c, char *out, size_t bytes)
{
	if (strcmp(scheme, "unix") == 0 || strcmp(scheme, "fifo") == 0 ||
	    strcmp(scheme, "shm") == 0)
		snprintf(out, bytes, "%s:%s/f%s", scheme, c->dir, options);
	else if (strcmp(scheme, "mq") == 0)
		snprintf(out, bytes, "mq:/%s", c->tag);
	else if (strcmp(scheme, "sysv") == 0)
		snprintf(out, bytes, "sysv:0x%x",
			 0x46000000u | (unsigned int)atoi(c->tag + 2));
	else
		snprintf(out, bytes, "tcp:127.0.0.1:0");
}

/* The server says by a file where it listens, the client waits for that. */
static void
serve(const msg_cfg *c)
{
	struct ferry_listener *listener;
	struct ferry_error why;
	char text[512], path[256], done[256];
	FILE *file;

	address(c, text, sizeof(text));
	must(ferry_listener_open(text, NULL, &listener, &why), &why);
	ferry_listener_addr(listener, text, sizeof(text));
	snprintf(path, sizeof(path), "%s/address.new", c->dir);
	snprintf(done, sizeof(done), "%s/address", c->dir);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0 ||
	    rename(path, done) < 0)
		_exit(1);
	must(ferry_listener_accept(listener, FERRY_NEVER, &channel, &why),
	     &why);
	ferry_listener_close(listener);
}

static void
come(const msg_cfg *c)
{
	struct ferry_error why;
	char text[512] = "", path[256];
	FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/address", c->dir);
	for (int i = 0; i < 5000 && !file; i++) {
		usleep(1000);
		file = fopen(path, "r");
	}
	if (!file || !fgets(text, sizeof(text), file))
		_exit(1);
	fclose(file);
	/* Of this end; the listener's do not bind it. */
	if (*options)
		address(c, text, sizeof(text));
	must(ferry_channel_open(text, NULL, ferry_in_ms(DEADLINE_MS), &channel,
				&why), &why);
}

void
msg_open(msg_cfg *c)
{
	struct ferry_error why;

	if (is_pair()) {
		channel = pair[c->side];
		ferry_channel_close(pair[!c->side], FERRY_NOW, NULL);
		must(ferry_channel_claim(channel, &why), &why);
	} else if (c->side) {
		serve(c);
	} else {
		come(c);
	}
	gathers = gathers && !c->side;
	if (gathers)
		ferry_channel_cork(channel);
}

void *
msg_get(size_t n)
{
	struct ferry_error why;
	uint8_t *room;

	by = until();
	must(ferry_channel_loan(channel, n, &room, by, &why), &why);
	return room;
}

void
msg_put(void *p, size_t n)
{
	struct ferry_error why;

	(void)p;
	(void)n;
	must(ferry_channel_commit(channel, by, &why), &why);
}

static void
poll_for_message(void)
{
	struct pollfd fd = { .events = ferry_channel_events(channel) };
	struct ferry_error why;

	must(ferry_channel_fd(channel, &fd.fd, &why), &why);
	if (poll(&fd, 1, DEADLINE_MS) != 1)
		_exit(1);
	must(ferry_channel_process(channel, &why), &why);
}

static struct ferry_bytes
take_polled(void)
{
	struct ferry_bytes message;
	struct ferry_error why;
	ferry_err err;

	while ((err = ferry_channel_take(channel, &message, FERRY_NOW, &why)) ==
	       FERRY_EAGAIN)
		poll_for_message();
	must(err, &why);
	return message;
}

void *
msg_take(size_t *n)
{
	struct ferry_bytes message;
	struct ferry_error why;

	if (polls)
		message = take_polled();
	else
		must(ferry_channel_take(channel, &message, until(), &why),
		     &why);
	*n = message.len;
	return (void *)(uintptr_t)message.data;
}

void
msg_release(void *p)
{
	(void)p;
	ferry_channel_release(channel);
}

void
msg_cleanup(msg_cfg *c)
{
	(void)c;
	ferry_channel_close(channel, FERRY_NOW, NULL);
}
