/* SPDX-License-Identifier: MIT */
/*
 * What macros expand to. Levels of tokens lie on each other: a macro's body on
 * the tokens behind its name, and so on; a macro is not expanded again until
 * its own level has ended. The names that this holds for stay as they are for
 * ever, as C99 6.10.3.4 wants it.
 */
#include <stdio.h>
#include <string.h>

#include "idl/macro.h"
#include "idl/mem.h"

/*
 * Thirty macros that each name the next one twice make 2^30 tokens. All that
 * is copied anywhere counts, so this bounds memory and time: by so much for
 * any file, so much for each of its bytes, and so much in all.
 */
#define STEPS_ALWAYS 20000
#define STEPS_PER_BYTE 16
#define STEPS_MOST 500000

/* Calls in the arguments of calls; each takes a kilobyte of stack or two. */
#define MAX_DEPTH 200

/* Tokens that are yet to be looked at; the outer ones wait. */
struct fy_level {
	struct fy_level *outer;
	struct fy_macro *macro; /* that they come from, or NULL */
	const struct fy_token *list;
	size_t n;
	size_t at;
	bool spaced; /* whether the first of them is */
};

struct expansion {
	struct fy_macros *macros;
	const struct fy_token *use;
	const struct fy_macro_source *source;
	struct fy_level *top;
	struct fy_tokens *out;
	unsigned int depth;
};

/* One argument: a part of what was collected, and what that expands to. */
struct arg {
	size_t from;
	size_t to;
	bool is_expanded;
	struct fy_tokens expanded;
};

/* A call of a macro: all its arguments. */
struct call {
	struct fy_macro *macro;
	struct fy_tokens tokens;
	struct arg *args; /* macro->n_params and one more */
	uint32_t n_args;  /* as found, though not all may be kept */
	bool omits_rest;  /* not even a comma stands for the ... */
	bool is_broken;	  /* reported */
};

static ferry_err
charge(struct fy_macros *macros, size_t steps)
{
	size_t most = STEPS_ALWAYS + STEPS_PER_BYTE * macros->n_bytes;

	macros->n_steps += steps;
	if (most > STEPS_MOST)
		most = STEPS_MOST;
	return macros->n_steps > most ? FERRY_ETOOBIG : FERRY_OK;
}

/* Appends to a list that is bounded by the steps. */
static ferry_err
add(struct expansion *x, struct fy_tokens *to, const struct fy_token *token)
{
	ferry_err err = charge(x->macros, 1);

	return err ? err : fy_tokens_add(to, x->macros->mem, token);
}

static ferry_err
emit(struct expansion *x, struct fy_token token)
{
	token.at = x->use->at;
	token.included = x->use->included;
	token.n_comments = x->use->n_comments;
	token.param = 0;
	return add(x, x->out, &token);
}

static void
complain(struct expansion *x, const char *text, const struct fy_macro *macro)
{
	struct fy_message *message;

	if (!x->macros->diag)
		return;
	message = fy_diag_error(x->macros->diag, &x->use->at,
				"the macro '%.*s' %s",
				(int)macro->name.text.len,
				macro->name.text.data, text);
	if (macro->name.at.place.file)
		fy_diag_note(x->macros->diag, message, &macro->name.at,
			     "it is defined here");
}

/* ---- levels ---- */

static ferry_err
push(struct expansion *x, struct fy_macro *macro, const struct fy_tokens *list,
     bool spaced)
{
	struct fy_level *level = x->macros->spare;

	if (level)
		x->macros->spare = level->outer;
	else
		level = fy_new(x->macros->mem, sizeof(*level));
	if (!level)
		return FERRY_ENOMEM;
	*level = (struct fy_level){ x->top, macro, list->list, list->n, 0,
				    spaced };
	if (macro)
		macro->busy = true;
	x->top = level;
	return charge(x->macros, 1);
}

static void
pop(struct expansion *x)
{
	struct fy_level *level = x->top;

	if (level->macro)
		level->macro->busy = false;
	x->top = level->outer;
	level->outer = x->macros->spare;
	x->macros->spare = level;
}

static void
pop_ended(struct expansion *x)
{
	while (x->top && x->top->at == x->top->n)
		pop(x);
}

/* A name that is met inside its macro's expansion is no macro any more. */
static void
paint(const struct expansion *x, struct fy_token *token)
{
	const struct fy_macro *macro;

	if (token->kind != FY_TOKEN_NAME || token->no_expand)
		return;
	macro = fy_macros_find(x->macros, token->text);
	token->no_expand = macro && macro->busy;
}

/* The next token of the levels; false: there is none. */
static bool
next(struct expansion *x, struct fy_token *out)
{
	struct fy_level *level;

	pop_ended(x);
	level = x->top;
	if (!level)
		return false;
	*out = level->list[level->at];
	if (level->at++ == 0)
		out->spaced = level->spaced;
	paint(x, out);
	return true;
}

/* The same, then of the file. */
static bool
next_anywhere(struct expansion *x, struct fy_token *out)
{
	if (next(x, out))
		return true;
	if (!x->source || !x->source->next(x->source->ctx, out))
		return false;
	paint(x, out);
	return true;
}

/* Whether arguments follow the name of a macro that takes them. */
static bool
sees_call(struct expansion *x)
{
	pop_ended(x);
	if (x->top)
		return x->top->list[x->top->at].kind == '(';
	return x->source && x->source->sees_call(x->source->ctx);
}

/* ---- arguments ---- */

static void
end_arg(struct call *call)
{
	if (call->n_args <= call->macro->n_params)
		call->args[call->n_args].to = call->tokens.n;
	call->n_args++;
	if (call->n_args <= call->macro->n_params)
		call->args[call->n_args].from = call->tokens.n;
}

/* Whether a comma, outside of all parentheses, ends an argument. */
static bool
is_separator(const struct call *call, const struct fy_token *token)
{
	return token->kind == ',' &&
	       !(call->macro->variadic &&
		 call->n_args + 1 >= call->macro->n_params);
}

/* From the '(' to its ')'. */
static ferry_err
collect(struct expansion *x, struct call *call)
{
	struct fy_token token;
	ferry_err err = FERRY_OK;
	size_t n_open = 0;

	(void)next_anywhere(x, &token); /* the '(' */
	while (!err) {
		if (!next_anywhere(x, &token)) {
			complain(x, "has no ')' behind its arguments",
				 call->macro);
			call->is_broken = true;
			return FERRY_OK;
		}
		if (n_open == 0 && token.kind == ')')
			break;
		if (n_open == 0 && is_separator(call, &token)) {
			end_arg(call);
			continue;
		}
		n_open += token.kind == '(';
		n_open -= token.kind == ')';
		err = add(x, &call->tokens, &token);
	}
	end_arg(call);
	return err;
}

/* C99 6.10.3 paragraph 4; gcc lets the arguments of ... be absent, too. */
static void
check_args(struct expansion *x, struct call *call)
{
	uint32_t wanted = call->macro->n_params;

	if (wanted == 0 && call->n_args == 1 && call->tokens.n == 0)
		call->n_args = 0;
	call->omits_rest = wanted == 1 && call->tokens.n == 0;
	if (call->macro->variadic && call->n_args + 1 == wanted) {
		call->omits_rest = true;
		end_arg(call);
	}
	if (call->n_args == wanted)
		return;
	complain(x, call->n_args < wanted ? "takes more arguments than these"
					  : "takes fewer arguments than these",
		 call->macro);
	call->is_broken = true;
}

static ferry_err
read_call(struct expansion *x, struct call *call)
{
	size_t bytes = (call->macro->n_params + 1u) * sizeof(*call->args);
	ferry_err err;

	call->args = fy_new(x->macros->mem, bytes);
	if (!call->args)
		return FERRY_ENOMEM;
	err = collect(x, call);
	if (!err && !call->is_broken)
		check_args(x, call);
	return err;
}

static ferry_err expand_all(struct expansion *x);

/* The tokens of an argument as they were written. */
static struct fy_tokens
raw_tokens(const struct call *call, const struct arg *arg)
{
	struct fy_tokens raw = { NULL, 0, 0 };

	if (arg->from < arg->to) {
		raw.list = call->tokens.list + arg->from;
		raw.n = arg->to - arg->from;
	}
	return raw;
}

/* What an argument gives by itself, before it takes its parameter's place. */
static ferry_err
expand_arg(struct expansion *x, const struct call *call, struct arg *arg)
{
	struct fy_tokens raw = raw_tokens(call, arg);
	struct expansion inner = {
		.macros = x->macros,
		.use = x->use,
		.out = &arg->expanded,
		.depth = x->depth + 1,
	};
	ferry_err err;

	arg->is_expanded = true;
	if (inner.depth > MAX_DEPTH) {
		complain(x, "is called too deep inside of calls", call->macro);
		return FERRY_OK;
	}
	if (raw.n == 0)
		return FERRY_OK;
	err = push(&inner, NULL, &raw, raw.list[0].spaced);
	return err ? err : expand_all(&inner);
}

/* ---- # and ## ---- */

/* How many bytes @token takes in a text, its quotes escaped. */
static size_t
text_len(const struct fy_token *token)
{
	size_t n = token->text.len;

	if (token->kind != FY_TOKEN_TEXT && token->kind != FY_TOKEN_CHAR)
		return n;
	for (uint32_t i = 0; i < token->text.len; i++)
		n += token->text.data[i] == '"' || token->text.data[i] == '\\';
	return n;
}

static char *
put_text(char *to, const struct fy_token *token)
{
	bool escapes = token->kind == FY_TOKEN_TEXT ||
		       token->kind == FY_TOKEN_CHAR;

	for (uint32_t i = 0; i < token->text.len; i++) {
		char c = token->text.data[i];

		if (escapes && (c == '"' || c == '\\'))
			*to++ = '\\';
		*to++ = c;
	}
	return to;
}

/* #parameter: its argument as it was written, in quotes. */
static ferry_err
add_text(struct expansion *x, const struct call *call,
	 const struct fy_token *hash, struct fy_tokens *to)
{
	const struct arg *arg = &call->args[hash->param - 1];
	struct fy_token token = *hash;
	size_t len = 2;
	char *text, *end;
	ferry_err err;

	for (size_t i = arg->from; i < arg->to; i++)
		len += text_len(&call->tokens.list[i]) + 1;
	err = charge(x->macros, len / 16);
	if (err)
		return err;
	text = ferry_arena_alloc(x->macros->mem, len);
	if (!text)
		return FERRY_ENOMEM;
	end = text;
	*end++ = '"';
	for (size_t i = arg->from; i < arg->to; i++) {
		if (i > arg->from && call->tokens.list[i].spaced)
			*end++ = ' ';
		end = put_text(end, &call->tokens.list[i]);
	}
	*end++ = '"';
	token.kind = FY_TOKEN_TEXT;
	token.text = (struct ferry_str){ text, (uint32_t)(end - text) };
	return add(x, to, &token);
}

/* Operators of C that are more than one token here. */
static bool
is_operator(struct ferry_str text)
{
	static const char *const operators[] = {
		"<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--",
		"->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##",
		"<<=", ">>=", "...",
	};

	for (size_t i = 0; i < FY_ARRAY_LEN(operators); i++) {
		if (ferry_str_eq(text, operators[i]))
			return true;
	}
	return false;
}

/* The tokens of @text; false: it is not one token of C. */
static ferry_err
add_tokens(struct expansion *x, struct ferry_str text,
	   const struct fy_token *like, struct fy_tokens *to, bool *is_one)
{
	static const struct fy_sources no_sources = { .first = NULL };
	struct fy_diag ignored;
	struct fy_lexer lex;
	struct fy_token token;
	size_t n = to->n;
	ferry_err err = FERRY_OK;

	fy_diag_init(&ignored, x->macros->mem, &no_sources);
	fy_lex_init(&lex, like->at.place.file, text, &ignored);
	lex.fresh = false;
	lex.in_directive = true;
	while (!err) {
		bool first = to->n == n;

		token = fy_lex_next(&lex);
		if (token.kind == FY_TOKEN_END)
			break;
		token.at = like->at;
		token.spaced = first && like->spaced;
		err = add(x, to, &token);
	}
	*is_one = ignored.n_errors == 0 &&
		  (to->n == n + 1 || (to->n > n && is_operator(text)));
	return err;
}

static void
complain_paste(struct expansion *x, const struct fy_token *left,
	       const struct fy_token *right)
{
	if (x->macros->diag)
		fy_diag_error(x->macros->diag, &x->use->at,
			      "## makes no token of '%.*s' and '%.*s'",
			      (int)left->text.len, left->text.data,
			      (int)right->text.len, right->text.data);
}

/* Makes one token of the last one of @to and of @right. */
static ferry_err
paste(struct expansion *x, struct fy_tokens *to, struct fy_token right)
{
	struct fy_token left = to->list[--to->n];
	struct ferry_str both = { NULL, left.text.len + right.text.len };
	bool is_one = false;
	char *text;
	ferry_err err = charge(x->macros, both.len / 16);

	if (err)
		return err;
	text = ferry_arena_alloc(x->macros->mem, both.len);
	if (!text)
		return FERRY_ENOMEM;
	memcpy(text, left.text.data, left.text.len);
	memcpy(text + left.text.len, right.text.data, right.text.len);
	both.data = text;
	x->macros->hides_view |= fy_macros_maybe_view(both);
	err = add_tokens(x, both, &left, to, &is_one);
	if (!err && !is_one)
		complain_paste(x, &left, &right);
	return err;
}

/* ---- what takes the place of a call ---- */

/*
 * The state of a substitution: where in the body, and whether the operand that
 * ended @to was there at all. An argument may be empty, and pastes as nothing.
 */
struct substitution {
	const struct call *call; /* NULL: of a macro without arguments */
	const struct fy_macro *macro;
	struct fy_tokens *to;
	size_t at;
	bool has_left;
};

static bool
is_paste(const struct substitution *s, size_t at)
{
	return at < s->macro->body.n &&
	       s->macro->body.list[at].kind == FY_BODY_PASTE;
}

/* The tokens of an argument: as written beside ##, else expanded. */
static ferry_err
add_arg(struct expansion *x, struct substitution *s,
	const struct fy_token *param, bool raw)
{
	struct arg *arg = &s->call->args[param->param - 1];
	struct fy_tokens tokens;
	ferry_err err = FERRY_OK;

	if (!raw && !arg->is_expanded)
		err = expand_arg(x, s->call, arg);
	tokens = raw ? raw_tokens(s->call, arg) : arg->expanded;
	for (size_t i = 0; i < tokens.n && !err; i++) {
		struct fy_token token = tokens.list[i];

		if (i == 0)
			token.spaced = param->spaced;
		err = add(x, s->to, &token);
	}
	return err;
}

/* One operand: what the body has at s->at. */
static ferry_err
add_operand(struct expansion *x, struct substitution *s, bool raw)
{
	const struct fy_token *token = &s->macro->body.list[s->at];

	if (token->kind == FY_BODY_TEXT)
		return add_text(x, s->call, token, s->to);
	if (token->kind == FY_BODY_PARAM)
		return add_arg(x, s, token, raw);
	return add(x, s->to, token);
}

/*
 * ", ## __VA_ARGS__" of gcc: the comma goes if there is no argument for the
 * rest, not even an empty one, and nothing is pasted to it if there is.
 */
static bool
is_comma_of_gcc(const struct substitution *s)
{
	const struct fy_token *right = &s->macro->body.list[s->at];

	return s->macro->variadic && s->at >= 2 &&
	       right->kind == FY_BODY_PARAM &&
	       right->param == s->macro->n_params &&
	       s->macro->body.list[s->at - 2].kind == ',';
}

/* The operand behind a ##, s->at. */
static ferry_err
add_pasted(struct expansion *x, struct substitution *s)
{
	struct fy_tokens operand = { NULL, 0, 0 };
	struct fy_tokens *to = s->to;
	bool comma = is_comma_of_gcc(s);
	ferry_err err;
	size_t i = 0;

	s->to = &operand;
	err = add_operand(x, s, true);
	s->to = to;
	if (err)
		return err;
	if (comma && s->call->omits_rest && to->n > 0)
		to->n--;
	else if (!comma && s->has_left && operand.n > 0)
		err = paste(x, to, operand.list[i++]);
	for (; i < operand.n && !err; i++)
		err = add(x, to, &operand.list[i]);
	s->has_left |= operand.n > 0;
	return err;
}

/* The body with arguments in the place of parameters, to be scanned again. */
static ferry_err
substitute(struct expansion *x, struct substitution *s)
{
	ferry_err err = FERRY_OK;

	for (s->at = 0; s->at < s->macro->body.n && !err; s->at++) {
		size_t n = s->to->n;

		if (is_paste(s, s->at) && s->at + 1 < s->macro->body.n) {
			s->at++;
			err = add_pasted(x, s);
			continue;
		}
		err = add_operand(x, s, is_paste(s, s->at + 1));
		s->has_left = s->to->n > n;
	}
	return err;
}

static ferry_err
enter(struct expansion *x, struct fy_macro *macro, const struct call *call,
      bool spaced)
{
	struct fy_tokens made = { NULL, 0, 0 };
	struct substitution s = { call, macro, &made, 0, false };
	ferry_err err;

	if (!call && !macro->pastes)
		return push(x, macro, &macro->body, spaced);
	err = substitute(x, &s);
	return err ? err : push(x, macro, &made, spaced);
}

static ferry_err
run_call(struct expansion *x, struct fy_macro *macro,
	 const struct fy_token *name)
{
	struct call call = { .macro = macro };
	ferry_err err;

	if (!sees_call(x))
		return emit(x, *name);
	err = read_call(x, &call);
	if (err || call.is_broken)
		return err ? err : emit(x, *name);
	return enter(x, macro, &call, name->spaced);
}

/* ---- names that the preprocessor knows by itself ---- */

static ferry_err
emit_line(struct expansion *x, struct fy_token token)
{
	char text[16];
	char *copy;

	snprintf(text, sizeof(text), "%lu",
		 (unsigned long)x->use->at.place.line);
	copy = fy_text(x->macros->mem, text, strlen(text));
	if (!copy)
		return FERRY_ENOMEM;
	token.kind = FY_TOKEN_NUMBER;
	token.text = ferry_str_of(copy);
	return emit(x, token);
}

static ferry_err
emit_file(struct expansion *x, struct fy_token token)
{
	const char *file = x->use->at.place.file;
	size_t room = 2 * strlen(file) + 2;
	char *text = ferry_arena_alloc(x->macros->mem, room);
	char *to = text;

	if (!text)
		return FERRY_ENOMEM;
	*to++ = '"';
	for (; *file; file++) {
		if (*file == '"' || *file == '\\')
			*to++ = '\\';
		*to++ = *file == '\n' ? '?' : *file;
	}
	*to++ = '"';
	token.kind = FY_TOKEN_TEXT;
	token.text = (struct ferry_str){ text, (uint32_t)(to - text) };
	return emit(x, token);
}

/* defined NAME, defined(NAME): 1 or 0 in its place. */
static ferry_err
run_defined(struct expansion *x, struct fy_token token)
{
	struct fy_token name = { .kind = FY_TOKEN_END };
	struct fy_token close = { .kind = ')' };
	bool there = next_anywhere(x, &name);

	if (there && name.kind == '(')
		there = next_anywhere(x, &name) && next_anywhere(x, &close);
	if (!there || name.kind != FY_TOKEN_NAME || close.kind != ')') {
		if (x->macros->diag)
			fy_diag_error(x->macros->diag, &x->use->at,
				      "expected NAME or (NAME) after defined");
		return FERRY_OK;
	}
	token.kind = FY_TOKEN_NUMBER;
	token.text = ferry_str_of(
		fy_macros_find(x->macros, name.text) ? "1" : "0");
	return emit(x, token);
}

/* ---- all of it ---- */

static bool
is_defined_word(const struct fy_macros *macros, const struct fy_token *token)
{
	return macros->in_condition && ferry_str_eq(token->text, "defined");
}

static ferry_err
run_token(struct expansion *x, const struct fy_token *token)
{
	struct fy_macro *macro;

	if (token->kind != FY_TOKEN_NAME || token->no_expand)
		return emit(x, *token);
	if (is_defined_word(x->macros, token))
		return run_defined(x, *token);
	macro = fy_macros_find(x->macros, token->text);
	if (!macro)
		return emit(x, *token);
	switch (macro->kind) {
	case FY_MACRO_OBJECT:
		return enter(x, macro, NULL, token->spaced);
	case FY_MACRO_FUNCTION:
		return run_call(x, macro, token);
	case FY_MACRO_LINE:
		return emit_line(x, *token);
	case FY_MACRO_FILE:
		return emit_file(x, *token);
	}
	return FERRY_OK;
}

static ferry_err
expand_all(struct expansion *x)
{
	struct fy_token token;
	ferry_err err = FERRY_OK;

	while (!err && next(x, &token))
		err = run_token(x, &token);
	while (x->top)
		pop(x);
	return err;
}

bool
fy_macros_wants(const struct fy_macros *macros, const struct fy_token *token)
{
	return token->kind == FY_TOKEN_NAME &&
	       (fy_macros_find(macros, token->text) ||
		is_defined_word(macros, token));
}

ferry_err
fy_macros_expand(struct fy_macros *macros, const struct fy_token *use,
		 struct fy_tokens *out)
{
	struct expansion x = {
		.macros = macros,
		.use = use,
		.source = macros->source,
		.out = out,
	};
	ferry_err err = run_token(&x, use);

	return err ? err : expand_all(&x);
}
