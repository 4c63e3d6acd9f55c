/* SPDX-License-Identifier: MIT */
/*
 * Layout goes from token to token and knows no more of the grammar than where
 * a line ends: behind ; { and the : of a case, behind the , of an enum, and
 * before }. What is broken elsewhere, by a comment or a line of the
 * preprocessor, goes on one tab deeper.
 */
#include "schema/layout.h"

#include <string.h>

#include "idl/mem.h"
#include "idl/writer.h"
#include "schema/tail.h"

#define TAB 8

/* What a < > or * is, which depends on where it stands. */
enum role {
	ROLE_OTHER,
	ROLE_OPEN,    /* the < of a bound */
	ROLE_CLOSE,   /* its > */
	ROLE_POINTER, /* the * of an optional */
	ROLE_LABEL,   /* the : of a case */
};

/* Where in the grammar we are. */
struct state {
	struct state *above; /* at the #if around this */
	size_t depth;	     /* of braces */
	size_t parens;
	size_t brackets;
	size_t bound_parens; /* .parens + 1 where a bound began; 0: in none */
	bool at_start;	     /* of a definition or a member */
	bool in_value;	     /* behind = */
	bool in_case;
	bool in_namespace;   /* from the word to its { */
	uint64_t namespaces; /* bit n: brace n is one's, which needs no ; */
};

struct layout {
	const struct fy_items *items;
	struct fy_writer w;
	struct state s;
	const struct fy_item *last; /* NULL: none yet */
	enum role last_role;
	bool breaks;	  /* nothing more may stand on this line */
	bool is_comments; /* but comments there is nothing on it */
	bool has_tail;	  /* it ends in comments */
	struct fy_tails tails;
	size_t block;	  /* of lines that belong together */
	size_t block_depth;
};

static bool
is_token(const struct fy_item *item, int kind)
{
	return item && item->kind == FY_ITEM_TOKEN && item->token == kind;
}

static bool
is_word(const struct fy_item *item, const char *word)
{
	return is_token(item, FY_TOKEN_NAME) && ferry_str_eq(item->text, word);
}

static bool
is_wordy(const struct fy_item *item)
{
	return item->kind == FY_ITEM_TOKEN && item->token >= FY_TOKEN_NAME;
}

static bool
is_label_word(const struct fy_item *item)
{
	return is_word(item, "case") || is_word(item, "default");
}

static bool
in_expression(const struct state *s)
{
	return s->in_value || s->in_case || s->brackets > 0 ||
	       s->bound_parens > 0;
}

/* Half of a "::". */
static bool
is_scope(const struct fy_items *items, const struct fy_item *item)
{
	const struct fy_item *next = item + 1;

	if (item > items->list && !item->spaced && is_token(item - 1, ':'))
		return true;
	return next < items->list + items->n && !next->spaced &&
	       is_token(next, ':');
}

static enum role
role_of(const struct layout *l, const struct fy_item *item)
{
	const struct state *s = &l->s;

	if (is_token(item, '>') && s->bound_parens == s->parens + 1)
		return ROLE_CLOSE;
	if (is_token(item, ':') && s->in_case && !is_scope(l->items, item))
		return ROLE_LABEL;
	if (in_expression(s))
		return ROLE_OTHER;
	if (is_token(item, '<'))
		return ROLE_OPEN;
	return is_token(item, '*') ? ROLE_POINTER : ROLE_OTHER;
}

/* ---- spaces ---- */

/* Before what no blank stands. */
static bool
leans_left(const struct fy_item *item, enum role role)
{
	return is_token(item, ';') || is_token(item, ',') ||
	       is_token(item, ')') || is_token(item, ']') ||
	       role == ROLE_LABEL || role == ROLE_OPEN || role == ROLE_CLOSE;
}

static bool
is_opening(const struct layout *l)
{
	return is_token(l->last, '(') || is_token(l->last, '[') ||
	       l->last_role == ROLE_OPEN || l->last_role == ROLE_POINTER;
}

/* Between two tokens of one line; what says nothing stays as it is. */
static bool
wants_space(const struct layout *l, const struct fy_item *item, enum role role)
{
	const struct fy_item *last = l->last;

	if (fy_item_may_join(last, item))
		return item->spaced;
	if (leans_left(item, role) || is_opening(l))
		return false;
	if (is_token(item, '{') || is_token(last, '}') ||
	    is_token(last, ',') || is_token(item, '=') ||
	    is_token(last, '=') || role == ROLE_POINTER)
		return true;
	if (is_token(item, '(') && !in_expression(&l->s))
		return is_word(last, "switch");
	if (is_token(item, '[') && !in_expression(&l->s))
		return false;
	if (is_wordy(item) &&
	    (is_wordy(last) || is_token(last, ')') || is_token(last, ']') ||
	     l->last_role == ROLE_CLOSE))
		return true;
	return item->spaced;
}

/* ---- lines ---- */

static void
break_line(struct layout *l, const struct fy_item *item)
{
	bool blank = l->last && l->s.at_start &&
		     item->line > l->last->last_line + 1 &&
		     !is_token(l->last, '{') && !is_token(item, '}');

	if (l->last)
		fy_write_text(&l->w, blank ? "\n\n" : "\n");
	l->block += blank || l->block_depth != l->s.depth;
	l->block_depth = l->s.depth;
	l->breaks = false;
	l->has_tail = false;
}

/* How far @item is indented if it begins a line. */
static size_t
indent_of(const struct layout *l, const struct fy_item *item)
{
	const struct fy_item *end = l->items->list + l->items->n;
	size_t depth = l->s.depth;

	if (!l->s.at_start && !is_token(item, '}'))
		return depth + 1;
	/* Comments stand as what they belong to does. */
	while (item < end && item->kind == FY_ITEM_COMMENT)
		item++;
	return depth > 0 && item < end && is_label_word(item) ? depth - 1
							      : depth;
}

/* ---- comments and lines that stay as they are ---- */

static bool
is_line_comment(const struct fy_item *item)
{
	return item->text.data[1] == '/';
}

/* Whether nothing but comments follows this one on its line. */
static bool
is_tail(const struct layout *l, const struct fy_item *item)
{
	const struct fy_item *end = l->items->list + l->items->n;
	const struct fy_item *next = item + 1;

	while (!is_line_comment(next - 1) && next < end &&
	       next->kind == FY_ITEM_COMMENT &&
	       next->line == next[-1].last_line)
		next++;
	return l->breaks || is_line_comment(next - 1) || next == end ||
	       next->kind != FY_ITEM_TOKEN || is_token(next, '}');
}

/* Behind what stands on this line. */
static void
put_behind(struct layout *l, const struct fy_item *item)
{
	struct fy_tail tail = {
		.at = l->w.len,
		.len = item->text.len,
		.block = l->block,
		.stars = fy_stars_are_there(item->text),
	};

	if (item->spaced || !is_opening(l)) {
		fy_write_text(&l->w, " ");
		if (!l->has_tail && !l->is_comments && is_tail(l, item)) {
			l->has_tail = true;
			if (fy_tails_add(&l->tails, l->w.mem, tail))
				l->w.err = FERRY_ENOMEM;
		}
	}
	fy_write(&l->w, item->text.data, item->text.len);
}

static void
put_comment(struct layout *l, const struct fy_item *item)
{
	bool same_line = l->last && !fy_item_is_line(l->last) &&
			 item->line == l->last->last_line;
	size_t indent = indent_of(l, item);

	if (same_line) {
		put_behind(l, item);
	} else {
		break_line(l, item);
		fy_write_tabs(&l->w, indent);
		l->block++;
		l->is_comments = true;
		if (fy_stars_are_there(item->text))
			fy_stars_put(&l->w, item->text, indent * TAB);
		else
			fy_write(&l->w, item->text.data, item->text.len);
	}
	l->breaks |= is_line_comment(item);
}

static void
push_state(struct layout *l)
{
	struct state *above = fy_new(l->w.mem, sizeof(*above));

	if (!above) {
		l->w.err = FERRY_ENOMEM;
		return;
	}
	*above = l->s;
	l->s.above = above;
}

/* Each branch of an #if begins where the first one did. */
static void
put_line(struct layout *l, const struct fy_item *item)
{
	struct state *above = l->s.above;

	break_line(l, item);
	fy_write(&l->w, item->text.data, item->text.len);
	l->block++;
	l->breaks = true;
	if (item->kind == FY_ITEM_IF) {
		push_state(l);
	} else if (item->kind == FY_ITEM_ELSE && above) {
		l->s = *above;
		l->s.above = above;
	} else if (item->kind == FY_ITEM_ENDIF && above) {
		l->s.above = above->above;
	}
}

/* ---- tokens ---- */

static void
less(size_t *n)
{
	*n -= *n > 0;
}

/* Braces, and whose they are. */
static void
follow_brace(struct state *s, const struct fy_item *item)
{
	uint64_t bit = s->depth < 64 ? (uint64_t)1 << s->depth : 0;

	if (!is_token(item, '{'))
		return;
	s->namespaces = s->in_namespace ? s->namespaces | bit
					: s->namespaces & ~bit;
	s->depth++;
}

static bool
closes_namespace(const struct state *s, const struct fy_item *item)
{
	return is_token(item, '}') && s->depth < 64 &&
	       (s->namespaces >> s->depth & 1);
}

/* Whether a line ends behind @item. */
static bool
ends_line(const struct state *s, const struct fy_item *item, enum role role)
{
	return is_token(item, ';') || is_token(item, '{') ||
	       role == ROLE_LABEL || closes_namespace(s, item) ||
	       (is_token(item, ',') && s->parens == 0 && s->brackets == 0 &&
		s->depth > 0);
}

/* Where the grammar is behind @item. Return: whether a line ends there. */
static bool
follow(struct state *s, const struct fy_item *item, enum role role)
{
	bool was_start = s->at_start;

	s->at_start = false;
	s->in_case |= was_start && is_label_word(item);
	s->in_namespace |= was_start && is_word(item, "namespace");
	s->parens += is_token(item, '(');
	s->brackets += is_token(item, '[');
	if (is_token(item, ')'))
		less(&s->parens);
	if (is_token(item, ']'))
		less(&s->brackets);
	if (role == ROLE_OPEN)
		s->bound_parens = s->parens + 1;
	if (role == ROLE_CLOSE)
		s->bound_parens = 0;
	s->in_value |= is_token(item, '=');
	follow_brace(s, item);
	if (!ends_line(s, item, role))
		return false;
	*s = (struct state){
		.above = s->above,
		.depth = s->depth,
		.namespaces = s->namespaces,
		.at_start = true,
	};
	return true;
}

static void
put_token(struct layout *l, const struct fy_item *item)
{
	enum role role;

	if (is_token(item, '}')) {
		less(&l->s.depth);
		l->breaks = true;
		l->s.in_value = false;
	}
	role = role_of(l, item);
	if (l->is_comments && item->line > l->last->last_line)
		l->breaks = true;
	if (is_token(item, ';') && is_token(l->last, '}'))
		l->breaks = false;
	if (l->breaks || !l->last) {
		size_t indent = indent_of(l, item);

		break_line(l, item);
		fy_write_tabs(&l->w, is_token(item, '}') ? l->s.depth
							 : indent);
	} else if (l->last->kind == FY_ITEM_COMMENT
			   ? item->spaced || is_wordy(item)
			   : wants_space(l, item, role)) {
		fy_write_text(&l->w, " ");
	}
	fy_write(&l->w, item->text.data, item->text.len);
	l->is_comments = false;
	l->breaks = follow(&l->s, item, role);
	l->last_role = role;
}

static void
put_item(struct layout *l, const struct fy_item *item)
{
	if (item->kind == FY_ITEM_TOKEN) {
		put_token(l, item);
	} else {
		if (item->kind == FY_ITEM_COMMENT)
			put_comment(l, item);
		else
			put_line(l, item);
		l->last_role = ROLE_OTHER;
	}
	l->last = item;
}

ferry_err
fy_layout(const struct fy_items *items, struct ferry_arena *mem,
	  struct ferry_str *out)
{
	struct fy_writer aligned = { .mem = mem };
	const char *text;
	ferry_err err;
	struct layout l = {
		.items = items,
		.w.mem = mem,
		.s.at_start = true,
	};

	for (size_t i = 0; i < items->n; i++)
		put_item(&l, &items->list[i]);
	if (l.last)
		fy_write_text(&l.w, "\n");
	err = fy_write_end(&l.w, &text);
	if (err)
		return err;
	fy_tails_align(&l.tails,
		       (struct ferry_str){ text, (uint32_t)l.w.len }, &aligned);
	err = fy_write_end(&aligned, &text);
	if (!err)
		*out = (struct ferry_str){ text, (uint32_t)aligned.len };
	return err;
}
