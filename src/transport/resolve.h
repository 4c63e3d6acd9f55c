/* SPDX-License-Identifier: MIT */
/* The addresses of a host, by a deadline. */
#pragma once

#include <netdb.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"

/* Threads that wait for a name service though nobody waits for them. */
#define FY_RESOLVE_LEFT_MOST 16

/**
 * struct fy_resolve_query - what getaddrinfo(3) is asked
 * @host: a name or a number; "": none, as NULL there
 */
struct fy_resolve_query {
	const char *host;
	const char *service;
	const struct addrinfo *hints;
};

/**
 * fy_resolve() - looks a host up
 * @out: for fy_os_freeaddrinfo()
 *
 * Numbers are read at once. For a name a thread is started, as getaddrinfo(3)
 * knows no deadline: one that has not ended by then ends by itself, whenever
 * the name service lets it. While FY_RESOLVE_LEFT_MOST such are left in the
 * process no more are started. FERRY_NEVER takes no thread.
 *
 * FERRY_ECONNECT: there is no such host; FERRY_ETIMEDOUT (FERRY_EAGAIN for
 * FERRY_NOW), at once where too many have been left.
 */
FY_MUST_CHECK ferry_err fy_resolve(const struct fy_resolve_query *query,
				   struct ferry_deadline until,
				   struct addrinfo **out,
				   struct ferry_error *why);
