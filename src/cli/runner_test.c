/* SPDX-License-Identifier: MIT */
#include "cli/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/wait.h>

#include "audit.h"
#include "core/time.h"
#include "os_fault.h"

#define MANY 150

struct sample {
	struct fy_job job;
	int n_done;
	char *output; /* a copy */
};

static void
note_done(struct fy_job *job)
{
	struct sample *sample = FY_CONTAINER(job, struct sample, job);

	sample->n_done++;
	sample->output = strndup(job->output.data ? job->output.data : "",
				 job->output.len);
}

static void
submit(struct fy_runner *runner, struct sample *sample, char *command,
       const char *input)
{
	*sample = (struct sample){ .job = {
		.command = command,
		.env = environ,
		.input = ferry_str_of(input),
		.until = FERRY_NEVER,
		.done = note_done,
	} };
	fy_runner_submit(runner, &sample->job);
}

static struct fy_runner *
new_runner(void)
{
	struct fy_runner *runner;

	assert_int_equal(fy_runner_new(&runner, NULL), FERRY_OK);
	return runner;
}

/* Until @sample is done; a wait that fails is tried again. */
static void
finish(struct fy_runner *runner, const struct sample *sample)
{
	bool readable;

	while (sample->n_done == 0)
		assert_int_not_equal(fy_runner_turn(runner, -1, &readable,
						    NULL),
				     FERRY_ECLOSED);
	assert_int_equal(sample->n_done, 1);
}

static void
end(struct fy_runner *runner)
{
	bool readable;

	fy_runner_end(runner);
	while (fy_runner_turn(runner, -1, &readable, NULL) != FERRY_ECLOSED)
		continue;
	fy_runner_free(runner);
}

static void
a_command_reads_and_prints_in_pieces(void **state)
{
	const struct fy_os_fault pieces = { .io_most = 7 };
	struct fy_runner *runner = new_runner();
	char input[20001] = "";
	struct sample cat;

	(void)state;
	memset(input, 'x', sizeof(input) - 1);
	submit(runner, &cat, (char[]){ "cat" }, input);
	fy_os_fault_set(&pieces);
	finish(runner, &cat);
	fy_os_fault_clear();
	assert_int_equal(cat.job.err, FERRY_OK);
	assert_string_equal(cat.output, input);
	free(cat.output);
	end(runner);
}

static void
a_command_that_fails_says_how(void **state)
{
	struct fy_runner *runner = new_runner();
	struct sample sample;

	(void)state;
	submit(runner, &sample, (char[]){ "echo half; exit 7" }, "not read");
	finish(runner, &sample);
	assert_int_equal(sample.job.err, FERRY_ESERVER);
	assert_int_equal(WEXITSTATUS(sample.job.status), 7);
	assert_string_equal(sample.output, "half\n");
	free(sample.output);
	end(runner);
}

static void
more_commands_than_may_run_take_turns(void **state)
{
	struct fy_runner *runner = new_runner();
	struct sample *samples = calloc(MANY, sizeof(*samples));
	char command[] = "cat";

	(void)state;
	assert_non_null(samples);
	for (int i = 0; i < MANY; i++)
		submit(runner, &samples[i], command, "turn");
	for (int i = 0; i < MANY; i++) {
		finish(runner, &samples[i]);
		assert_int_equal(samples[i].job.err, FERRY_OK);
		assert_string_equal(samples[i].output, "turn");
		free(samples[i].output);
	}
	free(samples);
	end(runner);
}

static void
a_deadline_and_a_stop_end_what_runs(void **state)
{
	struct fy_runner *runner = new_runner();
	char command[] = "tail -f /dev/null & wait";
	struct sample late, stopped, after;
	bool readable;

	(void)state;
	submit(runner, &late, command, "");
	late.job.until = ferry_in_ms(20);
	finish(runner, &late);
	assert_int_equal(late.job.err, FERRY_ETIMEDOUT);

	submit(runner, &stopped, command, "");
	stopped.job.until = ferry_in_ms(60000);
	fy_runner_end(runner);
	assert_int_equal(stopped.n_done, 0);
	submit(runner, &after, command, "");
	while (fy_runner_turn(runner, -1, &readable, NULL) != FERRY_ECLOSED)
		continue;
	assert_int_equal(stopped.job.err, FERRY_ECLOSED);
	assert_int_equal(after.job.err, FERRY_ECLOSED);
	fy_runner_free(runner);
	free(late.output);
	free(stopped.output);
	free(after.output);
}

static void
a_caller_hears_of_his_own_descriptor(void **state)
{
	struct fy_runner *runner = new_runner();
	bool readable = false;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(fy_runner_turn(runner, fds[0], &readable, NULL),
			 FERRY_OK);
	assert_true(readable);
	close(fds[0]);
	close(fds[1]);
	end(runner);
}

/* Whatever fails once, the job ends once, and nothing is left open. */
static void
every_failure_of_the_system_ends_the_job(void **state)
{
	static const enum fy_os_call calls[] = {
		FY_OS_pipe, FY_OS_get_flags, FY_OS_set_flags,
		FY_OS_spawn_group, FY_OS_pidfd_open, FY_OS_waitpid,
		FY_OS_read, FY_OS_write_masked, FY_OS_poll,
	};
	size_t n_fds = fy_audit_fds();
	int n_failed = 0;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(calls) * 2; i++) {
		const struct fy_os_fault fault = {
			.call = calls[i / 2],
			.at = 1 + i % 2,
			.error = EIO,
		};
		struct fy_runner *runner = new_runner();
		struct sample sample;

		submit(runner, &sample, (char[]){ "cat" }, "meow");
		fy_os_fault_set(&fault);
		finish(runner, &sample);
		fy_os_fault_clear();
		if (sample.job.err)
			n_failed++;
		free(sample.output);
		end(runner);
		fy_audit_children();
	}
	assert_true(n_failed >= 8);
	assert_int_equal(fy_audit_fds(), n_fds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_reads_and_prints_in_pieces),
		cmocka_unit_test(a_command_that_fails_says_how),
		cmocka_unit_test(more_commands_than_may_run_take_turns),
		cmocka_unit_test(a_deadline_and_a_stop_end_what_runs),
		cmocka_unit_test(a_caller_hears_of_his_own_descriptor),
		cmocka_unit_test(every_failure_of_the_system_ends_the_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
