/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/* Names that C, C++, ferry or their neighbours have already. */
enum { NULL_ = 1 };
enum { INT32_MAX_ = 7 };
enum { i = 3 };

/* in.x:5 */
enum class_ {
	new_ = 0,
	delete_ = 5,
	private_ = 6,
	FERRY_OK_ = 7,
};

/* in.x:6 */
struct ferry_call_ {
	int32_t this_;
	enum class_ class_;
	int32_t n_items;
	uint32_t n_items_;
	int32_t *items;
};

/* in.x:7 */
struct namespace_ {
	int32_t u;
	int32_t FERRY_API_;
	int32_t int32_t_;
	struct ferry_str template_;
	/* or NULL */
	struct ferry_call_ *virtual_;
};

/* in.x:8 */
struct operator_ {
	enum class_ u_;
	union {
		/* case new */
		int32_t register_;
		/* case delete */
		struct {
			uint32_t n_items;
			int32_t *items;
		} catch_;
	} u;
};

/* in.x:16 */
struct foo {
	int32_t a;
};

/* in.x:17 */
struct foo_size {
	int32_t b;
};

/* in.x:19 */
typedef uint32_t number;

/* in.x:20 */
struct same {
	/* at most 10 bytes */
	struct ferry_str path;
	uint32_t number;
	struct foo foo;
};

/* in.x:21 */
struct s0 {
	int32_t goto_;
};

/* in.x:22 */
typedef int32_t out_;

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec class__codec;
extern const struct ferry_codec ferry_call__codec_;
extern const struct ferry_codec namespace__codec;
extern const struct ferry_codec operator__codec;
extern const struct ferry_codec foo_codec;
extern const struct ferry_codec foo_size_codec;
extern const struct ferry_codec path_codec;
extern const struct ferry_codec same_codec;
extern const struct ferry_codec s0_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
class__size(const enum class_ *v)
{
	(void)v;
	return 4;
}

static inline void
class__put(struct ferry_encoder *e, const enum class_ *v)
{
	ferry_codec_put(e, v, &class__codec);
}

static inline void
class__get(struct ferry_decoder *d, enum class_ *v)
{
	ferry_codec_get(d, v, &class__codec);
}

static inline size_t
ferry_call__size_(const struct ferry_call_ *v)
{
	return ferry_codec_size(v, &ferry_call__codec_);
}

static inline void
ferry_call__put_(struct ferry_encoder *e, const struct ferry_call_ *v)
{
	ferry_codec_put(e, v, &ferry_call__codec_);
}

static inline void
ferry_call__get_(struct ferry_decoder *d, struct ferry_call_ *v)
{
	ferry_codec_get(d, v, &ferry_call__codec_);
}

static inline size_t
namespace__size(const struct namespace_ *v)
{
	return ferry_codec_size(v, &namespace__codec);
}

static inline void
namespace__put(struct ferry_encoder *e, const struct namespace_ *v)
{
	ferry_codec_put(e, v, &namespace__codec);
}

static inline void
namespace__get(struct ferry_decoder *d, struct namespace_ *v)
{
	ferry_codec_get(d, v, &namespace__codec);
}

static inline size_t
operator__size(const struct operator_ *v)
{
	return ferry_codec_size(v, &operator__codec);
}

static inline void
operator__put(struct ferry_encoder *e, const struct operator_ *v)
{
	ferry_codec_put(e, v, &operator__codec);
}

static inline void
operator__get(struct ferry_decoder *d, struct operator_ *v)
{
	ferry_codec_get(d, v, &operator__codec);
}

static inline size_t
foo_size_(const struct foo *v)
{
	(void)v;
	return 4;
}

static inline void
foo_put(struct ferry_encoder *e, const struct foo *v)
{
	ferry_codec_put(e, v, &foo_codec);
}

static inline void
foo_get(struct ferry_decoder *d, struct foo *v)
{
	ferry_codec_get(d, v, &foo_codec);
}

static inline size_t
foo_size_size(const struct foo_size *v)
{
	(void)v;
	return 4;
}

static inline void
foo_size_put(struct ferry_encoder *e, const struct foo_size *v)
{
	ferry_codec_put(e, v, &foo_size_codec);
}

static inline void
foo_size_get(struct ferry_decoder *d, struct foo_size *v)
{
	ferry_codec_get(d, v, &foo_size_codec);
}

static inline size_t
path_size(const struct ferry_str *v)
{
	return ferry_size_var(v->len);
}

static inline void
path_put(struct ferry_encoder *e, const struct ferry_str *v)
{
	ferry_put_str(e, *v, 10);
}

static inline void
path_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, 10);
}

static inline size_t
number_size(const number *v)
{
	(void)v;
	return 4;
}

static inline void
number_put(struct ferry_encoder *e, const number *v)
{
	ferry_codec_put(e, v, &ferry_codec_uint);
}

static inline void
number_get(struct ferry_decoder *d, number *v)
{
	ferry_codec_get(d, v, &ferry_codec_uint);
}

static inline size_t
same_size(const struct same *v)
{
	return ferry_codec_size(v, &same_codec);
}

static inline void
same_put(struct ferry_encoder *e, const struct same *v)
{
	ferry_codec_put(e, v, &same_codec);
}

static inline void
same_get(struct ferry_decoder *d, struct same *v)
{
	ferry_codec_get(d, v, &same_codec);
}

static inline size_t
s0_size(const struct s0 *v)
{
	(void)v;
	return 4;
}

static inline void
s0_put(struct ferry_encoder *e, const struct s0 *v)
{
	ferry_codec_put(e, v, &s0_codec);
}

static inline void
s0_get(struct ferry_decoder *d, struct s0 *v)
{
	ferry_codec_get(d, v, &s0_codec);
}

static inline size_t
out__size(const out_ *v)
{
	(void)v;
	return 4;
}

static inline void
out__put(struct ferry_encoder *e, const out_ *v)
{
	ferry_codec_put(e, v, &ferry_codec_int);
}

static inline void
out__get(struct ferry_decoder *d, out_ *v)
{
	ferry_codec_get(d, v, &ferry_codec_int);
}

/* NULL = 0, in.x:25 */
ferry_err null_1(struct ferry_call *call);
ferry_err null_1_start(struct ferry_call *call);
ferry_err null_1_finish(struct ferry_call *call);

/*
 * List = 2, in.x:26
 * @path: at most 10 bytes
 */
ferry_err list_1(struct ferry_call *call, out_ arg1, number arg2,
		 const struct foo *foo, struct ferry_str path, number *out);
ferry_err list_1_start(struct ferry_call *call, out_ arg1, number arg2,
		       const struct foo *foo, struct ferry_str path);
ferry_err list_1_finish(struct ferry_call *call, number *out);

/* LIST = 1, in.x:27 */
ferry_err list_1_(struct ferry_call *call, const struct foo *foo,
		  const struct foo *arg2, number *out);
ferry_err list_1__start(struct ferry_call *call, const struct foo *foo,
			const struct foo *arg2);
ferry_err list_1__finish(struct ferry_call *call, number *out);

/* Switch = 3, in.x:28 */
ferry_err switch_1(struct ferry_call *call, enum class_ arg1,
		   const struct ferry_call_ *arg2, struct namespace_ *out);
ferry_err switch_1_start(struct ferry_call *call, enum class_ arg1,
			 const struct ferry_call_ *arg2);
ferry_err switch_1_finish(struct ferry_call *call, struct namespace_ *out);

/*
 * What a server of CALL version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct call_1_ops {
	ferry_err (*null)(struct ferry_call *call);
	ferry_err (*list)(struct ferry_call *call, out_ arg1, number arg2,
			  const struct foo *foo, struct ferry_str path,
			  number *out);
	ferry_err (*list_)(struct ferry_call *call, const struct foo *foo,
			   const struct foo *arg2, number *out);
	ferry_err (*switch_)(struct ferry_call *call, enum class_ arg1,
			     const struct ferry_call_ *arg2,
			     struct namespace_ *out);
};

ferry_err call_1_serve(struct ferry_server *server,
		       const struct call_1_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err null_1_reply(struct ferry_call *call);
ferry_err list_1_reply(struct ferry_call *call, const number *out);
ferry_err list_1__reply(struct ferry_call *call, const number *out);
ferry_err switch_1_reply(struct ferry_call *call, const struct namespace_ *out);

/* CALL = 1, in.x:31 */
ferry_err call_2(struct ferry_call *call, const struct same *same);
ferry_err call_2_start(struct ferry_call *call, const struct same *same);
ferry_err call_2_finish(struct ferry_call *call);

/*
 * What a server of CALL version 2 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct call_2_ops {
	ferry_err (*call)(struct ferry_call *call, const struct same *same);
};

ferry_err call_2_serve(struct ferry_server *server,
		       const struct call_2_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err call_2_reply(struct ferry_call *call);

/* LIST = 1, in.x:36 */
ferry_err list_1__(struct ferry_call *call, const struct operator_ *arg);
ferry_err list_1___start(struct ferry_call *call, const struct operator_ *arg);
ferry_err list_1___finish(struct ferry_call *call);

/*
 * What a server of OTHER version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct other_1_ops {
	ferry_err (*list)(struct ferry_call *call, const struct operator_ *arg);
};

ferry_err other_1_serve(struct ferry_server *server,
			const struct other_1_ops *ops, void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err list_1___reply(struct ferry_call *call);

#ifdef __cplusplus
}
#endif
