/* SPDX-License-Identifier: MIT */
/*
 * kill -9 at any instruction: argv[1] victims (1000), or FERRY_SHM_KILLS; their
 * lives are made of the number argv[2] (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kill.h"

static uint32_t n_kills = 1000;
static uint32_t seed = 1;

/* How long it takes on this machine, in this build, until two have met. */
static uint32_t
time_to_meet_ns(struct kill_world *w)
{
	const struct kill_plan plan = { .ring_kib = 4, .bytes = 8,
					.n_channels = 1 };
	int64_t all_ns = 0;

	for (int i = 0; i < 8; i++) {
		(void)kill_survive(w, &plan);
		all_ns += w->page->met_ns;
	}
	return (uint32_t)(all_ns / 8);
}

static uint32_t
below(uint32_t most)
{
	return kill_random(&seed) % most;
}

static bool
one_in(uint32_t n)
{
	return below(n) == 0;
}

static struct kill_plan
any_plan(uint32_t meet_ns)
{
	static const uint32_t rings[] = { 4, 4, 4, 16, 64 };
	struct kill_plan plan = {
		.role = (enum kill_role)below(3),
		.way = (enum kill_way)below(4),
		.listens = one_in(3),
		.trusts = one_in(3),
		.waits = (enum kill_wait)below(KILL_N_WAITS),
		.ring_kib = rings[below(5)],
		.n = KILL_ENDLESS,
		.n_channels = 1,
		.pause_ns = one_in(6) ? 300000 : 0,
		.slow_ns = one_in(4) ? 50000 : 0,
		.seed = kill_random(&seed),
		.end = KILL_BY_TIME,
		.from_start = one_in(5),
	};

	plan.bytes = plan.way == KILL_PARTS ? 2 * 1024 * plan.ring_kib
					    : 8 + below(800);
	if (plan.bytes > KILL_BYTES_MOST)
		plan.bytes = KILL_BYTES_MOST;
	/* Some come, close, and come again. */
	if (one_in(4)) {
		plan.n = below(20);
		plan.n_channels = 1 + below(4);
	}
	plan.after_ns = below(plan.from_start ? 2 * meet_ns : 400000) + 1;
	return plan;
}

static void
killed_anywhere_it_leaves_what_it_sent_and_an_end(void **state)
{
	struct kill_world w;
	struct kill_sum sum;
	uint32_t meet_ns;

	(void)state;
	printf("seed %u\n", seed);
	kill_begin(&w);
	kill_sum_begin(&sum, n_kills);
	meet_ns = time_to_meet_ns(&w);
	while (sum.n < n_kills) {
		struct kill_plan plan = any_plan(meet_ns);
		struct kill_end_of end = kill_survive(&w, &plan);

		kill_sum_add(&sum, w.page, &end);
	}
	kill_sum_print(&sum, "at random");
	assert_true(sum.inside * 2 >= sum.n);
	kill_sum_end(&sum);
	kill_finish(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			killed_anywhere_it_leaves_what_it_sent_and_an_end),
	};
	const char *kills = getenv("FERRY_SHM_KILLS");

	if (kills)
		n_kills = (uint32_t)strtoul(kills, NULL, 10);
	if (argc > 1)
		n_kills = (uint32_t)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = (uint32_t)strtoul(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
