/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>

#include "core/compiler.h"
#include "os_fault.h"

static const struct fy_gen_file files[] = {
	{ "a.h", "header\n", 7 },
	{ "a.c", "source\n", 7 },
};

struct folder {
	char path[32];
	struct ferry_arena mem;
};

static int
make_folder(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	if (!folder)
		return -1;
	*state = folder;
	strcpy(folder->path, "/tmp/ferry-output-XXXXXX");
	return mkdtemp(folder->path) ? 0 : -1;
}

static const char *
path_in(struct folder *folder, const char *name)
{
	size_t room = sizeof(folder->path) + strlen(name) + 1;
	char *path = ferry_arena_alloc(&folder->mem, room);

	assert_non_null(path);
	snprintf(path, room, "%s/%s", folder->path, name);
	return path;
}

/* Removes all that is in @folder. Return: how many files that was. */
static unsigned int
empty(struct folder *folder)
{
	DIR *dir = opendir(folder->path);
	struct dirent *entry;
	unsigned int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (unlink(path_in(folder, entry->d_name)) == 0)
			n++;
	}
	closedir(dir);
	return n;
}

static int
remove_folder(void **state)
{
	struct folder *folder = *state;

	fy_os_fault_clear();
	empty(folder);
	rmdir(folder->path);
	ferry_arena_fini(&folder->mem);
	free(folder);
	return 0;
}

static ferry_err
write_both(struct folder *folder)
{
	return fy_output_write(folder->path, files, FY_ARRAY_LEN(files),
			       &folder->mem, NULL);
}

static void
assert_file(struct folder *folder, const char *name, const char *wanted)
{
	char text[100] = "";
	int fd = open(path_in(folder, name), O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	assert_string_equal(text, wanted);
}

static void
whatever_fails_leaves_nothing_half(void **state)
{
	static const enum fy_os_call calls[] = { FY_OS_open, FY_OS_write,
						 FY_OS_fsync };
	struct fy_os_fault fault = { .error = ENOSPC };
	struct folder *folder = *state;
	ferry_err err;

	for (size_t i = 0; i < FY_ARRAY_LEN(calls); i++) {
		fault.call = calls[i];
		for (fault.at = 1;; fault.at++) {
			fy_os_fault_set(&fault);
			err = write_both(folder);
			if (fy_os_fault_count(fault.call) < fault.at)
				break;
			assert_int_equal(empty(folder), err ? 0 : 2);
		}
		assert_int_equal(err, FERRY_OK);
		assert_int_equal(empty(folder), 2);
	}
}

/* Writes in a child that @fault befalls. Return: what waitpid(2) says of it. */
static int
write_in_child(struct folder *folder, const struct fy_os_fault *fault)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		fy_os_fault_set(fault);
		_exit(write_both(folder) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
a_signal_leaves_all_or_nothing(void **state)
{
	struct fy_os_fault fault = { .call = FY_OS_any, .signal = SIGINT };
	struct folder *folder = *state;
	int status;

	for (fault.at = 1; fault.at < 100; fault.at++) {
		status = write_in_child(folder, &fault);
		if (WIFEXITED(status))
			break;
		assert_int_equal(WTERMSIG(status), SIGINT);
		assert_int_equal(empty(folder), 2);
	}
	assert_true(fault.at > 10);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(empty(folder), 2);
}

static void
signals_are_as_before_when_all_is_written(void **state)
{
	sigset_t before, after;

	sigprocmask(SIG_SETMASK, NULL, &before);
	assert_int_equal(write_both(*state), FERRY_OK);
	sigprocmask(SIG_SETMASK, NULL, &after);
	for (int i = 1; i < NSIG; i++)
		assert_int_equal(sigismember(&after, i),
				 sigismember(&before, i));
}

static void
links_and_pipes_stay_what_they_are(void **state)
{
	struct folder *folder = *state;
	struct stat st;
	char text[8] = "";
	int fd;

	assert_int_equal(symlink("there", path_in(folder, "a.h")), 0);
	assert_int_equal(mkfifo(path_in(folder, "a.c"), 0600), 0);
	fd = open(path_in(folder, "a.c"), O_RDWR | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(write_both(folder), FERRY_OK);
	assert_int_equal(read(fd, text, sizeof(text)), 7);
	close(fd);
	assert_string_equal(text, "source\n");
	assert_file(folder, "there", "header\n");
	assert_int_equal(lstat(path_in(folder, "a.h"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(path_in(folder, "a.c"), &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

static void
one_file_cannot_be_two(void **state)
{
	struct folder *folder = *state;
	const struct fy_gen_file twice[] = {
		files[0], { path_in(folder, "a.h"), "rule\n", 5 },
	};
	struct ferry_error why;

	assert_int_equal(fy_output_write(folder->path, twice, 2, &folder->mem,
					 &why), FERRY_EINVAL);
	assert_non_null(strstr(why.text, "a.h would be two files"));
	assert_int_equal(empty(folder), 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whatever_fails_leaves_nothing_half),
		TEST(a_signal_leaves_all_or_nothing),
		TEST(signals_are_as_before_when_all_is_written),
		TEST(links_and_pipes_stay_what_they_are),
		TEST(one_file_cannot_be_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
