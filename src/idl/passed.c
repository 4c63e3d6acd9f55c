/* SPDX-License-Identifier: MIT */
#include "idl/passed.h"

#include "idl/expr.h"
#include "idl/macro.h"
#include "idl/mem.h"

/* A macro of a % line. */
struct define {
	struct define *next;
	struct fy_token name;
};

struct passed {
	struct ferry_arena *mem;
	struct fy_diag ignored; /* what is wrong in a line is C's business */
	struct fy_macros macros;
	struct define *defines;
	struct define **tail;
	struct fy_passed *out;
};

static ferry_err
add_macro(struct passed *p, const struct fy_token *name, struct fy_lexer *lex)
{
	struct define *define = fy_new(p->mem, sizeof(*define));

	if (!define)
		return FERRY_ENOMEM;
	define->name = *name;
	*p->tail = define;
	p->tail = &define->next;
	return fy_macros_read(&p->macros, name, lex);
}

static ferry_err
note_words(struct passed *p, struct fy_token token, struct fy_lexer *lex)
{
	ferry_err err = FERRY_OK;
	void *found;

	for (; token.kind != FY_TOKEN_END && !err; token = fy_lex_next(lex)) {
		if (token.kind == FY_TOKEN_NAME)
			err = fy_names_put(&p->out->words, p->mem, token.text,
					   p->out, &found);
	}
	return err;
}

/* "#define NAME ..."; of any other line its words are taken. */
static ferry_err
read_line(struct passed *p, const struct fy_token *pass)
{
	struct fy_token token;
	struct fy_lexer lex;

	p->macros.n_bytes += pass->text.len;
	fy_lex_init(&lex, pass->at.place.file, pass->text, &p->ignored);
	token = fy_lex_next(&lex);
	if (token.kind != FY_TOKEN_DIRECTIVE)
		return note_words(p, token, &lex);
	token = fy_lex_next(&lex);
	if (ferry_str_eq(token.text, "include"))
		p->out->includes = true;
	if (!ferry_str_eq(token.text, "define"))
		return FERRY_OK;
	token = fy_lex_next(&lex);
	if (token.kind != FY_TOKEN_NAME)
		return FERRY_OK;
	/* The line is a part of another one, behind a %. */
	token.at.place.line = pass->at.place.line;
	token.at.place.column++;
	return add_macro(p, &token, &lex);
}

/* What a macro comes to, in *@out, and whether that is a number. */
static ferry_err
evaluate(struct passed *p, const struct fy_token *name, struct fy_number *out,
	 bool *is_number)
{
	const struct fy_macro *macro = fy_macros_find(&p->macros, name->text);
	struct fy_tokens tokens = { NULL, 0, 0 };
	ferry_err err;

	*is_number = false;
	if (!macro || macro->kind != FY_MACRO_OBJECT)
		return FERRY_OK;
	err = fy_macros_expand(&p->macros, name, &tokens);
	if (err)
		return err == FERRY_ENOMEM ? err : FERRY_OK;
	for (size_t i = 0; i < tokens.n; i++) {
		if (tokens.list[i].kind == FY_TOKEN_NAME)
			return FERRY_OK;
	}
	*is_number = fy_expr_number(tokens.list, tokens.n, &name->at,
				    &p->ignored, out);
	return p->ignored.err;
}

static ferry_err
make_constant(struct passed *p, const struct fy_token *name,
	      struct fy_number value, struct fy_ast_constant **out)
{
	struct fy_ast_constant *made = fy_new(p->mem, sizeof(*made));

	if (!made)
		return FERRY_ENOMEM;
	made->name.text = fy_text(p->mem, name->text.data, name->text.len);
	made->name.at = name->at;
	made->value.kind = FY_AST_NUMBER;
	made->value.at = name->at;
	made->value.spelled = made->name.text;
	made->value.number = value;
	*out = made;
	return made->name.text ? FERRY_OK : FERRY_ENOMEM;
}

ferry_err
fy_passed_read(const struct fy_stream *stream, struct ferry_arena *mem,
	       struct fy_passed *out)
{
	struct fy_sources no_sources = { .first = NULL };
	struct passed p = { .mem = mem, .macros = { .mem = mem }, .out = out };
	struct fy_ast_constant **tail = &out->constants;
	ferry_err err = FERRY_OK;

	*out = (struct fy_passed){ .includes = false };
	p.tail = &p.defines;
	fy_diag_init(&p.ignored, mem, &no_sources);
	for (const struct fy_pass *pass = stream->passes; pass && !err;
	     pass = pass->next)
		err = read_line(&p, &pass->token);
	for (const struct define *define = p.defines; define && !err;
	     define = define->next) {
		struct fy_number value;
		bool is_number;

		err = evaluate(&p, &define->name, &value, &is_number);
		if (err || !is_number)
			continue;
		err = make_constant(&p, &define->name, value, tail);
		if (!err)
			tail = &(*tail)->next;
	}
	return err ? err : p.ignored.err;
}
