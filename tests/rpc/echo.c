/* SPDX-License-Identifier: MIT */
#include "echo.h"

/* ---- client ---- */

static size_t
bytes_of(struct ferry_bytes b)
{
	return 4 + (((size_t)b.len + 3) & ~(size_t)3);
}

static void
put_word(struct ferry_encoder *e, uint32_t v)
{
	uint8_t *p = ferry_put_run(e, 4);

	if (p)
		ferry_store_u32(p, v);
}

static uint32_t
get_word(struct ferry_decoder *d)
{
	const uint8_t *p = ferry_get_run(d, 4);

	return p ? ferry_load_u32(p) : 0;
}

ferry_err
null_1(struct ferry_call *call)
{
	ferry_call_begin(call, &echo_1, 0, 0);
	if (!ferry_call_send(call))
		ferry_call_wait(call);
	return ferry_call_end(call);
}

ferry_err
echo_1_start(struct ferry_call *call, struct ferry_bytes in)
{
	ferry_put_bytes(ferry_call_begin(call, &echo_1, 1, bytes_of(in)), in,
			UINT32_MAX);
	return ferry_call_send(call);
}

ferry_err
echo_1_finish(struct ferry_call *call, struct ferry_bytes *out)
{
	struct ferry_bytes got = ferry_get_bytes(ferry_call_wait(call),
						 UINT32_MAX);
	ferry_err err = ferry_call_end(call);

	if (!err)
		*out = got;
	return err;
}

ferry_err
echo_1_call(struct ferry_call *call, struct ferry_bytes in,
	    struct ferry_bytes *out)
{
	ferry_err err = echo_1_start(call, in);

	return err ? err : echo_1_finish(call, out);
}

ferry_err
word_1_start(struct ferry_call *call, uint32_t procedure, uint32_t in)
{
	put_word(ferry_call_begin(call, &echo_1, procedure, 4), in);
	return ferry_call_send(call);
}

ferry_err
word_1_finish(struct ferry_call *call, uint32_t *out)
{
	uint32_t got = get_word(ferry_call_wait(call));
	ferry_err err = ferry_call_end(call);

	if (!err)
		*out = got;
	return err;
}

ferry_err
word_1_call(struct ferry_call *call, uint32_t procedure, uint32_t in,
	    uint32_t *out)
{
	ferry_err err = word_1_start(call, procedure, in);

	return err ? err : word_1_finish(call, out);
}

ferry_err
fill_1_call(struct ferry_call *call, uint32_t in, struct ferry_bytes *out)
{
	ferry_err err = word_1_start(call, 4, in);

	return err ? err : echo_1_finish(call, out);
}

/* ---- server ---- */

static ferry_err
reply_bytes(struct ferry_call *call, struct ferry_bytes out)
{
	ferry_put_bytes(ferry_reply_begin(call, bytes_of(out)), out,
			UINT32_MAX);
	return ferry_reply_send(call);
}

static ferry_err
reply_word(struct ferry_call *call, uint32_t out)
{
	put_word(ferry_reply_begin(call, 4), out);
	return ferry_reply_send(call);
}

ferry_err
late_1_reply(struct ferry_call *call, uint32_t out)
{
	return reply_word(call, out);
}

static ferry_err
serve_echo(struct ferry_call *call, const void *ops, struct ferry_decoder *d)
{
	const struct echo_1_ops *echo = ops;
	struct ferry_bytes in = ferry_get_bytes(d, UINT32_MAX);
	struct ferry_bytes out = { NULL, 0 };
	ferry_err err;

	if (!echo->echo)
		return FERRY_EPROC;
	if (ferry_get_end(d))
		return FERRY_EARGS;
	err = echo->echo(call, in, &out);
	return err ? err : reply_bytes(call, out);
}

static ferry_err
serve_word(struct ferry_call *call, struct ferry_decoder *d,
	   ferry_err (*handler)(struct ferry_call *, uint32_t, uint32_t *))
{
	uint32_t in = get_word(d);
	uint32_t out = 0;
	ferry_err err;

	if (!handler)
		return FERRY_EPROC;
	if (ferry_get_end(d))
		return FERRY_EARGS;
	err = handler(call, in, &out);
	return err ? err : reply_word(call, out);
}

static ferry_err
serve_fail(struct ferry_call *call, const void *ops, struct ferry_decoder *d)
{
	const struct echo_1_ops *echo = ops;

	return serve_word(call, d, echo->fail);
}

static ferry_err
serve_late(struct ferry_call *call, const void *ops, struct ferry_decoder *d)
{
	const struct echo_1_ops *echo = ops;

	return serve_word(call, d, echo->late);
}

static ferry_err
serve_fill(struct ferry_call *call, const void *ops, struct ferry_decoder *d)
{
	const struct echo_1_ops *echo = ops;
	uint32_t in = get_word(d);
	struct ferry_bytes out = { NULL, 0 };
	ferry_err err;

	if (!echo->fill)
		return FERRY_EPROC;
	if (ferry_get_end(d))
		return FERRY_EARGS;
	err = echo->fill(call, in, &out);
	return err ? err : reply_bytes(call, out);
}

static ferry_err
serve(struct ferry_call *call, const struct ferry_procedure *procedure,
      const void *ops, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_echo(call, ops, d);
	case 2:
		return serve_fail(call, ops, d);
	case 3:
		return serve_late(call, ops, d);
	default:
		return serve_fill(call, ops, d);
	}
}

static const struct ferry_procedure procedures[] = {
	{ .number = 1, .name = "ECHO" },
	{ .number = 2, .name = "FAIL" },
	{ .number = 3, .name = "LATE" },
	{ .number = 4, .name = "FILL" },
};

const struct ferry_version echo_1 = {
	.name = "ECHO",
	.program = ECHO_PROGRAM,
	.version = 1,
	.n_procedures = 4,
	.procedures = procedures,
	.serve = serve,
};
const struct ferry_version echo_3 = {
	.name = "ECHO",
	.program = ECHO_PROGRAM,
	.version = 3,
	.n_procedures = 4,
	.procedures = procedures,
	.serve = serve,
};
const struct ferry_version echo_4 = {
	.name = "ECHO",
	.program = ECHO_PROGRAM,
	.version = 4,
	.n_procedures = 4,
	.procedures = procedures,
	.serve = serve,
};
