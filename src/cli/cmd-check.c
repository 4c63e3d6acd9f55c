/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdbool.h>

#include "cli/cmd.h"

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int
check_file(const char *path, struct ferry_arena *mem, struct fy_dirs *dirs)
{
	const struct fy_model *views[FY_N_VIEWS];
	struct fy_idl idl;
	ferry_err err = fy_cmd_open(&idl, mem, dirs);

	if (!err)
		err = fy_cmd_load(&idl, path, views);
	return fy_cmd_report(&idl, err);
}

/* The names of the files stand in argv[0] to argv[n - 1]. */
static int
check_files(int n, char **argv, const struct fy_dirs *dirs)
{
	int status = 0;

	for (int i = 0; i < n; i++) {
		struct ferry_arena mem = { 0 };
		struct fy_dirs own = { 0 };
		ferry_err err = FERRY_OK;

		for (size_t j = 0; j < dirs->n && !err; j++)
			err = fy_dirs_add(&own, &mem, dirs->list[j]);
		if (err)
			status = fy_cmd_complain("%s", ferry_strerror(err));
		else if (check_file(argv[i], &mem, &own) != 0)
			status = FY_EXIT_FAILED;
		ferry_arena_fini(&mem);
	}
	return status;
}

/* Return: 0, with @dirs complete, or an exit status after a message. */
static int
read_options(struct fy_dirs *dirs, struct ferry_arena *mem, int argc,
	     char **argv, bool *wants_help)
{
	ferry_err err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":I:h", options, NULL)) !=
	       -1) {
		*wants_help = option == 'h';
		if (*wants_help)
			return 0;
		if (option != 'I')
			return fy_cmd_bad_option(&fy_cmd_check, option, argv);
		err = fy_dirs_add(dirs, mem, optarg);
		if (err)
			return fy_cmd_complain("%s", ferry_strerror(err));
	}
	if (optind == argc)
		return fy_cmd_misused(&fy_cmd_check, "which file?");
	return 0;
}

static int
run_check(int argc, char **argv)
{
	struct ferry_arena mem = { 0 };
	struct fy_dirs dirs = { 0 };
	bool wants_help = false;
	int status;

	status = read_options(&dirs, &mem, argc, argv, &wants_help);
	if (wants_help)
		status = fy_cmd_help.run(
			2, (char *[]){ argv[0], argv[0], NULL });
	else if (!status)
		status = check_files(argc - optind, argv + optind, &dirs);
	ferry_arena_fini(&mem);
	return status;
}

const struct fy_command fy_cmd_check = {
	.name = "check",
	.info = "reads interface files and says what is wrong in them",
	.usage = "usage: ferry check [-I DIR]... FILE.x...\n"
		 "\n"
		 "Reads each file as all of rpcgen's outputs would see it, and "
		 "prints every error\n"
		 "with its place. Nothing is written.\n"
		 "\n"
		 "  -I DIR   look there for #include; may be given again\n"
		 "\n"
		 "The exit status is 0 if all is well, 1 if a file has errors "
		 "or cannot be read,\n"
		 "2 if this command was called wrongly.\n",
	.run = run_check,
};
