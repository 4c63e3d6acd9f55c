/* SPDX-License-Identifier: MIT */
/* What a command that answers a peer is told by its environment. */
#pragma once

#include <ferry/arena.h>
#include <ferry/rpc.h>

#include "core/compiler.h"

struct fy_environment {
	const char *program;
	const char *version;
	const char *procedure;
	const struct ferry_peer *peer;
	const struct ferry_auth_sys *auth; /* or NULL */
	int64_t timeout_ms;
};

/**
 * fy_environment_make() - this process's variables, and FERRY_... of a call
 * @out: NULL-terminated, in @mem
 *
 * What comes from a peer is printable ASCII. Return: FERRY_OK; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_environment_make(const struct fy_environment *call,
		    struct ferry_arena *mem, char ***out);

/**
 * fy_environment_of_channel() - the same for a command that has a channel
 * @addr: where its peer came to
 * @out:  as above
 */
FY_MUST_CHECK ferry_err
fy_environment_of_channel(const char *addr, const struct ferry_peer *peer,
			  struct ferry_arena *mem, char ***out);
