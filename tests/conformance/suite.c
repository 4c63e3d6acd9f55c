/* SPDX-License-Identifier: MIT */
/*
 * What every scheme promises in ferry/channel.h, tried in every way of world.c
 * by the same functions.
 *
 *	test-conformance [WAY [CASE]]	runs; prints the matrix. CASE: a pattern
 *	test-conformance --table	what docs/conformance.md says of it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>

#include "cases.h"
#include "mq_alone.h"
#include "os_fault.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FY_SLOWNESS 10
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FY_SLOWNESS 10
#endif
#endif
#ifndef FY_SLOWNESS
#define FY_SLOWNESS 1
#endif

#define MOST 1600
/* What meson takes for a skipped test. */
#define SKIPPED 77
/* What takes longer is said: the suite is to be short. */
#define SLOW_MS 300

/* One case in one way and role; a cell of the matrix has one or two. */
struct cell {
	const struct fy_way *way;
	const struct fy_case *what;
	enum fy_role role;
	struct fy_world *world;
	bool cannot;
	bool tried;
	bool passed;
	int64_t began_ns;
	char name[160];
};

struct suite {
	struct CMUnitTest tests[MOST];
	struct cell cells[MOST];
	size_t n;
};

static const struct fy_case *const tables[] = {
	fy_message_cases, fy_time_cases,     fy_end_cases,  fy_cut_cases,
	fy_life_cases,	  fy_listener_cases, fy_able_cases,
};
#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

/* ---- what none may refuse ---- */

/* Whole messages, order, deadlines, the event descriptor, the end of a kill. */
static const char *const promises[] = {
	"a_message_of_any_size_arrives_whole",
	"a_hundred_thousand_small_messages_arrive_in_order",
	"a_receive_ends_by_its_deadline",
	"a_send_ends_by_its_deadline",
	"the_event_descriptor_tells_of_every_message",
	"the_event_descriptor_tells_of_the_end",
	"the_end_is_seen_when_an_idle_peer_is_killed",
	"a_kill_ends_a_receive_that_blocks",
	"a_kill_ends_a_send_that_blocks",
};

static const struct fy_case *
find_case(const char *sentence)
{
	for (size_t t = 0; t < N_TABLES; t++) {
		for (const struct fy_case *c = tables[t]; c->sentence; c++) {
			if (strcmp(c->sentence, sentence) == 0)
				return c;
		}
	}
	return NULL;
}

/* Whether each is tried, and no capability excuses from it. */
static bool
keeps_promises(void)
{
	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
		const struct fy_case *c = find_case(promises[i]);

		if (!c || c->needs || c->refused) {
			fprintf(stderr, "%s: none may refuse that\n",
				promises[i]);
			return false;
		}
	}
	return true;
}

/* ---- running ---- */

static int
open_cell(void **state)
{
	struct cell *cell = *state;

	fy_os_fault_clear();
	cell->tried = true;
	cell->began_ns = ferry_in_ms(0).ns;
	cell->world = fy_world_open(cell->way, cell->role);
	return cell->world ? 0 : -1;
}

static void
run_cell(void **state)
{
	struct cell *cell = *state;

	if (cell->cannot)
		cell->what->refused(cell->world);
	else
		cell->what->run(cell->world);
	cell->passed = true;
}

static int
close_cell(void **state)
{
	struct cell *cell = *state;
	int64_t ms;

	fy_os_fault_clear();
	if (!fy_world_close(cell->world))
		cell->passed = false;
	ms = (ferry_in_ms(0).ns - cell->began_ns) / 1000000;
	if (ms >= SLOW_MS)
		printf("%5d ms: %s\n", (int)ms, cell->name);
	return cell->passed ? 0 : -1;
}

/* ---- what is run ---- */

/* Whether the case makes sense in that way at all. */
static bool
applies(const struct fy_case *what, const struct fy_way *way)
{
	if (way->fault && (what->flags & (FY_PLAIN | FY_NAMED)))
		return false;
	return !way->tiny || !(what->flags & FY_LARGE);
}

static bool
has_no_name(const struct fy_case *what, const struct fy_way *way)
{
	return way->unnamed && (what->flags & FY_NAMED);
}

static void
add_cell(struct suite *suite, const struct fy_way *way,
	 const struct fy_case *what, enum fy_role role)
{
	static const char *const roles[] = { "opens", "accepts" };
	struct cell *cell = &suite->cells[suite->n];
	uint32_t caps = 0;

	if (suite->n == MOST)
		abort();
	(void)fy_way_caps(way, role, &caps);
	*cell = (struct cell){ .way = way,
			       .what = what,
			       .role = role,
			       .cannot = what->needs && !(caps & what->needs) };
	snprintf(cell->name, sizeof(cell->name), "%s, %s: %s", way->name,
		 what->flags & FY_ONCE ? "both" : roles[role], what->sentence);
	suite->tests[suite->n++] =
		(struct CMUnitTest){ cell->name, run_cell, open_cell,
				     close_cell, cell };
}

/* Nobody waits for it: a campaign. */
static bool
is_thorough(void)
{
	return getenv("FERRY_THOROUGH") != NULL;
}

uint32_t
fy_scaled(uint32_t n)
{
	return is_thorough() ? n : n / FY_SLOWNESS;
}

static void
add_way(struct suite *suite, const struct fy_way *way)
{
	for (size_t t = 0; t < N_TABLES; t++) {
		for (const struct fy_case *c = tables[t]; c->sentence; c++) {
			if (!applies(c, way) || has_no_name(c, way))
				continue;
			add_cell(suite, way, c, FY_OPENS);
			if (c->flags & FY_ONCE ||
			    (c->flags & FY_LONG && !is_thorough()))
				continue;
			add_cell(suite, way, c, FY_ACCEPTS);
		}
	}
}

/* ---- the matrix ---- */

static const char *
cap_name(uint32_t cap)
{
	static const char *const names[] = {
		"dial", "listen", "local",   "ids",   "pid",   "stream",
		"fds",	"watch",  "one-way", "child", "claim", "gid",
	};
	size_t i = 0;

	while (i + 1 < sizeof(names) / sizeof(names[0]) && cap >> (i + 1))
		i++;
	return names[i];
}

/* What the cell says without having run: "ok", or why it cannot. */
static void
expected(const struct fy_way *way, const struct fy_case *what, char out[20])
{
	uint32_t caps = 0;

	if (!fy_way_caps(way, FY_OPENS, &caps))
		snprintf(out, 20, "absent");
	else if (has_no_name(what, way))
		snprintf(out, 20, "no name");
	else if (what->needs && !(caps & what->needs))
		snprintf(out, 20, "no %s", cap_name(what->needs));
	else
		snprintf(out, 20, "ok");
}

/* What has come out of it; each role has to pass. "-": nothing was tried. */
static void
result(const struct suite *suite, const struct fy_way *way,
       const struct fy_case *what, char out[20])
{
	bool tried = has_no_name(what, way);
	bool failed = false;

	for (size_t i = 0; i < suite->n; i++) {
		const struct cell *cell = &suite->cells[i];

		if (cell->way != way || cell->what != what || !cell->tried)
			continue;
		tried = true;
		failed |= !cell->passed;
	}
	if (tried && !failed)
		expected(way, what, out);
	else
		snprintf(out, 20, "%s", failed ? "FAIL" : "-");
}

static void
print_spaced(const char *sentence)
{
	for (; *sentence; sentence++)
		putchar(*sentence == '_' ? ' ' : *sentence);
}

/* @suite: what ran, or NULL; @only: one way, or NULL */
static void
print_matrix(const struct suite *suite, const struct fy_way *only)
{
	char text[20];

	printf("| |");
	for (const struct fy_way *w = fy_ways; w->name; w++) {
		if (only ? w == only : !w->fault)
			printf(" %s |", w->name);
	}
	printf("\n| --- |");
	for (const struct fy_way *w = fy_ways; w->name; w++) {
		if (only ? w == only : !w->fault)
			printf(" --- |");
	}
	for (size_t t = 0; t < N_TABLES; t++) {
		for (const struct fy_case *c = tables[t]; c->sentence; c++) {
			printf("\n| ");
			print_spaced(c->sentence);
			printf(" |");
			for (const struct fy_way *w = fy_ways; w->name; w++) {
				if (only ? w != only : w->fault != NULL)
					continue;
				if (suite)
					result(suite, w, c, text);
				else
					expected(w, c, text);
				printf(" %s |", text);
			}
		}
	}
	printf("\n");
}

/* ---- */

static const struct fy_way *
find_way(const char *name)
{
	const struct fy_way *way = fy_ways;

	while (way->name && strcmp(way->name, name) != 0)
		way++;
	return way->name ? way : NULL;
}

static void *
do_nothing(void *arg)
{
	return arg;
}

/* With the first thread a sanitizer may start one of its own, which stays. */
static void
start_first_thread(void)
{
	pthread_t first;

	if (pthread_create(&first, NULL, do_nothing, NULL) == 0)
		pthread_join(first, NULL);
}

static int
run(const struct fy_way *only)
{
	static struct suite suite;
	uint32_t caps;
	int failed;

	for (const struct fy_way *w = fy_ways; w->name; w++) {
		if ((!only || w == only) && fy_way_caps(w, FY_OPENS, &caps))
			add_way(&suite, w);
	}
	if (suite.n == 0) {
		printf("%s: there is no such scheme\n", only->name);
		return SKIPPED;
	}
	failed = _cmocka_run_group_tests("conformance", suite.tests, suite.n,
					 NULL, NULL);
	print_matrix(&suite, only);
	return failed > 0;
}

int
main(int argc, char *argv[])
{
	const struct fy_way *only = NULL;

	if (argc == 3 && strcmp(argv[1], "--peer") == 0)
		return fy_peer_main(atoi(argv[2]));
	if (!keeps_promises())
		return 1;
	if (argc == 2 && strcmp(argv[1], "--table") == 0) {
		print_matrix(NULL, NULL);
		return 0;
	}
	if (argc >= 2) {
		only = find_way(argv[1]);
		if (!only) {
			fprintf(stderr, "%s: no such way\n", argv[1]);
			return 2;
		}
	}
	if (argc == 3)
		cmocka_set_test_filter(argv[2]);
	if (!fy_audit_alone())
		fprintf(stderr, "queues are not counted: no namespace\n");
	if (only && strcmp(only->scheme, "mq") == 0)
		mq_alone();
	start_first_thread();
	return run(only);
}
