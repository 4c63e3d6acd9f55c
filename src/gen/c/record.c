/* SPDX-License-Identifier: MIT */
/* The codecs of structs, unions and typedefs with items: their functions. */
#include <inttypes.h>

#include "gen/c/c.h"

/* ---- unions ---- */

/* A case label as C has it. */
static const char *
label_text(struct fy_c *c, const struct fy_type *discriminant,
	   const struct fy_label *label)
{
	const struct fy_c_value *value = NULL;
	const char *text;

	if (discriminant->kind == FY_KIND_BOOL)
		return label->value ? "true" : "false";
	if (label->name)
		value = fy_c_value(c, label->name);
	if (value && value->is_int)
		return value->name;
	if (label->value == INT64_MIN || label->value == INT32_MIN)
		text = fy_format(c->mem, "(%" PRId64 " - 1)", label->value + 1);
	else
		text = fy_format(c->mem,
				 discriminant->kind == FY_KIND_UINT
					 ? "%" PRId64 "u"
					 : "%" PRId64,
				 label->value);
	return text ? text : "";
}

static void
emit_arm(struct fy_c_code *code, const struct fy_c_type *t, size_t i)
{
	struct fy_c *c = code->c;
	struct fy_emit *e = &code->body;
	const struct fy_arm *arm = &t->type->arms[i];
	const struct fy_type *discriminant = fy_c_base(t->type->discriminant);
	size_t first = code->n_items;
	const char *path;

	for (size_t j = 0; j < arm->n_labels; j++)
		fy_emit(e, "case $label:\n", "label",
			label_text(c, discriminant, &arm->labels[j]));
	if (!arm->n_labels)
		fy_emit(e, "default:\n");
	e->indent++;
	if (t->members[i]) {
		path = fy_c_join(c, "v->u.", t->members[i], NULL, NULL);
		if (arm->type->kind == FY_KIND_LIST)
			fy_c_collect(code, arm->type,
				     fy_c_dot(c, path, "items"),
				     fy_c_dot(c, path, "n_items"), true);
		else
			fy_c_collect(code, arm->type, path, NULL, true);
		fy_c_emit_items(code, first);
	}
	fy_emit(e, "break;\n");
	e->indent--;
}

static void
emit_union(struct fy_c_code *code, const struct fy_c_type *t)
{
	struct fy_emit *e = &code->body;
	const struct fy_type *type = t->type;
	const struct fy_type *base = fy_c_base(type->discriminant);
	const char *path =
		fy_c_join(code->c, "v->", t->discriminant, NULL, NULL);
	bool any = false;

	for (size_t i = 0; i < type->n_arms; i++)
		any = any || t->members[i];
	fy_c_emit_value(code, type->discriminant, path, false);
	if (code->mode == FY_C_GET && any)
		fy_emit(e, "memset(&v->u, 0, sizeof(v->u));\n");
	fy_emit(e, base->kind == FY_KIND_BOOL ? "switch ((int)$path) {\n"
					      : "switch ($path) {\n",
		"path", path);
	for (size_t i = 0; i < type->n_arms; i++)
		emit_arm(code, t, i);
	if (!type->has_default && code->mode == FY_C_SIZE)
		fy_emit(e, "default:\n\treturn SIZE_MAX;\n");
	else if (!type->has_default)
		fy_emit(e, "default:\n\tgoto bad;\n");
	code->uses_bad = code->uses_bad ||
			 (!type->has_default && code->mode != FY_C_SIZE);
	fy_emit(e, "}\n");
}

/* ---- structs ---- */

/* All fields, but of a list the next: its presence alone. */
static void
emit_fields(struct fy_c_code *code, const struct fy_c_type *t)
{
	struct fy_c *c = code->c;
	const struct fy_type *type = t->type;
	size_t first = code->n_items;

	for (size_t i = 0; i < type->n_fields; i++)
		fy_c_collect(code, type->fields[i].type,
			     fy_c_dot(c, "*v", t->members[i]),
			     t->counts[i] ? fy_c_dot(c, "*v", t->counts[i])
					  : NULL,
			     false);
	if (t->tail && code->n_items > first)
		code->n_items--;
	fy_c_emit_items(code, first);
}

/* A list is walked in a loop: a million nodes take no stack. */
static void
emit_tail(struct fy_c_code *code, const struct fy_c_type *t)
{
	struct fy_emit *e = &code->body;
	const char *next = fy_c_dot(code->c, "*v",
				    t->members[t->type->n_fields - 1]);

	fy_emit(e,
		code->mode == FY_C_SIZE ? "for (; v; v = $next) {\n"
					: "for (;;) {\n",
		"next", next);
	e->indent++;
	emit_fields(code, t);
	if (code->mode == FY_C_GET)
		fy_emit(e,
			"$next = more ? ferry_get_memory(d, 1, sizeof(*$next)) "
			": NULL;\n",
			"next", next);
	if (code->mode != FY_C_SIZE)
		fy_emit(e,
			"if (!$next)\n"
			"\tbreak;\n"
			"v = $next;\n",
			"next", next);
	e->indent--;
	fy_emit(e, "}\n");
}

/* ---- functions ---- */

static void
emit_level(struct fy_c_code *code, const struct fy_c_type *t, bool enter)
{
	struct fy_emit *e = &code->body;

	if (!t->counts_depth)
		return;
	if (code->mode == FY_C_SIZE && enter)
		fy_emit(e, "if (depth == 0)\n\treturn SIZE_MAX;\n");
	else if (code->mode == FY_C_PUT)
		fy_emit(e, enter ? "if (!ferry_put_enter(e))\n\treturn;\n"
				 : "ferry_put_leave(e);\n");
	else if (code->mode == FY_C_GET)
		fy_emit(e, enter ? "if (!ferry_get_enter(d))\n\tgoto bad;\n"
				 : "ferry_get_leave(d);\n");
	code->uses_bad = code->uses_bad || code->mode == FY_C_GET;
}

static const char *
record_head(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	if (fy_c_has_inner(t, mode))
		return fy_c_inner_head(c, mode, t);
	return fy_c_join(c, t->often ? "" : "FERRY_COLD ",
			 fy_c_head(c, mode, fy_c_name(t, mode), t->spelled),
			 ")", NULL);
}

/* The function of a record. */
void
fy_c_emit_record(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	struct fy_c_code code = fy_c_start(c, mode, t);
	const struct fy_type *type = t->type;

	fy_emit(&c->source, "$head\n{\n", "head", record_head(c, t, mode));
	emit_level(&code, t, true);
	if (t->tail)
		emit_tail(&code, t);
	else if (type->kind == FY_KIND_STRUCT)
		emit_fields(&code, t);
	else if (type->kind == FY_KIND_UNION)
		emit_union(&code, t);
	else {
		fy_c_collect(&code, type->element,
			     type->element->kind == FY_KIND_OPAQUE
				     ? "v->data"
				     : "v->items",
			     "v->n_items", false);
		fy_c_emit_items(&code, 0);
	}
	emit_level(&code, t, false);
	fy_c_finish(&code);
}

