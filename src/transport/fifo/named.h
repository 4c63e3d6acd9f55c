/* SPDX-License-Identifier: MIT */
/*
 * fifo:PATH?way=in and ?way=out: one end of a plain named pipe, of those that
 * mkfifo(1) makes. At the other end may be a shell that knows nothing of ferry.
 */
#pragma once

#include <ferry/transport.h>

#include "core/compiler.h"

/**
 * fy_named_open() - a link to receive from (@is_in) or to send to the pipe
 * @path: of the pipe, which must be there
 *
 * A receiver does not wait for a writer, nor does a missing one end it; the
 * going of the last one does. A sender waits until @until for a reader.
 *
 * Return: FERRY_OK; FERRY_ECONNECT: no such pipe, or what is there is none;
 * FERRY_EACCES; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): nobody reads.
 */
FY_MUST_CHECK ferry_err
fy_named_open(const struct ferry_link_config *config, const char *path,
	      bool is_in, struct ferry_deadline until, struct ferry_link **out,
	      struct ferry_error *why);
