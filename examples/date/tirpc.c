/* SPDX-License-Identifier: MIT */
/*
 * The same service by rpcgen and libtirpc, to compare with.
 *
 *	tirpc serve PATH         tells the time at a unix socket
 *	tirpc call PATH N        asks N times, prints the answer and the median
 */
#include <rpc/rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "date.h" /* rpcgen's */

void date_1(struct svc_req *rqstp, SVCXPRT *transp);

moment *
now_1_svc(void *arg, struct svc_req *rqstp)
{
	static char text[64];
	static moment out;
	struct timespec at;
	struct tm utc;

	(void)arg;
	(void)rqstp;
	clock_gettime(CLOCK_REALTIME, &at);
	gmtime_r(&at.tv_sec, &utc);
	strftime(text, sizeof(text), "%A, %d %B %Y, %H:%M:%S UTC", &utc);
	out.seconds = at.tv_sec;
	out.nanoseconds = (u_int)at.tv_nsec;
	out.text = text;
	return &out;
}

static int
serve(struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	SVCXPRT *transp;

	if (bind(fd, (struct sockaddr *)addr, sizeof(*addr)) || listen(fd, 8))
		return 1;
	transp = svc_vc_create(fd, 0, 0);
	if (!transp || !svc_register(transp, DATE, DATE_1, date_1, 0))
		return 1;
	printf("unix:%s\n", addr->sun_path);
	fflush(stdout);
	svc_run();
	return 1;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
call(struct sockaddr_un *addr, size_t n)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct netbuf nb = { sizeof(*addr), sizeof(*addr), addr };
	double *us = calloc(n + 1, sizeof(*us));
	struct timespec from, to;
	moment *got = NULL;
	CLIENT *clnt;

	if (!us || connect(fd, (struct sockaddr *)addr, sizeof(*addr)))
		return 1;
	clnt = clnt_vc_create(fd, &nb, DATE, DATE_1, 0, 0);
	for (size_t i = 0; clnt && i <= n; i++) {
		if (got)
			xdr_free((xdrproc_t)xdr_moment, got);
		clock_gettime(CLOCK_MONOTONIC, &from);
		got = now_1(NULL, clnt);
		clock_gettime(CLOCK_MONOTONIC, &to);
		if (!got)
			break;
		us[i] = (double)(to.tv_sec - from.tv_sec) * 1e6 +
			(double)(to.tv_nsec - from.tv_nsec) / 1e3;
	}
	if (!got)
		return 1;
	qsort(us, n + 1, sizeof(*us), compare);
	printf("%s   median %.1f us\n", got->text, us[n / 2]);
	free(us);
	clnt_destroy(clnt);
	return 0;
}

int
main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	if (argc < 3)
		return 2;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", argv[2]);
	if (strcmp(argv[1], "serve") == 0)
		return serve(&addr);
	return argc == 4 ? call(&addr, strtoul(argv[3], NULL, 10)) : 2;
}
