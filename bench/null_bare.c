/* SPDX-License-Identifier: MIT */
/* As many bytes there and back as a null call has, by read and write alone. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "null_peer.h"
#include "ring.h"

static void
answer(int in, int out)
{
	char buf[NULL_CALL_BYTES] = { 0 };

	while (read(in, buf, sizeof(buf)) == NULL_CALL_BYTES) {
		if (write(out, buf, NULL_REPLY_BYTES) != NULL_REPLY_BYTES)
			break;
	}
	_exit(0);
}

static bool
call(struct null_way *way)
{
	char buf[NULL_CALL_BYTES] = { 0 };

	return write(way->fd_out, buf, NULL_CALL_BYTES) == NULL_CALL_BYTES &&
	       read(way->fd_in, buf, NULL_CALL_BYTES) == NULL_REPLY_BYTES;
}

static void
no_delay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static void
unix_serve(struct null_way *way, int ready)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int link;

	memcpy(addr.sun_path, way->path, sizeof(way->path));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    listen(fd, 1) < 0)
		_exit(2);
	null_ready(ready, way->path);
	link = accept(fd, NULL, NULL);
	answer(link, link);
}

static bool
connect_to(struct null_way *way, const void *addr, socklen_t bytes, int domain)
{
	int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)addr, bytes) < 0)
		return false;
	if (domain == AF_INET)
		no_delay(fd);
	way->fd_in = fd;
	way->fd_out = fd;
	return true;
}

static bool
unix_open(struct null_way *way)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	memcpy(addr.sun_path, way->path, sizeof(way->path));
	return connect_to(way, &addr, sizeof(addr), AF_UNIX);
}

static void
tcp_serve(struct null_way *way, int ready)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t bytes = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char port[16];
	int link;

	(void)way;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&addr, bytes) < 0 ||
	    listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &bytes) < 0)
		_exit(2);
	snprintf(port, sizeof(port), "%d", ntohs(addr.sin_port));
	null_ready(ready, port);
	link = accept(fd, NULL, NULL);
	no_delay(link);
	answer(link, link);
}

static bool
tcp_open(struct null_way *way)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	addr.sin_port = htons((unsigned short)atoi(way->where));
	return connect_to(way, &addr, sizeof(addr), AF_INET);
}

static void
pipe_serve(struct null_way *way, int ready)
{
	null_ready(ready, "pipe");
	answer(way->to[0], way->from[1]);
}

static bool
pipe_open(struct null_way *way)
{
	way->fd_in = way->from[0];
	way->fd_out = way->to[1];
	return true;
}

/* ---- rings in shared memory ---- */

static bool
rings_of(struct null_way *way, uint64_t spin_ns)
{
	for (int i = 0; i < 2; i++) {
		way->rings[i] = bench_ring_new(NULL_CALL_BYTES, spin_ns);
		if (!way->rings[i])
			return false;
	}
	return true;
}

static bool
prepare_spin(struct null_way *way)
{
	return rings_of(way, BENCH_RING_SPINS);
}

static bool
prepare_futex(struct null_way *way)
{
	return rings_of(way, BENCH_RING_SLEEPS);
}

static void
ring_put(struct bench_ring *ring, const char *bytes, size_t n)
{
	memcpy(bench_ring_room(ring), bytes, n);
	bench_ring_put(ring);
}

static void
ring_take(struct bench_ring *ring, char *out, size_t n)
{
	memcpy(out, bench_ring_next(ring), n);
	bench_ring_release(ring);
}

static void
ring_serve(struct null_way *way, int ready)
{
	char buf[NULL_CALL_BYTES] = { 0 };

	null_ready(ready, "ring");
	for (;;) {
		ring_take(way->rings[0], buf, NULL_CALL_BYTES);
		ring_put(way->rings[1], buf, NULL_REPLY_BYTES);
	}
}

static bool
ring_open(struct null_way *way)
{
	(void)way;
	return true;
}

static bool
ring_call(struct null_way *way)
{
	char buf[NULL_CALL_BYTES] = { 0 };

	ring_put(way->rings[0], buf, NULL_CALL_BYTES);
	ring_take(way->rings[1], buf, NULL_REPLY_BYTES);
	return true;
}

#define BARE(over, serves, opens)                                              \
	{ .transport = over, .name = "bare", .is_bare = true,                  \
	  .serve = serves, .open = opens, .call = call }
#define RING(by, for_ever, first)                                              \
	{ .transport = "shm", .name = by, .is_bare = true, .spins = for_ever,  \
	  .prepare = first, .serve = ring_serve, .open = ring_open,            \
	  .call = ring_call }

const struct null_peer null_bare_unix = BARE("unix", unix_serve, unix_open);
const struct null_peer null_bare_tcp = BARE("tcp", tcp_serve, tcp_open);
const struct null_peer null_bare_pipe = BARE("pipe", pipe_serve, pipe_open);
const struct null_peer null_bare_futex = RING("futex", false, prepare_futex);
const struct null_peer null_bare_spin = RING("spin", true, prepare_spin);
