/* SPDX-License-Identifier: MIT */
/*
 * JSON as text. Jansson prints reals with 17 digits, one member on each line,
 * and characters that a terminal obeys.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json/buf.h"
#include "json/json.h"
#include "json/real.h"

/* A value stands on a line that is shorter, with room for a comma. */
#define LINE 79
#define INDENT 2
/* Deeper lines begin here, or the spaces before them would outweigh them. */
#define MAX_INDENT 80

struct text {
	struct fy_json_buf buf;
	const char *colon;
	const char *comma;
	size_t stop; /* no need to write further */
	ferry_err err;
};

static void
write(struct text *t, const char *text, size_t len)
{
	uint8_t *p;

	if (!t->err)
		t->err = fy_json_buf_room(&t->buf, len, &p);
	if (!t->err && len > 0)
		memcpy(p, text, len);
}

static void
write_text(struct text *t, const char *text)
{
	write(t, text, strlen(text));
}

static void
write_line(struct text *t, size_t indent)
{
	uint8_t *p;

	write(t, "\n", 1);
	if (!t->err)
		t->err = fy_json_buf_room(&t->buf, indent, &p);
	if (!t->err)
		memset(p, ' ', indent);
}

/* ---- scalars ---- */

/*
 * How a character of @len bytes is written, NULL for as it is. C1 controls,
 * U+0080 to U+009F, are 0xc2 and a second byte in UTF-8.
 */
static const char *
escape(const char *c, size_t len, char out[8])
{
	unsigned int code = (unsigned char)c[0];

	if (code == '"')
		return "\\\"";
	if (code == '\\')
		return "\\\\";
	if (code == '\n')
		return "\\n";
	if (code == '\t')
		return "\\t";
	if (code == 0xc2 && len > 1)
		code = (unsigned char)c[1];
	else if (code >= ' ' && code != 0x7f)
		return NULL;
	if (code > 0x9f)
		return NULL;
	snprintf(out, 8, "\\u%04x", code);
	return out;
}

static void
write_string(struct text *t, const char *text, size_t len)
{
	size_t start = 0;
	char escaped[8];

	write(t, "\"", 1);
	for (size_t i = 0; i < len && t->buf.len < t->stop; i++) {
		const char *instead = escape(text + i, len - i, escaped);

		if (!instead)
			continue;
		write(t, text + start, i - start);
		write_text(t, instead);
		i += (unsigned char)text[i] == 0xc2;
		start = i + 1;
	}
	write(t, text + start, len - start);
	write(t, "\"", 1);
}

static void
write_scalar(struct text *t, const json_t *value)
{
	char number[FY_REAL_TEXT];

	switch (json_typeof(value)) {
	case JSON_STRING:
		write_string(t, json_string_value(value),
			     json_string_length(value));
		break;
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		write_text(t, number);
		break;
	case JSON_REAL:
		fy_real_text(json_real_value(value), number);
		write_text(t, number);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		write_text(t, json_is_true(value) ? "true" : "false");
		break;
	default:
		write_text(t, "null");
		break;
	}
}

/* ---- arrays and objects, in one loop each ---- */

/* What is next in a container. */
struct cursor {
	const json_t *container;
	size_t index;
	void *at;	     /* of an object */
	const size_t *indent; /* of a line for each member; NULL: on one line */
};

static struct cursor
cursor_on(const json_t *container, const size_t *indent)
{
	/* Jansson's iterators leave the object as it is, in spite of types. */
	return (struct cursor){
		.container = container,
		.at = json_object_iter((json_t *)container),
		.indent = indent,
	};
}

static void
write_key(struct text *t, struct cursor *cursor)
{
	const char *key = json_object_iter_key(cursor->at);

	write_string(t, key, strlen(key));
	write_text(t, t->colon);
	cursor->at = json_object_iter_next((json_t *)cursor->container,
					   cursor->at);
}

/* Writes what stands before the next member. Return: that, or NULL. */
static const json_t *
next(struct text *t, struct cursor *cursor)
{
	const json_t *value =
		cursor->at ? json_object_iter_value(cursor->at)
			   : json_array_get(cursor->container, cursor->index);

	if (!value)
		return NULL;
	if (cursor->index++ > 0)
		write_text(t, cursor->indent ? "," : t->comma);
	if (cursor->indent)
		write_line(t, *cursor->indent);
	if (cursor->at)
		write_key(t, cursor);
	return value;
}

static bool
is_container(const json_t *value)
{
	return json_is_array(value) || json_is_object(value);
}

/* On one line, as far as t->stop. */
static void
write_flat(struct text *t, const json_t *value)
{
	struct cursor cursor = cursor_on(value, NULL);
	const json_t *held;

	if (!is_container(value)) {
		write_scalar(t, value);
		return;
	}
	write_text(t, json_is_array(value) ? "[" : "{");
	while (t->buf.len < t->stop && !t->err &&
	       (held = next(t, &cursor)))
		write_flat(t, held);
	write_text(t, json_is_array(value) ? "]" : "}");
}

/* Return: whether @value has found room on a line that began at @start. */
static bool
write_on_line(struct text *t, const json_t *value, size_t start)
{
	size_t mark = t->buf.len;
	size_t stop = t->stop;
	bool fits;

	t->stop = start + LINE;
	write_flat(t, value);
	fits = t->buf.len < t->stop;
	t->stop = stop;
	if (!fits && !t->err)
		t->buf.len = mark;
	return fits;
}

/* @start: where the line began that it stands on. */
static void
write_lines(struct text *t, const json_t *value, size_t indent, size_t start)
{
	size_t inner = indent < MAX_INDENT ? indent + INDENT : MAX_INDENT;
	struct cursor cursor = cursor_on(value, &inner);
	const json_t *held;

	if (!is_container(value)) {
		write_scalar(t, value);
		return;
	}
	if (write_on_line(t, value, start))
		return;
	write_text(t, json_is_array(value) ? "[" : "{");
	start = t->buf.len + 1;
	while (!t->err && (held = next(t, &cursor))) {
		write_lines(t, held, inner, start);
		/* Behind the comma the next line begins. */
		start = t->buf.len + 2;
	}
	write_line(t, indent);
	write_text(t, json_is_array(value) ? "]" : "}");
}

ferry_err
fy_json_text(const json_t *value, enum fy_json_style style,
	     struct ferry_arena *mem, struct ferry_str *out)
{
	struct text t = {
		.buf = { .hooks = mem->hooks, .max = UINT32_MAX },
		.colon = style == FY_JSON_COMPACT ? ":" : ": ",
		.comma = style == FY_JSON_COMPACT ? "," : ", ",
		.stop = SIZE_MAX,
	};
	struct ferry_bytes all;

	if (style == FY_JSON_COMPACT)
		write_flat(&t, value);
	else
		write_lines(&t, value, 0, 0);
	if (!t.err)
		t.err = fy_json_buf_end(&t.buf, mem, &all);
	fy_json_buf_fini(&t.buf);
	if (!t.err)
		*out = (struct ferry_str){ (const char *)all.data, all.len };
	return t.err;
}
