/* SPDX-License-Identifier: MIT */
/*
 * Values in an interface file: numbers, names of constants, and expressions of
 * them. Expressions are only collected here: check computes them when it knows
 * what the names are worth.
 */
#include <string.h>

#include "idl/macro.h"
#include "idl/parser.h"

/* Operators of one character, between two values and before one. */
static const char binary[] = "+-*/%&|^";
static const char unary[] = "-+~(";

static bool
report_number(struct fy_parser *p, enum fy_number_fault fault)
{
	const struct fy_token *token = fy_parser_peek(p, 0);
	int len = (int)token->text.len;
	struct fy_message *message;

	if (fault == FY_NUMBER_TOO_BIG) {
		fy_diag_error(p->diag, &token->at,
			      "%.*s does not fit 64 bits", len,
			      token->text.data);
		return false;
	}
	message = fy_diag_error(p->diag, &token->at, "%.*s is not an integer",
				len, token->text.data);
	fy_diag_hint(p->diag, message,
		     "as in C, without a suffix: 31 is decimal, 0x1f "
		     "hexadecimal, 037 octal");
	return false;
}

/* The text of a number, and of the '-' before it, without blanks. */
static const char *
spell(struct fy_parser *p, struct ferry_str digits, bool negative)
{
	char *text = fy_parser_new(p, (size_t)digits.len + 2);

	if (!text)
		return NULL;
	text[0] = '-';
	memcpy(text + negative, digits.data, digits.len);
	return text;
}

/* From @first to @last, if they stand on one line; else only @first. */
static struct fy_span
span_of(const struct fy_token *first, const struct fy_token *last)
{
	struct fy_span at = first->at;

	if (first->at.place.line == last->at.place.line &&
	    first->at.place.file == last->at.place.file &&
	    last->at.place.column >= first->at.place.column)
		at.len = last->at.place.column + last->at.len -
			 first->at.place.column;
	return at;
}

static bool
parse_number(struct fy_parser *p, struct fy_ast_value *out)
{
	const struct fy_token *first = fy_parser_peek(p, 0);
	bool negative = fy_parser_accept(p, '-');
	const struct fy_token *token = fy_parser_peek(p, 0);
	enum fy_number_fault fault;
	uint64_t magnitude = 0;

	fault = fy_number_read(token->text, &magnitude);
	out->number = (struct fy_number){ magnitude, false };
	if (!fault && negative && !fy_number_negate(magnitude, &out->number))
		fault = FY_NUMBER_TOO_BIG;
	if (fault)
		return report_number(p, fault);
	out->kind = FY_AST_NUMBER;
	out->known = true;
	out->at = span_of(first, token);
	out->spelled = spell(p, token->text, negative);
	if (negative && token->text.len > 1 && token->text.data[0] == '0')
		fy_diag_warn(p->diag, FY_WARN_EXPRESSION, &out->at,
			     "only decimal numbers have a sign in the RFC");
	p->at++;
	return out->spelled;
}

/*
 * How many tokens an operator takes @ahead; 0: there is none. In a bound '>'
 * is its end: x<A>>. @nested: between parentheses
 */
static size_t
operator_at(const struct fy_parser *p, size_t ahead, bool nested)
{
	const struct fy_token *token = fy_parser_peek(p, ahead);
	const struct fy_token *next = fy_parser_peek(p, ahead + 1);

	if (token->kind > 0 && token->kind < FY_TOKEN_NAME &&
	    strchr(binary, token->kind))
		return 1;
	if (token->kind == '>' && p->in_bound && !nested)
		return 0;
	if ((token->kind == '<' || token->kind == '>') &&
	    next->kind == token->kind && !next->spaced)
		return 2;
	return 0;
}

static bool
is_unary(int kind)
{
	return kind > 0 && kind < FY_TOKEN_NAME && strchr(unary, kind);
}

static bool
append(struct fy_parser *p, struct fy_tokens *tokens,
       const struct fy_token *token)
{
	ferry_err err = fy_tokens_add(tokens, p->mem, token);

	if (err)
		p->err = err;
	return !err;
}

/* Takes a name of an expression, and what qualifies it. */
static bool
take_name(struct fy_parser *p, struct fy_tokens *tokens)
{
	struct fy_ast_name name;

	if (!fy_parser_reference(p, "a number or a constant's name", &name))
		return false;
	return append(p, tokens, fy_parser_peek(p, 0) - 1);
}

static bool
take(struct fy_parser *p, struct fy_tokens *tokens)
{
	p->at++;
	return append(p, tokens, fy_parser_peek(p, 0) - 1);
}

/* A value with its signs and what opens before it; @n_open counts these. */
static bool
collect_operand(struct fy_parser *p, struct fy_tokens *tokens, size_t *n_open)
{
	while (is_unary(fy_parser_peek(p, 0)->kind)) {
		*n_open += fy_parser_at(p, '(');
		if (!take(p, tokens))
			return false;
	}
	if (fy_parser_peek(p, 0)->kind == FY_TOKEN_NUMBER ||
	    fy_parser_peek(p, 0)->kind == FY_TOKEN_CHAR)
		return take(p, tokens);
	return take_name(p, tokens);
}

/*
 * Operands and operators in turn; what is between parentheses nests without
 * recursion.
 */
static bool
collect(struct fy_parser *p, struct fy_tokens *tokens)
{
	size_t n_open = 0;

	for (;;) {
		size_t n;

		if (!collect_operand(p, tokens, &n_open))
			return false;
		while (n_open > 0 && fy_parser_at(p, ')')) {
			n_open--;
			if (!take(p, tokens))
				return false;
		}
		n = operator_at(p, 0, n_open > 0);
		if (n == 0)
			break;
		while (n-- > 0) {
			if (!take(p, tokens))
				return false;
		}
	}
	return n_open == 0 || fy_parser_expect(p, ')', "the expression");
}

static bool
parse_expression(struct fy_parser *p, struct fy_ast_value *out)
{
	const struct fy_token *first = fy_parser_peek(p, 0);
	struct fy_ast_expr *expr = fy_parser_new(p, sizeof(*expr));
	struct fy_tokens tokens = { NULL, 0, 0 };

	if (!expr || !collect(p, &tokens))
		return false;
	out->kind = FY_AST_EXPR;
	out->at = span_of(first, fy_parser_peek(p, 0) - 1);
	out->spelled = "this expression";
	out->expr = expr;
	expr->tokens = tokens.list;
	expr->n = tokens.n;
	expr->constants = fy_parser_new(p, tokens.n * sizeof(*expr->constants));
	fy_diag_warn(p->diag, FY_WARN_EXPRESSION, &out->at,
		     "the RFC has only numbers and names here");
	return expr->constants;
}

bool
fy_parser_value(struct fy_parser *p, const char *what,
		struct fy_ast_value *out)
{
	const struct fy_token *token = fy_parser_peek(p, 0);
	bool negative = token->kind == '-' &&
			fy_parser_peek(p, 1)->kind == FY_TOKEN_NUMBER;
	size_t len = negative ? 2 : fy_parser_name_len(p);
	bool is_number = negative || token->kind == FY_TOKEN_NUMBER;
	struct fy_ast_name name;

	if ((is_unary(token->kind) && !negative) ||
	    token->kind == FY_TOKEN_CHAR ||
	    ((is_number || token->kind == FY_TOKEN_NAME) &&
	     operator_at(p, len, false) > 0))
		return parse_expression(p, out);
	if (is_number)
		return parse_number(p, out);
	if (!fy_parser_reference(p, what, &name))
		return false;
	out->kind = FY_AST_NAME;
	out->at = name.at;
	out->spelled = name.text;
	return true;
}
