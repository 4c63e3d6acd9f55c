/* SPDX-License-Identifier: MIT */
/*
 * unix:PATH, unix:NAME (in the user's own folder), unix:@NAME (abstract): the
 * usual way between processes of one machine. The kernel tells who they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/un.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/access.h"
#include "transport/body.h"
#include "transport/lockfile.h"
#include "transport/ops.h"
#include "transport/rundir.h"
#include "transport/sock.h"

#define PATH_BYTES sizeof(((struct sockaddr_un *)NULL)->sun_path)
/* A listener that has bound its name listens within this time. */
#define START_MS 10
/* So often, after a millisecond each, is somebody waited for who starts. */
#define START_TRIES 100

/*
 * @dev, @ino: the socket file that this port made, if .path is not empty
 * @owner:     the process that removes it
 */
struct unix_port {
	struct fy_sock_port sock;
	char path[PATH_BYTES];
	dev_t dev;
	ino_t ino;
	pid_t owner;
};

/*
 * What an address says.
 * @text:   for messages
 * @access: of a listener's file
 * @watch:  ?watch=process
 */
struct name {
	struct sockaddr_un addr;
	socklen_t bytes;
	const char *text;
	struct fy_access access;
	bool watch;
};

static bool
is_abstract(const struct name *name)
{
	return name->addr.sun_path[0] == '\0';
}

static ferry_err
path_of(const struct ferry_addr *addr, bool make, char *out,
	struct ferry_error *why)
{
	const char *body = addr->body;
	size_t len = strlen(body);

	if (body[0] == '\0')
		return fy_fail(why, FERRY_EADDR,
			       "\"unix:\": a path or a name must follow");
	if (body[0] != '@' && !strchr(body, '/'))
		return fy_rundir_path(body, make, out, PATH_BYTES, why);
	if (strcmp(body, "@") == 0)
		return fy_fail(why, FERRY_EADDR,
			       "\"unix:@\": a name must follow");
	if (len >= PATH_BYTES)
		return fy_fail(why, FERRY_EADDR,
			       "\"unix:%.80s...\" is longer than the %zu bytes "
			       "that the kernel takes: choose a shorter path",
			       body, PATH_BYTES - 1);
	memcpy(out, body, len + 1);
	return FERRY_OK;
}

/* Those of a file are a listener's: who dials may say the same address. */
static ferry_err
read_options(const struct ferry_addr *addr, struct name *name,
	     struct ferry_error *why)
{
	static const char *const keys[] = { FY_ACCESS_OPTIONS, "watch", NULL };
	const char *watch = fy_body_option(addr, "watch");
	ferry_err err = fy_body_options_but(addr, keys, why);

	if (!err)
		err = fy_access_read(addr, FY_ACCESS_AS_MADE, &name->access,
				     why);
	if (err)
		return err;
	name->watch = watch;
	if (watch && strcmp(watch, "process") != 0)
		return fy_fail(why, FERRY_EADDR,
			       "unix: ?watch=%.40s: write ?watch=process, or "
			       "leave it out", watch);
	if (addr->body[0] == '@' && (name->access.has_gid ||
				     name->access.mode != FY_ACCESS_AS_MADE))
		return fy_fail(why, FERRY_EADDR,
			       "unix:%.60s: is no file: instead of ?mode= and "
			       "?group= write ?uid= and ?gid=", addr->body);
	return FERRY_OK;
}

/* @make: the user's folder, if the name lives there. */
static ferry_err
resolve(const struct ferry_addr *addr, bool make, struct name *out,
	struct ferry_error *why)
{
	struct name name = { .addr.sun_family = AF_UNIX, .text = addr->body };
	size_t len;
	ferry_err err;

	err = read_options(addr, &name, why);
	if (!err)
		err = path_of(addr, make, name.addr.sun_path, why);
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

/* ---- dialling ---- */

static int
connect_to(int fd, const struct name *name)
{
	return fy_os_connect(fd, (const struct sockaddr *)&name->addr,
			     name->bytes);
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
wait_for_room(int fd, const struct name *name, struct ferry_deadline until,
	      struct ferry_error *why)
{
	ferry_err err;

	while (!fy_deadline_passed(until)) {
		err = block_until(fd, until, why);
		if (err)
			return err;
		if (connect_to(fd, name) == 0)
			return FERRY_OK;
		if (errno != EAGAIN && errno != EINPROGRESS)
			return fy_sock_fail_connect("unix", name->text, why);
	}
	return fy_fail(why,
		       until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
						: FERRY_ETIMEDOUT,
		       "unix:%s is busy: it did not accept the connection "
		       "before the deadline", name->text);
}

static ferry_err
unix_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct ferry_link *link;
	struct name name;
	ferry_err err;

	err = resolve(addr, false, &name, why);
	if (err)
		return err;
	fd = fy_os_socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fy_fail_errno(why, "make a socket");
	if (connect_to(fd, &name) < 0) {
		if (errno != EAGAIN)
			return fy_sock_fail_connect("unix", name.text, why);
		err = wait_for_room(fd, &name, until, why);
	}
	if (!err)
		err = fy_sock_link(config, &fy_transport_unix, fd, &link, why);
	if (err)
		return err;
	fy_fd_take(&fd);
	if (name.watch)
		err = fy_sock_watch(link, why);
	if (err) {
		fy_stream_close(link);
		return err;
	}
	link->unguarded = is_abstract(&name);
	*out = link;
	return FERRY_OK;
}

/* ---- listening ---- */

/*
 * A socket of another type is told that nobody is there, or that this is not his
 * type: a listener that lives never sees a peer that comes only to ask.
 */
static bool
is_refused(const struct name *name)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	return fd >= 0 && connect_to(fd, name) < 0 && errno == ECONNREFUSED;
}

/*
 * Whether the name in use is a socket file of this user's that nobody listens
 * at: its listener has died. One that is just being started refuses for a
 * moment between bind and listen; those that take no turns are asked twice for
 * that.
 */
static bool
is_stale(const struct name *name)
{
	struct stat st;

	if (is_abstract(name) || fy_os_lstat(name->addr.sun_path, &st) < 0 ||
	    !S_ISSOCK(st.st_mode) || st.st_uid != fy_os_geteuid())
		return false;
	if (!is_refused(name))
		return false;
	(void)fy_os_poll(NULL, 0, ferry_in_ms(START_MS));
	return is_refused(name);
}

static int
bind_to(int fd, const struct name *name)
{
	return fy_os_bind(fd, (const struct sockaddr *)&name->addr,
			  name->bytes);
}

/*
 * One process at a time makes the file, from before it binds until it listens
 * or has failed: who asked in between would take the new listener for a dead
 * one, and its file away.
 */
static ferry_err
take_turn(const struct name *name, struct fy_lockfile *lock,
	  struct ferry_error *why)
{
	const char *path = name->addr.sun_path;

	if (is_abstract(name))
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
			       "cannot listen at unix:%.80s: %.80s.takeover is "
			       "in the way: remove it",
			       name->text, path);
	/* Somebody is making his, and may never come to an end of it. */
	if (errno == EAGAIN)
		errno = EADDRINUSE;
	return fy_fail_errno(why, "listen at unix:%s", name->text);
}

/* Somebody has the name, or something. */
FY_COLD static ferry_err
fail_in_use(const struct name *name, struct ferry_error *why)
{
	struct stat st;

	if (is_abstract(name) || fy_os_lstat(name->addr.sun_path, &st) < 0 ||
	    (S_ISSOCK(st.st_mode) && !is_refused(name))) {
		errno = EADDRINUSE;
		return fy_fail_errno(why, "listen at unix:%s", name->text);
	}
	(void)fy_fail(why, FERRY_ESYS,
		      S_ISSOCK(st.st_mode)
			      ? "cannot listen at unix:%s: the socket of a dead "
				"listener of uid %u is in the way: remove it, "
				"or choose another address"
			      : "cannot listen at unix:%s: what is there is no "
				"socket, and of uid %u: remove it, or choose "
				"another address",
		      name->text, st.st_uid);
	if (why)
		why->sys_errno = EADDRINUSE;
	return FERRY_ESYS;
}

static ferry_err
bind_name(int fd, const struct name *name, struct ferry_error *why)
{
	if (bind_to(fd, name) == 0)
		return FERRY_OK;
	if (errno != EADDRINUSE)
		return fy_fail_errno(why, "listen at unix:%s", name->text);
	if (is_stale(name) && fy_os_unlink(name->addr.sun_path) == 0 &&
	    bind_to(fd, name) == 0)
		return FERRY_OK;
	return fail_in_use(name, why);
}

/* Notes which file bind has made, so that no other one is ever removed. */
static ferry_err
note_file(struct unix_port *port, const struct name *name,
	  struct ferry_error *why)
{
	struct stat st;

	if (is_abstract(name))
		return FERRY_OK;
	if (fy_os_lstat(name->addr.sun_path, &st) < 0) {
		ferry_err err = fy_fail_errno(why, "look at %s",
					      name->addr.sun_path);

		/* Its own without a doubt: it has the turn. */
		(void)fy_os_unlink(name->addr.sun_path);
		return err;
	}
	(void)snprintf(port->path, sizeof(port->path), "%s",
		       name->addr.sun_path);
	port->dev = st.st_dev;
	port->ino = st.st_ino;
	port->owner = fy_os_getpid();
	return FERRY_OK;
}

static void
remove_file(const struct unix_port *port)
{
	struct stat st;

	if (port->path[0] == '\0' || port->owner != fy_os_getpid() ||
	    fy_os_lstat(port->path, &st) < 0)
		return;
	if (st.st_dev == port->dev && st.st_ino == port->ino)
		(void)fy_os_unlink(port->path);
}

static void
unix_unlisten(struct ferry_port *port)
{
	if (!port)
		return;
	/* The name goes first: nobody is to find it refusing. */
	remove_file(FY_CONTAINER(port, struct unix_port, sock.port));
	fy_sock_unlisten(port);
}

static ferry_err
start(struct unix_port *port, int fd, const struct name *name,
      struct ferry_error *why)
{
	FY_CLEANUP(fy_lockfile_give) struct fy_lockfile lock = { .fd = -1 };
	ferry_err err = take_turn(name, &lock, why);

	if (!err)
		err = bind_name(fd, name, why);
	if (err)
		return err;
	err = note_file(port, name, why);
	/* Nobody can connect before it listens, whatever the mode is. */
	if (!err && !is_abstract(name))
		err = fy_access_apply(port->path, &name->access, why);
	if (!err)
		err = fy_sock_listen(fd, name->text, why);
	if (err)
		remove_file(port);
	return err;
}

static ferry_err
unix_listen(const struct ferry_link_config *config,
	    const struct ferry_addr *addr, struct ferry_port **out,
	    struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	struct unix_port *port;
	struct name name;
	ferry_err err;

	err = resolve(addr, true, &name, why);
	/* Not as late as at the first client, who would be sent away. */
	if (!err && name.watch)
		err = fy_sock_can_watch(why);
	if (err)
		return err;
	fd = fy_os_socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fy_fail_errno(why, "make a socket");
	port = fy_zalloc(config->hooks, sizeof(*port));
	if (!port)
		return fy_fail_memory(why, sizeof(*port));
	err = start(port, fd, &name, why);
	if (err) {
		fy_free(config->hooks, port);
		return err;
	}
	fy_sock_port_init(&port->sock, &fy_transport_unix, config, addr,
			  fy_fd_take(&fd));
	port->sock.port.unguarded = is_abstract(&name);
	port->sock.watches = name.watch;
	/* Those were for this end. */
	port->sock.addr.n_options = 0;
	*out = &port->sock.port;
	return FERRY_OK;
}

const struct ferry_transport_ops fy_transport_unix = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_LOCAL |
		FERRY_CAP_IDS | FERRY_CAP_GID | FERRY_CAP_PID |
		FERRY_CAP_STREAM | FERRY_CAP_FDS | FERRY_CAP_WATCH,
	.scheme = "unix",
	.dial = unix_dial,
	.listen = unix_listen,
	FY_SOCK_PORT_OPS,
	.unlisten = unix_unlisten,
	.in_group = fy_sock_in_group,
	FY_STREAM_OPS,
	FY_STREAM_FDS_OPS,
};
