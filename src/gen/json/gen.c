/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "gen/emit.h"
#include "gen/json/json.h"
#include "gen/json/text.h"
#include "gen/json/types.h"
#include "idl/mem.h"

static json_t *
place_of(const struct fy_type_ids *ids, const struct fy_place *place)
{
	return fy_model_place(place, fy_model_file(ids->model, place));
}

static void
put_const(json_t *to, const struct fy_const *constant, ferry_err *err)
{
	fy_member(to, "name", fy_model_text(constant->name), err);
	fy_member(to, "doc", fy_model_text(constant->doc), err);
	if (constant->text)
		fy_member(to, "text", fy_model_text(constant->text), err);
	else if (constant->is_unsigned)
		fy_member(to, "value",
			  fy_model_unsigned((uint64_t)constant->value), err);
	else
		fy_member(to, "value", fy_model_signed(constant->value), err);
	fy_member(to, "spelled", fy_model_text(constant->spelled), err);
}

static json_t *
procedure_of(struct fy_type_ids *ids, const struct fy_procedure *procedure)
{
	json_t *args = json_array();
	json_t *names = json_array();

	for (size_t i = 0; i < procedure->n_args; i++) {
		fy_append(args, fy_type_ids_of(ids, procedure->args[i]),
			  &ids->err);
		fy_append(names, fy_model_text(procedure->arg_names[i]),
			  &ids->err);
	}
	return json_pack("{so so sI so so so so}", "name",
			 fy_model_text(procedure->name), "doc",
			 fy_model_text(procedure->doc), "number",
			 (json_int_t)procedure->number, "result",
			 fy_type_ids_of(ids, procedure->result), "arguments",
			 args, "argument_names", names, "place", place_of(ids, &procedure->place));
}

static json_t *
version_of(struct fy_type_ids *ids, const struct fy_version *version)
{
	json_t *list = json_array();

	for (size_t i = 0; i < version->n_procedures; i++)
		fy_append(list, procedure_of(ids, &version->procedures[i]),
			  &ids->err);
	return json_pack("{so so sI so so}", "name",
			 fy_model_text(version->name), "doc",
			 fy_model_text(version->doc), "number",
			 (json_int_t)version->number, "procedures", list,
			 "place", place_of(ids, &version->place));
}

static void
put_program(struct fy_type_ids *ids, json_t *to,
	    const struct fy_program *program)
{
	json_t *list = json_array();

	fy_member(to, "name", fy_model_text(program->name), &ids->err);
	fy_member(to, "doc", fy_model_text(program->doc), &ids->err);
	fy_member(to, "number", json_integer((json_int_t)program->number),
		  &ids->err);
	for (size_t i = 0; i < program->n_versions; i++)
		fy_append(list, version_of(ids, &program->versions[i]),
			  &ids->err);
	fy_member(to, "versions", list, &ids->err);
}

static json_t *
def_of(struct fy_type_ids *ids, const struct fy_def *def)
{
	static const char *const kinds[] = {
		[FY_DEF_PASS] = "pass",
		[FY_DEF_CONST] = "const",
		[FY_DEF_TYPE] = "type",
		[FY_DEF_PROGRAM] = "program",
	};
	json_t *to = json_pack("{ss sb so}", "kind", kinds[def->kind],
			       "included", def->included, "place",
			       place_of(ids, &def->place));

	if (def->kind == FY_DEF_PASS)
		fy_member(to, "text", fy_model_text(def->text), &ids->err);
	else if (def->kind == FY_DEF_CONST)
		put_const(to, def->constant, &ids->err);
	else if (def->kind == FY_DEF_TYPE)
		fy_member(to, "type", fy_type_ids_of(ids, def->type),
			  &ids->err);
	else
		put_program(ids, to, def->program);
	return to;
}

static json_t *
model_of(struct fy_type_ids *ids, const struct fy_gen *gen)
{
	const struct fy_model *model = ids->model;
	json_t *list = json_array();
	json_t *root = json_pack("{si so so ss so}", "ferry_model",
				 FY_MODEL_VERSION, "file",
				 fy_model_text(model->file), "stem",
				 fy_model_text(model->stem), "view", "RPC_HDR",
				 "prefix", fy_model_text(gen->prefix));

	for (size_t i = 0; i < model->n_defs && !ids->err; i++)
		fy_append(list, def_of(ids, &model->defs[i]), &ids->err);
	fy_member(root, "definitions", list, &ids->err);
	fy_member(root, "types", fy_type_ids_list(ids), &ids->err);
	return root;
}

static ferry_err
keep(struct fy_gen *gen, const struct fy_model *model, const char *text)
{
	const char *name = fy_format(gen->mem, "%s.json", model->stem);
	char *copy = fy_text(gen->mem, text, strlen(text) + 1);

	if (!name || !copy)
		return FERRY_ENOMEM;
	copy[strlen(text)] = '\n';
	gen->files[gen->n_files++] = (struct fy_gen_file){
		name, copy, strlen(text) + 1
	};
	return FERRY_OK;
}

static ferry_err
generate_json(struct fy_gen *gen)
{
	const struct fy_model *model = gen->views[FY_VIEW_HDR];
	struct fy_type_ids ids;
	ferry_err err;
	json_t *root;
	char *text;

	fy_type_ids_init(&ids, model, gen->mem);
	root = model_of(&ids, gen);
	text = ids.err ? NULL : json_dumps(root, JSON_INDENT(1));
	err = text ? keep(gen, model, text) : FERRY_ENOMEM;
	free(text);
	json_decref(root);
	return err;
}

const struct fy_backend fy_backend_json = {
	.name = "json",
	.info = "the resolved model, for back-ends outside of ferry",
	.generate = generate_json,
};
