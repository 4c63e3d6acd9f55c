/* SPDX-License-Identifier: MIT */
#include "wire/header.h"

#include <stdlib.h>
#include <string.h>

#include <rpc/rpc.h>

static size_t
end(bool_t ok, XDR *x)
{
	size_t n = ok ? xdr_getpos(x) : 0;

	XDR_DESTROY(x);
	return n;
}

/* ---- calls ---- */

static size_t
put_sys(const struct ferry_auth_sys *sys, char *buf, u_int bytes)
{
	char machine[FERRY_AUTH_SYS_NAME + 1] = "";
	gid_t gids[FERRY_AUTH_SYS_GIDS];
	struct authunix_parms parms = {
		.aup_time = sys->stamp,
		.aup_machname = machine,
		.aup_uid = sys->uid,
		.aup_gid = sys->gid,
		.aup_len = sys->n_gids,
		.aup_gids = gids,
	};
	XDR x;

	memcpy(machine, sys->machine.data, sys->machine.len);
	memcpy(gids, sys->gids, sizeof(gids));
	xdrmem_create(&x, buf, bytes, XDR_ENCODE);
	return end(xdr_authunix_parms(&x, &parms), &x);
}

/* @body: room for the credential's, which the message borrows. */
static struct rpc_msg
call_of(const struct header_call *h, char body[MAX_AUTH_BYTES])
{
	struct rpc_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.rm_xid = h->xid;
	msg.rm_direction = CALL;
	msg.rm_call.cb_rpcvers = 2;
	msg.rm_call.cb_prog = h->program;
	msg.rm_call.cb_vers = h->version;
	msg.rm_call.cb_proc = h->procedure;
	msg.rm_call.cb_cred.oa_base = body;
	if (h->sys) {
		msg.rm_call.cb_cred.oa_flavor = AUTH_SYS;
		msg.rm_call.cb_cred.oa_length =
			(u_int)put_sys(h->sys, body, MAX_AUTH_BYTES);
	}
	return msg;
}

size_t
tirpc_put_call(const struct header_call *h, uint8_t *buf, size_t bytes)
{
	char body[MAX_AUTH_BYTES];
	struct rpc_msg msg = call_of(h, body);
	XDR x;

	xdrmem_create(&x, (char *)buf, (u_int)bytes, XDR_ENCODE);
	return end(xdr_callmsg(&x, &msg), &x);
}

static bool
same_call(const struct rpc_msg *a, const struct rpc_msg *b)
{
	const struct call_body *x = &a->rm_call;
	const struct call_body *y = &b->rm_call;

	return a->rm_xid == b->rm_xid && a->rm_direction == b->rm_direction &&
	       x->cb_rpcvers == y->cb_rpcvers && x->cb_prog == y->cb_prog &&
	       x->cb_vers == y->cb_vers && x->cb_proc == y->cb_proc &&
	       x->cb_cred.oa_flavor == y->cb_cred.oa_flavor &&
	       x->cb_cred.oa_length == y->cb_cred.oa_length &&
	       memcmp(x->cb_cred.oa_base, y->cb_cred.oa_base,
		      x->cb_cred.oa_length) == 0 &&
	       x->cb_verf.oa_flavor == y->cb_verf.oa_flavor &&
	       x->cb_verf.oa_length == y->cb_verf.oa_length;
}

bool
tirpc_get_call(const struct header_call *h, const uint8_t *buf, size_t bytes)
{
	char body[MAX_AUTH_BYTES], cred[MAX_AUTH_BYTES], verf[MAX_AUTH_BYTES];
	struct rpc_msg want = call_of(h, body);
	struct rpc_msg got;
	XDR x;

	memset(&got, 0, sizeof(got));
	got.rm_call.cb_cred.oa_base = cred;
	got.rm_call.cb_verf.oa_base = verf;
	xdrmem_create(&x, (char *)(uintptr_t)buf, (u_int)bytes, XDR_DECODE);
	return end(xdr_callmsg(&x, &got), &x) == bytes &&
	       same_call(&got, &want);
}

/* ---- replies ---- */

static struct rpc_msg
reply_of(const struct header_reply *h)
{
	struct rpc_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.rm_xid = h->xid;
	msg.rm_direction = REPLY;
	if (h->denied) {
		msg.rm_reply.rp_stat = MSG_DENIED;
		msg.rjcted_rply.rj_stat = (enum reject_stat)h->stat;
		if (h->stat == RPC_MISMATCH) {
			msg.rjcted_rply.rj_vers.low = h->low;
			msg.rjcted_rply.rj_vers.high = h->high;
		} else {
			msg.rjcted_rply.rj_why = (enum auth_stat)h->auth_stat;
		}
		return msg;
	}
	msg.rm_reply.rp_stat = MSG_ACCEPTED;
	msg.acpted_rply.ar_stat = (enum accept_stat)h->stat;
	if (h->stat == PROG_MISMATCH) {
		msg.acpted_rply.ar_vers.low = h->low;
		msg.acpted_rply.ar_vers.high = h->high;
	} else {
		msg.acpted_rply.ar_results.proc = (xdrproc_t)xdr_void;
	}
	return msg;
}

size_t
tirpc_put_reply(const struct header_reply *h, uint8_t *buf, size_t bytes)
{
	struct rpc_msg msg = reply_of(h);
	XDR x;

	xdrmem_create(&x, (char *)buf, (u_int)bytes, XDR_ENCODE);
	return end(xdr_replymsg(&x, &msg), &x);
}

static bool
same_reply(const struct rpc_msg *a, const struct header_reply *h)
{
	if (a->rm_xid != h->xid || a->rm_direction != REPLY ||
	    a->rm_reply.rp_stat != (h->denied ? MSG_DENIED : MSG_ACCEPTED))
		return false;
	if (!h->denied)
		return a->acpted_rply.ar_stat == (enum accept_stat)h->stat &&
		       (h->stat != PROG_MISMATCH ||
			(a->acpted_rply.ar_vers.low == h->low &&
			 a->acpted_rply.ar_vers.high == h->high));
	if (a->rjcted_rply.rj_stat != (enum reject_stat)h->stat)
		return false;
	if (h->stat == RPC_MISMATCH)
		return a->rjcted_rply.rj_vers.low == h->low &&
		       a->rjcted_rply.rj_vers.high == h->high;
	return a->rjcted_rply.rj_why == (enum auth_stat)h->auth_stat;
}

bool
tirpc_get_reply(const struct header_reply *h, const uint8_t *buf, size_t bytes)
{
	char verf[MAX_AUTH_BYTES];
	struct rpc_msg got;
	XDR x;

	memset(&got, 0, sizeof(got));
	got.acpted_rply.ar_verf.oa_base = verf;
	got.acpted_rply.ar_results.proc = (xdrproc_t)xdr_void;
	xdrmem_create(&x, (char *)(uintptr_t)buf, (u_int)bytes, XDR_DECODE);
	return end(xdr_replymsg(&x, &got), &x) == bytes && same_reply(&got, h);
}
