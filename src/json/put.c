/* SPDX-License-Identifier: MIT */
/* From JSON to XDR: what holds other values, and the way in. */
#include "json/put.h"

#include <inttypes.h>
#include <string.h>

#include "json/shape.h"
#include "json/show.h"

static ferry_err put_value(struct fy_json_out *o, const json_t *value,
			   const struct fy_type *type);

ferry_err
fy_json_take(struct fy_json_out *o, const struct fy_type *type, uint64_t bytes,
	     uint8_t **out)
{
	ferry_err err = fy_json_buf_room(&o->buf, bytes, out);

	if (err == FERRY_ETOOBIG)
		return fy_json_too_big(&o->path, type,
				       "the value takes more than %zu bytes",
				       o->buf.max);
	return err;
}

ferry_err
fy_json_put_word(struct fy_json_out *o, const struct fy_type *type,
		 uint32_t word)
{
	uint8_t *p;
	ferry_err err = fy_json_take(o, type, 4, &p);

	if (!err)
		ferry_store_u32(p, word);
	return err;
}

/* One level of a recursive type is used up. */
static ferry_err
go_deeper(struct fy_json_out *o, const struct fy_type *type)
{
	if (o->depth == 0)
		return fy_json_too_big(&o->path, type,
				       "it holds itself more than %d times",
				       FERRY_XDR_DEPTH);
	o->depth--;
	return FERRY_OK;
}

/* A value of @type that the one of @from holds. */
static ferry_err
put_member(struct fy_json_out *o, struct fy_json_step step,
	   const json_t *value, const struct fy_type *from,
	   const struct fy_type *type)
{
	ferry_err err = fy_json_go(&o->path, from, &step);

	if (err)
		return err;
	err = put_value(o, value, type);
	fy_json_back(&o->path);
	return err;
}

static ferry_err
not_a(struct fy_json_out *o, const json_t *value, const struct fy_type *type,
      const char *wanted)
{
	char shown[FY_JSON_SHOWN];

	return fy_json_misfit(&o->path, type, "%s takes %s, not %s",
			      fy_json_kind_name(type->kind), wanted,
			      fy_json_show(value, shown));
}

/* ---- void, optional, foreign ---- */

static ferry_err
put_void(struct fy_json_out *o, const json_t *value, const struct fy_type *type)
{
	if (!json_is_null(value))
		return not_a(o, value, type, "null");
	return FERRY_OK;
}

static ferry_err
put_foreign(struct fy_json_out *o, const json_t *value,
	    const struct fy_type *type)
{
	(void)value;
	return fy_json_misfit(&o->path, type,
			      "what '%.60s' is stands in no interface file: "
			      "only its owner's code knows its bytes",
			      type->name);
}

static ferry_err put_chain(struct fy_json_out *o, const json_t *value,
			   const struct fy_type *type, bool may_be_empty);

static ferry_err
put_wrapped(struct fy_json_out *o, const json_t *value,
	    const struct fy_type *type)
{
	ferry_err err;

	if (!json_is_array(value) || json_array_size(value) != 1)
		return fy_json_misfit(&o->path, type,
				      "an optional of an optional takes null "
				      "or [value]");
	err = fy_json_put_word(o, type, 1);
	return err ? err
		   : put_member(o, (struct fy_json_step){ .index = 0 },
				json_array_get(value, 0), type, type->element);
}

static ferry_err
put_optional(struct fy_json_out *o, const json_t *value,
	     const struct fy_type *type)
{
	const struct fy_type *element = fy_json_base(type->element);
	ferry_err err;

	if (json_is_null(value))
		return fy_json_put_word(o, type, 0);
	if (fy_json_is_chain(element))
		return put_chain(o, value, element, true);
	if (fy_json_is_wrapped(type))
		return put_wrapped(o, value, type);
	err = fy_json_put_word(o, type, 1);
	return err ? err : put_value(o, value, type->element);
}

/* ---- arrays ---- */

static ferry_err
put_items(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type)
{
	size_t n = json_array_size(value);

	for (size_t i = 0; i < n; i++) {
		ferry_err err = put_member(
			o, (struct fy_json_step){ .index = i },
			json_array_get(value, i), type, type->element);

		if (err)
			return err;
	}
	return FERRY_OK;
}

static ferry_err
put_array(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type)
{
	if (!json_is_array(value))
		return not_a(o, value, type, "an array");
	if (json_array_size(value) != type->bound)
		return fy_json_misfit(&o->path, type,
				      "it takes %" PRIu32 " items, not %zu",
				      type->bound, json_array_size(value));
	return put_items(o, value, type);
}

static ferry_err
put_list(struct fy_json_out *o, const json_t *value,
	 const struct fy_type *type)
{
	size_t n = json_array_size(value);
	ferry_err err;

	if (!json_is_array(value))
		return not_a(o, value, type, "an array");
	if (n > type->bound)
		return fy_json_misfit(&o->path, type,
				      "%zu items are more than %" PRIu32, n,
				      type->bound);
	err = fy_json_put_word(o, type, (uint32_t)n);
	return err ? err : put_items(o, value, type);
}

/* ---- structs ---- */

/* Says which key of an object is that of no field. */
static ferry_err
stray_key(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type, size_t n_fields)
{
	/* Jansson has no iterator that leaves constant what it runs over. */
	void *at = json_object_iter((json_t *)value);

	for (; at; at = json_object_iter_next((json_t *)value, at)) {
		const char *key = json_object_iter_key(at);
		size_t i = 0;

		while (i < n_fields && strcmp(type->fields[i].name, key) != 0)
			i++;
		if (i == n_fields)
			return fy_json_misfit(
				&o->path, type, "there is no field '%.60s'%s",
				key, fy_json_like_field(type, key).text);
	}
	return FERRY_OK;
}

static ferry_err
put_field(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type, const struct fy_field *field)
{
	if (value)
		return put_member(o,
				  (struct fy_json_step){ .name = field->name },
				  value, type, field->type);
	/* The one value that may be left out. */
	return fy_json_put_word(o, type, 0);
}

static ferry_err
put_fields(struct fy_json_out *o, const json_t *value,
	   const struct fy_type *type, size_t n_fields)
{
	const char *missing = NULL;
	size_t n_used = 0;
	ferry_err err = FERRY_OK;

	if (!json_is_object(value))
		return not_a(o, value, type, "an object");
	for (size_t i = 0; i < n_fields && !missing; i++) {
		const struct fy_field *field = &type->fields[i];

		if (json_object_get(value, field->name))
			n_used++;
		else if (fy_json_base(field->type)->kind != FY_KIND_OPTIONAL)
			missing = field->name;
	}
	/* A key that is wrong explains a field that is missing. */
	if (missing || n_used != json_object_size(value))
		err = stray_key(o, value, type, n_fields);
	if (!err && missing)
		return fy_json_misfit(&o->path, type,
				      "the field '%.100s' is missing", missing);
	for (size_t i = 0; i < n_fields && !err; i++)
		err = put_field(o,
				json_object_get(value, type->fields[i].name),
				type, &type->fields[i]);
	return err;
}

/* One more node of a linked list; @marked: 1 stands before it. */
static ferry_err
put_node(struct fy_json_out *o, const json_t *value,
	 const struct fy_type *type, struct fy_json_step step, bool marked)
{
	ferry_err err = FERRY_OK;

	if (marked)
		err = fy_json_put_word(o, type, 1);
	if (!err)
		err = fy_json_go(&o->path, type, &step);
	if (err)
		return err;
	err = put_fields(o, value, type, type->n_fields - 1);
	fy_json_back(&o->path);
	return err;
}

static ferry_err
put_nodes(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type, bool may_be_empty)
{
	size_t n = json_array_size(value);
	ferry_err err = FERRY_OK;

	if (!json_is_array(value))
		return fy_json_misfit(&o->path, type,
				      "a linked list takes an array of its "
				      "nodes");
	if (n == 0 && !may_be_empty)
		return fy_json_misfit(&o->path, type,
				      "a list that is not optional takes one "
				      "node or more");
	for (size_t i = 0; i < n && !err; i++)
		err = put_node(o, json_array_get(value, i), type,
			       (struct fy_json_step){ .index = i },
			       i > 0 || may_be_empty);
	return err ? err : fy_json_put_word(o, type, 0);
}

static ferry_err
put_chain(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type, bool may_be_empty)
{
	ferry_err err = go_deeper(o, type);

	if (err)
		return err;
	err = put_nodes(o, value, type, may_be_empty);
	o->depth++;
	return err;
}

static ferry_err
put_struct(struct fy_json_out *o, const json_t *value,
	   const struct fy_type *type)
{
	if (fy_json_is_chain(type))
		return put_chain(o, value, type, false);
	return put_fields(o, value, type, type->n_fields);
}

/* ---- unions ---- */

static ferry_err
put_discriminant(struct fy_json_out *o, const json_t *value,
		 const struct fy_type *type)
{
	int64_t n = json_integer_value(value);

	if (json_is_integer(value) && fy_json_is_stray(type, n))
		return fy_json_put_word(o, type, (uint32_t)n);
	return put_member(
		o, (struct fy_json_step){ .name = type->discriminant_name },
		value, type, type->discriminant);
}

/* The first key that is neither of the two. */
static const char *
third_key(const json_t *value, const char *first, const char *second)
{
	void *at = json_object_iter((json_t *)value);

	for (; at; at = json_object_iter_next((json_t *)value, at)) {
		const char *key = json_object_iter_key(at);

		if (strcmp(key, first) != 0 &&
		    (!second || strcmp(key, second) != 0))
			return key;
	}
	return NULL;
}

static ferry_err
put_arm(struct fy_json_out *o, const json_t *value,
	const struct fy_type *type, const struct fy_arm *arm)
{
	const char *key = arm->name ? fy_json_arm_key(type, arm) : NULL;
	const char *third = third_key(value, type->discriminant_name, key);
	const json_t *held = key ? json_object_get(value, key) : NULL;
	char shown[FY_JSON_SHOWN];

	if (third)
		return fy_json_misfit(
			&o->path, type, "with '%.40s' %s there is no '%.60s'",
			type->discriminant_name,
			fy_json_show(json_object_get(value,
						     type->discriminant_name),
				     shown), third);
	if (!key)
		return FERRY_OK;
	if (held)
		return put_member(o, (struct fy_json_step){ .name = key },
				  held, type, arm->type);
	if (fy_json_base(arm->type)->kind == FY_KIND_OPTIONAL)
		return fy_json_put_word(o, type, 0);
	return fy_json_misfit(&o->path, type, "the arm '%.100s' is missing",
			      key);
}

static ferry_err
put_union(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type)
{
	size_t start = o->buf.len;
	const struct fy_arm *arm;
	const json_t *chosen;
	char shown[FY_JSON_SHOWN];
	ferry_err err;

	if (!json_is_object(value))
		return not_a(o, value, type, "an object");
	chosen = json_object_get(value, type->discriminant_name);
	if (!chosen)
		return fy_json_misfit(&o->path, type,
				      "'%.100s' is missing, which chooses the "
				      "arm", type->discriminant_name);
	err = put_discriminant(o, chosen, type);
	if (err)
		return err;
	arm = fy_json_arm(type, fy_json_switch(type, o->buf.data + start));
	if (!arm)
		return fy_json_misfit(&o->path, type,
				      "there is no case for '%.60s' %s",
				      type->discriminant_name,
				      fy_json_show(chosen, shown));
	return put_arm(o, value, type, arm);
}

/* ---- any type ---- */

static fy_json_put_fn *const putters[] = {
	[FY_KIND_INT] = fy_json_put_small,
	[FY_KIND_UINT] = fy_json_put_small,
	[FY_KIND_CHAR] = fy_json_put_small,
	[FY_KIND_UCHAR] = fy_json_put_small,
	[FY_KIND_SHORT] = fy_json_put_small,
	[FY_KIND_USHORT] = fy_json_put_small,
	[FY_KIND_BOOL] = fy_json_put_bool,
	[FY_KIND_FLOAT] = fy_json_put_float,
	[FY_KIND_HYPER] = fy_json_put_hyper,
	[FY_KIND_UHYPER] = fy_json_put_hyper,
	[FY_KIND_DOUBLE] = fy_json_put_double,
	[FY_KIND_QUADRUPLE] = fy_json_put_quadruple,
	[FY_KIND_VOID] = put_void,
	[FY_KIND_ENUM] = fy_json_put_enum,
	[FY_KIND_STRUCT] = put_struct,
	[FY_KIND_UNION] = put_union,
	[FY_KIND_FOREIGN] = put_foreign,
	[FY_KIND_STRING] = fy_json_put_bytes,
	[FY_KIND_OPAQUE] = fy_json_put_bytes,
	[FY_KIND_BYTES] = fy_json_put_bytes,
	[FY_KIND_ARRAY] = put_array,
	[FY_KIND_LIST] = put_list,
	[FY_KIND_OPTIONAL] = put_optional,
};

static ferry_err
put_value(struct fy_json_out *o, const json_t *value,
	  const struct fy_type *type)
{
	const struct fy_type *base;
	ferry_err err = fy_json_arrive(&o->path, type, &base);

	if (err)
		return err;
	if (!fy_json_is_level(base))
		return putters[base->kind](o, value, base);
	err = go_deeper(o, base);
	if (err)
		return err;
	err = putters[base->kind](o, value, base);
	o->depth++;
	return err;
}

/* ---- the way in ---- */

static struct fy_json_out
out_of(struct ferry_arena *mem, struct fy_json_fault *fault)
{
	return (struct fy_json_out){
		.path = fy_json_path_of(fault, FERRY_EENCODE),
		.buf = { .hooks = mem->hooks, .max = FY_JSON_MAX_WIRE },
		.depth = FERRY_XDR_DEPTH,
	};
}

static ferry_err
finish(struct fy_json_out *o, ferry_err err, struct ferry_arena *mem,
       struct ferry_bytes *out)
{
	if (!err)
		err = fy_json_buf_end(&o->buf, mem, out);
	fy_json_buf_fini(&o->buf);
	return err;
}

ferry_err
fy_json_put(const json_t *value, const struct fy_type *type,
	    struct ferry_arena *mem, struct ferry_bytes *out,
	    struct fy_json_fault *fault)
{
	struct fy_json_out o = out_of(mem, fault);

	return finish(&o, put_value(&o, value, type), mem, out);
}

static ferry_err
put_args(struct fy_json_out *o, const json_t *args,
	 const struct fy_procedure *procedure)
{
	size_t n = procedure->n_args;
	ferry_err err = FERRY_OK;

	if (n == 0 && !json_is_null(args))
		return fy_json_misfit(&o->path, NULL,
				      "the procedure takes no arguments: give "
				      "none, or null");
	if (n == 1)
		return put_value(o, args, procedure->args[0]);
	if (n > 1 && json_array_size(args) != n)
		return fy_json_misfit(&o->path, NULL,
				      "the procedure takes an array of its %zu "
				      "arguments", n);
	for (size_t i = 0; i < n && !err; i++)
		err = put_member(o, (struct fy_json_step){ .index = i },
				 json_array_get(args, i), procedure->args[i],
				 procedure->args[i]);
	return err;
}

ferry_err
fy_json_put_args(const json_t *args, const struct fy_procedure *procedure,
		 struct ferry_arena *mem, struct ferry_bytes *out,
		 struct fy_json_fault *fault)
{
	struct fy_json_out o = out_of(mem, fault);

	return finish(&o, put_args(&o, args ? args : json_null(), procedure),
		      mem, out);
}
