/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "transport/access.h"
#include "transport/body.h"

static ferry_err
read_from(const char *text, mode_t default_mode, struct fy_access *out,
	  struct ferry_error *why)
{
	struct ferry_addr addr;

	assert_int_equal(ferry_addr_parse(text, &addr, NULL), FERRY_OK);
	return fy_access_read(&addr, default_mode, out, why);
}

static void
what_is_not_said_is_the_default(void **state)
{
	struct fy_access access;

	(void)state;
	assert_int_equal(read_from("fifo:/x", 0600, &access, NULL), FERRY_OK);
	assert_int_equal(access.mode, 0600);
	assert_false(access.has_gid);
	assert_int_equal(read_from("unix:/x", FY_ACCESS_AS_MADE, &access, NULL),
			 FERRY_OK);
	assert_int_equal(access.mode, FY_ACCESS_AS_MADE);
}

static void
a_mode_is_octal_and_has_no_special_bits(void **state)
{
	static const char *const bad[] = {
		"fifo:/x?mode=",     "fifo:/x?mode=rw",	   "fifo:/x?mode=0680",
		"fifo:/x?mode=1777", "fifo:/x?mode=00660", "fifo:/x?mode=-1",
	};
	struct fy_access access = { .mode = 7 };
	struct ferry_error why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_from(bad[i], 0600, &access, &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, "0660"));
	}
	assert_int_equal(access.mode, 7);
	assert_int_equal(read_from("mq:/x?mode=640", 0600, &access, NULL),
			 FERRY_OK);
	assert_int_equal(access.mode, 0640);
	assert_int_equal(read_from("mq:/x?mode=0777", 0600, &access, NULL),
			 FERRY_OK);
	assert_int_equal(access.mode, 0777);
}

static void
a_group_is_a_number_or_a_name_and_gets_what_the_owner_has(void **state)
{
	struct fy_access access;

	(void)state;
	assert_int_equal(
		read_from("fifo:/x?group=4294967294", 0600, &access, NULL),
		FERRY_OK);
	assert_true(access.has_gid);
	assert_int_equal(access.gid, 4294967294u);
	assert_int_equal(access.mode, 0660);
	assert_int_equal(
		read_from("fifo:/x?group=root&mode=620", 0600, &access, NULL),
		FERRY_OK);
	assert_int_equal(access.gid, 0);
	assert_int_equal(access.mode, 0620);
	assert_int_equal(
		read_from("unix:/x?group=0", FY_ACCESS_AS_MADE, &access, NULL),
		FERRY_OK);
	assert_int_equal(access.mode, 0660);
}

static void
a_group_that_is_not_there_is_named(void **state)
{
	static const char *const bad[] = {
		"fifo:/x?group=",
		"fifo:/x?group=4294967295",
		"fifo:/x?group=99999999999999999999999",
		"fifo:/x?group=no-such-group",
		"fifo:/x?group=0x",
	};
	struct fy_access access;
	struct ferry_error why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_from(bad[i], 0600, &access, &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, strchr(bad[i], '=') + 1));
		assert_non_null(strstr(why.text, "getent"));
	}
}

static void
an_option_of_nobodys_is_refused_by_name(void **state)
{
	static const char *const keys[] = { FY_ACCESS_OPTIONS, "way", NULL };
	struct ferry_error why;
	struct ferry_addr addr;

	(void)state;
	assert_int_equal(
		ferry_addr_parse("fifo:/x?mode=1&way=in&group=2", &addr, NULL),
		FERRY_OK);
	assert_int_equal(fy_body_options_but(&addr, keys, NULL), FERRY_OK);
	assert_string_equal(fy_body_option(&addr, "way"), "in");
	assert_null(fy_body_option(&addr, "frame"));
	assert_int_equal(
		ferry_addr_parse("fifo:/x?mode=1&moode=2", &addr, NULL),
		FERRY_OK);
	assert_int_equal(fy_body_options_but(&addr, keys, &why), FERRY_EADDR);
	assert_non_null(strstr(why.text, "\"moode\""));
}

/* ---- files ---- */

struct place {
	char folder[64];
	char path[96];
};

static int
open_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	*state = place;
	if (!place)
		return -1;
	snprintf(place->folder, sizeof(place->folder),
		 "/tmp/ferry-test-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/x", place->folder);
	return 0;
}

static int
close_place(void **state)
{
	struct place *place = *state;
	int result = unlink(place->path) < 0 ? -1 : rmdir(place->folder);

	free(place);
	return result;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
a_file_gets_its_mode_whatever_the_umask(void **state)
{
	const struct fy_access access = { .mode = 0662,
					  .gid = getegid(),
					  .has_gid = true };
	struct place *place = *state;
	mode_t before = umask(077);
	int fd;

	assert_int_equal(mkfifo(place->path, 0600), 0);
	fd = open(place->path, O_RDWR | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(fy_access_set(fd, &access, place->path, NULL),
			 FERRY_OK);
	umask(before);
	assert_int_equal(mode_of(place->path), 0662);
	close(fd);
}

static void
a_socket_gets_it_by_its_name(void **state)
{
	const struct fy_access none = { .mode = FY_ACCESS_AS_MADE };
	const struct fy_access access = { .mode = 0606 };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct place *place = *state;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	mode_t made;

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", place->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	made = mode_of(place->path);
	assert_int_equal(fy_access_apply(place->path, &none, NULL), FERRY_OK);
	assert_int_equal(mode_of(place->path), made);
	assert_int_equal(fy_access_apply(place->path, &access, NULL), FERRY_OK);
	assert_int_equal(mode_of(place->path), 0606);
	close(fd);
}

static void
a_link_in_the_way_leads_nowhere(void **state)
{
	const struct fy_access access = { .mode = 0777,
					  .gid = getegid(),
					  .has_gid = true };
	struct place *place = *state;
	struct ferry_error why;

	assert_int_equal(chmod(place->folder, 0700), 0);
	assert_int_equal(symlink(place->folder, place->path), 0);
	assert_int_equal(fy_access_apply(place->path, &access, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, ELOOP);
	assert_int_equal(mode_of(place->folder), 0700);
}

#define WITH_FILE(name)                                                        \
	cmocka_unit_test_setup_teardown(name, open_place, close_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_is_the_default),
		cmocka_unit_test(a_mode_is_octal_and_has_no_special_bits),
		cmocka_unit_test(
			a_group_is_a_number_or_a_name_and_gets_what_the_owner_has),
		cmocka_unit_test(a_group_that_is_not_there_is_named),
		cmocka_unit_test(an_option_of_nobodys_is_refused_by_name),
		WITH_FILE(a_file_gets_its_mode_whatever_the_umask),
		WITH_FILE(a_socket_gets_it_by_its_name),
		WITH_FILE(a_link_in_the_way_leads_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
