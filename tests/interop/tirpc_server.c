/* SPDX-License-Identifier: MIT */
/* A server by rpcgen and libtirpc, without rpcbind. */
#include "tirpc.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* rpcgen's dispatchers. */
void interop_1(struct svc_req *rqstp, SVCXPRT *transp);
void interop_3(struct svc_req *rqstp, SVCXPRT *transp);

void *
nothing_1_svc(void *arg, struct svc_req *rqstp)
{
	static char nothing;

	(void)arg;
	(void)rqstp;
	return &nothing;
}

verdict *
echo_1_svc(probe *arg, struct svc_req *rqstp)
{
	static verdict out;
	static struct seq ours;
	static struct seq theirs;

	(void)rqstp;
	seq_fini(&ours);
	memset(&out, 0, sizeof(out));
	seq_init(&theirs, arg->index, true);
	walk_everything(&theirs, &arg->value);
	seq_fini(&theirs);
	seq_init(&ours, arg->index + SEQ_REPLY, false);
	walk_everything(&ours, &out.value);
	out.differs = theirs.differs;
	return &out;
}

claim *
who_1_svc(void *arg, struct svc_req *rqstp)
{
	static claim out;
	static char nobody[] = "";

	(void)arg;
	memset(&out, 0, sizeof(out));
	out.flavor = (u_int)rqstp->rq_cred.oa_flavor;
	out.machine = nobody;
	if (out.flavor == AUTH_SYS) {
		struct authunix_parms *sys =
			(struct authunix_parms *)rqstp->rq_clntcred;

		out.uid = sys->aup_uid;
		out.gid = sys->aup_gid;
		out.machine = sys->aup_machname;
		out.gids.gids_len = sys->aup_len;
		out.gids.gids_val = sys->aup_gids;
	}
	return &out;
}

bulk *
reverse_1_svc(bulk *arg, struct svc_req *rqstp)
{
	static bulk out;
	u_int n = arg->bulk_len;

	(void)rqstp;
	free(out.bulk_val);
	out.bulk_val = malloc(n + 1);
	out.bulk_len = n;
	for (u_int i = 0; i < n; i++)
		out.bulk_val[i] = arg->bulk_val[n - 1 - i];
	return &out;
}

chain *
rotate_1_svc(chain *arg, struct svc_req *rqstp)
{
	static chain out;
	node *last = *arg;

	(void)rqstp;
	out = *arg;
	if (!last || !last->next)
		return &out;
	/* The first to the end; libtirpc frees the argument from its head. */
	while (last->next)
		last = last->next;
	int first = out->value;
	for (node *at = out; at->next; at = at->next)
		at->value = at->next->value;
	last->value = first;
	return &out;
}

int *
negate_1_svc(int *arg, struct svc_req *rqstp)
{
	static int out;

	(void)rqstp;
	out = (int)(0u - (unsigned)*arg);
	return &out;
}

int *
negate_3_svc(int *arg, struct svc_req *rqstp)
{
	return negate_1_svc(arg, rqstp);
}

quad_t *
widen_1_svc(int *arg, struct svc_req *rqstp)
{
	static quad_t out;

	(void)rqstp;
	out = (quad_t)*arg * 0x100000001;
	return &out;
}

bool_t *
invert_1_svc(bool_t *arg, struct svc_req *rqstp)
{
	static bool_t out;

	(void)rqstp;
	out = !*arg;
	return &out;
}

double *
halve_1_svc(double *arg, struct svc_req *rqstp)
{
	static double out;

	(void)rqstp;
	out = *arg / 2;
	return &out;
}

float *
quarter_1_svc(float *arg, struct svc_req *rqstp)
{
	static float out;

	(void)rqstp;
	out = *arg / 4;
	return &out;
}

u_quad_t *
double_1_svc(u_quad_t *arg, struct svc_req *rqstp)
{
	static u_quad_t out;

	(void)rqstp;
	out = *arg * 2;
	return &out;
}

point *
mirror_1_svc(point *arg, struct svc_req *rqstp)
{
	static point out;

	(void)rqstp;
	out.x = arg->y;
	out.y = arg->x;
	return &out;
}

colour *
paint_1_svc(colour *arg, struct svc_req *rqstp)
{
	static colour out;

	(void)rqstp;
	out = *arg == RED ? BLUE : *arg == BLUE ? LAST : RED;
	return &out;
}

name *
greet_1_svc(name *arg, struct svc_req *rqstp)
{
	static char text[40];
	static name out = text;

	(void)rqstp;
	snprintf(text, 33, "hello, %s", *arg);
	return &out;
}

int *
sort_1_svc(int *arg, struct svc_req *rqstp)
{
	static small_ints out;

	(void)rqstp;
	memcpy(out, arg, sizeof(out));
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++)
			if (out[j] > out[j + 1]) {
				int swapped = out[j];

				out[j] = out[j + 1];
				out[j + 1] = swapped;
			}
	return out;
}

by_int *
choose_1_svc(by_int *arg, struct svc_req *rqstp)
{
	static by_int out;

	(void)rqstp;
	/* Each arm answers by another one. */
	memset(&out, 0, sizeof(out));
	if (arg->kind == 1) {
		out.kind = 99;
		out.by_int_u.other = arg->by_int_u.number;
	} else if (arg->kind == 2) {
		out.kind = 3;
		out.by_int_u.text = arg->by_int_u.text;
	} else {
		out.kind = 4;
	}
	return &out;
}

void *
refuse_1_svc(u_int *arg, struct svc_req *rqstp)
{
	SVCXPRT *transp = rqstp->rq_xprt;

	switch (*arg) {
	case 0:
		svcerr_systemerr(transp);
		break;
	case 100:
		svcerr_decode(transp);
		break;
	case 101:
		svcerr_noproc(transp);
		break;
	default: /* an auth_stat */
		svcerr_auth(transp, (enum auth_stat)*arg);
	}
	return NULL;
}

void
tirpc_serve(const char *addr)
{
	struct sockaddr_in in = { 0 };
	socklen_t len = sizeof(in);
	int fd = tirpc_listen(addr);
	SVCXPRT *transp = svc_vc_create(fd, 0, 0);

	if (!transp || !svc_register(transp, INTEROP, 1, interop_1, 0) ||
	    !svc_register(transp, INTEROP, 3, interop_3, 0)) {
		fprintf(stderr, "libtirpc cannot serve\n");
		exit(1);
	}
	if (strncmp(addr, "unix:", 5) == 0) {
		printf("%s\n", addr);
	} else {
		getsockname(fd, (struct sockaddr *)&in, &len);
		printf("tcp:127.0.0.1:%d\n", ntohs(in.sin_port));
	}
	fflush(stdout);
	svc_run();
	exit(1);
}
