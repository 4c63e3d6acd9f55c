/* SPDX-License-Identifier: MIT */
/*
 * Others that have put something where a listener of shm: wants to be, or where
 * one is dialled: neither goes there, and what it is stays as it was.
 */
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
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"
#include "raw.h"

#define TEST(name) cmocka_unit_test(name)

/* Nobody has it; where it comes from does not matter to the kernel. */
#define STRANGER 61001
#define TEXT "what was here before\n"

/**
 * struct site - a folder with a file of somebody's, and a name
 * @path: what is wanted; @victim: the file, with TEXT in it
 */
struct site {
	char folder[40];
	char path[60];
	char victim[60];
	int fd;
};

static void
write_text(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, TEXT, strlen(TEXT)), strlen(TEXT));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
check_text(const char *path)
{
	char text[sizeof(TEXT) + 1] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, text, sizeof(text)), strlen(TEXT));
	assert_string_equal(text, TEXT);
	close(fd);
}

/* ---- what is there ---- */

static void
put_symlink(struct site *s)
{
	assert_int_equal(symlink(s->victim, s->path), 0);
}

static void
put_symlink_to_nothing(struct site *s)
{
	assert_int_equal(symlink("nothing", s->path), 0);
}

static void
put_symlink_to_itself(struct site *s)
{
	assert_int_equal(symlink(s->path, s->path), 0);
}

static void
put_hard_link(struct site *s)
{
	assert_int_equal(link(s->victim, s->path), 0);
}

static void
put_file(struct site *s)
{
	write_text(s->path, 0600);
}

static void
put_file_for_all(struct site *s)
{
	write_text(s->path, 0666);
}

static void
put_empty_file(struct site *s)
{
	int fd = open(s->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);

	assert_true(fd >= 0);
	close(fd);
}

static void
put_fifo(struct site *s)
{
	assert_int_equal(mkfifo(s->path, 0666), 0);
}

static void
put_folder(struct site *s)
{
	assert_int_equal(mkdir(s->path, 0777), 0);
}

static void
put_device(struct site *s)
{
	if (mknod(s->path, S_IFCHR | 0666, 1 << 8 | 3) < 0)
		put_fifo(s);
}

/* As if it were the program's own, but that nobody answers. */
static void
put_listening_socket(struct site *s)
{
	s->fd = raw_listen(s->path);
}

static void
put_strangers_socket(struct site *s)
{
	s->fd = raw_listen(s->path);
	if (chown(s->path, STRANGER, STRANGER) < 0)
		assert_int_not_equal(geteuid(), 0);
}

/* Whose owner has gone, and is somebody else. */
static void
put_strangers_left_socket(struct site *s)
{
	put_strangers_socket(s);
	close(s->fd);
	s->fd = -1;
}

static void
put_symlink_to_socket(struct site *s)
{
	char path[70];

	snprintf(path, sizeof(path), "%s.to", s->path);
	s->fd = raw_listen(path);
	assert_int_equal(symlink(path, s->path), 0);
}

static void (*const puts_there[])(struct site *) = {
	put_symlink,	      put_symlink_to_nothing,
	put_symlink_to_itself, put_hard_link,
	put_file,	      put_file_for_all,
	put_empty_file,	      put_fifo,
	put_folder,	      put_device,
	put_listening_socket, put_strangers_socket,
	put_symlink_to_socket, put_strangers_left_socket,
};
#define N_PUTS (sizeof(puts_there) / sizeof(puts_there[0]))

static void
site_open(struct site *s)
{
	*s = (struct site){ .fd = -1 };
	snprintf(s->folder, sizeof(s->folder), "/tmp/ferry-test-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof(s->path), "%s/s", s->folder);
	snprintf(s->victim, sizeof(s->victim), "%s/v", s->folder);
	write_text(s->victim, 0600);
}

static void
site_close(struct site *s)
{
	char path[70];

	if (s->fd >= 0)
		close(s->fd);
	snprintf(path, sizeof(path), "%s.to", s->path);
	(void)unlink(path);
	if (unlink(s->path) < 0)
		assert_int_equal(rmdir(s->path), 0);
	assert_int_equal(unlink(s->victim), 0);
	/* Nothing else was made there. */
	assert_int_equal(rmdir(s->folder), 0);
}

/* Its name, and all that must not change of what has it. */
static struct stat
look(const struct site *s)
{
	struct stat st;

	assert_int_equal(lstat(s->path, &st), 0);
	return st;
}

static void
check_same(const struct site *s, const struct stat *before)
{
	struct stat st = look(s);

	assert_int_equal(st.st_ino, before->st_ino);
	assert_int_equal(st.st_mode, before->st_mode);
	assert_int_equal(st.st_uid, before->st_uid);
	assert_int_equal(st.st_nlink, before->st_nlink);
	assert_int_equal(st.st_size, before->st_size);
	check_text(s->victim);
}

static void
a_listener_takes_no_name_that_something_has(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_PUTS; i++) {
		const size_t n_fds = fy_audit_fds();
		struct ferry_listener *listener;
		struct ferry_error why;
		struct stat before;
		struct site s;
		char addr[80];

		/* Who is no stranger may have it. */
		if (puts_there[i] == put_strangers_left_socket &&
		    geteuid() != 0)
			continue;
		site_open(&s);
		puts_there[i](&s);
		before = look(&s);
		snprintf(addr, sizeof(addr), "shm:%s?mode=0666", s.path);
		if (ferry_listener_open(addr, NULL, &listener, &why) ==
		    FERRY_OK)
			fail_msg("it listens at kind %zu", i);
		assert_true(why.text[0] != '\0');
		check_same(&s, &before);
		site_close(&s);
		assert_int_equal(fy_audit_fds(), n_fds);
	}
}

static void
who_dials_finds_nobody_where_something_else_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_PUTS; i++) {
		const size_t n_fds = fy_audit_fds();
		struct ferry_channel *ch;
		struct ferry_error why;
		struct stat before;
		struct site s;
		char addr[80];

		site_open(&s);
		puts_there[i](&s);
		before = look(&s);
		snprintf(addr, sizeof(addr), "shm:%s", s.path);
		/* A listener that does not answer is waited for. */
		if (ferry_channel_open(addr, NULL, ferry_in_ms(20), &ch,
				       &why) == FERRY_OK)
			fail_msg("it is open at kind %zu", i);
		assert_true(why.text[0] != '\0');
		check_same(&s, &before);
		site_close(&s);
		assert_int_equal(fy_audit_fds(), n_fds);
	}
}

/* ---- a stranger who was there first ---- */

/* Another user's process that listens at @path, and meets whoever comes. */
static pid_t
squat(const char *path, int *end)
{
	int ready[2], go[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	child = fork();
	if (child == 0) {
		struct raw r;

		close(go[1]);
		if (setgid(STRANGER) < 0 || setuid(STRANGER) < 0)
			_exit(1);
		raw_make(&r, 4096);
		(void)umask(0);
		r.socket = raw_listen(path);
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		for (int i = 0; i < 2; i++) {
			int fd = accept(r.socket, NULL, NULL);
			struct raw one = r;

			one.socket = fd;
			if (raw_hear(&one, NULL))
				raw_say(&one, RAW_WELCOME);
		}
		_exit(read(go[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(ready[1]);
	close(go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*end = go[1];
	return child;
}

static void
who_says_whom_it_wants_is_not_taken_in_by_a_stranger(void **state)
{
	struct ferry_channel *ch;
	struct ferry_peer peer;
	struct site s;
	int end, status;
	char addr[90];
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		skip();
	site_open(&s);
	assert_int_equal(chmod(s.folder, 01777), 0);
	child = squat(s.path, &end);
	snprintf(addr, sizeof(addr), "shm:%s?uid=root", s.path);
	assert_int_equal(ferry_channel_open(addr, NULL, ferry_in_ms(10000),
					    &ch, NULL),
			 FERRY_EACCES);
	/* Whom it has if it does not say so, it can ask. */
	snprintf(addr, sizeof(addr), "shm:%s", s.path);
	assert_int_equal(ferry_channel_open(addr, NULL, ferry_in_ms(10000),
					    &ch, NULL),
			 FERRY_OK);
	ferry_channel_peer(ch, &peer);
	assert_true(peer.has_ids);
	assert_int_equal(peer.uid, STRANGER);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(end);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	site_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_takes_no_name_that_something_has),
		TEST(who_dials_finds_nobody_where_something_else_is),
		TEST(who_says_whom_it_wants_is_not_taken_in_by_a_stranger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
