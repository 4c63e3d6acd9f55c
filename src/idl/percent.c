/* SPDX-License-Identifier: MIT */
/*
 * What macros make of a % line. rpcgen's cpp knew nothing of the % and went
 * over C as over all else: "%#define MAX_NAME __MAX_NAME" gives a number to C.
 * What C's own preprocessor asks about, names and conditions, stays.
 */
#include <string.h>

#include "idl/pp.h"
#include "idl/writer.h"

/* A line that is copied, with what macros come to in the place of names. */
struct copy {
	struct fy_pp *pp;
	struct fy_diag ignored;	 /* what is wrong in C is C's business */
	struct fy_tokens params; /* of a macro that the line defines */
	const char *done;	 /* what stands before is in @text */
	bool changed;
	struct fy_writer text;
};

static bool
is_param(const struct copy *copy, struct ferry_str name)
{
	for (size_t i = 0; i < copy->params.n; i++) {
		struct ferry_str param = copy->params.list[i].text;

		if (param.len == name.len &&
		    memcmp(param.data, name.data, name.len) == 0)
			return true;
	}
	return false;
}

/* From "define" on, up to the body: the name, and the parameters if any. */
static void
pass_over_define(struct copy *copy)
{
	struct fy_lexer *lex = &copy->pp->frame->lex;
	struct fy_token token = fy_pp_next(copy->pp);

	if (token.kind != FY_TOKEN_NAME || lex->at == lex->end ||
	    *lex->at != '(')
		return;
	while (token.kind != FY_TOKEN_END && token.kind != ')') {
		token = fy_pp_next(copy->pp);
		if (token.kind == FY_TOKEN_NAME)
			fy_pp_latch(copy->pp, fy_tokens_add(&copy->params,
							    copy->pp->mem,
							    &token));
	}
}

/* Whether macros count from here on; what is no C yet is passed over. */
static bool
begin(struct copy *copy)
{
	struct fy_lexer *lex = &copy->pp->frame->lex;

	while (copy->pp->percent_comment && lex->at < lex->end) {
		copy->pp->percent_comment = lex->end - lex->at < 2 ||
					    memcmp(lex->at, "*/", 2) != 0;
		lex->at += copy->pp->percent_comment ? 1 : 2;
	}
	if (!fy_lex_sees(lex, '#'))
		return true;
	(void)fy_lex_next(lex);
	if (!ferry_str_eq(fy_lex_next(lex).text, "define"))
		return false;
	pass_over_define(copy);
	return true;
}

/* The name @use is replaced, if it is the name of a macro that fits here. */
static void
replace(struct copy *copy, const struct fy_token *use)
{
	struct fy_macros *macros = &copy->pp->macros;
	struct fy_lexer *lex = &copy->pp->frame->lex;
	const struct fy_lexer behind = *lex;
	struct fy_tokens made = { NULL, 0, 0 };
	ferry_err err = fy_macros_expand(macros, use, &made);

	if (err == FERRY_ENOMEM)
		fy_pp_latch(copy->pp, err);
	if (err || copy->ignored.n_errors > 0) {
		copy->ignored.n_errors = 0;
		*lex = behind;
		return;
	}
	fy_write(&copy->text, copy->done, (size_t)(use->text.data - copy->done));
	for (size_t i = 0; i < made.n; i++) {
		if (i > 0 && made.list[i].spaced)
			fy_write_char(&copy->text, ' ');
		fy_write(&copy->text, made.list[i].text.data, made.list[i].text.len);
	}
	copy->done = lex->at;
	copy->changed = true;
}

static void
replace_all(struct copy *copy)
{
	struct fy_lexer *lex = &copy->pp->frame->lex;
	bool replaces = begin(copy);
	struct fy_token token;

	do {
		token = replaces ? fy_pp_next(copy->pp) : fy_lex_next(lex);
		/* Not a name that goes over two lines: its text is a copy. */
		if (replaces && token.text.data + token.text.len == lex->at &&
		    fy_macros_wants(&copy->pp->macros, &token) &&
		    !is_param(copy, token.text))
			replace(copy, &token);
	} while (token.kind != FY_TOKEN_END && !copy->pp->err);
	fy_write(&copy->text, copy->done, (size_t)(lex->end - copy->done));
	copy->pp->percent_comment |= lex->comment_open;
}

void
fy_pp_percent(struct fy_pp *pp, struct fy_token *pass)
{
	const struct fy_macro_source *source = pp->macros.source;
	struct copy copy = {
		.pp = pp,
		.done = pass->text.data,
		.text = { .mem = pp->mem },
	};

	fy_diag_init(&copy.ignored, pp->mem, &pp->idl->sources);
	fy_pp_push(pp, pass->at.place.file, pass->text, NULL);
	if (pp->err)
		return;
	pp->frame->lex.line = pass->at.place.line;
	pp->frame->lex.diag = &copy.ignored;
	pp->frame->lex.quiet = true;
	pp->frame->lex.in_directive = true;
	pp->macros.diag = &copy.ignored;
	pp->macros.source = &pp->of_line;
	replace_all(&copy);
	pp->macros.source = source;
	pp->macros.diag = pp->diag;
	fy_pp_pop(pp);
	fy_pp_latch(pp, copy.text.err);
	if (copy.changed && !pp->err)
		pass->text = (struct ferry_str){ copy.text.text,
						 (uint32_t)copy.text.len };
}
