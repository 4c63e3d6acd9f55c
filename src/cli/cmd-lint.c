/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "schema/lint.h"

struct request {
	struct fy_load_options with;
	bool on[FY_N_LINT_RULES];
	bool as_json;
	bool wants_help;
	bool wants_rules;
};

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
	OPTION_ENABLE,
	OPTION_DISABLE,
	OPTION_RULES,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "disable", required_argument, NULL, OPTION_DISABLE },
	{ "enable", required_argument, NULL, OPTION_ENABLE },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "rules", no_argument, NULL, OPTION_RULES },
	{ NULL, 0, NULL, 0 },
};

static int
list_rules(void)
{
	for (unsigned int i = 0; i < FY_N_LINT_RULES; i++) {
		const struct fy_lint_kind *kind =
			fy_lint_kind((enum fy_lint_rule)i);

		printf("%-15s %-3s %s\n", kind->name, kind->on ? "on" : "off",
		       kind->text);
	}
	return 0;
}

/* Adds to @findings what there is to say of one file. */
static ferry_err
lint_file(const struct request *request, struct fy_load *load,
	  const char *path, struct fy_diag *findings)
{
	const struct fy_model *model;
	ferry_err err = fy_load_model(load, path, &model);

	return err ? err : fy_lint(model, path, request->on, findings);
}

/* Goes on after a file with errors. */
static ferry_err
lint_all(const struct request *request, struct fy_load *load, int n,
	 char **paths, struct fy_diag *findings)
{
	ferry_err result = FERRY_OK;

	for (int i = 0; i < n; i++) {
		ferry_err err = lint_file(request, load, paths[i], findings);

		if (err && err != FERRY_EINVAL)
			return err;
		if (err)
			result = err;
	}
	return result;
}

static int
lint_files(const struct request *request, int n, char **paths)
{
	struct fy_diag findings;
	struct fy_load load;
	ferry_err err = fy_load_init(&load, &request->with);
	int status;

	fy_diag_init(&findings, &load.mem, &load.idl.sources);
	if (!err)
		err = lint_all(request, &load, n, paths, &findings);
	status = fy_load_report(&load, err);
	if (!err || err == FERRY_EINVAL) {
		err = fy_load_findings(&load, &findings, request->as_json);
		if (err)
			status = fy_cmd_complain("%s", ferry_strerror(err));
	}
	if (findings.n_remarks > 0)
		status = FY_EXIT_FAILED;
	fy_load_fini(&load);
	return status;
}

/* "all" or the name of a rule. Return: as take_option(). */
static int
switch_rule(struct request *request, const char *name, bool on)
{
	enum fy_lint_rule rule = fy_lint_find(name);
	bool all = strcmp(name, "all") == 0;

	if (rule == FY_N_LINT_RULES && !all)
		return fy_cmd_misused(&fy_cmd_lint,
				      "there is no rule '%s': see "
				      "ferry lint --rules", name);
	for (unsigned int i = 0; i < FY_N_LINT_RULES; i++) {
		if (all || i == rule)
			request->on[i] = on;
	}
	return 0;
}

/* Return: 0, or an exit status after a message. */
static int
take_option(struct request *request, int option, char **argv)
{
	int status = fy_load_option(&request->with, &fy_cmd_lint, option);

	if (status != FY_LOAD_NOT_MINE)
		return status;
	switch (option) {
	case OPTION_ENABLE:
		return switch_rule(request, optarg, true);
	case OPTION_DISABLE:
		return switch_rule(request, optarg, false);
	case OPTION_JSON:
		request->as_json = true;
		return 0;
	case OPTION_RULES:
		request->wants_rules = true;
		return 0;
	case 'h':
		request->wants_help = true;
		return 0;
	default:
		return fy_cmd_bad_option(&fy_cmd_lint, option, argv);
	}
}

static int
read_options(struct request *request, int argc, char **argv)
{
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h" FY_LOAD_SHORT, options,
				     NULL)) != -1) {
		int status = take_option(request, option, argv);

		if (status || request->wants_help || request->wants_rules)
			return status;
	}
	if (optind == argc)
		return fy_cmd_misused(&fy_cmd_lint, "which file?");
	return 0;
}

static int
run_lint(int argc, char **argv)
{
	struct request request = { .as_json = false };
	int status;

	for (unsigned int i = 0; i < FY_N_LINT_RULES; i++)
		request.on[i] = fy_lint_kind((enum fy_lint_rule)i)->on;
	status = read_options(&request, argc, argv);
	if (request.wants_help)
		status = fy_cmd_help.run(
			2, (char *[]){ argv[0], argv[0], NULL });
	else if (!status && request.wants_rules)
		status = list_rules();
	else if (!status)
		status = lint_files(&request, argc - optind, argv + optind);
	fy_load_options_fini(&request.with);
	return status;
}

const struct fy_command fy_cmd_lint = {
	.name = "lint",
	.info = "gives advice on interface files",
	.usage = "usage: ferry lint [OPTION]... FILE.x...\n"
		 "\n"
		 "Says what is not wrong in each file, but will hurt somebody. "
		 "A comment with the\n"
		 "words \"ferry-lint: allow NAME\" on the line of a "
		 "declaration or above it silences a\n"
		 "rule there.\n"
		 "\n"
		 "  --enable NAME    ask for a rule;  --disable NAME  do not; "
		 "'all' is all\n"
		 "  --rules          list all rules\n"
		 "  --json           findings as JSON\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if nothing was found, 1 if something "
		 "was or a file has\n"
		 "errors, 2 if this command was called wrongly.\n",
	.run = run_lint,
};
