/* SPDX-License-Identifier: MIT */
/* Strings and opaque data, from JSON to XDR. */
#include <inttypes.h>
#include <string.h>

#include "json/notation.h"
#include "json/put.h"
#include "json/shape.h"
#include "json/show.h"

/* The text that stands for the bytes, and how. */
struct source {
	const struct fy_notation *notation;
	const char *text;
	size_t len;
};

static bool
is_string(const struct fy_type *type)
{
	return type->kind == FY_KIND_STRING;
}

static void
source_of(struct source *out, const struct fy_notation *notation,
	  const json_t *text)
{
	out->notation = notation;
	out->text = json_string_value(text);
	out->len = json_string_length(text);
}

/* { "text": "..." }, "hex" or "base64". Return: whether it is one of these. */
static bool
find_object_source(const json_t *value, struct source *out)
{
	static const struct fy_notation *const notations[] = {
		&fy_notation_text, &fy_notation_hex, &fy_notation_base64
	};

	for (size_t i = 0; i < FY_ARRAY_LEN(notations); i++) {
		const json_t *text = json_object_get(value, notations[i]->name);

		if (!json_is_string(text) || json_object_size(value) != 1)
			continue;
		source_of(out, notations[i], text);
		return true;
	}
	return false;
}

static ferry_err
find_source(struct fy_json_out *o, const json_t *value,
	    const struct fy_type *type, struct source *out)
{
	char shown[FY_JSON_SHOWN];

	if (json_is_string(value)) {
		source_of(out,
			  is_string(type) ? &fy_notation_text
					  : &fy_notation_hex,
			  value);
		return FERRY_OK;
	}
	if (find_object_source(value, out))
		return FERRY_OK;
	if (json_is_object(value))
		return fy_json_misfit(&o->path, type,
				      "as an object %s has one string, under "
				      "\"text\", \"hex\" or \"base64\"",
				      fy_json_kind_name(type->kind));
	return fy_json_misfit(&o->path, type, "%s takes a string%s, not %s",
			      fy_json_kind_name(type->kind),
			      is_string(type) ? "" : " of hex digits",
			      fy_json_show(value, shown));
}

/* Opaque data that somebody writes as text is the likely mistake. */
static ferry_err
not_written_so(struct fy_json_out *o, const struct fy_type *type,
	  const struct source *source)
{
	bool plain = source->notation == &fy_notation_hex && !is_string(type);

	return fy_json_misfit(&o->path, type, "this is not %s%s",
			      source->notation->name,
			      plain ? ": write {\"text\": ...} if the bytes "
				      "are those of text" : "");
}

static ferry_err
check_len(struct fy_json_out *o, const struct fy_type *type, size_t len)
{
	if (type->kind == FY_KIND_OPAQUE && len != type->bound)
		return fy_json_misfit(&o->path, type,
				      "it takes %" PRIu32 " bytes, not %zu",
				      type->bound, len);
	if (len > type->bound)
		return fy_json_misfit(&o->path, type,
				      "%zu bytes are more than %" PRIu32, len,
				      type->bound);
	return FERRY_OK;
}

ferry_err
fy_json_put_bytes(struct fy_json_out *o, const json_t *value,
		  const struct fy_type *type)
{
	bool fixed = type->kind == FY_KIND_OPAQUE;
	struct source source = { .notation = NULL };
	size_t len, bytes;
	uint8_t *p;
	ferry_err err = find_source(o, value, type, &source);

	if (err)
		return err;
	if (!source.notation->len(source.text, source.len, &len))
		return not_written_so(o, type, &source);
	err = check_len(o, type, len);
	if (!err && !fixed)
		err = fy_json_put_word(o, type, (uint32_t)len);
	if (err)
		return err;
	bytes = (size_t)ferry_padded((uint32_t)len);
	err = fy_json_take(o, type, bytes, &p);
	if (err || bytes == 0)
		return err;
	memset(p + bytes - 4, 0, 4);
	if (!source.notation->decode(source.text, source.len, p))
		return not_written_so(o, type, &source);
	return FERRY_OK;
}
