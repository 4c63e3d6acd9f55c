/* SPDX-License-Identifier: MIT */
/* A type that dialect.x uses and does not define. */
#pragma once

#include <stdint.h>

/* On the wire an hyper of milliseconds. */
typedef struct {
	int64_t seconds;
	int32_t milliseconds;
} stamp;
