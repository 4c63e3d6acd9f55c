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

struct value {
	uint64_t bits;
	bool is_unsigned;
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
	bool gives_truth;
};

/* Longer ones before their own beginnings. */
static const struct operator operators[] = {
	{ "||", OP_OR, 1, true },	 { "&&", OP_AND, 2, true },
	{ "|", OP_BIT_OR, 3, false },	 { "^", OP_BIT_XOR, 4, false },
	{ "&", OP_BIT_AND, 5, false },	 { "==", OP_EQ, 6, true },
	{ "!=", OP_NE, 6, true },	 { "<=", OP_LE, 7, true },
	{ ">=", OP_GE, 7, true },	 { "<<", OP_SHL, 8, false },
	{ ">>", OP_SHR, 8, false },	 { "<", OP_LT, 7, true },
	{ ">", OP_GT, 7, true },	 { "+", OP_ADD, 9, false },
	{ "-", OP_SUB, 9, false },	 { "*", OP_MUL, 10, false },
	{ "/", OP_DIV, 10, false },	 { "%", OP_MOD, 10, false },
};

static struct value ternary(struct expr *x);

static const struct fy_span *
here(const struct expr *x)
{
	return x->at < x->n ? &x->list[x->at].at : x->where;
}

static struct value
of(int64_t value)
{
	return (struct value){ (uint64_t)value, false };
}

static struct value
fail(struct expr *x, const char *text)
{
	if (!x->failed)
		fy_diag_error(x->diag, here(x), "%s", text);
	x->failed = true;
	x->at = x->n;
	return of(0);
}

/* Whether @token follows the one before it without anything between. */
static bool
sticks(const struct fy_token *token)
{
	const struct fy_token *before = token - 1;

	return token->joined ||
	       token->text.data == before->text.data + before->text.len;
}

static bool
looks_at(const struct expr *x, const char *text)
{
	size_t len = strlen(text);

	if (x->n - x->at < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		const struct fy_token *token = &x->list[x->at + i];

		if (token->kind != text[i] || (i > 0 && !sticks(token)))
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

static bool
takes(struct ferry_str *text, const char *letters)
{
	if (text->len < 2 || !strchr(letters, text->data[text->len - 1]))
		return false;
	text->len--;
	return true;
}

/* Takes u, l, ll, and u with either, in any order, off the end of @text. */
static bool
takes_suffix(struct ferry_str *text)
{
	bool is_unsigned = takes(text, "uU");
	char last;

	if (takes(text, "lL")) {
		last = text->data[text->len];
		if (text->data[text->len - 1] == last)
			text->len--;
	}
	return is_unsigned || takes(text, "uU");
}

static struct value
number(struct expr *x)
{
	struct ferry_str text = x->list[x->at].text;
	struct value value = { 0, takes_suffix(&text) };

	if (fy_number_read(text, &value.bits) != FY_NUMBER_OK)
		return fail(x, "this is not an integer that fits 64 bits");
	value.is_unsigned |= value.bits > INT64_MAX;
	x->at++;
	return value;
}

static unsigned int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10 : 99;
}

/* The character behind a backslash, at @text[*i], which is moved behind it. */
static unsigned int
escape(struct ferry_str text, uint32_t *i)
{
	static const char letters[] = "abfnrtv";
	static const char meanings[] = "\a\b\f\n\r\t\v";
	char c = text.data[(*i)++];
	const char *letter = memchr(letters, c, sizeof(letters) - 1);
	unsigned int value = digit(c);
	uint32_t end = *i + 2;

	if (letter)
		return (unsigned char)meanings[letter - letters];
	if (c == 'x') {
		for (value = 0; *i < text.len && digit(text.data[*i]) < 16;)
			value = value * 16 + digit(text.data[(*i)++]);
		return value;
	}
	if (value > 7)
		return (unsigned char)c;
	while (*i < text.len && *i < end && digit(text.data[*i]) < 8)
		value = value * 8 + digit(text.data[(*i)++]);
	return value;
}

/* As gcc has them: a char is signed, and of several each is eight bits. */
static struct value
character(struct expr *x)
{
	struct ferry_str text = x->list[x->at].text;
	uint32_t value = 0;
	uint32_t i = 1;
	size_t n = 0;

	text.len--; /* the quote behind it */
	for (; i < text.len; n++) {
		unsigned int c = (unsigned char)text.data[i++];

		if (c == '\\')
			c = escape(text, &i);
		value = value << 8 | (c & 0xff);
	}
	if (n == 0)
		return fail(x, "there is no character between these");
	x->at++;
	return of(n == 1 ? (int8_t)value : (int32_t)value);
}

static struct value
name(struct expr *x)
{
	x->at++;
	if (looks_at(x, "(")) {
		x->at--;
		return fail(x, "this is no macro that takes arguments");
	}
	return of(0);
}

static struct value
primary(struct expr *x)
{
	struct value value;

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
	if (x->list[x->at].kind == FY_TOKEN_CHAR)
		return character(x);
	if (x->list[x->at].kind != FY_TOKEN_NAME)
		return fail(x, "expected a number or a name");
	return name(x);
}

static struct value
unary(struct expr *x)
{
	struct value value;

	if (++x->depth > MAX_DEPTH)
		return fail(x, "the expression is nested too deep");
	if (accept(x, "!")) {
		value = of(unary(x).bits == 0);
	} else if (accept(x, "-")) {
		value = unary(x);
		value.bits = 0 - value.bits;
	} else if (accept(x, "+")) {
		value = unary(x);
	} else if (accept(x, "~")) {
		value = unary(x);
		value.bits = ~value.bits;
	} else {
		value = primary(x);
	}
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

static uint64_t
divide(struct expr *x, enum op op, struct value a, struct value b)
{
	bool is_unsigned = a.is_unsigned || b.is_unsigned;

	if (b.bits == 0)
		return x->unused ? 0 : fail(x, "division by 0").bits;
	if (is_unsigned)
		return op == OP_DIV ? a.bits / b.bits : a.bits % b.bits;
	if (b.bits == UINT64_MAX) /* INT64_MIN / -1 does not fit */
		return op == OP_DIV ? 0 - a.bits : 0;
	return (uint64_t)(op == OP_DIV ? (int64_t)a.bits / (int64_t)b.bits
				       : (int64_t)a.bits % (int64_t)b.bits);
}

/* Back, if the count is negative, and of the left operand's sign. */
static uint64_t
shift(enum op op, struct value a, struct value b)
{
	bool back = !b.is_unsigned && (int64_t)b.bits < 0;
	bool left = (op == OP_SHL) != back;
	uint64_t count = back ? 0 - b.bits : b.bits;
	bool negative = !a.is_unsigned && (int64_t)a.bits < 0;

	if (count > 63)
		return !left && negative ? UINT64_MAX : 0;
	if (left)
		return a.bits << count;
	return negative ? ~(~a.bits >> count) : a.bits >> count;
}

static bool
less(struct value a, struct value b)
{
	if (a.is_unsigned || b.is_unsigned)
		return a.bits < b.bits;
	return (int64_t)a.bits < (int64_t)b.bits;
}

/* What gives a truth: C has them as int. */
static bool
compare(enum op op, struct value a, struct value b)
{
	switch (op) {
	case OP_OR: return a.bits || b.bits;
	case OP_AND: return a.bits && b.bits;
	case OP_EQ: return a.bits == b.bits;
	case OP_NE: return a.bits != b.bits;
	case OP_LE: return !less(b, a);
	case OP_GE: return !less(a, b);
	case OP_LT: return less(a, b);
	default: return less(b, a);
	}
}

static uint64_t
compute(struct expr *x, enum op op, struct value a, struct value b)
{
	switch (op) {
	case OP_BIT_OR: return a.bits | b.bits;
	case OP_BIT_XOR: return a.bits ^ b.bits;
	case OP_BIT_AND: return a.bits & b.bits;
	case OP_SHL:
	case OP_SHR: return shift(op, a, b);
	case OP_ADD: return a.bits + b.bits;
	case OP_SUB: return a.bits - b.bits;
	case OP_MUL: return a.bits * b.bits;
	default: return divide(x, op, a, b);
	}
}

static struct value
apply(struct expr *x, const struct operator *operator, struct value a,
      struct value b)
{
	enum op op = operator->op;
	bool is_shift = op == OP_SHL || op == OP_SHR;

	if (operator->gives_truth)
		return of(compare(op, a, b));
	return (struct value){
		compute(x, op, a, b),
		a.is_unsigned || (b.is_unsigned && !is_shift),
	};
}

/* Operators at least as strong as @strength; recursion is at most 10 deep. */
static struct value
binary(struct expr *x, unsigned int strength)
{
	struct value left = unary(x);
	const struct operator *operator;

	while ((operator = find_operator(x)) &&
	       operator->strength >= strength) {
		bool decided = (operator->op == OP_OR && left.bits) ||
			       (operator->op == OP_AND && !left.bits);
		struct value right;

		x->at += strlen(operator->text);
		x->unused += decided;
		right = binary(x, operator->strength + 1);
		left = apply(x, operator, left, right);
		x->unused -= decided;
	}
	return left;
}

/* The second and third operand are brought to one type, chosen or not. */
static struct value
ternary(struct expr *x)
{
	struct value condition, yes, no;
	bool is_unsigned;

	if (++x->depth > MAX_DEPTH)
		return fail(x, "the expression is nested too deep");
	condition = binary(x, 1);
	if (!accept(x, "?")) {
		x->depth--;
		return condition;
	}
	x->unused += !condition.bits;
	yes = ternary(x);
	x->unused -= !condition.bits;
	if (!accept(x, ":"))
		return fail(x, "expected ':'");
	x->unused += !!condition.bits;
	no = ternary(x);
	x->unused -= !!condition.bits;
	x->depth--;
	is_unsigned = yes.is_unsigned || no.is_unsigned;
	return (struct value){ condition.bits ? yes.bits : no.bits,
			       is_unsigned };
}

bool
fy_expr_number(const struct fy_token *list, size_t n, const struct fy_span *at,
	       struct fy_diag *diag, struct fy_number *out)
{
	struct expr x = { .list = list, .n = n, .where = at, .diag = diag };
	struct value value = ternary(&x);

	if (!x.failed && x.at < n)
		fail(&x, "this is more than an expression");
	if (x.failed)
		return false;
	out->bits = value.bits;
	out->negative = !value.is_unsigned && (int64_t)value.bits < 0;
	return true;
}
