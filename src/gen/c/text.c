/* SPDX-License-Identifier: MIT */
/* Words and expressions of C: numbers, types, declarations. */
#include <inttypes.h>
#include <string.h>

#include "gen/c/c.h"

/* Texts are made while planning and emitting; a lost one loses the output. */
const char *
fy_c_keep(struct fy_c *c, const char *text)
{
	if (text)
		return text;
	c->header.err = FERRY_ENOMEM;
	return "";
}

const char *
fy_c_join(struct fy_c *c, const char *a, const char *b, const char *third,
	  const char *fourth)
{
	return fy_c_keep(c, fy_format(c->mem, "%s%s%s%s", a, b,
				      third ? third : "",
				      fourth ? fourth : ""));
}

const char *
fy_c_u64(struct fy_c *c, uint64_t n)
{
	return fy_c_keep(c, fy_format(c->mem, "%" PRIu64, n));
}

const char *
fy_c_i64(struct fy_c *c, int64_t n)
{
	/* -2147483648 is a - and a number that int has not. */
	if (n == INT64_MIN || n == INT32_MIN)
		return fy_c_keep(c, fy_format(c->mem, "%" PRId64 " - 1",
					      n + 1));
	return fy_c_keep(c, fy_format(c->mem, "%" PRId64, n));
}

const char *
fy_c_fixed(struct fy_c *c, uint64_t bytes)
{
	return bytes < UINT32_MAX ? fy_c_u64(c, bytes) : "UINT32_MAX";
}

const char *
fy_c_bound(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_c_value *value = NULL;

	if (type->bound_name)
		value = fy_c_value(c, type->bound_name);
	if (value && value->is_int && value->declared)
		return value->name;
	if (type->bound == FY_NO_BOUND)
		return "UINT32_MAX";
	return fy_c_u64(c, type->bound);
}

const char *
fy_c_declare(struct fy_c *c, const char *spelled, const char *name)
{
	size_t len = strlen(spelled);
	bool is_pointer = len && spelled[len - 1] == '*';

	return fy_c_join(c, spelled, is_pointer ? "" : " ", name, NULL);
}

const char *
fy_c_spell(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_c_type *known;

	switch (type->kind) {
	case FY_KIND_STRING:
		return "struct ferry_str";
	case FY_KIND_BYTES:
		return "struct ferry_bytes";
	case FY_KIND_OPAQUE:
		return "uint8_t";
	case FY_KIND_OPTIONAL:
		known = fy_c_find(c, type->element);
		if (known)
			return fy_c_declare(
				c, fy_c_spell(c, type->element), "*");
		return "void *";
	case FY_KIND_ARRAY:
	case FY_KIND_LIST:
		return fy_c_spell(c, type->element);
	default:
		break;
	}
	known = fy_c_find(c, type);
	/* A typedef that stands further down: what it means does as well. */
	if (type->kind == FY_KIND_ALIAS && !known->declared &&
	    fy_c_base(type) != type)
		return fy_c_spell(c, type->element);
	return known->spelled;
}
