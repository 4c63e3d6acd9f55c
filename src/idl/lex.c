/* SPDX-License-Identifier: MIT */
/*
 * Comments win over % lines, and % lines win over all else: what rpcgen's own
 * scanner does.
 */
#include "idl/lex.h"

#include <string.h>

#include "idl/mem.h"

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

/* The length of a backslash at @at that joins lines, with its newline. */
static size_t
splice_at(const struct fy_lexer *lex, const char *at)
{
	size_t left = (size_t)(lex->end - at);

	if (left < 2 || at[0] != '\\')
		return 0;
	if (at[1] == '\n')
		return 2;
	return left > 2 && at[1] == '\r' && at[2] == '\n' ? 3 : 0;
}

static void
take_splice(struct fy_lexer *lex, size_t len)
{
	bool fresh = lex->fresh;

	lex->at += len;
	next_line(lex);
	lex->fresh = fresh;
}

/* Takes what joins lines, if more of a token follows it. */
static bool
take_splices_inside(struct fy_lexer *lex, bool (*continues)(char c))
{
	const char *at = lex->at;
	size_t len;

	while ((len = splice_at(lex, at)) > 0)
		at += len;
	if (at == lex->at || at == lex->end || !continues(*at))
		return false;
	while (lex->at < at)
		take_splice(lex, splice_at(lex, lex->at));
	return true;
}

/*
 * Ends @token, which began on another line: its text without what joins them,
 * and the part of it that stands on its first line.
 */
static void
join_token(struct fy_lexer *lex, struct fy_token *token)
{
	const char *from = token->text.data;
	char *copy = ferry_arena_alloc(lex->diag->mem,
				       (size_t)(lex->at - from));
	uint32_t len = 0;

	token->text.len = (uint32_t)(lex->at - from);
	token->at.len = 0;
	if (!copy) {
		lex->failed = true;
		return;
	}
	while (from < lex->at) {
		size_t splice = splice_at(lex, from);

		if (splice > 0 && token->at.len == 0)
			token->at.len = len;
		if (splice == 0)
			copy[len++] = *from++;
		from += splice;
	}
	token->text = (struct ferry_str){ copy, len };
}

/* Ends @token, begun by token_from(), here. */
static void
end_token(struct fy_lexer *lex, struct fy_token *token)
{
	if (token->at.place.line != lex->line) {
		join_token(lex, token);
		return;
	}
	token->text.len = (uint32_t)(lex->at - token->text.data);
	token->at.len = token->text.len;
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

	if (lex->comment && !lex->in_directive && !lex->quiet &&
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
	if (lex->at < lex->end) {
		lex->at += 2;
		tell_comment(lex, &start, own_line);
		return;
	}
	lex->comment_open = true;
	if (lex->diag)
		fy_diag_hint(lex->diag,
			     fy_diag_error(lex->diag, &start.at,
					   "this comment does not end"),
			     "close it with */");
}

/* A backslash at the end of its line takes the next one in. */
static void
skip_line_comment(struct fy_lexer *lex)
{
	struct fy_token start = token_from(lex, '/', lex->at);
	bool own_line = lex->fresh;
	const char *last;

	start.at.len = 2;
	if (!lex->quiet)
		fy_diag_hint(lex->diag,
			     fy_diag_warn(lex->diag, FY_WARN_LINE_COMMENT,
					  &start.at,
					  "a comment that begins with //"),
			     "RFC 4506 has /* */");
	for (;;) {
		const char *stop = memchr(lex->at, '\n',
					  (size_t)(lex->end - lex->at));

		lex->at = stop ? stop : lex->end;
		last = lex->at;
		if (last[-1] == '\r')
			last--;
		if (!stop || last[-1] != '\\')
			break;
		lex->at++;
		next_line(lex);
	}
	tell_comment(lex, &start, own_line);
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
		} else if ((splice = splice_at(lex, lex->at)) > 0) {
			take_splice(lex, splice);
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
	token.at.place.column--;
	token.at.len = 1;
	nul = memchr(from, '\0', token.text.len);
	if (nul) {
		fy_diag_error(lex->diag, &token.at,
			      "this line holds a NUL byte");
		token.text.len = (uint32_t)(nul - from);
	}
	return token;
}

/* pynfs and others indent these too; rpcgen stumbles over that. */
static struct fy_token
indented_pass_token(struct fy_lexer *lex)
{
	struct fy_token token = pass_token(lex);

	fy_diag_hint(lex->diag,
		     fy_diag_warn(lex->diag, FY_WARN_INDENTED_PASS, &token.at,
				  "this %% is not the first of its line"),
		     "rpcgen copies a line to its output if it begins with %%");
	return token;
}

static bool
is_name_part(char c)
{
	return is_name_start(c) || is_digit(c);
}

/* All that sticks to a digit, so that 0x1g or 1.5 is one mistake. */
static bool
is_number_part(char c)
{
	return is_name_part(c) || c == '.';
}

static struct fy_token
word_token(struct fy_lexer *lex, int kind, bool (*continues)(char c))
{
	struct fy_token token = token_from(lex, kind, lex->at);

	do {
		while (lex->at < lex->end && continues(*lex->at))
			lex->at++;
	} while (lex->at < lex->end && *lex->at == '\\' &&
		 take_splices_inside(lex, continues));
	end_token(lex, &token);
	return token;
}

/* From one quote to the next; whether that stands on the same line. */
static bool
skip_quoted(struct fy_lexer *lex, char quote)
{
	lex->at++;
	while (lex->at < lex->end && *lex->at != quote && *lex->at != '\n' &&
	       *lex->at != '\0') {
		size_t splice = splice_at(lex, lex->at);

		if (splice > 0) {
			take_splice(lex, splice);
			continue;
		}
		if (*lex->at == '\\' && lex->end - lex->at > 1 &&
		    lex->at[1] != '\n')
			lex->at++;
		lex->at++;
	}
	if (lex->at == lex->end || *lex->at != quote)
		return false;
	lex->at++;
	return true;
}

static struct fy_token
text_token(struct fy_lexer *lex)
{
	struct fy_token token = token_from(lex, FY_TOKEN_TEXT, lex->at);
	bool closed = skip_quoted(lex, '"');

	end_token(lex, &token);
	if (!closed)
		fy_diag_hint(lex->diag,
			     fy_diag_error(lex->diag, &token.at,
					   "this text does not end on its "
					   "line"),
			     "close it with \"");
	return token;
}

/* An apostrophe alone is nothing but itself. */
static struct fy_token
char_token(struct fy_lexer *lex)
{
	struct fy_lexer before = *lex;
	struct fy_token token = token_from(lex, FY_TOKEN_CHAR, lex->at);

	if (!skip_quoted(lex, '\'')) {
		*lex = before;
		lex->at++;
		token.kind = '\'';
	}
	end_token(lex, &token);
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

/* What begins with @c, which is no blank and not out of place. */
static struct fy_token
visible_token(struct fy_lexer *lex, char c)
{
	bool fresh = lex->fresh;

	lex->fresh = false;
	if (is_name_start(c))
		return word_token(lex, FY_TOKEN_NAME, is_name_part);
	if (is_digit(c))
		return word_token(lex, FY_TOKEN_NUMBER, is_number_part);
	if (c == '"')
		return text_token(lex);
	if (c == '\'')
		return char_token(lex);
	if (c == '%' && fresh && !lex->in_directive)
		return indented_pass_token(lex);
	if (c == '#' && fresh && !lex->in_directive) {
		lex->in_directive = true;
		lex->at++;
		return token_from(lex, FY_TOKEN_DIRECTIVE, lex->at - 1);
	}
	return punctuation_token(lex);
}

/* Whether a token that begins here is a % line. */
static bool
at_pass(const struct fy_lexer *lex)
{
	return lex->at == lex->line_start && lex->at < lex->end &&
	       *lex->at == '%' && !lex->in_directive;
}

/* Whether nothing stands between @from and here but what joins lines. */
static bool
only_splices(const struct fy_lexer *lex, const char *from)
{
	size_t len;

	while (from < lex->at && (len = splice_at(lex, from)) > 0)
		from += len;
	return from == lex->at;
}

struct fy_token
fy_lex_next(struct fy_lexer *lex)
{
	const char *from = lex->at;
	struct fy_token token;
	bool spaced, joined;

	for (;;) {
		if (at_pass(lex))
			return pass_token(lex);
		skip_blanks(lex);
		if (lex->at == lex->end || *lex->at == '\n')
			return token_from(lex, FY_TOKEN_END, lex->at);
		if (at_pass(lex))
			continue;
		if (!is_bad_byte(*lex->at))
			break;
		skip_bad_bytes(lex);
	}
	spaced = lex->at != from;
	joined = spaced && only_splices(lex, from);
	token = visible_token(lex, *lex->at);
	token.spaced = spaced && !joined;
	token.joined = joined;
	return token;
}

/* Blocks of comment and joined lines may hide newlines; quotes hide those. */
static void
skip_to_newline(struct fy_lexer *lex)
{
	char quote = '\0';
	size_t splice;

	while (lex->at < lex->end && *lex->at != '\n') {
		splice = splice_at(lex, lex->at);
		if (splice > 0) {
			take_splice(lex, splice);
		} else if (!quote && looks_at(lex, "/*")) {
			skip_block_comment(lex);
		} else if (!quote && looks_at(lex, "//")) {
			skip_line_comment(lex);
		} else {
			char c = *lex->at++;

			if (quote && c == '\\' && lex->at < lex->end &&
			    *lex->at != '\n')
				lex->at++;
			else if (c == quote)
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

struct ferry_str
fy_lex_rest(struct fy_lexer *lex)
{
	const char *from = lex->at;
	bool quiet = lex->quiet;
	const char *to;

	lex->quiet = true; /* "see http://..." holds no comment */
	fy_lex_end_directive(lex);
	lex->quiet = quiet;
	to = lex->at;
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	return (struct ferry_str){ from, (uint32_t)(to - from) };
}

/* What is next, behind blanks and comments; NUL at the end of all. */
static char
see(const struct fy_lexer *lex)
{
	struct fy_lexer ahead = *lex;

	ahead.quiet = true;
	ahead.diag = NULL;
	skip_blanks(&ahead);
	return ahead.at < ahead.end ? *ahead.at : '\0';
}

bool
fy_lex_sees(const struct fy_lexer *lex, char c)
{
	return see(lex) == c;
}

bool
fy_lex_sees_name(const struct fy_lexer *lex)
{
	return is_name_start(see(lex));
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
	bool quiet = lex->quiet;
	bool found = false;

	lex->quiet = true;
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
	lex->quiet = quiet;
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
