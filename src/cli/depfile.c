/* SPDX-License-Identifier: MIT */
#include "cli/depfile.h"

#include <string.h>

#include "idl/writer.h"

/* Backslashes before a blank are doubled, and nowhere else: so is make. */
static void
put_path(struct fy_writer *w, const char *path)
{
	size_t n_backslashes = 0;

	for (; *path; path++) {
		if (*path == '\n')
			w->err = FERRY_EINVAL;
		if (*path == ' ' || *path == '\t') {
			for (; n_backslashes > 0; n_backslashes--)
				fy_write_char(w, '\\');
			fy_write_char(w, '\\');
		}
		if (*path == '#')
			fy_write_char(w, '\\');
		if (*path == '$')
			fy_write_char(w, '$');
		n_backslashes = *path == '\\' ? n_backslashes + 1 : 0;
		fy_write_char(w, *path);
	}
}

static void
put_targets(struct fy_writer *w, const char *dir, const struct fy_gen *targets)
{
	for (size_t i = 0; i < targets->n_files; i++) {
		if (i > 0)
			fy_write_char(w, ' ');
		if (strcmp(dir, ".") != 0) {
			put_path(w, dir);
			fy_write_char(w, '/');
		}
		put_path(w, targets->files[i].name);
	}
}

ferry_err
fy_depfile_make(const char *dir, const struct fy_gen *targets,
		const struct fy_sources *sources, struct ferry_arena *mem,
		struct fy_gen_file *out)
{
	struct fy_writer w = { .mem = mem };
	const struct fy_source *source;
	const char *text;
	ferry_err err;

	put_targets(&w, dir, targets);
	fy_write_char(&w, ':');
	for (source = sources->first; source; source = source->next) {
		if (!source->is_read)
			continue;
		fy_write_text(&w, source == sources->first ? " " : " \\\n ");
		put_path(&w, source->path);
	}
	fy_write_char(&w, '\n');
	for (source = sources->first; source; source = source->next) {
		if (!source->is_read || source == sources->first)
			continue;
		fy_write_char(&w, '\n');
		put_path(&w, source->path);
		fy_write_text(&w, ":\n");
	}
	err = fy_write_end(&w, &text);
	if (err)
		return err;
	out->text = text;
	out->len = w.len;
	return FERRY_OK;
}
