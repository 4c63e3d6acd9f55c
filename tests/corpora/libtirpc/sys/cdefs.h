/* SPDX-License-Identifier: MIT */
/* The system's, and a macro of FreeBSD's. */
#pragma once
#include_next <sys/cdefs.h>
#define __FBSDID(text) _Static_assert(1, text)
