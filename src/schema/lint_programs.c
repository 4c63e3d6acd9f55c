/* SPDX-License-Identifier: MIT */
/* Lint: rules about programs, and about what their procedures take. */
#include <inttypes.h>
#include <string.h>

#include "idl/mem.h"
#include "idl/names.h"
#include "schema/about.h"
#include "schema/linter.h"

/* What a server takes before anybody asks it for more. */
#define MAX_RECORD ((uint64_t)1 << 20)

/* RFC 5531 section 8.4 (and section 13, for the first of them). */
static const struct {
	uint32_t from;
	uint32_t to;
	const char *whose;
} ranges[] = {
	{ 0x40000000, 0x5fffffff, "for programs that pick one as they run" },
	{ 0x60000000, 0xffffffff, "reserved" },
};

struct visit {
	struct fy_linter *l;
	struct fy_names seen; /* types, by their address */
	const struct fy_type **stack;
	size_t n;
	size_t cap;
	const struct fy_procedure *procedure;
};

static void
push(struct visit *v, const struct fy_type *type)
{
	const struct fy_type **kept;
	const struct fy_type **stack;
	void *found = NULL;

	if (type->kind <= FY_KIND_ENUM || v->l->err)
		return;
	kept = fy_new(v->l->diag->mem, sizeof(*kept));
	stack = fy_grow(v->l->diag->mem, v->stack, v->n, &v->cap,
			sizeof(*stack));
	if (!kept || !stack) {
		v->l->err = FERRY_ENOMEM;
		return;
	}
	*kept = type;
	v->stack = stack;
	v->l->err = fy_names_put(&v->seen, v->l->diag->mem,
				 (struct ferry_str){ (const char *)kept,
						     sizeof(*kept) },
				 (void *)kept, &found);
	if (!found)
		v->stack[v->n++] = type;
}

static void
visit_type(struct visit *v, const struct fy_type *type)
{
	bool open = (type->kind == FY_KIND_STRING ||
		     type->kind == FY_KIND_BYTES ||
		     type->kind == FY_KIND_LIST) &&
		    type->bound == FY_NO_BOUND;

	if (open)
		fy_linter_find(v->l, FY_LINT_UNBOUNDED, &type->place, 1,
			       "no bound, and '%s' takes it as an argument",
			       v->procedure->name);
	if (type->element)
		push(v, type->element);
	for (size_t i = 0; i < type->n_fields; i++)
		push(v, type->fields[i].type);
	for (size_t i = 0; i < type->n_arms; i++)
		push(v, type->arms[i].type);
}

static void
lint_args(struct visit *v, const struct fy_procedure *procedure)
{
	struct fy_wire wire = fy_about_args(procedure);

	v->procedure = procedure;
	for (size_t i = 0; i < procedure->n_args; i++)
		push(v, procedure->args[i]);
	while (v->n > 0 && !v->l->err)
		visit_type(v, v->stack[--v->n]);
	if (wire.max > MAX_RECORD && wire.max != FY_WIRE_UNBOUNDED)
		fy_linter_find(v->l, FY_LINT_LARGE_MESSAGE, &procedure->place,
			       strlen(procedure->name),
			       "arguments of up to %" PRIu64 " bytes: a "
			       "server takes 1048576 unless told otherwise",
			       wire.max);
	if (!procedure->doc)
		fy_linter_find(v->l, FY_LINT_UNDOCUMENTED, &procedure->place,
			       strlen(procedure->name),
			       "no comment says what '%s' does",
			       procedure->name);
}

static void
lint_version(struct visit *v, const struct fy_version *version)
{
	bool has_null = false;

	for (size_t i = 0; i < version->n_procedures; i++) {
		has_null |= version->procedures[i].number == 0;
		lint_args(v, &version->procedures[i]);
	}
	if (!has_null)
		fy_linter_find(v->l, FY_LINT_NULL_PROCEDURE, &version->place,
			       strlen(version->name),
			       "version '%s' does not declare procedure 0, "
			       "which does nothing", version->name);
}

static void
lint_number(struct fy_linter *l, const struct fy_program *program)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(ranges); i++) {
		if (program->number < ranges[i].from ||
		    program->number > ranges[i].to)
			continue;
		fy_linter_find(l, FY_LINT_PROGRAM_NUMBER, &program->place,
			       strlen(program->name),
			       "program numbers from 0x%08" PRIx32
			       " are %s; one's own are from 0x20000000 to "
			       "0x3fffffff", ranges[i].from, ranges[i].whose);
	}
}

void
fy_lint_programs(struct fy_linter *l)
{
	struct visit v = { .l = l };

	for (size_t i = 0; i < l->model->n_defs && !l->err; i++) {
		const struct fy_program *program = l->model->defs[i].program;

		if (l->model->defs[i].kind != FY_DEF_PROGRAM)
			continue;
		lint_number(l, program);
		if (!program->doc)
			fy_linter_find(l, FY_LINT_UNDOCUMENTED,
				       &program->place, strlen(program->name),
				       "no comment says what '%s' is",
				       program->name);
		for (size_t j = 0; j < program->n_versions; j++)
			lint_version(&v, &program->versions[j]);
	}
}
