/* SPDX-License-Identifier: MIT */
/* A client by rpcgen and libtirpc, without rpcbind. */
#include "tirpc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "report.h"

static const struct timeval patience = { 20, 0 };

/* A client of a program and version at @addr; its close() closes the socket. */
static CLIENT *
client_of(const char *addr, u_int program, u_int version)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);
	struct netbuf nb = { 0 };
	int fd = tirpc_dial(addr);
	CLIENT *clnt;

	getpeername(fd, (struct sockaddr *)&sa, &len);
	nb.buf = &sa;
	nb.len = nb.maxlen = len;
	clnt = clnt_vc_create(fd, &nb, program, version, 0, 0);
	if (!clnt) {
		clnt_pcreateerror("clnt_vc_create");
		exit(1);
	}
	clnt_control(clnt, CLSET_FD_CLOSE, NULL);
	clnt_control(clnt, CLSET_TIMEOUT, (char *)&patience);
	return clnt;
}

static bool
echo_one(CLIENT *clnt, uint32_t number)
{
	struct seq s;
	probe arg;
	verdict out;
	bool ok;

	memset(&arg, 0, sizeof(arg));
	memset(&out, 0, sizeof(out));
	arg.index = number;
	seq_init(&s, number, false);
	walk_everything(&s, &arg.value);
	ok = clnt_call(clnt, ECHO, (xdrproc_t)xdr_probe, &arg,
		       (xdrproc_t)xdr_verdict, &out, patience) == RPC_SUCCESS;
	seq_fini(&s);
	if (!ok) {
		clnt_perror(clnt, "ECHO");
		return false;
	}
	if (out.differs[0])
		fprintf(stderr, "%u: the server says that %s differs\n", number,
			out.differs);
	ok = !out.differs[0];
	seq_init(&s, number + SEQ_REPLY, true);
	walk_everything(&s, &out.value);
	if (s.differs[0])
		fprintf(stderr, "%u: %s of the reply differs\n", number,
			s.differs);
	ok = ok && !s.differs[0];
	seq_fini(&s);
	xdr_free((xdrproc_t)xdr_verdict, &out);
	return ok;
}

static void
call_echo(CLIENT *clnt, int *wrong)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < SEQ_SAMPLES; i++)
		ok = echo_one(clnt, i);
	report(wrong, ok, "200 values of every type, there and back");
}

static void
call_bulk(CLIENT *clnt, int *wrong)
{
	static char buf[300001];
	static const u_int sizes[] = { 0, 1, 2, 3, 4, 5, 4096, 8999, 300001 };
	bool ok = true;

	for (u_int i = 0; i < sizeof(buf); i++)
		buf[i] = (char)(i * 7 + i / 256);
	for (size_t i = 0; ok && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		u_int n = sizes[i];
		bulk arg = { n, buf };
		bulk *out = reverse_1(&arg, clnt);

		ok = out && out->bulk_len == n;
		for (u_int j = 0; ok && j < n; j++)
			ok = out->bulk_val[j] == buf[n - 1 - j];
		if (out)
			xdr_free((xdrproc_t)xdr_bulk, out);
	}
	report(wrong, ok, "opaque data from 0 to 300,001 bytes");
}

static void
call_chain(CLIENT *clnt, int *wrong)
{
	static node nodes[1000];
	chain arg = nodes;
	chain *out;
	int n = 0;
	bool ok;

	for (int i = 0; i < 1000; i++) {
		nodes[i].value = i;
		nodes[i].next = i < 999 ? &nodes[i + 1] : NULL;
	}
	out = rotate_1(&arg, clnt);
	ok = out != NULL;
	for (node *at = ok ? *out : NULL; at; at = at->next, n++)
		ok = ok && at->value == (n + 1) % 1000;
	report(wrong, ok && n == 1000, "a list of 1,000 nodes, rotated");
	if (out)
		xdr_free((xdrproc_t)xdr_chain, out);
	arg = NULL;
	out = rotate_1(&arg, clnt);
	report(wrong, out && !*out, "an empty list");
}

static void
call_numbers(CLIENT *clnt, int *wrong)
{
	int min = -2147483647 - 1;
	int five = -5;
	bool_t yes = TRUE;
	double third = -1.0 / 3;
	float f = 3.5f;
	u_quad_t big = 0x8000000000000001;
	int *i = negate_1(&five, clnt);
	quad_t *h;
	bool_t *b;
	double *d;
	float *q;
	u_quad_t *u;

	report(wrong, i && *i == 5, "int");
	i = negate_1(&min, clnt);
	report(wrong, i && *i == min, "the lowest int");
	h = widen_1(&five, clnt);
	report(wrong, h && *h == -5 * (quad_t)0x100000001, "hyper");
	b = invert_1(&yes, clnt);
	report(wrong, b && *b == FALSE, "bool");
	d = halve_1(&third, clnt);
	report(wrong, d && *d == third / 2, "double");
	q = quarter_1(&f, clnt);
	report(wrong, q && *q == f / 4, "float");
	u = double_1(&big, clnt);
	report(wrong, u && *u == 2, "unsigned hyper");
}

static void
call_composed(CLIENT *clnt, int *wrong)
{
	colour red = RED;
	colour *c = paint_1(&red, clnt);
	char world[] = "world";
	char *text = world;
	small_ints three = { 9, -1, 4 };
	int *sorted;
	point p = { 1, -2 };
	point *mirrored;
	by_int u = { .kind = 1, .by_int_u = { .number = -17 } };
	by_int *chosen;
	name *greeting;

	report(wrong, c && *c == BLUE, "enum");
	greeting = greet_1(&text, clnt);
	report(wrong, greeting && strcmp(*greeting, "hello, world") == 0,
	       "string");
	sorted = sort_1(three, clnt);
	report(wrong,
	       sorted && sorted[0] == -1 && sorted[1] == 4 && sorted[2] == 9,
	       "int[3]");
	mirrored = mirror_1(&p, clnt);
	report(wrong, mirrored && mirrored->x == -2 && mirrored->y == 1,
	       "struct");
	chosen = choose_1(&u, clnt);
	report(wrong,
	       chosen && chosen->kind == 99 && chosen->by_int_u.other == -17,
	       "union, by its default arm");
	u.kind = 2;
	u.by_int_u.text = world;
	chosen = choose_1(&u, clnt);
	report(wrong,
	       chosen && chosen->kind == 3 &&
		       strcmp(chosen->by_int_u.text, world) == 0,
	       "union, by the second of two cases");
	u.kind = 4;
	chosen = choose_1(&u, clnt);
	report(wrong, chosen && chosen->kind == 4, "union, by a void arm");
}

/* The status of a call of @procedure with the four bytes @arg. */
static enum clnt_stat
refused(CLIENT *clnt, u_int procedure, u_int arg, struct rpc_err *why)
{
	enum clnt_stat stat = clnt_call(clnt, procedure, (xdrproc_t)xdr_u_int,
					&arg, (xdrproc_t)xdr_void, NULL,
					patience);

	clnt_geterr(clnt, why);
	return stat;
}

static void
call_refused(const char *addr, CLIENT *clnt, int *wrong)
{
	struct rpc_err why;
	CLIENT *other = client_of(addr, INTEROP + 1, 1);

	report(wrong, refused(other, 0, 0, &why) == RPC_PROGUNAVAIL,
	       "PROG_UNAVAIL");
	clnt_destroy(other);
	other = client_of(addr, INTEROP, 2);
	report(wrong,
	       refused(other, 6, 0, &why) == RPC_PROGVERSMISMATCH &&
		       why.re_vers.low == 1 && why.re_vers.high == 3,
	       "PROG_MISMATCH with versions 1 to 3");
	clnt_destroy(other);
	report(wrong, refused(clnt, 99, 0, &why) == RPC_PROCUNAVAIL,
	       "PROC_UNAVAIL");
	report(wrong, refused(clnt, ECHO, 0, &why) == RPC_CANTDECODEARGS,
	       "GARBAGE_ARGS: half an argument");
	report(wrong, refused(clnt, INVERT, 2, &why) == RPC_CANTDECODEARGS,
	       "GARBAGE_ARGS: a bool of 2");
	report(wrong, refused(clnt, REFUSE, 0, &why) == RPC_SYSTEMERROR,
	       "SYSTEM_ERR");
	report(wrong,
	       refused(clnt, REFUSE, AUTH_TOOWEAK, &why) == RPC_AUTHERROR &&
		       why.re_why == AUTH_TOOWEAK,
	       "AUTH_ERROR: AUTH_TOOWEAK");
	report(wrong, nothing_1(NULL, clnt) != NULL,
	       "the connection survives all refusals");
}

/* A call of RPC version 3, byte by byte; libtirpc reads the answer. */
static void
call_rpc_version_3(const char *addr, int *wrong)
{
	static char buf[400];
	struct opaque_auth verifier = { 0 };
	struct rpc_msg msg;
	uint32_t mark;
	XDR x;
	int fd = tirpc_dial(addr);
	ssize_t n;

	memset(&msg, 0, sizeof(msg));
	msg.rm_xid = 7;
	msg.rm_direction = CALL;
	msg.rm_call.cb_rpcvers = RPC_MSG_VERSION;
	msg.rm_call.cb_prog = INTEROP;
	msg.rm_call.cb_vers = 1;
	xdrmem_create(&x, buf + 4, sizeof(buf) - 4, XDR_ENCODE);
	if (!xdr_callmsg(&x, &msg))
		exit(1);
	buf[4 + 11] = 3; /* libtirpc itself would not send it */
	mark = htonl(0x80000000 | xdr_getpos(&x));
	memcpy(buf, &mark, 4);
	n = send(fd, buf, 4 + xdr_getpos(&x), MSG_NOSIGNAL);
	n = n < 0 ? n : recv(fd, buf, sizeof(buf), 0);

	memset(&msg, 0, sizeof(msg));
	msg.acpted_rply.ar_verf = verifier;
	msg.acpted_rply.ar_results.proc = (xdrproc_t)xdr_void;
	xdrmem_create(&x, buf + 4, n > 4 ? (u_int)n - 4 : 0, XDR_DECODE);
	report(wrong,
	       xdr_replymsg(&x, &msg) && msg.rm_xid == 7 &&
		       msg.rm_reply.rp_stat == MSG_DENIED &&
		       msg.rjcted_rply.rj_stat == RPC_MISMATCH &&
		       msg.rjcted_rply.rj_vers.low == 2 &&
		       msg.rjcted_rply.rj_vers.high == 2,
	       "RPC_MISMATCH with versions 2 to 2");
	close(fd);
}

static bool
claim_is(CLIENT *clnt, const char *machine, u_int n_gids, gid_t *gids)
{
	claim *out = who_1(NULL, clnt);
	bool ok = out && out->flavor == AUTH_SYS && out->uid == 12345 &&
		  out->gid == 0xfffffffe &&
		  strcmp(out->machine, machine) == 0 &&
		  out->gids.gids_len == n_gids;

	for (u_int i = 0; ok && i < n_gids; i++)
		ok = out->gids.gids_val[i] == gids[i];
	return ok;
}

static void
call_credentials(CLIENT *clnt, int *wrong)
{
	static char machine[256];
	gid_t gids[16];
	claim *none = who_1(NULL, clnt);

	report(wrong, none && none->flavor == AUTH_NONE, "AUTH_NONE");
	memset(machine, 'm', 255);
	for (int i = 0; i < 16; i++)
		gids[i] = (gid_t)(0xfffffff0 + (u_int)i);
	auth_destroy(clnt->cl_auth);
	clnt->cl_auth = authunix_create("a", 12345, 0xfffffffe, 0, gids);
	report(wrong, claim_is(clnt, "a", 0, gids), "AUTH_SYS without groups");
	auth_destroy(clnt->cl_auth);
	clnt->cl_auth = authunix_create(machine, 12345, 0xfffffffe, 16, gids);
	report(wrong, claim_is(clnt, machine, 16, gids),
	       "AUTH_SYS with 16 groups and a name of 255 bytes");
	auth_destroy(clnt->cl_auth);
	clnt->cl_auth = authnone_create();
}

int
tirpc_call(const char *addr)
{
	CLIENT *clnt = client_of(addr, INTEROP, 1);
	CLIENT *third = client_of(addr, INTEROP, 3);
	int wrong = 0;
	int seven = 7;
	int *negated;

	report(&wrong,
	       clnt_call(clnt, NULLPROC, (xdrproc_t)xdr_void, NULL,
			 (xdrproc_t)xdr_void, NULL, patience) == RPC_SUCCESS,
	       "procedure 0");
	report(&wrong, nothing_1(NULL, clnt) != NULL, "a call without values");
	call_echo(clnt, &wrong);
	call_bulk(clnt, &wrong);
	call_chain(clnt, &wrong);
	call_numbers(clnt, &wrong);
	call_composed(clnt, &wrong);
	call_credentials(clnt, &wrong);
	call_refused(addr, clnt, &wrong);
	call_rpc_version_3(addr, &wrong);
	negated = negate_3(&seven, third);
	report(&wrong, negated && *negated == -7, "a second version");
	clnt_destroy(third);
	clnt_destroy(clnt);
	return wrong;
}
