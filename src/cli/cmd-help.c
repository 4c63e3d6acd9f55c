/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/cmd.h"

static void
print_list(void)
{
	const struct fy_command *const *commands = fy_commands();

	fputs("usage: ferry COMMAND [OPTION...] [ARGUMENT...]\n\n", stdout);
	for (size_t i = 0; commands[i]; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->info);
	fputs("\nferry help COMMAND tells more; ferry --version is what it "
	      "says.\n", stdout);
}

static int
run_help(int argc, char **argv)
{
	const struct fy_command *command;

	if (argc < 2) {
		print_list();
		return 0;
	}
	command = fy_command_find(argv[1]);
	if (!command)
		return fy_cmd_misused(&fy_cmd_help, "there is no command '%s'",
				      argv[1]);
	if (argc > 2)
		return fy_cmd_misused(&fy_cmd_help, "one command at a time");
	fputs(command->usage, stdout);
	return 0;
}

const struct fy_command fy_cmd_help = {
	.name = "help",
	.info = "says how a command is used",
	.usage = "usage: ferry help [COMMAND]\n"
		 "\n"
		 "Without COMMAND, the list of all commands.\n",
	.run = run_help,
};
