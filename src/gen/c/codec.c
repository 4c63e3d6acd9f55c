/* SPDX-License-Identifier: MIT */
/*
 * Codecs: for each type a table of its members, by which the library encodes
 * and decodes (include/ferry/codec.h says what the rows mean).
 */
#include <inttypes.h>
#include <stdlib.h>

#include "gen/c/c.h"
#include "idl/mem.h"

/* Rows while they are made, and scalars side by side that wait for more. */
struct table {
	struct fy_c *c;
	const char *owner; /* "struct entry": whose members they are; or NULL */
	struct fy_emit rows;
	uint64_t n_rows;
	const struct fy_type *scalar; /* NULL: none waits */
	const char *scalar_offset;
	uint64_t n_scalars;
};

static const char *const kinds[] = {
	[FY_KIND_INT] = "INT",	     [FY_KIND_UINT] = "UINT",
	[FY_KIND_CHAR] = "CHAR",     [FY_KIND_UCHAR] = "UCHAR",
	[FY_KIND_SHORT] = "SHORT",   [FY_KIND_USHORT] = "USHORT",
	[FY_KIND_BOOL] = "BOOL",     [FY_KIND_FLOAT] = "FLOAT",
	[FY_KIND_HYPER] = "HYPER",   [FY_KIND_UHYPER] = "UHYPER",
	[FY_KIND_DOUBLE] = "DOUBLE", [FY_KIND_QUADRUPLE] = "QUADRUPLE",
	[FY_KIND_ENUM] = "ENUM",
};

/* ---- which codec a type has ---- */

/* Of typedefs of typedefs the first, whose codec does for all. */
static const struct fy_type *
first_alias(const struct fy_type *type)
{
	while (type->kind == FY_KIND_ALIAS &&
	       type->element->kind == FY_KIND_ALIAS)
		type = type->element;
	return type;
}

static bool
is_text(const struct fy_type *base)
{
	return base->kind == FY_KIND_STRING || base->kind == FY_KIND_BYTES;
}

bool
fy_c_has_codec(const struct fy_c_type *t)
{
	const struct fy_type *base = fy_c_base(t->type);

	if (t->same || base->kind < FY_KIND_VOID)
		return false;
	if (is_text(base))
		return base->bound != FY_NO_BOUND &&
		       first_alias(t->type) == t->type;
	return base == t->type || (base->kind == FY_KIND_OPTIONAL &&
				   first_alias(t->type) == t->type);
}

const char *
fy_c_codec(struct fy_c *c, const struct fy_type *type)
{
	const struct fy_type *base = fy_c_base(type);

	if (base->kind == FY_KIND_VOID)
		return "NULL";
	if (base->kind == FY_KIND_STRING && base->bound == FY_NO_BOUND)
		return "&ferry_codec_string";
	if (base->kind == FY_KIND_BYTES && base->bound == FY_NO_BOUND)
		return "&ferry_codec_bytes";
	if (is_text(base) || base->kind == FY_KIND_OPTIONAL)
		base = first_alias(type);
	return fy_c_join(c, "&", fy_c_find(c, base)->codec, NULL, NULL);
}

/* ---- rows ---- */

static void
add_row(struct table *table, const char *kind, const char *offset,
	const char *bound, const char *of)
{
	fy_emit(&table->rows,
		"{ FERRY_KIND_$kind, $offset, $bound, { $of } },\n", "kind",
		kind, "offset", offset, "bound", bound, "of", of);
	table->n_rows++;
}

static void
flush_scalars(struct table *table)
{
	const struct fy_type *type = table->scalar;
	const char *of = "NULL";

	if (!type)
		return;
	if (type->kind == FY_KIND_ENUM)
		of = fy_c_join(table->c, ".values = &",
			       fy_c_find(table->c, type)->rows, NULL, NULL);
	table->scalar = NULL;
	add_row(table, kinds[type->kind], table->scalar_offset,
		fy_c_u64(table->c, table->n_scalars), of);
}

/* Neighbours of one type have no room between them: one row does. */
static void
add_scalars(struct table *table, const struct fy_type *base,
	    const char *offset, uint64_t n)
{
	const struct fy_type *last = table->scalar;

	if (last && last->kind == base->kind &&
	    (base->kind != FY_KIND_ENUM || last == base)) {
		table->n_scalars += n;
		return;
	}
	flush_scalars(table);
	table->scalar = base;
	table->scalar_offset = offset;
	table->n_scalars = n;
}

static const char *
offset_of(struct table *table, const char *path)
{
	if (!table->owner)
		return "0";
	return fy_c_join(table->c, "offsetof(", table->owner, ", ",
			 fy_c_join(table->c, path, ")", NULL, NULL));
}

/* A member of @type, not a typedef but of a declarator, at @path. */
struct member {
	const struct fy_type *type;
	const char *path;
	const char *count; /* of a list: where its length is */
	bool is_arm;
};

static void
add_array(struct table *table, const struct member *m)
{
	struct fy_c *c = table->c;
	const struct fy_type *element = fy_c_base(m->type->element);
	bool pointer = fy_c_by_pointer(c, m->type, m->is_arm);

	if (!pointer && fy_c_is_scalar(element))
		add_scalars(table, element, offset_of(table, m->path),
			    m->type->bound);
	else
		add_row(table, pointer ? "ARRAY_AT" : "ARRAY",
			offset_of(table, m->path), fy_c_bound(c, m->type),
			fy_c_codec(c, m->type->element));
}

static void
add_list(struct table *table, const struct member *m)
{
	struct fy_c *c = table->c;

	add_row(table, "LIST", offset_of(table, m->path),
		fy_c_bound(c, m->type), fy_c_codec(c, m->type->element));
	add_row(table, "COUNT", offset_of(table, m->count), "0", "NULL");
}

static void
add_member(struct table *table, const struct member *m)
{
	struct fy_c *c = table->c;
	const struct fy_type *base = fy_c_base(m->type);
	const char *offset = offset_of(table, m->path);
	bool pointer = fy_c_by_pointer(c, base, m->is_arm);

	if (!fy_c_is_scalar(base) &&
	    (base->kind != FY_KIND_ARRAY || pointer ||
	     !fy_c_is_scalar(fy_c_base(base->element))))
		flush_scalars(table);
	switch (base->kind) {
	case FY_KIND_VOID:
		add_row(table, "VOID", "0", "0", "NULL");
		break;
	case FY_KIND_STRING:
		add_row(table, "STRING", offset, fy_c_bound(c, base), "NULL");
		break;
	case FY_KIND_BYTES:
		add_row(table, "BYTES", offset, fy_c_bound(c, base), "NULL");
		break;
	case FY_KIND_OPAQUE:
		add_row(table, pointer ? "OPAQUE_AT" : "OPAQUE", offset,
			fy_c_bound(c, base), "NULL");
		break;
	case FY_KIND_ARRAY:
		add_array(table, m);
		break;
	case FY_KIND_LIST:
		add_list(table, m);
		break;
	case FY_KIND_OPTIONAL:
		add_row(table, "OPTIONAL", offset, "0",
			fy_c_codec(c, base->element));
		break;
	case FY_KIND_STRUCT:
	case FY_KIND_UNION:
	case FY_KIND_ALIAS:
	case FY_KIND_FOREIGN:
		add_row(table, pointer ? "RECORD_AT" : "RECORD", offset, "0",
			fy_c_codec(c, base));
		break;
	default:
		add_scalars(table, base, offset, 1);
		break;
	}
}

static struct table
start_table(struct fy_c *c, const char *owner)
{
	struct table table = { .c = c, .owner = owner };

	fy_emit_init(&table.rows, c->mem);
	table.rows.indent = 1;
	return table;
}

/* "const struct ferry_codec entry_codec = { ... };" */
static void
emit_codec(struct fy_c *c, const struct fy_c_type *t, const char *n_rows,
	   const char *by)
{
	fy_emit(&c->source,
		"$head ferry_codec $codec = {\n", "head",
		t->name ? "const struct" : "static const struct", "codec",
		t->codec);
	c->source.indent++;
	fy_emit(&c->source,
		"sizeof($spelled), $wire, $n, $fixed, $deep, { $by },\n",
		"spelled", t->spelled, "wire",
		fy_c_fixed(c, t->type->wire_min), "n", n_rows, "fixed",
		fy_c_is_fixed(t->type) ? "true" : "false", "deep",
		t->deep ? "true" : "false", "by", by);
	c->source.indent--;
	fy_emit(&c->source, "};\n\n");
}

/* The rows, and then the codec; of a union the first two are all that is. */
static void
finish_table(struct table *table, const struct fy_c_type *t)
{
	struct fy_c *c = table->c;

	flush_scalars(table);
	/* Of a struct without members. */
	if (!table->n_rows)
		add_row(table, "VOID", "0", "0", "NULL");
	fy_emit(&c->source, "static const struct ferry_row $rows[] = {\n",
		"rows", t->rows);
	fy_emit_append(&c->source, &table->rows);
	fy_emit(&c->source, "};\n\n");
	emit_codec(c, t,
		   fy_c_u64(c, t->type->kind == FY_KIND_UNION ? 2
							      : table->n_rows),
		   t->rows);
}

/* ---- enums ---- */

static int
by_value(const void *a, const void *b)
{
	const struct fy_label *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

/* Sorts @labels, and leaves one of each value. Return: how many. */
static size_t
sort_labels(struct fy_label *labels, size_t n)
{
	size_t n_left = 0;

	qsort(labels, n, sizeof(*labels), by_value);
	for (size_t i = 0; i < n; i++)
		if (!n_left || labels[n_left - 1].value != labels[i].value)
			labels[n_left++] = labels[i];
	return n_left;
}

/* A case label as C has it. */
static const char *
label_text(struct fy_c *c, const struct fy_label *label)
{
	const struct fy_c_value *value =
		label->name ? fy_c_value(c, label->name) : NULL;

	if (value && value->is_int)
		return value->name;
	return fy_c_i64(c, label->value);
}

/* The values of an enum, or of a discriminant, as @name. */
static void
emit_values(struct fy_c *c, const char *name, struct fy_label *labels,
	    size_t n)
{
	struct fy_emit *e = &c->source;
	uint64_t span;

	n = sort_labels(labels, n);
	span = (uint64_t)(labels[n - 1].value - labels[0].value);
	fy_emit(e, "static const struct ferry_values $name = {\n\t$low, $span, ",
		"name", name, "low", label_text(c, &labels[0]), "span",
		fy_c_u64(c, span));
	if (span == n - 1) {
		fy_emit(e, "0, NULL,\n};\n\n");
		return;
	}
	fy_emit(e, "$n, (const int32_t[]){\n", "n", fy_c_u64(c, n));
	for (size_t i = 0; i < n; i++)
		fy_emit(e, "\t\t$value,\n", "value", label_text(c, &labels[i]));
	fy_emit(e, "\t},\n};\n\n");
}

/* The enumerators of an enum, and behind them room for @n_more. */
static struct fy_label *
copy_enumerators(struct fy_c *c, const struct fy_type *type, size_t n_more)
{
	struct fy_label *labels = fy_new(
		c->mem, (type->n_enumerators + n_more) * sizeof(*labels) + 1);

	if (!labels) {
		c->source.err = FERRY_ENOMEM;
		return NULL;
	}
	for (size_t i = 0; i < type->n_enumerators; i++)
		labels[i] = (struct fy_label){
			.value = type->enumerators[i].value,
			.name = type->enumerators[i].name,
		};
	return labels;
}

static void
emit_enum(struct fy_c *c, const struct fy_c_type *t)
{
	struct fy_label *labels = copy_enumerators(c, t->type, 0);

	if (!labels)
		return;
	emit_values(c, t->rows, labels, t->type->n_enumerators);
	fy_emit(&c->source,
		"const struct ferry_codec $codec = {\n"
		"\tsizeof($spelled), 4, 1, true, false,\n"
		"\t{ (const struct ferry_row[]){\n"
		"\t\t{ FERRY_KIND_ENUM, 0, 1, { .values = &$values } },\n"
		"\t} },\n"
		"};\n\n",
		"codec", t->codec, "spelled", t->spelled, "values", t->rows);
}

/* ---- unions ---- */

static bool
is_wide(const struct fy_type *discriminant)
{
	return discriminant->kind == FY_KIND_HYPER ||
	       discriminant->kind == FY_KIND_UHYPER;
}

/* Whether a case has a value that its enum does not declare (-Wcase-value). */
static bool
has_foreign_case(const struct fy_type *type, const struct fy_type *of)
{
	for (size_t i = 0; i < type->n_arms; i++)
		for (size_t j = 0; j < type->arms[i].n_labels; j++) {
			bool found = false;

			for (size_t k = 0; k < of->n_enumerators; k++)
				found |= of->enumerators[k].value ==
					 type->arms[i].labels[j].value;
			if (!found)
				return true;
		}
	return false;
}

static size_t
count_labels(const struct fy_type *type)
{
	size_t n = 0;

	for (size_t i = 0; i < type->n_arms; i++)
		n += type->arms[i].n_labels;
	return n;
}

/* The discriminant's values if they are not those of its enum. */
static void
add_open_enum(struct table *table, const struct fy_c_type *t,
	      const struct fy_type *base)
{
	struct fy_c *c = table->c;
	const struct fy_type *type = t->type;
	struct fy_label *labels =
		copy_enumerators(c, base, count_labels(type));
	const char *name = fy_scope_claim(
		&c->scope, fy_c_join(c, t->name, "_values", NULL, NULL),
		c->reserved);
	size_t n = base->n_enumerators;

	if (!labels)
		return;
	for (size_t i = 0; i < type->n_arms; i++)
		for (size_t j = 0; j < type->arms[i].n_labels; j++)
			labels[n++] = type->arms[i].labels[j];
	name = fy_c_keep(c, name);
	emit_values(c, name, labels, n);
	add_row(table, "ENUM", offset_of(table, t->discriminant), "1",
		fy_c_join(c, ".values = &", name, NULL, NULL));
}

struct arm_case {
	struct fy_label label;
	uint64_t row;
};

static int
by_label(const void *a, const void *b)
{
	const struct arm_case *x = a, *y = b;

	return by_value(&x->label, &y->label);
}

static void
emit_cases(struct fy_c *c, const struct fy_c_type *t, struct arm_case *cases,
	   size_t n)
{
	bool wide = is_wide(fy_c_base(t->type->discriminant));

	qsort(cases, n, sizeof(*cases), by_label);
	fy_emit(&c->source, "static const struct $kind $cases[] = {\n", "kind",
		wide ? "ferry_wide_case" : "ferry_case", "cases", t->cases);
	for (size_t i = 0; i < n; i++)
		fy_emit(&c->source, "\t{ $label, $row },\n", "label",
			label_text(c, &cases[i].label), "row",
			fy_c_u64(c, cases[i].row));
	fy_emit(&c->source, "};\n\n");
}

static void
add_arm(struct table *table, const struct fy_c_type *t, size_t i)
{
	struct fy_c *c = table->c;
	const struct fy_arm *arm = &t->type->arms[i];
	struct member m = { .type = arm->type, .is_arm = true };

	if (arm->type->kind != FY_KIND_VOID)
		m.path = fy_c_join(c, "u.", t->members[i], NULL, NULL);
	if (arm->type->kind == FY_KIND_LIST) {
		m.count = fy_c_join(c, m.path, ".n_items", NULL, NULL);
		m.path = fy_c_join(c, m.path, ".items", NULL, NULL);
	}
	add_member(table, &m);
	flush_scalars(table);
}

/* The arms, that of default first. Return: how many cases there are. */
static size_t
add_arms(struct table *arms, const struct fy_c_type *t,
	 struct arm_case *cases)
{
	const struct fy_type *type = t->type;
	size_t n_cases = 0, n = type->n_arms;

	if (type->has_default)
		add_arm(arms, t, --n);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < type->arms[i].n_labels; j++) {
			struct arm_case *one = &cases[n_cases++];

			one->label = type->arms[i].labels[j];
			one->row = arms->n_rows;
			/* Cases look like signed words of the same bits. */
			if (fy_c_base(type->discriminant)->kind ==
			    FY_KIND_UINT)
				one->label.value = (int32_t)(uint32_t)
							   one->label.value;
		}
		add_arm(arms, t, i);
	}
	return n_cases;
}

static void
emit_union(struct fy_c *c, const struct fy_c_type *t)
{
	const struct fy_type *type = t->type;
	const struct fy_type *base = fy_c_base(type->discriminant);
	struct table table = start_table(c, t->spelled);
	struct table arms = start_table(c, t->spelled);
	struct arm_case *cases =
		fy_new(c->mem, count_labels(type) * sizeof(*cases) + 1);
	struct member m = { .type = type->discriminant,
			    .path = t->discriminant };
	size_t n_cases;

	if (!cases) {
		c->source.err = FERRY_ENOMEM;
		return;
	}
	if (base->kind == FY_KIND_ENUM && has_foreign_case(type, base))
		add_open_enum(&table, t, base);
	else
		add_member(&table, &m);
	flush_scalars(&table);
	n_cases = add_arms(&arms, t, cases);
	if (n_cases)
		emit_cases(c, t, cases, n_cases);
	add_row(&table, type->has_default ? "SWITCH_DEFAULT" : "SWITCH", "0",
		fy_c_u64(c, n_cases),
		!n_cases ? "NULL"
			 : fy_c_join(c,
				     is_wide(base) ? ".wide_cases = "
						   : ".cases = ",
				     t->cases, NULL, NULL));
	fy_emit_append(&table.rows, &arms.rows);
	finish_table(&table, t);
}

/* ---- structs, and typedefs with items ---- */

/* Fields side by side that are moved by code. */
static void
add_part(struct table *table, const struct fy_c_type *t, size_t first,
	 size_t n)
{
	struct fy_c *c = table->c;
	struct fy_c_part part = fy_c_emit_part(c, t, first, n);

	flush_scalars(table);
	add_row(table, "CODE", "0", fy_c_u64(c, part.wire),
		fy_c_join(c, ".code = &", part.code, NULL, NULL));
}

static void
emit_struct(struct fy_c *c, const struct fy_c_type *t)
{
	const struct fy_type *type = t->type;
	struct table table = start_table(c, t->spelled);
	size_t n = type->n_fields - t->is_next;

	for (size_t i = 0; i < n; i++) {
		const struct member m = { .type = type->fields[i].type,
					  .path = t->members[i],
					  .count = t->counts[i] };
		size_t n_part = fy_c_find_part(c, t, i);

		if (n_part) {
			add_part(&table, t, i, n_part);
			i += n_part - 1;
		} else {
			add_member(&table, &m);
		}
	}
	flush_scalars(&table);
	if (t->is_next)
		add_row(&table, "NEXT", offset_of(&table, t->members[n]), "0",
			"NULL");
	finish_table(&table, t);
}

static void
emit_items(struct fy_c *c, const struct fy_c_type *t)
{
	const struct fy_type *made = t->type->element;
	struct table table = start_table(c, t->spelled);
	const struct member m = {
		.type = made,
		.path = made->kind == FY_KIND_OPAQUE ? "data" : "items",
		.count = "n_items",
	};

	add_member(&table, &m);
	finish_table(&table, t);
}

/* @type as it is, whatever is around it. */
static void
emit_alone(struct fy_c *c, const struct fy_c_type *t)
{
	struct table table = start_table(c, NULL);
	const struct member m = { .type = t->type };

	add_member(&table, &m);
	finish_table(&table, t);
}

/* ---- all types ---- */

static void
emit_type(struct fy_c *c, const struct fy_c_type *t)
{
	if (!fy_c_has_codec(t))
		return;
	if (t->is_code) {
		fy_c_emit_code(c, t);
		emit_codec(c, t, "0",
			   fy_c_join(c, ".code = &", t->code[FY_C_N_MODES],
				     NULL, NULL));
	} else if (t->type->kind == FY_KIND_ENUM) {
		emit_enum(c, t);
	} else if (t->type->kind == FY_KIND_STRUCT) {
		emit_struct(c, t);
	} else if (t->type->kind == FY_KIND_UNION) {
		emit_union(c, t);
	} else if (fy_c_base(t->type) == t->type) {
		emit_items(c, t);
	} else {
		emit_alone(c, t);
	}
}

void
fy_c_codecs(struct fy_c *c)
{
	for (size_t i = 0; i < c->n_types; i++)
		emit_type(c, &c->types[i]);
}

/* ---- procedures ---- */

/* Of a type that is declared nowhere but here. */
static bool
is_unnamed(const struct fy_type *type)
{
	return type->kind == FY_KIND_OPTIONAL ||
	       (is_text(type) && type->bound != FY_NO_BOUND);
}

/* All arguments as one struct; records stand elsewhere. */
static void
emit_args(struct fy_c *c, const struct fy_c_procedure *p)
{
	/* Its sizes are asked for once in a call: they need not be known. */
	const struct fy_type type = { .kind = FY_KIND_STRUCT, .wire_max = 1 };
	const char *owner = fy_c_join(c, "struct ", p->args_tag, NULL, NULL);
	const struct fy_c_type t = {
		.type = &type,
		.codec = p->args_codec,
		.spelled = owner,
		.rows = fy_c_join(c, p->args_codec, "_rows", NULL, NULL),
	};
	struct table table = start_table(c, owner);

	fy_emit(&c->source, "struct $tag {\n", "tag", p->args_tag);
	for (size_t i = 0; i < p->procedure->n_args; i++)
		fy_emit(&c->source, "\t$member;\n", "member",
			fy_c_declare(c, fy_c_param(c, p->procedure->args[i]),
				     p->args[i]));
	fy_emit(&c->source, "};\n\n");
	for (size_t i = 0; i < p->procedure->n_args; i++) {
		const struct fy_type *arg = p->procedure->args[i];
		const struct member m = { .type = arg, .path = p->args[i] };

		if (!fy_c_is_arg_pointer(arg)) {
			add_member(&table, &m);
			continue;
		}
		flush_scalars(&table);
		add_row(&table, "RECORD_AT", offset_of(&table, p->args[i]),
			"0", fy_c_codec(c, arg));
	}
	finish_table(&table, &t);
}

static void
emit_unnamed(struct fy_c *c, const char *name, const struct fy_type *type)
{
	const struct fy_c_type t = {
		.type = type,
		.codec = name,
		.spelled = fy_c_spell(c, type),
		.rows = fy_c_join(c, name, "_rows", NULL, NULL),
	};

	emit_alone(c, &t);
}

void
fy_c_procedure_codecs(struct fy_c *c, const struct fy_c_procedure *p)
{
	const struct fy_procedure *procedure = p->procedure;

	if (procedure->n_args > 1)
		emit_args(c, p);
	else if (procedure->n_args == 1 && is_unnamed(procedure->args[0]))
		emit_unnamed(c, p->args_codec, procedure->args[0]);
	if (is_unnamed(procedure->result))
		emit_unnamed(c, p->result_codec, procedure->result);
}

const char *
fy_c_args_codec(struct fy_c *c, const struct fy_c_procedure *p)
{
	size_t n = p->procedure->n_args;

	if (n == 0)
		return "NULL";
	if (n == 1 && !is_unnamed(p->procedure->args[0]))
		return fy_c_codec(c, p->procedure->args[0]);
	return fy_c_join(c, "&", p->args_codec, NULL, NULL);
}

const char *
fy_c_result_codec(struct fy_c *c, const struct fy_c_procedure *p)
{
	if (!is_unnamed(p->procedure->result))
		return fy_c_codec(c, p->procedure->result);
	return fy_c_join(c, "&", p->result_codec, NULL, NULL);
}
