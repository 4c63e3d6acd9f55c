/* SPDX-License-Identifier: MIT */
/*
 * rpcgen reads a file once for each output, and the file may read differently
 * each time. The header's reading has the types and programs; the others add
 * their % lines, and must not give a type another wire format.
 */
#include <string.h>

#include "gen/c/c.h"
#include "idl/names.h"

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* A view may have a typedef where another has rpcgen's own name: int32_t. */
static bool
same_member(const struct fy_type *a, const struct fy_type *b)
{
	return fy_c_base(a)->kind == fy_c_base(b)->kind &&
	       a->wire_min == b->wire_min;
}

static bool
same_fields(const struct fy_type *a, const struct fy_type *b)
{
	for (size_t i = 0; i < a->n_fields; i++)
		if (!same_text(a->fields[i].name, b->fields[i].name) ||
		    !same_member(a->fields[i].type, b->fields[i].type))
			return false;
	for (size_t i = 0; i < a->n_arms; i++)
		if (!same_text(a->arms[i].name, b->arms[i].name) ||
		    a->arms[i].n_labels != b->arms[i].n_labels ||
		    !same_member(a->arms[i].type, b->arms[i].type))
			return false;
	for (size_t i = 0; i < a->n_enumerators; i++)
		if (a->enumerators[i].value != b->enumerators[i].value)
			return false;
	return true;
}

/* Whether two readings of one type are the same on the wire. */
static bool
same_type(const struct fy_type *a, const struct fy_type *b)
{
	return a->kind == b->kind && a->wire_min == b->wire_min &&
	       a->wire_max == b->wire_max && a->bound == b->bound &&
	       a->n_fields == b->n_fields && a->n_arms == b->n_arms &&
	       a->n_enumerators == b->n_enumerators && same_fields(a, b);
}

/* The type of that name in the header; NULL if it has none. */
static const struct fy_type *
find_type(const struct fy_c *c, const char *name)
{
	for (size_t i = 0; i < c->n_types; i++)
		if (same_text(c->types[i].type->name, name))
			return c->types[i].type;
	return NULL;
}

ferry_err
fy_c_compare_views(struct fy_c *c)
{
	const struct fy_model *codec = c->gen->views[FY_VIEW_XDR];
	ferry_err err = FERRY_OK;

	for (size_t i = 0; codec != c->model && i < codec->n_types; i++) {
		const struct fy_type *there = codec->types[i], *here;
		struct fy_message *message;
		struct fy_span at = { .place = there->place, .len = 1 };

		if (!there->name)
			continue;
		/* The two lists are the same but for what #ifdef does. */
		if (i < c->n_types &&
		    same_text(c->types[i].type->name, there->name))
			here = c->types[i].type;
		else
			here = find_type(c, there->name);
		if (!here || same_type(here, there))
			continue;
		message = fy_diag_error(c->gen->diag, &at,
					"'%s' is not the same type with "
					"RPC_XDR as it is with RPC_HDR",
					there->name);
		fy_diag_note(c->gen->diag, message,
			     &(struct fy_span){ .place = here->place,
						.len = 1 },
			     "with RPC_HDR it is this");
		err = FERRY_EINVAL;
	}
	return err;
}

/* ---- % lines ---- */

/* Whether no view before had the line, which is noted. */
static bool
is_new(struct fy_c *c, struct fy_names *seen, const struct fy_def *def)
{
	struct ferry_str key = { (const char *)&def->place,
				 sizeof(def->place) };
	void *found = NULL;

	if (fy_names_put(seen, c->mem, key, c, &found) != FERRY_OK)
		c->header.err = FERRY_ENOMEM;
	return !found;
}

void
fy_c_pass_lines(struct fy_c *c)
{
	static const enum fy_view order[] = { FY_VIEW_HDR, FY_VIEW_XDR,
					      FY_VIEW_CLNT, FY_VIEW_SVC };
	struct fy_names seen = { NULL, 0, 0 };
	bool any = false;

	for (size_t i = 0; i < FY_ARRAY_LEN(order); i++) {
		const struct fy_model *model = c->gen->views[order[i]];

		for (size_t j = 0; j < model->n_defs; j++) {
			const struct fy_def *def = &model->defs[j];

			if (def->kind != FY_DEF_PASS ||
			    !is_new(c, &seen, def) || i == 0)
				continue;
			fy_emit_raw(&c->source, def->text);
			any = true;
		}
	}
	if (any)
		fy_emit(&c->source, "\n");
}
