/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static const struct ferry_values color_values = {
	BLUE, 6, 3, (const int32_t[]){
		BLUE,
		RED,
		GREEN,
	},
};

const struct ferry_codec color_codec = {
	sizeof(enum color), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &color_values } },
	} },
};

static const struct ferry_values step_values = {
	ONE, 2, 0, NULL,
};

const struct ferry_codec step_codec = {
	sizeof(enum step), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &step_values } },
	} },
};

static const struct ferry_row fhandle_rows[] = {
	{ FERRY_KIND_OPAQUE, offsetof(struct fhandle, data), 32, { NULL } },
};

const struct ferry_codec fhandle_codec = {
	sizeof(struct fhandle), 32, 1, true, false, { fhandle_rows },
};

static const struct ferry_row odd_rows[] = {
	{ FERRY_KIND_OPAQUE, offsetof(struct odd, data), 7, { NULL } },
};

const struct ferry_codec odd_codec = {
	sizeof(struct odd), 8, 1, true, false, { odd_rows },
};

static const struct ferry_row large_rows[] = {
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct large, data), 100, { NULL } },
};

const struct ferry_codec large_codec = {
	sizeof(struct large), 100, 1, true, false, { large_rows },
};

static const struct ferry_row ints_rows[] = {
	{ FERRY_KIND_LIST, offsetof(struct ints, items), UINT32_MAX,
	 { &ferry_codec_int } },
	{ FERRY_KIND_COUNT, offsetof(struct ints, n_items), 0, { NULL } },
};

const struct ferry_codec ints_codec = {
	sizeof(struct ints), 4, 2, false, false, { ints_rows },
};

static const struct ferry_row four_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct four, items), 4, { NULL } },
};

const struct ferry_codec four_codec = {
	sizeof(struct four), 16, 1, true, false, { four_rows },
};

static const struct ferry_row hypers_rows[] = {
	{ FERRY_KIND_ARRAY_AT, offsetof(struct hypers, items), 20,
	 { &ferry_codec_hyper } },
};

const struct ferry_codec hypers_codec = {
	sizeof(struct hypers), 160, 1, true, false, { hypers_rows },
};

static const struct ferry_row name_rows[] = {
	{ FERRY_KIND_STRING, 0, 255, { NULL } },
};

const struct ferry_codec name_codec = {
	sizeof(struct ferry_str), 4, 1, false, false, { name_rows },
};

static void
put_point(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct point *v = items;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_put_run(e, 8);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->x);
		ferry_store_u32(p + 4, (uint32_t)v->y);
	}
}

static void
get_point(struct ferry_decoder *d, void *items, size_t n)
{
	struct point *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 8);
		if (!p)
			return;
		v->x = (int32_t)ferry_load_u32(p);
		v->y = (int32_t)ferry_load_u32(p + 4);
	}
}

static const struct ferry_code point_code = {
	NULL, put_point, get_point,
};

const struct ferry_codec point_codec = {
	sizeof(struct point), 8, 0, true, false, { .code = &point_code },
};

static const struct ferry_row line_rows[] = {
	{ FERRY_KIND_RECORD, offsetof(struct line, from), 0, { &point_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct line, to), 0, { &point_codec } },
};

const struct ferry_codec line_codec = {
	sizeof(struct line), 16, 2, true, false, { line_rows },
};

static void
put_scalars(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct scalars *v = items;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_put_run(e, 100);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->a);
		ferry_store_u32(p + 4, v->b);
		ferry_store_u64(p + 8, (uint64_t)v->c);
		ferry_store_u64(p + 16, v->d);
		ferry_store_f32(p + 24, &v->e);
		ferry_store_f64(p + 28, &v->f);
		ferry_store_quadruple(p + 36, &v->g);
		ferry_store_u32(p + 52, v->h);
		ferry_store_enum(e, p + 56, (uint32_t)v->i, &color_values);
		ferry_store_u32(p + 60, (uint32_t)v->j);
		ferry_store_u32(p + 64, v->k);
		ferry_store_u32(p + 68, (uint32_t)v->l);
		ferry_store_u32(p + 72, v->m);
		ferry_store_within(e, p + 76, (uint32_t)v->n, 1, 2);
		ferry_store_enum(e, p + 80, (uint32_t)v->o, &color_values);
		ferry_store_u64(p + 84, v->p);
		ferry_store_u32(p + 92, v->q);
		ferry_store_f32(p + 96, &v->r);
	}
}

static void
get_scalars(struct ferry_decoder *d, void *items, size_t n)
{
	struct scalars *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 100);
		if (!p)
			return;
		v->a = (int32_t)ferry_load_u32(p);
		v->b = ferry_load_u32(p + 4);
		v->c = (int64_t)ferry_load_u64(p + 8);
		v->d = ferry_load_u64(p + 16);
		ferry_load_f32(p + 24, &v->e);
		ferry_load_f64(p + 28, &v->f);
		ferry_load_quadruple(p + 36, &v->g);
		v->h = ferry_load_bool(d, p + 52);
		v->i = (enum color)ferry_load_enum(d, p + 56, &color_values);
		v->j = (int8_t)ferry_load_within(d, p + 60, INT8_MIN,
						 UINT8_MAX);
		v->k = (uint8_t)ferry_load_within(d, p + 64, 0, UINT8_MAX);
		v->l = (int16_t)ferry_load_within(d, p + 68, INT16_MIN,
						  UINT16_MAX);
		v->m = (uint16_t)ferry_load_within(d, p + 72, 0, UINT16_MAX);
		v->n = (enum step)ferry_load_within(d, p + 76, 1, 2);
		v->o = (enum color)ferry_load_enum(d, p + 80, &color_values);
		v->p = ferry_load_u64(p + 84);
		v->q = ferry_load_bool(d, p + 92);
		ferry_load_f32(p + 96, &v->r);
	}
}

static const struct ferry_code scalars_code = {
	NULL, put_scalars, get_scalars,
};

const struct ferry_codec scalars_codec = {
	sizeof(struct scalars), 100, 0, true, false, { .code = &scalars_code },
};

static const struct ferry_row fixed_rows[] = {
	{ FERRY_KIND_OPAQUE, offsetof(struct fixed, a), 4, { NULL } },
	{ FERRY_KIND_OPAQUE, offsetof(struct fixed, b), 5, { NULL } },
	{ FERRY_KIND_OPAQUE, offsetof(struct fixed, c), 64, { NULL } },
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct fixed, d), 65, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct fixed, e), 0, { &fhandle_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct fixed, f), 0, { &odd_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct fixed, g), 0, { &large_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct fixed, h), 0, { &four_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct fixed, i), 0, { &hypers_codec } },
	{ FERRY_KIND_INT, offsetof(struct fixed, j), 4, { NULL } },
	{ FERRY_KIND_BOOL, offsetof(struct fixed, k), 3, { NULL } },
	{ FERRY_KIND_ENUM, offsetof(struct fixed, l), 2, { .values =
		&color_values } },
	{ FERRY_KIND_ARRAY_AT, offsetof(struct fixed, m), 9,
	 { &ferry_codec_double } },
	{ FERRY_KIND_ARRAY, offsetof(struct fixed, n), 2, { &point_codec } },
	{ FERRY_KIND_ARRAY_AT, offsetof(struct fixed, o), 20,
	 { &point_codec } },
	{ FERRY_KIND_ARRAY, offsetof(struct fixed, p), 2, { &name_codec } },
	{ FERRY_KIND_ARRAY_AT, offsetof(struct fixed, q), 5, { &name_codec } },
	{ FERRY_KIND_QUADRUPLE, offsetof(struct fixed, r), 2, { NULL } },
	{ FERRY_KIND_UCHAR, offsetof(struct fixed, s), 4, { NULL } },
};

const struct ferry_codec fixed_codec = {
	sizeof(struct fixed), 820, 19, false, false, { fixed_rows },
};

static const struct ferry_row variable_rows[] = {
	{ FERRY_KIND_STRING, offsetof(struct variable, a), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct variable, b), 10, { NULL } },
	{ FERRY_KIND_BYTES, offsetof(struct variable, c), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_BYTES, offsetof(struct variable, d), 3, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, e), UINT32_MAX,
	 { &ferry_codec_int } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_e), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, f), 4,
	 { &ferry_codec_hyper } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_f), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, g), UINT32_MAX,
	 { &ferry_codec_bool } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_g), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, h), UINT32_MAX,
	 { &color_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_h), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, i), 7, { &point_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_i), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, j), UINT32_MAX,
	 { &name_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_j), 0, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct variable, k), 0, { &ints_codec } },
	{ FERRY_KIND_LIST, offsetof(struct variable, l), UINT32_MAX,
	 { &ints_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_l), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, m), UINT32_MAX,
	 { &ferry_codec_short } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_m), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, n), UINT32_MAX,
	 { &scalars_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_n), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, o), UINT32_MAX,
	 { &ferry_codec_quadruple } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_o), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, p), UINT32_MAX,
	 { &ferry_codec_float } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_p), 0, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, q), UINT32_MAX,
	 { &ferry_codec_double } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_q), 0, { NULL } },
	{ FERRY_KIND_BYTES, offsetof(struct variable, r), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct variable, s), UINT32_MAX,
	 { &fhandle_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct variable, n_s), 0, { NULL } },
};

const struct ferry_codec variable_codec = {
	sizeof(struct variable), 76, 32, false, false, { variable_rows },
};

static const struct ferry_row maybe_rows[] = {
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, a), 0,
	 { &ferry_codec_int } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, b), 0, { &point_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, c), 0, { &name_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, d), 0,
	 { &scalars_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, e), 0, { &color_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, f), 0,
	 { &ferry_codec_bool } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, g), 0, { &ints_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, h), 0,
	 { &ferry_codec_quadruple } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct maybe, i), 0,
	 { &fhandle_codec } },
};

const struct ferry_codec maybe_codec = {
	sizeof(struct maybe), 36, 9, false, false, { maybe_rows },
};

static const struct ferry_case result_cases[] = {
	{ BLUE, 2 },
	{ RED, 0 },
	{ GREEN, 1 },
};

static const struct ferry_row result_rows[] = {
	{ FERRY_KIND_ENUM, offsetof(struct result, kind), 1, { .values =
		&color_values } },
	{ FERRY_KIND_SWITCH, 0, 3, { .cases = result_cases } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
	{ FERRY_KIND_INT, offsetof(struct result, u.number), 1, { NULL } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct result, u.all), 0,
	 { &scalars_codec } },
};

const struct ferry_codec result_codec = {
	sizeof(struct result), 4, 2, false, false, { result_rows },
};

static const struct ferry_row idle_rows[] = {
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
};

const struct ferry_codec idle_codec = {
	sizeof(struct idle), 0, 1, true, false, { idle_rows },
};

static const struct ferry_case other_cases[] = {
	{ -5, 6 },
	{ 0, 1 },
	{ 1, 2 },
	{ 2, 2 },
	{ 3, 4 },
	{ 4, 5 },
	{ 6, 7 },
	{ 7, 8 },
	{ 8, 9 },
};

static const struct ferry_row other_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct other, code), 1, { NULL } },
	{ FERRY_KIND_SWITCH_DEFAULT, 0, 9, { .cases = other_cases } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct other, u.text), 20, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct other, u.list.items), UINT32_MAX,
	 { &ferry_codec_int } },
	{ FERRY_KIND_COUNT, offsetof(struct other, u.list.n_items), 0,
	 { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct other, u.where), 0,
	 { &point_codec } },
	{ FERRY_KIND_OPAQUE_AT, offsetof(struct other, u.bytes), 100,
	 { NULL } },
	{ FERRY_KIND_INT, offsetof(struct other, u.words), 4, { NULL } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct other, u.maybe), 0,
	 { &ferry_codec_int } },
	{ FERRY_KIND_RECORD, offsetof(struct other, u.fh), 0,
	 { &fhandle_codec } },
	{ FERRY_KIND_LIST, offsetof(struct other, u.names.items), 3,
	 { &name_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct other, u.names.n_items), 0,
	 { NULL } },
};

const struct ferry_codec other_codec = {
	sizeof(struct other), 4, 2, false, false, { other_rows },
};

static const struct ferry_case yes_cases[] = {
	{ 0, 1 },
	{ 1, 0 },
};

static const struct ferry_row yes_rows[] = {
	{ FERRY_KIND_BOOL, offsetof(struct yes, is), 1, { NULL } },
	{ FERRY_KIND_SWITCH, 0, 2, { .cases = yes_cases } },
	{ FERRY_KIND_HYPER, offsetof(struct yes, u.value), 1, { NULL } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
};

const struct ferry_codec yes_codec = {
	sizeof(struct yes), 4, 2, false, false, { yes_rows },
};

static const struct ferry_case un_cases[] = {
	{ -2147483647 - 1, 2 },
	{ 1, 1 },
};

static const struct ferry_row un_rows[] = {
	{ FERRY_KIND_UINT, offsetof(struct un, which), 1, { NULL } },
	{ FERRY_KIND_SWITCH_DEFAULT, 0, 2, { .cases = un_cases } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct un, u.rest), 0,
	 { &variable_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct un, u.at), 0, { &line_codec } },
	{ FERRY_KIND_BYTES, offsetof(struct un, u.b), UINT32_MAX, { NULL } },
};

const struct ferry_codec un_codec = {
	sizeof(struct un), 8, 2, false, false, { un_rows },
};

static const struct ferry_case nothing_cases[] = {
	{ ONE, 1 },
};

static const struct ferry_row nothing_rows[] = {
	{ FERRY_KIND_ENUM, offsetof(struct nothing, s), 1, { .values =
		&step_values } },
	{ FERRY_KIND_SWITCH_DEFAULT, 0, 1, { .cases = nothing_cases } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
};

const struct ferry_codec nothing_codec = {
	sizeof(struct nothing), 4, 2, true, false, { nothing_rows },
};

static size_t
size_node_value(const void *items, size_t n)
{
	const struct node *v = items;
	size_t bytes = n * 8;

	for (; n > 0; n--, v++) {
		bytes += (size_t)ferry_padded(v->label.len);
	}
	return bytes;
}

static void
put_node_value(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct node *v = items;
	struct ferry_str s0;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		s0 = v->label;
		p = ferry_put_run(e, 8 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->value);
		ferry_store_str(p + 4, s0);
	}
}

static void
get_node_value(struct ferry_decoder *d, void *items, size_t n)
{
	struct node *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 4);
		if (!p)
			return;
		v->value = (int32_t)ferry_load_u32(p);
		v->label = ferry_get_str(d, UINT32_MAX);
	}
}

static const struct ferry_code node_value_code = {
	size_node_value, put_node_value, get_node_value,
};

static const struct ferry_row node_rows[] = {
	{ FERRY_KIND_CODE, 0, 0, { .code = &node_value_code } },
	{ FERRY_KIND_NEXT, offsetof(struct node, next), 0, { NULL } },
};

const struct ferry_codec node_codec = {
	sizeof(struct node), 12, 2, false, false, { node_rows },
};

static const struct ferry_row leaves_rows[] = {
	{ FERRY_KIND_OPTIONAL, 0, 0, { &leaf_codec } },
};

const struct ferry_codec leaves_codec = {
	sizeof(leaves), 4, 1, false, false, { leaves_rows },
};

static const struct ferry_row leaf_rows[] = {
	{ FERRY_KIND_HYPER, offsetof(struct leaf, id), 1, { NULL } },
	{ FERRY_KIND_NEXT, offsetof(struct leaf, next), 0, { NULL } },
};

const struct ferry_codec leaf_codec = {
	sizeof(struct leaf), 12, 2, false, false, { leaf_rows },
};

static const struct ferry_row tree_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct tree, key), 1, { NULL } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct tree, left), 0,
	 { &tree_codec } },
	{ FERRY_KIND_NEXT, offsetof(struct tree, right), 0, { NULL } },
};

const struct ferry_codec tree_codec = {
	sizeof(struct tree), 12, 3, false, true, { tree_rows },
};

static const struct ferry_row forest_rows[] = {
	{ FERRY_KIND_LIST, offsetof(struct forest, trees), UINT32_MAX,
	 { &tree_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct forest, n_trees), 0, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct forest, r), 0, { &result_codec } },
};

const struct ferry_codec forest_codec = {
	sizeof(struct forest), 8, 3, false, false, { forest_rows },
};

static const struct ferry_row dir_rows[] = {
	{ FERRY_KIND_STRING, offsetof(struct dir, n), 255, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct dir, kids), UINT32_MAX,
	 { &dir_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct dir, n_kids), 0, { NULL } },
};

const struct ferry_codec dir_codec = {
	sizeof(struct dir), 8, 3, false, true, { dir_rows },
};

static const struct ferry_row dirlist_rows[] = {
	{ FERRY_KIND_LIST, offsetof(struct dirlist, items), UINT32_MAX,
	 { &dirs2_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct dirlist, n_items), 0, { NULL } },
};

const struct ferry_codec dirlist_codec = {
	sizeof(struct dirlist), 4, 2, false, false, { dirlist_rows },
};

static const struct ferry_row dirs2_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct dirs2, a), 1, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct dirs2, kids), 0,
	 { &dirlist_codec } },
	{ FERRY_KIND_NEXT, offsetof(struct dirs2, next), 0, { NULL } },
};

const struct ferry_codec dirs2_codec = {
	sizeof(struct dirs2), 12, 3, false, true, { dirs2_rows },
};

static const struct ferry_row everything_rows[] = {
	{ FERRY_KIND_RECORD, offsetof(struct everything, a), 0,
	 { &scalars_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, b), 0,
	 { &fixed_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, c), 0,
	 { &variable_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, d), 0,
	 { &maybe_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, e), 0,
	 { &result_codec } },
	{ FERRY_KIND_LIST, offsetof(struct everything, f), UINT32_MAX,
	 { &other_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct everything, n_f), 0, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, g), 0,
	 { &yes_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, h), 0, { &un_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, i), 0,
	 { &nothing_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, j), 0,
	 { &node_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct everything, k), 0,
	 { &leaf_codec } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct everything, l), 0,
	 { &tree_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, m), 0,
	 { &forest_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, n), 0,
	 { &dir_codec } },
	{ FERRY_KIND_RECORD, offsetof(struct everything, o), 0,
	 { &line_codec } },
};

const struct ferry_codec everything_codec = {
	sizeof(struct everything), 1108, 16, false, false, { everything_rows },
};

struct add_1_args {
	int32_t arg1;
	int32_t arg2;
};

static const struct ferry_row add_1_args_codec_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct add_1_args, arg1), 2, { NULL } },
};

static const struct ferry_codec add_1_args_codec = {
	sizeof(struct add_1_args), 0, 1, false, false,
		{ add_1_args_codec_rows },
};

struct cat_1_args {
	struct ferry_str arg1;
	struct ferry_str name;
	struct ferry_bytes blob;
};

static const struct ferry_row cat_1_args_codec_rows[] = {
	{ FERRY_KIND_STRING, offsetof(struct cat_1_args, arg1), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct cat_1_args, name), 255, { NULL } },
	{ FERRY_KIND_BYTES, offsetof(struct cat_1_args, blob), UINT32_MAX,
	 { NULL } },
};

static const struct ferry_codec cat_1_args_codec = {
	sizeof(struct cat_1_args), 0, 3, false, false,
		{ cat_1_args_codec_rows },
};

struct l_1_args {
	leaves arg1;
	const position *arg2;
	shade arg3;
	count arg4;
	uint32_t arg5;
	const struct fhandle *fhandle;
};

static const struct ferry_row l_1_args_codec_rows[] = {
	{ FERRY_KIND_OPTIONAL, offsetof(struct l_1_args, arg1), 0,
	 { &leaf_codec } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct l_1_args, arg2), 0,
	 { &point_codec } },
	{ FERRY_KIND_ENUM, offsetof(struct l_1_args, arg3), 1, { .values =
		&color_values } },
	{ FERRY_KIND_UHYPER, offsetof(struct l_1_args, arg4), 1, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct l_1_args, arg5), 1, { NULL } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct l_1_args, fhandle), 0,
	 { &fhandle_codec } },
};

static const struct ferry_codec l_1_args_codec = {
	sizeof(struct l_1_args), 0, 6, false, false, { l_1_args_codec_rows },
};

static const struct ferry_procedure all_1_procedures[] = {
	{ 0, offsetof(struct all_1_ops, nothing), "NOTHING", NULL, NULL },
	{ 1, offsetof(struct all_1_ops, add), "ADD", &add_1_args_codec,
	 &ferry_codec_int },
	{ 2, offsetof(struct all_1_ops, echo), "ECHO", &everything_codec,
	 &everything_codec },
	{ 3, offsetof(struct all_1_ops, not_), "NOT", &ferry_codec_bool,
	 &ferry_codec_bool },
	{ 4, offsetof(struct all_1_ops, cat), "CAT", &cat_1_args_codec,
	 &ferry_codec_string },
	{ 5, offsetof(struct all_1_ops, q), "Q", &ferry_codec_quadruple,
	 &ferry_codec_quadruple },
	{ 6, offsetof(struct all_1_ops, l), "L", &l_1_args_codec,
	 &leaves_codec },
	{ 7, offsetof(struct all_1_ops, c), "C", &ferry_codec_uchar,
	 &ferry_codec_char },
	{ 8, offsetof(struct all_1_ops, f), "F", &ferry_codec_double,
	 &ferry_codec_float },
	{ 9, offsetof(struct all_1_ops, r), "R", &color_codec, &result_codec },
	{ 10, offsetof(struct all_1_ops, m), "M", &ints_codec, &maybe_codec },
};

FERRY_COLD static ferry_err
enter_all_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	    const void *args, void *out)
{
	const struct all_1_ops *ops = handlers;

	switch (procedure) {
	case 0:
		return ops->nothing(call);
	case 2:
		return ops->echo(call, args, out);
	case 1: {
		const struct add_1_args *p = args;

		return ops->add(call, p->arg1, p->arg2, out);
	}
	case 3: {
		bool const *p = args;

		return ops->not_(call, *p, out);
	}
	case 4: {
		const struct cat_1_args *p = args;

		return ops->cat(call, p->arg1, p->name, p->blob, out);
	}
	case 5: {
		struct ferry_quadruple const *p = args;

		return ops->q(call, *p, out);
	}
	case 6: {
		const struct l_1_args *p = args;

		return ops->l(call, p->arg1, p->arg2, p->arg3, p->arg4, p->arg5,
			      p->fhandle, out);
	}
	case 7: {
		uint8_t const *p = args;

		return ops->c(call, *p, out);
	}
	case 8: {
		double const *p = args;

		return ops->f(call, *p, out);
	}
	case 9: {
		enum color const *p = args;

		return ops->r(call, *p, out);
	}
	case 10:
		return ops->m(call, args, out);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version all_1_version = {
	"ALL", 0x20000002, 1, 11, all_1_procedures, ferry_stub_serve,
		enter_all_1,
};

ferry_err
all_1_serve(struct ferry_server *server, const struct all_1_ops *ops, void *ctx)
{
	return ferry_server_add(server, &all_1_version, ops, ctx);
}

FERRY_COLD ferry_err
nothing_1_reply(struct ferry_call *call)
{
	return ferry_stub_reply(call, NULL, &all_1_version, 0);
}

FERRY_COLD ferry_err
echo_1_reply(struct ferry_call *call, const struct everything *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 2);
}

FERRY_COLD ferry_err
add_1_reply(struct ferry_call *call, const int32_t *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 1);
}

FERRY_COLD ferry_err
not_1_reply(struct ferry_call *call, const bool *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 3);
}

FERRY_COLD ferry_err
cat_1_reply(struct ferry_call *call, const struct ferry_str *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 4);
}

FERRY_COLD ferry_err
q_1_reply(struct ferry_call *call, const struct ferry_quadruple *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 5);
}

FERRY_COLD ferry_err
l_1_reply(struct ferry_call *call, const leaves *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 6);
}

FERRY_COLD ferry_err
c_1_reply(struct ferry_call *call, const int8_t *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 7);
}

FERRY_COLD ferry_err
f_1_reply(struct ferry_call *call, const float *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 8);
}

FERRY_COLD ferry_err
r_1_reply(struct ferry_call *call, const struct result *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 9);
}

FERRY_COLD ferry_err
m_1_reply(struct ferry_call *call, const struct maybe *out)
{
	return ferry_stub_reply(call, out, &all_1_version, 10);
}

FERRY_COLD ferry_err
nothing_1(struct ferry_call *call)
{
	return ferry_stub_call(call, NULL, NULL, &all_1_version, 0);
}

FERRY_COLD ferry_err
nothing_1_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &all_1_version, 0);
}

FERRY_COLD ferry_err
nothing_1_finish(struct ferry_call *call)
{
	return ferry_stub_finish(call, NULL, &all_1_version, 0);
}

FERRY_COLD ferry_err
echo_1(struct ferry_call *call, const struct everything *everything,
       struct everything *out)
{
	return ferry_stub_call(call, everything, out, &all_1_version, 2);
}

FERRY_COLD ferry_err
echo_1_start(struct ferry_call *call, const struct everything *everything)
{
	return ferry_stub_start(call, everything, &all_1_version, 2);
}

FERRY_COLD ferry_err
echo_1_finish(struct ferry_call *call, struct everything *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 2);
}

FERRY_COLD ferry_err
add_1(struct ferry_call *call, int32_t arg1, int32_t arg2, int32_t *out)
{
	const struct add_1_args args = { arg1, arg2 };

	return ferry_stub_call(call, &args, out, &all_1_version, 1);
}

FERRY_COLD ferry_err
add_1_start(struct ferry_call *call, int32_t arg1, int32_t arg2)
{
	const struct add_1_args args = { arg1, arg2 };

	return ferry_stub_start(call, &args, &all_1_version, 1);
}

FERRY_COLD ferry_err
add_1_finish(struct ferry_call *call, int32_t *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 1);
}

FERRY_COLD ferry_err
not_1(struct ferry_call *call, bool arg, bool *out)
{
	return ferry_stub_call(call, &arg, out, &all_1_version, 3);
}

FERRY_COLD ferry_err
not_1_start(struct ferry_call *call, bool arg)
{
	return ferry_stub_start(call, &arg, &all_1_version, 3);
}

FERRY_COLD ferry_err
not_1_finish(struct ferry_call *call, bool *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 3);
}

FERRY_COLD ferry_err
cat_1(struct ferry_call *call, struct ferry_str arg1, struct ferry_str name,
      struct ferry_bytes blob, struct ferry_str *out)
{
	const struct cat_1_args args = { arg1, name, blob };

	return ferry_stub_call(call, &args, out, &all_1_version, 4);
}

FERRY_COLD ferry_err
cat_1_start(struct ferry_call *call, struct ferry_str arg1,
	    struct ferry_str name, struct ferry_bytes blob)
{
	const struct cat_1_args args = { arg1, name, blob };

	return ferry_stub_start(call, &args, &all_1_version, 4);
}

FERRY_COLD ferry_err
cat_1_finish(struct ferry_call *call, struct ferry_str *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 4);
}

FERRY_COLD ferry_err
q_1(struct ferry_call *call, struct ferry_quadruple arg,
    struct ferry_quadruple *out)
{
	return ferry_stub_call(call, &arg, out, &all_1_version, 5);
}

FERRY_COLD ferry_err
q_1_start(struct ferry_call *call, struct ferry_quadruple arg)
{
	return ferry_stub_start(call, &arg, &all_1_version, 5);
}

FERRY_COLD ferry_err
q_1_finish(struct ferry_call *call, struct ferry_quadruple *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 5);
}

FERRY_COLD ferry_err
l_1(struct ferry_call *call, leaves arg1, const position *arg2, shade arg3,
    count arg4, uint32_t arg5, const struct fhandle *fhandle, leaves *out)
{
	const struct l_1_args args = { arg1, arg2, arg3, arg4, arg5, fhandle };

	return ferry_stub_call(call, &args, out, &all_1_version, 6);
}

FERRY_COLD ferry_err
l_1_start(struct ferry_call *call, leaves arg1, const position *arg2,
	  shade arg3, count arg4, uint32_t arg5, const struct fhandle *fhandle)
{
	const struct l_1_args args = { arg1, arg2, arg3, arg4, arg5, fhandle };

	return ferry_stub_start(call, &args, &all_1_version, 6);
}

FERRY_COLD ferry_err
l_1_finish(struct ferry_call *call, leaves *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 6);
}

FERRY_COLD ferry_err
c_1(struct ferry_call *call, uint8_t arg, int8_t *out)
{
	return ferry_stub_call(call, &arg, out, &all_1_version, 7);
}

FERRY_COLD ferry_err
c_1_start(struct ferry_call *call, uint8_t arg)
{
	return ferry_stub_start(call, &arg, &all_1_version, 7);
}

FERRY_COLD ferry_err
c_1_finish(struct ferry_call *call, int8_t *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 7);
}

FERRY_COLD ferry_err
f_1(struct ferry_call *call, double arg, float *out)
{
	return ferry_stub_call(call, &arg, out, &all_1_version, 8);
}

FERRY_COLD ferry_err
f_1_start(struct ferry_call *call, double arg)
{
	return ferry_stub_start(call, &arg, &all_1_version, 8);
}

FERRY_COLD ferry_err
f_1_finish(struct ferry_call *call, float *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 8);
}

FERRY_COLD ferry_err
r_1(struct ferry_call *call, enum color color, struct result *out)
{
	return ferry_stub_call(call, &color, out, &all_1_version, 9);
}

FERRY_COLD ferry_err
r_1_start(struct ferry_call *call, enum color color)
{
	return ferry_stub_start(call, &color, &all_1_version, 9);
}

FERRY_COLD ferry_err
r_1_finish(struct ferry_call *call, struct result *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 9);
}

FERRY_COLD ferry_err
m_1(struct ferry_call *call, const struct ints *ints, struct maybe *out)
{
	return ferry_stub_call(call, ints, out, &all_1_version, 10);
}

FERRY_COLD ferry_err
m_1_start(struct ferry_call *call, const struct ints *ints)
{
	return ferry_stub_start(call, ints, &all_1_version, 10);
}

FERRY_COLD ferry_err
m_1_finish(struct ferry_call *call, struct maybe *out)
{
	return ferry_stub_finish(call, out, &all_1_version, 10);
}
