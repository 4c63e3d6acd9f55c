/* SPDX-License-Identifier: MIT */
#include "cli/rpc_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The names in @text, as if it stood in the file. */
static struct fy_rpc_names
load(const char *text, size_t len, struct ferry_arena *mem)
{
	char path[] = "/tmp/ferry-rpc-XXXXXX";
	int fd = mkstemp(path);
	struct fy_rpc_names names;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	assert_int_equal(fy_rpc_names_load(&names, path, mem), FERRY_OK);
	unlink(path);
	return names;
}

static void
the_first_word_is_the_name_of_the_number(void **state)
{
	static const char text[] = "# RPC\n\nportmapper\t100000 portmap\n"
				   " nfs 100003\tnfsprog # files\n"
				   "other 100003\nlast 4294967295";
	struct ferry_arena mem = { 0 };
	struct fy_rpc_names names = load(text, strlen(text), &mem);

	(void)state;
	assert_int_equal(names.n_items, 4);
	assert_string_equal(fy_rpc_names_find(&names, 100000), "portmapper");
	assert_string_equal(fy_rpc_names_find(&names, 100003), "nfs");
	assert_string_equal(fy_rpc_names_find(&names, UINT32_MAX), "last");
	assert_null(fy_rpc_names_find(&names, 1));
	ferry_arena_fini(&mem);
}

static void
lines_without_a_number_are_passed_over(void **state)
{
	static const char text[] = "a\nb x\nc -1\nd 4294967296\ne 0x10\n"
				   "f 99999999999999999999\n# g 7\n"
				   "h #7\n\0i 7\nj 7x\n  \nk 8\n";
	struct ferry_arena mem = { 0 };
	struct fy_rpc_names names = load(text, sizeof(text) - 1, &mem);

	(void)state;
	assert_int_equal(names.n_items, 1);
	assert_string_equal(fy_rpc_names_find(&names, 8), "k");
	ferry_arena_fini(&mem);
}

static void
many_names_are_kept_all(void **state)
{
	static char text[64 * 1024];
	struct ferry_arena mem = { 0 };
	struct fy_rpc_names names;
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"name%d %d\n", i, 200000 + i);
	names = load(text, len, &mem);
	assert_int_equal(names.n_items, 1000);
	assert_string_equal(fy_rpc_names_find(&names, 200999), "name999");
	assert_string_equal(fy_rpc_names_find(&names, 200000), "name0");
	ferry_arena_fini(&mem);
}

static void
a_file_that_is_not_there_has_no_names(void **state)
{
	struct ferry_arena mem = { 0 };
	struct fy_rpc_names names;

	(void)state;
	assert_int_equal(fy_rpc_names_load(&names, "/nowhere/rpc", &mem),
			 FERRY_OK);
	assert_null(fy_rpc_names_find(&names, 100000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_word_is_the_name_of_the_number),
		cmocka_unit_test(lines_without_a_number_are_passed_over),
		cmocka_unit_test(many_names_are_kept_all),
		cmocka_unit_test(a_file_that_is_not_there_has_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
