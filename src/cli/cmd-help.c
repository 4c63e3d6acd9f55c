/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmdline.h"
#include "idl/warn.h"

static void
print_list(void)
{
	const struct fy_command *const *commands = fy_commands();

	fputs("usage: ferry COMMAND [OPTION...] [ARGUMENT...]\n\n", stdout);
	for (size_t i = 0; commands[i]; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->info);
	fputs("\nferry help COMMAND tells more, ferry help warnings what -W "
	      "takes.\n", stdout);
}

static void
print_warnings(void)
{
	for (unsigned int i = 0; i < FY_N_WARNINGS; i++) {
		const struct fy_warn_kind *kind =
			fy_warn_kind((enum fy_warning)i);

		printf("  %-20s %s%s\n", kind->name, kind->text,
		       kind->on ? "" : " (off)");
	}
	fputs("\n-Wname shows it at each place, -Wno-name nowhere, "
	      "-Werror=name makes errors of it.\n", stdout);
}

static int
run_help(struct fy_cmdline *line)
{
	const char *name = line->argv[1];
	const struct fy_command *command;

	if (line->argc < 2) {
		print_list();
		return 0;
	}
	if (line->argc == 2 && strcmp(name, "warnings") == 0) {
		print_warnings();
		return 0;
	}
	command = fy_command_find(name);
	if (!command)
		return fy_cmd_misused(&fy_cmd_help, "there is no command '%s'",
				      name);
	if (line->argc > 2)
		return fy_cmd_misused(&fy_cmd_help, "one command at a time");
	fputs(command->usage, stdout);
	return 0;
}

const struct fy_command fy_cmd_help = {
	.name = "help",
	.info = "says how a command is used",
	.usage = "usage: ferry help [COMMAND|warnings]\n"
		 "\n"
		 "How a command is used, or the names that -W takes. Without a "
		 "word, the list of\n"
		 "all commands.\n",
	.run = run_help,
};
