/* SPDX-License-Identifier: MIT */
/* Stands in for a private header of NIS+: nothing of it is used. */
#pragma once
