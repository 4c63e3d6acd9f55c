/* SPDX-License-Identifier: MIT */
/*
 * Universal addresses (RFC 5665), as rpcbind has them, and ferry's. Of TCP over
 * IPv4 they are "a.b.c.d.hi.lo", with the port in two numbers, over IPv6 the
 * address in its usual text and ".hi.lo"; of a unix socket they are its path,
 * or "@NAME" where it has none in the file system.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/addr.h>
#include <ferry/str.h>

#include "core/compiler.h"

#define FY_UADDR_TCP "tcp"
#define FY_UADDR_TCP6 "tcp6"
#define FY_UADDR_LOCAL "local"

/**
 * struct fy_uaddr - a universal address; a plain value
 * @netid: one of the above, static
 * @wild:  stands for all addresses of a machine, of IPv4 and of IPv6
 * @text:  NUL-terminated; the path of a unix socket is the longest
 */
struct fy_uaddr {
	const char *netid;
	bool wild;
	uint16_t port;
	char text[112];
};

/**
 * fy_uaddr_read() - the ferry address of a universal address
 * @netid: any bytes
 * @uaddr: any bytes
 * @host:  stands in for 0.0.0.0 and ::, at most 255 bytes; an IPv6 address
 *         without brackets, but with its scope
 *
 * Return: FERRY_OK; FERRY_ENOTSUP: a transport that ferry has not, or 0.0.0.0
 * of a @host that is an IPv6 address; FERRY_EADDR: not an address of that
 * transport that can be dialled.
 */
FY_MUST_CHECK ferry_err fy_uaddr_read(struct ferry_str netid,
				      struct ferry_str uaddr, const char *host,
				      struct ferry_addr *out);

/**
 * fy_uaddr_is_ipv6() - whether @host is an IPv6 address, as users write them
 *
 * Without brackets; perhaps with a scope: "fe80::1%eth0".
 */
bool fy_uaddr_is_ipv6(const char *host);

/**
 * fy_uaddr_at_port() - the ferry address tcp:HOST:PORT
 * @host: at most 255 bytes; an IPv6 address without brackets
 */
void fy_uaddr_at_port(const char *host, uint16_t port, struct ferry_addr *out);

/**
 * fy_uaddr_of() - the universal address of a ferry address
 *
 * Return: FERRY_OK; FERRY_EADDR, with a sentence in @why, which may be NULL: no
 * tcp: with an IP address and a port, no unix: with a whole path.
 */
FY_MUST_CHECK ferry_err fy_uaddr_of(const struct ferry_addr *addr,
				    struct fy_uaddr *out,
				    struct ferry_error *why);
