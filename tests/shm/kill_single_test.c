/* SPDX-License-Identifier: MIT */
/*
 * A kill behind each instruction of send and receive, as -O2 makes them; and,
 * with argv[1], behind each argv[1]th of whatever else there is, later fewer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kill.h"
#include "kill_single.h"

/* So many of each; what has more waits for somebody, or has them strided. */
#define MOST 1500
/* Long enough for the other end to go to sleep. */
#define SLEEPY_NS 300000
/* Messages before the one that is stepped through. */
#define WARM 16
/* To receive each message is two operations: to take it, and to release it. */
#define TAKE (2 * WARM)
#define RELEASE (2 * WARM + 1)

/**
 * struct stepped - an operation
 * @whole: also where only some instructions of others are asked for
 */
struct stepped {
	const char *what;
	bool whole;
	struct kill_plan plan;
};

#define PLAN(of, by, op, after)                                                \
	.role = (of), .way = (by), .step = (op), .warm = (after),              \
	.ring_kib = 16, .seed = 9, .n = 40, .n_channels = 1,                   \
	.end = KILL_SINGLY, .bytes = 200

static const struct stepped all[] = {
	{ "send, to one awake", true,
	  { PLAN(KILL_SENDS, KILL_COPIES, KILL_IN_SEND, WARM),
	    .waits = KILL_AWAKE } },
	{ "send, to one asleep", true,
	  { PLAN(KILL_SENDS, KILL_COPIES, KILL_IN_SEND, WARM),
	    .pause_ns = SLEEPY_NS } },
	{ "receive a copy, from one awake", true,
	  { PLAN(KILL_RECEIVES, KILL_COPIES, KILL_IN_RECV, TAKE),
	    .waits = KILL_AWAKE } },
	{ "take in place", true,
	  { PLAN(KILL_RECEIVES, KILL_LENDS, KILL_IN_RECV, TAKE),
	    .trusts = true } },
	{ "release in place", true,
	  { PLAN(KILL_RECEIVES, KILL_LENDS, KILL_IN_RECV, RELEASE),
	    .trusts = true } },
	{ "send, to one that polls", false,
	  { PLAN(KILL_SENDS, KILL_COPIES, KILL_IN_SEND, WARM),
	    .pause_ns = SLEEPY_NS, .waits = KILL_POLLING } },
	{ "loan and commit", false,
	  { PLAN(KILL_SENDS, KILL_LENDS, KILL_IN_SEND, WARM),
	    .waits = KILL_AWAKE } },
	{ "flush of 16, to one asleep", false,
	  { PLAN(KILL_SENDS, KILL_CORKS, KILL_IN_SEND, WARM),
	    .pause_ns = SLEEPY_NS } },
	{ "receive, and wait", false,
	  { PLAN(KILL_RECEIVES, KILL_COPIES, KILL_IN_RECV, TAKE),
	    .slow_ns = SLEEPY_NS } },
	{ "open", false,
	  { PLAN(KILL_SENDS, KILL_COPIES, KILL_OPENS, 0) } },
	{ "accept", false,
	  { PLAN(KILL_SENDS, KILL_COPIES, KILL_ACCEPTS, 0),
	    .listens = true } },
	{ "close", false,
	  { PLAN(KILL_SENDS, KILL_COPIES, KILL_CLOSES, 0) } },
};

static uint32_t stride;

/* Return: how many instructions it has, or was let do. */
static uint32_t
step_through(struct kill_world *w, struct kill_sum *sum,
	     const struct stepped *op, uint32_t by)
{
	uint32_t at = by;

	for (uint32_t i = 0; i < MOST; i++) {
		struct kill_plan plan = op->plan;
		struct kill_end_of end;

		plan.at = at;
		end = kill_survive(w, &plan);
		assert_true(end.killed);
		kill_sum_add(sum, w->page, &end);
		if (w->page->passed[0] < at)
			return w->page->passed[0];
		at += op->whole ? 1 : by + at / 16;
	}
	return at;
}

static void
killed_behind_any_instruction_it_leaves_what_it_sent(void **state)
{
	struct kill_world w;
	struct kill_sum sum;

	(void)state;
	if (!kill_can_single()) {
		print_message("no stepping by instructions in this build, or "
			      "on this machine\n");
		skip();
	}
	kill_begin(&w);
	kill_sum_begin(&sum, MOST * sizeof(all) / sizeof(all[0]));
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		uint32_t by = all[i].whole ? 1 : stride;

		if (by > 0)
			printf("%6u instructions, each %u. one: %s\n",
			       step_through(&w, &sum, &all[i], by), by,
			       all[i].what);
	}
	kill_sum_print(&sum, "instruction by instruction");
	kill_sum_end(&sum);
	kill_finish(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			killed_behind_any_instruction_it_leaves_what_it_sent),
	};

	if (argc > 1)
		stride = (uint32_t)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
