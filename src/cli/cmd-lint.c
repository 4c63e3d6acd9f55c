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

static int
lint_model(const struct request *request, struct fy_load *load,
	   const char *path, const struct fy_model *model)
{
	struct fy_diag findings;
	ferry_err err;

	fy_diag_init(&findings, &load->mem, &load->idl.sources);
	err = fy_lint(model, path, request->on, &findings);
	if (!err)
		err = fy_load_findings(load, &findings, request->as_json);
	if (err)
		return fy_cmd_complain("%s", ferry_strerror(err));
	return findings.n_remarks > 0 ? FY_EXIT_FAILED : 0;
}

static int
lint_file(const struct request *request, const char *path)
{
	const struct fy_model *model;
	struct fy_load load;
	ferry_err err = fy_load_init(&load, &request->with);
	int status;

	if (!err)
		err = fy_load_model(&load, path, &model);
	status = fy_load_report(&load, err);
	if (!status)
		status = lint_model(request, &load, path, model);
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
	else if (!status) {
		for (int i = optind; i < argc; i++) {
			if (lint_file(&request, argv[i]) != 0)
				status = FY_EXIT_FAILED;
		}
	}
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
		 "  --json           findings as JSON, an object for each "
		 "file\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if nothing was found, 1 if something "
		 "was or a file has\n"
		 "errors, 2 if this command was called wrongly.\n",
	.run = run_lint,
};
