/* SPDX-License-Identifier: MIT */
/*
 * Where a tail goes follows from the code before it and from its own length
 * alone, not from where it stood: to align what is aligned changes nothing.
 */
#include "schema/tail.h"

#include <string.h>

#include "idl/mem.h"

#define TAB 8
#define LAST_COLUMN 80

/* Where one is, and where it could be. */
struct fit {
	size_t code; /* columns before it */
	size_t stop; /* the next tab stop behind them */
	size_t len;  /* columns of the comment's first line */
};

ferry_err
fy_tails_add(struct fy_tails *tails, struct ferry_arena *mem,
	     struct fy_tail tail)
{
	struct fy_tail *list = fy_grow(mem, tails->list, tails->n, &tails->cap,
				       sizeof(*list));

	if (!list)
		return FERRY_ENOMEM;
	tails->list = list;
	list[tails->n++] = tail;
	return FERRY_OK;
}

/* In which column one is behind @text, which begins at a tab stop. */
static size_t
columns(const char *text, size_t len)
{
	size_t column = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\t')
			column += TAB - column % TAB;
		else if (((unsigned char)text[i] & 0xc0) != 0x80)
			column++;
	}
	return column;
}

static struct fit
fit_of(const struct fy_tail *tail, struct ferry_str text)
{
	const char *end = text.data + text.len;
	const char *at = text.data + tail->at;
	const char *start = memrchr(text.data, '\n', tail->at);
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	struct fit fit;

	start = start ? start + 1 : text.data;
	fit.code = columns(start, (size_t)(at - start));
	fit.stop = fit.code + TAB - fit.code % TAB;
	fit.len = columns(at + 1, (size_t)((stop ? stop : end) - (at + 1)));
	return fit;
}

/* 0: there is none. */
static size_t
column_of_block(const struct fy_tails *tails, size_t from, size_t to,
		struct ferry_str text)
{
	size_t column = 0;

	for (size_t i = from; i < to; i++) {
		struct fit fit = fit_of(&tails->list[i], text);

		if (fit.stop + fit.len <= LAST_COLUMN && fit.stop > column)
			column = fit.stop;
	}
	return column;
}

/* Return: the column of the comment. */
static size_t
put_gap(struct fy_writer *out, const struct fit *fit, size_t column)
{
	bool fits = fit->stop <= column && column + fit->len <= LAST_COLUMN;
	bool fits_nowhere = fit->stop <= column &&
			    fit->code + 1 + fit->len > LAST_COLUMN;

	if (!fits && !fits_nowhere) {
		fy_write_text(out, " ");
		return fit->code + 1;
	}
	fy_write_tabs(out, (column - fit->stop) / TAB + 1);
	return column;
}

/* Return: the byte of @text behind what was written. */
static size_t
put_tail(struct fy_writer *out, const struct fy_tail *tail,
	 struct ferry_str text, size_t column)
{
	struct fit fit = fit_of(tail, text);
	struct ferry_str comment = { text.data + tail->at + 1, tail->len };

	column = put_gap(out, &fit, column);
	if (tail->stars)
		fy_stars_put(out, comment, column);
	else
		fy_write(out, comment.data, comment.len);
	return tail->at + 1 + tail->len;
}

void
fy_tails_align(const struct fy_tails *tails, struct ferry_str text,
	       struct fy_writer *out)
{
	const struct fy_tail *list = tails->list;
	size_t done = 0, column = 0, end = 0;

	for (size_t i = 0; i < tails->n; i++) {
		if (i == end) {
			while (end < tails->n &&
			       list[end].block == list[i].block)
				end++;
			column = column_of_block(tails, i, end, text);
		}
		fy_write(out, text.data + done, list[i].at - done);
		done = put_tail(out, &list[i], text, column);
	}
	fy_write(out, text.data + done, text.len - done);
}

bool
fy_stars_are_there(struct ferry_str comment)
{
	for (uint32_t i = 0; i < comment.len; i++) {
		if (comment.data[i] != '\n')
			continue;
		for (i++; i < comment.len && (comment.data[i] == ' ' ||
					      comment.data[i] == '\t'); i++)
			;
		if (i == comment.len || comment.data[i] != '*')
			return false;
	}
	return true;
}

void
fy_stars_put(struct fy_writer *w, struct ferry_str comment, size_t column)
{
	const char *at = comment.data;
	const char *end = comment.data + comment.len;

	for (;;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		fy_write(w, at, (size_t)((stop ? stop : end) - at));
		if (!stop)
			return;
		fy_write_text(w, "\n");
		fy_write_tabs(w, column / TAB);
		fy_write_format(w, "%*s", (int)(column % TAB) + 1, "");
		for (at = stop + 1; *at != '*'; at++)
			;
	}
}
