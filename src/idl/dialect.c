/* SPDX-License-Identifier: MIT */
/*
 * What other XDR compilers put around definitions: namespaces, which are read
 * through, the kernel's pragma, which is passed over, and attributes, of which
 * the documentation is kept.
 */
#include <string.h>

#include "idl/doc.h"
#include "idl/mem.h"
#include "idl/parser.h"

struct fy_open_namespace {
	struct fy_open_namespace *outer;
	struct fy_ast_name name;
};

/* ---- namespaces ---- */

/* "x::" whose colons are one. */
static bool
is_qualifier(const struct fy_parser *p, size_t ahead)
{
	const struct fy_token *name = fy_parser_peek(p, ahead);
	const struct fy_token *first = fy_parser_peek(p, ahead + 1);
	const struct fy_token *second = fy_parser_peek(p, ahead + 2);

	return name->kind == FY_TOKEN_NAME && first->kind == ':' &&
	       second->kind == ':' && !second->spaced;
}

size_t
fy_parser_name_len(const struct fy_parser *p)
{
	size_t n = 0;

	while (is_qualifier(p, n))
		n += 3;
	return n + 1;
}

/* A name may be used before its namespace begins: so all are looked for. */
static void
find_namespaces(struct fy_parser *p)
{
	const struct fy_tokens *tokens = &p->stream->tokens;

	p->namespaces_known = true;
	for (size_t i = 0; i + 1 < tokens->n && !p->err; i++) {
		const struct fy_token *name = &tokens->list[i + 1];
		void *found;

		if (ferry_str_eq(tokens->list[i].text, "namespace") &&
		    name->kind == FY_TOKEN_NAME)
			p->err = fy_names_put(&p->namespaces, p->mem,
					      name->text, (void *)name,
					      &found);
	}
}

static void
check_qualifier(struct fy_parser *p)
{
	const struct fy_token *token = fy_parser_peek(p, 0);

	if (!p->namespaces_known)
		find_namespaces(p);
	if (p->err || fy_names_get(&p->namespaces, token->text))
		return;
	fy_diag_error(p->diag, &token->at, "there is no namespace '%.*s'",
		      (int)token->text.len, token->text.data);
}

bool
fy_parser_reference(struct fy_parser *p, const char *what,
		    struct fy_ast_name *out)
{
	while (is_qualifier(p, 0)) {
		check_qualifier(p);
		p->at += 3;
	}
	return fy_parser_name(p, what, out);
}

/* "namespace a::b {" opens one, which one '}' closes. */
static void
open_namespace(struct fy_parser *p)
{
	struct fy_open_namespace *open = fy_parser_new(p, sizeof(*open));
	const struct fy_token *word = fy_parser_peek(p, 0);

	fy_diag_warn(p->diag, FY_WARN_NAMESPACE, &word->at,
		     "the RFC has no namespaces: what is in this one is read "
		     "as if it stood outside");
	p->at++;
	if (!open || !fy_parser_reference(p, "the namespace's name",
					  &open->name) ||
	    !fy_parser_expect(p, '{', "the namespace's name"))
		return;
	open->outer = p->open;
	p->open = open;
}

static bool
close_namespace(struct fy_parser *p)
{
	if (!p->open || !fy_parser_accept(p, '}'))
		return false;
	p->open = p->open->outer;
	fy_parser_accept(p, ';');
	return true;
}

void
fy_parser_end_dialect(struct fy_parser *p)
{
	const struct fy_open_namespace *open = p->open;

	if (!open || p->err)
		return;
	fy_diag_note(p->diag,
		     fy_parser_unexpected(p, "'}' at the end of a namespace"),
		     &open->name.at, "'%s' begins here", open->name.text);
}

/* ---- pragma ---- */

/* "pragma public getattr;" */
static void
pass_pragma(struct fy_parser *p)
{
	size_t from = p->at;

	fy_diag_warn(p->diag, FY_WARN_PRAGMA, &fy_parser_peek(p, 0)->at,
		     "pragma is a word of the kernel's compiler, and passed "
		     "over");
	while (fy_parser_peek(p, 0)->kind == FY_TOKEN_NAME)
		p->at++;
	if (!fy_parser_expect(p, ';', "pragma"))
		fy_parser_recover(p, from);
	p->lost = false;
}

static bool
begins(const struct fy_parser *p, const char *word)
{
	return fy_parser_at_word(p, word) &&
	       fy_parser_peek(p, 1)->kind == FY_TOKEN_NAME;
}

bool
fy_parser_dialect(struct fy_parser *p)
{
	if (begins(p, "namespace")) {
		open_namespace(p);
		return true;
	}
	if (begins(p, "pragma")) {
		pass_pragma(p);
		return true;
	}
	return close_namespace(p);
}

/* ---- attributes ---- */

/* The text between the quotes; NULL if it is one that C would rewrite. */
static const char *
simple_text(struct fy_parser *p, const struct fy_token *token)
{
	struct ferry_str text = token->text;
	const char *doc;
	ferry_err err;

	if (text.len < 2 || memchr(text.data, '\\', text.len))
		return NULL;
	text.data++;
	text.len -= 2;
	err = fy_doc_text(text, p->mem, &doc);
	if (err)
		p->err = err;
	return doc;
}

/* One list, of names and of what stands in parentheses behind them. */
static const char *
parse_attributes(struct fy_parser *p)
{
	const char *doc = NULL;
	size_t n_open = 0;

	p->at++;
	while (n_open > 0 || !fy_parser_at(p, ']')) {
		const struct fy_token *token = fy_parser_peek(p, 0);
		bool is_doc = fy_parser_at_word(p, "doc") &&
			      fy_parser_peek(p, 1)->kind == '(' &&
			      fy_parser_peek(p, 2)->kind == FY_TOKEN_TEXT;

		if (token->kind == FY_TOKEN_END || token->kind == ';' ||
		    token->kind == '{' || token->kind == '}')
			break;
		if (is_doc)
			doc = simple_text(p, fy_parser_peek(p, 2));
		n_open += token->kind == '(';
		n_open -= token->kind == ')' && n_open > 0;
		p->at++;
	}
	fy_parser_expect(p, ']', "the attributes");
	return doc;
}

const char *
fy_parser_attributes(struct fy_parser *p)
{
	const char *doc = NULL;

	while (fy_parser_at(p, '[')) {
		const char *more;

		fy_diag_warn(p->diag, FY_WARN_ATTRIBUTE,
			     &fy_parser_peek(p, 0)->at,
			     "the RFC has no attributes: of these only "
			     "doc(\"...\") is looked at");
		more = parse_attributes(p);
		doc = more ? more : doc;
	}
	return doc;
}
