/* SPDX-License-Identifier: MIT */
#include "cli/rpc_names.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/str.h>

#define BLANK " \t\r\n"

static bool
read_number(const char *text, uint32_t *out)
{
	uint64_t number = 0;

	if (!text || strspn(text, "0123456789") != strlen(text) ||
	    strlen(text) > 10)
		return false;
	for (; *text; text++)
		number = number * 10 + (uint64_t)(*text - '0');
	*out = (uint32_t)number;
	return number <= UINT32_MAX;
}

static ferry_err
add(struct fy_rpc_names *names, const char *name, uint32_t program,
    struct ferry_arena *mem)
{
	if (names->n_items == names->cap) {
		size_t cap = names->cap ? names->cap * 2 : 64;
		struct fy_rpc_name *items =
			ferry_arena_alloc(mem, cap * sizeof(*items));

		if (!items)
			return FERRY_ENOMEM;
		if (names->n_items > 0)
			memcpy(items, names->items,
			       names->n_items * sizeof(*items));
		names->items = items;
		names->cap = cap;
	}
	name = ferry_str_dup(mem, ferry_str_of(name));
	if (!name)
		return FERRY_ENOMEM;
	names->items[names->n_items++] =
		(struct fy_rpc_name){ .name = name, .program = program };
	return FERRY_OK;
}

/* @line is taken apart. */
static ferry_err
add_line(struct fy_rpc_names *names, char *line, struct ferry_arena *mem)
{
	char *rest = NULL;
	const char *name;
	uint32_t program;

	line[strcspn(line, "#")] = '\0';
	name = strtok_r(line, BLANK, &rest);
	if (!name || !read_number(strtok_r(NULL, BLANK, &rest), &program))
		return FERRY_OK;
	return add(names, name, program, mem);
}

ferry_err
fy_rpc_names_load(struct fy_rpc_names *names, const char *path,
		  struct ferry_arena *mem)
{
	FILE *file = fopen(path, "re");
	ferry_err err = FERRY_OK;
	char *line = NULL;
	size_t room = 0;

	*names = (struct fy_rpc_names){ .n_items = 0 };
	if (!file)
		return FERRY_OK;
	while (!err && getline(&line, &room, file) >= 0)
		err = add_line(names, line, mem);
	free(line);
	(void)fclose(file);
	return err;
}

const char *
fy_rpc_names_find(const struct fy_rpc_names *names, uint32_t program)
{
	for (size_t i = 0; i < names->n_items; i++) {
		if (names->items[i].program == program)
			return names->items[i].name;
	}
	return NULL;
}
