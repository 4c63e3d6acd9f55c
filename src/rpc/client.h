/* SPDX-License-Identifier: MIT */
/*
 * A client, as the files that make it up see it: client.c (its life, foreign
 * event loops), call.c (one call, as stubs use it), lead.c (who reads).
 *
 * Leader and followers: of the threads that wait for replies one, the leader,
 * reads the link. It hands replies to the calls they are for and wakes those
 * whose thread sleeps; when its own call is done it wakes one of them to lead.
 * A thread alone leads itself and is never handed anything. A foreign event
 * loop is told (.loop_bell) of what a leader delivered or left unread.
 *
 * Two locks, never one inside the other but .send before .lock:
 *
 *   .send  the sending half of the link, from ferry_call_begin() to
 *          ferry_call_send(). Its holder may wait for room; while he does he
 *          reads, or is told (.bell) as soon as nobody does, for a server may
 *          be waiting for room as well.
 *   .lock  everything below it in the struct; nobody waits under it. The
 *          leader who finds his own reply keeps it until he has stepped down.
 *
 * The receiving half of the link belongs to the leader (.led).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/rpc.h>
#include <ferry/stub.h>

#include "channel/channel.h"
#include "core/poll.h"
#include "rpc/calls.h"
#include "core/lock.h"
#include "rpc/msg.h"
#include "channel/watch.h"

/* ferry_call.fy_state of a client's call; a futex. */
enum fy_call_state {
	FY_CALL_IDLE = 0,
	FY_CALL_OPEN = 1,   /* begun: its thread holds the sending half */
	FY_CALL_FLIGHT = 2, /* sent, or just being sent */
	FY_CALL_SLEEP = 3,  /* the same, and its thread sleeps */
	FY_CALL_DONE = 4,   /* the results or .fy_err are there */
};

struct ferry_client {
	const struct ferry_hooks *hooks;
	struct ferry_channel ch;
	size_t max_message;
	size_t header_bytes;
	bool both; /* of the link's events: reading hears of room as well */
	uint8_t header[FY_MSG_CALL_MAX]; /* of every call, to be patched */

	struct fy_lock send;

	struct fy_lock lock;
	struct fy_calls calls;
	struct ferry_call *waiters; /* whose threads follow */
	bool led;
	bool holds;		  /* the leader's: it has kept .lock */
	bool room_wanted;	  /* the holder of .send waits */
	int bell;		  /* eventfd, rung for him; -1 until needed */
	struct ferry_error ended; /* .code FERRY_OK: calls can be sent */
	struct fy_poll poll;	  /* for a foreign loop; -1 until asked for */
	int loop_bell;		  /* atomic: eventfd in .poll; as .poll */
	struct fy_watch watch;
};

static inline uint32_t
fy_call_state(const struct ferry_call *call)
{
	return __atomic_load_n(&call->fy_state, __ATOMIC_ACQUIRE);
}

/**
 * fy_client_await() - leads or follows until @call, in flight, is done
 *
 * By its deadline at the latest: then it fails with FERRY_ETIMEDOUT.
 */
void fy_client_await(struct ferry_client *client, struct ferry_call *call);

/**
 * fy_client_forget() - takes @call, in flight, out of the table
 *
 * When this returns no other thread knows of it. It may be done by then.
 */
void fy_client_forget(struct ferry_client *client, struct ferry_call *call);

/**
 * fy_client_make_room() - waits a while for room on the link, and reads
 *
 * The holder of .send, after FERRY_EAGAIN. FERRY_OK: try again;
 * FERRY_ETIMEDOUT. Any other: the link is of no use for sending.
 */
FY_MUST_CHECK ferry_err fy_client_make_room(struct ferry_client *client,
					    struct ferry_deadline until,
					    struct ferry_error *why);

/**
 * fy_client_read() - reads and delivers what is there, without waiting
 *
 * By the leader. Not for ever where the server sends faster than this reads:
 * then the link is still pending.
 *
 * Return: as ferry_client_process().
 */
FY_MUST_CHECK ferry_err fy_client_read(struct ferry_client *client);

/**
 * fy_client_tell_loop() - has a foreign loop, if there is one, come and look
 *
 * After what it may wait for and no descriptor tells of. Told too often is
 * harmless.
 */
void fy_client_tell_loop(struct ferry_client *client);

/** fy_client_step_down() - the leader leads no more; another one may */
void fy_client_step_down(struct ferry_client *client);

/** fy_client_lose() - nothing more comes, because of @why: all calls fail */
void fy_client_lose(struct ferry_client *client, const struct ferry_error *why);

/** fy_client_end() - sends no more, because of @why; the first reason stays */
void fy_client_end(struct ferry_client *client, const struct ferry_error *why);
