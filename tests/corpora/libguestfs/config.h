/* SPDX-License-Identifier: MIT */
/* Stands in for what ./configure writes: nothing of it is used. */
#pragma once
