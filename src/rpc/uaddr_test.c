/* SPDX-License-Identifier: MIT */
/* The forms of RFC 5665, and what only looks like them. */
#include "rpc/uaddr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct pair {
	const char *netid;
	const char *uaddr;
	const char *addr;
};

/* What is read and written alike. */
static const struct pair both_ways[] = {
	{ "tcp", "127.0.0.1.47.17", "tcp:127.0.0.1:12049" },
	{ "tcp", "10.0.255.9.0.111", "tcp:10.0.255.9:111" },
	{ "tcp", "255.255.255.255.255.255", "tcp:255.255.255.255:65535" },
	{ "tcp6", "::1.47.17", "tcp:[::1]:12049" },
	{ "tcp6", "2001:db8::5.1.0", "tcp:[2001:db8::5]:256" },
	{ "tcp6", "::ffff:127.0.0.1.0.111", "tcp:[::ffff:127.0.0.1]:111" },
	{ "local", "/run/rpcbind.sock", "unix:/run/rpcbind.sock" },
	{ "local", "@date", "unix:@date" },
	{ "local", "/a?b%c", "unix:/a%3Fb%25c" },
};

static ferry_err
read_text(const char *netid, const char *uaddr, char *out, size_t bytes)
{
	struct ferry_addr addr;
	ferry_err err = fy_uaddr_read(ferry_str_of(netid), ferry_str_of(uaddr),
				      "host", &addr);

	if (!err)
		(void)ferry_addr_format(&addr, out, bytes);
	return err;
}

static void
what_can_be_dialled_is_read(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(both_ways); i++) {
		const struct pair *pair = &both_ways[i];

		assert_int_equal(read_text(pair->netid, pair->uaddr, text,
					   sizeof(text)), FERRY_OK);
		assert_string_equal(text, pair->addr);
	}
}

static void
what_can_be_listened_at_is_written(void **state)
{
	struct fy_uaddr uaddr;
	struct ferry_addr addr;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(both_ways); i++) {
		const struct pair *pair = &both_ways[i];

		assert_int_equal(ferry_addr_parse(pair->addr, &addr, NULL),
				 FERRY_OK);
		assert_int_equal(fy_uaddr_of(&addr, &uaddr, NULL), FERRY_OK);
		assert_string_equal(uaddr.netid, pair->netid);
		assert_string_equal(uaddr.text, pair->uaddr);
		assert_false(uaddr.wild);
	}
}

static void
the_host_stands_in_for_all_addresses(void **state)
{
	char text[256];
	struct ferry_addr addr;

	(void)state;
	assert_int_equal(read_text("tcp", "0.0.0.0.0.111", text, sizeof(text)),
			 FERRY_OK);
	assert_string_equal(text, "tcp:host:111");
	assert_int_equal(read_text("tcp6", "::.0.111", text, sizeof(text)),
			 FERRY_OK);
	assert_string_equal(text, "tcp:host:111");
	assert_int_equal(read_text("tcp6", "::ffff:0.0.0.0.0.111", text,
				   sizeof(text)), FERRY_OK);
	assert_string_equal(text, "tcp:host:111");
	assert_int_equal(fy_uaddr_read(ferry_str_of("tcp6"),
				       ferry_str_of("::.0.111"), "fe80::1%lo",
				       &addr), FERRY_OK);
	assert_string_equal(addr.body, "[fe80::1%lo]:111");
}

/* Who listens at 0.0.0.0 is at no IPv6 address. */
static void
an_ipv6_host_does_not_stand_in_for_all_of_ipv4(void **state)
{
	struct ferry_addr addr;

	(void)state;
	assert_int_equal(fy_uaddr_read(ferry_str_of("tcp"),
				       ferry_str_of("0.0.0.0.0.111"), "fd00::1",
				       &addr), FERRY_ENOTSUP);
	assert_int_equal(fy_uaddr_read(ferry_str_of("tcp"),
				       ferry_str_of("10.0.0.1.0.111"),
				       "fd00::1", &addr), FERRY_OK);
	assert_string_equal(addr.body, "10.0.0.1:111");
}

/* An address of one link says nothing without the link: RFC 4007 section 6. */
static void
the_hosts_scope_goes_with_addresses_of_its_link(void **state)
{
	static const struct { const char *uaddr, *host, *body; } cases[] = {
		{ "fe80::2.0.80", "fe80::1%lo", "[fe80::2%lo]:80" },
		{ "fe80::2.0.80", "fe80::1", "[fe80::2]:80" },
		{ "fe80::2.0.80", "server", "[fe80::2]:80" },
		{ "fd00::2.0.80", "fe80::1%lo", "[fd00::2]:80" },
	};
	struct ferry_addr addr;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(cases); i++) {
		assert_int_equal(fy_uaddr_read(ferry_str_of("tcp6"),
					       ferry_str_of(cases[i].uaddr),
					       cases[i].host, &addr), FERRY_OK);
		assert_string_equal(addr.body, cases[i].body);
	}
}

static void
all_addresses_are_written_as_such(void **state)
{
	static const char *const wild[] = {
		"tcp:*:80", "tcp:0.0.0.0:80", "tcp:[::]:80",
	};
	struct fy_uaddr uaddr;
	struct ferry_addr addr;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(wild); i++) {
		assert_int_equal(ferry_addr_parse(wild[i], &addr, NULL),
				 FERRY_OK);
		assert_int_equal(fy_uaddr_of(&addr, &uaddr, NULL), FERRY_OK);
		/* 0.0.0.0 is IPv4 alone, and the others are both. */
		assert_int_equal(uaddr.wild, i != 1);
		assert_int_equal(uaddr.port, 80);
		assert_string_equal(uaddr.text, i < 2 ? "0.0.0.0.0.80"
						      : "::.0.80");
	}
}

static void
what_only_looks_like_an_address_is_refused(void **state)
{
	static const struct pair bad[] = {
		{ "tcp", "", NULL },
		{ "tcp", ".", NULL },
		{ "tcp", "1.2", NULL },
		{ "tcp", ".1.2", NULL },
		{ "tcp", "127.0.0.1", NULL },
		{ "tcp", "127.0.0.1.256.1", NULL },
		{ "tcp", "127.0.0.1.1.256", NULL },
		{ "tcp", "127.0.0.256.1.1", NULL },
		{ "tcp", "127.0.0.1.0.0", NULL },
		{ "tcp", "127.0.0.1.01.1", NULL },
		{ "tcp", "127.0.0.1.1.0000001", NULL },
		{ "tcp", "127.0.0.1.4294967297.1", NULL },
		{ "tcp", "127.0.0.1.-1.1", NULL },
		{ "tcp", "127.0.0.1.1.1 ", NULL },
		{ "tcp", " 127.0.0.1.1.1", NULL },
		{ "tcp", "x127.0.0.1.1.1", NULL },
		{ "tcp", "1.127.0.0.1.1.1", NULL },
		{ "tcp", "127.0.0.1..1", NULL },
		{ "tcp", "127.0.0.1.1.", NULL },
		{ "tcp", "::1.1.1", NULL },
		{ "tcp", "localhost.1.1", NULL },
		{ "tcp6", "127.0.0.1.1.1", NULL },
		{ "tcp6", "[::1].1.1", NULL },
		{ "tcp6", "::1", NULL },
		{ "tcp6", "::1.1", NULL },
		{ "tcp6", ":::1.1.1", NULL },
		{ "tcp6", "fe80::1%lo.1.1", NULL },
		{ "tcp6", "1:2:3:4:5:6:7:8:9.1.1", NULL },
		{ "local", "", NULL },
		{ "local", "/", NULL },
		{ "local", "run/x", NULL },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(bad); i++) {
		if (read_text(bad[i].netid, bad[i].uaddr, text, sizeof(text)) !=
		    FERRY_EADDR)
			fail_msg("%s \"%s\" is not refused", bad[i].netid,
				 bad[i].uaddr);
	}
}

static void
other_transports_are_not_ferrys(void **state)
{
	static const char *const others[] = {
		"udp", "udp6", "rdma", "sctp", "", "TCP", "tcp4", "tcp ",
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(others); i++)
		assert_int_equal(read_text(others[i], "127.0.0.1.1.1", text,
					   sizeof(text)), FERRY_ENOTSUP);
}

static void
a_nul_inside_and_endless_text_are_refused(void **state)
{
	static const char nul[] = "/run/x\0y";
	static const char nul_ip[] = "127.0.0.1\0.1.1";
	static const char nul_port[] = "127.0.0.1.1.1\0";
	char longest[70000];
	struct ferry_str text = { longest, sizeof(longest) };
	struct ferry_addr addr;

	(void)state;
	assert_int_equal(fy_uaddr_read(ferry_str_of("local"),
				       (struct ferry_str){ nul, 8 }, "h",
				       &addr), FERRY_EADDR);
	assert_int_equal(fy_uaddr_read(ferry_str_of("tcp"),
				       (struct ferry_str){ nul_ip, 14 }, "h",
				       &addr), FERRY_EADDR);
	assert_int_equal(fy_uaddr_read(ferry_str_of("tcp"),
				       (struct ferry_str){ nul_port, 14 }, "h",
				       &addr), FERRY_EADDR);
	for (size_t i = 0; i < 4; i++) {
		memset(longest, "/1.:"[i], sizeof(longest));
		longest[0] = '/';
		assert_int_equal(fy_uaddr_read(ferry_str_of("local"), text,
					       "h", &addr), FERRY_EADDR);
		assert_int_equal(fy_uaddr_read(ferry_str_of("tcp"), text, "h",
					       &addr), FERRY_EADDR);
		memcpy(longest + sizeof(longest) - 4, ".1.1", 4);
		assert_int_equal(fy_uaddr_read(ferry_str_of("tcp6"), text, "h",
					       &addr), FERRY_EADDR);
	}
}

/* A path of 108 bytes has no room for its NUL in a socket's address. */
static void
the_longest_path_is_that_of_a_unix_socket(void **state)
{
	char path[110];
	struct ferry_str text = { path, 107 };
	struct ferry_addr addr;
	struct fy_uaddr uaddr;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	assert_int_equal(fy_uaddr_read(ferry_str_of("local"), text, "h", &addr),
			 FERRY_OK);
	assert_int_equal(strlen(addr.body), 107);
	assert_int_equal(fy_uaddr_of(&addr, &uaddr, NULL), FERRY_OK);
	text.len = 108;
	assert_int_equal(fy_uaddr_read(ferry_str_of("local"), text, "h", &addr),
			 FERRY_EADDR);
}

static void
what_nobody_else_could_dial_is_not_written(void **state)
{
	static const char *const bad[] = {
		"tcp:localhost:80", "tcp:127.0.0.1:0", "tcp:127.0.0.1:65536",
		"tcp:127.0.0.1",    "tcp:[::1]",       "tcp:::1:80",
		"tcp:127.0.0.1:8x", "unix:date.sock",  "unix:/",
		"exec:server",      "pipe:0,1",        "tcp:[127.0.0.1]:80",
		"tcp:1111111111111111111111111111111111111111111111111111:80",
	};
	struct fy_uaddr uaddr;
	struct ferry_addr addr;
	struct ferry_error why;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(bad); i++) {
		assert_int_equal(ferry_addr_parse(bad[i], &addr, NULL),
				 FERRY_OK);
		assert_int_equal(fy_uaddr_of(&addr, &uaddr, &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, "rpcbind"));
	}
}

static void
an_ipv6_address_may_have_a_scope(void **state)
{
	static const char *const yes[] = {
		"::", "dead::1", "fe80::1%lo", "::ffff:1.2.3.4", "fe80::1%",
	};
	static const char *const no[] = {
		"", "%", "%lo", "[::1]", "127.0.0.1", "fe80:1%lo", "tcp:x:1",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111",
	};

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(yes); i++)
		assert_true(fy_uaddr_is_ipv6(yes[i]));
	for (size_t i = 0; i < FY_ARRAY_LEN(no); i++)
		assert_false(fy_uaddr_is_ipv6(no[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_dialled_is_read),
		cmocka_unit_test(what_can_be_listened_at_is_written),
		cmocka_unit_test(the_host_stands_in_for_all_addresses),
		cmocka_unit_test(
			an_ipv6_host_does_not_stand_in_for_all_of_ipv4),
		cmocka_unit_test(
			the_hosts_scope_goes_with_addresses_of_its_link),
		cmocka_unit_test(all_addresses_are_written_as_such),
		cmocka_unit_test(what_only_looks_like_an_address_is_refused),
		cmocka_unit_test(other_transports_are_not_ferrys),
		cmocka_unit_test(a_nul_inside_and_endless_text_are_refused),
		cmocka_unit_test(the_longest_path_is_that_of_a_unix_socket),
		cmocka_unit_test(what_nobody_else_could_dial_is_not_written),
		cmocka_unit_test(an_ipv6_address_may_have_a_scope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
