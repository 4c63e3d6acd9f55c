/* SPDX-License-Identifier: MIT */
/* Stands in for a header of SunOS: nothing of it is used. */
#pragma once
