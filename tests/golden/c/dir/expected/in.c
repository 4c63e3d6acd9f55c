/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static inline size_t
size_entry(const struct entry *v)
{
	size_t bytes = 8;

	bytes += ferry_size_var(v->name.len);
	return bytes;
}

size_t
entry_size(const struct entry *v)
{
	return size_entry(v);
}

static inline void
put_entry(struct ferry_encoder *e, const struct entry *v)
{
	struct ferry_str s0;
	uint8_t *p;

	s0 = v->name;
	if (s0.len > MAXNAME)
		goto bad;
	p = ferry_put_run(e, 12 + ferry_padded(s0.len));
	if (!p)
		return;
	ferry_store_u64(p, v->id);
	ferry_store_str(p + 8, s0);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
entry_put(struct ferry_encoder *e, const struct entry *v)
{
	put_entry(e, v);
}

static inline void
get_entry(struct ferry_decoder *d, struct entry *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->id = ferry_load_u64(p);
	v->name = ferry_get_str(d, MAXNAME);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

void
entry_get(struct ferry_decoder *d, struct entry *v)
{
	get_entry(d, v);
}

FERRY_COLD size_t
path_size(const struct ferry_str *v)
{
	size_t bytes = ferry_size_var(v->len);

	return bytes;
}

FERRY_COLD void
path_put(struct ferry_encoder *e, const struct ferry_str *v)
{
	ferry_put_str(e, *v, 1024);
}

FERRY_COLD void
path_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, 1024);
}

size_t
listing_size(const struct listing *v)
{
	size_t bytes = 4;
	uint32_t n;

	n = v->items ? v->n_items : 0;
	for (uint32_t i = 0; i < n && bytes < SIZE_MAX / 2; i++)
		bytes += size_entry(&v->items[i]);
	return bytes;
}

void
listing_put(struct ferry_encoder *e, const struct listing *v)
{
	uint32_t n;

	n = v->n_items;
	if (n > 0 && !v->items)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	for (uint32_t i = 0; i < n && !e->err; i++)
		put_entry(e, &v->items[i]);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
listing_get(struct ferry_decoder *d, struct listing *v)
{
	uint32_t n;

	n = ferry_get_count(d, UINT32_MAX, 12);
	v->items = ferry_get_memory(d, n, sizeof(*v->items));
	v->n_items = v->items ? n : 0;
	for (uint32_t i = 0; i < v->n_items && !d->err; i++)
		get_entry(d, &v->items[i]);
}

FERRY_COLD ferry_err
list_1_reply(struct ferry_call *call, const struct listing *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, listing_size(out));
	listing_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_list_1(struct ferry_call *call, const void *handlers,
	     struct ferry_decoder *d)
{
	const struct dir_1_ops *ops = handlers;
	struct ferry_str path;
	struct listing out;
	ferry_err err;

	if (!ops->list)
		return FERRY_EPROC;
	path = ferry_get_str(d, 1024);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->list(call, path, &out);
	return err ? err : list_1_reply(call, &out);
}

static const struct ferry_procedure dir_1_procedures[] = {
	{ 1, "LIST" },
};

FERRY_COLD static ferry_err
serve_dir_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	    const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_list_1(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version dir_1_version = {
	"DIR", 0x20000001, 1, 1, dir_1_procedures, serve_dir_1,
};

ferry_err
dir_1_serve(struct ferry_server *server, const struct dir_1_ops *ops, void *ctx)
{
	return ferry_server_add(server, &dir_1_version, ops, ctx);
}

FERRY_COLD ferry_err
list_1_start(struct ferry_call *call, struct ferry_str path)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &dir_1_version, 1, ferry_size_var(path.len));
	ferry_put_str(e, path, 1024);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
list_1_finish(struct ferry_call *call, struct listing *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct listing got;
	ferry_err err;

	listing_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
list_1(struct ferry_call *call, struct ferry_str path, struct listing *out)
{
	ferry_err err = list_1_start(call, path);

	return err ? err : list_1_finish(call, out);
}
