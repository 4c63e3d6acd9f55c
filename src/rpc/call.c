/* SPDX-License-Identifier: MIT */
/* One call as a client's stub sees it: begin, send, wait, end. */
#include <string.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/time.h"
#include "rpc/client.h"

struct ferry_call
ferry_call_to(struct ferry_client *client, struct ferry_deadline until,
	      struct ferry_arena *mem)
{
	return (struct ferry_call){ .client = client,
				    .until = until,
				    .mem = mem };
}

static void
set_state(struct ferry_call *call, enum fy_call_state state)
{
	__atomic_store_n(&call->fy_state, (uint32_t)state, __ATOMIC_RELEASE);
}

static ferry_err
check(struct ferry_call *call, size_t bytes)
{
	const struct ferry_client *client = call->client;
	ferry_err err;

	if (!client)
		return fy_fail(&call->why, FERRY_EINVAL,
			       "the call has no client: make it by "
			       "ferry_call_to()");
	err = fy_channel_own(&client->ch, &call->why);
	if (err)
		return err;
	if (bytes == SIZE_MAX)
		return fy_fail(&call->why, FERRY_EENCODE,
			       "an argument is outside its declared type");
	if (client->header_bytes > client->max_message ||
	    bytes > client->max_message - client->header_bytes)
		return fy_fail(&call->why, FERRY_ETOOBIG,
			       "the call has %zu bytes of arguments, the "
			       "longest message has %zu",
			       bytes, client->max_message);
	return FERRY_OK;
}

/* The reason why nothing can be sent any more. */
static ferry_err
not_sent(struct ferry_client *client, struct ferry_call *call)
{
	struct ferry_error ended;

	fy_lock(&client->lock);
	ended = client->ended;
	fy_unlock(&client->lock);
	fy_fail(&call->why, FERRY_ECONNECT,
		"the call was not sent, for the connection is broken; open "
		"another client: %.120s",
		ended.text);
	call->why.sys_errno = ended.sys_errno;
	return FERRY_ECONNECT;
}

/* The link is of no use for sending: says so to this call and all later. */
static ferry_err
end_sending(struct ferry_client *client, struct ferry_call *call,
	    ferry_err err, struct ferry_error *why)
{
	if (why->code == FERRY_OK)
		fy_fail(why, err, "%s", ferry_strerror(err));
	fy_client_end(client, why);
	return not_sent(client, call);
}

/* Whether @err, of loan or of waiting for room, leaves the link as it was. */
static bool
is_harmless(ferry_err err)
{
	return err == FERRY_ETIMEDOUT || err == FERRY_ENOMEM ||
	       err == FERRY_ETOOBIG || err == FERRY_ESYS;
}

/* Room for @bytes on the link, waiting for it if need be. */
static ferry_err
borrow(struct ferry_client *client, struct ferry_call *call, size_t bytes)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_error why;
	ferry_err err;

	fy_error_none(&why);
	for (;;) {
		err = link->ops->loan(link, bytes, &call->fy_room, &why);
		if (FY_LIKELY(err == FERRY_OK))
			return FERRY_OK;
		if (err == FERRY_EAGAIN)
			err = fy_client_make_room(client, call->fy_until, &why);
		if (FY_LIKELY(!err))
			continue;
		link->ops->cancel(link);
		if (!is_harmless(err))
			return end_sending(client, call, err, &why);
		call->why = why;
		return err;
	}
}

static ferry_err
begin(struct ferry_call *call, const struct ferry_version *version,
      uint32_t procedure, size_t bytes)
{
	struct ferry_client *client = call->client;
	ferry_err err = check(call, bytes);

	if (err)
		return err;
	call->fy_until = fy_deadline_said(call->until, FERRY_CALL_DEFAULT_MS);
	if (fy_lock_until(&client->send, call->fy_until))
		return fy_fail(&call->why, FERRY_ETIMEDOUT,
			       "other threads were sending until the deadline");
	err = borrow(client, call, client->header_bytes + bytes);
	if (err) {
		fy_unlock(&client->send);
		return err;
	}
	call->fy_version = version;
	call->fy_procedure = procedure;
	/* The header comes last: its place may be on its way to this end. */
	call->fy_encoder =
		ferry_encoder_on(call->fy_room + client->header_bytes, bytes);
	return FERRY_OK;
}

struct ferry_encoder *
ferry_call_begin(struct ferry_call *call, const struct ferry_version *version,
		 uint32_t procedure, size_t bytes)
{
	ferry_err err;

	call->fy_encoder = ferry_encoder_on(call->fy_small, 0);
	if (fy_call_state(call) != FY_CALL_IDLE) {
		call->fy_encoder.err = FERRY_EINVAL;
		return &call->fy_encoder;
	}
	err = begin(call, version, procedure, bytes);
	call->fy_err = err;
	if (err)
		call->fy_encoder.err = err;
	else
		set_state(call, FY_CALL_OPEN);
	return &call->fy_encoder;
}

/* Into the table of calls in flight. */
static ferry_err
enter(struct ferry_client *client, struct ferry_call *call)
{
	ferry_err err = FERRY_OK;
	bool ended;

	fy_lock(&client->lock);
	ended = client->ended.code != FERRY_OK;
	if (!ended)
		err = fy_calls_add(&client->calls, call);
	fy_unlock(&client->lock);
	if (ended)
		return not_sent(client, call);
	if (err)
		return fy_fail(&call->why, err,
			       "%u calls are in flight; wait for some of them",
			       FY_CALLS_MAX);
	return FERRY_OK;
}

/*
 * What a slow server has not taken yet: whoever reads polls for it, too, but a
 * leader that sleeps already does not know that there is something.
 */
static void
push_out(struct ferry_client *client, struct ferry_call *call)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_error why;
	bool led;

	while (link->ops->unsent(link) > 0) {
		fy_lock(&client->lock);
		led = client->led;
		if (!led && client->poll.fd >= 0 &&
		    fy_watch_sync(&client->watch, &client->poll, link, &why))
			led = true;
		fy_unlock(&client->lock);
		if (!led || fy_client_make_room(client, call->fy_until, &why))
			return;
	}
}

static ferry_err
encoded(struct ferry_call *call)
{
	const struct ferry_encoder *e = &call->fy_encoder;

	if (e->err)
		return fy_fail(&call->why, e->err,
			       "the arguments could not be encoded: %s",
			       ferry_strerror(e->err));
	if (e->at != e->end)
		return fy_fail(&call->why, FERRY_EENCODE,
			       "the arguments changed while they were encoded");
	return FERRY_OK;
}

static ferry_err
commit(struct ferry_client *client, struct ferry_call *call)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_error why;
	ferry_err err;

	fy_error_none(&why);
	memcpy(call->fy_room, client->header, client->header_bytes);
	fy_msg_patch_call(call->fy_room, call->fy_xid,
			  call->fy_version->program, call->fy_version->version,
			  call->fy_procedure);
	err = link->ops->commit(link, &why);
	if (FY_UNLIKELY(err)) {
		fy_client_forget(client, call);
		return end_sending(client, call, err, &why);
	}
	if (FY_UNLIKELY(link->ops->unsent(link) > 0))
		push_out(client, call);
	return FERRY_OK;
}

static void
drop_block(struct ferry_call *call)
{
	if (call->fy_block)
		fy_free(call->client->hooks, call->fy_block);
	call->fy_block = NULL;
}

ferry_err
ferry_call_send(struct ferry_call *call)
{
	struct ferry_client *client = call->client;
	uint32_t state = fy_call_state(call);
	bool is_left;
	ferry_err err;

	if (state == FY_CALL_IDLE && call->fy_err)
		return call->fy_err;
	if (state != FY_CALL_OPEN)
		return fy_fail(&call->why, FERRY_EINVAL,
			       "the call was not begun, or was sent already "
			       "and has not ended");

	err = encoded(call);
	set_state(call, FY_CALL_FLIGHT);
	if (!err)
		err = enter(client, call);
	if (err)
		client->ch.link->ops->cancel(client->ch.link);
	else
		err = commit(client, call);
	is_left = client->both &&
		  client->ch.link->ops->unsent(client->ch.link) > 0;
	fy_unlock(&client->send);
	/* The loop may have heard of room while this thread had the lock. */
	if (FY_UNLIKELY(is_left))
		fy_client_tell_loop(client);
	if (err) {
		/* A false server may have answered what it did not get. */
		drop_block(call);
		call->fy_err = err;
		set_state(call, FY_CALL_IDLE);
	}
	return err;
}

/* ---- the results ---- */

/* The results belong where the caller wants them: in his arena, if there is. */
static ferry_err
place_results(struct ferry_call *call)
{
	uint8_t *copy;

	if (!call->mem)
		return FERRY_OK;
	if (call->fy_block) {
		if (fy_arena_adopt(call->mem, call->client->hooks,
				   call->fy_block))
			return fy_fail_memory(&call->why, call->fy_message.len);
		call->fy_block = NULL;
	} else if (call->fy_message.data == call->fy_small &&
		   call->fy_message.len > 0) {
		copy = ferry_arena_alloc(call->mem, call->fy_message.len);
		if (!copy)
			return fy_fail_memory(&call->why, call->fy_message.len);
		memcpy(copy, call->fy_small, call->fy_message.len);
		call->fy_message.data = copy;
	}
	return FERRY_OK;
}

static void
await(struct ferry_call *call)
{
	ferry_err err = fy_channel_own(&call->client->ch, &call->why);

	if (FY_UNLIKELY(err))
		call->fy_err = err;
	else
		fy_client_await(call->client, call);
}

struct ferry_decoder *
ferry_call_wait(struct ferry_call *call)
{
	uint32_t state = fy_call_state(call);

	call->fy_decoder = ferry_decoder_on(call->fy_small, 0, NULL);
	if (state == FY_CALL_FLIGHT)
		await(call);
	else if (state != FY_CALL_DONE && !call->fy_err)
		call->fy_err = fy_fail(&call->why, FERRY_EINVAL,
				       "the call is not in flight");
	if (!call->fy_err)
		call->fy_err = place_results(call);
	if (call->fy_err)
		call->fy_decoder.err = call->fy_err;
	else
		call->fy_decoder = ferry_decoder_on(call->fy_message.data,
						    call->fy_message.len,
						    call->mem);
	return &call->fy_decoder;
}

ferry_err
ferry_call_end(struct ferry_call *call)
{
	ferry_err err;

	if (fy_call_state(call) != FY_CALL_DONE) {
		ferry_call_abandon(call);
		if (call->fy_err)
			return call->fy_err;
		return fy_fail(&call->why, FERRY_EINVAL,
			       "the call was not waited for");
	}
	err = call->fy_err;
	if (!err) {
		err = ferry_get_end(&call->fy_decoder);
		if (err)
			fy_fail(&call->why, err,
				"the results could not be decoded (%s); "
				"compare the interface files of both sides",
				ferry_strerror(err));
	}
	drop_block(call);
	set_state(call, FY_CALL_IDLE);
	return err;
}

bool
ferry_call_done(const struct ferry_call *call)
{
	uint32_t state = fy_call_state(call);

	return state == FY_CALL_DONE || state == FY_CALL_IDLE;
}

void
ferry_call_abandon(struct ferry_call *call)
{
	uint32_t state = fy_call_state(call);

	if (state == FY_CALL_IDLE)
		return;
	if (state == FY_CALL_OPEN) {
		call->client->ch.link->ops->cancel(call->client->ch.link);
		fy_unlock(&call->client->send);
	} else if (state != FY_CALL_DONE &&
		   !fy_channel_own(&call->client->ch, NULL)) {
		/* A child's copy of the table may be locked for ever. */
		fy_client_forget(call->client, call);
	}
	/* A reply may have come until now. */
	if (state != FY_CALL_OPEN)
		drop_block(call);
	set_state(call, FY_CALL_IDLE);
}
