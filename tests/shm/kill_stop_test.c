/* SPDX-License-Identifier: MIT */
/*
 * SIGSTOP is not death: a victim stopped at each step for 10 ms goes on without
 * loss; then argv[1] (20) at random ones, for argv[2] ms (50). Meanwhile the
 * survivor's deadlines hold, and another channel of his works.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kill.h"
#include "kill_lives.h"

#define SHORT_NS 10000000

static uint32_t n_rounds = 20;
static uint32_t long_ms = 50;

/* Return: whether it was stopped there, which can differ from life to life. */
static bool
stop_at(struct kill_world *w, struct kill_plan plan)
{
	struct kill_end_of end;

	plan.end = KILL_STOPPED;
	end = kill_survive(w, &plan);
	assert_false(end.killed);
	assert_int_equal(end.met, plan.n_channels);
	return w->page->stopped;
}

/* Return: in how many kinds of lives. */
static uint32_t
stop_in_each_life(struct kill_world *w, uint32_t step,
		  uint32_t (*passed)[FY_SHM_N_STEPS])
{
	uint32_t stopped = 0;

	for (size_t i = 0; i < kill_n_lives; i++) {
		struct kill_plan plan = kill_lives[i];

		plan.step = step;
		plan.at = 1;
		plan.after_ns = SHORT_NS;
		if (passed[i][step] >= 1)
			stopped += stop_at(w, plan);
	}
	return stopped;
}

static uint32_t
stop_at_each_step(struct kill_world *w, uint32_t (*passed)[FY_SHM_N_STEPS])
{
	uint32_t all = 0;

	for (uint32_t step = FY_STEP_OUTSIDE + 1; step < FY_SHM_N_STEPS;
	     step++) {
		uint32_t n = stop_in_each_life(w, step, passed);

		if (n == 0) {
			print_message("nobody passes %s\n",
				      kill_step_name(step));
			fail();
		}
		all += n;
	}
	return all;
}

static void
stop_at_random(struct kill_world *w, uint32_t (*passed)[FY_SHM_N_STEPS])
{
	for (uint32_t n = 0; n < n_rounds;) {
		size_t i = kill_random(&w->random) % kill_n_lives;
		struct kill_plan plan = kill_lives[i];

		plan.step = kill_random(&w->random) % FY_SHM_N_STEPS;
		plan.after_ns = long_ms * 1000000;
		if (passed[i][plan.step] == 0)
			continue;
		plan.at = 1 + kill_random(&w->random) % passed[i][plan.step];
		n += stop_at(w, plan);
	}
}

static void
stopped_anywhere_it_goes_on_without_loss(void **state)
{
	uint32_t (*passed)[FY_SHM_N_STEPS];
	struct kill_world w;
	uint32_t n;

	(void)state;
	kill_begin(&w);
	passed = calloc(kill_n_lives, sizeof(*passed));
	assert_non_null(passed);
	kill_steps_passed(&w, passed);
	w.meanwhile = true;
	n = stop_at_each_step(&w, passed);
	printf("%u stopped for 10 ms, at each step; meanwhile another "
	       "answered %u times\n", n, w.answers);
	w.answers = 0;
	stop_at_random(&w, passed);
	printf("%u stopped for %u ms, at random; meanwhile another answered "
	       "%u times\n", n_rounds, long_ms, w.answers);
	assert_true(w.answers > 0);
	free(passed);
	kill_finish(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopped_anywhere_it_goes_on_without_loss),
	};

	if (argc > 1)
		n_rounds = (uint32_t)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		long_ms = (uint32_t)strtoul(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
