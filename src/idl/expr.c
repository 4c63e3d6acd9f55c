/* SPDX-License-Identifier: MIT */
#include "idl/expr.h"

#include <string.h>

#include "core/compiler.h"
#include "idl/number.h"

/* Parentheses, signs and ?: within each other. */
#define MAX_DEPTH 100

struct expr {
	const struct fy_token *list;
	size_t n;
	size_t at;
	const struct fy_span *where;
	struct fy_diag *diag;
	unsigned int depth;
	unsigned int unused; /* inside a part that C does not evaluate */
	bool failed;
};

enum op {
	OP_OR, OP_AND, OP_BIT_OR, OP_BIT_XOR, OP_BIT_AND, OP_EQ, OP_NE, OP_LE,
	OP_GE, OP_SHL, OP_SHR, OP_LT, OP_GT, OP_ADD, OP_SUB, OP_MUL, OP_DIV,
	OP_MOD
};

struct operator {
	const char *text;
	enum op op;
	unsigned int strength;
};

/* Longer ones before their own beginnings. */
static const struct operator operators[] = {
	{ "||", OP_OR, 1 },	 { "&&", OP_AND, 2 },
	{ "|", OP_BIT_OR, 3 },	 { "^", OP_BIT_XOR, 4 },
	{ "&", OP_BIT_AND, 5 },	 { "==", OP_EQ, 6 },
	{ "!=", OP_NE, 6 },	 { "<=", OP_LE, 7 },
	{ ">=", OP_GE, 7 },	 { "<<", OP_SHL, 8 },
	{ ">>", OP_SHR, 8 },	 { "<", OP_LT, 7 },
	{ ">", OP_GT, 7 },	 { "+", OP_ADD, 9 },
	{ "-", OP_SUB, 9 },	 { "*", OP_MUL, 10 },
	{ "/", OP_DIV, 10 },	 { "%", OP_MOD, 10 },
};

static int64_t ternary(struct expr *x);

static const struct fy_span *
here(const struct expr *x)
{
	return x->at < x->n ? &x->list[x->at].at : x->where;
}

static int64_t
fail(struct expr *x, const char *text)
{
	if (!x->failed)
		fy_diag_error(x->diag, here(x), "%s", text);
	x->failed = true;
	x->at = x->n;
	return 0;
}

static bool
looks_at(const struct expr *x, const char *text)
{
	size_t len = strlen(text);

	if (x->n - x->at < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		const struct fy_token *token = &x->list[x->at + i];

		if (token->kind != text[i] ||
		    token->text.data != x->list[x->at].text.data + i)
			return false;
	}
	return true;
}

static bool
accept(struct expr *x, const char *text)
{
	if (!looks_at(x, text))
		return false;
	x->at += strlen(text);
	return true;
}

static int64_t
number(struct expr *x)
{
	struct ferry_str text = x->list[x->at].text;
	uint64_t value = 0;

	while (text.len > 1 && strchr("uUlL", text.data[text.len - 1]))
		text.len--;
	if (fy_number_read(text, &value) != FY_NUMBER_OK)
		return fail(x, "this is not an integer that fits 64 bits");
	x->at++;
	return (int64_t)value;
}

static int64_t
primary(struct expr *x)
{
	int64_t value;

	if (x->at == x->n)
		return fail(x, "the expression ends too early");
	if (accept(x, "(")) {
		value = ternary(x);
		if (!accept(x, ")"))
			return fail(x, "expected ')'");
		return value;
	}
	if (x->list[x->at].kind == FY_TOKEN_NUMBER)
		return number(x);
	if (x->list[x->at].kind != FY_TOKEN_NAME)
		return fail(x, "expected a number or a name");
	x->at++;
	return 0;
}

static int64_t
unary(struct expr *x)
{
	int64_t value;

	if (++x->depth > MAX_DEPTH)
		return fail(x, "the expression is nested too deep");
	if (accept(x, "!"))
		value = !unary(x);
	else if (accept(x, "-"))
		value = (int64_t)(0 - (uint64_t)unary(x));
	else if (accept(x, "+"))
		value = unary(x);
	else if (accept(x, "~"))
		value = ~unary(x);
	else
		value = primary(x);
	x->depth--;
	return value;
}

static const struct operator *
find_operator(const struct expr *x)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(operators); i++) {
		if (looks_at(x, operators[i].text))
			return &operators[i];
	}
	return NULL;
}

static int64_t
divide(struct expr *x, enum op op, int64_t a, int64_t b)
{
	if (b == 0)
		return x->unused ? 0 : fail(x, "division by 0");
	if (b == -1) /* INT64_MIN / -1 does not fit */
		return op == OP_DIV ? (int64_t)(0 - (uint64_t)a) : 0;
	return op == OP_DIV ? a / b : a % b;
}

static int64_t
shift(enum op op, int64_t a, int64_t b)
{
	if (b < 0 || b > 63)
		return 0;
	return op == OP_SHL ? (int64_t)((uint64_t)a << b) : a >> b;
}

/* What overflows wraps, as with cpp. */
static int64_t
apply(struct expr *x, enum op op, int64_t a, int64_t b)
{
	switch (op) {
	case OP_OR: return a || b;
	case OP_AND: return a && b;
	case OP_BIT_OR: return a | b;
	case OP_BIT_XOR: return a ^ b;
	case OP_BIT_AND: return a & b;
	case OP_EQ: return a == b;
	case OP_NE: return a != b;
	case OP_LE: return a <= b;
	case OP_GE: return a >= b;
	case OP_LT: return a < b;
	case OP_GT: return a > b;
	case OP_SHL:
	case OP_SHR: return shift(op, a, b);
	case OP_ADD: return (int64_t)((uint64_t)a + (uint64_t)b);
	case OP_SUB: return (int64_t)((uint64_t)a - (uint64_t)b);
	case OP_MUL: return (int64_t)((uint64_t)a * (uint64_t)b);
	case OP_DIV:
	case OP_MOD: return divide(x, op, a, b);
	}
	return 0;
}

/* Operators at least as strong as @strength; recursion is at most 10 deep. */
static int64_t
binary(struct expr *x, unsigned int strength)
{
	int64_t left = unary(x);
	const struct operator *operator;

	while ((operator = find_operator(x)) &&
	       operator->strength >= strength) {
		bool decided = (operator->op == OP_OR && left) ||
			       (operator->op == OP_AND && !left);
		int64_t right;

		x->at += strlen(operator->text);
		x->unused += decided;
		right = binary(x, operator->strength + 1);
		left = apply(x, operator->op, left, right);
		x->unused -= decided;
	}
	return left;
}

static int64_t
ternary(struct expr *x)
{
	int64_t condition, yes, no;

	if (++x->depth > MAX_DEPTH)
		return fail(x, "the expression is nested too deep");
	condition = binary(x, 1);
	if (!accept(x, "?")) {
		x->depth--;
		return condition;
	}
	x->unused += !condition;
	yes = ternary(x);
	x->unused -= !condition;
	if (!accept(x, ":"))
		return fail(x, "expected ':'");
	x->unused += !!condition;
	no = ternary(x);
	x->unused -= !!condition;
	x->depth--;
	return condition ? yes : no;
}

bool
fy_expr_value(const struct fy_token *list, size_t n, const struct fy_span *at,
	      struct fy_diag *diag, int64_t *out)
{
	struct expr x = { .list = list, .n = n, .where = at, .diag = diag };
	int64_t value = ternary(&x);

	if (!x.failed && x.at < n)
		fail(&x, "this is more than an expression");
	if (!x.failed)
		*out = value;
	return !x.failed;
}
