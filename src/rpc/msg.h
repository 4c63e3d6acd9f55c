/* SPDX-License-Identifier: MIT */
/*
 * The headers of RPC version 2 messages (RFC 5531 section 9): bytes in, bytes
 * out, no I/O.
 *
 * CALL   xid 0 2 program version procedure cred verf | arguments
 * REPLY  xid 1 0 verf accept_stat [low high]         | results if SUCCESS
 *        xid 1 1 0 low high                          RPC_MISMATCH
 *        xid 1 1 1 auth_stat                         AUTH_ERROR
 *
 * cred and verf are each: flavour, length (at most 400), body, padding.
 */
#pragma once

#include <ferry/auth.h>
#include <ferry/xdr.h>

#include "core/compiler.h"

/* RFC 5531 section 8.2: opaque body<400>. */
#define FY_MSG_AUTH_MAX 400
/* A call whose credential and verifier are empty. */
#define FY_MSG_CALL_MIN 40
/* The longest header of a call. */
#define FY_MSG_CALL_MAX (FY_MSG_CALL_MIN + 2 * FY_MSG_AUTH_MAX)
/* The header of a successful reply whose verifier is empty. */
#define FY_MSG_SUCCESS_BYTES 24

/* opaque_auth: @body is a view of the message. */
struct fy_msg_auth {
	uint32_t flavor;
	struct ferry_bytes body;
};

/* The header of a call. */
struct fy_msg_call {
	uint32_t xid;
	uint32_t program;
	uint32_t version;
	uint32_t procedure;
	struct fy_msg_auth cred;
	struct fy_msg_auth verf;
};

/* What became of a call; up to SYSTEM_ERR these are accept_stat's numbers. */
enum fy_msg_state {
	FY_MSG_SUCCESS = 0,
	FY_MSG_PROG_UNAVAIL = 1,
	FY_MSG_PROG_MISMATCH = 2,
	FY_MSG_PROC_UNAVAIL = 3,
	FY_MSG_GARBAGE_ARGS = 4,
	FY_MSG_SYSTEM_ERR = 5,
	FY_MSG_RPC_MISMATCH = 16,
	FY_MSG_AUTH_ERROR = 17,
};

/**
 * struct fy_msg_reply - the header of a reply
 * @low:       PROG_MISMATCH, RPC_MISMATCH: the lowest version there is
 * @high:      and the highest
 * @auth_stat: AUTH_ERROR
 * @verf:      of an accepted reply; a view of the message
 */
struct fy_msg_reply {
	uint32_t xid;
	enum fy_msg_state state;
	uint32_t low;
	uint32_t high;
	uint32_t auth_stat;
	struct fy_msg_auth verf;
};

/** fy_msg_call_bytes() - what fy_msg_put_call() will write */
size_t fy_msg_call_bytes(const struct fy_msg_call *call);

/** fy_msg_put_call() - writes the header; FERRY_EENCODE: a body over 400 */
void fy_msg_put_call(struct ferry_encoder *e, const struct fy_msg_call *call);

/**
 * fy_msg_patch_call() - makes a header that was written before another call's
 *
 * All but the credential and the verifier: words 0, 3, 4 and 5.
 */
static inline void
fy_msg_patch_call(uint8_t *header, uint32_t xid, uint32_t program,
		  uint32_t version, uint32_t procedure)
{
	ferry_store_u32(header, xid);
	ferry_store_u32(header + 12, program);
	ferry_store_u32(header + 16, version);
	ferry_store_u32(header + 20, procedure);
}

/**
 * fy_msg_get_call() - reads the header of a call; @d stands at the arguments
 * @reply: what to answer where a call is to be refused
 *
 * Return: FERRY_OK. FERRY_ERPCVERS, FERRY_EAUTH: a call, to be refused by
 * @reply, which has been filled; @out is not to be used. FERRY_EPROTO: these
 * bytes are not a call and cannot be answered.
 */
FY_MUST_CHECK ferry_err fy_msg_get_call(struct ferry_decoder *d,
					struct fy_msg_call *out,
					struct fy_msg_reply *reply);

/** fy_msg_reply_bytes() - what fy_msg_put_reply() will write */
size_t fy_msg_reply_bytes(const struct fy_msg_reply *reply);

/** fy_msg_put_reply() - writes the header; results follow only a SUCCESS */
void fy_msg_put_reply(struct ferry_encoder *e,
		      const struct fy_msg_reply *reply);

/**
 * fy_msg_get_reply() - reads the header of a reply; @d stands at the results
 *
 * Return: FERRY_OK; FERRY_EPROTO: these bytes are not a reply, among them an
 * unsuccessful one with bytes behind it. @out is then untouched.
 */
FY_MUST_CHECK ferry_err fy_msg_get_reply(struct ferry_decoder *d,
					 struct fy_msg_reply *out);
