/* SPDX-License-Identifier: MIT */
/*
 * Whole runs of ferry listen over a listening socket at which peers wait from
 * the beginning, with all that they will say.
 */
#include "cli/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "heard.h"
#include "os_fault.h"

#define PEERS 3
#define WAIT_MS 20000

struct fixture {
	struct fy_message_options options;
	struct fy_listen listen;
	char addr[40];
	const char *addrs[1];
	struct sockaddr_un name;
	socklen_t name_len;
	int peers[PEERS];
};

static char cat_[] = "cat";
static char *cat[] = { cat_, NULL };

/* At a name that the kernel chooses. */
static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	heard_nothing();
	if (!f || fd < 0)
		return -1;
	f->name.sun_family = AF_UNIX;
	f->name_len = sizeof(f->name);
	if (bind(fd, (struct sockaddr *)&f->name, sizeof(sa_family_t)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&f->name, &f->name_len) < 0 ||
	    listen(fd, PEERS) < 0)
		return -1;
	(void)snprintf(f->addr, sizeof(f->addr), "fd:%d?frame=line", fd);
	f->addrs[0] = f->addr;
	f->options.until = ferry_in_ms(WAIT_MS);
	f->listen = (struct fy_listen){
		.options = &f->options,
		.addrs = f->addrs,
		.n_addrs = 1,
		.max_channels = FY_LISTEN_CHANNELS,
	};
	for (int i = 0; i < PEERS; i++)
		f->peers[i] = -1;
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	fy_os_fault_clear();
	for (int i = 0; i < PEERS; i++)
		if (f->peers[i] >= 0)
			close(f->peers[i]);
	free(f);
	return 0;
}

/* One more, who says @text and no more. */
static void
come(struct fixture *f, int peer, const char *text)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&f->name, f->name_len),
			 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	f->peers[peer] = fd;
	f->listen.count++;
}

static void
has(struct fixture *f, int peer, const char *text)
{
	char got[64] = "";
	ssize_t n = 0;
	size_t len = 0;

	while ((n = read(f->peers[peer], got + len, sizeof(got) - 1 - len)) > 0)
		len += (size_t)n;
	assert_string_equal(got, text);
}

static void
run_short_of(struct fixture *f, enum fy_os_call call, int error)
{
	fy_os_fault_set(&(struct fy_os_fault){
		.call = call, .at = 1, .error = error });
	assert_int_equal(fy_listen_run(&f->listen), 0);
	fy_os_fault_clear();
}

static void
who_finds_no_process_left_waits_for_one(void **state)
{
	struct fixture *f = *state;

	f->listen.command = cat;
	come(f, 0, "one\n");
	come(f, 1, "two\n");
	run_short_of(f, FY_OS_spawn_group, EAGAIN);
	has(f, 0, "one\n");
	has(f, 1, "two\n");
	assert_int_equal(heard.n_complaints, 1);
	assert_non_null(strstr(heard.complaint, "who comes waits"));
}

static void
who_cannot_be_accepted_yet_waits_where_he_is(void **state)
{
	struct fixture *f = *state;

	come(f, 0, "one\n");
	run_short_of(f, FY_OS_accept, EMFILE);
	assert_string_equal(heard.printed, "one\n");
	assert_int_equal(heard.n_complaints, 1);
}

/* What this process lacks with nobody there it will always lack. */
static void
who_can_never_be_served_is_turned_away(void **state)
{
	struct fixture *f = *state;

	f->listen.command = cat;
	come(f, 0, "one\n");
	run_short_of(f, FY_OS_pipe, EMFILE);
	has(f, 0, "");
	assert_int_equal(heard.n_complaints, 1);
	assert_null(strstr(heard.complaint, "waits"));
}

static void
want_that_lasts_is_told_of_once(void **state)
{
	struct fixture *f = *state;

	f->listen.command = cat;
	f->options.until = ferry_in_ms(350);
	come(f, 0, "one\n");
	fy_os_fault_set(&(struct fy_os_fault){ .call = FY_OS_spawn_group,
					       .at = 1, .for_ever = true,
					       .error = EAGAIN });
	assert_int_equal(fy_listen_run(&f->listen),
			 ferry_err_status(FERRY_ETIMEDOUT));
	/* How many tries there were is a matter of the machine's load. */
	assert_in_range(fy_os_fault_count(FY_OS_spawn_group), 1, 5);
	assert_int_equal(heard.code, FERRY_ETIMEDOUT);
	assert_int_equal(heard.n_complaints, 2);
	has(f, 0, "");
}

static void
no_more_than_so_many_are_there_at_a_time(void **state)
{
	struct fixture *f = *state;

	f->listen.max_channels = 1;
	come(f, 0, "one\n");
	come(f, 1, "two\n");
	come(f, 2, "three\n");
	assert_int_equal(fy_listen_run(&f->listen), 0);
	assert_string_equal(heard.printed, "one\ntwo\nthree\n");
	assert_int_equal(heard.n_complaints, 0);
}

static void
who_comes_after_the_last_that_counts_is_not_served(void **state)
{
	struct fixture *f = *state;

	come(f, 0, "one\n");
	come(f, 1, "two\n");
	f->listen.count = 1;
	assert_int_equal(fy_listen_run(&f->listen), 0);
	assert_string_equal(heard.printed, "one\n");
}

static void
the_end_of_the_time_is_told_where_nobody_came(void **state)
{
	struct fixture *f = *state;

	f->options.until = ferry_in_ms(20);
	assert_int_equal(fy_listen_run(&f->listen),
			 ferry_err_status(FERRY_ETIMEDOUT));
	assert_int_equal(heard.code, FERRY_ETIMEDOUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_finds_no_process_left_waits_for_one),
		TEST(who_cannot_be_accepted_yet_waits_where_he_is),
		TEST(who_can_never_be_served_is_turned_away),
		TEST(want_that_lasts_is_told_of_once),
		TEST(no_more_than_so_many_are_there_at_a_time),
		TEST(who_comes_after_the_last_that_counts_is_not_served),
		TEST(the_end_of_the_time_is_told_where_nobody_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
