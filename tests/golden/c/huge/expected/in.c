/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

/*
 * Adds to a size. False: 4 GiB, which no message has, and a value
 * that holds itself comes to.
 */
static inline bool
add_size(size_t *bytes, size_t part)
{
	if (part >= UINT32_MAX || *bytes >= UINT32_MAX - part)
		return false;
	*bytes += part;
	return true;
}

size_t
half_size(const struct half *v)
{
	(void)v;
	return SIZE_MAX;
}

static inline void
put_half(struct ferry_encoder *e, const struct half *v)
{
	if (!v->a)
		goto bad;
	ferry_put_opaque(e, v->a, UINT32_MAX);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
half_put(struct ferry_encoder *e, const struct half *v)
{
	put_half(e, v);
}

static inline void
get_half(struct ferry_decoder *d, struct half *v)
{
	v->a = ferry_get_memory(d, UINT32_MAX, sizeof(*v->a));
	if (!v->a)
		goto bad;
	ferry_get_opaque(d, v->a, UINT32_MAX);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
half_get(struct ferry_decoder *d, struct half *v)
{
	get_half(d, v);
}

size_t
whole_size(const struct whole *v)
{
	(void)v;
	return SIZE_MAX;
}

static inline void
put_whole(struct ferry_encoder *e, const struct whole *v)
{
	if (!v->a)
		goto bad;
	ferry_put_opaque(e, v->a, UINT32_MAX);
	if (!v->b)
		goto bad;
	ferry_put_opaque(e, v->b, UINT32_MAX);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
whole_put(struct ferry_encoder *e, const struct whole *v)
{
	put_whole(e, v);
}

static inline void
get_whole(struct ferry_decoder *d, struct whole *v)
{
	v->a = ferry_get_memory(d, UINT32_MAX, sizeof(*v->a));
	if (!v->a)
		goto bad;
	ferry_get_opaque(d, v->a, UINT32_MAX);
	v->b = ferry_get_memory(d, UINT32_MAX, sizeof(*v->b));
	if (!v->b)
		goto bad;
	ferry_get_opaque(d, v->b, UINT32_MAX);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
whole_get(struct ferry_decoder *d, struct whole *v)
{
	get_whole(d, v);
}

size_t
several_size(const struct several *v)
{
	size_t bytes = 4;

	if (!add_size(&bytes, v->n_items ? SIZE_MAX : 0))
		return SIZE_MAX;
	return bytes;
}

void
several_put(struct ferry_encoder *e, const struct several *v)
{
	uint32_t n;

	n = v->n_items;
	if (n > 0 && !v->items)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_whole(e, &v->items[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
several_get(struct ferry_decoder *d, struct several *v)
{
	uint32_t n;

	n = ferry_get_count(d, UINT32_MAX, 4294967295);
	v->items = ferry_get_memory(d, n, sizeof(*v->items));
	v->n_items = v->items ? n : 0;
	for (uint32_t i = 0; i < v->n_items && !d->err; i++)
		get_whole(d, &v->items[i]);
}

size_t
holder_size(const struct holder *v)
{
	size_t bytes = 4;

	if (v->perhaps) {
		if (!add_size(&bytes, SIZE_MAX))
			return SIZE_MAX;
	}
	if (!add_size(&bytes, 4))
		return SIZE_MAX;
	if (!add_size(&bytes, v->n_list ? SIZE_MAX : 0))
		return SIZE_MAX;
	if (!add_size(&bytes, SIZE_MAX))
		return SIZE_MAX;
	return bytes;
}

void
holder_put(struct ferry_encoder *e, const struct holder *v)
{
	uint8_t *p;
	uint32_t n;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->perhaps != NULL);
	if (v->perhaps)
		whole_put(e, v->perhaps);
	n = v->n_list;
	if (n > 0 && !v->list)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_whole(e, &v->list[i]);
	for (uint32_t i = 0; i < 2 && !e->err; i++)
		put_half(e, &v->must[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
holder_get(struct ferry_decoder *d, struct holder *v)
{
	const uint8_t *p;
	uint32_t n;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->perhaps = more ? ferry_get_memory(d, 1, sizeof(*v->perhaps)) : NULL;
	if (v->perhaps)
		whole_get(d, v->perhaps);
	n = ferry_get_count(d, UINT32_MAX, 4294967295);
	v->list = ferry_get_memory(d, n, sizeof(*v->list));
	v->n_list = v->list ? n : 0;
	for (uint32_t i = 0; i < v->n_list && !d->err; i++)
		get_whole(d, &v->list[i]);
	for (uint32_t i = 0; i < 2 && !d->err; i++)
		get_half(d, &v->must[i]);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
either_size(const struct either *v)
{
	size_t bytes = 4;

	switch (v->which) {
	case 1:
		if (!add_size(&bytes, SIZE_MAX))
			return SIZE_MAX;
		break;
	case 2:
		if (!add_size(&bytes, ferry_size_var(v->u.small.len)))
			return SIZE_MAX;
		break;
	default:
		return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
either_put(struct ferry_encoder *e, const struct either *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->which);
	switch (v->which) {
	case 1:
		whole_put(e, &v->u.big);
		break;
	case 2:
		ferry_put_str(e, v->u.small, UINT32_MAX);
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

FERRY_COLD void
either_get(struct ferry_decoder *d, struct either *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->which = (int32_t)ferry_load_u32(p);
	memset(&v->u, 0, sizeof(v->u));
	switch (v->which) {
	case 1:
		whole_get(d, &v->u.big);
		break;
	case 2:
		v->u.small = ferry_get_str(d, UINT32_MAX);
		break;
	default:
		goto bad;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD ferry_err
one_1_reply(struct ferry_call *call, const struct whole *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, SIZE_MAX);
	whole_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_one_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct huge_1_ops *ops = handlers;
	struct whole *whole;
	struct whole out;
	ferry_err err;

	if (!ops->one)
		return FERRY_EPROC;
	whole = ferry_get_memory(d, 1, sizeof(*whole));
	if (whole)
		whole_get(d, whole);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->one(call, whole, &out);
	return err ? err : one_1_reply(call, &out);
}

FERRY_COLD ferry_err
two_1_reply(struct ferry_call *call, const struct several *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, several_size(out));
	several_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_two_1(struct ferry_call *call, const void *handlers,
	    struct ferry_decoder *d)
{
	const struct huge_1_ops *ops = handlers;
	struct several *several;
	struct half *half;
	struct half *arg3;
	struct several out;
	ferry_err err;

	if (!ops->two)
		return FERRY_EPROC;
	several = ferry_get_memory(d, 1, sizeof(*several));
	if (several)
		several_get(d, several);
	half = ferry_get_memory(d, 1, sizeof(*half));
	if (half)
		half_get(d, half);
	arg3 = ferry_get_memory(d, 1, sizeof(*arg3));
	if (arg3)
		half_get(d, arg3);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->two(call, several, half, arg3, &out);
	return err ? err : two_1_reply(call, &out);
}

FERRY_COLD ferry_err
three_1_reply(struct ferry_call *call, const struct holder *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, holder_size(out));
	holder_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_three_1(struct ferry_call *call, const void *handlers,
	      struct ferry_decoder *d)
{
	const struct huge_1_ops *ops = handlers;
	struct either *either;
	struct holder out;
	ferry_err err;

	if (!ops->three)
		return FERRY_EPROC;
	either = ferry_get_memory(d, 1, sizeof(*either));
	if (either)
		either_get(d, either);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->three(call, either, &out);
	return err ? err : three_1_reply(call, &out);
}

static const struct ferry_procedure huge_1_procedures[] = {
	{ 1, "ONE" },
	{ 2, "TWO" },
	{ 3, "THREE" },
};

FERRY_COLD static ferry_err
serve_huge_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	     const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_one_1(call, handlers, d);
	case 2:
		return serve_two_1(call, handlers, d);
	case 3:
		return serve_three_1(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version huge_1_version = {
	"HUGE", 0x20000012, 1, 3, huge_1_procedures, serve_huge_1,
};

ferry_err
huge_1_serve(struct ferry_server *server, const struct huge_1_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &huge_1_version, ops, ctx);
}

FERRY_COLD ferry_err
one_1_start(struct ferry_call *call, const struct whole *whole)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &huge_1_version, 1, SIZE_MAX);
	whole_put(e, whole);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
one_1_finish(struct ferry_call *call, struct whole *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct whole got;
	ferry_err err;

	whole_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
one_1(struct ferry_call *call, const struct whole *whole, struct whole *out)
{
	ferry_err err = one_1_start(call, whole);

	return err ? err : one_1_finish(call, out);
}

FERRY_COLD ferry_err
two_1_start(struct ferry_call *call, const struct several *several,
	    const struct half *half, const struct half *arg3)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &huge_1_version, 2, SIZE_MAX);
	several_put(e, several);
	half_put(e, half);
	half_put(e, arg3);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
two_1_finish(struct ferry_call *call, struct several *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct several got;
	ferry_err err;

	several_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
two_1(struct ferry_call *call, const struct several *several,
      const struct half *half, const struct half *arg3, struct several *out)
{
	ferry_err err = two_1_start(call, several, half, arg3);

	return err ? err : two_1_finish(call, out);
}

FERRY_COLD ferry_err
three_1_start(struct ferry_call *call, const struct either *either)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &huge_1_version, 3, either_size(either));
	either_put(e, either);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
three_1_finish(struct ferry_call *call, struct holder *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct holder got;
	ferry_err err;

	holder_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
three_1(struct ferry_call *call, const struct either *either,
	struct holder *out)
{
	ferry_err err = three_1_start(call, either);

	return err ? err : three_1_finish(call, out);
}
