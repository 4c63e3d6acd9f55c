/* SPDX-License-Identifier: MIT */
/* What transports read in the bodies of addresses. */
#pragma once

#include <ferry/addr.h>
#include <ferry/err.h>

#include "core/compiler.h"

/** fy_body_options() - FERRY_EADDR if @addr has any: this scheme takes none */
FY_MUST_CHECK ferry_err fy_body_options(const struct ferry_addr *addr,
					struct ferry_error *why);

/**
 * fy_body_options_but() - FERRY_EADDR if @addr has any option but those
 * @keys: ended by NULL
 */
FY_MUST_CHECK ferry_err fy_body_options_but(const struct ferry_addr *addr,
					    const char *const keys[],
					    struct ferry_error *why);

/** fy_body_option() - the value of @addr's option @key; NULL: it has none */
const char *fy_body_option(const struct ferry_addr *addr, const char *key);

/**
 * fy_body_fd() - a descriptor's number
 * @at: advanced behind the digits; untouched if there are none
 *
 * Return: the number; -1 if there is none or it cannot be a descriptor.
 */
int fy_body_fd(const char **at);
