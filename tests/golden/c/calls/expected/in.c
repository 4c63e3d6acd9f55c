/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

/* To the source alone. */

static size_t
size_item(const void *items, size_t n)
{
	const struct item *v = items;
	size_t bytes = n * 8;

	for (; n > 0; n--, v++) {
		bytes += (size_t)ferry_padded(v->key.len);
		bytes += (size_t)ferry_padded(v->value.len);
	}
	return bytes;
}

static void
put_item(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct item *v = items;
	struct ferry_str s0;
	struct ferry_bytes s1;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		s0 = v->key;
		if (s0.len > 64)
			goto bad;
		s1 = v->value;
		p = ferry_put_run(e, 8 + ferry_padded(s0.len) +
				  ferry_padded(s1.len));
		if (!p)
			return;
		p = ferry_text_store_str(p, s0);
		ferry_text_store_bytes(p, s1);
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

static void
get_item(struct ferry_decoder *d, void *items, size_t n)
{
	struct item *v = items;

	for (; n > 0; n--, v++) {
		v->key = ferry_text_get_str(d, 64);
		v->value = ferry_text_get_bytes(d, UINT32_MAX);
	}
}

static const struct ferry_code item_code = {
	size_item, put_item, get_item,
};

const struct ferry_codec item_codec = {
	sizeof(struct item), 8, 0, false, false, { .code = &item_code },
};

static const struct ferry_row items_rows[] = {
	{ FERRY_KIND_LIST, offsetof(struct items, items), 100,
	 { &item_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct items, n_items), 0, { NULL } },
};

const struct ferry_codec items_codec = {
	sizeof(struct items), 4, 2, false, false, { items_rows },
};

static const struct ferry_row token_rows[] = {
	{ FERRY_KIND_OPAQUE, offsetof(struct token, data), 16, { NULL } },
};

const struct ferry_codec token_codec = {
	sizeof(struct token), 16, 1, true, false, { token_rows },
};

struct get_1_args {
	const struct token *token;
	struct ferry_str arg2;
};

static const struct ferry_row get_1_args_codec_rows[] = {
	{ FERRY_KIND_RECORD_AT, offsetof(struct get_1_args, token), 0,
	 { &token_codec } },
	{ FERRY_KIND_STRING, offsetof(struct get_1_args, arg2), UINT32_MAX,
	 { NULL } },
};

static const struct ferry_codec get_1_args_codec = {
	sizeof(struct get_1_args), 0, 2, false, false,
		{ get_1_args_codec_rows },
};

static const struct ferry_procedure store_1_procedures[] = {
	{ 1, offsetof(struct store_1_ops, get), "GET", &get_1_args_codec,
	 &item_codec },
	{ 2, offsetof(struct store_1_ops, has), "HAS", &ferry_codec_string,
	 &ferry_codec_bool },
};

FERRY_COLD static ferry_err
enter_store_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	      const void *args, void *out)
{
	const struct store_1_ops *ops = handlers;

	switch (procedure) {
	case 2: {
		struct ferry_str const *p = args;

		return ops->has(call, *p, out);
	}
	case 1: {
		const struct get_1_args *p = args;

		return ops->get(call, p->token, p->arg2, out);
	}
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version store_1_version = {
	"STORE", 0x20000003, 1, 2, store_1_procedures, ferry_stub_serve,
		enter_store_1,
};

ferry_err
store_1_serve(struct ferry_server *server, const struct store_1_ops *ops,
	      void *ctx)
{
	return ferry_server_add(server, &store_1_version, ops, ctx);
}

FERRY_COLD ferry_err
has_1_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &store_1_version, 2);
}

FERRY_COLD ferry_err
get_1_reply(struct ferry_call *call, const struct item *out)
{
	return ferry_stub_reply(call, out, &store_1_version, 1);
}

FERRY_COLD ferry_err
has_1(struct ferry_call *call, struct ferry_str arg, bool *out)
{
	return ferry_stub_call(call, &arg, out, &store_1_version, 2);
}

FERRY_COLD ferry_err
has_1_start(struct ferry_call *call, struct ferry_str arg)
{
	return ferry_stub_start(call, &arg, &store_1_version, 2);
}

FERRY_COLD ferry_err
has_1_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &store_1_version, 2);
}

FERRY_COLD ferry_err
get_1(struct ferry_call *call, const struct token *token, struct ferry_str arg2,
      struct item *out)
{
	const struct get_1_args args = { token, arg2 };

	return ferry_stub_call(call, &args, out, &store_1_version, 1);
}

FERRY_COLD ferry_err
get_1_start(struct ferry_call *call, const struct token *token,
	    struct ferry_str arg2)
{
	const struct get_1_args args = { token, arg2 };

	return ferry_stub_start(call, &args, &store_1_version, 1);
}

FERRY_COLD ferry_err
get_1_finish(struct ferry_call *call, struct item *out)
{
	return ferry_stub_finish(call, out, &store_1_version, 1);
}

struct put_2_args {
	const struct token *token;
	const struct items *arg2;
};

static const struct ferry_row put_2_args_codec_rows[] = {
	{ FERRY_KIND_RECORD_AT, offsetof(struct put_2_args, token), 0,
	 { &token_codec } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct put_2_args, arg2), 0,
	 { &items_codec } },
};

static const struct ferry_codec put_2_args_codec = {
	sizeof(struct put_2_args), 0, 2, false, false,
		{ put_2_args_codec_rows },
};

struct sign_2_args {
	int32_t arg1;
	int16_t arg2;
	double arg3;
	struct ferry_quadruple arg4;
};

static const struct ferry_row sign_2_args_codec_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct sign_2_args, arg1), 1, { NULL } },
	{ FERRY_KIND_SHORT, offsetof(struct sign_2_args, arg2), 1, { NULL } },
	{ FERRY_KIND_DOUBLE, offsetof(struct sign_2_args, arg3), 1, { NULL } },
	{ FERRY_KIND_QUADRUPLE, offsetof(struct sign_2_args, arg4), 1,
	 { NULL } },
};

static const struct ferry_codec sign_2_args_codec = {
	sizeof(struct sign_2_args), 0, 4, false, false,
		{ sign_2_args_codec_rows },
};

static const struct ferry_procedure store_2_procedures[] = {
	{ 3, offsetof(struct store_2_ops, count), "COUNT", NULL,
	 &ferry_codec_uhyper },
	{ 4, offsetof(struct store_2_ops, sign), "SIGN", &sign_2_args_codec,
	 &ferry_codec_char },
	{ 7, offsetof(struct store_2_ops, put), "PUT", &put_2_args_codec,
	 NULL },
};

FERRY_COLD static ferry_err
enter_store_2(struct ferry_call *call, uint32_t procedure, const void *handlers,
	      const void *args, void *out)
{
	const struct store_2_ops *ops = handlers;

	switch (procedure) {
	case 7: {
		const struct put_2_args *p = args;

		return ops->put(call, p->token, p->arg2);
	}
	case 3:
		return ops->count(call, out);
	case 4: {
		const struct sign_2_args *p = args;

		return ops->sign(call, p->arg1, p->arg2, p->arg3, p->arg4, out);
	}
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version store_2_version = {
	"STORE", 0x20000003, 2, 3, store_2_procedures, ferry_stub_serve,
		enter_store_2,
};

ferry_err
store_2_serve(struct ferry_server *server, const struct store_2_ops *ops,
	      void *ctx)
{
	return ferry_server_add(server, &store_2_version, ops, ctx);
}

FERRY_COLD ferry_err
put_2_reply(struct ferry_call *call)
{
	return ferry_stub_reply(call, NULL, &store_2_version, 7);
}

FERRY_COLD ferry_err
count_2_reply(struct ferry_call *call, const uint64_t *out)
{
	return ferry_stub_reply(call, out, &store_2_version, 3);
}

FERRY_COLD ferry_err
sign_2_reply(struct ferry_call *call, const int8_t *out)
{
	return ferry_stub_reply(call, out, &store_2_version, 4);
}

FERRY_COLD ferry_err
put_2(struct ferry_call *call, const struct token *token,
      const struct items *arg2)
{
	const struct put_2_args args = { token, arg2 };

	return ferry_stub_call(call, &args, NULL, &store_2_version, 7);
}

FERRY_COLD ferry_err
put_2_start(struct ferry_call *call, const struct token *token,
	    const struct items *arg2)
{
	const struct put_2_args args = { token, arg2 };

	return ferry_stub_start(call, &args, &store_2_version, 7);
}

FERRY_COLD ferry_err
put_2_finish(struct ferry_call *call)
{
	return ferry_stub_finish(call, NULL, &store_2_version, 7);
}

FERRY_COLD ferry_err
count_2(struct ferry_call *call, uint64_t *out)
{
	return ferry_stub_call(call, NULL, out, &store_2_version, 3);
}

FERRY_COLD ferry_err
count_2_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &store_2_version, 3);
}

FERRY_COLD ferry_err
count_2_finish(struct ferry_call *call, uint64_t *out)
{
	return ferry_stub_finish(call, out, &store_2_version, 3);
}

FERRY_COLD ferry_err
sign_2(struct ferry_call *call, int32_t arg1, int16_t arg2, double arg3,
       struct ferry_quadruple arg4, int8_t *out)
{
	const struct sign_2_args args = { arg1, arg2, arg3, arg4 };

	return ferry_stub_call(call, &args, out, &store_2_version, 4);
}

FERRY_COLD ferry_err
sign_2_start(struct ferry_call *call, int32_t arg1, int16_t arg2, double arg3,
	     struct ferry_quadruple arg4)
{
	const struct sign_2_args args = { arg1, arg2, arg3, arg4 };

	return ferry_stub_start(call, &args, &store_2_version, 4);
}

FERRY_COLD ferry_err
sign_2_finish(struct ferry_call *call, int8_t *out)
{
	return ferry_stub_finish(call, out, &store_2_version, 4);
}
