/* SPDX-License-Identifier: MIT */
/* What is in the way of fifo:, and clients that lie. */
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
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fifo_place.h"
#include "transport/fifo/meeting.h"

/* ---- what is in the way ---- */

static void
expect_in_the_way(const struct place *p, ferry_err of_client)
{
	struct ferry_error why;

	assert_int_equal(place_try_listen(p, NULL, &why), FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	assert_non_null(strstr(why.text, p->path));
	assert_int_equal(
		place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), &why),
		of_client);
	assert_non_null(strstr(why.text, p->path));
}

static void
foreign_files_in_the_way_are_left_alone(void **state)
{
	struct place *p = *state;
	char victim[100];

	place_write(p->path, "precious");
	expect_in_the_way(p, FERRY_ECONNECT);
	place_expect_file(p->path, "precious");
	snprintf(victim, sizeof(victim), "%s/victim", p->folder);
	assert_int_equal(rename(p->path, victim), 0);

	assert_int_equal(symlink(victim, p->path), 0);
	expect_in_the_way(p, FERRY_EACCES);
	place_expect_file(victim, "precious");
	assert_int_equal(unlink(p->path), 0);

	assert_int_equal(link(victim, p->path), 0);
	expect_in_the_way(p, FERRY_ECONNECT);
	place_expect_file(victim, "precious");
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(unlink(victim), 0);

	assert_int_equal(mkdir(p->path, 0700), 0);
	expect_in_the_way(p, FERRY_ECONNECT);
	assert_int_equal(rmdir(p->path), 0);
	assert_int_equal(place_entries(p->folder), 0);
}

static void
a_fifo_that_somebody_reads_is_left_alone(void **state)
{
	struct place *p = *state;
	struct ferry_error why;
	int fd;

	assert_int_equal(mkfifo(p->path, 0600), 0);
	fd = open(p->path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(place_try_listen(p, NULL, &why), FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	/* It has no folder: no listener's. */
	assert_int_equal(
		place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), &why),
		FERRY_ECONNECT);
	assert_int_equal(fchmod(fd, 0640), 0);
	assert_int_equal(
		place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), &why),
		FERRY_EACCES);
	close(fd);
	assert_int_equal(unlink(p->path), 0);
}

static void
a_folder_that_is_none_is_left_alone(void **state)
{
	struct place *p = *state;

	place_write(p->pairs, "precious");
	assert_int_equal(place_try_listen(p, NULL, NULL), FERRY_ESYS);
	place_expect_file(p->pairs, "precious");
	assert_int_equal(unlink(p->pairs), 0);
	assert_int_equal(symlink(p->folder, p->pairs), 0);
	assert_int_equal(place_try_listen(p, NULL, NULL), FERRY_ESYS);
	assert_int_equal(unlink(p->pairs), 0);
	assert_int_equal(place_entries(p->folder), 0);
}

static void
a_listener_removes_no_name_but_its_own(void **state)
{
	struct place *p = *state;

	place_listen(p);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(
		place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), NULL),
		FERRY_ECONNECT);
	place_stop(p);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(rmdir(p->pairs), 0);
}

static void
addresses_that_mean_nothing_are_refused_whole(void **state)
{
	static const struct {
		const char *addr;
		const char *text;
	} bad[] = {
		{ "fifo:", "must follow" },
		{ "fifo:/tmp/", "must follow" },
		{ "fifo:..", "not a name" },
		{ "fifo:/tmp/x?nope=1", "\"nope\"" },
		{ "fifo:/tmp/x?mode=rw", "0660" },
	};
	struct ferry_error why;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(place_try_listen(NULL, bad[i].addr, &why),
				 FERRY_EADDR);
		assert_non_null(strstr(why.text, bad[i].text));
	}
	snprintf(text, sizeof(text), "fifo:/tmp/%0250d", 7);
	assert_int_equal(place_try_listen(NULL, text, &why), FERRY_EADDR);
	assert_non_null(strstr(why.text, "246 bytes"));
	assert_int_equal(place_try_open("fifo:/tmp/x?way=up", FERRY_NOW, &why),
			 FERRY_EADDR);
	assert_int_equal(
		place_try_open("fifo:/tmp/x?mode=0600", FERRY_NOW, &why),
		FERRY_EADDR);
	assert_int_equal(place_try_listen(NULL, "fifo:/tmp/x?way=in", &why),
			 FERRY_ENOTSUP);
	assert_int_equal(place_try_listen(NULL, "fifo:/nowhere/at/all", &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, ENOENT);
}

static void
others_may_write_where_the_owner_says_so_but_never_read(void **state)
{
	struct place *p = *state;
	char addr[200];

	snprintf(addr, sizeof(addr), "%s?group=%u", p->addr, getegid());
	assert_int_equal(ferry_listener_open(addr, NULL, &p->listener, NULL),
			 FERRY_OK);
	assert_int_equal(place_mode_of(p->path), 0620);
	assert_int_equal(place_mode_of(p->pairs), 03730);
	place_stop(p);
	snprintf(addr, sizeof(addr), "%s?mode=0666", p->addr);
	assert_int_equal(ferry_listener_open(addr, NULL, &p->listener, NULL),
			 FERRY_OK);
	assert_int_equal(place_mode_of(p->path), 0622);
	assert_int_equal(place_mode_of(p->pairs), 03733);
}

/* ---- hellos that lie ---- */

static void
garbage_is_skipped_and_counted(void **state)
{
	struct place *p = *state;
	struct ferry_channel *pair[2];
	uint8_t junk[4096];
	int fd;

	place_listen(p);
	fd = place_meeting(p);
	for (size_t i = 0; i < sizeof(junk); i++)
		junk[i] = (uint8_t)(i * 7);
	assert_int_equal(write(fd, junk, sizeof(junk)), sizeof(junk));
	assert_int_equal(write(fd, "FYfifo1", 7), 7);
	place_connect(p, pair);
	assert_true(place_failed(p) > 0);
	place_close_both(pair);
	close(fd);
}

static void
expect_refused(struct place *p, uint64_t failed)
{
	place_expect_nobody(p);
	assert_int_equal(place_failed(p), failed);
	assert_int_equal(place_entries(p->pairs), 0);
}

static void
nothing_is_written_into_what_is_no_fifo(void **state)
{
	const uint8_t id[FY_HELLO_ID] = { 9 };
	struct place *p = *state;
	char path[200], victim[100];

	place_listen(p);
	snprintf(victim, sizeof(victim), "%s/victim", p->folder);
	place_write(victim, "precious");
	place_name(p, id, FY_HELLO_TO_CLIENT, path);
	assert_int_equal(link(victim, path), 0);
	place_say_hello(p, id);
	expect_refused(p, 1);
	place_expect_file(victim, "precious");

	assert_int_equal(symlink(victim, path), 0);
	place_say_hello(p, id);
	expect_refused(p, 2);
	place_expect_file(victim, "precious");
	assert_int_equal(unlink(victim), 0);
}

/*
 * A FIFO that was made elsewhere, for another purpose: whoever moved it here
 * would be taken for its owner.
 */
static void
fifos_that_were_not_made_here_are_nobody(void **state)
{
	const uint8_t id[FY_HELLO_ID] = { 9 };
	struct place *p = *state;
	char a[200], b[200], elsewhere[100];
	int fds[2];

	place_listen(p);
	snprintf(elsewhere, sizeof(elsewhere), "%s/own", p->folder);
	place_name(p, id, FY_HELLO_TO_LISTENER, a);
	place_name(p, id, FY_HELLO_TO_CLIENT, b);
	assert_int_equal(mkfifo(elsewhere, 0600), 0);
	fds[0] = open(elsewhere, O_RDWR | O_NONBLOCK);
	assert_int_equal(rename(elsewhere, b), 0);
	assert_int_equal(mkfifo(a, 0600), 0);
	fds[1] = open(a, O_RDWR | O_NONBLOCK);
	place_say_hello(p, id);
	expect_refused(p, 1);
	close(fds[0]);
	close(fds[1]);
}

/*
 * A folder may get the number of one that was removed: who moves FIFOs from the
 * one to the other is found out all the same.
 */
static void
a_folder_of_the_same_number_is_another(void **state)
{
	const struct fy_access access = { .mode = 0600 };
	const struct place *p = *state;
	struct fy_meeting m;
	struct stat st, first = { 0 };
	struct timespec stamp = { 0 };
	bool is_other = false;
	int n_same = 0;

	snprintf(m.path, sizeof(m.path), "%s", p->path);
	/* The clock of a file system ticks some hundred times a second. */
	for (int i = 0; i < 200 && !is_other; i++) {
		assert_int_equal(fy_meeting_make(&m, &access, NULL), FERRY_OK);
		assert_int_equal(fstat(m.folder, &st), 0);
		if (i == 0) {
			first = st;
			stamp = m.stamp;
		} else if (st.st_ino == first.st_ino) {
			n_same++;
			is_other = m.stamp.tv_sec != stamp.tv_sec ||
				   m.stamp.tv_nsec != stamp.tv_nsec;
		}
		fy_meeting_end(&m);
		(void)poll(NULL, 0, 1);
	}
	assert_true(is_other || n_same == 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, place_open, place_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(foreign_files_in_the_way_are_left_alone),
		TEST(a_fifo_that_somebody_reads_is_left_alone),
		TEST(a_folder_that_is_none_is_left_alone),
		TEST(a_listener_removes_no_name_but_its_own),
		TEST(addresses_that_mean_nothing_are_refused_whole),
		TEST(others_may_write_where_the_owner_says_so_but_never_read),
		TEST(garbage_is_skipped_and_counted),
		TEST(nothing_is_written_into_what_is_no_fifo),
		TEST(fifos_that_were_not_made_here_are_nobody),
		TEST(a_folder_of_the_same_number_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
