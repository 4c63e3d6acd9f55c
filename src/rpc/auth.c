/* SPDX-License-Identifier: MIT */
#include "rpc/auth.h"

static const struct fy_auth_ops *const flavours[] = {
	&fy_auth_none,
	&fy_auth_sys,
};

enum ferry_auth_stat
fy_auth_check(const struct fy_msg_call *call, struct fy_auth_claim *out)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(flavours); i++) {
		if (flavours[i]->flavor == call->cred.flavor)
			return flavours[i]->check(call, out);
	}
	/* RFC 9289 section 4.1 expects this of a server without TLS, too. */
	return FERRY_AUTH_REJECTEDCRED;
}
