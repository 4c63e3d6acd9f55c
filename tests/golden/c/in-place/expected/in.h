/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

struct find_1_res_offer;

/* Arguments and results declared where they are used: RFC 5531, 12.2. */
enum { MOST = 4 };

/* in.x:22 */
enum way {
	BY_NAME = 0,
	BY_NUMBER = 1,
};

/* in.x:23 */
struct buy_2_arg {
	uint8_t taken[MOST];
};

/* in.x:6 */
enum buy_1_arg1 {
	CASH = 1,
	CARD = 2,
};

/* in.x:7 */
struct buy_1_arg2_when {
	int64_t at;
};

/* in.x:7 */
struct buy_1_arg2 {
	int32_t item;
	struct buy_1_arg2_when when;
};

/* in.x:5 */
struct buy_1_res {
	int32_t sum;
	struct ferry_str note;
};

/* in.x:13 */
struct find_1_arg {
	enum way kind;
	union {
		/* case BY_NAME: at most 4 bytes */
		struct ferry_str name;
		/* case BY_NUMBER */
		int32_t number;
	} u;
};

/* in.x:8 */
struct find_1_res {
	bool found;
	union {
		/* case TRUE: at most 4 items */
		struct {
			uint32_t n_items;
			struct find_1_res_offer *items;
		} offer;
	} u;
};

/* in.x:10 */
struct find_1_res_offer {
	int32_t price;
};

/* in.x:16 */
enum state_1_res {
	SHUT = 0,
	OPEN = 1,
};

/* in.x:19 */
struct buy_2_arg_ {
	int32_t item;
};

/* in.x:19 */
struct buy_2_res {
	int32_t sum;
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec way_codec;
extern const struct ferry_codec buy_2_arg_codec;
extern const struct ferry_codec buy_1_arg1_codec;
extern const struct ferry_codec buy_1_arg2_when_codec;
extern const struct ferry_codec buy_1_arg2_codec;
extern const struct ferry_codec buy_1_res_codec;
extern const struct ferry_codec find_1_arg_codec;
extern const struct ferry_codec find_1_res_codec;
extern const struct ferry_codec find_1_res_offer_codec;
extern const struct ferry_codec state_1_res_codec;
extern const struct ferry_codec buy_2_arg__codec;
extern const struct ferry_codec buy_2_res_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
way_size(const enum way *v)
{
	(void)v;
	return 4;
}

static inline void
way_put(struct ferry_encoder *e, const enum way *v)
{
	ferry_codec_put(e, v, &way_codec);
}

static inline void
way_get(struct ferry_decoder *d, enum way *v)
{
	ferry_codec_get(d, v, &way_codec);
}

static inline size_t
buy_2_arg_size(const struct buy_2_arg *v)
{
	(void)v;
	return 4;
}

static inline void
buy_2_arg_put(struct ferry_encoder *e, const struct buy_2_arg *v)
{
	ferry_codec_put(e, v, &buy_2_arg_codec);
}

static inline void
buy_2_arg_get(struct ferry_decoder *d, struct buy_2_arg *v)
{
	ferry_codec_get(d, v, &buy_2_arg_codec);
}

static inline size_t
buy_1_arg1_size(const enum buy_1_arg1 *v)
{
	(void)v;
	return 4;
}

static inline void
buy_1_arg1_put(struct ferry_encoder *e, const enum buy_1_arg1 *v)
{
	ferry_codec_put(e, v, &buy_1_arg1_codec);
}

static inline void
buy_1_arg1_get(struct ferry_decoder *d, enum buy_1_arg1 *v)
{
	ferry_codec_get(d, v, &buy_1_arg1_codec);
}

static inline size_t
buy_1_arg2_when_size(const struct buy_1_arg2_when *v)
{
	(void)v;
	return 8;
}

static inline void
buy_1_arg2_when_put(struct ferry_encoder *e, const struct buy_1_arg2_when *v)
{
	ferry_codec_put(e, v, &buy_1_arg2_when_codec);
}

static inline void
buy_1_arg2_when_get(struct ferry_decoder *d, struct buy_1_arg2_when *v)
{
	ferry_codec_get(d, v, &buy_1_arg2_when_codec);
}

static inline size_t
buy_1_arg2_size(const struct buy_1_arg2 *v)
{
	(void)v;
	return 12;
}

static inline void
buy_1_arg2_put(struct ferry_encoder *e, const struct buy_1_arg2 *v)
{
	ferry_codec_put(e, v, &buy_1_arg2_codec);
}

static inline void
buy_1_arg2_get(struct ferry_decoder *d, struct buy_1_arg2 *v)
{
	ferry_codec_get(d, v, &buy_1_arg2_codec);
}

static inline size_t
buy_1_res_size(const struct buy_1_res *v)
{
	return ferry_codec_size(v, &buy_1_res_codec);
}

static inline void
buy_1_res_put(struct ferry_encoder *e, const struct buy_1_res *v)
{
	ferry_codec_put(e, v, &buy_1_res_codec);
}

static inline void
buy_1_res_get(struct ferry_decoder *d, struct buy_1_res *v)
{
	ferry_codec_get(d, v, &buy_1_res_codec);
}

static inline size_t
find_1_arg_size(const struct find_1_arg *v)
{
	return ferry_codec_size(v, &find_1_arg_codec);
}

static inline void
find_1_arg_put(struct ferry_encoder *e, const struct find_1_arg *v)
{
	ferry_codec_put(e, v, &find_1_arg_codec);
}

static inline void
find_1_arg_get(struct ferry_decoder *d, struct find_1_arg *v)
{
	ferry_codec_get(d, v, &find_1_arg_codec);
}

static inline size_t
find_1_res_size(const struct find_1_res *v)
{
	return ferry_codec_size(v, &find_1_res_codec);
}

static inline void
find_1_res_put(struct ferry_encoder *e, const struct find_1_res *v)
{
	ferry_codec_put(e, v, &find_1_res_codec);
}

static inline void
find_1_res_get(struct ferry_decoder *d, struct find_1_res *v)
{
	ferry_codec_get(d, v, &find_1_res_codec);
}

static inline size_t
find_1_res_offer_size(const struct find_1_res_offer *v)
{
	(void)v;
	return 4;
}

static inline void
find_1_res_offer_put(struct ferry_encoder *e, const struct find_1_res_offer *v)
{
	ferry_codec_put(e, v, &find_1_res_offer_codec);
}

static inline void
find_1_res_offer_get(struct ferry_decoder *d, struct find_1_res_offer *v)
{
	ferry_codec_get(d, v, &find_1_res_offer_codec);
}

static inline size_t
state_1_res_size(const enum state_1_res *v)
{
	(void)v;
	return 4;
}

static inline void
state_1_res_put(struct ferry_encoder *e, const enum state_1_res *v)
{
	ferry_codec_put(e, v, &state_1_res_codec);
}

static inline void
state_1_res_get(struct ferry_decoder *d, enum state_1_res *v)
{
	ferry_codec_get(d, v, &state_1_res_codec);
}

static inline size_t
buy_2_arg__size(const struct buy_2_arg_ *v)
{
	(void)v;
	return 4;
}

static inline void
buy_2_arg__put(struct ferry_encoder *e, const struct buy_2_arg_ *v)
{
	ferry_codec_put(e, v, &buy_2_arg__codec);
}

static inline void
buy_2_arg__get(struct ferry_decoder *d, struct buy_2_arg_ *v)
{
	ferry_codec_get(d, v, &buy_2_arg__codec);
}

static inline size_t
buy_2_res_size(const struct buy_2_res *v)
{
	(void)v;
	return 4;
}

static inline void
buy_2_res_put(struct ferry_encoder *e, const struct buy_2_res *v)
{
	ferry_codec_put(e, v, &buy_2_res_codec);
}

static inline void
buy_2_res_get(struct ferry_decoder *d, struct buy_2_res *v)
{
	ferry_codec_get(d, v, &buy_2_res_codec);
}

/* BUY = 1, in.x:5 */
ferry_err buy_1(struct ferry_call *call, enum buy_1_arg1 arg1,
		const struct buy_1_arg2 *arg2, struct buy_1_res *out);
ferry_err buy_1_start(struct ferry_call *call, enum buy_1_arg1 arg1,
		      const struct buy_1_arg2 *arg2);
ferry_err buy_1_finish(struct ferry_call *call, struct buy_1_res *out);

/* FIND = 2, in.x:13 */
ferry_err find_1(struct ferry_call *call, const struct find_1_arg *arg,
		 struct find_1_res *out);
ferry_err find_1_start(struct ferry_call *call, const struct find_1_arg *arg);
ferry_err find_1_finish(struct ferry_call *call, struct find_1_res *out);

/* STATE = 3, in.x:16 */
ferry_err state_1(struct ferry_call *call, enum state_1_res *out);
ferry_err state_1_start(struct ferry_call *call);
ferry_err state_1_finish(struct ferry_call *call, enum state_1_res *out);

/*
 * What a server of SHOP version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct shop_1_ops {
	ferry_err (*buy)(struct ferry_call *call, enum buy_1_arg1 arg1,
			 const struct buy_1_arg2 *arg2, struct buy_1_res *out);
	ferry_err (*find)(struct ferry_call *call, const struct find_1_arg *arg,
			  struct find_1_res *out);
	ferry_err (*state)(struct ferry_call *call, enum state_1_res *out);
};

ferry_err shop_1_serve(struct ferry_server *server,
		       const struct shop_1_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err buy_1_reply(struct ferry_call *call, const struct buy_1_res *out);
ferry_err find_1_reply(struct ferry_call *call, const struct find_1_res *out);
ferry_err state_1_reply(struct ferry_call *call, const enum state_1_res *out);

/* BUY = 1, in.x:19 */
ferry_err buy_2(struct ferry_call *call, const struct buy_2_arg_ *arg,
		struct buy_2_res *out);
ferry_err buy_2_start(struct ferry_call *call, const struct buy_2_arg_ *arg);
ferry_err buy_2_finish(struct ferry_call *call, struct buy_2_res *out);

/*
 * What a server of SHOP version 2 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct shop_2_ops {
	ferry_err (*buy)(struct ferry_call *call, const struct buy_2_arg_ *arg,
			 struct buy_2_res *out);
};

ferry_err shop_2_serve(struct ferry_server *server,
		       const struct shop_2_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err buy_2_reply(struct ferry_call *call, const struct buy_2_res *out);

#ifdef __cplusplus
}
#endif
