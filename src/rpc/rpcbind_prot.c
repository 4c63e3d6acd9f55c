/* SPDX-License-Identifier: MIT */
/*
 * rpcbind_prot.c: made from rpcbind_prot.x by ferry 0.1.0. Edit rpcbind_prot.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "rpcbind_prot.h"

#include <ferry/stub.h>

static const struct ferry_row fy_pmap__rows_[] = {
	{ FERRY_KIND_UINT, offsetof(struct fy_pmap_, prog), 4, { NULL } },
};

const struct ferry_codec fy_pmap__codec_ = {
	sizeof(struct fy_pmap_), 16, 1, true, false, { fy_pmap__rows_ },
};

static const struct ferry_row fy_pmap_item__rows_[] = {
	{ FERRY_KIND_RECORD, offsetof(struct fy_pmap_item_, map), 0,
	 { &fy_pmap__codec_ } },
	{ FERRY_KIND_NEXT, offsetof(struct fy_pmap_item_, next), 0, { NULL } },
};

const struct ferry_codec fy_pmap_item__codec_ = {
	sizeof(struct fy_pmap_item_), 20, 2, false, false,
		{ fy_pmap_item__rows_ },
};

static const struct ferry_row fy_pmap_list__rows_[] = {
	{ FERRY_KIND_OPTIONAL, 0, 0, { &fy_pmap_item__codec_ } },
};

const struct ferry_codec fy_pmap_list__codec_ = {
	sizeof(fy_pmap_list_), 4, 1, false, false, { fy_pmap_list__rows_ },
};

static const struct ferry_row fy_rpcb__rows_[] = {
	{ FERRY_KIND_UINT, offsetof(struct fy_rpcb_, prog), 2, { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct fy_rpcb_, netid), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct fy_rpcb_, addr), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct fy_rpcb_, owner), UINT32_MAX,
	 { NULL } },
};

const struct ferry_codec fy_rpcb__codec_ = {
	sizeof(struct fy_rpcb_), 20, 4, false, false, { fy_rpcb__rows_ },
};

static const struct ferry_row fy_rpcb_item__rows_[] = {
	{ FERRY_KIND_RECORD, offsetof(struct fy_rpcb_item_, map), 0,
	 { &fy_rpcb__codec_ } },
	{ FERRY_KIND_NEXT, offsetof(struct fy_rpcb_item_, next), 0, { NULL } },
};

const struct ferry_codec fy_rpcb_item__codec_ = {
	sizeof(struct fy_rpcb_item_), 24, 2, false, false,
		{ fy_rpcb_item__rows_ },
};

static const struct ferry_row fy_rpcb_list__rows_[] = {
	{ FERRY_KIND_OPTIONAL, 0, 0, { &fy_rpcb_item__codec_ } },
};

const struct ferry_codec fy_rpcb_list__codec_ = {
	sizeof(fy_rpcb_list_), 4, 1, false, false, { fy_rpcb_list__rows_ },
};

static const struct ferry_procedure fy_rpcbind_2_procedures_[] = {
	{ 1, offsetof(struct fy_rpcbind_2_ops_, set), "SET", &fy_pmap__codec_,
	 &ferry_codec_bool },
	{ 2, offsetof(struct fy_rpcbind_2_ops_, unset), "UNSET",
	 &fy_pmap__codec_, &ferry_codec_bool },
	{ 3, offsetof(struct fy_rpcbind_2_ops_, getport), "GETPORT",
	 &fy_pmap__codec_, &ferry_codec_uint },
	{ 4, offsetof(struct fy_rpcbind_2_ops_, dump), "DUMP", NULL,
	 &fy_pmap_list__codec_ },
};

FERRY_COLD static ferry_err
enter_fy_rpcbind_2(struct ferry_call *call, uint32_t procedure,
		   const void *handlers, const void *args, void *out)
{
	const struct fy_rpcbind_2_ops_ *ops = handlers;

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

static const struct ferry_version fy_rpcbind_2_version_ = {
	"RPCBIND", 0x186a0, 2, 4, fy_rpcbind_2_procedures_, ferry_stub_serve,
		enter_fy_rpcbind_2,
};

ferry_err
fy_rpcbind_2_serve_(struct ferry_server *server,
		    const struct fy_rpcbind_2_ops_ *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_2_version_, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_2__reply_(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version_, 1);
}

FERRY_COLD ferry_err
fy_unset_2__reply_(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version_, 2);
}

FERRY_COLD ferry_err
fy_getport_2__reply_(struct ferry_call *call, const uint32_t *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version_, 3);
}

FERRY_COLD ferry_err
fy_dump_2__reply_(struct ferry_call *call, const fy_pmap_list_ *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_2_version_, 4);
}

FERRY_COLD ferry_err
fy_set_2_(struct ferry_call *call, const struct fy_pmap_ *pmap, bool *out)
{
	return ferry_stub_call(call, pmap, out, &fy_rpcbind_2_version_, 1);
}

FERRY_COLD ferry_err
fy_set_2__start_(struct ferry_call *call, const struct fy_pmap_ *pmap)
{
	return ferry_stub_start(call, pmap, &fy_rpcbind_2_version_, 1);
}

FERRY_COLD ferry_err
fy_set_2__finish_(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version_, 1);
}

FERRY_COLD ferry_err
fy_unset_2_(struct ferry_call *call, const struct fy_pmap_ *pmap, bool *out)
{
	return ferry_stub_call(call, pmap, out, &fy_rpcbind_2_version_, 2);
}

FERRY_COLD ferry_err
fy_unset_2__start_(struct ferry_call *call, const struct fy_pmap_ *pmap)
{
	return ferry_stub_start(call, pmap, &fy_rpcbind_2_version_, 2);
}

FERRY_COLD ferry_err
fy_unset_2__finish_(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version_, 2);
}

FERRY_COLD ferry_err
fy_getport_2_(struct ferry_call *call, const struct fy_pmap_ *pmap,
	      uint32_t *out)
{
	return ferry_stub_call(call, pmap, out, &fy_rpcbind_2_version_, 3);
}

FERRY_COLD ferry_err
fy_getport_2__start_(struct ferry_call *call, const struct fy_pmap_ *pmap)
{
	return ferry_stub_start(call, pmap, &fy_rpcbind_2_version_, 3);
}

FERRY_COLD ferry_err
fy_getport_2__finish_(struct ferry_call *call, uint32_t *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version_, 3);
}

FERRY_COLD ferry_err
fy_dump_2_(struct ferry_call *call, fy_pmap_list_ *out)
{
	return ferry_stub_call(call, NULL, out, &fy_rpcbind_2_version_, 4);
}

FERRY_COLD ferry_err
fy_dump_2__start_(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &fy_rpcbind_2_version_, 4);
}

FERRY_COLD ferry_err
fy_dump_2__finish_(struct ferry_call *call, fy_pmap_list_ *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_2_version_, 4);
}

static const struct ferry_procedure fy_rpcbind_3_procedures_[] = {
	{ 1, offsetof(struct fy_rpcbind_3_ops_, set), "SET", &fy_rpcb__codec_,
	 &ferry_codec_bool },
	{ 2, offsetof(struct fy_rpcbind_3_ops_, unset), "UNSET",
	 &fy_rpcb__codec_, &ferry_codec_bool },
	{ 3, offsetof(struct fy_rpcbind_3_ops_, getaddr), "GETADDR",
	 &fy_rpcb__codec_, &ferry_codec_string },
	{ 4, offsetof(struct fy_rpcbind_3_ops_, dump), "DUMP", NULL,
	 &fy_rpcb_list__codec_ },
};

FERRY_COLD static ferry_err
enter_fy_rpcbind_3(struct ferry_call *call, uint32_t procedure,
		   const void *handlers, const void *args, void *out)
{
	const struct fy_rpcbind_3_ops_ *ops = handlers;

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

static const struct ferry_version fy_rpcbind_3_version_ = {
	"RPCBIND", 0x186a0, 3, 4, fy_rpcbind_3_procedures_, ferry_stub_serve,
		enter_fy_rpcbind_3,
};

ferry_err
fy_rpcbind_3_serve_(struct ferry_server *server,
		    const struct fy_rpcbind_3_ops_ *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_3_version_, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_3__reply_(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version_, 1);
}

FERRY_COLD ferry_err
fy_unset_3__reply_(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version_, 2);
}

FERRY_COLD ferry_err
fy_getaddr_3__reply_(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version_, 3);
}

FERRY_COLD ferry_err
fy_dump_3__reply_(struct ferry_call *call, const fy_rpcb_list_ *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_3_version_, 4);
}

FERRY_COLD ferry_err
fy_set_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_3_version_, 1);
}

FERRY_COLD ferry_err
fy_set_3__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_3_version_, 1);
}

FERRY_COLD ferry_err
fy_set_3__finish_(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version_, 1);
}

FERRY_COLD ferry_err
fy_unset_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_3_version_, 2);
}

FERRY_COLD ferry_err
fy_unset_3__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_3_version_, 2);
}

FERRY_COLD ferry_err
fy_unset_3__finish_(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version_, 2);
}

FERRY_COLD ferry_err
fy_getaddr_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
	      struct ferry_str *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_3_version_, 3);
}

FERRY_COLD ferry_err
fy_getaddr_3__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_3_version_, 3);
}

FERRY_COLD ferry_err
fy_getaddr_3__finish_(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version_, 3);
}

FERRY_COLD ferry_err
fy_dump_3_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	return ferry_stub_call(call, NULL, out, &fy_rpcbind_3_version_, 4);
}

FERRY_COLD ferry_err
fy_dump_3__start_(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &fy_rpcbind_3_version_, 4);
}

FERRY_COLD ferry_err
fy_dump_3__finish_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_3_version_, 4);
}

static const struct ferry_procedure fy_rpcbind_4_procedures_[] = {
	{ 1, offsetof(struct fy_rpcbind_4_ops_, set), "SET", &fy_rpcb__codec_,
	 &ferry_codec_bool },
	{ 2, offsetof(struct fy_rpcbind_4_ops_, unset), "UNSET",
	 &fy_rpcb__codec_, &ferry_codec_bool },
	{ 3, offsetof(struct fy_rpcbind_4_ops_, getaddr), "GETADDR",
	 &fy_rpcb__codec_, &ferry_codec_string },
	{ 4, offsetof(struct fy_rpcbind_4_ops_, dump), "DUMP", NULL,
	 &fy_rpcb_list__codec_ },
	{ 9, offsetof(struct fy_rpcbind_4_ops_, getversaddr), "GETVERSADDR",
	 &fy_rpcb__codec_, &ferry_codec_string },
};

FERRY_COLD static ferry_err
enter_fy_rpcbind_4(struct ferry_call *call, uint32_t procedure,
		   const void *handlers, const void *args, void *out)
{
	const struct fy_rpcbind_4_ops_ *ops = handlers;

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

static const struct ferry_version fy_rpcbind_4_version_ = {
	"RPCBIND", 0x186a0, 4, 5, fy_rpcbind_4_procedures_, ferry_stub_serve,
		enter_fy_rpcbind_4,
};

ferry_err
fy_rpcbind_4_serve_(struct ferry_server *server,
		    const struct fy_rpcbind_4_ops_ *ops, void *ctx)
{
	return ferry_server_add(server, &fy_rpcbind_4_version_, ops, ctx);
}

FERRY_COLD ferry_err
fy_set_4__reply_(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version_, 1);
}

FERRY_COLD ferry_err
fy_unset_4__reply_(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version_, 2);
}

FERRY_COLD ferry_err
fy_getaddr_4__reply_(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version_, 3);
}

FERRY_COLD ferry_err
fy_dump_4__reply_(struct ferry_call *call, const fy_rpcb_list_ *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version_, 4);
}

FERRY_COLD ferry_err
fy_getversaddr_4__reply_(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &fy_rpcbind_4_version_, 9);
}

FERRY_COLD ferry_err
fy_set_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version_, 1);
}

FERRY_COLD ferry_err
fy_set_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version_, 1);
}

FERRY_COLD ferry_err
fy_set_4__finish_(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version_, 1);
}

FERRY_COLD ferry_err
fy_unset_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb, bool *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version_, 2);
}

FERRY_COLD ferry_err
fy_unset_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version_, 2);
}

FERRY_COLD ferry_err
fy_unset_4__finish_(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version_, 2);
}

FERRY_COLD ferry_err
fy_getaddr_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
	      struct ferry_str *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version_, 3);
}

FERRY_COLD ferry_err
fy_getaddr_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version_, 3);
}

FERRY_COLD ferry_err
fy_getaddr_4__finish_(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version_, 3);
}

FERRY_COLD ferry_err
fy_dump_4_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	return ferry_stub_call(call, NULL, out, &fy_rpcbind_4_version_, 4);
}

FERRY_COLD ferry_err
fy_dump_4__start_(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &fy_rpcbind_4_version_, 4);
}

FERRY_COLD ferry_err
fy_dump_4__finish_(struct ferry_call *call, fy_rpcb_list_ *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version_, 4);
}

FERRY_COLD ferry_err
fy_getversaddr_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
		  struct ferry_str *out)
{
	return ferry_stub_call(call, rpcb, out, &fy_rpcbind_4_version_, 9);
}

FERRY_COLD ferry_err
fy_getversaddr_4__start_(struct ferry_call *call, const struct fy_rpcb_ *rpcb)
{
	return ferry_stub_start(call, rpcb, &fy_rpcbind_4_version_, 9);
}

FERRY_COLD ferry_err
fy_getversaddr_4__finish_(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &fy_rpcbind_4_version_, 9);
}
