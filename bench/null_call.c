/* SPDX-License-Identifier: MIT */
/*
 * null_call [REPETITIONS [CALLS]]: how long an empty call takes, beside
 * libtirpc and beside the same bytes by read and write alone.
 *
 * Each peer's server is a child of one thread. The peers run one after the
 * other inside each repetition, so that a machine that drifts hits all alike.
 * A row is the median over the repetitions of the median call, with the least
 * and the greatest, and the median 99th percentile; ratios are to the bare
 * row of the same transport. Both on processor 0, then on 0 and 1.
 */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ferry/ferry.h>
#include <ferry/stub.h>

#include "null_peer.h"

#define MOST_REPETITIONS 99
#define PROGRAM 0x20000042

/* ---- ferry ---- */

static const struct ferry_version null_1 = {
	.name = "NULL_CALLS",
	.program = PROGRAM,
	.version = 1,
};

static void
serve_at(const char *addr, int ready)
{
	struct ferry_server *server;
	char where[200];

	if (ferry_server_new(NULL, &server, NULL) ||
	    ferry_server_add(server, &null_1, NULL, NULL) ||
	    ferry_server_listen(server, addr, NULL))
		_exit(2);
	ferry_server_addr(server, 0, where, sizeof(where));
	null_ready(ready, where);
	_exit(ferry_server_run(server, 1, NULL) ? 3 : 0);
}

static bool
dial(struct null_way *way, const char *addr)
{
	struct ferry_client *client;
	struct ferry_error why;

	if (ferry_client_open(addr, NULL, ferry_in_ms(10000), &client, &why)) {
		fprintf(stderr, "null_call: %s\n", why.text);
		return false;
	}
	way->client = client;
	return true;
}

static bool
ferry_call(struct null_way *way)
{
	struct ferry_call call = ferry_call_to(way->client, ferry_in_ms(10000),
					       NULL);

	ferry_call_begin(&call, &null_1, 0, 0);
	if (!ferry_call_send(&call))
		ferry_call_wait(&call);
	return ferry_call_end(&call) == FERRY_OK;
}

static void
unix_serve(struct null_way *way, int ready)
{
	char addr[120];

	snprintf(addr, sizeof(addr), "unix:%s", way->path);
	serve_at(addr, ready);
}

static void
tcp_serve(struct null_way *way, int ready)
{
	(void)way;
	serve_at("tcp:127.0.0.1:0", ready);
}

static bool
open_where(struct null_way *way)
{
	return dial(way, way->where);
}

static void
pipe_serve(struct null_way *way, int ready)
{
	char addr[40];

	snprintf(addr, sizeof(addr), "pipe:%d,%d", way->to[0], way->from[1]);
	serve_at(addr, ready);
}

static bool
pipe_open(struct null_way *way)
{
	char addr[40];

	snprintf(addr, sizeof(addr), "pipe:%d,%d", way->from[0], way->to[1]);
	return dial(way, addr);
}

static const struct null_peer ferry_unix = { "unix", "ferry", unix_serve,
					     open_where, ferry_call };
static const struct null_peer ferry_tcp = { "tcp", "ferry", tcp_serve,
					    open_where, ferry_call };
static const struct null_peer ferry_pipe = { "pipe", "ferry", pipe_serve,
					     pipe_open, ferry_call };

/* The bare one of each transport comes first: the others are its multiples. */
static const struct null_peer *const peers[] = {
	&null_bare_unix, &ferry_unix, &null_tirpc_unix, &null_bare_tcp,
	&ferry_tcp,	 &null_tirpc_tcp, &null_bare_pipe, &ferry_pipe,
};
#define N_PEERS (sizeof(peers) / sizeof(peers[0]))

/* ---- children ---- */

void
null_ready(int ready, const char *where)
{
	size_t n = strlen(where) + 1;

	if (write(ready, where, n) != (ssize_t)n)
		_exit(4);
	close(ready);
}

static void
fatal(const struct null_way *way, const char *what)
{
	fprintf(stderr, "null_call: %s over %s: %s\n", way->peer->name,
		way->peer->transport, what);
	exit(1);
}

static void
start(struct null_way *way, const struct null_peer *peer, const char *dir)
{
	int ready[2];

	way->peer = peer;
	snprintf(way->path, sizeof(way->path), "%.70s/%s", dir, peer->name);
	if (pipe(way->to) < 0 || pipe(way->from) < 0 || pipe(ready) < 0)
		fatal(way, "no pipes");
	way->pid = fork();
	if (way->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(way->to[1]);
		close(way->from[0]);
		peer->serve(way, ready[1]);
		_exit(5);
	}
	close(way->to[0]);
	close(way->from[1]);
	close(ready[1]);
	if (way->pid < 0 || read(ready[0], way->where, sizeof(way->where)) <= 0)
		fatal(way, "its server does not start");
	close(ready[0]);
	if (!peer->open(way) || !peer->call(way))
		fatal(way, "cannot connect");
}

static void
end(struct null_way *way)
{
	kill(way->pid, SIGKILL);
	waitpid(way->pid, NULL, 0);
	unlink(way->path);
}

static void
pin(pid_t pid, unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(pid, sizeof(set), &set) < 0)
		perror("null_call: sched_setaffinity");
}

/* ---- measuring ---- */

struct row {
	double median[MOST_REPETITIONS];
	double p99[MOST_REPETITIONS];
};

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(struct null_way *way, struct row *row, size_t at, double *took,
	size_t n)
{
	for (size_t i = 0; i < n / 4; i++) {
		if (!way->peer->call(way))
			fatal(way, "a call failed");
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t start_ns = now_ns();

		if (!way->peer->call(way))
			fatal(way, "a call failed");
		took[i] = (double)(now_ns() - start_ns) / 1000;
	}
	qsort(took, n, sizeof(*took), by_size);
	row->median[at] = took[n / 2];
	row->p99[at] = took[n * 99 / 100];
}

static void
print(const struct null_peer *peer, struct row *row, size_t n, double *bare)
{
	double median;

	qsort(row->median, n, sizeof(double), by_size);
	qsort(row->p99, n, sizeof(double), by_size);
	median = row->median[n / 2];
	if (strcmp(peer->name, "bare") == 0)
		*bare = median;
	printf("%-6s %-9s %8.2f %8.2f %8.2f %8.2f %7.2fx\n", peer->transport,
	       peer->name, median, row->median[0], row->median[n - 1],
	       row->p99[n / 2], median / *bare);
}

static void
place(struct null_way *ways, unsigned int cpu, size_t repetitions, size_t calls)
{
	static struct row rows[N_PEERS];
	double *took = malloc(calls * sizeof(*took));
	double bare = 1;

	if (!took)
		exit(1);
	for (size_t i = 0; i < N_PEERS; i++)
		pin(ways[i].pid, cpu);
	for (size_t r = 0; r < repetitions; r++) {
		for (size_t i = 0; i < N_PEERS; i++)
			measure(&ways[i], &rows[i], r, took, calls);
	}
	printf("\nnull call, us; client on processor 0, server on %u\n", cpu);
	printf("%-6s %-9s %8s %8s %8s %8s %8s\n", "over", "by", "median",
	       "least", "most", "p99", "to bare");
	for (size_t i = 0; i < N_PEERS; i++)
		print(peers[i], &rows[i], repetitions, &bare);
	free(took);
}

static size_t
number(int argc, char **argv, int at, size_t otherwise)
{
	long n = argc > at ? strtol(argv[at], NULL, 10) : 0;

	return n > 0 ? (size_t)n : otherwise;
}

int
main(int argc, char **argv)
{
	size_t repetitions = number(argc, argv, 1, 7);
	size_t calls = number(argc, argv, 2, 5000);
	struct null_way ways[N_PEERS] = { 0 };
	char dir[] = "/tmp/null-call-XXXXXX";

	if (repetitions > MOST_REPETITIONS)
		repetitions = MOST_REPETITIONS;
	if (!mkdtemp(dir))
		return 1;
	for (size_t i = 0; i < N_PEERS; i++)
		start(&ways[i], peers[i], dir);
	pin(0, 0);
	place(ways, 0, repetitions, calls);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		place(ways, 1, repetitions, calls);
	for (size_t i = 0; i < N_PEERS; i++)
		end(&ways[i]);
	rmdir(dir);
	return 0;
}
