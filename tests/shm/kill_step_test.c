/* SPDX-License-Identifier: MIT */
/*
 * A kill at every step of open, accept, send, receive and close: the first, the
 * second and the tenth time that it is passed, in each life that passes it. A
 * step at which nobody could be killed is an error. Who comes next finds that
 * all works.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kill.h"
#include "kill_lives.h"

#define NEXT_NS 1000000000

static const uint32_t times[] = { 1, 2, 10 };
#define N_TIMES (sizeof(times) / sizeof(times[0]))

/* One that wants nothing but to be served, where the dead one was. */
static void
expect_next_to_be_served(struct kill_world *w, bool listens)
{
	const struct kill_plan next = { .role = KILL_ASKS, .ring_kib = 4,
					.bytes = 8, .n = 2, .n_channels = 1,
					.listens = listens };
	int64_t start_ns = kill_now_ns();

	(void)kill_survive(w, &next);
	assert_true(kill_now_ns() - start_ns < NEXT_NS);
}

/* Return: whether it got so far: what it waits for differs each time. */
static bool
kill_at(struct kill_world *w, struct kill_sum *sum, struct kill_plan plan)
{
	struct kill_end_of end;

	plan.end = KILL_AT_STEP;
	end = kill_survive(w, &plan);
	kill_sum_add(sum, w->page, &end);
	if (end.killed)
		expect_next_to_be_served(w, plan.listens);
	return end.killed;
}

/* Return: how many were killed at the step, that many times passed. */
static uint32_t
kill_each_life(struct kill_world *w, struct kill_sum *sum, uint32_t step,
	       uint32_t at, uint32_t (*passed)[FY_SHM_N_STEPS])
{
	uint32_t killed = 0;

	for (size_t i = 0; i < kill_n_lives; i++) {
		struct kill_plan plan = kill_lives[i];

		plan.step = step;
		plan.at = at;
		if (passed[i][step] >= at)
			killed += kill_at(w, sum, plan);
	}
	return killed;
}

static void
killed_at_any_step_it_leaves_what_it_sent_and_an_end(void **state)
{
	uint32_t (*passed)[FY_SHM_N_STEPS];
	uint32_t missed = 0;
	struct kill_world w;
	struct kill_sum sum;

	(void)state;
	kill_begin(&w);
	kill_sum_begin(&sum, FY_SHM_N_STEPS * N_TIMES * kill_n_lives);
	passed = calloc(kill_n_lives, sizeof(*passed));
	assert_non_null(passed);
	kill_steps_passed(&w, passed);
	for (uint32_t step = FY_STEP_OUTSIDE + 1; step < FY_SHM_N_STEPS;
	     step++) {
		for (size_t i = 0; i < N_TIMES; i++) {
			if (kill_each_life(&w, &sum, step, times[i], passed))
				continue;
			missed++;
			print_message("nobody passes %s %u times\n",
				      kill_step_name(step), times[i]);
		}
	}
	kill_sum_print(&sum, "at each step");
	assert_int_equal(missed, 0);
	free(passed);
	kill_sum_end(&sum);
	kill_finish(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			killed_at_any_step_it_leaves_what_it_sent_and_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
