/* SPDX-License-Identifier: MIT */
#include "ways.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit.h"
#include "fault.h"

static const struct ferry_transport_ops *const with_fault[] = {
	&fy_transport_fault,
	NULL,
};

/* The address @text, or the fault transport around it. */
static void
wrap(const struct way *way, const char *text, char *out, size_t bytes)
{
	struct ferry_addr addr = { .scheme = "fault" };
	size_t n;

	if (!way->fault) {
		snprintf(out, bytes, "%s", text);
		return;
	}
	snprintf(addr.body, sizeof(addr.body), "%s", text);
	n = ferry_addr_format(&addr, out, bytes);
	snprintf(out + n, bytes - n, "?%s", way->fault);
}

static ferry_err
open_a(struct world *w, const char *text)
{
	char wrapped[2048];

	wrap(w->way, text, wrapped, sizeof(wrapped));
	return fy_channel_open(&w->a, &w->config, wrapped, ferry_in_ms(10000),
			       &w->why);
}

static ferry_err
open_b(struct world *w, const char *text)
{
	return fy_channel_open(&w->b, &w->config, text, FERRY_NEVER, &w->why);
}

/* ---- by a listener ---- */

ferry_err
fy_world_listen(struct world *w)
{
	const char *text = w->way->listen;
	size_t before = strcspn(text, "!");
	char at[256];

	if (text[before] == '!')
		snprintf(at, sizeof(at), "%.*s%s%s", (int)before, text,
			 w->folder, text + before + 1);
	else
		snprintf(at, sizeof(at), "%s", text);
	return fy_listener_open(&w->listener, &w->config, at, &w->why);
}

ferry_err
fy_world_dial(struct world *w)
{
	struct ferry_port *port = w->listener.port;
	struct ferry_addr addr;
	char text[2048];

	port->ops->port_addr(port, &addr);
	ferry_addr_format(&addr, text, sizeof(text));
	return open_a(w, text);
}

static ferry_err
accept_b(struct world *w)
{
	struct ferry_link *link;
	ferry_err err = fy_listener_accept(&w->listener, &link, &w->why);

	if (!err)
		fy_channel_init(&w->b, link);
	return err;
}

static ferry_err
connect_by_listener(struct world *w)
{
	ferry_err err = fy_world_listen(w);

	if (!err)
		err = fy_world_dial(w);
	if (!err)
		err = accept_b(w);
	return err;
}

/* ---- by descriptors ---- */

/* Opens .a and .b; what neither has taken over is closed. */
static ferry_err
open_both(struct world *w, const char *a, const char *b, const int fds[4])
{
	ferry_err err = open_a(w, a);
	int left = err ? 0 : 2;

	if (!err)
		err = open_b(w, b);
	if (!err)
		return FERRY_OK;
	for (; left < 4; left++) {
		if (fds[left] >= 0)
			close(fds[left]);
	}
	return err;
}

static ferry_err
connect_by_pipes(struct world *w)
{
	int there[2], back[2];
	char a[64], b[64];

	if (pipe(there) < 0 || pipe(back) < 0)
		return FERRY_ESYS;
	snprintf(a, sizeof(a), "pipe:%d,%d", back[0], there[1]);
	snprintf(b, sizeof(b), "pipe:%d,%d", there[0], back[1]);
	return open_both(w, a, b,
			 (int[]){ back[0], there[1], there[0], back[1] });
}

static ferry_err
connect_by_socketpair(struct world *w)
{
	int fds[2];
	char a[64], b[64];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return FERRY_ESYS;
	snprintf(a, sizeof(a), "fd:%d", fds[0]);
	snprintf(b, sizeof(b), "fd:%d", fds[1]);
	return open_both(w, a, b, (int[]){ -1, fds[0], -1, fds[1] });
}

/*
 * The child hands all through to two pipes, whose other ends are .b. In a
 * shell, what runs beside has no standard input: it is saved as 9 before.
 */
static ferry_err
connect_by_exec(struct world *w)
{
	int there[2], back[2];
	char a[256], b[64];
	ferry_err err;

	if (pipe(there) < 0 || pipe(back) < 0)
		return FERRY_ESYS;
	fcntl(there[0], F_SETFD, FD_CLOEXEC);
	fcntl(back[1], F_SETFD, FD_CLOEXEC);
	snprintf(a, sizeof(a),
		 "exec:sh -c 'exec 9<&0 <&-; cat <&9 >&%d %d<&- & "
		 "exec cat <&%d %d>&- 9<&-'",
		 there[1], back[0], back[0], there[1]);
	snprintf(b, sizeof(b), "pipe:%d,%d", there[0], back[1]);
	err = open_a(w, a);
	close(there[1]);
	close(back[0]);
	if (!err)
		err = open_b(w, b);
	if (err) {
		close(there[0]);
		close(back[1]);
	}
	return err;
}

/* ---- worlds ---- */

struct world *
fy_world_open(const struct way *way)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->way = way;
	fy_test_heap_init(&w->heap);
	w->config.link.hooks = &w->heap.hooks;
	w->config.link.max_message = 4u << 20;
	w->config.transports = with_fault;
	snprintf(w->folder, sizeof(w->folder), "/tmp/ferry-test-XXXXXX");
	if (!mkdtemp(w->folder)) {
		free(w);
		return NULL;
	}
	w->n_fds = fy_audit_fds();
	return w;
}

ferry_err
fy_world_connect(struct world *w)
{
	return w->way->connect(w);
}

void
fy_world_disconnect(struct world *w)
{
	/* First the end that a child of the other may wait for. */
	fy_channel_fini(&w->b);
	fy_channel_fini(&w->a);
	fy_listener_fini(&w->listener);
}

bool
fy_world_close(struct world *w)
{
	bool clean;

	fy_world_disconnect(w);
	clean = w->n_fds == fy_audit_fds() && w->heap.n_live == 0 &&
		fy_audit_children() == 0;
	if (!clean)
		fprintf(stderr, "left behind: %zu blocks, %zd descriptors\n",
			w->heap.n_live, fy_audit_fds() - w->n_fds);
	/* A socket file that is left behind keeps the folder. */
	clean = rmdir(w->folder) == 0 && clean;
	free(w);
	return clean;
}

const struct way fy_test_ways[] = {
	{ .name = "unix", connect_by_listener, "unix:!/s", .ids = true },
	{ .name = "unix abstract", connect_by_listener, "unix:@!",
	  .ids = true },
	{ .name = "tcp", connect_by_listener, "tcp:127.0.0.1:0" },
	{ .name = "tcp 6", connect_by_listener, "tcp:[::1]:0" },
	{ .name = "fd", connect_by_socketpair, .ids = true },
	{ .name = "pipe", connect_by_pipes },
	{ .name = "exec", connect_by_exec, .slow = true },
	{ .name = "unix by bytes", connect_by_listener, "unix:!/s",
	  .fault = "step=1", .ids = true, .tiny = true },
	{ .name = "unix with pauses", connect_by_listener, "unix:!/s",
	  .fault = "step=1000&again=3", .ids = true },
	{ .name = "pipe by sevens", connect_by_pipes,
	  .fault = "step=7&again=2", .tiny = true },
};
const size_t fy_test_n_ways = sizeof(fy_test_ways) / sizeof(fy_test_ways[0]);
