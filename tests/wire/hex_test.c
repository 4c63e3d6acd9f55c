/* SPDX-License-Identifier: MIT */
/*
 * hex_test FILE...: bytes of RFC 4506 and bytes that it forbids. Lines of a
 * file: "# where it comes from", "type NAME" (hex_ferry.c has the names), hex.
 * What is called y_* is read by libtirpc and written again as the same bytes,
 * and so it must be by ferry; n_* must be refused by ferry.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "wire/hex.h"

struct vector {
	char type[32];
	bool has_source;
	uint8_t wire[HEX_MOST];
	size_t len;
};

/* Return: whether all of @line is hex that @v has room for. */
static bool
add_hex(struct vector *v, const char *line)
{
	unsigned byte;
	int used;

	for (;;) {
		while (isspace((unsigned char)*line))
			line++;
		if (!*line)
			return true;
		if (v->len == HEX_MOST ||
		    sscanf(line, "%2x%n", &byte, &used) != 1 || used != 2)
			return false;
		v->wire[v->len++] = (uint8_t)byte;
		line += 2;
	}
}

static bool
read_vector(const char *path, struct vector *v)
{
	char line[256];
	bool ok = true;
	FILE *f = fopen(path, "r");

	memset(v, 0, sizeof(*v));
	while (f && ok && fgets(line, sizeof(line), f)) {
		if (line[0] == '#')
			v->has_source = true;
		else if (strncmp(line, "type ", 5) == 0)
			ok = sscanf(line + 5, "%31s", v->type) == 1;
		else
			ok = add_hex(v, line);
	}
	if (f)
		fclose(f);
	return f && ok && v->has_source && v->type[0];
}

/* Return: NULL if it is as it must be; else what is wrong. */
static const char *
wrong_with(const struct vector *v, bool is_good)
{
	uint8_t ours[HEX_MOST], theirs[HEX_MOST];
	int n = hex_by_ferry(v->type, v->wire, v->len, ours);

	if (n == -2)
		return "no such type";
	if (!is_good)
		return n < 0 ? NULL : "accepted by ferry";
	if (hex_by_tirpc(v->type, v->wire, v->len, theirs) != (int)v->len ||
	    memcmp(theirs, v->wire, v->len) != 0)
		return "not what libtirpc writes";
	if (n != (int)v->len || memcmp(ours, theirs, v->len) != 0)
		return "not what ferry writes";
	return NULL;
}

int
main(int argc, char **argv)
{
	int n_wrong = 0;

	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		const char *name = slash ? slash + 1 : argv[i];
		struct vector v;
		const char *wrong = "not a vector";

		if (read_vector(argv[i], &v))
			wrong = wrong_with(&v, name[0] == 'y');
		printf("%s: %s\n", name, wrong ? wrong : "as it must be");
		n_wrong += wrong != NULL;
	}
	return argc > 1 && n_wrong == 0 ? 0 : 1;
}
