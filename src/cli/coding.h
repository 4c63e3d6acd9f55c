/* SPDX-License-Identifier: MIT */
/* What ferry encode and ferry decode share: their options and their type. */
#pragma once

#include <stdbool.h>

#include "cli/cmdline.h"
#include "cli/value.h"

enum {
	FY_CODING_COMPACT = FY_LOAD_FIRST_FREE,
	FY_CODING_HEX,
	FY_CODING_MANY,
};

/**
 * struct fy_coding_job - one run of either command
 * @word:      the value or the bytes, as the user gave it, or NULL
 * @type:      what it is; NULL: the arguments of @procedure
 */
struct fy_coding_job {
	const struct fy_command *command;
	const char *path;
	const char *type_name;
	const char *word;
	bool compact;
	bool hex;
	bool many;
	const struct fy_type *type;
	const struct fy_procedure *procedure;
};

/**
 * fy_coding_run() - reads the command line, loads the file, finds the type
 * @line: its command's options are FY_LOAD_LONG and of the above what it has
 * @run:  goes on from there. Return: the exit status
 */
int fy_coding_run(struct fy_cmdline *line,
		  int (*run)(const struct fy_coding_job *job));
