/* SPDX-License-Identifier: MIT */
/* What is unix's own; the rest is in tests/conformance. */
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
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "core/time.h"
#include "rivals.h"

static const struct fy_channel_config config = { .link.max_message = 1000 };

static int
open_folder(void **state)
{
	char *folder = strdup("/tmp/ferry-test-XXXXXX");

	*state = folder;
	return folder && mkdtemp(folder) ? 0 : -1;
}

/* All must have been removed. */
static int
close_folder(void **state)
{
	int result = rmdir(*state);

	free(*state);
	return result;
}

struct text {
	char text[100];
};

/* @format with the folder in the place of its exclamation mark. */
static struct text
in_folder(const char *format, const char *folder)
{
	const char *at = strchr(format, '!');
	struct text t;

	snprintf(t.text, sizeof(t.text), "%.*s%s%s", (int)(at - format), format,
		 folder, at + 1);
	return t;
}

/* A socket file whose listener is dead. */
static void
leave_stale(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd);
	assert_int_equal(access(path, F_OK), 0);
}

static void
the_socket_of_a_dead_listener_is_replaced(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_channel ch = { 0 };
	const struct text at = in_folder("unix:!/s", *state);
	const char *addr = at.text;

	leave_stale(in_folder("!/s", *state).text);
	assert_int_equal(fy_channel_open(&ch, &config, addr, FERRY_NEVER, NULL),
			 FERRY_ECONNECT);
	assert_int_equal(fy_listener_open(&listener, &config, addr, NULL),
			 FERRY_OK);
	assert_int_equal(fy_channel_open(&ch, &config, addr, FERRY_NEVER, NULL),
			 FERRY_OK);
	fy_channel_fini(&ch);
	fy_listener_fini(&listener);
	assert_int_equal(access(in_folder("!/s", *state).text, F_OK), -1);
}

static void
who_finds_a_name_taken_is_no_peer(void **state)
{
	struct ferry_listener listener = { 0 }, other = { 0 };
	struct ferry_channel *ch;
	const struct text at = in_folder("unix:!/s", *state);
	struct ferry_error why;

	assert_int_equal(fy_listener_open(&listener, &config, at.text, NULL),
			 FERRY_OK);
	assert_int_equal(fy_listener_open(&other, &config, at.text, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	assert_int_equal(ferry_listener_accept(&listener, FERRY_NOW, &ch, NULL),
			 FERRY_EAGAIN);
	fy_listener_fini(&listener);
}

static void
one_of_many_replaces_a_dead_listener(void **state)
{
	const struct text at = in_folder("unix:!/s", *state);
	struct ferry_channel ch = { 0 };
	struct fy_rivals rivals;

	leave_stale(in_folder("!/s", *state).text);
	assert_int_equal(fy_rivals_start(&rivals, at.text), 1);
	assert_int_equal(fy_channel_open(&ch, &config, at.text, FERRY_NEVER,
					 NULL),
			 FERRY_OK);
	fy_channel_fini(&ch);
	assert_true(fy_rivals_stop(&rivals));
}

static void
a_file_that_is_no_socket_is_left_alone(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_error why;
	FILE *file = fopen(in_folder("!/s", *state).text, "w");

	fclose(file);
	assert_int_equal(fy_listener_open(&listener, &config,
					  in_folder("unix:!/s", *state).text,
					  &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	assert_non_null(strstr(why.text, "no socket"));
	assert_non_null(strstr(why.text, in_folder("!/s", *state).text));
	assert_int_equal(unlink(in_folder("!/s", *state).text), 0);
}

/* In a child that is another user: the text of why it cannot listen. */
static struct ferry_error
fail_as_other(const char *addr)
{
	struct ferry_error why = { .code = FERRY_OK };
	int told[2];
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		struct ferry_listener listener = { 0 };

		if (setgid(61001) < 0 || setuid(61001) < 0 ||
		    fy_listener_open(&listener, &config, addr, &why) ==
			    FERRY_OK ||
		    write(told[1], &why, sizeof(why)) != sizeof(why))
			_exit(1);
		_exit(0);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &why, sizeof(why)), sizeof(why));
	close(told[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return why;
}

static void
what_another_user_has_put_in_the_way_is_named(void **state)
{
	const struct text at = in_folder("unix:!/s", *state);
	const struct text socket_file = in_folder("!/s", *state);
	const struct text lock = in_folder("!/s.takeover", *state);
	struct ferry_error why;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(*state, 0777), 0);
	leave_stale(socket_file.text);
	assert_int_equal(chmod(socket_file.text, 0666), 0);
	why = fail_as_other(at.text);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	assert_non_null(strstr(why.text, "dead listener of uid 0"));
	close(open(lock.text, O_RDWR | O_CREAT, 0600));
	why = fail_as_other(at.text);
	assert_non_null(strstr(why.text, lock.text));
	assert_int_equal(unlink(lock.text), 0);
	assert_int_equal(unlink(socket_file.text), 0);
}

static void
a_listener_removes_no_file_but_its_own(void **state)
{
	struct ferry_listener listener = { 0 };

	assert_int_equal(fy_listener_open(&listener, &config,
					  in_folder("unix:!/s", *state).text,
					  NULL),
			 FERRY_OK);
	assert_int_equal(unlink(in_folder("!/s", *state).text), 0);
	leave_stale(in_folder("!/s", *state).text);
	fy_listener_fini(&listener);
	assert_int_equal(unlink(in_folder("!/s", *state).text), 0);
}

static void
a_path_that_is_too_long_is_refused_whole(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_error why;
	char text[200];

	(void)state;
	snprintf(text, sizeof(text), "unix:/tmp/%0110d", 7);
	assert_int_equal(fy_listener_open(&listener, &config, text, &why),
			 FERRY_EADDR);
	assert_non_null(strstr(why.text, "107 bytes"));
	assert_int_equal(fy_listener_open(&listener, &config, "unix:x?a=b",
					  &why),
			 FERRY_EADDR);
	assert_int_equal(fy_listener_open(&listener, &config, "unix:@", &why),
			 FERRY_EADDR);
	assert_int_equal(fy_listener_open(&listener, &config, "unix:..", &why),
			 FERRY_EADDR);
	assert_int_equal(fy_listener_open(&listener, &config, "unix:", &why),
			 FERRY_EADDR);
	assert_non_null(strstr(why.text, "\"unix:\""));
}

static void
a_bare_name_lives_in_the_users_own_folder(void **state)
{
	struct ferry_listener listener = { 0 };
	struct stat st;

	setenv("XDG_RUNTIME_DIR", *state, 1);
	assert_int_equal(fy_listener_open(&listener, &config, "unix:n", NULL),
			 FERRY_OK);
	assert_int_equal(stat(in_folder("!/ferry", *state).text, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(in_folder("!/ferry/n", *state).text, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	fy_listener_fini(&listener);
	assert_int_equal(rmdir(in_folder("!/ferry", *state).text), 0);
	unsetenv("XDG_RUNTIME_DIR");
}

static void
a_folder_that_is_open_to_others_is_refused(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_channel ch = { 0 };

	setenv("XDG_RUNTIME_DIR", *state, 1);
	assert_int_equal(fy_channel_open(&ch, &config, "unix:n", FERRY_NEVER,
					 NULL),
			 FERRY_ECONNECT);
	assert_int_equal(mkdir(in_folder("!/ferry", *state).text, 0700), 0);
	assert_int_equal(chmod(in_folder("!/ferry", *state).text, 0750), 0);
	assert_int_equal(fy_listener_open(&listener, &config, "unix:n", NULL),
			 FERRY_EACCES);
	assert_int_equal(fy_channel_open(&ch, &config, "unix:n", FERRY_NEVER,
					 NULL),
			 FERRY_EACCES);
	assert_int_equal(rmdir(in_folder("!/ferry", *state).text), 0);
	assert_int_equal(symlink("/tmp", in_folder("!/ferry", *state).text), 0);
	assert_int_equal(fy_listener_open(&listener, &config, "unix:n", NULL),
			 FERRY_EACCES);
	assert_int_equal(unlink(in_folder("!/ferry", *state).text), 0);
	unsetenv("XDG_RUNTIME_DIR");
}

/* What is there, of another type. */
static int
listen_as(int type, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_true(type == SOCK_DGRAM || listen(fd, 1) == 0);
	return fd;
}

static void
who_speaks_something_else_is_named(void **state)
{
	static const struct {
		int type;
		const char *says;
	} others[] = {
		{ SOCK_SEQPACKET, "speaks shm:, not unix:" },
		{ SOCK_DGRAM, "neither shm: nor unix:" },
	};
	const struct text at = in_folder("unix:!/s", *state);
	struct ferry_channel ch = { 0 };
	struct ferry_listener listener = { 0 };
	struct ferry_error why;

	for (size_t i = 0; i < 2; i++) {
		int fd = listen_as(others[i].type,
				   in_folder("!/s", *state).text);

		assert_int_equal(fy_channel_open(&ch, &config, at.text,
						 FERRY_NOW, &why),
				 FERRY_ECONNECT);
		assert_int_equal(why.sys_errno, EPROTOTYPE);
		assert_non_null(strstr(why.text, others[i].says));
		assert_non_null(strstr(why.text, at.text));
		/* He is not seen, and his file is not taken away. */
		assert_int_equal(fy_listener_open(&listener, &config, at.text,
						  &why),
				 FERRY_ESYS);
		assert_int_equal(why.sys_errno, EADDRINUSE);
		assert_int_equal(recv(fd, &(char){ 0 }, 1, MSG_DONTWAIT), -1);
		close(fd);
		assert_int_equal(unlink(in_folder("!/s", *state).text), 0);
	}
}

/* A listener whose queue holds one, and who never accepts. */
static int
listen_to_one(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 0), 0);
	return fd;
}

static void
a_busy_listener_is_waited_for_until_the_deadline(void **state)
{
	int fd = listen_to_one(in_folder("!/s", *state).text);
	struct ferry_deadline until = ferry_in_ms(20);
	struct ferry_channel first = { 0 }, second = { 0 };
	const struct text at = in_folder("unix:!/s", *state);
	const char *addr = at.text;

	assert_int_equal(fy_channel_open(&first, &config, addr, FERRY_NEVER,
					 NULL),
			 FERRY_OK);
	assert_int_equal(fy_channel_open(&second, &config, addr, FERRY_NOW,
					 NULL),
			 FERRY_EAGAIN);
	assert_int_equal(fy_channel_open(&second, &config, addr, until, NULL),
			 FERRY_ETIMEDOUT);
	assert_true(fy_deadline_passed(until));
	close(accept(fd, NULL, NULL));
	assert_int_equal(fy_channel_open(&second, &config, addr, FERRY_NEVER,
					 NULL),
			 FERRY_OK);
	fy_channel_fini(&first);
	fy_channel_fini(&second);
	close(fd);
	assert_int_equal(unlink(in_folder("!/s", *state).text), 0);
}

static void
a_listener_gives_its_file_a_mode_and_a_group(void **state)
{
	struct ferry_listener listener = { 0 };
	struct text at = in_folder("unix:!/s?mode=0620&group=", *state);
	struct ferry_channel ch = { 0 };
	struct ferry_addr addr;
	struct stat st;
	char gid[16];

	snprintf(gid, sizeof(gid), "%u", getegid());
	strcat(at.text, gid);
	assert_int_equal(fy_listener_open(&listener, &config, at.text, NULL),
			 FERRY_OK);
	assert_int_equal(stat(in_folder("!/s", *state).text, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0620);
	assert_int_equal(st.st_gid, getegid());
	/* Who dials may say the same, and is not asked to. */
	assert_int_equal(fy_channel_open(&ch, &config, at.text, FERRY_NEVER,
					 NULL),
			 FERRY_OK);
	listener.port->ops->port_addr(listener.port, &addr);
	assert_int_equal(addr.n_options, 0);
	fy_channel_fini(&ch);
	fy_listener_fini(&listener);
}

static void
options_that_mean_nothing_are_refused(void **state)
{
	static const char *const wrong[] = {
		"unix:!/s?mode=8", "unix:!/s?mode=07777", "unix:@!?mode=0600",
		"unix:@!?group=0", "unix:!/s?watch=thread", "unix:!/s?what=1",
		"unix:!/s?group=no-such-ferry-group",
	};
	struct ferry_listener listener = { 0 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct ferry_error why;
		struct text at = in_folder(wrong[i], *state);

		assert_int_equal(fy_listener_open(&listener, &config, at.text,
						  &why),
				 FERRY_EADDR);
		assert_int_equal(access(in_folder("!/s", *state).text, F_OK),
				 -1);
	}
}

static void
what_is_in_the_way_of_the_turn_is_named(void **state)
{
	const struct text at = in_folder("unix:!/s", *state);
	const struct text lock = in_folder("!/s.takeover", *state);
	struct ferry_listener listener = { 0 };
	struct ferry_error why;
	FILE *file;
	int fd;

	assert_int_equal(symlink("/etc/passwd", lock.text), 0);
	assert_int_equal(fy_listener_open(&listener, &config, at.text, &why),
			 FERRY_ESYS);
	assert_non_null(strstr(why.text, lock.text));
	assert_int_equal(unlink(lock.text), 0);
	file = fopen(lock.text, "w");
	fputs("mine", file);
	fclose(file);
	assert_int_equal(fy_listener_open(&listener, &config, at.text, &why),
			 FERRY_ESYS);
	assert_non_null(strstr(why.text, lock.text));
	/* Empty, it is what a listener left that was killed. */
	assert_int_equal(truncate(lock.text, 0), 0);
	fd = open(lock.text, O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(fy_listener_open(&listener, &config, at.text, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, EADDRINUSE);
	close(fd);
	assert_int_equal(fy_listener_open(&listener, &config, at.text, &why),
			 FERRY_OK);
	fy_listener_fini(&listener);
}

/* Tells when it is bound, and dies when it is killed, at the latest. */
static void
bind_and_wait(const char *path, int told)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    write(told, "b", 1) != 1)
		_exit(1);
	pause();
	_exit(1);
}

static void
what_a_listener_left_that_was_killed_while_it_started_is_replaced(void **state)
{
	const struct text at = in_folder("unix:!/s", *state);
	struct ferry_listener listener = { 0 };
	int told[2];
	char byte;
	pid_t child;

	/* As after each of its steps: the lock alone, then the name as well. */
	fclose(fopen(in_folder("!/s.takeover", *state).text, "w"));
	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0)
		bind_and_wait(in_folder("!/s", *state).text, told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(fy_listener_open(&listener, &config, at.text, NULL),
			 FERRY_OK);
	fy_listener_fini(&listener);
	close(told[0]);
	close(told[1]);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_folder, close_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_socket_of_a_dead_listener_is_replaced),
		TEST(who_finds_a_name_taken_is_no_peer),
		TEST(one_of_many_replaces_a_dead_listener),
		TEST(a_file_that_is_no_socket_is_left_alone),
		TEST(what_another_user_has_put_in_the_way_is_named),
		TEST(a_listener_removes_no_file_but_its_own),
		TEST(a_path_that_is_too_long_is_refused_whole),
		TEST(a_bare_name_lives_in_the_users_own_folder),
		TEST(a_folder_that_is_open_to_others_is_refused),
		TEST(who_speaks_something_else_is_named),
		TEST(a_busy_listener_is_waited_for_until_the_deadline),
		TEST(a_listener_gives_its_file_a_mode_and_a_group),
		TEST(options_that_mean_nothing_are_refused),
		TEST(what_is_in_the_way_of_the_turn_is_named),
		TEST(what_a_listener_left_that_was_killed_while_it_started_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
