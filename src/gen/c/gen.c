/* SPDX-License-Identifier: MIT */
/* The C back-end: dir.x becomes dir.h and dir.c. */
#include <string.h>

#include "gen/c/c.h"
#include "idl/mem.h"

static void
emit_banner(struct fy_c *c, struct fy_emit *e, const char *end)
{
	const char *text = fy_c_join(c, c->model->stem, end, ": made from ",
				     c->model->file);

	fy_emit_comment(e, fy_c_join(c, text,
				     " by ferry " FY_VERSION ". Edit ",
				     c->model->file,
				     ", not this file.\n\nIt is yours: ferry "
				     "claims no right in what it makes."));
}

/* The word behind the # of a % line; "": it has none. */
static const char *
directive(const char *line)
{
	line += strspn(line, " \t");
	if (*line != '#')
		return "";
	line++;
	return line + strspn(line, " \t");
}

/*
 * Whether % lines end the #ifndef that rpcgen's headers begin with, and begin
 * another for rpcgen's #endif (as in nis.x): then they are to find both.
 */
static bool
wants_guard(const struct fy_model *model)
{
	int depth = 0;
	bool ends = false;

	for (size_t i = 0; i < model->n_defs; i++) {
		const char *word = "";

		if (model->defs[i].kind == FY_DEF_PASS)
			word = directive(model->defs[i].text);
		depth += strncmp(word, "if", 2) == 0;
		depth -= strncmp(word, "endif", 5) == 0;
		ends |= depth < 0;
	}
	return ends && depth == 0;
}

/* "FERRY_NIS_H" */
static const char *
guard_name(struct fy_c *c)
{
	char *name = fy_format(c->mem, "FERRY_%s_H", c->model->stem);

	for (char *s = name; s && *s; s++) {
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
		else if (!(*s >= 'A' && *s <= 'Z') && !(*s >= '0' && *s <= '9'))
			*s = '_';
	}
	return fy_c_keep(c, name);
}

static void
emit_header(struct fy_c *c)
{
	struct fy_emit *e = &c->header;
	bool guard = wants_guard(c->model);

	emit_banner(c, e, ".h");
	fy_emit(e, guard ? "#ifndef $guard\n#define $guard\n\n"
			 : "#pragma once\n\n",
		"guard", guard_name(c));
	fy_emit(e, "#include <ferry/codec.h>\n"
		   "#include <ferry/rpc.h>\n\n");
	fy_c_types(c);
	fy_emit(e, "#ifdef __cplusplus\n"
		   "extern \"C\" {\n"
		   "#endif\n\n");
	fy_c_functions(c);
	for (size_t i = 0; i < c->n_versions; i++) {
		fy_c_client_prototypes(c, &c->versions[i]);
		fy_c_server_prototypes(c, &c->versions[i]);
	}
	fy_emit(e, "#ifdef __cplusplus\n"
		   "}\n"
		   "#endif\n");
	if (guard)
		fy_emit(e, "#endif\n");
}

static void
emit_source(struct fy_c *c)
{
	emit_banner(c, &c->source, ".c");
	fy_emit(&c->source, "#include \"$stem.h\"\n\n#include <ferry/stub.h>\n\n",
		"stem", c->model->stem);
	fy_c_pass_lines(c);
	fy_c_codecs(c);
	for (size_t i = 0; i < c->n_versions; i++) {
		fy_c_server(c, &c->versions[i]);
		fy_c_client(c, &c->versions[i]);
	}
}

static ferry_err
add_file(struct fy_c *c, struct fy_emit *e, const char *end)
{
	struct fy_gen_file *file = &c->gen->files[c->gen->n_files];
	ferry_err err;

	/* The blank line that parts two things ends no file. */
	while (e->len > 1 && e->text[e->len - 1] == '\n' &&
	       e->text[e->len - 2] == '\n')
		e->len--;
	file->len = e->len;
	err = fy_emit_text(e, &file->text);
	if (err)
		return err;
	file->name = fy_c_join(c, c->model->stem, end, NULL, NULL);
	c->gen->n_files++;
	return FERRY_OK;
}

/*
 * The source includes the header by its name, and C says nothing of these
 * characters between the quotes.
 */
static ferry_err
check_stem(struct fy_c *c)
{
	struct fy_span whole = { { c->model->file, 0, 0 }, 0 };

	for (const char *s = c->model->stem; *s; s++) {
		unsigned char byte = (unsigned char)*s;

		if (byte >= ' ' && byte != 0x7f && *s != '"' && *s != '\\' &&
		    !(s[0] == '?' && s[1] == '?'))
			continue;
		fy_diag_hint(c->gen->diag,
			     fy_diag_error(c->gen->diag, &whole,
					   "no header can have this file's "
					   "name"),
			     "leave \", \\, ?? and control characters out of it");
		return FERRY_EINVAL;
	}
	return FERRY_OK;
}

static ferry_err
generate(struct fy_gen *gen)
{
	struct fy_c *c = fy_new(gen->mem, sizeof(*c));
	ferry_err err;
	bool own;

	if (!c)
		return FERRY_ENOMEM;
	c->gen = gen;
	c->mem = gen->mem;
	c->model = gen->views[FY_VIEW_HDR];
	c->prefix = gen->prefix;
	own = strcmp(c->prefix, "fy_") == 0;
	c->reserved = own ? fy_c_reserved_own : fy_c_reserved;
	c->reserved_tag = own ? fy_c_reserved_own_tag : fy_c_reserved_tag;
	c->scope.mem = gen->mem;
	c->ordinary.mem = gen->mem;
	fy_emit_init(&c->header, c->mem);
	fy_emit_init(&c->source, c->mem);
	err = check_stem(c);
	if (!err)
		err = fy_c_plan(c);
	if (!err)
		err = fy_c_compare_views(c);
	if (err)
		return err;

	emit_header(c);
	emit_source(c);
	/* A text that was lost may have been either's. */
	if (c->header.err)
		return c->header.err;
	gen->n_files = 0;
	err = add_file(c, &c->header, ".h");
	return err ? err : add_file(c, &c->source, ".c");
}

const struct fy_backend fy_backend_c = {
	.name = "c",
	.info = "C11: a header for C and C++, and a source file",
	.generate = generate,
};
