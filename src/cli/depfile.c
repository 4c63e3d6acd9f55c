/* SPDX-License-Identifier: MIT */
#include "cli/depfile.h"

#include <string.h>

#include "idl/mem.h"

/* A text that grows; the first error latches. */
struct writer {
	struct ferry_arena *mem;
	char *text;
	size_t len;
	size_t cap;
	ferry_err err;
};

static void
put(struct writer *w, char c)
{
	char *text = fy_grow(w->mem, w->text, w->len, &w->cap, 1);

	if (!text) {
		w->err = FERRY_ENOMEM;
		return;
	}
	w->text = text;
	w->text[w->len++] = c;
}

static void
put_text(struct writer *w, const char *text)
{
	for (; *text; text++)
		put(w, *text);
}

/* Backslashes before a blank are doubled, and nowhere else: so is make. */
static void
put_path(struct writer *w, const char *path)
{
	size_t n_backslashes = 0;

	for (; *path; path++) {
		if (*path == '\n')
			w->err = FERRY_EINVAL;
		if (*path == ' ' || *path == '\t') {
			for (; n_backslashes > 0; n_backslashes--)
				put(w, '\\');
			put(w, '\\');
		}
		if (*path == '#')
			put(w, '\\');
		if (*path == '$')
			put(w, '$');
		n_backslashes = *path == '\\' ? n_backslashes + 1 : 0;
		put(w, *path);
	}
}

static void
put_targets(struct writer *w, const char *dir, const struct fy_gen *targets)
{
	for (size_t i = 0; i < targets->n_files; i++) {
		if (i > 0)
			put(w, ' ');
		if (strcmp(dir, ".") != 0) {
			put_path(w, dir);
			put(w, '/');
		}
		put_path(w, targets->files[i].name);
	}
}

ferry_err
fy_depfile_make(const char *dir, const struct fy_gen *targets,
		const struct fy_sources *sources, struct ferry_arena *mem,
		struct fy_gen_file *out)
{
	struct writer w = { .mem = mem };
	const struct fy_source *source;

	put_targets(&w, dir, targets);
	put(&w, ':');
	for (source = sources->first; source; source = source->next) {
		if (!source->is_read)
			continue;
		put_text(&w, source == sources->first ? " " : " \\\n ");
		put_path(&w, source->path);
	}
	put(&w, '\n');
	for (source = sources->first; source; source = source->next) {
		if (!source->is_read || source == sources->first)
			continue;
		put(&w, '\n');
		put_path(&w, source->path);
		put_text(&w, ":\n");
	}
	put(&w, '\0');
	if (w.err)
		return w.err;
	out->text = w.text;
	out->len = w.len - 1;
	return FERRY_OK;
}
