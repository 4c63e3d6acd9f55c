/* SPDX-License-Identifier: MIT */
/*
 * Members on the wire: neighbours of fixed size, and strings when encoding
 * items of arrays, share one check of the bytes that are left. Nested structs
 * of fixed size are taken apart for that.
 */
#include <string.h>

#include "gen/c/c.h"
#include "idl/mem.h"

/* ---- collecting ---- */

static void
push(struct fy_c_code *code, const struct fy_c_item *item)
{
	struct fy_c_item *items =
		fy_grow(code->c->mem, code->items, code->n_items, &code->room,
			sizeof(*items));

	if (!items) {
		code->c->header.err = FERRY_ENOMEM;
		return;
	}
	code->items = items;
	items[code->n_items++] = *item;
}

/* How many items a type of fixed size comes to; too many if it is not flat. */
static size_t
count_flat(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_type *base = fy_c_base(type);
	size_t n = 1;

	if (fy_c_is_scalar(base))
		return 1;
	if (base->kind == FY_KIND_ALIAS)
		base = base->element;
	if (base->kind == FY_KIND_OPAQUE && !fy_c_by_pointer(c, base, false))
		return 1;
	if (base->kind != FY_KIND_STRUCT || !fy_c_is_fixed(base))
		return FY_C_FLAT_ITEMS + 1;
	for (size_t i = 0; i < base->n_fields && n <= FY_C_FLAT_ITEMS; i++)
		n += count_flat(c, base->fields[i].type);
	return n;
}

static void
collect_fields(struct fy_c_code *code, const struct fy_type *type,
	       const char *path)
{
	const struct fy_c_type *t = fy_c_find(code->c, type);

	for (size_t i = 0; i < type->n_fields; i++)
		fy_c_collect(code, type->fields[i].type,
			     fy_c_dot(code->c, path, t->members[i]),
			     t->counts[i] ? fy_c_dot(code->c, path,
						     t->counts[i])
					  : NULL,
			     false);
}

void
fy_c_collect(struct fy_c_code *code, const struct fy_type *type,
	     const char *path, const char *count, bool is_arm)
{
	const struct fy_type *base = fy_c_base(type);
	struct fy_c_item item = { .kind = FY_C_PART, .type = base, .path = path,
				  .count = count, .is_arm = is_arm };

	if (fy_c_is_scalar(base)) {
		item.kind = FY_C_FIXED;
		item.wire = base->wire_min;
	} else if (base->kind == FY_KIND_STRING ||
		   base->kind == FY_KIND_BYTES) {
		item.kind = FY_C_TEXT;
		item.wire = 4;
	} else if (base->kind == FY_KIND_OPAQUE &&
		   !fy_c_by_pointer(code->c, base, is_arm)) {
		/* Padding is looked at by ferry_get_opaque(). */
		if (code->mode != FY_C_GET || base->bound % 4 == 0)
			item.kind = FY_C_FIXED;
		item.wire = base->wire_min;
	} else if (base->kind == FY_KIND_OPTIONAL) {
		item.kind = FY_C_MORE;
		item.wire = 4;
		push(code, &item);
		item.kind = FY_C_PART;
		item.wire = 0;
	} else if (fy_c_is_record(base) &&
		   !fy_c_by_pointer(code->c, base, is_arm) &&
		   count_flat(code->c, base) <= FY_C_FLAT_ITEMS) {
		if (base->kind == FY_KIND_STRUCT)
			collect_fields(code, base, path);
		else
			fy_c_collect(code, base->element,
				     fy_c_dot(code->c, path, "data"), NULL,
				     false);
		return;
	}
	push(code, &item);
}

/* ---- one item of a run ---- */

static const char *
at(struct fy_c *c, uint64_t offset)
{
	return offset ? fy_c_join(c, "p + ", fy_c_u64(c, offset), NULL, NULL)
		      : "p";
}

static void
put_scalar(struct fy_c_code *code, const struct fy_c_item *item,
	   const char *p)
{
	struct fy_c *c = code->c;
	const char *form;

	switch (item->type->kind) {
	case FY_KIND_FLOAT:
		form = "ferry_store_f32($p, $address);\n";
		break;
	case FY_KIND_DOUBLE:
		form = "ferry_store_f64($p, $address);\n";
		break;
	case FY_KIND_QUADRUPLE:
		form = "ferry_store_quadruple($p, $address);\n";
		break;
	case FY_KIND_HYPER:
		form = "ferry_store_u64($p, (uint64_t)$path);\n";
		break;
	case FY_KIND_UHYPER:
		form = "ferry_store_u64($p, $path);\n";
		break;
	case FY_KIND_ENUM:
		form = "$store(e, $p, $path);\n";
		break;
	case FY_KIND_UINT:
	case FY_KIND_UCHAR:
	case FY_KIND_USHORT:
	case FY_KIND_BOOL:
		form = "ferry_store_u32($p, $path);\n";
		break;
	default:
		form = "ferry_store_u32($p, (uint32_t)$path);\n";
		break;
	}
	fy_emit(&code->body, form, "p", p, "path", item->path, "address",
		fy_c_address(c, item->path), "store",
		fy_c_find(c, item->type)->store);
}

static void
get_scalar(struct fy_c_code *code, const struct fy_c_item *item,
	   const char *p)
{
	struct fy_c *c = code->c;
	struct fy_c_type *t = fy_c_find(c, item->type);
	const char *form;

	switch (item->type->kind) {
	case FY_KIND_FLOAT:
		form = "ferry_load_f32($p, $address);\n";
		break;
	case FY_KIND_DOUBLE:
		form = "ferry_load_f64($p, $address);\n";
		break;
	case FY_KIND_QUADRUPLE:
		form = "ferry_load_quadruple($p, $address);\n";
		break;
	case FY_KIND_INT:
		form = "$path = (int32_t)ferry_load_u32($p);\n";
		break;
	case FY_KIND_UINT:
		form = "$path = ferry_load_u32($p);\n";
		break;
	case FY_KIND_HYPER:
		form = "$path = (int64_t)ferry_load_u64($p);\n";
		break;
	case FY_KIND_UHYPER:
		form = "$path = ferry_load_u64($p);\n";
		break;
	case FY_KIND_BOOL:
		form = "$path = ferry_load_bool(d, $p);\n";
		break;
	default:
		t->loaded = true;
		form = "$path = $load(d, $p);\n";
		break;
	}
	fy_emit(&code->body, form, "p", p, "path", item->path, "address",
		fy_c_address(c, item->path), "load", t->load);
}

static void
emit_fixed(struct fy_c_code *code, const struct fy_c_item *item,
	   uint64_t offset)
{
	struct fy_c *c = code->c;
	const char *p = at(c, offset);
	bool put = code->mode == FY_C_PUT;
	const char *form;

	if (item->kind == FY_C_FIXED && item->type->kind != FY_KIND_OPAQUE) {
		if (put)
			put_scalar(code, item, p);
		else
			get_scalar(code, item, p);
		return;
	}
	if (item->kind == FY_C_MORE)
		form = put ? "ferry_store_u32($p, $path != NULL);\n"
			   : "more = ferry_load_bool(d, $p);\n";
	else
		form = put ? "ferry_store_opaque($p, $path, $n);\n"
			   : "memcpy($path, $p, $n);\n";
	code->uses_more = code->uses_more || (item->kind == FY_C_MORE && !put);
	fy_emit(&code->body, form, "p", p, "path", item->path, "n",
		fy_c_u64(c, item->type->bound));
}

/* ---- runs ---- */

/* One past the last item that shares a run with the one at @first. */
static size_t
find_end(const struct fy_c_code *code, size_t first)
{
	size_t n_texts = 0;

	for (size_t i = first; i < code->n_items; i++) {
		enum fy_c_item_kind kind = code->items[i].kind;

		if (kind == FY_C_PART)
			return i;
		if (kind == FY_C_TEXT &&
		    (code->mode != FY_C_PUT || !code->often ||
		     ++n_texts > FY_C_RUN_TEXTS ||
		     code->n_texts + n_texts > FY_C_MAX_TEXTS))
			return i;
		if (kind == FY_C_MORE)
			return i + 1;
	}
	return code->n_items;
}

static const char *
text_name(struct fy_c *c, size_t i)
{
	return fy_c_join(c, "s", fy_c_u64(c, i), NULL, NULL);
}

/* Reads the lengths of a run's strings once. Return: the sum of them all. */
static const char *
emit_texts(struct fy_c_code *code, size_t first, size_t end)
{
	struct fy_c *c = code->c;
	size_t n = code->n_texts;
	uint64_t fixed = 0;
	const char *sum = "";

	for (size_t i = first; i < end; i++) {
		const struct fy_c_item *item = &code->items[i];
		const char *name;

		fixed += item->wire;
		if (item->kind != FY_C_TEXT)
			continue;
		name = text_name(c, n);
		code->is_bytes[n++] = item->type->kind == FY_KIND_BYTES;
		sum = fy_c_join(c, sum, " + ferry_padded(", name, ".len)");
		fy_emit(&code->body, "$name = $path;\n", "name", name, "path",
			item->path);
		if (item->type->bound == FY_NO_BOUND)
			continue;
		code->uses_bad = true;
		fy_emit(&code->body,
			"if ($name.len > $max)\n"
			"\tgoto bad;\n",
			"name", name, "max", fy_c_bound(c, item->type));
	}
	return fy_c_join(c, fy_c_u64(c, fixed), sum, NULL, NULL);
}

static void
emit_run(struct fy_c_code *code, size_t first, size_t end)
{
	struct fy_c *c = code->c;
	bool put = code->mode == FY_C_PUT;
	const char *size = emit_texts(code, first, end);
	uint64_t offset = 0;

	code->uses_p = true;
	code->uses_bad = code->uses_bad || !put;
	fy_emit(&code->body,
		put ? "p = ferry_put_run(e, $size);\n"
		      "if (!p)\n"
		      "\treturn;\n"
		    : "p = ferry_get_run(d, $size);\n"
		      "if (!p)\n"
		      "\tgoto bad;\n",
		"size", size);
	for (size_t i = first; i < end; i++) {
		const struct fy_c_item *item = &code->items[i];

		if (item->kind != FY_C_TEXT) {
			emit_fixed(code, item, offset);
			offset += item->wire;
			continue;
		}
		fy_emit(&code->body,
			i + 1 < end ? "p = ferry_store_$kind($p, $name);\n"
				    : "ferry_store_$kind($p, $name);\n",
			"kind",
			item->type->kind == FY_KIND_BYTES ? "bytes" : "str",
			"p", at(c, offset), "name",
			text_name(c, code->n_texts++));
		offset = 0;
	}
}

/* ---- all items ---- */

/* Sizes: what is fixed comes first, in one sum. */
static void
emit_sizes(struct fy_c_code *code, size_t first)
{
	struct fy_c *c = code->c;
	uint64_t fixed = 0;

	for (size_t i = first; i < code->n_items; i++)
		if (code->items[i].kind != FY_C_TEXT)
			fixed += code->items[i].wire;
	if (fixed)
		fy_c_add_size(code, fy_c_fixed(c, fixed));
	for (size_t i = first; i < code->n_items; i++) {
		/* A copy: the stack may move. */
		struct fy_c_item item = code->items[i];

		if (item.kind == FY_C_TEXT)
			fy_c_add_size(code,
				      fy_c_join(c, "ferry_size_var(",
						fy_c_dot(c, item.path, "len"),
						")", NULL));
		else if (item.kind == FY_C_PART)
			fy_c_emit_part(code, &item);
	}
}

void
fy_c_emit_items(struct fy_c_code *code, size_t first)
{
	size_t top = code->n_items;

	if (code->mode == FY_C_SIZE)
		emit_sizes(code, first);
	for (size_t i = first; code->mode != FY_C_SIZE && i < top;) {
		struct fy_c_item item = code->items[i];
		size_t end = find_end(code, i);

		if (end > i) {
			emit_run(code, i, end);
			i = end;
			continue;
		}
		if (item.kind == FY_C_PART)
			fy_c_emit_part(code, &item);
		else
			fy_emit(&code->body, "$statement\n", "statement",
				code->mode == FY_C_PUT
					? fy_c_put_of(code->c, item.type,
						      item.path)
					: fy_c_get_of(code->c, item.type,
						      item.path));
		i++;
	}
	code->n_items = first;
}

void
fy_c_emit_value(struct fy_c_code *code, const struct fy_type *type,
		const char *path, bool is_arm)
{
	size_t first = code->n_items;

	/* A list's length stands beside it: unions and typedefs say n_items. */
	fy_c_collect(code, type, path, NULL, is_arm);
	fy_c_emit_items(code, first);
}
