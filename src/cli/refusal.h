/* SPDX-License-Identifier: MIT */
/* Why a call by hand failed, and what its user can do about it. */
#pragma once

#include <stdbool.h>

#include <ferry/err.h>

/** fy_auth_stat_name() - "AUTH_TOOWEAK"; NULL for a number without a name */
const char *fy_auth_stat_name(uint32_t stat);

/**
 * fy_refusal_report() - says on standard error why a call failed
 * @why:      of the call
 * @auth_sys: whether it had a credential of AUTH_SYS
 *
 * Return: the exit status.
 */
int fy_refusal_report(const struct ferry_error *why, bool auth_sys);
