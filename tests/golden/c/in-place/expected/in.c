/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static const struct ferry_values way_values = {
	BY_NAME, 1, 0, NULL,
};

const struct ferry_codec way_codec = {
	sizeof(enum way), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &way_values } },
	} },
};

static const struct ferry_row buy_2_arg_rows[] = {
	{ FERRY_KIND_OPAQUE, offsetof(struct buy_2_arg, taken), MOST,
	 { NULL } },
};

const struct ferry_codec buy_2_arg_codec = {
	sizeof(struct buy_2_arg), 4, 1, true, false, { buy_2_arg_rows },
};

static const struct ferry_values buy_1_arg1_values = {
	CASH, 1, 0, NULL,
};

const struct ferry_codec buy_1_arg1_codec = {
	sizeof(enum buy_1_arg1), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &buy_1_arg1_values } },
	} },
};

static const struct ferry_row buy_1_arg2_when_rows[] = {
	{ FERRY_KIND_HYPER, offsetof(struct buy_1_arg2_when, at), 1, { NULL } },
};

const struct ferry_codec buy_1_arg2_when_codec = {
	sizeof(struct buy_1_arg2_when), 8, 1, true, false,
		{ buy_1_arg2_when_rows },
};

static const struct ferry_row buy_1_arg2_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct buy_1_arg2, item), 1, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct buy_1_arg2, when), 0,
	 { &buy_1_arg2_when_codec } },
};

const struct ferry_codec buy_1_arg2_codec = {
	sizeof(struct buy_1_arg2), 12, 2, true, false, { buy_1_arg2_rows },
};

static const struct ferry_row buy_1_res_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct buy_1_res, sum), 1, { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct buy_1_res, note), UINT32_MAX,
	 { NULL } },
};

const struct ferry_codec buy_1_res_codec = {
	sizeof(struct buy_1_res), 8, 2, false, false, { buy_1_res_rows },
};

static const struct ferry_case find_1_arg_cases[] = {
	{ BY_NAME, 0 },
	{ BY_NUMBER, 1 },
};

static const struct ferry_row find_1_arg_rows[] = {
	{ FERRY_KIND_ENUM, offsetof(struct find_1_arg, kind), 1, { .values =
		&way_values } },
	{ FERRY_KIND_SWITCH, 0, 2, { .cases = find_1_arg_cases } },
	{ FERRY_KIND_STRING, offsetof(struct find_1_arg, u.name), MOST,
	 { NULL } },
	{ FERRY_KIND_INT, offsetof(struct find_1_arg, u.number), 1, { NULL } },
};

const struct ferry_codec find_1_arg_codec = {
	sizeof(struct find_1_arg), 8, 2, false, false, { find_1_arg_rows },
};

static const struct ferry_case find_1_res_cases[] = {
	{ 0, 2 },
	{ 1, 0 },
};

static const struct ferry_row find_1_res_rows[] = {
	{ FERRY_KIND_BOOL, offsetof(struct find_1_res, found), 1, { NULL } },
	{ FERRY_KIND_SWITCH, 0, 2, { .cases = find_1_res_cases } },
	{ FERRY_KIND_LIST, offsetof(struct find_1_res, u.offer.items), MOST,
	 { &find_1_res_offer_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct find_1_res, u.offer.n_items), 0,
	 { NULL } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
};

const struct ferry_codec find_1_res_codec = {
	sizeof(struct find_1_res), 4, 2, false, false, { find_1_res_rows },
};

static void
put_find_1_res_offer(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct find_1_res_offer *v = items;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->price);
	}
}

static void
get_find_1_res_offer(struct ferry_decoder *d, void *items, size_t n)
{
	struct find_1_res_offer *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 4);
		if (!p)
			return;
		v->price = (int32_t)ferry_load_u32(p);
	}
}

static const struct ferry_code find_1_res_offer_code = {
	NULL, put_find_1_res_offer, get_find_1_res_offer,
};

const struct ferry_codec find_1_res_offer_codec = {
	sizeof(struct find_1_res_offer), 4, 0, true, false,
		{ .code = &find_1_res_offer_code },
};

static const struct ferry_values state_1_res_values = {
	SHUT, 1, 0, NULL,
};

const struct ferry_codec state_1_res_codec = {
	sizeof(enum state_1_res), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &state_1_res_values } },
	} },
};

static const struct ferry_row buy_2_arg__rows[] = {
	{ FERRY_KIND_INT, offsetof(struct buy_2_arg_, item), 1, { NULL } },
};

const struct ferry_codec buy_2_arg__codec = {
	sizeof(struct buy_2_arg_), 4, 1, true, false, { buy_2_arg__rows },
};

static const struct ferry_row buy_2_res_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct buy_2_res, sum), 1, { NULL } },
};

const struct ferry_codec buy_2_res_codec = {
	sizeof(struct buy_2_res), 4, 1, true, false, { buy_2_res_rows },
};

struct buy_1_args {
	enum buy_1_arg1 arg1;
	const struct buy_1_arg2 *arg2;
};

static const struct ferry_row buy_1_args_codec_rows[] = {
	{ FERRY_KIND_ENUM, offsetof(struct buy_1_args, arg1), 1, { .values =
		&buy_1_arg1_values } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct buy_1_args, arg2), 0,
	 { &buy_1_arg2_codec } },
};

static const struct ferry_codec buy_1_args_codec = {
	sizeof(struct buy_1_args), 0, 2, false, false,
		{ buy_1_args_codec_rows },
};

static const struct ferry_procedure shop_1_procedures[] = {
	{ 1, offsetof(struct shop_1_ops, buy), "BUY", &buy_1_args_codec,
	 &buy_1_res_codec },
	{ 2, offsetof(struct shop_1_ops, find), "FIND", &find_1_arg_codec,
	 &find_1_res_codec },
	{ 3, offsetof(struct shop_1_ops, state), "STATE", NULL,
	 &state_1_res_codec },
};

FERRY_COLD static ferry_err
enter_shop_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	     const void *args, void *out)
{
	const struct shop_1_ops *ops = handlers;

	switch (procedure) {
	case 1: {
		const struct buy_1_args *p = args;

		return ops->buy(call, p->arg1, p->arg2, out);
	}
	case 2:
		return ops->find(call, args, out);
	case 3:
		return ops->state(call, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version shop_1_version = {
	"SHOP", 0x20000005, 1, 3, shop_1_procedures, ferry_stub_serve,
		enter_shop_1,
};

ferry_err
shop_1_serve(struct ferry_server *server, const struct shop_1_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &shop_1_version, ops, ctx);
}

FERRY_COLD ferry_err
buy_1_reply(struct ferry_call *call, const struct buy_1_res *out)
{
	return ferry_stub_reply(call, out, &shop_1_version, 1);
}

FERRY_COLD ferry_err
find_1_reply(struct ferry_call *call, const struct find_1_res *out)
{
	return ferry_stub_reply(call, out, &shop_1_version, 2);
}

FERRY_COLD ferry_err
state_1_reply(struct ferry_call *call, const enum state_1_res *out)
{
	return ferry_stub_reply(call, out, &shop_1_version, 3);
}

FERRY_COLD ferry_err
buy_1(struct ferry_call *call, enum buy_1_arg1 arg1,
      const struct buy_1_arg2 *arg2, struct buy_1_res *out)
{
	const struct buy_1_args args = { arg1, arg2 };

	return ferry_stub_call(call, &args, out, &shop_1_version, 1);
}

FERRY_COLD ferry_err
buy_1_start(struct ferry_call *call, enum buy_1_arg1 arg1,
	    const struct buy_1_arg2 *arg2)
{
	const struct buy_1_args args = { arg1, arg2 };

	return ferry_stub_start(call, &args, &shop_1_version, 1);
}

FERRY_COLD ferry_err
buy_1_finish(struct ferry_call *call, struct buy_1_res *out)
{
	return ferry_stub_finish(call, out, &shop_1_version, 1);
}

FERRY_COLD ferry_err
find_1(struct ferry_call *call, const struct find_1_arg *arg,
       struct find_1_res *out)
{
	return ferry_stub_call(call, arg, out, &shop_1_version, 2);
}

FERRY_COLD ferry_err
find_1_start(struct ferry_call *call, const struct find_1_arg *arg)
{
	return ferry_stub_start(call, arg, &shop_1_version, 2);
}

FERRY_COLD ferry_err
find_1_finish(struct ferry_call *call, struct find_1_res *out)
{
	return ferry_stub_finish(call, out, &shop_1_version, 2);
}

FERRY_COLD ferry_err
state_1(struct ferry_call *call, enum state_1_res *out)
{
	return ferry_stub_call(call, NULL, out, &shop_1_version, 3);
}

FERRY_COLD ferry_err
state_1_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &shop_1_version, 3);
}

FERRY_COLD ferry_err
state_1_finish(struct ferry_call *call, enum state_1_res *out)
{
	return ferry_stub_finish(call, out, &shop_1_version, 3);
}

static const struct ferry_procedure shop_2_procedures[] = {
	{ 1, offsetof(struct shop_2_ops, buy), "BUY", &buy_2_arg__codec,
	 &buy_2_res_codec },
};

FERRY_COLD static ferry_err
enter_shop_2(struct ferry_call *call, uint32_t procedure, const void *handlers,
	     const void *args, void *out)
{
	const struct shop_2_ops *ops = handlers;

	switch (procedure) {
	case 1:
		return ops->buy(call, args, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version shop_2_version = {
	"SHOP", 0x20000005, 2, 1, shop_2_procedures, ferry_stub_serve,
		enter_shop_2,
};

ferry_err
shop_2_serve(struct ferry_server *server, const struct shop_2_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &shop_2_version, ops, ctx);
}

FERRY_COLD ferry_err
buy_2_reply(struct ferry_call *call, const struct buy_2_res *out)
{
	return ferry_stub_reply(call, out, &shop_2_version, 1);
}

FERRY_COLD ferry_err
buy_2(struct ferry_call *call, const struct buy_2_arg_ *arg,
      struct buy_2_res *out)
{
	return ferry_stub_call(call, arg, out, &shop_2_version, 1);
}

FERRY_COLD ferry_err
buy_2_start(struct ferry_call *call, const struct buy_2_arg_ *arg)
{
	return ferry_stub_start(call, arg, &shop_2_version, 1);
}

FERRY_COLD ferry_err
buy_2_finish(struct ferry_call *call, struct buy_2_res *out)
{
	return ferry_stub_finish(call, out, &shop_2_version, 1);
}
