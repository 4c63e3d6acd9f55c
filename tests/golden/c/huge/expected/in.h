/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/*
 * in.x:2
 *
 * Types that take 4 GiB or more: no message has them, all must compile.
 */
struct half {
	/* exactly 4294967295 bytes */
	uint8_t *a;
};

/* in.x:3 */
struct whole {
	/* exactly 4294967295 bytes */
	uint8_t *a;
	/* exactly 4294967295 bytes */
	uint8_t *b;
};

/* in.x:4 */
struct several {
	uint32_t n_items;
	struct whole *items;
};

/* in.x:5 */
struct holder {
	/* or NULL */
	struct whole *perhaps;
	uint32_t n_list;
	struct whole *list;
	struct half must[2];
};

/* in.x:6 */
struct either {
	int32_t which;
	union {
		/* case 1 */
		struct whole big;
		/* case 2 */
		struct ferry_str small;
	} u;
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec half_codec;
extern const struct ferry_codec whole_codec;
extern const struct ferry_codec several_codec;
extern const struct ferry_codec holder_codec;
extern const struct ferry_codec either_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
half_size(const struct half *v)
{
	(void)v;
	return SIZE_MAX;
}

static inline void
half_put(struct ferry_encoder *e, const struct half *v)
{
	ferry_codec_put(e, v, &half_codec);
}

static inline void
half_get(struct ferry_decoder *d, struct half *v)
{
	ferry_codec_get(d, v, &half_codec);
}

static inline size_t
whole_size(const struct whole *v)
{
	(void)v;
	return SIZE_MAX;
}

static inline void
whole_put(struct ferry_encoder *e, const struct whole *v)
{
	ferry_codec_put(e, v, &whole_codec);
}

static inline void
whole_get(struct ferry_decoder *d, struct whole *v)
{
	ferry_codec_get(d, v, &whole_codec);
}

static inline size_t
several_size(const struct several *v)
{
	return ferry_codec_size(v, &several_codec);
}

static inline void
several_put(struct ferry_encoder *e, const struct several *v)
{
	ferry_codec_put(e, v, &several_codec);
}

static inline void
several_get(struct ferry_decoder *d, struct several *v)
{
	ferry_codec_get(d, v, &several_codec);
}

static inline size_t
holder_size(const struct holder *v)
{
	return ferry_codec_size(v, &holder_codec);
}

static inline void
holder_put(struct ferry_encoder *e, const struct holder *v)
{
	ferry_codec_put(e, v, &holder_codec);
}

static inline void
holder_get(struct ferry_decoder *d, struct holder *v)
{
	ferry_codec_get(d, v, &holder_codec);
}

static inline size_t
either_size(const struct either *v)
{
	return ferry_codec_size(v, &either_codec);
}

static inline void
either_put(struct ferry_encoder *e, const struct either *v)
{
	ferry_codec_put(e, v, &either_codec);
}

static inline void
either_get(struct ferry_decoder *d, struct either *v)
{
	ferry_codec_get(d, v, &either_codec);
}

/* ONE = 1, in.x:14 */
ferry_err one_1(struct ferry_call *call, const struct whole *whole,
		struct whole *out);
ferry_err one_1_start(struct ferry_call *call, const struct whole *whole);
ferry_err one_1_finish(struct ferry_call *call, struct whole *out);

/* TWO = 2, in.x:15 */
ferry_err two_1(struct ferry_call *call, const struct several *several,
		const struct half *half, const struct half *arg3,
		struct several *out);
ferry_err two_1_start(struct ferry_call *call, const struct several *several,
		      const struct half *half, const struct half *arg3);
ferry_err two_1_finish(struct ferry_call *call, struct several *out);

/* THREE = 3, in.x:16 */
ferry_err three_1(struct ferry_call *call, const struct either *either,
		  struct holder *out);
ferry_err three_1_start(struct ferry_call *call, const struct either *either);
ferry_err three_1_finish(struct ferry_call *call, struct holder *out);

/*
 * What a server of HUGE version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct huge_1_ops {
	ferry_err (*one)(struct ferry_call *call, const struct whole *whole,
			 struct whole *out);
	ferry_err (*two)(struct ferry_call *call, const struct several *several,
			 const struct half *half, const struct half *arg3,
			 struct several *out);
	ferry_err (*three)(struct ferry_call *call, const struct either *either,
			   struct holder *out);
};

ferry_err huge_1_serve(struct ferry_server *server,
		       const struct huge_1_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err one_1_reply(struct ferry_call *call, const struct whole *out);
ferry_err two_1_reply(struct ferry_call *call, const struct several *out);
ferry_err three_1_reply(struct ferry_call *call, const struct holder *out);

#ifdef __cplusplus
}
#endif
