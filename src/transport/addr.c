/* SPDX-License-Identifier: MIT */
#include <ferry/addr.h>

#include <stdbool.h>
#include <string.h>

#include "core/err.h"

/*
 * A place in the text of an address, and what has to be said if it is wrong.
 */
struct reader {
	const char *text;
	const char *at;
	struct ferry_error *why;
};

FY_COLD static ferry_err
refuse(const struct reader *r, const char *reason)
{
	return fy_fail(r->why, FERRY_EADDR,
		       "\"%.80s\" is not an address: %s at byte %zu; "
		       "write scheme:body?key=value, as docs/addresses.md says",
		       r->text, reason, (size_t)(r->at - r->text));
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* -1 for what is no hexadecimal digit. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* A word of lower-case letters, up to @end. */
static ferry_err
read_word(struct reader *r, char *out, size_t bytes, char end)
{
	size_t n = 0;

	for (; is_lower(*r->at); r->at++) {
		if (n + 1 == bytes)
			return refuse(r, "too long a word");
		out[n++] = *r->at;
	}
	if (n == 0)
		return refuse(r, "a lower-case letter is missing");
	if (*r->at != end)
		return refuse(r, end == ':' ? "a colon is missing"
					    : "an equals sign is missing");
	r->at++;
	out[n] = '\0';
	return FERRY_OK;
}

/* One byte of a body or value, its escape undone. */
static ferry_err
read_byte(struct reader *r, char *out)
{
	int high, low;

	if (*r->at != '%') {
		*out = *r->at++;
		return FERRY_OK;
	}
	high = hex_value(r->at[1]);
	low = high < 0 ? -1 : hex_value(r->at[2]);
	if (low < 0)
		return refuse(r, "two hexadecimal digits must follow %");
	if (high == 0 && low == 0)
		return refuse(r, "a NUL byte has no place");
	*out = (char)(high * 16 + low);
	r->at += 3;
	return FERRY_OK;
}

/* Text up to one of @ends or the end of the address. */
static ferry_err
read_text(struct reader *r, char *out, size_t bytes, const char *ends)
{
	size_t n = 0;
	ferry_err err;

	while (*r->at && !strchr(ends, *r->at)) {
		if (n + 1 == bytes)
			return refuse(r, "too long a text");
		err = read_byte(r, &out[n]);
		if (err)
			return err;
		n++;
	}
	out[n] = '\0';
	return FERRY_OK;
}

static bool
has_option(const struct ferry_addr *addr, const char *key)
{
	for (size_t i = 0; i < addr->n_options; i++) {
		if (strcmp(addr->options[i].key, key) == 0)
			return true;
	}
	return false;
}

static ferry_err
read_option(struct reader *r, struct ferry_addr *addr)
{
	struct ferry_addr_option *option = &addr->options[addr->n_options];
	ferry_err err;

	if (addr->n_options == FERRY_ADDR_OPTIONS)
		return refuse(r, "too many options");
	err = read_word(r, option->key, sizeof(option->key), '=');
	if (err)
		return err;
	if (has_option(addr, option->key))
		return refuse(r, "the same option for the second time");
	err = read_text(r, option->value, sizeof(option->value), "&");
	if (err)
		return err;
	addr->n_options++;
	return FERRY_OK;
}

ferry_err
ferry_addr_parse(const char *text, struct ferry_addr *out,
		 struct ferry_error *why)
{
	struct reader r = { text, text, why };
	struct ferry_addr addr = { .n_options = 0 };
	ferry_err err;

	if (!text)
		return fy_fail(why, FERRY_EADDR, "no address: it is NULL");
	err = read_word(&r, addr.scheme, sizeof(addr.scheme), ':');
	if (!err)
		err = read_text(&r, addr.body, sizeof(addr.body), "?");
	/* What stands between two options is ? before the first, else &. */
	while (!err && *r.at) {
		r.at++;
		err = read_option(&r, &addr);
	}
	if (err)
		return err;
	*out = addr;
	return FERRY_OK;
}

/* Counts all bytes, stores those that there is room for. */
struct writer {
	char *buf;
	size_t bytes;
	size_t n;
};

static void
put_byte(struct writer *w, char c)
{
	if (w->n < w->bytes)
		w->buf[w->n] = c;
	w->n++;
}

static void
put_text(struct writer *w, const char *text, const char *escaped)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c > ' ' && c != 0x7f && !strchr(escaped, *text)) {
			put_byte(w, *text);
			continue;
		}
		put_byte(w, '%');
		put_byte(w, digits[c >> 4]);
		put_byte(w, digits[c & 15]);
	}
}

size_t
ferry_addr_format(const struct ferry_addr *addr, char *buf, size_t bytes)
{
	struct writer w = { buf, bytes, 0 };

	put_text(&w, addr->scheme, "");
	put_byte(&w, ':');
	put_text(&w, addr->body, "%?");
	for (size_t i = 0; i < addr->n_options; i++) {
		put_byte(&w, i == 0 ? '?' : '&');
		put_text(&w, addr->options[i].key, "");
		put_byte(&w, '=');
		put_text(&w, addr->options[i].value, "%&");
	}
	if (bytes > 0)
		buf[w.n < bytes ? w.n : bytes - 1] = '\0';
	return w.n;
}
