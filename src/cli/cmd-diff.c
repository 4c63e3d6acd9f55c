/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdbool.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "schema/diff.h"

/* The exit statuses that tell a build what to do. */
#define EXIT_BREAKS_SOURCE 3
#define EXIT_BREAKS_WIRE 4

struct request {
	struct fy_load_options with;
	const char *old;
	const char *new;
	bool as_json;
	bool wants_help;
};

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

/* Thousands of findings are enough to know. */
static void
tell_left_out(const struct fy_diag *findings, const size_t n[FY_N_IMPACTS])
{
	size_t n_all = 0;

	for (size_t i = 0; i < FY_N_IMPACTS; i++)
		n_all += n[i];
	if (n_all > findings->n_remarks)
		fy_cmd_complain("%zu more findings are not shown",
				n_all - findings->n_remarks);
}

static int
compare(const struct request *request, struct fy_load *load,
	const struct fy_model *old, const struct fy_model *new)
{
	size_t n[FY_N_IMPACTS] = { 0 };
	struct fy_diag findings;
	ferry_err err;

	fy_diag_init(&findings, &load->mem, &load->idl.sources);
	err = fy_diff(old, new, &findings, n);
	if (!err)
		err = fy_load_findings(load, &findings, request->as_json);
	if (err)
		return fy_cmd_complain("%s", ferry_strerror(err));
	tell_left_out(&findings, n);
	if (n[FY_IMPACT_WIRE] > 0)
		return EXIT_BREAKS_WIRE;
	return n[FY_IMPACT_SOURCE] > 0 ? EXIT_BREAKS_SOURCE : 0;
}

static int
run_request(const struct request *request)
{
	const struct fy_model *old, *new;
	struct fy_load load;
	ferry_err err = fy_load_init(&load, &request->with);
	int status;

	/* What was read first is shown first, and asks for the eye. */
	if (!err)
		err = fy_load_model(&load, request->new, &new);
	if (!err)
		err = fy_load_model(&load, request->old, &old);
	status = fy_load_report(&load, err);
	if (!status)
		status = compare(request, &load, old, new);
	fy_load_fini(&load);
	return status;
}

/* Return: 0, or an exit status after a message. */
static int
take_option(struct request *request, int option, char **argv)
{
	int status = fy_load_option(&request->with, &fy_cmd_diff, option);

	if (status != FY_LOAD_NOT_MINE)
		return status;
	if (option == OPTION_JSON)
		request->as_json = true;
	else if (option == 'h')
		request->wants_help = true;
	else
		return fy_cmd_bad_option(&fy_cmd_diff, option, argv);
	return 0;
}

static int
read_options(struct request *request, int argc, char **argv)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h" FY_LOAD_SHORT, options,
				     NULL)) != -1) {
		int status = take_option(request, option, argv);

		if (status || request->wants_help)
			return status;
	}
	if (argc - optind != 2)
		return fy_cmd_misused(&fy_cmd_diff,
				      "two files: the old one and the new");
	request->old = argv[optind];
	request->new = argv[optind + 1];
	return 0;
}

static int
run_diff(int argc, char **argv)
{
	/* Both files are what they are: what they could do better is old. */
	struct request request = { .old = NULL };
	int status;

	fy_load_options_quiet(&request.with);
	status = read_options(&request, argc, argv);
	if (request.wants_help)
		status = fy_cmd_help.run(
			2, (char *[]){ argv[0], argv[0], NULL });
	else if (!status)
		status = run_request(&request);
	fy_load_options_fini(&request.with);
	return status;
}

const struct fy_command fy_cmd_diff = {
	.name = "diff",
	.info = "compares two interface files: what breaks, what is safe",
	.usage = "usage: ferry diff [OPTION]... OLD.x NEW.x\n"
		 "\n"
		 "Prints what changed from OLD.x to NEW.x: what breaks the "
		 "wire, so that old and\n"
		 "new programs cannot talk, what breaks sources, and what is "
		 "safe.\n"
		 "\n"
		 "  --json           findings as JSON\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if nothing breaks, 3 if sources break, "
		 "4 if the wire breaks,\n"
		 "1 if a file has errors or cannot be read, 2 if this command "
		 "was called wrongly.\n",
	.run = run_diff,
};
