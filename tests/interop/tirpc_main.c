/* SPDX-License-Identifier: MIT */
/* interop-tirpc serve ADDR | call ADDR SERVER | make | check */
#include "tirpc.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire.h"

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* Splits @addr into a socket address; returns its length. */
static socklen_t
parse(const char *addr, struct sockaddr_storage *out)
{
	struct sockaddr_un *un = (struct sockaddr_un *)out;
	struct sockaddr_in *in = (struct sockaddr_in *)out;
	const char *port = strrchr(addr, ':');

	memset(out, 0, sizeof(*out));
	if (strncmp(addr, "unix:", 5) == 0) {
		un->sun_family = AF_UNIX;
		snprintf(un->sun_path, sizeof(un->sun_path), "%s", addr + 5);
		return sizeof(*un);
	}
	if (strncmp(addr, "tcp:127.0.0.1:", 14) != 0)
		exit(2);
	in->sin_family = AF_INET;
	in->sin_port = htons((uint16_t)atoi(port + 1));
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(*in);
}

int
tirpc_listen(const char *addr)
{
	struct sockaddr_storage sa;
	socklen_t len = parse(addr, &sa);
	int fd = socket(sa.ss_family, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, len) || listen(fd, 64))
		die(addr);
	return fd;
}

int
tirpc_dial(const char *addr)
{
	struct sockaddr_storage sa;
	socklen_t len = parse(addr, &sa);
	int fd = socket(sa.ss_family, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, len))
		die(addr);
	return fd;
}

static size_t
encode(uint32_t number, uint8_t *buf)
{
	struct seq s;
	everything v;
	XDR x;
	size_t n;

	memset(&v, 0, sizeof(v));
	seq_init(&s, number, false);
	walk_everything(&s, &v);
	xdrmem_create(&x, (char *)buf, WIRE_MAX, XDR_ENCODE);
	n = xdr_everything(&x, &v) ? xdr_getpos(&x) : 0;
	seq_fini(&s);
	return n;
}

static bool
decode(uint32_t number, const uint8_t *buf, size_t bytes)
{
	struct seq s;
	everything v;
	XDR x;
	bool ok;

	memset(&v, 0, sizeof(v));
	xdrmem_create(&x, (char *)buf, (u_int)bytes, XDR_DECODE);
	ok = xdr_everything(&x, &v) && xdr_getpos(&x) == bytes;
	if (!ok)
		fprintf(stderr, "libtirpc cannot decode value %u\n", number);
	seq_init(&s, number, true);
	if (ok)
		walk_everything(&s, &v);
	if (s.differs[0])
		fprintf(stderr, "value %u: %s differs\n", number, s.differs);
	ok = ok && !s.differs[0];
	seq_fini(&s);
	xdr_free((xdrproc_t)xdr_everything, &v);
	return ok;
}

int
main(int argc, char **argv)
{
	const struct wire_codec codec = { encode, decode };

	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		tirpc_serve(argv[2]);
	if (argc == 4 && strcmp(argv[1], "call") == 0)
		return tirpc_call(argv[2]) != 0;
	if (argc == 2 && strcmp(argv[1], "make") == 0)
		return wire_make(&codec, stdout);
	if (argc == 2 && strcmp(argv[1], "check") == 0)
		return wire_check(&codec, stdin);
	return 2;
}
