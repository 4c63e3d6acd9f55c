/* SPDX-License-Identifier: MIT */
/*
 * date-client ADDRESS [--bench N]: asks for the time; with --bench asks N
 * times more and prints the median time of a call, and who answers.
 *
 *	date-client tcp:127.0.0.1:4711
 *	date-client "exec:date-server pipe:0,1"
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ferry/ferry.h>

#include "date.h"

static ferry_err
ask(struct ferry_client *client, struct ferry_arena *mem, struct moment *out,
    struct ferry_error *why)
{
	struct ferry_call call = ferry_call_to(client, ferry_in_ms(2000), mem);
	ferry_err err = now_1(&call, out);

	if (err)
		*why = call.why;
	return err;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sets *@median to the median of @n calls in microseconds. */
static ferry_err
bench(struct ferry_client *client, size_t n, double *median,
      struct ferry_error *why)
{
	double *us = calloc(n, sizeof(*us));
	struct ferry_arena mem = { 0 };
	struct timespec from, to;
	struct moment ignored;
	ferry_err err = us ? FERRY_OK : FERRY_ENOMEM;

	for (size_t i = 0; !err && i < n; i++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		err = ask(client, &mem, &ignored, why);
		clock_gettime(CLOCK_MONOTONIC, &to);
		us[i] = (double)(to.tv_sec - from.tv_sec) * 1e6 +
			(double)(to.tv_nsec - from.tv_nsec) / 1e3;
		ferry_arena_reset(&mem);
	}
	if (!err) {
		qsort(us, n, sizeof(*us), compare);
		*median = us[n / 2];
	}
	ferry_arena_fini(&mem);
	free(us);
	return err;
}

static ferry_err
run(struct ferry_client *client, size_t n_bench, struct ferry_error *why)
{
	struct ferry_arena mem = { 0 };
	struct ferry_peer peer;
	struct moment moment;
	double median = 0;
	ferry_err err = ask(client, &mem, &moment, why);

	if (!err && n_bench > 0)
		err = bench(client, n_bench, &median, why);
	if (!err) {
		printf("%.*s", (int)moment.text.len, moment.text.data);
		ferry_client_peer(client, &peer);
		if (n_bench > 0)
			printf("   median %.1f us   %s", median, peer.text);
		printf("\n");
	}
	ferry_arena_fini(&mem);
	return err;
}

int
main(int argc, char **argv)
{
	struct ferry_client *client = NULL;
	struct ferry_error why = { .text = "" };
	bool benches = argc == 4 && strcmp(argv[2], "--bench") == 0;
	ferry_err err;

	if (argc != 2 && !benches) {
		fprintf(stderr, "usage: date-client ADDRESS [--bench N]\n");
		return 2;
	}
	err = ferry_client_open(argv[1], NULL, ferry_in_ms(5000), &client,
				&why);
	if (!err)
		err = run(client, benches ? strtoul(argv[3], NULL, 10) : 0,
			  &why);
	if (err)
		fprintf(stderr, "date-client: %s\n",
			why.text[0] ? why.text : ferry_strerror(err));
	ferry_client_free(client);
	return ferry_err_status(err);
}
