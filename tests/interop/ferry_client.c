/* SPDX-License-Identifier: MIT */
/* A client by ferry: the same as tirpc_client.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ferry/stub.h>

#include "report.h"
#include "values.h"

#define PROGRAM 0x20000077
#define PATIENCE_MS 20000

static struct ferry_client *
client_of(const char *addr, const struct ferry_client_config *config)
{
	struct ferry_client *client = NULL;
	struct ferry_error why = { .text = "" };

	if (ferry_client_open(addr, config, ferry_in_ms(PATIENCE_MS), &client,
			      &why)) {
		fprintf(stderr, "%s: %s\n", addr, why.text);
		exit(1);
	}
	return client;
}

static struct ferry_call
call_of(struct ferry_client *client, struct ferry_arena *mem)
{
	return ferry_call_to(client, ferry_in_ms(PATIENCE_MS), mem);
}

static bool
echo_one(struct ferry_client *client, struct ferry_arena *mem, uint32_t number)
{
	struct ferry_call call = call_of(client, mem);
	struct probe *arg = calloc(1, sizeof(*arg));
	struct verdict *out = calloc(1, sizeof(*out));
	struct seq s;
	ferry_err err;
	bool ok;

	arg->index = number;
	seq_init(&s, number, false);
	walk_everything(&s, &arg->value);
	err = echo_1(&call, arg, out);
	seq_fini(&s);
	if (err)
		fprintf(stderr, "%u: %s\n", number, call.why.text);
	else if (out->differs.len)
		fprintf(stderr, "%u: the server says that %.*s differs\n",
			number, (int)out->differs.len, out->differs.data);
	ok = !err && out->differs.len == 0;
	seq_init(&s, number + SEQ_REPLY, true);
	if (ok)
		walk_everything(&s, &out->value);
	if (s.differs[0])
		fprintf(stderr, "%u: %s of the reply differs\n", number,
			s.differs);
	ok = ok && !s.differs[0];
	seq_fini(&s);
	free(arg);
	free(out);
	ferry_arena_reset(mem);
	return ok;
}

static void
call_echo(struct ferry_client *client, struct ferry_arena *mem, int *wrong)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < SEQ_SAMPLES; i++)
		ok = echo_one(client, mem, i);
	report(wrong, ok, "200 values of every type, there and back");
}

static bool
is_reverse(struct ferry_bytes turned, struct ferry_bytes of)
{
	bool ok = turned.len == of.len;

	for (uint32_t i = 0; ok && i < of.len; i++)
		ok = turned.data[i] == of.data[of.len - 1 - i];
	return ok;
}

static void
call_bulk(struct ferry_client *client, struct ferry_arena *mem, int *wrong)
{
	static uint8_t buf[300001];
	static const uint32_t sizes[] = { 0, 1,	   2,	 3,	4,
					  5, 4096, 8999, 300001 };
	bool ok = true;

	for (uint32_t i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; ok && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ferry_call call = call_of(client, mem);
		struct ferry_bytes arg = { buf, sizes[i] };
		struct ferry_bytes out;

		ok = !reverse_1(&call, arg, &out) && is_reverse(out, arg);
		ferry_arena_reset(mem);
	}
	report(wrong, ok, "opaque data from 0 to 300,001 bytes");
}

static void
call_chain(struct ferry_client *client, struct ferry_arena *mem, int *wrong)
{
	static struct node nodes[1000];
	struct ferry_call call = call_of(client, mem);
	chain out = NULL;
	int n = 0;
	bool ok;

	for (int i = 0; i < 1000; i++) {
		nodes[i].value = i;
		nodes[i].next = i < 999 ? &nodes[i + 1] : NULL;
	}
	ok = !rotate_1(&call, nodes, &out);
	for (struct node *at = out; ok && at; at = at->next, n++)
		ok = at->value == (n + 1) % 1000;
	report(wrong, ok && n == 1000, "a list of 1,000 nodes, rotated");
	call = call_of(client, mem);
	report(wrong, !rotate_1(&call, NULL, &out) && !out, "an empty list");
}

static void
call_numbers(struct ferry_client *client, struct ferry_arena *mem, int *wrong)
{
	struct ferry_call call = call_of(client, mem);
	int32_t i;
	int64_t h;
	bool b;
	double d;
	float f;
	uint64_t u;

	report(wrong, !negate_1(&call, -5, &i) && i == 5, "int");
	report(wrong, !negate_1(&call, INT32_MIN, &i) && i == INT32_MIN,
	       "the lowest int");
	report(wrong, !widen_1(&call, -5, &h) && h == -5 * (int64_t)0x100000001,
	       "hyper");
	report(wrong, !invert_1(&call, true, &b) && !b, "bool");
	report(wrong, !halve_1(&call, -1.0 / 3, &d) && d == -1.0 / 3 / 2,
	       "double");
	report(wrong, !quarter_1(&call, 3.5f, &f) && f == 3.5f / 4, "float");
	report(wrong, !double_1(&call, 0x8000000000000001, &u) && u == 2,
	       "unsigned hyper");
}

static void
call_composed(struct ferry_client *client, struct ferry_arena *mem, int *wrong)
{
	struct ferry_call call = call_of(client, mem);
	struct small_ints three = { .items = { 9, -1, 4 } };
	struct point p = { 1, -2 };
	struct by_int u = { .kind = 1, .u.number = -17 };
	struct by_int chosen;
	struct ferry_str text;
	enum colour c;

	report(wrong, !paint_1(&call, RED, &c) && c == BLUE, "enum");
	report(wrong,
	       !greet_1(&call, ferry_str_of("world"), &text) &&
		       ferry_str_eq(text, "hello, world"),
	       "string");
	report(wrong,
	       !sort_1(&call, &three, &three) && three.items[0] == -1 &&
		       three.items[1] == 4 && three.items[2] == 9,
	       "int[3]");
	report(wrong, !mirror_1(&call, &p, &p) && p.x == -2 && p.y == 1,
	       "struct");
	report(wrong,
	       !choose_1(&call, &u, &chosen) && chosen.kind == 99 &&
		       chosen.u.other == -17,
	       "union, by its default arm");
	u = (struct by_int){ .kind = 2, .u.text = ferry_str_of("world") };
	report(wrong,
	       !choose_1(&call, &u, &chosen) && chosen.kind == 3 &&
		       ferry_str_eq(chosen.u.text, "world"),
	       "union, by the second of two cases");
	u.kind = 4;
	report(wrong, !choose_1(&call, &u, &chosen) && chosen.kind == 4,
	       "union, by a void arm");
}

/* The outcome of a call with the four bytes @arg, of any program. */
static ferry_err
refused(struct ferry_client *client, const struct ferry_version *version,
	uint32_t procedure, uint32_t arg, struct ferry_error *why)
{
	struct ferry_call call = call_of(client, NULL);
	struct ferry_encoder *e = ferry_call_begin(&call, version, procedure,
						   sizeof(arg));
	uint8_t *p = ferry_put_run(e, sizeof(arg));
	ferry_err err;

	if (p)
		ferry_store_u32(p, arg);
	err = ferry_call_send(&call);
	if (!err) {
		ferry_call_wait(&call);
		err = ferry_call_end(&call);
	}
	*why = call.why;
	return err;
}

/* Procedure 0, which every program has and no interface file declares. */
static ferry_err
ping(struct ferry_client *client)
{
	static const struct ferry_version interop = {
		.name = "INTEROP",
		.program = PROGRAM,
		.version = 1,
	};
	struct ferry_call call = call_of(client, NULL);
	ferry_err err;

	ferry_call_begin(&call, &interop, 0, 0);
	err = ferry_call_send(&call);
	if (err)
		return err;
	ferry_call_wait(&call);
	return ferry_call_end(&call);
}

/* Each auth_stat that a server may give as its reason. */
static void
call_unauthorised(struct ferry_client *client, bool by_tirpc, int *wrong)
{
	/* A handler of ferry says no more than that it is not enough. */
	uint32_t first = by_tirpc ? FERRY_AUTH_BADCRED : FERRY_AUTH_TOOWEAK;
	char what[32];

	for (uint32_t stat = first; stat <= FERRY_AUTH_TOOWEAK; stat++) {
		struct ferry_call call = call_of(client, NULL);

		snprintf(what, sizeof(what), "AUTH_ERROR %u", stat);
		report(wrong,
		       refuse_1(&call, stat) == FERRY_EAUTH &&
			       call.why.auth_stat == stat,
		       what);
	}
}

static void
call_refused(struct ferry_client *client, int *wrong)
{
	static const struct ferry_version interop = {
		.name = "INTEROP",
		.program = PROGRAM,
		.version = 1,
	};
	static const struct ferry_version other = {
		.name = "OTHER",
		.program = PROGRAM + 1,
		.version = 1,
	};
	static const struct ferry_version second = {
		.name = "SECOND",
		.program = PROGRAM,
		.version = 2,
	};
	struct ferry_call call = call_of(client, NULL);
	struct ferry_error why;

	report(wrong, refused(client, &other, 0, 0, &why) == FERRY_EPROG,
	       "PROG_UNAVAIL");
	report(wrong,
	       refused(client, &second, 6, 0, &why) == FERRY_EVERSION &&
		       why.low == 1 && why.high == 3,
	       "PROG_MISMATCH with versions 1 to 3");
	report(wrong, refused(client, &interop, 99, 0, &why) == FERRY_EPROC,
	       "PROC_UNAVAIL");
	report(wrong, refused(client, &interop, 2, 0, &why) == FERRY_EARGS,
	       "GARBAGE_ARGS");
	report(wrong, refuse_1(&call, 0) == FERRY_ESERVER, "SYSTEM_ERR");
	call = call_of(client, NULL);
	report(wrong, refuse_1(&call, 100) == FERRY_EARGS,
	       "GARBAGE_ARGS by the handler");
	call = call_of(client, NULL);
	report(wrong, refuse_1(&call, 101) == FERRY_EPROC,
	       "PROC_UNAVAIL by the handler");
	call = call_of(client, NULL);
	report(wrong, !nothing_1(&call),
	       "the connection survives all refusals");
}

static bool
claim_is(const char *addr, const struct ferry_auth_sys *sys)
{
	struct ferry_client_config config = { .auth_sys = sys };
	struct ferry_client *client = client_of(addr, &config);
	struct ferry_arena mem = { 0 };
	struct ferry_call call = call_of(client, &mem);
	struct claim out;
	bool ok = !who_1(&call, &out) && out.flavor == FERRY_AUTH_SYS &&
		  out.uid == sys->uid && out.gid == sys->gid &&
		  out.machine.len == sys->machine.len &&
		  memcmp(out.machine.data, sys->machine.data,
			 sys->machine.len) == 0 &&
		  out.n_gids == sys->n_gids;

	for (uint32_t i = 0; ok && i < sys->n_gids; i++)
		ok = out.gids[i] == sys->gids[i];
	ferry_client_free(client);
	ferry_arena_fini(&mem);
	return ok;
}

static void
call_credentials(const char *addr, struct ferry_client *client,
		 struct ferry_arena *mem, int *wrong)
{
	struct ferry_call call = call_of(client, mem);
	struct ferry_auth_sys sys = {
		.stamp = 0xffffffff,
		.machine = ferry_str_of("a"),
		.uid = 12345,
		.gid = 0xfffffffe,
	};
	char machine[256] = { 0 };
	struct claim out;

	report(wrong, !who_1(&call, &out) && out.flavor == FERRY_AUTH_NONE,
	       "AUTH_NONE");
	report(wrong, claim_is(addr, &sys), "AUTH_SYS without groups");
	memset(machine, 'm', 255);
	sys.machine = ferry_str_of(machine);
	sys.n_gids = FERRY_AUTH_SYS_GIDS;
	for (uint32_t i = 0; i < sys.n_gids; i++)
		sys.gids[i] = 0xfffffff0 + i;
	report(wrong, claim_is(addr, &sys),
	       "AUTH_SYS with 16 groups and a name of 255 bytes");
}

/* All at once on one connection, finished in the order of their starts. */
static void
call_pipelined(struct ferry_client *client, int *wrong)
{
	static struct ferry_call calls[100];
	bool ok = true;
	int32_t out;

	for (int32_t i = 0; i < 100; i++) {
		calls[i] = call_of(client, NULL);
		ok = ok && !negate_1_start(&calls[i], i);
	}
	for (int32_t i = 0; i < 100; i++)
		ok = !negate_1_finish(&calls[i], &out) && out == -i && ok;
	report(wrong, ok, "100 calls in flight");
}

/* The kernel names the peer of a unix socket, nobody that of TCP. */
static void
ask_peer(const char *addr, const struct ferry_client *client, int *wrong)
{
	struct ferry_peer peer;

	ferry_client_peer(client, &peer);
	if (strncmp(addr, "unix:", 5) == 0)
		report(wrong, peer.has_ids && peer.uid == geteuid(),
		       "the kernel knows the peer's uid");
	else if (strncmp(addr, "tcp:", 4) == 0)
		report(wrong, !peer.has_ids && peer.text[0],
		       "nobody knows the peer's uid");
}

int
ferry_call_all(const char *addr, bool of_tirpc)
{
	struct ferry_client *client = client_of(addr, NULL);
	struct ferry_arena mem = { 0 };
	struct ferry_call call = call_of(client, &mem);
	int wrong = 0;
	int32_t negated;

	ask_peer(addr, client, &wrong);
	report(&wrong, !ping(client), "procedure 0");
	report(&wrong, !nothing_1(&call), "a call without values");
	call_echo(client, &mem, &wrong);
	call_bulk(client, &mem, &wrong);
	call_chain(client, &mem, &wrong);
	call_numbers(client, &mem, &wrong);
	call_composed(client, &mem, &wrong);
	call_credentials(addr, client, &mem, &wrong);
	call_unauthorised(client, of_tirpc, &wrong);
	call_refused(client, &wrong);
	call_pipelined(client, &wrong);
	call = call_of(client, &mem);
	report(&wrong, !negate_3(&call, 7, &negated) && negated == -7,
	       "a second version");
	ferry_client_free(client);
	ferry_arena_fini(&mem);
	return wrong;
}
