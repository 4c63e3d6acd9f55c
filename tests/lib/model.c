/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/idl.h"

static ferry_err
read_text(void *ctx, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	struct ferry_str text = ferry_str_of(ctx);
	char *copy = ferry_str_dup(mem, text);

	(void)path;
	(void)why;
	if (!copy)
		return FERRY_ENOMEM;
	*out = (struct ferry_str){ copy, text.len };
	return FERRY_OK;
}

const struct fy_model *
test_model(const char *text, struct ferry_arena *mem)
{
	/* A reader's context is not constant; this one is only read. */
	const struct fy_reader reader = { read_text, (void *)(uintptr_t)text };
	const struct fy_model *model = NULL;
	const char *errors = "";
	struct fy_idl idl;

	fy_idl_init(&idl, mem, &reader);
	if (fy_idl_load(&idl, "in.x", FY_VIEW_HDR, &model) == FERRY_OK)
		return model;
	if (fy_diag_text(&idl.diag, 20, false, &errors) == FERRY_OK)
		fputs(errors, stderr);
	abort();
}

const struct fy_type *
test_type(const struct fy_model *model, const char *name)
{
	for (size_t i = 0; i < model->n_types; i++)
		if (model->types[i]->name &&
		    strcmp(model->types[i]->name, name) == 0)
			return model->types[i];
	fprintf(stderr, "there is no type '%s'\n", name);
	abort();
}
