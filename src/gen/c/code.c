/* SPDX-License-Identifier: MIT */
/*
 * Code in the place of a table: for structs of fixed members and text that
 * arrays have many of, where a table costs several times the time; for such
 * members of the nodes of linked lists; for larger structs of fixed size; and
 * for foreign types, which their owner's functions move. Each function takes a
 * whole array. Members of fixed size, and strings when encoding, share one
 * check of the bytes that are left; nested structs are taken apart for that.
 */
#include <string.h>

#include "gen/c/c.h"
#include "idl/mem.h"

/* A member: a scalar, opaque[n], or text. */
struct item {
	const struct fy_type *type;
	const char *path;
	uint64_t wire; /* bytes in a run; of text those of the length */
	bool is_text;
};

/* A function while it is made. */
struct code {
	struct fy_c *c;
	enum fy_c_mode mode;
	struct fy_emit body;
	const struct item *items;
	size_t n_items;
	const char *text;	       /* "text_": not to be inlined, or "" */
	bool is_bytes[FY_C_RUN_TEXTS]; /* the types of s0, s1 ... */
	size_t n_texts;
	bool uses_p;
	bool uses_bad;
};

/* ---- members ---- */

/* Members of one struct, those of nested ones among them. */
struct members {
	struct fy_c *c;
	struct item items[FY_C_CODE_ITEMS];
	size_t n; /* more than there is room for: not code */
};

static void
add_item(struct members *all, const struct fy_type *type, const char *path,
	 bool is_text)
{
	if (all->n < FY_C_CODE_ITEMS)
		all->items[all->n] = (struct item){ type, path, type->wire_min,
						    is_text };
	all->n++;
}

static void
give_up(struct members *all)
{
	all->n = FY_C_CODE_ITEMS + 1;
}

static void
collect(struct members *all, const struct fy_type *type, const char *path)
{
	struct fy_c *c = all->c;
	const struct fy_type *base = fy_c_base(type);
	const struct fy_c_type *t;

	if (base->kind == FY_KIND_ALIAS &&
	    base->element->kind == FY_KIND_OPAQUE) {
		path = fy_c_join(c, path, ".data", NULL, NULL);
		base = base->element;
	}
	if (fy_c_is_scalar(base)) {
		add_item(all, base, path, false);
	} else if (base->kind == FY_KIND_STRING ||
		   base->kind == FY_KIND_BYTES) {
		add_item(all, base, path, true);
	} else if (base->kind == FY_KIND_OPAQUE &&
		   !fy_c_by_pointer(c, base, false)) {
		add_item(all, base, path, false);
	} else if (base->kind == FY_KIND_ARRAY &&
		   base->bound <= FY_C_CODE_ITEMS - all->n &&
		   fy_c_is_scalar(fy_c_base(base->element))) {
		for (uint64_t i = 0; i < base->bound; i++)
			add_item(all, fy_c_base(base->element),
				 fy_c_join(c, path, "[", fy_c_u64(c, i), "]"),
				 false);
	} else if (base->kind == FY_KIND_STRUCT && all->n < FY_C_CODE_ITEMS) {
		t = fy_c_find(c, base);
		for (size_t i = 0; i < base->n_fields; i++)
			collect(all, base->fields[i].type,
				fy_c_join(c, path, ".", t->members[i], NULL));
	} else {
		give_up(all);
	}
}

/* Those of @n fields from @first on. */
static struct members
collect_some(struct fy_c *c, const struct fy_c_type *t, size_t first, size_t n)
{
	struct members all = { .c = c };

	for (size_t i = first; i < first + n; i++)
		collect(&all, t->type->fields[i].type,
			fy_c_join(c, "v->", t->members[i], NULL, NULL));
	return all;
}

bool
fy_c_can_be_code(struct fy_c *c, const struct fy_c_type *t)
{
	size_t n;

	if (t->type->kind == FY_KIND_FOREIGN)
		return true;
	if (t->type->kind != FY_KIND_STRUCT || t->is_next)
		return false;
	if (!t->is_item && !fy_c_is_fixed(t->type))
		return false;
	n = collect_some(c, t, 0, t->type->n_fields).n;
	return n >= (t->is_item ? 1 : FY_C_SINGLE_ITEMS) &&
	       n <= FY_C_CODE_ITEMS;
}

size_t
fy_c_find_part(struct fy_c *c, const struct fy_c_type *t, size_t first)
{
	size_t n = 0;

	if (!t->is_next)
		return 0;
	while (first + n < t->type->n_fields &&
	       collect_some(c, t, first, n + 1).n <= FY_C_CODE_ITEMS)
		n++;
	return collect_some(c, t, first, n).n >= FY_C_PART_ITEMS ? n : 0;
}

/* ---- one item of a run ---- */

static const char *
at(struct fy_c *c, uint64_t offset)
{
	return offset ? fy_c_join(c, "p + ", fy_c_u64(c, offset), NULL, NULL)
		      : "p";
}

/* Of an enum without gaps the range, of another its values. */
static const char *
enum_form(const struct fy_type *type, const char *within, const char *values,
	  int32_t *low, uint32_t *span)
{
	int64_t least = INT32_MAX, most = INT32_MIN;
	size_t n = 0;

	for (size_t i = 0; i < type->n_enumerators; i++) {
		int32_t value = type->enumerators[i].value;
		bool again = false;

		for (size_t j = 0; j < i && !again; j++)
			again = type->enumerators[j].value == value;
		n += !again;
		least = value < least ? value : least;
		most = value > most ? value : most;
	}
	*low = (int32_t)least;
	*span = (uint32_t)(most - least);
	return (size_t)(most - least) == n - 1 ? within : values;
}

static const char *
put_form(const struct fy_type *type)
{
	switch (type->kind) {
	case FY_KIND_FLOAT:
		return "ferry_store_f32($p, &$path);\n";
	case FY_KIND_DOUBLE:
		return "ferry_store_f64($p, &$path);\n";
	case FY_KIND_QUADRUPLE:
		return "ferry_store_quadruple($p, &$path);\n";
	case FY_KIND_HYPER:
		return "ferry_store_u64($p, (uint64_t)$path);\n";
	case FY_KIND_UHYPER:
		return "ferry_store_u64($p, $path);\n";
	case FY_KIND_OPAQUE:
		return "ferry_store_opaque($p, $path, $bound);\n";
	case FY_KIND_UINT:
	case FY_KIND_UCHAR:
	case FY_KIND_USHORT:
	case FY_KIND_BOOL:
		return "ferry_store_u32($p, $path);\n";
	default:
		return "ferry_store_u32($p, (uint32_t)$path);\n";
	}
}

static const char *
get_form(const struct fy_type *type)
{
	switch (type->kind) {
	case FY_KIND_FLOAT:
		return "ferry_load_f32($p, &$path);\n";
	case FY_KIND_DOUBLE:
		return "ferry_load_f64($p, &$path);\n";
	case FY_KIND_QUADRUPLE:
		return "ferry_load_quadruple($p, &$path);\n";
	case FY_KIND_INT:
		return "$path = (int32_t)ferry_load_u32($p);\n";
	case FY_KIND_UINT:
		return "$path = ferry_load_u32($p);\n";
	case FY_KIND_HYPER:
		return "$path = (int64_t)ferry_load_u64($p);\n";
	case FY_KIND_UHYPER:
		return "$path = ferry_load_u64($p);\n";
	case FY_KIND_CHAR:
		return "$path = (int8_t)ferry_load_within(d, $p, INT8_MIN, "
		       "UINT8_MAX);\n";
	case FY_KIND_UCHAR:
		return "$path = (uint8_t)ferry_load_within(d, $p, 0, "
		       "UINT8_MAX);\n";
	case FY_KIND_SHORT:
		return "$path = (int16_t)ferry_load_within(d, $p, INT16_MIN, "
		       "UINT16_MAX);\n";
	case FY_KIND_USHORT:
		return "$path = (uint16_t)ferry_load_within(d, $p, 0, "
		       "UINT16_MAX);\n";
	case FY_KIND_BOOL:
		return "$path = ferry_load_bool(d, $p);\n";
	default:
		return "memcpy($path, $p, $bound);\n";
	}
}

static void
emit_enum(struct code *code, const struct item *item, const char *p)
{
	struct fy_c *c = code->c;
	const struct fy_c_type *t = fy_c_find(c, item->type);
	bool put = code->mode == FY_C_PUT;
	int32_t low;
	uint32_t span;
	const char *form = enum_form(
		item->type,
		put ? "ferry_store_within(e, $p, (uint32_t)$path, $low, "
		      "$span);\n"
		    : "$path = ($type)ferry_load_within(d, $p, $low, $span);\n",
		put ? "ferry_store_enum(e, $p, (uint32_t)$path, &$values);\n"
		    : "$path = ($type)ferry_load_enum(d, $p, &$values);\n",
		&low, &span);

	fy_emit(&code->body, form, "p", p, "path", item->path, "low",
		fy_c_i64(c, low), "span", fy_c_u64(c, span), "type",
		t->spelled, "values", t->rows);
}

static void
emit_item(struct code *code, const struct item *item, uint64_t offset)
{
	struct fy_c *c = code->c;
	const char *p = at(c, offset);

	if (item->type->kind == FY_KIND_ENUM)
		emit_enum(code, item, p);
	else
		fy_emit(&code->body,
			code->mode == FY_C_PUT ? put_form(item->type)
					       : get_form(item->type),
			"p", p, "path", item->path, "bound",
			fy_c_u64(c, item->type->bound));
}

/* ---- runs ---- */

/* Padding is looked at by ferry_get_opaque(). */
static bool
has_padding(const struct item *item)
{
	return item->type->kind == FY_KIND_OPAQUE && item->type->bound % 4;
}

/* One past the last item that shares a run with the one at @first. */
static size_t
find_end(const struct code *code, size_t first)
{
	size_t n_texts = 0;

	for (size_t i = first; i < code->n_items; i++) {
		const struct item *item = &code->items[i];

		if (code->mode == FY_C_GET &&
		    (item->is_text || has_padding(item)))
			return i;
		if (item->is_text && ++n_texts > FY_C_RUN_TEXTS)
			return i;
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
emit_texts(struct code *code, size_t first, size_t end)
{
	struct fy_c *c = code->c;
	uint64_t fixed = 0;
	const char *sum = "";
	size_t n = 0;

	for (size_t i = first; i < end; i++) {
		const struct item *item = &code->items[i];
		const char *name;

		fixed += item->wire;
		if (!item->is_text)
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
	code->n_texts = n > code->n_texts ? n : code->n_texts;
	return fy_c_join(c, fy_c_u64(c, fixed), sum, NULL, NULL);
}

static void
emit_run(struct code *code, size_t first, size_t end)
{
	struct fy_c *c = code->c;
	const char *size = emit_texts(code, first, end);
	uint64_t offset = 0;
	size_t n_texts = 0;

	code->uses_p = true;
	fy_emit(&code->body,
		"p = ferry_$mode_run($coder, $size);\n"
		"if (!p)\n"
		"\treturn;\n",
		"mode", code->mode == FY_C_PUT ? "put" : "get", "coder",
		code->mode == FY_C_PUT ? "e" : "d", "size", size);
	for (size_t i = first; i < end; i++) {
		const struct item *item = &code->items[i];

		if (!item->is_text) {
			emit_item(code, item, offset);
			offset += item->wire;
			continue;
		}
		fy_emit(&code->body,
			i + 1 < end ? "p = ferry_$text$store_$kind($p, $name);\n"
				    : "ferry_$text$store_$kind($p, $name);\n",
			"text", code->text, "store", "store", "kind",
			item->type->kind == FY_KIND_BYTES ? "bytes" : "str",
			"p", at(c, offset), "name", text_name(c, n_texts++));
		offset = 0;
	}
}

/* What shares no run when decoding. */
static void
emit_get(struct code *code, const struct item *item)
{
	const char *form = "$path = ferry_$text$get_str(d, $bound);\n";

	if (item->type->kind == FY_KIND_BYTES)
		form = "$path = ferry_$text$get_bytes(d, $bound);\n";
	if (item->type->kind == FY_KIND_OPAQUE)
		form = "ferry_get_opaque(d, $path, $bound);\n";
	fy_emit(&code->body, form, "path", item->path, "text", code->text,
		"get", "get", "bound", fy_c_bound(code->c, item->type));
}

static void
emit_items(struct code *code)
{
	for (size_t i = 0; i < code->n_items;) {
		size_t end = find_end(code, i);

		if (end > i)
			emit_run(code, i, end);
		else
			emit_get(code, &code->items[end++]);
		i = end;
	}
}

/* ---- functions ---- */

static void
emit_head(struct fy_c *c, const struct fy_c_type *t, enum fy_c_mode mode)
{
	static const char *const forms[] = {
		"static size_t\n$name(const void *items, size_t n)\n{\n"
		"\tconst $v = items;\n",
		"static void\n$name(struct ferry_encoder *e, const void *items,"
		" size_t n)\n{\n"
		"\tconst $v = items;\n",
		"static void\n$name(struct ferry_decoder *d, void *items,"
		" size_t n)\n{\n"
		"\t$v = items;\n",
	};

	fy_emit(&c->source, forms[mode], "name", t->code[mode], "v",
		fy_c_declare(c, t->spelled, "*v"));
}

/* Code for one text is 200 bytes: more than one is called. */
static const char *
text_prefix(const struct members *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += all->items[i].is_text;
	return n > 1 ? "text_" : "";
}

static void
emit_move(struct fy_c *c, const struct fy_c_type *t,
	  const struct members *all, enum fy_c_mode mode)
{
	struct fy_emit *e = &c->source;
	struct code code = { .c = c, .mode = mode, .items = all->items,
			     .n_items = all->n, .text = text_prefix(all) };

	fy_emit_init(&code.body, c->mem);
	code.body.indent = 2;
	emit_items(&code);

	emit_head(c, t, mode);
	e->indent = 1;
	for (size_t i = 0; i < code.n_texts; i++)
		fy_emit(e, "struct $kind s$i;\n", "kind",
			code.is_bytes[i] ? "ferry_bytes" : "ferry_str", "i",
			fy_c_u64(c, i));
	if (code.uses_p)
		fy_emit(e, mode == FY_C_PUT ? "uint8_t *p;\n"
					    : "const uint8_t *p;\n");
	fy_emit(e, "\nfor (; n > 0; n--, v++) {\n");
	fy_emit_append(e, &code.body);
	fy_emit(e, "}\n");
	if (code.uses_bad)
		fy_emit(e, "return;\n\n");
	e->indent = 0;
	if (code.uses_bad)
		fy_emit(e, "bad:\n\tferry_put_fail(e, FERRY_EENCODE);\n");
	fy_emit(e, "}\n\n");
}

static void
emit_size(struct fy_c *c, const struct fy_c_type *t, const struct members *all)
{
	struct fy_emit *e = &c->source;
	uint64_t fixed = 0;

	for (size_t i = 0; i < all->n; i++)
		fixed += all->items[i].wire;
	emit_head(c, t, FY_C_SIZE);
	fy_emit(e, "\tsize_t bytes = n * $fixed;\n\n"
		   "\tfor (; n > 0; n--, v++) {\n",
		"fixed", fy_c_u64(c, fixed));
	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].is_text)
			fy_emit(e,
				"\t\tbytes += (size_t)ferry_padded($path.len);"
				"\n",
				"path", all->items[i].path);
	fy_emit(e, "\t}\n\treturn bytes;\n}\n\n");
}

/* By the functions of the type's owner. */
static void
emit_foreign(struct fy_c *c, const struct fy_c_type *t)
{
	static const char *const bodies[] = {
		"\tsize_t bytes = 0, part;\n\n"
		"\tfor (; n > 0; n--) {\n"
		"\t\tpart = $function(v++);\n"
		"\t\tif (part >= UINT32_MAX - bytes)\n"
		"\t\t\treturn SIZE_MAX;\n"
		"\t\tbytes += part;\n"
		"\t}\n"
		"\treturn bytes;\n}\n\n",
		"\n\tfor (; n > 0 && !e->err; n--)\n"
		"\t\t$function(e, v++);\n}\n\n",
		"\n\tfor (; n > 0 && !d->err; n--)\n"
		"\t\t$function(d, v++);\n}\n\n",
	};

	for (int i = 0; i < FY_C_N_MODES; i++) {
		emit_head(c, t, (enum fy_c_mode)i);
		fy_emit(&c->source, bodies[i], "function", t->function[i]);
	}
}

static void
emit_members(struct fy_c *c, const struct fy_c_type *t,
	     const struct members *all, bool fixed)
{
	if (!fixed)
		emit_size(c, t, all);
	emit_move(c, t, all, FY_C_PUT);
	emit_move(c, t, all, FY_C_GET);
}

static void
emit_table(struct fy_c *c, const struct fy_c_type *t, bool fixed)
{
	fy_emit(&c->source,
		"static const struct ferry_code $code = {\n"
		"\t$size, $put, $get,\n"
		"};\n\n",
		"code", t->code[FY_C_N_MODES], "size",
		fixed ? "NULL" : t->code[FY_C_SIZE], "put", t->code[FY_C_PUT],
		"get", t->code[FY_C_GET]);
}

void
fy_c_emit_code(struct fy_c *c, const struct fy_c_type *t)
{
	bool foreign = t->type->kind == FY_KIND_FOREIGN;
	bool fixed = fy_c_is_fixed(t->type) && !foreign;
	struct members all;

	if (foreign) {
		emit_foreign(c, t);
	} else {
		all = collect_some(c, t, 0, t->type->n_fields);
		emit_members(c, t, &all, fixed);
	}
	emit_table(c, t, fixed);
}

struct fy_c_part
fy_c_emit_part(struct fy_c *c, const struct fy_c_type *t, size_t first,
	       size_t n)
{
	struct members all = collect_some(c, t, first, n);
	const char *name = fy_c_join(c, t->name, "_", t->members[first], NULL);
	static const char *const starts[] = { "size_", "put_", "get_" };
	struct fy_c_type part = { .spelled = t->spelled };
	uint64_t wire = 0;
	bool fixed = true;

	for (size_t i = 0; i < all.n; i++) {
		fixed &= !all.items[i].is_text;
		wire += all.items[i].wire;
	}
	for (int i = 0; i < FY_C_N_MODES; i++)
		part.code[i] = fy_c_claim(c, starts[i], name, "");
	part.code[FY_C_N_MODES] = fy_c_claim(c, "", name, "_code");
	emit_members(c, &part, &all, fixed);
	emit_table(c, &part, fixed);
	return (struct fy_c_part){ part.code[FY_C_N_MODES], fixed ? wire : 0 };
}
