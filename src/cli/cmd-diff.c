/* SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "cli/cmdline.h"
#include "schema/diff.h"

/* The exit statuses that tell a build what to do. */
#define EXIT_BREAKS_SOURCE 3
#define EXIT_BREAKS_WIRE 4

struct request {
	const struct fy_load_options *with;
	const char *old;
	const char *new;
	bool as_json;
};

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "json", no_argument, NULL, OPTION_JSON },
	FY_CMDLINE_LONG,
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
	ferry_err err = fy_load_init(&load, request->with);
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

static int
run_diff(struct fy_cmdline *line)
{
	struct request request = { .with = &line->with };
	int option;

	/* Both files are what they are: what they could do better is old. */
	fy_load_options_quiet(&line->with);
	while ((option = fy_cmdline_next(line)) != 0)
		request.as_json |= option == OPTION_JSON;
	if (line->status)
		return line->status;
	if (line->n_words != 2)
		return fy_cmd_misused(&fy_cmd_diff,
				      "two files: the old one and the new");
	request.old = line->words[0];
	request.new = line->words[1];
	return run_request(&request);
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
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.run = run_diff,
};
