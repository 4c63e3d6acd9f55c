/* SPDX-License-Identifier: MIT */
#include "idl/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idl/mem.h"
#include "idl/source.h"

/* What is kept; a file with more errors than this is not an interface file. */
#define MAX_KEPT 1000
#define MAX_WARNINGS 10000 /* of a kind, so that none hides another */
#define MAX_REMARKS 10000
#define MAX_TEXT 400

void
fy_diag_init(struct fy_diag *diag, struct ferry_arena *mem,
	     const struct fy_sources *sources)
{
	*diag = (struct fy_diag){ .mem = mem, .sources = sources };
	diag->tail = &diag->messages;
}

static FY_PRINTF(2, 0) const char *
format_text(struct fy_diag *diag, const char *format, va_list args)
{
	char text[MAX_TEXT];
	char *copy;
	int len = vsnprintf(text, sizeof(text), format, args);

	if (len >= MAX_TEXT)
		memcpy(text + MAX_TEXT - 4, "...", 4);
	copy = fy_text(diag->mem, text, strlen(text));
	if (!copy)
		diag->err = FERRY_ENOMEM;
	return copy;
}

/* Hangs a message on; NULL if there is no memory. */
static FY_PRINTF(4, 0) struct fy_message *
add(struct fy_diag *diag, enum fy_warning warning, const struct fy_span *at,
    const char *format, va_list args)
{
	const struct fy_source *source;
	struct fy_message *message = fy_new(diag->mem, sizeof(*message));

	if (!message) {
		diag->err = FERRY_ENOMEM;
		return NULL;
	}
	message->text = format_text(diag, format, args);
	if (!message->text)
		return NULL;
	source = fy_sources_find(diag->sources, at->place.file);
	message->at = *at;
	message->file_rank = source ? source->rank : 0;
	message->warning = warning;
	message->c_header = source ? source->c_header : NULL;
	*diag->tail = message;
	diag->tail = &message->next;
	return message;
}

/* What is wrong there is that it is there. */
static void
explain_c_header(struct fy_diag *diag, struct fy_message *message)
{
	if (!message->c_header)
		return;
	message->hint = "a header of C is not an interface file: %#include "
			"hands it to the C that is made";
	fy_diag_note(diag, message, message->c_header->included,
		     "it is included here");
}

struct fy_message *
fy_diag_error(struct fy_diag *diag, const struct fy_span *at,
	      const char *format, ...)
{
	struct fy_message *message;
	va_list args;

	diag->n_errors++;
	if (diag->n_kept == MAX_KEPT)
		return NULL;
	va_start(args, format);
	message = add(diag, FY_NO_WARNING, at, format, args);
	va_end(args);
	if (!message)
		return NULL;
	message->is_error = true;
	diag->n_kept++;
	explain_c_header(diag, message);
	return message;
}

struct fy_message *
fy_diag_warn(struct fy_diag *diag, enum fy_warning warning,
	     const struct fy_span *at, const char *format, ...)
{
	bool is_error = fy_warn_is_error(&diag->levels, warning);
	struct fy_message *message;
	va_list args;

	if (!is_error && !fy_warn_is_on(&diag->levels, warning))
		return NULL;
	diag->n_errors += is_error;
	if (is_error ? diag->n_kept == MAX_KEPT
		     : diag->n_of[warning] == MAX_WARNINGS)
		return NULL;
	va_start(args, format);
	message = add(diag, warning, at, format, args);
	va_end(args);
	if (!message)
		return NULL;
	message->is_error = is_error;
	diag->n_kept += is_error;
	diag->n_warnings += !is_error;
	diag->n_of[warning] += !is_error;
	return message;
}

struct fy_message *
fy_diag_remark(struct fy_diag *diag, const struct fy_remark *remark,
	       const struct fy_span *at, const char *format, ...)
{
	struct fy_message *message;
	va_list args;

	if (diag->n_remarks == MAX_REMARKS)
		return NULL;
	va_start(args, format);
	message = add(diag, FY_NO_WARNING, at, format, args);
	va_end(args);
	if (!message)
		return NULL;
	message->remark = remark;
	diag->n_remarks++;
	return message;
}

void
fy_diag_note(struct fy_diag *diag, struct fy_message *message,
	     const struct fy_span *at, const char *format, ...)
{
	struct fy_note **tail;
	struct fy_note *note;
	va_list args;

	if (!message)
		return;
	note = fy_new(diag->mem, sizeof(*note));
	if (!note) {
		diag->err = FERRY_ENOMEM;
		return;
	}
	va_start(args, format);
	note->at = *at;
	note->text = format_text(diag, format, args);
	va_end(args);
	for (tail = &message->notes; *tail; tail = &(*tail)->next)
		;
	if (note->text)
		*tail = note;
}

void
fy_diag_hint(struct fy_diag *diag, struct fy_message *message,
	     const char *format, ...)
{
	va_list args;

	if (!message || message->c_header)
		return;
	va_start(args, format);
	message->hint = format_text(diag, format, args);
	va_end(args);
}

static int
order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
compare(const void *left, const void *right)
{
	const struct fy_message *a = *(struct fy_message *const *)left;
	const struct fy_message *b = *(struct fy_message *const *)right;
	int by = order(a->file_rank, b->file_rank);

	if (by == 0 && a->at.place.file != b->at.place.file)
		by = strcmp(a->at.place.file, b->at.place.file);
	if (by == 0)
		by = order(a->at.place.line, b->at.place.line);
	if (by == 0)
		by = order(a->at.place.column, b->at.place.column);
	return by ? by : strcmp(a->text, b->text);
}

/* Sorts, and drops what several views had to say alike. Return: how many. */
static size_t
sort(struct fy_message **list, size_t n)
{
	size_t kept = 0;

	qsort(list, n, sizeof(*list), compare);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || compare(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	}
	return kept;
}

/* Drops all of a header of C but the first error. Return: how many are left. */
static size_t
thin_c_headers(struct fy_message **list, size_t n)
{
	const struct fy_c_header *last = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct fy_message *message = list[i];

		if (last && message->c_header == last)
			continue;
		if (message->is_error)
			last = message->c_header;
		list[kept++] = list[i];
	}
	return kept;
}

/*
 * Drops errors beyond @max, and warnings of a kind that was shown unless each
 * place was asked for. Return: how many are left.
 */
static size_t
thin(const struct fy_diag *diag, struct fy_message **list, size_t n, size_t max,
     size_t *n_left_out)
{
	struct fy_message *shown[FY_N_WARNINGS] = { NULL };
	size_t n_errors = 0;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct fy_message *message = list[i];

		if (message->remark) {
			list[kept++] = message;
			continue;
		}
		if (message->is_error) {
			if (++n_errors <= max)
				list[kept++] = message;
			continue;
		}
		if (shown[message->warning] && !message->each &&
		    diag->levels.of[message->warning] != FY_LEVEL_ALL) {
			shown[message->warning]->n_more++;
			continue;
		}
		message->n_more = 0;
		shown[message->warning] = message;
		list[kept++] = message;
	}
	*n_left_out = n_errors > max ? n_errors - max : 0;
	return kept;
}

ferry_err
fy_diag_sort(struct fy_diag *diag, size_t max,
	     const struct fy_message *const **out, size_t *n_left_out)
{
	size_t n_all = diag->n_kept + diag->n_warnings + diag->n_remarks;
	struct fy_message **list =
		fy_new(diag->mem, (n_all + 1) * sizeof(*list));
	size_t n = 0;

	if (!list || diag->err)
		return FERRY_ENOMEM;
	for (struct fy_message *m = diag->messages; m; m = m->next)
		list[n++] = m;
	n = thin_c_headers(list, sort(list, n));
	n = thin(diag, list, n, max, n_left_out);
	list[n] = NULL;
	*out = (const struct fy_message *const *)list;
	return FERRY_OK;
}
