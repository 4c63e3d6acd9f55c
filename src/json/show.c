/* SPDX-License-Identifier: MIT */
#include "json/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "idl/names.h"
#include "json/shape.h"

/* The bytes of a string that are shown. */
#define MAX_SHOWN 24

/* Cut between two characters. */
static const char *
show_string(const json_t *value, char out[FY_JSON_SHOWN])
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);
	size_t n = len <= MAX_SHOWN ? len : MAX_SHOWN;

	while (n < len && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	snprintf(out, FY_JSON_SHOWN, "\"%.*s%s\"", (int)n, text,
		 n < len ? "..." : "");
	return out;
}

const char *
fy_json_show(const json_t *value, char out[FY_JSON_SHOWN])
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return show_string(value, out);
	case JSON_INTEGER:
		snprintf(out, FY_JSON_SHOWN, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return out;
	case JSON_REAL:
		snprintf(out, FY_JSON_SHOWN, "%#.15g",
			 json_real_value(value));
		return out;
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	default:
		return "null";
	}
}

static bool
any(const void *value)
{
	(void)value;
	return true;
}

/* What is like @key among @names, which go with @mem. */
static struct fy_json_hint
hint_of(const struct fy_names *names, struct ferry_arena *mem, const char *key)
{
	struct fy_json_hint hint = { "" };
	const char *like = fy_names_like(names, ferry_str_of(key), any, mem);

	if (like)
		snprintf(hint.text, sizeof(hint.text), ": did you mean '%s'?",
			 like);
	return hint;
}

/* Without memory there is one candidate less. */
static void
add(struct fy_names *names, struct ferry_arena *mem, const char *name)
{
	void *found;

	if (fy_names_put(names, mem, ferry_str_of(name), names, &found))
		return;
}

struct fy_json_hint
fy_json_like_field(const struct fy_type *type, const char *key)
{
	size_t n = type->n_fields - fy_json_is_chain(type);
	struct ferry_arena mem = { 0 };
	struct fy_names names = { 0 };
	struct fy_json_hint hint;

	for (size_t i = 0; i < n; i++)
		add(&names, &mem, type->fields[i].name);
	hint = hint_of(&names, &mem, key);
	ferry_arena_fini(&mem);
	return hint;
}

struct fy_json_hint
fy_json_like_value(const struct fy_type *type, const char *name)
{
	struct ferry_arena mem = { 0 };
	struct fy_names names = { 0 };
	struct fy_json_hint hint;

	for (size_t i = 0; i < type->n_enumerators; i++)
		add(&names, &mem, type->enumerators[i].name);
	hint = hint_of(&names, &mem, name);
	ferry_arena_fini(&mem);
	return hint;
}
