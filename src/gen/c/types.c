/* SPDX-License-Identifier: MIT */
/* The definitions of the header: constants, types, % lines at their place. */
#include <inttypes.h>
#include <string.h>

#include "gen/c/c.h"
#include "idl/mem.h"

/* ---- comments ---- */

/* "entry, dir.x:1" and the comment of the interface file. */
static void
comment(struct fy_c *c, const struct fy_type *type)
{
	const char *file = strrchr(type->place.file, '/');
	const char *where;

	file = file ? file + 1 : type->place.file;
	/* "<rpc/rpc.h>" stands for a name that is no file's. */
	if (*type->place.file == '<')
		file = "ferry";
	where = fy_c_join(c, file, ":", fy_c_u64(c, type->place.line), NULL);
	if (*type->place.file == '<')
		where = "as in rpc/rpc.h";
	if (type->doc)
		where = fy_c_join(c, where, "\n\n", type->doc, NULL);
	fy_emit_comment(&c->header, where);
}

/* What C cannot say of a member: "at most 255 bytes"; NULL: nothing. */
static const char *
limit(struct fy_c *c, const struct fy_type *type, bool is_arm)
{
	const struct fy_type *base = fy_c_base(type);
	const char *unit = base->kind == FY_KIND_LIST ||
					   base->kind == FY_KIND_ARRAY
				   ? " items"
				   : " bytes";

	if (fy_c_by_pointer(c, type, is_arm)) {
		if (type->kind != FY_KIND_OPAQUE && type->kind != FY_KIND_ARRAY)
			return "not NULL";
		return fy_c_join(c, "exactly ", fy_c_u64(c, type->bound), unit,
				 NULL);
	}
	switch (base->kind) {
	case FY_KIND_OPTIONAL:
		return "or NULL";
	case FY_KIND_STRING:
	case FY_KIND_BYTES:
	case FY_KIND_LIST:
		if (base->bound == FY_NO_BOUND)
			return NULL;
		return fy_c_join(c, "at most ", fy_c_u64(c, base->bound), unit,
				 NULL);
	default:
		return NULL;
	}
}

static void
member_comment(struct fy_c *c, const char *doc, const char *what)
{
	if (doc && what)
		doc = fy_c_join(c, doc, strchr(doc, '\n') ? "\n" : "; ", what,
				NULL);
	if (doc || what)
		fy_emit_comment(&c->header, doc ? doc : what);
}

/* ---- members ---- */

/*
 * A type as @name's declaration has it. C++ takes a member that is called as
 * its type's typedef for an error: then what the typedef means is written.
 */
static const char *
spell_member(struct fy_c *c, const struct fy_c_type *owner,
	     const struct fy_type *type)
{
	size_t n = owner->type->n_fields + owner->type->n_arms;
	const char *spelled = fy_c_spell(c, type);

	if (type->kind != FY_KIND_ALIAS || fy_c_base(type) == type)
		return spelled;
	for (size_t i = 0; i < n; i++)
		if (owner->members[i] &&
		    strcmp(owner->members[i], spelled) == 0)
			return spell_member(c, owner, type->element);
	if (owner->discriminant && strcmp(owner->discriminant, spelled) == 0)
		return spell_member(c, owner, type->element);
	return spelled;
}

static void
emit_member(struct fy_c *c, const struct fy_c_type *owner,
	    const struct fy_type *type, const char *name, bool is_arm)
{
	struct fy_emit *e = &c->header;
	bool pointer = fy_c_by_pointer(c, type, is_arm);
	const struct fy_type *item = type;
	const char *spelled;

	if (type->kind == FY_KIND_ARRAY || type->kind == FY_KIND_LIST ||
	    type->kind == FY_KIND_OPTIONAL)
		item = type->element;
	if (type->kind == FY_KIND_LIST || type->kind == FY_KIND_OPTIONAL)
		pointer = true;
	spelled = spell_member(c, owner, item);
	if (pointer)
		spelled = fy_c_declare(c, spelled, "*");
	fy_emit(e, "$member", "member", fy_c_declare(c, spelled, name));
	if (!pointer && (type->kind == FY_KIND_ARRAY ||
			 type->kind == FY_KIND_OPAQUE))
		fy_emit(e, "[$n]", "n", fy_c_bound(c, type));
	fy_emit(e, ";\n");
}

static void
emit_fields(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_emit *e = &c->header;
	const struct fy_type *type = t->type;

	for (size_t i = 0; i < type->n_fields; i++) {
		const struct fy_field *field = &type->fields[i];

		member_comment(c, field->doc, limit(c, field->type, false));
		if (field->type->kind == FY_KIND_LIST)
			fy_emit(e, "uint32_t $count;\n", "count", t->counts[i]);
		emit_member(c, t, field->type, t->members[i], false);
	}
	if (!type->n_fields)
		fy_emit(e, "char none;\n");
}

/* "case A, B" of a union's arm. */
static const char *
arm_labels(struct fy_c *c, const struct fy_arm *arm)
{
	const char *text = "default";

	for (size_t i = 0; i < arm->n_labels; i++) {
		const struct fy_label *label = &arm->labels[i];
		const char *name = label->name;

		if (!name)
			name = fy_format(c->mem, "%" PRId64, label->value);
		text = fy_c_join(c, i ? text : "case", i ? ", " : " ",
				 name ? name : "", NULL);
	}
	return text;
}

static void
emit_arm(struct fy_c *c, const struct fy_c_type *t, size_t i)
{
	struct fy_emit *e = &c->header;
	const struct fy_arm *arm = &t->type->arms[i];
	const char *what = limit(c, arm->type, true);
	const char *labels = arm_labels(c, arm);

	if (what)
		labels = fy_c_join(c, labels, ": ", what, NULL);
	member_comment(c, arm->doc, labels);
	if (arm->type->kind != FY_KIND_LIST) {
		emit_member(c, t, arm->type, t->members[i], true);
		return;
	}
	fy_emit(e, "struct {\n");
	e->indent++;
	fy_emit(e, "uint32_t n_items;\n");
	emit_member(c, t, arm->type, "items", true);
	e->indent--;
	fy_emit(e, "} $name;\n", "name", t->members[i]);
}

static void
emit_arms(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_emit *e = &c->header;
	bool any = false;

	emit_member(c, t, t->type->discriminant, t->discriminant, false);
	for (size_t i = 0; i < t->type->n_arms; i++)
		any = any || t->members[i];
	if (!any)
		return;
	fy_emit(e, "union {\n");
	e->indent++;
	for (size_t i = 0; i < t->type->n_arms; i++)
		if (t->members[i])
			emit_arm(c, t, i);
	e->indent--;
	fy_emit(e, "} u;\n");
}

/* typedef T name<>, name[n], opaque name[n]: a struct of its own. */
static void
emit_items(struct fy_c *c, const struct fy_c_type *t)
{
	const struct fy_type *made = t->type->element;

	member_comment(c, NULL, limit(c, made, false));
	if (made->kind == FY_KIND_LIST)
		fy_emit(&c->header, "uint32_t n_items;\n");
	emit_member(c, t, made,
		    made->kind == FY_KIND_OPAQUE ? "data" : "items", false);
}

/* ---- definitions ---- */

static void
emit_enum(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_emit *e = &c->header;

	fy_emit(e, "enum $name {\n", "name", t->name);
	e->indent++;
	for (size_t i = 0; i < t->type->n_enumerators; i++) {
		const struct fy_enumerator *one = &t->type->enumerators[i];
		struct fy_c_value *value = fy_c_value(c, one->name);

		member_comment(c, one->doc, NULL);
		fy_emit(e, "$name = $value,\n", "name", value->name, "value",
			fy_c_i64(c, one->value));
		value->declared = true;
	}
	e->indent--;
	fy_emit(e, "};\n\n");
}

static void
emit_struct(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_emit *e = &c->header;

	fy_emit(e, "struct $name {\n", "name", t->name);
	e->indent++;
	if (t->type->kind == FY_KIND_STRUCT)
		emit_fields(c, t);
	else if (t->type->kind == FY_KIND_UNION)
		emit_arms(c, t);
	else
		emit_items(c, t);
	e->indent--;
	fy_emit(e, "};\n\n");
}

static void
emit_typedef(struct fy_c *c, struct fy_c_type *t)
{
	fy_emit(&c->header, "typedef $declaration;\n\n", "declaration",
		fy_c_declare(c, fy_c_spell(c, t->type->element), t->name));
}

static void
emit_type(struct fy_c *c, struct fy_c_type *t)
{
	const struct fy_type *base = fy_c_base(t->type);

	if (t->same || t->type->kind == FY_KIND_FOREIGN ||
	    base->kind == FY_KIND_STRING || base->kind == FY_KIND_BYTES) {
		t->declared = true;
		return;
	}
	comment(c, t->type);
	if (t->type->kind == FY_KIND_ENUM)
		emit_enum(c, t);
	else if (fy_c_is_record(t->type) && base == t->type)
		emit_struct(c, t);
	else
		emit_typedef(c, t);
	t->declared = true;
}

/* Whether C has the escape at @s, a backslash, which is no number. */
static bool
is_escape(const char *s)
{
	return s[1] && strchr("'\"?\\abfnrtv", s[1]);
}

/* Three octal digits, which no digit behind them makes longer. */
static size_t
put_octal(char *out, unsigned byte)
{
	out[0] = '\\';
	out[1] = (char)('0' + (byte >> 6 & 3));
	out[2] = (char)('0' + (byte >> 3 & 7));
	out[3] = (char)('0' + (byte & 7));
	return 4;
}

/*
 * The number that \x or an octal escape at @s, a backslash, stands for, of
 * which a char has the lowest 8 bits: C refuses more. Return: its characters;
 * 0 if it is another escape.
 */
static size_t
read_number(const char *s, unsigned *byte)
{
	static const char digits[] = "0123456789abcdef";
	bool hex = s[1] == 'x';
	size_t first = hex ? 2 : 1, n = first;

	*byte = 0;
	for (; s[n] && (hex || n < 4); n++) {
		const char *digit = strchr(digits, s[n] | 0x20);

		if (s[n] < '0' || !digit || digit - digits >= (hex ? 16 : 8))
			break;
		*byte = (*byte << (hex ? 4 : 3) | (unsigned)(digit - digits)) &
			0xff;
	}
	return n > first ? n : 0;
}

/*
 * A text of the file as C has it on any compiler: "a??/" would end in a
 * backslash (C11 5.2.1.1), and \? is the same ?, alone; a control character
 * may end the line. What is no escape stands for itself, as compilers have it
 * that warn of it.
 */
static const char *
c_text(struct fy_c *c, const char *text)
{
	char *copy = fy_new(c->mem, 4 * strlen(text) + 1);
	size_t len = 0;

	if (!copy) {
		c->header.err = FERRY_ENOMEM;
		return "";
	}
	for (const char *s = text; *s; s++) {
		unsigned byte = (unsigned char)*s;
		size_t n = *s == '\\' ? read_number(s, &byte) : 0;

		if (n) {
			len += put_octal(copy + len, byte);
			s += n - 1;
		} else if (*s == '\\' && is_escape(s)) {
			copy[len++] = *s++;
			copy[len++] = *s;
		} else if ((unsigned char)*s < ' ' ||
			   (unsigned char)*s >= 0x7f) {
			len += put_octal(copy + len, (unsigned char)*s);
		} else if (*s != '\\') {
			if (*s == '?' && s > text && s[-1] == '?')
				copy[len++] = '\\';
			copy[len++] = *s;
		}
	}
	return copy;
}

static void
emit_const(struct fy_c *c, const struct fy_const *constant)
{
	struct fy_c_value *value = fy_c_value(c, constant->name);
	bool hex = constant->spelled && constant->spelled[0] == '0' &&
		   (constant->spelled[1] | 32) == 'x';
	uint64_t bits = (uint64_t)constant->value;
	const char *type = "uint64_t", *text, *end = "u";

	if (hex || constant->is_unsigned || constant->value >= 0)
		text = fy_format(c->mem, hex ? "0x%" PRIx64 : "%" PRIu64, bits);
	else if (constant->value == INT64_MIN || constant->value == INT32_MIN)
		text = fy_format(c->mem, "%" PRId64 " - 1",
				 constant->value + 1);
	else
		text = fy_format(c->mem, "%" PRId64, constant->value);
	if (constant->value < 0 && !constant->is_unsigned)
		type = "int64_t", end = "";
	else if (bits <= UINT32_MAX)
		type = "uint32_t";
	member_comment(c, constant->doc, NULL);
	if (constant->text)
		fy_emit(&c->header, "static const char $name[] = $text;\n",
			"name", value->name, "text",
			c_text(c, constant->text));
	else if (value->is_int)
		fy_emit(&c->header, "enum { $name = $text };\n", "name",
			value->name, "text", text);
	else
		fy_emit(&c->header, "static const $type $name = $text$end;\n",
			"type", type, "name", value->name, "text", text, "end",
			end);
	value->declared = true;
}

/* All structs may be pointed at before they are defined. */
static void
emit_forward(struct fy_c *c)
{
	bool any = false;

	for (size_t i = 0; i < c->n_types; i++) {
		const struct fy_c_type *t = &c->types[i];

		if (t->same || !t->early || !fy_c_is_record(t->type))
			continue;
		fy_emit(&c->header, "struct $name;\n", "name", t->name);
		any = true;
	}
	if (any)
		fy_emit(&c->header, "\n");
}

void
fy_c_types(struct fy_c *c)
{
	const struct fy_model *model = c->model;
	size_t n_done = 0;

	emit_forward(c);
	for (size_t i = 0; i < model->n_defs; i++) {
		const struct fy_def *def = &model->defs[i];
		const struct fy_def *next = def + 1;
		bool last = i + 1 == model->n_defs || next->kind != def->kind;

		if (def->kind == FY_DEF_PASS)
			fy_emit_raw(&c->header, def->text);
		else if (def->kind == FY_DEF_CONST)
			emit_const(c, def->constant);
		/* The model's order has what a type needs before it. */
		while (def->kind == FY_DEF_TYPE && n_done < c->n_types &&
		       !fy_c_find(c, def->type)->declared)
			emit_type(c, &c->types[n_done++]);
		if (last && (def->kind == FY_DEF_PASS ||
			     def->kind == FY_DEF_CONST))
			fy_emit(&c->header, "\n");
	}
	while (n_done < c->n_types)
		emit_type(c, &c->types[n_done++]);
}
