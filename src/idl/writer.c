/* SPDX-License-Identifier: MIT */
#include "idl/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 64

/* Room for @len bytes and a NUL; NULL if there is none, which is latched. */
static char *
make_room(struct fy_writer *w, size_t len)
{
	size_t cap = w->cap ? w->cap : FIRST_ROOM;
	char *larger;

	if (w->err)
		return NULL;
	if (w->text && len < w->cap - w->len)
		return w->text + w->len;
	while (len >= cap - w->len && cap <= SIZE_MAX / 2)
		cap *= 2;
	larger = ferry_arena_alloc(w->mem, cap);
	if (!larger) {
		w->err = FERRY_ENOMEM;
		return NULL;
	}
	if (w->len > 0)
		memcpy(larger, w->text, w->len);
	w->text = larger;
	w->cap = cap;
	return w->text + w->len;
}

void
fy_write(struct fy_writer *w, const char *text, size_t len)
{
	char *to = len > 0 ? make_room(w, len) : NULL;

	if (!to)
		return;
	memcpy(to, text, len);
	w->len += len;
}

void
fy_write_char(struct fy_writer *w, char c)
{
	fy_write(w, &c, 1);
}

void
fy_write_text(struct fy_writer *w, const char *text)
{
	fy_write(w, text, strlen(text));
}

void
fy_write_tabs(struct fy_writer *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fy_write_char(w, '\t');
}

void
fy_write_format(struct fy_writer *w, const char *format, ...)
{
	va_list args, again;
	char *to;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	to = len < 0 ? NULL : make_room(w, (size_t)len);
	if (to) {
		vsnprintf(to, (size_t)len + 1, format, again);
		w->len += (size_t)len;
	}
	va_end(again);
}

ferry_err
fy_write_end(struct fy_writer *w, const char **out)
{
	char *end = make_room(w, 0);

	if (!end)
		return w->err;
	*end = '\0';
	*out = w->text;
	return FERRY_OK;
}
