/* SPDX-License-Identifier: MIT */
#include "idl/idl.h"

#include <string.h>

#include "idl/build.h"
#include "idl/check.h"
#include "idl/mem.h"
#include "idl/parser.h"
#include "idl/passed.h"
#include "idl/preproc.h"

/*
 * What rpcgen's C has from <rpc/rpc.h>, with the wire that libtirpc gives it,
 * and the names that RFC 4506 section 4.4 gives to the values of bool.
 */
static const char built_in_name[] = "<rpc/rpc.h>";
static const char built_in_text[] = "const FALSE = 0;\n"
				    "const TRUE = 1;\n"
				    "const AUTH_NONE = 0;\n"
				    "const AUTH_NULL = 0;\n"
				    "const AUTH_SYS = 1;\n"
				    "const AUTH_UNIX = 1;\n"
				    "const AUTH_SHORT = 2;\n"
				    "const AUTH_DH = 3;\n"
				    "const AUTH_DES = 3;\n"
				    "const AUTH_KERB = 4;\n"
				    "const RPCSEC_GSS = 6;\n"
				    "const MAX_AUTH_BYTES = 400;\n"
				    "const MAXNETNAMELEN = 255;\n"
				    "typedef opaque des_block[8];\n"
				    "typedef opaque netobj<1024>;\n";

void
fy_idl_init(struct fy_idl *idl, struct ferry_arena *mem,
	    const struct fy_reader *reader)
{
	*idl = (struct fy_idl){
		.mem = mem,
		.reader = reader,
		.include_reader = reader,
	};
	idl->sources.tail = &idl->sources.first;
	fy_diag_init(&idl->diag, mem, &idl->sources);
}

static ferry_err
load_built_in(struct fy_idl *idl, struct fy_ast *out)
{
	struct fy_stream stream;
	ferry_err err;

	err = fy_preproc_text(idl, built_in_name, built_in_text, &stream);
	if (!err)
		err = fy_parse(&stream, idl->mem, &idl->diag, out);
	if (err)
		return err;
	for (struct fy_ast_def *def = out->defs; def; def = def->next) {
		def->built_in = true;
		def->standard = def->kind == FY_AST_CONST &&
				(strcmp(def->name.text, "FALSE") == 0 ||
				 strcmp(def->name.text, "TRUE") == 0);
	}
	return FERRY_OK;
}

/*
 * What % lines define in the header is defined in all that is made of a file,
 * as it includes the header: so look there, whatever the view. What is wrong
 * there the load of that view reports.
 */
static ferry_err
load_passed(struct fy_idl *idl, const char *path, struct fy_passed *out)
{
	struct fy_diag kept = idl->diag;
	struct fy_stream stream;
	ferry_err err;

	fy_diag_init(&idl->diag, idl->mem, &idl->sources);
	err = fy_preproc(idl, path, FY_VIEW_HDR, &stream);
	idl->diag = kept;
	if (err)
		return err;
	return fy_passed_read(&stream, idl->mem, out);
}

/* Begins to remember what loads of @path have in common. */
static ferry_err
begin(struct fy_idl *idl, const char *path, enum fy_view view,
      const struct fy_stream *stream)
{
	struct fy_loaded *last = &idl->last;
	struct fy_passed *passed;
	ferry_err err;

	if (last->path && strcmp(last->path, path) == 0)
		return FERRY_OK;
	*last = (struct fy_loaded){ .path = NULL };
	passed = fy_new(idl->mem, sizeof(*passed));
	if (!passed)
		return FERRY_ENOMEM;
	if (view == FY_VIEW_HDR || !stream->asks_view)
		err = fy_passed_read(stream, idl->mem, passed);
	else
		err = load_passed(idl, path, passed);
	if (err)
		return err;
	last->passed = passed;
	last->path = path;
	return FERRY_OK;
}

static ferry_err
build(struct fy_idl *idl, const struct fy_source *source,
      const struct fy_stream *stream, const struct fy_model **out)
{
	struct fy_tree tree = { .stream = stream };
	struct fy_check check = {
		.mem = idl->mem,
		.diag = &idl->diag,
		.ast = &tree.file,
		.built_in = &tree.built_in,
		.foreign = &tree.foreign,
		.passed = idl->last.passed,
		.incomplete = stream->incomplete,
	};
	ferry_err err = load_built_in(idl, &tree.built_in);

	if (!err)
		err = fy_parse(stream, idl->mem, &idl->diag, &tree.file);
	if (!err)
		err = fy_check(&check);
	if (err)
		return err;
	return fy_model_build(idl, source, &tree, out);
}

/* A stream that some view came to, and what was made of it. */
struct fy_built {
	struct fy_built *next;
	struct fy_stream stream;
	ferry_err err;
	const struct fy_model *model;
};

/* What was made of such a stream for another view; NULL: nothing. */
static const struct fy_built *
find_built(const struct fy_loaded *last, const struct fy_stream *stream)
{
	const struct fy_built *built = last->built;

	while (built && !fy_stream_same(&built->stream, stream))
		built = built->next;
	return built;
}

/* Keeps @built for other views. Return: FERRY_OK; FERRY_ENOMEM. */
static ferry_err
build_first(struct fy_idl *idl, const struct fy_source *source,
	    const struct fy_stream *stream, const struct fy_built **out)
{
	struct fy_built *built = fy_new(idl->mem, sizeof(*built));
	size_t n_errors = idl->diag.n_errors;
	ferry_err err;

	if (!built)
		return FERRY_ENOMEM;
	err = build(idl, source, stream, &built->model);
	if (!err)
		err = idl->diag.err;
	if (err && err != FERRY_EINVAL)
		return err;
	built->stream = *stream;
	built->err = err || idl->diag.n_errors > n_errors ? FERRY_EINVAL
							  : FERRY_OK;
	built->next = idl->last.built;
	idl->last.built = built;
	*out = built;
	return FERRY_OK;
}

/* The memory of @stream is for the next view. */
static ferry_err
spare(struct fy_idl *idl, const struct fy_stream *stream)
{
	struct fy_stream *kept = fy_new(idl->mem, sizeof(*kept));

	if (!kept)
		return FERRY_ENOMEM;
	*kept = *stream;
	idl->spare = kept;
	return FERRY_OK;
}

static ferry_err
load(struct fy_idl *idl, const char *path, enum fy_view view)
{
	struct fy_loaded *last = &idl->last;
	size_t n_errors = idl->diag.n_errors;
	const struct fy_built *built;
	const struct fy_source *source;
	struct fy_stream stream;
	ferry_err err;

	err = fy_preproc(idl, path, view, &stream);
	if (err)
		return err;
	source = fy_sources_find(&idl->sources, path);
	if (!source || !source->is_read)
		return FERRY_EINVAL; /* there is no such file: reported */
	if (idl->diag.n_errors > n_errors)
		err = FERRY_EINVAL;
	last->err = begin(idl, path, view, &stream);
	if (last->err)
		return last->err;
	built = find_built(last, &stream);
	last->err = built ? spare(idl, &stream)
			  : build_first(idl, source, &stream, &built);
	if (last->err)
		return last->err;
	last->model = built->model;
	last->alike = !stream.asks_view;
	last->err = err ? err : built->err;
	return last->err;
}

ferry_err
fy_idl_load(struct fy_idl *idl, const char *path, enum fy_view view,
	    const struct fy_model **out)
{
	const struct fy_loaded *last = &idl->last;
	ferry_err err;

	if (last->path && last->alike && strcmp(last->path, path) == 0)
		err = last->err;
	else
		err = load(idl, path, view);
	if (!err)
		*out = last->model;
	return err;
}
