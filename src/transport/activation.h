/* SPDX-License-Identifier: MIT */
/*
 * Descriptors by name, as a service manager passes them on: LISTEN_PID,
 * LISTEN_FDS and LISTEN_FDNAMES of the environment, which stays as it is.
 * Source: sd_listen_fds(3).
 */
#pragma once

#include <ferry/err.h>

#include "core/compiler.h"

/**
 * fy_activation_find() - the number of the descriptor called @name
 *
 * FERRY_EADDR: there is none, or there are several, or all are for another
 * process; the text lists what there is.
 */
FY_MUST_CHECK ferry_err fy_activation_find(const char *name, int *out,
					   struct ferry_error *why);
