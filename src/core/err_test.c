/* SPDX-License-Identifier: MIT */
#include "core/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include <ferry/ferry.h>

#include "core/log.h"

static void
every_code_has_a_name_a_text_and_a_status(void **state)
{
	(void)state;
	for (int i = FERRY_OK; i <= FERRY_EAUTH; i++) {
		assert_memory_equal(ferry_err_name((ferry_err)i), "FERRY_", 6);
		assert_true(strlen(ferry_strerror((ferry_err)i)) > 5);
		assert_in_range(ferry_err_status((ferry_err)i), i != 0, 7);
	}
	assert_string_equal(ferry_err_name(FERRY_EOF), "FERRY_EOF");
	assert_int_equal(ferry_err_status(FERRY_OK), 0);
}

static void
a_code_that_does_not_exist_has_a_text_too(void **state)
{
	(void)state;
	assert_string_equal(ferry_err_name((ferry_err)4711), "FERRY_ESERVER");
	assert_string_equal(ferry_strerror((ferry_err)-1),
			    ferry_strerror(FERRY_ESERVER));
}

static void
a_failure_says_its_code_and_sentence(void **state)
{
	struct ferry_error why = { .sys_errno = 3, .high = 9 };

	(void)state;
	assert_int_equal(fy_fail(&why, FERRY_EADDR, "no port in \"%s\"", "x"),
			 FERRY_EADDR);
	assert_int_equal(why.code, FERRY_EADDR);
	assert_int_equal(why.sys_errno, 0);
	assert_int_equal(why.high, 0);
	assert_string_equal(why.text, "no port in \"x\"");
	assert_int_equal(fy_fail(NULL, FERRY_EOF, "nobody listens"), FERRY_EOF);
}

static void
a_failed_system_call_gives_errno_and_advice(void **state)
{
	struct ferry_error why;

	(void)state;
	errno = EMFILE;
	assert_int_equal(fy_fail_errno(&why, "open %s", "/x"), FERRY_ESYS);
	assert_int_equal(why.sys_errno, EMFILE);
	assert_string_equal(why.text, "cannot open /x: Too many open files; "
				      "raise the process's limit (ulimit -n)");
	errno = EROFS;
	assert_int_equal(fy_fail_errno(&why, "make /x"), FERRY_ESYS);
	assert_string_equal(why.text, "cannot make /x: Read-only file system; "
				      "choose another folder");
	errno = EPERM;
	assert_int_equal(fy_fail_errno(&why, "open /x"), FERRY_EACCES);
	errno = ENOMEM;
	assert_int_equal(fy_fail_errno(NULL, "open /x"), FERRY_ENOMEM);
	errno = ECONNREFUSED;
	assert_int_equal(fy_fail_errno_as(&why, FERRY_ECONNECT, "connect"),
			 FERRY_ECONNECT);
	assert_int_equal(why.sys_errno, ECONNREFUSED);
}

static void
want_of_descriptors_or_memory_is_known(void **state)
{
	const int wants[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM };

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(wants); i++)
		assert_true(fy_is_starved(wants[i]));
	assert_false(fy_is_starved(0));
	assert_false(fy_is_starved(EACCES));
}

static void
a_long_name_does_not_hide_the_reason(void **state)
{
	struct ferry_error why;
	char name[500];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	errno = EADDRINUSE;
	(void)fy_fail_errno(&why, "listen at %s", name);
	assert_non_null(strstr(why.text, "Address already in use"));
	assert_true(strlen(why.text) < sizeof(why.text));
}

static void
remember_line(void *ctx, enum ferry_log_level level, const char *line)
{
	snprintf(ctx, 64, "%d %s", (int)level, line);
}

static void
a_line_is_told_to_the_log_hook_alone(void **state)
{
	char got[64] = "";
	struct ferry_hooks hooks = { .log = remember_line, .ctx = got };

	(void)state;
	fy_log(NULL, FERRY_LOG_ERROR, "lost");
	fy_log(&(struct ferry_hooks){ 0 }, FERRY_LOG_ERROR, "lost");
	assert_string_equal(got, "");
	fy_log(&hooks, FERRY_LOG_INFO, "%s is %d", "n", 7);
	assert_string_equal(got, "2 n is 7");
}

static void
the_version_is_that_of_the_build(void **state)
{
	(void)state;
	assert_string_equal(ferry_version_text(), FY_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_name_a_text_and_a_status),
		cmocka_unit_test(a_code_that_does_not_exist_has_a_text_too),
		cmocka_unit_test(a_failure_says_its_code_and_sentence),
		cmocka_unit_test(a_failed_system_call_gives_errno_and_advice),
		cmocka_unit_test(want_of_descriptors_or_memory_is_known),
		cmocka_unit_test(a_long_name_does_not_hide_the_reason),
		cmocka_unit_test(a_line_is_told_to_the_log_hook_alone),
		cmocka_unit_test(the_version_is_that_of_the_build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
