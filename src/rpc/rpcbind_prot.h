/* SPDX-License-Identifier: MIT */
/*
 * rpcbind_prot.h: made from rpcbind_prot.x by ferry 0.1.0. Edit rpcbind_prot.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/* of TCP and of UDP */
enum { fy_RPCBIND_PORT = 111 };
/* protocol numbers of IP */
enum { fy_PMAP_TCP = 6 };
enum { fy_PMAP_UDP = 17 };

/* rpcbind_prot.x:19 */
struct fy_pmap {
	uint32_t prog;
	uint32_t vers;
	/* PMAP_TCP, PMAP_UDP */
	uint32_t prot;
	uint32_t port;
};

/* rpcbind_prot.x:26 */
struct fy_pmap_item {
	struct fy_pmap map;
	/* or NULL */
	struct fy_pmap_item *next;
};

/* rpcbind_prot.x:30 */
typedef struct fy_pmap_item *fy_pmap_list;

/* rpcbind_prot.x:34 */
struct fy_rpcb {
	uint32_t prog;
	uint32_t vers;
	/* RFC 5665: "tcp", "udp6", "local" ... */
	struct ferry_str netid;
	/* universal address, RFC 5665 as well */
	struct ferry_str addr;
	struct ferry_str owner;
};

/* rpcbind_prot.x:42 */
struct fy_rpcb_item {
	struct fy_rpcb map;
	/* or NULL */
	struct fy_rpcb_item *next;
};

/* rpcbind_prot.x:46 */
typedef struct fy_rpcb_item *fy_rpcb_list;

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec fy_pmap_codec;
extern const struct ferry_codec fy_pmap_item_codec;
extern const struct ferry_codec fy_pmap_list_codec;
extern const struct ferry_codec fy_rpcb_codec;
extern const struct ferry_codec fy_rpcb_item_codec;
extern const struct ferry_codec fy_rpcb_list_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
fy_pmap_size(const struct fy_pmap *v)
{
	(void)v;
	return 16;
}

static inline void
fy_pmap_put(struct ferry_encoder *e, const struct fy_pmap *v)
{
	ferry_codec_put(e, v, &fy_pmap_codec);
}

static inline void
fy_pmap_get(struct ferry_decoder *d, struct fy_pmap *v)
{
	ferry_codec_get(d, v, &fy_pmap_codec);
}

static inline size_t
fy_pmap_item_size(const struct fy_pmap_item *v)
{
	return ferry_codec_size(v, &fy_pmap_item_codec);
}

static inline void
fy_pmap_item_put(struct ferry_encoder *e, const struct fy_pmap_item *v)
{
	ferry_codec_put(e, v, &fy_pmap_item_codec);
}

static inline void
fy_pmap_item_get(struct ferry_decoder *d, struct fy_pmap_item *v)
{
	ferry_codec_get(d, v, &fy_pmap_item_codec);
}

static inline size_t
fy_pmap_list_size(const fy_pmap_list *v)
{
	return ferry_codec_size(v, &fy_pmap_list_codec);
}

static inline void
fy_pmap_list_put(struct ferry_encoder *e, const fy_pmap_list *v)
{
	ferry_codec_put(e, v, &fy_pmap_list_codec);
}

static inline void
fy_pmap_list_get(struct ferry_decoder *d, fy_pmap_list *v)
{
	ferry_codec_get(d, v, &fy_pmap_list_codec);
}

static inline size_t
fy_rpcb_size(const struct fy_rpcb *v)
{
	return ferry_codec_size(v, &fy_rpcb_codec);
}

static inline void
fy_rpcb_put(struct ferry_encoder *e, const struct fy_rpcb *v)
{
	ferry_codec_put(e, v, &fy_rpcb_codec);
}

static inline void
fy_rpcb_get(struct ferry_decoder *d, struct fy_rpcb *v)
{
	ferry_codec_get(d, v, &fy_rpcb_codec);
}

static inline size_t
fy_rpcb_item_size(const struct fy_rpcb_item *v)
{
	return ferry_codec_size(v, &fy_rpcb_item_codec);
}

static inline void
fy_rpcb_item_put(struct ferry_encoder *e, const struct fy_rpcb_item *v)
{
	ferry_codec_put(e, v, &fy_rpcb_item_codec);
}

static inline void
fy_rpcb_item_get(struct ferry_decoder *d, struct fy_rpcb_item *v)
{
	ferry_codec_get(d, v, &fy_rpcb_item_codec);
}

static inline size_t
fy_rpcb_list_size(const fy_rpcb_list *v)
{
	return ferry_codec_size(v, &fy_rpcb_list_codec);
}

static inline void
fy_rpcb_list_put(struct ferry_encoder *e, const fy_rpcb_list *v)
{
	ferry_codec_put(e, v, &fy_rpcb_list_codec);
}

static inline void
fy_rpcb_list_get(struct ferry_decoder *d, fy_rpcb_list *v)
{
	ferry_codec_get(d, v, &fy_rpcb_list_codec);
}

static inline size_t
fy_rpcb_addr_size(const struct ferry_str *v)
{
	return ferry_size_var(v->len);
}

static inline void
fy_rpcb_addr_put(struct ferry_encoder *e, const struct ferry_str *v)
{
	ferry_put_str(e, *v, UINT32_MAX);
}

static inline void
fy_rpcb_addr_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, UINT32_MAX);
}

/*
 * SET = 1, rpcbind_prot.x:52
 *
 * FALSE: mapped already, or the caller may not.
 */
ferry_err fy_set_2(struct ferry_call *call, const struct fy_pmap *pmap,
		   bool *out);
ferry_err fy_set_2_start(struct ferry_call *call, const struct fy_pmap *pmap);
ferry_err fy_set_2_finish(struct ferry_call *call, bool *out);

/*
 * UNSET = 2, rpcbind_prot.x:54
 *
 * FALSE: not mapped, or the caller may not.
 */
ferry_err fy_unset_2(struct ferry_call *call, const struct fy_pmap *pmap,
		     bool *out);
ferry_err fy_unset_2_start(struct ferry_call *call, const struct fy_pmap *pmap);
ferry_err fy_unset_2_finish(struct ferry_call *call, bool *out);

/*
 * GETPORT = 3, rpcbind_prot.x:56
 *
 * 0: there is none; may be the port of another version.
 */
ferry_err fy_getport_2(struct ferry_call *call, const struct fy_pmap *pmap,
		       uint32_t *out);
ferry_err fy_getport_2_start(struct ferry_call *call,
			     const struct fy_pmap *pmap);
ferry_err fy_getport_2_finish(struct ferry_call *call, uint32_t *out);

/* DUMP = 4, rpcbind_prot.x:57 */
ferry_err fy_dump_2(struct ferry_call *call, fy_pmap_list *out);
ferry_err fy_dump_2_start(struct ferry_call *call);
ferry_err fy_dump_2_finish(struct ferry_call *call, fy_pmap_list *out);

/*
 * What a server of RPCBIND version 2 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct fy_rpcbind_2_ops {
	ferry_err (*set)(struct ferry_call *call, const struct fy_pmap *pmap,
			 bool *out);
	ferry_err (*unset)(struct ferry_call *call, const struct fy_pmap *pmap,
			   bool *out);
	ferry_err (*getport)(struct ferry_call *call,
			     const struct fy_pmap *pmap, uint32_t *out);
	ferry_err (*dump)(struct ferry_call *call, fy_pmap_list *out);
};

ferry_err fy_rpcbind_2_serve(struct ferry_server *server,
			     const struct fy_rpcbind_2_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err fy_set_2_reply(struct ferry_call *call, const bool *out);
ferry_err fy_unset_2_reply(struct ferry_call *call, const bool *out);
ferry_err fy_getport_2_reply(struct ferry_call *call, const uint32_t *out);
ferry_err fy_dump_2_reply(struct ferry_call *call, const fy_pmap_list *out);

/* SET = 1, rpcbind_prot.x:60 */
ferry_err fy_set_3(struct ferry_call *call, const struct fy_rpcb *rpcb,
		   bool *out);
ferry_err fy_set_3_start(struct ferry_call *call, const struct fy_rpcb *rpcb);
ferry_err fy_set_3_finish(struct ferry_call *call, bool *out);

/*
 * UNSET = 2, rpcbind_prot.x:62
 *
 * An empty netid stands for all of them.
 */
ferry_err fy_unset_3(struct ferry_call *call, const struct fy_rpcb *rpcb,
		     bool *out);
ferry_err fy_unset_3_start(struct ferry_call *call, const struct fy_rpcb *rpcb);
ferry_err fy_unset_3_finish(struct ferry_call *call, bool *out);

/*
 * GETADDR = 3, rpcbind_prot.x:64
 *
 * Empty: there is none; may be of another version.
 */
ferry_err fy_getaddr_3(struct ferry_call *call, const struct fy_rpcb *rpcb,
		       struct ferry_str *out);
ferry_err fy_getaddr_3_start(struct ferry_call *call,
			     const struct fy_rpcb *rpcb);
ferry_err fy_getaddr_3_finish(struct ferry_call *call, struct ferry_str *out);

/* DUMP = 4, rpcbind_prot.x:65 */
ferry_err fy_dump_3(struct ferry_call *call, fy_rpcb_list *out);
ferry_err fy_dump_3_start(struct ferry_call *call);
ferry_err fy_dump_3_finish(struct ferry_call *call, fy_rpcb_list *out);

/*
 * What a server of RPCBIND version 3 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct fy_rpcbind_3_ops {
	ferry_err (*set)(struct ferry_call *call, const struct fy_rpcb *rpcb,
			 bool *out);
	ferry_err (*unset)(struct ferry_call *call, const struct fy_rpcb *rpcb,
			   bool *out);
	ferry_err (*getaddr)(struct ferry_call *call,
			     const struct fy_rpcb *rpcb, struct ferry_str *out);
	ferry_err (*dump)(struct ferry_call *call, fy_rpcb_list *out);
};

ferry_err fy_rpcbind_3_serve(struct ferry_server *server,
			     const struct fy_rpcbind_3_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err fy_set_3_reply(struct ferry_call *call, const bool *out);
ferry_err fy_unset_3_reply(struct ferry_call *call, const bool *out);
ferry_err fy_getaddr_3_reply(struct ferry_call *call,
			     const struct ferry_str *out);
ferry_err fy_dump_3_reply(struct ferry_call *call, const fy_rpcb_list *out);

/* SET = 1, rpcbind_prot.x:68 */
ferry_err fy_set_4(struct ferry_call *call, const struct fy_rpcb *rpcb,
		   bool *out);
ferry_err fy_set_4_start(struct ferry_call *call, const struct fy_rpcb *rpcb);
ferry_err fy_set_4_finish(struct ferry_call *call, bool *out);

/* UNSET = 2, rpcbind_prot.x:69 */
ferry_err fy_unset_4(struct ferry_call *call, const struct fy_rpcb *rpcb,
		     bool *out);
ferry_err fy_unset_4_start(struct ferry_call *call, const struct fy_rpcb *rpcb);
ferry_err fy_unset_4_finish(struct ferry_call *call, bool *out);

/* GETADDR = 3, rpcbind_prot.x:70 */
ferry_err fy_getaddr_4(struct ferry_call *call, const struct fy_rpcb *rpcb,
		       struct ferry_str *out);
ferry_err fy_getaddr_4_start(struct ferry_call *call,
			     const struct fy_rpcb *rpcb);
ferry_err fy_getaddr_4_finish(struct ferry_call *call, struct ferry_str *out);

/* DUMP = 4, rpcbind_prot.x:71 */
ferry_err fy_dump_4(struct ferry_call *call, fy_rpcb_list *out);
ferry_err fy_dump_4_start(struct ferry_call *call);
ferry_err fy_dump_4_finish(struct ferry_call *call, fy_rpcb_list *out);

/*
 * GETVERSADDR = 9, rpcbind_prot.x:73
 *
 * As GETADDR, but of no other version.
 */
ferry_err fy_getversaddr_4(struct ferry_call *call, const struct fy_rpcb *rpcb,
			   struct ferry_str *out);
ferry_err fy_getversaddr_4_start(struct ferry_call *call,
				 const struct fy_rpcb *rpcb);
ferry_err fy_getversaddr_4_finish(struct ferry_call *call,
				  struct ferry_str *out);

/*
 * What a server of RPCBIND version 4 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct fy_rpcbind_4_ops {
	ferry_err (*set)(struct ferry_call *call, const struct fy_rpcb *rpcb,
			 bool *out);
	ferry_err (*unset)(struct ferry_call *call, const struct fy_rpcb *rpcb,
			   bool *out);
	ferry_err (*getaddr)(struct ferry_call *call,
			     const struct fy_rpcb *rpcb, struct ferry_str *out);
	ferry_err (*dump)(struct ferry_call *call, fy_rpcb_list *out);
	ferry_err (*getversaddr)(struct ferry_call *call,
				 const struct fy_rpcb *rpcb,
				 struct ferry_str *out);
};

ferry_err fy_rpcbind_4_serve(struct ferry_server *server,
			     const struct fy_rpcbind_4_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err fy_set_4_reply(struct ferry_call *call, const bool *out);
ferry_err fy_unset_4_reply(struct ferry_call *call, const bool *out);
ferry_err fy_getaddr_4_reply(struct ferry_call *call,
			     const struct ferry_str *out);
ferry_err fy_dump_4_reply(struct ferry_call *call, const fy_rpcb_list *out);
ferry_err fy_getversaddr_4_reply(struct ferry_call *call,
				 const struct ferry_str *out);

#ifdef __cplusplus
}
#endif
