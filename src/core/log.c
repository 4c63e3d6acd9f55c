/* SPDX-License-Identifier: MIT */
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

void
fy_log(const struct ferry_hooks *hooks, enum ferry_log_level level,
       const char *format, ...)
{
	char line[512];
	va_list args;

	if (!hooks || !hooks->log)
		return;
	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	hooks->log(hooks->ctx, level, line);
}
