/* SPDX-License-Identifier: MIT */
/* Diagnostics as a compiler prints them: place, source line, caret. */
#include <inttypes.h>
#include <string.h>

#include "idl/diag.h"
#include "idl/source.h"
#include "idl/utf8.h"
#include "idl/writer.h"

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

/* What is written, and how. */
struct page {
	struct fy_writer w;
	bool colour;
	struct found last[2]; /* of messages, and of notes */
	bool in_note;
};

/* One character, or '?' for a byte that is none. Return: its bytes. */
static size_t
put_shown(struct page *page, const char *text, size_t len)
{
	size_t n = fy_utf8_shown_len(text, len);

	if (n == 0)
		fy_write_char(&page->w, '?');
	else
		fy_write(&page->w, text, n);
	return n ? n : 1;
}

static void
put_text(struct page *page, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;)
		i += put_shown(page, text + i, len - i);
}

/* An escape sequence, if there is a terminal to take it. */
static void
put_style(struct page *page, const char *sequence)
{
	if (page->colour)
		fy_write_text(&page->w, sequence);
}

/*
 * Line @number of @text without its end; false if there is none. Looks on from
 * the last one, as most are shown in order: those of messages are, and those
 * of their notes, in another file perhaps.
 */
static bool
find_line(struct page *page, struct ferry_str text, uint32_t number,
	  struct ferry_str *out)
{
	struct found *last = &page->last[page->in_note];
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
put_caret(struct page *page, struct ferry_str line, uint32_t from, uint32_t to)
{
	uint32_t end = to < line.len ? to : line.len;
	uint32_t i = 0;

	for (; i < from; i += step(line, i))
		fy_write_char(&page->w, i < line.len && line.data[i] == '\t' ? '\t' : ' ');
	put_style(page, GREEN);
	fy_write_char(&page->w, '^');
	for (i = from + step(line, from); i < end; i += step(line, i))
		fy_write_char(&page->w, '~');
	put_style(page, PLAIN);
	fy_write_char(&page->w, '\n');
}

static void
put_line(struct page *page, struct ferry_str line)
{
	for (uint32_t i = 0; i < line.len;) {
		if (line.data[i] == '\t') {
			fy_write_char(&page->w, '\t');
			i++;
		} else {
			i += (uint32_t)put_shown(page, line.data + i,
						 line.len - i);
		}
	}
	fy_write_char(&page->w, '\n');
}

/* The source line and a caret; nothing if the place is in no file. */
static void
put_source(struct page *page, const struct fy_sources *sources,
	   const struct fy_span *at)
{
	const struct fy_source *source =
		fy_sources_shown(sources, at->place.file);
	uint32_t column = at->place.column ? at->place.column - 1 : 0;
	struct ferry_str line;

	if (!source || at->place.line == 0 ||
	    !find_line(page, source->text, at->place.line, &line))
		return;
	if (line.len > MAX_LINE && column > MAX_LINE_BEFORE) {
		uint32_t skip =
			whole_characters(line, column - MAX_LINE_BEFORE);

		line.data += skip;
		line.len -= skip;
		column -= skip;
	}
	line.len = whole_characters(line, MAX_LINE);
	put_line(page, line);
	put_caret(page, line, column, column + at->len);
}

static void
put_head(struct page *page, const struct fy_span *at, const char *severity,
	 const char *style)
{
	put_style(page, BOLD);
	put_text(page, at->place.file);
	if (at->place.line > 0)
		fy_write_format(&page->w, ":%" PRIu32 ":%" PRIu32,
				at->place.line, at->place.column);
	fy_write_text(&page->w, ": ");
	put_style(page, style);
	put_text(page, severity);
	fy_write_text(&page->w, ": ");
	put_style(page, PLAIN);
}

/* "[-Wname]", and how often that comes again. */
static void
put_warning(struct page *page, const struct fy_message *message)
{
	fy_write_format(&page->w, " [-W%s%s]", message->is_error ? "error=" : "",
			fy_warn_kind(message->warning)->name);
	if (message->n_more > 0)
		fy_write_format(&page->w, " (and at %zu more place%s)",
				message->n_more,
				message->n_more == 1 ? "" : "s");
}

/* What kind of message it is. */
static void
put_severity(struct page *page, const struct fy_message *message)
{
	if (message->remark)
		put_head(page, &message->at, message->remark->severity, CYAN);
	else if (message->is_error)
		put_head(page, &message->at, "error", RED);
	else
		put_head(page, &message->at, "warning", MAGENTA);
}

static void
put_message(struct page *page, const struct fy_sources *sources,
	    const struct fy_message *message)
{
	put_severity(page, message);
	put_text(page, message->text);
	if (message->remark && message->remark->rule)
		fy_write_format(&page->w, " [%s]", message->remark->rule);
	if (message->warning != FY_NO_WARNING)
		put_warning(page, message);
	fy_write_char(&page->w, '\n');
	put_source(page, sources, &message->at);
	if (message->hint) {
		fy_write_text(&page->w, "  hint: ");
		put_text(page, message->hint);
		fy_write_char(&page->w, '\n');
	}
	page->in_note = true;
	for (const struct fy_note *note = message->notes; note;
	     note = note->next) {
		put_head(page, &note->at, "note", CYAN);
		put_text(page, note->text);
		fy_write_char(&page->w, '\n');
		put_source(page, sources, &note->at);
	}
	page->in_note = false;
}

ferry_err
fy_diag_text(struct fy_diag *diag, size_t max, bool colour, const char **out)
{
	struct page page = { .w = { .mem = diag->mem }, .colour = colour };
	const struct fy_message *const *list;
	size_t n_left_out;
	ferry_err err = fy_diag_sort(diag, max, &list, &n_left_out);

	if (err)
		return err;
	for (; *list; list++)
		put_message(&page, diag->sources, *list);
	if (n_left_out > 0)
		fy_write_format(&page.w, "%zu%s more errors are not shown\n",
				n_left_out,
				diag->n_errors > diag->n_kept ? " and" : "");
	return fy_write_end(&page.w, out);
}
