/* SPDX-License-Identifier: MIT */
/* Whom a user means: the address of a server, or a machine to ask for one. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/rpcbind.h>
#include <ferry/time.h>

#include "core/compiler.h"

struct ferry_version;

/**
 * fy_target_is_address() - whether @word begins with a scheme
 *
 * An IPv6 address does not: "dead::1" is a machine.
 */
bool fy_target_is_address(const char *word);

/**
 * fy_target_is_file() - whether @word is an interface file beside a target: it
 * ends in ".x", and is no address
 */
bool fy_target_is_file(const char *word);

/**
 * fy_target_complain() - says why a target cannot be reached, and what address
 * may have been meant
 * @word: as the user wrote it; NULL: he did not
 *
 * Return: the exit status.
 */
int fy_target_complain(const char *word, const struct ferry_error *why);

/**
 * fy_target_find() - asks the rpcbind of a machine where a program is
 * @host: a name or an address, an IPv6 one also in brackets
 *
 * Return: as ferry_rpcbind_find(); FERRY_EADDR: that is no machine.
 */
FY_MUST_CHECK ferry_err
fy_target_find(const char *host, const struct ferry_version *version,
	       struct ferry_deadline until, char addr[FERRY_RPCBIND_ADDR],
	       struct ferry_error *why);
