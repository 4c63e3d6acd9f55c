/* SPDX-License-Identifier: MIT */
/*
 * unix:PATH, unix:NAME (in the user's own folder), unix:@NAME (abstract): the
 * usual way between processes of one machine. The kernel tells who they are.
 */
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "transport/access.h"
#include "transport/body.h"
#include "transport/local.h"
#include "transport/ops.h"
#include "transport/sock.h"

struct unix_port {
	struct fy_sock_port sock;
	struct fy_local_file file;
};

static const char *const options[] = { FY_ACCESS_OPTIONS, "watch", NULL };
static const struct fy_local_kind kind = {
	.scheme = "unix",
	.type = SOCK_STREAM,
	.other = "shm",
	.options = options,
};

static ferry_err
read_watch(const struct ferry_addr *addr, bool *out, struct ferry_error *why)
{
	const char *watch = fy_body_option(addr, "watch");

	*out = watch;
	if (watch && strcmp(watch, "process") != 0)
		return fy_fail(why, FERRY_EADDR,
			       "unix: ?watch=%.40s: write ?watch=process, or "
			       "leave it out", watch);
	return FERRY_OK;
}

static ferry_err
unix_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct fy_local_name name;
	struct ferry_link *link;
	bool watch = false;
	ferry_err err;

	err = read_watch(addr, &watch, why);
	if (!err)
		err = fy_local_resolve(&kind, addr, false, &name, why);
	if (!err)
		err = fy_local_connect(&name, until, &fd, why);
	if (!err)
		err = fy_sock_link(config, &fy_transport_unix, fd, &link, why);
	if (err)
		return err;
	fy_fd_take(&fd);
	if (watch)
		err = fy_sock_watch(link, why);
	if (err) {
		fy_stream_close(link);
		return err;
	}
	link->unguarded = fy_local_is_abstract(&name);
	*out = link;
	return FERRY_OK;
}

static void
unix_unlisten(struct ferry_port *port)
{
	if (!port)
		return;
	/* The name goes first: nobody is to find it refusing. */
	fy_local_remove(&FY_CONTAINER(port, struct unix_port, sock.port)->file);
	fy_sock_unlisten(port);
}

static ferry_err
unix_listen(const struct ferry_link_config *config,
	    const struct ferry_addr *addr, struct ferry_port **out,
	    struct ferry_error *why)
{
	struct fy_local_name name;
	struct unix_port *port;
	bool watch = false;
	int fd = -1;
	ferry_err err;

	err = read_watch(addr, &watch, why);
	if (!err)
		err = fy_local_resolve(&kind, addr, true, &name, why);
	/* Not as late as at the first client, who would be sent away. */
	if (!err && watch)
		err = fy_sock_can_watch(why);
	if (err)
		return err;
	port = fy_zalloc(config->hooks, sizeof(*port));
	if (!port)
		return fy_fail_memory(why, sizeof(*port));
	err = fy_local_listen(&name, &port->file, &fd, why);
	if (err) {
		fy_free(config->hooks, port);
		return err;
	}
	fy_sock_port_init(&port->sock, &fy_transport_unix, config, addr, fd);
	port->sock.port.unguarded = fy_local_is_abstract(&name);
	port->sock.watches = watch;
	/* Those were for this end. */
	port->sock.addr.n_options = 0;
	*out = &port->sock.port;
	return FERRY_OK;
}

const struct ferry_transport_ops fy_transport_unix = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_LOCAL |
		FERRY_CAP_IDS | FERRY_CAP_GID | FERRY_CAP_PID |
		FERRY_CAP_STREAM | FERRY_CAP_FDS | FERRY_CAP_WATCH,
	.scheme = "unix",
	.dial = unix_dial,
	.listen = unix_listen,
	FY_SOCK_PORT_OPS,
	.unlisten = unix_unlisten,
	.in_group = fy_sock_in_group,
	FY_STREAM_OPS,
	FY_STREAM_FDS_OPS,
};
