/* SPDX-License-Identifier: MIT */
/*
 * Each system call of making a link or a listener fails once: an error is
 * said, and neither a file, a descriptor nor a child is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"
#include "core/os.h"
#include "os_fault.h"

/* More than any of them makes. */
#define CALLS_MOST 200

static const int errors[] = { EIO, EMFILE, ENOMEM, EACCES };

static int
open_folder(void **state)
{
	char *folder = strdup("/tmp/ferry-test-XXXXXX");

	*state = folder;
	return folder && mkdtemp(folder) ? 0 : -1;
}

static int
close_folder(void **state)
{
	int result = rmdir(*state);

	free(*state);
	return result;
}

static size_t
count_files(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

/* Listens at @addr with the call @at failing. Return: whether it got so far. */
static bool
listen_with(const char *addr, const char *folder, uint32_t at, int error)
{
	struct ferry_listener *listener = NULL;
	struct ferry_error why = { .code = FERRY_OK };
	size_t n_fds = fy_audit_fds();
	char lock[100];
	bool reached;
	ferry_err err;

	fy_os_fault_set(&(struct fy_os_fault){ .at = at, .error = error });
	err = ferry_listener_open(addr, NULL, &listener, &why);
	reached = fy_os_fault_count(FY_OS_any) >= at;
	fy_os_fault_clear();
	assert_int_equal(err, why.code);
	if (err)
		assert_true(strlen(why.text) > 10);
	ferry_listener_close(listener);
	/* One that could not be removed, or looked at, holds nobody up. */
	snprintf(lock, sizeof(lock), "%s/s.takeover", folder);
	unlink(lock);
	assert_int_equal(count_files(folder), 0);
	assert_int_equal(fy_audit_fds(), n_fds);
	return reached;
}

static void
a_listener_that_fails_leaves_nothing(void **state)
{
	char addr[100];

	snprintf(addr, sizeof(addr), "unix:%s/s?mode=0600&watch=process",
		 (char *)*state);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		uint32_t at = 1;

		while (listen_with(addr, *state, at, errors[i]))
			at++;
		assert_in_range(at, 5, CALLS_MOST);
	}
}

/*
 * In a child, killed as it begins the call @at of listening and closing. What
 * the next listener finds is what was there between two of them. Return:
 * whether it got so far.
 */
static bool
killed_at(const char *addr, uint32_t at)
{
	struct ferry_listener *listener;
	pid_t child = fork();
	int status;

	if (child == 0) {
		fy_os_fault_set(&(struct fy_os_fault){ .at = at,
						       .signal = SIGKILL });
		if (ferry_listener_open(addr, NULL, &listener, NULL))
			_exit(1);
		ferry_listener_close(listener);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(status == 0 || WIFSIGNALED(status));
	return status != 0;
}

/* Whoever dies between bind and here leaves a name that nobody listens at. */
static void
leave_stale(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	close(fd);
}

static void
a_listener_may_be_killed_at_each_step(void **state)
{
	char path[80], addr[100];
	uint32_t at = 0;
	bool killed;

	snprintf(path, sizeof(path), "%s/s", (char *)*state);
	snprintf(addr, sizeof(addr), "unix:%s?mode=0600", path);
	do {
		struct ferry_listener *listener;
		struct ferry_channel *ch;

		leave_stale(path);
		killed = killed_at(addr, ++at);
		assert_int_equal(ferry_listener_open(addr, NULL, &listener,
						     NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NOW, &ch,
						    NULL),
				 FERRY_OK);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		ferry_listener_close(listener);
		assert_int_equal(count_files(*state), 0);
	} while (killed);
	assert_in_range(at, 15, CALLS_MOST);
}

/* As listen_with(), for a channel to open. */
static bool
open_with(const char *addr, uint32_t at, int error)
{
	struct ferry_channel *ch = NULL;
	struct ferry_error why = { .code = FERRY_OK };
	size_t n_fds = fy_audit_fds();
	bool reached;
	ferry_err err;

	fy_os_fault_set(&(struct fy_os_fault){ .at = at, .error = error });
	err = ferry_channel_open(addr, NULL, FERRY_NEVER, &ch, &why);
	reached = fy_os_fault_count(FY_OS_any) >= at;
	fy_os_fault_clear();
	assert_int_equal(err, why.code);
	if (!err)
		ferry_channel_close(ch, FERRY_NOW, NULL);
	assert_int_equal(fy_audit_fds(), n_fds);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return reached;
}

static void
sweep_open(const char *addr)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		uint32_t at = 1;

		while (open_with(addr, at, errors[i]))
			at++;
		assert_in_range(at, 3, CALLS_MOST);
	}
}

static void
a_command_that_fails_to_start_leaves_nothing(void **state)
{
	(void)state;
	sweep_open("exec:cat?stderr=log");
	sweep_open("exec:cat?stderr=null");
}

static void
a_link_that_fails_leaves_nothing(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	char addr[100];

	snprintf(addr, sizeof(addr), "unix:%s/s", (char *)*state);
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL),
			 FERRY_OK);
	strcat(addr, "?watch=process&uid=0,root");
	/* Root's own, or else refused after all calls. */
	if (geteuid() == 0)
		sweep_open(addr);
	while (!ferry_listener_accept(listener, FERRY_NOW, &ch, NULL))
		ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_listener_close(listener);
	sweep_open("tcp:127.0.0.1:1");
}

/* As before Linux 6.5. Not told to the first client, who could not help. */
static void
a_listener_that_cannot_watch_says_so(void **state)
{
	struct ferry_listener *listener;
	struct ferry_error why = { .code = FERRY_OK };
	size_t n_fds = fy_audit_fds();
	char addr[100];

	snprintf(addr, sizeof(addr), "unix:%s/s?watch=process",
		 (char *)*state);
	fy_os_fault_set(&(struct fy_os_fault){
		.call = FY_OS_getsockopt,
		.at = 1,
		.error = ENOPROTOOPT,
	});
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, &why),
			 FERRY_ENOTSUP);
	fy_os_fault_clear();
	assert_non_null(strstr(why.text, "6.5"));
	assert_non_null(strstr(why.text, "?watch="));
	assert_int_equal(count_files(*state), 0);
	assert_int_equal(fy_audit_fds(), n_fds);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_folder, close_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_that_fails_leaves_nothing),
		TEST(a_listener_may_be_killed_at_each_step),
		TEST(a_command_that_fails_to_start_leaves_nothing),
		TEST(a_link_that_fails_leaves_nothing),
		TEST(a_listener_that_cannot_watch_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
