/* SPDX-License-Identifier: MIT */
/* Lint: rules about names. */
#include <string.h>

#include "schema/linter.h"

/* Fewer names of a kind have no style. */
#define MIN_NAMES 4

enum style {
	STYLE_LOWER, /* no capitals: some_name */
	STYLE_UPPER, /* nothing else: SOME_NAME */
	STYLE_MIXED,
	N_STYLES,
};

/* Names that should look alike. */
enum group {
	GROUP_CONSTANTS, /* and enumerators */
	GROUP_TYPES,
	GROUP_MEMBERS,
	GROUP_PROCEDURES, /* and versions, and programs */
	N_GROUPS,
};

struct names {
	struct fy_linter *l;
	size_t n[N_GROUPS][N_STYLES];
	bool is_counted; /* the second time findings are made */
};

static const char *const group_words[] = {
	[GROUP_CONSTANTS] = "constants and enumerators",
	[GROUP_TYPES] = "types",
	[GROUP_MEMBERS] = "members",
	[GROUP_PROCEDURES] = "programs, versions and procedures",
};

static enum style
style_of(const char *name)
{
	bool has_lower = false, has_upper = false;

	for (; *name; name++) {
		has_lower |= *name >= 'a' && *name <= 'z';
		has_upper |= *name >= 'A' && *name <= 'Z';
	}
	if (has_lower && has_upper)
		return STYLE_MIXED;
	return has_upper ? STYLE_UPPER : STYLE_LOWER;
}

/* What three of four have; N_STYLES if there is nothing like that. */
static enum style
style_of_most(const struct names *names, enum group group)
{
	const size_t *n = names->n[group];
	size_t all = n[STYLE_LOWER] + n[STYLE_UPPER] + n[STYLE_MIXED];
	unsigned int style = 0;

	while (style < N_STYLES && (all < MIN_NAMES || n[style] * 4 < all * 3))
		style++;
	return (enum style)style;
}

static void
judge(struct names *names, enum group group, const char *name,
      const struct fy_place *place)
{
	static const char *const words[] = {
		[STYLE_LOWER] = "in lower case",
		[STYLE_UPPER] = "in upper case",
		[STYLE_MIXED] = "in both cases",
	};
	const char *languages = fy_lint_keyword(name);
	enum style most = style_of_most(names, group);

	if (languages)
		fy_linter_find(names->l, FY_LINT_KEYWORD, place, strlen(name),
			       "'%s' is a word of %s", name, languages);
	if (most < N_STYLES && style_of(name) != most)
		fy_linter_find(names->l, FY_LINT_NAME_CASE, place,
			       strlen(name), "'%s' is not %s, as most %s are",
			       name, words[most], group_words[group]);
}

static void
take(struct names *names, enum group group, const char *name,
     const struct fy_place *place)
{
	if (!name || !fy_linter_is_own(names->l, place))
		return;
	if (names->is_counted)
		judge(names, group, name, place);
	else
		names->n[group][style_of(name)]++;
}

static void
take_type(struct names *names, const struct fy_type *type)
{
	take(names, GROUP_TYPES, type->name, &type->place);
	for (size_t i = 0; i < type->n_enumerators; i++)
		take(names, GROUP_CONSTANTS, type->enumerators[i].name,
		     &type->enumerators[i].place);
	for (size_t i = 0; i < type->n_fields; i++)
		take(names, GROUP_MEMBERS, type->fields[i].name,
		     &type->fields[i].place);
	for (size_t i = 0; i < type->n_arms; i++)
		take(names, GROUP_MEMBERS, type->arms[i].name,
		     &type->arms[i].place);
}

static void
take_program(struct names *names, const struct fy_program *program)
{
	take(names, GROUP_PROCEDURES, program->name, &program->place);
	for (size_t i = 0; i < program->n_versions; i++) {
		const struct fy_version *version = &program->versions[i];

		take(names, GROUP_PROCEDURES, version->name, &version->place);
		for (size_t j = 0; j < version->n_procedures; j++)
			take(names, GROUP_PROCEDURES,
			     version->procedures[j].name,
			     &version->procedures[j].place);
	}
}

static void
take_all(struct names *names)
{
	const struct fy_model *model = names->l->model;

	for (size_t i = 0; i < model->n_types; i++)
		take_type(names, model->types[i]);
	for (size_t i = 0; i < model->n_defs; i++) {
		const struct fy_def *def = &model->defs[i];

		if (def->kind == FY_DEF_CONST)
			take(names, GROUP_CONSTANTS, def->constant->name,
			     &def->constant->place);
		if (def->kind == FY_DEF_PROGRAM)
			take_program(names, def->program);
	}
}

void
fy_lint_names(struct fy_linter *l)
{
	struct names names = { .l = l };

	take_all(&names);
	names.is_counted = true;
	take_all(&names);
}
