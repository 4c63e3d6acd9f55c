/* SPDX-License-Identifier: MIT */
/*
 * The command line of a command. What all commands do with one is done here:
 * --help, the options of the front end, and those that there are not.
 */
#pragma once

#include <getopt.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "core/compiler.h"

/* A command's short options begin with these, its long ones end with these. */
#define FY_CMDLINE_SHORT "-:h"
#define FY_CMDLINE_LONG                                                        \
	{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 }

/* An option was all that was asked for: exit status 0; no FY_LOAD_NOT_MINE. */
#define FY_CMDLINE_DONE (-2)

/**
 * struct fy_cmdline - where the reading of it has come
 * @status:  0; a command sets it to what its option came to: an exit status
 *           after a message, or FY_CMDLINE_DONE
 * @with:    what the options of FY_LOAD_SHORT and FY_LOAD_LONG said
 * @words:   what was no option, once there are no more; ends with NULL
 * @n_plain: how many of them stand before a "--"; all, if there is none
 */
struct fy_cmdline {
	const struct fy_command *command;
	int argc;
	char **argv;
	int status;
	struct fy_load_options with;
	char **words;
	int n_words;
	int n_plain;
};

/**
 * fy_cmdline_run() - runs @command
 * @argv: argv[0] is its name; ends with NULL; its words are moved
 *
 * Return: the exit status.
 */
FY_MUST_CHECK int fy_cmdline_run(const struct fy_command *command, int argc,
				 char **argv);

/**
 * fy_cmdline_next() - the next option of those that are the command's own
 *
 * Return: as in its lists, and its value is in optarg; 0 if there are no more
 * or @line->status is no longer 0.
 */
FY_MUST_CHECK int fy_cmdline_next(struct fy_cmdline *line);
