/* SPDX-License-Identifier: MIT */
/*
 * The front end of the compiler, from memory: any bytes are an interface file,
 * and every view of it gives a model or diagnostics. What stands behind a line
 * of \x1e is a second file, which the first one finds under any other name.
 */
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "idl/idl.h"

struct files {
	struct ferry_str main;
	struct ferry_str other;
};

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	const struct files *files = ctx;
	struct ferry_str from = files->other;
	char *copy;

	if (strcmp(path, "in.x") == 0)
		from = files->main;
	if (!from.data) {
		errno = ENOENT;
		return fy_fail_errno(why, "open %s", path);
	}
	/* Of its own size, so that reading past its end is seen. */
	copy = ferry_arena_alloc(mem, from.len);
	if (!copy)
		return fy_fail_memory(why, from.len);
	if (from.len > 0)
		memcpy(copy, from.data, from.len);
	*out = (struct ferry_str){ copy, from.len };
	return FERRY_OK;
}

/* Follows every pointer that a back-end would. */
static uint64_t
touch(const struct fy_model *model)
{
	uint64_t sum = model->n_defs;

	for (size_t i = 0; i < model->n_types; i++) {
		const struct fy_type *type = model->types[i];

		if (type->wire_min > type->wire_max)
			abort();
		for (size_t j = 0; j < type->n_fields; j++)
			sum += type->fields[j].type->wire_min;
		for (size_t j = 0; j < type->n_arms; j++)
			sum += type->arms[j].type->wire_min;
		for (size_t j = 0; j < type->n_enumerators; j++)
			sum += strlen(type->enumerators[j].name);
		sum += type->doc ? strlen(type->doc) : 0;
		if (type->doc && strstr(type->doc, "*/"))
			abort();
	}
	return sum;
}

static void
load_all(struct fy_idl *idl)
{
	const struct fy_model *model;
	const char *text;
	size_t n_bad = 0;

	for (unsigned int view = 0; view < FY_N_VIEWS; view++) {
		ferry_err err = fy_idl_load(idl, "in.x", (enum fy_view)view,
					    &model);

		if (!err)
			touch(model);
		n_bad += err != FERRY_OK;
		if (err && err != FERRY_EINVAL)
			abort();
	}
	if (fy_diag_text(&idl->diag, 20, false, &text) != FERRY_OK ||
	    (n_bad > 0) != (idl->diag.n_errors > 0) ||
	    (n_bad > 0 && *text == '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *mark = size > 0 ? memchr(text, '\x1e', size) : NULL;
	struct files files = { { text, (uint32_t)size }, { NULL, 0 } };
	const struct fy_reader reader = { read_memory, &files };
	struct ferry_arena mem = { 0 };
	struct fy_idl idl;

	if (mark) {
		size_t len = (size_t)(mark - text);

		files.main.len = (uint32_t)len;
		files.other = (struct ferry_str){
			mark + 1, (uint32_t)(size - len - 1)
		};
	}
	fy_idl_init(&idl, &mem, &reader);
	load_all(&idl);
	ferry_arena_fini(&mem);
	return 0;
}
