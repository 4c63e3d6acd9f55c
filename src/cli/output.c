/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/os.h"
#include "idl/mem.h"
#include "idl/source.h"

/* Names that a run which was killed may have left. */
#define MAX_TRIES 100

struct output {
	const struct fy_gen_file *file;
	const char *path;
	const char *dir;
	const char *name;      /* without a folder */
	const char *temporary; /* NULL: nothing to rename */
	bool in_place;	       /* a link or a device, which is to stay one */
};

static const char *
join(struct ferry_arena *mem, const struct output *output, unsigned int number)
{
	size_t room = strlen(output->dir) + strlen(output->name) + 40;
	char *path = ferry_arena_alloc(mem, room);

	if (path && number == 0)
		snprintf(path, room, "%s/%s", output->dir, output->name);
	else if (path)
		snprintf(path, room, "%s/.%s.%ld-%u", output->dir,
			 output->name, (long)fy_os_getpid(), number);
	return path;
}

/* Where the file goes: into @dir, or where its own name says. */
static ferry_err
place(struct output *output, const char *dir, struct ferry_arena *mem,
      struct ferry_error *why)
{
	const char *name = output->file->name;
	const char *slash = strrchr(name, '/');

	output->dir = dir;
	output->name = name;
	if (slash) {
		output->dir = slash == name
				      ? "/"
				      : fy_text(mem, name,
						(size_t)(slash - name));
		output->name = slash + 1;
	}
	if (!output->dir)
		return fy_fail_memory(why, 0);
	output->path = join(mem, output, 0);
	return output->path ? FERRY_OK : fy_fail_memory(why, 0);
}

/* Whether the file is there with these bytes. */
static bool
is_same(const struct output *output, struct ferry_arena *mem)
{
	struct ferry_str old;
	struct ferry_error ignored;
	ferry_err err;

	err = fy_reader_plain_files.read(NULL, output->path, mem, &old,
					 &ignored);
	return !err && old.len == output->file->len &&
	       memcmp(old.data, output->file->text, old.len) == 0;
}

static ferry_err
open_temporary(struct output *output, struct ferry_arena *mem, int *out,
	       struct ferry_error *why)
{
	const char *path;
	int fd = -1;

	for (unsigned int i = 1; i <= MAX_TRIES && fd < 0; i++) {
		path = join(mem, output, i);
		if (!path)
			return fy_fail_memory(why, 0);
		fd = fy_os_open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0)
		return fy_fail_errno(why, "write into the folder %s",
				     output->dir);
	output->temporary = path;
	*out = fd;
	return FERRY_OK;
}

static ferry_err
write_all(int fd, const struct output *output, struct ferry_error *why)
{
	size_t done = 0;

	while (done < output->file->len) {
		ssize_t n = fy_os_write(fd, output->file->text + done,
					output->file->len - done);

		if (n < 0)
			return fy_fail_errno(why, "write %s", output->path);
		done += (size_t)n;
	}
	/* What cannot be synchronised, some folders of some systems, is not. */
	if (fy_os_fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		return fy_fail_errno(why, "write %s", output->path);
	return FERRY_OK;
}

static ferry_err
write_temporary(struct output *output, struct ferry_arena *mem,
		struct ferry_error *why)
{
	struct stat st;
	ferry_err err;
	int fd = -1;

	if (fy_os_lstat(output->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		output->in_place = !S_ISDIR(st.st_mode);
		return output->in_place
			       ? FERRY_OK
			       : fy_fail(why, FERRY_ESYS,
					 "cannot write %s: it is a folder",
					 output->path);
	}
	err = open_temporary(output, mem, &fd, why);
	if (err)
		return err;
	err = write_all(fd, output, why);
	if (fy_os_close(fd) != 0 && !err)
		err = fy_fail_errno(why, "write %s", output->path);
	return err;
}

static ferry_err
rename_all(struct output *list, size_t n, struct ferry_error *why)
{
	for (size_t i = 0; i < n; i++) {
		if (!list[i].temporary)
			continue;
		if (fy_os_rename(list[i].temporary, list[i].path) != 0)
			return fy_fail_errno(why, "write %s", list[i].path);
		list[i].temporary = NULL;
	}
	return FERRY_OK;
}

/* /dev/stdout, or a link into another folder. */
static ferry_err
write_in_place(const struct output *output, struct ferry_error *why)
{
	int fd = fy_os_open(output->path, O_WRONLY | O_CREAT | O_TRUNC |
			    O_NOCTTY, 0666);
	ferry_err err;

	if (fd < 0)
		return fy_fail_errno(why, "write %s", output->path);
	err = write_all(fd, output, why);
	if (fy_os_close(fd) != 0 && !err)
		err = fy_fail_errno(why, "write %s", output->path);
	return err;
}

static ferry_err
place_all(struct output *list, const char *dir, size_t n,
	  struct ferry_arena *mem, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < n && !err; i++) {
		err = place(&list[i], dir, mem, why);
		for (size_t j = 0; j < i && !err; j++) {
			if (strcmp(list[i].path, list[j].path) == 0)
				err = fy_fail(why, FERRY_EINVAL,
					      "%s would be two files",
					      list[i].path);
		}
	}
	return err;
}

/* Whatever ends it, nothing temporary is left. */
static ferry_err
write_files(struct output *list, size_t n, struct ferry_arena *mem,
	    struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < n && !err; i++) {
		if (!is_same(&list[i], mem))
			err = write_temporary(&list[i], mem, why);
	}
	if (!err)
		err = rename_all(list, n, why);
	for (size_t i = 0; i < n; i++) {
		if (list[i].temporary)
			(void)fy_os_unlink(list[i].temporary);
	}
	return err;
}

/* Signals of those who do not want to wait, and of a limit on files. */
static void
block_signals(sigset_t *before)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < FY_ARRAY_LEN(ends); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

ferry_err
fy_output_write(const char *dir, const struct fy_gen_file *files, size_t n,
		struct ferry_arena *mem, struct ferry_error *why)
{
	struct output list[FY_OUTPUT_FILES] = { { .file = NULL } };
	sigset_t before;
	ferry_err err;

	for (size_t i = 0; i < n; i++)
		list[i].file = &files[i];
	err = place_all(list, dir, n, mem, why);
	if (err)
		return err;
	block_signals(&before);
	err = write_files(list, n, mem, why);
	sigprocmask(SIG_SETMASK, &before, NULL);
	for (size_t i = 0; i < n && !err; i++) {
		if (list[i].in_place)
			err = write_in_place(&list[i], why);
	}
	return err;
}
