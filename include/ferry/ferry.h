/* SPDX-License-Identifier: MIT */
/*
 * ferry: processes are islands, ferry carries things between them.
 *
 * The conventions of every function here:
 *
 * Errors   A fallible function returns ferry_err (err.h), FERRY_OK is 0. On
 *          failure it consumes nothing and writes no out-parameter, but for a
 *          struct ferry_error *why where the caller gave one. The library
 *          never prints, never exits, never touches errno on purpose.
 * Time     Every operation that can wait takes an absolute deadline (time.h):
 *          FERRY_NOW does not wait, FERRY_NEVER waits for ever.
 * Memory   _new and _free, _open and _free on the heap; _init and _fini in
 *          place. A destructor takes NULL. Pointers given to a function are
 *          borrowed for the call unless its page says otherwise. All memory
 *          comes from the allocator hook (hooks.h).
 * Threads  Objects may be used by one thread at a time unless their page says
 *          more; a client and a server by any number. No signals. The library
 *          has no state of its own but two things a process has one of: a
 *          memfd that shows its channels to "ferry ls", and a thread for
 *          message queues, started when a channel over one needs it.
 * fork     Handles belong to the process that made them; in a child they
 *          answer FERRY_EFORK, and freeing them there harms nobody.
 */
#pragma once

#include <ferry/addr.h>
#include <ferry/arena.h>
#include <ferry/auth.h>
#include <ferry/channel.h>
#include <ferry/err.h>
#include <ferry/hooks.h>
#include <ferry/peer.h>
#include <ferry/rpc.h>
#include <ferry/rpcbind.h>
#include <ferry/str.h>
#include <ferry/time.h>
#include <ferry/xdr.h>

/** ferry_version_text() - the version of the library that runs, "0.1.0" */
FERRY_API const char *ferry_version_text(void);
