/* SPDX-License-Identifier: MIT */
/*
 * What users call to encode and decode a value: entry_size(), entry_put() and
 * entry_get(), in the header, for all that they do is to name a codec. As
 * functions of the source they would take more room than the codecs.
 */
#include "gen/c/c.h"

/* "entry_put(struct ferry_encoder *e, const struct entry *v)" */
static const char *
signature(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	static const char *const coders[] = {
		"(const ",
		"(struct ferry_encoder *e, const ",
		"(struct ferry_decoder *d, ",
	};

	return fy_c_join(c, t->function[mode], coders[mode],
			 fy_c_declare(c, t->spelled, "*v"), ")");
}

static void
emit_inline(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode,
	    const char *statement)
{
	fy_emit(&c->header, "static inline $type\n$head\n{\n\t$statement\n}\n\n",
		"type", mode == FY_C_SIZE ? "size_t" : "void", "head",
		signature(c, t, mode), "statement", statement);
}

/* By a codec, the library's or that of the source. */
static void
emit_by_codec(struct fy_c *c, const struct fy_c_type *t, const char *codec)
{
	const char *end = fy_c_join(c, codec, ");", NULL, NULL);
	const char *size = fy_c_join(c, "return ferry_codec_size(v, &", end,
				     NULL, NULL);

	if (fy_c_is_fixed(t->type))
		size = fy_c_join(c, "(void)v;\n\treturn ",
				 t->type->wire_min < UINT32_MAX
					 ? fy_c_u64(c, t->type->wire_min)
					 : "SIZE_MAX",
				 ";", NULL);
	emit_inline(c, t, FY_C_SIZE, size);
	emit_inline(c, t, FY_C_PUT,
		    fy_c_join(c, "ferry_codec_put(e, v, &", end, NULL, NULL));
	emit_inline(c, t, FY_C_GET,
		    fy_c_join(c, "ferry_codec_get(d, v, &", end, NULL, NULL));
}

static void
emit_text(struct fy_c *c, const struct fy_c_type *t, const struct fy_type *base)
{
	bool is_string = base->kind == FY_KIND_STRING;
	const char *end = fy_c_join(c, fy_c_bound(c, base), ");", NULL, NULL);

	emit_inline(c, t, FY_C_SIZE, "return ferry_size_var(v->len);");
	emit_inline(c, t, FY_C_PUT,
		    fy_c_join(c,
			      is_string ? "ferry_put_str(e, *v, "
					: "ferry_put_bytes(e, *v, ",
			      end, NULL, NULL));
	emit_inline(c, t, FY_C_GET,
		    fy_c_join(c,
			      is_string ? "*v = ferry_get_str(d, "
					: "*v = ferry_get_bytes(d, ",
			      end, NULL, NULL));
}

/* A typedef of what has functions of its own. */
static void
emit_typedef(struct fy_c *c, const struct fy_c_type *t,
	     const struct fy_c_type *made)
{
	static const char *const args[] = { "(v);", "(e, v);", "(d, v);" };

	for (int i = 0; i < FY_C_N_MODES; i++)
		emit_inline(c, t, (enum fy_c_mode)i,
			    fy_c_join(c, i == FY_C_SIZE ? "return " : "",
				      made->function[i], args[i], NULL));
}

static void
emit_functions(struct fy_c *c, const struct fy_c_type *t)
{
	const struct fy_type *base = fy_c_base(t->type);

	if (base->kind == FY_KIND_STRING || base->kind == FY_KIND_BYTES)
		emit_text(c, t, base);
	else if (fy_c_has_codec(t))
		emit_by_codec(c, t, t->codec);
	else if (base->kind < FY_KIND_VOID)
		emit_by_codec(c, t, fy_c_find(c, base)->codec);
	else if (base->kind == FY_KIND_OPTIONAL)
		emit_typedef(c, t, fy_c_find(c, t->type->element));
	else
		emit_typedef(c, t, fy_c_find(c, base));
}

/* ---- what its owner has of a foreign type ---- */

static void
emit_hooks(struct fy_c *c)
{
	if (!c->model->n_foreign)
		return;
	fy_emit_comment(&c->header,
			"Codecs of types that a %#include brings. Whoever "
			"brings them supplies\nthese, to do as those below do.");
	for (size_t i = c->model->n_types; i < c->n_types; i++) {
		const struct fy_c_type *t = &c->types[i];

		fy_emit(&c->header, "size_t $size;\nvoid $put;\nvoid $get;\n",
			"size", signature(c, t, FY_C_SIZE), "put",
			signature(c, t, FY_C_PUT), "get",
			signature(c, t, FY_C_GET));
	}
	fy_emit(&c->header, "\n");
}

void
fy_c_functions(struct fy_c *c)
{
	bool any = false;

	emit_hooks(c);
	for (size_t i = 0; i < c->n_types; i++) {
		if (!fy_c_has_codec(&c->types[i]))
			continue;
		fy_emit(&c->header, "extern const struct ferry_codec $codec;\n",
			"codec", c->types[i].codec);
		any = true;
	}
	if (any)
		fy_emit(&c->header, "\n");
	if (c->model->n_types)
		fy_emit_comment(&c->header,
				"_size: the bytes that _put writes; SIZE_MAX"
				" or any other number if *v has no\nencoding."
				"\n_put: *v may be anything; what has no"
				" encoding is FERRY_EENCODE.\n_get: *v is"
				" always made valid, after an error all zero.");
	for (size_t i = 0; i < c->model->n_types; i++)
		if (!c->types[i].same)
			emit_functions(c, &c->types[i]);
}
