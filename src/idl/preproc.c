/* SPDX-License-Identifier: MIT */
#include "idl/preproc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "idl/expr.h"
#include "idl/macro.h"
#include "idl/mem.h"

/* An #include that includes itself stops at the first of these. */
#define MAX_INCLUDE_DEPTH 64
#define MAX_INCLUDES 4096
#define MAX_BYTES ((size_t)8 << 20)

/* An #if that is open. */
struct condition {
	struct condition *outer;
	struct fy_span at;
	bool active; /* this part is read */
	bool taken;  /* this part or one before it was */
	bool in_else;
};

/* A file that is being read, and the one that included it. */
struct frame {
	struct frame *outer;
	struct condition *conditions; /* that were open when it began */
	struct fy_lexer lex;
};

struct preproc {
	struct fy_idl *idl;
	struct ferry_arena *mem;
	struct fy_diag *diag;
	struct fy_stream *out;
	struct frame *frame;
	struct condition *conditions;
	struct fy_macros macros;
	unsigned int depth;
	size_t n_includes;
	size_t n_bytes;
	bool too_big; /* reported */
	ferry_err err;
};

struct directive {
	const char *name;
	void (*run)(struct preproc *pp, const struct fy_token *name);
	bool when_skipping;
};

static const char *const view_names[FY_N_VIEWS] = {
	[FY_VIEW_HDR] = "RPC_HDR",   [FY_VIEW_XDR] = "RPC_XDR",
	[FY_VIEW_CLNT] = "RPC_CLNT", [FY_VIEW_SVC] = "RPC_SVC",
	[FY_VIEW_TBL] = "RPC_TBL",
};

static bool
keep_comment(void *ctx, const struct fy_comment *comment)
{
	struct preproc *pp = ctx;
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

static void
latch(struct preproc *pp, ferry_err err)
{
	if (!pp->err)
		pp->err = err;
}

static bool
skipping(const struct preproc *pp)
{
	return pp->conditions && !pp->conditions->active;
}

static bool
is_view_name(struct ferry_str name)
{
	for (unsigned int view = 0; view < FY_N_VIEWS; view++) {
		if (ferry_str_eq(name, view_names[view]))
			return true;
	}
	return false;
}

/*
 * All that is read comes by here, and what is passed over depends on nothing
 * else: without the name of a view all views are alike.
 */
static struct fy_token
next(struct preproc *pp)
{
	struct fy_token token = fy_lex_next(&pp->frame->lex);

	if (token.kind == FY_TOKEN_NAME && is_view_name(token.text))
		pp->out->asks_view = true;
	return token;
}

/* ---- files ---- */

static void
push_text(struct preproc *pp, const char *name, struct ferry_str text)
{
	struct frame *frame = fy_new(pp->mem, sizeof(*frame));

	if (!frame) {
		latch(pp, FERRY_ENOMEM);
		return;
	}
	frame->outer = pp->frame;
	frame->conditions = pp->conditions;
	fy_lex_init(&frame->lex, name, text, pp->diag);
	frame->lex.comment = keep_comment;
	frame->lex.ctx = pp;
	pp->frame = frame;
	pp->depth++;
	pp->n_bytes += text.len;
}

/* Ends a file: what it opened, it closes. */
static void
pop_file(struct preproc *pp)
{
	while (pp->conditions != pp->frame->conditions) {
		fy_diag_error(pp->diag, &pp->conditions->at,
			      "this condition has no #endif");
		pp->conditions = pp->conditions->outer;
	}
	if (pp->frame->lex.failed)
		latch(pp, FERRY_ENOMEM);
	pp->frame = pp->frame->outer;
	pp->depth--;
}

static const char *
join(struct preproc *pp, const char *dir, size_t dir_len, struct ferry_str name)
{
	char *path = ferry_arena_alloc(pp->mem, dir_len + name.len + 2);

	if (!path) {
		latch(pp, FERRY_ENOMEM);
		return NULL;
	}
	memcpy(path, dir, dir_len);
	if (dir_len > 0 && dir[dir_len - 1] != '/')
		path[dir_len++] = '/';
	memcpy(path + dir_len, name.data, name.len);
	path[dir_len + name.len] = '\0';
	return path;
}

/* Tries one path. Return: false if there is no such file. */
static bool
try_file(struct preproc *pp, const struct fy_span *at, const char *path)
{
	struct ferry_error why = { .code = FERRY_OK };
	const struct fy_source *source;
	ferry_err err;

	if (!path)
		return true;
	err = fy_sources_read(&pp->idl->sources, pp->idl->reader, pp->mem, path,
			      &source, &why);
	if (err && (why.sys_errno == ENOENT || why.sys_errno == ENOTDIR))
		return false;
	if (err == FERRY_ENOMEM) {
		latch(pp, err);
	} else if (err) {
		fy_diag_error(pp->diag, at, "%s", why.text);
		pp->out->incomplete = true;
	} else {
		push_text(pp, source->path, source->text);
	}
	return true;
}

/* What is included by "name" is sought beside the file that says so. */
static bool
find_file(struct preproc *pp, const struct fy_token *quoted)
{
	struct ferry_str name = { quoted->text.data + 1, quoted->text.len - 2 };
	const char *here = pp->frame->lex.file;
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

		if (try_file(pp, &quoted->at,
			     join(pp, dir, strlen(dir), name)))
			return true;
	}
	return false;
}

/* Said once: a file that includes itself twice says it 2^64 times. */
static bool
includes_too_much(struct preproc *pp, const struct fy_span *at)
{
	if (pp->depth < MAX_INCLUDE_DEPTH && ++pp->n_includes <= MAX_INCLUDES &&
	    pp->n_bytes <= MAX_BYTES)
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

static void
run_include(struct preproc *pp, const struct fy_token *name)
{
	struct frame *frame = pp->frame;
	struct fy_token quoted;

	if (!fy_lex_header_name(&frame->lex, &quoted)) {
		fy_diag_error(pp->diag, &name->at,
			      "expected \"file\" or <file> after #include");
		return;
	}
	fy_lex_end_directive(&frame->lex);
	if (includes_too_much(pp, &quoted.at) || find_file(pp, &quoted))
		return;
	pp->out->incomplete = true;
	fy_diag_hint(pp->diag,
		     fy_diag_error(pp->diag, &quoted.at,
				   "there is no file %.*s",
				   (int)quoted.text.len, quoted.text.data),
		     "ferry looks beside the file, if the name stands in "
		     "quotes, then in the folders given with -I");
}

/* ---- macros ---- */

static bool
want_name(struct preproc *pp, const struct fy_token *directive,
	  struct fy_token *out)
{
	*out = next(pp);
	if (out->kind == FY_TOKEN_NAME)
		return true;
	fy_diag_error(pp->diag, &directive->at, "expected a name after #%.*s",
		      (int)directive->text.len, directive->text.data);
	return false;
}

static void
run_define(struct preproc *pp, const struct fy_token *directive)
{
	struct fy_macro *macro;
	struct fy_token name, token;
	const struct fy_lexer *lex = &pp->frame->lex;

	if (!want_name(pp, directive, &name))
		return;
	latch(pp, fy_macros_define(&pp->macros, name.text, &macro));
	if (pp->err)
		return;
	macro->takes_arguments = lex->at < lex->end && *lex->at == '(';
	for (token = next(pp); token.kind != FY_TOKEN_END && !pp->err;
	     token = next(pp))
		latch(pp, fy_tokens_add(&macro->body, pp->mem, &token));
}

static void
run_undef(struct preproc *pp, const struct fy_token *directive)
{
	struct fy_macro *macro;
	struct fy_token name;

	if (!want_name(pp, directive, &name))
		return;
	macro = fy_macros_find(&pp->macros, name.text);
	if (macro)
		macro->defined = false;
}

/* Appends what @token gives, itself or what it stands for. */
static void
add_expanded(struct preproc *pp, struct fy_tokens *to,
	     const struct fy_token *token)
{
	const struct fy_macro *macro = NULL;
	ferry_err err;

	if (token->kind == FY_TOKEN_NAME)
		macro = fy_macros_find(&pp->macros, token->text);
	if (!macro || macro->takes_arguments) {
		latch(pp, fy_tokens_add(to, pp->mem, token));
		return;
	}
	err = fy_macros_expand(&pp->macros, token, to);
	if (err != FERRY_ETOOBIG) {
		latch(pp, err);
		return;
	}
	if (!pp->too_big)
		fy_diag_error(pp->diag, &token->at,
			      "macros give more tokens up to here than any "
			      "interface needs");
	pp->too_big = true;
	pp->out->incomplete = true;
}

/* ---- conditions ---- */

static void
push_condition(struct preproc *pp, const struct fy_span *at, bool active)
{
	struct condition *condition = fy_new(pp->mem, sizeof(*condition));

	if (!condition) {
		latch(pp, FERRY_ENOMEM);
		return;
	}
	condition->outer = pp->conditions;
	condition->at = *at;
	condition->active = active && !skipping(pp);
	/* What stands in a part that is skipped is skipped to its end. */
	condition->taken = active || skipping(pp);
	pp->conditions = condition;
}

/* defined NAME, defined(NAME): 1 or 0 in its place. */
static void
add_defined(struct preproc *pp, struct fy_tokens *to, struct fy_token token)
{
	struct fy_token name = next(pp);
	bool nested = name.kind == '(';

	if (nested)
		name = next(pp);
	if (name.kind != FY_TOKEN_NAME ||
	    (nested && next(pp).kind != ')')) {
		fy_diag_error(pp->diag, &token.at,
			      "expected NAME or (NAME) after defined");
		fy_lex_end_directive(&pp->frame->lex);
		pp->frame->lex.in_directive = true;
		return;
	}
	token.kind = FY_TOKEN_NUMBER;
	token.text = ferry_str_of(
		fy_macros_find(&pp->macros, name.text) ? "1" : "0");
	latch(pp, fy_tokens_add(to, pp->mem, &token));
}

/* The value of what follows #if or #elif. */
static bool
evaluate(struct preproc *pp, const struct fy_token *directive)
{
	struct fy_tokens tokens = { NULL, 0, 0 };
	size_t n_errors = pp->diag->n_errors;
	struct fy_token token;
	int64_t value = 0;

	for (token = next(pp); token.kind != FY_TOKEN_END && !pp->err;
	     token = next(pp)) {
		if (token.kind == FY_TOKEN_NAME &&
		    ferry_str_eq(token.text, "defined"))
			add_defined(pp, &tokens, token);
		else
			add_expanded(pp, &tokens, &token);
	}
	if (pp->err || pp->diag->n_errors != n_errors)
		return false;
	return fy_expr_value(tokens.list, tokens.n, &directive->at, pp->diag,
			     &value) &&
	       value != 0;
}

static void
run_if(struct preproc *pp, const struct fy_token *directive)
{
	push_condition(pp, &directive->at,
		       !skipping(pp) && evaluate(pp, directive));
}

static void
run_ifdef(struct preproc *pp, const struct fy_token *directive)
{
	bool negated = ferry_str_eq(directive->text, "ifndef");
	struct fy_token name;
	bool is_true = false;

	if (!skipping(pp) && want_name(pp, directive, &name))
		is_true = !fy_macros_find(&pp->macros, name.text) == negated;
	push_condition(pp, &directive->at, is_true);
}

/* The innermost condition of this file; NULL, reported, if there is none. */
static struct condition *
own_condition(struct preproc *pp, const struct fy_token *directive)
{
	if (pp->conditions != pp->frame->conditions)
		return pp->conditions;
	fy_diag_error(pp->diag, &directive->at,
		      "#%.*s without a condition before it",
		      (int)directive->text.len, directive->text.data);
	return NULL;
}

static void
run_else(struct preproc *pp, const struct fy_token *directive)
{
	bool is_elif = ferry_str_eq(directive->text, "elif");
	struct condition *condition = own_condition(pp, directive);

	if (!condition)
		return;
	if (condition->in_else) {
		fy_diag_note(pp->diag,
			     fy_diag_error(pp->diag, &directive->at,
					   "#%.*s after #else",
					   (int)directive->text.len,
					   directive->text.data),
			     &condition->at, "the condition begins here");
		return;
	}
	condition->in_else = !is_elif;
	condition->active = !condition->taken &&
			    (!is_elif || evaluate(pp, directive));
	condition->taken |= condition->active;
}

static void
run_endif(struct preproc *pp, const struct fy_token *directive)
{
	struct condition *condition = own_condition(pp, directive);

	if (condition)
		pp->conditions = condition->outer;
}

static void
run_error(struct preproc *pp, const struct fy_token *directive)
{
	const char *from = pp->frame->lex.at;
	const char *to;

	fy_lex_end_directive(&pp->frame->lex);
	to = pp->frame->lex.at;
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == '\r' || to[-1] == ' '))
		to--;
	fy_diag_error(pp->diag, &directive->at, "#error: %.*s",
		      (int)(to - from), from);
}

static void
run_nothing(struct preproc *pp, const struct fy_token *directive)
{
	(void)pp;
	(void)directive;
}

static const struct directive directives[] = {
	{ "if", run_if, true },		   { "ifdef", run_ifdef, true },
	{ "ifndef", run_ifdef, true },	   { "elif", run_else, true },
	{ "else", run_else, true },	   { "endif", run_endif, true },
	{ "include", run_include, false }, { "define", run_define, false },
	{ "undef", run_undef, false },	   { "error", run_error, false },
	{ "pragma", run_nothing, false },  { "ident", run_nothing, false },
	{ "sccs", run_nothing, false },	   { "line", run_nothing, false },
	{ "warning", run_nothing, false },
};

static const struct directive *
find_directive(struct ferry_str name)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(directives); i++) {
		if (ferry_str_eq(name, directives[i].name))
			return &directives[i];
	}
	return NULL;
}

/* The lexer stands behind the #. A number there is the mark of an old cpp. */
static void
run_directive(struct preproc *pp)
{
	struct fy_lexer *lex = &pp->frame->lex;
	struct fy_token name = next(pp);
	const struct directive *directive = find_directive(name.text);

	if (directive && (directive->when_skipping || !skipping(pp)))
		directive->run(pp, &name);
	else if (!directive && !skipping(pp) && name.kind != FY_TOKEN_END &&
		 name.kind != FY_TOKEN_NUMBER)
		fy_diag_error(pp->diag, &name.at,
			      "there is no directive #%.*s",
			      (int)name.text.len, name.text.data);
	if (lex->in_directive)
		fy_lex_end_directive(lex);
}

/* ---- the stream ---- */

static void
add_pass(struct preproc *pp, const struct fy_token *token)
{
	struct fy_pass *pass = fy_new(pp->mem, sizeof(*pass));

	if (!pass) {
		latch(pp, FERRY_ENOMEM);
		return;
	}
	pass->token = *token;
	pass->before = pp->out->tokens.n;
	*pp->out->passes_tail = pass;
	pp->out->passes_tail = &pass->next;
}

static void
run_token(struct preproc *pp)
{
	struct fy_token token = skipping(pp) ? fy_lex_skip(&pp->frame->lex)
					     : next(pp);

	token.included = pp->depth > 1;
	token.n_comments = pp->out->n_comments;
	if (token.kind == FY_TOKEN_DIRECTIVE)
		run_directive(pp);
	else if (token.kind == FY_TOKEN_PASS)
		add_pass(pp, &token);
	else if (token.kind == FY_TOKEN_END && pp->depth > 1)
		pop_file(pp);
	else if (token.kind != FY_TOKEN_END)
		add_expanded(pp, &pp->out->tokens, &token);
	else {
		latch(pp, fy_tokens_add(&pp->out->tokens, pp->mem, &token));
		pop_file(pp);
	}
}

static void
start(struct preproc *pp, struct fy_idl *idl, struct fy_stream *out)
{
	*out = (struct fy_stream){ .incomplete = false };
	out->passes_tail = &out->passes;
	*pp = (struct preproc){
		.idl = idl,
		.mem = idl->mem,
		.diag = &idl->diag,
		.out = out,
		.macros = { .mem = idl->mem },
	};
}

static ferry_err
run(struct preproc *pp)
{
	while (pp->frame && !pp->err)
		run_token(pp);
	return pp->err ? pp->err : pp->diag->err;
}

/* -DRPC_HDR, as cpp says it: the macro is 1. */
static void
define_view(struct preproc *pp, enum fy_view view)
{
	struct fy_token one = { .kind = FY_TOKEN_NUMBER,
				.text = ferry_str_of("1") };
	struct fy_macro *macro;

	latch(pp, fy_macros_define(&pp->macros, ferry_str_of(view_names[view]),
				   &macro));
	if (!pp->err)
		latch(pp, fy_tokens_add(&macro->body, pp->mem, &one));
}

/* The file itself has no place in a file that could be pointed at. */
static ferry_err
no_main_file(struct preproc *pp, const char *path, struct ferry_error *why)
{
	struct fy_span whole = { { path, 0, 0 }, 0 };
	struct fy_token end = { .kind = FY_TOKEN_END, .at = whole };
	struct fy_message *message;

	message = fy_diag_error(pp->diag, &whole, "%s", why->text);
	if (why->sys_errno == ENOENT)
		fy_diag_hint(pp->diag, message, "is the name right, and is it "
						"relative to this folder?");
	pp->out->incomplete = true;
	latch(pp, fy_tokens_add(&pp->out->tokens, pp->mem, &end));
	return pp->err;
}

ferry_err
fy_preproc(struct fy_idl *idl, const char *path, enum fy_view view,
	   struct fy_stream *out)
{
	struct ferry_error why = { .code = FERRY_OK };
	const struct fy_source *source;
	struct preproc pp;
	ferry_err err;

	start(&pp, idl, out);
	define_view(&pp, view);
	err = fy_sources_read(&idl->sources, idl->reader, idl->mem, path,
			      &source, &why);
	if (err == FERRY_ENOMEM || pp.err)
		return FERRY_ENOMEM;
	if (err)
		return no_main_file(&pp, path, &why);
	push_text(&pp, source->path, source->text);
	return run(&pp);
}

ferry_err
fy_preproc_text(struct fy_idl *idl, const char *name, const char *text,
		struct fy_stream *out)
{
	struct preproc pp;

	start(&pp, idl, out);
	push_text(&pp, name, ferry_str_of(text));
	return run(&pp);
}
