/* SPDX-License-Identifier: MIT */
#include "schema/shape.h"

const struct fy_type *
fy_shape_base(const struct fy_type *type)
{
	while (type->kind == FY_KIND_ALIAS)
		type = type->element;
	return type;
}

static bool
is_0_and_1(const struct fy_type *type)
{
	bool has[2] = { false, false };

	if (type->kind != FY_KIND_ENUM)
		return false;
	for (size_t i = 0; i < type->n_enumerators; i++) {
		int32_t value = type->enumerators[i].value;

		if (value != 0 && value != 1)
			return false;
		has[value] = true;
	}
	return has[0] && has[1];
}

/* What a value of the discriminant selects; NULL: nothing. */
static const struct fy_arm *
arm_of(const struct fy_type *type, int64_t value)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		for (size_t j = 0; j < type->arms[i].n_labels; j++) {
			if (type->arms[i].labels[j].value == value)
				return &type->arms[i];
		}
	}
	return type->has_default ? &type->arms[type->n_arms - 1] : NULL;
}

/* Of a union that has something if a bool is true; else NULL. */
static const struct fy_type *
optional_of(const struct fy_type *type)
{
	const struct fy_type *on = fy_shape_base(type->discriminant);
	const struct fy_arm *some, *none;

	if (on->kind != FY_KIND_BOOL && !is_0_and_1(on))
		return NULL;
	some = arm_of(type, 1);
	none = arm_of(type, 0);
	if (!some || !none || some->type->kind == FY_KIND_VOID ||
	    none->type->kind != FY_KIND_VOID)
		return NULL;
	return some->type;
}

struct fy_shape
fy_shape_of(const struct fy_type *type)
{
	struct fy_shape shape = { type->kind, type->bound, NULL };
	const struct fy_type *some = NULL;

	if (type->kind == FY_KIND_STRING)
		shape.kind = FY_KIND_BYTES;
	if (type->kind == FY_KIND_UNION)
		some = optional_of(type);
	if (type->kind == FY_KIND_OPTIONAL)
		some = type->element;
	if (some)
		return (struct fy_shape){ FY_KIND_LIST, 1, some };
	if (shape.kind == FY_KIND_LIST || shape.kind == FY_KIND_ARRAY)
		shape.element = type->element;
	return shape;
}

bool
fy_shape_same_bool(const struct fy_type *a, const struct fy_type *b)
{
	return (a->kind == FY_KIND_BOOL && is_0_and_1(b)) ||
	       (b->kind == FY_KIND_BOOL && is_0_and_1(a));
}

bool
fy_shape_is_void(const struct fy_field *field)
{
	return !field->name || field->type->kind == FY_KIND_VOID;
}

struct ferry_str
fy_shape_value_key(const struct fy_enumerator *one)
{
	return (struct ferry_str){ (const char *)&one->value,
				   sizeof(one->value) };
}

ferry_err
fy_shape_values(struct fy_names *names, const struct fy_type *type,
		struct ferry_arena *mem)
{
	for (size_t i = 0; i < type->n_enumerators; i++) {
		const struct fy_enumerator *one = &type->enumerators[i];
		void *found;
		ferry_err err = fy_names_put(names, mem,
					     fy_shape_value_key(one),
					     (void *)(uintptr_t)one, &found);

		if (err)
			return err;
	}
	return FERRY_OK;
}

static ferry_err
add_arm(struct fy_names *names, const struct fy_arm *arm,
	struct ferry_arena *mem)
{
	for (size_t i = 0; i < arm->n_labels; i++) {
		const int64_t *value = &arm->labels[i].value;
		struct ferry_str key = { (const char *)value, sizeof(*value) };
		void *found;
		ferry_err err = fy_names_put(names, mem, key,
					     (void *)(uintptr_t)arm, &found);

		if (err)
			return err;
	}
	return FERRY_OK;
}

ferry_err
fy_shape_labels(struct fy_names *names, const struct fy_type *type,
		struct ferry_arena *mem)
{
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < type->n_arms && !err; i++)
		err = add_arm(names, &type->arms[i], mem);
	return err;
}

static bool
has_label(const struct fy_names *labels, int64_t value)
{
	struct ferry_str key = { (const char *)&value, sizeof(value) };

	return fy_names_get(labels, key) != NULL;
}

bool
fy_shape_covers(const struct fy_names *labels,
		const struct fy_type *discriminant)
{
	const struct fy_type *on = fy_shape_base(discriminant);

	if (on->kind == FY_KIND_BOOL)
		return has_label(labels, 0) && has_label(labels, 1);
	if (on->kind != FY_KIND_ENUM)
		return false;
	for (size_t i = 0; i < on->n_enumerators; i++) {
		if (!has_label(labels, on->enumerators[i].value))
			return false;
	}
	return true;
}
