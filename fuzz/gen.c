/* SPDX-License-Identifier: MIT */
/*
 * The C back-end: any bytes that are an interface file become C that is whole.
 * Its comments and quotes end where they begin, its brackets match, and nothing
 * that stood in a comment or a string of the file is code: the word INJECTED
 * with a bracket behind it, which no declaration comes to, stays quoted. What
 * % lines say is the file's own, so a file that has any may say all.
 */
#include "target.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "gen/gen.h"
#include "idl/idl.h"

static const char marker[] = "INJECTED(";

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	const struct ferry_str *file = ctx;
	char *copy;

	if (strcmp(path, "in.x") != 0) {
		errno = ENOENT;
		return fy_fail_errno(why, "open %s", path);
	}
	copy = ferry_arena_alloc(mem, file->len);
	if (!copy)
		return fy_fail_memory(why, file->len);
	if (file->len > 0)
		memcpy(copy, file->data, file->len);
	*out = (struct ferry_str){ copy, file->len };
	return FERRY_OK;
}

static bool
passes_lines(const struct fy_gen *gen)
{
	for (size_t i = 0; i < FY_N_VIEWS; i++)
		for (size_t j = 0; j < gen->views[i]->n_defs; j++)
			if (gen->views[i]->defs[j].kind == FY_DEF_PASS)
				return true;
	return false;
}

/* As a compiler reads it: without trigraphs, joined lines as one. */
static char *
as_read(const struct fy_gen_file *file)
{
	char *text = malloc(file->len + 1);
	size_t len = 0;

	if (!text)
		abort();
	for (size_t i = 0; i < file->len;) {
		bool trigraph = strncmp(file->text + i, "\?\?/", 3) == 0;

		if (!trigraph && strncmp(file->text + i, "\?\?", 2) == 0 &&
		    strchr("=()'<>!-", file->text[i + 2]))
			abort();
		if (trigraph || file->text[i] == '\\') {
			size_t n = trigraph ? 3 : 1;

			if (file->text[i + n] == '\n') {
				i += n + 1;
				continue;
			}
			text[len++] = '\\';
			i += n;
			continue;
		}
		text[len++] = file->text[i++];
	}
	text[len] = '\0';
	return text;
}

/* Behind the quote at @s; what is quoted ends on its line. */
static const char *
skip_quoted(const char *s)
{
	char quote = *s++;

	for (; *s != quote; s++) {
		if (*s == '\\')
			s++;
		if (*s == '\0' || *s == '\n')
			abort();
	}
	return s + 1;
}

static const char *
skip_comment(const char *s)
{
	const char *end = strstr(s + 2, "*/");
	const char *inner = strstr(s + 2, "/*");

	if (!end || (inner && inner < end))
		abort();
	return end + 2;
}

/* Whether the marker stands at @s, and is no end of a longer name. */
static bool
is_marker(const char *text, const char *s)
{
	if (strncmp(s, marker, sizeof(marker) - 1) != 0)
		return false;
	return s == text || (s[-1] != '_' && !isalnum((unsigned char)s[-1]));
}

static void
check_whole(const char *text)
{
	const char *s = text;
	int depth = 0;

	while (*s) {
		if (*s == '"' || *s == '\'') {
			s = skip_quoted(s);
		} else if (s[0] == '/' && s[1] == '*') {
			s = skip_comment(s);
		} else {
			if (strncmp(s, "//", 2) == 0 ||
			    strncmp(s, "*/", 2) == 0 ||
			    is_marker(text, s))
				abort();
			depth += strchr("({[", *s) != NULL;
			depth -= strchr(")}]", *s) != NULL;
			if (depth < 0)
				abort();
			s++;
		}
	}
	if (depth != 0)
		abort();
}

static void
generate(struct fy_idl *idl, struct ferry_arena *mem)
{
	struct fy_gen gen = { .mem = mem, .diag = &idl->diag, .prefix = "" };
	char *text;

	for (unsigned int view = 0; view < FY_N_VIEWS; view++)
		if (fy_idl_load(idl, "in.x", (enum fy_view)view,
				&gen.views[view]))
			return;
	if (fy_backend_find("c")->generate(&gen)) {
		if (idl->diag.n_errors == 0)
			abort();
		return;
	}
	if (passes_lines(&gen))
		return;
	for (size_t i = 0; i < gen.n_files; i++) {
		text = as_read(&gen.files[i]);
		check_whole(text);
		free(text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ferry_str file = { (const char *)data, (uint32_t)size };
	const struct fy_reader reader = { read_memory, &file };
	struct ferry_arena mem = { 0 };
	struct fy_idl idl;

	fy_idl_init(&idl, &mem, &reader);
	generate(&idl, &mem);
	ferry_arena_fini(&mem);
	return 0;
}
