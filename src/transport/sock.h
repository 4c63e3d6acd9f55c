/* SPDX-License-Identifier: MIT */
/*
 * What the transports over stream sockets share: unix, tcp, fd.
 *
 * Bytes go by MSG_DONTWAIT, whatever the socket's own mode: an inherited one
 * may be shared with a process that wants it to block.
 */
#pragma once

#include <sys/socket.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/stream.h"

/** struct fy_sock_port - a listening socket; a transport's own begins so */
struct fy_sock_port {
	struct ferry_port port;
	int fd;
	bool watches; /* the processes of peers: fy_sock_watch() */
	struct ferry_addr addr; /* to dial */
};

/**
 * fy_sock_link() - a link over the connected stream socket @take_fd
 *
 * Asks the kernel who the peer is, and sets what its family needs. Consumes
 * @take_fd on success only.
 */
FY_MUST_CHECK ferry_err
fy_sock_link(const struct ferry_link_config *config,
	     const struct ferry_transport_ops *ops, int take_fd,
	     struct ferry_link **out, struct ferry_error *why);

/**
 * fy_sock_watch() - the end of the peer's process is the end of @link, though
 * children of it hold its socket
 *
 * What it sent before is received. For links of fy_sock_link() over unix
 * sockets, before they are used. FERRY_ENOTSUP before Linux 6.5.
 */
FY_MUST_CHECK ferry_err fy_sock_watch(struct ferry_link *link,
				      struct ferry_error *why);

/**
 * fy_sock_can_watch() - whether that will work, for who is about to listen
 *
 * FERRY_ENOTSUP as fy_sock_watch().
 */
FY_MUST_CHECK ferry_err fy_sock_can_watch(struct ferry_error *why);

/**
 * fy_sock_process() - a descriptor that is readable (POLLIN) once the process at
 * the other end of the unix socket @fd has ended; the caller's to close
 *
 * -1 and errno: ENOPROTOOPT before Linux 6.5.
 */
int fy_sock_process(int fd);

/**
 * fy_sock_wait_connected() - waits for a connect to tcp:@body under way
 *
 * FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW), FERRY_ECONNECT.
 */
FY_MUST_CHECK ferry_err fy_sock_wait_connected(int fd, const char *body,
					       struct ferry_deadline until,
					       struct ferry_error *why);

/** fy_sock_fail_connect() - the error of a connect that failed, by errno */
FY_COLD ferry_err fy_sock_fail_connect(const char *scheme, const char *body,
				       struct ferry_error *why);

/** fy_sock_local_addr() - the address to dial a bound unix or IP socket */
FY_MUST_CHECK ferry_err fy_sock_local_addr(int fd, struct ferry_addr *out,
					   struct ferry_error *why);

/** fy_sock_listen() - starts to listen on the bound @fd */
FY_MUST_CHECK ferry_err fy_sock_listen(int fd, const char *text,
				       struct ferry_error *why);

/* Members of the ops table; ferry_port is the first of a fy_sock_port. */
ferry_err fy_sock_accept(struct ferry_port *port, struct ferry_link **out,
			 struct ferry_error *why);
int fy_sock_port_fd(const struct ferry_port *port);
void fy_sock_port_addr(const struct ferry_port *port, struct ferry_addr *out);
void fy_sock_unlisten(struct ferry_port *port);

bool fy_sock_in_group(const struct ferry_link *link, uint32_t gid);

/** fy_sock_has_group() - as that, of the unix socket @fd */
bool fy_sock_has_group(int fd, const struct ferry_hooks *hooks, uint32_t gid);

/**
 * fy_sock_ask_unix() - who is at the other end of the unix socket @fd
 * @tells_pid: its pid as well
 * @out:       zeroed before
 */
FY_MUST_CHECK ferry_err fy_sock_ask_unix(int fd, bool tells_pid,
					 struct ferry_peer *out,
					 struct ferry_error *why);

#define FY_SOCK_PORT_OPS                                                       \
	.accept = fy_sock_accept, .port_fd = fy_sock_port_fd,                  \
	.port_addr = fy_sock_port_addr

/** fy_sock_port_init() - @port over the listening @fd, its own from now */
void fy_sock_port_init(struct fy_sock_port *port,
		       const struct ferry_transport_ops *ops,
		       const struct ferry_link_config *config,
		       const struct ferry_addr *addr, int fd);

/** fy_sock_port_new() - as above, on the heap. Consumes on success only */
FY_MUST_CHECK ferry_err
fy_sock_port_new(const struct ferry_link_config *config,
		 const struct ferry_transport_ops *ops,
		 const struct ferry_addr *addr, int take_fd,
		 struct ferry_port **out, struct ferry_error *why);
