/* SPDX-License-Identifier: MIT */
/* ferry COMMAND ...: finds the command and runs it. */
#include <stdio.h>
#include <string.h>

#include <ferry/ferry.h>

#include "cli/cmd.h"
#include "cli/cmdline.h"

/* Output that was lost, on a full disk, is a failure like any other. */
static int
flush(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fy_cmd_complain("cannot write to standard output");
	return status ? status : FY_EXIT_FAILED;
}

static int
run(int argc, char **argv)
{
	const struct fy_command *command;

	if (argc < 2) {
		fputs(fy_cmd_help.usage, stderr);
		return FY_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("ferry %s\n", ferry_version_text());
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return fy_cmdline_run(&fy_cmd_help, 1, argv + 1);
	command = fy_command_find(argv[1]);
	if (!command)
		return fy_cmd_misused(&fy_cmd_help,
				      "there is no command '%s'", argv[1]);
	return fy_cmdline_run(command, argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	/* Lines of several commands that share a terminal or a log stay whole. */
	setvbuf(stderr, NULL, _IOLBF, 0);
	return flush(run(argc, argv));
}
