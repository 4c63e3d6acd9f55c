/* SPDX-License-Identifier: MIT */
/* Diff of programs, versions and procedures. */
#pragma once

#include "schema/differ.h"

/** fy_differ_programs() - all of them, and what they use is queued */
void fy_differ_programs(struct fy_differ *d);
