/* SPDX-License-Identifier: MIT */
#include "schema/format.h"

#include <string.h>

#include "core/err.h"
#include "idl/mem.h"
#include "idl/parser.h"
#include "idl/preproc.h"
#include "schema/layout.h"

struct only {
	const char *path;
	struct ferry_str text;
};

/* What is included is not formatted, so it need not be there. */
static ferry_err
read_only(void *ctx, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	const struct only *only = ctx;

	(void)mem;
	(void)why;
	*out = strcmp(path, only->path) == 0 ? only->text : ferry_str_of("");
	return FERRY_OK;
}

/* Reports what is no interface file, in any view. */
static ferry_err
check_syntax(struct fy_reformat *f)
{
	for (unsigned int view = 0; view < FY_N_VIEWS; view++) {
		struct fy_stream stream;
		struct fy_ast ast;
		ferry_err err = fy_preproc(&f->idl, f->path,
					   (enum fy_view)view, &stream);

		if (!err)
			err = fy_parse(&stream, f->mem, &f->idl.diag, &ast);
		if (err)
			return err;
		if (!stream.asks_view)
			break;
	}
	return f->idl.diag.n_errors > 0 ? FERRY_EINVAL : f->idl.diag.err;
}

/* Lines end in \n. */
static ferry_err
without_returns(const struct fy_reformat *f, struct ferry_str *out)
{
	const char *from = f->text.data;
	char *text = ferry_arena_alloc(f->mem, (size_t)f->text.len + 1);
	uint32_t n = 0;
	uint32_t kept = 0; /* of the last line, without \r at its end */

	if (!text)
		return FERRY_ENOMEM;
	for (uint32_t i = 0; i < f->text.len; i++) {
		if (from[i] == '\n')
			n = kept;
		text[n++] = from[i];
		if (from[i] != '\r')
			kept = n;
	}
	n = kept;
	*out = (struct ferry_str){ text, n };
	return FERRY_OK;
}

/* Takes @text apart; what cannot be is an error of the file. */
static ferry_err
read_items(struct fy_reformat *f, struct ferry_str text, struct fy_items *out)
{
	ferry_err err;

	*out = (struct fy_items){ .n = 0 };
	err = fy_items_read(out, f->path, text, &f->idl.diag);
	if (err)
		return err;
	return f->idl.diag.n_errors > 0 ? FERRY_EINVAL : FERRY_OK;
}

/* That what was made of the file says the same. */
static ferry_err
check_same(struct fy_reformat *f, const struct fy_items *before)
{
	struct fy_span nowhere = { { f->path, 0, 0 }, 0 };
	struct fy_items after;
	ferry_err err = read_items(f, f->out, &after);

	if (err == FERRY_ENOMEM || (!err && fy_items_same(before, &after)))
		return err;
	fy_diag_error(&f->idl.diag, &nowhere,
		      "this file cannot be formatted without a change of "
		      "what it says");
	return FERRY_EINVAL;
}

ferry_err
fy_reformat(struct fy_reformat *f)
{
	struct only only = { f->path, f->text };
	const struct fy_reader reader = { read_only, &only };
	struct fy_items items;
	struct ferry_str text;
	ferry_err err;

	fy_idl_init(&f->idl, f->mem, &reader);
	(void)fy_warn_set(&f->idl.diag.levels, "none");
	err = check_syntax(f);
	if (!err)
		err = without_returns(f, &text);
	if (!err)
		err = read_items(f, text, &items);
	if (!err)
		err = fy_layout(&items, f->mem, &f->out);
	if (!err)
		err = check_same(f, &items);
	f->idl.reader = NULL; /* it was of this function */
	return err;
}
