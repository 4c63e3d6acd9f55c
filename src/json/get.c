/* SPDX-License-Identifier: MIT */
/* From XDR to JSON: what holds other values, and the way in. */
#include "json/get.h"

#include <inttypes.h>

#include "json/shape.h"

static ferry_err get_value(struct fy_json_in *in, const struct fy_type *type,
			   json_t **out);

size_t
fy_json_left(const struct fy_json_in *in)
{
	return (size_t)(in->from->end - in->from->at);
}

/* What is said from here on is said of the bytes that come next. */
static void
note_place(struct fy_json_in *in)
{
	in->path.at = (size_t)(in->from->at - in->start);
}

ferry_err
fy_json_get_run(struct fy_json_in *in, const struct fy_type *type,
		uint64_t bytes, const uint8_t **out)
{
	note_place(in);
	if (bytes > fy_json_left(in))
		return fy_json_misfit(&in->path, type,
				      "the bytes end here: %s takes %" PRIu64
				      ", %zu are left",
				      fy_json_kind_name(type->kind), bytes,
				      fy_json_left(in));
	if (bytes > FY_JSON_MAX_WIRE - in->path.at)
		return fy_json_too_big(&in->path, type,
				       "the value takes more than %zu bytes",
				       FY_JSON_MAX_WIRE);
	*out = ferry_get_run(in->from, (size_t)bytes);
	return in->from->err;
}

ferry_err
fy_json_get_word(struct fy_json_in *in, const struct fy_type *type,
		 uint32_t *out)
{
	const uint8_t *p = NULL;
	ferry_err err = fy_json_get_run(in, type, 4, &p);

	if (!err)
		*out = ferry_load_u32(p);
	return err;
}

ferry_err
fy_json_get_mark(struct fy_json_in *in, const struct fy_type *type, bool *out)
{
	uint32_t word = 0;
	ferry_err err = fy_json_get_word(in, type, &word);

	if (err)
		return err;
	if (word > 1)
		return fy_json_misfit(&in->path, type,
				      "%s is 0 or 1, not 0x%08" PRIx32,
				      type->kind == FY_KIND_BOOL
					      ? "a bool"
					      : "the mark of an optional",
				      word);
	*out = word == 1;
	return FERRY_OK;
}

ferry_err
fy_json_made(json_t *take_value, json_t **out)
{
	if (!take_value)
		return FERRY_ENOMEM;
	*out = take_value;
	return FERRY_OK;
}

/* One level of a recursive type is used up. */
static ferry_err
go_deeper(struct fy_json_in *in, const struct fy_type *type)
{
	if (!ferry_get_enter(in->from))
		return fy_json_too_big(&in->path, type,
				       "it holds itself more often than a "
				       "value may");
	return FERRY_OK;
}

/* A value of @type that the one of @from holds. */
static ferry_err
get_member(struct fy_json_in *in, struct fy_json_step step,
	   const struct fy_type *from, const struct fy_type *type,
	   json_t **out)
{
	ferry_err err = fy_json_go(&in->path, from, &step);

	if (err)
		return err;
	err = get_value(in, type, out);
	fy_json_back(&in->path);
	return err;
}

/* Return: @err with @take_value freed, or FERRY_OK with it in @out. */
static ferry_err
end_with(ferry_err err, json_t *take_value, json_t **out)
{
	if (err)
		json_decref(take_value);
	else
		*out = take_value;
	return err;
}

/* ---- void, foreign ---- */

static ferry_err
get_void(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	(void)in;
	(void)type;
	*out = json_null();
	return FERRY_OK;
}

static ferry_err
get_foreign(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	(void)out;
	return fy_json_misfit(&in->path, type,
			      "what '%.60s' is stands in no interface file: "
			      "only its owner's code knows its bytes",
			      type->name);
}

/* ---- arrays ---- */

static ferry_err
get_item(struct fy_json_in *in, const struct fy_type *type, size_t index,
	 json_t *list)
{
	json_t *item;
	ferry_err err = get_member(in, (struct fy_json_step){ .index = index },
				   type, type->element, &item);

	if (!err && json_array_append_new(list, item) != 0)
		return FERRY_ENOMEM;
	return err;
}

/* An item takes some bytes, or is one of few that take none. */
static ferry_err
get_items(struct fy_json_in *in, const struct fy_type *type, uint32_t n,
	  json_t **out)
{
	uint64_t least = type->element->wire_min;
	json_t *list;
	ferry_err err = FERRY_OK;

	if (least > 0 && n > fy_json_left(in) / least)
		return fy_json_misfit(&in->path, type, "%" PRIu32
				      " items take at least %" PRIu64
				      " bytes each, %zu are left", n, least,
				      fy_json_left(in));
	list = json_array();
	if (!list)
		return FERRY_ENOMEM;
	for (size_t i = 0; i < n && !err; i++)
		err = get_item(in, type, i, list);
	return end_with(err, list, out);
}

static ferry_err
get_array(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	return get_items(in, type, type->bound, out);
}

static ferry_err
get_list(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	uint32_t n = 0;
	ferry_err err = fy_json_get_word(in, type, &n);

	if (err)
		return err;
	if (n > type->bound)
		return fy_json_misfit(&in->path, type, "%" PRIu32
				      " items are more than %" PRIu32, n,
				      type->bound);
	return get_items(in, type, n, out);
}

/* ---- structs ---- */

static ferry_err
get_field(struct fy_json_in *in, const struct fy_type *type,
	  const struct fy_field *field, json_t *object)
{
	json_t *value;
	ferry_err err = get_member(
		in, (struct fy_json_step){ .name = field->name }, type,
		field->type, &value);

	if (!err &&
	    json_object_set_new_nocheck(object, field->name, value) != 0)
		return FERRY_ENOMEM;
	return err;
}

static ferry_err
get_fields(struct fy_json_in *in, const struct fy_type *type, size_t n_fields,
	   json_t **out)
{
	json_t *object = json_object();
	ferry_err err = FERRY_OK;

	if (!object)
		return FERRY_ENOMEM;
	for (size_t i = 0; i < n_fields && !err; i++)
		err = get_field(in, type, &type->fields[i], object);
	return end_with(err, object, out);
}

/* One more node of a linked list. */
static ferry_err
get_node(struct fy_json_in *in, const struct fy_type *type, json_t *list)
{
	struct fy_json_step step = { .index = json_array_size(list) };
	json_t *node;
	ferry_err err = fy_json_go(&in->path, type, &step);

	if (err)
		return err;
	err = get_fields(in, type, type->n_fields - 1, &node);
	fy_json_back(&in->path);
	if (!err && json_array_append_new(list, node) != 0)
		return FERRY_ENOMEM;
	return err;
}

/* A linked list whose first node, if @more, is there. */
static ferry_err
get_chain(struct fy_json_in *in, const struct fy_type *type, bool more,
	  json_t **out)
{
	json_t *list;
	ferry_err err = go_deeper(in, type);

	if (err)
		return err;
	list = json_array();
	if (!list)
		return FERRY_ENOMEM;
	while (!err && more) {
		err = get_node(in, type, list);
		if (!err)
			err = fy_json_get_mark(in, type, &more);
	}
	ferry_get_leave(in->from);
	return end_with(err, list, out);
}

static ferry_err
get_struct(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	if (fy_json_is_chain(type))
		return get_chain(in, type, true, out);
	return get_fields(in, type, type->n_fields, out);
}

/* ---- optional ---- */

static ferry_err
get_wrapped(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	json_t *list = json_array();

	if (!list)
		return FERRY_ENOMEM;
	return end_with(get_item(in, type, 0, list), list, out);
}

static ferry_err
get_optional(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	const struct fy_type *element = fy_json_base(type->element);
	bool is_there = false;
	ferry_err err = fy_json_get_mark(in, type, &is_there);

	if (err)
		return err;
	if (fy_json_is_chain(element))
		return get_chain(in, element, is_there, out);
	if (!is_there)
		return fy_json_made(json_null(), out);
	if (fy_json_is_wrapped(type))
		return get_wrapped(in, type, out);
	return get_value(in, type->element, out);
}

/* ---- unions ---- */

/* The discriminant, whose bytes are left to be looked at in @wire. */
static ferry_err
get_discriminant(struct fy_json_in *in, const struct fy_type *type,
		 int64_t *chosen, json_t **out)
{
	size_t bytes = fy_json_switch_bytes(type);
	const uint8_t *wire = in->from->at;
	uint32_t word = 0;
	ferry_err err;

	if (fy_json_left(in) >= bytes)
		*chosen = fy_json_switch(type, wire);
	if (fy_json_left(in) < bytes || !fy_json_is_stray(type, *chosen))
		return get_member(in,
				  (struct fy_json_step){
					  .name = type->discriminant_name },
				  type, type->discriminant, out);
	err = fy_json_get_word(in, type, &word);
	return err ? err : fy_json_made(json_integer(*chosen), out);
}

static ferry_err
get_arm(struct fy_json_in *in, const struct fy_type *type, int64_t chosen,
	json_t *object)
{
	const struct fy_arm *arm = fy_json_arm(type, chosen);
	const char *key;
	json_t *value;
	ferry_err err;

	if (!arm)
		return fy_json_misfit(&in->path, type,
				      "there is no case for '%.60s' %" PRId64,
				      type->discriminant_name, chosen);
	if (!arm->name)
		return FERRY_OK;
	key = fy_json_arm_key(type, arm);
	err = get_member(in, (struct fy_json_step){ .name = key }, type,
			 arm->type, &value);
	if (!err && json_object_set_new_nocheck(object, key, value) != 0)
		return FERRY_ENOMEM;
	return err;
}

static ferry_err
get_union(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	json_t *object, *discriminant;
	int64_t chosen = 0;
	ferry_err err = get_discriminant(in, type, &chosen, &discriminant);

	if (err)
		return err;
	object = json_object();
	if (json_object_set_new_nocheck(object, type->discriminant_name,
					discriminant) != 0)
		err = FERRY_ENOMEM;
	if (!err)
		err = get_arm(in, type, chosen, object);
	return end_with(err, object, out);
}

/* ---- any type ---- */

static fy_json_get_fn *const getters[] = {
	[FY_KIND_INT] = fy_json_get_small,
	[FY_KIND_UINT] = fy_json_get_small,
	[FY_KIND_CHAR] = fy_json_get_small,
	[FY_KIND_UCHAR] = fy_json_get_small,
	[FY_KIND_SHORT] = fy_json_get_small,
	[FY_KIND_USHORT] = fy_json_get_small,
	[FY_KIND_BOOL] = fy_json_get_bool,
	[FY_KIND_FLOAT] = fy_json_get_float,
	[FY_KIND_HYPER] = fy_json_get_hyper,
	[FY_KIND_UHYPER] = fy_json_get_hyper,
	[FY_KIND_DOUBLE] = fy_json_get_double,
	[FY_KIND_QUADRUPLE] = fy_json_get_quadruple,
	[FY_KIND_VOID] = get_void,
	[FY_KIND_ENUM] = fy_json_get_enum,
	[FY_KIND_STRUCT] = get_struct,
	[FY_KIND_UNION] = get_union,
	[FY_KIND_FOREIGN] = get_foreign,
	[FY_KIND_STRING] = fy_json_get_bytes,
	[FY_KIND_OPAQUE] = fy_json_get_bytes,
	[FY_KIND_BYTES] = fy_json_get_bytes,
	[FY_KIND_ARRAY] = get_array,
	[FY_KIND_LIST] = get_list,
	[FY_KIND_OPTIONAL] = get_optional,
};

static ferry_err
get_value(struct fy_json_in *in, const struct fy_type *type, json_t **out)
{
	const struct fy_type *base;
	ferry_err err;

	note_place(in);
	err = fy_json_arrive(&in->path, type, &base);
	if (err)
		return err;
	if (!fy_json_is_level(base))
		return getters[base->kind](in, base, out);
	err = go_deeper(in, base);
	if (err)
		return err;
	err = getters[base->kind](in, base, out);
	ferry_get_leave(in->from);
	return err;
}

/* ---- the way in ---- */

static struct fy_json_in
in_of(struct ferry_decoder *from, struct fy_json_fault *fault)
{
	return (struct fy_json_in){ fy_json_path_of(fault, FERRY_EDECODE), from,
				    from->at };
}

/* A failure is the decoder's too, so that nobody goes on behind it. */
static ferry_err
finish(struct fy_json_in *in, ferry_err err)
{
	if (err)
		ferry_get_fail(in->from, err);
	return err;
}

ferry_err
fy_json_get(struct ferry_decoder *from, const struct fy_type *type,
	    json_t **out, struct fy_json_fault *fault)
{
	struct fy_json_in in = in_of(from, fault);

	return finish(&in, get_value(&in, type, out));
}

static ferry_err
get_args(struct fy_json_in *in, const struct fy_procedure *procedure,
	 json_t **out)
{
	json_t *list = json_array();
	ferry_err err = FERRY_OK;

	if (!list)
		return FERRY_ENOMEM;
	for (size_t i = 0; i < procedure->n_args && !err; i++) {
		const struct fy_type *type = procedure->args[i];
		json_t *arg;

		err = get_member(in, (struct fy_json_step){ .index = i }, type,
				 type, &arg);
		if (!err && json_array_append_new(list, arg) != 0)
			err = FERRY_ENOMEM;
	}
	return end_with(err, list, out);
}

ferry_err
fy_json_get_args(struct ferry_decoder *from,
		 const struct fy_procedure *procedure, json_t **out,
		 struct fy_json_fault *fault)
{
	struct fy_json_in in = in_of(from, fault);

	if (procedure->n_args == 0)
		return fy_json_made(json_null(), out);
	if (procedure->n_args == 1)
		return finish(&in, get_value(&in, procedure->args[0], out));
	return finish(&in, get_args(&in, procedure, out));
}
