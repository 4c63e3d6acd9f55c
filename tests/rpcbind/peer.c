/* SPDX-License-Identifier: MIT */
/*
 * libtirpc's rpcbind client, and a port mapper of it that knows nothing newer
 * than version 2:
 *
 *	peer set PROGRAM VERSION NETID UADDR
 *	peer unset PROGRAM VERSION
 *	peer getaddr HOST PROGRAM VERSION NETID      prints what rpcbind says
 *	peer getport HOST PROGRAM VERSION            by version 2
 *	peer getmaps HOST PROGRAM                    the same, by its list
 *	peer date HOST PROGRAM VERSION NETID         finds, connects, asks NOW
 *	peer mapper                                  at port 111, says "ready"
 */
#include <rpc/rpc.h>

#include <arpa/inet.h>
#include <netconfig.h>
#include <rpc/pmap_clnt.h>
#include <rpc/pmap_prot.h>
#include <rpc/rpcb_clnt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct timeval patience = { 20, 0 };

static rpcprog_t
number(const char *text)
{
	return (rpcprog_t)strtoul(text, NULL, 0);
}

static struct netconfig *
config_of(const char *netid)
{
	struct netconfig *config = getnetconfigent(netid);

	if (!config) {
		fprintf(stderr, "no netid %s\n", netid);
		exit(1);
	}
	return config;
}

static int
set(char **word)
{
	struct netconfig *config = config_of(word[2]);
	struct netbuf *addr = uaddr2taddr(config, word[3]);

	return !addr || !rpcb_set(number(word[0]), number(word[1]), config,
				  addr);
}

static int
unset(char **word)
{
	return !rpcb_unset(number(word[0]), number(word[1]), NULL);
}

static int
getaddr(char **word)
{
	struct netconfig *config = config_of(word[3]);
	struct sockaddr_storage room;
	struct netbuf addr = { sizeof(room), 0, &room };

	if (!rpcb_getaddr(number(word[1]), number(word[2]), config, &addr,
			  word[0])) {
		printf("%s\n", clnt_spcreateerror("none"));
		return 1;
	}
	printf("%s\n", taddr2uaddr(config, &addr));
	return 0;
}

/* Its old functions take no names: @host has four numbers. */
static struct sockaddr_in
address_of(const char *host)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, host, &addr.sin_addr) != 1)
		exit(1);
	return addr;
}

static int
getmaps(char **word)
{
	struct sockaddr_in addr = address_of(word[0]);
	struct pmaplist *at = pmap_getmaps(&addr);

	for (; at; at = at->pml_next)
		if (at->pml_map.pm_prog == number(word[1]))
			printf("%lu %lu %lu\n", at->pml_map.pm_vers,
			       at->pml_map.pm_prot, at->pml_map.pm_port);
	return 0;
}

static int
getport(char **word)
{
	struct sockaddr_in addr = address_of(word[0]);

	printf("%u\n", pmap_getport(&addr, number(word[1]), number(word[2]),
				    IPPROTO_TCP));
	return 0;
}

/* What NOW of date.x gives. */
struct now {
	int64_t seconds;
	u_int nanoseconds;
	char *text;
};

static bool_t
xdr_now(XDR *x, struct now *now)
{
	return xdr_int64_t(x, &now->seconds) &&
	       xdr_u_int(x, &now->nanoseconds) &&
	       xdr_string(x, &now->text, 64);
}

static int
date(char **word)
{
	CLIENT *client = clnt_create(word[0], number(word[1]), number(word[2]),
				     word[3]);
	struct now now = { 0, 0, NULL };

	if (!client) {
		clnt_pcreateerror("clnt_create");
		return 1;
	}
	if (clnt_call(client, 1, (xdrproc_t)xdr_void, NULL, (xdrproc_t)xdr_now,
		      &now, patience) != RPC_SUCCESS) {
		clnt_perror(client, "NOW");
		return 1;
	}
	printf("%s\n", now.text);
	clnt_destroy(client);
	return 0;
}

/* ---- the port mapper ---- */

static struct pmaplist *mappings;

static struct pmaplist **
find(const struct pmap *wanted)
{
	struct pmaplist **at = &mappings;

	while (*at && ((*at)->pml_map.pm_prog != wanted->pm_prog ||
		       (*at)->pml_map.pm_vers != wanted->pm_vers))
		at = &(*at)->pml_next;
	return at;
}

static void
map(SVCXPRT *transport, const struct pmap *wanted)
{
	struct pmaplist **at = find(wanted);
	bool_t done = !*at;

	if (done) {
		*at = calloc(1, sizeof(**at));
		(*at)->pml_map = *wanted;
	}
	svc_sendreply(transport, (xdrproc_t)xdr_bool, &done);
}

static void
unmap(SVCXPRT *transport, const struct pmap *wanted)
{
	struct pmaplist **at = find(wanted);
	bool_t done = *at != NULL;

	if (done)
		*at = (*at)->pml_next;
	svc_sendreply(transport, (xdrproc_t)xdr_bool, &done);
}

static void
dispatch(struct svc_req *request, SVCXPRT *transport)
{
	struct pmap wanted = { 0, 0, 0, 0 };
	struct pmaplist **at;
	u_long port;

	if (request->rq_proc != PMAPPROC_NULL &&
	    request->rq_proc != PMAPPROC_DUMP &&
	    !svc_getargs(transport, (xdrproc_t)xdr_pmap, (char *)&wanted)) {
		svcerr_decode(transport);
		return;
	}
	switch (request->rq_proc) {
	case PMAPPROC_NULL:
		svc_sendreply(transport, (xdrproc_t)xdr_void, NULL);
		return;
	case PMAPPROC_SET:
		map(transport, &wanted);
		return;
	case PMAPPROC_UNSET:
		unmap(transport, &wanted);
		return;
	case PMAPPROC_GETPORT:
		at = find(&wanted);
		port = *at ? (*at)->pml_map.pm_port : 0;
		svc_sendreply(transport, (xdrproc_t)xdr_u_long, &port);
		return;
	case PMAPPROC_DUMP:
		svc_sendreply(transport, (xdrproc_t)xdr_pmaplist, &mappings);
		return;
	default:
		svcerr_noproc(transport);
	}
}

static int
mapper(char **word)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	SVCXPRT *transport;

	(void)word;
	addr.sin_port = htons(PMAPPORT);
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 8))
		return 1;
	transport = svc_vc_create(fd, 0, 0);
	if (!transport ||
	    !svc_register(transport, PMAPPROG, PMAPVERS, dispatch, 0))
		return 1;
	printf("ready\n");
	fflush(stdout);
	svc_run();
	return 1;
}

static const struct command {
	const char *name;
	int n_words;
	int (*run)(char **word);
} commands[] = {
	{ "set", 4, set },	   { "unset", 2, unset },
	{ "getaddr", 4, getaddr }, { "getport", 3, getport },
	{ "getmaps", 2, getmaps }, { "date", 4, date },
	{ "mapper", 0, mapper },
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc > 1 && strcmp(argv[1], commands[i].name) == 0 &&
		    argc == 2 + commands[i].n_words)
			return commands[i].run(argv + 2);
	}
	return 2;
}
