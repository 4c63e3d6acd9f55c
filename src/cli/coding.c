/* SPDX-License-Identifier: MIT */
#include "cli/coding.h"

#include <string.h>

#include "idl/mem.h"
#include "schema/find.h"

/* ---- the command line ---- */

static void
take_option(struct fy_coding_job *job, int option)
{
	switch (option) {
	case FY_CODING_COMPACT:
		job->compact = true;
		break;
	case FY_CODING_HEX:
		job->hex = true;
		break;
	case FY_CODING_MANY:
		job->many = true;
		break;
	}
}

/* Return: 0, or an exit status after a message. */
static int
take_words(struct fy_coding_job *job, char **words, int n)
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
fy_coding_run(struct fy_cmdline *line,
	      int (*run)(const struct fy_coding_job *job))
{
	struct fy_coding_job job = { .command = line->command };
	int option, status;

	fy_load_options_quiet(&line->with);
	while ((option = fy_cmdline_next(line)) != 0)
		take_option(&job, option);
	if (line->status)
		return line->status;
	status = take_words(&job, line->words, line->n_words);
	return status ? status : run_job(&job, &line->with, run);
}
