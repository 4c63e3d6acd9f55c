/* SPDX-License-Identifier: MIT */
#include "cli/coding.h"

#include <string.h>

#include "cli/words.h"
#include "idl/mem.h"
#include "schema/find.h"

/* ---- the command line ---- */

/* Return: 0 or an exit status after a message. */
static int
take_option(struct fy_coding_job *job, struct fy_load_options *with,
	    int option, char **argv)
{
	int status = fy_load_option(with, job->command, option);

	if (status != FY_LOAD_NOT_MINE)
		return status;
	switch (option) {
	case 'h':
		job->wants_help = true;
		return 0;
	case FY_CODING_COMPACT:
		job->compact = true;
		return 0;
	case FY_CODING_HEX:
		job->hex = true;
		return 0;
	case FY_CODING_MANY:
		job->many = true;
		return 0;
	default:
		return fy_cmd_bad_option(job->command, option, argv);
	}
}

static int
read_words(struct fy_coding_job *job, char **words, int n)
{
	if (n == 0)
		return fy_cmd_misused(job->command, "which file?");
	if (n == 1)
		return fy_cmd_misused(job->command, "which type of %s?",
				      words[0]);
	if (n > 3)
		return fy_cmd_misused(job->command, "one value at a time");
	job->path = words[0];
	job->type_name = words[1];
	job->word = words[2];
	return 0;
}

static int
read_options(struct fy_coding_job *job, struct fy_load_options *with,
	     const struct option *options, int argc, char **argv)
{
	int option, status;
	int n = 0;

	opterr = 0;
	while ((option = fy_words_option(argc, argv, "-:h" FY_LOAD_SHORT,
					 options, &n)) != -1) {
		status = take_option(job, with, option, argv);
		if (status || job->wants_help)
			return status;
	}
	return read_words(job, argv + 1, n);
}

/* ---- the type ---- */

/* Return: whether @name is "PROCEDURE:@part", and its first half in @out. */
static bool
is_part(const char *name, const char *part, struct ferry_arena *mem,
	const char **out)
{
	const char *colon = strrchr(name, ':');

	if (!colon || strcmp(colon + 1, part) != 0)
		return false;
	*out = fy_text(mem, name, (size_t)(colon - name));
	return true;
}

/* A procedure has two types: its name alone is that of neither. */
static ferry_err
find_named(struct fy_coding_job *job, const struct fy_model *model,
	   struct ferry_arena *mem, struct ferry_error *why)
{
	const char *name = job->type_name;
	ferry_err err = fy_schema_type(model, name, mem, &job->type, why);
	struct fy_found found;

	if (err && fy_schema_procedure(model, name, mem, &found, NULL) ==
		   FERRY_OK)
		snprintf(why->text, sizeof(why->text),
			 "%.40s is a procedure: %.40s:args or %.40s:result?",
			 name, name, name);
	return err;
}

static ferry_err
find_type(struct fy_coding_job *job, const struct fy_model *model,
	  struct ferry_arena *mem, struct ferry_error *why)
{
	const char *procedure = NULL;
	bool args = is_part(job->type_name, "args", mem, &procedure);
	bool result = is_part(job->type_name, "result", mem, &procedure);
	struct fy_found found;
	ferry_err err;

	if (!args && !result)
		return find_named(job, model, mem, why);
	if (!procedure)
		return FERRY_ENOMEM;
	err = fy_schema_procedure(model, procedure, mem, &found, why);
	if (err)
		return err;
	job->procedure = found.procedure;
	job->type = result ? found.procedure->result : NULL;
	return FERRY_OK;
}

static int
run_job(struct fy_coding_job *job, const struct fy_load_options *with,
	int (*run)(const struct fy_coding_job *job))
{
	struct ferry_error why = { .code = FERRY_OK };
	const struct fy_model *model;
	struct fy_load load;
	ferry_err err = fy_load_init(&load, with);
	int status;

	if (!err)
		err = fy_load_model(&load, job->path, &model);
	status = fy_load_report(&load, err);
	if (!status) {
		err = find_type(job, model, &load.mem, &why);
		if (err) {
			fy_cmd_complain("%s", why.code ? why.text
						       : ferry_strerror(err));
			status = ferry_err_status(err);
		} else {
			status = run(job);
		}
	}
	fy_load_fini(&load);
	return status;
}

int
fy_coding_run(const struct fy_command *command, const struct option *options,
	      int (*run)(const struct fy_coding_job *job), int argc,
	      char **argv)
{
	struct fy_coding_job job = { .command = command };
	struct fy_load_options with = { .n_dirs = 0 };
	int status;

	fy_load_options_quiet(&with);
	status = read_options(&job, &with, options, argc, argv);
	if (job.wants_help)
		status = fy_cmd_help.run(
			2, (char *[]){ argv[0], argv[0], NULL });
	else if (!status)
		status = run_job(&job, &with, run);
	fy_load_options_fini(&with);
	return status;
}
