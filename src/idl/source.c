/* SPDX-License-Identifier: MIT */
#include "idl/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/err.h"
#include "core/os.h"
#include "idl/mem.h"

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		fy_os_close(*fd);
}

/* Reads until the end of the file or until @room bytes are there. */
static ferry_err
read_all(int fd, const char *path, char *text, size_t room, size_t *out,
	 struct ferry_error *why)
{
	size_t len = 0;

	while (len < room) {
		ssize_t n = fy_os_read(fd, text + len, room - len);

		if (n < 0)
			return fy_fail_errno(why, "read %s", path);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*out = len;
	return FERRY_OK;
}

static ferry_err
check_kind(int fd, const char *path, struct stat *st, struct ferry_error *why)
{
	if (fy_os_fstat(fd, st) != 0)
		return fy_fail_errno(why, "read %s", path);
	if (S_ISDIR(st->st_mode)) {
		errno = EISDIR;
		return fy_fail_errno(why, "read %s", path);
	}
	return FERRY_OK;
}

/* A pipe has no size: whatever it is, read until it ends. */
static ferry_err
read_open(int fd, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	size_t room, len = 0;
	struct stat st;
	char *text;
	ferry_err err;

	err = check_kind(fd, path, &st, why);
	if (err)
		return err;
	room = S_ISREG(st.st_mode) && st.st_size < (off_t)FY_MAX_SOURCE_BYTES
		       ? (size_t)st.st_size + 1
		       : FY_MAX_SOURCE_BYTES + 1;
	text = ferry_arena_alloc(mem, room);
	if (!text)
		return fy_fail_memory(why, room);
	err = read_all(fd, path, text, room, &len, why);
	if (err)
		return err;
	*out = (struct ferry_str){ text, (uint32_t)len };
	return FERRY_OK;
}

static ferry_err
read_any(void *ctx, const char *path, struct ferry_arena *mem,
	 struct ferry_str *out, struct ferry_error *why)
{
	FY_CLEANUP(close_fd) int fd = fy_os_open(path, O_RDONLY, 0);

	(void)ctx;
	if (fd < 0)
		return fy_fail_errno(why, "open %s", path);
	return read_open(fd, path, mem, out, why);
}

/* Without O_NONBLOCK to open a pipe is to wait for who writes into it. */
static ferry_err
read_plain(void *ctx, const char *path, struct ferry_arena *mem,
	   struct ferry_str *out, struct ferry_error *why)
{
	FY_CLEANUP(close_fd) int fd = fy_os_open(
		path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;

	(void)ctx;
	if (fd < 0 || fy_os_fstat(fd, &st) != 0)
		return fy_fail_errno(why, "open %s", path);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return fy_fail(why, FERRY_EINVAL, "%s is no file", path);
	return read_open(fd, path, mem, out, why);
}

const struct fy_reader fy_reader_files = {
	.read = read_any,
};

const struct fy_reader fy_reader_plain_files = {
	.read = read_plain,
};

const struct fy_source *
fy_sources_find(const struct fy_sources *sources, const char *path)
{
	return fy_names_get(&sources->by_path, ferry_str_of(path));
}

const struct fy_source *
fy_sources_shown(const struct fy_sources *sources, const char *path)
{
	const struct fy_source *source = fy_sources_find(sources, path);

	return source && source->is_read && !source->marked ? source : NULL;
}

/* The entry of @path, which lives as long as @mem. */
static ferry_err
add_source(struct fy_sources *sources, struct ferry_arena *mem,
	   const char *path, struct fy_source **out)
{
	struct fy_source *source = fy_new(mem, sizeof(*source));
	void *found;
	ferry_err err;

	if (!source)
		return FERRY_ENOMEM;
	err = fy_names_put(&sources->by_path, mem, ferry_str_of(path), source,
			   &found);
	if (err)
		return err;
	source->path = path;
	source->rank = sources->n++;
	source->text.data = "";
	*sources->tail = source;
	sources->tail = &source->next;
	*out = source;
	return FERRY_OK;
}

ferry_err
fy_sources_name(struct fy_sources *sources, struct ferry_arena *mem,
		struct ferry_str path, struct fy_source **out)
{
	char *copy = fy_text(mem, path.data, path.len);

	if (!copy)
		return FERRY_ENOMEM;
	*out = (struct fy_source *)fy_sources_find(sources, copy);
	return *out ? FERRY_OK : add_source(sources, mem, copy, out);
}

/* The text of @path, which was not read before. */
static ferry_err
read_source(const struct fy_reader *reader, struct ferry_arena *mem,
	    const char *path, struct ferry_str *out, struct ferry_error *why)
{
	struct ferry_str text = { NULL, 0 };
	ferry_err err = reader->read(reader->ctx, path, mem, &text, why);

	if (err)
		return err;
	if (text.len > FY_MAX_SOURCE_BYTES)
		return fy_fail(why, FERRY_ETOOBIG,
			       "%s is longer than an interface file may be: "
			       "%zu bytes", path, FY_MAX_SOURCE_BYTES);
	if (!text.data)
		text.data = "";
	*out = text;
	return FERRY_OK;
}

ferry_err
fy_sources_read(struct fy_sources *sources, const struct fy_reader *reader,
		struct ferry_arena *mem, const char *path,
		struct fy_source **out, struct ferry_error *why)
{
	struct fy_source *source = (struct fy_source *)
		fy_sources_find(sources, path);
	struct ferry_str text;
	ferry_err err;

	if (!source || !source->is_read) {
		err = read_source(reader, mem, path, &text, why);
		if (err)
			return err;
		if (!source && add_source(sources, mem, path, &source) != 0)
			return fy_fail_memory(why, sizeof(*source));
		source->text = text;
		source->is_read = true;
	}
	*out = source;
	return FERRY_OK;
}
