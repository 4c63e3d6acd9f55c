/* SPDX-License-Identifier: MIT */
#include "idl/preproc.h"

#include <stdio.h>
#include <string.h>

#include "idl/mem.h"
#include "idl/pp.h"

/* A token and what stands around it take about this much of a file. */
#define BYTES_PER_TOKEN 4

static const char *const view_names[FY_N_VIEWS] = {
	[FY_VIEW_HDR] = "RPC_HDR",   [FY_VIEW_XDR] = "RPC_XDR",
	[FY_VIEW_CLNT] = "RPC_CLNT", [FY_VIEW_SVC] = "RPC_SVC",
	[FY_VIEW_TBL] = "RPC_TBL",
};

void
fy_pp_latch(struct fy_pp *pp, ferry_err err)
{
	if (!pp->err)
		pp->err = err;
}

bool
fy_pp_skipping(const struct fy_pp *pp)
{
	return pp->conditions && !pp->conditions->active;
}

static bool
is_view_name(struct ferry_str name)
{
	if (name.len < 7 || memcmp(name.data, "RPC_", 4) != 0)
		return false;
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
struct fy_token
fy_pp_next(struct fy_pp *pp)
{
	struct fy_token token = fy_lex_next(&pp->frame->lex);

	if (token.kind == FY_TOKEN_NAME && is_view_name(token.text))
		pp->out->asks_view = true;
	return token;
}

bool
fy_pp_name(struct fy_pp *pp, const struct fy_token *directive,
	   struct fy_token *out)
{
	*out = fy_pp_next(pp);
	if (out->kind == FY_TOKEN_NAME)
		return true;
	fy_diag_error(pp->diag, &directive->at, "expected a name after #%.*s",
		      (int)directive->text.len, directive->text.data);
	return false;
}

/* ---- macros in use ---- */

/* Appends what @token stands for. */
static void
expand(struct fy_pp *pp, const struct fy_token *token, struct fy_tokens *to)
{
	size_t n_errors = pp->diag->n_errors;
	ferry_err err = fy_macros_expand(&pp->macros, token, to);

	/* What a call that is wrong would have given, others may miss. */
	pp->out->incomplete |= pp->diag->n_errors > n_errors;
	if (err != FERRY_ETOOBIG) {
		fy_pp_latch(pp, err);
		return;
	}
	if (!pp->too_big)
		fy_diag_error(pp->diag, &token->at,
			      "macros give more tokens up to here than any "
			      "interface needs");
	pp->too_big = true;
	pp->out->incomplete = true;
}

static void
add_expanded(struct fy_pp *pp, const struct fy_token *token,
	     struct fy_tokens *to)
{
	if (fy_macros_wants(&pp->macros, token))
		expand(pp, token, to);
	else
		fy_pp_latch(pp, fy_tokens_add(to, pp->mem, token));
}

void
fy_pp_expand_line(struct fy_pp *pp, struct fy_tokens *to)
{
	const struct fy_macro_source *outer = pp->macros.source;
	struct fy_token token;

	pp->macros.source = &pp->of_line;
	for (token = fy_pp_next(pp); token.kind != FY_TOKEN_END && !pp->err;
	     token = fy_pp_next(pp))
		add_expanded(pp, &token, to);
	pp->macros.source = outer;
}

static bool
sees_call(void *ctx)
{
	const struct fy_pp *pp = ctx;

	return fy_lex_sees(&pp->frame->lex, '(');
}

static bool
next_of_line(void *ctx, struct fy_token *out)
{
	*out = fy_pp_next(ctx);
	return out->kind != FY_TOKEN_END;
}

/* ---- the stream ---- */

static void
add_pass(struct fy_pp *pp, const struct fy_token *token)
{
	struct fy_pass *pass = fy_new(pp->mem, sizeof(*pass));

	if (!pass) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return;
	}
	fy_diag_warn(pp->diag, FY_WARN_PASS_LINE, &token->at,
		     "a line for C alone");
	pass->token = *token;
	fy_pp_percent(pp, &pass->token);
	pass->before = pp->out->tokens.n;
	*pp->out->passes_tail = pass;
	pp->out->passes_tail = &pass->next;
}

/* The next token that is neither a directive nor a % line: those are done. */
static struct fy_token
next_of_file(struct fy_pp *pp)
{
	struct fy_token token;

	for (;;) {
		token = fy_pp_skipping(pp) ? fy_lex_skip(&pp->frame->lex)
					   : fy_pp_next(pp);
		token.included = pp->depth > 1 || pp->frame->n_marked > 0;
		token.n_comments = (uint32_t)pp->out->n_comments;
		if (token.kind == FY_TOKEN_DIRECTIVE)
			fy_pp_directive(pp);
		else if (token.kind == FY_TOKEN_PASS)
			add_pass(pp, &token);
		else
			return token;
	}
}

/* The arguments of a macro end with the file at the latest. */
static bool
next_argument(void *ctx, struct fy_token *out)
{
	struct fy_pp *pp = ctx;

	*out = next_of_file(pp);
	return out->kind != FY_TOKEN_END && !pp->err;
}

/* What RFC 4506 has not, in what has come to the stream from @from on. */
static void
warn_tokens(struct fy_pp *pp, size_t from)
{
	const struct fy_tokens *tokens = &pp->out->tokens;

	for (size_t i = from; i < tokens->n; i++) {
		const struct fy_token *token = &tokens->list[i];
		const char *text = token->text.data;

		if (token->kind == FY_TOKEN_NUMBER && token->text.len > 1 &&
		    text[0] == '0' && text[1] == 'X')
			fy_diag_warn(pp->diag, FY_WARN_CAPITAL_HEX, &token->at,
				     "a number that begins with 0X, not 0x");
		else if (token->kind == FY_TOKEN_NAME && text[0] == '_')
			fy_diag_warn(pp->diag, FY_WARN_LEADING_UNDERSCORE,
				     &token->at,
				     "a name that begins with _");
	}
}

static void
run_token(struct fy_pp *pp)
{
	struct fy_token token = next_of_file(pp);
	size_t n = pp->out->tokens.n;

	if (token.kind == FY_TOKEN_END) {
		if (pp->depth == 1)
			fy_pp_latch(pp, fy_tokens_add(&pp->out->tokens, pp->mem,
						      &token));
		fy_pp_pop(pp);
		return;
	}
	add_expanded(pp, &token, &pp->out->tokens);
	warn_tokens(pp, n);
}

static void
start(struct fy_pp *pp, struct fy_idl *idl, struct fy_stream *out)
{
	*out = (struct fy_stream){ .incomplete = false };
	out->passes_tail = &out->passes;
	*pp = (struct fy_pp){
		.idl = idl,
		.mem = idl->mem,
		.diag = &idl->diag,
		.out = out,
		.macros = { .mem = idl->mem, .diag = &idl->diag },
		.of_file = { sees_call, next_argument, pp },
		.of_line = { sees_call, next_of_line, pp },
	};
	pp->macros.source = &pp->of_file;
}

static ferry_err
run(struct fy_pp *pp)
{
	while (pp->frame && !pp->err)
		run_token(pp);
	pp->out->asks_view |= pp->macros.hides_view;
	return pp->err ? pp->err : pp->diag->err;
}

/* ---- macros that no file defines ---- */

static void
define_built_in(struct fy_pp *pp, const char *name, enum fy_macro_kind kind)
{
	struct fy_macro *macro;

	fy_pp_latch(pp, fy_macros_define(&pp->macros, ferry_str_of(name),
					 &macro));
	if (!pp->err)
		macro->kind = kind;
}

/* -DRPC_HDR, as cpp says it: the macro is 1. */
static void
define_view(struct fy_pp *pp, enum fy_view view)
{
	struct fy_token one = { .kind = FY_TOKEN_NUMBER,
				.text = ferry_str_of("1") };
	struct fy_macro *macro;

	fy_pp_latch(pp, fy_macros_define(&pp->macros,
					 ferry_str_of(view_names[view]),
					 &macro));
	if (!pp->err)
		fy_pp_latch(pp, fy_tokens_add(&macro->body, pp->mem, &one));
}

/* "NAME VALUE", as #define has it, of "NAME=VALUE" or "NAME". */
static char *
text_of_define(struct fy_pp *pp, const char *define)
{
	size_t len = strlen(define);
	char *text = ferry_arena_alloc(pp->mem, len + 3);
	char *equals;

	if (!text) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return NULL;
	}
	memcpy(text, define, len + 1);
	equals = strchr(text, '=');
	if (equals)
		*equals = ' ';
	else
		memcpy(text + len, " 1", 3);
	return text;
}

/* "-D NAME=VALUE", which stands for the file in what is said of it. */
static const char *
name_of_option(struct fy_pp *pp, const struct fy_define *define)
{
	size_t len = strlen(define->text);
	char *name = ferry_arena_alloc(pp->mem, len + 4);

	if (!name) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return NULL;
	}
	snprintf(name, len + 4, "-%c %s", define->undefined ? 'U' : 'D',
		 define->text);
	return name;
}

/* How many bytes of @text are a name. */
static size_t
name_len(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return *text >= '0' && *text <= '9' ? 0 : strspn(text, letters);
}

static bool
is_good(const struct fy_define *define)
{
	size_t len = name_len(define->text);
	char behind = define->text[len];

	if (len == 0 || strchr(define->text, '\n'))
		return false;
	if (define->undefined)
		return behind == '\0';
	return behind == '\0' || behind == '=' ||
	       (behind == '(' && strchr(define->text, '='));
}

static void
refuse_option(struct fy_pp *pp, const char *option, bool undefined)
{
	struct fy_span whole = { { option, 0, 0 }, 0 };

	fy_diag_hint(pp->diag,
		     fy_diag_error(pp->diag, &whole,
				   "this names no macro"),
		     undefined ? "-U NAME: letters, digits and _"
			       : "-D NAME or -D NAME=VALUE, on one line: "
				 "letters, digits and _");
}

/* Reads the text of a -D as if it stood behind a #define. */
static void
define_outside(struct fy_pp *pp, const struct fy_define *define)
{
	const char *option = name_of_option(pp, define);
	char *text = text_of_define(pp, define->text);
	struct fy_token name;

	if (pp->err)
		return;
	if (!is_good(define)) {
		refuse_option(pp, option, define->undefined);
		return;
	}
	if (define->undefined) {
		fy_macros_undefine(&pp->macros, ferry_str_of(define->text));
		return;
	}
	fy_pp_push(pp, option, ferry_str_of(text), NULL);
	if (pp->err)
		return;
	pp->frame->lex.in_directive = true;
	name = fy_pp_next(pp);
	fy_pp_define(pp, &name);
	fy_pp_pop(pp);
}

static ferry_err
define_all(struct fy_pp *pp, enum fy_view view)
{
	define_built_in(pp, "__LINE__", FY_MACRO_LINE);
	define_built_in(pp, "__FILE__", FY_MACRO_FILE);
	define_view(pp, view);
	for (size_t i = 0; i < pp->idl->n_defines && !pp->err; i++)
		define_outside(pp, &pp->idl->defines[i]);
	return pp->err;
}

/* ---- entry ---- */

/* The file itself has no place in a file that could be pointed at. */
static ferry_err
no_main_file(struct fy_pp *pp, const char *path, struct ferry_error *why)
{
	struct fy_span whole = { { path, 0, 0 }, 0 };
	struct fy_token end = { .kind = FY_TOKEN_END, .at = whole };

	fy_diag_error(pp->diag, &whole, "%s", why->text);
	pp->out->incomplete = true;
	fy_pp_latch(pp, fy_tokens_add(&pp->out->tokens, pp->mem, &end));
	return pp->err;
}

/* Room for the tokens of @text at once: what grows leaves its past behind. */
static ferry_err
reserve(struct fy_pp *pp, struct ferry_str text)
{
	struct fy_tokens *tokens = &pp->out->tokens;
	size_t cap = text.len / BYTES_PER_TOKEN + 16;
	const struct fy_stream *spare = pp->idl->spare;

	if (spare && spare->tokens.cap >= cap) {
		tokens->list = spare->tokens.list;
		tokens->cap = spare->tokens.cap;
		pp->out->comments = spare->comments;
		pp->out->comments_cap = spare->comments_cap;
		pp->idl->spare = NULL;
		return FERRY_OK;
	}
	tokens->list = ferry_arena_alloc(pp->mem, cap * sizeof(*tokens->list));
	if (!tokens->list)
		return FERRY_ENOMEM;
	tokens->cap = cap;
	return FERRY_OK;
}

ferry_err
fy_preproc(struct fy_idl *idl, const char *path, enum fy_view view,
	   struct fy_stream *out)
{
	struct ferry_error why = { .code = FERRY_OK };
	struct fy_source *source;
	struct fy_pp pp;
	ferry_err err;

	start(&pp, idl, out);
	err = fy_sources_read(&idl->sources, idl->reader, idl->mem, path,
			      &source, &why);
	if (err == FERRY_ENOMEM || define_all(&pp, view) != FERRY_OK)
		return FERRY_ENOMEM;
	if (err)
		return no_main_file(&pp, path, &why);
	fy_pp_latch(&pp, reserve(&pp, source->text));
	fy_pp_push(&pp, source->path, source->text, source);
	return run(&pp);
}

ferry_err
fy_preproc_text(struct fy_idl *idl, const char *name, const char *text,
		struct fy_stream *out)
{
	struct fy_pp pp;

	start(&pp, idl, out);
	fy_pp_push(&pp, name, ferry_str_of(text), NULL);
	return run(&pp);
}

/* ---- streams that are alike ---- */

static bool
same_text(struct ferry_str a, struct ferry_str b)
{
	return a.len == b.len &&
	       (a.data == b.data || memcmp(a.data, b.data, a.len) == 0);
}

static bool
same_place(const struct fy_place *a, const struct fy_place *b)
{
	return a->line == b->line && a->column == b->column &&
	       a->file == b->file;
}

static bool
same_token(const struct fy_token *a, const struct fy_token *b)
{
	return a->kind == b->kind && a->included == b->included &&
	       a->n_comments == b->n_comments &&
	       same_place(&a->at.place, &b->at.place) &&
	       same_text(a->text, b->text);
}

static bool
same_passes(const struct fy_pass *a, const struct fy_pass *b)
{
	while (a && b && a->before == b->before &&
	       same_token(&a->token, &b->token)) {
		a = a->next;
		b = b->next;
	}
	return !a && !b;
}

static bool
same_comments(const struct fy_stream *a, const struct fy_stream *b)
{
	for (size_t i = 0; i < a->n_comments; i++) {
		if (!same_place(&a->comments[i].place, &b->comments[i].place) ||
		    !same_text(a->comments[i].text, b->comments[i].text))
			return false;
	}
	return true;
}

bool
fy_stream_same(const struct fy_stream *a, const struct fy_stream *b)
{
	if (a->tokens.n != b->tokens.n || a->n_comments != b->n_comments ||
	    a->incomplete != b->incomplete ||
	    !same_passes(a->passes, b->passes))
		return false;
	for (size_t i = 0; i < a->tokens.n; i++) {
		if (!same_token(&a->tokens.list[i], &b->tokens.list[i]))
			return false;
	}
	return same_comments(a, b);
}
