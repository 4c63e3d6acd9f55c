/* SPDX-License-Identifier: MIT */
/* What the ends of many victims add up to, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kill.h"

void
kill_sum_begin(struct kill_sum *sum, size_t n)
{
	*sum = (struct kill_sum){ .room = n };
	sum->told_ns = calloc(n, sizeof(*sum->told_ns));
	assert_non_null(sum->told_ns);
}

void
kill_sum_add(struct kill_sum *sum, const struct kill_page *page,
	     const struct kill_end_of *end)
{
	if (!end->killed) {
		sum->done++;
		return;
	}
	sum->n++;
	sum->inside += page->op != KILL_OUTSIDE;
	sum->unmet += end->met == 0;
	sum->ops[page->op]++;
	/* What it has passed inside of an operation that it is not in. */
	sum->steps[page->op == KILL_OUTSIDE ? 0 : page->step]++;
	if (end->told_ns < 0 || sum->n_told == sum->room)
		return;
	sum->waits[end->waited]++;
	sum->told_ns[sum->n_told++] = end->told_ns;
}

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
told_ms(const struct kill_sum *sum, size_t of_a_thousand)
{
	if (sum->n_told == 0)
		return 0;
	return (double)sum->told_ns[(sum->n_told - 1) * of_a_thousand / 1000] /
	       1e6;
}

static void
print_steps(const struct kill_sum *sum)
{
	for (uint32_t i = 0; i < FY_SHM_N_STEPS; i++)
		printf("%8u  %s\n", sum->steps[i], kill_step_name(i));
	printf("%zu survivors had met it: %u were awake, %u asleep, %u "
	       "polling; %u had not\n", sum->n_told, sum->waits[KILL_AWAKE],
	       sum->waits[KILL_ASLEEP], sum->waits[KILL_POLLING], sum->unmet);
}

void
kill_sum_print(struct kill_sum *sum, const char *what)
{
	printf("%s: %u killed, %u of them in the middle of an operation; %u "
	       "were done before\n", what, sum->n, sum->inside, sum->done);
	for (uint32_t i = 0; i < KILL_N_OPS; i++)
		printf("%s %u%s", kill_op_name(i), sum->ops[i],
		       i + 1 < KILL_N_OPS ? ", " : "\n");
	/* All of them outside: a library without steps. */
	if (sum->steps[FY_STEP_OUTSIDE] < sum->n)
		print_steps(sum);
	qsort(sum->told_ns, sum->n_told, sizeof(*sum->told_ns), by_time);
	printf("told within: half %.3f ms, 99%% %.3f ms, all %.3f ms\n",
	       told_ms(sum, 500), told_ms(sum, 990), told_ms(sum, 1000));
}

void
kill_sum_end(struct kill_sum *sum)
{
	free(sum->told_ns);
	sum->told_ns = NULL;
}
