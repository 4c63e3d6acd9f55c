/* SPDX-License-Identifier: MIT */
/* RPC headers and credentials (RFC 5531 sections 8, 9): the same as libtirpc's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rpc/auth.h"
#include "rpc/msg.h"
#include "wire/header.h"

#define MOST 1024

static const struct ferry_auth_sys small = { .stamp = 1, .machine = { "", 0 } };
static const struct ferry_auth_sys usual = {
	.stamp = 0x12345678,
	.machine = { "island", 6 },
	.uid = 1000,
	.gid = 0xfffffffe,
	.n_gids = 3,
	.gids = { 4, 24, 0x7fffffff },
};
/* All that fits: 255 bytes of name and 16 groups. */
static char long_name[FERRY_AUTH_SYS_NAME];
static struct ferry_auth_sys largest = {
	.stamp = 0xffffffff,
	.machine = { long_name, sizeof(long_name) },
	.n_gids = FERRY_AUTH_SYS_GIDS,
};

static const struct header_call calls[] = {
	{ 0, 0, 0, 0, NULL },
	{ 0xffffffff, 0x20000001, 1, 7, NULL },
	{ 1, 100000, 0xffffffff, 0x80000000, &small },
	{ 2, 100003, 3, 1, &usual },
	{ 3, 0xfffffffe, 4, 2, &largest },
};

static const struct header_reply replies[] = {
	{ .xid = 0xffffffff, .stat = 0 },
	{ .xid = 1, .stat = 1 },
	{ .xid = 2, .stat = 2, .low = 1, .high = 0xffffffff },
	{ .xid = 3, .stat = 3 },
	{ .xid = 4, .stat = 4 },
	{ .xid = 5, .stat = 5 },
	{ .xid = 6, .denied = true, .stat = 0, .low = 2, .high = 2 },
	{ .xid = 7, .denied = true, .stat = 1, .auth_stat = 1 },
	{ .xid = 8, .denied = true, .stat = 1, .auth_stat = 5 },
};

static size_t
ferry_put_call(const struct header_call *h, uint8_t *buf)
{
	const struct fy_auth_ops *ops = h->sys ? &fy_auth_sys : &fy_auth_none;
	uint8_t body[FY_MSG_AUTH_MAX];
	struct ferry_encoder b = ferry_encoder_on(body, sizeof(body));
	struct ferry_encoder e = ferry_encoder_on(buf, MOST);
	struct fy_msg_call call = { h->xid, h->program, h->version,
				    h->procedure, { 0 }, { 0 } };

	ops->encode(&b, h->sys);
	assert_int_equal(b.err, FERRY_OK);
	call.cred.flavor = ops->flavor;
	call.cred.body.data = body;
	call.cred.body.len = (uint32_t)(b.at - body);
	fy_msg_put_call(&e, &call);
	assert_int_equal(e.err, FERRY_OK);
	return (size_t)(e.at - buf);
}

static void
assert_claim(const struct fy_auth_claim *claim, const struct header_call *h)
{
	const struct ferry_auth_sys *sys = h->sys;

	assert_int_equal(claim->flavor,
			 sys ? FERRY_AUTH_SYS : FERRY_AUTH_NONE);
	if (!sys)
		return;
	assert_int_equal(claim->sys.stamp, sys->stamp);
	assert_int_equal(claim->sys.uid, sys->uid);
	assert_int_equal(claim->sys.gid, sys->gid);
	assert_int_equal(claim->sys.n_gids, sys->n_gids);
	assert_memory_equal(claim->sys.gids, sys->gids, sizeof(sys->gids));
	assert_int_equal(claim->sys.machine.len, sys->machine.len);
	assert_memory_equal(claim->sys.machine.data, sys->machine.data,
			    sys->machine.len);
}

static void
read_call(const struct header_call *h, const uint8_t *buf, size_t n)
{
	struct ferry_decoder d = ferry_decoder_on(buf, n, NULL);
	struct fy_auth_claim claim;
	struct fy_msg_reply reply;
	struct fy_msg_call call;

	assert_int_equal(fy_msg_get_call(&d, &call, &reply), FERRY_OK);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	assert_int_equal(call.xid, h->xid);
	assert_int_equal(call.program, h->program);
	assert_int_equal(call.version, h->version);
	assert_int_equal(call.procedure, h->procedure);
	assert_int_equal(fy_auth_check(&call, &claim), FERRY_AUTH_OK);
	assert_claim(&claim, h);
}

static void
calls_are_those_of_libtirpc(void **state)
{
	(void)state;
	memset(long_name, 'x', sizeof(long_name));
	for (uint32_t i = 0; i < FERRY_AUTH_SYS_GIDS; i++)
		largest.gids[i] = 0xfffffff0 + i;
	for (size_t i = 0; i < FY_ARRAY_LEN(calls); i++) {
		uint8_t ours[MOST], theirs[MOST];
		size_t n = tirpc_put_call(&calls[i], theirs, MOST);

		assert_true(n > 0);
		assert_int_equal(ferry_put_call(&calls[i], ours), n);
		assert_memory_equal(ours, theirs, n);
		read_call(&calls[i], theirs, n);
		assert_true(tirpc_get_call(&calls[i], ours, n));
	}
}

static struct fy_msg_reply
reply_of(const struct header_reply *h)
{
	struct fy_msg_reply reply = { .xid = h->xid, .low = h->low,
				      .high = h->high,
				      .auth_stat = h->auth_stat };

	reply.state = (enum fy_msg_state)h->stat;
	if (h->denied)
		reply.state = h->stat == 0 ? FY_MSG_RPC_MISMATCH
					   : FY_MSG_AUTH_ERROR;
	return reply;
}

static void
replies_are_those_of_libtirpc(void **state)
{
	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(replies); i++) {
		struct fy_msg_reply reply = reply_of(&replies[i]);
		struct fy_msg_reply got;
		uint8_t ours[MOST], theirs[MOST];
		struct ferry_encoder e = ferry_encoder_on(ours, MOST);
		size_t n = tirpc_put_reply(&replies[i], theirs, MOST);
		struct ferry_decoder d = ferry_decoder_on(theirs, n, NULL);

		assert_true(n > 0);
		fy_msg_put_reply(&e, &reply);
		assert_int_equal(e.at - ours, n);
		assert_memory_equal(ours, theirs, n);
		assert_int_equal(fy_msg_get_reply(&d, &got), FERRY_OK);
		assert_int_equal(got.xid, reply.xid);
		assert_int_equal(got.state, reply.state);
		assert_int_equal(got.low, reply.low);
		assert_int_equal(got.high, reply.high);
		assert_int_equal(got.auth_stat, reply.auth_stat);
		assert_true(tirpc_get_reply(&replies[i], ours, n));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_those_of_libtirpc),
		cmocka_unit_test(replies_are_those_of_libtirpc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
