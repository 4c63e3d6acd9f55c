/* SPDX-License-Identifier: MIT */
/* What a command that runs for long does to its own process. */
#pragma once

#include <stdbool.h>

#include <ferry/err.h>

#include "core/compiler.h"

/**
 * fy_process_signals() - makes SIGINT and SIGTERM something to poll for
 * @out: a descriptor, readable once one has come; the caller's to close
 *
 * Before there are threads: they are blocked in all of them. So is SIGPIPE,
 * which leaves EPIPE to whoever writes.
 */
FY_MUST_CHECK ferry_err fy_process_signals(int *out, struct ferry_error *why);

/** fy_process_signal() - the signal that has come, taken; 0: none has */
int fy_process_signal(int signals);

/** fy_process_end_by() - ends this process by @signal, as if it had not waited
 */
void fy_process_end_by(int signal);

/**
 * fy_process_fill_low() - opens what is closed of descriptors 0, 1 and 2
 * @usable: to an empty input and an output for nobody; else reading the one and
 *          writing the other fails, as if they were closed
 *
 * Pipes to commands must not get in the way of a command's own, and what is
 * printed not into whatever has got the number. Standard error is always usable.
 */
FY_MUST_CHECK ferry_err fy_process_fill_low(bool usable,
					    struct ferry_error *why);

/**
 * fy_process_is_short() - whether something failed for want of descriptors,
 * processes or memory, which others may give back
 */
bool fy_process_is_short(ferry_err err, const struct ferry_error *why);
