/* SPDX-License-Identifier: MIT */
#include "cli/value.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/os.h"
#include "idl/utf8.h"
#include "schema/declare.h"

/* The bytes of a file or of standard input that are taken as one value. */
#define MAX_TEXT ((size_t)512 << 20)
/* Columns of a line that are shown around an error. */
#define MAX_SHOWN 72

/* ---- words ---- */

static bool
is_stdin(const char *word)
{
	return !word || strcmp(word, "-") == 0;
}

const char *
fy_value_name(const char *word)
{
	if (is_stdin(word))
		return "standard input";
	return *word == '@' ? word + 1 : "the value";
}

/* Takes the rest of @fd. Return: false, with errno. */
static bool
read_all(int fd, char **text, size_t *len)
{
	size_t cap = 0;

	*text = NULL;
	*len = 0;
	for (;;) {
		ssize_t n;

		if (*len == cap) {
			char *more;

			cap = cap > 0 ? cap * 2 : 65536;
			more = cap <= MAX_TEXT ? fy_resize(NULL, *text, cap)
					       : NULL;
			if (!more) {
				errno = cap <= MAX_TEXT ? ENOMEM : EFBIG;
				return false;
			}
			*text = more;
		}
		n = fy_os_read(fd, *text + *len, cap - *len);
		if (n <= 0)
			return n == 0;
		*len += (size_t)n;
	}
}

static int
cannot_read(const char *word)
{
	return fy_cmd_complain("cannot read %s: %s", fy_value_name(word),
			       strerror(errno));
}

static int
load_fd(int fd, const char *word, struct ferry_arena *mem,
	struct ferry_str *out)
{
	char *text;
	size_t len;

	if (!read_all(fd, &text, &len)) {
		fy_free(NULL, text);
		return cannot_read(word);
	}
	if (fy_arena_adopt(mem, NULL, text) != FERRY_OK) {
		fy_free(NULL, text);
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	}
	*out = (struct ferry_str){ text, (uint32_t)len };
	return 0;
}

int
fy_value_load(const char *word, struct ferry_arena *mem, struct ferry_str *out)
{
	int fd, status;

	if (is_stdin(word))
		return load_fd(STDIN_FILENO, word, mem, out);
	if (*word != '@') {
		*out = ferry_str_of(word);
		return 0;
	}
	if (word[1] == '\0') {
		fy_cmd_complain("'@' stands before the name of a file");
		return FY_EXIT_USAGE;
	}
	fd = fy_os_open(word + 1, O_RDONLY, 0);
	if (fd < 0)
		return cannot_read(word);
	status = load_fd(fd, word, mem, out);
	fy_os_close(fd);
	return status;
}

/* ---- JSON text ---- */

/* The bytes of one line, from @at, and how many of them @columns take. */
static size_t
line_at(struct ferry_str text, size_t at, size_t columns, size_t *before)
{
	size_t len = 0;

	*before = 0;
	for (; at + len < text.len && text.data[at + len] != '\n'; len++) {
		bool goes_on = (text.data[at + len] & 0xc0) == 0x80;

		if (!goes_on && columns > 0) {
			columns--;
			*before = len;
		}
	}
	return len;
}

/* A part of a line around @caret, an offset in it, and the caret below. */
static void
show_line(const char *line, size_t len, size_t caret)
{
	size_t start = caret > MAX_SHOWN / 2 ? caret - MAX_SHOWN / 2 : 0;
	size_t end = len - start > MAX_SHOWN ? start + MAX_SHOWN : len;
	int column = 0;

	while (start < caret && (line[start] & 0xc0) == 0x80)
		start++;
	while (end < len && (line[end] & 0xc0) == 0x80)
		end--;
	fputs("  ", stderr);
	for (size_t i = start, n; i < end; i += n > 0 ? n : 1) {
		n = fy_utf8_shown_len(line + i, end - i);
		if (n > 0)
			fwrite(line + i, 1, n, stderr);
		else
			fputc(' ', stderr);
		column += i < caret;
	}
	fprintf(stderr, "\n  %*s\n", column + 1, "^");
}

/*
 * What to do about it, where that is plain. Jansson has one code for numbers
 * that are too large, and tells reals from integers in the text alone.
 */
static const char *
hint_for(const json_error_t *error, const char *first)
{
	if (error->position > 0 && isalpha((unsigned char)*first))
		return "a string stands in quotes: '\"hello\"' in a shell";
	switch (json_error_code(error)) {
	case json_error_numeric_overflow:
		if (strncmp(error->text, "real", 4) == 0)
			return "no double is that large, but \"Infinity\" and "
			       "\"-Infinity\"";
		return "write an unsigned hyper as a string: "
		       "\"18446744073709551615\"";
	case json_error_duplicate_key:
		return "each key stands once in an object";
	default:
		return NULL;
	}
}

/* Counts the lines before @text->at too, where this value begins. */
static int
complain_syntax(const struct fy_value_text *text, const json_error_t *error)
{
	size_t at = text->at, line = 1, len, caret;
	size_t column = error->column > 0 ? (size_t)error->column : 1;
	const char *hint = hint_for(error, text->all.data + text->at);

	for (int i = 1; i < error->line; i++) {
		const char *end = memchr(text->all.data + at, '\n',
					 text->all.len - at);

		at = end ? (size_t)(end - text->all.data) + 1 : text->all.len;
	}
	/* Another value may stand before this one on the line. */
	for (; at > 0 && text->all.data[at - 1] != '\n'; at--)
		column += (text->all.data[at - 1] & 0xc0) != 0x80;
	for (size_t i = 0; i < at; i++)
		line += text->all.data[i] == '\n';
	len = line_at(text->all, at, column, &caret);
	fy_cmd_complain("%s:%zu:%zu: %s", text->name, line, column,
			error->text);
	show_line(text->all.data + at, len, caret);
	if (hint)
		fprintf(stderr, "  hint: %s\n", hint);
	return FY_EXIT_USAGE;
}

/* Of memory that is missing jansson tells in no other way. */
static int
complain_parse(const struct fy_value_text *text, const json_error_t *error)
{
	if (*error->text != '\0')
		return complain_syntax(text, error);
	return fy_cmd_complain("%s: %s", text->name,
			       ferry_strerror(FERRY_ENOMEM));
}

static void
skip_space(struct fy_value_text *text)
{
	while (text->at < text->all.len &&
	       strchr(" \t\r\n", text->all.data[text->at]) &&
	       text->all.data[text->at] != '\0')
		text->at++;
}

int
fy_value_next(struct fy_value_text *text, json_t **out)
{
	json_error_t error;
	json_t *value;

	skip_space(text);
	if (text->at == text->all.len) {
		*out = NULL;
		return 0;
	}
	value = json_loadb(text->all.data + text->at,
			   text->all.len - text->at,
			   FY_JSON_PARSE | JSON_DISABLE_EOF_CHECK, &error);
	if (!value)
		return complain_parse(text, &error);
	text->at += (size_t)error.position;
	*out = value;
	return 0;
}

int
fy_value_parse(struct ferry_str all, const char *name, json_t **out)
{
	struct fy_value_text text = { .name = name, .all = all };
	json_error_t error;
	json_t *value;

	skip_space(&text);
	if (text.at == all.len) {
		fy_cmd_complain("%s is empty: a JSON value is wanted", name);
		return FY_EXIT_USAGE;
	}
	value = json_loadb(all.data + text.at, all.len - text.at,
			   FY_JSON_PARSE, &error);
	if (!value)
		return complain_parse(&text, &error);
	*out = value;
	return 0;
}

int
fy_value_read(const char *word, json_t **out)
{
	struct ferry_arena mem = { 0 };
	struct ferry_str text;
	int status = fy_value_load(word, &mem, &text);

	if (!status)
		status = fy_value_parse(text, fy_value_name(word), out);
	ferry_arena_fini(&mem);
	return status;
}

/* ---- to the user ---- */

int
fy_value_print(const json_t *value, enum fy_json_style style, FILE *to)
{
	struct ferry_arena mem = { 0 };
	struct ferry_str text;
	ferry_err err = fy_json_text(value, style, &mem, &text);

	if (!err) {
		fwrite(text.data, 1, text.len, to);
		fputc('\n', to);
	}
	ferry_arena_fini(&mem);
	if (!err)
		return 0;
	fy_cmd_complain("%s", ferry_strerror(err));
	return ferry_err_status(err);
}

/* The type's; the procedure's, if what was expected has no declaration. */
static void
print_declaration(const struct fy_type *type,
		  const struct fy_procedure *procedure)
{
	const struct fy_place *place = type ? &type->place : &procedure->place;
	struct ferry_arena mem = { 0 };
	const char *text;
	ferry_err err = type ? fy_declare_type(type, &mem, &text)
			     : fy_declare_procedure(procedure, &mem, &text);

	/* Without memory for it the message above has to do. */
	if (!err) {
		if (place->file)
			fprintf(stderr, "%s:%" PRIu32 " has:\n", place->file,
				place->line);
		fputs(text, stderr);
		if (!type)
			fputc('\n', stderr);
	}
	ferry_arena_fini(&mem);
}

int
fy_value_misfit(const char *name, ferry_err err,
		const struct fy_json_fault *fault,
		const struct fy_procedure *procedure)
{
	const char *text = fault->text;

	if (*text == '\0')
		text = ferry_strerror(err);
	if (*fault->where != '\0')
		fy_cmd_complain("%s, at %s: %s", name, fault->where, text);
	else
		fy_cmd_complain("%s: %s", name, text);
	if (fault->expected || procedure)
		print_declaration(fault->expected, procedure);
	return ferry_err_status(err);
}
