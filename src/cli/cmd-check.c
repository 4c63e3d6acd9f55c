/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdbool.h>

#include "cli/cmd.h"
#include "cli/load.h"

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

static int
check_file(const char *path, const struct fy_load_options *with)
{
	const struct fy_model *views[FY_N_VIEWS];
	struct fy_load load;
	ferry_err err = fy_load_init(&load, with);
	int status;

	if (!err)
		err = fy_load_views(&load, path, views);
	status = fy_load_report(&load, err);
	fy_load_fini(&load);
	return status;
}

/* Return: 0, with @with complete, or an exit status after a message. */
static int
read_options(struct fy_load_options *with, int argc, char **argv,
	     bool *wants_help)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h" FY_LOAD_SHORT, options,
				     NULL)) != -1) {
		int status = fy_load_option(with, &fy_cmd_check, option);

		*wants_help = option == 'h';
		if (*wants_help)
			return 0;
		if (option == OPTION_JSON)
			with->as_json = true;
		else if (status == FY_LOAD_NOT_MINE)
			return fy_cmd_bad_option(&fy_cmd_check, option, argv);
		else if (status)
			return status;
	}
	if (optind == argc)
		return fy_cmd_misused(&fy_cmd_check, "which file?");
	return 0;
}

static int
run_check(int argc, char **argv)
{
	struct fy_load_options with = { .n_dirs = 0 };
	bool wants_help = false;
	int status = read_options(&with, argc, argv, &wants_help);

	if (wants_help)
		status = fy_cmd_help.run(
			2, (char *[]){ argv[0], argv[0], NULL });
	else if (!status) {
		for (int i = optind; i < argc; i++) {
			if (check_file(argv[i], &with) != 0)
				status = FY_EXIT_FAILED;
		}
	}
	fy_load_options_fini(&with);
	return status;
}

const struct fy_command fy_cmd_check = {
	.name = "check",
	.info = "reads interface files and says what is wrong in them",
	.usage = "usage: ferry check [OPTION]... FILE.x...\n"
		 "\n"
		 "Reads each file as all of rpcgen's outputs would see it, and "
		 "prints every error\n"
		 "with its place. Nothing is written.\n"
		 "\n"
		 FY_LOAD_USAGE
		 "  --json           errors and warnings as JSON, on standard "
		 "output\n"
		 "\n"
		 "The exit status is 0 if all is well, 1 if a file has errors "
		 "or cannot be read,\n"
		 "2 if this command was called wrongly.\n",
	.run = run_check,
};
