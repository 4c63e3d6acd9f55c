/* SPDX-License-Identifier: MIT */
/* Procedures: their names and signatures, which client and server share. */
#include <string.h>

#include "gen/c/c.h"
#include "idl/mem.h"

/* ---- names ---- */

static const char *
claim(struct fy_c *c, const char *wanted)
{
	const char *name =
		wanted ? fy_scope_claim(&c->scope, wanted, c->reserved)
		       : NULL;

	if (!name)
		c->header.err = FERRY_ENOMEM;
	return name ? name : "";
}

/* "dir_1": a program's or procedure's name in C. */
static const char *
with_version(struct fy_c *c, const char *name, uint32_t version)
{
	char *lower = fy_lower(c->mem, name);

	if (!lower) {
		c->header.err = FERRY_ENOMEM;
		return "";
	}
	return fy_c_join(c, c->prefix, lower, "_", fy_c_u64(c, version));
}

/* After its type if that is free where parameters are; else "arg", "arg2". */
static const char *
name_arg(struct fy_c *c, const struct fy_procedure *p, size_t i,
	 struct fy_scope *taken)
{
	const char *type = p->args[i]->name;
	const char *name = type ? fy_lower(c->mem, type) : NULL;

	if (!name || fy_c_reserved(name) || fy_scope_has(&c->ordinary, name) ||
	    fy_scope_has(taken, name))
		name = p->n_args == 1
			       ? "arg"
			       : fy_c_join(c, "arg", fy_c_u64(c, i + 1), NULL,
					   NULL);
	do {
		name = fy_scope_claim(taken, name, fy_c_reserved);
	} while (name && fy_scope_has(&c->ordinary, name));
	if (!name)
		c->header.err = FERRY_ENOMEM;
	return name ? name : "";
}

/* list_1_arg, list_1_arg2, list_1_res: a struct declared where it is used. */
static void
name_in_place(struct fy_c *c, const struct fy_procedure *p,
	      const struct fy_version *version, const struct fy_type *type,
	      const char *suffix)
{
	const char *lower = fy_lower(c->mem, p->name);

	if (type->name || type->owner ||
	    (type->kind != FY_KIND_ENUM && type->kind != FY_KIND_STRUCT &&
	     type->kind != FY_KIND_UNION) || !lower)
		return;
	fy_c_find(c, type)->wanted =
		fy_c_join(c, lower, "_", fy_c_u64(c, version->number), suffix);
}

static void
name_version_in_place(struct fy_c *c, const struct fy_version *version)
{
	for (size_t i = 0; i < version->n_procedures; i++) {
		const struct fy_procedure *p = &version->procedures[i];

		for (size_t j = 0; j < p->n_args; j++)
			name_in_place(c, p, version, p->args[j],
				      p->n_args == 1
					      ? "_arg"
					      : fy_c_join(c, "_arg",
							  fy_c_u64(c, j + 1),
							  NULL, NULL));
		name_in_place(c, p, version, p->result, "_res");
	}
}

void
fy_c_name_in_place(struct fy_c *c)
{
	for (size_t i = 0; i < c->model->n_defs; i++) {
		const struct fy_program *program = c->model->defs[i].program;

		if (c->model->defs[i].kind != FY_DEF_PROGRAM)
			continue;
		for (size_t j = 0; j < program->n_versions; j++)
			name_version_in_place(c, &program->versions[j]);
	}
}

/* What no typedef names has no form as an argument or a result. */
static ferry_err
refuse_unnamed(struct fy_c *c, const struct fy_procedure *p,
	       const struct fy_type *type)
{
	struct fy_span at = { .place = p->place,
			      .len = (uint32_t)strlen(p->name) };
	struct fy_message *message;

	if (type->kind <= FY_KIND_FOREIGN || type->kind == FY_KIND_STRING ||
	    type->kind == FY_KIND_BYTES || type->kind == FY_KIND_OPTIONAL)
		return FERRY_OK;
	message = fy_diag_error(c->gen->diag, &at,
				"'%s' takes or gives a type without a name",
				p->name);
	fy_diag_hint(c->gen->diag, message, "make a typedef of it");
	return FERRY_EINVAL;
}

static ferry_err
name_procedure(struct fy_c *c, const struct fy_version *version, size_t i,
	       struct fy_c_procedure *out, struct fy_scope *members)
{
	const struct fy_procedure *p = &version->procedures[i];
	struct fy_scope taken = { .mem = c->mem };
	char *lower = fy_lower(c->mem, p->name);
	ferry_err err = refuse_unnamed(c, p, p->result);

	out->procedure = p;
	out->args = fy_new(c->mem, (p->n_args + 1) * sizeof(*out->args));
	if (!out->args || !lower)
		return FERRY_ENOMEM;
	out->name = claim(c, with_version(c, p->name, version->number));
	out->start = claim(c, fy_c_join(c, out->name, "_start", NULL, NULL));
	out->finish = claim(c, fy_c_join(c, out->name, "_finish", NULL, NULL));
	out->reply = claim(c, fy_c_join(c, out->name, "_reply", NULL, NULL));
	out->args_tag = claim(c, fy_c_join(c, out->name, "_args", NULL, NULL));
	out->args_codec =
		claim(c, fy_c_join(c, out->name, "_args_codec", NULL, NULL));
	out->result_codec =
		claim(c, fy_c_join(c, out->name, "_result_codec", NULL, NULL));
	out->member = fy_scope_claim(members, lower, fy_c_reserved_member);
	for (size_t j = 0; !err && j < p->n_args; j++) {
		err = refuse_unnamed(c, p, p->args[j]);
		out->args[j] = name_arg(c, p, j, &taken);
	}
	return out->member ? err : FERRY_ENOMEM;
}

static ferry_err
name_version(struct fy_c *c, const struct fy_program *program,
	     const struct fy_version *version)
{
	struct fy_c_version *out = &c->versions[c->n_versions++];
	struct fy_scope members = { .mem = c->mem };
	const char *name = with_version(c, program->name, version->number);
	ferry_err err = FERRY_OK;

	out->program = program;
	out->version = version;
	out->items = fy_new(c->mem, (version->n_procedures + 1) *
					    sizeof(*out->items));
	if (!out->items)
		return FERRY_ENOMEM;
	out->ops = claim(c, fy_c_join(c, name, "_ops", NULL, NULL));
	out->serve = claim(c, fy_c_join(c, name, "_serve", NULL, NULL));
	out->table = claim(c, fy_c_join(c, name, "_version", NULL, NULL));
	out->procedures =
		claim(c, fy_c_join(c, name, "_procedures", NULL, NULL));
	out->enter = claim(c, fy_c_join(c, "enter_", name, NULL, NULL));
	for (size_t i = 0; !err && i < version->n_procedures; i++)
		err = name_procedure(c, version, i, &out->items[i], &members);
	return err;
}

ferry_err
fy_c_name_versions(struct fy_c *c)
{
	const struct fy_model *model = c->model;
	ferry_err err = FERRY_OK;
	size_t n = 1;

	for (size_t i = 0; i < model->n_defs; i++)
		if (model->defs[i].kind == FY_DEF_PROGRAM)
			n += model->defs[i].program->n_versions;
	c->versions = fy_new(c->mem, n * sizeof(*c->versions));
	if (!c->versions)
		return FERRY_ENOMEM;
	for (size_t i = 0; i < model->n_defs; i++) {
		const struct fy_program *program = model->defs[i].program;

		if (model->defs[i].kind != FY_DEF_PROGRAM)
			continue;
		for (size_t j = 0; !err && j < program->n_versions; j++)
			err = name_version(c, program, &program->versions[j]);
	}
	return err;
}

/* ---- signatures ---- */

bool
fy_c_is_arg_pointer(const struct fy_type *type)
{
	return fy_c_is_record(fy_c_base(type));
}

const char *
fy_c_param(struct fy_c *c, const struct fy_type *type)
{
	const char *spelled = fy_c_spell(c, type);

	if (!fy_c_is_arg_pointer(type))
		return spelled;
	return fy_c_join(c, "const ", spelled, " *", NULL);
}

const char *
fy_c_out(struct fy_c *c, const struct fy_c_procedure *p)
{
	if (p->procedure->result->kind == FY_KIND_VOID)
		return "";
	return fy_c_declare(c, fy_c_spell(c, p->procedure->result), "*");
}

const char *
fy_c_params(struct fy_c *c, const struct fy_c_procedure *p, bool with_args,
	    const char *out)
{
	const char *all = "(struct ferry_call *call";

	for (size_t i = 0; with_args && i < p->procedure->n_args; i++) {
		const char *param = fy_c_param(c, p->procedure->args[i]);

		all = fy_c_join(c, all, ", ",
				fy_c_declare(c, param, p->args[i]), NULL);
	}
	if (*out)
		return fy_c_join(c, all, ", ", out, "out)");
	return fy_c_join(c, all, ")", NULL, NULL);
}
