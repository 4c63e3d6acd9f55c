/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/* in.x:11 */
struct stamp {
	uint32_t seconds;
	/* at most 2 items */
	uint32_t n_zone;
	int32_t *zone;
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec stamp_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
stamp_size(const struct stamp *v)
{
	return ferry_codec_size(v, &stamp_codec);
}

static inline void
stamp_put(struct ferry_encoder *e, const struct stamp *v)
{
	ferry_codec_put(e, v, &stamp_codec);
}

static inline void
stamp_get(struct ferry_decoder *d, struct stamp *v)
{
	ferry_codec_get(d, v, &stamp_codec);
}

#ifdef __cplusplus
}
#endif
