/* SPDX-License-Identifier: MIT */
/* Lint: rules about programs, and about what their procedures take. */
#include <inttypes.h>
#include <string.h>

#include "schema/about.h"
#include "schema/linter.h"
#include "schema/reach.h"

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

/* Types are visited for the first procedure that takes them. */
struct visit {
	struct fy_linter *l;
	struct fy_reach reach;
};

static void
lint_bound(struct fy_linter *l, const struct fy_type *type,
	   const struct fy_procedure *procedure)
{
	bool open = (type->kind == FY_KIND_STRING ||
		     type->kind == FY_KIND_BYTES ||
		     type->kind == FY_KIND_LIST) &&
		    type->bound == FY_NO_BOUND;

	if (open)
		fy_linter_find(l, FY_LINT_UNBOUNDED, &type->place, 1,
			       "no bound, and '%s' takes it as an argument",
			       procedure->name);
}

static void
lint_args(struct visit *v, const struct fy_procedure *procedure)
{
	struct fy_wire wire = fy_about_args(procedure);
	const struct fy_type *type;

	for (size_t i = 0; i < procedure->n_args; i++)
		fy_reach_add(&v->reach, procedure->args[i]);
	while ((type = fy_reach_next(&v->reach))) {
		lint_bound(v->l, type, procedure);
		fy_reach_add_parts(&v->reach, type);
	}
	if (v->reach.err)
		v->l->err = v->reach.err;
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
	struct visit v = { .l = l, .reach.mem = l->diag->mem };

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
