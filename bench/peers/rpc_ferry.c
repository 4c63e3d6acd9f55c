/* SPDX-License-Identifier: MIT */
/*
 * ferry's calls as a peer of a suite that measures RPC systems: its rpc.h calls
 * these six functions, its rpc_main.c keeps the time, its bench.x is the
 * interface, of which suite.h was made.
 *
 * Variants: ferry-SCHEME, SCHEME one of shm, unix, tcp.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ferry/ferry.h>

#include "data.h"
#include "rpc.h"
#include "suite.h"

#define IN_FLIGHT 32
#define DEADLINE_MS 30000
#define MOST_RECORD (16u * 1024u * 1024u)

static struct ferry_client *client;
static struct ferry_arena results;

static void
must(ferry_err err, const struct ferry_error *why)
{
	if (!err)
		return;
	fprintf(stderr, "ferry: %s\n", why->text);
	_exit(1);
}

static void
address(const rpc_cfg *c, char *out, size_t bytes)
{
	const char *scheme = c->variant + strlen("ferry-");

	if (strcmp(scheme, "tcp") == 0)
		snprintf(out, bytes, "tcp:127.0.0.1:%d", c->port);
	else
		snprintf(out, bytes, "%s:%s", scheme, c->sock);
}

/* ---- the server ---- */

static ferry_err
serve_null(struct ferry_call *call)
{
	(void)call;
	return FERRY_OK;
}

static struct bx_time
moment(const d_time *t)
{
	return (struct bx_time){ .sec = t->sec, .nsec = t->nsec };
}

static ferry_err
serve_dir(struct ferry_call *call, struct ferry_str path, struct bx_dir *out)
{
	struct bx_entry *entries =
		ferry_arena_alloc(call->mem, N_ENTRIES * sizeof(*entries));

	(void)path;
	if (!entries)
		return FERRY_ENOMEM;
	for (int i = 0; i < N_ENTRIES; i++) {
		const d_entry *from = &d_dir[i];

		entries[i] = (struct bx_entry){
			.id = from->id,
			.name = ferry_str_of(from->name),
			.size = from->size,
			.mode = from->mode,
			.atime = moment(&from->t[0]),
			.mtime = moment(&from->t[1]),
			.ctime = moment(&from->t[2]),
		};
	}
	*out = (struct bx_dir){ .n_entries = N_ENTRIES, .entries = entries };
	return FERRY_OK;
}

static ferry_err
serve_blob(struct ferry_call *call, const struct bx_blob *blob, uint32_t *out)
{
	(void)call;
	*out = (uint32_t)blob->data.len;
	return FERRY_OK;
}

static ferry_err
serve_ints(struct ferry_call *call, const struct bx_ints *ints, uint32_t *out)
{
	(void)call;
	*out = ints->n_v;
	return FERRY_OK;
}

static const struct bx_prog_1_ops ops = {
	.bx_null = serve_null,
	.bx_dir = serve_dir,
	.bx_blob = serve_blob,
	.bx_ints = serve_ints,
};

void
rpc_serve(rpc_cfg *c)
{
	const struct ferry_server_config config = { .max_record = MOST_RECORD };
	struct ferry_server *server;
	struct ferry_error why;
	char addr[150];

	data_init();
	address(c, addr, sizeof(addr));
	must(ferry_server_new(&config, &server, &why), &why);
	must(bx_prog_1_serve(server, &ops, NULL), &why);
	must(ferry_server_listen(server, addr, &why), &why);
	must(ferry_server_run(server, 1, &why), &why);
}

/* ---- the client ---- */

int
rpc_connect(rpc_cfg *c)
{
	char addr[150];

	address(c, addr, sizeof(addr));
	return ferry_client_open(addr, NULL, ferry_in_ms(DEADLINE_MS), &client,
				 NULL)
		       ? -1
		       : 0;
}

static struct ferry_call
new_call(void)
{
	return ferry_call_to(client, ferry_in_ms(DEADLINE_MS), &results);
}

void
rpc_null(void)
{
	struct ferry_call call = new_call();

	must(bx_null_1(&call), &call.why);
}

uint64_t
rpc_dir(void)
{
	struct ferry_call call = new_call();
	struct bx_dir dir;
	uint64_t sum = 0;

	must(bx_dir_1(&call, ferry_str_of("/some/dir"), &dir), &call.why);
	for (uint32_t i = 0; i < dir.n_entries; i++) {
		const struct bx_entry *e = &dir.entries[i];

		sum += e->id + e->size + e->mode + e->name.len;
		sum += e->atime.sec + e->atime.nsec;
		sum += e->mtime.sec + e->mtime.nsec;
		sum += e->ctime.sec + e->ctime.nsec;
	}
	ferry_arena_reset(&results);
	return sum;
}

uint32_t
rpc_blob(const void *p, size_t n)
{
	const struct bx_blob blob = { .data = { p, n } };
	struct ferry_call call = new_call();
	uint32_t got;

	must(bx_blob_1(&call, &blob, &got), &call.why);
	return got;
}

uint32_t
rpc_ints(const int32_t *v, size_t n)
{
	/* Read only; the type is that of decoded ones, too. */
	const struct bx_ints ints = { (uint32_t)n, (int32_t *)(uintptr_t)v };
	struct ferry_call call = new_call();
	uint32_t got;

	must(bx_ints_1(&call, &ints, &got), &call.why);
	return got;
}

static uint64_t
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
begin(struct ferry_call *call)
{
	*call = new_call();
	must(bx_null_1_start(call), &call->why);
}

/* The oldest is finished and started again: all are always in flight. */
long
rpc_async(uint64_t end_ns)
{
	struct ferry_call calls[IN_FLIGHT];
	long n = 0;

	for (int i = 0; i < IN_FLIGHT; i++)
		begin(&calls[i]);
	do {
		struct ferry_call *oldest = &calls[n++ % IN_FLIGHT];

		must(bx_null_1_finish(oldest), &oldest->why);
		begin(oldest);
	} while (clock_ns() < end_ns);
	for (int i = 0; i < IN_FLIGHT; i++) {
		struct ferry_call *oldest = &calls[n++ % IN_FLIGHT];

		must(bx_null_1_finish(oldest), &oldest->why);
	}
	return n;
}
