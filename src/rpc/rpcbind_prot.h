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
enum { fy_RPCBIND_PORT_ = 111 };
/* protocol numbers of IP */
enum { fy_PMAP_TCP_ = 6 };
enum { fy_PMAP_UDP_ = 17 };

/* rpcbind_prot.x:19 */
struct fy_pmap_ {
	uint32_t prog;
	uint32_t vers;
	/* PMAP_TCP, PMAP_UDP */
	uint32_t prot;
	uint32_t port;
};

/* rpcbind_prot.x:26 */
struct fy_pmap_item_ {
	struct fy_pmap_ map;
	/* or NULL */
	struct fy_pmap_item_ *next;
};

/* rpcbind_prot.x:30 */
typedef struct fy_pmap_item_ *fy_pmap_list_;

/* rpcbind_prot.x:34 */
struct fy_rpcb_ {
	uint32_t prog;
	uint32_t vers;
	/* RFC 5665: "tcp", "udp6", "local" ... */
	struct ferry_str netid;
	/* universal address, RFC 5665 as well */
	struct ferry_str addr;
	struct ferry_str owner;
};

/* rpcbind_prot.x:42 */
struct fy_rpcb_item_ {
	struct fy_rpcb_ map;
	/* or NULL */
	struct fy_rpcb_item_ *next;
};

/* rpcbind_prot.x:46 */
typedef struct fy_rpcb_item_ *fy_rpcb_list_;

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec fy_pmap__codec_;
extern const struct ferry_codec fy_pmap_item__codec_;
extern const struct ferry_codec fy_pmap_list__codec_;
extern const struct ferry_codec fy_rpcb__codec_;
extern const struct ferry_codec fy_rpcb_item__codec_;
extern const struct ferry_codec fy_rpcb_list__codec_;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
fy_pmap__size_(const struct fy_pmap_ *v)
{
	(void)v;
	return 16;
}

static inline void
fy_pmap__put_(struct ferry_encoder *e, const struct fy_pmap_ *v)
{
	ferry_codec_put(e, v, &fy_pmap__codec_);
}

static inline void
fy_pmap__get_(struct ferry_decoder *d, struct fy_pmap_ *v)
{
	ferry_codec_get(d, v, &fy_pmap__codec_);
}

static inline size_t
fy_pmap_item__size_(const struct fy_pmap_item_ *v)
{
	return ferry_codec_size(v, &fy_pmap_item__codec_);
}

static inline void
fy_pmap_item__put_(struct ferry_encoder *e, const struct fy_pmap_item_ *v)
{
	ferry_codec_put(e, v, &fy_pmap_item__codec_);
}

static inline void
fy_pmap_item__get_(struct ferry_decoder *d, struct fy_pmap_item_ *v)
{
	ferry_codec_get(d, v, &fy_pmap_item__codec_);
}

static inline size_t
fy_pmap_list__size_(const fy_pmap_list_ *v)
{
	return ferry_codec_size(v, &fy_pmap_list__codec_);
}

static inline void
fy_pmap_list__put_(struct ferry_encoder *e, const fy_pmap_list_ *v)
{
	ferry_codec_put(e, v, &fy_pmap_list__codec_);
}

static inline void
fy_pmap_list__get_(struct ferry_decoder *d, fy_pmap_list_ *v)
{
	ferry_codec_get(d, v, &fy_pmap_list__codec_);
}

static inline size_t
fy_rpcb__size_(const struct fy_rpcb_ *v)
{
	return ferry_codec_size(v, &fy_rpcb__codec_);
}

static inline void
fy_rpcb__put_(struct ferry_encoder *e, const struct fy_rpcb_ *v)
{
	ferry_codec_put(e, v, &fy_rpcb__codec_);
}

static inline void
fy_rpcb__get_(struct ferry_decoder *d, struct fy_rpcb_ *v)
{
	ferry_codec_get(d, v, &fy_rpcb__codec_);
}

static inline size_t
fy_rpcb_item__size_(const struct fy_rpcb_item_ *v)
{
	return ferry_codec_size(v, &fy_rpcb_item__codec_);
}

static inline void
fy_rpcb_item__put_(struct ferry_encoder *e, const struct fy_rpcb_item_ *v)
{
	ferry_codec_put(e, v, &fy_rpcb_item__codec_);
}

static inline void
fy_rpcb_item__get_(struct ferry_decoder *d, struct fy_rpcb_item_ *v)
{
	ferry_codec_get(d, v, &fy_rpcb_item__codec_);
}

static inline size_t
fy_rpcb_list__size_(const fy_rpcb_list_ *v)
{
	return ferry_codec_size(v, &fy_rpcb_list__codec_);
}

static inline void
fy_rpcb_list__put_(struct ferry_encoder *e, const fy_rpcb_list_ *v)
{
	ferry_codec_put(e, v, &fy_rpcb_list__codec_);
}

static inline void
fy_rpcb_list__get_(struct ferry_decoder *d, fy_rpcb_list_ *v)
{
	ferry_codec_get(d, v, &fy_rpcb_list__codec_);
}

static inline size_t
fy_rpcb_addr__size_(const struct ferry_str *v)
{
	return ferry_size_var(v->len);
}

static inline void
fy_rpcb_addr__put_(struct ferry_encoder *e, const struct ferry_str *v)
{
	ferry_put_str(e, *v, UINT32_MAX);
}

static inline void
fy_rpcb_addr__get_(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, UINT32_MAX);
}

/*
 * SET = 1, rpcbind_prot.x:52
 *
 * FALSE: mapped already, or the caller may not.
 */
ferry_err fy_set_2_(struct ferry_call *call, const struct fy_pmap_ *pmap,
		    bool *out);
ferry_err fy_set_2__start_(struct ferry_call *call,
			   const struct fy_pmap_ *pmap);
ferry_err fy_set_2__finish_(struct ferry_call *call, bool *out);

/*
 * UNSET = 2, rpcbind_prot.x:54
 *
 * FALSE: not mapped, or the caller may not.
 */
ferry_err fy_unset_2_(struct ferry_call *call, const struct fy_pmap_ *pmap,
		      bool *out);
ferry_err fy_unset_2__start_(struct ferry_call *call,
			     const struct fy_pmap_ *pmap);
ferry_err fy_unset_2__finish_(struct ferry_call *call, bool *out);

/*
 * GETPORT = 3, rpcbind_prot.x:56
 *
 * 0: there is none; may be the port of another version.
 */
ferry_err fy_getport_2_(struct ferry_call *call, const struct fy_pmap_ *pmap,
			uint32_t *out);
ferry_err fy_getport_2__start_(struct ferry_call *call,
			       const struct fy_pmap_ *pmap);
ferry_err fy_getport_2__finish_(struct ferry_call *call, uint32_t *out);

/* DUMP = 4, rpcbind_prot.x:57 */
ferry_err fy_dump_2_(struct ferry_call *call, fy_pmap_list_ *out);
ferry_err fy_dump_2__start_(struct ferry_call *call);
ferry_err fy_dump_2__finish_(struct ferry_call *call, fy_pmap_list_ *out);

/*
 * What a server of RPCBIND version 2 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct fy_rpcbind_2_ops_ {
	ferry_err (*set)(struct ferry_call *call, const struct fy_pmap_ *pmap,
			 bool *out);
	ferry_err (*unset)(struct ferry_call *call, const struct fy_pmap_ *pmap,
			   bool *out);
	ferry_err (*getport)(struct ferry_call *call,
			     const struct fy_pmap_ *pmap, uint32_t *out);
	ferry_err (*dump)(struct ferry_call *call, fy_pmap_list_ *out);
};

ferry_err fy_rpcbind_2_serve_(struct ferry_server *server,
			      const struct fy_rpcbind_2_ops_ *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err fy_set_2__reply_(struct ferry_call *call, const bool *out);
ferry_err fy_unset_2__reply_(struct ferry_call *call, const bool *out);
ferry_err fy_getport_2__reply_(struct ferry_call *call, const uint32_t *out);
ferry_err fy_dump_2__reply_(struct ferry_call *call, const fy_pmap_list_ *out);

/* SET = 1, rpcbind_prot.x:60 */
ferry_err fy_set_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
		    bool *out);
ferry_err fy_set_3__start_(struct ferry_call *call,
			   const struct fy_rpcb_ *rpcb);
ferry_err fy_set_3__finish_(struct ferry_call *call, bool *out);

/*
 * UNSET = 2, rpcbind_prot.x:62
 *
 * An empty netid stands for all of them.
 */
ferry_err fy_unset_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
		      bool *out);
ferry_err fy_unset_3__start_(struct ferry_call *call,
			     const struct fy_rpcb_ *rpcb);
ferry_err fy_unset_3__finish_(struct ferry_call *call, bool *out);

/*
 * GETADDR = 3, rpcbind_prot.x:64
 *
 * Empty: there is none; may be of another version.
 */
ferry_err fy_getaddr_3_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
			struct ferry_str *out);
ferry_err fy_getaddr_3__start_(struct ferry_call *call,
			       const struct fy_rpcb_ *rpcb);
ferry_err fy_getaddr_3__finish_(struct ferry_call *call, struct ferry_str *out);

/* DUMP = 4, rpcbind_prot.x:65 */
ferry_err fy_dump_3_(struct ferry_call *call, fy_rpcb_list_ *out);
ferry_err fy_dump_3__start_(struct ferry_call *call);
ferry_err fy_dump_3__finish_(struct ferry_call *call, fy_rpcb_list_ *out);

/*
 * What a server of RPCBIND version 3 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct fy_rpcbind_3_ops_ {
	ferry_err (*set)(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
			 bool *out);
	ferry_err (*unset)(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
			   bool *out);
	ferry_err (*getaddr)(struct ferry_call *call,
			     const struct fy_rpcb_ *rpcb,
			     struct ferry_str *out);
	ferry_err (*dump)(struct ferry_call *call, fy_rpcb_list_ *out);
};

ferry_err fy_rpcbind_3_serve_(struct ferry_server *server,
			      const struct fy_rpcbind_3_ops_ *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err fy_set_3__reply_(struct ferry_call *call, const bool *out);
ferry_err fy_unset_3__reply_(struct ferry_call *call, const bool *out);
ferry_err fy_getaddr_3__reply_(struct ferry_call *call,
			       const struct ferry_str *out);
ferry_err fy_dump_3__reply_(struct ferry_call *call, const fy_rpcb_list_ *out);

/* SET = 1, rpcbind_prot.x:68 */
ferry_err fy_set_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
		    bool *out);
ferry_err fy_set_4__start_(struct ferry_call *call,
			   const struct fy_rpcb_ *rpcb);
ferry_err fy_set_4__finish_(struct ferry_call *call, bool *out);

/* UNSET = 2, rpcbind_prot.x:69 */
ferry_err fy_unset_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
		      bool *out);
ferry_err fy_unset_4__start_(struct ferry_call *call,
			     const struct fy_rpcb_ *rpcb);
ferry_err fy_unset_4__finish_(struct ferry_call *call, bool *out);

/* GETADDR = 3, rpcbind_prot.x:70 */
ferry_err fy_getaddr_4_(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
			struct ferry_str *out);
ferry_err fy_getaddr_4__start_(struct ferry_call *call,
			       const struct fy_rpcb_ *rpcb);
ferry_err fy_getaddr_4__finish_(struct ferry_call *call, struct ferry_str *out);

/* DUMP = 4, rpcbind_prot.x:71 */
ferry_err fy_dump_4_(struct ferry_call *call, fy_rpcb_list_ *out);
ferry_err fy_dump_4__start_(struct ferry_call *call);
ferry_err fy_dump_4__finish_(struct ferry_call *call, fy_rpcb_list_ *out);

/*
 * GETVERSADDR = 9, rpcbind_prot.x:73
 *
 * As GETADDR, but of no other version.
 */
ferry_err fy_getversaddr_4_(struct ferry_call *call,
			    const struct fy_rpcb_ *rpcb, struct ferry_str *out);
ferry_err fy_getversaddr_4__start_(struct ferry_call *call,
				   const struct fy_rpcb_ *rpcb);
ferry_err fy_getversaddr_4__finish_(struct ferry_call *call,
				    struct ferry_str *out);

/*
 * What a server of RPCBIND version 4 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct fy_rpcbind_4_ops_ {
	ferry_err (*set)(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
			 bool *out);
	ferry_err (*unset)(struct ferry_call *call, const struct fy_rpcb_ *rpcb,
			   bool *out);
	ferry_err (*getaddr)(struct ferry_call *call,
			     const struct fy_rpcb_ *rpcb,
			     struct ferry_str *out);
	ferry_err (*dump)(struct ferry_call *call, fy_rpcb_list_ *out);
	ferry_err (*getversaddr)(struct ferry_call *call,
				 const struct fy_rpcb_ *rpcb,
				 struct ferry_str *out);
};

ferry_err fy_rpcbind_4_serve_(struct ferry_server *server,
			      const struct fy_rpcbind_4_ops_ *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err fy_set_4__reply_(struct ferry_call *call, const bool *out);
ferry_err fy_unset_4__reply_(struct ferry_call *call, const bool *out);
ferry_err fy_getaddr_4__reply_(struct ferry_call *call,
			       const struct ferry_str *out);
ferry_err fy_dump_4__reply_(struct ferry_call *call, const fy_rpcb_list_ *out);
ferry_err fy_getversaddr_4__reply_(struct ferry_call *call,
				   const struct ferry_str *out);

#ifdef __cplusplus
}
#endif
