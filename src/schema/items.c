/* SPDX-License-Identifier: MIT */
#include "schema/items.h"

#include <string.h>

#include "idl/mem.h"

struct reader {
	struct fy_items *items;
	struct fy_lexer lex;
	struct ferry_arena *mem;
	const char *first;  /* byte of the file */
	const char *before; /* where the last item ended */
	ferry_err err;
};

bool
fy_item_is_line(const struct fy_item *item)
{
	return item->kind >= FY_ITEM_PASS;
}

static bool
add(struct reader *r, struct fy_item item, const char *start, const char *end)
{
	struct fy_items *items = r->items;
	struct fy_item *list = fy_grow(r->mem, items->list, items->n,
				       &items->cap, sizeof(*list));

	if (!list) {
		r->err = FERRY_ENOMEM;
		return false;
	}
	item.spaced = start > r->before;
	r->before = end;
	items->list = list;
	items->list[items->n++] = item;
	return true;
}

static bool
take_comment(void *ctx, const struct fy_comment *comment)
{
	struct reader *r = ctx;
	struct fy_item item = {
		.kind = FY_ITEM_COMMENT,
		.text = comment->text,
		.line = comment->place.line,
		.last_line = comment->last_line,
	};

	return add(r, item, comment->text.data,
		   comment->text.data + comment->text.len);
}

static enum fy_item_kind
directive_kind(struct ferry_str text)
{
	static const struct {
		const char *word;
		enum fy_item_kind kind;
	} words[] = {
		{ "if", FY_ITEM_IF },	    { "ifdef", FY_ITEM_IF },
		{ "ifndef", FY_ITEM_IF },   { "elif", FY_ITEM_ELSE },
		{ "else", FY_ITEM_ELSE },   { "endif", FY_ITEM_ENDIF },
	};
	const char *at = memchr(text.data, '#', text.len);
	const char *end = text.data + text.len;
	const char *word;

	for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
		;
	for (word = at; at < end && *at >= 'a' && *at <= 'z'; at++)
		;
	for (size_t i = 0; i < FY_ARRAY_LEN(words); i++) {
		if (ferry_str_eq((struct ferry_str){ word,
						     (uint32_t)(at - word) },
				 words[i].word))
			return words[i].kind;
	}
	return FY_ITEM_OTHER_LINE;
}

/* From the beginning of its line if there is nothing else before it. */
static void
take_line(struct reader *r, const struct fy_token *token, const char *start)
{
	struct fy_item item = {
		.kind = FY_ITEM_PASS,
		.line = token->at.place.line,
		.last_line = r->lex.line,
	};
	const char *from = start;

	while (token->kind == FY_TOKEN_DIRECTIVE && from > r->before &&
	       (from[-1] == ' ' || from[-1] == '\t'))
		from--;
	if (from == r->first || from[-1] == '\n')
		start = from;
	item.text = (struct ferry_str){ start,
					(uint32_t)(r->lex.at - start) };
	if (token->kind == FY_TOKEN_DIRECTIVE)
		item.kind = directive_kind(item.text);
	add(r, item, start, r->lex.at);
}

static void
take_token(struct reader *r, const struct fy_token *token, const char *start)
{
	struct fy_item item = {
		.kind = FY_ITEM_TOKEN,
		.token = token->kind,
		.text = token->text,
		.line = token->at.place.line,
		.last_line = r->lex.line,
	};

	add(r, item, start, r->lex.at);
}

/* One token, and the rest of its line if that is not made of tokens. */
static bool
step(struct reader *r)
{
	struct fy_token token = fy_lex_next(&r->lex);
	const char *start = token.text.data;

	if (token.kind == FY_TOKEN_END || r->err)
		return false;
	if (token.kind == FY_TOKEN_PASS) {
		take_line(r, &token, start - 1);
	} else if (token.kind == FY_TOKEN_DIRECTIVE) {
		fy_lex_end_directive(&r->lex);
		take_line(r, &token, start);
	} else {
		/* Text that was joined of two lines lies elsewhere. */
		if (r->lex.at - token.text.len != start)
			start = r->lex.at;
		take_token(r, &token, start);
	}
	return true;
}

ferry_err
fy_items_read(struct fy_items *items, const char *path, struct ferry_str text,
	      struct fy_diag *diag)
{
	struct reader r = { .items = items, .mem = diag->mem };

	fy_lex_init(&r.lex, path, text, diag);
	r.lex.comment = take_comment;
	r.lex.ctx = &r;
	r.first = r.before = text.data;
	while (step(&r))
		;
	return r.err ? r.err : diag->err;
}

bool
fy_item_may_join(const struct fy_item *a, const struct fy_item *b)
{
	return a->kind == FY_ITEM_TOKEN && b->kind == FY_ITEM_TOKEN &&
	       a->token < FY_TOKEN_NAME && b->token < FY_TOKEN_NAME &&
	       (a->token == b->token || b->token == '=') &&
	       strchr("<>=!&|+-*/:", a->token);
}

/* The lines of a comment may begin with other blanks. */
static bool
same_text(struct ferry_str a, struct ferry_str b)
{
	size_t i = 0, j = 0;

	while (i < a.len && j < b.len) {
		if (a.data[i] != b.data[j++])
			return false;
		if (a.data[i++] != '\n')
			continue;
		while (i < a.len && (a.data[i] == ' ' || a.data[i] == '\t'))
			i++;
		while (j < b.len && (b.data[j] == ' ' || b.data[j] == '\t'))
			j++;
	}
	return i == a.len && j == b.len;
}

static bool
same_item(const struct fy_item *a, const struct fy_item *b)
{
	if (a->kind != b->kind || a->token != b->token)
		return false;
	if (a->kind == FY_ITEM_COMMENT)
		return same_text(a->text, b->text);
	return a->text.len == b->text.len &&
	       memcmp(a->text.data, b->text.data, a->text.len) == 0;
}

bool
fy_items_same(const struct fy_items *a, const struct fy_items *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!same_item(&a->list[i], &b->list[i]))
			return false;
		if (i > 0 && fy_item_may_join(&a->list[i - 1], &a->list[i]) &&
		    a->list[i].spaced != b->list[i].spaced)
			return false;
	}
	return true;
}
