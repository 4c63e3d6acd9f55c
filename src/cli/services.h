/* SPDX-License-Identifier: MIT */
/* What an rpcbind knows, for people and for programs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <ferry/rpcbind.h>

#include "core/compiler.h"

/**
 * struct fy_service - one program at one place
 * @versions: ascending
 * @name:     of the program; "" if it has none
 * @netid:    a peer's words, as the next two: what does not print is \xNN
 * @addr:     the ferry address to dial, in ASCII; "" if there is none
 * @pinged:   its first version has been called, with @answer
 * @took_ns:  until the answer came
 */
struct fy_service {
	uint32_t program;
	uint32_t *versions;
	uint32_t n_versions;
	const char *name;
	const char *netid;
	const char *uaddr;
	const char *owner;
	const char *addr;
	bool pinged;
	ferry_err answer;
	int64_t took_ns;
};

struct fy_services {
	uint32_t spoken;
	size_t n_items;
	struct fy_service *items;
};

/**
 * fy_services_make() - the services of a list
 * @joined: versions of one program at one place are one service
 * @mem:    where they go; texts of @list must live as long
 *
 * Sorted by program, transport, address and version. Return: FERRY_OK;
 * FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_services_make(struct fy_services *services,
					 const struct ferry_rpcbind_list *list,
					 bool joined, struct ferry_arena *mem);

/**
 * fy_services_ping() - calls procedure 0 of each that can be dialled
 * @ns_each: how long each may take, nanoseconds
 */
void fy_services_ping(struct fy_services *services, int64_t ns_each);

/** fy_services_table() - a line for each */
void fy_services_table(const struct fy_services *services, FILE *to);

/** fy_services_json() - a new reference; NULL: out of memory */
json_t *fy_services_json(const struct fy_services *services);
