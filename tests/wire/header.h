/* SPDX-License-Identifier: MIT */
/* RPC headers and credentials by libtirpc, for ferry to be compared with. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/auth.h>

/* @sys: the credential, NULL for AUTH_NONE. */
struct header_call {
	uint32_t xid;
	uint32_t program;
	uint32_t version;
	uint32_t procedure;
	const struct ferry_auth_sys *sys;
};

/* @denied: @stat is a reject_stat, else an accept_stat (RFC 5531 section 9). */
struct header_reply {
	uint32_t xid;
	bool denied;
	uint32_t stat;
	uint32_t low;
	uint32_t high;
	uint32_t auth_stat;
};

/* Return: the bytes written; 0 if libtirpc refused. */
size_t tirpc_put_call(const struct header_call *h, uint8_t *buf, size_t bytes);
size_t tirpc_put_reply(const struct header_reply *h, uint8_t *buf,
		       size_t bytes);

/* Whether libtirpc reads @h from @buf. */
bool tirpc_get_call(const struct header_call *h, const uint8_t *buf,
		    size_t bytes);
bool tirpc_get_reply(const struct header_reply *h, const uint8_t *buf,
		     size_t bytes);
