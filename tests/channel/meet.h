/* SPDX-License-Identifier: MIT */
/* Addresses for tests of several schemes, none of which is left behind. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

/* Somewhere that nobody else listens: @folder is the test's own. */
static inline void
meet_addr(char *out, size_t bytes, const char *scheme, const char *folder)
{
	if (strcmp(scheme, "tcp") == 0)
		snprintf(out, bytes, "tcp:127.0.0.1:0");
	else if (strcmp(scheme, "mq") == 0)
		snprintf(out, bytes, "mq:/ferry-test-%d", (int)getpid());
	else if (strcmp(scheme, "sysv") == 0)
		snprintf(out, bytes, "sysv:%d", (int)getpid());
	else
		snprintf(out, bytes, "%s:%s/s", scheme, folder);
}
