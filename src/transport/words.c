/* SPDX-License-Identifier: MIT */
#include "transport/words.h"

#include <stdbool.h>
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"

struct splitter {
	const char *at;
	char *to;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Up to the closing quote. Return: false if there is none. */
static bool
copy_single(struct splitter *s)
{
	while (*s->at && *s->at != '\'')
		*s->to++ = *s->at++;
	return *s->at++ == '\'';
}

/* What a backslash quotes; with a newline it is nothing at all. */
static bool
copy_escaped(struct splitter *s)
{
	if (*s->at == '\0')
		return false;
	if (*s->at != '\n')
		*s->to++ = *s->at;
	s->at++;
	return true;
}

/* In "...", a backslash quotes $ ` " \ and newline, and is itself elsewhere. */
static bool
copy_double(struct splitter *s)
{
	while (*s->at && *s->at != '"') {
		if (*s->at == '\\' && s->at[1] &&
		    strchr("$`\"\\\n", s->at[1])) {
			s->at++;
			(void)copy_escaped(s);
		} else {
			*s->to++ = *s->at++;
		}
	}
	return *s->at++ == '"';
}

/* One word, NUL-terminated. Return: false for a quote that is not closed. */
static bool
copy_word(struct splitter *s)
{
	bool closed = true;

	while (closed && *s->at && !is_blank(*s->at)) {
		char c = *s->at++;

		if (c == '\'')
			closed = copy_single(s);
		else if (c == '"')
			closed = copy_double(s);
		else if (c == '\\')
			closed = copy_escaped(s);
		else
			*s->to++ = c;
	}
	*s->to++ = '\0';
	return closed;
}

static void
skip_blanks(struct splitter *s)
{
	for (;;) {
		if (is_blank(*s->at))
			s->at++;
		else if (s->at[0] == '\\' && s->at[1] == '\n')
			s->at += 2;
		else
			return;
	}
}

ferry_err
fy_words_split(const struct ferry_hooks *hooks, const char *line, char ***out,
	       struct ferry_error *why)
{
	/* Each word takes a byte of the line and one that parts it. */
	size_t most = strlen(line) / 2 + 2;
	size_t bytes = most * sizeof(char *) + strlen(line) + 1;
	char **words = fy_alloc(hooks, bytes);
	struct splitter s = { line, NULL };
	size_t n = 0;

	if (!words)
		return fy_fail_memory(why, bytes);
	s.to = (char *)(words + most);
	for (skip_blanks(&s); *s.at; skip_blanks(&s)) {
		words[n++] = s.to;
		if (copy_word(&s))
			continue;
		fy_free(hooks, words);
		return fy_fail(why, FERRY_EADDR,
			       "\"%.80s\": a quote is not closed", line);
	}
	words[n] = NULL;
	if (n > 0) {
		*out = words;
		return FERRY_OK;
	}
	fy_free(hooks, words);
	return fy_fail(why, FERRY_EADDR,
		       "a command is missing: write exec:CMD ARGS");
}
