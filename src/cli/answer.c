/* SPDX-License-Identifier: MIT */
/*
 * A call by hand, from its arguments to its line in the log: answered at once
 * by a value, or later by what a command printed. What is in the log has been
 * done when the caller hears of it.
 */
#include "cli/answer.h"

#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>

#include "cli/calllog.h"
#include "cli/cmd.h"
#include "cli/environment.h"
#include "cli/mock.h"
#include "cli/value.h"

#define MS_NS INT64_C(1000000)

struct answering {
	struct fy_job job;
	struct ferry_call *call;
	const struct fy_mocked *mocked;
	const struct fy_answer *answer;
	struct ferry_peer peer;
	struct ferry_arena mem;
	json_t *args;
	int64_t start_ns;
};

/* ---- the end of a call ---- */

static void
log_call(const struct answering *one, const char *status, const char *error)
{
	struct fy_call_record record = {
		.procedure = one->answer->name,
		.peer = &one->peer,
		.auth = ferry_call_auth_sys(one->call),
		.args = one->args,
		.status = status,
		.error = error,
		.micros = (ferry_in_ns(0).ns - one->start_ns) / 1000,
	};

	if (one->mocked->mock->log)
		fy_calllog_write(one->mocked->mock->log, &record);
}

/* The reason is told even where calls are not. */
static void
log_failure(const struct answering *one, const char *error)
{
	log_call(one, "SYSTEM_ERR", error);
	if (!one->mocked->mock->log)
		fy_cmd_complain("%s: %s", one->answer->name, error);
}

/* The last call that was asked for ends the server. */
static void
count_call(struct fy_mock *mock)
{
	uint64_t left = __atomic_load_n(&mock->n_left, __ATOMIC_RELAXED);

	while (left > 0 && !__atomic_compare_exchange_n(
				   &mock->n_left, &left, left - 1, false,
				   __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		continue;
	if (left == 1)
		ferry_server_stop(mock->server);
}

static void
forget(struct answering *one)
{
	count_call(one->mocked->mock);
	json_decref(one->args);
	ferry_arena_fini(&one->mem);
	free(one);
}

static ferry_err
reply(struct ferry_call *call, struct ferry_bytes result)
{
	struct ferry_encoder *e = ferry_reply_begin(call, result.len);
	uint8_t *room = ferry_put_run(e, result.len);

	if (room && result.len > 0)
		memcpy(room, result.data, result.len);
	return ferry_reply_send(call);
}

/* ---- by a command ---- */

static void
fail(struct answering *one, const char *error)
{
	log_failure(one, error);
	ferry_call_fail(one->call, FERRY_ESERVER);
}

static bool
is_blank(struct ferry_str text)
{
	for (uint32_t i = 0; i < text.len; i++)
		if (!strchr(" \t\r\n", text.data[i]) || !text.data[i])
			return false;
	return true;
}

/* Return: 0, or an exit status after a message. */
static int
encode_output(struct answering *one, struct ferry_bytes *out)
{
	const struct fy_type *type = one->answer->procedure->result;
	struct fy_json_fault fault;
	char name[100];
	json_t *value;
	ferry_err err;
	int status;

	if (type->kind == FY_KIND_VOID && is_blank(one->job.output))
		return 0;
	snprintf(name, sizeof(name), "the output for %.80s",
		 one->answer->name);
	status = fy_value_parse(one->job.output, name, &value);
	if (status)
		return status;
	err = fy_json_put(value, type, &one->mem, out, &fault);
	json_decref(value);
	return err ? fy_value_misfit(name, err, &fault,
				     one->answer->procedure)
		   : 0;
}

static void
answer_output(struct answering *one)
{
	struct ferry_bytes result = { (const uint8_t *)"", 0 };

	if (encode_output(one, &result)) {
		fail(one, "the output of the command is not the result");
		return;
	}
	log_call(one, "SUCCESS", NULL);
	if (reply(one->call, result))
		fy_cmd_complain("%s: the result is too long to be sent",
				one->answer->name);
}

static void
explain(const struct fy_job *job, char *text, size_t bytes)
{
	if (job->err != FERRY_ESERVER)
		snprintf(text, bytes, "the command was ended: %s",
			 job->why.text[0] ? job->why.text
					  : ferry_strerror(job->err));
	else if (WIFSIGNALED(job->status))
		snprintf(text, bytes, "the command died of signal %d",
			 WTERMSIG(job->status));
	else
		snprintf(text, bytes, "the command exited with %d",
			 WEXITSTATUS(job->status));
}

static void
command_done(struct fy_job *job)
{
	struct answering *one = FY_CONTAINER(job, struct answering, job);
	char why[300];

	if (job->err) {
		explain(job, why, sizeof(why));
		fail(one, why);
	} else {
		answer_output(one);
	}
	forget(one);
}

/* Arguments are a line of input: no shell ever sees them as anything else. */
static ferry_err
write_input(struct answering *one)
{
	struct ferry_str text;
	ferry_err err = fy_json_text(one->args, FY_JSON_COMPACT, &one->mem,
				     &text);
	char *line = err ? NULL : ferry_arena_alloc(&one->mem, text.len + 1ul);

	if (err || text.len == UINT32_MAX)
		return err ? err : FERRY_ETOOBIG;
	if (!line)
		return FERRY_ENOMEM;
	memcpy(line, text.data, text.len);
	line[text.len] = '\n';
	one->job.input = (struct ferry_str){ line, text.len + 1 };
	return FERRY_OK;
}

static ferry_err
describe_job(struct answering *one)
{
	const struct fy_mocked *mocked = one->mocked;
	struct fy_environment environment = {
		.program = mocked->program->name,
		.version = mocked->declared->name,
		.procedure = one->answer->procedure->name,
		.peer = &one->peer,
		.auth = ferry_call_auth_sys(one->call),
	};
	struct fy_job *job = &one->job;
	char **env;
	ferry_err err;

	job->until.ns = one->start_ns + mocked->mock->timeout_ns;
	if (one->call->until.ns < job->until.ns)
		job->until = one->call->until;
	environment.timeout_ms = (job->until.ns - one->start_ns) / MS_NS;
	err = fy_environment_make(&environment, &one->mem, &env);
	if (!err)
		err = write_input(one);
	job->env = err ? NULL : env;
	job->command = one->answer->command;
	job->done = command_done;
	return err;
}

/* ---- the beginning ---- */

static ferry_err
read_args(struct answering *one, struct ferry_decoder *d)
{
	struct fy_json_fault fault;
	char why[500];
	ferry_err err = fy_json_get_args(d, one->answer->procedure, &one->args,
					 &fault);

	if (err == FERRY_ENOMEM)
		return err;
	if (err)
		snprintf(why, sizeof(why), "%s%s%s", fault.where,
			 fault.where[0] ? ": " : "", fault.text);
	else if (d->at != d->end)
		snprintf(why, sizeof(why), "%zu bytes are left over behind "
			 "the arguments", (size_t)(d->end - d->at));
	else
		return FERRY_OK;
	log_call(one, "GARBAGE_ARGS", why);
	return FERRY_EARGS;
}

/* Return: FERRY_LATER if it has been handed on. */
static ferry_err
run_command(struct answering *one)
{
	ferry_err err = describe_job(one);

	if (err) {
		log_failure(one, ferry_strerror(err));
		return err;
	}
	if (fy_runner_submit(one->mocked->mock->runner, &one->job))
		return FERRY_LATER;
	log_failure(one, "too many commands wait for their turn");
	return FERRY_ESERVER;
}

/* Return: as ferry_version.serve; @one is gone unless it is FERRY_LATER. */
static ferry_err
answer(struct answering *one)
{
	const struct fy_answer *with = one->answer;
	ferry_err err = FERRY_EPROC;

	if (with->command) {
		err = run_command(one);
		if (err == FERRY_LATER)
			return err;
	} else if (with->has_reply) {
		log_call(one, "SUCCESS", NULL);
		err = reply(one->call, with->reply);
	} else {
		log_call(one, with->procedure->number == 0 ? "SUCCESS"
							   : "PROC_UNAVAIL",
			 NULL);
	}
	forget(one);
	return err;
}

ferry_err
fy_answer_begin(struct ferry_call *call,
		const struct ferry_procedure *procedure, const void *ops,
		struct ferry_decoder *d)
{
	const struct fy_mocked *mocked = ops;
	struct answering *one = calloc(1, sizeof(*one));
	ferry_err err;

	if (!one)
		return FERRY_ENOMEM;
	one->call = call;
	one->mocked = mocked;
	one->answer = &mocked->answers[procedure - mocked->version.procedures];
	one->start_ns = ferry_in_ns(0).ns;
	ferry_call_peer(call, &one->peer);
	err = read_args(one, d);
	if (!err)
		return answer(one);
	forget(one);
	return err;
}
