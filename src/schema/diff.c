/* SPDX-License-Identifier: MIT */
/*
 * Diff. Types are compared where procedures use them first, each pair once:
 * what is different there breaks the wire. Whatever is left after that breaks
 * sources alone, unless there is no program in either file, and types are all
 * that an interface has.
 */
#include "schema/diff.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "idl/mem.h"
#include "schema/differ.h"
#include "schema/programs.h"

/* ---- what all parts use ---- */

static const char *const impacts[] = {
	[FY_IMPACT_SAFE] = "safe",
	[FY_IMPACT_SOURCE] = "source",
	[FY_IMPACT_WIRE] = "wire",
};

static const struct fy_remark *
remark_of(struct fy_differ *d, enum fy_impact impact, const char *rule)
{
	struct fy_remark *remark = ferry_arena_alloc(d->mem, sizeof(*remark));

	if (!remark)
		d->err = FERRY_ENOMEM;
	else
		*remark = (struct fy_remark){ impacts[impact], rule };
	return remark;
}

void
fy_differ_find(struct fy_differ *d, const struct fy_finding *finding,
	       const char *format, ...)
{
	struct fy_span at = { *finding->place, (uint32_t)finding->len };
	enum fy_impact impact = finding->impact;
	const struct fy_remark *remark;
	struct fy_message *message;
	char text[300];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (impact == FY_IMPACT_WIRE && !d->is_used)
		impact = FY_IMPACT_SOURCE;
	d->n[impact]++;
	remark = remark_of(d, impact, finding->rule);
	if (!remark)
		return;
	message = fy_diag_remark(d->diag, remark, &at, "%s%s", text,
				 impact != finding->impact
					 ? " (not used by any procedure)"
					 : "");
	at = (struct fy_span){ { NULL, 0, 0 }, 1 };
	if (finding->old)
		at.place = *finding->old;
	if (at.place.file)
		fy_diag_note(d->diag, message, &at, "it was here");
}

const char *
fy_differ_text(struct fy_differ *d, const char *format, ...)
{
	char text[300];
	char *copy;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = fy_text(d->mem, text, strlen(text));
	if (!copy)
		d->err = FERRY_ENOMEM;
	return copy ? copy : "";
}

bool
fy_differ_once(struct fy_differ *d, struct fy_names *done, const void *old,
	       const void *new)
{
	const void **pair = ferry_arena_alloc(d->mem, 2 * sizeof(*pair));
	void *found = NULL;

	if (!pair) {
		d->err = FERRY_ENOMEM;
		return false;
	}
	pair[0] = old;
	pair[1] = new;
	if (!d->err)
		d->err = fy_names_put(done, d->mem,
				      (struct ferry_str){ (const char *)pair,
							  2 * sizeof(*pair) },
				      pair, &found);
	return !d->err && !found;
}

const char *
fy_differ_called(struct fy_differ *d, const struct fy_type *type)
{
	static const char *const kinds[] = {
		[FY_KIND_ENUM] = "enum",   [FY_KIND_STRUCT] = "struct",
		[FY_KIND_UNION] = "union", [FY_KIND_ALIAS] = "type",
		[FY_KIND_FOREIGN] = "type",
	};
	const char *kind = kinds[type->kind];

	if (type->name)
		return fy_differ_text(d, "%s '%s'", kind, type->name);
	if (type->owner_member)
		return fy_differ_text(d, "the %s of '%s'", kind,
				      type->owner_member);
	return fy_differ_text(d, "the %s in '%s'", kind,
			      type->owner && type->owner->name
				      ? type->owner->name : "a procedure");
}

/* ---- definitions ---- */

static const char *
name_of(const struct fy_def *def)
{
	if (def->kind == FY_DEF_CONST)
		return def->constant->name;
	if (def->kind == FY_DEF_TYPE)
		return def->type->name;
	return NULL; /* of programs.c, or a % line */
}

static void
add_defs(struct fy_differ *d, struct fy_names *names,
	 const struct fy_model *model, enum fy_def_kind kind)
{
	for (size_t i = 0; i < model->n_defs && !d->err; i++) {
		const struct fy_def *def = &model->defs[i];
		void *found;

		if (def->kind == kind)
			d->err = fy_names_put(names, d->mem,
					      ferry_str_of(name_of(def)),
					      (void *)(uintptr_t)def, &found);
	}
}

static void
compare_consts(struct fy_differ *d, const struct fy_def *old,
	       const struct fy_def *new)
{
	const struct fy_const *was = old->constant;
	const struct fy_const *is = new->constant;
	struct fy_finding finding = {
		.impact = FY_IMPACT_SOURCE,
		.rule = "const-value",
		.place = &is->place,
		.len = strlen(is->name),
		.old = &was->place,
	};
	bool same = was->value == is->value &&
		    was->is_unsigned == is->is_unsigned &&
		    !was->text == !is->text &&
		    (!was->text || strcmp(was->text, is->text) == 0);

	if (!same)
		fy_differ_find(d, &finding, "'%s' is %s, was %s", is->name,
			       is->spelled, was->spelled);
}

static void
compare_old_def(struct fy_differ *d, const struct fy_def *def,
		const struct fy_names *names)
{
	const char *kind = def->kind == FY_DEF_CONST ? "constant" : "type";
	struct fy_finding finding = {
		.impact = FY_IMPACT_SOURCE,
		.rule = def->kind == FY_DEF_CONST ? "const-removed"
						  : "type-removed",
		.place = &def->place,
		.len = strlen(name_of(def)),
	};
	const struct fy_def *new =
		fy_names_get(names, ferry_str_of(name_of(def)));

	if (!new)
		fy_differ_find(d, &finding, "%s '%s' is gone", kind,
			       name_of(def));
	else if (def->kind == FY_DEF_TYPE)
		fy_differ_types(d, def->type, new->type);
	else
		compare_consts(d, def, new);
}

static void
compare_new_def(struct fy_differ *d, const struct fy_def *def,
		const struct fy_names *names)
{
	const char *kind = def->kind == FY_DEF_CONST ? "constant" : "type";
	struct fy_finding finding = {
		.impact = FY_IMPACT_SAFE,
		.rule = def->kind == FY_DEF_CONST ? "const-added"
						  : "type-added",
		.place = &def->place,
		.len = strlen(name_of(def)),
	};

	if (!fy_names_get(names, ferry_str_of(name_of(def))))
		fy_differ_find(d, &finding, "%s '%s' is new", kind,
			       name_of(def));
}

static void
compare_defs(struct fy_differ *d, enum fy_def_kind kind,
	     const struct fy_names *before, const struct fy_names *after)
{
	for (size_t i = 0; i < d->old->n_defs && !d->err; i++) {
		if (d->old->defs[i].kind == kind)
			compare_old_def(d, &d->old->defs[i], after);
	}
	for (size_t i = 0; i < d->new->n_defs && !d->err; i++) {
		if (d->new->defs[i].kind == kind)
			compare_new_def(d, &d->new->defs[i], before);
	}
}

static bool
has_program(const struct fy_model *model)
{
	for (size_t i = 0; i < model->n_defs; i++) {
		if (model->defs[i].kind == FY_DEF_PROGRAM)
			return true;
	}
	return false;
}

ferry_err
fy_diff(const struct fy_model *old, const struct fy_model *new,
	struct fy_diag *diag, size_t n[FY_N_IMPACTS])
{
	struct fy_names consts[2] = { { .n = 0 }, { .n = 0 } };
	struct fy_differ d = {
		.old = old,
		.new = new,
		.mem = diag->mem,
		.diag = diag,
		.n = n,
		.is_used = true,
	};

	d.tail = &d.queue;
	add_defs(&d, &d.old_types, old, FY_DEF_TYPE);
	add_defs(&d, &d.new_types, new, FY_DEF_TYPE);
	add_defs(&d, &consts[0], old, FY_DEF_CONST);
	add_defs(&d, &consts[1], new, FY_DEF_CONST);
	fy_differ_programs(&d);
	fy_differ_run(&d);
	d.is_used = !has_program(old) && !has_program(new);
	compare_defs(&d, FY_DEF_CONST, &consts[0], &consts[1]);
	compare_defs(&d, FY_DEF_TYPE, &d.old_types, &d.new_types);
	fy_differ_run(&d);
	return d.err ? d.err : diag->err;
}
