/* SPDX-License-Identifier: MIT */
/* Stands in for glusterfs' own, which brings much of the system's. */
#pragma once
#include <sys/types.h>
