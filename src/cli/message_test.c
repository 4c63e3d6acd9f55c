/* SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include <ferry/arena.h>

/* ---- in the place of cmd.c ---- */

static const struct fy_command command = { .name = "test" };
static char complaint[300];

int
fy_cmd_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(complaint, sizeof(complaint), format, args);
	va_end(args);
	return FY_EXIT_FAILED;
}

int
fy_cmd_misused(const struct fy_command *of, const char *format, ...)
{
	va_list args;

	assert_ptr_equal(of, &command);
	va_start(args, format);
	(void)vsnprintf(complaint, sizeof(complaint), format, args);
	va_end(args);
	return FY_EXIT_USAGE;
}

int
fy_cmd_timeout(const struct fy_command *of, const char *text, int64_t *ns)
{
	assert_ptr_equal(of, &command);
	*ns = atoi(text);
	return 0;
}

/* ---- what is printed ---- */

/* What comes to a stream of ours while it is another file. */
struct catch {
	FILE *stream;
	FILE *file;
	int saved;
};

static struct catch
catch_begin(FILE *stream)
{
	struct catch c = { stream, tmpfile(), -1 };

	assert_non_null(c.file);
	(void)fflush(stream);
	c.saved = dup(fileno(stream));
	assert_true(dup2(fileno(c.file), fileno(stream)) >= 0);
	return c;
}

static size_t
catch_end(struct catch *c, char *out, size_t bytes)
{
	size_t n;

	(void)fflush(c->stream);
	assert_true(dup2(c->saved, fileno(c->stream)) >= 0);
	close(c->saved);
	rewind(c->file);
	n = fread(out, 1, bytes - 1, c->file);
	out[n] = '\0';
	(void)fclose(c->file);
	return n;
}

static void
prints(struct fy_message_print print, const char *peer, const char *message,
       uint32_t len, const char *expected, size_t n_expected)
{
	const struct ferry_bytes bytes = { (const uint8_t *)message, len };
	struct catch c = catch_begin(stdout);
	char got[300];
	ferry_err err = fy_message_print(&print, 7, peer, bytes);
	size_t n = catch_end(&c, got, sizeof(got));

	assert_int_equal(err, FERRY_OK);
	assert_int_equal(n, n_expected);
	assert_memory_equal(got, expected, n);
}

#define PRINTS(print, peer, message, text)                                     \
	prints(print, peer, message, sizeof(message) - 1, text,                \
	       sizeof(text) - 1)

static void
what_parts_messages_is_put_behind_each(void **state)
{
	(void)state;
	PRINTS((struct fy_message_print){ .cut = FY_CUT_LINES }, NULL,
	       "a\0\xff", "a\0\xff\n");
	PRINTS((struct fy_message_print){ .cut = FY_CUT_NULS }, NULL, "a",
	       "a\0");
	PRINTS((struct fy_message_print){ .cut = FY_CUT_WHOLE }, NULL, "a",
	       "a");
	PRINTS((struct fy_message_print){ .cut = FY_CUT_PIECES }, NULL, "", "");
}

static void
no_message_is_in_control_of_a_terminal(void **state)
{
	(void)state;
	PRINTS(((struct fy_message_print){ .cut = FY_CUT_LINES,
					   .shows = true }),
	       NULL, "a\033[1m\tb\r\xff\n\xc3\xa9", "a?[1m\tb??\n\xc3\xa9\n");
}

static void
json_has_text_as_text_and_the_rest_as_hex(void **state)
{
	const struct fy_message_print print = { .as_json = true };

	(void)state;
	PRINTS(print, NULL, "a\"\0", "{\"bytes\":3,\"text\":\"a\\\"\\u0000\"}\n");
	PRINTS(print, "uid 1", "\xff\x00",
	       "{\"channel\":7,\"peer\":\"uid 1\",\"bytes\":2,"
	       "\"hex\":\"ff00\"}\n");
}

static void
output_that_is_gone_is_told_of(void **state)
{
	const struct fy_message_print print = { .cut = FY_CUT_LINES };
	const struct ferry_bytes message = { (const uint8_t *)"a", 1 };
	struct ferry_error why = { .text = "late" };
	struct fy_message_options options = { 0 };
	int saved = dup(STDOUT_FILENO);
	ferry_err err;
	int status;

	(void)state;
	(void)fflush(stdout);
	assert_non_null(freopen("/dev/full", "w", stdout));
	err = fy_message_print(&print, 0, NULL, message);
	(void)fflush(stdout);
	if (!err)
		err = fy_message_print(&print, 0, NULL, message);
	complaint[0] = '\0';
	status = fy_message_complain(&options, FERRY_ESYS, &why);
	clearerr(stdout);
	__fpurge(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	assert_int_equal(err, FERRY_ESYS);
	/* main() will say it. */
	assert_int_equal(status, FY_EXIT_FAILED);
	assert_string_equal(complaint, "");
}

static void
a_failure_is_a_line_or_an_object(void **state)
{
	struct fy_message_options options = { 0 };
	const struct ferry_error silent = { .text = "" };
	const struct ferry_error why = { .text = "nobody \"there\"" };
	struct catch c;
	char got[300];

	(void)state;
	assert_int_equal(fy_message_complain(&options, FERRY_ECONNECT, &why),
			 3);
	assert_string_equal(complaint, "nobody \"there\"");
	assert_int_equal(fy_message_complain(&options, FERRY_ETIMEDOUT,
					     &silent), 4);
	assert_string_equal(complaint, ferry_strerror(FERRY_ETIMEDOUT));
	options.as_json = true;
	c = catch_begin(stderr);
	(void)fy_message_complain(&options, FERRY_ECONNECT, &why);
	(void)catch_end(&c, got, sizeof(got));
	assert_string_equal(got, "{\"error\":\"FERRY_ECONNECT\",\"status\":3,"
				 "\"text\":\"nobody \\\"there\\\"\"}\n");
}

/* ---- options ---- */

static void
a_frame_becomes_an_option_of_the_address(void **state)
{
	const struct fy_message_options options = { .frame = "line" };
	struct ferry_arena mem = { 0 };
	const char *addr;

	(void)state;
	assert_int_equal(fy_message_addr(&options, &command, "unix:a", &mem,
					 &addr), 0);
	assert_string_equal(addr, "unix:a?frame=line");
	assert_int_equal(fy_message_addr(&options, &command, "unix:a?mode=0600",
					 &mem, &addr), 0);
	assert_string_equal(addr, "unix:a?mode=0600&frame=line");
	assert_int_equal(fy_message_addr(&options, &command, "unix:a?frame=nul",
					 &mem, &addr), FY_EXIT_USAGE);
	assert_non_null(strstr(complaint, "leave --frame out"));
	ferry_arena_fini(&mem);
}

static void
messages_are_parted_as_the_user_said_or_by_the_address(void **state)
{
	struct fy_message_options options = { 0 };

	(void)state;
	assert_int_equal(fy_message_cut(&options, "unix:a"), FY_CUT_LINES);
	assert_int_equal(fy_message_cut(&options, "unix:a?mode=0600&frame=raw"),
			 FY_CUT_PIECES);
	assert_int_equal(fy_message_cut(&options, "nonsense"), FY_CUT_LINES);
	assert_int_equal(fy_message_option(&options, &command,
					   FY_MESSAGE_NULL), 0);
	assert_int_equal(fy_message_cut(&options, "unix:a?frame=raw"),
			 FY_CUT_NULS);
	assert_int_equal(fy_message_option(&options, &command,
					   FY_MESSAGE_NULL), 0);
	assert_int_equal(fy_message_option(&options, &command,
					   FY_MESSAGE_WHOLE), FY_EXIT_USAGE);
	assert_int_equal(fy_message_option(&options, &command,
					   FY_MESSAGE_FIRST_FREE),
			 FY_LOAD_NOT_MINE);
}

static void
a_count_is_a_number_from_one(void **state)
{
	char *const wrong[] = { (char[]){ "0" }, (char[]){ "-1" },
				(char[]){ "+1" }, (char[]){ " 1" },
				(char[]){ "" }, (char[]){ "1x" },
				(char[]){ "18446744073709551616" } };
	char most[] = "18446744073709551615";
	uint64_t n = 5;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(wrong); i++) {
		optarg = wrong[i];
		assert_int_equal(fy_message_count(&command, "--count", &n),
				 FY_EXIT_USAGE);
	}
	assert_int_equal(n, 5);
	optarg = most;
	assert_int_equal(fy_message_count(&command, "--count", &n), 0);
	assert_true(n == UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_parts_messages_is_put_behind_each),
		cmocka_unit_test(no_message_is_in_control_of_a_terminal),
		cmocka_unit_test(json_has_text_as_text_and_the_rest_as_hex),
		cmocka_unit_test(output_that_is_gone_is_told_of),
		cmocka_unit_test(a_failure_is_a_line_or_an_object),
		cmocka_unit_test(a_frame_becomes_an_option_of_the_address),
		cmocka_unit_test(
			messages_are_parted_as_the_user_said_or_by_the_address),
		cmocka_unit_test(a_count_is_a_number_from_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
