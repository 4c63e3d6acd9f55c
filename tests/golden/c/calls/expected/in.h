/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/* To the header and, being there, not to the source. */

/* in.x:5 */
struct item {
	/* at most 64 bytes */
	struct ferry_str key;
	struct ferry_bytes value;
};

/* in.x:6 */
struct items {
	/* at most 100 items */
	uint32_t n_items;
	struct item *items;
};

/* in.x:7 */
struct token {
	uint8_t data[16];
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec item_codec;
extern const struct ferry_codec items_codec;
extern const struct ferry_codec token_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
item_size(const struct item *v)
{
	return ferry_codec_size(v, &item_codec);
}

static inline void
item_put(struct ferry_encoder *e, const struct item *v)
{
	ferry_codec_put(e, v, &item_codec);
}

static inline void
item_get(struct ferry_decoder *d, struct item *v)
{
	ferry_codec_get(d, v, &item_codec);
}

static inline size_t
items_size(const struct items *v)
{
	return ferry_codec_size(v, &items_codec);
}

static inline void
items_put(struct ferry_encoder *e, const struct items *v)
{
	ferry_codec_put(e, v, &items_codec);
}

static inline void
items_get(struct ferry_decoder *d, struct items *v)
{
	ferry_codec_get(d, v, &items_codec);
}

static inline size_t
token_size(const struct token *v)
{
	(void)v;
	return 16;
}

static inline void
token_put(struct ferry_encoder *e, const struct token *v)
{
	ferry_codec_put(e, v, &token_codec);
}

static inline void
token_get(struct ferry_decoder *d, struct token *v)
{
	ferry_codec_get(d, v, &token_codec);
}

/* HAS = 2, in.x:10 */
ferry_err has_1(struct ferry_call *call, struct ferry_str arg, bool *out);
ferry_err has_1_start(struct ferry_call *call, struct ferry_str arg);
ferry_err has_1_finish(struct ferry_call *call, bool *out);

/* GET = 1, in.x:11 */
ferry_err get_1(struct ferry_call *call, const struct token *token,
		struct ferry_str arg2, struct item *out);
ferry_err get_1_start(struct ferry_call *call, const struct token *token,
		      struct ferry_str arg2);
ferry_err get_1_finish(struct ferry_call *call, struct item *out);

/*
 * What a server of STORE version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct store_1_ops {
	ferry_err (*has)(struct ferry_call *call, struct ferry_str arg,
			 bool *out);
	ferry_err (*get)(struct ferry_call *call, const struct token *token,
			 struct ferry_str arg2, struct item *out);
};

ferry_err store_1_serve(struct ferry_server *server,
			const struct store_1_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err has_1_reply(struct ferry_call *call, const bool *out);
ferry_err get_1_reply(struct ferry_call *call, const struct item *out);

/* PUT = 7, in.x:15 */
ferry_err put_2(struct ferry_call *call, const struct token *token,
		const struct items *arg2);
ferry_err put_2_start(struct ferry_call *call, const struct token *token,
		      const struct items *arg2);
ferry_err put_2_finish(struct ferry_call *call);

/* COUNT = 3, in.x:16 */
ferry_err count_2(struct ferry_call *call, uint64_t *out);
ferry_err count_2_start(struct ferry_call *call);
ferry_err count_2_finish(struct ferry_call *call, uint64_t *out);

/* SIGN = 4, in.x:17 */
ferry_err sign_2(struct ferry_call *call, int32_t arg1, int16_t arg2,
		 double arg3, struct ferry_quadruple arg4, int8_t *out);
ferry_err sign_2_start(struct ferry_call *call, int32_t arg1, int16_t arg2,
		       double arg3, struct ferry_quadruple arg4);
ferry_err sign_2_finish(struct ferry_call *call, int8_t *out);

/*
 * What a server of STORE version 2 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct store_2_ops {
	ferry_err (*put)(struct ferry_call *call, const struct token *token,
			 const struct items *arg2);
	ferry_err (*count)(struct ferry_call *call, uint64_t *out);
	ferry_err (*sign)(struct ferry_call *call, int32_t arg1, int16_t arg2,
			  double arg3, struct ferry_quadruple arg4,
			  int8_t *out);
};

ferry_err store_2_serve(struct ferry_server *server,
			const struct store_2_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err put_2_reply(struct ferry_call *call);
ferry_err count_2_reply(struct ferry_call *call, const uint64_t *out);
ferry_err sign_2_reply(struct ferry_call *call, const int8_t *out);

#ifdef __cplusplus
}
#endif
