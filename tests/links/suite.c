/* SPDX-License-Identifier: MIT */
/*
 * What every transport promises in ferry/transport.h, tried in every way of
 * ways.c by the same functions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cases.h"
#include "os_fault.h"
#include "ways.h"

#define MOST 512

struct suite {
	struct CMUnitTest tests[MOST];
	char names[MOST][100];
	size_t n;
};

static int
open_world(void **state)
{
	struct world *w = fy_world_open(*state);

	fy_os_fault_clear();
	*state = w;
	return w ? 0 : -1;
}

static int
close_world(void **state)
{
	fy_os_fault_clear();
	return fy_world_close(*state) ? 0 : -1;
}

static bool
applies(enum fy_case_ways ways, const struct way *way)
{
	switch (ways) {
	case FY_WAYS_LISTENERS:
		return way->listen && !way->fault;
	case FY_WAYS_PLAIN:
		return !way->fault;
	case FY_WAYS_DIRECT:
		return !way->slow && !way->fault;
	case FY_WAYS_LARGE:
		return !way->tiny;
	case FY_WAYS_EVERY:
		break;
	}
	return true;
}

static void
add(struct suite *suite, const struct way *way, const struct fy_case *cases)
{
	for (; cases->run && suite->n < MOST; cases++) {
		char *name = suite->names[suite->n];

		if (!applies(cases->ways, way))
			continue;
		snprintf(name, sizeof(suite->names[0]), "%s: %s", way->name,
			 cases->sentence);
		suite->tests[suite->n++] = (struct CMUnitTest){
			name, cases->run, open_world, close_world,
			(void *)(uintptr_t)way
		};
	}
}

int
main(void)
{
	static struct suite suite;

	for (size_t i = 0; i < fy_test_n_ways; i++) {
		add(&suite, &fy_test_ways[i], fy_message_cases);
		add(&suite, &fy_test_ways[i], fy_life_cases);
	}
	return _cmocka_run_group_tests("transports", suite.tests, suite.n,
				       NULL, NULL);
}
