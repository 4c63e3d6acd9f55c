/* SPDX-License-Identifier: MIT */
#include "schema/programs.h"

#include <inttypes.h>
#include <string.h>

#include "idl/mem.h"
#include "schema/shape.h"

/* A program, version or procedure. */
struct item {
	const char *name;
	uint32_t number;
	const struct fy_place *place;
	const void *what;
	const struct item *partner; /* in the other file */
};

struct items {
	struct item *list;
	size_t n;
};

/* What the three levels do alike, and where they differ. */
struct level {
	const char *kind;
	const char *rule_gone;
	const char *rule_added;
	const char *rule_number;
	const char *rule_name;
	const char *effect; /* of what is gone */
	void (*compare)(struct fy_differ *d, const struct item *old,
			const struct item *new);
};

/* ---- matching ---- */

static struct items
new_items(struct fy_differ *d, size_t n)
{
	struct items items = { fy_new(d->mem, (n + 1) * sizeof(struct item)),
			       0 };

	if (!items.list)
		d->err = FERRY_ENOMEM;
	return items;
}

static struct ferry_str
key_of(const struct item *item, bool by_name)
{
	if (by_name)
		return ferry_str_of(item->name);
	return (struct ferry_str){ (const char *)&item->number,
				   sizeof(item->number) };
}

/* Pairs those that have no partner yet. */
static void
match(struct fy_differ *d, struct items *old, struct items *new, bool by_name)
{
	struct fy_names names = { .n = 0 };
	void *found;

	for (size_t i = 0; i < old->n && !d->err; i++) {
		if (!old->list[i].partner)
			d->err = fy_names_put(&names, d->mem,
					      key_of(&old->list[i], by_name),
					      &old->list[i], &found);
	}
	for (size_t i = 0; i < new->n && !d->err; i++) {
		struct item *item = NULL;

		if (!new->list[i].partner)
			item = fy_names_get(&names,
					    key_of(&new->list[i], by_name));
		if (!item || item->partner)
			continue;
		item->partner = &new->list[i];
		new->list[i].partner = item;
	}
}

static struct fy_finding
finding_of(enum fy_impact impact, const char *rule, const struct item *item,
	   const struct item *old)
{
	return (struct fy_finding){ impact, rule, item->place,
				    strlen(item->name),
				    old ? old->place : NULL };
}

static void
compare_items(struct fy_differ *d, const struct level *level,
	      const struct item *old, const struct item *new)
{
	struct fy_finding finding = finding_of(
		FY_IMPACT_WIRE, level->rule_number, new, old);

	if (old->number != new->number)
		fy_differ_find(d, &finding,
			       "%s '%s' is number %" PRIu32 ", was %" PRIu32,
			       level->kind, new->name, new->number,
			       old->number);
	finding = finding_of(FY_IMPACT_SOURCE, level->rule_name, new, old);
	if (strcmp(old->name, new->name) != 0)
		fy_differ_find(d, &finding, "%s '%s' was called '%s'",
			       level->kind, new->name, old->name);
	level->compare(d, old, new);
}

static void
compare_level(struct fy_differ *d, const struct level *level,
	      struct items *old, struct items *new)
{
	struct fy_finding finding;

	match(d, old, new, true);
	match(d, old, new, false);
	for (size_t i = 0; i < new->n && !d->err; i++) {
		const struct item *item = &new->list[i];

		finding = finding_of(FY_IMPACT_SAFE, level->rule_added, item,
				     NULL);
		if (item->partner)
			compare_items(d, level, item->partner, item);
		else
			fy_differ_find(d, &finding, "%s '%s' is new",
				       level->kind, item->name);
	}
	for (size_t i = 0; i < old->n && !d->err; i++) {
		const struct item *item = &old->list[i];

		finding = finding_of(FY_IMPACT_WIRE, level->rule_gone, item,
				     NULL);
		if (!item->partner)
			fy_differ_find(d, &finding, "%s '%s' is gone: old "
				       "clients get %s", level->kind,
				       item->name, level->effect);
	}
}

/* ---- procedures ---- */

static bool
same_args(struct fy_differ *d, const struct fy_procedure *old,
	  const struct fy_procedure *new)
{
	const struct fy_procedure *one = old->n_args == 1 ? old : new;
	const struct fy_procedure *many = one == old ? new : old;
	const struct fy_type *body;
	size_t n = 0;

	if (one->n_args != 1)
		return false;
	body = fy_shape_base(one->args[0]);
	if (body->kind != FY_KIND_STRUCT)
		return false;
	for (size_t i = 0; i < body->n_fields; i++) {
		if (fy_shape_is_void(&body->fields[i]))
			continue;
		if (n == many->n_args ||
		    !fy_same_wire(d, body->fields[i].type, many->args[n++]))
			return false;
	}
	return n == many->n_args;
}

static void
compare_arg_counts(struct fy_differ *d, const struct item *old,
		   const struct item *new)
{
	const struct fy_procedure *was = old->what;
	const struct fy_procedure *is = new->what;
	bool same = same_args(d, was, is);
	struct fy_finding finding = finding_of(
		same ? FY_IMPACT_SOURCE : FY_IMPACT_WIRE, "arguments", new,
		old);

	fy_differ_find(d, &finding,
		       "procedure '%s' has %zu argument%s, had %zu: %s",
		       is->name, is->n_args, is->n_args == 1 ? "" : "s",
		       was->n_args, same ? "the same bytes" : "other bytes");
}

static void
compare_procedures(struct fy_differ *d, const struct item *old,
		   const struct item *new)
{
	const struct fy_procedure *was = old->what;
	const struct fy_procedure *is = new->what;
	struct fy_use use = {
		.what = fy_differ_text(d, "the result of '%s'", is->name),
		.old = &was->place,
		.new = &is->place,
		.len = strlen(is->name),
	};

	fy_differ_use(d, &use, was->result, is->result);
	if (was->n_args != is->n_args) {
		compare_arg_counts(d, old, new);
		return;
	}
	for (size_t i = 0; i < is->n_args; i++) {
		use.what = fy_differ_text(d, "argument %zu of '%s'", i + 1,
					  is->name);
		fy_differ_use(d, &use, was->args[i], is->args[i]);
	}
}

static const struct level procedure_level = {
	.kind = "procedure",
	.rule_gone = "procedure-removed",
	.rule_added = "procedure-added",
	.rule_number = "procedure-number",
	.rule_name = "procedure-name",
	.effect = "PROC_UNAVAIL",
	.compare = compare_procedures,
};

/* ---- versions ---- */

static struct items
procedures_of(struct fy_differ *d, const struct fy_version *version)
{
	struct items items = new_items(d, version->n_procedures);

	for (size_t i = 0; i < version->n_procedures && !d->err; i++) {
		const struct fy_procedure *one = &version->procedures[i];

		items.list[items.n++] = (struct item){
			one->name, one->number, &one->place, one, NULL
		};
	}
	return items;
}

static void
compare_versions(struct fy_differ *d, const struct item *old,
		 const struct item *new)
{
	struct items before = procedures_of(d, old->what);
	struct items after = procedures_of(d, new->what);

	compare_level(d, &procedure_level, &before, &after);
}

static const struct level version_level = {
	.kind = "version",
	.rule_gone = "version-removed",
	.rule_added = "version-added",
	.rule_number = "version-number",
	.rule_name = "version-name",
	.effect = "PROG_MISMATCH",
	.compare = compare_versions,
};

/* ---- programs ---- */

static struct items
versions_of(struct fy_differ *d, const struct fy_program *program)
{
	struct items items = new_items(d, program->n_versions);

	for (size_t i = 0; i < program->n_versions && !d->err; i++) {
		const struct fy_version *one = &program->versions[i];

		items.list[items.n++] = (struct item){
			one->name, one->number, &one->place, one, NULL
		};
	}
	return items;
}

static void
compare_programs(struct fy_differ *d, const struct item *old,
		 const struct item *new)
{
	struct items before = versions_of(d, old->what);
	struct items after = versions_of(d, new->what);

	compare_level(d, &version_level, &before, &after);
}

static const struct level program_level = {
	.kind = "program",
	.rule_gone = "program-removed",
	.rule_added = "program-added",
	.rule_number = "program-number",
	.rule_name = "program-name",
	.effect = "PROG_UNAVAIL",
	.compare = compare_programs,
};

static struct items
programs_of(struct fy_differ *d, const struct fy_model *model)
{
	struct items items = new_items(d, model->n_defs);

	for (size_t i = 0; i < model->n_defs && !d->err; i++) {
		const struct fy_program *one = model->defs[i].program;

		if (model->defs[i].kind == FY_DEF_PROGRAM)
			items.list[items.n++] = (struct item){
				one->name, one->number, &one->place, one, NULL
			};
	}
	return items;
}

void
fy_differ_programs(struct fy_differ *d)
{
	struct items before = programs_of(d, d->old);
	struct items after = programs_of(d, d->new);

	compare_level(d, &program_level, &before, &after);
}
