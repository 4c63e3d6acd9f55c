/* SPDX-License-Identifier: MIT */
/* The end of the interop tests that is made of libtirpc and rpcgen alone. */
#pragma once

#include <rpc/rpc.h>

#include "seq.h"
#include "types_tirpc.h"

/* Fills a value from the sequence, or compares it: see seq.h. */
void walk_everything(struct seq *s, everything *v);

/* A stream socket at "unix:PATH" or "tcp:127.0.0.1:PORT"; exits on failure. */
int tirpc_listen(const char *addr);
int tirpc_dial(const char *addr);

/* Prints the address, serves until it is killed. Does not return. */
void tirpc_serve(const char *addr);
/* Makes all calls; returns how many went wrong. */
int tirpc_call(const char *addr);
