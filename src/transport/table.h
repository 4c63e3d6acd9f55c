/* SPDX-License-Identifier: MIT */
/* Which transport a scheme means. */
#pragma once

#include <ferry/transport.h>

#include "core/compiler.h"

/**
 * fy_transport_find() - the transport of @scheme
 * @own: the program's, looked up before the library's; NULL-terminated or NULL
 *
 * FERRY_EADDR: there is none. FERRY_ENOTSUP: it was compiled for another
 * version of the table.
 */
FY_MUST_CHECK ferry_err
fy_transport_find(const struct ferry_transport_ops *const *own,
		  const char *scheme, const struct ferry_transport_ops **out,
		  struct ferry_error *why);
