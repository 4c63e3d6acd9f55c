/* SPDX-License-Identifier: MIT */
/*
 * What every byte stream promises in ferry/transport.h, tried in the ways of
 * tests/conformance/world.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "cases.h"
#include "os_fault.h"

#define MOST 200

/* One case in one way. */
struct cell {
	const struct fy_way *way;
	const struct fy_case *what;
	struct fy_world *world;
	char name[100];
};

static int
open_cell(void **state)
{
	struct cell *cell = *state;

	fy_os_fault_clear();
	cell->world = fy_world_open(cell->way, FY_OPENS);
	return cell->world ? 0 : -1;
}

static void
run_cell(void **state)
{
	struct cell *cell = *state;

	cell->what->run(cell->world);
}

static int
close_cell(void **state)
{
	struct cell *cell = *state;

	fy_os_fault_clear();
	return fy_world_close(cell->world) ? 0 : -1;
}

static bool
applies(const struct fy_case *what, const struct fy_way *way)
{
	uint32_t caps;

	if (!fy_way_caps(way, FY_OPENS, &caps) || !(caps & FERRY_CAP_STREAM))
		return false;
	/* What a child hands through comes when it comes. */
	if (what->flags & FY_PLAIN && (way->fault || caps & FERRY_CAP_CHILD))
		return false;
	return !(what->flags & FY_LARGE && way->tiny);
}

int
main(void)
{
	static struct CMUnitTest tests[MOST];
	static struct cell cells[MOST];
	size_t n = 0;

	for (const struct fy_way *w = fy_ways; w->name; w++) {
		for (const struct fy_case *c = fy_stream_cases; c->sentence;
		     c++) {
			if (!applies(c, w) || n == MOST)
				continue;
			cells[n] = (struct cell){ .way = w, .what = c };
			snprintf(cells[n].name, sizeof(cells[n].name), "%s: %s",
				 w->name, c->sentence);
			tests[n] = (struct CMUnitTest){ cells[n].name, run_cell,
							open_cell, close_cell,
							&cells[n] };
			n++;
		}
	}
	return _cmocka_run_group_tests("links", tests, n, NULL, NULL);
}
