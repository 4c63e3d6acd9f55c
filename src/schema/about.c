/* SPDX-License-Identifier: MIT */
#include "schema/about.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "idl/writer.h"
#include "schema/declare.h"
#include "schema/find.h"
#include "schema/there.h"

struct search {
	const struct fy_model *model;
	const char *name;
	struct fy_writer w; /* of the declaration */
	struct fy_about *out;
};

struct fy_wire
fy_about_args(const struct fy_procedure *procedure)
{
	struct fy_wire sum = { 0, 0 };

	for (size_t i = 0; i < procedure->n_args; i++) {
		const struct fy_type *arg = procedure->args[i];

		if (sum.min > FY_WIRE_UNBOUNDED - arg->wire_min)
			sum.min = FY_WIRE_UNBOUNDED;
		else
			sum.min += arg->wire_min;
		if (sum.max > FY_WIRE_UNBOUNDED - arg->wire_max)
			sum.max = FY_WIRE_UNBOUNDED;
		else
			sum.max += arg->wire_max;
	}
	return sum;
}

ferry_err
fy_about_wire(struct fy_wire wire, struct ferry_arena *mem, const char **out)
{
	struct fy_writer w = { .mem = mem };

	if (wire.max == FY_WIRE_UNBOUNDED)
		fy_write_format(&w, "at least %" PRIu64 " bytes", wire.min);
	else if (wire.min != wire.max)
		fy_write_format(&w, "%" PRIu64 " to %" PRIu64 " bytes",
				wire.min, wire.max);
	else if (wire.min == 0)
		fy_write_text(&w, "nothing");
	else
		fy_write_format(&w, "%" PRIu64 " bytes", wire.min);
	return fy_write_end(&w, out);
}

const char *
fy_about_kind(const struct fy_type *type)
{
	switch (type->kind) {
	case FY_KIND_ENUM:
		return "enum";
	case FY_KIND_STRUCT:
		return "struct";
	case FY_KIND_UNION:
		return "union";
	case FY_KIND_FOREIGN:
		return "foreign type";
	default:
		return "typedef";
	}
}

static bool
is_named(const struct search *s, const char *name)
{
	return name && strcmp(name, s->name) == 0;
}

static void
found(struct search *s, const char *kind, const char *doc,
      struct fy_place place)
{
	s->out->kind = kind;
	s->out->name = s->name;
	s->out->doc = doc;
	s->out->place = place;
}

static void
found_number(struct search *s, int64_t number)
{
	s->out->has_number = true;
	s->out->number = number;
}

static void
found_const(struct search *s, const struct fy_const *constant)
{
	found(s, "constant", constant->doc, constant->place);
	fy_write_format(&s->w, "const %s = %s;\n", s->name,
			constant->spelled);
	if (!constant->text)
		found_number(s, constant->value);
}

static void
found_enumerator(struct search *s, const struct fy_enumerator *one)
{
	found(s, "enumerator", one->doc, one->place);
	fy_write_format(&s->w, "%s = %" PRId32 "\n", s->name, one->value);
	found_number(s, one->value);
}

static ferry_err
put_version(struct search *s, const struct fy_version *version, size_t depth)
{
	fy_write_tabs(&s->w, depth);
	fy_write_format(&s->w, "version %s {\n", version->name);
	for (size_t i = 0; i < version->n_procedures; i++) {
		const char *text;
		ferry_err err = fy_declare_procedure(&version->procedures[i],
						     s->w.mem, &text);

		if (err)
			return err;
		fy_write_tabs(&s->w, depth + 1);
		fy_write_format(&s->w, "%s\n", text);
	}
	fy_write_tabs(&s->w, depth);
	fy_write_format(&s->w, "} = %" PRIu32 ";\n", version->number);
	return FERRY_OK;
}

static ferry_err
found_program(struct search *s, const struct fy_program *program)
{
	ferry_err err = FERRY_OK;

	found(s, "program", program->doc, program->place);
	found_number(s, program->number);
	s->out->program = program;
	fy_write_format(&s->w, "program %s {\n", s->name);
	for (size_t i = 0; i < program->n_versions && !err; i++)
		err = put_version(s, &program->versions[i], 1);
	fy_write_format(&s->w, "} = 0x%08" PRIx32 ";\n", program->number);
	return err;
}

static ferry_err
found_version(struct search *s, const struct fy_program *program,
	      const struct fy_version *version)
{
	found(s, "version", version->doc, version->place);
	found_number(s, version->number);
	s->out->program = program;
	s->out->version = version;
	return put_version(s, version, 0);
}

static ferry_err
found_type(struct search *s, const struct fy_type *type)
{
	const char *text;
	ferry_err err = fy_declare_type(type, s->w.mem, &text);

	if (err)
		return err;
	s->name = type->name;
	found(s, fy_about_kind(type), type->doc, type->place);
	s->out->type = type;
	s->out->wire = (struct fy_wire){ type->wire_min, type->wire_max };
	fy_write_text(&s->w, text);
	return FERRY_OK;
}

static ferry_err
found_procedure(struct search *s, const struct fy_found *what)
{
	const struct fy_procedure *one = what->procedure;
	const char *text;
	ferry_err err = fy_declare_procedure(one, s->w.mem, &text);

	if (err)
		return err;
	s->name = one->name;
	found(s, "procedure", one->doc, one->place);
	found_number(s, one->number);
	s->out->program = what->program;
	s->out->version = what->version;
	s->out->procedure = one;
	s->out->wire = fy_about_args(one);
	s->out->result = (struct fy_wire){ one->result->wire_min,
					   one->result->wire_max };
	fy_write_format(&s->w, "%s\n", text);
	return FERRY_OK;
}

static ferry_err
look_in_program(struct search *s, const struct fy_program *program)
{
	if (is_named(s, program->name))
		return found_program(s, program);
	for (size_t i = 0; i < program->n_versions; i++) {
		if (is_named(s, program->versions[i].name))
			return found_version(s, program,
					     &program->versions[i]);
	}
	return FERRY_OK;
}

static ferry_err
look_at_def(struct search *s, const struct fy_def *def)
{
	if (def->kind == FY_DEF_CONST && is_named(s, def->constant->name))
		found_const(s, def->constant);
	else if (def->kind == FY_DEF_TYPE && is_named(s, def->type->name))
		return found_type(s, def->type);
	else if (def->kind == FY_DEF_PROGRAM)
		return look_in_program(s, def->program);
	return FERRY_OK;
}

static void
look_at_enumerators(struct search *s, const struct fy_type *type)
{
	for (size_t i = 0; i < type->n_enumerators; i++) {
		if (is_named(s, type->enumerators[i].name))
			found_enumerator(s, &type->enumerators[i]);
	}
}

/* Whatever has exactly that name. */
static ferry_err
look(struct search *s)
{
	const struct fy_model *model = s->model;
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < model->n_defs && !s->out->kind && !err; i++)
		err = look_at_def(s, &model->defs[i]);
	for (size_t i = 0; i < model->n_types && !s->out->kind; i++)
		look_at_enumerators(s, model->types[i]);
	return err;
}

/* Takes in all names. Return: whether a procedure is called like @name. */
static bool
add_program(struct fy_there *there, const struct fy_program *program,
	    const char *name)
{
	bool is_one = false;

	fy_there_add(there, program->name);
	for (size_t i = 0; i < program->n_versions; i++) {
		const struct fy_version *version = &program->versions[i];

		fy_there_add(there, version->name);
		for (size_t j = 0; j < version->n_procedures; j++) {
			fy_there_add(there, version->procedures[j].name);
			is_one |= strcasecmp(version->procedures[j].name,
					     name) == 0;
		}
	}
	return is_one;
}

static bool
add_names(struct fy_there *there, const struct search *s)
{
	bool is_procedure = false;

	for (size_t i = 0; i < s->model->n_defs; i++) {
		const struct fy_def *def = &s->model->defs[i];

		if (def->kind == FY_DEF_CONST)
			fy_there_add(there, def->constant->name);
		else if (def->kind == FY_DEF_TYPE)
			fy_there_add(there, def->type->name);
		else if (def->kind == FY_DEF_PROGRAM)
			is_procedure |=
				add_program(there, def->program, s->name);
	}
	for (size_t i = 0; i < s->model->n_types; i++) {
		const struct fy_type *type = s->model->types[i];

		for (size_t j = 0; j < type->n_enumerators; j++)
			fy_there_add(there, type->enumerators[j].name);
	}
	return is_procedure;
}

/* A procedure, or a type in letters of the other case. */
static ferry_err
look_further(struct search *s, struct ferry_error *why)
{
	struct fy_there there = { .list.mem = s->w.mem };
	const struct fy_type *type;
	struct fy_found what;
	ferry_err err = fy_schema_type(s->model, s->name, s->w.mem, &type,
				       NULL);

	if (!err)
		return found_type(s, type);
	err = fy_schema_procedure(s->model, s->name, s->w.mem, &what, why);
	if (!err)
		return found_procedure(s, &what);
	if (err != FERRY_EINVAL || strchr(s->name, '.') ||
	    add_names(&there, s))
		return err;
	return fy_there_fail(&there, s->model, "name", ferry_str_of(s->name),
			     why);
}

ferry_err
fy_about(const struct fy_model *model, const char *name,
	 struct ferry_arena *mem, struct fy_about *out,
	 struct ferry_error *why)
{
	struct fy_about about = { .kind = NULL };
	struct search s = {
		.model = model,
		.name = name,
		.w.mem = mem,
		.out = &about,
	};
	ferry_err err = look(&s);

	if (!err && !about.kind)
		err = look_further(&s, why);
	if (!err)
		err = fy_write_end(&s.w, &about.declaration);
	if (!err)
		*out = about;
	return err;
}
