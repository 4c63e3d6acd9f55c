/* SPDX-License-Identifier: MIT */
/* What a test may not leave behind. */
#pragma once

#include <stddef.h>

/** fy_audit_fds() - how many descriptors this process has open */
size_t fy_audit_fds(void);

/** fy_audit_children() - reaps children that have ended: how many were left */
size_t fy_audit_children(void);
