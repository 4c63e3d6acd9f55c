/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmdline.h"
#include "schema/lint.h"

struct request {
	const struct fy_load_options *with;
	bool on[FY_N_LINT_RULES];
	bool as_json;
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
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "rules", no_argument, NULL, OPTION_RULES },
	FY_CMDLINE_LONG,
};

static void
list_rules(void)
{
	for (unsigned int i = 0; i < FY_N_LINT_RULES; i++) {
		const struct fy_lint_kind *kind =
			fy_lint_kind((enum fy_lint_rule)i);

		printf("%-15s %-3s %s\n", kind->name, kind->on ? "on" : "off",
		       kind->text);
	}
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
	ferry_err err = fy_load_init(&load, request->with);
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

/* "all" or the name of a rule. Return: 0, or an exit status after a message. */
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

/* Return: 0, or what line->status is to be. */
static int
take_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_ENABLE:
		return switch_rule(request, optarg, true);
	case OPTION_DISABLE:
		return switch_rule(request, optarg, false);
	case OPTION_RULES:
		list_rules();
		return FY_CMDLINE_DONE;
	case OPTION_JSON:
		request->as_json = true;
		break;
	}
	return 0;
}

static int
run_lint(struct fy_cmdline *line)
{
	struct request request = { .with = &line->with };
	int option;

	for (unsigned int i = 0; i < FY_N_LINT_RULES; i++)
		request.on[i] = fy_lint_kind((enum fy_lint_rule)i)->on;
	while ((option = fy_cmdline_next(line)) != 0)
		line->status = take_option(&request, option);
	if (line->status)
		return line->status;
	if (line->n_words == 0)
		return fy_cmd_misused(&fy_cmd_lint, "which file?");
	return lint_files(&request, line->n_words, line->words);
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
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.run = run_lint,
};
