/* SPDX-License-Identifier: MIT */
#include "cli/mock.h"

#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/cmd.h"
#include "cli/value.h"
#include "idl/mem.h"
#include "schema/find.h"

/* ---- the tables ---- */

static int
compare_numbers(const void *a, const void *b)
{
	const struct fy_answer *x = a;
	const struct fy_answer *y = b;

	return (x->procedure->number > y->procedure->number) -
	       (x->procedure->number < y->procedure->number);
}

/* RFC 5531 section 12.1: it is there, and takes and gives nothing. */
static const struct fy_procedure *
null_procedure(void)
{
	static const struct fy_type nothing = { .kind = FY_KIND_VOID };
	static const struct fy_procedure null = { .name = "NULL",
						  .result = &nothing };

	return &null;
}

static const char *
full_name(const struct fy_mocked *mocked, const struct fy_procedure *procedure)
{
	const char *const parts[] = { mocked->program->name,
				      mocked->declared->name,
				      procedure->name };
	size_t bytes = 0;
	char *name, *at;

	for (size_t i = 0; i < FY_ARRAY_LEN(parts); i++)
		bytes += strlen(parts[i]) + 1;
	name = at = ferry_arena_alloc(mocked->mock->mem, bytes);
	if (!name)
		return NULL;
	for (size_t i = 0; i < FY_ARRAY_LEN(parts); i++) {
		at = stpcpy(at, parts[i]);
		*at++ = '.';
	}
	at[-1] = '\0';
	return name;
}

/* The declared procedures by their numbers, and 0 whether it is or not. */
static ferry_err
list_answers(struct fy_mocked *mocked)
{
	const struct fy_version *declared = mocked->declared;
	size_t n = declared->n_procedures;
	bool has_null = false;

	mocked->answers = fy_new(mocked->mock->mem,
				 (n + 1) * sizeof(*mocked->answers));
	if (!mocked->answers)
		return FERRY_ENOMEM;
	for (size_t i = 0; i < n; i++) {
		mocked->answers[i].procedure = &declared->procedures[i];
		has_null |= declared->procedures[i].number == 0;
	}
	if (!has_null)
		mocked->answers[n++].procedure = null_procedure();
	qsort(mocked->answers, n, sizeof(*mocked->answers), compare_numbers);
	mocked->version.n_procedures = (uint32_t)n;
	return FERRY_OK;
}

static ferry_err
describe_version(struct fy_mocked *mocked)
{
	struct ferry_procedure *rows;
	ferry_err err = list_answers(mocked);

	if (err)
		return err;
	rows = fy_new(mocked->mock->mem,
		      mocked->version.n_procedures * sizeof(*rows));
	if (!rows)
		return FERRY_ENOMEM;
	for (uint32_t i = 0; i < mocked->version.n_procedures; i++) {
		struct fy_answer *answer = &mocked->answers[i];

		answer->name = full_name(mocked, answer->procedure);
		if (!answer->name)
			return FERRY_ENOMEM;
		rows[i].number = answer->procedure->number;
		rows[i].name = answer->procedure->name;
	}
	mocked->version.name = mocked->program->name;
	mocked->version.program = mocked->program->number;
	mocked->version.version = mocked->declared->number;
	mocked->version.procedures = rows;
	mocked->version.serve = fy_answer_begin;
	return FERRY_OK;
}

static ferry_err
add_program(struct fy_mock *mock, const struct fy_program *program)
{
	ferry_err err = FERRY_OK;

	for (size_t i = 0; !err && i < program->n_versions; i++) {
		struct fy_mocked *mocked = &mock->versions[mock->n_versions++];

		mocked->mock = mock;
		mocked->program = program;
		mocked->declared = &program->versions[i];
		err = describe_version(mocked);
	}
	return err;
}

ferry_err
fy_mock_init(struct fy_mock *mock)
{
	const struct fy_model *model = mock->model;
	size_t n = 0;
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < model->n_defs; i++)
		if (model->defs[i].kind == FY_DEF_PROGRAM)
			n += model->defs[i].program->n_versions;
	mock->versions = fy_new(mock->mem, n * sizeof(*mock->versions));
	if (!mock->versions)
		return FERRY_ENOMEM;
	for (size_t i = 0; !err && i < model->n_defs; i++)
		if (model->defs[i].kind == FY_DEF_PROGRAM)
			err = add_program(mock, model->defs[i].program);
	return err;
}

/* ---- the answers ---- */

static struct fy_answer *
answer_of(struct fy_mock *mock, const struct fy_found *found)
{
	for (size_t i = 0; i < mock->n_versions; i++) {
		struct fy_mocked *mocked = &mock->versions[i];

		if (mocked->declared != found->version)
			continue;
		for (uint32_t k = 0; k < mocked->version.n_procedures; k++)
			if (mocked->version.procedures[k].number ==
			    found->procedure->number)
				return &mocked->answers[k];
	}
	return NULL;
}

/*
 * Cuts "NAME=REST" in two, and finds whom NAME means. Return: NULL after a
 * message, and @status is to be exited with.
 */
static struct fy_answer *
split(struct fy_mock *mock, char *text, const char *option, char **rest,
      int *status)
{
	struct ferry_error why = { .code = FERRY_OK };
	char *sign = strchr(text, '=');
	struct fy_found found;
	struct fy_answer *answer;

	if (!sign || sign == text) {
		*status = fy_cmd_misused(&fy_cmd_serve, "%s takes "
					 "PROCEDURE=..., not '%s'",
					 option, text);
		return NULL;
	}
	*sign = '\0';
	*rest = sign + 1;
	if (fy_schema_procedure(mock->model, text, mock->mem, &found, &why)) {
		fy_cmd_complain("%s", why.text);
		*status = ferry_err_status(why.code);
		return NULL;
	}
	answer = answer_of(mock, &found);
	if (answer && !answer->has_reply && !answer->command)
		return answer;
	*status = fy_cmd_misused(&fy_cmd_serve, "%s has two answers", text);
	return NULL;
}

int
fy_mock_reply(struct fy_mock *mock, char *text)
{
	struct fy_json_fault fault;
	json_t *value = NULL;
	char *rest = NULL;
	int status;
	struct fy_answer *answer = split(mock, text, "--reply", &rest, &status);
	ferry_err err;

	if (!answer)
		return status;
	status = fy_value_read(rest, &value);
	if (status)
		return status;
	err = fy_json_put(value, answer->procedure->result, mock->mem,
			  &answer->reply, &fault);
	json_decref(value);
	if (err)
		return fy_value_misfit(text, err, &fault, answer->procedure);
	answer->has_reply = true;
	return 0;
}

int
fy_mock_run(struct fy_mock *mock, char *text)
{
	char *command = NULL;
	int status;
	struct fy_answer *answer = split(mock, text, "--run", &command,
					 &status);

	if (!answer)
		return status;
	answer->command = command;
	return 0;
}

ferry_err
fy_mock_serve(struct fy_mock *mock)
{
	ferry_err err = FERRY_OK;

	for (size_t i = 0; !err && i < mock->n_versions; i++) {
		struct fy_mocked *mocked = &mock->versions[i];

		err = ferry_server_add(mock->server, &mocked->version, mocked,
				       mocked);
	}
	return err;
}
