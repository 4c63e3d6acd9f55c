/* SPDX-License-Identifier: MIT */
#include "channels.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ferry/ferry.h>

#define DEADLINE_MS 30000

static void
must(ferry_err err, const struct ferry_error *why)
{
	if (err)
		bench_fatal(why->text);
}

static struct ferry_channel *
channel_of(const struct bench_pair *pair)
{
	return pair->end[pair->side];
}

static struct ferry_deadline
until(const struct bench_pair *pair)
{
	return pair->late ? ferry_in_ms(DEADLINE_MS) : FERRY_NEVER;
}

/* ---- two ends that are there before the fork ---- */

static bool
prepare_pair(struct bench_pair *pair, const char *scheme)
{
	struct ferry_channel *ends[2];
	struct ferry_error why;

	must(ferry_channel_pair(scheme, NULL, ends, &why), &why);
	pair->end[0] = ends[0];
	pair->end[1] = ends[1];
	return true;
}

static bool
prepare_pipe(struct bench_pair *pair)
{
	return prepare_pair(pair, "pipe");
}

static bool
prepare_fd(struct bench_pair *pair)
{
	return prepare_pair(pair, "fd");
}

static void
open_pair(struct bench_pair *pair)
{
	struct ferry_error why;

	ferry_channel_close(pair->end[!pair->side], FERRY_NOW, NULL);
	must(ferry_channel_claim(channel_of(pair), &why), &why);
}

/* ---- a listener, and one who comes ---- */

static bool
prepare_nothing(struct bench_pair *pair)
{
	(void)pair;
	return true;
}

static void
listen_at(struct bench_pair *pair, const char *addr)
{
	struct ferry_listener *listener;
	struct ferry_channel *channel;
	struct ferry_error why;
	char text[512];

	must(ferry_listener_open(addr, NULL, &listener, &why), &why);
	ferry_listener_addr(listener, text, sizeof(text));
	if (write(pair->ready[1], text, sizeof(text)) != sizeof(text))
		bench_fatal("the parent has gone");
	must(ferry_listener_accept(listener, FERRY_NEVER, &channel, &why),
	     &why);
	ferry_listener_close(listener);
	pair->end[1] = channel;
}

static void
come(struct bench_pair *pair)
{
	struct ferry_channel *channel;
	struct ferry_error why;
	char text[512];

	if (read(pair->ready[0], text, sizeof(text)) != sizeof(text))
		bench_fatal("the child does not listen");
	must(ferry_channel_open(text, NULL, ferry_in_ms(DEADLINE_MS), &channel,
				&why), &why);
	pair->end[0] = channel;
}

static void
meet(struct bench_pair *pair, const char *addr)
{
	if (pair->side)
		listen_at(pair, addr);
	else
		come(pair);
}

static void
open_path(struct bench_pair *pair, const char *scheme)
{
	char addr[100];

	snprintf(addr, sizeof(addr), "%s:%s/f", scheme, pair->dir);
	meet(pair, addr);
}

static void
open_unix(struct bench_pair *pair)
{
	open_path(pair, "unix");
}

static void
open_fifo(struct bench_pair *pair)
{
	open_path(pair, "fifo");
}

static void
open_tcp(struct bench_pair *pair)
{
	meet(pair, "tcp:127.0.0.1:0");
}

static void
open_mq(struct bench_pair *pair)
{
	char addr[100];

	snprintf(addr, sizeof(addr), "mq:%s", strrchr(pair->dir, '/'));
	meet(pair, addr);
}

static void
open_sysv(struct bench_pair *pair)
{
	char addr[100];

	snprintf(addr, sizeof(addr), "sysv:0x46%06x",
		 (unsigned int)getpid() & 0xffffff);
	meet(pair, addr);
}

/* ---- messages ---- */

static void
put(struct bench_pair *pair, size_t bytes)
{
	struct ferry_channel *channel = channel_of(pair);
	struct ferry_deadline by = until(pair);
	struct ferry_error why;
	uint8_t *room;

	must(ferry_channel_loan(channel, bytes, &room, by, &why), &why);
	room[0] = 1;
	must(ferry_channel_commit(channel, by, &why), &why);
}

static void
take(struct bench_pair *pair, size_t bytes)
{
	struct ferry_channel *channel = channel_of(pair);
	struct ferry_bytes message;
	struct ferry_error why;

	must(ferry_channel_take(channel, &message, until(pair), &why), &why);
	if (message.len != bytes)
		bench_fatal("a message of another length");
	ferry_channel_release(channel);
}

/* The same in an event loop of one channel. */
static void
take_polled(struct bench_pair *pair, size_t bytes)
{
	struct ferry_channel *channel = channel_of(pair);
	struct pollfd fd = { .events = ferry_channel_events(channel) };
	struct ferry_bytes message;
	struct ferry_error why;
	ferry_err err;

	must(ferry_channel_fd(channel, &fd.fd, &why), &why);
	while ((err = ferry_channel_take(channel, &message, FERRY_NOW, &why)) ==
	       FERRY_EAGAIN) {
		if (poll(&fd, 1, DEADLINE_MS) != 1)
			bench_fatal("poll");
		must(ferry_channel_process(channel, &why), &why);
	}
	must(err, &why);
	if (message.len != bytes)
		bench_fatal("a message of another length");
	ferry_channel_release(channel);
}

static void
flush(struct bench_pair *pair)
{
	struct ferry_error why;

	must(ferry_channel_flush(channel_of(pair), FERRY_NEVER, &why), &why);
}

static void
gone(struct bench_pair *pair)
{
	struct ferry_bytes message;
	struct ferry_error why;

	if (ferry_channel_take(channel_of(pair), &message,
			       ferry_in_ms(DEADLINE_MS), &why) != FERRY_EOF)
		bench_fatal("no end though the peer was killed");
}

static void
cork(struct bench_pair *pair)
{
	if (pair->cork && !pair->side)
		ferry_channel_cork(channel_of(pair));
}

static void
open_unix_corked(struct bench_pair *pair)
{
	open_unix(pair);
	cork(pair);
}

static void
end(struct bench_pair *pair)
{
	ferry_channel_close(channel_of(pair), FERRY_NOW, NULL);
}

#define MEANS(scheme, prepare, open)                                           \
	{ scheme, "ferry", false, false, 0, prepare, open, put, take, flush,   \
	  gone, end },                                                         \
	{ scheme, "  late", true, false, 0, prepare, open, put, take, flush,   \
	  gone, end }

const struct bench_means bench_ferry[] = {
	MEANS("pipe", prepare_pipe, open_pair),
	MEANS("fifo", prepare_nothing, open_fifo),
	MEANS("mq", prepare_nothing, open_mq),
	MEANS("sysv", prepare_nothing, open_sysv),
	{ "sysv", "  poll", false, false, 0, prepare_nothing, open_sysv, put,
	  take_polled, flush, gone, end },
	MEANS("unix", prepare_nothing, open_unix),
	{ "unix", "  cork", false, true, 0, prepare_nothing, open_unix_corked,
	  put, take, flush, NULL, end },
	MEANS("fd", prepare_fd, open_pair),
	MEANS("tcp", prepare_nothing, open_tcp),
	{ .scheme = NULL },
};
