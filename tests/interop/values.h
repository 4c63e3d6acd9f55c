/* SPDX-License-Identifier: MIT */
/* The end of the interop tests that is made of ferry alone. */
#pragma once

#include <ferry/ferry.h>

#include "seq.h"
#include "types.h"

/* Fills a value from the sequence, or compares it: see seq.h. */
void walk_everything(struct seq *s, struct everything *v);

/* Prints the address, serves until SIGTERM. Returns an exit status. */
int ferry_serve(const char *addr);
/* Makes all calls of the server; returns how many went wrong. */
int ferry_call_all(const char *addr, bool of_tirpc);
