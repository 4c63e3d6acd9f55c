/* SPDX-License-Identifier: MIT */
#include "schema/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "idl/mem.h"
#include "idl/source.h"
#include "schema/linter.h"

#define MARK "ferry-lint: allow "

static const struct fy_lint_kind kinds[] = {
#define KIND_(id, name, on, text) { name, on, text },
	FY_LINT_RULES(KIND_)
#undef KIND_
};

static const struct fy_remark remarks[] = {
#define REMARK_(id, name, on, text) { "advice", name },
	FY_LINT_RULES(REMARK_)
#undef REMARK_
};

/* Where the lines of a source begin. */
struct fy_lines {
	struct fy_lines *next;
	const struct fy_source *source;
	const char **starts; /* and one more, of the end */
	size_t n;
	size_t cap;
};

const struct fy_lint_kind *
fy_lint_kind(enum fy_lint_rule rule)
{
	return &kinds[rule];
}

enum fy_lint_rule
fy_lint_find(const char *name)
{
	unsigned int rule = 0;

	while (rule < FY_N_LINT_RULES && strcmp(kinds[rule].name, name) != 0)
		rule++;
	return (enum fy_lint_rule)rule;
}

bool
fy_linter_is_own(const struct fy_linter *l, const struct fy_place *place)
{
	return place->file && strcmp(place->file, l->path) == 0;
}

/* ---- what comments allow ---- */

static bool
add_line(struct fy_linter *l, struct fy_lines *lines, const char *start)
{
	const char **starts = fy_grow(l->diag->mem, lines->starts, lines->n,
				      &lines->cap, sizeof(*starts));

	if (!starts) {
		l->err = FERRY_ENOMEM;
		return false;
	}
	lines->starts = starts;
	lines->starts[lines->n++] = start;
	return true;
}

static void
split(struct fy_linter *l, struct fy_lines *lines)
{
	const char *at = lines->source->text.data;
	const char *end = at + lines->source->text.len;

	while (add_line(l, lines, at) && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		at = stop ? stop + 1 : end;
	}
}

/* NULL if there is no such source, or no memory. */
static const struct fy_lines *
lines_of(struct fy_linter *l, const char *file)
{
	struct fy_lines *lines = l->lines;

	while (lines && strcmp(lines->source->path, file) != 0)
		lines = lines->next;
	if (lines)
		return lines;
	lines = fy_new(l->diag->mem, sizeof(*lines));
	if (!lines)
		return NULL;
	lines->source = fy_sources_find(l->diag->sources, file);
	if (!lines->source)
		return NULL;
	lines->next = l->lines;
	l->lines = lines;
	split(l, lines);
	return lines;
}

/* Whether the names behind the mark are of @rule too. */
static bool
names_rule(const char *at, const char *end, const char *rule)
{
	size_t len = strlen(rule);

	for (;;) {
		const char *from = at;

		while (at < end && (*at == '-' || (*at >= 'a' && *at <= 'z')))
			at++;
		if ((size_t)(at - from) == len && memcmp(from, rule, len) == 0)
			return true;
		if (at == end || *at != ',')
			return false;
		for (at++; at < end && *at == ' '; at++)
			;
	}
}

static bool
line_allows(const struct fy_lines *lines, size_t number, const char *rule)
{
	const char *at, *end;

	if (number == 0 || number >= lines->n)
		return false;
	at = lines->starts[number - 1];
	end = lines->starts[number];
	at = memmem(at, (size_t)(end - at), MARK, strlen(MARK));
	return at && names_rule(at + strlen(MARK), end, rule);
}

void
fy_linter_find(struct fy_linter *l, enum fy_lint_rule rule,
	       const struct fy_place *place, size_t len, const char *format,
	       ...)
{
	struct fy_span at = { *place, (uint32_t)len };
	const struct fy_lines *lines;
	char text[300];
	va_list args;

	if (!l->on[rule] || !fy_linter_is_own(l, place))
		return;
	lines = lines_of(l, place->file);
	if (lines && (line_allows(lines, place->line, kinds[rule].name) ||
		      line_allows(lines, place->line - 1, kinds[rule].name)))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fy_diag_remark(l->diag, &remarks[rule], &at, "%s", text);
}

ferry_err
fy_lint(const struct fy_model *model, const char *path,
	const bool on[FY_N_LINT_RULES], struct fy_diag *diag)
{
	struct fy_linter l = {
		.model = model,
		.path = path,
		.on = on,
		.diag = diag,
	};

	fy_lint_names(&l);
	fy_lint_types(&l);
	fy_lint_programs(&l);
	return l.err ? l.err : diag->err;
}
