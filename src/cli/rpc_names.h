/* SPDX-License-Identifier: MIT */
/* Names of programs, from a file like /etc/rpc: "nfs 100003 nfsprog # text". */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"

#define FY_RPC_NAMES_PATH "/etc/rpc"

struct fy_rpc_name {
	const char *name;
	uint32_t program;
};

/** struct fy_rpc_names - all zero has no names */
struct fy_rpc_names {
	struct fy_rpc_name *items;
	size_t n_items;
	size_t cap;
};

/**
 * fy_rpc_names_load() - reads @path
 * @mem: where the names go
 *
 * A file that is not there has no names, and a line that makes no sense is
 * passed over: names only please people. Return: FERRY_OK; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_rpc_names_load(struct fy_rpc_names *names,
					  const char *path,
					  struct ferry_arena *mem);

/** fy_rpc_names_find() - the first name of @program; NULL if it has none */
const char *fy_rpc_names_find(const struct fy_rpc_names *names,
			      uint32_t program);
