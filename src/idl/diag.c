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
#define MAX_TEXT 400
/* Of a longer source line the part around the place is shown. */
#define MAX_LINE 120
#define MAX_LINE_BEFORE 80

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

struct fy_message *
fy_diag_error(struct fy_diag *diag, const struct fy_span *at,
	      const char *format, ...)
{
	const struct fy_source *source;
	struct fy_message *message;
	va_list args;

	diag->n_errors++;
	if (diag->n_kept == MAX_KEPT)
		return NULL;
	message = fy_new(diag->mem, sizeof(*message));
	if (!message) {
		diag->err = FERRY_ENOMEM;
		return NULL;
	}
	va_start(args, format);
	message->text = format_text(diag, format, args);
	va_end(args);
	if (!message->text)
		return NULL;
	source = fy_sources_find(diag->sources, at->place.file);
	message->at = *at;
	message->file_rank = source ? source->rank : 0;
	*diag->tail = message;
	diag->tail = &message->next;
	diag->n_kept++;
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

	if (!message)
		return;
	va_start(args, format);
	message->hint = format_text(diag, format, args);
	va_end(args);
}

/* A text that grows; memory that runs out latches. */
struct writer {
	struct ferry_arena *mem;
	char *text;
	size_t len;
	size_t cap;
	bool full;
};

static void
put_char(struct writer *w, char c)
{
	char *text = fy_grow(w->mem, w->text, w->len, &w->cap, 1);

	if (!text) {
		w->full = true;
		return;
	}
	w->text = text;
	w->text[w->len++] = c;
}

/* Control characters would move the cursor of whoever reads this. */
static char
printable(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte < 0x20 || byte == 0x7f ? '?' : c;
}

static void
put_text(struct writer *w, const char *text)
{
	while (*text && !w->full)
		put_char(w, printable(*text++));
}

static void
put_number(struct writer *w, size_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", number);
	put_text(w, text);
}

/* Line @number of @text without its end; false if there is none. */
static bool
find_line(struct ferry_str text, uint32_t number, struct ferry_str *out)
{
	const char *at = text.data;
	const char *end = text.data + text.len;
	const char *stop;

	for (uint32_t line = 1; line < number; line++) {
		stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		if (!stop)
			return false;
		at = stop + 1;
	}
	stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
	if (!stop)
		stop = end;
	if (stop > at && stop[-1] == '\r')
		stop--;
	*out = (struct ferry_str){ at, (uint32_t)(stop - at) };
	return true;
}

static bool
starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* How many bytes, up to @most, end at the end of a character of UTF-8. */
static uint32_t
whole_characters(struct ferry_str line, uint32_t most)
{
	if (most >= line.len)
		return line.len;
	for (uint32_t back = 0; back < 4 && back <= most; back++) {
		if (starts_character(line.data[most - back]))
			return most - back;
	}
	return most; /* it is no UTF-8 */
}

/* The blanks above which a caret stands: tabs stay tabs. */
static void
put_caret(struct writer *w, struct ferry_str line, uint32_t from, uint32_t to)
{
	uint32_t end = to < line.len ? to : line.len;

	for (uint32_t i = 0; i < from; i++) {
		if (i >= line.len || starts_character(line.data[i]))
			put_char(w, i < line.len && line.data[i] == '\t'
					    ? '\t' : ' ');
	}
	put_char(w, '^');
	for (uint32_t i = from + 1; i < end; i++) {
		if (starts_character(line.data[i]))
			put_char(w, '~');
	}
	put_char(w, '\n');
}

/* The source line and a caret; nothing if the place is in no file. */
static void
put_source(struct writer *w, const struct fy_sources *sources,
	   const struct fy_span *at)
{
	const struct fy_source *source =
		fy_sources_find(sources, at->place.file);
	uint32_t column = at->place.column ? at->place.column - 1 : 0;
	struct ferry_str line;

	if (!source || at->place.line == 0 ||
	    !find_line(source->text, at->place.line, &line))
		return;
	if (line.len > MAX_LINE && column > MAX_LINE_BEFORE) {
		uint32_t skip =
			whole_characters(line, column - MAX_LINE_BEFORE);

		line.data += skip;
		line.len -= skip;
		column -= skip;
	}
	line.len = whole_characters(line, MAX_LINE);
	for (uint32_t i = 0; i < line.len; i++)
		put_char(w, line.data[i] == '\t' ? '\t'
						 : printable(line.data[i]));
	put_char(w, '\n');
	put_caret(w, line, column, column + at->len);
}

static void
put_line(struct writer *w, const struct fy_span *at, const char *severity,
	 const char *text)
{
	put_text(w, at->place.file);
	if (at->place.line > 0) {
		put_char(w, ':');
		put_number(w, at->place.line);
		put_char(w, ':');
		put_number(w, at->place.column);
	}
	put_text(w, ": ");
	put_text(w, severity);
	put_text(w, ": ");
	put_text(w, text);
	put_char(w, '\n');
}

static void
put_message(struct writer *w, const struct fy_sources *sources,
	    const struct fy_message *message)
{
	put_line(w, &message->at, "error", message->text);
	put_source(w, sources, &message->at);
	if (message->hint) {
		put_text(w, "  hint: ");
		put_text(w, message->hint);
		put_char(w, '\n');
	}
	for (const struct fy_note *note = message->notes; note;
	     note = note->next) {
		put_line(w, &note->at, "note", note->text);
		put_source(w, sources, &note->at);
	}
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

ferry_err
fy_diag_text(struct fy_diag *diag, size_t max, const char **out)
{
	struct writer w = { .mem = diag->mem };
	size_t n = 0;
	struct fy_message **list =
		fy_new(diag->mem, (diag->n_kept + 1) * sizeof(*list));

	if (!list || diag->err)
		return FERRY_ENOMEM;
	for (struct fy_message *m = diag->messages; m; m = m->next)
		list[n++] = m;
	n = sort(list, n);
	for (size_t i = 0; i < n && i < max && !w.full; i++)
		put_message(&w, diag->sources, list[i]);
	if (n > max) {
		put_number(&w, n - max);
		put_text(&w, diag->n_errors > MAX_KEPT ? " and more"
						       : " more");
		put_text(&w, " errors are not shown");
		put_char(&w, '\n');
	}
	put_char(&w, '\0');
	if (w.full)
		return FERRY_ENOMEM;
	*out = w.text;
	return FERRY_OK;
}
