/* SPDX-License-Identifier: MIT */
#include "schema/find.h"

#include <string.h>
#include <strings.h>

#include "core/err.h"
#include "idl/mem.h"
#include "idl/number.h"
#include "schema/there.h"

#define MAX_PARTS 3

/* Between two dots. */
struct part {
	struct ferry_str text;
	bool is_number;
	uint32_t number;
};

struct search {
	const struct fy_model *model;
	struct ferry_arena *mem;
	const char *name;
	struct part parts[MAX_PARTS];
	size_t n_parts;
	bool fold;	   /* letters of the other case will do */
	size_t n_versions; /* in which it may stand */
	struct fy_found best;
	struct fy_found rival; /* that is no better */
	struct fy_there there;
	ferry_err err;
};

static const struct fy_type no_result = { .kind = FY_KIND_VOID };

/* ---- what the user wrote ---- */

static bool
read_part(struct ferry_str text, struct part *out)
{
	uint64_t number;

	*out = (struct part){ .text = text };
	if (text.len == 0)
		return false;
	if (text.data[0] >= '0' && text.data[0] <= '9') {
		if (fy_number_read(text, &number) != FY_NUMBER_OK ||
		    number > UINT32_MAX)
			return false;
		out->is_number = true;
		out->number = (uint32_t)number;
	}
	return true;
}

static bool
read_parts(struct search *s)
{
	const char *at = s->name;

	for (;;) {
		const char *dot = strchr(at, '.');
		struct ferry_str text = ferry_str_of(at);

		if (dot)
			text.len = (uint32_t)(dot - at);
		if (s->n_parts == MAX_PARTS ||
		    !read_part(text, &s->parts[s->n_parts++]))
			return false;
		if (!dot)
			return true;
		at = dot + 1;
	}
}

static bool
is_alike(struct ferry_str text, const char *name, bool fold)
{
	if (strlen(name) != text.len)
		return false;
	return fold ? strncasecmp(text.data, name, text.len) == 0
		    : memcmp(text.data, name, text.len) == 0;
}

static bool
means(const struct search *s, const struct part *part, const char *name,
      uint32_t number)
{
	if (part->is_number)
		return part->number == number;
	return is_alike(part->text, name, s->fold);
}

/* Whether what stands before the procedure's name means this version. */
static bool
means_version(const struct search *s, const struct fy_program *program,
	      const struct fy_version *version)
{
	const struct part *parts = s->parts;

	if (s->n_parts == 1)
		return true;
	if (s->n_parts == 2)
		return means(s, &parts[0], version->name, version->number) ||
		       (!parts[0].is_number &&
			is_alike(parts[0].text, program->name, s->fold));
	return means(s, &parts[0], program->name, program->number) &&
	       means(s, &parts[1], version->name, version->number);
}

/* ---- looking ---- */

static void
take(struct search *s, struct fy_found found)
{
	struct fy_found *best = &s->best;

	if (!best->procedure) {
		*best = found;
	} else if (best->program != found.program ||
		   best->version == found.version) {
		s->rival = found;
	} else if (!s->parts[s->n_parts - 1].is_number &&
		   strcmp(best->procedure->name, found.procedure->name) != 0) {
		s->rival = found;
	} else if (best->version->number < found.version->number) {
		*best = found;
	}
}

/* Every version answers procedure 0, whether it says so or not. */
static void
take_null(struct search *s, struct fy_found found)
{
	struct fy_procedure *null = fy_new(s->mem, sizeof(*null));

	if (!null) {
		s->err = FERRY_ENOMEM;
		return;
	}
	null->name = "NULL";
	null->place = found.version->place;
	null->result = &no_result;
	found.procedure = null;
	take(s, found);
}

static void
look_in_version(struct search *s, const struct fy_program *program,
		const struct fy_version *version)
{
	const struct part *last = &s->parts[s->n_parts - 1];
	struct fy_found found = { program, version, NULL };

	for (size_t i = 0; i < version->n_procedures; i++) {
		const struct fy_procedure *one = &version->procedures[i];

		if (means(s, last, one->name, one->number)) {
			found.procedure = one;
			take(s, found);
		}
	}
	if (!found.procedure && last->is_number && last->number == 0)
		take_null(s, found);
}

/* Calls @visit with each version that comes into question. */
static void
each_version(struct search *s,
	     void (*visit)(struct search *s, const struct fy_program *program,
			   const struct fy_version *version))
{
	for (size_t i = 0; i < s->model->n_defs; i++) {
		const struct fy_program *program = s->model->defs[i].program;

		if (s->model->defs[i].kind != FY_DEF_PROGRAM)
			continue;
		for (size_t j = 0; j < program->n_versions; j++) {
			if (!means_version(s, program, &program->versions[j]))
				continue;
			s->n_versions++;
			visit(s, program, &program->versions[j]);
		}
	}
}

/* ---- saying why not ---- */

static void
add_procedures(struct search *s, const struct fy_program *program,
	       const struct fy_version *version)
{
	(void)program;
	for (size_t i = 0; i < version->n_procedures; i++)
		fy_there_add(&s->there, version->procedures[i].name);
}

static void
add_owners(struct search *s)
{
	for (size_t i = 0; i < s->model->n_defs; i++) {
		const struct fy_program *program = s->model->defs[i].program;

		if (s->model->defs[i].kind != FY_DEF_PROGRAM)
			continue;
		fy_there_add(&s->there, program->name);
		for (size_t j = 0; j < program->n_versions; j++)
			fy_there_add(&s->there, program->versions[j].name);
	}
}

static ferry_err
fail_procedure(struct search *s, struct ferry_error *why)
{
	s->n_versions = 0;
	each_version(s, add_procedures);
	if (s->n_versions > 0)
		return fy_there_fail(&s->there, s->model, "procedure",
				     s->parts[s->n_parts - 1].text, why);
	add_owners(s);
	return fy_there_fail(&s->there, s->model, "program or version",
			     s->parts[0].text, why);
}

static ferry_err
fail_ambiguous(const struct search *s, struct ferry_error *why)
{
	const struct fy_found *a = &s->best;
	const struct fy_found *b = &s->rival;

	return fy_fail(why, FERRY_EINVAL,
		       "'%.40s' may be %.20s.%.20s.%.20s or "
		       "%.20s.%.20s.%.20s: say which",
		       s->name, a->program->name, a->version->name,
		       a->procedure->name, b->program->name, b->version->name,
		       b->procedure->name);
}

ferry_err
fy_schema_procedure(const struct fy_model *model, const char *name,
		    struct ferry_arena *mem, struct fy_found *out,
		    struct ferry_error *why)
{
	struct search s = { .model = model, .mem = mem, .name = name };

	s.there.list.mem = mem;
	if (!read_parts(&s))
		return fy_fail(why, FERRY_EINVAL,
			       "'%.*s' names no procedure: write NAME, "
			       "VERSION.NAME or PROGRAM.VERSION.NAME",
			       FY_MAX_QUOTED, name);
	each_version(&s, look_in_version);
	s.fold = true;
	if (!s.best.procedure && !s.err)
		each_version(&s, look_in_version);
	if (s.err)
		return fy_fail_memory(why, 0);
	if (!s.best.procedure)
		return fail_procedure(&s, why);
	if (s.rival.procedure)
		return fail_ambiguous(&s, why);
	*out = s.best;
	return FERRY_OK;
}

/* ---- types ---- */

static const struct fy_type *
find_type(const struct fy_model *model, struct ferry_str name, bool fold,
	  const struct fy_type **rival)
{
	const struct fy_type *best = NULL;

	for (size_t i = 0; i < model->n_defs; i++) {
		const struct fy_type *type = model->defs[i].type;

		if (model->defs[i].kind != FY_DEF_TYPE ||
		    !is_alike(name, type->name, fold))
			continue;
		if (best)
			*rival = type;
		else
			best = type;
	}
	return best;
}

static ferry_err
fail_type(const struct fy_model *model, const char *name,
	  struct ferry_arena *mem, struct ferry_error *why)
{
	struct fy_there there = { .list.mem = mem };

	for (size_t i = 0; i < model->n_defs; i++) {
		if (model->defs[i].kind == FY_DEF_TYPE)
			fy_there_add(&there, model->defs[i].type->name);
	}
	return fy_there_fail(&there, model, "type", ferry_str_of(name), why);
}

ferry_err
fy_schema_type(const struct fy_model *model, const char *name,
	       struct ferry_arena *mem, const struct fy_type **out,
	       struct ferry_error *why)
{
	struct ferry_str wanted = ferry_str_of(name);
	const struct fy_type *rival = NULL;
	const struct fy_type *best = find_type(model, wanted, false, &rival);

	if (!best)
		best = find_type(model, wanted, true, &rival);
	if (!best)
		return fail_type(model, name, mem, why);
	if (rival)
		return fy_fail(why, FERRY_EINVAL,
			       "'%.40s' may be %.60s or %.60s: say which",
			       name, best->name, rival->name);
	*out = best;
	return FERRY_OK;
}
