/* SPDX-License-Identifier: MIT */
/*
 * Comments win over % lines, and % lines win over all else: what rpcgen's own
 * scanner does.
 */
#include "idl/lex.h"

#include <string.h>

void
fy_lex_init(struct fy_lexer *lex, const char *file, struct ferry_str text,
	    struct fy_diag *diag)
{
	*lex = (struct fy_lexer){
		.at = text.data,
		.end = text.data + text.len,
		.line_start = text.data,
		.file = file,
		.line = 1,
		.fresh = true,
		.diag = diag,
	};
	if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		lex->at = lex->line_start = text.data + 3;
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool
looks_at(const struct fy_lexer *lex, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(lex->end - lex->at) >= len &&
	       memcmp(lex->at, text, len) == 0;
}

static void
next_line(struct fy_lexer *lex)
{
	lex->line++;
	lex->line_start = lex->at;
	lex->fresh = true;
}

static struct fy_token
token_from(const struct fy_lexer *lex, int kind, const char *from)
{
	struct fy_token token = { .kind = kind };

	token.text = (struct ferry_str){ from, (uint32_t)(lex->at - from) };
	token.at.place = (struct fy_place){
		lex->file, lex->line, (uint32_t)(from - lex->line_start) + 1
	};
	token.at.len = token.text.len;
	return token;
}

/* The length of a backslash that joins lines, and the newline after it. */
static size_t
splice_len(const struct fy_lexer *lex)
{
	if (looks_at(lex, "\\\n"))
		return 2;
	return looks_at(lex, "\\\r\n") ? 3 : 0;
}

static void
tell_comment(struct fy_lexer *lex, const struct fy_token *start, bool own_line)
{
	struct fy_comment comment = {
		.text = { start->text.data,
			  (uint32_t)(lex->at - start->text.data) },
		.place = start->at.place,
		.last_line = lex->line,
		.own_line = own_line,
	};

	if (lex->comment && !lex->in_directive &&
	    !lex->comment(lex->ctx, &comment))
		lex->failed = true;
}

static void
skip_block_comment(struct fy_lexer *lex)
{
	struct fy_token start = token_from(lex, '/', lex->at);
	bool own_line = lex->fresh;

	start.at.len = 2;
	lex->at += 2;
	while (lex->at < lex->end && !looks_at(lex, "*/")) {
		if (*lex->at++ == '\n') {
			next_line(lex);
			lex->fresh = own_line;
		}
	}
	if (lex->at == lex->end) {
		fy_diag_hint(lex->diag,
			     fy_diag_error(lex->diag, &start.at,
					   "this comment does not end"),
			     "close it with */");
		return;
	}
	lex->at += 2;
	tell_comment(lex, &start, own_line);
}

static void
skip_line_comment(struct fy_lexer *lex)
{
	struct fy_token start = token_from(lex, '/', lex->at);
	const char *stop = memchr(lex->at, '\n', (size_t)(lex->end - lex->at));

	lex->at = stop ? stop : lex->end;
	tell_comment(lex, &start, lex->fresh);
}

/* Skips blanks and comments; stops at a newline in a directive. */
static void
skip_blanks(struct fy_lexer *lex)
{
	size_t splice;

	while (lex->at < lex->end) {
		char c = *lex->at;

		if (c == '\n' && lex->in_directive)
			return;
		if (c == '\n') {
			lex->at++;
			next_line(lex);
			if (lex->at < lex->end && *lex->at == '%')
				return;
		} else if (is_blank(c)) {
			lex->at++;
		} else if ((splice = splice_len(lex)) > 0) {
			bool fresh = lex->fresh;

			lex->at += splice;
			next_line(lex);
			lex->fresh = fresh;
		} else if (looks_at(lex, "/*")) {
			skip_block_comment(lex);
		} else if (looks_at(lex, "//")) {
			skip_line_comment(lex);
		} else {
			return;
		}
	}
}

/* To the end of a line that does not end in a backslash, or before a %. */
static void
skip_pass(struct fy_lexer *lex)
{
	for (;;) {
		const char *from = lex->at;
		size_t left = (size_t)(lex->end - from);
		const char *stop = memchr(from, '\n', left);
		const char *last;

		lex->at = stop ? stop : lex->end;
		last = lex->at;
		if (last > from && last[-1] == '\r')
			last--;
		if (!stop || last == from || last[-1] != '\\' ||
		    lex->end - stop < 2 || stop[1] == '%')
			return;
		lex->at = stop + 1;
		next_line(lex);
	}
}

/*
 * A line that begins with % goes to the output as it stands. Where it ends in
 * a backslash and the next line has no % of its own, that is part of it: a
 * macro in C.
 */
static struct fy_token
pass_token(struct fy_lexer *lex)
{
	const char *from = ++lex->at;
	struct fy_token token = token_from(lex, FY_TOKEN_PASS, from);
	const char *nul;

	skip_pass(lex);
	token.text.len = (uint32_t)(lex->at - from);
	token.at.place.column = 1;
	token.at.len = 1;
	nul = memchr(from, '\0', token.text.len);
	if (nul) {
		fy_diag_error(lex->diag, &token.at,
			      "this line holds a NUL byte");
		token.text.len = (uint32_t)(nul - from);
	}
	return token;
}

static struct fy_token
name_token(struct fy_lexer *lex)
{
	const char *from = lex->at;

	while (lex->at < lex->end &&
	       (is_name_start(*lex->at) || is_digit(*lex->at)))
		lex->at++;
	return token_from(lex, FY_TOKEN_NAME, from);
}

/* All that sticks to a digit, so that 0x1g or 1.5 is one mistake. */
static struct fy_token
number_token(struct fy_lexer *lex)
{
	const char *from = lex->at;

	while (lex->at < lex->end && (is_name_start(*lex->at) ||
				      is_digit(*lex->at) || *lex->at == '.'))
		lex->at++;
	return token_from(lex, FY_TOKEN_NUMBER, from);
}

static struct fy_token
text_token(struct fy_lexer *lex)
{
	const char *from = lex->at++;
	struct fy_token token;

	while (lex->at < lex->end && *lex->at != '"' && *lex->at != '\n' &&
	       *lex->at != '\0') {
		if (*lex->at == '\\' && lex->end - lex->at > 1 &&
		    lex->at[1] != '\n')
			lex->at++;
		lex->at++;
	}
	if (lex->at < lex->end && *lex->at == '"') {
		lex->at++;
		return token_from(lex, FY_TOKEN_TEXT, from);
	}
	token = token_from(lex, FY_TOKEN_TEXT, from);
	fy_diag_hint(lex->diag,
		     fy_diag_error(lex->diag, &token.at,
				   "this text does not end on its line"),
		     "close it with \"");
	return token;
}

/* What no token begins with, given that blanks were skipped. */
static bool
is_bad_byte(char c)
{
	return (unsigned char)c >= 0x7f || (unsigned char)c < ' ';
}

/* One error for a run of them. */
static void
skip_bad_bytes(struct fy_lexer *lex)
{
	const char *from = lex->at;
	struct fy_token token;

	while (lex->at < lex->end && is_bad_byte(*lex->at) &&
	       !is_blank(*lex->at) && *lex->at != '\n')
		lex->at++;
	token = token_from(lex, FY_TOKEN_END, from);
	fy_diag_hint(lex->diag,
		     fy_diag_error(lex->diag, &token.at,
				   "byte 0x%02x outside of a comment",
				   (unsigned char)*from),
		     "names are made of ASCII letters, digits and _");
}

static struct fy_token
punctuation_token(struct fy_lexer *lex)
{
	const char *from = lex->at++;

	return token_from(lex, (unsigned char)*from, from);
}

struct fy_token
fy_lex_next(struct fy_lexer *lex)
{
	bool fresh;
	char c;

	for (;;) {
		if (lex->at == lex->line_start && lex->at < lex->end &&
		    *lex->at == '%' && !lex->in_directive)
			return pass_token(lex);
		skip_blanks(lex);
		if (lex->at == lex->end || *lex->at == '\n')
			return token_from(lex, FY_TOKEN_END, lex->at);
		c = *lex->at;
		if (c == '%' && lex->at == lex->line_start)
			continue;
		if (!is_bad_byte(c))
			break;
		skip_bad_bytes(lex);
	}
	fresh = lex->fresh;
	lex->fresh = false;
	if (is_name_start(c))
		return name_token(lex);
	if (is_digit(c))
		return number_token(lex);
	if (c == '"')
		return text_token(lex);
	if (c == '#' && fresh && !lex->in_directive) {
		lex->in_directive = true;
		lex->at++;
		return token_from(lex, FY_TOKEN_DIRECTIVE, lex->at - 1);
	}
	return punctuation_token(lex);
}

/* Blocks of comment and joined lines may hide newlines; quotes hide those. */
static void
skip_to_newline(struct fy_lexer *lex)
{
	char quote = '\0';
	size_t splice;

	while (lex->at < lex->end && *lex->at != '\n') {
		splice = splice_len(lex);
		if (splice > 0) {
			lex->at += splice;
			next_line(lex);
		} else if (!quote && looks_at(lex, "/*")) {
			skip_block_comment(lex);
		} else if (!quote && looks_at(lex, "//")) {
			skip_line_comment(lex);
		} else {
			char c = *lex->at++;

			if (c == quote)
				quote = '\0';
			else if (!quote && (c == '"' || c == '\''))
				quote = c;
		}
	}
}

void
fy_lex_end_directive(struct fy_lexer *lex)
{
	skip_to_newline(lex);
	lex->in_directive = false;
}

/* True at a # with nothing but comments before it, with @lex behind it. */
static bool
at_directive(struct fy_lexer *lex)
{
	lex->in_directive = true; /* a newline ends the search */
	skip_blanks(lex);
	if (lex->at == lex->end || *lex->at != '#') {
		lex->in_directive = false;
		return false;
	}
	lex->at++;
	return true;
}

struct fy_token
fy_lex_skip(struct fy_lexer *lex)
{
	fy_comment_fn told = lex->comment;
	bool found = false;

	lex->comment = NULL;
	while (!found && lex->at < lex->end) {
		if (lex->at == lex->line_start && *lex->at == '%')
			skip_pass(lex);
		else if (lex->at == lex->line_start && at_directive(lex))
			found = true;
		else
			skip_to_newline(lex);
		if (!found && lex->at < lex->end) {
			lex->at++;
			next_line(lex);
		}
	}
	lex->comment = told;
	return token_from(lex, found ? FY_TOKEN_DIRECTIVE : FY_TOKEN_END,
			  found ? lex->at - 1 : lex->at);
}

bool
fy_lex_header_name(struct fy_lexer *lex, struct fy_token *out)
{
	const char *from;
	char close;

	skip_blanks(lex);
	from = lex->at;
	if (from == lex->end || (*from != '"' && *from != '<'))
		return false;
	close = *from == '"' ? '"' : '>';
	lex->at++;
	while (lex->at < lex->end && *lex->at != close && *lex->at != '\n' &&
	       *lex->at != '\0')
		lex->at++;
	if (lex->at == lex->end || *lex->at != close || lex->at == from + 1)
		return false;
	lex->at++;
	*out = token_from(lex, FY_TOKEN_TEXT, from);
	return true;
}
