/* SPDX-License-Identifier: MIT */
/* Stands in for ntirpc's: nothing of it is used. */
#pragma once
