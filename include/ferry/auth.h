/* SPDX-License-Identifier: MIT */
/* Credentials of calls: RFC 5531 section 8 and its appendix A. */
#pragma once

#include <stdint.h>

#include <ferry/str.h>

enum ferry_auth_flavor {
	FERRY_AUTH_NONE = 0,
	FERRY_AUTH_SYS = 1,
};

/* Why a server refused a call: auth_stat of RFC 5531 section 9. */
enum ferry_auth_stat {
	FERRY_AUTH_OK = 0,
	FERRY_AUTH_BADCRED = 1,
	FERRY_AUTH_REJECTEDCRED = 2,
	FERRY_AUTH_BADVERF = 3,
	FERRY_AUTH_REJECTEDVERF = 4,
	FERRY_AUTH_TOOWEAK = 5,
	FERRY_AUTH_INVALIDRESP = 6,
	FERRY_AUTH_FAILED = 7,
};

#define FERRY_AUTH_SYS_NAME 255 /* bytes of a machine name */
#define FERRY_AUTH_SYS_GIDS 16	/* supplementary groups */

/**
 * struct ferry_auth_sys - an AUTH_SYS credential: a claim that nobody verified
 * @stamp:   any number
 * @machine: at most 255 bytes
 * @uid:     effective user id
 * @gid:     effective group id
 * @n_gids:  how many of @gids are in use, at most 16
 */
struct ferry_auth_sys {
	uint32_t stamp;
	struct ferry_str machine;
	uint32_t uid;
	uint32_t gid;
	uint32_t n_gids;
	uint32_t gids[FERRY_AUTH_SYS_GIDS];
};
