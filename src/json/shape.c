/* SPDX-License-Identifier: MIT */
#include "json/shape.h"

#include <string.h>

#include <ferry/xdr.h>

const struct fy_type *
fy_json_base(const struct fy_type *type)
{
	while (type->kind == FY_KIND_ALIAS)
		type = type->element;
	return type;
}

static bool
points_at(const struct fy_type *type, const struct fy_type *target)
{
	type = fy_json_base(type);
	return type->kind == FY_KIND_OPTIONAL &&
	       fy_json_base(type->element) == target;
}

bool
fy_json_is_chain(const struct fy_type *type)
{
	size_t n = 0;

	if (type->kind != FY_KIND_STRUCT || !type->recursive)
		return false;
	for (size_t i = 0; i < type->n_fields; i++)
		n += points_at(type->fields[i].type, type);
	return n == 1 && points_at(type->fields[type->n_fields - 1].type, type);
}

bool
fy_json_is_level(const struct fy_type *type)
{
	return type->recursive && !fy_json_is_chain(type) &&
	       (type->kind == FY_KIND_STRUCT || type->kind == FY_KIND_UNION);
}

bool
fy_json_is_wrapped(const struct fy_type *optional)
{
	return fy_json_base(optional->element)->kind == FY_KIND_OPTIONAL;
}

const char *
fy_json_kind_name(enum fy_kind kind)
{
	static const char *const names[] = {
		[FY_KIND_INT] = "an int",
		[FY_KIND_UINT] = "an unsigned int",
		[FY_KIND_CHAR] = "a char",
		[FY_KIND_UCHAR] = "an unsigned char",
		[FY_KIND_SHORT] = "a short",
		[FY_KIND_USHORT] = "an unsigned short",
		[FY_KIND_BOOL] = "a bool",
		[FY_KIND_FLOAT] = "a float",
		[FY_KIND_HYPER] = "a hyper",
		[FY_KIND_UHYPER] = "an unsigned hyper",
		[FY_KIND_DOUBLE] = "a double",
		[FY_KIND_QUADRUPLE] = "a quadruple",
		[FY_KIND_VOID] = "void",
		[FY_KIND_ENUM] = "an enum",
		[FY_KIND_STRUCT] = "a struct",
		[FY_KIND_UNION] = "a union",
		[FY_KIND_ALIAS] = "a typedef",
		[FY_KIND_FOREIGN] = "a foreign type",
		[FY_KIND_STRING] = "a string",
		[FY_KIND_OPAQUE] = "opaque data",
		[FY_KIND_BYTES] = "opaque data",
		[FY_KIND_ARRAY] = "an array",
		[FY_KIND_LIST] = "an array",
		[FY_KIND_OPTIONAL] = "an optional",
	};

	return names[kind];
}

const struct fy_arm *
fy_json_arm(const struct fy_type *type, int64_t value)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct fy_arm *arm = &type->arms[i];

		for (size_t j = 0; j < arm->n_labels; j++)
			if (arm->labels[j].value == value)
				return arm;
	}
	return type->has_default ? &type->arms[type->n_arms - 1] : NULL;
}

size_t
fy_json_switch_bytes(const struct fy_type *type)
{
	enum fy_kind kind = fy_json_base(type->discriminant)->kind;

	return kind == FY_KIND_HYPER || kind == FY_KIND_UHYPER ? 8 : 4;
}

int64_t
fy_json_switch(const struct fy_type *type, const uint8_t *wire)
{
	if (fy_json_switch_bytes(type) == 8)
		return (int64_t)ferry_load_u64(wire);
	if (fy_json_base(type->discriminant)->kind == FY_KIND_UINT)
		return ferry_load_u32(wire);
	return (int32_t)ferry_load_u32(wire);
}

bool
fy_json_is_stray(const struct fy_type *type, int64_t value)
{
	const struct fy_type *base = fy_json_base(type->discriminant);
	const struct fy_arm *arm = fy_json_arm(type, value);

	if (base->kind != FY_KIND_ENUM || !arm || arm->n_labels == 0)
		return false;
	for (size_t i = 0; i < base->n_enumerators; i++)
		if (base->enumerators[i].value == value)
			return false;
	return true;
}

const char *
fy_json_arm_key(const struct fy_type *type, const struct fy_arm *arm)
{
	if (strcmp(arm->name, type->discriminant_name) != 0)
		return arm->name;
	return strcmp(arm->name, "value") != 0 ? "value" : "arm";
}
