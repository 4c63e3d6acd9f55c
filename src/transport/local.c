/* SPDX-License-Identifier: MIT */
#include "transport/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/body.h"
#include "transport/lockfile.h"
#include "transport/rundir.h"
#include "transport/sock.h"

/* A listener that has bound its name listens within this time. */
#define START_MS 10
/* So often, after a millisecond each, is somebody waited for who starts. */
#define START_TRIES 100

bool
fy_local_is_abstract(const struct fy_local_name *name)
{
	return name->addr.sun_path[0] == '\0';
}

static ferry_err
path_of(const struct fy_local_kind *kind, const struct ferry_addr *addr,
	bool make, char *out, struct ferry_error *why)
{
	const char *body = addr->body;
	size_t len = strlen(body);

	if (body[0] == '\0')
		return fy_fail(why, FERRY_EADDR,
			       "\"%s:\": a path or a name must follow",
			       kind->scheme);
	if (body[0] != '@' && !strchr(body, '/'))
		return fy_rundir_path(body, make, out, FY_LOCAL_PATH_BYTES,
				      why);
	if (strcmp(body, "@") == 0)
		return fy_fail(why, FERRY_EADDR, "\"%s:@\": a name must follow",
			       kind->scheme);
	if (len >= FY_LOCAL_PATH_BYTES)
		return fy_fail(why, FERRY_EADDR,
			       "\"%s:%.80s...\" is longer than the %zu bytes "
			       "that the kernel takes: choose a shorter path",
			       kind->scheme, body, FY_LOCAL_PATH_BYTES - 1);
	memcpy(out, body, len + 1);
	return FERRY_OK;
}

/* Those of a file are a listener's: who dials may say the same address. */
static ferry_err
read_options(const struct fy_local_kind *kind, const struct ferry_addr *addr,
	     struct fy_access *out, struct ferry_error *why)
{
	ferry_err err = fy_body_options_but(addr, kind->options, why);

	if (!err)
		err = fy_access_read(addr, FY_ACCESS_AS_MADE, out, why);
	if (err)
		return err;
	if (addr->body[0] == '@' &&
	    (out->has_gid || out->mode != FY_ACCESS_AS_MADE))
		return fy_fail(why, FERRY_EADDR,
			       "%s:%.60s: is no file: instead of ?mode= and "
			       "?group= write ?uid= and ?gid=",
			       kind->scheme, addr->body);
	return FERRY_OK;
}

ferry_err
fy_local_resolve(const struct fy_local_kind *kind,
		 const struct ferry_addr *addr, bool make,
		 struct fy_local_name *out, struct ferry_error *why)
{
	struct fy_local_name name = {
		.kind = kind,
		.addr.sun_family = AF_UNIX,
		.text = addr->body,
	};
	size_t len;
	ferry_err err;

	err = read_options(kind, addr, &name.access, why);
	if (!err)
		err = path_of(kind, addr, make, name.addr.sun_path, why);
	if (err)
		return err;
	len = strlen(name.addr.sun_path);
	/* An abstract name is counted, a path ends with its NUL. */
	if (name.addr.sun_path[0] == '@')
		name.addr.sun_path[0] = '\0';
	else
		len++;
	name.bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	*out = name;
	return FERRY_OK;
}

static int
connect_to(int fd, const struct fy_local_name *name)
{
	return fy_os_connect(fd, (const struct sockaddr *)&name->addr,
			     name->bytes);
}

/*
 * Tries the name with a socket of a type that no listener has: one that lives
 * never sees a peer that comes only to ask. Return: the errno; 0 if what is
 * there is a socket of datagrams.
 */
static int
probe(const struct fy_local_name *name)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	return fd >= 0 && connect_to(fd, name) == 0 ? 0 : errno;
}

/* ---- dialling ---- */

FY_COLD static ferry_err
fail_connect(const struct fy_local_name *name, struct ferry_error *why)
{
	const struct fy_local_kind *kind = name->kind;

	if (errno != EPROTOTYPE)
		return fy_sock_fail_connect(kind->scheme, name->text, why);
	(void)fy_fail(
		why, FERRY_ECONNECT,
		probe(name) == EPROTOTYPE
			? "%s:%s: who listens there speaks %s:, not %s:"
			: "%s:%s: who is there speaks neither %s: nor %s:",
		kind->scheme, name->text, kind->other, kind->scheme);
	if (why)
		why->sys_errno = EPROTOTYPE;
	return FERRY_ECONNECT;
}

/* The socket is made to block, as long as @until at the most. */
static ferry_err
block_until(int fd, struct ferry_deadline until, struct ferry_error *why)
{
	/* 0 is for ever, so that what is left is never less than 1 us. */
	struct timeval left = { 0, 0 };
	int flags = fy_os_get_flags(fd);

	if (until.ns != FERRY_NEVER.ns) {
		int64_t us = (until.ns - fy_os_now_ns()) / 1000;

		us = us > 1 ? us : 1;
		left.tv_sec = (time_t)(us / 1000000);
		left.tv_usec = (suseconds_t)(us % 1000000);
	}
	if (flags < 0 || fy_os_set_flags(fd, flags & ~O_NONBLOCK) < 0 ||
	    fy_os_setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &left,
			     sizeof(left)) < 0)
		return fy_fail_errno(why, "make a socket wait");
	return FERRY_OK;
}

/*
 * The listener's queue is full. unix(7) has no EINPROGRESS: only a blocking
 * connect waits for room, and one that a signal interrupts has not begun.
 */
static ferry_err
wait_for_room(int fd, const struct fy_local_name *name,
	      struct ferry_deadline until, struct ferry_error *why)
{
	ferry_err err;

	while (!fy_deadline_passed(until)) {
		err = block_until(fd, until, why);
		if (err)
			return err;
		if (connect_to(fd, name) == 0)
			return FERRY_OK;
		if (errno != EAGAIN && errno != EINPROGRESS)
			return fail_connect(name, why);
	}
	return fy_fail(why,
		       until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
						: FERRY_ETIMEDOUT,
		       "%s:%s is busy: it did not accept the connection "
		       "before the deadline", name->kind->scheme, name->text);
}

ferry_err
fy_local_connect(const struct fy_local_name *name, struct ferry_deadline until,
		 int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	ferry_err err = FERRY_OK;

	fd = fy_os_socket(AF_UNIX, name->kind->type | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fy_fail_errno(why, "make a socket");
	if (connect_to(fd, name) < 0) {
		if (errno != EAGAIN)
			return fail_connect(name, why);
		err = wait_for_room(fd, name, until, why);
	}
	if (!err)
		*out = fy_fd_take(&fd);
	return err;
}

/* ---- listening ---- */

/*
 * Whether the name in use is a socket file of this user's that nobody listens
 * at: its listener has died. One that is just being started refuses for a
 * moment between bind and listen; those that take no turns are asked twice for
 * that.
 */
static bool
is_stale(const struct fy_local_name *name)
{
	struct stat st;

	if (fy_local_is_abstract(name) ||
	    fy_os_lstat(name->addr.sun_path, &st) < 0 ||
	    !S_ISSOCK(st.st_mode) || st.st_uid != fy_os_geteuid())
		return false;
	if (probe(name) != ECONNREFUSED)
		return false;
	(void)fy_os_poll(NULL, 0, ferry_in_ms(START_MS));
	return probe(name) == ECONNREFUSED;
}

FY_COLD static ferry_err
fail_listen(const struct fy_local_name *name, struct ferry_error *why)
{
	return fy_fail_errno(why, "listen at %s:%s", name->kind->scheme,
			     name->text);
}

/*
 * One process at a time makes the file, from before it binds until it listens
 * or has failed: who asked in between would take the new listener for a dead
 * one, and its file away.
 */
static ferry_err
take_turn(const struct fy_local_name *name, struct fy_lockfile *lock,
	  struct ferry_error *why)
{
	const char *path = name->addr.sun_path;

	if (fy_local_is_abstract(name))
		return FERRY_OK;
	for (int i = 0; i < START_TRIES; i++) {
		if (fy_lockfile_take(lock, path))
			return FERRY_OK;
		if (errno != EAGAIN)
			break;
		(void)fy_os_poll(NULL, 0, ferry_in_ms(1));
	}
	if (errno == EEXIST || errno == ELOOP || errno == EISDIR)
		return fy_fail(why, FERRY_ESYS,
			       "cannot listen at %s:%.80s: %.80s"
			       FY_LOCKFILE_SUFFIX " is in the way: remove it",
			       name->kind->scheme, name->text, path);
	/* Somebody is making his, and may never come to an end of it. */
	if (errno == EAGAIN)
		errno = EADDRINUSE;
	return fail_listen(name, why);
}

/* Somebody has the name, or something. */
FY_COLD static ferry_err
fail_in_use(const struct fy_local_name *name, struct ferry_error *why)
{
	struct stat st;

	if (fy_local_is_abstract(name) ||
	    fy_os_lstat(name->addr.sun_path, &st) < 0 ||
	    (S_ISSOCK(st.st_mode) && probe(name) != ECONNREFUSED)) {
		errno = EADDRINUSE;
		return fail_listen(name, why);
	}
	(void)fy_fail(why, FERRY_ESYS,
		      S_ISSOCK(st.st_mode)
			      ? "cannot listen at %s:%s: the socket of a dead "
				"listener of uid %u is in the way: remove it, "
				"or choose another address"
			      : "cannot listen at %s:%s: what is there is no "
				"socket, and of uid %u: remove it, or choose "
				"another address",
		      name->kind->scheme, name->text, st.st_uid);
	if (why)
		why->sys_errno = EADDRINUSE;
	return FERRY_ESYS;
}

static int
bind_to(int fd, const struct fy_local_name *name)
{
	return fy_os_bind(fd, (const struct sockaddr *)&name->addr,
			  name->bytes);
}

static ferry_err
bind_name(int fd, const struct fy_local_name *name, struct ferry_error *why)
{
	if (bind_to(fd, name) == 0)
		return FERRY_OK;
	if (errno != EADDRINUSE)
		return fail_listen(name, why);
	if (is_stale(name) && fy_os_unlink(name->addr.sun_path) == 0 &&
	    bind_to(fd, name) == 0)
		return FERRY_OK;
	return fail_in_use(name, why);
}

/* Notes which file bind has made, so that no other one is ever removed. */
static ferry_err
note_file(struct fy_local_file *file, const struct fy_local_name *name,
	  struct ferry_error *why)
{
	struct stat st;

	if (fy_local_is_abstract(name))
		return FERRY_OK;
	if (fy_os_lstat(name->addr.sun_path, &st) < 0) {
		ferry_err err = fy_fail_errno(why, "look at %s",
					      name->addr.sun_path);

		/* Its own without a doubt: it has the turn. */
		(void)fy_os_unlink(name->addr.sun_path);
		return err;
	}
	(void)snprintf(file->path, sizeof(file->path), "%s",
		       name->addr.sun_path);
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->owner = fy_os_getpid();
	return FERRY_OK;
}

void
fy_local_remove(const struct fy_local_file *file)
{
	struct stat st;

	if (file->path[0] == '\0' || file->owner != fy_os_getpid() ||
	    fy_os_lstat(file->path, &st) < 0)
		return;
	if (st.st_dev == file->dev && st.st_ino == file->ino)
		(void)fy_os_unlink(file->path);
}

static ferry_err
start(int fd, const struct fy_local_name *name, struct fy_local_file *file,
      struct ferry_error *why)
{
	FY_CLEANUP(fy_lockfile_give) struct fy_lockfile lock = { .fd = -1 };
	ferry_err err = take_turn(name, &lock, why);

	if (!err)
		err = bind_name(fd, name, why);
	if (err)
		return err;
	err = note_file(file, name, why);
	/* Nobody can connect before it listens, whatever the mode is. */
	if (!err && !fy_local_is_abstract(name))
		err = fy_access_apply(file->path, &name->access, why);
	if (!err)
		err = fy_sock_listen(fd, name->text, why);
	if (err)
		fy_local_remove(file);
	return err;
}

ferry_err
fy_local_listen(const struct fy_local_name *name, struct fy_local_file *file,
		int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	ferry_err err;

	fd = fy_os_socket(AF_UNIX, name->kind->type | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fy_fail_errno(why, "make a socket");
	err = start(fd, name, file, why);
	if (!err)
		*out = fy_fd_take(&fd);
	return err;
}
