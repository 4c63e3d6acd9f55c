/* SPDX-License-Identifier: MIT */
/* The null call by libtirpc. */
#include <rpc/rpc.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "null_peer.h"

#define PROGRAM 0x20000042
#define VERSION 1

static void
dispatch(struct svc_req *request, SVCXPRT *transport)
{
	if (request->rq_proc == NULLPROC)
		svc_sendreply(transport, (xdrproc_t)xdr_void, NULL);
	else
		svcerr_noproc(transport);
}

/* Protocol 0: rpcbind is not told. */
static void
serve(SVCXPRT *transport, int ready, const char *where)
{
	if (!transport ||
	    !svc_register(transport, PROGRAM, VERSION, dispatch, 0))
		_exit(2);
	null_ready(ready, where);
	svc_run();
	_exit(3);
}

static void
unix_serve(struct null_way *way, int ready)
{
	serve(svcunix_create(RPC_ANYSOCK, 0, 0, way->path), ready, way->path);
}

static bool
unix_open(struct null_way *way)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = RPC_ANYSOCK;

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%.*s",
		 (int)sizeof(addr.sun_path) - 1, way->where);
	way->client = clntunix_create(&addr, PROGRAM, VERSION, &fd, 0, 0);
	return way->client != NULL;
}

static void
tcp_serve(struct null_way *way, int ready)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t bytes = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char port[16];

	(void)way;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, bytes) < 0 ||
	    listen(fd, 16) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &bytes) < 0)
		_exit(2);
	snprintf(port, sizeof(port), "%d", ntohs(addr.sin_port));
	serve(svctcp_create(fd, 0, 0), ready, port);
}

static bool
tcp_open(struct null_way *way)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd = RPC_ANYSOCK;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	addr.sin_port = htons((unsigned short)atoi(way->where));
	way->client = clnttcp_create(&addr, PROGRAM, VERSION, &fd, 0, 0);
	return way->client != NULL;
}

static bool
call(struct null_way *way)
{
	const struct timeval timeout = { 10, 0 };

	return clnt_call((CLIENT *)way->client, NULLPROC, (xdrproc_t)xdr_void,
			 NULL, (xdrproc_t)xdr_void, NULL,
			 timeout) == RPC_SUCCESS;
}

const struct null_peer null_tirpc_unix = {
	.transport = "unix",
	.name = "libtirpc",
	.serve = unix_serve,
	.open = unix_open,
	.call = call,
};

const struct null_peer null_tirpc_tcp = {
	.transport = "tcp",
	.name = "libtirpc",
	.serve = tcp_serve,
	.open = tcp_open,
	.call = call,
};
