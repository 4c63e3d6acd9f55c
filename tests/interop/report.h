/* SPDX-License-Identifier: MIT */
/* One line for each thing that was tried: "ok - what", "not ok - what". */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* Prints the line; adds to *@wrong if @ok is false. */
static inline void
report(int *wrong, bool ok, const char *what)
{
	printf("%sok - %s\n", ok ? "" : "not ", what);
	fflush(stdout);
	*wrong += !ok;
}
