/* SPDX-License-Identifier: MIT */
/*
 * fifo:PATH, fifo:NAME (in the user's own folder): named pipes between
 * processes that need not be related. The client makes a pair of FIFOs in the
 * folder PATH.d and writes a hello that names it into the FIFO PATH; the
 * listener opens the pair, removes its names and writes a welcome into it. From
 * then on it is a pair of pipes that nobody else can find.
 *
 * Who the peer is, is who owns his FIFOs: fstat(2) tells the uid, and nobody
 * can give a file away. Their group is the folder's and says nothing of him;
 * the pid is not known.
 *
 * With ?way= it is one end of a plain named pipe: named.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/access.h"
#include "transport/body.h"
#include "transport/fifo/hello.h"
#include "transport/fifo/meeting.h"
#include "transport/fifo/named.h"
#include "transport/ops.h"
#include "transport/pipe.h"

/* How often a client makes a pair whose names are gone before it is opened. */
#define PAIRS_MOST 3

/* After so many hellos the listener looks for what dead clients left. */
#define HELLOS_PER_SWEEP 64

static const uint8_t welcome[8] = { 'F', 'Y', 'w', 'e', 'l', 'c', 'o', '1' };

struct fifo_port {
	struct ferry_port port;
	struct ferry_addr addr;
	struct fy_meeting meeting;
	struct fy_hello hello;
	uint32_t n_hellos;
};

/* ---- links ---- */

static const struct fy_byte_ops fifo_bytes = {
	.read = fy_pipe_read,
	.read_blocking = fy_pipe_read_blocking,
	.write = fy_pipe_write,
	.writev = fy_pipe_writev,
	.widen = fy_pipe_widen,
	.finish = fy_pipe_finish,
	.close = fy_pipe_close,
};

/*
 * FERRY_ENOMEM without a reason. The descriptors come later, so that nothing
 * can fail any more behind a welcome.
 */
static ferry_err
new_pipe(const struct ferry_link_config *config, struct fy_pipe **out)
{
	struct fy_pipe *pipe = fy_zalloc(config->hooks, sizeof(*pipe));

	if (!pipe)
		return FERRY_ENOMEM;
	*out = pipe;
	return FERRY_OK;
}

static struct ferry_link *
finish_link(struct fy_pipe *pipe, const struct ferry_link_config *config,
	    const int fds[2], uid_t uid)
{
	struct ferry_peer *peer = &pipe->stream.peer;

	fy_stream_init(&pipe->stream, &fy_transport_fifo, config, &fifo_bytes,
		       fds);
	pipe->own_in = true;
	peer->has_ids = true;
	peer->uid = uid;
	peer->gid = FERRY_NO_GID;
	(void)snprintf(peer->text, sizeof(peer->text),
		       "uid %u, pid unknown", uid);
	return &pipe->stream.link;
}

/* Small enough to go whole or not at all; raises no SIGPIPE. */
static ssize_t
write_whole(int fd, const void *buf, size_t bytes)
{
	size_t done = 0;

	while (done < bytes) {
		ssize_t n = fy_os_write_nosignal(fd, (const char *)buf + done,
						 bytes - done);

		if (n < 0 && (errno == EOPNOTSUPP || errno == ENOSYS))
			n = fy_os_write_masked(fd, (const char *)buf + done,
					       bytes - done);
		if (n < 0)
			return -1;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* ---- the client ---- */

/*
 * @in, @out: the ends that are the client's
 * @helper:   reads from .out until the listener does: without a reader it
 *            could not be opened
 */
struct pair {
	uint8_t id[FY_HELLO_ID];
	struct fy_meeting *meeting;
	int in;
	int out;
	int helper;
};

static void
close_pair(struct pair *pair)
{
	fy_fd_close(&pair->in);
	fy_fd_close(&pair->out);
	fy_fd_close(&pair->helper);
}

static void
remove_names(const struct pair *pair)
{
	const struct fy_hello_name name =
		fy_hello_name(pair->id, FY_HELLO_TO_LISTENER);

	fy_meeting_remove(pair->meeting, name.text);
}

FY_COLD static ferry_err
fail_gone(const struct pair *pair, struct ferry_error *why)
{
	return fy_fail(
		why, FERRY_ECONNECT,
		"cannot connect to fifo:%.80s: its listener ended before "
		"it accepted",
		pair->meeting->path);
}

FY_COLD static ferry_err
fail_pair(const struct pair *pair, struct ferry_error *why)
{
	/* Who ends removes the folder, and first what is in it. */
	if (errno == ENOENT)
		return fail_gone(pair, why);
	return fy_fail_errno(why, "make a pair of FIFOs in %.80s.d",
			     pair->meeting->path);
}

/* Makes a FIFO and opens it to read. */
static ferry_err
make_fifo(const struct pair *pair, char which, int *out,
	  struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	const struct fy_hello_name name = fy_hello_name(pair->id, which);
	const struct fy_meeting *meeting = pair->meeting;
	struct stat st;

	if (fy_os_mkfifo_at(meeting->folder, name.text, 0600) < 0)
		return fail_pair(pair, why);
	fd = fy_os_open_at(meeting->folder, name.text,
			   O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 || fy_os_fstat(fd, &st) < 0)
		return fail_pair(pair, why);
	if (!S_ISFIFO(st.st_mode) || st.st_uid != fy_os_geteuid())
		return fy_fail(why, FERRY_EACCES,
			       "a FIFO in %.80s.d was replaced as it was made",
			       meeting->path);
	/* The group is the folder's: the listener's own. */
	if (st.st_uid != meeting->uid && fy_os_fchmod(fd, 0660) < 0)
		return fail_pair(pair, why);
	if (fy_os_set_mtime(fd, meeting->stamp) < 0)
		return fail_pair(pair, why);
	*out = fy_fd_take(&fd);
	return FERRY_OK;
}

static ferry_err
open_to_write(struct pair *pair, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	const struct fy_hello_name name =
		fy_hello_name(pair->id, FY_HELLO_TO_LISTENER);
	struct stat made, opened;

	fd = fy_os_open_at(pair->meeting->folder, name.text,
			   O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 || fy_os_fstat(fd, &opened) < 0 ||
	    fy_os_fstat(pair->helper, &made) < 0)
		return fail_pair(pair, why);
	if (made.st_dev != opened.st_dev || made.st_ino != opened.st_ino)
		return fy_fail(why, FERRY_EACCES,
			       "a FIFO in %.80s.d was replaced as it was made",
			       pair->meeting->path);
	pair->out = fy_fd_take(&fd);
	return FERRY_OK;
}

static ferry_err
try_pair(struct pair *pair, struct ferry_error *why)
{
	ferry_err err;

	if (fy_os_random(pair->id, sizeof(pair->id)) < 0)
		return fy_fail_errno(why, "choose a name");
	err = make_fifo(pair, FY_HELLO_TO_LISTENER, &pair->helper, why);
	if (!err)
		err = make_fifo(pair, FY_HELLO_TO_CLIENT, &pair->in, why);
	if (!err)
		err = open_to_write(pair, why);
	return err;
}

static bool
has_listener(const struct pair *pair)
{
	struct pollfd reader = { pair->meeting->fd, 0, 0 };

	return fy_os_poll(&reader, 1, FERRY_NOW) == 0;
}

/*
 * The listener sweeps away what looks as if its client was dead; one that was
 * stopped as it made its pair makes another.
 */
static ferry_err
make_pair(struct pair *pair, struct ferry_error *why)
{
	for (int n = 1;; n++) {
		ferry_err err = try_pair(pair, why);

		if (err != FERRY_ECONNECT || n == PAIRS_MOST ||
		    !has_listener(pair))
			return err;
		remove_names(pair);
		close_pair(pair);
	}
}

FY_COLD static ferry_err
fail_late(const struct pair *pair, struct ferry_deadline until,
	  struct ferry_error *why)
{
	return fy_fail(
		why, until.ns == FERRY_NOW.ns ? FERRY_EAGAIN : FERRY_ETIMEDOUT,
		"fifo:%.80s did not accept the connection before the "
		"deadline: does its listener run?",
		pair->meeting->path);
}

static ferry_err
say_hello(const struct pair *pair, struct ferry_deadline until,
	  struct ferry_error *why)
{
	struct pollfd room = { pair->meeting->fd, POLLOUT, 0 };
	struct fy_hello hello;

	fy_hello_make(&hello, pair->id);
	while (write_whole(room.fd, hello.buf, sizeof(hello.buf)) < 0) {
		if (errno == EPIPE)
			return fail_gone(pair, why);
		if (errno != EAGAIN)
			return fy_fail_errno(why, "connect to fifo:%.80s",
					     pair->meeting->path);
		if (fy_os_poll(&room, 1, until) < 0)
			return fy_fail_errno(why, "wait for fifo:%.80s",
					     pair->meeting->path);
		if (!room.revents)
			return fail_late(pair, until, why);
	}
	return FERRY_OK;
}

/* FERRY_EAGAIN: nothing has come. */
static ferry_err
read_welcome(const struct pair *pair, size_t *have, struct ferry_error *why)
{
	uint8_t got[sizeof(welcome)];
	ssize_t n = fy_os_read(pair->in, got, sizeof(got) - *have);

	if (n < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (n < 0)
		return fy_fail_errno(why, "read the welcome of fifo:%.80s",
				     pair->meeting->path);
	if (n == 0)
		return fail_gone(pair, why);
	if (memcmp(got, welcome + *have, (size_t)n) != 0)
		return fy_fail(why, FERRY_EPROTO,
			       "what answered at fifo:%.80s is no listener of "
			       "ferry",
			       pair->meeting->path);
	*have += (size_t)n;
	return *have == sizeof(welcome) ? FERRY_OK : FERRY_EAGAIN;
}

/*
 * Until the listener opens his end there is no writer, and a read would say
 * that the end had come: only what poll says is read. The FIFO at which they
 * meet reports the error that nobody reads from it any more.
 */
static ferry_err
await_welcome(const struct pair *pair, struct ferry_deadline until,
	      struct ferry_error *why)
{
	struct pollfd fds[2] = { { pair->in, POLLIN, 0 },
				 { pair->meeting->fd, 0, 0 } };
	size_t have = 0;

	for (;;) {
		ferry_err err = FERRY_EAGAIN;
		int n = fy_os_poll(fds, 2, until);

		if (n < 0)
			return fy_fail_errno(why, "wait for fifo:%.80s",
					     pair->meeting->path);
		if (n == 0)
			return fail_late(pair, until, why);
		if (fds[0].revents)
			err = read_welcome(pair, &have, why);
		else if (fds[1].revents)
			return fail_gone(pair, why);
		if (err != FERRY_EAGAIN)
			return err;
	}
}

static ferry_err
connect_pair(struct pair *pair, const struct ferry_link_config *config,
	     struct ferry_deadline until, struct ferry_link **out,
	     struct ferry_error *why)
{
	const struct fy_meeting *meeting = pair->meeting;
	struct fy_pipe *pipe = NULL;
	ferry_err err = make_pair(pair, why);

	if (!err && new_pipe(config, &pipe))
		err = fy_fail_memory(why, sizeof(*pipe));
	if (!err)
		err = say_hello(pair, until, why);
	if (!err)
		err = await_welcome(pair, until, why);
	if (err) {
		remove_names(pair);
		fy_free(config->hooks, pipe);
		return err;
	}
	*out = finish_link(pipe, config, (const int[]){ pair->in, pair->out },
			   meeting->uid);
	(*out)->unguarded = true;
	pair->in = -1;
	pair->out = -1;
	return FERRY_OK;
}

/* Whoever does not trust its owner leaves and says nothing there. */
static ferry_err
check_owner(const struct ferry_link_config *config,
	    const struct fy_meeting *meeting, struct ferry_error *why)
{
	const struct ferry_peer owner = {
		.has_ids = true, .uid = meeting->uid, .gid = FERRY_NO_GID
	};

	return config->trusts ? config->trusts(config->trust, &owner, why)
			      : FERRY_OK;
}

static ferry_err
dial_listener(const struct ferry_link_config *config, const char *path,
	      struct ferry_deadline until, struct ferry_link **out,
	      struct ferry_error *why)
{
	FY_CLEANUP(fy_meeting_close)
	struct fy_meeting meeting = { .fd = -1, .folder = -1 };
	FY_CLEANUP(close_pair)
	struct pair pair = {
		.meeting = &meeting, .in = -1, .out = -1, .helper = -1
	};
	ferry_err err;

	memcpy(meeting.path, path, strlen(path) + 1);
	err = fy_meeting_find(&meeting, why);
	if (!err)
		err = check_owner(config, &meeting, why);
	return err ? err : connect_pair(&pair, config, until, out, why);
}

static ferry_err
refuse_way(const char *way, struct ferry_error *why)
{
	return fy_fail(why, FERRY_EADDR,
		       "fifo: ?way=%.20s: write in, to receive from a plain "
		       "named pipe, or out, to send to one",
		       way);
}

static ferry_err
fifo_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	static const char *const keys[] = { "way", NULL };
	const char *way = fy_body_option(addr, "way");
	char path[FY_MEETING_PATH];
	ferry_err err = fy_body_options_but(addr, keys, why);

	if (!err)
		err = fy_meeting_path(addr, false, path, why);
	if (err)
		return err;
	if (!way)
		return dial_listener(config, path, until, out, why);
	if (strcmp(way, "in") != 0 && strcmp(way, "out") != 0)
		return refuse_way(way, why);
	return fy_named_open(config, path, way[0] == 'i', until, out, why);
}

/* ---- the listener ---- */

static struct fifo_port *
fifo_port_of(struct ferry_port *port)
{
	return FY_CONTAINER(port, struct fifo_port, port);
}

static const struct fifo_port *
const_fifo_port_of(const struct ferry_port *port)
{
	return (const struct fifo_port *)(const void *)port;
}

static ferry_err
fifo_listen(const struct ferry_link_config *config,
	    const struct ferry_addr *addr, struct ferry_port **out,
	    struct ferry_error *why)
{
	static const char *const keys[] = { FY_ACCESS_OPTIONS, NULL };
	struct fy_access access;
	struct fifo_port *port;
	ferry_err err = FERRY_OK;

	if (fy_body_option(addr, "way"))
		return fy_fail(why, FERRY_ENOTSUP,
			       "fifo:%.80s?way= is one channel: open it, there "
			       "is nobody to listen for",
			       addr->body);
	err = fy_body_options_but(addr, keys, why);
	if (!err)
		err = fy_access_read(addr, 0600, &access, why);
	if (err)
		return err;
	port = fy_zalloc(config->hooks, sizeof(*port));
	if (!port)
		return fy_fail_memory(why, sizeof(*port));
	err = fy_meeting_path(addr, true, port->meeting.path, why);
	if (!err)
		err = fy_meeting_make(&port->meeting, &access, why);
	if (err) {
		fy_free(config->hooks, port);
		return err;
	}
	port->port.ops = &fy_transport_fifo;
	port->port.config = *config;
	port->port.counters = &port->port.own;
	port->addr = *addr;
	port->addr.n_options = 0;
	*out = &port->port;
	return FERRY_OK;
}

static void
fifo_unlisten(struct ferry_port *port)
{
	if (!port)
		return;
	fy_meeting_end(&fifo_port_of(port)->meeting);
	fy_free(port->config.hooks, port);
}

static int
fifo_port_fd(const struct ferry_port *port)
{
	return const_fifo_port_of(port)->meeting.fd;
}

static void
fifo_port_addr(const struct ferry_port *port, struct ferry_addr *out)
{
	*out = const_fifo_port_of(port)->addr;
}

/* ---- accepting ---- */

/*
 * One FIFO of a client's. FERRY_ECONNECT: he is gone, or it is not what he has
 * to make, and nothing has been written to it.
 */
static ferry_err
open_end(const struct fy_meeting *meeting, const struct fy_hello_name *name,
	 int mode, int *fd, struct stat *st)
{
	*fd = fy_os_open_at(meeting->folder, name->text,
			    mode | O_NONBLOCK | O_NOFOLLOW);
	if (*fd < 0)
		return fy_is_starved(errno) ? FERRY_ESYS : FERRY_ECONNECT;
	if (fy_os_fstat(*fd, st) < 0 || !S_ISFIFO(st->st_mode) ||
	    st->st_nlink != 1 || !fy_meeting_bears(meeting, st))
		return FERRY_ECONNECT;
	return FERRY_OK;
}

/* @fds: to read and to write; the caller's, whatever it returns. */
static ferry_err
meet(const struct fy_meeting *meeting, const uint8_t id[FY_HELLO_ID],
     int fds[2], uid_t *uid)
{
	const struct fy_hello_name in = fy_hello_name(id, FY_HELLO_TO_LISTENER);
	const struct fy_hello_name out = fy_hello_name(id, FY_HELLO_TO_CLIENT);
	struct stat st[2] = { { 0 }, { 0 } };
	ferry_err err;

	err = open_end(meeting, &in, O_RDONLY, &fds[0], &st[0]);
	/*
	 * The client reads from this one as long as he lives. Last, as he takes
	 * for the end that it is closed without a welcome.
	 */
	if (!err)
		err = open_end(meeting, &out, O_WRONLY, &fds[1], &st[1]);
	if (err == FERRY_ESYS)
		return err;
	if (!err && st[0].st_uid != st[1].st_uid)
		err = FERRY_ECONNECT;
	/* Who is refused sees that, too, as soon as it is closed. */
	if (err && fds[1] < 0)
		fds[1] = fy_os_open_at(meeting->folder, out.text,
				       O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
	fy_meeting_remove(meeting, in.text);
	if (!err && write_whole(fds[1], welcome, sizeof(welcome)) < 0)
		err = FERRY_ECONNECT;
	*uid = st[0].st_uid;
	return err;
}

/*
 * There is no descriptor or memory for who waits: his hello goes back, to be
 * found again. A FIFO without room for it is readable all the same.
 */
FY_COLD static ferry_err
put_back(struct fifo_port *port, ferry_err code, struct ferry_error *why)
{
	const int error = code == FERRY_ENOMEM ? ENOMEM : errno;

	if (write_whole(port->meeting.fd, port->hello.buf, FY_HELLO_BYTES) > 0)
		port->hello.have = 0;
	errno = error;
	return fy_fail_errno_as(why, code, "accept a client of fifo:%.80s",
				port->meeting.path);
}

/* FERRY_ECONNECT: who said hello is gone or was wrong. */
static ferry_err
accept_client(struct fifo_port *port, const uint8_t id[FY_HELLO_ID],
	      struct ferry_link **out, struct ferry_error *why)
{
	const struct ferry_link_config *config = &port->port.config;
	struct fy_pipe *pipe;
	int fds[2] = { -1, -1 };
	uid_t uid;
	ferry_err err = new_pipe(config, &pipe);

	if (err)
		return put_back(port, err, why);
	err = meet(&port->meeting, id, fds, &uid);
	if (!err) {
		*out = finish_link(pipe, config, fds, uid);
		port->hello.have = 0;
		return FERRY_OK;
	}
	if (err == FERRY_ESYS)
		err = put_back(port, err, why);
	fy_fd_close(&fds[0]);
	fy_fd_close(&fds[1]);
	fy_free(config->hooks, pipe);
	return err;
}

/* Never more than one hello, so that its FIFO shows whether there are others.
 */
static ferry_err
read_hello(struct fifo_port *port, struct ferry_error *why)
{
	struct fy_hello *hello = &port->hello;
	ssize_t n = fy_os_read(port->meeting.fd, hello->buf + hello->have,
			       FY_HELLO_BYTES - hello->have);

	if (n < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (n <= 0)
		return fy_fail_errno_as(why, FERRY_ESYS,
					"read from the FIFO %.80s",
					port->meeting.path);
	hello->have += (size_t)n;
	return FERRY_OK;
}

/* FERRY_LATER: something else was there, and has been thrown away. */
static ferry_err
next_hello(struct fifo_port *port, uint8_t id[FY_HELLO_ID],
	   struct ferry_error *why)
{
	struct fy_hello *hello = &port->hello;

	while (!fy_hello_ready(hello, id)) {
		const bool is_junk = hello->n_dropped > 0;
		ferry_err err;

		hello->n_dropped = 0;
		err = is_junk ? FERRY_LATER : read_hello(port, why);
		if (err)
			return err;
	}
	return FERRY_OK;
}

static ferry_err
fifo_accept(struct ferry_port *any_port, struct ferry_link **out,
	    struct ferry_error *why)
{
	struct fifo_port *port = fifo_port_of(any_port);
	uint8_t id[FY_HELLO_ID];
	ferry_err err = next_hello(port, id, why);

	if (!err) {
		err = accept_client(port, id, out, why);
		if (++port->n_hellos % HELLOS_PER_SWEEP == 0)
			fy_meeting_sweep(&port->meeting);
	}
	if (err == FERRY_ECONNECT)
		fy_hello_reject(&port->hello);
	else if (err != FERRY_LATER)
		return err;
	fy_count_any(&any_port->counters->failed, 1);
	return FERRY_LATER;
}

const struct ferry_transport_ops fy_transport_fifo = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LISTEN | FERRY_CAP_LOCAL |
		FERRY_CAP_IDS | FERRY_CAP_STREAM | FERRY_CAP_ONE_WAY |
		FERRY_CAP_CLAIM,
	.scheme = "fifo",
	.dial = fifo_dial,
	.listen = fifo_listen,
	.accept = fifo_accept,
	.port_fd = fifo_port_fd,
	.port_addr = fifo_port_addr,
	.unlisten = fifo_unlisten,
	FY_STREAM_OPS,
};
