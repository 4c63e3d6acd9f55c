/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rpc/msg.h"

/* RFC 5531 section 9, word by word: xid 7, program 0x186a0 2 3, AUTH_SYS with
 * a body of five bytes that nothing here looks into, AUTH_NONE. */
static const uint8_t call_bytes[] = {
	0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, 0xa0,
	0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0,	  5,
	'h', 'e', 'l', 'l', 'o', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static ferry_err
get_call(const uint8_t *bytes, size_t n, struct fy_msg_call *out,
	 struct fy_msg_reply *reply)
{
	/* A copy of exactly that size, so that a sanitizer sees all. */
	uint8_t *copy = calloc(1, n ? n : 1);
	struct ferry_decoder d = ferry_decoder_on(copy, n, NULL);
	ferry_err err;

	memcpy(copy, bytes, n);
	err = fy_msg_get_call(&d, out, reply);
	if (!err)
		assert_ptr_equal(d.at, d.end);
	free(copy);
	return err;
}

static void
a_call_is_written_as_the_standard_has_it(void **state)
{
	const struct fy_msg_call call = {
		.xid = 7,
		.program = 0x186a0,
		.version = 2,
		.procedure = 3,
		.cred = { 1, { (const uint8_t *)"hello", 5 } },
	};
	uint8_t buf[sizeof(call_bytes)];
	struct ferry_encoder e = ferry_encoder_on(buf, sizeof(buf));

	(void)state;
	assert_int_equal(fy_msg_call_bytes(&call), sizeof(call_bytes));
	fy_msg_put_call(&e, &call);
	assert_int_equal(e.err, FERRY_OK);
	assert_ptr_equal(e.at, e.end);
	assert_memory_equal(buf, call_bytes, sizeof(buf));
}

static void
a_call_is_read_and_every_shorter_one_refused(void **state)
{
	struct fy_msg_reply reply;
	struct fy_msg_call call;

	(void)state;
	assert_int_equal(get_call(call_bytes, sizeof(call_bytes), &call,
				  &reply), FERRY_OK);
	assert_int_equal(call.xid, 7);
	assert_int_equal(call.program, 0x186a0);
	assert_int_equal(call.version, 2);
	assert_int_equal(call.procedure, 3);
	assert_int_equal(call.cred.flavor, 1);
	assert_int_equal(call.cred.body.len, 5);
	assert_int_equal(call.verf.flavor, 0);
	for (size_t n = 0; n < sizeof(call_bytes); n++)
		assert_int_equal(get_call(call_bytes, n, &call, &reply),
				 FERRY_EPROTO);
}

static void
a_changed_word_is_refused_as_what_it_is(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		ferry_err err;
		enum fy_msg_state state;
	} rows[] = {
		{ 4, 1, FERRY_EPROTO, 0 },
		{ 4, 2, FERRY_EPROTO, 0 },
		{ 8, 1, FERRY_ERPCVERS, FY_MSG_RPC_MISMATCH },
		{ 8, 3, FERRY_ERPCVERS, FY_MSG_RPC_MISMATCH },
		{ 28, 401, FERRY_EAUTH, FY_MSG_AUTH_ERROR },
		{ 28, 0x7fffffff, FERRY_EAUTH, FY_MSG_AUTH_ERROR },
		{ 28, 0x80000000, FERRY_EAUTH, FY_MSG_AUTH_ERROR },
		{ 28, 0xffffffff, FERRY_EAUTH, FY_MSG_AUTH_ERROR },
		{ 28, 400, FERRY_EPROTO, 0 },
		{ 36, 0x6f000001, FERRY_EPROTO, 0 }, /* padding */
		{ 44, 401, FERRY_EAUTH, FY_MSG_AUTH_ERROR },
		{ 44, 4, FERRY_EPROTO, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fy_msg_reply reply = { 0 };
		struct fy_msg_call call;
		uint8_t buf[sizeof(call_bytes)];

		memcpy(buf, call_bytes, sizeof(buf));
		ferry_store_u32(buf + rows[i].at, rows[i].value);
		assert_int_equal(get_call(buf, sizeof(buf), &call, &reply),
				 rows[i].err);
		if (rows[i].err == FERRY_EPROTO)
			continue;
		assert_int_equal(reply.state, rows[i].state);
		assert_int_equal(reply.xid, 7);
	}
}

static ferry_err
get_reply(const uint8_t *bytes, size_t n, struct fy_msg_reply *out)
{
	uint8_t *copy = calloc(1, n ? n : 1);
	struct ferry_decoder d = ferry_decoder_on(copy, n, NULL);
	ferry_err err;

	memcpy(copy, bytes, n);
	err = fy_msg_get_reply(&d, out);
	free(copy);
	return err;
}

static void
every_reply_state_survives_and_truncations_are_refused(void **state)
{
	static const struct fy_msg_reply replies[] = {
		{ .xid = 1, .state = FY_MSG_SUCCESS },
		{ .xid = 2, .state = FY_MSG_PROG_UNAVAIL },
		{ .xid = 3, .state = FY_MSG_PROG_MISMATCH, .low = 4,
		  .high = 9 },
		{ .xid = 4, .state = FY_MSG_PROC_UNAVAIL },
		{ .xid = 5, .state = FY_MSG_GARBAGE_ARGS },
		{ .xid = 6, .state = FY_MSG_SYSTEM_ERR },
		{ .xid = 7, .state = FY_MSG_RPC_MISMATCH, .low = 2, .high = 2 },
		{ .xid = 8, .state = FY_MSG_AUTH_ERROR, .auth_stat = 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		const struct fy_msg_reply *in = &replies[i];
		size_t n = fy_msg_reply_bytes(in);
		uint8_t buf[64] = { 0 };
		struct ferry_encoder e = ferry_encoder_on(buf, n);
		struct fy_msg_reply out;

		fy_msg_put_reply(&e, in);
		assert_int_equal(e.err, FERRY_OK);
		assert_ptr_equal(e.at, e.end);
		assert_int_equal(get_reply(buf, n, &out), FERRY_OK);
		assert_int_equal(out.xid, in->xid);
		assert_int_equal(out.state, in->state);
		assert_int_equal(out.low, in->low);
		assert_int_equal(out.high, in->high);
		assert_int_equal(out.auth_stat, in->auth_stat);
		for (size_t cut = 0; cut < n; cut++)
			assert_int_equal(get_reply(buf, cut, &out),
					 FERRY_EPROTO);
		/* Results follow a success alone. */
		assert_int_equal(get_reply(buf, n + 4, &out),
				 i == 0 ? FERRY_OK : FERRY_EPROTO);
	}
}

static void
a_reply_that_is_none_is_refused(void **state)
{
	uint8_t buf[24] = { 0, 0, 0, 1, 0, 0, 0, 1 };
	struct fy_msg_reply out;

	(void)state;
	assert_int_equal(get_reply(buf, 24, &out), FERRY_OK);
	ferry_store_u32(buf + 20, 6); /* accept_stat */
	assert_int_equal(get_reply(buf, 24, &out), FERRY_EPROTO);
	ferry_store_u32(buf + 20, 0);
	ferry_store_u32(buf + 16, 401); /* verifier */
	assert_int_equal(get_reply(buf, 24, &out), FERRY_EPROTO);
	ferry_store_u32(buf + 16, 0);
	ferry_store_u32(buf + 8, 2); /* reply_stat */
	assert_int_equal(get_reply(buf, 24, &out), FERRY_EPROTO);
	ferry_store_u32(buf + 8, 0);
	ferry_store_u32(buf + 4, 0); /* a call */
	assert_int_equal(get_reply(buf, 24, &out), FERRY_EPROTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_written_as_the_standard_has_it),
		cmocka_unit_test(a_call_is_read_and_every_shorter_one_refused),
		cmocka_unit_test(a_changed_word_is_refused_as_what_it_is),
		cmocka_unit_test(
			every_reply_state_survives_and_truncations_are_refused),
		cmocka_unit_test(a_reply_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
