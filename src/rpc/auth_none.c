/* SPDX-License-Identifier: MIT */
/* AUTH_NONE: RFC 5531 section 10.1. The caller says nothing about himself. */
#include "rpc/auth.h"

static void
none_encode(struct ferry_encoder *e, const struct ferry_auth_sys *sys)
{
	(void)e;
	(void)sys;
}

static enum ferry_auth_stat
none_check(const struct fy_msg_call *call, struct fy_auth_claim *out)
{
	if (call->cred.body.len != 0)
		return FERRY_AUTH_BADCRED;
	if (!fy_auth_verf_is_none(&call->verf))
		return FERRY_AUTH_BADVERF;
	out->flavor = FERRY_AUTH_NONE;
	return FERRY_AUTH_OK;
}

const struct fy_auth_ops fy_auth_none = {
	.flavor = FERRY_AUTH_NONE,
	.encode = none_encode,
	.check = none_check,
};
