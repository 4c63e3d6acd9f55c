/* SPDX-License-Identifier: MIT */
/*
 * A transport that treats another one badly:
 *
 *	fault:ADDRESS?step=N&again=N&cutin=N&cutout=N
 *
 * dials ADDRESS (escaped), whose transport must be a stream. A read or write
 * moves at most @step bytes; each but every @again-th finds nothing to do; the
 * link ends after @cutin bytes received, is broken after @cutout bytes sent.
 * Not for edge-triggered polls: the kernel does not know of these pauses.
 */
#pragma once

#include <ferry/transport.h>

extern const struct ferry_transport_ops fy_transport_fault;
