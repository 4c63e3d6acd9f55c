/* SPDX-License-Identifier: MIT */
#include "rpc/uaddr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "core/err.h"

/* "[", an IPv6 address, "]:65535" and a NUL. */
#define PLACE_BYTES (INET6_ADDRSTRLEN + 10)
#define PATH_BYTES sizeof(((struct sockaddr_un *)NULL)->sun_path)

_Static_assert(sizeof(((struct fy_uaddr *)NULL)->text) >= PATH_BYTES,
	       "a unix socket's path fits");

/* ---- from universal addresses ---- */

/* Takes ".N" off the end of @text; N from 0 to 255, without leading zeros. */
static bool
cut_octet(struct ferry_str *text, uint32_t *out)
{
	const char *end = text->data + text->len;
	uint32_t n_digits = 0;
	uint32_t number = 0;
	uint32_t power = 1;

	while (n_digits < text->len && n_digits < 4 &&
	       end[-1] >= '0' && end[-1] <= '9') {
		end--;
		number += power * (uint32_t)(*end - '0');
		power *= 10;
		n_digits++;
	}
	if (n_digits == 0 || n_digits == text->len || end[-1] != '.' ||
	    number > 255 || (n_digits > 1 && *end == '0'))
		return false;
	text->len -= n_digits + 1;
	*out = number;
	return true;
}

/* Takes ".hi.lo" off the end; port 0 cannot be dialled. */
static bool
cut_port(struct ferry_str *text, uint16_t *out)
{
	uint32_t high, low;

	if (!cut_octet(text, &low) || !cut_octet(text, &high))
		return false;
	*out = (uint16_t)(high << 8 | low);
	return *out != 0;
}

/* The IP address @text of @family, any bytes. */
static bool
read_ip(struct ferry_str text, int family, void *ip)
{
	char host[INET6_ADDRSTRLEN];

	if (text.len == 0 || text.len >= sizeof(host) ||
	    memchr(text.data, '\0', text.len))
		return false;
	memcpy(host, text.data, text.len);
	host[text.len] = '\0';
	return inet_pton(family, host, ip) == 1;
}

static ferry_err
read_ipv4(struct ferry_str uaddr, const char *host, struct ferry_addr *out)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr ip;
	uint16_t port;

	if (!cut_port(&uaddr, &port) || !read_ip(uaddr, AF_INET, &ip))
		return FERRY_EADDR;
	if (ip.s_addr != htonl(INADDR_ANY))
		host = inet_ntop(AF_INET, &ip, text, sizeof(text));
	else if (strchr(host, ':'))
		return FERRY_ENOTSUP;
	fy_uaddr_at_port(host, port, out);
	return FERRY_OK;
}

/* :: and ::ffff:0.0.0.0 */
static bool
is_any(const struct in6_addr *ip)
{
	return IN6_IS_ADDR_UNSPECIFIED(ip) ||
	       (IN6_IS_ADDR_V4MAPPED(ip) && ip->s6_addr32[3] == 0);
}

/*
 * A universal address has no scope, and one of a link says nothing without: it
 * is of the link through which the host was asked.
 */
static const char *
scope_of(const struct in6_addr *ip, const char *host)
{
	const char *scope = strchr(host, '%');

	return scope && IN6_IS_ADDR_LINKLOCAL(ip) ? scope : "";
}

static ferry_err
read_ipv6(struct ferry_str uaddr, const char *host, struct ferry_addr *out)
{
	char text[INET6_ADDRSTRLEN];
	char scoped[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
	struct in6_addr ip;
	uint16_t port;

	if (!cut_port(&uaddr, &port) || !read_ip(uaddr, AF_INET6, &ip))
		return FERRY_EADDR;
	if (!is_any(&ip)) {
		inet_ntop(AF_INET6, &ip, text, sizeof(text));
		(void)snprintf(scoped, sizeof(scoped), "%s%.*s", text,
			       IF_NAMESIZE, scope_of(&ip, host));
		host = scoped;
	}
	fy_uaddr_at_port(host, port, out);
	return FERRY_OK;
}

/* Relative to which folder nobody knows: only whole paths, and names. */
static bool
is_local(const char *path, size_t len)
{
	return len >= 2 && len < PATH_BYTES &&
	       (path[0] == '/' || path[0] == '@') && !memchr(path, '\0', len);
}

static ferry_err
read_local(struct ferry_str uaddr, struct ferry_addr *out)
{
	if (!is_local(uaddr.data, uaddr.len))
		return FERRY_EADDR;
	*out = (struct ferry_addr){ .scheme = "unix" };
	memcpy(out->body, uaddr.data, uaddr.len);
	return FERRY_OK;
}

ferry_err
fy_uaddr_read(struct ferry_str netid, struct ferry_str uaddr, const char *host,
	      struct ferry_addr *out)
{
	if (ferry_str_eq(netid, FY_UADDR_TCP))
		return read_ipv4(uaddr, host, out);
	if (ferry_str_eq(netid, FY_UADDR_TCP6))
		return read_ipv6(uaddr, host, out);
	if (ferry_str_eq(netid, FY_UADDR_LOCAL))
		return read_local(uaddr, out);
	return FERRY_ENOTSUP;
}

bool
fy_uaddr_is_ipv6(const char *host)
{
	char text[INET6_ADDRSTRLEN];
	size_t len = strcspn(host, "%");
	struct in6_addr ip;

	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, &ip) == 1;
}

void
fy_uaddr_at_port(const char *host, uint16_t port, struct ferry_addr *out)
{
	const char *form = strchr(host, ':') ? "[%s]:%u" : "%s:%u";

	*out = (struct ferry_addr){ .scheme = "tcp" };
	(void)snprintf(out->body, sizeof(out->body), form, host, port);
}

/* ---- to universal addresses ---- */

/* Cuts ":PORT" off the end of @place. */
static bool
cut_tcp_port(char *place, uint16_t *out)
{
	char *colon = strrchr(place, ':');
	size_t n_digits = colon ? strspn(colon + 1, "0123456789") : 0;
	uint32_t number = 0;

	if (n_digits == 0 || n_digits > 5 || colon[1 + n_digits] != '\0')
		return false;
	for (size_t i = 1; i <= n_digits; i++)
		number = number * 10 + (uint32_t)(colon[i] - '0');
	*colon = '\0';
	*out = (uint16_t)number;
	return number > 0 && number <= 65535;
}

/* Cuts the brackets of "[::1]" off. */
static bool
cut_brackets(char *host)
{
	size_t len = strlen(host);

	if (len < 2 || host[0] != '[' || host[len - 1] != ']')
		return false;
	memmove(host, host + 1, len - 2);
	host[len - 2] = '\0';
	return true;
}

static bool
of_tcp(const char *body, struct fy_uaddr *out)
{
	char host[PLACE_BYTES];
	char text[INET6_ADDRSTRLEN];
	struct in6_addr ip;
	int family = AF_INET;

	if (strlen(body) >= sizeof(host))
		return false;
	memcpy(host, body, strlen(body) + 1);
	if (!cut_tcp_port(host, &out->port))
		return false;
	if (cut_brackets(host))
		family = AF_INET6;
	else if (strcmp(host, "*") == 0)
		memcpy(host, "0.0.0.0", sizeof("0.0.0.0"));
	if (inet_pton(family, host, &ip) != 1)
		return false;
	inet_ntop(family, &ip, text, sizeof(text));
	out->netid = family == AF_INET ? FY_UADDR_TCP : FY_UADDR_TCP6;
	out->wild = body[0] == '*' || strcmp(text, "::") == 0;
	(void)snprintf(out->text, sizeof(out->text), "%s.%u.%u", text,
		       out->port >> 8, out->port & 0xff);
	return true;
}

static bool
of_unix(const char *body, struct fy_uaddr *out)
{
	if (!is_local(body, strlen(body)))
		return false;
	out->netid = FY_UADDR_LOCAL;
	memcpy(out->text, body, strlen(body) + 1);
	return true;
}

ferry_err
fy_uaddr_of(const struct ferry_addr *addr, struct fy_uaddr *out,
	    struct ferry_error *why)
{
	struct fy_uaddr made = { .port = 0 };
	bool ok = false;

	if (strcmp(addr->scheme, "tcp") == 0)
		ok = of_tcp(addr->body, &made);
	else if (strcmp(addr->scheme, "unix") == 0)
		ok = of_unix(addr->body, &made);
	if (!ok)
		return fy_fail(why, FERRY_EADDR,
			       "rpcbind cannot tell others of %s:%.80s; it "
			       "takes tcp: with an IP address and a port, and "
			       "unix: with a path from the root",
			       addr->scheme, addr->body);
	*out = made;
	return FERRY_OK;
}
