/* SPDX-License-Identifier: MIT */
/*
 * null_call [REPETITIONS [CALLS]]: how long an empty call takes, beside
 * libtirpc and beside the same bytes by read and write alone.
 *
 * Each peer's server is a child of one thread. The peers run one after the
 * other inside each repetition, so that a machine that drifts hits all alike,
 * and all servers but that one are stopped. A row is the median over the
 * repetitions of the median call, with the least and the greatest, and the
 * median 99th percentile; ratios are to the bare row of the same transport, of
 * shared memory to the ring that spins, or on one processor the one that sleeps
 * on a futex; and how many calls there are in one of libtirpc over a unix
 * socket. "sleeps" is how often the client slept for each call. Both on
 * processor 0, then on 0 and 1.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/ferry.h>
#include <ferry/stub.h>

#include "null_peer.h"
#include "pairs.h"

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

static void
shm_serve(struct null_way *way, int ready)
{
	char addr[120];

	snprintf(addr, sizeof(addr), "shm:%s", way->path);
	serve_at(addr, ready);
}

#define FERRY(over, serves, opens)                                             \
	{ .transport = over, .name = "ferry", .serve = serves, .open = opens,  \
	  .call = ferry_call }

static const struct null_peer ferry_unix =
	FERRY("unix", unix_serve, open_where);
static const struct null_peer ferry_tcp = FERRY("tcp", tcp_serve, open_where);
static const struct null_peer ferry_pipe = FERRY("pipe", pipe_serve, pipe_open);
static const struct null_peer ferry_shm = FERRY("shm", shm_serve, open_where);

/* The bare ones of each transport come first, the last of them counts. */
static const struct null_peer *const peers[] = {
	&null_bare_unix,  &ferry_unix,	    &null_tirpc_unix,
	&null_bare_tcp,	  &ferry_tcp,	    &null_tirpc_tcp,
	&null_bare_pipe,  &ferry_pipe,	    &null_bare_futex,
	&null_bare_spin,  &ferry_shm,
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
	snprintf(way->path, sizeof(way->path), "%.70s/%s-%s", dir, peer->name,
		 peer->transport);
	if (pipe(way->to) < 0 || pipe(way->from) < 0 || pipe(ready) < 0 ||
	    (peer->prepare && !peer->prepare(way)))
		fatal(way, "no pipes or no memory");
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
	kill(way->pid, SIGSTOP);
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

static struct bench_result results[N_PEERS][BENCH_MOST_REPETITIONS];

static void
measure(struct null_way *way, struct bench_result *out, double *took, size_t n)
{
	kill(way->pid, SIGCONT);
	for (size_t i = 0; i < n / 4; i++) {
		if (!way->peer->call(way))
			fatal(way, "a call failed");
	}
	bench_count_sleeps(way->pid, out, 0);
	for (size_t i = 0; i < n; i++) {
		uint64_t start_ns = bench_now_ns();

		if (!way->peer->call(way))
			fatal(way, "a call failed");
		took[i] = (double)(bench_now_ns() - start_ns) / 1000;
	}
	bench_count_sleeps(way->pid, out, (double)n);
	bench_summarise(took, n, out);
	kill(way->pid, SIGSTOP);
}

static void
print_range(const struct bench_result *all, size_t n)
{
	double sorted[BENCH_MOST_REPETITIONS];

	for (size_t i = 0; i < n; i++)
		sorted[i] = all[i].of[BENCH_MEDIAN];
	qsort(sorted, n, sizeof(*sorted), bench_by_size);
	printf(" %8.2f %8.2f %8.2f", sorted[n / 2], sorted[0], sorted[n - 1]);
}

static double
median_of(const struct null_peer *peer, size_t n)
{
	size_t i = 0;

	while (peers[i] != peer)
		i++;
	return bench_middle(results[i], n, BENCH_MEDIAN);
}

static void
print(size_t index, size_t n, double *bare)
{
	const struct bench_result *all = results[index];
	const struct null_peer *peer = peers[index];
	double median = bench_middle(all, n, BENCH_MEDIAN);

	if (peer->is_bare)
		*bare = median;
	printf("%-6s %-9s", peer->transport, peer->name);
	print_range(all, n);
	printf(" %8.2f %7.2fx %8.1f %6.2f %6.2f\n",
	       bench_middle(all, n, BENCH_P99), median / *bare,
	       median_of(&null_tirpc_unix, n) / median,
	       bench_middle(all, n, BENCH_SLEEPS_HERE),
	       bench_middle(all, n, BENCH_SLEEPS_THERE));
}

static bool
is_here(const struct null_way *way, unsigned int cpu)
{
	return cpu > 0 || !way->peer->spins;
}

static void
place(struct null_way *ways, unsigned int cpu, size_t repetitions, size_t calls)
{
	double *took = malloc(calls * sizeof(*took));
	double bare = 1;

	if (!took)
		exit(1);
	for (size_t i = 0; i < N_PEERS; i++)
		pin(ways[i].pid, cpu);
	for (size_t r = 0; r < repetitions; r++) {
		for (size_t i = 0; i < N_PEERS; i++) {
			if (is_here(&ways[i], cpu))
				measure(&ways[i], &results[i][r], took, calls);
		}
	}
	printf("\nnull call, us; client on processor 0, server on %u\n", cpu);
	printf("%-6s %-9s %8s %8s %8s %8s %8s %8s %6s %6s\n", "over", "by",
	       "median", "least", "most", "p99", "to bare", "libtirpc",
	       "sleeps", "peer's");
	for (size_t i = 0; i < N_PEERS; i++) {
		if (is_here(&ways[i], cpu))
			print(i, repetitions, &bare);
	}
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

	if (repetitions > BENCH_MOST_REPETITIONS)
		repetitions = BENCH_MOST_REPETITIONS;
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
