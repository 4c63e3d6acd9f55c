/* SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "cli/cmdline.h"

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "json", no_argument, NULL, OPTION_JSON },
	FY_CMDLINE_LONG,
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

static int
run_check(struct fy_cmdline *line)
{
	int status = 0;
	int option;

	while ((option = fy_cmdline_next(line)) != 0)
		line->with.as_json |= option == OPTION_JSON;
	if (line->status)
		return line->status;
	if (line->n_words == 0)
		return fy_cmd_misused(&fy_cmd_check, "which file?");
	for (int i = 0; i < line->n_words; i++) {
		if (check_file(line->words[i], &line->with) != 0)
			status = FY_EXIT_FAILED;
	}
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
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.run = run_check,
};
