/* SPDX-License-Identifier: MIT */
/*
 * fd:N, fd:NAME: a stream socket that this process was given, by its number or
 * by the name that a service manager has passed with it. A connected one is a
 * link, a listening one is a port (socket activation).
 */
#include <errno.h>
#include <fcntl.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/activation.h"
#include "transport/body.h"
#include "transport/inherit.h"
#include "transport/ops.h"
#include "transport/sock.h"

/* @option of SOL_SOCKET; -1 if it is none. */
static int
ask(int fd, int option)
{
	int value;
	socklen_t bytes = sizeof(value);

	if (fy_os_getsockopt(fd, SOL_SOCKET, option, &value, &bytes) < 0)
		return -1;
	return value;
}

/* fd:N and fd:NAME. */
static ferry_err
find_number(const struct ferry_addr *addr, int *out, struct ferry_error *why)
{
	const char *at = addr->body;
	int n = fy_body_fd(&at);

	if (n >= 0 && *at == '\0') {
		*out = n;
		return FERRY_OK;
	}
	if (addr->body[0] != '\0')
		return fy_activation_find(addr->body, out, why);
	return fy_fail(why, FERRY_EADDR,
		       "\"fd:\": write fd:N, N the number of an open socket, "
		       "or fd:NAME");
}

/* A copy of the socket that @addr names, which must be @listening or not. */
static ferry_err
open_socket(const struct ferry_addr *addr, bool listening, int *number,
	    int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	int n = -1;
	ferry_err err = find_number(addr, &n, why);

	if (!err)
		err = fy_body_options(addr, why);
	if (!err)
		err = fy_inherit_dup(n, &fd, why);
	if (err)
		return err;
	if (ask(fd, SO_TYPE) != SOCK_STREAM)
		return fy_fail(
			why, FERRY_EADDR,
			"descriptor %d is not a stream socket: for pipes "
			"write pipe:R,W",
			n);
	if (listening && ask(fd, SO_ACCEPTCONN) != 1)
		return fy_fail(why, FERRY_ENOTSUP,
			       "the socket fd:%d does not listen: it is one "
			       "link", n);
	if (!listening && ask(fd, SO_ACCEPTCONN) == 1)
		return fy_fail(why, FERRY_EADDR,
			       "the socket fd:%d listens: it is not a link", n);
	*number = n;
	*out = fy_fd_take(&fd);
	return FERRY_OK;
}

/* Or SO_PEERCRED would name uid -1 as the peer of a unix socket. */
static ferry_err
check_peer(int fd, int number, struct ferry_error *why)
{
	struct sockaddr_storage name;
	socklen_t bytes = sizeof(name);

	if (fy_os_getpeername(fd, (struct sockaddr *)&name, &bytes) == 0)
		return FERRY_OK;
	if (errno == ENOTCONN)
		return fy_fail(why, FERRY_ECONNECT,
			       "the socket fd:%d has no peer: it was not "
			       "connected, or the peer has gone", number);
	return fy_fail_errno(why, "ask whom descriptor %d reaches", number);
}

static ferry_err
fd_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	struct ferry_deadline until, struct ferry_link **out,
	struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	int number = -1;
	ferry_err err;

	(void)until;
	err = open_socket(addr, false, &number, &fd, why);
	if (!err)
		err = check_peer(fd, number, why);
	if (!err)
		err = fy_sock_link(config, &fy_transport_fd, fd, out, why);
	if (err)
		return err;
	fy_fd_take(&fd);
	fy_inherit_retire(number);
	return FERRY_OK;
}

static ferry_err
fd_listen(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_port **out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct ferry_addr got;
	int number = -1, flags;
	ferry_err err;

	err = open_socket(addr, true, &number, &fd, why);
	if (!err)
		err = fy_sock_local_addr(fd, &got, why);
	if (err)
		return err;
	/* accept(2) has no MSG_DONTWAIT; whoever shares it must know. */
	flags = fy_os_get_flags(fd);
	if (flags < 0 || fy_os_set_flags(fd, flags | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "set O_NONBLOCK");
	err = fy_sock_port_new(config, &fy_transport_fd, &got, fd, out, why);
	if (err)
		return err;
	/* An abstract name, whoever has bound it. */
	(*out)->unguarded = got.body[0] == '@';
	fy_fd_take(&fd);
	fy_inherit_retire(number);
	return FERRY_OK;
}

/*
 * FERRY_CAP_IDS and _GID hold for unix sockets alone: peer() tells for each link.
 * Not FERRY_CAP_LOCAL: it may be TCP. Nor FERRY_CAP_PID: the kernel names who
 * made a socketpair(2), and mostly that is not the process that was given the
 * other end; whose user it is, mostly it is.
 */
const struct ferry_transport_ops fy_transport_fd = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_STREAM |
		FERRY_CAP_CLAIM | FERRY_CAP_IDS | FERRY_CAP_GID |
		FERRY_CAP_FDS,
	.scheme = "fd",
	.dial = fd_dial,
	.listen = fd_listen,
	FY_SOCK_PORT_OPS,
	.unlisten = fy_sock_unlisten,
	.in_group = fy_sock_in_group,
	FY_STREAM_OPS,
	FY_STREAM_FDS_OPS,
};
