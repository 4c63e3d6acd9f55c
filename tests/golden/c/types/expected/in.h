/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

struct leaf;
struct dirs2;

/* Every type there is. */
enum { ZERO = 0 };
enum { SIZE = 4 };
static const uint32_t BIG = 0x89abcdefu;
static const uint64_t HUGE = 0x895844520d0a1a0au;
enum { MINUS = -5 };
enum { LOWEST = -2147483647 - 1 };

/* in.x:10 */
enum color {
	RED = 0,
	GREEN = 5,
	/* like the sky */
	BLUE = -1,
	AZURE = -1,
};

/* in.x:11 */
enum step {
	ONE = 1,
	TWO = 2,
	THREE = 3,
};

/* in.x:12 */
struct fhandle {
	uint8_t data[32];
};

/* in.x:13 */
struct odd {
	uint8_t data[7];
};

/* in.x:14 */
struct large {
	/* exactly 100 bytes */
	uint8_t *data;
};

/* in.x:15 */
struct ints {
	uint32_t n_items;
	int32_t *items;
};

/* in.x:16 */
struct four {
	int32_t items[SIZE];
};

/* in.x:17 */
struct hypers {
	/* exactly 20 items */
	int64_t *items;
};

/* in.x:18 */
typedef enum color shade;

/* in.x:22 */
typedef uint64_t count;

/* in.x:23 */
typedef bool flag;

/* in.x:24 */
typedef float celsius;

/* in.x:25 */
struct point {
	int32_t x;
	int32_t y;
};

/* in.x:26 */
typedef struct point position;

/* in.x:27 */
struct line {
	position from;
	struct point to;
};

/* in.x:28 */
struct scalars {
	int32_t a;
	uint32_t b;
	int64_t c;
	uint64_t d;
	float e;
	double f;
	struct ferry_quadruple g;
	bool h;
	enum color i;
	int8_t j;
	uint8_t k;
	int16_t l;
	uint16_t m;
	enum step n;
	shade o;
	count p;
	flag q;
	celsius r;
};

/* in.x:33 */
struct fixed {
	uint8_t a[4];
	uint8_t b[5];
	uint8_t c[64];
	/* exactly 65 bytes */
	uint8_t *d;
	struct fhandle e;
	struct odd f;
	struct large g;
	struct four h;
	struct hypers i;
	int32_t j[SIZE];
	bool k[3];
	enum color l[2];
	/* exactly 9 items */
	double *m;
	struct point n[2];
	/* exactly 20 items */
	struct point *o;
	struct ferry_str p[2];
	/* exactly 5 items */
	struct ferry_str *q;
	struct ferry_quadruple r[2];
	uint8_t s[4];
};

/* in.x:37 */
struct variable {
	struct ferry_str a;
	/* at most 10 bytes */
	struct ferry_str b;
	struct ferry_bytes c;
	/* at most 3 bytes */
	struct ferry_bytes d;
	uint32_t n_e;
	int32_t *e;
	/* at most 4 items */
	uint32_t n_f;
	int64_t *f;
	uint32_t n_g;
	bool *g;
	uint32_t n_h;
	enum color *h;
	/* at most 7 items */
	uint32_t n_i;
	struct point *i;
	uint32_t n_j;
	struct ferry_str *j;
	struct ints k;
	uint32_t n_l;
	struct ints *l;
	uint32_t n_m;
	int16_t *m;
	uint32_t n_n;
	struct scalars *n;
	uint32_t n_o;
	struct ferry_quadruple *o;
	uint32_t n_p;
	float *p;
	uint32_t n_q;
	double *q;
	struct ferry_bytes r;
	uint32_t n_s;
	struct fhandle *s;
};

/* in.x:41 */
struct maybe {
	/* or NULL */
	int32_t *a;
	/* or NULL */
	struct point *b;
	/* or NULL */
	struct ferry_str *c;
	/* or NULL */
	struct scalars *d;
	/* or NULL */
	enum color *e;
	/* or NULL */
	bool *f;
	/* or NULL */
	struct ints *g;
	/* or NULL */
	struct ferry_quadruple *h;
	/* or NULL */
	struct fhandle *i;
};

/* in.x:42 */
struct result {
	enum color kind;
	union {
		/* case GREEN */
		int32_t number;
		/* case BLUE: not NULL */
		struct scalars *all;
	} u;
};

/* in.x:47 */
struct idle {
	char none;
};

/* in.x:48 */
struct other {
	int32_t code;
	union {
		/* case 0: at most 20 bytes */
		struct ferry_str text;
		/* case 1, 2 */
		struct {
			uint32_t n_items;
			int32_t *items;
		} list;
		/* case 3 */
		struct point where;
		/* case 4: exactly 100 bytes */
		uint8_t *bytes;
		/* case -5 */
		int32_t words[4];
		/* case 6: or NULL */
		int32_t *maybe;
		/* case 7 */
		struct fhandle fh;
		/* case 8: at most 3 items */
		struct {
			uint32_t n_items;
			struct ferry_str *items;
		} names;
	} u;
};

/* in.x:59 */
struct yes {
	bool is;
	union {
		/* case TRUE */
		int64_t value;
	} u;
};

/* in.x:60 */
struct un {
	uint32_t which;
	union {
		/* case 1 */
		struct line at;
		/* case 2147483648 */
		struct ferry_bytes b;
		/* default: not NULL */
		struct variable *rest;
	} u;
};

/* in.x:61 */
struct nothing {
	enum step s;
};

/* in.x:62 */
struct node {
	int32_t value;
	struct ferry_str label;
	/* or NULL */
	struct node *next;
};

/* in.x:63 */
typedef struct leaf *leaves;

/* in.x:64 */
struct leaf {
	int64_t id;
	/* or NULL */
	leaves next;
};

/* in.x:65 */
struct tree {
	int32_t key;
	/* or NULL */
	struct tree *left;
	/* or NULL */
	struct tree *right;
};

/* in.x:66 */
struct forest {
	uint32_t n_trees;
	struct tree *trees;
	struct result r;
};

/* in.x:67 */
struct dir {
	/* at most 255 bytes */
	struct ferry_str n;
	uint32_t n_kids;
	struct dir *kids;
};

/* in.x:68 */
struct dirlist {
	uint32_t n_items;
	struct dirs2 *items;
};

/* in.x:69 */
struct dirs2 {
	int32_t a;
	struct dirlist kids;
	/* or NULL */
	struct dirs2 *next;
};

/* in.x:70 */
struct everything {
	struct scalars a;
	struct fixed b;
	struct variable c;
	struct maybe d;
	struct result e;
	uint32_t n_f;
	struct other *f;
	struct yes g;
	struct un h;
	struct nothing i;
	struct node j;
	/* or NULL */
	leaves k;
	/* or NULL */
	struct tree *l;
	struct forest m;
	struct dir n;
	struct line o;
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ferry_codec color_codec;
extern const struct ferry_codec step_codec;
extern const struct ferry_codec fhandle_codec;
extern const struct ferry_codec odd_codec;
extern const struct ferry_codec large_codec;
extern const struct ferry_codec ints_codec;
extern const struct ferry_codec four_codec;
extern const struct ferry_codec hypers_codec;
extern const struct ferry_codec name_codec;
extern const struct ferry_codec point_codec;
extern const struct ferry_codec line_codec;
extern const struct ferry_codec scalars_codec;
extern const struct ferry_codec fixed_codec;
extern const struct ferry_codec variable_codec;
extern const struct ferry_codec maybe_codec;
extern const struct ferry_codec result_codec;
extern const struct ferry_codec idle_codec;
extern const struct ferry_codec other_codec;
extern const struct ferry_codec yes_codec;
extern const struct ferry_codec un_codec;
extern const struct ferry_codec nothing_codec;
extern const struct ferry_codec node_codec;
extern const struct ferry_codec leaves_codec;
extern const struct ferry_codec leaf_codec;
extern const struct ferry_codec tree_codec;
extern const struct ferry_codec forest_codec;
extern const struct ferry_codec dir_codec;
extern const struct ferry_codec dirlist_codec;
extern const struct ferry_codec dirs2_codec;
extern const struct ferry_codec everything_codec;

/*
 * _size: the bytes that _put writes; SIZE_MAX or any other number if *v has no
 * encoding.
 * _put: *v may be anything; what has no encoding is FERRY_EENCODE.
 * _get: *v is always made valid, after an error all zero.
 */
static inline size_t
color_size(const enum color *v)
{
	(void)v;
	return 4;
}

static inline void
color_put(struct ferry_encoder *e, const enum color *v)
{
	ferry_codec_put(e, v, &color_codec);
}

static inline void
color_get(struct ferry_decoder *d, enum color *v)
{
	ferry_codec_get(d, v, &color_codec);
}

static inline size_t
step_size(const enum step *v)
{
	(void)v;
	return 4;
}

static inline void
step_put(struct ferry_encoder *e, const enum step *v)
{
	ferry_codec_put(e, v, &step_codec);
}

static inline void
step_get(struct ferry_decoder *d, enum step *v)
{
	ferry_codec_get(d, v, &step_codec);
}

static inline size_t
fhandle_size(const struct fhandle *v)
{
	(void)v;
	return 32;
}

static inline void
fhandle_put(struct ferry_encoder *e, const struct fhandle *v)
{
	ferry_codec_put(e, v, &fhandle_codec);
}

static inline void
fhandle_get(struct ferry_decoder *d, struct fhandle *v)
{
	ferry_codec_get(d, v, &fhandle_codec);
}

static inline size_t
odd_size(const struct odd *v)
{
	(void)v;
	return 8;
}

static inline void
odd_put(struct ferry_encoder *e, const struct odd *v)
{
	ferry_codec_put(e, v, &odd_codec);
}

static inline void
odd_get(struct ferry_decoder *d, struct odd *v)
{
	ferry_codec_get(d, v, &odd_codec);
}

static inline size_t
large_size(const struct large *v)
{
	(void)v;
	return 100;
}

static inline void
large_put(struct ferry_encoder *e, const struct large *v)
{
	ferry_codec_put(e, v, &large_codec);
}

static inline void
large_get(struct ferry_decoder *d, struct large *v)
{
	ferry_codec_get(d, v, &large_codec);
}

static inline size_t
ints_size(const struct ints *v)
{
	return ferry_codec_size(v, &ints_codec);
}

static inline void
ints_put(struct ferry_encoder *e, const struct ints *v)
{
	ferry_codec_put(e, v, &ints_codec);
}

static inline void
ints_get(struct ferry_decoder *d, struct ints *v)
{
	ferry_codec_get(d, v, &ints_codec);
}

static inline size_t
four_size(const struct four *v)
{
	(void)v;
	return 16;
}

static inline void
four_put(struct ferry_encoder *e, const struct four *v)
{
	ferry_codec_put(e, v, &four_codec);
}

static inline void
four_get(struct ferry_decoder *d, struct four *v)
{
	ferry_codec_get(d, v, &four_codec);
}

static inline size_t
hypers_size(const struct hypers *v)
{
	(void)v;
	return 160;
}

static inline void
hypers_put(struct ferry_encoder *e, const struct hypers *v)
{
	ferry_codec_put(e, v, &hypers_codec);
}

static inline void
hypers_get(struct ferry_decoder *d, struct hypers *v)
{
	ferry_codec_get(d, v, &hypers_codec);
}

static inline size_t
shade_size(const shade *v)
{
	return color_size(v);
}

static inline void
shade_put(struct ferry_encoder *e, const shade *v)
{
	color_put(e, v);
}

static inline void
shade_get(struct ferry_decoder *d, shade *v)
{
	color_get(d, v);
}

static inline size_t
name_size(const struct ferry_str *v)
{
	return ferry_size_var(v->len);
}

static inline void
name_put(struct ferry_encoder *e, const struct ferry_str *v)
{
	ferry_put_str(e, *v, 255);
}

static inline void
name_get(struct ferry_decoder *d, struct ferry_str *v)
{
	*v = ferry_get_str(d, 255);
}

static inline size_t
blob_size(const struct ferry_bytes *v)
{
	return ferry_size_var(v->len);
}

static inline void
blob_put(struct ferry_encoder *e, const struct ferry_bytes *v)
{
	ferry_put_bytes(e, *v, UINT32_MAX);
}

static inline void
blob_get(struct ferry_decoder *d, struct ferry_bytes *v)
{
	*v = ferry_get_bytes(d, UINT32_MAX);
}

static inline size_t
count_size(const count *v)
{
	(void)v;
	return 8;
}

static inline void
count_put(struct ferry_encoder *e, const count *v)
{
	ferry_codec_put(e, v, &ferry_codec_uhyper);
}

static inline void
count_get(struct ferry_decoder *d, count *v)
{
	ferry_codec_get(d, v, &ferry_codec_uhyper);
}

static inline size_t
flag_size(const flag *v)
{
	(void)v;
	return 4;
}

static inline void
flag_put(struct ferry_encoder *e, const flag *v)
{
	ferry_codec_put(e, v, &ferry_codec_bool);
}

static inline void
flag_get(struct ferry_decoder *d, flag *v)
{
	ferry_codec_get(d, v, &ferry_codec_bool);
}

static inline size_t
celsius_size(const celsius *v)
{
	(void)v;
	return 4;
}

static inline void
celsius_put(struct ferry_encoder *e, const celsius *v)
{
	ferry_codec_put(e, v, &ferry_codec_float);
}

static inline void
celsius_get(struct ferry_decoder *d, celsius *v)
{
	ferry_codec_get(d, v, &ferry_codec_float);
}

static inline size_t
point_size(const struct point *v)
{
	(void)v;
	return 8;
}

static inline void
point_put(struct ferry_encoder *e, const struct point *v)
{
	ferry_codec_put(e, v, &point_codec);
}

static inline void
point_get(struct ferry_decoder *d, struct point *v)
{
	ferry_codec_get(d, v, &point_codec);
}

static inline size_t
position_size(const position *v)
{
	return point_size(v);
}

static inline void
position_put(struct ferry_encoder *e, const position *v)
{
	point_put(e, v);
}

static inline void
position_get(struct ferry_decoder *d, position *v)
{
	point_get(d, v);
}

static inline size_t
line_size(const struct line *v)
{
	(void)v;
	return 16;
}

static inline void
line_put(struct ferry_encoder *e, const struct line *v)
{
	ferry_codec_put(e, v, &line_codec);
}

static inline void
line_get(struct ferry_decoder *d, struct line *v)
{
	ferry_codec_get(d, v, &line_codec);
}

static inline size_t
scalars_size(const struct scalars *v)
{
	(void)v;
	return 100;
}

static inline void
scalars_put(struct ferry_encoder *e, const struct scalars *v)
{
	ferry_codec_put(e, v, &scalars_codec);
}

static inline void
scalars_get(struct ferry_decoder *d, struct scalars *v)
{
	ferry_codec_get(d, v, &scalars_codec);
}

static inline size_t
fixed_size(const struct fixed *v)
{
	return ferry_codec_size(v, &fixed_codec);
}

static inline void
fixed_put(struct ferry_encoder *e, const struct fixed *v)
{
	ferry_codec_put(e, v, &fixed_codec);
}

static inline void
fixed_get(struct ferry_decoder *d, struct fixed *v)
{
	ferry_codec_get(d, v, &fixed_codec);
}

static inline size_t
variable_size(const struct variable *v)
{
	return ferry_codec_size(v, &variable_codec);
}

static inline void
variable_put(struct ferry_encoder *e, const struct variable *v)
{
	ferry_codec_put(e, v, &variable_codec);
}

static inline void
variable_get(struct ferry_decoder *d, struct variable *v)
{
	ferry_codec_get(d, v, &variable_codec);
}

static inline size_t
maybe_size(const struct maybe *v)
{
	return ferry_codec_size(v, &maybe_codec);
}

static inline void
maybe_put(struct ferry_encoder *e, const struct maybe *v)
{
	ferry_codec_put(e, v, &maybe_codec);
}

static inline void
maybe_get(struct ferry_decoder *d, struct maybe *v)
{
	ferry_codec_get(d, v, &maybe_codec);
}

static inline size_t
result_size(const struct result *v)
{
	return ferry_codec_size(v, &result_codec);
}

static inline void
result_put(struct ferry_encoder *e, const struct result *v)
{
	ferry_codec_put(e, v, &result_codec);
}

static inline void
result_get(struct ferry_decoder *d, struct result *v)
{
	ferry_codec_get(d, v, &result_codec);
}

static inline size_t
idle_size(const struct idle *v)
{
	(void)v;
	return 0;
}

static inline void
idle_put(struct ferry_encoder *e, const struct idle *v)
{
	ferry_codec_put(e, v, &idle_codec);
}

static inline void
idle_get(struct ferry_decoder *d, struct idle *v)
{
	ferry_codec_get(d, v, &idle_codec);
}

static inline size_t
other_size(const struct other *v)
{
	return ferry_codec_size(v, &other_codec);
}

static inline void
other_put(struct ferry_encoder *e, const struct other *v)
{
	ferry_codec_put(e, v, &other_codec);
}

static inline void
other_get(struct ferry_decoder *d, struct other *v)
{
	ferry_codec_get(d, v, &other_codec);
}

static inline size_t
yes_size(const struct yes *v)
{
	return ferry_codec_size(v, &yes_codec);
}

static inline void
yes_put(struct ferry_encoder *e, const struct yes *v)
{
	ferry_codec_put(e, v, &yes_codec);
}

static inline void
yes_get(struct ferry_decoder *d, struct yes *v)
{
	ferry_codec_get(d, v, &yes_codec);
}

static inline size_t
un_size(const struct un *v)
{
	return ferry_codec_size(v, &un_codec);
}

static inline void
un_put(struct ferry_encoder *e, const struct un *v)
{
	ferry_codec_put(e, v, &un_codec);
}

static inline void
un_get(struct ferry_decoder *d, struct un *v)
{
	ferry_codec_get(d, v, &un_codec);
}

static inline size_t
nothing_size(const struct nothing *v)
{
	(void)v;
	return 4;
}

static inline void
nothing_put(struct ferry_encoder *e, const struct nothing *v)
{
	ferry_codec_put(e, v, &nothing_codec);
}

static inline void
nothing_get(struct ferry_decoder *d, struct nothing *v)
{
	ferry_codec_get(d, v, &nothing_codec);
}

static inline size_t
node_size(const struct node *v)
{
	return ferry_codec_size(v, &node_codec);
}

static inline void
node_put(struct ferry_encoder *e, const struct node *v)
{
	ferry_codec_put(e, v, &node_codec);
}

static inline void
node_get(struct ferry_decoder *d, struct node *v)
{
	ferry_codec_get(d, v, &node_codec);
}

static inline size_t
leaves_size(const leaves *v)
{
	return ferry_codec_size(v, &leaves_codec);
}

static inline void
leaves_put(struct ferry_encoder *e, const leaves *v)
{
	ferry_codec_put(e, v, &leaves_codec);
}

static inline void
leaves_get(struct ferry_decoder *d, leaves *v)
{
	ferry_codec_get(d, v, &leaves_codec);
}

static inline size_t
leaf_size(const struct leaf *v)
{
	return ferry_codec_size(v, &leaf_codec);
}

static inline void
leaf_put(struct ferry_encoder *e, const struct leaf *v)
{
	ferry_codec_put(e, v, &leaf_codec);
}

static inline void
leaf_get(struct ferry_decoder *d, struct leaf *v)
{
	ferry_codec_get(d, v, &leaf_codec);
}

static inline size_t
tree_size(const struct tree *v)
{
	return ferry_codec_size(v, &tree_codec);
}

static inline void
tree_put(struct ferry_encoder *e, const struct tree *v)
{
	ferry_codec_put(e, v, &tree_codec);
}

static inline void
tree_get(struct ferry_decoder *d, struct tree *v)
{
	ferry_codec_get(d, v, &tree_codec);
}

static inline size_t
forest_size(const struct forest *v)
{
	return ferry_codec_size(v, &forest_codec);
}

static inline void
forest_put(struct ferry_encoder *e, const struct forest *v)
{
	ferry_codec_put(e, v, &forest_codec);
}

static inline void
forest_get(struct ferry_decoder *d, struct forest *v)
{
	ferry_codec_get(d, v, &forest_codec);
}

static inline size_t
dir_size(const struct dir *v)
{
	return ferry_codec_size(v, &dir_codec);
}

static inline void
dir_put(struct ferry_encoder *e, const struct dir *v)
{
	ferry_codec_put(e, v, &dir_codec);
}

static inline void
dir_get(struct ferry_decoder *d, struct dir *v)
{
	ferry_codec_get(d, v, &dir_codec);
}

static inline size_t
dirlist_size(const struct dirlist *v)
{
	return ferry_codec_size(v, &dirlist_codec);
}

static inline void
dirlist_put(struct ferry_encoder *e, const struct dirlist *v)
{
	ferry_codec_put(e, v, &dirlist_codec);
}

static inline void
dirlist_get(struct ferry_decoder *d, struct dirlist *v)
{
	ferry_codec_get(d, v, &dirlist_codec);
}

static inline size_t
dirs2_size(const struct dirs2 *v)
{
	return ferry_codec_size(v, &dirs2_codec);
}

static inline void
dirs2_put(struct ferry_encoder *e, const struct dirs2 *v)
{
	ferry_codec_put(e, v, &dirs2_codec);
}

static inline void
dirs2_get(struct ferry_decoder *d, struct dirs2 *v)
{
	ferry_codec_get(d, v, &dirs2_codec);
}

static inline size_t
everything_size(const struct everything *v)
{
	return ferry_codec_size(v, &everything_codec);
}

static inline void
everything_put(struct ferry_encoder *e, const struct everything *v)
{
	ferry_codec_put(e, v, &everything_codec);
}

static inline void
everything_get(struct ferry_decoder *d, struct everything *v)
{
	ferry_codec_get(d, v, &everything_codec);
}

/* NOTHING = 0, in.x:72 */
ferry_err nothing_1(struct ferry_call *call);
ferry_err nothing_1_start(struct ferry_call *call);
ferry_err nothing_1_finish(struct ferry_call *call);

/* ECHO = 2, in.x:73 */
ferry_err echo_1(struct ferry_call *call, const struct everything *everything,
		 struct everything *out);
ferry_err echo_1_start(struct ferry_call *call,
		       const struct everything *everything);
ferry_err echo_1_finish(struct ferry_call *call, struct everything *out);

/* ADD = 1, in.x:74 */
ferry_err add_1(struct ferry_call *call, int32_t arg1, int32_t arg2,
		int32_t *out);
ferry_err add_1_start(struct ferry_call *call, int32_t arg1, int32_t arg2);
ferry_err add_1_finish(struct ferry_call *call, int32_t *out);

/* NOT = 3, in.x:75 */
ferry_err not_1(struct ferry_call *call, bool arg, bool *out);
ferry_err not_1_start(struct ferry_call *call, bool arg);
ferry_err not_1_finish(struct ferry_call *call, bool *out);

/*
 * CAT = 4, in.x:76
 * @name: at most 255 bytes
 */
ferry_err cat_1(struct ferry_call *call, struct ferry_str arg1,
		struct ferry_str name, struct ferry_bytes blob,
		struct ferry_str *out);
ferry_err cat_1_start(struct ferry_call *call, struct ferry_str arg1,
		      struct ferry_str name, struct ferry_bytes blob);
ferry_err cat_1_finish(struct ferry_call *call, struct ferry_str *out);

/* Q = 5, in.x:77 */
ferry_err q_1(struct ferry_call *call, struct ferry_quadruple arg,
	      struct ferry_quadruple *out);
ferry_err q_1_start(struct ferry_call *call, struct ferry_quadruple arg);
ferry_err q_1_finish(struct ferry_call *call, struct ferry_quadruple *out);

/* L = 6, in.x:78 */
ferry_err l_1(struct ferry_call *call, leaves arg1, const position *arg2,
	      shade arg3, count arg4, uint32_t arg5,
	      const struct fhandle *fhandle, leaves *out);
ferry_err l_1_start(struct ferry_call *call, leaves arg1, const position *arg2,
		    shade arg3, count arg4, uint32_t arg5,
		    const struct fhandle *fhandle);
ferry_err l_1_finish(struct ferry_call *call, leaves *out);

/* C = 7, in.x:79 */
ferry_err c_1(struct ferry_call *call, uint8_t arg, int8_t *out);
ferry_err c_1_start(struct ferry_call *call, uint8_t arg);
ferry_err c_1_finish(struct ferry_call *call, int8_t *out);

/* F = 8, in.x:80 */
ferry_err f_1(struct ferry_call *call, double arg, float *out);
ferry_err f_1_start(struct ferry_call *call, double arg);
ferry_err f_1_finish(struct ferry_call *call, float *out);

/* R = 9, in.x:81 */
ferry_err r_1(struct ferry_call *call, enum color color, struct result *out);
ferry_err r_1_start(struct ferry_call *call, enum color color);
ferry_err r_1_finish(struct ferry_call *call, struct result *out);

/* M = 10, in.x:82 */
ferry_err m_1(struct ferry_call *call, const struct ints *ints,
	      struct maybe *out);
ferry_err m_1_start(struct ferry_call *call, const struct ints *ints);
ferry_err m_1_finish(struct ferry_call *call, struct maybe *out);

/*
 * What a server of ALL version 1 fills in; a NULL member answers
 * PROC_UNAVAIL. A handler's @out is zeroed before it runs.
 */
struct all_1_ops {
	ferry_err (*nothing)(struct ferry_call *call);
	ferry_err (*echo)(struct ferry_call *call,
			  const struct everything *everything,
			  struct everything *out);
	ferry_err (*add)(struct ferry_call *call, int32_t arg1, int32_t arg2,
			 int32_t *out);
	ferry_err (*not_)(struct ferry_call *call, bool arg, bool *out);
	ferry_err (*cat)(struct ferry_call *call, struct ferry_str arg1,
			 struct ferry_str name, struct ferry_bytes blob,
			 struct ferry_str *out);
	ferry_err (*q)(struct ferry_call *call, struct ferry_quadruple arg,
		       struct ferry_quadruple *out);
	ferry_err (*l)(struct ferry_call *call, leaves arg1,
		       const position *arg2, shade arg3, count arg4,
		       uint32_t arg5, const struct fhandle *fhandle,
		       leaves *out);
	ferry_err (*c)(struct ferry_call *call, uint8_t arg, int8_t *out);
	ferry_err (*f)(struct ferry_call *call, double arg, float *out);
	ferry_err (*r)(struct ferry_call *call, enum color color,
		       struct result *out);
	ferry_err (*m)(struct ferry_call *call, const struct ints *ints,
		       struct maybe *out);
};

ferry_err all_1_serve(struct ferry_server *server, const struct all_1_ops *ops,
		      void *ctx);

/* The answers of handlers that returned FERRY_LATER. */
ferry_err nothing_1_reply(struct ferry_call *call);
ferry_err echo_1_reply(struct ferry_call *call, const struct everything *out);
ferry_err add_1_reply(struct ferry_call *call, const int32_t *out);
ferry_err not_1_reply(struct ferry_call *call, const bool *out);
ferry_err cat_1_reply(struct ferry_call *call, const struct ferry_str *out);
ferry_err q_1_reply(struct ferry_call *call, const struct ferry_quadruple *out);
ferry_err l_1_reply(struct ferry_call *call, const leaves *out);
ferry_err c_1_reply(struct ferry_call *call, const int8_t *out);
ferry_err f_1_reply(struct ferry_call *call, const float *out);
ferry_err r_1_reply(struct ferry_call *call, const struct result *out);
ferry_err m_1_reply(struct ferry_call *call, const struct maybe *out);

#ifdef __cplusplus
}
#endif
