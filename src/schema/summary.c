/* SPDX-License-Identifier: MIT */
#include "schema/summary.h"

#include <inttypes.h>

#include "idl/names.h"
#include "idl/writer.h"
#include "schema/about.h"
#include "schema/declare.h"

static ferry_err
put_version(struct fy_writer *w, const struct fy_version *version)
{
	fy_write_format(w, "    version %s = %" PRIu32 "\n", version->name,
			version->number);
	for (size_t i = 0; i < version->n_procedures; i++) {
		const char *text;
		ferry_err err = fy_declare_procedure(&version->procedures[i],
						     w->mem, &text);

		if (err)
			return err;
		fy_write_format(w, "        %s\n", text);
	}
	return FERRY_OK;
}

static ferry_err
put_program(struct fy_writer *w, const struct fy_program *program)
{
	ferry_err err = FERRY_OK;

	fy_write_format(w, "program %s = 0x%08" PRIx32 " (%" PRIu32 ")\n",
			program->name, program->number, program->number);
	for (size_t i = 0; i < program->n_versions && !err; i++)
		err = put_version(w, &program->versions[i]);
	return err;
}

static ferry_err
put_type(struct fy_writer *w, const struct fy_type *type)
{
	struct fy_wire wire = { type->wire_min, type->wire_max };
	const char *text;
	ferry_err err = fy_about_wire(wire, w->mem, &text);

	if (!err)
		fy_write_format(w, "%s %s: %s\n", fy_about_kind(type),
				type->name, text);
	return err;
}

static ferry_err
put_def(struct fy_writer *w, const struct fy_def *def)
{
	if (def->kind == FY_DEF_PROGRAM)
		return put_program(w, def->program);
	if (def->kind == FY_DEF_CONST)
		fy_write_format(w, "const %s = %s\n", def->constant->name,
				def->constant->spelled);
	if (def->kind == FY_DEF_TYPE)
		return put_type(w, def->type);
	return FERRY_OK;
}

ferry_err
fy_summary_text(const struct fy_model *model, struct ferry_arena *mem,
		const char **out)
{
	static const enum fy_def_kind order[] = {
		FY_DEF_PROGRAM, FY_DEF_CONST, FY_DEF_TYPE,
	};
	struct fy_writer w = { .mem = mem };
	ferry_err err = FERRY_OK;

	for (size_t k = 0; k < FY_ARRAY_LEN(order); k++) {
		bool begun = false;

		for (size_t i = 0; i < model->n_defs && !err; i++) {
			if (model->defs[i].kind != order[k])
				continue;
			if (!begun && w.len > 0)
				fy_write_text(&w, "\n");
			begun = true;
			err = put_def(&w, &model->defs[i]);
		}
	}
	return err ? err : fy_write_end(&w, out);
}

/* ---- names alone ---- */

/* The name of a procedure, and the programs that have it. */
struct owner {
	const struct fy_program *program;
	bool is_shared;
	bool is_listed;
};

/* Of each procedure's name who has it. */
static ferry_err
note_owners(struct fy_names *names, const struct fy_program *program,
	    struct ferry_arena *mem)
{
	for (size_t i = 0; i < program->n_versions; i++) {
		const struct fy_version *version = &program->versions[i];

		for (size_t j = 0; j < version->n_procedures; j++) {
			const char *name = version->procedures[j].name;
			struct owner *owner =
				ferry_arena_alloc(mem, sizeof(*owner));
			void *found = NULL;

			if (!owner)
				return FERRY_ENOMEM;
			*owner = (struct owner){ .program = program };
			if (fy_names_put(names, mem, ferry_str_of(name), owner,
					 &found) != FERRY_OK)
				return FERRY_ENOMEM;
			owner = found ? found : owner;
			owner->is_shared |= owner->program != program;
		}
	}
	return FERRY_OK;
}

static void
list_procedures(struct fy_writer *w, const struct fy_names *names,
		const struct fy_program *program)
{
	for (size_t i = 0; i < program->n_versions; i++) {
		const struct fy_version *version = &program->versions[i];

		for (size_t j = 0; j < version->n_procedures; j++) {
			const char *name = version->procedures[j].name;
			struct owner *owner =
				fy_names_get(names, ferry_str_of(name));

			if (owner->is_listed && owner->program == program)
				continue;
			owner->is_listed = true;
			owner->program = program;
			if (owner->is_shared)
				fy_write_format(w, "%s.", program->name);
			fy_write_format(w, "%s\n", name);
		}
	}
}

ferry_err
fy_summary_names(const struct fy_model *model, bool types,
		 struct ferry_arena *mem, const char **out)
{
	struct fy_writer w = { .mem = mem };
	struct fy_names names = { .n = 0 };
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < model->n_defs && !types && !err; i++) {
		if (model->defs[i].kind == FY_DEF_PROGRAM)
			err = note_owners(&names, model->defs[i].program, mem);
	}
	for (size_t i = 0; i < model->n_defs && !err; i++) {
		const struct fy_def *def = &model->defs[i];

		if (types && def->kind == FY_DEF_TYPE)
			fy_write_format(&w, "%s\n", def->type->name);
		if (!types && def->kind == FY_DEF_PROGRAM)
			list_procedures(&w, &names, def->program);
	}
	return err ? err : fy_write_end(&w, out);
}
