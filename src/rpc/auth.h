/* SPDX-License-Identifier: MIT */
/*
 * Credentials (RFC 5531 section 8): each flavour is a file that ends in its
 * ops table; auth.c has the list of them.
 */
#pragma once

#include <stdbool.h>

#include <ferry/auth.h>
#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"
#include "rpc/msg.h"

/**
 * struct fy_auth_claim - what a call's credential says
 * @sys: AUTH_SYS: the claim; its text is a view of the message
 */
struct fy_auth_claim {
	uint32_t flavor;
	struct ferry_auth_sys sys;
};

struct fy_auth_ops {
	uint32_t flavor;
	/*
	 * Client: writes the body of the credential, at most FY_MSG_AUTH_MAX
	 * bytes. FERRY_EENCODE in @e: @sys has none.
	 */
	void (*encode)(struct ferry_encoder *e,
		       const struct ferry_auth_sys *sys);
	/* Server: reads it. FERRY_AUTH_OK or why it is refused. */
	enum ferry_auth_stat (*check)(const struct fy_msg_call *call,
				      struct fy_auth_claim *out);
};

extern const struct fy_auth_ops fy_auth_none;
extern const struct fy_auth_ops fy_auth_sys;

/**
 * fy_auth_check() - what the caller claims, and whether that is well-formed
 * @out: its text is a view of the message; not to be used if refused
 *
 * FERRY_AUTH_OK or the auth_stat to refuse the call with.
 */
enum ferry_auth_stat fy_auth_check(const struct fy_msg_call *call,
				   struct fy_auth_claim *out);

/** fy_auth_verf_is_none() - the verifier of a flavour that verifies nothing */
static inline bool
fy_auth_verf_is_none(const struct fy_msg_auth *verf)
{
	return verf->flavor == FERRY_AUTH_NONE && verf->body.len == 0;
}
