/* SPDX-License-Identifier: MIT */
#include <ferry/addr.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ferry_addr
parsed(const char *text)
{
	struct ferry_addr addr;

	assert_int_equal(ferry_addr_parse(text, &addr, NULL), FERRY_OK);
	return addr;
}

static void
an_address_is_scheme_body_and_options(void **state)
{
	struct ferry_addr addr = parsed("tls:[::1]:80?ca=/etc/x&name=a%26b");

	(void)state;
	assert_string_equal(addr.scheme, "tls");
	assert_string_equal(addr.body, "[::1]:80");
	assert_int_equal(addr.n_options, 2);
	assert_string_equal(addr.options[0].key, "ca");
	assert_string_equal(addr.options[0].value, "/etc/x");
	assert_string_equal(addr.options[1].key, "name");
	assert_string_equal(addr.options[1].value, "a&b");
	assert_string_equal(parsed("shm:").body, "");
}

static void
escapes_are_undone(void **state)
{
	(void)state;
	assert_string_equal(parsed("unix:/a%20b%3Fc%25%c3%B6").body,
			    "/a b?c%\xc3\xb6");
}

static void
what_is_no_address_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text;
		const char *place;
	} cases[] = {
		{ "", "byte 0" },	   { "unix", "byte 4" },
		{ ":x", "byte 0" },	   { "Unix:x", "byte 0" },
		{ "un1x:x", "byte 2" },	   { "unix:%", "byte 5" },
		{ "unix:%4", "byte 5" },   { "unix:%4g", "byte 5" },
		{ "unix:%00", "byte 5" },  { "unix:x?", "byte 7" },
		{ "unix:x?key", "byte 10" }, { "unix:x?=v", "byte 7" },
		{ "unix:x?k=v&", "byte 11" },
		{ "unix:x?k=v&k=w", "byte 13" },
		{ "abcdefghijklmnop:x", "byte 15" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ferry_addr addr = { .scheme = "old" };
		struct ferry_error why = { 0 };

		assert_int_equal(ferry_addr_parse(cases[i].text, &addr, &why),
				 FERRY_EADDR);
		assert_int_equal(why.code, FERRY_EADDR);
		assert_non_null(strstr(why.text, cases[i].place));
		assert_string_equal(addr.scheme, "old");
	}
	assert_int_equal(
		ferry_addr_parse(NULL, &(struct ferry_addr){ 0 }, NULL),
		FERRY_EADDR);
}

static void
parts_have_their_longest_length(void **state)
{
	struct ferry_addr addr;
	char text[2000];

	(void)state;
	snprintf(text, sizeof(text), "unix:%01023d", 7);
	assert_int_equal(strlen(parsed(text).body), 1023);
	snprintf(text, sizeof(text), "unix:%01024d", 7);
	assert_int_equal(ferry_addr_parse(text, &addr, NULL), FERRY_EADDR);
	snprintf(text, sizeof(text), "unix:x?k=%0111d", 7);
	assert_int_equal(strlen(parsed(text).options[0].value), 111);
	snprintf(text, sizeof(text), "unix:x?k=%0112d", 7);
	assert_int_equal(ferry_addr_parse(text, &addr, NULL), FERRY_EADDR);
	assert_int_equal(parsed("u:?a=&b=&c=&d=&e=&f=&g=&h=").n_options, 8);
	assert_int_equal(ferry_addr_parse("u:?a=&b=&c=&d=&e=&f=&g=&h=&i=",
					  &addr, NULL),
			 FERRY_EADDR);
}

static void
what_is_formatted_parses_back(void **state)
{
	struct ferry_addr addr = { .scheme = "exec", .n_options = 1 };
	struct ferry_addr again;
	char text[8192];
	size_t n;

	(void)state;
	for (size_t i = 0; i < 255; i++)
		addr.body[i] = (char)(i + 1);
	snprintf(addr.options[0].key, sizeof(addr.options[0].key), "key");
	snprintf(addr.options[0].value, sizeof(addr.options[0].value),
		 "a=b&c%%d ?");
	n = ferry_addr_format(&addr, text, sizeof(text));
	assert_int_equal(n, strlen(text));
	again = parsed(text);
	assert_string_equal(again.body, addr.body);
	assert_string_equal(again.options[0].value, addr.options[0].value);
}

static void
text_is_cut_as_snprintf_does(void **state)
{
	struct ferry_addr addr = parsed("unix:/run/x");
	char text[8] = "*******";

	(void)state;
	assert_int_equal(ferry_addr_format(&addr, text, 6), 11);
	assert_string_equal(text, "unix:");
	assert_int_equal(ferry_addr_format(&addr, NULL, 0), 11);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_scheme_body_and_options),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(what_is_no_address_is_refused_with_its_place),
		cmocka_unit_test(parts_have_their_longest_length),
		cmocka_unit_test(what_is_formatted_parses_back),
		cmocka_unit_test(text_is_cut_as_snprintf_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
