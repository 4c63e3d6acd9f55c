/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

/* To the source alone. */

static inline int8_t
load_char(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if ((int32_t)value < INT8_MIN || (int32_t)value > INT8_MAX) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	return (int8_t)value;
}

static inline int16_t
load_short(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if ((int32_t)value < INT16_MIN || (int32_t)value > INT16_MAX) {
		ferry_get_fail(d, FERRY_EDECODE);
		return 0;
	}
	return (int16_t)value;
}

static inline void
put_int(struct ferry_encoder *e, const int32_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)*v);
}

static inline void
get_int(struct ferry_decoder *d, int32_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_char(struct ferry_encoder *e, const int8_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)*v);
}

static inline void
get_char(struct ferry_decoder *d, int8_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_char(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_short(struct ferry_encoder *e, const int16_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)*v);
}

static inline void
get_short(struct ferry_decoder *d, int16_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_short(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_bool(struct ferry_encoder *e, const bool *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

static inline void
get_bool(struct ferry_decoder *d, bool *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = ferry_load_bool(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_uhyper(struct ferry_encoder *e, const uint64_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u64(p, *v);
}

static inline void
get_uhyper(struct ferry_decoder *d, uint64_t *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	*v = ferry_load_u64(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_double(struct ferry_encoder *e, const double *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_f64(p, v);
}

static inline void
get_double(struct ferry_decoder *d, double *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	ferry_load_f64(p, v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline void
put_quadruple(struct ferry_encoder *e, const struct ferry_quadruple *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 16);
	if (!p)
		return;
	ferry_store_quadruple(p, v);
}

static inline void
get_quadruple(struct ferry_decoder *d, struct ferry_quadruple *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 16);
	if (!p)
		goto bad;
	ferry_load_quadruple(p, v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

static inline size_t
size_item(const struct item *v)
{
	size_t bytes = ferry_size_var(v->key.len);

	bytes += ferry_size_var(v->value.len);
	return bytes;
}

size_t
item_size(const struct item *v)
{
	return size_item(v);
}

static inline void
put_item(struct ferry_encoder *e, const struct item *v)
{
	struct ferry_str s0;
	struct ferry_bytes s1;
	uint8_t *p;

	s0 = v->key;
	if (s0.len > 64)
		goto bad;
	s1 = v->value;
	p = ferry_put_run(e, 8 + ferry_padded(s0.len) + ferry_padded(s1.len));
	if (!p)
		return;
	p = ferry_store_str(p, s0);
	ferry_store_bytes(p, s1);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
item_put(struct ferry_encoder *e, const struct item *v)
{
	put_item(e, v);
}

static inline void
get_item(struct ferry_decoder *d, struct item *v)
{
	v->key = ferry_get_str(d, 64);
	v->value = ferry_get_bytes(d, UINT32_MAX);
}

void
item_get(struct ferry_decoder *d, struct item *v)
{
	get_item(d, v);
}

size_t
items_size(const struct items *v)
{
	size_t bytes = 4;
	uint32_t n;

	n = v->items ? v->n_items : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++)
		bytes += size_item(&v->items[i]);
	return bytes;
}

void
items_put(struct ferry_encoder *e, const struct items *v)
{
	uint32_t n;

	n = v->n_items;
	if (n > 0 && !v->items)
		goto bad;
	ferry_put_count(e, n, 100);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_item(e, &v->items[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
items_get(struct ferry_decoder *d, struct items *v)
{
	uint32_t n;

	n = ferry_get_count(d, 100, 8);
	v->items = ferry_get_memory(d, n, sizeof(*v->items));
	v->n_items = v->items ? n : 0;
	for (uint32_t i = 0; i < v->n_items && !d->err; i++)
		get_item(d, &v->items[i]);
}

size_t
token_size(const struct token *v)
{
	(void)v;
	return 16;
}

FERRY_COLD void
token_put(struct ferry_encoder *e, const struct token *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 16);
	if (!p)
		return;
	ferry_store_opaque(p, v->data, 16);
}

FERRY_COLD void
token_get(struct ferry_decoder *d, struct token *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 16);
	if (!p)
		goto bad;
	memcpy(v->data, p, 16);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD ferry_err
has_1_reply(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_has_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct store_1_ops *ops = handlers;
	struct ferry_str arg;
	bool out;
	ferry_err err;

	if (!ops->has)
		return FERRY_EPROC;
	arg = ferry_get_str(d, UINT32_MAX);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->has(call, arg, &out);
	return err ? err : has_1_reply(call, &out);
}

FERRY_COLD ferry_err
get_1_reply(struct ferry_call *call, const struct item *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, item_size(out));
	item_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_get_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct store_1_ops *ops = handlers;
	struct token *token;
	struct ferry_str arg2;
	struct item out;
	ferry_err err;

	if (!ops->get)
		return FERRY_EPROC;
	token = ferry_get_memory(d, 1, sizeof(*token));
	if (token)
		token_get(d, token);
	arg2 = ferry_get_str(d, UINT32_MAX);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->get(call, token, arg2, &out);
	return err ? err : get_1_reply(call, &out);
}

static const struct ferry_procedure store_1_procedures[] = {
	{ 1, "GET" },
	{ 2, "HAS" },
};

FERRY_COLD static ferry_err
serve_store_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	      const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_get_1(call, handlers, d);
	case 2:
		return serve_has_1(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version store_1_version = {
	"STORE", 0x20000003, 1, 2, store_1_procedures, serve_store_1,
};

ferry_err
store_1_serve(struct ferry_server *server, const struct store_1_ops *ops,
	      void *ctx)
{
	return ferry_server_add(server, &store_1_version, ops, ctx);
}

FERRY_COLD ferry_err
has_1_start(struct ferry_call *call, struct ferry_str arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &store_1_version, 2,
			     ferry_size_var(arg.len));
	ferry_put_str(e, arg, UINT32_MAX);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
has_1_finish(struct ferry_call *call, bool *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	bool got;
	ferry_err err;

	get_bool(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
has_1(struct ferry_call *call, struct ferry_str arg, bool *out)
{
	ferry_err err = has_1_start(call, arg);

	return err ? err : has_1_finish(call, out);
}

FERRY_COLD ferry_err
get_1_start(struct ferry_call *call, const struct token *token,
	    struct ferry_str arg2)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &store_1_version, 1, 16 +
			     ferry_size_var(arg2.len));
	token_put(e, token);
	ferry_put_str(e, arg2, UINT32_MAX);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
get_1_finish(struct ferry_call *call, struct item *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct item got;
	ferry_err err;

	item_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
get_1(struct ferry_call *call, const struct token *token, struct ferry_str arg2,
      struct item *out)
{
	ferry_err err = get_1_start(call, token, arg2);

	return err ? err : get_1_finish(call, out);
}

FERRY_COLD ferry_err
put_2_reply(struct ferry_call *call)
{
	ferry_reply_begin(call, 0);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_put_2(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct store_2_ops *ops = handlers;
	struct token *token;
	struct items *items;
	ferry_err err;

	if (!ops->put)
		return FERRY_EPROC;
	token = ferry_get_memory(d, 1, sizeof(*token));
	if (token)
		token_get(d, token);
	items = ferry_get_memory(d, 1, sizeof(*items));
	if (items)
		items_get(d, items);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	err = ops->put(call, token, items);
	return err ? err : put_2_reply(call);
}

FERRY_COLD ferry_err
count_2_reply(struct ferry_call *call, const uint64_t *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 8);
	put_uhyper(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_count_2(struct ferry_call *call, const void *handlers,
	      struct ferry_decoder *d)
{
	const struct store_2_ops *ops = handlers;
	uint64_t out;
	ferry_err err;

	if (!ops->count)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->count(call, &out);
	return err ? err : count_2_reply(call, &out);
}

FERRY_COLD ferry_err
sign_2_reply(struct ferry_call *call, const int8_t *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_char(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_sign_2(struct ferry_call *call, const void *handlers,
	     struct ferry_decoder *d)
{
	const struct store_2_ops *ops = handlers;
	int32_t arg1;
	int16_t arg2;
	double arg3;
	struct ferry_quadruple arg4;
	int8_t out;
	ferry_err err;

	if (!ops->sign)
		return FERRY_EPROC;
	get_int(d, &arg1);
	get_short(d, &arg2);
	get_double(d, &arg3);
	get_quadruple(d, &arg4);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->sign(call, arg1, arg2, arg3, arg4, &out);
	return err ? err : sign_2_reply(call, &out);
}

static const struct ferry_procedure store_2_procedures[] = {
	{ 3, "COUNT" },
	{ 4, "SIGN" },
	{ 7, "PUT" },
};

FERRY_COLD static ferry_err
serve_store_2(struct ferry_call *call, const struct ferry_procedure *procedure,
	      const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 3:
		return serve_count_2(call, handlers, d);
	case 4:
		return serve_sign_2(call, handlers, d);
	case 7:
		return serve_put_2(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version store_2_version = {
	"STORE", 0x20000003, 2, 3, store_2_procedures, serve_store_2,
};

ferry_err
store_2_serve(struct ferry_server *server, const struct store_2_ops *ops,
	      void *ctx)
{
	return ferry_server_add(server, &store_2_version, ops, ctx);
}

FERRY_COLD ferry_err
put_2_start(struct ferry_call *call, const struct token *token,
	    const struct items *items)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &store_2_version, 7, 16 + items_size(items));
	token_put(e, token);
	items_put(e, items);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
put_2_finish(struct ferry_call *call)
{
	ferry_call_wait(call);
	return ferry_call_end(call);
}

FERRY_COLD ferry_err
put_2(struct ferry_call *call, const struct token *token,
      const struct items *items)
{
	ferry_err err = put_2_start(call, token, items);

	return err ? err : put_2_finish(call);
}

FERRY_COLD ferry_err
count_2_start(struct ferry_call *call)
{
	ferry_call_begin(call, &store_2_version, 3, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
count_2_finish(struct ferry_call *call, uint64_t *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	uint64_t got;
	ferry_err err;

	get_uhyper(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
count_2(struct ferry_call *call, uint64_t *out)
{
	ferry_err err = count_2_start(call);

	return err ? err : count_2_finish(call, out);
}

FERRY_COLD ferry_err
sign_2_start(struct ferry_call *call, int32_t arg1, int16_t arg2, double arg3,
	     struct ferry_quadruple arg4)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &store_2_version, 4, 32);
	put_int(e, &arg1);
	put_short(e, &arg2);
	put_double(e, &arg3);
	put_quadruple(e, &arg4);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
sign_2_finish(struct ferry_call *call, int8_t *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	int8_t got;
	ferry_err err;

	get_char(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
sign_2(struct ferry_call *call, int32_t arg1, int16_t arg2, double arg3,
       struct ferry_quadruple arg4, int8_t *out)
{
	ferry_err err = sign_2_start(call, arg1, arg2, arg3, arg4);

	return err ? err : sign_2_finish(call, out);
}
