/* SPDX-License-Identifier: MIT */
/*
 * Codecs: for each type the bytes it takes, how they are written and read.
 * Inside the file static inline functions call each other; the public ones of
 * the header are doors to them.
 */
#include <string.h>

#include "gen/c/c.h"

/* ---- public functions ---- */

static const char *
public_name(const struct fy_c_type *t, enum fy_c_mode mode)
{
	return mode == FY_C_SIZE  ? t->size
	       : mode == FY_C_PUT ? t->put
				  : t->get;
}

/* The public function of what is no record: it has all in itself. */
static void
emit_whole(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	struct fy_c_code code = fy_c_start(c, mode, t);

	fy_emit(&c->source, "$head)\n{\n", "head",
		fy_c_head(c, mode, public_name(t, mode), t->spelled));
	if (mode == FY_C_SIZE && fy_c_is_fixed(t->type)) {
		fy_emit(&c->source, "\t(void)v;\n\treturn $n;\n}\n\n", "n",
			fy_c_u64(c, t->type->wire_min));
		return;
	}
	fy_c_emit_value(&code, t->type, "*v", false);
	fy_c_finish(&code);
}

/* The public function of a record, or of a typedef of one: a door. */
static void
emit_door(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	const struct fy_c_type *inner = fy_c_find(c, fy_c_base(t->type));

	fy_emit(&c->source, "$head)\n{\n", "head",
		fy_c_head(c, mode, public_name(t, mode), t->spelled));
	if (mode != FY_C_SIZE)
		fy_emit(&c->source, "\t$inner($coder, v);\n}\n\n", "inner",
			fy_c_inner_name(inner, mode), "coder",
			mode == FY_C_PUT ? "e" : "d");
	else if (fy_c_is_fixed(t->type))
		fy_emit(&c->source, "\t(void)v;\n\treturn $n;\n}\n\n", "n",
			fy_c_u64(c, t->type->wire_min));
	else
		fy_emit(&c->source, "\treturn $inner(v$depth);\n}\n\n", "inner",
			inner->size_in, "depth",
			inner->deep ? ", FERRY_XDR_DEPTH" : "");
}

static void
emit_type(struct fy_c *c, const struct fy_c_type *t)
{
	bool is_record = fy_c_is_record(fy_c_base(t->type));
	bool has_inner = is_record && fy_c_base(t->type) == t->type;

	if (t->type->kind == FY_KIND_ENUM)
		fy_c_emit_enum(c, t);
	for (int mode = FY_C_SIZE; mode <= FY_C_GET; mode++) {
		bool fixed_size = mode == FY_C_SIZE && fy_c_is_fixed(t->type);

		if (has_inner && !fixed_size)
			fy_c_emit_inner(c, t, (enum fy_c_mode)mode);
	}
	for (int mode = FY_C_SIZE; mode <= FY_C_GET; mode++) {
		if (is_record)
			emit_door(c, t, (enum fy_c_mode)mode);
		else
			emit_whole(c, t, (enum fy_c_mode)mode);
	}
}

static void
emit_add_size(struct fy_c *c)
{
	fy_emit_comment(&c->source,
			"Adds to a size. False: 4 GiB, which only a value that "
			"holds\nitself comes to.");
	fy_emit(&c->source,
		"static inline bool\n"
		"$add(size_t *bytes, size_t part)\n"
		"{\n"
		"\tif (part >= UINT32_MAX || *bytes >= UINT32_MAX - part)\n"
		"\t\treturn false;\n"
		"\t*bytes += part;\n"
		"\treturn true;\n"
		"}\n\n",
		"add", c->add_size);
}

/* Of what is called before it is defined: its head, in one line. */
static void
emit_prototype(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	const char *head = fy_c_inner_head(c, mode, t);
	size_t len = strcspn(head, "\n");
	const char *type = fy_format(c->mem, "%.*s", (int)len, head);

	fy_emit(&c->source, "$type $rest;\n", "type", type, "rest",
		head[len] ? head + len + 1 : "");
}

void
fy_c_codecs(struct fy_c *c)
{
	bool careful = false;

	for (size_t i = 0; i < c->n_types; i++) {
		const struct fy_c_type *t = &c->types[i];

		careful = careful || (t->careful && !t->same);
		if (t->same || !t->early)
			continue;
		for (int mode = FY_C_SIZE; mode <= FY_C_GET; mode++)
			if (mode != FY_C_SIZE || !fy_c_is_fixed(t->type))
				emit_prototype(c, t, (enum fy_c_mode)mode);
		fy_emit(&c->source, "\n");
	}
	if (careful)
		emit_add_size(c);
	for (size_t i = 0; i < c->n_types; i++)
		if (!c->types[i].same)
			emit_type(c, &c->types[i]);
}

/* ---- what the header has of all this ---- */

void
fy_c_codec_prototypes(struct fy_c *c)
{
	struct fy_emit *e = &c->header;
	bool any = false;

	for (size_t i = 0; i < c->n_types; i++) {
		const struct fy_c_type *t = &c->types[i];
		const char *v = fy_c_declare(c, t->spelled, "*v");

		if (t->same)
			continue;
		if (!any)
			fy_emit_comment(
				e, "Codecs. _size: the bytes that _put writes,"
				   " SIZE_MAX if *v has no encoding.\n_put: *v"
				   " may be anything; what has no encoding is"
				   " FERRY_EENCODE.\n_get: *v is always made"
				   " valid, after an error for the most part"
				   " zeros.");
		any = true;
		fy_emit(e,
			"size_t $size(const $v);\n"
			"void $put(struct ferry_encoder *e, const $v);\n"
			"void $get(struct ferry_decoder *d, $v);\n",
			"size", t->size, "put", t->put, "get", t->get, "v", v);
	}
	if (any)
		fy_emit(e, "\n");
}
