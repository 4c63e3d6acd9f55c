/* SPDX-License-Identifier: MIT */
/*
 * "NETID UADDR HOST", of any bytes: what becomes an address is one that parses,
 * fits where the library has room for it, and is the same after a round trip.
 */
#include "rpc/uaddr.h"

#include <stdlib.h>
#include <string.h>

#include <ferry/rpcbind.h>

#include "target.h"

#define MAX_HOST 255

/* Up to a blank, which is skipped, or the end. */
static struct ferry_str
cut_word(struct ferry_str *rest)
{
	struct ferry_str word = *rest;
	const char *blank = rest->len > 0
				    ? memchr(rest->data, ' ', rest->len)
				    : NULL;

	if (blank)
		word.len = (uint32_t)(blank - rest->data);
	rest->data += word.len + (blank != NULL);
	rest->len -= word.len + (blank != NULL);
	return word;
}

static void
check_text(const struct ferry_addr *addr)
{
	char text[FERRY_RPCBIND_ADDR];
	struct ferry_addr again;

	if (ferry_addr_format(addr, text, sizeof(text)) >= sizeof(text) ||
	    ferry_addr_parse(text, &again, NULL) ||
	    strcmp(again.scheme, addr->scheme) != 0 ||
	    strcmp(again.body, addr->body) != 0)
		abort();
}

/*
 * Not of a host that stands in: it may be any text. Of IPv6 there are several
 * texts of one address.
 */
static void
check_round_trip(const struct ferry_addr *addr, struct ferry_str text)
{
	struct fy_uaddr uaddr;
	struct ferry_addr again;

	if (strchr(addr->body, '%') && strcmp(addr->scheme, "tcp") == 0)
		return;
	if (fy_uaddr_of(addr, &uaddr, NULL) ||
	    fy_uaddr_read(ferry_str_of(uaddr.netid), ferry_str_of(uaddr.text),
			  "", &again) ||
	    strcmp(again.body, addr->body) != 0)
		abort();
	if (strcmp(uaddr.netid, FY_UADDR_TCP6) != 0 &&
	    !ferry_str_eq(text, uaddr.text))
		abort();
}

static bool
stands_for_host(const struct ferry_addr *addr, const char *host)
{
	size_t len = strlen(host);

	return strcmp(addr->scheme, "tcp") == 0 &&
	       (strncmp(addr->body, host, len) == 0 ||
		strncmp(addr->body + 1, host, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ferry_str rest = { (const char *)data, (uint32_t)size };
	struct ferry_str netid = cut_word(&rest);
	struct ferry_str uaddr = cut_word(&rest);
	struct ferry_addr addr;
	char host[MAX_HOST + 1];

	if (rest.len > MAX_HOST)
		rest.len = MAX_HOST;
	memset(host, 0, sizeof(host));
	if (rest.len > 0)
		memcpy(host, rest.data, rest.len);
	if (fy_uaddr_read(netid, uaddr, host, &addr))
		return 0;
	check_text(&addr);
	if (!stands_for_host(&addr, host))
		check_round_trip(&addr, uaddr);
	return 0;
}
