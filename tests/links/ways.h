/* SPDX-License-Identifier: MIT */
/* The ways to make a pair of channels: each transport, plain and maltreated. */
#pragma once

#include <stdbool.h>

#include "channel/channel.h"
#include "heap.h"

struct world;

/**
 * struct way - one way to connect two ends in this process
 * @name:    for the names of tests
 * @connect: fills .a (that dials) and .b of a world
 * @listen:  address, ! stands for a folder; NULL: no listener
 * @fault:   options for tests/lib/fault.h around .a; NULL: none
 * @ids:     the kernel names the peer's uid to both ends
 * @slow:    a pair takes milliseconds: less of them
 * @tiny:    few bytes go at a time: no large messages
 */
struct way {
	const char *name;
	ferry_err (*connect)(struct world *w);
	const char *listen;
	const char *fault;
	bool ids;
	bool slow;
	bool tiny;
};

/**
 * struct world - what a test has
 * @why:      of the last failure
 * @listener: open where the way has one
 */
struct world {
	const struct way *way;
	struct fy_test_heap heap;
	struct fy_channel_config config;
	struct ferry_error why;
	char folder[64];
	struct ferry_listener listener;
	struct ferry_channel a;
	struct ferry_channel b;
	size_t n_fds;
};

extern const struct way fy_test_ways[];
extern const size_t fy_test_n_ways;

/** fy_world_open() - counts descriptors, makes the folder; no channel yet */
struct world *fy_world_open(const struct way *way);

/** fy_world_close() - closes all. Return: whether nothing was left behind */
bool fy_world_close(struct world *w);

/** fy_world_listen() - opens the listener, at an address of the way */
ferry_err fy_world_listen(struct world *w);

/** fy_world_dial() - .a, to the listener. */
ferry_err fy_world_dial(struct world *w);

/** fy_world_disconnect() - closes .a and .b and the listener */
void fy_world_disconnect(struct world *w);

/** fy_world_connect() - .a and .b, or the error that was met first */
ferry_err fy_world_connect(struct world *w);
