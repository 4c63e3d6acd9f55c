/* SPDX-License-Identifier: MIT */
/*
 * rpcbind_prot.c: made from rpcbind_prot.x by ferry 0.1.0. Edit rpcbind_prot.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "rpcbind_prot.h"

#include <ferry/stub.h>

static inline void
put_uint(struct ferry_encoder *e, const uint32_t *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v);
}

static inline void
get_uint(struct ferry_decoder *d, uint32_t *v)
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
fy_pmap__size_(const struct fy_pmap_ *v)
{
	(void)v;
	return 16;
}

void
fy_pmap__put_(struct ferry_encoder *e, const struct fy_pmap_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 16);
	if (!p)
		return;
	ferry_store_u32(p, v->prog);
	ferry_store_u32(p + 4, v->vers);
	ferry_store_u32(p + 8, v->prot);
	ferry_store_u32(p + 12, v->port);
}

void
fy_pmap__get_(struct ferry_decoder *d, struct fy_pmap_ *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 16);
	if (!p)
		goto bad;
	v->prog = ferry_load_u32(p);
	v->vers = ferry_load_u32(p + 4);
	v->prot = ferry_load_u32(p + 8);
	v->port = ferry_load_u32(p + 12);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
fy_pmap_item__size_(const struct fy_pmap_item_ *v)
{
	size_t bytes = 0;

	for (; v; v = v->next) {
		if (!add_size(&bytes, 20))
			return SIZE_MAX;
	}
	return bytes;
}

void
fy_pmap_item__put_(struct ferry_encoder *e, const struct fy_pmap_item_ *v)
{
	uint8_t *p;

	for (;;) {
		p = ferry_put_run(e, 20);
		if (!p)
			return;
		ferry_store_u32(p, v->map.prog);
		ferry_store_u32(p + 4, v->map.vers);
		ferry_store_u32(p + 8, v->map.prot);
		ferry_store_u32(p + 12, v->map.port);
		ferry_store_u32(p + 16, v->next != NULL);
		if (!v->next)
			break;
		v = v->next;
	}
}

void
fy_pmap_item__get_(struct ferry_decoder *d, struct fy_pmap_item_ *v)
{
	const uint8_t *p;
	bool more;

	for (;;) {
		p = ferry_get_run(d, 20);
		if (!p)
			goto bad;
		v->map.prog = ferry_load_u32(p);
		v->map.vers = ferry_load_u32(p + 4);
		v->map.prot = ferry_load_u32(p + 8);
		v->map.port = ferry_load_u32(p + 12);
		more = ferry_load_bool(d, p + 16);
		v->next =
			more ? ferry_get_memory(d, 1, sizeof(*v->next)) : NULL;
		if (!v->next)
			break;
		v = v->next;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
fy_pmap_list__size_(const fy_pmap_list_ *v)
{
	size_t bytes = 4;

	if (*v) {
		if (!add_size(&bytes, fy_pmap_item__size_(*v)))
			return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
fy_pmap_list__put_(struct ferry_encoder *e, const fy_pmap_list_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v != NULL);
	if (*v)
		fy_pmap_item__put_(e, *v);
}

FERRY_COLD void
fy_pmap_list__get_(struct ferry_decoder *d, fy_pmap_list_ *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	*v = more ? ferry_get_memory(d, 1, sizeof(**v)) : NULL;
	if (*v)
		fy_pmap_item__get_(d, *v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
fy_rpcb__size_(const struct fy_rpcb_ *v)
{
	size_t bytes = 8;

	bytes += ferry_size_var(v->netid.len);
	bytes += ferry_size_var(v->addr.len);
	bytes += ferry_size_var(v->owner.len);
	return bytes;
}

void
fy_rpcb__put_(struct ferry_encoder *e, const struct fy_rpcb_ *v)
{
	struct ferry_str s0;
	struct ferry_str s1;
	struct ferry_str s2;
	uint8_t *p;

	s0 = v->netid;
	s1 = v->addr;
	s2 = v->owner;
	p = ferry_put_run(e, 20 + ferry_padded(s0.len) + ferry_padded(s1.len) +
			  ferry_padded(s2.len));
	if (!p)
		return;
	ferry_store_u32(p, v->prog);
	ferry_store_u32(p + 4, v->vers);
	p = ferry_store_str(p + 8, s0);
	p = ferry_store_str(p, s1);
	ferry_store_str(p, s2);
}

void
fy_rpcb__get_(struct ferry_decoder *d, struct fy_rpcb_ *v)
{
	const uint8_t *p;

	p = ferry_get_run(d, 8);
	if (!p)
		goto bad;
	v->prog = ferry_load_u32(p);
	v->vers = ferry_load_u32(p + 4);
	v->netid = ferry_get_str(d, UINT32_MAX);
	v->addr = ferry_get_str(d, UINT32_MAX);
	v->owner = ferry_get_str(d, UINT32_MAX);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

size_t
fy_rpcb_item__size_(const struct fy_rpcb_item_ *v)
{
	size_t bytes = 0;

	for (; v; v = v->next) {
		if (!add_size(&bytes, 4))
			return SIZE_MAX;
		if (!add_size(&bytes, fy_rpcb__size_(&v->map)))
			return SIZE_MAX;
	}
	return bytes;
}

void
fy_rpcb_item__put_(struct ferry_encoder *e, const struct fy_rpcb_item_ *v)
{
	uint8_t *p;

	for (;;) {
		fy_rpcb__put_(e, &v->map);
		p = ferry_put_run(e, 4);
		if (!p)
			return;
		ferry_store_u32(p, v->next != NULL);
		if (!v->next)
			break;
		v = v->next;
	}
}

void
fy_rpcb_item__get_(struct ferry_decoder *d, struct fy_rpcb_item_ *v)
{
	const uint8_t *p;
	bool more;

	for (;;) {
		fy_rpcb__get_(d, &v->map);
		p = ferry_get_run(d, 4);
		if (!p)
			goto bad;
		more = ferry_load_bool(d, p);
		v->next =
			more ? ferry_get_memory(d, 1, sizeof(*v->next)) : NULL;
		if (!v->next)
			break;
		v = v->next;
	}
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD size_t
fy_rpcb_list__size_(const fy_rpcb_list_ *v)
{
	size_t bytes = 4;

	if (*v) {
		if (!add_size(&bytes, fy_rpcb_item__size_(*v)))
			return SIZE_MAX;
	}
	return bytes;
}

FERRY_COLD void
fy_rpcb_list__put_(struct ferry_encoder *e, const fy_rpcb_list_ *v)
{
	uint8_t *p;

	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, *v != NULL);
	if (*v)
		fy_rpcb_item__put_(e, *v);
}

FERRY_COLD void
fy_rpcb_list__get_(struct ferry_decoder *d, fy_rpcb_list_ *v)
{
	const uint8_t *p;
	bool more;

	p = ferry_get_run(d, 4);
	if (!p)
		goto bad;
	more = ferry_load_bool(d, p);
	*v = more ? ferry_get_memory(d, 1, sizeof(**v)) : NULL;
	if (*v)
		fy_rpcb_item__get_(d, *v);
	return;

bad:
	ferry_get_fail(d, FERRY_EDECODE);
	memset(v, 0, sizeof(*v));
}

FERRY_COLD ferry_err
fy_set_2__reply_(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_set_2_(struct ferry_call *call, const void *handlers,
		struct ferry_decoder *d)
{
	const struct fy_rpcbind_2_ops_ *ops = handlers;
	struct fy_pmap_ *pmap;
	bool out;
	ferry_err err;

	if (!ops->set)
		return FERRY_EPROC;
	pmap = ferry_get_memory(d, 1, sizeof(*pmap));
	if (pmap)
		fy_pmap__get_(d, pmap);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->set(call, pmap, &out);
	return err ? err : fy_set_2__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_unset_2__reply_(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_unset_2_(struct ferry_call *call, const void *handlers,
		  struct ferry_decoder *d)
{
	const struct fy_rpcbind_2_ops_ *ops = handlers;
	struct fy_pmap_ *pmap;
	bool out;
	ferry_err err;

	if (!ops->unset)
		return FERRY_EPROC;
	pmap = ferry_get_memory(d, 1, sizeof(*pmap));
	if (pmap)
		fy_pmap__get_(d, pmap);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->unset(call, pmap, &out);
	return err ? err : fy_unset_2__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_getport_2__reply_(struct ferry_call *call, const uint32_t *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_uint(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_getport_2_(struct ferry_call *call, const void *handlers,
		    struct ferry_decoder *d)
{
	const struct fy_rpcbind_2_ops_ *ops = handlers;
	struct fy_pmap_ *pmap;
	uint32_t out;
	ferry_err err;

	if (!ops->getport)
		return FERRY_EPROC;
	pmap = ferry_get_memory(d, 1, sizeof(*pmap));
	if (pmap)
		fy_pmap__get_(d, pmap);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->getport(call, pmap, &out);
	return err ? err : fy_getport_2__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_dump_2__reply_(struct ferry_call *call, const fy_pmap_list_ *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, fy_pmap_list__size_(out));
	fy_pmap_list__put_(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_dump_2_(struct ferry_call *call, const void *handlers,
		 struct ferry_decoder *d)
{
	const struct fy_rpcbind_2_ops_ *ops = handlers;
	fy_pmap_list_ out;
	ferry_err err;

	if (!ops->dump)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->dump(call, &out);
	return err ? err : fy_dump_2__reply_(call, &out);
}

static const struct ferry_procedure fy_rpcbind_2_procedures_[] = {
	{ 1, "SET" },
	{ 2, "UNSET" },
	{ 3, "GETPORT" },
	{ 4, "DUMP" },
};

FERRY_COLD static ferry_err
serve_fy_rpcbind_2(struct ferry_call *call,
		   const struct ferry_procedure *procedure,
		   const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_fy_set_2_(call, handlers, d);
	case 2:
		return serve_fy_unset_2_(call, handlers, d);
	case 3:
		return serve_fy_getport_2_(call, handlers, d);
	case 4:
		return serve_fy_dump_2_(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version fy_rpcbind_2_version_ = {
	"RPCBIND", 0x186a0, 2, 4, fy_rpcbind_2_procedures_, serve_fy_rpcbind_2,
};

ferry_err
fy_rpcbind_2_serve_(struct ferry_server *server,
		    const struct fy_rpcbind_2_ops_ *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_2_version_, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_2__start_(struct ferry_call *call, const struct fy_pmap_ *pmap)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_2_version_, 1, 16);
	fy_pmap__put_(e, pmap);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_set_2__finish_(struct ferry_call *call, bool *out)
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
fy_set_2_(struct ferry_call *call, const struct fy_pmap_ *pmap, bool *out)
{
	ferry_err err = fy_set_2__start_(call, pmap);

	return err ? err : fy_set_2__finish_(call, out);
}

FERRY_COLD ferry_err
fy_unset_2__start_(struct ferry_call *call, const struct fy_pmap_ *pmap)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_2_version_, 2, 16);
	fy_pmap__put_(e, pmap);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_unset_2__finish_(struct ferry_call *call, bool *out)
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
fy_unset_2_(struct ferry_call *call, const struct fy_pmap_ *pmap, bool *out)
{
	ferry_err err = fy_unset_2__start_(call, pmap);

	return err ? err : fy_unset_2__finish_(call, out);
}

FERRY_COLD ferry_err
fy_getport_2__start_(struct ferry_call *call, const struct fy_pmap_ *pmap)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_2_version_, 3, 16);
	fy_pmap__put_(e, pmap);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_getport_2__finish_(struct ferry_call *call, uint32_t *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	uint32_t got;
	ferry_err err;

	get_uint(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_getport_2_(struct ferry_call *call, const struct fy_pmap_ *pmap,
	      uint32_t *out)
{
	ferry_err err = fy_getport_2__start_(call, pmap);

	return err ? err : fy_getport_2__finish_(call, out);
}

FERRY_COLD ferry_err
fy_dump_2__start_(struct ferry_call *call)
{
	ferry_call_begin(call, &fy_rpcbind_2_version_, 4, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_dump_2__finish_(struct ferry_call *call, fy_pmap_list_ *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	fy_pmap_list_ got;
	ferry_err err;

	fy_pmap_list__get_(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_dump_2_(struct ferry_call *call, fy_pmap_list_ *out)
{
	ferry_err err = fy_dump_2__start_(call);

	return err ? err : fy_dump_2__finish_(call, out);
}

FERRY_COLD ferry_err
fy_set_3__reply_(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_set_3_(struct ferry_call *call, const void *handlers,
		struct ferry_decoder *d)
{
	const struct fy_rpcbind_3_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	bool out;
	ferry_err err;

	if (!ops->set)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->set(call, rpcb, &out);
	return err ? err : fy_set_3__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_unset_3__reply_(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_unset_3_(struct ferry_call *call, const void *handlers,
		  struct ferry_decoder *d)
{
	const struct fy_rpcbind_3_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	bool out;
	ferry_err err;

	if (!ops->unset)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->unset(call, rpcb, &out);
	return err ? err : fy_unset_3__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_getaddr_3__reply_(struct ferry_call *call, const struct ferry_str *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, ferry_size_var(out->len));
	ferry_put_str(e, *out, UINT32_MAX);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_getaddr_3_(struct ferry_call *call, const void *handlers,
		    struct ferry_decoder *d)
{
	const struct fy_rpcbind_3_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	struct ferry_str out;
	ferry_err err;

	if (!ops->getaddr)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->getaddr(call, rpcb, &out);
	return err ? err : fy_getaddr_3__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_dump_3__reply_(struct ferry_call *call, const fy_rpcb_list_ *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, fy_rpcb_list__size_(out));
	fy_rpcb_list__put_(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_dump_3_(struct ferry_call *call, const void *handlers,
		 struct ferry_decoder *d)
{
	const struct fy_rpcbind_3_ops_ *ops = handlers;
	fy_rpcb_list_ out;
	ferry_err err;

	if (!ops->dump)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->dump(call, &out);
	return err ? err : fy_dump_3__reply_(call, &out);
}

static const struct ferry_procedure fy_rpcbind_3_procedures_[] = {
	{ 1, "SET" },
	{ 2, "UNSET" },
	{ 3, "GETADDR" },
	{ 4, "DUMP" },
};

FERRY_COLD static ferry_err
serve_fy_rpcbind_3(struct ferry_call *call,
		   const struct ferry_procedure *procedure,
		   const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_fy_set_3_(call, handlers, d);
	case 2:
		return serve_fy_unset_3_(call, handlers, d);
	case 3:
		return serve_fy_getaddr_3_(call, handlers, d);
	case 4:
		return serve_fy_dump_3_(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version fy_rpcbind_3_version_ = {
	"RPCBIND", 0x186a0, 3, 4, fy_rpcbind_3_procedures_, serve_fy_rpcbind_3,
};

ferry_err
fy_rpcbind_3_serve_(struct ferry_server *server,
		    const struct fy_rpcbind_3_ops_ *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_3_version_, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_3__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_3_version_, 1,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_set_3__finish_(struct ferry_call *call, bool *out)
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
fy_set_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	ferry_err err = fy_set_3__start_(call, rpcb);

	return err ? err : fy_set_3__finish_(call, out);
}

FERRY_COLD ferry_err
fy_unset_3__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_3_version_, 2,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_unset_3__finish_(struct ferry_call *call, bool *out)
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
fy_unset_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	ferry_err err = fy_unset_3__start_(call, rpcb);

	return err ? err : fy_unset_3__finish_(call, out);
}

FERRY_COLD ferry_err
fy_getaddr_3__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_3_version_, 3,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_getaddr_3__finish_(struct ferry_call *call, struct ferry_str *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct ferry_str got;
	ferry_err err;

	got = ferry_get_str(d, UINT32_MAX);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_getaddr_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
	      struct ferry_str *out)
{
	ferry_err err = fy_getaddr_3__start_(call, rpcb);

	return err ? err : fy_getaddr_3__finish_(call, out);
}

FERRY_COLD ferry_err
fy_dump_3__start_(struct ferry_call *call)
{
	ferry_call_begin(call, &fy_rpcbind_3_version_, 4, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_dump_3__finish_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	fy_rpcb_list_ got;
	ferry_err err;

	fy_rpcb_list__get_(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_dump_3_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	ferry_err err = fy_dump_3__start_(call);

	return err ? err : fy_dump_3__finish_(call, out);
}

FERRY_COLD ferry_err
fy_set_4__reply_(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_set_4_(struct ferry_call *call, const void *handlers,
		struct ferry_decoder *d)
{
	const struct fy_rpcbind_4_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	bool out;
	ferry_err err;

	if (!ops->set)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->set(call, rpcb, &out);
	return err ? err : fy_set_4__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_unset_4__reply_(struct ferry_call *call, const bool *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, 4);
	put_bool(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_unset_4_(struct ferry_call *call, const void *handlers,
		  struct ferry_decoder *d)
{
	const struct fy_rpcbind_4_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	bool out;
	ferry_err err;

	if (!ops->unset)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->unset(call, rpcb, &out);
	return err ? err : fy_unset_4__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_getaddr_4__reply_(struct ferry_call *call, const struct ferry_str *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, ferry_size_var(out->len));
	ferry_put_str(e, *out, UINT32_MAX);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_getaddr_4_(struct ferry_call *call, const void *handlers,
		    struct ferry_decoder *d)
{
	const struct fy_rpcbind_4_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	struct ferry_str out;
	ferry_err err;

	if (!ops->getaddr)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->getaddr(call, rpcb, &out);
	return err ? err : fy_getaddr_4__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_dump_4__reply_(struct ferry_call *call, const fy_rpcb_list_ *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, fy_rpcb_list__size_(out));
	fy_rpcb_list__put_(e, out);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_dump_4_(struct ferry_call *call, const void *handlers,
		 struct ferry_decoder *d)
{
	const struct fy_rpcbind_4_ops_ *ops = handlers;
	fy_rpcb_list_ out;
	ferry_err err;

	if (!ops->dump)
		return FERRY_EPROC;
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->dump(call, &out);
	return err ? err : fy_dump_4__reply_(call, &out);
}

FERRY_COLD ferry_err
fy_getversaddr_4__reply_(struct ferry_call *call, const struct ferry_str *out)
{
	struct ferry_encoder *e;

	e = ferry_reply_begin(call, ferry_size_var(out->len));
	ferry_put_str(e, *out, UINT32_MAX);
	return ferry_reply_send(call);
}

FERRY_COLD static ferry_err
serve_fy_getversaddr_4_(struct ferry_call *call, const void *handlers,
			struct ferry_decoder *d)
{
	const struct fy_rpcbind_4_ops_ *ops = handlers;
	struct fy_rpcb_ *rpcb;
	struct ferry_str out;
	ferry_err err;

	if (!ops->getversaddr)
		return FERRY_EPROC;
	rpcb = ferry_get_memory(d, 1, sizeof(*rpcb));
	if (rpcb)
		fy_rpcb__get_(d, rpcb);
	err = ferry_get_end(d);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_EARGS;
	memset(&out, 0, sizeof(out));
	err = ops->getversaddr(call, rpcb, &out);
	return err ? err : fy_getversaddr_4__reply_(call, &out);
}

static const struct ferry_procedure fy_rpcbind_4_procedures_[] = {
	{ 1, "SET" },
	{ 2, "UNSET" },
	{ 3, "GETADDR" },
	{ 4, "DUMP" },
	{ 9, "GETVERSADDR" },
};

FERRY_COLD static ferry_err
serve_fy_rpcbind_4(struct ferry_call *call,
		   const struct ferry_procedure *procedure,
		   const void *handlers, struct ferry_decoder *d)
{
	switch (procedure->number) {
	case 1:
		return serve_fy_set_4_(call, handlers, d);
	case 2:
		return serve_fy_unset_4_(call, handlers, d);
	case 3:
		return serve_fy_getaddr_4_(call, handlers, d);
	case 4:
		return serve_fy_dump_4_(call, handlers, d);
	case 9:
		return serve_fy_getversaddr_4_(call, handlers, d);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version fy_rpcbind_4_version_ = {
	"RPCBIND", 0x186a0, 4, 5, fy_rpcbind_4_procedures_, serve_fy_rpcbind_4,
};

ferry_err
fy_rpcbind_4_serve_(struct ferry_server *server,
		    const struct fy_rpcbind_4_ops_ *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_4_version_, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_4_version_, 1,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_set_4__finish_(struct ferry_call *call, bool *out)
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
fy_set_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	ferry_err err = fy_set_4__start_(call, rpcb);

	return err ? err : fy_set_4__finish_(call, out);
}

FERRY_COLD ferry_err
fy_unset_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_4_version_, 2,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_unset_4__finish_(struct ferry_call *call, bool *out)
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
fy_unset_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	ferry_err err = fy_unset_4__start_(call, rpcb);

	return err ? err : fy_unset_4__finish_(call, out);
}

FERRY_COLD ferry_err
fy_getaddr_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_4_version_, 3,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_getaddr_4__finish_(struct ferry_call *call, struct ferry_str *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct ferry_str got;
	ferry_err err;

	got = ferry_get_str(d, UINT32_MAX);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_getaddr_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
	      struct ferry_str *out)
{
	ferry_err err = fy_getaddr_4__start_(call, rpcb);

	return err ? err : fy_getaddr_4__finish_(call, out);
}

FERRY_COLD ferry_err
fy_dump_4__start_(struct ferry_call *call)
{
	ferry_call_begin(call, &fy_rpcbind_4_version_, 4, 0);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_dump_4__finish_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	fy_rpcb_list_ got;
	ferry_err err;

	fy_rpcb_list__get_(d, &got);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_dump_4_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	ferry_err err = fy_dump_4__start_(call);

	return err ? err : fy_dump_4__finish_(call, out);
}

FERRY_COLD ferry_err
fy_getversaddr_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	struct ferry_encoder *e;

	e = ferry_call_begin(call, &fy_rpcbind_4_version_, 9,
			     fy_rpcb__size_(rpcb));
	fy_rpcb__put_(e, rpcb);
	return ferry_call_send(call);
}

FERRY_COLD ferry_err
fy_getversaddr_4__finish_(struct ferry_call *call, struct ferry_str *out)
{
	struct ferry_decoder *d = ferry_call_wait(call);
	struct ferry_str got;
	ferry_err err;

	got = ferry_get_str(d, UINT32_MAX);
	err = ferry_call_end(call);
	if (!err)
		*out = got;
	return err;
}

FERRY_COLD ferry_err
fy_getversaddr_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
		  struct ferry_str *out)
{
	ferry_err err = fy_getversaddr_4__start_(call, rpcb);

	return err ? err : fy_getversaddr_4__finish_(call, out);
}
