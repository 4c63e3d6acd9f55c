/* SPDX-License-Identifier: MIT */
/* What constants, enumerators and other values are worth. */
#include <inttypes.h>
#include <string.h>

#include "idl/expr.h"
#include "idl/macro.h"
#include "idl/mem.h"
#include "idl/scope.h"

static bool
is_constant(const void *value)
{
	const struct fy_symbol *symbol = value;

	return symbol->constant;
}

/* ---- names of constants ---- */

static void
no_such_constant(struct fy_scope *scope, const struct fy_span *at,
		 const char *name)
{
	struct fy_message *message;

	if (scope->check->incomplete)
		return;
	message = fy_diag_error(scope->check->diag, at,
				"there is no constant '%s'", name);
	fy_scope_hint(scope, message, name, is_constant);
	if (message && !message->hint && scope->check->passed->includes)
		fy_diag_hint(scope->check->diag, message,
			     "only C reads a %%#include: if the constant comes "
			     "from there, say -D %s=VALUE", name);
}

/* Only C was meant to see it, or rpcgen's C brings it. */
static void
warn_of_origin(struct fy_scope *scope, const struct fy_span *at,
	       const struct fy_ast_constant *constant)
{
	if (constant->def)
		fy_scope_warn_of_built_in(scope, at, constant->def);
	else if (constant->is_mark)
		fy_diag_note(scope->check->diag,
			     fy_diag_warn(scope->check->diag,
					  FY_WARN_PROGRAM_CONSTANT, at,
					  "'%s' is no constant in the RFC: "
					  "its number is taken",
					  constant->name.text),
			     &constant->name.at, "it is this one");
	else if (!constant->owner)
		fy_diag_note(scope->check->diag,
			     fy_diag_warn(scope->check->diag,
					  FY_WARN_PASSED_CONSTANT, at,
					  "'%s' is defined in a %% line only",
					  constant->name.text),
			     &constant->name.at, "it is this one");
}

/* The number of a program, version or procedure; NULL, reported: not one. */
static struct fy_ast_constant *
find_mark(struct fy_scope *scope, const struct fy_span *at, const char *name)
{
	struct fy_mark *mark = fy_names_get(&scope->marks, ferry_str_of(name));
	struct fy_message *message;

	if (!mark) {
		no_such_constant(scope, at, name);
		return NULL;
	}
	if (!mark->other) {
		warn_of_origin(scope, at, &mark->constant);
		return &mark->constant;
	}
	message = fy_diag_error(scope->check->diag, at,
				"'%s' has more than one number", name);
	fy_diag_note(scope->check->diag, message, &mark->constant.name.at,
		     "it is here");
	fy_diag_note(scope->check->diag, message,
		     &mark->other->constant.name.at, "and here");
	return NULL;
}

/* Finds what a name means. Return: NULL, reported, if it is no constant. */
static struct fy_ast_constant *
find_constant(struct fy_scope *scope, const struct fy_span *at,
	      const char *name)
{
	const struct fy_symbol *symbol = fy_scope_find(scope, name);
	struct fy_message *message;

	if (!symbol || (symbol->def && symbol->def->kind == FY_AST_PROGRAM))
		return find_mark(scope, at, name);
	if (symbol->constant) {
		warn_of_origin(scope, at, symbol->constant);
		return symbol->constant;
	}
	if (symbol->def->kind == FY_AST_BROKEN)
		return NULL;
	message = fy_diag_error(scope->check->diag, at,
				"'%s' is %s, not a constant", name,
				fy_scope_kind(symbol));
	fy_diag_note(scope->check->diag, message, &symbol->at,
		     "it is defined here");
	return NULL;
}

static bool
is_text(const struct fy_ast_constant *constant)
{
	return constant->value.kind == FY_AST_TEXT;
}

static bool
refuse_text(struct fy_scope *scope, const struct fy_span *at,
	    const struct fy_ast_constant *constant)
{
	struct fy_message *message;

	if (!is_text(constant))
		return false;
	message = fy_diag_error(scope->check->diag, at,
				"'%s' is a text, not a number",
				constant->name.text);
	fy_diag_note(scope->check->diag, message, &constant->name.at,
		     "it is defined here");
	return true;
}

/* ---- what a value needs before it is known ---- */

static bool
is_settled(const struct fy_ast_constant *constant)
{
	return constant->progress == FY_AST_GOOD ||
	       constant->progress == FY_AST_BAD;
}

/* The next constant of an expression that has no number yet. */
static bool
expr_needs(struct fy_scope *scope, struct fy_ast_expr *expr,
	   struct fy_ast_constant **out)
{
	for (; expr->n_seen < expr->n; expr->n_seen++) {
		const struct fy_token *token = &expr->tokens[expr->n_seen];
		struct fy_ast_constant **to = &expr->constants[expr->n_seen];
		const char *name;

		if (token->kind != FY_TOKEN_NAME)
			continue;
		if (!*to) {
			name = fy_text(scope->check->mem, token->text.data,
				       token->text.len);
			if (!name)
				scope->err = FERRY_ENOMEM;
			else
				*to = find_constant(scope, &token->at, name);
		}
		if (!*to)
			return false;
		if (!is_settled(*to)) {
			*out = *to;
			return true;
		}
	}
	return true;
}

/*
 * What must be known before @value, of an enumerator behind @previous; NULL in
 * *@out if that is all there. Return: false if it can never be.
 */
static bool
needs(struct fy_scope *scope, struct fy_ast_value *value,
      struct fy_ast_constant *previous, struct fy_ast_constant **out)
{
	struct fy_ast_constant *from = NULL;

	*out = NULL;
	if (value->kind == FY_AST_EXPR)
		return expr_needs(scope, value->expr, out);
	if (value->kind == FY_AST_NO_VALUE) {
		from = previous;
	} else if (value->kind == FY_AST_NAME) {
		if (!value->constant)
			value->constant = find_constant(scope, &value->at,
							value->spelled);
		from = value->constant;
		if (!from)
			return false;
	}
	if (from && !is_settled(from))
		*out = from;
	return true;
}

/* ---- expressions ---- */

static ferry_err
add_token(struct fy_scope *scope, struct fy_tokens *tokens,
	  const struct fy_token *like, int kind, struct ferry_str text)
{
	struct fy_token token = *like;

	token.kind = kind;
	token.text = text;
	return fy_tokens_add(tokens, scope->check->mem, &token);
}

/* "(-5)" in the place of a name that is worth that. */
static ferry_err
add_number(struct fy_scope *scope, struct fy_tokens *tokens,
	   const struct fy_token *like, struct fy_number number)
{
	bool negative = number.negative;
	char text[FY_NUMBER_TEXT];
	ferry_err err = FERRY_OK;
	const char *copy;

	fy_number_text(number, text);
	copy = fy_text(scope->check->mem, text + negative,
		       strlen(text + negative));
	if (!copy)
		return FERRY_ENOMEM;
	if (negative)
		err = add_token(scope, tokens, like, '(', ferry_str_of("("));
	if (!err && negative)
		err = add_token(scope, tokens, like, '-', ferry_str_of("-"));
	if (!err)
		err = add_token(scope, tokens, like, FY_TOKEN_NUMBER,
				ferry_str_of(copy));
	if (!err && negative)
		err = add_token(scope, tokens, like, ')', ferry_str_of(")"));
	return err;
}

/* The number of an expression whose names are all settled. */
static bool
compute(struct fy_scope *scope, const struct fy_ast_value *value,
	struct fy_number *out)
{
	const struct fy_ast_expr *expr = value->expr;
	struct fy_tokens tokens = { NULL, 0, 0 };
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < expr->n && !err; i++) {
		const struct fy_ast_constant *one = expr->constants[i];
		const struct fy_token *token = &expr->tokens[i];

		if (one && (one->progress != FY_AST_GOOD ||
			    refuse_text(scope, &token->at, one)))
			return false;
		if (one)
			err = add_number(scope, &tokens, token, one->number);
		else
			err = fy_tokens_add(&tokens, scope->check->mem, token);
	}
	if (err)
		scope->err = err;
	return !err && fy_expr_number(tokens.list, tokens.n, &value->at,
				      scope->check->diag, out);
}

/* ---- constants ---- */

/*
 * RFC 4506 section 4.3: an enum is a signed int on the wire. What has the same
 * 32 bits without a sign is taken for it, as rpcgen's C does.
 */
static bool
check_enumerator(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	const struct fy_span *at = constant->value.kind == FY_AST_NO_VALUE
					   ? &constant->name.at
					   : &constant->value.at;

	if (fy_number_within(constant->number, INT32_MIN, INT32_MAX))
		return true;
	if (!fy_number_within(constant->number, 0, UINT32_MAX)) {
		fy_diag_error(scope->check->diag, at,
			      "an enumerator must fit 32 bits with sign: "
			      "-2147483648 to 2147483647");
		return false;
	}
	constant->number = fy_number_s32(constant->number);
	fy_diag_warn(scope->check->diag, FY_WARN_WRAPPED_NUMBER, at,
		     "an enumerator goes up to 2147483647: the same 32 bits "
		     "are %" PRId64, (int64_t)constant->number.bits);
	return true;
}

static void
follow(struct fy_ast_constant *constant, const struct fy_ast_constant *from)
{
	constant->number = from->number;
	constant->number.bits++;
	constant->number.negative &= constant->number.bits != 0;
}

/* Gives @constant its number; all that it needs is settled. */
static void
settle(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	struct fy_ast_value *value = &constant->value;
	const struct fy_ast_constant *from = value->constant;

	constant->progress = FY_AST_BAD;
	if (value->kind == FY_AST_NO_VALUE)
		from = constant->previous;
	if (from && from->progress != FY_AST_GOOD)
		return;
	if (from && is_text(from) && constant->def) {
		value->kind = FY_AST_TEXT;
		value->spelled = from->value.spelled;
	} else if (value->kind == FY_AST_NAME &&
		   refuse_text(scope, &value->at, from)) {
		return;
	} else if (value->kind == FY_AST_EXPR) {
		if (!compute(scope, value, &constant->number))
			return;
	} else if (from && value->kind == FY_AST_NO_VALUE) {
		follow(constant, from);
	} else {
		constant->number = from ? from->number : value->number;
	}
	if (constant->owner && !check_enumerator(scope, constant))
		return;
	constant->progress = FY_AST_GOOD;
}

static void
report_circle(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	fy_diag_error(scope->check->diag, &constant->name.at,
		      "the value of '%s' depends on itself",
		      constant->name.text);
	constant->progress = FY_AST_BAD;
}

/*
 * A chain of a million constants is followed in a loop: down by needs(), back
 * by .waits.
 */
void
fy_scope_evaluate(struct fy_scope *scope, struct fy_ast_constant *constant)
{
	if (constant->progress != FY_AST_FRESH)
		return;
	constant->waits = NULL;
	constant->progress = FY_AST_BUSY;
	while (constant) {
		struct fy_ast_constant *need;

		if (!needs(scope, &constant->value, constant->previous,
			   &need)) {
			constant->progress = FY_AST_BAD;
		} else if (!need) {
			settle(scope, constant);
		} else if (need->progress == FY_AST_BUSY) {
			report_circle(scope, constant);
		} else {
			need->waits = constant;
			need->progress = FY_AST_BUSY;
			constant = need;
			continue;
		}
		constant = constant->waits;
	}
}

/* ---- other values ---- */

void
fy_scope_value(struct fy_scope *scope, struct fy_ast_value *value)
{
	struct fy_ast_constant *need;

	if (value->known || (value->kind != FY_AST_NAME &&
			     value->kind != FY_AST_EXPR))
		return;
	do {
		if (!needs(scope, value, NULL, &need))
			return;
		if (need)
			fy_scope_evaluate(scope, need);
	} while (need);
	if (value->kind == FY_AST_EXPR) {
		value->known = compute(scope, value, &value->number);
		return;
	}
	if (value->constant->progress != FY_AST_GOOD ||
	    refuse_text(scope, &value->at, value->constant))
		return;
	value->number = value->constant->number;
	value->known = true;
}

static void
note_origin(struct fy_scope *scope, struct fy_message *message,
	    const struct fy_ast_value *value)
{
	if (value->constant)
		fy_diag_note(scope->check->diag, message,
			     &value->constant->name.at,
			     "its value comes from here");
}

void
fy_scope_u32(struct fy_scope *scope, struct fy_ast_value *value,
	     const char *what)
{
	struct fy_number number;

	fy_scope_value(scope, value);
	number = fy_number_u32(value->number);
	if (!value->known || fy_number_within(value->number, 0, UINT32_MAX))
		return;
	value->number = number;
	note_origin(scope,
		    fy_diag_warn(scope->check->diag, FY_WARN_WRAPPED_NUMBER,
				 &value->at,
				 "%s is from 0 to 4294967295: rpcgen's C makes "
				 "%" PRIu64 " of this", what, number.bits),
		    value);
}

void
fy_scope_length(struct fy_scope *scope, struct fy_ast_value *value)
{
	fy_scope_value(scope, value);
	if (!value->known || fy_number_within(value->number, 0, UINT32_MAX))
		return;
	value->known = false;
	note_origin(scope,
		    fy_diag_error(scope->check->diag, &value->at,
				  "a length must be from 0 to 4294967295"),
		    value);
}
