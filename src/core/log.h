/* SPDX-License-Identifier: MIT */
/* What the library did, told to whoever listens. */
#pragma once

#include <ferry/hooks.h>

#include "core/compiler.h"

/** fy_log() - one line without a newline; costs nothing without a log hook */
FY_PRINTF(3, 4) void
fy_log(const struct ferry_hooks *hooks, enum ferry_log_level level,
       const char *format, ...);
