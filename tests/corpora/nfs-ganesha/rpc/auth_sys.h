/* SPDX-License-Identifier: MIT */
/* Stands in for ntirpc's: RFC 5531 appendix A, with a codec nowhere. */
#pragma once
#include <ferry/str.h>
typedef struct authsys_parms {
	uint32_t stamp;
	struct ferry_str machinename;
	uint32_t uid;
	uint32_t gid;
	uint32_t n_gids;
	uint32_t *gids;
} authsys_parms;
