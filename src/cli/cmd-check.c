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

/* One report of them all. Goes on after a file with errors. */
static int
check_together(const struct fy_load_options *with, char **paths, int n)
{
	const struct fy_model *views[FY_N_VIEWS];
	struct fy_load load;
	ferry_err err = fy_load_init(&load, with);
	int status;

	for (int i = 0; i < n && (!err || err == FERRY_EINVAL); i++) {
		ferry_err one = fy_load_views(&load, paths[i], views);

		err = one ? one : err;
	}
	status = fy_load_report(&load, err);
	fy_load_fini(&load);
	return status;
}

/* Readers get a report of each file, so that none is cut short by another. */
static int
check_files(const struct fy_load_options *with, char **paths, int n)
{
	int status = 0;

	if (with->as_json)
		return check_together(with, paths, n);
	for (int i = 0; i < n; i++) {
		if (check_together(with, paths + i, 1) != 0)
			status = FY_EXIT_FAILED;
	}
	return status;
}

static int
run_check(struct fy_cmdline *line)
{
	int option;

	while ((option = fy_cmdline_next(line)) != 0)
		line->with.as_json |= option == OPTION_JSON;
	if (line->status)
		return line->status;
	if (line->n_words == 0)
		return fy_cmd_misused(&fy_cmd_check, "which file?");
	return check_files(&line->with, line->words, line->n_words);
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
		 "  --json           errors and warnings of all files as JSON, on "
		 "standard output\n"
		 "\n"
		 "The exit status is 0 if all is well, 1 if a file has errors "
		 "or cannot be read,\n"
		 "2 if this command was called wrongly.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.run = run_check,
};
