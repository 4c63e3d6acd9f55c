/* SPDX-License-Identifier: MIT */
/*
 * Files, as the preprocessor goes through them: #include, and the lines by
 * which a file says that it stands for another one.
 */
#include <errno.h>
#include <string.h>

#include "idl/mem.h"
#include "idl/pp.h"

/* An #include that includes itself stops at the first of these. */
#define MAX_INCLUDE_DEPTH 64
#define MAX_INCLUDES 1024
#define MAX_BYTES ((size_t)8 << 20)

/* C99 6.10.4 */
#define MAX_LINE_NUMBER 2147483647

static bool
keep_comment(void *ctx, const struct fy_comment *comment)
{
	struct fy_pp *pp = ctx;
	struct fy_stream *out = pp->out;
	struct fy_comment *list =
		fy_grow(pp->mem, out->comments, out->n_comments,
			&out->comments_cap, sizeof(*list));

	if (!list)
		return false;
	out->comments = list;
	out->comments[out->n_comments++] = *comment;
	return true;
}

void
fy_pp_push(struct fy_pp *pp, const char *name, struct ferry_str text,
	   struct fy_source *source)
{
	struct fy_frame *frame = fy_new(pp->mem, sizeof(*frame));

	if (!frame) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return;
	}
	frame->outer = pp->frame;
	frame->conditions = pp->conditions;
	frame->path = name;
	frame->source = source;
	fy_lex_init(&frame->lex, name, text, pp->diag);
	frame->lex.comment = keep_comment;
	frame->lex.ctx = pp;
	pp->frame = frame;
	pp->depth++;
	pp->macros.n_bytes += text.len;
}

void
fy_pp_pop(struct fy_pp *pp)
{
	while (pp->conditions != pp->frame->conditions) {
		fy_diag_error(pp->diag, &pp->conditions->at,
			      "this condition has no #endif");
		pp->conditions = pp->conditions->outer;
	}
	if (pp->frame->lex.failed)
		fy_pp_latch(pp, FERRY_ENOMEM);
	pp->frame = pp->frame->outer;
	pp->depth--;
}

/* ---- #include ---- */

static const char *
join(struct fy_pp *pp, const char *dir, size_t dir_len, struct ferry_str name)
{
	char *path = ferry_arena_alloc(pp->mem, dir_len + name.len + 2);

	if (!path) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return NULL;
	}
	memcpy(path, dir, dir_len);
	if (dir_len > 0 && dir[dir_len - 1] != '/')
		path[dir_len++] = '/';
	memcpy(path + dir_len, name.data, name.len);
	path[dir_len + name.len] = '\0';
	return path;
}

/* A folder of that name is no reason to stop the search. */
static bool
is_no_file(const struct ferry_error *why)
{
	return why->sys_errno == ENOENT || why->sys_errno == ENOTDIR ||
	       why->sys_errno == EISDIR;
}

/* A file under another name is the same file: what it says is. */
static bool
is_done(const struct fy_pp *pp, const struct fy_source *source)
{
	const struct fy_once *once = pp->once;

	while (once && (once->source->text.len != source->text.len ||
			memcmp(once->source->text.data, source->text.data,
			       source->text.len) != 0))
		once = once->next;
	return once;
}

/* Tries one path. Return: false if there is no such file. */
static bool
try_file(struct fy_pp *pp, const struct fy_span *at, const char *path)
{
	struct ferry_error why = { .code = FERRY_OK };
	struct fy_source *source;
	ferry_err err;

	if (!path)
		return true;
	err = fy_sources_read(&pp->idl->sources, pp->idl->include_reader,
			      pp->mem, path, &source, &why);
	if (err && is_no_file(&why))
		return false;
	if (err == FERRY_ENOMEM) {
		fy_pp_latch(pp, err);
	} else if (err) {
		fy_diag_error(pp->diag, at, "%s", why.text);
		pp->out->incomplete = true;
	} else if (!is_done(pp, source)) {
		fy_pp_push(pp, source->path, source->text, source);
	}
	return true;
}

/*
 * What is included by "name" is sought beside the file that says so. @in_system
 * is set if it is found where the headers of C are.
 */
static bool
find_file(struct fy_pp *pp, const struct fy_token *quoted, bool *in_system)
{
	struct ferry_str name = { quoted->text.data + 1, quoted->text.len - 2 };
	const char *here = pp->frame->path;
	const char *slash = strrchr(here, '/');

	if (name.data[0] == '/')
		return try_file(pp, &quoted->at, join(pp, "", 0, name));
	if (quoted->text.data[0] == '"' &&
	    try_file(pp, &quoted->at,
		     join(pp, here, slash ? (size_t)(slash - here) + 1 : 0,
			  name)))
		return true;
	for (size_t i = 0; i < pp->idl->n_dirs; i++) {
		const char *dir = pp->idl->dirs[i];

		*in_system = i + pp->idl->n_system_dirs >= pp->idl->n_dirs;
		if (try_file(pp, &quoted->at,
			     join(pp, dir, strlen(dir), name)))
			return true;
	}
	return false;
}

static bool
ends_in_x(const char *path)
{
	size_t len = strlen(path);

	return len > 2 && strcmp(path + len - 2, ".x") == 0;
}

/*
 * The file that begins here, included by one of @outer, is a header of C or a
 * part of it.
 */
static void
mark_c_header(struct fy_pp *pp, const struct fy_source *outer,
	      const struct fy_span *at, bool in_system)
{
	struct fy_source *source = pp->frame->source;
	struct fy_c_header *header;
	struct fy_span *included;

	if (source->c_header || ends_in_x(source->path))
		return;
	if (outer && outer->c_header) {
		source->c_header = outer->c_header;
		return;
	}
	if (!in_system)
		return;
	header = fy_new(pp->mem, sizeof(*header));
	included = fy_new(pp->mem, sizeof(*included));
	if (!header || !included) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return;
	}
	*included = *at;
	header->included = included;
	source->c_header = header;
}

/* Said once: a file that includes itself twice says it 2^64 times. */
static bool
includes_too_much(struct fy_pp *pp, const struct fy_span *at)
{
	if (pp->depth < MAX_INCLUDE_DEPTH && ++pp->n_includes <= MAX_INCLUDES &&
	    pp->macros.n_bytes <= MAX_BYTES)
		return false;
	if (!pp->too_big)
		fy_diag_hint(pp->diag,
			     fy_diag_error(pp->diag, at,
					   "too much is included here"),
			     "does a file include itself? #ifndef NAME, "
			     "#define NAME and #endif around it end that");
	pp->too_big = true;
	pp->out->incomplete = true;
	return true;
}

/* <name> made of tokens: their text, with a blank where there was one. */
static bool
join_header(struct fy_pp *pp, const struct fy_tokens *tokens,
	    struct fy_token *out)
{
	size_t len = 0;
	size_t n = 0;
	char *text, *to;

	while (n < tokens->n && tokens->list[n].kind != '>')
		len += tokens->list[n++].text.len + 1;
	if (n == tokens->n || n < 2)
		return false;
	text = ferry_arena_alloc(pp->mem, len + 1);
	if (!text) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return false;
	}
	to = text;
	for (size_t i = 0; i <= n; i++) {
		const struct fy_token *token = &tokens->list[i];

		if (token->spaced && i > 1 && i < n)
			*to++ = ' ';
		memcpy(to, token->text.data, token->text.len);
		to += token->text.len;
	}
	*out = tokens->list[0];
	out->text = (struct ferry_str){ text, (uint32_t)(to - text) };
	return true;
}

/* "name", <name>, or macros that come to one of these. */
static bool
read_header(struct fy_pp *pp, struct fy_token *out)
{
	struct fy_tokens tokens = { NULL, 0, 0 };

	if (!fy_lex_sees_name(&pp->frame->lex))
		return fy_lex_header_name(&pp->frame->lex, out);
	fy_pp_expand_line(pp, &tokens);
	if (tokens.n == 0)
		return false;
	if (tokens.list[0].kind == '<')
		return join_header(pp, &tokens, out);
	*out = tokens.list[0];
	return out->kind == FY_TOKEN_TEXT && out->text.len > 2 &&
	       out->text.data[out->text.len - 1] == '"';
}

void
fy_pp_include(struct fy_pp *pp, const struct fy_token *directive)
{
	struct fy_frame *frame = pp->frame;
	bool in_system = false;
	struct fy_token quoted;

	if (!read_header(pp, &quoted)) {
		fy_diag_error(pp->diag, &directive->at,
			      "expected \"file\" or <file> after #include");
		return;
	}
	fy_lex_end_directive(&frame->lex);
	if (includes_too_much(pp, &quoted.at))
		return;
	if (find_file(pp, &quoted, &in_system)) {
		if (pp->frame != frame)
			mark_c_header(pp, frame->source, &quoted.at, in_system);
		return;
	}
	pp->out->incomplete = true;
	fy_diag_hint(pp->diag,
		     fy_diag_error(pp->diag, &quoted.at,
				   "there is no file %.*s",
				   (int)quoted.text.len, quoted.text.data),
		     "ferry looks beside the file, if the name stands in "
		     "quotes, then in the folders given with -I");
}

/* ---- #line ---- */

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* A file's name as cpp writes it, without its quotes; NULL: no memory. */
static char *
unquote(struct fy_pp *pp, struct ferry_str text, uint32_t *len)
{
	char *name = fy_text(pp->mem, text.data, text.len);
	uint32_t n = 0;

	for (uint32_t i = 1; name && i + 1 < text.len; i++) {
		int value = 0;

		if (text.data[i] != '\\') {
			name[n++] = text.data[i];
			continue;
		}
		i++;
		if (!is_octal(text.data[i])) {
			name[n++] = text.data[i];
			continue;
		}
		for (int digits = 0; digits < 3 && is_octal(text.data[i]);
		     digits++)
			value = value * 8 + text.data[i++] - '0';
		i--;
		name[n++] = (char)value;
	}
	*len = n;
	return name;
}

/* From the next line on, the lines of @quoted. */
static void
rename_frame(struct fy_pp *pp, struct ferry_str quoted)
{
	struct fy_source *named;
	uint32_t len;
	char *name = unquote(pp, quoted, &len);
	ferry_err err = FERRY_ENOMEM;

	if (name)
		err = fy_sources_name(&pp->idl->sources, pp->mem,
				      (struct ferry_str){ name, len }, &named);
	fy_pp_latch(pp, err);
	if (!err)
		pp->frame->lex.file = named->path;
}

/* 1 begins a file that is included, 2 ends it; 3 and 4 are for C compilers. */
static void
take_flags(struct fy_frame *frame, const struct fy_token *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ferry_str_eq(list[i].text, "1"))
			frame->n_marked++;
		else if (ferry_str_eq(list[i].text, "2") && frame->n_marked > 0)
			frame->n_marked--;
	}
}

static bool
read_number(const struct fy_token *token, uint32_t *out)
{
	uint64_t value = 0;

	if (token->kind != FY_TOKEN_NUMBER)
		return false;
	for (uint32_t i = 0; i < token->text.len; i++) {
		char c = token->text.data[i];

		if (c < '0' || c > '9' || value > MAX_LINE_NUMBER)
			return false;
		value = value * 10 + (uint64_t)(c - '0');
	}
	*out = (uint32_t)value;
	return value <= MAX_LINE_NUMBER;
}

static bool
is_file_name(const struct fy_token *token)
{
	return token->kind == FY_TOKEN_TEXT && token->text.len >= 2 &&
	       token->text.data[token->text.len - 1] == '"';
}

/* #line NUMBER ["file"], and # NUMBER ["file" FLAG...] as cpp makes them. */
void
fy_pp_line(struct fy_pp *pp, const struct fy_token *directive)
{
	bool is_mark = directive->kind == FY_TOKEN_NUMBER;
	struct fy_tokens tokens = { NULL, 0, 0 };
	struct fy_frame *frame = pp->frame;
	uint32_t number;

	if (is_mark)
		fy_pp_latch(pp, fy_tokens_add(&tokens, pp->mem, directive));
	fy_pp_expand_line(pp, &tokens);
	if (pp->err)
		return;
	if (tokens.n == 0 || !read_number(&tokens.list[0], &number) ||
	    (tokens.n > 1 && !is_file_name(&tokens.list[1]))) {
		fy_diag_error(pp->diag, &directive->at,
			      "expected a number, and a file's name in quotes "
			      "or nothing behind it");
		return;
	}
	if (tokens.n > 1)
		rename_frame(pp, tokens.list[1].text);
	if (is_mark && tokens.n > 2)
		take_flags(frame, tokens.list + 2, tokens.n - 2);
	if (frame->source)
		frame->source->marked = true;
	/* The newline that is still to come counts. */
	frame->lex.line = number - 1;
}

/* ---- #pragma ---- */

/* Of all pragmas the one that every cpp knows. */
void
fy_pp_pragma(struct fy_pp *pp, const struct fy_token *directive)
{
	struct ferry_str text = fy_lex_rest(&pp->frame->lex);
	struct fy_source *source = pp->frame->source;
	struct fy_once *once;

	(void)directive;
	if (!source || is_done(pp, source) || text.len < 4 ||
	    memcmp(text.data, "once", 4) != 0 ||
	    (text.len > 4 && !strchr(" \t/", text.data[4])))
		return;
	once = fy_new(pp->mem, sizeof(*once));
	if (!once) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return;
	}
	*once = (struct fy_once){ pp->once, source };
	pp->once = once;
}
