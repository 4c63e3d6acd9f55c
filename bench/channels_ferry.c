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
	return pair->means->late ? ferry_in_ms(DEADLINE_MS) : FERRY_NEVER;
}

/* ---- two ends that are there before the fork ---- */

static bool
prepare_pair(struct bench_pair *pair)
{
	struct ferry_channel *ends[2];
	struct ferry_error why;

	must(ferry_channel_pair(pair->means->scheme, NULL, ends, &why), &why);
	pair->end[0] = ends[0];
	pair->end[1] = ends[1];
	return true;
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

/* Options are of an end: what the listener was given does not bind this one. */
static void
come(struct bench_pair *pair, const char *addr)
{
	struct ferry_channel *channel;
	struct ferry_error why;
	char text[512];

	if (read(pair->ready[0], text, sizeof(text)) != sizeof(text))
		bench_fatal("the child does not listen");
	if (pair->means->options)
		snprintf(text, sizeof(text), "%s", addr);
	must(ferry_channel_open(text, NULL, ferry_in_ms(DEADLINE_MS), &channel,
				&why), &why);
	pair->end[0] = channel;
	if (pair->means->cork)
		ferry_channel_cork(channel);
}

static void
meet(struct bench_pair *pair, const char *addr)
{
	if (pair->side)
		listen_at(pair, addr);
	else
		come(pair, addr);
}

static void
open_path(struct bench_pair *pair)
{
	const char *options = pair->means->options;
	char addr[150];

	snprintf(addr, sizeof(addr), "%s:%s/f%s", pair->means->scheme,
		 pair->dir, options ? options : "");
	meet(pair, addr);
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
	bench_fill(pair, room, bytes);
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
	bench_scan(pair, message.data, bytes);
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
	bench_scan(pair, message.data, bytes);
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
end(struct bench_pair *pair)
{
	ferry_channel_close(channel_of(pair), FERRY_NOW, NULL);
}

#define CALLS(first, then, takes)                                              \
	.prepare = first, .open = then, .put = put, .take = takes,             \
	.flush = flush, .close = end
#define MEANS(of, how, first, then)                                            \
	{ .scheme = of, .name = "ferry", .waits = how, .gone = gone,           \
	  CALLS(first, then, take) },                                          \
	{ .scheme = of, .name = "  late", .waits = how, .late = true,          \
	  .gone = gone, CALLS(first, then, take) }
#define POLLED(of, then)                                                       \
	{ .scheme = of, .name = "  poll", .waits = "poll", .gone = gone,       \
	  CALLS(prepare_nothing, then, take_polled) }
#define CORKED(of, how, text, messages)                                        \
	{ .scheme = of, .name = text, .waits = how, .cork = true,              \
	  .each = messages, CALLS(prepare_nothing, open_path, take) }
#define SHM_WITH(text, with, place)                                            \
	{ .scheme = "shm", .name = text, .waits = "adaptive", .gone = gone,    \
	  .options = with, .in_place = place,                                  \
	  CALLS(prepare_nothing, open_path, take) }

const struct bench_means bench_ferry[] = {
	MEANS("pipe", "blocks", prepare_pair, open_pair),
	MEANS("fifo", "blocks", prepare_nothing, open_path),
	MEANS("mq", "blocks", prepare_nothing, open_mq),
	MEANS("sysv", "blocks", prepare_nothing, open_sysv),
	POLLED("sysv", open_sysv),
	MEANS("unix", "blocks", prepare_nothing, open_path),
	CORKED("unix", "blocks", "  cork", 0),
	MEANS("fd", "blocks", prepare_pair, open_pair),
	MEANS("tcp", "blocks", prepare_nothing, open_tcp),
	MEANS("shm", "adaptive", prepare_nothing, open_path),
	POLLED("shm", open_path),
	CORKED("shm", "adaptive", "  cork 1", 1),
	CORKED("shm", "adaptive", "  cork 8", 8),
	CORKED("shm", "adaptive", "  cork 16", 16),
	SHM_WITH("  ring 4m", "?ring=4m", false),
	SHM_WITH("  trust", "?ring=4m&trust=peer", true),
	{ .scheme = NULL },
};
