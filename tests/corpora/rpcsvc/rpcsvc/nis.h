/* SPDX-License-Identifier: MIT */
/* In the place of rpcgen's: what ferry makes of nis.x. */
#pragma once
#include "names.h"
#include <nis.h>
