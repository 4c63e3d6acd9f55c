/* SPDX-License-Identifier: MIT */
#include "rpc/calls.h"

#include <string.h>

#include "core/alloc.h"

static struct ferry_call **
chain_of(const struct fy_calls *calls, uint32_t xid)
{
	return &calls->chains[xid & (calls->n_chains - 1)];
}

/* Where the call with @xid hangs, or the NULL at the end of its chain. */
static struct ferry_call **
place_of(const struct fy_calls *calls, uint32_t xid)
{
	struct ferry_call **place = chain_of(calls, xid);

	while (*place && (*place)->fy_xid != xid)
		place = &(*place)->fy_next;
	return place;
}

static void
push(struct fy_calls *calls, struct ferry_call *call)
{
	struct ferry_call **chain = chain_of(calls, call->fy_xid);

	call->fy_next = *chain;
	*chain = call;
}

static struct ferry_call *
unlink_at(struct fy_calls *calls, struct ferry_call **place)
{
	struct ferry_call *call = *place;

	if (call) {
		*place = call->fy_next;
		call->fy_next = NULL;
		calls->n_calls--;
	}
	return call;
}

void
fy_calls_init(struct fy_calls *calls, uint32_t seed,
	      const struct ferry_hooks *hooks)
{
	memset(calls, 0, sizeof(*calls));
	calls->chains = calls->first_chains;
	calls->n_chains = FY_CALLS_CHAINS;
	calls->last_xid = seed;
	calls->hooks = hooks;
}

static void
free_chains(struct fy_calls *calls, struct ferry_call **chains)
{
	if (chains != calls->first_chains)
		fy_free(calls->hooks, chains);
}

/* Without memory the chains get longer instead; nothing else changes. */
static void
grow(struct fy_calls *calls)
{
	uint32_t n_old = calls->n_chains;
	struct ferry_call **old = calls->chains;
	struct ferry_call **chains;

	chains = fy_zalloc(calls->hooks,
			   n_old * 4 * sizeof(struct ferry_call *));
	if (!chains)
		return;
	calls->chains = chains;
	calls->n_chains = n_old * 4;
	for (uint32_t i = 0; i < n_old; i++) {
		while (old[i]) {
			struct ferry_call *call = old[i];

			old[i] = call->fy_next;
			push(calls, call);
		}
	}
	free_chains(calls, old);
}

ferry_err
fy_calls_add(struct fy_calls *calls, struct ferry_call *call)
{
	if (calls->n_calls >= FY_CALLS_MAX)
		return FERRY_EAGAIN;
	if (calls->n_calls >= 2 * calls->n_chains)
		grow(calls);

	/* After 2^32 calls an old one may still hold the next id. */
	do {
		calls->last_xid++;
	} while (*place_of(calls, calls->last_xid));
	call->fy_xid = calls->last_xid;
	push(calls, call);
	calls->n_calls++;
	return FERRY_OK;
}

struct ferry_call *
fy_calls_take(struct fy_calls *calls, uint32_t xid)
{
	return unlink_at(calls, place_of(calls, xid));
}

struct ferry_call *
fy_calls_take_next(struct fy_calls *calls, uint32_t *chain)
{
	for (; calls->n_calls > 0 && *chain < calls->n_chains; ++*chain) {
		if (calls->chains[*chain])
			return unlink_at(calls, &calls->chains[*chain]);
	}
	return NULL;
}

void
fy_calls_fini(struct fy_calls *calls)
{
	free_chains(calls, calls->chains);
	calls->chains = calls->first_chains;
	calls->n_chains = FY_CALLS_CHAINS;
}
