/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rpc/auth.h"

static enum ferry_auth_stat
check(uint32_t flavor, const uint8_t *body, uint32_t n,
      struct fy_auth_claim *out)
{
	uint8_t *copy = malloc(n ? n : 1);
	struct fy_msg_call call = { .cred = { flavor, { copy, n } } };
	enum ferry_auth_stat stat;

	if (n)
		memcpy(copy, body, n);
	stat = fy_auth_check(&call, out);
	free(copy);
	return stat;
}

static size_t
encode(const struct ferry_auth_sys *sys, uint8_t *buf)
{
	struct ferry_encoder e = ferry_encoder_on(buf, FY_MSG_AUTH_MAX);

	fy_auth_sys.encode(&e, sys);
	return e.err ? 0 : (size_t)(e.at - buf);
}

static struct ferry_auth_sys
largest(const char *name)
{
	struct ferry_auth_sys sys = { 1, { name, 255 }, 2, 3, 16, { 0 } };

	for (uint32_t i = 0; i < 16; i++)
		sys.gids[i] = i;
	return sys;
}

static void
the_largest_claim_survives_and_truncations_are_refused(void **state)
{
	char name[256] = "";
	uint8_t buf[FY_MSG_AUTH_MAX];
	struct ferry_auth_sys sys = largest(name);
	struct fy_auth_claim claim;
	uint32_t n;

	(void)state;
	memset(name, 'x', sizeof(name));
	n = (uint32_t)encode(&sys, buf);
	assert_int_equal(n, 4 + 4 + 256 + 8 + 4 + 64);
	assert_int_equal(check(1, buf, n, &claim), FERRY_AUTH_OK);
	assert_int_equal(claim.flavor, FERRY_AUTH_SYS);
	assert_int_equal(claim.sys.machine.len, 255);
	assert_int_equal(claim.sys.uid, 2);
	assert_int_equal(claim.sys.gid, 3);
	assert_int_equal(claim.sys.n_gids, 16);
	assert_int_equal(claim.sys.gids[15], 15);
	for (uint32_t cut = 0; cut < n; cut++)
		assert_int_equal(check(1, buf, cut, &claim),
				 FERRY_AUTH_BADCRED);
	assert_int_equal(check(1, buf, n + 4, &claim), FERRY_AUTH_BADCRED);
}

static void
a_claim_that_is_too_long_is_not_encoded(void **state)
{
	char name[256] = "";
	uint8_t buf[FY_MSG_AUTH_MAX];
	struct ferry_auth_sys sys = largest(name);

	(void)state;
	sys.machine.len = 256;
	assert_int_equal(encode(&sys, buf), 0);
	sys.machine.len = 255;
	sys.n_gids = 17;
	assert_int_equal(encode(&sys, buf), 0);
}

static void
counts_beyond_the_limits_are_refused(void **state)
{
	static const uint32_t gids[] = { 17, 0x40000000, 0x7fffffff,
					 0x80000000, 0xffffffff };
	uint8_t buf[FY_MSG_AUTH_MAX] = { 0 };
	struct fy_auth_claim claim;

	(void)state;
	for (size_t i = 0; i < sizeof(gids) / sizeof(gids[0]); i++) {
		ferry_store_u32(buf + 16, gids[i]);
		assert_int_equal(check(1, buf, 20 + 17 * 4, &claim),
				 FERRY_AUTH_BADCRED);
		ferry_store_u32(buf + 16, 0);
		ferry_store_u32(buf + 4, gids[i] + 256);
		assert_int_equal(check(1, buf, FY_MSG_AUTH_MAX, &claim),
				 FERRY_AUTH_BADCRED);
		ferry_store_u32(buf + 4, 0);
	}
}

static void
auth_none_says_nothing(void **state)
{
	struct fy_auth_claim claim;

	(void)state;
	assert_int_equal(check(0, NULL, 0, &claim), FERRY_AUTH_OK);
	assert_int_equal(claim.flavor, FERRY_AUTH_NONE);
	assert_int_equal(check(0, (const uint8_t *)"abcd", 4, &claim),
			 FERRY_AUTH_BADCRED);
}

static void
unknown_flavours_are_rejected(void **state)
{
	static const uint32_t flavours[] = { 2, 3, 6, 7, 300001, 0xffffffff };
	struct fy_auth_claim claim;

	(void)state;
	for (size_t i = 0; i < sizeof(flavours) / sizeof(flavours[0]); i++)
		assert_int_equal(check(flavours[i], NULL, 0, &claim),
				 FERRY_AUTH_REJECTEDCRED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_largest_claim_survives_and_truncations_are_refused),
		cmocka_unit_test(a_claim_that_is_too_long_is_not_encoded),
		cmocka_unit_test(counts_beyond_the_limits_are_refused),
		cmocka_unit_test(auth_none_says_nothing),
		cmocka_unit_test(unknown_flavours_are_rejected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
