/* SPDX-License-Identifier: MIT */
#include "idl/doc.h"

#include <string.h>

#include "idl/utf8.h"
#include "idl/writer.h"

/* What is no UTF-8 is taken for Latin-1, as old interface files are. */
static size_t
put_character(struct fy_writer *w, const char *text, size_t len)
{
	unsigned char byte = (unsigned char)text[0];
	size_t n = fy_utf8_len(text, len);

	if (byte < ' ' || byte == 0x7f) {
		fy_write_char(w, ' ');
		return 1;
	}
	fy_write(w, text, n);
	if (n > 0)
		return n;
	fy_write_char(w, (char)(0xc0 | byte >> 6));
	fy_write_char(w, (char)(0x80 | (byte & 0x3f)));
	return 1;
}

/* The marks of a comment would end the one that this is to stand in. */
static void
put_line(struct fy_writer *w, const char *text, size_t len)
{
	size_t i = 0;

	while (i < len) {
		char last = w->len > 0 ? w->text[w->len - 1] : '\n';

		if ((last == '*' && text[i] == '/') ||
		    (last == '/' && (text[i] == '*' || text[i] == '/')))
			fy_write_char(w, ' ');
		i += put_character(w, text + i, len - i);
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* A line without what surrounds it: blanks, and the stars of a block. */
static struct ferry_str
strip(const char *from, const char *to, bool block)
{
	while (from < to && is_blank(*from))
		from++;
	while (from < to && block && *from == '*')
		from++;
	while (from < to && is_blank(*from))
		from++;
	while (from < to && is_blank(to[-1]))
		to--;
	return (struct ferry_str){ from, (uint32_t)(to - from) };
}

/* Appends a comment's lines, but empty ones at its ends. */
static void
put_comment(struct fy_writer *w, struct ferry_str text)
{
	bool block = text.data[1] == '*';
	const char *at = text.data + 2;
	const char *end = text.data + text.len - (block ? 2 : 0);
	size_t n_empty = 0;
	bool started = false;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct ferry_str line = strip(at, stop ? stop : end, block);

		/* A row of stars is a frame, not a text. */
		while (line.len > 0 && block &&
		       line.data[line.len - 1] == '*')
			line = strip(line.data, line.data + line.len - 1,
				     block);
		at = stop ? stop + 1 : end;
		if (line.len == 0) {
			n_empty++;
			continue;
		}
		if (w->len > 0)
			fy_write_char(w, '\n');
		for (; started && n_empty > 0; n_empty--)
			fy_write_char(w, '\n');
		put_line(w, line.data, line.len);
		started = true;
		n_empty = 0;
	}
}

static bool
is_licence(const struct fy_comment *comment)
{
	return memmem(comment->text.data, comment->text.len, "opyright", 8) ||
	       memmem(comment->text.data, comment->text.len, "SPDX-", 5);
}

/*
 * The comments right above the token: [*from, *to). One that tells the licence
 * belongs to the file.
 */
static void
find_above(const struct fy_stream *stream, size_t first, size_t *from,
	   size_t *to)
{
	const struct fy_token *token = &stream->tokens.list[first];
	size_t lowest = first > 0 ? token[-1].n_comments : 0;
	uint32_t line = token->at.place.line;
	size_t i = token->n_comments;

	*to = i;
	while (i > lowest) {
		const struct fy_comment *comment = &stream->comments[i - 1];

		if (!comment->own_line || is_licence(comment) ||
		    comment->place.file != token->at.place.file ||
		    comment->last_line + 1 < line)
			break;
		line = comment->place.line;
		i--;
		if (comment->text.data[1] == '*' || i == lowest ||
		    stream->comments[i - 1].text.data[1] == '*')
			break;
	}
	*from = i;
}

/* The comment behind token @i on its line; NULL if there is none. */
static const struct fy_comment *
find_behind(const struct fy_stream *stream, size_t i)
{
	const struct fy_token *token = &stream->tokens.list[i];
	const struct fy_comment *comment;

	if (token->kind == FY_TOKEN_END || i + 1 == stream->tokens.n ||
	    token[1].n_comments == token->n_comments)
		return NULL;
	comment = &stream->comments[token->n_comments];
	if (comment->own_line || comment->place.line != token->at.place.line ||
	    comment->place.file != token->at.place.file)
		return NULL;
	return comment;
}

/* The whole; NULL if there is nothing. */
static ferry_err
end(struct fy_writer *w, const char **out)
{
	*out = NULL;
	return w->len > 0 ? fy_write_end(w, out) : w->err;
}

ferry_err
fy_doc_of(const struct fy_stream *stream, size_t first, size_t last,
	  struct ferry_arena *mem, const char **out)
{
	struct fy_writer w = { .mem = mem };
	const struct fy_comment *behind = find_behind(stream, last);
	size_t from, to;

	if (!behind && last > first)
		behind = find_behind(stream, last - 1);
	find_above(stream, first, &from, &to);
	for (; from < to; from++)
		put_comment(&w, stream->comments[from].text);
	if (behind)
		put_comment(&w, behind->text);
	return end(&w, out);
}

ferry_err
fy_doc_text(struct ferry_str text, struct ferry_arena *mem, const char **out)
{
	struct fy_writer w = { .mem = mem };

	put_line(&w, text.data, text.len);
	return end(&w, out);
}
