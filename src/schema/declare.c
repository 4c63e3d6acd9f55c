/* SPDX-License-Identifier: MIT */
#include "schema/declare.h"

#include <inttypes.h>

#include "idl/writer.h"

/* The parser lets types in place nest less deeply than this. */
#define MAX_DEPTH 100

static void put_spec(struct fy_writer *w, const struct fy_type *type,
		     unsigned int depth);

static const char *const words[] = {
	[FY_KIND_INT] = "int",
	[FY_KIND_UINT] = "unsigned int",
	[FY_KIND_CHAR] = "char",
	[FY_KIND_UCHAR] = "unsigned char",
	[FY_KIND_SHORT] = "short",
	[FY_KIND_USHORT] = "unsigned short",
	[FY_KIND_BOOL] = "bool",
	[FY_KIND_FLOAT] = "float",
	[FY_KIND_HYPER] = "hyper",
	[FY_KIND_UHYPER] = "unsigned hyper",
	[FY_KIND_DOUBLE] = "double",
	[FY_KIND_QUADRUPLE] = "quadruple",
	[FY_KIND_VOID] = "void",
	[FY_KIND_ENUM] = "enum",
	[FY_KIND_STRUCT] = "struct",
	[FY_KIND_UNION] = "union",
};

static void
put_bound(struct fy_writer *w, const struct fy_type *type)
{
	bool fixed = type->kind == FY_KIND_OPAQUE ||
		     type->kind == FY_KIND_ARRAY;

	fy_write_text(w, fixed ? "[" : "<");
	if (type->bound_name)
		fy_write_text(w, type->bound_name);
	else if (fixed || type->bound != FY_NO_BOUND)
		fy_write_format(w, "%" PRIu32, type->bound);
	fy_write_text(w, fixed ? "]" : ">");
}

/* What stands before the name and what behind it. NULL: no name. */
static void
put_decl(struct fy_writer *w, const struct fy_type *type, const char *name,
	 unsigned int depth)
{
	switch (type->kind) {
	case FY_KIND_STRING:
		fy_write_text(w, "string");
		break;
	case FY_KIND_OPAQUE:
	case FY_KIND_BYTES:
		fy_write_text(w, "opaque");
		break;
	case FY_KIND_ARRAY:
	case FY_KIND_LIST:
	case FY_KIND_OPTIONAL:
		put_spec(w, type->element, depth);
		break;
	default:
		put_spec(w, type, depth);
	}
	if (name && type->kind != FY_KIND_VOID)
		fy_write_text(w, " ");
	if (type->kind == FY_KIND_OPTIONAL)
		fy_write_text(w, name ? "*" : " *");
	if (name && type->kind != FY_KIND_VOID)
		fy_write_text(w, name);
	if (type->kind >= FY_KIND_STRING && type->kind <= FY_KIND_LIST &&
	    (name || type->kind != FY_KIND_STRING ||
	     type->bound != FY_NO_BOUND))
		put_bound(w, type);
}

static void
put_enumerators(struct fy_writer *w, const struct fy_type *type,
		unsigned int depth)
{
	for (size_t i = 0; i < type->n_enumerators; i++) {
		const struct fy_enumerator *one = &type->enumerators[i];

		fy_write_tabs(w, depth + 1);
		fy_write_format(w, "%s = %" PRId32 "%s\n", one->name,
				one->value,
				i + 1 < type->n_enumerators ? "," : "");
	}
}

static void
put_member(struct fy_writer *w, const struct fy_type *type, const char *name,
	   unsigned int depth)
{
	fy_write_tabs(w, depth + 1);
	put_decl(w, type, name, depth + 1);
	fy_write_text(w, ";\n");
}

static void
put_label(struct fy_writer *w, const struct fy_type *discriminant,
	  const struct fy_label *label, unsigned int depth)
{
	fy_write_tabs(w, depth);
	if (label->name)
		fy_write_format(w, "case %s:\n", label->name);
	else if (discriminant->kind == FY_KIND_UHYPER)
		fy_write_format(w, "case %" PRIu64 ":\n",
				(uint64_t)label->value);
	else
		fy_write_format(w, "case %" PRId64 ":\n", label->value);
}

static void
put_arms(struct fy_writer *w, const struct fy_type *type, unsigned int depth)
{
	const struct fy_type *base = type->discriminant;

	while (base->kind == FY_KIND_ALIAS)
		base = base->element;
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct fy_arm *arm = &type->arms[i];

		for (size_t j = 0; j < arm->n_labels; j++)
			put_label(w, base, &arm->labels[j], depth);
		if (arm->n_labels == 0) {
			fy_write_tabs(w, depth);
			fy_write_text(w, "default:\n");
		}
		put_member(w, arm->type, arm->name, depth);
	}
}

/* From what stands behind the name to the closing brace. */
static void
put_body(struct fy_writer *w, const struct fy_type *type, unsigned int depth)
{
	if (type->kind == FY_KIND_UNION) {
		fy_write_text(w, " switch (");
		put_decl(w, type->discriminant, type->discriminant_name,
			 depth);
		fy_write_text(w, ")");
	}
	if (depth == MAX_DEPTH) {
		fy_write_text(w, " { ... }");
		return;
	}
	fy_write_text(w, " {\n");
	if (type->kind == FY_KIND_ENUM)
		put_enumerators(w, type, depth);
	for (size_t i = 0; i < type->n_fields; i++)
		put_member(w, type->fields[i].type, type->fields[i].name,
			   depth);
	if (type->kind == FY_KIND_UNION)
		put_arms(w, type, depth);
	fy_write_tabs(w, depth);
	fy_write_text(w, "}");
}

/* A type as it is used: by its name, if it has one. */
static void
put_spec(struct fy_writer *w, const struct fy_type *type, unsigned int depth)
{
	if (type->name) {
		fy_write_text(w, type->name);
	} else if (type->kind < FY_KIND_ENUM) {
		fy_write_text(w, words[type->kind]);
	} else if (type->kind <= FY_KIND_UNION && depth <= MAX_DEPTH) {
		fy_write_text(w, words[type->kind]);
		put_body(w, type, depth);
	} else if (depth <= MAX_DEPTH) {
		put_decl(w, type, NULL, depth + 1);
	}
}

ferry_err
fy_declare_type(const struct fy_type *type, struct ferry_arena *mem,
		const char **out)
{
	struct fy_writer w = { .mem = mem };

	if (type->kind == FY_KIND_ALIAS) {
		fy_write_text(&w, "typedef ");
		put_decl(&w, type->element, type->name, 0);
		fy_write_text(&w, ";\n");
	} else if (type->name && type->kind >= FY_KIND_ENUM &&
		   type->kind <= FY_KIND_UNION) {
		fy_write_format(&w, "%s %s", words[type->kind], type->name);
		put_body(&w, type, 0);
		fy_write_text(&w, ";\n");
	} else {
		put_decl(&w, type, NULL, 0);
	}
	return fy_write_end(&w, out);
}

ferry_err
fy_declare_procedure(const struct fy_procedure *procedure,
		     struct ferry_arena *mem, const char **out)
{
	struct fy_writer w = { .mem = mem };

	put_decl(&w, procedure->result, NULL, 0);
	fy_write_format(&w, " %s(", procedure->name);
	for (size_t i = 0; i < procedure->n_args; i++) {
		if (i > 0)
			fy_write_text(&w, ", ");
		put_decl(&w, procedure->args[i],
			 procedure->arg_names ? procedure->arg_names[i] : NULL,
			 0);
	}
	fy_write_format(&w, "%s) = %" PRIu32 ";",
			procedure->n_args == 0 ? "void" : "",
			procedure->number);
	return fy_write_end(&w, out);
}
