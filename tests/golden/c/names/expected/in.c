/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static inline bool
is_class_(uint32_t value)
{
	switch ((int32_t)value) {
	case new_:
	case delete_:
	case private_:
	case FERRY_OK_:
		return true;
	default:
		return false;
	}
}

static inline void
store_class_(struct ferry_encoder *e, uint8_t *p, enum class_ value)
{
	if (!is_class_((uint32_t)value))
		ferry_put_fail(e, FERRY_EENCODE);
	ferry_store_u32(p, (uint32_t)value);
}

static inline enum class_
load_class_(struct ferry_decoder *d, const uint8_t *p)
{
	uint32_t value = ferry_load_u32(p);

	if (!is_class_(value)) {
		ferry_get_fail(d, FERRY_EDECODE);
		value = 0;
	}
	return (enum class_)value;
}

size_t
class__size(const enum class_ *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
class__put(struct ferry_encoder *e, const enum class_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_class_(e, p, *v);
}

FERRY_COLD void
class__get(struct ferry_decoder *d, enum class_ *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = load_class_(d, p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
ferry_call__size_(const struct ferry_call_ *v)
{
	size_t bytes = 12;

	bytes += 4;
	bytes += (size_t)v->n_items_ * 4;
	return bytes;
}

void
ferry_call__put_(struct ferry_encoder *e, const struct ferry_call_ *v)
{
	uint8_t *p;
	uint32_t n;

	p = ferry_put_run(e, 12);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->this_);
	store_class_(e, p + 4, v->class_);
	ferry_store_u32(p + 8, (uint32_t)v->n_items);
	n = v->n_items_;
	if (n > 0 && !v->items)
		goto bad;
	ferry_put_count(e, n, UINT32_MAX);
	ferry_put_u32s(e, v->items, n);
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
ferry_call__get_(struct ferry_decoder *d, struct ferry_call_ *v)
{
	const uint8_t *p;
	uint32_t n;

	p = ferry_get_run(d, 12);
	if (!p)
		goto bad;
	v->this_ = (int32_t)ferry_load_u32(p);
	v->class_ = load_class_(d, p + 4);
	v->n_items = (int32_t)ferry_load_u32(p + 8);
	n = ferry_get_count(d, UINT32_MAX, 4);
	v->items = ferry_get_memory(d, n, sizeof(*v->items));
	v->n_items_ = v->items ? n : 0;
	ferry_get_u32s(d, v->items, v->n_items_);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
namespace__size(const struct namespace_ *v)
{
	size_t bytes = 16;

	bytes += ferry_size_var(v->template_.len);
	if (v->virtual_)
		bytes += ferry_call__size_(v->virtual_);
	return bytes;
}

FERRY_COLD void
namespace__put(struct ferry_encoder *e, const struct namespace_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 12);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->u);
	ferry_store_u32(p + 4, (uint32_t)v->FERRY_API_);
	ferry_store_u32(p + 8, (uint32_t)v->int32_t_);
	ferry_put_str(e, v->template_, UINT32_MAX);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, v->virtual_ != NULL);
	if (v->virtual_)
		ferry_call__put_(e, v->virtual_);
}

FERRY_COLD void
namespace__get(struct ferry_decoder *d, struct namespace_ *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 12);
	if (!p)
		goto bad;
	v->u = (int32_t)ferry_load_u32(p);
	v->FERRY_API_ = (int32_t)ferry_load_u32(p + 4);
	v->int32_t_ = (int32_t)ferry_load_u32(p + 8);
	v->template_ = ferry_get_str(d, UINT32_MAX);
	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	v->virtual_ =
		more ? ferry_get_memory(d, 1, sizeof(*v->virtual_)) : NULL;
	if (v->virtual_)
		ferry_call__get_(d, v->virtual_);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
operator__size(const struct operator_ *v)
{
	size_t bytes = 4;

	switch (v->u_) {
	case new_:
		bytes += 4;
		break;
	case delete_:
		bytes += 4;
		bytes += (size_t)v->u.catch_.n_items * 4;
		break;
	default:
		break;
	}
	return bytes;
}

void
operator__put(struct ferry_encoder *e, const struct operator_ *v)
{
	uint8_t *p;
	uint32_t n;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	store_class_(e, p, v->u_);
	switch (v->u_) {
	case new_:
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->u.register_);
		break;
	case delete_:
		n = v->u.catch_.n_items;
		if (n > 0 && !v->u.catch_.items)
			goto bad;
		ferry_put_count(e, n, UINT32_MAX);
		ferry_put_u32s(e, v->u.catch_.items, n);
		break;
	default:
		break;
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

void
operator__get(struct ferry_decoder *d, struct operator_ *v)
{
	const uint8_t *p;
	uint32_t n;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->u_ = load_class_(d, p);
	memset(&v->u, 0, sizeof(v->u));
	switch (v->u_) {
	case new_:
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		v->u.register_ = (int32_t)ferry_load_u32(p);
		break;
	case delete_:
		n = ferry_get_count(d, UINT32_MAX, 4);
		v->u.catch_.items =
			ferry_get_memory(d, n, sizeof(*v->u.catch_.items));
		v->u.catch_.n_items = v->u.catch_.items ? n : 0;
		ferry_get_u32s(d, v->u.catch_.items, v->u.catch_.n_items);
		break;
	default:
		break;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
foo_size_(const struct foo *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
foo_put(struct ferry_encoder *e, const struct foo *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->a);
}

FERRY_COLD void
foo_get(struct ferry_decoder *d, struct foo *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->a = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
foo_size_size(const struct foo_size *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
foo_size_put(struct ferry_encoder *e, const struct foo_size *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->b);
}

FERRY_COLD void
foo_size_get(struct ferry_decoder *d, struct foo_size *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->b = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
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
	ferry_put_str(e, *v, 10);
}

FERRY_COLD void
path_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, 10);
}

size_t
number_size(const number *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
number_put(struct ferry_encoder *e, const number *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

FERRY_COLD void
number_get(struct ferry_decoder *d, number *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	*v = ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
same_size(const struct same *v)
{
	size_t bytes = 8;

	bytes += ferry_size_var(v->path.len);
	return bytes;
}

FERRY_COLD void
same_put(struct ferry_encoder *e, const struct same *v)
{
	uint8_t *p;

	ferry_put_str(e, v->path, 10);
	p = ferry_put_run(e, 8);
	if (!p)
		return;
	ferry_store_u32(p, v->number);
	ferry_store_u32(p + 4, (uint32_t)v->foo.a);
}

FERRY_COLD void
same_get(struct ferry_decoder *d, struct same *v)
{
	const uint8_t *p;

	v->path = ferry_get_str(d, 10);
	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->number = ferry_load_u32(p);
	v->foo.a = (int32_t)ferry_load_u32(p + 4);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
s0_size(const struct s0 *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
s0_put(struct ferry_encoder *e, const struct s0 *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)v->goto_);
}

FERRY_COLD void
s0_get(struct ferry_decoder *d, struct s0 *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	v->goto_ = (int32_t)ferry_load_u32(p);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
out__size(const out_ *v)
{
	(void)v;
	return 4;
}

FERRY_COLD void
out__put(struct ferry_encoder *e, const out_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)*v);
}

FERRY_COLD void
out__get(struct ferry_decoder *d, out_ *v)
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

FERRY_COLD ferry_err
null_1_reply(struct ferry_call *call)
{
	ferry_reply_begin(call, 0);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_null_1(struct ferry_call *call, const void *handlers,
	     struct ferry_decoder *d)
{
	const struct call_1_ops *ops = handlers;
	ferry_err err;

	if (!ops->null)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	err = ops->null(call);
	return err ? err : null_1_reply(call);
}

FERRY_COLD ferry_err
list_1_reply(struct ferry_call *call, const number *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	number_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_list_1(struct ferry_call *call, const void *handlers,
	     struct ferry_decoder *d)
{
	const struct call_1_ops *ops = handlers;
	out_ arg1;
	number arg2;
	struct foo *foo;
	struct ferry_str path;
	number out;
	ferry_err err;

	if (!ops->list)
		return FERRY_EPROC;
	out__get(d, &arg1);
	number_get(d, &arg2);
	foo = ferry_get_memory(d, 1, sizeof(*foo));
	if (foo)
		foo_get(d, foo);
	path = ferry_get_str(d, 10);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->list(call, arg1, arg2, foo, path, &out);
	return err ? err : list_1_reply(call, &out);
}

FERRY_COLD ferry_err
list_1__reply(struct ferry_call *call, const number *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	number_put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_list_1_(struct ferry_call *call, const void *handlers,
	      struct ferry_decoder *d)
{
	const struct call_1_ops *ops = handlers;
	struct foo *foo;
	struct foo *arg2;
	number out;
	ferry_err err;

	if (!ops->list_)
		return FERRY_EPROC;
	foo = ferry_get_memory(d, 1, sizeof(*foo));
	if (foo)
		foo_get(d, foo);
	arg2 = ferry_get_memory(d, 1, sizeof(*arg2));
	if (arg2)
		foo_get(d, arg2);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->list_(call, foo, arg2, &out);
	return err ? err : list_1__reply(call, &out);
}

FERRY_COLD ferry_err
switch_1_reply(struct ferry_call *call, const struct namespace_ *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, namespace__size(out));
	namespace__put(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_switch_1(struct ferry_call *call, const void *handlers,
	       struct ferry_decoder *d)
{
	const struct call_1_ops *ops = handlers;
	enum class_ arg1;
	struct ferry_call_ *arg2;
	struct namespace_ out;
	ferry_err err;

	if (!ops->switch_)
		return FERRY_EPROC;
	class__get(d, &arg1);
	arg2 = ferry_get_memory(d, 1, sizeof(*arg2));
	if (arg2)
		ferry_call__get_(d, arg2);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->switch_(call, arg1, arg2, &out);
	return err ? err : switch_1_reply(call, &out);
}

static const struct ferry_procedure call_1_procedures[] = {
	{ 0, "NULL" },
	{ 1, "LIST" },
	{ 2, "List" },
	{ 3, "Switch" },
};

FERRY_COLD static ferry_err
serve_call_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	     const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 0:
		return serve_null_1(call, handlers, d);
	case 1:
		return serve_list_1_(call, handlers, d);
	case 2:
		return serve_list_1(call, handlers, d);
	case 3:
		return serve_switch_1(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version call_1_version = {
	"CALL", 0x20000010, 1, 4, call_1_procedures, serve_call_1,
};

ferry_err
call_1_serve(struct ferry_server *server, const struct call_1_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &call_1_version, ops, ctx);
}

FERRY_COLD ferry_err
null_1_start(struct ferry_call *call)
{
	ferry_call_begin(call, &call_1_version, 0, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
null_1_finish(struct ferry_call *call)
{
	ferry_call_wait(call);
	return ferry_call_end(call);
}

FERRY_COLD ferry_err
null_1(struct ferry_call *call)
{
	ferry_err err = null_1_start(call);

	return err ? err : null_1_finish(call);
}

FERRY_COLD ferry_err
list_1_start(struct ferry_call *call, out_ arg1, number arg2,
	     const struct foo *foo, struct ferry_str path)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &call_1_version, 2, 12 +
			     ferry_size_var(path.len));
	out__put(e, &arg1);
	number_put(e, &arg2);
	foo_put(e, foo);
	ferry_put_str(e, path, 10);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
list_1_finish(struct ferry_call *call, number *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	number got;
	ferry_err err;

	number_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
list_1(struct ferry_call *call, out_ arg1, number arg2, const struct foo *foo,
       struct ferry_str path, number *out)
{
	ferry_err err = list_1_start(call, arg1, arg2, foo, path);

	return err ? err : list_1_finish(call, out);
}

FERRY_COLD ferry_err
list_1__start(struct ferry_call *call, const struct foo *foo,
	      const struct foo *arg2)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &call_1_version, 1, 8);
	foo_put(e, foo);
	foo_put(e, arg2);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
list_1__finish(struct ferry_call *call, number *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	number got;
	ferry_err err;

	number_get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
list_1_(struct ferry_call *call, const struct foo *foo, const struct foo *arg2,
	number *out)
{
	ferry_err err = list_1__start(call, foo, arg2);

	return err ? err : list_1__finish(call, out);
}

FERRY_COLD ferry_err
switch_1_start(struct ferry_call *call, enum class_ arg1,
	       const struct ferry_call_ *arg2)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &call_1_version, 3, 4 +
			     ferry_call__size_(arg2));
	class__put(e, &arg1);
	ferry_call__put_(e, arg2);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
switch_1_finish(struct ferry_call *call, struct namespace_ *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct namespace_ got;
	ferry_err err;

	namespace__get(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
switch_1(struct ferry_call *call, enum class_ arg1,
	 const struct ferry_call_ *arg2, struct namespace_ *out)
{
	ferry_err err = switch_1_start(call, arg1, arg2);

	return err ? err : switch_1_finish(call, out);
}

FERRY_COLD ferry_err
call_2_reply(struct ferry_call *call)
{
	ferry_reply_begin(call, 0);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_call_2_(struct ferry_call *call, const void *handlers,
	      struct ferry_decoder *d)
{
	const struct call_2_ops *ops = handlers;
	struct same *same;
	ferry_err err;

	if (!ops->call)
		return FERRY_EPROC;
	same = ferry_get_memory(d, 1, sizeof(*same));
	if (same)
		same_get(d, same);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	err = ops->call(call, same);
	return err ? err : call_2_reply(call);
}

static const struct ferry_procedure call_2_procedures[] = {
	{ 1, "CALL" },
};

FERRY_COLD static ferry_err
serve_call_2(struct ferry_call *call, const struct ferry_procedure *procedure,
	     const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_call_2_(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version call_2_version = {
	"CALL", 0x20000010, 2, 1, call_2_procedures, serve_call_2,
};

ferry_err
call_2_serve(struct ferry_server *server, const struct call_2_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &call_2_version, ops, ctx);
}

FERRY_COLD ferry_err
call_2_start(struct ferry_call *call, const struct same *same)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &call_2_version, 1, same_size(same));
	same_put(e, same);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
call_2_finish(struct ferry_call *call)
{
	ferry_call_wait(call);
	return ferry_call_end(call);
}

FERRY_COLD ferry_err
call_2(struct ferry_call *call, const struct same *same)
{
	ferry_err err = call_2_start(call, same);

	return err ? err : call_2_finish(call);
}

FERRY_COLD ferry_err
list_1___reply(struct ferry_call *call)
{
	ferry_reply_begin(call, 0);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_list_1__(struct ferry_call *call, const void *handlers,
	       struct ferry_decoder *d)
{
	const struct other_1_ops *ops = handlers;
	struct operator_ *arg;
	ferry_err err;

	if (!ops->list)
		return FERRY_EPROC;
	arg = ferry_get_memory(d, 1, sizeof(*arg));
	if (arg)
		operator__get(d, arg);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	err = ops->list(call, arg);
	return err ? err : list_1___reply(call);
}

static const struct ferry_procedure other_1_procedures[] = {
	{ 1, "LIST" },
};

FERRY_COLD static ferry_err
serve_other_1(struct ferry_call *call, const struct ferry_procedure *procedure,
	      const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_list_1__(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version other_1_version = {
	"OTHER", 0x20000011, 1, 1, other_1_procedures, serve_other_1,
};

ferry_err
other_1_serve(struct ferry_server *server, const struct other_1_ops *ops,
	      void *ctx)
{
	return ferry_server_add(server, &other_1_version, ops, ctx);
}

FERRY_COLD ferry_err
list_1___start(struct ferry_call *call, const struct operator_ *arg)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &other_1_version, 1, operator__size(arg));
	operator__put(e, arg);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
list_1___finish(struct ferry_call *call)
{
	ferry_call_wait(call);
	return ferry_call_end(call);
}

FERRY_COLD ferry_err
list_1__(struct ferry_call *call, const struct operator_ *arg)
{
	ferry_err err = list_1___start(call, arg);

	return err ? err : list_1___finish(call);
}
