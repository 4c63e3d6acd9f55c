/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static const struct ferry_row half_rows[] = {
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct half, a), UINT32_MAX,
	 { NULL } },
};

const struct ferry_codec half_codec = {
	sizeof(struct half), UINT32_MAX, 1, true, false, { half_rows },
};

static const struct ferry_row whole_rows[] = {
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct whole, a), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct whole, b), UINT32_MAX,
	 { NULL } },
};

const struct ferry_codec whole_codec = {
	sizeof(struct whole), UINT32_MAX, 2, true, false, { whole_rows },
};

static const struct ferry_row several_rows[] = {
	{ FERRY_KIND_LIST, offsetof(struct several, items), UINT32_MAX,
	 { &whole_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct several, n_items), 0, { NULL } },
};

const struct ferry_codec several_codec = {
	sizeof(struct several), 4, 2, false, false, { several_rows },
};

static const struct ferry_row holder_rows[] = {
	{ FERRY_KIND_OPTIONAL, offsetof(struct holder, perhaps), 0,
	 { &whole_codec } },
	{ FERRY_KIND_LIST, offsetof(struct holder, list), UINT32_MAX,
	 { &whole_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct holder, n_list), 0, { NULL } },
	{ FERRY_KIND_ARRAY, offsetof(struct holder, must), 2, { &half_codec } },
};

const struct ferry_codec holder_codec = {
	sizeof(struct holder), UINT32_MAX, 4, false, false, { holder_rows },
};

static const struct ferry_case either_cases[] = {
	{ 1, 0 },
	{ 2, 1 },
};

static const struct ferry_row either_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct either, which), 1, { NULL } },
	{ FERRY_KIND_SWITCH, 0, 2, { .cases = either_cases } },
	{ FERRY_KIND_RECORD, offsetof(struct either, u.big), 0,
	 { &whole_codec } },
	{ FERRY_KIND_STRING, offsetof(struct either, u.small), UINT32_MAX,
	 { NULL } },
};

const struct ferry_codec either_codec = {
	sizeof(struct either), 8, 2, false, false, { either_rows },
};

struct two_1_args {
	const struct several *several;
	const struct half *half;
	const struct half *arg3;
};

static const struct ferry_row two_1_args_codec_rows[] = {
	{ FERRY_KIND_RECORD_AT, offsetof(struct two_1_args, several), 0,
	 { &several_codec } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct two_1_args, half), 0,
	 { &half_codec } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct two_1_args, arg3), 0,
	 { &half_codec } },
};

static const struct ferry_codec two_1_args_codec = {
	sizeof(struct two_1_args), 0, 3, false, false,
		{ two_1_args_codec_rows },
};

static const struct ferry_procedure huge_1_procedures[] = {
	{ 1, offsetof(struct huge_1_ops, one), "ONE", &whole_codec,
	 &whole_codec },
	{ 2, offsetof(struct huge_1_ops, two), "TWO", &two_1_args_codec,
	 &several_codec },
	{ 3, offsetof(struct huge_1_ops, three), "THREE", &either_codec,
	 &holder_codec },
};

FERRY_COLD static ferry_err
enter_huge_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	     const void *args, void *out)
{
	const struct huge_1_ops *ops = handlers;

	switch (procedure) {
	case 1:
		return ops->one(call, args, out);
	case 2: {
		const struct two_1_args *p = args;

		return ops->two(call, p->several, p->half, p->arg3, out);
	}
	case 3:
		return ops->three(call, args, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version huge_1_version = {
	"HUGE", 0x20000012, 1, 3, huge_1_procedures, ferry_stub_serve,
		enter_huge_1,
};

ferry_err
huge_1_serve(struct ferry_server *server, const struct huge_1_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &huge_1_version, ops, ctx);
}

FERRY_COLD ferry_err
one_1_reply(struct ferry_call *call, const struct whole *out)
{
	return ferry_stub_reply(call, out, &huge_1_version, 1);
}

FERRY_COLD ferry_err
two_1_reply(struct ferry_call *call, const struct several *out)
{
	return ferry_stub_reply(call, out, &huge_1_version, 2);
}

FERRY_COLD ferry_err
three_1_reply(struct ferry_call *call, const struct holder *out)
{
	return ferry_stub_reply(call, out, &huge_1_version, 3);
}

FERRY_COLD ferry_err
one_1(struct ferry_call *call, const struct whole *whole, struct whole *out)
{
	return ferry_stub_call(call, whole, out, &huge_1_version, 1);
}

FERRY_COLD ferry_err
one_1_start(struct ferry_call *call, const struct whole *whole)
{
	return ferry_stub_start(call, whole, &huge_1_version, 1);
}

FERRY_COLD ferry_err
one_1_finish(struct ferry_call *call, struct whole *out)
{
	return ferry_stub_finish(call, out, &huge_1_version, 1);
}

FERRY_COLD ferry_err
two_1(struct ferry_call *call, const struct several *several,
      const struct half *half, const struct half *arg3, struct several *out)
{
	const struct two_1_args args = { several, half, arg3 };

	return ferry_stub_call(call, &args, out, &huge_1_version, 2);
}

FERRY_COLD ferry_err
two_1_start(struct ferry_call *call, const struct several *several,
	    const struct half *half, const struct half *arg3)
{
	const struct two_1_args args = { several, half, arg3 };

	return ferry_stub_start(call, &args, &huge_1_version, 2);
}

FERRY_COLD ferry_err
two_1_finish(struct ferry_call *call, struct several *out)
{
	return ferry_stub_finish(call, out, &huge_1_version, 2);
}

FERRY_COLD ferry_err
three_1(struct ferry_call *call, const struct either *either,
	struct holder *out)
{
	return ferry_stub_call(call, either, out, &huge_1_version, 3);
}

FERRY_COLD ferry_err
three_1_start(struct ferry_call *call, const struct either *either)
{
	return ferry_stub_start(call, either, &huge_1_version, 3);
}

FERRY_COLD ferry_err
three_1_finish(struct ferry_call *call, struct holder *out)
{
	return ferry_stub_finish(call, out, &huge_1_version, 3);
}
