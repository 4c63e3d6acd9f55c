/* SPDX-License-Identifier: MIT */
#include "cli/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/resource.h>
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
	assert_true(fy_runner_submit(runner, &sample->job));
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

static void
more_than_may_wait_are_not_taken(void **state)
{
	const size_t most = FY_RUNNER_WAITING;
	struct fy_runner *runner = new_runner();
	struct sample *samples = calloc(most + 1, sizeof(*samples));
	char command[] = "exec cat";

	(void)state;
	assert_non_null(samples);
	for (size_t i = 0; i < most; i++)
		submit(runner, &samples[i], command, "");
	assert_false(fy_runner_submit(runner, &samples[most].job));
	fy_runner_free(runner);
	for (size_t i = 0; i < most; i++) {
		assert_int_equal(samples[i].n_done, 1);
		assert_int_equal(samples[i].job.err, FERRY_ECLOSED);
		free(samples[i].output);
	}
	free(samples);
}

static void
bytes_that_wait_are_bounded_too(void **state)
{
	const size_t half = FY_RUNNER_WAITING_BYTES / 2;
	struct fy_runner *runner = new_runner();
	struct sample samples[4];
	char command[] = "exec cat > /dev/null";
	char *input = malloc(half + 1);

	(void)state;
	assert_non_null(input);
	memset(input, 'x', half);
	input[half] = '\0';
	submit(runner, &samples[0], command, input);
	submit(runner, &samples[1], command, input);
	samples[2] = (struct sample){ .job.until = FERRY_NEVER };
	assert_false(fy_runner_submit(runner, &samples[2].job));
	/* There is room again when those that waited run. */
	finish(runner, &samples[0]);
	submit(runner, &samples[3], command, "");
	end(runner);
	for (int i = 0; i < 4; i++)
		free(i == 2 ? input : samples[i].output);
}

/* More is asked of poll(2) than may be open is EINVAL, whatever is there. */
static void
only_open_descriptors_are_waited_for(void **state)
{
	struct fy_runner *runner = new_runner();
	struct sample samples[FY_RUNNER_AT_A_TIME];
	char command[] = "exec <&- >&-; kill -STOP $$";
	struct rlimit limit, low;
	bool readable;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int i = 0; i < FY_RUNNER_AT_A_TIME; i++) {
		submit(runner, &samples[i], command, "");
		samples[i].job.until = ferry_in_ms(200);
	}
	assert_int_equal(fy_runner_turn(runner, -1, &readable, NULL), FERRY_OK);
	low = limit;
	low.rlim_cur = fy_audit_fds() + 8;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	for (int i = 0; i < FY_RUNNER_AT_A_TIME; i++) {
		while (samples[i].n_done == 0)
			assert_int_equal(fy_runner_turn(runner, -1, &readable,
							NULL),
					 FERRY_OK);
		assert_int_equal(samples[i].job.err, FERRY_ETIMEDOUT);
		free(samples[i].output);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	end(runner);
}

/* What runs, what waits and what comes after: nobody waits for ever. */
static void
a_wait_that_fails_ends_all(void **state)
{
	const struct fy_os_fault fault = { .call = FY_OS_poll, .at = 2,
					   .for_ever = true, .error = EIO };
	struct fy_runner *runner = new_runner();
	struct sample *samples = calloc(MANY, sizeof(*samples));
	char command[] = "trap '' TERM INT; tail -f /dev/null & wait";
	size_t n_fds = fy_audit_fds();
	struct ferry_error why;
	bool readable;

	(void)state;
	assert_non_null(samples);
	for (int i = 0; i < MANY; i++)
		submit(runner, &samples[i], command, "");
	fy_os_fault_set(&fault);
	assert_int_equal(fy_runner_turn(runner, -1, &readable, &why), FERRY_OK);
	assert_int_equal(fy_runner_turn(runner, -1, &readable, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, EIO);
	fy_os_fault_clear();
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(samples[i].n_done, 1);
		assert_int_equal(samples[i].job.err, FERRY_ECLOSED);
		free(samples[i].output);
	}
	assert_false(fy_runner_submit(runner, &samples[0].job));
	assert_int_equal(fy_audit_fds(), n_fds);
	assert_int_equal(fy_audit_children(), 0);
	free(samples);
	fy_runner_free(runner);
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
		assert_true(fy_audit_children() == 0 ||
			    fault.call == FY_OS_waitpid);
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
		cmocka_unit_test(more_than_may_wait_are_not_taken),
		cmocka_unit_test(bytes_that_wait_are_bounded_too),
		cmocka_unit_test(only_open_descriptors_are_waited_for),
		cmocka_unit_test(a_wait_that_fails_ends_all),
		cmocka_unit_test(every_failure_of_the_system_ends_the_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
