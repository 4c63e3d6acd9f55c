/* SPDX-License-Identifier: MIT */
#include "cli/cmdline.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What getopt_long(3) returns for a word, if the short ones begin with "-". */
#define WORD 1

static bool
is_below_zero(const char *word)
{
	return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

static int
next(const struct fy_cmdline *line)
{
	const struct fy_command *command = line->command;

	if (!command->takes_values || optind >= line->argc ||
	    !is_below_zero(line->argv[optind]))
		return getopt_long(line->argc, line->argv, command->shorts,
				   command->longs, NULL);
	optarg = line->argv[optind++];
	return WORD;
}

/* The words move to the front, where getopt_long(3) has been. */
static int
next_option(struct fy_cmdline *line)
{
	int option;

	while ((option = next(line)) == WORD)
		line->words[line->n_words++] = optarg;
	if (option != -1)
		return option;
	line->n_plain = line->n_words;
	while (optind < line->argc)
		line->words[line->n_words++] = line->argv[optind++];
	line->words[line->n_words] = NULL;
	return option;
}

static int
bad_option(const struct fy_cmdline *line, int answer)
{
	const char *option = line->argv[optind - 1];

	if (answer == ':')
		return fy_cmd_misused(line->command, "%s needs a value",
				      option);
	if (optopt > 0 && strncmp(option, "--", 2) != 0)
		return fy_cmd_misused(line->command, "there is no option -%c",
				      optopt);
	return fy_cmd_misused(line->command, "there is no option %s", option);
}

/* What any command may be given. Return: as fy_load_option(). */
static int
take_common(struct fy_cmdline *line, int option)
{
	switch (option) {
	case 'h':
		fputs(line->command->usage, stdout);
		return FY_CMDLINE_DONE;
	case ':':
	case '?':
		return bad_option(line, option);
	default:
		return fy_load_option(&line->with, line->command, option);
	}
}

int
fy_cmdline_next(struct fy_cmdline *line)
{
	while (!line->status) {
		int option = next_option(line);
		int status;

		if (option == -1)
			break;
		status = take_common(line, option);
		if (status == FY_LOAD_NOT_MINE)
			return option;
		line->status = status;
	}
	return 0;
}

int
fy_cmdline_run(const struct fy_command *command, int argc, char **argv)
{
	struct fy_cmdline line = {
		.command = command,
		.argc = argc,
		.argv = argv,
		.words = argv + 1,
	};
	int status;

	opterr = 0;
	status = command->run(&line);
	fy_load_options_fini(&line.with);
	return status == FY_CMDLINE_DONE ? 0 : status;
}
