/* SPDX-License-Identifier: MIT */
/* The table of macros, and what #define says; expand.c expands them. */
#include "idl/macro.h"

#include <string.h>

#include "idl/mem.h"

/* C99 5.2.4.1 asks for 127. */
#define MAX_PARAMS 255

/* A macro that was defined again, or not at all, may still be in expansion. */
struct binding {
	struct fy_macro *macro; /* NULL: undefined */
};

ferry_err
fy_tokens_add(struct fy_tokens *tokens, struct ferry_arena *mem,
	      const struct fy_token *token)
{
	struct fy_token *list = fy_grow(mem, tokens->list, tokens->n,
					&tokens->cap, sizeof(*list));

	if (!list)
		return FERRY_ENOMEM;
	tokens->list = list;
	tokens->list[tokens->n++] = *token;
	return FERRY_OK;
}

bool
fy_macros_maybe_view(struct ferry_str name)
{
	return name.len > 4 && memcmp(name.data, "RPC_", 4) == 0;
}

/* One bit of 64: most names of a file are no macro's and fall through. */
static uint64_t
filter_bit(struct ferry_str name)
{
	unsigned int first = name.len > 0 ? (unsigned char)name.data[0] : 0;
	unsigned int last =
		name.len > 0 ? (unsigned char)name.data[name.len - 1] : 0;

	return (uint64_t)1 << ((first * 5 + last * 11 + name.len) & 63);
}

struct fy_macro *
fy_macros_find(const struct fy_macros *macros, struct ferry_str name)
{
	const struct binding *binding;

	if (!(macros->filter & filter_bit(name)))
		return NULL;
	binding = fy_names_get(&macros->names, name);
	return binding ? binding->macro : NULL;
}

static ferry_err
bind(struct fy_macros *macros, struct ferry_str name, struct fy_macro *macro)
{
	struct binding *binding = fy_new(macros->mem, sizeof(*binding));
	void *old;
	ferry_err err;

	if (!binding)
		return FERRY_ENOMEM;
	err = fy_names_put(&macros->names, macros->mem, name, binding, &old);
	if (err)
		return err;
	if (old)
		binding = old;
	binding->macro = macro;
	macros->filter |= filter_bit(name);
	return FERRY_OK;
}

ferry_err
fy_macros_define(struct fy_macros *macros, struct ferry_str name,
		 struct fy_macro **out)
{
	struct fy_macro *macro = fy_new(macros->mem, sizeof(*macro));
	ferry_err err;

	if (!macro)
		return FERRY_ENOMEM;
	macro->name.text = name;
	err = bind(macros, name, macro);
	if (!err)
		*out = macro;
	return err;
}

void
fy_macros_undefine(struct fy_macros *macros, struct ferry_str name)
{
	struct binding *binding = fy_names_get(&macros->names, name);

	if (binding)
		binding->macro = NULL;
}

/* ---- what #define says ---- */

/* What reads one macro. */
struct reader {
	struct fy_macros *macros;
	struct fy_lexer *lex;
	struct fy_macro *macro;
	bool bad; /* reported */
	ferry_err err;
};

static void
complain(struct reader *r, const struct fy_token *token, const char *text)
{
	const struct fy_token *name = &r->macro->name;

	if (r->macros->diag && !r->bad)
		fy_diag_error(r->macros->diag,
			      token->kind == FY_TOKEN_END ? &name->at
							  : &token->at,
			      "%s in the macro '%.*s'", text,
			      (int)name->text.len, name->text.data);
	r->bad = true;
}

static bool
same_text(struct ferry_str a, struct ferry_str b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* The number of the parameter @name; 0 if there is none. */
static uint32_t
find_param(const struct fy_macro *macro, struct ferry_str name)
{
	for (uint32_t i = 0; i < macro->n_params; i++) {
		if (same_text(macro->params.list[i].text, name))
			return i + 1;
	}
	return 0;
}

static void
add_param(struct reader *r, const struct fy_token *name)
{
	if (find_param(r->macro, name->text))
		complain(r, name, "a parameter stands twice");
	if (r->macro->n_params == MAX_PARAMS)
		complain(r, name, "there are more than 255 parameters");
	if (r->bad)
		return;
	r->err = fy_tokens_add(&r->macro->params, r->macros->mem, name);
	r->macro->n_params++;
}

/* "..." behind @before, the first dot being read already. */
static struct fy_token
read_dots(struct reader *r, const struct fy_token *name)
{
	struct fy_token dot = { .kind = '.' };

	for (int i = 1; i < 3 && dot.kind == '.'; i++)
		dot = fy_lex_next(r->lex);
	if (dot.kind != '.')
		complain(r, &dot, "expected ...");
	else
		add_param(r, name);
	r->macro->variadic = true;
	return fy_lex_next(r->lex);
}

/* One parameter: NAME, NAME... as gcc has it, or ... alone. */
static struct fy_token
read_param(struct reader *r, struct fy_token token)
{
	struct fy_token name = token;

	if (token.kind == '.') {
		name.text = ferry_str_of("__VA_ARGS__");
		return read_dots(r, &name);
	}
	if (token.kind != FY_TOKEN_NAME) {
		complain(r, &token, "expected a parameter's name");
		return token;
	}
	token = fy_lex_next(r->lex);
	if (token.kind == '.')
		return read_dots(r, &name);
	add_param(r, &name);
	return token;
}

/* Behind the '(', up to and with the ')'. */
static void
read_params(struct reader *r)
{
	struct fy_token token = fy_lex_next(r->lex);

	if (token.kind == ')')
		return;
	while (!r->bad && !r->err) {
		token = read_param(r, token);
		if (r->bad || token.kind == ')')
			return;
		if (token.kind != ',' || r->macro->variadic)
			complain(r, &token, "expected ')'");
		token = fy_lex_next(r->lex);
	}
}

static void
add_body(struct reader *r, const struct fy_token *token)
{
	if (!r->err && !r->bad)
		r->err = fy_tokens_add(&r->macro->body, r->macros->mem, token);
}

/* # and what follows it. Return: the next token. */
static struct fy_token
read_hash(struct reader *r, struct fy_token hash)
{
	struct fy_token token = fy_lex_next(r->lex);

	if (token.kind == '#' && !token.spaced) {
		hash.kind = FY_BODY_PASTE;
		if (r->macro->body.n == 0)
			complain(r, &hash, "## stands first");
		r->macro->pastes = true;
		add_body(r, &hash);
		token = fy_lex_next(r->lex);
		if (token.kind == FY_TOKEN_END)
			complain(r, &hash, "## stands last");
		return token;
	}
	if (r->macro->kind == FY_MACRO_FUNCTION) {
		hash.kind = FY_BODY_TEXT;
		hash.param = token.kind == FY_TOKEN_NAME
				     ? find_param(r->macro, token.text)
				     : 0;
		if (hash.param == 0)
			complain(r, &hash, "no parameter stands behind #");
		token = fy_lex_next(r->lex);
	}
	add_body(r, &hash);
	return token;
}

static void
read_body(struct reader *r)
{
	struct fy_token token = fy_lex_next(r->lex);

	while (token.kind != FY_TOKEN_END && !r->err && !r->bad) {
		if (token.kind == '#') {
			token = read_hash(r, token);
			continue;
		}
		if (token.kind == FY_TOKEN_NAME) {
			token.param = find_param(r->macro, token.text);
			r->macros->hides_view |= fy_macros_maybe_view(
				token.text);
		}
		if (token.param > 0)
			token.kind = FY_BODY_PARAM;
		add_body(r, &token);
		token = fy_lex_next(r->lex);
	}
}

static bool
same_tokens(const struct fy_tokens *a, const struct fy_tokens *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct fy_token *x = &a->list[i];
		const struct fy_token *y = &b->list[i];

		if (x->kind != y->kind || !same_text(x->text, y->text) ||
		    (i > 0 && x->spaced != y->spaced))
			return false;
	}
	return true;
}

/* C99 6.10.3: the same again is no redefinition. */
static void
warn_redefined(const struct fy_macros *macros, const struct fy_macro *old,
	       const struct fy_macro *macro)
{
	struct fy_message *message;

	if (!macros->diag ||
	    (old->kind == macro->kind && old->variadic == macro->variadic &&
	     same_tokens(&old->params, &macro->params) &&
	     same_tokens(&old->body, &macro->body)))
		return;
	message = fy_diag_warn(macros->diag, FY_WARN_MACRO_REDEFINED,
			       &macro->name.at,
			       "the macro '%.*s' was something else up to here",
			       (int)macro->name.text.len,
			       macro->name.text.data);
	if (old->name.at.place.file)
		fy_diag_note(macros->diag, message, &old->name.at,
			     "it was defined here");
}

ferry_err
fy_macros_read(struct fy_macros *macros, const struct fy_token *name,
	       struct fy_lexer *lex)
{
	struct fy_macro *macro = fy_new(macros->mem, sizeof(*macro));
	struct reader r = { macros, lex, macro, false, FERRY_OK };
	const struct fy_macro *old = fy_macros_find(macros, name->text);

	if (!macro)
		return FERRY_ENOMEM;
	macro->name = *name;
	if (ferry_str_eq(name->text, "defined")) {
		if (macros->diag)
			fy_diag_error(macros->diag, &name->at,
				      "'defined' is a word of #if, and cannot "
				      "be defined");
		return FERRY_OK;
	}
	/* A blank makes the difference: "(" may be the body's. */
	if (lex->at < lex->end && *lex->at == '(') {
		macro->kind = FY_MACRO_FUNCTION;
		(void)fy_lex_next(lex);
		read_params(&r);
	}
	if (!r.bad && !r.err)
		read_body(&r);
	if (r.bad || r.err)
		return r.err;
	if (old)
		warn_redefined(macros, old, macro);
	return bind(macros, name->text, macro);
}
