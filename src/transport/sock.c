/* SPDX-License-Identifier: MIT */
#include "transport/sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/un.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"

/* SO_PEERPIDFD of Linux 6.5, which older headers lack. */
#define FY_SO_PEERPIDFD 77
/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096
/* Bytes that a unix socket holds of long messages. */
#define WIDE 262144

/*
 * Whether a read that returned @n is to be tried again, for the last time: the
 * peer's process has come to its end. That is seen first, and what is left is
 * looked for after it, or the last bytes of one that ends in between would be
 * lost.
 */
static bool
has_died(const struct fy_stream *s, ssize_t n)
{
	struct pollfd process = { s->fd_watch, POLLIN, 0 };

	if (n >= 0 || errno != EAGAIN || process.fd < 0)
		return false;
	n = fy_os_poll(&process, 1, FERRY_NOW);
	errno = EAGAIN;
	return n > 0;
}

/* What the last read of all returned: nothing more comes after it. */
static ssize_t
or_end(ssize_t n)
{
	return n < 0 && errno == EAGAIN ? 0 : n;
}

static ssize_t
sock_read(struct fy_stream *s, void *buf, size_t bytes)
{
	ssize_t n = fy_os_recv(s->fd_in, buf, bytes, MSG_DONTWAIT);

	if (has_died(s, n))
		n = or_end(fy_os_recv(s->fd_in, buf, bytes, MSG_DONTWAIT));
	return n;
}

/*
 * TCP: to block is cheaper than to poll, which of a unix socket is the other
 * way round. A socket that does not block says EAGAIN.
 */
static ssize_t
tcp_read_blocking(struct fy_stream *s, void *buf, size_t bytes)
{
	return fy_os_recv(s->fd_in, buf, bytes, 0);
}

static ssize_t
sock_write(struct fy_stream *s, const void *buf, size_t bytes)
{
	return fy_os_send(s->fd_out, buf, bytes, MSG_DONTWAIT);
}

static ssize_t
sock_writev(struct fy_stream *s, struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = (size_t)n };

	return fy_os_sendmsg(s->fd_out, &msg, MSG_DONTWAIT);
}

/* TCP does so by itself. Of what net.core.wmem_max does not allow it has none. */
static void
unix_widen(struct fy_stream *s)
{
	const int wanted = WIDE;
	int now = 0;
	socklen_t bytes = sizeof(now);

	/* The kernel doubles what is asked for, and tells that. */
	if (fy_os_getsockopt(s->fd_out, SOL_SOCKET, SO_SNDBUF, &now,
			     &bytes) == 0 && now / 2 < wanted)
		(void)fy_os_setsockopt(s->fd_out, SOL_SOCKET, SO_SNDBUF,
				       &wanted, sizeof(wanted));
}

static ssize_t
unix_read_fds(struct fy_stream *s, void *buf, size_t bytes, struct fy_fds *set)
{
	ssize_t n = fy_fds_recv(s->fd_in, buf, bytes, set);

	if (has_died(s, n))
		n = or_end(fy_fds_recv(s->fd_in, buf, bytes, set));
	return n;
}

static ssize_t
unix_write_fds(struct fy_stream *s, const void *buf, size_t bytes,
	       const struct fy_fds *set)
{
	return fy_fds_send(s->fd_out, buf, bytes, set);
}

static int
sock_finish(struct fy_stream *s)
{
	return fy_os_shutdown(s->fd_out, SHUT_WR);
}

static void
sock_close(struct fy_stream *s)
{
	fy_os_close(s->fd_in);
	if (s->fd_watch >= 0)
		fy_os_close(s->fd_watch);
}

static const struct fy_byte_ops tcp_bytes = {
	.read = sock_read,
	.read_blocking = tcp_read_blocking,
	.write = sock_write,
	.writev = sock_writev,
	.finish = sock_finish,
	.close = sock_close,
};

static const struct fy_byte_ops unix_bytes = {
	.read = sock_read,
	.write = sock_write,
	.finish = sock_finish,
	.close = sock_close,
	.read_fds = unix_read_fds,
	.write_fds = unix_write_fds,
	.writev = sock_writev,
	.widen = unix_widen,
};

/* ---- who is there ---- */

union name {
	struct sockaddr any;
	struct sockaddr_un un;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage room;
};

static void
format_ipv6(const struct sockaddr_in6 *name, char *out, size_t bytes)
{
	const uint8_t *ip = name->sin6_addr.s6_addr;
	unsigned int port = ntohs(name->sin6_port);
	char host[INET6_ADDRSTRLEN] = "?";

	/* An IPv4 peer of a socket that takes both. */
	if (IN6_IS_ADDR_V4MAPPED(&name->sin6_addr)) {
		(void)snprintf(out, bytes, "%u.%u.%u.%u:%u", ip[12], ip[13],
			       ip[14], ip[15], port);
		return;
	}
	inet_ntop(AF_INET6, ip, host, sizeof(host));
	(void)snprintf(out, bytes, "[%s]:%u", host, port);
}

/* "127.0.0.1:4711", "[::1]:4711" */
static void
format_ip(const union name *name, char *out, size_t bytes)
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (name->any.sa_family == AF_INET6) {
		format_ipv6(&name->in6, out, bytes);
		return;
	}
	inet_ntop(AF_INET, &name->in.sin_addr, host, sizeof(host));
	(void)snprintf(out, bytes, "%s:%u", host, ntohs(name->in.sin_port));
}

bool
fy_sock_has_group(int fd, const struct ferry_hooks *hooks, uint32_t gid)
{
	socklen_t bytes = 0;
	gid_t *groups;
	bool found = false;

	/* ERANGE tells how much room it takes; success that there are none. */
	if (fy_os_getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &bytes) ==
		    0 || errno != ERANGE)
		return false;
	groups = fy_alloc(hooks, bytes);
	if (groups && fy_os_getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups,
				       &bytes) == 0) {
		for (size_t i = 0; i < bytes / sizeof(*groups); i++)
			found |= groups[i] == gid;
	}
	fy_free(hooks, groups);
	return found;
}

bool
fy_sock_in_group(const struct ferry_link *link, uint32_t gid)
{
	const struct fy_stream *s = (const struct fy_stream *)(const void *)link;

	return fy_sock_has_group(s->fd_in, link->config.hooks, gid);
}

ferry_err
fy_sock_ask_unix(int fd, bool tells_pid, struct ferry_peer *out,
		 struct ferry_error *why)
{
	struct ucred who;
	socklen_t bytes = sizeof(who);

	if (fy_os_getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &bytes) < 0)
		return fy_fail_errno(why, "ask who the peer is");
	out->has_ids = true;
	out->uid = who.uid;
	out->gid = who.gid;
	(void)snprintf(out->text, sizeof(out->text), "uid %u", out->uid);
	if (!tells_pid)
		return FERRY_OK;
	/* 0: in a process namespace that this process does not see. */
	out->has_pid = who.pid > 0;
	out->pid = who.pid;
	(void)snprintf(out->text, sizeof(out->text), "uid %u, pid %d", out->uid,
		       out->pid);
	return FERRY_OK;
}

/* TCP: the address of the peer, and what makes small messages fast. */
static ferry_err
ask_ip_peer(int fd, struct ferry_peer *out, struct ferry_error *why)
{
	const int on = 1;
	union name name;
	socklen_t bytes = sizeof(name);

	if (fy_os_getpeername(fd, &name.any, &bytes) < 0)
		return fy_fail_errno_as(why, FERRY_ECONNECT,
					"ask who the peer is");
	format_ip(&name, out->text, sizeof(out->text));
	if (fy_os_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
		return fy_fail_errno(why, "set TCP_NODELAY");
	/* A peer that lost its power is noticed at last. */
	if (fy_os_setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return fy_fail_errno(why, "set SO_KEEPALIVE");
	return FERRY_OK;
}

static ferry_err
ask_peer(int fd, bool tells_pid, struct ferry_peer *out,
	 struct ferry_error *why)
{
	int family;
	socklen_t bytes = sizeof(family);

	if (fy_os_getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &bytes) < 0)
		return fy_fail_errno(why, "ask what socket it is");
	if (family == AF_UNIX)
		return fy_sock_ask_unix(fd, tells_pid, out, why);
	return ask_ip_peer(fd, out, why);
}

ferry_err
fy_sock_local_addr(int fd, struct ferry_addr *out, struct ferry_error *why)
{
	union name name = { .any.sa_family = AF_UNSPEC };
	socklen_t bytes = sizeof(name);
	size_t path_bytes;

	if (fy_os_getsockname(fd, &name.any, &bytes) < 0)
		return fy_fail_errno(why, "ask where the socket is bound");
	*out = (struct ferry_addr){ .scheme = "tcp" };
	if (name.any.sa_family != AF_UNIX) {
		format_ip(&name, out->body, sizeof(out->body));
		return FERRY_OK;
	}
	(void)snprintf(out->scheme, sizeof(out->scheme), "unix");
	path_bytes = bytes - offsetof(struct sockaddr_un, sun_path);
	memcpy(out->body, name.un.sun_path, path_bytes);
	if (path_bytes > 0 && out->body[0] == '\0')
		out->body[0] = '@';
	return FERRY_OK;
}

/* ---- links ---- */

ferry_err
fy_sock_link(const struct ferry_link_config *config,
	     const struct ferry_transport_ops *ops, int take_fd,
	     struct ferry_link **out, struct ferry_error *why)
{
	const int fds[2] = { take_fd, take_fd };
	struct ferry_peer peer = { .has_ids = false };
	struct fy_stream *s;
	ferry_err err;

	err = ask_peer(take_fd, ops->caps & FERRY_CAP_PID, &peer, why);
	if (err)
		return err;
	s = fy_zalloc(config->hooks, sizeof(*s));
	if (!s)
		return fy_fail_memory(why, sizeof(*s));
	/* Of a unix socket alone the kernel names the peer. */
	fy_stream_init(s, ops, config, peer.has_ids ? &unix_bytes : &tcp_bytes,
		       fds);
	s->peer = peer;
	*out = &s->link;
	return FERRY_OK;
}

ferry_err
fy_sock_fail_connect(const char *scheme, const char *body,
		     struct ferry_error *why)
{
	if (errno == EACCES || errno == EPERM || fy_is_starved(errno))
		return fy_fail_errno(why, "connect to %s:%s", scheme, body);
	return fy_fail_errno_as(why, FERRY_ECONNECT, "connect to %s:%s",
				scheme, body);
}

ferry_err
fy_sock_wait_connected(int fd, const char *body, struct ferry_deadline until,
		       struct ferry_error *why)
{
	struct pollfd ready = { fd, POLLOUT, 0 };
	int error = 0;
	socklen_t bytes = sizeof(error);
	int n = fy_os_poll(&ready, 1, until);

	if (n < 0)
		return fy_fail_errno(why, "wait for tcp:%s", body);
	if (n == 0)
		return fy_fail(why,
			       until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
							: FERRY_ETIMEDOUT,
			       "tcp:%s did not answer before the deadline: is "
			       "it the right one, and is it reachable?", body);
	if (fy_os_getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes) < 0)
		return fy_fail_errno(why, "ask for the result of connecting");
	if (error == 0)
		return FERRY_OK;
	errno = error;
	return fy_sock_fail_connect("tcp", body, why);
}

/* Not pidfd_open() of SO_PEERCRED's pid, which may be another's by now. */
int
fy_sock_process(int fd)
{
	int process;
	socklen_t bytes = sizeof(process);

	if (fy_os_getsockopt(fd, SOL_SOCKET, FY_SO_PEERPIDFD, &process,
			     &bytes) == 0)
		return process;
	/* It has ended, and its parent knows: no descriptor is left of it. */
	if (errno == EINVAL || errno == ESRCH)
		return fy_os_eventfd(1, EFD_NONBLOCK);
	return -1;
}

static ferry_err
open_process(int fd, int *out, struct ferry_error *why)
{
	*out = fy_sock_process(fd);
	if (*out >= 0)
		return FERRY_OK;
	if (errno == ENOPROTOOPT || errno == ENODATA)
		return fy_fail(why, FERRY_ENOTSUP,
			       "the kernel does not tell the peer's process, "
			       "which Linux 6.5 does: leave ?watch= out");
	return fy_fail_errno(why, "watch the peer's process");
}

ferry_err
fy_sock_watch(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_stream *s = FY_CONTAINER(link, struct fy_stream, link);

	return open_process(s->fd_in, &s->fd_watch, why);
}

/* Each end of a pair has this process for its peer. */
ferry_err
fy_sock_can_watch(struct ferry_error *why)
{
	int fds[2], process;
	ferry_err err;

	if (fy_os_socketpair(AF_UNIX, SOCK_STREAM, fds) < 0)
		return fy_fail_errno(why, "make a pair of sockets");
	err = open_process(fds[0], &process, why);
	fy_fd_close(&process);
	fy_fd_close(&fds[0]);
	fy_fd_close(&fds[1]);
	return err;
}

/* ---- ports ---- */

ferry_err
fy_sock_listen(int fd, const char *text, struct ferry_error *why)
{
	if (fy_os_listen(fd, BACKLOG) < 0)
		return fy_fail_errno(why, "listen at %s", text);
	return FERRY_OK;
}

void
fy_sock_port_init(struct fy_sock_port *port,
		  const struct ferry_transport_ops *ops,
		  const struct ferry_link_config *config,
		  const struct ferry_addr *addr, int fd)
{
	port->port.ops = ops;
	port->port.config = *config;
	port->port.counters = &port->port.own;
	port->fd = fd;
	port->addr = *addr;
}

ferry_err
fy_sock_port_new(const struct ferry_link_config *config,
		 const struct ferry_transport_ops *ops,
		 const struct ferry_addr *addr, int take_fd,
		 struct ferry_port **out, struct ferry_error *why)
{
	struct fy_sock_port *port = fy_zalloc(config->hooks, sizeof(*port));

	if (!port)
		return fy_fail_memory(why, sizeof(*port));
	fy_sock_port_init(port, ops, config, addr, take_fd);
	*out = &port->port;
	return FERRY_OK;
}

static const struct fy_sock_port *
sock_port_of(const struct ferry_port *port)
{
	return (const struct fy_sock_port *)(const void *)port;
}

/* What accept(2) says of a peer that is gone again, or of its network. */
static bool
is_of_the_peer(int error)
{
	switch (error) {
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case ENOPROTOOPT:
	case EHOSTDOWN:
	case ENONET:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return true;
	default:
		return false;
	}
}

/* Each that is skipped has left the queue, so that this comes to an end. */
static int
accept_next(struct ferry_port *port)
{
	int fd = sock_port_of(port)->fd;
	int got = fy_os_accept(fd, NULL, NULL, SOCK_NONBLOCK);

	while (got < 0 && is_of_the_peer(errno)) {
		fy_count_any(&port->counters->failed, 1);
		got = fy_os_accept(fd, NULL, NULL, SOCK_NONBLOCK);
	}
	return got;
}

static ferry_err
accept_one(struct ferry_port *port, struct ferry_link **out,
	   struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = accept_next(port);
	struct ferry_link *link;
	ferry_err err;

	if (fd < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (fd < 0)
		return fy_fail_errno_as(why, FERRY_ESYS, "accept a connection");
	err = fy_sock_link(&port->config, port->ops, fd, &link, why);
	if (err)
		return err;
	fy_fd_take(&fd);
	if (sock_port_of(port)->watches)
		err = fy_sock_watch(link, why);
	if (err)
		fy_stream_close(link);
	else
		*out = link;
	return err;
}

ferry_err
fy_sock_accept(struct ferry_port *port, struct ferry_link **out,
	       struct ferry_error *why)
{
	ferry_err err = accept_one(port, out, why);

	/* It had gone before it could be asked who it was. */
	while (err == FERRY_ECONNECT) {
		fy_count_any(&port->counters->failed, 1);
		err = accept_one(port, out, why);
	}
	return err;
}

int
fy_sock_port_fd(const struct ferry_port *port)
{
	return sock_port_of(port)->fd;
}

void
fy_sock_port_addr(const struct ferry_port *port, struct ferry_addr *out)
{
	*out = sock_port_of(port)->addr;
}

void
fy_sock_unlisten(struct ferry_port *port)
{
	if (!port)
		return;
	fy_os_close(sock_port_of(port)->fd);
	fy_free(port->config.hooks, port);
}
