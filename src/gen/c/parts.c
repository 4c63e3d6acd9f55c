/* SPDX-License-Identifier: MIT */
/* Arrays, lists, optional data and called records: code of their own. */
#include "gen/c/c.h"

/* ---- paths ---- */

const char *
fy_c_address(struct fy_c *c, const char *path)
{
	if (*path == '*')
		return path + 1;
	return fy_c_join(c, "&", path, NULL, NULL);
}

const char *
fy_c_dot(struct fy_c *c, const char *path, const char *member)
{
	if (path[0] == '*' && path[1] == '*')
		return fy_c_join(c, "(", path + 1, ")->", member);
	if (path[0] == '*')
		return fy_c_join(c, path + 1, "->", member, NULL);
	return fy_c_join(c, path, ".", member, NULL);
}

/* ---- sizes ---- */

void
fy_c_add_size(struct fy_c_code *code, const char *expression)
{
	bool starts = !code->sum && !code->body.len && !code->body.line_len;

	if (starts && !(code->self && code->self->tail)) {
		code->sum = expression;
		return;
	}
	fy_emit(&code->body,
		code->careful ? "if (!$add(&bytes, $expression))\n"
				"\treturn SIZE_MAX;\n"
			      : "bytes += $expression;\n",
		"add", code->c->add_size, "expression", expression);
}

/* ---- records and elements ---- */

/* @is_item: in a loop, into which it is inlined; a member is called. */
static void
emit_record(struct fy_c_code *code, const struct fy_type *base,
	    const char *path, bool is_item)
{
	struct fy_c *c = code->c;
	const struct fy_c_type *t = fy_c_find(c, base);
	const char *v = fy_c_address(c, path);
	const char *depth = ", FERRY_XDR_DEPTH";

	if (code->mode == FY_C_PUT)
		fy_emit(&code->body, "$put(e, $v);\n", "put",
			is_item ? t->put_in : t->put, "v", v);
	if (code->mode == FY_C_GET)
		fy_emit(&code->body, "$get(d, $v);\n", "get",
			is_item ? t->get_in : t->get, "v", v);
	if (code->mode != FY_C_SIZE)
		return;
	if (fy_c_is_fixed(base)) {
		fy_c_add_size(code, fy_c_fixed(c, base->wire_min));
		return;
	}
	if (code->self && code->self->deep)
		depth = code->self->counts_depth ? ", depth - 1" : ", depth";
	if (!t->deep)
		depth = "";
	fy_c_add_size(code, fy_c_join(c, t->deep || is_item ? t->size_in
							    : t->size,
				      "(", v,
				      fy_c_join(c, depth, ")", NULL, NULL)));
}

static void
emit_element(struct fy_c_code *code, const struct fy_type *type,
	     const char *path, bool is_item)
{
	const struct fy_type *base = fy_c_base(type);

	if (fy_c_is_record(base))
		emit_record(code, base, path, is_item);
	else
		fy_c_emit_value(code, type, path, false);
}

/* ---- arrays and lists ---- */

/* "u32s", "u64s": the words whose arrays the library moves; NULL: others. */
static const char *
words(const struct fy_type *element)
{
	switch (fy_c_base(element)->kind) {
	case FY_KIND_INT:
	case FY_KIND_UINT:
	case FY_KIND_FLOAT:
		return "u32s";
	case FY_KIND_HYPER:
	case FY_KIND_UHYPER:
	case FY_KIND_DOUBLE:
		return "u64s";
	default:
		return NULL;
	}
}

/* A loop over @n items at @path, up to the first error. */
static void
emit_loop(struct fy_c_code *code, const struct fy_type *element,
	  const char *path, const char *n)
{
	struct fy_c *c = code->c;
	struct fy_emit *e = &code->body;
	bool single = fy_c_is_record(fy_c_base(element)) &&
		      !(code->mode == FY_C_SIZE && code->careful);

	fy_emit(e, "for (uint32_t i = 0; i < $n && $go; i++)$brace\n", "n", n,
		"go",
		code->mode == FY_C_PUT	 ? "!e->err"
		: code->mode == FY_C_GET ? "!d->err"
					 : "bytes < SIZE_MAX / 2",
		"brace", single ? "" : " {");
	e->indent++;
	emit_element(code, element, fy_c_join(c, path, "[i]", NULL, NULL),
		     true);
	e->indent--;
	if (!single)
		fy_emit(e, "}\n");
}

/* The items of an array or list, @n of them; the memory is there. */
static void
emit_elements(struct fy_c_code *code, const struct fy_type *element,
	      const char *path, const char *n)
{
	const char *kind = words(element);

	if (!kind) {
		emit_loop(code, element, path, n);
		return;
	}
	fy_emit(&code->body,
		code->mode == FY_C_PUT ? "ferry_put_$kind(e, $path, $n);\n"
				       : "ferry_get_$kind(d, $path, $n);\n",
		"kind", kind, "path", path, "n", n);
}

/* Memory for @n items at @path. */
static void
emit_memory(struct fy_c_code *code, const char *path, const char *n)
{
	fy_emit(&code->body,
		"$path = ferry_get_memory(d, $n, sizeof(*$path));\n", "path",
		path, "n", n);
}

/* What must be there: memory that was asked for, or the caller's. */
static void
emit_must(struct fy_c_code *code, const char *path, const char *n)
{
	if (code->mode == FY_C_GET)
		emit_memory(code, path, n);
	code->uses_bad = true;
	fy_emit(&code->body, "if (!$path)\n\tgoto bad;\n", "path", path);
}

static void
emit_array(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c *c = code->c;
	const struct fy_type *type = item->type;
	bool pointer = fy_c_by_pointer(c, type, item->is_arm);
	const char *n = fy_c_bound(c, type);

	if (code->mode == FY_C_SIZE && fy_c_is_fixed(type)) {
		fy_c_add_size(code, fy_c_fixed(c, type->wire_min));
		return;
	}
	if (code->mode == FY_C_SIZE) {
		if (pointer)
			fy_emit(&code->body,
				"if (!$path)\n\treturn SIZE_MAX;\n", "path",
				item->path);
		emit_loop(code, type->element, item->path, n);
		return;
	}
	if (!type->bound && code->mode == FY_C_GET)
		emit_memory(code, item->path, "0");
	else if (pointer && type->bound)
		emit_must(code, item->path, n);
	/* Of no items: their type does not matter. */
	if (!type->bound)
		fy_emit(&code->body,
			code->mode == FY_C_PUT
				? "ferry_put_u32s(e, $path, 0);\n"
				: "ferry_get_u32s(d, $path, 0);\n",
			"path", item->path);
	else
		emit_elements(code, type->element, item->path, n);
}

static void
emit_opaque(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c *c = code->c;
	const char *n = fy_c_bound(c, item->type);

	if (code->mode == FY_C_SIZE) {
		fy_c_add_size(code, fy_c_fixed(c, item->type->wire_min));
		return;
	}
	if (!item->type->bound) {
		fy_emit(&code->body,
			code->mode == FY_C_PUT
				? "ferry_put_u32s(e, $path, 0);\n"
				: "$path = ferry_get_memory(d, 0, 1);\n",
			"path", item->path);
		return;
	}
	if (fy_c_by_pointer(c, item->type, item->is_arm))
		emit_must(code, item->path, n);
	fy_emit(&code->body,
		code->mode == FY_C_PUT ? "ferry_put_opaque(e, $path, $n);\n"
				       : "ferry_get_opaque(d, $path, $n);\n",
		"path", item->path, "n", n);
}

static void
size_list(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c *c = code->c;
	const struct fy_type *element = item->type->element;

	fy_c_add_size(code, "4");
	if (element->wire_min >= UINT32_MAX) {
		fy_c_add_size(code, fy_c_join(c, item->count, " ? SIZE_MAX : 0",
					      NULL, NULL));
		return;
	}
	if (fy_c_is_fixed(element)) {
		fy_c_add_size(code,
			      fy_c_join(c, "(size_t)", item->count, " * ",
					fy_c_u64(c, element->wire_min)));
		return;
	}
	code->uses_n = true;
	fy_emit(&code->body, "n = $path ? $count : 0;\n", "path", item->path,
		"count", item->count);
	emit_loop(code, element, item->path, "n");
}

static void
emit_list(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c *c = code->c;
	const struct fy_type *element = item->type->element;
	uint64_t least = element->wire_min;
	const char *max = fy_c_bound(c, item->type);

	if (code->mode == FY_C_SIZE) {
		size_list(code, item);
		return;
	}
	code->uses_n = true;
	if (code->mode == FY_C_PUT) {
		code->uses_bad = true;
		fy_emit(&code->body,
			"n = $count;\n"
			"if (n > 0 && !$path)\n"
			"\tgoto bad;\n"
			"ferry_put_count(e, n, $max);\n",
			"count", item->count, "path", item->path, "max", max);
		emit_elements(code, element, item->path, "n");
		return;
	}
	if (least > UINT32_MAX)
		least = UINT32_MAX;
	fy_emit(&code->body, "n = ferry_get_count(d, $max, $least);\n", "max",
		max, "least", fy_c_u64(c, least));
	emit_memory(code, item->path, "n");
	fy_emit(&code->body, "$count = $path ? n : 0;\n", "count", item->count,
		"path", item->path);
	emit_elements(code, element, item->path, item->count);
}

/* ---- optional data ---- */

static void
emit_optional(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c *c = code->c;
	struct fy_emit *e = &code->body;
	const struct fy_type *element = item->type->element;
	bool single = fy_c_is_record(fy_c_base(element)) &&
		      !(code->mode == FY_C_SIZE && code->careful);

	if (code->mode == FY_C_GET)
		fy_emit(e,
			"$path = more ? ferry_get_memory(d, 1, sizeof(*$path)) "
			": NULL;\n",
			"path", item->path);
	fy_emit(e, "if ($path)$brace\n", "path", item->path, "brace",
		single ? "" : " {");
	e->indent++;
	emit_element(code, element, fy_c_join(c, "*", item->path, NULL, NULL),
		     false);
	e->indent--;
	if (!single)
		fy_emit(e, "}\n");
}

void
fy_c_emit_part(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c *c = code->c;

	switch (item->type->kind) {
	case FY_KIND_OPAQUE:
		emit_opaque(code, item);
		return;
	case FY_KIND_ARRAY:
		emit_array(code, item);
		return;
	case FY_KIND_LIST:
		emit_list(code, item);
		return;
	case FY_KIND_OPTIONAL:
		emit_optional(code, item);
		return;
	default:
		break;
	}
	if (!fy_c_by_pointer(c, item->type, item->is_arm)) {
		emit_record(code, item->type, item->path, false);
		return;
	}
	if (code->mode == FY_C_SIZE && !fy_c_is_fixed(item->type))
		fy_emit(&code->body, "if (!$path)\n\treturn SIZE_MAX;\n",
			"path", item->path);
	if (code->mode != FY_C_SIZE)
		emit_must(code, item->path, "1");
	emit_record(code, item->type,
		    fy_c_join(c, "*", item->path, NULL, NULL), false);
}
