/* SPDX-License-Identifier: MIT */
/* Who is let in, as far as one user can see; tests/channel has the matrix. */
#include "channel/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "channel/channel.h"

/* What a fake link says of its peer. */
struct fake {
	struct ferry_link link;
	struct ferry_peer peer;
	uint32_t more_group;
};

static void
fake_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	*out = ((const struct fake *)(const void *)link)->peer;
}

static bool
fake_in_group(const struct ferry_link *link, uint32_t gid)
{
	return ((const struct fake *)(const void *)link)->more_group == gid;
}

static const struct ferry_transport_ops fake_ops = {
	.scheme = "fake",
	.caps = FERRY_CAP_IDS,
	.peer = fake_peer,
	.in_group = fake_in_group,
};

static struct fake
peer_of(uint32_t uid, uint32_t gid)
{
	return (struct fake){
		.link = { .ops = &fake_ops },
		.peer = { .has_ids = true, .uid = uid, .gid = gid },
		.more_group = UINT32_MAX,
	};
}

static bool
admits(const struct fy_rule *rule, uint32_t uid, uint32_t gid)
{
	struct fake fake = peer_of(uid, gid);
	enum fy_refusal kind = FY_REFUSED_UNKNOWN;
	bool may = fy_rule_admits(rule, &fake.link, false, &kind);

	assert_true(may || kind == FY_REFUSED_ID);
	return may;
}

static void
numbers_and_names_are_read(void **state)
{
	struct fy_rule rule = { .uids.n = 0 };

	(void)state;
	assert_int_equal(fy_rule_read_uids(&rule, "7,root,4294967294", NULL),
			 FERRY_OK);
	assert_int_equal(rule.uids.n, 3);
	assert_true(admits(&rule, 7, 1));
	assert_true(admits(&rule, 0, 1));
	assert_true(admits(&rule, 4294967294u, 1));
	assert_false(admits(&rule, 8, 7));
	assert_int_equal(fy_rule_read_gids(&rule, "root", NULL), FERRY_OK);
	assert_true(admits(&rule, 8, 0));
}

static void
what_is_no_list_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", ",", "1,", ",1", "1,,2", "4294967295", "99999999999999",
		"1x", "-1", "no-such-ferry-user",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct fy_rule rule = { .uids.n = 0 };
		struct ferry_error why = { .code = FERRY_OK };

		assert_int_equal(fy_rule_read_uids(&rule, wrong[i], &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, "uid"));
		assert_int_equal(fy_rule_read_gids(&rule, wrong[i], NULL),
				 FERRY_EADDR);
	}
}

static void
groups_besides_the_own_one_count(void **state)
{
	struct fy_rule rule = { .uids.n = 0 };
	struct fake fake = peer_of(1000, 1000);
	const uint32_t more[] = { 60, 50 };
	enum fy_refusal kind;

	(void)state;
	assert_int_equal(fy_rule_read_gids(&rule, "40,41", NULL), FERRY_OK);
	assert_false(fy_rule_admits(&rule, &fake.link, false, &kind));
	fake.more_group = 41;
	assert_true(fy_rule_admits(&rule, &fake.link, false, &kind));
	fake.more_group = 50;
	assert_false(fy_rule_admits(&rule, &fake.link, false, &kind));
	rule.gids.more = more;
	rule.gids.n_more = 2;
	assert_true(fy_rule_admits(&rule, &fake.link, false, &kind));
}

static void
an_unknown_peer_is_refused_by_any_rule(void **state)
{
	struct fy_rule rule = { .uids.n = 0 };
	struct fake fake = peer_of(0, 0);
	struct ferry_error why;
	enum fy_refusal kind;

	(void)state;
	fake.peer.has_ids = false;
	assert_true(fy_rule_admits(&rule, &fake.link, false, &kind));
	assert_int_equal(fy_rule_read_uids(&rule, "0", NULL), FERRY_OK);
	assert_false(fy_rule_admits(&rule, &fake.link, false, &kind));
	assert_int_equal(kind, FY_REFUSED_UNKNOWN);
	assert_int_equal(fy_rule_check_listener(&rule, &fake.link, &why),
			 FERRY_ENOTSUP);
}

static void
an_unguarded_name_is_for_this_user_and_root(void **state)
{
	struct fy_rule rule = { .uids.n = 0 };
	struct fake self = peer_of(geteuid(), 7);
	struct fake root = peer_of(0, 7);
	struct fake other = peer_of(geteuid() + 1, 7);
	struct ferry_error why;
	enum fy_refusal kind;
	char number[16];

	(void)state;
	assert_true(fy_rule_admits(&rule, &self.link, true, &kind));
	assert_true(fy_rule_admits(&rule, &root.link, true, &kind));
	assert_false(fy_rule_admits(&rule, &other.link, true, &kind));
	assert_int_equal(kind, FY_REFUSED_OTHERS);
	other.link.unguarded = true;
	assert_int_equal(fy_rule_check_listener(&rule, &other.link, &why),
			 FERRY_EACCES);
	snprintf(number, sizeof(number), "?uid=%u", geteuid() + 1);
	assert_non_null(strstr(why.text, number));
	assert_int_equal(fy_rule_read_uids(&rule, number + 5, NULL), FERRY_OK);
	assert_int_equal(fy_rule_check_listener(&rule, &other.link, &why),
			 FERRY_OK);
	/* A rule replaces the one that is not said. */
	assert_int_equal(fy_rule_check_listener(&rule, &self.link, &why),
			 FERRY_EACCES);
}

static void
a_transport_that_knows_nobody_takes_no_rule(void **state)
{
	const struct fy_channel_config config = { .link.max_message = 10 };
	struct ferry_listener listener = { 0 };
	struct ferry_channel ch = { 0 };

	(void)state;
	assert_int_equal(fy_listener_open(&listener, &config,
					  "tcp:127.0.0.1:0?uid=0", NULL),
			 FERRY_ENOTSUP);
	assert_int_equal(fy_channel_open(&ch, &config, "exec:cat?gid=0",
					 FERRY_NEVER, NULL),
			 FERRY_ENOTSUP);
}

static void
where_groups_are_not_told_they_are_no_rule(void **state)
{
	static const uint32_t groups[] = { 0 };
	const struct fy_channel_config config = { .link.max_message = 10 };
	struct ferry_listener by_program = {
		.rule.gids = { .more = groups, .n_more = 1 },
	};
	struct ferry_listener listener = { 0 };
	struct ferry_channel ch = { 0 };
	struct ferry_error why;

	(void)state;
	assert_int_equal(fy_channel_open(&ch, &config, "fifo:/nowhere?gid=0",
					 FERRY_NEVER, &why),
			 FERRY_ENOTSUP);
	assert_non_null(strstr(why.text, "group"));
	assert_int_equal(fy_listener_open(&listener, &config,
					  "fifo:/nowhere?uid=0&gid=0", NULL),
			 FERRY_ENOTSUP);
	assert_int_equal(fy_listener_open(&by_program, &config, "fifo:/nowhere",
					  NULL),
			 FERRY_ENOTSUP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_names_are_read),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(groups_besides_the_own_one_count),
		cmocka_unit_test(an_unknown_peer_is_refused_by_any_rule),
		cmocka_unit_test(an_unguarded_name_is_for_this_user_and_root),
		cmocka_unit_test(a_transport_that_knows_nobody_takes_no_rule),
		cmocka_unit_test(where_groups_are_not_told_they_are_no_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
