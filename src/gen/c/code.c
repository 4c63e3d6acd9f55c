/* SPDX-License-Identifier: MIT */
/* The frame of a codec's function: head, locals, body, and what ends it. */
#include "gen/c/c.h"

struct fy_c_code
fy_c_start(struct fy_c *c, enum fy_c_mode mode, const struct fy_c_type *t)
{
	bool is_record = t->type && fy_c_base(t->type) == t->type &&
			 fy_c_is_record(t->type);
	struct fy_c_code code = { .c = c, .mode = mode, .careful = t->careful,
				  .often = t->often,
				  .self = is_record ? t : NULL };

	fy_emit_init(&code.body, c->mem);
	code.body.indent = 1;
	return code;
}

static void
emit_locals(struct fy_c_code *code)
{
	struct fy_emit *e = &code->c->source;

	if (code->mode == FY_C_SIZE)
		fy_emit(e, "size_t bytes = $sum;\n", "sum",
			code->sum ? code->sum : "0");
	for (size_t i = 0; i < code->n_texts; i++)
		fy_emit(e, "struct $kind s$i;\n", "kind",
			code->is_bytes[i] ? "ferry_bytes" : "ferry_str", "i",
			fy_c_u64(code->c, i));
	if (code->uses_p)
		fy_emit(e, code->mode == FY_C_PUT ? "uint8_t *p;\n"
						  : "const uint8_t *p;\n");
	if (code->uses_n)
		fy_emit(e, "uint32_t n;\n");
	if (code->uses_more)
		fy_emit(e, "bool more;\n");
	if (code->mode == FY_C_SIZE || code->n_texts || code->uses_p ||
	    code->uses_n || code->uses_more)
		fy_emit(e, "\n");
}

/* The body between its locals and what ends it. */
void
fy_c_finish(struct fy_c_code *code)
{
	struct fy_emit *e = &code->c->source;
	bool nothing = !code->body.len && code->mode != FY_C_SIZE;

	e->indent = 1;
	emit_locals(code);
	/* Of a type without members. */
	if (nothing)
		fy_emit(e, code->mode == FY_C_PUT
				   ? "(void)e;\n(void)v;\n"
				   : "(void)d;\nmemset(v, 0, sizeof(*v));\n");
	fy_emit_append(e, &code->body);
	if (code->mode == FY_C_SIZE)
		fy_emit(e, "return bytes;\n");
	if (code->uses_bad) {
		fy_emit(e, "return;\n\n");
		e->indent = 0;
		fy_emit(e, "bad:\n");
		e->indent = 1;
		fy_emit(e, code->mode == FY_C_PUT
				   ? "ferry_put_fail(e, FERRY_EENCODE);\n"
				   : "ferry_get_fail(d, FERRY_EDECODE);\n"
				     "memset(v, 0, sizeof(*v));\n");
	}
	e->indent = 0;
	fy_emit(e, "}\n\n");
}

/* "size_t\nsize_entry(const struct entry *v)" and its like. */
const char *
fy_c_head(struct fy_c *c, enum fy_c_mode mode, const char *name,
	  const char *spelled)
{
	const char *v = fy_c_declare(c, spelled, "*v");

	if (mode == FY_C_SIZE)
		return fy_c_join(c, "size_t\n", name, "(const ", v);
	if (mode == FY_C_PUT)
		return fy_c_join(c, "void\n", name,
				 "(struct ferry_encoder *e, const ", v);
	return fy_c_join(c, "void\n", name, "(struct ferry_decoder *d, ", v);
}

const char *
fy_c_name(const struct fy_c_type *t, enum fy_c_mode mode)
{
	return mode == FY_C_SIZE  ? t->size
	       : mode == FY_C_PUT ? t->put
				  : t->get;
}

bool
fy_c_has_inner(const struct fy_c_type *t, enum fy_c_mode mode)
{
	if (mode == FY_C_SIZE && fy_c_is_fixed(t->type))
		return false;
	return t->is_item || (mode == FY_C_SIZE && t->deep);
}

const char *
fy_c_inner_name(const struct fy_c_type *t, enum fy_c_mode mode)
{
	return mode == FY_C_SIZE  ? t->size_in
	       : mode == FY_C_PUT ? t->put_in
				  : t->get_in;
}

const char *
fy_c_inner_head(struct fy_c *c, enum fy_c_mode mode, const struct fy_c_type *t)
{
	return fy_c_join(c, t->is_item ? "static inline " : "static ",
			 fy_c_head(c, mode, fy_c_inner_name(t, mode),
				   t->spelled),
			 mode == FY_C_SIZE && t->deep ? ", uint32_t depth)"
						      : ")",
			 NULL);
}
