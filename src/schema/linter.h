/* SPDX-License-Identifier: MIT */
/* What the parts of lint share. */
#pragma once

#include "schema/lint.h"

struct fy_lines;

struct fy_linter {
	const struct fy_model *model;
	const char *path;
	const bool *on;
	struct fy_diag *diag;
	struct fy_lines *lines; /* of each source that was looked at */
	size_t n_steps; /* that were made to find out who holds himself */
	ferry_err err;
};

/** fy_linter_find() - a finding at @place, unless a comment there allows it */
FY_PRINTF(5, 6) void
fy_linter_find(struct fy_linter *l, enum fy_lint_rule rule,
	       const struct fy_place *place, size_t len, const char *format,
	       ...);

/** fy_linter_is_own() - whether what stands at @place is to be looked at */
bool fy_linter_is_own(const struct fy_linter *l, const struct fy_place *place);

/* One family of rules each. */
void fy_lint_names(struct fy_linter *l);
void fy_lint_types(struct fy_linter *l);
void fy_lint_programs(struct fy_linter *l);

/** fy_lint_keyword() - in which languages @name is taken; NULL: in none */
const char *fy_lint_keyword(const char *name);
