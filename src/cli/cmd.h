/* SPDX-License-Identifier: MIT */
/* The commands: what each file of cmd-*.c ends in, and what they share. */
#pragma once

#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/idl.h"

/* The exit status when a file has errors or could not be read or written. */
#define FY_EXIT_FAILED 1
/* The exit status when the command line makes no sense. */
#define FY_EXIT_USAGE 2

/**
 * struct fy_command - one command
 * @name:  as in ferry NAME
 * @info:  one line for the list of commands
 * @usage: what ferry help NAME prints, newline at the end
 * @run:   argv[0] is the name. Return: the exit status
 */
struct fy_command {
	const char *name;
	const char *info;
	const char *usage;
	int (*run)(int argc, char **argv);
};

extern const struct fy_command fy_cmd_check;
extern const struct fy_command fy_cmd_gen;
extern const struct fy_command fy_cmd_help;

/** fy_commands() - all there are; ends with a NULL pointer */
const struct fy_command *const *fy_commands(void);

/** fy_command_find() - by its name; NULL if there is none */
const struct fy_command *fy_command_find(const char *name);

/** fy_cmd_misused() - says how @command is used. Return: FY_EXIT_USAGE */
FY_PRINTF(2, 3) int
fy_cmd_misused(const struct fy_command *command, const char *format, ...);

/** fy_cmd_bad_option() - the same, for what getopt_long(3) did not take */
int fy_cmd_bad_option(const struct fy_command *command, int answer,
		      char **argv);

/** fy_cmd_complain() - one line on standard error. Return: FY_EXIT_FAILED */
FY_PRINTF(1, 2) int fy_cmd_complain(const char *format, ...);

/**
 * struct fy_dirs - the folders of -I, in the order given
 *
 * All zero is valid and empty.
 */
struct fy_dirs {
	const char **list;
	size_t n;
	size_t cap;
};

/** fy_dirs_add() - one more; @dir is borrowed */
FY_MUST_CHECK ferry_err
fy_dirs_add(struct fy_dirs *dirs, struct ferry_arena *mem, const char *dir);

/**
 * fy_cmd_open() - ready to load a file; looks in @dirs, then in /usr/include,
 * for what it includes
 */
FY_MUST_CHECK ferry_err
fy_cmd_open(struct fy_idl *idl, struct ferry_arena *mem, struct fy_dirs *dirs);

/**
 * fy_cmd_load() - all views of @path
 *
 * Return: FERRY_OK; FERRY_EINVAL when the file has errors; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_cmd_load(struct fy_idl *idl, const char *path,
	    const struct fy_model *views[FY_N_VIEWS]);

/**
 * fy_cmd_report() - prints the diagnostics, or why there are none
 * @err: what loading or generating returned
 *
 * Return: the exit status.
 */
int fy_cmd_report(struct fy_idl *idl, ferry_err err);
