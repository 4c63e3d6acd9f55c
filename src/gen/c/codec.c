/* SPDX-License-Identifier: MIT */
/*
 * Codecs: for each type the bytes it takes, how they are written and read.
 * They are public and call each other, as code that is inlined wherever it is
 * named grows large. Items of arrays have static ones, inlined into the loops,
 * where a call costs; the public ones are doors to them.
 */
#include <string.h>

#include "gen/c/c.h"

/* A size that no value changes. */
static void
emit_fixed_size(struct fy_c *c, const struct fy_c_type *t)
{
	fy_emit(&c->source, "$head)\n{\n\t(void)v;\n\treturn $n;\n}\n\n",
		"head", fy_c_head(c, FY_C_SIZE, t->size, t->spelled), "n",
		fy_c_fixed(c, t->type->wire_min));
}

/* What is no record has all in itself; only stubs and users call it. */
static void
emit_whole(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	struct fy_c_code code = fy_c_start(c, mode, t);

	fy_emit(&c->source, "FERRY_COLD $head)\n{\n", "head",
		fy_c_head(c, mode, fy_c_name(t, mode), t->spelled));
	fy_c_emit_value(&code, t->type, "*v", false);
	fy_c_finish(&code);
}

/* A door to another function: of a typedef, or to the static one. */
static void
emit_door(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	const struct fy_c_type *base = fy_c_find(c, fy_c_base(t->type));
	bool inner = fy_c_has_inner(base, mode);
	bool is_size = mode == FY_C_SIZE;

	fy_emit(&c->source,
		"$head)\n{\n\t$return$name($coder$depth);\n}\n\n", "head",
		fy_c_head(c, mode, fy_c_name(t, mode), t->spelled), "return",
		is_size ? "return " : "", "name",
		inner ? fy_c_inner_name(base, mode) : fy_c_name(base, mode),
		"coder",
		is_size		   ? "v"
		: mode == FY_C_PUT ? "e, v"
				   : "d, v",
		"depth", is_size && base->deep ? ", FERRY_XDR_DEPTH" : "");
}

static void
emit_codec(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	const struct fy_type *base = fy_c_base(t->type);

	if (mode == FY_C_SIZE && fy_c_is_fixed(t->type)) {
		emit_fixed_size(c, t);
		return;
	}
	if (!fy_c_is_record(base)) {
		emit_whole(c, t, mode);
		return;
	}
	if (base == t->type)
		fy_c_emit_record(c, t, mode);
	if (base != t->type || fy_c_has_inner(t, mode))
		emit_door(c, t, mode);
}

static void
emit_type(struct fy_c *c, const struct fy_c_type *t)
{
	if (t->type->kind == FY_KIND_ENUM)
		fy_c_emit_enum(c, t);
	for (int mode = FY_C_SIZE; mode <= FY_C_GET; mode++)
		emit_codec(c, t, (enum fy_c_mode)mode);
}

static void
emit_add_size(struct fy_c *c)
{
	fy_emit_comment(&c->source,
			"Adds to a size. False: 4 GiB, which no message has, "
			"and a value\nthat holds itself comes to.");
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

/* What is called before it is defined, in one line. */
static void
emit_prototype(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	const char *head = fy_c_inner_head(c, mode, t);
	size_t len = strcspn(head, "\n");
	const char *type = fy_format(c->mem, "%.*s", (int)len, head);

	fy_emit(&c->source, "$type $rest;\n", "type", type, "rest",
		head[len] ? head + len + 1 : "");
}

/* Of all that have them. Return: whether there was any. */
static bool
emit_prototypes(struct fy_c *c, const struct fy_c_type *t)
{
	bool any = false;

	for (int mode = FY_C_SIZE; mode <= FY_C_GET; mode++) {
		if (!fy_c_has_inner(t, (enum fy_c_mode)mode))
			continue;
		emit_prototype(c, t, (enum fy_c_mode)mode);
		any = true;
	}
	return any;
}

void
fy_c_codecs(struct fy_c *c)
{
	bool careful = false;

	for (size_t i = 0; i < c->n_types; i++) {
		const struct fy_c_type *t = &c->types[i];

		careful = careful || (t->careful && !t->same);
		if (!t->same && t->early && emit_prototypes(c, t))
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
				e,
				"Codecs. _size: the bytes that _put writes;"
				" SIZE_MAX or any other number if *v\nhas no"
				" encoding.\n_put: *v may be anything; what"
				" has no encoding is FERRY_EENCODE.\n_get: *v"
				" is always made valid, after an error for the"
				" most part zeros.");
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
