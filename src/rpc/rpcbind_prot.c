/* SPDX-License-Identifier: MIT */
/*
 * rpcbind_prot.c: made from rpcbind_prot.x by ferry 0.1.0. Edit rpcbind_prot.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "rpcbind_prot.h"

#include <ferry/stub.h>

static const struct ferry_row fy_pmap_rows[] = {
	{ FERRY_KIND_UINT, offsetof(struct fy_pmap, prog), 4, { NULL } },
};

const struct ferry_codec fy_pmap_codec = {
	sizeof(struct fy_pmap), 16, 1, true, false, { fy_pmap_rows },
};

static void
put_fy_pmap_item_map(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct fy_pmap_item *v = items;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_put_run(e, 16);
		if (!p)
			return;
		ferry_store_u32(p, v->map.prog);
		ferry_store_u32(p + 4, v->map.vers);
		ferry_store_u32(p + 8, v->map.prot);
		ferry_store_u32(p + 12, v->map.port);
	}
}

static void
get_fy_pmap_item_map(struct ferry_decoder *d, void *items, size_t n)
{
	struct fy_pmap_item *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 16);
		if (!p)
			return;
		v->map.prog = ferry_load_u32(p);
		v->map.vers = ferry_load_u32(p + 4);
		v->map.prot = ferry_load_u32(p + 8);
		v->map.port = ferry_load_u32(p + 12);
	}
}

static const struct ferry_code fy_pmap_item_map_code = {
	NULL, put_fy_pmap_item_map, get_fy_pmap_item_map,
};

static const struct ferry_row fy_pmap_item_rows[] = {
	{ FERRY_KIND_CODE, 0, 16, { .code = &fy_pmap_item_map_code } },
	{ FERRY_KIND_NEXT, offsetof(struct fy_pmap_item, next), 0, { NULL } },
};

const struct ferry_codec fy_pmap_item_codec = {
	sizeof(struct fy_pmap_item), 20, 2, false, false, { fy_pmap_item_rows },
};

static const struct ferry_row fy_pmap_list_rows[] = {
	{ FERRY_KIND_OPTIONAL, 0, 0, { &fy_pmap_item_codec } },
};

const struct ferry_codec fy_pmap_list_codec = {
	sizeof(fy_pmap_list), 4, 1, false, false, { fy_pmap_list_rows },
};

static const struct ferry_row fy_rpcb_rows[] = {
	{ FERRY_KIND_UINT, offsetof(struct fy_rpcb, prog), 2, { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct fy_rpcb, netid), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct fy_rpcb, addr), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct fy_rpcb, owner), UINT32_MAX,
	 { NULL } },
};

const struct ferry_codec fy_rpcb_codec = {
	sizeof(struct fy_rpcb), 20, 4, false, false, { fy_rpcb_rows },
};

static size_t
size_fy_rpcb_item_map(const void *items, size_t n)
{
	const struct fy_rpcb_item *v = items;
	size_t bytes = n * 20;

	for (; n > 0; n--, v++) {
		bytes += (size_t)ferry_padded(v->map.netid.len);
		bytes += (size_t)ferry_padded(v->map.addr.len);
		bytes += (size_t)ferry_padded(v->map.owner.len);
	}
	return bytes;
}

static void
put_fy_rpcb_item_map(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct fy_rpcb_item *v = items;
	struct ferry_str s0;
	struct ferry_str s1;
	struct ferry_str s2;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		s0 = v->map.netid;
		s1 = v->map.addr;
		s2 = v->map.owner;
		p = ferry_put_run(e, 20 + ferry_padded(s0.len) +
				  ferry_padded(s1.len) + ferry_padded(s2.len));
		if (!p)
			return;
		ferry_store_u32(p, v->map.prog);
		ferry_store_u32(p + 4, v->map.vers);
		p = ferry_text_store_str(p + 8, s0);
		p = ferry_text_store_str(p, s1);
		ferry_text_store_str(p, s2);
	}
}

static void
get_fy_rpcb_item_map(struct ferry_decoder *d, void *items, size_t n)
{
	struct fy_rpcb_item *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 8);
		if (!p)
			return;
		v->map.prog = ferry_load_u32(p);
		v->map.vers = ferry_load_u32(p + 4);
		v->map.netid = ferry_text_get_str(d, UINT32_MAX);
		v->map.addr = ferry_text_get_str(d, UINT32_MAX);
		v->map.owner = ferry_text_get_str(d, UINT32_MAX);
	}
}

static const struct ferry_code fy_rpcb_item_map_code = {
	size_fy_rpcb_item_map, put_fy_rpcb_item_map, get_fy_rpcb_item_map,
};

static const struct ferry_row fy_rpcb_item_rows[] = {
	{ FERRY_KIND_CODE, 0, 0, { .code = &fy_rpcb_item_map_code } },
	{ FERRY_KIND_NEXT, offsetof(struct fy_rpcb_item, next), 0, { NULL } },
};

const struct ferry_codec fy_rpcb_item_codec = {
	sizeof(struct fy_rpcb_item), 24, 2, false, false, { fy_rpcb_item_rows },
};

static const struct ferry_row fy_rpcb_list_rows[] = {
	{ FERRY_KIND_OPTIONAL, 0, 0, { &fy_rpcb_item_codec } },
};

const struct ferry_codec fy_rpcb_list_codec = {
	sizeof(fy_rpcb_list), 4, 1, false, false, { fy_rpcb_list_rows },
};

static const struct ferry_procedure fy_rpcbind_2_procedures[] = {
	{ 1, offsetof(struct fy_rpcbind_2_ops, set), "SET", &fy_pmap_codec,
	 &ferry_codec_bool },
	{ 2, offsetof(struct fy_rpcbind_2_ops, unset), "UNSET", &fy_pmap_codec,
	 &ferry_codec_bool },
	{ 3, offsetof(struct fy_rpcbind_2_ops, getport), "GETPORT",
	 &fy_pmap_codec, &ferry_codec_uint },
	{ 4, offsetof(struct fy_rpcbind_2_ops, dump), "DUMP", NULL,
	 &fy_pmap_list_codec },
};

FERRY_COLD static ferry_err
enter_fy_rpcbind_2(struct ferry_call *call, uint32_t procedure,
		   const void *handlers, const void *args, void *out)
{
	const struct fy_rpcbind_2_ops *ops = handlers;

	switch (procedure) {
	case 1:
		return ops->set(call, args, out);
	case 2:
		return ops->unset(call, args, out);
	case 3:
		return ops->getport(call, args, out);
	case 4:
		return ops->dump(call, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version fy_rpcbind_2_version = {
	"RPCBIND", 0x186a0, 2, 4, fy_rpcbind_2_procedures, ferry_stub_serve,
		enter_fy_rpcbind_2,
};

ferry_err
fy_rpcbind_2_serve(struct ferry_server *server,
		   const struct fy_rpcbind_2_ops *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_2_version, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_2_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version, 1);
}

FERRY_COLD ferry_err
fy_unset_2_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version, 2);
}

FERRY_COLD ferry_err
fy_getport_2_reply(struct ferry_call *call, const uint32_t *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version, 3);
}

FERRY_COLD ferry_err
fy_dump_2_reply(struct ferry_call *call, const fy_pmap_list *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version, 4);
}

FERRY_COLD ferry_err
fy_set_2(struct ferry_call *call, const struct fy_pmap *pmap, bool *out)
{
	return ferry_stub_call(call, pmap, out, &fy_rpcbind_2_version, 1);
}

FERRY_COLD ferry_err
fy_set_2_start(struct ferry_call *call, const struct fy_pmap *pmap)
{
	return ferry_stub_start(call, pmap, &fy_rpcbind_2_version, 1);
}

FERRY_COLD ferry_err
fy_set_2_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version, 1);
}

FERRY_COLD ferry_err
fy_unset_2(struct ferry_call *call, const struct fy_pmap *pmap, bool *out)
{
	return ferry_stub_call(call, pmap, out, &fy_rpcbind_2_version, 2);
}

FERRY_COLD ferry_err
fy_unset_2_start(struct ferry_call *call, const struct fy_pmap *pmap)
{
	return ferry_stub_start(call, pmap, &fy_rpcbind_2_version, 2);
}

FERRY_COLD ferry_err
fy_unset_2_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version, 2);
}

FERRY_COLD ferry_err
fy_getport_2(struct ferry_call *call, const struct fy_pmap *pmap, uint32_t *out)
{
	return ferry_stub_call(call, pmap, out, &fy_rpcbind_2_version, 3);
}

FERRY_COLD ferry_err
fy_getport_2_start(struct ferry_call *call, const struct fy_pmap *pmap)
{
	return ferry_stub_start(call, pmap, &fy_rpcbind_2_version, 3);
}

FERRY_COLD ferry_err
fy_getport_2_finish(struct ferry_call *call, uint32_t *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version, 3);
}

FERRY_COLD ferry_err
fy_dump_2(struct ferry_call *call, fy_pmap_list *out)
{
	return ferry_stub_call(call, NULL, out, &fy_rpcbind_2_version, 4);
}

FERRY_COLD ferry_err
fy_dump_2_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &fy_rpcbind_2_version, 4);
}

FERRY_COLD ferry_err
fy_dump_2_finish(struct ferry_call *call, fy_pmap_list *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version, 4);
}

static const struct ferry_procedure fy_rpcbind_3_procedures[] = {
	{ 1, offsetof(struct fy_rpcbind_3_ops, set), "SET", &fy_rpcb_codec,
	 &ferry_codec_bool },
	{ 2, offsetof(struct fy_rpcbind_3_ops, unset), "UNSET", &fy_rpcb_codec,
	 &ferry_codec_bool },
	{ 3, offsetof(struct fy_rpcbind_3_ops, getaddr), "GETADDR",
	 &fy_rpcb_codec, &ferry_codec_string },
	{ 4, offsetof(struct fy_rpcbind_3_ops, dump), "DUMP", NULL,
	 &fy_rpcb_list_codec },
};

FERRY_COLD static ferry_err
enter_fy_rpcbind_3(struct ferry_call *call, uint32_t procedure,
		   const void *handlers, const void *args, void *out)
{
	const struct fy_rpcbind_3_ops *ops = handlers;

	switch (procedure) {
	case 1:
		return ops->set(call, args, out);
	case 2:
		return ops->unset(call, args, out);
	case 3:
		return ops->getaddr(call, args, out);
	case 4:
		return ops->dump(call, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version fy_rpcbind_3_version = {
	"RPCBIND", 0x186a0, 3, 4, fy_rpcbind_3_procedures, ferry_stub_serve,
		enter_fy_rpcbind_3,
};

ferry_err
fy_rpcbind_3_serve(struct ferry_server *server,
		   const struct fy_rpcbind_3_ops *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_3_version, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_3_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version, 1);
}

FERRY_COLD ferry_err
fy_unset_3_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version, 2);
}

FERRY_COLD ferry_err
fy_getaddr_3_reply(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version, 3);
}

FERRY_COLD ferry_err
fy_dump_3_reply(struct ferry_call *call, const fy_rpcb_list *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version, 4);
}

FERRY_COLD ferry_err
fy_set_3(struct ferry_call *call, const struct fy_rpcb *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_3_version, 1);
}

FERRY_COLD ferry_err
fy_set_3_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_3_version, 1);
}

FERRY_COLD ferry_err
fy_set_3_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version, 1);
}

FERRY_COLD ferry_err
fy_unset_3(struct ferry_call *call, const struct fy_rpcb *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_3_version, 2);
}

FERRY_COLD ferry_err
fy_unset_3_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_3_version, 2);
}

FERRY_COLD ferry_err
fy_unset_3_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version, 2);
}

FERRY_COLD ferry_err
fy_getaddr_3(struct ferry_call *call, const struct fy_rpcb *rpcb,
	     struct ferry_str *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_3_version, 3);
}

FERRY_COLD ferry_err
fy_getaddr_3_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_3_version, 3);
}

FERRY_COLD ferry_err
fy_getaddr_3_finish(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version, 3);
}

FERRY_COLD ferry_err
fy_dump_3(struct ferry_call *call, fy_rpcb_list *out)
{
	return ferry_stub_call(call, NULL, out, &fy_rpcbind_3_version, 4);
}

FERRY_COLD ferry_err
fy_dump_3_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &fy_rpcbind_3_version, 4);
}

FERRY_COLD ferry_err
fy_dump_3_finish(struct ferry_call *call, fy_rpcb_list *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version, 4);
}

static const struct ferry_procedure fy_rpcbind_4_procedures[] = {
	{ 1, offsetof(struct fy_rpcbind_4_ops, set), "SET", &fy_rpcb_codec,
	 &ferry_codec_bool },
	{ 2, offsetof(struct fy_rpcbind_4_ops, unset), "UNSET", &fy_rpcb_codec,
	 &ferry_codec_bool },
	{ 3, offsetof(struct fy_rpcbind_4_ops, getaddr), "GETADDR",
	 &fy_rpcb_codec, &ferry_codec_string },
	{ 4, offsetof(struct fy_rpcbind_4_ops, dump), "DUMP", NULL,
	 &fy_rpcb_list_codec },
	{ 9, offsetof(struct fy_rpcbind_4_ops, getversaddr), "GETVERSADDR",
	 &fy_rpcb_codec, &ferry_codec_string },
};

FERRY_COLD static ferry_err
enter_fy_rpcbind_4(struct ferry_call *call, uint32_t procedure,
		   const void *handlers, const void *args, void *out)
{
	const struct fy_rpcbind_4_ops *ops = handlers;

	switch (procedure) {
	case 1:
		return ops->set(call, args, out);
	case 2:
		return ops->unset(call, args, out);
	case 3:
		return ops->getaddr(call, args, out);
	case 4:
		return ops->dump(call, out);
	case 9:
		return ops->getversaddr(call, args, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version fy_rpcbind_4_version = {
	"RPCBIND", 0x186a0, 4, 5, fy_rpcbind_4_procedures, ferry_stub_serve,
		enter_fy_rpcbind_4,
};

ferry_err
fy_rpcbind_4_serve(struct ferry_server *server,
		   const struct fy_rpcbind_4_ops *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_4_version, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_4_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version, 1);
}

FERRY_COLD ferry_err
fy_unset_4_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version, 2);
}

FERRY_COLD ferry_err
fy_getaddr_4_reply(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version, 3);
}

FERRY_COLD ferry_err
fy_dump_4_reply(struct ferry_call *call, const fy_rpcb_list *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version, 4);
}

FERRY_COLD ferry_err
fy_getversaddr_4_reply(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version, 9);
}

FERRY_COLD ferry_err
fy_set_4(struct ferry_call *call, const struct fy_rpcb *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version, 1);
}

FERRY_COLD ferry_err
fy_set_4_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version, 1);
}

FERRY_COLD ferry_err
fy_set_4_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version, 1);
}

FERRY_COLD ferry_err
fy_unset_4(struct ferry_call *call, const struct fy_rpcb *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version, 2);
}

FERRY_COLD ferry_err
fy_unset_4_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version, 2);
}

FERRY_COLD ferry_err
fy_unset_4_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version, 2);
}

FERRY_COLD ferry_err
fy_getaddr_4(struct ferry_call *call, const struct fy_rpcb *rpcb,
	     struct ferry_str *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version, 3);
}

FERRY_COLD ferry_err
fy_getaddr_4_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version, 3);
}

FERRY_COLD ferry_err
fy_getaddr_4_finish(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version, 3);
}

FERRY_COLD ferry_err
fy_dump_4(struct ferry_call *call, fy_rpcb_list *out)
{
	return ferry_stub_call(call, NULL, out, &fy_rpcbind_4_version, 4);
}

FERRY_COLD ferry_err
fy_dump_4_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &fy_rpcbind_4_version, 4);
}

FERRY_COLD ferry_err
fy_dump_4_finish(struct ferry_call *call, fy_rpcb_list *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version, 4);
}

FERRY_COLD ferry_err
fy_getversaddr_4(struct ferry_call *call, const struct fy_rpcb *rpcb,
		 struct ferry_str *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version, 9);
}

FERRY_COLD ferry_err
fy_getversaddr_4_start(struct ferry_call *call, const struct fy_rpcb *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version, 9);
}

FERRY_COLD ferry_err
fy_getversaddr_4_finish(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version, 9);
}
