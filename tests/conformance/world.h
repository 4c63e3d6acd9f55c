/* SPDX-License-Identifier: MIT */
/*
 * Where a case of the conformance suite happens: two ends of a channel, in this
 * process or in two, made in one way by the public functions alone.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>

#include <ferry/ferry.h>

#include "audit.h"
#include "heap.h"
#include "peer.h"

/* No test waits for so long unless it is about to fail. */
#define FY_TEST_MS 20000
/* How late a deadline may be noticed on a machine that has other work. */
#define FY_LATE_MS 1000
/* Bytes of the text of an address. */
#define FY_ADDR 600
/* The longest message that the channels of a world carry. */
#define FY_LIMIT (4u << 20)

struct fy_world;

/* Which end of the channel a case is about. */
enum fy_role { FY_OPENS, FY_ACCEPTS };

/**
 * struct fy_way - one way to make a channel: a row of the matrix
 * @name:    of the row
 * @scheme:  of the end that opens
 * @other:   of the other one, if that is another; or NULL
 * @listen:  where to listen: ! stands for the world's folder, # for a number of
 *           its own. NULL: there is no listener, there are pairs
 * @watch:   option with which the end of the peer's process is the end of the
 *           channel; NULL: it always is, or never
 * @fault:   options of tests/lib/fault.h around the end that opens; or NULL
 * @connect: makes both ends in this process
 * @meet:    one of them in w->peer
 * @addrs:   see fy_world_addrs(); NULL: by @listen
 * @full_ms: who cannot send for so long will not be able to, either
 * @unnamed: several may listen at an address: it is nobody's name
 * @tiny:    few bytes go at a time: no large messages
 */
struct fy_way {
	const char *name;
	const char *scheme;
	const char *other;
	const char *listen;
	const char *watch;
	const char *fault;
	ferry_err (*connect)(struct fy_world *w);
	void (*meet)(struct fy_world *w);
	void (*addrs)(struct fy_world *w, char opens[FY_ADDR],
		      char other[FY_ADDR]);
	int full_ms;
	bool unnamed;
	bool tiny;
};

/**
 * struct fy_world - what a case has
 * @us:   the end that it is about: the one that opened, or that was accepted
 * @them: the other end, NULL if w->peer has it
 * @left: descriptors to be closed with the ends; -1
 * @options: of every address, or ""
 * @fault: as that of the way, of this case alone; or ""
 * @base: a listening socket that fd: addresses are copies of; or -1
 */
struct fy_world {
	const struct fy_way *way;
	enum fy_role role;
	uint32_t caps;
	struct fy_test_heap heap;
	struct ferry_listener_config config;
	struct ferry_error why;
	char folder[64];
	char at[256];
	struct ferry_listener *listener;
	struct ferry_channel *us;
	struct ferry_channel *them;
	struct fy_peer peer;
	int base;
	int left[2];
	unsigned int n_names;
	char options[40];
	char fault[40];
	struct fy_audit before;
};

extern const struct fy_way fy_ways[];

/** fy_way_caps() - enum ferry_caps of that end; false: there is no such scheme
 */
bool fy_way_caps(const struct fy_way *way, enum fy_role role, uint32_t *out);

/** fy_world_open() - notes what there is; no channel yet */
struct fy_world *fy_world_open(const struct fy_way *way, enum fy_role role);

/** fy_world_close() - ends all. Return: whether nothing was left behind */
bool fy_world_close(struct fy_world *w);

/** fy_world_listen() - opens w->listener; w->at is where */
ferry_err fy_world_listen(struct fy_world *w);

/** fy_world_listen_addr() - a text to listen at, another one each time */
void fy_world_listen_addr(struct fy_world *w, char *out, size_t bytes);

/**
 * fy_world_addrs() - two addresses whose ends belong together
 * @opens: for the end that opens; "": what the listener says
 * @other: to listen at, or what is one link already
 */
void fy_world_addrs(struct fy_world *w, char opens[FY_ADDR],
		    char other[FY_ADDR]);

/** fy_world_dial() - a channel to w->at, through the fault transport where the
 *  way has one; not while w->listener is this thread's, for somebody accepts */
ferry_err fy_world_dial(struct fy_world *w, struct ferry_deadline until,
			struct ferry_channel **out);

/**
 * struct fy_caller - a thread that dials w->at
 * @ch: what came of it, or NULL
 */
struct fy_caller {
	struct fy_world *w;
	struct ferry_deadline until;
	pthread_t thread;
	struct ferry_channel *ch;
	ferry_err err;
	atomic_bool over;
};

/** fy_caller_start() - @until: that of the dialling */
void fy_caller_start(struct fy_caller *caller, struct fy_world *w,
		     struct ferry_deadline until);

/** fy_caller_join() - its channel; asserts nothing */
ferry_err fy_caller_join(struct fy_caller *caller, struct ferry_channel **out);

/** fy_world_join() - one more client of w->listener, and its channel there */
ferry_err fy_world_join(struct fy_world *w, struct ferry_channel **opened,
			struct ferry_channel **accepted);

/** fy_world_try() - .us and .them in this process, or what was met first */
ferry_err fy_world_try(struct fy_world *w);

/** fy_world_connect() - the same, which must succeed */
void fy_world_connect(struct fy_world *w);

/** fy_world_meet() - .us in this process, the other end in w->peer */
void fy_world_meet(struct fy_world *w);

/** fy_world_disconnect() - closes both ends and the listener */
void fy_world_disconnect(struct fy_world *w);

/* Those of ferry_channel_config: the fault transport. */
extern const struct ferry_transport_ops *const fy_test_transports[];
