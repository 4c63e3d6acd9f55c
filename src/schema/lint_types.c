/* SPDX-License-Identifier: MIT */
/* Lint: rules about enums, unions and types that hold themselves. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "schema/linter.h"
#include "schema/reach.h"
#include "schema/shape.h"

static size_t
len_of(const struct fy_type *type)
{
	return type->name ? strlen(type->name) : 1;
}

static const char *
called(const struct fy_type *type)
{
	return type->name ? type->name
			  : type->owner_member ? type->owner_member : "it";
}

static int
by_value(const void *left, const void *right)
{
	const struct fy_enumerator *a =
		*(const struct fy_enumerator *const *)left;
	const struct fy_enumerator *b =
		*(const struct fy_enumerator *const *)right;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return (a > b) - (a < b);
}

static void
lint_values(struct fy_linter *l, const struct fy_type *type,
	    const struct fy_enumerator *const *sorted)
{
	bool has_zero = false;

	for (size_t i = 0; i < type->n_enumerators; i++) {
		const struct fy_enumerator *one = sorted[i];
		const struct fy_enumerator *last = i > 0 ? sorted[i - 1] : one;

		has_zero |= one->value == 0;
		if (i > 0 && one->value == last->value)
			fy_linter_find(l, FY_LINT_ENUM_DUPLICATE, &one->place,
				       strlen(one->name),
				       "'%s' is %" PRId32 ", as '%s' is",
				       one->name, one->value, last->name);
		if ((int64_t)one->value - last->value > 1)
			fy_linter_find(l, FY_LINT_ENUM_GAP, &one->place,
				       strlen(one->name),
				       "no name for what is between '%s' = "
				       "%" PRId32 " and '%s' = %" PRId32,
				       last->name, last->value, one->name,
				       one->value);
	}
	if (!has_zero)
		fy_linter_find(l, FY_LINT_ENUM_ZERO, &type->place,
			       len_of(type),
			       "no name for 0: a fresh '%s' has no encoding",
			       called(type));
}

static void
lint_enum(struct fy_linter *l, const struct fy_type *type)
{
	const struct fy_enumerator **sorted = ferry_arena_alloc(
		l->diag->mem, type->n_enumerators * sizeof(*sorted));

	if (!sorted) {
		l->err = FERRY_ENOMEM;
		return;
	}
	for (size_t i = 0; i < type->n_enumerators; i++)
		sorted[i] = &type->enumerators[i];
	qsort(sorted, type->n_enumerators, sizeof(*sorted), by_value);
	lint_values(l, type, sorted);
}

static void
lint_union(struct fy_linter *l, const struct fy_type *type)
{
	if (!type->has_default &&
	    fy_shape_base(type->discriminant)->kind != FY_KIND_BOOL)
		fy_linter_find(l, FY_LINT_NO_DEFAULT, &type->place,
			       len_of(type),
			       "'%s' has no default arm: a case more would be "
			       "refused by all who do not know it",
			       called(type));
}

/* ---- types that hold themselves ---- */

/* Of visits: whoever needs more gets less advice. */
#define MAX_STEPS 1000000

/* Whether values of @from hold values of @type. */
static bool
holds(struct fy_linter *l, const struct fy_type *from,
      const struct fy_type *type)
{
	struct fy_reach reach = { .mem = l->diag->mem };
	const struct fy_type *at;

	fy_reach_add(&reach, from);
	while ((at = fy_reach_next(&reach)) && at != type &&
	       l->n_steps < MAX_STEPS) {
		l->n_steps++;
		if (at->recursive)
			fy_reach_add_parts(&reach, at);
	}
	if (reach.err)
		l->err = reach.err;
	return at == type;
}

/* A list: its last field, and no other, is what comes next. */
static bool
is_list(struct fy_linter *l, const struct fy_type *type)
{
	const struct fy_type *last;

	if (type->kind != FY_KIND_STRUCT || type->n_fields == 0)
		return false;
	last = fy_shape_base(type->fields[type->n_fields - 1].type);
	if (last->kind != FY_KIND_OPTIONAL ||
	    fy_shape_base(last->element) != type)
		return false;
	for (size_t i = 0; i + 1 < type->n_fields; i++) {
		if (holds(l, type->fields[i].type, type))
			return false;
	}
	return true;
}

static void
lint_recursion(struct fy_linter *l, const struct fy_type *type)
{
	if (type->recursive && type->name && type->kind != FY_KIND_ALIAS &&
	    !is_list(l, type))
		fy_linter_find(l, FY_LINT_RECURSION, &type->place,
			       len_of(type),
			       "'%s' holds itself: readers have a limit for "
			       "how deep that goes", type->name);
}

void
fy_lint_types(struct fy_linter *l)
{
	for (size_t i = 0; i < l->model->n_types && !l->err; i++) {
		const struct fy_type *type = l->model->types[i];

		if (!fy_linter_is_own(l, &type->place))
			continue;
		lint_recursion(l, type);
		if (type->kind == FY_KIND_ENUM)
			lint_enum(l, type);
		if (type->kind == FY_KIND_UNION)
			lint_union(l, type);
		if (type->name && !type->doc)
			fy_linter_find(l, FY_LINT_UNDOCUMENTED, &type->place,
				       len_of(type), "no comment says what "
				       "'%s' is", type->name);
	}
}
