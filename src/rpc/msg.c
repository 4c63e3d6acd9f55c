/* SPDX-License-Identifier: MIT */
#include "rpc/msg.h"

enum { CALL = 0, REPLY = 1 };
enum { MSG_ACCEPTED = 0, MSG_DENIED = 1 };
enum { RPC_MISMATCH = 0, AUTH_ERROR = 1 };
enum { RPC_VERSION = 2 };

static size_t
auth_bytes(const struct fy_msg_auth *auth)
{
	return 8 + (((size_t)auth->body.len + 3) & ~(size_t)3);
}

static void
put_auth(struct ferry_encoder *e, const struct fy_msg_auth *auth)
{
	uint8_t *p = ferry_put_run(e, 4);

	if (p)
		ferry_store_u32(p, auth->flavor);
	ferry_put_bytes(e, auth->body, FY_MSG_AUTH_MAX);
}

size_t
fy_msg_call_bytes(const struct fy_msg_call *call)
{
	return 24 + auth_bytes(&call->cred) + auth_bytes(&call->verf);
}

void
fy_msg_put_call(struct ferry_encoder *e, const struct fy_msg_call *call)
{
	uint8_t *p = ferry_put_run(e, 24);

	if (!p)
		return;
	ferry_store_u32(p + 4, CALL);
	ferry_store_u32(p + 8, RPC_VERSION);
	fy_msg_patch_call(p, call->xid, call->program, call->version,
			  call->procedure);
	put_auth(e, &call->cred);
	put_auth(e, &call->verf);
}

/*
 * FERRY_EAUTH: longer than any body may be; that is said before a byte of it
 * is looked at, whether they are there or not. FERRY_EPROTO: cut short, or
 * padding that is not zero.
 */
static ferry_err
get_auth(struct ferry_decoder *d, struct fy_msg_auth *out)
{
	const uint8_t *p = ferry_get_run(d, 8);
	uint32_t len;

	if (!p)
		return FERRY_EPROTO;
	out->flavor = ferry_load_u32(p);
	len = ferry_load_u32(p + 4);
	if (len > FY_MSG_AUTH_MAX)
		return FERRY_EAUTH;
	out->body = (struct ferry_bytes){ p + 8, 0 };
	if (FY_LIKELY(len == 0))
		return FERRY_OK;

	d->at = p + 4;
	out->body = ferry_get_bytes(d, FY_MSG_AUTH_MAX);
	return d->err ? FERRY_EPROTO : FERRY_OK;
}

static ferry_err
refuse_auth(struct fy_msg_reply *reply, uint32_t xid, uint32_t stat)
{
	*reply = (struct fy_msg_reply){ .xid = xid,
					.state = FY_MSG_AUTH_ERROR,
					.auth_stat = stat };
	return FERRY_EAUTH;
}

/*
 * RFC 5531 section 9: a reply to a version other than 2 can be understood by
 * any version, for the first words of a message are the same in all of them.
 */
static ferry_err
refuse_version(struct fy_msg_reply *reply, uint32_t xid)
{
	*reply = (struct fy_msg_reply){ .xid = xid,
					.state = FY_MSG_RPC_MISMATCH,
					.low = RPC_VERSION,
					.high = RPC_VERSION };
	return FERRY_ERPCVERS;
}

ferry_err
fy_msg_get_call(struct ferry_decoder *d, struct fy_msg_call *out,
		struct fy_msg_reply *reply)
{
	const uint8_t *p = ferry_get_run(d, 12);
	ferry_err err;

	if (!p || ferry_load_u32(p + 4) != CALL)
		return FERRY_EPROTO;
	out->xid = ferry_load_u32(p);
	if (ferry_load_u32(p + 8) != RPC_VERSION)
		return refuse_version(reply, out->xid);

	p = ferry_get_run(d, 12);
	if (!p)
		return FERRY_EPROTO;
	out->program = ferry_load_u32(p);
	out->version = ferry_load_u32(p + 4);
	out->procedure = ferry_load_u32(p + 8);

	err = get_auth(d, &out->cred);
	if (err == FERRY_EAUTH)
		return refuse_auth(reply, out->xid, FERRY_AUTH_BADCRED);
	if (err)
		return err;
	err = get_auth(d, &out->verf);
	if (err == FERRY_EAUTH)
		return refuse_auth(reply, out->xid, FERRY_AUTH_BADVERF);
	return err;
}

size_t
fy_msg_reply_bytes(const struct fy_msg_reply *reply)
{
	switch (reply->state) {
	case FY_MSG_RPC_MISMATCH:
		return 24;
	case FY_MSG_AUTH_ERROR:
		return 20;
	case FY_MSG_PROG_MISMATCH:
		return 12 + auth_bytes(&reply->verf) + 12;
	default:
		return 12 + auth_bytes(&reply->verf) + 4;
	}
}

static void
put_range(struct ferry_encoder *e, const struct fy_msg_reply *reply)
{
	uint8_t *p = ferry_put_run(e, 8);

	if (!p)
		return;
	ferry_store_u32(p, reply->low);
	ferry_store_u32(p + 4, reply->high);
}

static void
put_denied(struct ferry_encoder *e, const struct fy_msg_reply *reply)
{
	bool mismatch = reply->state == FY_MSG_RPC_MISMATCH;
	uint8_t *p = ferry_put_run(e, mismatch ? 16 : 20);

	if (!p)
		return;
	ferry_store_u32(p, reply->xid);
	ferry_store_u32(p + 4, REPLY);
	ferry_store_u32(p + 8, MSG_DENIED);
	ferry_store_u32(p + 12, mismatch ? RPC_MISMATCH : AUTH_ERROR);
	if (mismatch)
		put_range(e, reply);
	else
		ferry_store_u32(p + 16, reply->auth_stat);
}

void
fy_msg_put_reply(struct ferry_encoder *e, const struct fy_msg_reply *reply)
{
	uint8_t *p;

	if (reply->state > FY_MSG_SYSTEM_ERR) {
		put_denied(e, reply);
		return;
	}
	p = ferry_put_run(e, 12);
	if (!p)
		return;
	ferry_store_u32(p, reply->xid);
	ferry_store_u32(p + 4, REPLY);
	ferry_store_u32(p + 8, MSG_ACCEPTED);
	put_auth(e, &reply->verf);
	p = ferry_put_run(e, 4);
	if (!p)
		return;
	ferry_store_u32(p, (uint32_t)reply->state);
	if (reply->state == FY_MSG_PROG_MISMATCH)
		put_range(e, reply);
}

static ferry_err
get_range(struct ferry_decoder *d, struct fy_msg_reply *out)
{
	const uint8_t *p = ferry_get_run(d, 8);

	if (!p)
		return FERRY_EPROTO;
	out->low = ferry_load_u32(p);
	out->high = ferry_load_u32(p + 4);
	return FERRY_OK;
}

static ferry_err
get_accepted(struct ferry_decoder *d, struct fy_msg_reply *out)
{
	const uint8_t *p;
	uint32_t stat;

	if (get_auth(d, &out->verf))
		return FERRY_EPROTO;
	p = ferry_get_run(d, 4);
	if (!p)
		return FERRY_EPROTO;
	stat = ferry_load_u32(p);
	if (stat > FY_MSG_SYSTEM_ERR)
		return FERRY_EPROTO;
	out->state = (enum fy_msg_state)stat;
	if (out->state == FY_MSG_PROG_MISMATCH)
		return get_range(d, out);
	return FERRY_OK;
}

static ferry_err
get_denied(struct ferry_decoder *d, struct fy_msg_reply *out)
{
	const uint8_t *p = ferry_get_run(d, 4);

	if (!p)
		return FERRY_EPROTO;
	switch (ferry_load_u32(p)) {
	case RPC_MISMATCH:
		out->state = FY_MSG_RPC_MISMATCH;
		return get_range(d, out);
	case AUTH_ERROR:
		out->state = FY_MSG_AUTH_ERROR;
		p = ferry_get_run(d, 4);
		if (!p)
			return FERRY_EPROTO;
		out->auth_stat = ferry_load_u32(p);
		return FERRY_OK;
	default:
		return FERRY_EPROTO;
	}
}

static ferry_err
get_body(struct ferry_decoder *d, uint32_t stat, struct fy_msg_reply *out)
{
	if (stat == MSG_ACCEPTED)
		return get_accepted(d, out);
	if (stat == MSG_DENIED)
		return get_denied(d, out);
	return FERRY_EPROTO;
}

ferry_err
fy_msg_get_reply(struct ferry_decoder *d, struct fy_msg_reply *out)
{
	const uint8_t *p = ferry_get_run(d, 12);
	struct fy_msg_reply got = { 0 };

	if (!p || ferry_load_u32(p + 4) != REPLY)
		return FERRY_EPROTO;
	got.xid = ferry_load_u32(p);
	if (get_body(d, ferry_load_u32(p + 8), &got))
		return FERRY_EPROTO;
	if (got.state != FY_MSG_SUCCESS && d->at != d->end)
		return FERRY_EPROTO;
	*out = got;
	return FERRY_OK;
}
