/* SPDX-License-Identifier: MIT */
#include "gen/emit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TAB 8
#define COLUMNS 80
/* Brackets that may be open at once in a line; more align as the last. */
#define NESTING 16

void
fy_emit_init(struct fy_emit *e, struct ferry_arena *mem)
{
	*e = (struct fy_emit){ .mem = mem };
}

char *
fy_format(struct ferry_arena *mem, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return NULL;

	text = ferry_arena_alloc(mem, (size_t)len + 1);
	if (!text)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

/* Room for @more bytes behind *@len, doubling. */
static bool
grow(struct fy_emit *e, char **text, size_t len, size_t *room, size_t more)
{
	size_t wanted = *room ? *room : 256;
	char *bigger;

	if (*room - len >= more)
		return true;
	while (wanted - len < more)
		wanted *= 2;
	bigger = ferry_arena_alloc(e->mem, wanted);
	if (!bigger) {
		e->err = FERRY_ENOMEM;
		return false;
	}
	if (len)
		memcpy(bigger, *text, len);
	*text = bigger;
	*room = wanted;
	return true;
}

static void
put(struct fy_emit *e, const char *bytes, size_t n)
{
	if (!n || !grow(e, &e->text, e->len, &e->room, n))
		return;
	memcpy(e->text + e->len, bytes, n);
	e->len += n;
}

/* White space as far as @column from the left edge. */
static void
put_indent(struct fy_emit *e, size_t column)
{
	for (; column >= TAB; column -= TAB)
		put(e, "\t", 1);
	for (; column; column--)
		put(e, " ", 1);
}

/* How a line is looked through for a place to break it. */
struct breaker {
	size_t open[NESTING]; /* where continuations of a bracket align */
	size_t depth;
	bool quoted;
	bool escaped; /* the next character by a backslash */
};

static void
see(struct breaker *b, char c, size_t column)
{
	if (b->escaped)
		b->escaped = false;
	else if (b->quoted && c == '\\')
		b->escaped = true;
	else if (c == '"')
		b->quoted = !b->quoted;
	else if (b->quoted)
		return;
	else if ((c == '(' || c == '{') && b->depth < NESTING)
		b->open[b->depth++] = column + 1;
	else if ((c == ')' || c == '}') && b->depth)
		b->depth--;
}

/* Whether a line may be broken behind text[i], a space. */
static bool
breaks_at(const char *text, size_t i)
{
	if (text[i] != ' ' || !i)
		return false;
	if (text[i - 1] == ',')
		return true;
	if (i > 1 && text[i - 1] == '+' && text[i - 2] == ' ')
		return true;
	return i > 2 && (memcmp(text + i - 3, " ||", 3) == 0 ||
			 memcmp(text + i - 3, " &&", 3) == 0);
}

/*
 * Where to break @text, which starts at *@column: behind the last comma or
 * operator that fits, or behind " = ". Sets the column to go on at, and @b to
 * the brackets that are open there. 0: nowhere.
 */
static size_t
find_break(const char *text, size_t len, size_t left, size_t *column,
	   struct breaker *b)
{
	struct breaker now = *b, then = *b;
	size_t best = 0, assign = 0;

	for (size_t i = 0; i < len; i++) {
		if (best && *column + i > COLUMNS)
			break;
		if (!now.quoted && breaks_at(text, i)) {
			best = i + 1;
			then = now;
		}
		if (!now.quoted && !assign && i > 2 &&
		    memcmp(text + i - 2, " = ", 3) == 0)
			assign = i + 1;
		see(&now, text[i], *column + i);
	}
	/* What is right of "=" stays whole if it can. */
	if (assign && (!best || *column + best - 1 > COLUMNS ||
		       (then.depth && left + TAB + len - assign <= COLUMNS))) {
		best = assign;
		then = *b;
	}
	*b = then;
	*column = b->depth ? b->open[b->depth - 1] : left + TAB;
	return best;
}

static void
end_line(struct fy_emit *e)
{
	size_t left = (size_t)e->indent * TAB;
	const char *text = e->line;
	size_t len = e->line_len;
	size_t column = left;
	struct breaker b = { .depth = 0 };

	e->line_len = 0;
	while (len && column + len > COLUMNS) {
		size_t next = column;
		size_t n = find_break(text, len, left, &next, &b);

		/* A piece that is too long and cannot be broken stays so. */
		if (!n || n >= len)
			break;
		put_indent(e, column);
		put(e, text, n - 1);
		put(e, "\n", 1);
		text += n;
		len -= n;
		column = next;
	}
	if (len) {
		put_indent(e, column);
		put(e, text, len);
	}
	put(e, "\n", 1);
}

static void
add(struct fy_emit *e, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\n') {
			end_line(e);
			continue;
		}
		if (!grow(e, &e->line, e->line_len, &e->line_room, 1))
			return;
		e->line[e->line_len++] = text[i];
	}
}

static size_t
slot_len(const char *name)
{
	size_t n = 0;

	while (name[n] >= 'a' && name[n] <= 'z')
		n++;
	return n;
}

/* The text of the slot of @n bytes at @name; NULL if it was not given. */
static const char *
find_slot(const char *name, size_t n, va_list slots)
{
	const char *key;

	while ((key = va_arg(slots, const char *))) {
		const char *value = va_arg(slots, const char *);

		if (strlen(key) == n && memcmp(key, name, n) == 0)
			return value ? value : "";
	}
	return NULL;
}

void
fy_emit_slots(struct fy_emit *e, const char *format, ...)
{
	while (*format) {
		size_t n = strcspn(format, "$");
		const char *value;
		va_list slots;

		add(e, format, n);
		format += n;
		if (!*format)
			break;
		n = slot_len(format + 1);
		va_start(slots, format);
		value = n ? find_slot(format + 1, n, slots) : "$";
		va_end(slots);
		if (!value)
			add(e, format, n + 1);
		else
			add(e, value, strlen(value));
		format += n ? n + 1 : 1 + (format[1] == '$');
	}
}

void
fy_emit_raw(struct fy_emit *e, const char *line)
{
	put(e, line, strlen(line));
	put(e, "\n", 1);
}

/* Bytes at @s that a comment must not hold: 0 if all is well. */
static size_t
harmful(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if ((s[0] == '*' && s[1] == '/') || (s[0] == '/' && s[1] == '*'))
		return 2;
	if (s[0] == '?' && s[1] == '?')
		return 2; /* a trigraph may be a line's end */
	if (u[0] == 0xe2 && ((u[1] == 0x80 && u[2] >= 0xaa && u[2] <= 0xae) ||
			     (u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9)))
		return 3; /* turns the direction of text around */
	if ((u[0] < ' ' && u[0] != '\t') || u[0] == 0x7f)
		return 1;
	return 0;
}

/* One line of a comment, from @s to before @end. */
static void
put_comment_line(struct fy_emit *e, const char *s, const char *end)
{
	while (end > s && (end[-1] == ' ' || end[-1] == '\t' ||
			   end[-1] == '\r' || end[-1] == '\\'))
		end--;
	while (s < end) {
		size_t n = harmful(s);

		if (n == 2) {
			put(e, s, 1);
			put(e, " ", 1);
			s++;
		} else if (n) {
			put(e, "?", 1);
			s += n;
		} else {
			put(e, s++, 1);
		}
	}
}

void
fy_emit_comment(struct fy_emit *e, const char *text)
{
	size_t left = (size_t)e->indent * TAB;
	const char *end = text + strlen(text);

	if (!memchr(text, '\n', (size_t)(end - text)) &&
	    left + (size_t)(end - text) + 6 <= COLUMNS) {
		put_indent(e, left);
		put(e, "/* ", 3);
		put_comment_line(e, text, end);
		put(e, " */\n", 4);
		return;
	}
	put_indent(e, left);
	put(e, "/*\n", 3);
	while (text < end) {
		const char *stop = text + strcspn(text, "\n");

		put_indent(e, left);
		put(e, stop > text ? " * " : " *", stop > text ? 3 : 2);
		put_comment_line(e, text, stop);
		put(e, "\n", 1);
		text = stop + (*stop == '\n');
	}
	put_indent(e, left);
	put(e, " */\n", 4);
}

void
fy_emit_append(struct fy_emit *e, const struct fy_emit *from)
{
	put(e, from->text, from->len);
	if (from->err)
		e->err = from->err;
}

ferry_err
fy_emit_text(struct fy_emit *e, const char **out)
{
	if (e->line_len)
		end_line(e);
	put(e, "", 1);
	if (e->err)
		return e->err;
	*out = e->text;
	return FERRY_OK;
}
