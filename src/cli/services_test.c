/* SPDX-License-Identifier: MIT */
/* What a hostile rpcbind may put on a terminal and into JSON. */
#include "cli/services.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PROGRAM 0x20000d47

static struct fy_services
services_of(struct ferry_rpcbind_entry *entries, uint32_t n,
	    struct ferry_arena *mem)
{
	const struct ferry_rpcbind_list list = { 4, n, entries };
	struct fy_services services;

	assert_int_equal(fy_services_make(&services, &list, true, mem),
			 FERRY_OK);
	return services;
}

/* The table, to be freed, with its length. */
static char *
table_of(const struct fy_services *services, size_t *len)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, len);

	assert_non_null(file);
	fy_services_table(services, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
what_a_peer_says_is_printable_ascii(void **state)
{
	char all[256];
	struct ferry_rpcbind_entry entry = {
		.program = PROGRAM,
		.version = 1,
		.netid = { all, sizeof(all) },
		.uaddr = { all, sizeof(all) },
		.owner = { all, sizeof(all) },
		.addr = "unix:/caf\xe9/\xc2\x9b%20",
	};
	struct ferry_arena mem = { 0 };
	struct fy_services services;
	json_t *json;
	char *table;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	services = services_of(&entry, 1, &mem);
	table = table_of(&services, &len);
	for (size_t i = 0; i < len; i++)
		assert_true((table[i] >= ' ' && table[i] <= '~') ||
			    table[i] == '\n');
	assert_non_null(strstr(table, " unix:/caf%E9/%C2%9B%20 "));
	assert_non_null(strstr(table, "\\x1A\\x1B\\x1C"));
	json = fy_services_json(&services);
	assert_non_null(json);
	json_decref(json);
	free(table);
	ferry_arena_fini(&mem);
}

static void
an_endless_word_does_not_widen_every_line(void **state)
{
	static char endless[100000];
	struct ferry_rpcbind_entry entries[100];
	struct ferry_arena mem = { 0 };
	struct fy_services services;
	size_t len;

	(void)state;
	memset(endless, 'x', sizeof(endless));
	memset(entries, 0, sizeof(entries));
	for (uint32_t i = 0; i < 100; i++)
		entries[i].program = i;
	entries[50].uaddr = (struct ferry_str){ endless, sizeof(endless) };
	services = services_of(entries, 100, &mem);
	free(table_of(&services, &len));
	assert_in_range(len, sizeof(endless), sizeof(endless) + 101 * 200);
	ferry_arena_fini(&mem);
}

static void
versions_without_room_are_told_as_such(void **state)
{
	struct ferry_rpcbind_entry entries[60];
	struct ferry_arena mem = { 0 };
	struct fy_services services;
	char *table;
	size_t len;

	(void)state;
	memset(entries, 0, sizeof(entries));
	for (uint32_t i = 0; i < 60; i++)
		entries[i].version = 1000000001 + 2 * i;
	services = services_of(entries, 60, &mem);
	table = table_of(&services, &len);
	assert_non_null(strstr(table, " 1000000001,1000000003,1000000005,"
				      "1000000007,1000000009,1000000011,... "));
	free(table);
	services = services_of(entries, 2, &mem);
	table = table_of(&services, &len);
	assert_non_null(strstr(table, " 1000000001,1000000003 "));
	free(table);
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_peer_says_is_printable_ascii),
		cmocka_unit_test(an_endless_word_does_not_widen_every_line),
		cmocka_unit_test(versions_without_room_are_told_as_such),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
