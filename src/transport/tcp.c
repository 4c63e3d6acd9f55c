/* SPDX-License-Identifier: MIT */
/* tcp:HOST:PORT: what other ONC RPC programs speak. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/body.h"
#include "transport/ops.h"
#include "transport/resolve.h"
#include "transport/sock.h"

/* For the name of a place to listen at, which has no deadline. */
#define LOOK_UP_MS 10000

struct place {
	char host[256]; /* "" for * */
	char port[8];
};

FY_COLD static ferry_err
refuse(const struct ferry_addr *addr, struct ferry_error *why)
{
	return fy_fail(why, FERRY_EADDR,
		       "\"tcp:%.80s\": write tcp:HOST:PORT, tcp:[IPV6]:PORT or "
		       "tcp:*:PORT, with a port from 0 to 65535", addr->body);
}

static bool
is_port(const char *text)
{
	size_t n = strspn(text, "0123456789");
	unsigned int number = 0;

	if (n == 0 || n > 5 || text[n] != '\0')
		return false;
	for (; *text; text++)
		number = number * 10 + (unsigned int)(*text - '0');
	return number <= 65535;
}

/* HOST:PORT with a name or four numbers, [HOST]:PORT with an IPv6 address. */
static ferry_err
split(const struct ferry_addr *addr, struct place *out, struct ferry_error *why)
{
	const char *host = addr->body;
	const char *colon = strrchr(host, ':');
	size_t n;

	if (!colon || !is_port(colon + 1))
		return refuse(addr, why);
	n = (size_t)(colon - host);
	if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
		host++;
		n -= 2;
	} else if (memchr(host, ':', n)) {
		return refuse(addr, why);
	}
	/* Not asked of any name server: a URL, or a blank too much. */
	if (n == 0 || n >= sizeof(out->host) || strcspn(host, "/ ") < n)
		return refuse(addr, why);
	memcpy(out->host, host, n);
	out->host[n] = '\0';
	if (strcmp(out->host, "*") == 0)
		out->host[0] = '\0';
	(void)snprintf(out->port, sizeof(out->port), "%s", colon + 1);
	return FERRY_OK;
}

static void
free_list(struct addrinfo **list)
{
	fy_os_freeaddrinfo(*list);
}

/* *: every address of this machine to listen at, loopback to dial. */
static ferry_err
look_up(const struct ferry_addr *addr, int flags, struct ferry_deadline until,
	struct addrinfo **out, struct ferry_error *why)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
					.ai_flags = flags | AI_NUMERICSERV };
	struct place place = { .host = "" };
	ferry_err err;

	err = fy_body_options(addr, why);
	if (!err)
		err = split(addr, &place, why);
	if (err)
		return err;
	return fy_resolve(&(struct fy_resolve_query){ place.host, place.port,
						      &hints }, until, out,
			  why);
}

/*
 * Where nobody listens at a port of the range that the kernel takes clients'
 * ports from, it may take that very one, and the socket meets itself (RFC 9293
 * section 3.5: simultaneous initiation).
 */
static bool
is_own_peer(int fd)
{
	struct sockaddr_storage own = { .ss_family = AF_UNSPEC };
	struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
	socklen_t own_bytes = sizeof(own), peer_bytes = sizeof(peer);

	return fy_os_getsockname(fd, (struct sockaddr *)&own, &own_bytes) ==
		       0 &&
	       fy_os_getpeername(fd, (struct sockaddr *)&peer, &peer_bytes) ==
		       0 &&
	       own_bytes == peer_bytes && memcmp(&own, &peer, own_bytes) == 0;
}

static ferry_err
connect_one(const struct addrinfo *to, const char *text,
	    struct ferry_deadline until, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ferry_err err = FERRY_OK;

	if (fd < 0)
		return fy_fail_errno(why, "make a socket");
	if (fy_os_connect(fd, to->ai_addr, to->ai_addrlen) < 0) {
		if (errno != EINPROGRESS)
			return fy_sock_fail_connect("tcp", text, why);
		err = fy_sock_wait_connected(fd, text, until, why);
	}
	if (err)
		return err;
	if (is_own_peer(fd)) {
		errno = ECONNREFUSED;
		return fy_sock_fail_connect("tcp", text, why);
	}
	/* It goes faster, no more: see tcp_read_blocking(). */
	(void)fy_os_set_flags(fd, 0);
	*out = fy_fd_take(&fd);
	return FERRY_OK;
}

/* An equal part of the time that is left for each address that is left. */
static struct ferry_deadline
share_of(struct ferry_deadline until, const struct addrinfo *list)
{
	int64_t n = 1;
	int64_t left;

	if (until.ns == FERRY_NEVER.ns || until.ns == FERRY_NOW.ns)
		return until;
	for (; list->ai_next; list = list->ai_next)
		n++;
	left = until.ns - fy_os_now_ns();
	return left > 0 ? ferry_in_ns(left / n) : until;
}

static ferry_err
tcp_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	 struct ferry_deadline until, struct ferry_link **out,
	 struct ferry_error *why)
{
	FY_CLEANUP(free_list) struct addrinfo *list = NULL;
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct ferry_error tried;
	ferry_err err;

	err = look_up(addr, 0, until, &list, why);
	if (err)
		return err;
	for (struct addrinfo *to = list; to && fd < 0; to = to->ai_next)
		err = connect_one(to, addr->body, share_of(until, to), &fd,
				  &tried);
	if (err && why)
		*why = tried;
	if (!err)
		err = fy_sock_link(config, &fy_transport_tcp, fd, out, why);
	if (!err)
		fy_fd_take(&fd);
	return err;
}

/*
 * A server that is started again need not wait for old connections, and :: is
 * IPv4 too, whatever the machine's default is.
 */
static ferry_err
set_options(int fd, bool both, struct ferry_error *why)
{
	const int on = 1, off = 0;

	if (fy_os_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return fy_fail_errno(why, "set SO_REUSEADDR");
	if (both && fy_os_setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
				     sizeof(off)) < 0)
		return fy_fail_errno(why, "unset IPV6_V6ONLY");
	return FERRY_OK;
}

/*
 * A listening socket, and the address that it got.
 * @both: an IPv6 address takes IPv4 connections as well
 */
static ferry_err
bind_one(const struct addrinfo *at, bool both, struct ferry_addr *addr,
	 int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ferry_err err;

	if (fd < 0)
		return fy_fail_errno(why, "make a socket");
	err = set_options(fd, both, why);
	if (err)
		return err;
	if (fy_os_bind(fd, at->ai_addr, at->ai_addrlen) < 0)
		return fy_fail_errno(why, "listen at tcp:%s", addr->body);
	err = fy_sock_listen(fd, addr->body, why);
	if (!err)
		err = fy_sock_local_addr(fd, addr, why);
	if (!err)
		*out = fy_fd_take(&fd);
	return err;
}

/* The first of @list that can be had. */
static ferry_err
bind_any(const struct addrinfo *list, struct ferry_addr *addr, int *out,
	 struct ferry_error *why)
{
	struct ferry_error tried;
	ferry_err err = FERRY_OK;

	/* For * there are 0.0.0.0 and ::, and the latter is both. */
	if (addr->body[0] == '*') {
		for (const struct addrinfo *at = list; at; at = at->ai_next) {
			if (at->ai_family == AF_INET6 &&
			    !bind_one(at, true, addr, out, NULL))
				return FERRY_OK;
		}
	}
	for (const struct addrinfo *at = list; at; at = at->ai_next) {
		err = bind_one(at, false, addr, out, &tried);
		if (!err)
			return FERRY_OK;
	}
	if (why)
		*why = tried;
	return err;
}

static ferry_err
tcp_listen(const struct ferry_link_config *config,
	   const struct ferry_addr *addr, struct ferry_port **out,
	   struct ferry_error *why)
{
	FY_CLEANUP(free_list) struct addrinfo *list = NULL;
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct ferry_addr got = *addr;
	ferry_err err;

	err = look_up(addr, AI_PASSIVE, ferry_in_ms(LOOK_UP_MS), &list, why);
	if (!err)
		err = bind_any(list, &got, &fd, why);
	if (!err)
		err = fy_sock_port_new(config, &fy_transport_tcp, &got, fd, out,
				       why);
	if (!err)
		fy_fd_take(&fd);
	return err;
}

const struct ferry_transport_ops fy_transport_tcp = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_STREAM,
	.scheme = "tcp",
	.dial = tcp_dial,
	.listen = tcp_listen,
	FY_SOCK_PORT_OPS,
	.unlisten = fy_sock_unlisten,
	FY_STREAM_OPS,
};
