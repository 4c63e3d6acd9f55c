/* SPDX-License-Identifier: MIT */
/* Diagnostics as a compiler prints them: place, source line, caret. */
#include <stdio.h>
#include <string.h>

#include "idl/diag.h"
#include "idl/mem.h"
#include "idl/source.h"
#include "idl/utf8.h"

/* Of a longer source line the part around the place is shown. */
#define MAX_LINE 120
#define MAX_LINE_BEFORE 80

#define BOLD "\33[1m"
#define RED "\33[31m"
#define MAGENTA "\33[35m"
#define CYAN "\33[36m"
#define GREEN "\33[32m"
#define PLAIN "\33[0m"

/* A line that was found; all zero is none. */
struct found {
	const char *text; /* in which */
	const char *at;
	uint32_t number;
};

/* A text that grows; memory that runs out latches. */
struct writer {
	struct ferry_arena *mem;
	char *text;
	size_t len;
	size_t cap;
	bool colour;
	bool full;
	struct found last[2]; /* of messages, and of notes */
	bool in_note;
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

/* One character, or '?' for a byte that is none. Return: its bytes. */
static size_t
put_shown(struct writer *w, const char *text, size_t len)
{
	size_t n = fy_utf8_shown_len(text, len);

	if (n == 0)
		put_char(w, '?');
	for (size_t i = 0; i < n; i++)
		put_char(w, text[i]);
	return n ? n : 1;
}

static void
put_text(struct writer *w, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len && !w->full;)
		i += put_shown(w, text + i, len - i);
}

static void
put_number(struct writer *w, size_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", number);
	put_text(w, text);
}

/* An escape sequence, if there is a terminal to take it. */
static void
put_style(struct writer *w, const char *sequence)
{
	while (w->colour && *sequence && !w->full)
		put_char(w, *sequence++);
}

/*
 * Line @number of @text without its end; false if there is none. Looks on from
 * the last one, as most are shown in order: those of messages are, and those
 * of their notes, in another file perhaps.
 */
static bool
find_line(struct writer *w, struct ferry_str text, uint32_t number,
	  struct ferry_str *out)
{
	struct found *last = &w->last[w->in_note];
	const char *end = text.data + text.len;
	const char *at = text.data;
	uint32_t line = 1;
	const char *stop;

	if (last->text == text.data && last->number <= number) {
		at = last->at;
		line = last->number;
	}
	for (; line < number; line++) {
		stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		if (!stop)
			return false;
		at = stop + 1;
	}
	*last = (struct found){ text.data, at, number };
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

/* How many bytes of @line the character at @i takes, as it is shown. */
static uint32_t
step(struct ferry_str line, uint32_t i)
{
	size_t n = 1;

	if (i < line.len)
		n = fy_utf8_shown_len(line.data + i, line.len - i);
	return n ? (uint32_t)n : 1;
}

/* The blanks above which a caret stands: tabs stay tabs. */
static void
put_caret(struct writer *w, struct ferry_str line, uint32_t from, uint32_t to)
{
	uint32_t end = to < line.len ? to : line.len;
	uint32_t i = 0;

	for (; i < from; i += step(line, i))
		put_char(w, i < line.len && line.data[i] == '\t' ? '\t' : ' ');
	put_style(w, GREEN);
	put_char(w, '^');
	for (i = from + step(line, from); i < end; i += step(line, i))
		put_char(w, '~');
	put_style(w, PLAIN);
	put_char(w, '\n');
}

static void
put_line(struct writer *w, struct ferry_str line)
{
	for (uint32_t i = 0; i < line.len && !w->full;) {
		if (line.data[i] == '\t') {
			put_char(w, '\t');
			i++;
		} else {
			i += (uint32_t)put_shown(w, line.data + i,
						 line.len - i);
		}
	}
	put_char(w, '\n');
}

/* The source line and a caret; nothing if the place is in no file. */
static void
put_source(struct writer *w, const struct fy_sources *sources,
	   const struct fy_span *at)
{
	const struct fy_source *source =
		fy_sources_shown(sources, at->place.file);
	uint32_t column = at->place.column ? at->place.column - 1 : 0;
	struct ferry_str line;

	if (!source || at->place.line == 0 ||
	    !find_line(w, source->text, at->place.line, &line))
		return;
	if (line.len > MAX_LINE && column > MAX_LINE_BEFORE) {
		uint32_t skip =
			whole_characters(line, column - MAX_LINE_BEFORE);

		line.data += skip;
		line.len -= skip;
		column -= skip;
	}
	line.len = whole_characters(line, MAX_LINE);
	put_line(w, line);
	put_caret(w, line, column, column + at->len);
}

static void
put_head(struct writer *w, const struct fy_span *at, const char *severity,
	 const char *style)
{
	put_style(w, BOLD);
	put_text(w, at->place.file);
	if (at->place.line > 0) {
		put_char(w, ':');
		put_number(w, at->place.line);
		put_char(w, ':');
		put_number(w, at->place.column);
	}
	put_text(w, ": ");
	put_style(w, style);
	put_text(w, severity);
	put_text(w, ": ");
	put_style(w, PLAIN);
}

/* "[-Wname]", and how often that comes again. */
static void
put_warning(struct writer *w, const struct fy_message *message)
{
	const char *name = fy_warn_kind(message->warning)->name;

	put_text(w, message->is_error ? " [-Werror=" : " [-W");
	put_text(w, name);
	put_text(w, "]");
	if (message->n_more == 0)
		return;
	put_text(w, " (and at ");
	put_number(w, message->n_more);
	put_text(w, message->n_more == 1 ? " more place)" : " more places)");
}

/* What kind of message it is. */
static void
put_severity(struct writer *w, const struct fy_message *message)
{
	if (message->remark)
		put_head(w, &message->at, message->remark->severity, CYAN);
	else if (message->is_error)
		put_head(w, &message->at, "error", RED);
	else
		put_head(w, &message->at, "warning", MAGENTA);
}

static void
put_rule(struct writer *w, const char *rule)
{
	put_text(w, " [");
	put_text(w, rule);
	put_text(w, "]");
}

static void
put_message(struct writer *w, const struct fy_sources *sources,
	    const struct fy_message *message)
{
	put_severity(w, message);
	put_text(w, message->text);
	if (message->remark && message->remark->rule)
		put_rule(w, message->remark->rule);
	if (message->warning != FY_NO_WARNING)
		put_warning(w, message);
	put_char(w, '\n');
	put_source(w, sources, &message->at);
	if (message->hint) {
		put_text(w, "  hint: ");
		put_text(w, message->hint);
		put_char(w, '\n');
	}
	w->in_note = true;
	for (const struct fy_note *note = message->notes; note;
	     note = note->next) {
		put_head(w, &note->at, "note", CYAN);
		put_text(w, note->text);
		put_char(w, '\n');
		put_source(w, sources, &note->at);
	}
	w->in_note = false;
}

ferry_err
fy_diag_text(struct fy_diag *diag, size_t max, bool colour, const char **out)
{
	struct writer w = { .mem = diag->mem, .colour = colour };
	const struct fy_message *const *list;
	size_t n_left_out;
	ferry_err err = fy_diag_sort(diag, max, &list, &n_left_out);

	if (err)
		return err;
	for (; *list && !w.full; list++)
		put_message(&w, diag->sources, *list);
	if (n_left_out > 0) {
		put_number(&w, n_left_out);
		put_text(&w, diag->n_errors > diag->n_kept ? " and more"
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
