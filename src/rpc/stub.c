/* SPDX-License-Identifier: MIT */
/* What all stubs do, once for all: a procedure's codecs tell how. */
#include <stdalign.h>
#include <string.h>

#include <ferry/stub.h>

#include "core/alloc.h"
#include "core/err.h"
#include "rpc/client.h"
#include "rpc/program.h"

/* A longer result is decoded on the heap before it is given. */
#define RESULT_ON_STACK 512

/* ---- client ---- */

static ferry_err
no_procedure(struct ferry_call *call, const struct ferry_version *version,
	     uint32_t procedure)
{
	return fy_fail(&call->why, FERRY_EINVAL,
		       "program %s, version %u, has no procedure %u",
		       version->name, version->version, procedure);
}

static ferry_err
start(struct ferry_call *call, const void *args,
      const struct ferry_version *version, const struct ferry_procedure *p)
{
	size_t bytes = p->args ? ferry_codec_size(args, p->args) : 0;
	struct ferry_encoder *e =
		ferry_call_begin(call, version, p->number, bytes);

	if (p->args)
		ferry_codec_put(e, args, p->args);
	return ferry_call_send(call);
}

/* Results are given when it is sure that there are any, and not before. */
static ferry_err
finish(struct ferry_call *call, void *out, const struct ferry_codec *result)
{
	alignas(max_align_t) uint8_t small[RESULT_ON_STACK];
	const struct ferry_hooks *hooks =
		call->client ? call->client->hooks : NULL;
	struct ferry_decoder *d = ferry_call_wait(call);
	void *got = small;
	ferry_err err;

	if (!result)
		return ferry_call_end(call);
	if (result->bytes > sizeof(small))
		got = fy_alloc(hooks, result->bytes);
	if (got)
		ferry_codec_get(d, got, result);
	else
		ferry_get_fail(d, FERRY_ENOMEM);
	err = ferry_call_end(call);
	if (!err)
		memcpy(out, got, result->bytes);
	if (got != small)
		fy_free(hooks, got);
	return err;
}

ferry_err
ferry_stub_start(struct ferry_call *call, const void *args,
		 const struct ferry_version *version, uint32_t procedure)
{
	const struct ferry_procedure *p = fy_version_find(version, procedure);

	return p ? start(call, args, version, p)
		 : no_procedure(call, version, procedure);
}

ferry_err
ferry_stub_finish(struct ferry_call *call, void *out,
		  const struct ferry_version *version, uint32_t procedure)
{
	const struct ferry_procedure *p = fy_version_find(version, procedure);

	if (!p)
		return no_procedure(call, version, procedure);
	if (fy_call_state(call) != FY_CALL_IDLE &&
	    (call->fy_version != version || call->fy_procedure != procedure))
		return fy_fail(&call->why, FERRY_EINVAL,
			       "another procedure than %s was started",
			       p->name);
	return finish(call, out, p->result);
}

ferry_err
ferry_stub_call(struct ferry_call *call, const void *args, void *out,
		const struct ferry_version *version, uint32_t procedure)
{
	const struct ferry_procedure *p = fy_version_find(version, procedure);
	ferry_err err = p ? start(call, args, version, p)
			  : no_procedure(call, version, procedure);

	return err ? err : finish(call, out, p->result);
}

/* ---- server ---- */

static ferry_err
reply(struct ferry_call *call, const void *out, const struct ferry_codec *result)
{
	struct ferry_encoder *e = ferry_reply_begin(
		call, result ? ferry_codec_size(out, result) : 0);

	if (result)
		ferry_codec_put(e, out, result);
	return ferry_reply_send(call);
}

ferry_err
ferry_stub_reply(struct ferry_call *call, const void *out,
		 const struct ferry_version *version, uint32_t procedure)
{
	const struct ferry_procedure *p = fy_version_find(version, procedure);

	if (!p || call->fy_version != version ||
	    call->fy_procedure != procedure)
		return FERRY_EINVAL;
	return reply(call, out, p->result);
}

/* Handlers differ in type, and so do pointers to them; a NULL is one in all. */
static bool
has_handler(const void *ops, const struct ferry_procedure *p)
{
	ferry_err (*handler)(void);

	memcpy(&handler, (const char *)ops + p->member, sizeof(handler));
	return handler != NULL;
}

/*
 * Arguments and results lie in the call's memory, not on the stack: a handler
 * that answers later may keep the arguments until then.
 */
static ferry_err
get_args(const struct ferry_procedure *p, struct ferry_decoder *d,
	 const void **out)
{
	ferry_err err;
	void *args;

	if (p->args) {
		args = ferry_get_memory(d, 1, p->args->bytes);
		if (args)
			ferry_codec_get(d, args, p->args);
		*out = args;
	}
	err = ferry_get_end(d);
	return err && err != FERRY_ENOMEM ? FERRY_EARGS : err;
}

ferry_err
ferry_stub_serve(struct ferry_call *call,
		 const struct ferry_procedure *procedure, const void *ops,
		 struct ferry_decoder *d)
{
	const struct ferry_codec *result = procedure->result;
	const void *args = NULL;
	void *out = NULL;
	ferry_err err;

	if (!has_handler(ops, procedure))
		return FERRY_EPROC;
	err = get_args(procedure, d, &args);
	if (err)
		return err;
	if (result) {
		out = ferry_arena_alloc(call->mem, result->bytes);
		if (!out)
			return FERRY_ENOMEM;
		memset(out, 0, result->bytes);
	}
	err = call->fy_version->enter(call, procedure->number, ops, args, out);
	return err ? err : reply(call, out, result);
}
