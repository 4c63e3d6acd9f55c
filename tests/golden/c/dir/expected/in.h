/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/* What a directory holds. */
enum { MAXNAME = 255 };

/* in.x:3 */
struct entry {
	uint64_t id;
	/* at most 255 bytes */
	struct ferry_str name;
};

/* in.x:8 */
struct listing {
	uint32_t n_items;
	struct entry *items;
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec entry_codec;
extern const struct ferry_codec path_codec;
extern const struct ferry_codec listing_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
entry_size(const struct entry *v)
{
	return ferry_codec_size(v, &entry_codec);
}

static inline void
entry_put(struct ferry_encoder *e, const struct entry *v)
{
	ferry_codec_put(e, v, &entry_codec);
}

static inline void
entry_get(struct ferry_decoder *d, struct entry *v)
{
	ferry_codec_get(d, v, &entry_codec);
}

static inline size_t
path_size(const struct ferry_str *v)
{
	return ferry_size_var(v->len);
}

static inline void
path_put(struct ferry_encoder *e, const struct ferry_str *v)
{
	ferry_put_str(e, *v, 1024);
}

static inline void
path_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, 1024);
}

static inline size_t
listing_size(const struct listing *v)
{
	return ferry_codec_size(v, &listing_codec);
}

static inline void
listing_put(struct ferry_encoder *e, const struct listing *v)
{
	ferry_codec_put(e, v, &listing_codec);
}

static inline void
listing_get(struct ferry_decoder *d, struct listing *v)
{
	ferry_codec_get(d, v, &listing_codec);
}

/*
 * LIST = 1, in.x:13
 *
 * All entries of a directory.
 * @path: at most 1024 bytes
 */
ferry_err list_1(struct ferry_call *call, struct ferry_str path,
		 struct listing *out);
ferry_err list_1_start(struct ferry_call *call, struct ferry_str path);
ferry_err list_1_finish(struct ferry_call *call, struct listing *out);

/*
 * What a server of DIR version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct dir_1_ops {
	ferry_err (*list)(struct ferry_call *call, struct ferry_str path,
			  struct listing *out);
};

ferry_err dir_1_serve(struct ferry_server *server, const struct dir_1_ops *ops,
		      void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err list_1_reply(struct ferry_call *call, const struct listing *out);

#ifdef __cplusplus
}
#endif
