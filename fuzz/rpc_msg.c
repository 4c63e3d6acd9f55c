/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an RPC message: a call with its credential, and a reply. A
 * header that is accepted must be written again as the same bytes, and so must
 * an AUTH_SYS claim: XDR has one encoding of each value.
 */
#include <stdlib.h>
#include <string.h>

#include "rpc/auth.h"
#include "rpc/msg.h"

#include "target.h"

static void
same(const uint8_t *a, const uint8_t *b, size_t n)
{
	if (memcmp(a, b, n) != 0)
		abort();
}

static void
check_sys(const struct fy_msg_call *call, const struct fy_auth_claim *claim)
{
	uint8_t buf[FY_MSG_AUTH_MAX];
	struct ferry_encoder e = ferry_encoder_on(buf, sizeof(buf));

	fy_auth_sys.encode(&e, &claim->sys);
	if (e.err || (size_t)(e.at - buf) != call->cred.body.len)
		abort();
	same(buf, call->cred.body.data, call->cred.body.len);
}

static void
as_call(const uint8_t *data, size_t size)
{
	struct ferry_decoder d = ferry_decoder_on(data, size, NULL);
	uint8_t buf[FY_MSG_CALL_MAX];
	struct ferry_encoder e = ferry_encoder_on(buf, sizeof(buf));
	struct fy_msg_call call;
	struct fy_msg_reply reply;
	struct fy_auth_claim claim;

	if (fy_msg_get_call(&d, &call, &reply))
		return;
	fy_msg_put_call(&e, &call);
	if (e.err || e.at - buf != d.at - data ||
	    (size_t)(e.at - buf) != fy_msg_call_bytes(&call))
		abort();
	same(buf, data, (size_t)(e.at - buf));
	if (fy_auth_check(&call, &claim) == FERRY_AUTH_OK &&
	    claim.flavor == FERRY_AUTH_SYS)
		check_sys(&call, &claim);
}

static void
as_reply(const uint8_t *data, size_t size)
{
	struct ferry_decoder d = ferry_decoder_on(data, size, NULL);
	uint8_t buf[FY_MSG_CALL_MAX];
	struct ferry_encoder e = ferry_encoder_on(buf, sizeof(buf));
	struct fy_msg_reply reply;

	if (fy_msg_get_reply(&d, &reply))
		return;
	fy_msg_put_reply(&e, &reply);
	if (e.err || e.at - buf != d.at - data ||
	    (size_t)(e.at - buf) != fy_msg_reply_bytes(&reply))
		abort();
	same(buf, data, (size_t)(e.at - buf));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_call(data, size);
	as_reply(data, size);
	return 0;
}
