/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static inline void put_find_1_res_offer(struct ferry_encoder *e,
					const struct find_1_res_offer *v);
static inline void get_find_1_res_offer(struct ferry_decoder *d,
					struct find_1_res_offer *v);

static inline bool
is_way(uint32_t value)
{
	return value <= 1;
}

static inline void
store_way(struct ferry_encoder *e, uint8_t *p, enum way value)
{
	if (!is_way((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum way
load_way(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_way(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum way)value;
}

size_t
way_size(const enum way *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
way_put(struct ferry_encoder *e, const enum way *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_way(e, p, *v);
}

FERRY_COLD void
way_get(struct ferry_decoder *d, enum way *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_way(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
buy_2_arg_size(const struct buy_2_arg *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
buy_2_arg_put(struct ferry_encoder *e, const struct buy_2_arg *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_opaque(p, v->taken, 4);
}

FERRY_COLD void
buy_2_arg_get(struct ferry_decoder *d, struct buy_2_arg *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	memcpy(v->taken, p, 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline bool
is_buy_1_arg1(uint32_t value)
{
	return value - (uint32_t)(1) <= 1;
}

static inline void
store_buy_1_arg1(struct ferry_encoder *e, uint8_t *p, enum buy_1_arg1 value)
{
	if (!is_buy_1_arg1((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum buy_1_arg1
load_buy_1_arg1(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_buy_1_arg1(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum buy_1_arg1)value;
}

size_t
buy_1_arg1_size(const enum buy_1_arg1 *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
buy_1_arg1_put(struct ferry_encoder *e, const enum buy_1_arg1 *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_buy_1_arg1(e, p, *v);
}

FERRY_COLD void
buy_1_arg1_get(struct ferry_decoder *d, enum buy_1_arg1 *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_buy_1_arg1(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
buy_1_arg2_when_size(const struct buy_1_arg2_when *v)
{
	(void)v;
	return 8;
}

FERRY_COLD void
buy_1_arg2_when_put(struct ferry_encoder *e, const struct buy_1_arg2_when *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u64(p, (uint64_t)v->at);
}

FERRY_COLD void
buy_1_arg2_when_get(struct ferry_decoder *d, struct buy_1_arg2_when *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->at = (int64_t)ferry_load_u64(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
buy_1_arg2_size(const struct buy_1_arg2 *v)
{
	(void)v;
	return 12;
}

FERRY_COLD void
buy_1_arg2_put(struct ferry_encoder *e, const struct buy_1_arg2 *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 12);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->item);
	ferry_store_u64(p + 4, (uint64_t)v->when.at);
}

FERRY_COLD void
buy_1_arg2_get(struct ferry_decoder *d, struct buy_1_arg2 *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 12);
	if (!p)
		goto bad;
	v->item = (int32_t)ferry_load_u32(p);
	v->when.at = (int64_t)ferry_load_u64(p + 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
buy_1_res_size(const struct buy_1_res *v)
{
	size_t bytes = 4;

	bytes += ferry_size_var(v->note.len);
	return bytes;
}

FERRY_COLD void
buy_1_res_put(struct ferry_encoder *e, const struct buy_1_res *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->sum);
	ferry_put_str(e, v->note, UINT32_MAX);
}

FERRY_COLD void
buy_1_res_get(struct ferry_decoder *d, struct buy_1_res *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->sum = (int32_t)ferry_load_u32(p);
	v->note = ferry_get_str(d, UINT32_MAX);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
find_1_arg_size(const struct find_1_arg *v)
{
	size_t bytes = 4;

	switch (v->kind) {
	case BY_NAME:
		bytes += ferry_size_var(v->u.name.len);
		break;
	case BY_NUMBER:
		bytes += 4;
		break;
	default:
		return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
find_1_arg_put(struct ferry_encoder *e, const struct find_1_arg *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_way(e, p, v->kind);
	switch (v->kind) {
	case BY_NAME:
		ferry_put_str(e, v->u.name, MOST);
		break;
	case BY_NUMBER:
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->u.number);
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

FERRY_COLD void
find_1_arg_get(struct ferry_decoder *d, struct find_1_arg *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->kind = load_way(d, p);
	memset(&v->u, 0, sizeof(v->u));
	switch (v->kind) {
	case BY_NAME:
		v->u.name = ferry_get_str(d, MOST);
		break;
	case BY_NUMBER:
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->u.number = (int32_t)ferry_load_u32(p);
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
find_1_res_size(const struct find_1_res *v)
{
	size_t bytes = 4;

	switch ((int)v->found) {
	case true:
		bytes += 4;
		bytes += (size_t)v->u.offer.n_items * 4;
		break;
	case false:
		break;
	default:
		return SIZE_MAX;
	}
	return bytes;
}

void
find_1_res_put(struct ferry_encoder *e, const struct find_1_res *v)
{
	uint8_t *p;
	uint32_t n;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->found);
	switch ((int)v->found) {
	case true:
		n = v->u.offer.n_items;
		if (n > 0 && !v->u.offer.items)
			goto bad;
		ferry_put_count(e, n, MOST);
		for (uint32_t i = 0; i < n && !e->err; i++)
			put_find_1_res_offer(e, &v->u.offer.items[i]);
		break;
	case false:
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
find_1_res_get(struct ferry_decoder *d, struct find_1_res *v)
{
	const uint8_t *p;
	uint32_t n;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->found = ferry_load_bool(d, p);
	memset(&v->u, 0, sizeof(v->u));
	switch ((int)v->found) {
	case true:
		n = ferry_get_count(d, MOST, 4);
		v->u.offer.items =
			ferry_get_memory(d, n, sizeof(*v->u.offer.items));
		v->u.offer.n_items = v->u.offer.items ? n : 0;
		for (uint32_t i = 0; i < v->u.offer.n_items && !d->err; i++)
			get_find_1_res_offer(d, &v->u.offer.items[i]);
		break;
	case false:
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
find_1_res_offer_size(const struct find_1_res_offer *v)
{
	(void)v;
	return 4;
}

static inline void
put_find_1_res_offer(struct ferry_encoder *e, const struct find_1_res_offer *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->price);
}

void
find_1_res_offer_put(struct ferry_encoder *e, const struct find_1_res_offer *v)
{
	put_find_1_res_offer(e, v);
}

static inline void
get_find_1_res_offer(struct ferry_decoder *d, struct find_1_res_offer *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->price = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
find_1_res_offer_get(struct ferry_decoder *d, struct find_1_res_offer *v)
{
	get_find_1_res_offer(d, v);
}

static inline bool
is_state_1_res(uint32_t value)
{
	return value <= 1;
}

static inline void
store_state_1_res(struct ferry_encoder *e, uint8_t *p, enum state_1_res value)
{
	if (!is_state_1_res((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum state_1_res
load_state_1_res(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_state_1_res(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum state_1_res)value;
}

size_t
state_1_res_size(const enum state_1_res *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
state_1_res_put(struct ferry_encoder *e, const enum state_1_res *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_state_1_res(e, p, *v);
}

FERRY_COLD void
state_1_res_get(struct ferry_decoder *d, enum state_1_res *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_state_1_res(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
buy_2_arg__size(const struct buy_2_arg_ *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
buy_2_arg__put(struct ferry_encoder *e, const struct buy_2_arg_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->item);
}

FERRY_COLD void
buy_2_arg__get(struct ferry_decoder *d, struct buy_2_arg_ *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->item = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
buy_2_res_size(const struct buy_2_res *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
buy_2_res_put(struct ferry_encoder *e, const struct buy_2_res *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->sum);
}

FERRY_COLD void
buy_2_res_get(struct ferry_decoder *d, struct buy_2_res *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->sum = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD ferry_err
buy_1_reply(struct ferry_call *call, const struct buy_1_res *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, buy_1_res_size(out));
	buy_1_res_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_buy_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct shop_1_ops *ops = handlers;
	enum buy_1_arg1 arg1;
	struct buy_1_arg2 *arg2;
	struct buy_1_res out;
	ferry_err err;

	if (!ops->buy)
		return FERRY_EPROC;
	buy_1_arg1_get(d, &arg1);
	arg2 = ferry_get_memory(d, 1, sizeof(*arg2));
	if (arg2)
		buy_1_arg2_get(d, arg2);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->buy(call, arg1, arg2, &out);
	return err ? err : buy_1_reply(call, &out);
}

FERRY_COLD ferry_err
find_1_reply(struct ferry_call *call, const struct find_1_res *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, find_1_res_size(out));
	find_1_res_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_find_1(struct ferry_call *call, const void *handlers,
	     struct ferry_decoder *d)
{
	const struct shop_1_ops *ops = handlers;
	struct find_1_arg *arg;
	struct find_1_res out;
	ferry_err err;

	if (!ops->find)
		return FERRY_EPROC;
	arg = ferry_get_memory(d, 1, sizeof(*arg));
	if (arg)
		find_1_arg_get(d, arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->find(call, arg, &out);
	return err ? err : find_1_reply(call, &out);
}

FERRY_COLD ferry_err
state_1_reply(struct ferry_call *call, const enum state_1_res *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	state_1_res_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_state_1(struct ferry_call *call, const void *handlers,
	      struct ferry_decoder *d)
{
	const struct shop_1_ops *ops = handlers;
	enum state_1_res out;
	ferry_err err;

	if (!ops->state)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->state(call, &out);
	return err ? err : state_1_reply(call, &out);
}

static const struct ferry_procedure shop_1_procedures[] = {
	{ 1, "BUY" },
	{ 2, "FIND" },
	{ 3, "STATE" },
};

FERRY_COLD static ferry_err
serve_shop_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	     const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_buy_1(call, handlers, d);
	case 2:
		return serve_find_1(call, handlers, d);
	case 3:
		return serve_state_1(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version shop_1_version = {
	"SHOP", 0x20000005, 1, 3, shop_1_procedures, serve_shop_1,
};

ferry_err
shop_1_serve(struct ferry_server *server, const struct shop_1_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &shop_1_version, ops, ctx);
}

FERRY_COLD ferry_err
buy_1_start(struct ferry_call *call, enum buy_1_arg1 arg1,
	    const struct buy_1_arg2 *arg2)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &shop_1_version, 1, 16);
	buy_1_arg1_put(e, &arg1);
	buy_1_arg2_put(e, arg2);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
buy_1_finish(struct ferry_call *call, struct buy_1_res *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct buy_1_res got;
	ferry_err err;

	buy_1_res_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
buy_1(struct ferry_call *call, enum buy_1_arg1 arg1,
      const struct buy_1_arg2 *arg2, struct buy_1_res *out)
{
	ferry_err err = buy_1_start(call, arg1, arg2);

	return err ? err : buy_1_finish(call, out);
}

FERRY_COLD ferry_err
find_1_start(struct ferry_call *call, const struct find_1_arg *arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &shop_1_version, 2, find_1_arg_size(arg));
	find_1_arg_put(e, arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
find_1_finish(struct ferry_call *call, struct find_1_res *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct find_1_res got;
	ferry_err err;

	find_1_res_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
find_1(struct ferry_call *call, const struct find_1_arg *arg,
       struct find_1_res *out)
{
	ferry_err err = find_1_start(call, arg);

	return err ? err : find_1_finish(call, out);
}

FERRY_COLD ferry_err
state_1_start(struct ferry_call *call)
{
	ferry_call_begin(call, &shop_1_version, 3, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
state_1_finish(struct ferry_call *call, enum state_1_res *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	enum state_1_res got;
	ferry_err err;

	state_1_res_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
state_1(struct ferry_call *call, enum state_1_res *out)
{
	ferry_err err = state_1_start(call);

	return err ? err : state_1_finish(call, out);
}

FERRY_COLD ferry_err
buy_2_reply(struct ferry_call *call, const struct buy_2_res *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	buy_2_res_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_buy_2(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct shop_2_ops *ops = handlers;
	struct buy_2_arg_ *arg;
	struct buy_2_res out;
	ferry_err err;

	if (!ops->buy)
		return FERRY_EPROC;
	arg = ferry_get_memory(d, 1, sizeof(*arg));
	if (arg)
		buy_2_arg__get(d, arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->buy(call, arg, &out);
	return err ? err : buy_2_reply(call, &out);
}

static const struct ferry_procedure shop_2_procedures[] = {
	{ 1, "BUY" },
};

FERRY_COLD static ferry_err
serve_shop_2(struct ferry_call *call, const struct ferry_procedure *procedure,
	     const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_buy_2(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version shop_2_version = {
	"SHOP", 0x20000005, 2, 1, shop_2_procedures, serve_shop_2,
};

ferry_err
shop_2_serve(struct ferry_server *server, const struct shop_2_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &shop_2_version, ops, ctx);
}

FERRY_COLD ferry_err
buy_2_start(struct ferry_call *call, const struct buy_2_arg_ *arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &shop_2_version, 1, 4);
	buy_2_arg__put(e, arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
buy_2_finish(struct ferry_call *call, struct buy_2_res *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct buy_2_res got;
	ferry_err err;

	buy_2_res_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
buy_2(struct ferry_call *call, const struct buy_2_arg_ *arg,
      struct buy_2_res *out)
{
	ferry_err err = buy_2_start(call, arg);

	return err ? err : buy_2_finish(call, out);
}
