/* SPDX-License-Identifier: MIT */
/* The kernel's facilities by blocking system calls alone, without framing. */
#include "channels.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MQ_MOST 8192
#define SYSV_MOST 8192

static struct {
	long type;
	char bytes[BENCH_LONG];
} buffer = { .type = 1 };

/* ---- streams: fds[0] is read from, fds[1] written to ---- */

static void
stream_put(struct bench_pair *pair, size_t bytes)
{
	const char *at = buffer.bytes;

	bench_fill(pair, buffer.bytes, bytes);
	while (bytes > 0) {
		ssize_t n = write(pair->fds[1], at, bytes);

		if (n <= 0)
			bench_fatal("write");
		at += n;
		bytes -= (size_t)n;
	}
}

static void
stream_take(struct bench_pair *pair, size_t bytes)
{
	size_t got = 0;

	while (got < bytes) {
		ssize_t n = read(pair->fds[0], buffer.bytes + got, bytes - got);

		if (n <= 0)
			bench_fatal("read");
		got += (size_t)n;
	}
	bench_scan(pair, buffer.bytes, bytes);
}

static void
stream_close(struct bench_pair *pair)
{
	close(pair->fds[0]);
	if (pair->fds[1] != pair->fds[0])
		close(pair->fds[1]);
}

static bool
prepare_pipe(struct bench_pair *pair)
{
	int there[2], back[2];

	if (pipe(there) < 0 || pipe(back) < 0)
		return false;
	pair->fds[0] = back[0];
	pair->fds[1] = there[1];
	pair->fds[2] = there[0];
	pair->fds[3] = back[1];
	return true;
}

/* The child's are the second two. */
static void
open_halves(struct bench_pair *pair)
{
	int theirs = pair->side ? 0 : 2;

	close(pair->fds[theirs]);
	if (pair->fds[theirs + 1] != pair->fds[theirs])
		close(pair->fds[theirs + 1]);
	if (pair->side)
		memmove(pair->fds, pair->fds + 2, 2 * sizeof(int));
}

static bool
prepare_fifo(struct bench_pair *pair)
{
	char path[100];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%d", pair->dir, i);
		if (mkfifo(path, 0600) < 0)
			return false;
	}
	return true;
}

/* Both in the same order, or each waits for the other. */
static void
open_fifo(struct bench_pair *pair)
{
	char path[100];

	for (int i = 0; i < 2; i++) {
		bool writes = i == pair->side;

		snprintf(path, sizeof(path), "%s/%d", pair->dir, i);
		pair->fds[writes] = open(path, writes ? O_WRONLY : O_RDONLY);
		if (pair->fds[writes] < 0)
			bench_fatal("open a FIFO");
	}
}

static void
close_fifo(struct bench_pair *pair)
{
	char path[100];

	stream_close(pair);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%d", pair->dir, i);
		unlink(path);
	}
}

static bool
prepare_sockets(struct bench_pair *pair)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return false;
	pair->fds[0] = pair->fds[1] = fds[0];
	pair->fds[2] = pair->fds[3] = fds[1];
	return true;
}

static bool
prepare_tcp(struct bench_pair *pair)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t bytes = sizeof(addr);
	int port = socket(AF_INET, SOCK_STREAM, 0);
	int a = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1, b;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (port < 0 || a < 0 ||
	    bind(port, (struct sockaddr *)&addr, bytes) < 0 ||
	    listen(port, 1) < 0 ||
	    getsockname(port, (struct sockaddr *)&addr, &bytes) < 0 ||
	    connect(a, (struct sockaddr *)&addr, bytes) < 0)
		return false;
	b = accept(port, NULL, NULL);
	close(port);
	setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(b, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	pair->fds[0] = pair->fds[1] = a;
	pair->fds[2] = pair->fds[3] = b;
	return b >= 0;
}

/* ---- queues: fds[side] is the one that this side reads ---- */

static void
open_nothing(struct bench_pair *pair)
{
	(void)pair;
}

static bool
prepare_mq(struct bench_pair *pair)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = 64 };
	char name[100];

	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "/bare%s%d",
			 strrchr(pair->dir, '/') + 1, i);
		pair->fds[i] = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600,
				       &attr);
		if (pair->fds[i] < 0)
			return false;
		mq_unlink(name);
	}
	return true;
}

static void
mq_put(struct bench_pair *pair, size_t bytes)
{
	bench_fill(pair, buffer.bytes, bytes);
	if (mq_send(pair->fds[!pair->side], buffer.bytes, bytes, 0) < 0)
		bench_fatal("mq_send");
}

static void
mq_take(struct bench_pair *pair, size_t bytes)
{
	if (mq_receive(pair->fds[pair->side], buffer.bytes, MQ_MOST, NULL) !=
	    (ssize_t)bytes)
		bench_fatal("mq_receive");
	bench_scan(pair, buffer.bytes, bytes);
}

static bool
prepare_sysv(struct bench_pair *pair)
{
	for (int i = 0; i < 2; i++)
		pair->fds[i] = msgget(IPC_PRIVATE, 0600);
	return pair->fds[0] >= 0 && pair->fds[1] >= 0;
}

static void
sysv_put(struct bench_pair *pair, size_t bytes)
{
	bench_fill(pair, buffer.bytes, bytes);
	if (msgsnd(pair->fds[!pair->side], &buffer, bytes, 0) < 0)
		bench_fatal("msgsnd");
}

static void
sysv_take(struct bench_pair *pair, size_t bytes)
{
	if (msgrcv(pair->fds[pair->side], &buffer, SYSV_MOST, 0, 0) !=
	    (ssize_t)bytes)
		bench_fatal("msgrcv");
	bench_scan(pair, buffer.bytes, bytes);
}

static void
sysv_close(struct bench_pair *pair)
{
	msgctl(pair->fds[0], IPC_RMID, NULL);
	msgctl(pair->fds[1], IPC_RMID, NULL);
}

#define BARE(of, bytes, first, then, puts, takes, ends)                        \
	{ .scheme = of, .name = "bare", .waits = "blocks", .most = bytes,      \
	  .prepare = first, .open = then, .put = puts, .take = takes,          \
	  .close = ends }

const struct bench_means bench_bare[] = {
	BARE("pipe", 0, prepare_pipe, open_halves, stream_put, stream_take,
	     stream_close),
	BARE("fifo", 0, prepare_fifo, open_fifo, stream_put, stream_take,
	     close_fifo),
	BARE("mq", 64, prepare_mq, open_nothing, mq_put, mq_take,
	     stream_close),
	BARE("sysv", SYSV_MOST, prepare_sysv, open_nothing, sysv_put,
	     sysv_take, sysv_close),
	BARE("unix", 0, prepare_sockets, open_halves, stream_put, stream_take,
	     stream_close),
	BARE("fd", 0, prepare_sockets, open_halves, stream_put, stream_take,
	     stream_close),
	BARE("tcp", 0, prepare_tcp, open_halves, stream_put, stream_take,
	     stream_close),
	{ .scheme = NULL },
};
