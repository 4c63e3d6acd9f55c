/* SPDX-License-Identifier: MIT */
/* Enums and built-in types: what C has no function for is made here. */
#include <inttypes.h>
#include <stdlib.h>

#include "gen/c/c.h"
#include "idl/mem.h"

/* ---- enums ---- */

static int
by_value(const void *a, const void *b)
{
	const struct fy_enumerator *const *x = a, *const *y = b;

	if ((*x)->value != (*y)->value)
		return (*x)->value < (*y)->value ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* The enumerators by value, the first of each value. Return: how many. */
static size_t
sort_values(const struct fy_type *type, const struct fy_enumerator **out)
{
	size_t n = 0;

	for (size_t i = 0; i < type->n_enumerators; i++)
		out[i] = &type->enumerators[i];
	qsort(out, type->n_enumerators, sizeof(*out), by_value);
	for (size_t i = 0; i < type->n_enumerators; i++)
		if (!n || out[n - 1]->value != out[i]->value)
			out[n++] = out[i];
	return n;
}

static void
emit_range(struct fy_c *c, int32_t low, int32_t high)
{
	const char *span = fy_c_u64(c, (uint64_t)((int64_t)high - low));
	const char *first = fy_format(c->mem, "(%" PRId32 ")", low);

	if (low == 0)
		fy_emit(&c->source, "return value <= $span;\n", "span", span);
	else
		fy_emit(&c->source,
			"return value - (uint32_t)$first <= $span;\n", "first",
			first, "span", span);
}

static void
emit_is(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_emit *e = &c->source;
	const struct fy_enumerator **sorted =
		fy_new(c->mem, t->type->n_enumerators * sizeof(*sorted) + 1);
	size_t n = sorted ? sort_values(t->type, sorted) : 0;

	if (!n) {
		e->err = FERRY_ENOMEM;
		return;
	}
	fy_emit(e, "static inline bool\n$is(uint32_t value)\n{\n", "is", t->is);
	e->indent++;
	if ((size_t)((int64_t)sorted[n - 1]->value - sorted[0]->value) ==
	    n - 1) {
		emit_range(c, sorted[0]->value, sorted[n - 1]->value);
	} else {
		fy_emit(e, "switch ((int32_t)value) {\n");
		for (size_t i = 0; i < n; i++)
			fy_emit(e, "case $name:\n", "name",
				fy_c_value(c, sorted[i]->name)->name);
		fy_emit(e, "\treturn true;\ndefault:\n\treturn false;\n}\n");
	}
	e->indent--;
	fy_emit(e, "}\n\n");
}

void
fy_c_emit_enum(struct fy_c *c, const struct fy_c_type *t)
{
	emit_is(c, t);
	fy_emit(&c->source,
		"static inline void\n"
		"$store(struct ferry_encoder *e, uint8_t *p, $spelled value)\n"
		"{\n"
		"\tif (!$is((uint32_t)value))\n"
		"\t\tferry_put_fail(e, FERRY_EENCODE);\n"
		"\tferry_store_u32(p, (uint32_t)value);\n"
		"}\n\n"
		"static inline $spelled\n"
		"$load(struct ferry_decoder *d, const uint8_t *p)\n"
		"{\n"
		"\tuint32_t value = ferry_load_u32(p);\n\n"
		"\tif (!$is(value)) {\n"
		"\t\tferry_get_fail(d, FERRY_EDECODE);\n"
		"\t\tvalue = 0;\n"
		"\t}\n"
		"\treturn ($spelled)value;\n"
		"}\n\n",
		"is", t->is, "store", t->store, "load", t->load, "spelled",
		t->spelled);
}

/* ---- built-in types ---- */

static void
emit_load(struct fy_c *c, enum fy_kind kind)
{
	static const char *const outside[FY_KIND_VOID] = {
		[FY_KIND_CHAR] = "(int32_t)value < INT8_MIN || "
				 "(int32_t)value > INT8_MAX",
		[FY_KIND_UCHAR] = "value > UINT8_MAX",
		[FY_KIND_SHORT] = "(int32_t)value < INT16_MIN || "
				  "(int32_t)value > INT16_MAX",
		[FY_KIND_USHORT] = "value > UINT16_MAX",
	};
	const struct fy_c_type *t = &c->builtin[kind];

	fy_emit(&c->source,
		"static inline $spelled\n"
		"$load(struct ferry_decoder *d, const uint8_t *p)\n"
		"{\n"
		"\tuint32_t value = ferry_load_u32(p);\n\n"
		"\tif ($outside) {\n"
		"\t\tferry_get_fail(d, FERRY_EDECODE);\n"
		"\t\treturn 0;\n"
		"\t}\n"
		"\treturn ($spelled)value;\n"
		"}\n\n",
		"spelled", t->spelled, "load", t->load, "outside",
		outside[kind]);
}

static void
emit_builtin(struct fy_c *c, enum fy_kind kind, enum fy_c_mode mode)
{
	/* Only what fy_c_collect() looks at. */
	const struct fy_type type = { .kind = kind,
				      .wire_min = kind == FY_KIND_QUADRUPLE ? 16
						  : kind >= FY_KIND_HYPER   ? 8
									  : 4 };
	const struct fy_c_type *t = &c->builtin[kind];
	struct fy_c_code code = fy_c_start(c, mode, t);

	fy_emit(&c->source, "static inline $head)\n{\n", "head",
		fy_c_head(c, mode, fy_c_name(t, mode), t->spelled));
	fy_c_emit_value(&code, &type, "*v", false);
	fy_c_finish(&code);
}

void
fy_c_helpers(struct fy_c *c, struct fy_emit *e)
{
	struct fy_emit body = c->source;
	struct fy_emit gets;

	fy_emit_init(&c->source, c->mem);
	for (int kind = 0; kind < FY_KIND_VOID; kind++) {
		if (!c->builtin[kind].used)
			continue;
		emit_builtin(c, (enum fy_kind)kind, FY_C_PUT);
		emit_builtin(c, (enum fy_kind)kind, FY_C_GET);
	}
	gets = c->source;
	fy_emit_init(&c->source, c->mem);
	for (int kind = FY_KIND_CHAR; kind <= FY_KIND_USHORT; kind++)
		if (c->builtin[kind].loaded)
			emit_load(c, (enum fy_kind)kind);
	fy_emit_append(e, &c->source);
	fy_emit_append(e, &gets);
	c->source = body;
}
