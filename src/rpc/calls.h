/* SPDX-License-Identifier: MIT */
/*
 * The calls of one client that wait for their replies, found by transaction
 * id. No I/O and no locks: the client's lock is held around every function.
 *
 * A chained table: the chains run through the calls themselves, so that adding
 * one cannot fail for want of memory. Ids count up from a random start; they
 * are ours, not the peer's, so consecutive ids fill the chains evenly.
 */
#pragma once

#include <stdint.h>

#include <ferry/hooks.h>
#include <ferry/rpc.h>

#include "core/compiler.h"

/* Calls in flight at a time. */
#define FY_CALLS_MAX 65536u
#define FY_CALLS_CHAINS 64u /* to begin with */

struct fy_calls {
	struct ferry_call **chains; /* 2^k of them */
	uint32_t n_chains;
	uint32_t n_calls;
	uint32_t last_xid;
	const struct ferry_hooks *hooks;
	struct ferry_call *first_chains[FY_CALLS_CHAINS];
};

/**
 * fy_calls_init() - an empty table
 * @seed: random: the first id comes after it
 */
void fy_calls_init(struct fy_calls *calls, uint32_t seed,
		   const struct ferry_hooks *hooks);

/**
 * fy_calls_add() - gives @call an id that no other has, and enters it
 *
 * Return: FERRY_OK; FERRY_EAGAIN: FY_CALLS_MAX are in flight.
 */
FY_MUST_CHECK ferry_err fy_calls_add(struct fy_calls *calls,
				     struct ferry_call *call);

/** fy_calls_take() - removes the call with @xid; NULL: late, or never ours */
struct ferry_call *fy_calls_take(struct fy_calls *calls, uint32_t xid);

/**
 * fy_calls_take_next() - removes some call; NULL if there is none
 * @chain: 0 before the first of a row of such removals
 */
struct ferry_call *fy_calls_take_next(struct fy_calls *calls, uint32_t *chain);

/** fy_calls_fini() - frees the table, which must be empty */
void fy_calls_fini(struct fy_calls *calls);
